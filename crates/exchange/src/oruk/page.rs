//! Lists a page at a time.

use serde_json::{Value, json};

/// Entries on a page when nobody says how many.
pub const PER_PAGE: usize = 50;
/// The most on one page.
pub const PER_PAGE_MAX: usize = 500;

/// Which page of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// The number of the page, from 1.
    pub number: usize,
    /// Entries on a page.
    pub per_page: usize,
}

impl Default for Page {
    fn default() -> Page {
        Page { number: 1, per_page: PER_PAGE }
    }
}

impl Page {
    /// How many pages a list of that many entries has. An empty list has one, which is
    /// empty.
    pub fn pages(self, total: usize) -> usize {
        total.div_ceil(self.per_page).max(1)
    }

    /// The entries of this page, out of a list in its order.
    pub fn cut<T>(self, all: &[T]) -> &[T] {
        let from = (self.number - 1).saturating_mul(self.per_page).min(all.len());
        &all[from..(from + self.per_page).min(all.len())]
    }

    /// The page as the standard writes it.
    pub fn json(self, total: usize, contents: Vec<Value>) -> Value {
        let pages = self.pages(total);
        json!({
            "total_items": total,
            "total_pages": pages,
            "page_number": self.number,
            "size": contents.len(),
            "first_page": self.number == 1,
            "last_page": self.number >= pages,
            "empty": contents.is_empty(),
            "contents": contents,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_hold_each_entry_once_and_beyond_the_last_there_is_nothing() {
        let all: Vec<u32> = (0..7).collect();
        let page = |number| Page { number, per_page: 3 };
        let cut: Vec<u32> = (1..=3).flat_map(|n| page(n).cut(&all).to_vec()).collect();
        assert_eq!(cut, all);
        assert!(page(4).cut(&all).is_empty());
        let beyond = page(4).json(7, Vec::new());
        assert_eq!((beyond["last_page"].as_bool(), beyond["empty"].as_bool()), (Some(true), Some(true)));
        assert_eq!(page(1).json(0, Vec::new())["total_pages"], 1);
    }
}

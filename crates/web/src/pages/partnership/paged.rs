//! Lists that come page by page: a large place has more lines than fit on one page.

use serde::Serialize;
use std::collections::BTreeMap;

/// Lines of one list on a page.
pub(super) const LINES: usize = 25;

/// A list of a page: where it stands and what it is of.
pub(super) struct List {
    /// The page's address.
    pub path: &'static str,
    /// Its name in the query.
    pub name: &'static str,
    /// The heading above it.
    pub at: &'static str,
    /// What stands in it, in the plural.
    pub what: &'static str,
    /// What else is to be said of a part of it, with a space before. Often nothing.
    pub more: &'static str,
}

/// Which lines stand on this page, and the ways to the others.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Paged {
    words: Option<String>,
    before: Option<String>,
    next: Option<String>,
}

impl List {
    /// The page with this number, from 1, of so many lines; and the first line on it.
    pub(super) fn page(&self, number: usize, lines: usize) -> (usize, Paged) {
        let pages = lines.div_ceil(LINES).max(1);
        let number = number.clamp(1, pages);
        let first = (number - 1) * LINES;
        if pages == 1 {
            return (0, Paged::default());
        }
        let to = |page: usize| format!("{}?{}={page}#{}", self.path, self.name, self.at);
        let last = (first + LINES).min(lines);
        let words = Some(format!("{} {} to {last} of {lines}.{}", self.what, first + 1, self.more));
        let before = (number > 1).then(|| to(number - 1));
        (first, Paged { words, before, next: (number < pages).then(|| to(number + 1)) })
    }

    /// The number of the page that is asked for, from 1.
    pub(super) fn number(&self, query: &BTreeMap<String, String>) -> usize {
        query.get(self.name).and_then(|n| n.parse().ok()).unwrap_or(1)
    }

    /// Those of the lines that stand on the page that is asked for, and the ways to the others.
    pub(super) fn of<'a, T>(&self, query: &BTreeMap<String, String>, lines: &'a [T]) -> (&'a [T], Paged) {
        let (first, paged) = self.page(self.number(query), lines.len());
        (&lines[first..(first + LINES).min(lines.len())], paged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: List =
        List { path: "/here", name: "places", at: "unmet", what: "Neighbourhoods", more: " That is all." };

    #[test]
    fn lines_stand_on_as_many_pages_as_they_need() {
        let page = |number, lines| {
            let (first, paged) = PLACES.page(number, lines);
            (first, paged.before.is_some(), paged.next.is_some())
        };
        assert_eq!((page(1, 0), page(1, 25)), ((0, false, false), (0, false, false)));
        assert_eq!(page(1, 26), (0, false, true));
        assert_eq!(page(2, 26), (25, true, false));
        assert_eq!((page(0, 60), page(9, 60)), ((0, false, true), (50, true, false)), "never beyond them");
        let second = PLACES.page(2, 60).1;
        assert_eq!(second.words.unwrap(), "Neighbourhoods 26 to 50 of 60. That is all.");
        assert_eq!(second.next.unwrap(), "/here?places=3#unmet");
        let query = |text: &str| BTreeMap::from([("places".to_owned(), text.to_owned())]);
        let all: Vec<usize> = (0..60).collect();
        assert_eq!(PLACES.of(&query("2"), &all).0, &all[25..50]);
        assert_eq!(PLACES.of(&query("no number"), &all).0, &all[..25]);
        assert!(PLACES.of::<usize>(&query("3"), &[]).0.is_empty());
    }
}

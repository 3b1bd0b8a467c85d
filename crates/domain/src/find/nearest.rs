//! The plain question of other directories: every word, one need, within so many metres, the nearest first.
//! No score and no reasons; what a feed's filters ask, and what other engines can answer too.

use super::Index;
use super::index::Posting;
use super::text;
use crate::directory::NeedCode;
use crate::place::Point;
use std::cmp::Ordering;

impl Index {
    /// The nearest entries that have every one of these words and state this need, with their distance in
    /// metres: at most `most`, none further than `within_m`. What has no place is not among them. The
    /// places are for [`Index::at`].
    ///
    /// ```
    /// use kith_domain::find::Index;
    /// use kith_domain::place::Point;
    /// let here = Point::new(53.42, -2.32).expect("a point in England");
    /// assert!(Index::default().nearest("debt advice", None, here, 5_000.0, 20).is_empty());
    /// ```
    pub fn nearest(
        &self,
        words: &str,
        need: Option<&NeedCode>,
        from: Point,
        within_m: f64,
        most: usize,
    ) -> Vec<(usize, f64)> {
        let asked = text::every_word(words);
        let mut lists: Vec<&[Posting]> = asked.iter().map(|word| self.having(word)).collect();
        lists.sort_by_key(|list| list.len());
        let stating = need.map(|need| self.stating(need));
        let has_rest = |place: u32| {
            lists.iter().skip(1).all(|list| list.binary_search_by_key(&place, |(p, _)| *p).is_ok())
        };
        let states = |place: u32| stating.is_none_or(|list| list.binary_search(&place).is_ok());
        // A degree of a great circle is 111,195 metres at the radius that is used.
        let too_far_north = within_m / 111_190.0 + 1e-6;
        let near = |place: u32| {
            let metres = self.metres(place, from, too_far_north)?;
            (metres <= within_m).then_some((place as usize, metres))
        };
        let mut found: Vec<(usize, f64)> = match (lists.first(), stating) {
            // Whichever list is shorter is gone through; the others are only looked up in.
            (Some(first), Some(list)) if list.len() < first.len() => {
                let has = |place: &u32| lists[0].binary_search_by_key(place, |(p, _)| *p).is_ok();
                let all = list.iter().copied().filter(|p| has(p) && has_rest(*p));
                all.filter_map(near).collect()
            }
            (Some(first), _) => {
                let all = first.iter().map(|(place, _)| *place).filter(|p| states(*p) && has_rest(*p));
                all.filter_map(near).collect()
            }
            (None, Some(list)) => list.iter().copied().filter_map(near).collect(),
            (None, None) => self.places().filter_map(near).collect(),
        };
        let order = |a: &(usize, f64), b: &(usize, f64)| -> Ordering {
            a.1.total_cmp(&b.1).then_with(|| self.id_at(a.0).cmp(&self.id_at(b.0)))
        };
        if most == 0 {
            return Vec::new();
        }
        if found.len() > most {
            found.select_nth_unstable_by(most - 1, order);
            found.truncate(most);
        }
        found.sort_by(order);
        found
    }
}

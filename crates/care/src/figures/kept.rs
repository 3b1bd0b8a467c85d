//! What was last counted, for places in which counting takes longer than a page may.

use super::Counts;
use crate::error::CareError;
use crate::kith::Kith;
use kith_domain::time::Instant;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A place of no more people is counted for each page.
const SMALL: u64 = 2_000;
/// Seconds after which a page does not show the count of a larger place. The program
/// counts again each hour, so that no page waits for it.
const OLD_SECONDS: i64 = 2 * 60 * 60;

/// The last count. Whoever counts holds it, and who comes meanwhile waits for that count
/// instead of beginning another.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<Arc<Counts>>>);

impl Kith {
    /// The counts for a page.
    pub(super) async fn counts(&self, now: Instant) -> Result<Arc<Counts>, CareError> {
        let mut kept = self.counted().0.lock().await;
        if let Some(counts) = kept.as_ref().filter(|counts| still_good(counts, now)) {
            return Ok(counts.clone());
        }
        let counts = Arc::new(self.count_everybody(now).await?);
        *kept = Some(counts.clone());
        Ok(counts)
    }

    /// Counts ahead of the pages that ask.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn count_ahead(&self, now: Instant) -> Result<(), CareError> {
        let counts = Arc::new(self.count_everybody(now).await?);
        *self.counted().0.lock().await = Some(counts);
        Ok(())
    }
}

fn still_good(counts: &Counts, now: Instant) -> bool {
    let age = now.seconds_since(counts.at);
    counts.checked.people > SMALL && (0..OLD_SECONDS).contains(&age)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::holding::check::Checked;

    #[test]
    fn the_count_of_a_large_place_is_kept_for_a_while_and_a_small_one_is_counted_each_time() {
        let at = Instant(1_795_424_400_000_000);
        let of =
            |people| Counts { at, checked: Checked { people, ..Checked::default() }, ..Counts::default() };
        assert!(still_good(&of(50_000), at.plus_seconds(7_199)));
        assert!(!still_good(&of(50_000), at.plus_seconds(7_200)));
        assert!(!still_good(&of(50_000), at.plus_seconds(-1)), "counted in the future, by a clock set back");
        assert!(!still_good(&of(2_000), at));
    }
}

//! Wrong tries make the next try wait, longer each time, and nothing ever locks an account.
//!
//! What is slowed is the browser that tried, never the account: a browser on which somebody
//! signed in before has waits of its own, so that strangers who try their name, from the
//! same office even, cannot keep them out. Other browsers wait by account and address
//! together, and by address alone for tries over many names. A name that nobody has is
//! slowed as one that somebody has.
//!
//! Asking costs a row in the database before anybody has shown who they are, so it is bounded too:
//! so many questions from one line or one known browser, and so many that wait in all. When there
//! are more, the oldest are forgotten; nobody is refused because of others far away.

use super::session::{Visitor, hash_of};
use crate::error::CareError;
use crate::kith::Kith;
use kith_domain::time::Instant;
use kith_store::WriteTx;
use kith_store::slowed::SlowedRow;
use std::net::IpAddr;

/// Wrong tries for one account before waiting begins.
const FREE: i64 = 5;
/// Wrong tries from one address, over all names, before waiting begins: an office shares one.
const FREE_ADDRESS: i64 = 30;
/// The longest wait of a browser that is known, in seconds.
const LONGEST_KNOWN: i64 = 60;
/// The longest wait of any other, in seconds.
const LONGEST: i64 = 15 * 60;
/// Seconds without a try after which counting begins anew.
const FORGET: i64 = 60 * 60;
/// Questions that one line, or one known browser, may have within [`ASKED_IN`]: an office shares a line.
pub(super) const ASKS: i64 = 60;
/// Seconds in which questions are counted together.
pub(super) const ASKED_IN: i64 = 5 * 60;
/// Questions of one kind that wait for their answers at once, of everybody together.
const WAITING_MOST: i64 = 10_000;

/// One count that a try belongs to.
struct Count {
    key: [u8; 32],
    free: i64,
    longest: i64,
}

/// The wait after this many wrong tries in a row, in seconds.
fn wait_of(tries: i64, free: i64, longest: i64) -> i64 {
    match tries - free {
        over if over < 0 => 0,
        over => (1i64 << over.min(20)).min(longest),
    }
}

/// Neighbours of one connection count as one: an IPv6 line has a whole /64 to try from.
fn line_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
            || v6.segments()[..4].iter().map(|s| format!("{s:x}:")).collect(),
            |v4| v4.to_string(),
        ),
    }
}

/// The counts of one try, worked out before anything else is known of it.
pub(super) struct Trying {
    known: bool,
    counts: Vec<Count>,
}

/// How long to wait, in words.
fn wait_words(seconds: i64) -> String {
    match seconds {
        1 => "Wait 1 second, then try again.".into(),
        more => format!("Wait {more} seconds, then try again."),
    }
}

impl Kith {
    /// The counts that a try for `name` belongs to, after asking whether it must wait.
    ///
    /// # Errors
    /// It must wait; in words, the same for every name.
    pub(super) async fn may_try(
        &self,
        name: &str,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<Trying, CareError> {
        let mut tx = self.store().read().await?;
        let device = visitor.device.as_deref().map(hash_of);
        let known = match &device {
            Some(device) => tx.is_known_device(device, name).await?,
            None => false,
        };
        let counts = counts(name, visitor, device.filter(|_| known));
        let mut until = now.0;
        for count in &counts {
            until = until.max(tx.find_slowed(&count.key).await?.map_or(0, |row| row.until));
        }
        if now.0 < until {
            let seconds = (until - now.0) / Instant::SECOND + 1;
            tracing::info!(known_browser = known, seconds, "a try to sign in has to wait");
            return Err(CareError::refused(wait_words(seconds)));
        }
        Ok(Trying { known, counts })
    }

    /// Counts a question of somebody who has not signed in, in the change that keeps it, and
    /// keeps those that wait within their bound.
    ///
    /// # Errors
    /// This line, or this browser, has asked so often that it must wait; in words.
    pub(super) async fn count_question(
        &self,
        tx: &mut WriteTx,
        kind: &str,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<(), CareError> {
        tx.clear_waiting_beyond(kind, WAITING_MOST).await?;
        let device = visitor.device.as_deref().map(hash_of);
        let known = match &device {
            Some(device) => tx.is_anybodys_device(device).await?,
            None => false,
        };
        // Strangers on the same line never use up the questions of a browser that is known.
        let key = match (device.filter(|_| known), visitor.address.map(line_of)) {
            (Some(device), _) => hash_of(&format!("asks known {}", hex_of(&device))),
            (None, Some(line)) => hash_of(&format!("asks line {line}")),
            // Whose line it is, is not known: the bound for all of them has to do.
            (None, None) => return Ok(()),
        };
        let before = tx.find_slowed(&key).await?.filter(|row| now.0 < row.until);
        let row = SlowedRow {
            tries: before.as_ref().map_or(0, |row| row.tries) + 1,
            last: now.0,
            until: before.map_or(now.plus_seconds(ASKED_IN).0, |row| row.until),
        };
        if row.tries > ASKS {
            let seconds = (row.until - now.0) / Instant::SECOND + 1;
            return Err(CareError::refused(wait_words(seconds)));
        }
        tx.save_slowed(&key, row).await?;
        Ok(tx.clear_slowed_before(now.plus_days(-1)).await?)
    }

    /// A try was wrong.
    pub(super) async fn was_wrong(&self, trying: &Trying, now: Instant) -> Result<(), CareError> {
        // Never whose: a name that was typed may be a password in the wrong field.
        tracing::info!(known_browser = trying.known, "a try to sign in was wrong");
        let mut tx = self.store().write().await?;
        for count in &trying.counts {
            let before = tx.find_slowed(&count.key).await?;
            let fresh = before.filter(|row| now.seconds_since(Instant(row.last)) < FORGET);
            let tries = fresh.map_or(0, |row| row.tries) + 1;
            let until = now.plus_seconds(wait_of(tries, count.free, count.longest)).0;
            tx.save_slowed(&count.key, SlowedRow { tries, last: now.0, until }).await?;
        }
        tx.clear_slowed_before(now.plus_days(-1)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A try was right: its own count begins anew, and the browser is known from now on.
    /// The count of its address stays: whoever has an account of their own gains nothing.
    pub(super) async fn was_right(
        &self,
        trying: &Trying,
        (name, visitor): (&str, &Visitor),
        now: Instant,
    ) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        if let Some(own) = trying.counts.first() {
            tx.clear_slowed(&own.key).await?;
        }
        if let Some(device) = visitor.device.as_deref().filter(|_| !visitor.shared || trying.known) {
            tx.record_device(&hash_of(device), name, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn counts(name: &str, visitor: &Visitor, known: Option<[u8; 32]>) -> Vec<Count> {
    if let Some(device) = known {
        let key = hash_of(&format!("known {} {name}", hex_of(&device)));
        return vec![Count { key, free: FREE, longest: LONGEST_KNOWN }];
    }
    // Where no address is known everybody shares one count: it waits no longer than a known one.
    let Some(line) = visitor.address.map(line_of) else {
        let key = hash_of(&format!("name {name}"));
        return vec![Count { key, free: FREE, longest: LONGEST_KNOWN }];
    };
    let own = Count { key: hash_of(&format!("name {line} {name}")), free: FREE, longest: LONGEST };
    let all = Count { key: hash_of(&format!("line {line}")), free: FREE_ADDRESS, longest: LONGEST };
    vec![own, all]
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<i64> = (1..=20).map(|tries| wait_of(tries, FREE, LONGEST)).collect();
        assert_eq!(waits[..8], [0, 0, 0, 0, 1, 2, 4, 8]);
        assert!(waits.is_sorted() && waits.last() == Some(&LONGEST));
    }

    #[test]
    fn one_line_is_one_address() {
        let line = |text: &str| line_of(text.parse().unwrap());
        assert_eq!(line("2001:db8:1:2:3::4"), line("2001:db8:1:2:ffff::9"));
        assert_ne!(line("2001:db8:1:2::4"), line("2001:db8:1:3::4"));
        assert_eq!(line("::ffff:192.0.2.1"), line("192.0.2.1"));
    }
}

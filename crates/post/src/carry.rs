//! One round: everything that is due is taken, carried, and written down.

use crate::letter::Sender;
use crate::way::Way;
use kith_care::telling_outside::leaving::{Carrier, Took};
use kith_care::{CareError, Kith};
use kith_domain::time::Instant;

/// Messages in one round, so that a round ends and others get their turn.
const ROUND: usize = 500;

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Messages that left.
    pub left: u64,
    /// Messages that were not taken this time, or for good.
    pub kept: u64,
    /// The way was closed: nothing was tried.
    pub stuck: bool,
    /// Another server carries.
    pub elsewhere: bool,
}

/// Carries everything that is due. `clock` gives the moment of each step.
///
/// # Errors
/// The database could not do it. What was carried meanwhile may be carried once more.
pub async fn carry_all(
    kith: &Kith,
    way: &Way,
    sender: &Sender,
    carrier: &Carrier,
    clock: impl Fn() -> Instant,
) -> Result<Carried, CareError> {
    let mut done = Carried::default();
    if !kith.letters_due(clock()).await? {
        // Nothing to carry: a server is not bothered, and a folder costs nothing to look at.
        kith.carrying(way.sort(), None, clock()).await?;
        return Ok(done);
    }
    if let Err(stuck) = way.open().await {
        tracing::warn!(%stuck, "messages do not leave");
        kith.carrying(way.sort(), Some(&stuck.0), clock()).await?;
        return Ok(Carried { stuck: true, ..done });
    }
    kith.carrying(way.sort(), None, clock()).await?;
    for _ in 0..ROUND {
        let letter = match kith.take_letter(carrier, clock()).await? {
            Took::Letter(letter) => letter,
            Took::Nothing => break,
            Took::Elsewhere => return Ok(Carried { elsewhere: true, ..done }),
        };
        match way.carry(&letter, sender).await {
            Ok(()) => {
                kith.letter_left(&letter, clock()).await?;
                done.left += 1;
            }
            Err(trouble) => {
                kith.letter_kept(&letter, &trouble, clock()).await?;
                done.kept += 1;
            }
        }
    }
    Ok(done)
}

//! How the messages stand, for the partnership's manager: do they leave, how many wait,
//! which were given up. Never what one says, and never the address of anybody who is not
//! at work.

use super::again::Guard;
use super::leaving::{MailWay, Seen};
use crate::change::loose::BegunLoose;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::time::Instant;
use kith_store::Tx;
use kith_store::outbox::OutboxRow;
use kith_store::setting::MAIL;
use uuid::Uuid;

/// Minutes without a sign after which nobody carries messages.
const SILENT_MINUTES: i64 = 30;
/// Messages on one page.
const MOST: u32 = 25;

/// Do messages leave?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Yes.
    Yes,
    /// Into a folder, from which somebody has to carry them.
    IntoFolder,
    /// They do not: why, and since when.
    Stuck(String, Instant),
    /// Nobody carries them: no way was given to the program.
    Nobody,
}

/// How the messages stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailStanding {
    /// Do they leave?
    pub leaving: Leaving,
    /// How many wait.
    pub waiting: u64,
    /// Since when the oldest of them waits.
    pub oldest: Option<Instant>,
    /// How many were given up.
    pub dead: u64,
}

/// A message that was given up.
#[derive(Clone, Debug)]
pub struct DeadMessage {
    /// Which.
    pub id: Uuid,
    /// What it is, in words.
    pub what: &'static str,
    /// To whom: an address of work, or in words.
    pub to: String,
    /// When it was put into the outbox.
    pub put_at: Instant,
    /// When it was given up.
    pub given_up_at: Instant,
    /// Why.
    pub why: String,
}

/// What the manager does about a message that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadAct {
    /// It is tried again from the start.
    TryAgain,
    /// It is never sent.
    Drop,
}

impl Kith {
    /// How the messages stand in this snapshot.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn mail_standing(&self, tx: &mut Tx, now: Instant) -> Result<MailStanding, CareError> {
        let seen = tx.find_setting(MAIL).await?.and_then(|text| serde_json::from_str::<Seen>(&text).ok());
        let count = tx.count_outbox().await?;
        Ok(MailStanding {
            leaving: leaving(seen, now),
            waiting: count.waiting.unsigned_abs(),
            oldest: count.oldest.map(Instant),
            dead: count.dead.unsigned_abs(),
        })
    }

    /// The messages that were given up, the newest first, and how they all stand.
    ///
    /// # Errors
    /// This actor does not look after them.
    pub async fn dead_messages(
        &self,
        who: &Principal,
    ) -> Result<(MailStanding, Vec<DeadMessage>), CareError> {
        let mut look = self.look(who).await?;
        let permitted = look.place(Action::Administer);
        let result = match permitted {
            Err(no) => Err(no),
            Ok(()) => {
                let standing = self.mail_standing(&mut look.tx, who.now).await?;
                let rows = look.tx.list_dead_messages(MOST).await?;
                Ok((standing, rows.iter().map(dead).collect()))
            }
        };
        look.finish_with(result).await
    }

    /// Tries a message again that was given up, or drops it.
    ///
    /// # Errors
    /// This actor does not look after them, or it is not one of those.
    pub async fn decide_dead_message(
        &self,
        who: &Principal,
        id: Uuid,
        act: DeadAct,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let net = who.partnership.place.value.net_organisation;
        let mut change = match self.change_beside(who, net, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        change.permit_place(Action::Administer)?;
        match act {
            DeadAct::TryAgain if change.tx.revive_message(id, who.now).await? => {}
            DeadAct::TryAgain => return Err(CareError::Missing),
            DeadAct::Drop => change.tx.stop_message(id, "the manager dropped it").await?,
        }
        change.finish("/partnership/messages").await
    }

    /// Tries every message again that was given up: after the mail server had turned all
    /// of them away, for example.
    ///
    /// # Errors
    /// This actor does not look after them.
    pub async fn try_dead_messages_again(
        &self,
        who: &Principal,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let net = who.partnership.place.value.net_organisation;
        let mut change = match self.change_beside(who, net, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        change.permit_place(Action::Administer)?;
        change.tx.revive_messages(who.now).await?;
        change.finish("/partnership/messages").await
    }
}

fn leaving(seen: Option<Seen>, now: Instant) -> Leaving {
    match seen {
        Some(s) if now.seconds_since(s.at) > SILENT_MINUTES * 60 => Leaving::Nobody,
        None => Leaving::Nobody,
        Some(Seen { trouble: Some(why), trouble_since, at, .. }) => {
            Leaving::Stuck(why, trouble_since.unwrap_or(at))
        }
        Some(Seen { way: MailWay::Folder, .. }) => Leaving::IntoFolder,
        Some(_) => Leaving::Yes,
    }
}

fn dead(row: &OutboxRow) -> DeadMessage {
    let (what, to) = match Guard::of(row) {
        Some(Guard::Link { .. }) => ("A link for a team", row.address.clone()),
        Some(Guard::Reminder { .. }) => ("A reminder for a worker", row.address.clone()),
        Some(Guard::Invitation { .. }) => ("An invitation", row.address.clone()),
        Some(Guard::Listing { .. }) => ("A question about the directory", row.address.clone()),
        Some(Guard::Outside { .. }) => {
            ("A message back", "a GP practice, or whoever introduced somebody".to_owned())
        }
        Some(Guard::Themselves { .. } | Guard::Asker) => {
            ("An answer", "somebody who asked for help".to_owned())
        }
        None => ("A message", "not known".to_owned()),
    };
    DeadMessage {
        id: row.id,
        what,
        to,
        put_at: Instant(row.at),
        given_up_at: Instant(row.dead.unwrap_or(row.at)),
        why: row.trouble.clone().unwrap_or_else(|| "Not known".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_means_that_nobody_carries() {
        let now = Instant(0).plus_days(1);
        let seen = |minutes: i64, trouble: Option<&str>| Seen {
            at: now.plus_seconds(-minutes * 60),
            way: MailWay::Server,
            trouble: trouble.map(str::to_owned),
            trouble_since: None,
        };
        assert_eq!(leaving(None, now), Leaving::Nobody);
        assert_eq!(leaving(Some(seen(5, None)), now), Leaving::Yes);
        assert_eq!(leaving(Some(seen(31, None)), now), Leaving::Nobody);
        assert!(matches!(leaving(Some(seen(1, Some("It is shut"))), now), Leaving::Stuck(..)));
        let folder = Seen { way: MailWay::Folder, ..seen(1, None) };
        assert_eq!(leaving(Some(folder), now), Leaving::IntoFolder);
    }
}

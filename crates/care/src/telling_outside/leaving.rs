//! Messages leave: one is taken out of the outbox, and what became of it is written down.
//! Whoever carries it (a mail server, a folder) is no business of this crate.
//!
//! A lease by the database's clock lets one server at a time carry; its fence is kept with
//! each message that is taken. A message is taken in a transaction of its own, in which the
//! person's head row is locked and [`super::again`] asks whether it may still leave. When
//! the server dies between taking and writing down, the next one takes it again: a message
//! may arrive twice, with the same Message-ID, and never not at all.

use super::again::{Verdict, may_leave};
use super::with_site;
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use kith_domain::leaving::{AfterTrouble, after_trouble};
use kith_domain::time::Instant;
use kith_store::chain::ChainKind;
use kith_store::outbox::OutboxRow;
use kith_store::setting::MAIL;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Seconds for which a server holds the lease without taking another message. Longer than
/// any one message may take to be sent.
pub const LEASE_SECONDS: i64 = 180;
/// The name of the lease.
const LEASE: &str = "mail";
/// Messages that may not leave and are passed over in one go.
const PASSED: usize = 200;
/// Seconds after which it is written down again that somebody carries messages.
const SEEN_GRAIN: i64 = 300;

/// A server that carries messages.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// This process.
    pub holder: Uuid,
    /// The address that people type, for the links in messages.
    pub public_url: String,
}

/// A message that was taken, ready to be carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id, the same at each try: the Message-ID is made of it.
    pub id: Uuid,
    /// When it was written.
    pub written_at: Instant,
    /// Where to.
    pub to: String,
    /// Its subject line.
    pub subject: String,
    /// Its text, with the address of the site in it.
    pub body: String,
    /// How often it was tried, this time included.
    pub tries: u32,
    /// The fence under which it was taken.
    pub fence: i64,
}

/// What taking came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Took {
    /// This message is to be carried now.
    Letter(Box<Letter>),
    /// Nothing is due.
    Nothing,
    /// Another server carries.
    Elsewhere,
}

/// Why a message could not be carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// This one, this time. In words for a manager; nothing of the message.
    ThisTime(String),
    /// This one, for good: its address does not exist.
    ForGood(String),
}

/// By which way messages leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailWay {
    /// A mail server.
    Server,
    /// A folder, from which somebody carries them.
    Folder,
}

/// That messages were last looked through, as it is kept in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub at: Instant,
    pub way: MailWay,
    pub trouble: Option<String>,
    pub trouble_since: Option<Instant>,
}

impl Kith {
    /// Is a message due? Cheap: asked again and again while nothing is.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn letters_due(&self, now: Instant) -> Result<bool, CareError> {
        let mut tx = self.store().read().await?;
        Ok(tx.find_due_message(now).await?.is_some())
    }

    /// Takes the next message that may leave. What may not leave any more is stopped on
    /// the way, what may not leave at this hour waits.
    ///
    /// # Errors
    /// The database could not do it: nothing was taken.
    pub async fn take_letter(&self, carrier: &Carrier, now: Instant) -> Result<Took, CareError> {
        for _ in 0..PASSED {
            let mut tx = self.store().write().await?;
            let Some(lease) = tx.take_lease(LEASE, carrier.holder, LEASE_SECONDS).await? else {
                return Ok(Took::Elsewhere);
            };
            let Some(row) = tx.find_due_message(now).await? else {
                return Ok(Took::Nothing);
            };
            if let Some(person) = row.person {
                tx.lock(ChainKind::Person, &[person]).await?;
            }
            let verdict = may_leave(self, &mut tx, &row, now).await?;
            let taken = match &verdict {
                Verdict::Leave => tx.take_message(row.id, lease.fence).await?,
                Verdict::NotBefore(later) => {
                    tx.postpone_message(row.id, *later).await?;
                    false
                }
                Verdict::Stop(why) => {
                    tx.stop_message(row.id, why).await?;
                    false
                }
            };
            tx.commit().await?;
            if taken {
                return Ok(Took::Letter(Box::new(letter(&row, lease.fence, &carrier.public_url))));
            }
        }
        Ok(Took::Nothing)
    }

    /// A message has left. Its text is erased.
    ///
    /// # Errors
    /// It could not be written down: the message will be carried once more.
    pub async fn letter_left(&self, letter: &Letter, now: Instant) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        tx.record_sent(letter.id, now).await?;
        Ok(tx.commit().await?)
    }

    /// A message could not be carried: it waits longer each time, and is given up in the
    /// end and shown to the manager.
    ///
    /// # Errors
    /// It could not be written down.
    pub async fn letter_kept(
        &self,
        letter: &Letter,
        trouble: &Trouble,
        now: Instant,
    ) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        match (trouble, after_trouble(letter.tries, now)) {
            (Trouble::ThisTime(why), AfterTrouble::Again(next)) => {
                tx.record_trouble(letter.id, letter.fence, next, why).await?;
            }
            (Trouble::ThisTime(why) | Trouble::ForGood(why), _) => {
                tx.record_dead(letter.id, letter.fence, now, why).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Writes down that somebody carries messages, and whether the way is open. Not at
    /// each look: when something changed, or a few minutes have passed.
    ///
    /// # Errors
    /// It could not be written down.
    pub async fn carrying(&self, way: MailWay, trouble: Option<&str>, now: Instant) -> Result<(), CareError> {
        let mut read = self.store().read().await?;
        let before = read.find_setting(MAIL).await?.and_then(|text| serde_json::from_str::<Seen>(&text).ok());
        drop(read);
        let same = |b: &Seen| b.way == way && b.trouble.as_deref() == trouble;
        if before.as_ref().is_some_and(|b| same(b) && now.seconds_since(b.at) < SEEN_GRAIN) {
            return Ok(());
        }
        let since = before.and_then(|b| b.trouble_since).unwrap_or(now);
        let seen = Seen {
            at: now,
            way,
            trouble: trouble.map(str::to_owned),
            trouble_since: trouble.is_some().then_some(since),
        };
        let text = serde_json::to_string(&seen).map_err(|e| Fault::Broken(format!("mail: {e}")))?;
        let mut tx = self.store().write().await?;
        tx.save_setting(MAIL, &text).await?;
        Ok(tx.commit().await?)
    }
}

fn letter(row: &OutboxRow, fence: i64, public_url: &str) -> Letter {
    Letter {
        id: row.id,
        written_at: Instant(row.at),
        to: row.address.clone(),
        subject: row.subject.clone(),
        body: with_site(&row.body, public_url),
        tries: u32::try_from(row.tries + 1).unwrap_or(u32::MAX),
        fence,
    }
}

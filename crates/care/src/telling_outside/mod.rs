//! Words to organisations that have no account: put into the outbox, cleared by the one
//! guard of everything that leaves, and saying nothing.
//!
//! A message says that there is something to look at and where. It names no person, no
//! service and not even Kith. Its text holds [`SITE`] where the address of the site
//! belongs: only the program that sends knows that address ([`with_site`]).
//!
//! [`leaving`] takes messages out again, [`again`] asks once more whether each may leave,
//! [`back`] makes the message back when a loop closes, and [`standing`] shows the manager
//! whether they leave at all.

pub(crate) mod again;
pub(crate) mod back;
pub mod leaving;
pub mod standing;

use crate::error::CareError;
use crate::kith::Kith;
use again::{Guard, hex_of};
use kith_access::{Action, Actor, Batch, PersonWorld, Standing};
use kith_domain::id::{OrganisationId, PersonId, ReferralId};
use kith_domain::may_send::{Content, MayLeave, NotSafe, Outgoing, To, may_send};
use kith_domain::next_date::words_of;
use kith_domain::organisation::Team;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::settings::Settings;
use kith_domain::time::{Day, Instant};
use kith_store::outbox::NewMessage;
use kith_store::{Tx, WriteTx};
use uuid::Uuid;

/// What stands in a stored message for the address of the site.
pub const SITE: &str = "{site}";

/// The text of a stored message with the address of the site in it.
pub fn with_site(body: &str, public_url: &str) -> String {
    body.replace(SITE, public_url.trim_end_matches('/'))
}

/// A link that is to reach a team without an account.
pub(crate) struct LinkMessage<'a> {
    /// About whom; never in the text.
    pub person: PersonId,
    /// For which referral.
    pub referral: ReferralId,
    /// To whom.
    pub organisation: OrganisationId,
    /// The team, whose address it goes to.
    pub team: &'a Team,
    /// The secret of the link.
    pub link: &'a str,
    /// The last day it works.
    pub until: Day,
    /// For a reminder: the day to answer.
    pub reply_by: Option<Day>,
}

/// Opens a person's record as the program itself, to ask whether something may leave or
/// whether a rule holds. Nothing of it is handed on to a page.
pub(crate) async fn person_as_job(
    kith: &Kith,
    tx: &mut Tx,
    world: &PersonWorld,
    person: PersonId,
    now: Instant,
) -> Result<Saved<Person>, CareError> {
    let (actor, standing) = (Actor::job(now), Standing::default());
    let mut batch = Batch::new(kith.decider(), &actor, &standing, now);
    let ask = batch.ask(Action::Tell);
    let guarded = tx.find::<Person>(person).await?.ok_or(CareError::Missing)?;
    batch.open(world, guarded, &ask).map(|(value, _)| value).map_err(|denial| crate::look::refusal(&denial))
}

/// Puts the message into the outbox, in the transaction of the change that needs it, if
/// it may leave at all.
///
/// # Errors
/// The database could not do it. That it may not leave is an answer, not an error.
pub(crate) async fn put_link(
    kith: &Kith,
    tx: &mut WriteTx,
    world: &PersonWorld,
    settings: &Settings,
    m: LinkMessage<'_>,
    now: Instant,
) -> Result<Result<(), NotSafe>, CareError> {
    let person = person_as_job(kith, tx, world, m.person, now).await?;
    let what = Outgoing::new(To::Organisation(m.organisation), Content::Free, now);
    let cleared = match may_send(&person.value, &what, kith.calendar(), settings) {
        Ok(cleared) => cleared,
        Err(no) => return Ok(Err(no)),
    };
    let Some(address) = m.team.email.clone().filter(|a| !a.trim().is_empty()) else { return Ok(Ok(())) };
    let wanted = match m.reply_by {
        Some(day) => {
            format!("There is still a message for your team. It waits for your answer by {}.", words_of(day))
        }
        None => "There is a message for your team.".to_owned(),
    };
    let body = format!(
        "Hello,\n\n{wanted} Open it here:\n{SITE}/link/{}\n\n\
         You also need a code. We tell you the code by phone.\n\
         The link works until {}.\n\nPlease do not answer this email.\n",
        m.link,
        words_of(m.until)
    );
    let row = NewMessage {
        id: Uuid::now_v7(),
        at: cleared.at().0,
        person: Some(m.person.0),
        channel: "email".into(),
        address,
        subject: "A message for your team".into(),
        body,
        dedupe: dedupe(m.referral, m.link),
        guard: Guard::Link {
            organisation: m.organisation,
            referral: m.referral,
            code: hex_of(&crate::sign_in::session::hash_of(m.link)),
        }
        .stored()?,
    };
    tx.record_message(&row, MayLeave::Cleared(&cleared)).await?;
    Ok(Ok(()))
}

/// One message a link; nothing of the secret itself.
fn dedupe(referral: ReferralId, link: &str) -> String {
    key(referral, &crate::sign_in::session::hash_of(link))
}

/// The same, from the hash under which the link is kept.
fn key(referral: ReferralId, hash: &[u8]) -> String {
    format!("{}{}", prefix(referral), hex_of(hash.get(..8).unwrap_or(hash)))
}

fn prefix(referral: ReferralId) -> String {
    format!("link:{referral}:")
}

/// How the message with a link stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkMail {
    /// It left.
    Left(Instant),
    /// It waits to leave since.
    Waits(Instant),
    /// It could not be sent.
    GivenUp(Instant),
    /// It was not sent: a rule said no before it left.
    Stopped,
    /// There is none: no address is known, or it may not be sent.
    None,
}

/// How the message with the link of this hash stands.
///
/// # Errors
/// The database could not be read.
pub(crate) async fn link_mail(tx: &mut Tx, referral: ReferralId, hash: &[u8]) -> Result<LinkMail, CareError> {
    let row = tx.find_message(&key(referral, hash)).await?;
    Ok(match row {
        None => LinkMail::None,
        Some(row) => match (row.sent, row.stopped.is_some(), row.dead) {
            (Some(at), ..) => LinkMail::Left(Instant(at)),
            (None, true, _) => LinkMail::Stopped,
            (None, false, Some(at)) => LinkMail::GivenUp(Instant(at)),
            (None, false, None) => LinkMail::Waits(Instant(row.at)),
        },
    })
}

/// Stops the message with the link of this hash, if it has not left.
pub(crate) async fn stop_link(tx: &mut WriteTx, referral: ReferralId, hash: &[u8]) -> Result<(), CareError> {
    if let Some(row) = tx.find_message(&key(referral, hash)).await? {
        tx.stop_message(row.id, "the request is over").await?;
    }
    Ok(())
}

/// The path of the newest link of a referral that waits in the outbox: for the made-up
/// place, from which no email leaves.
///
/// # Errors
/// The database could not be read.
pub(crate) async fn waiting_link(tx: &mut Tx, referral: ReferralId) -> Result<Option<String>, CareError> {
    let prefix = prefix(referral);
    let rows = tx.list_outbox(1_000).await?;
    let newest = rows.into_iter().rfind(|row| row.dedupe.starts_with(&prefix));
    let path = newest.and_then(|row| {
        let from = row.body.find(SITE)? + SITE.len();
        row.body[from..].lines().next().map(str::to_owned)
    });
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_where_and_nothing_else() {
        assert_eq!(
            with_site("Open {site}/link/x", "https://kith.example/"),
            "Open https://kith.example/link/x"
        );
        let referral = ReferralId(Uuid::nil());
        let key = dedupe(referral, "secret");
        assert!(!key.contains("secret") && key.starts_with(&prefix(referral)));
        assert_ne!(key, dedupe(referral, "another"));
    }
}

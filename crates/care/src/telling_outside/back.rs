//! The message back when a loop closes: to the GP practice, and to whoever introduced the
//! person. It goes only if the person agrees and there is an address to send it to; it
//! says that there is news and whom to ring, never about whom or what.

use super::again::Guard;
use crate::change::Changing;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_domain::contact::{Cleared, Content, MayLeave, NotSafe, Outgoing, To, may_send};
use kith_domain::id::{RecordId, ReferralId};
use kith_domain::next_date::words_of;
use kith_domain::person::Person;
use kith_domain::referral::BackTo;
use kith_domain::text::is_email;
use kith_domain::time::{Calendar, Instant};
use kith_store::Tx;
use kith_store::outbox::{NewMessage, OutboxRow};
use uuid::Uuid;

/// To whom it goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Back {
    /// The GP practice.
    Gp,
    /// Whoever introduced the person.
    Introducer,
}

impl Back {
    /// The key under which it is told once.
    fn key(self, referral: ReferralId) -> String {
        let whom = match self {
            Back::Gp => "gp",
            Back::Introducer => "introducer",
        };
        format!("back:{whom}:{referral}")
    }

    /// Their e-mail address, if they have one.
    pub(crate) fn address(self, person: &Person) -> Option<String> {
        let address = match self {
            Back::Gp => person.gp.known().and_then(|gp| gp.email.clone()),
            Back::Introducer => person.introducer.as_ref().and_then(|i| i.contact.clone()),
        };
        address.map(|a| a.trim().to_owned()).filter(|a| is_email(a))
    }
}

/// Puts the message back into the outbox, in the transaction of the change that closes
/// the loop. Where there is no address, no number to ring, or it is not safe, somebody
/// tells them by hand.
pub(crate) async fn put_back(
    c: &mut Changing<'_>,
    person: &Person,
    referral: ReferralId,
    back: Back,
) -> Result<BackTo, CareError> {
    let Ok((cleared, asked_for)) = clear_outside(c.kith, c.who, person) else { return Ok(BackTo::ByHand) };
    let (Some(address), Some(phone)) = (back.address(person), our_phone(c)) else {
        return Ok(BackTo::ByHand);
    };
    let body = format!(
        "Hello,\n\nThere is news about something you know of. We do not write more than that in an email.\n\n\
         Please ring {} on {phone} in the daytime, and say this reference: {}.\n\n\
         Please do not answer this email.\n",
        c.who.name,
        crate::coming_in::reference(RecordId(referral.0))
    );
    let message = NewMessage {
        id: Uuid::now_v7(),
        at: cleared.at().0,
        person: Some(c.person.0),
        channel: "email".into(),
        address,
        subject: "Please ring us".into(),
        body,
        dedupe: back.key(referral),
        guard: Guard::Outside { asked_for }.stored()?,
    };
    c.tx.record_message(&message, MayLeave::Cleared(&cleared)).await?;
    Ok(BackTo::Sent { at: c.who.now })
}

/// Cleared as any message is; or, for somebody whose plan is closed, because they have
/// just asked for it. Says which.
///
/// # Errors
/// Why it may not leave.
pub(crate) fn clear_outside(
    kith: &Kith,
    who: &Principal,
    person: &Person,
) -> Result<(Cleared, bool), NotSafe> {
    let usual = Outgoing::new(To::Outside, Content::Free, who.now);
    let asked = Outgoing { asked_for: true, ..usual.clone() };
    let try_it = |what: &Outgoing| may_send(person, what, kith.calendar(), who.partnership.settings());
    try_it(&usual).map(|c| (c, false)).or_else(|_| try_it(&asked).map(|c| (c, true)))
}

/// The number that the one who closes the loop is rung on: their own at work, their
/// team's, their organisation's.
fn our_phone(c: &Changing<'_>) -> Option<String> {
    let (worker, organisation) = c.who.worker().ok()?;
    let p = &c.who.partnership;
    let own = p.worker(worker).and_then(|w| w.phone.clone());
    let team = || c.who.actor.teams.iter().find_map(|t| p.team(*t)?.phone.clone());
    own.or_else(team).or_else(|| p.organisation(organisation).and_then(|o| o.phone.clone()))
}

/// Where a message back that was put into the outbox stands, in words.
pub(crate) async fn back_words(
    tx: &mut Tx,
    calendar: &Calendar,
    referral: ReferralId,
    back: Back,
) -> Result<Option<String>, CareError> {
    Ok(tx.find_message(&back.key(referral)).await?.map(|row| standing(row, calendar)))
}

/// Where a message to somebody outside stands, in words.
pub(crate) fn standing(row: OutboxRow, calendar: &Calendar) -> String {
    let on = |at: i64| words_of(calendar.day(Instant(at)));
    match (row.sent, row.stopped, row.dead) {
        (Some(at), _, _) => format!("sent by email on {}", on(at)),
        (None, Some(why), _) => {
            format!("not sent: {}. Ask whether to tell them by hand", why.trim_end_matches('.'))
        }
        (None, None, Some(_)) => "by hand: the email could not be delivered. Tell them yourself".into(),
        (None, None, None) => "waits to be sent by email".into(),
    }
}

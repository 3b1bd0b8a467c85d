//! What is asked again when a message is about to leave. Hours or days lie between the
//! moment it was put into the outbox and that one: somebody may have died, stopped, or
//! said that a way is not safe any more; a link may have been answered.

use super::person_as_job;
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use kith_access::PersonWorld;
use kith_domain::contact::{Channel, Content, Hours, NotSafe, Outgoing, To, may_send};
use kith_domain::id::{ListingQuestionId, OrganisationId, PersonId, ReferralId, WorkerId};
use kith_domain::leaving::{reminder_over, too_old};
use kith_domain::listing_question::ListingQuestion;
use kith_domain::may_send::in_the_day;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::time::{Day, Instant};
use kith_store::WriteTx;
use kith_store::outbox::OutboxRow;
use serde::{Deserialize, Serialize};

/// What a message is, for the question whether it may still leave. Stored with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Guard {
    /// A link to a team without an account, about a referral.
    Link {
        /// To whom.
        organisation: OrganisationId,
        /// Which referral.
        referral: ReferralId,
        /// The hash under which the link is kept, in hexadecimal digits.
        code: String,
    },
    /// A message back to a GP practice, or to whoever introduced the person.
    Outside {
        /// The person asked for it when their plan was already closed.
        asked_for: bool,
    },
    /// Words to somebody about their own request for help.
    Themselves {
        /// The hours they named as safe.
        hours: Option<Hours>,
    },
    /// Words to a carer or a worker about the request that they made, while nobody's plan had
    /// come of it.
    Asker,
    /// A reminder to a worker about one day.
    Reminder {
        /// To whom.
        worker: WorkerId,
        /// About which day.
        about: Day,
    },
    /// The question to whoever runs an entry of the directory, whether it is right.
    Listing {
        /// The question that waits for the answer.
        question: ListingQuestionId,
    },
    /// An invitation to a worker.
    Invitation {
        /// To whom.
        worker: WorkerId,
        /// The hash under which the code is kept, in hexadecimal digits.
        code: String,
    },
}

impl Guard {
    /// As it is stored.
    pub(crate) fn stored(&self) -> Result<Option<String>, CareError> {
        let text = serde_json::to_string(self).map_err(|e| Fault::Broken(format!("message: {e}")))?;
        Ok(Some(text))
    }

    /// As it was stored; none for what this program does not know, which is not safe.
    pub(crate) fn of(row: &OutboxRow) -> Option<Guard> {
        row.guard.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

/// May it leave now?
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Yes.
    Leave,
    /// Not at this hour.
    NotBefore(Instant),
    /// Not any more; why, in words.
    Stop(String),
}

fn stop(why: &str) -> Verdict {
    Verdict::Stop(why.to_owned())
}

/// Asks again. The person's head row is locked by the caller, so that a death or a stop
/// either is seen here or comes after the message was taken.
pub(super) async fn may_leave(
    kith: &Kith,
    tx: &mut WriteTx,
    row: &OutboxRow,
    now: Instant,
) -> Result<Verdict, CareError> {
    if too_old(Instant(row.at), now) {
        return Ok(stop("it waited so long that it is of no use any more"));
    }
    let Some(guard) = Guard::of(row) else { return Ok(stop("nobody knows any more whether it is safe")) };
    let person = match row.person {
        None => None,
        Some(id) => Some(person_now(kith, tx, PersonId(id), now).await?),
    };
    let partnership = kith.partnership(tx).await?;
    let today = kith.calendar().day(now);
    let settings = partnership.settings();
    let ask = |person: &Person, what: &Outgoing| may_send(person, what, kith.calendar(), settings);
    Ok(match (guard, &person) {
        (Guard::Link { organisation, referral, code }, Some(person)) => {
            if !partnership.organisation(organisation).is_some_and(|o| o.active(today)) {
                return Ok(stop("the organisation is not working, or has no agreement in date"));
            }
            let links = tx.list_codes(referral.0, "link").await?;
            if !links.iter().any(|c| hex_of(&c.hash) == code && c.expires > now.0) {
                return Ok(stop("the link in it does not work any more"));
            }
            let request = kith.referral_as_job(tx, &PersonWorld::of(person.id()), referral, now).await?;
            if request.is_none_or(|r| r.value.status.terminal()) {
                return Ok(stop("the request is over"));
            }
            verdict(
                ask(&person.value, &Outgoing::new(To::Organisation(organisation), Content::Free, now))
                    .map(|_| ()),
            )
        }
        (Guard::Outside { asked_for }, Some(person)) => {
            let what = Outgoing { asked_for, ..Outgoing::new(To::Outside, Content::Free, now) };
            verdict(ask(&person.value, &what).map(|_| ()))
        }
        (Guard::Themselves { .. }, Some(person)) => {
            let what = Outgoing::notice(Channel::Email, Content::Free, now);
            match ask(&person.value, &what) {
                Ok(cleared) if cleared.detail() == Some(row.address.as_str()) => Verdict::Leave,
                Ok(_) => stop("this address is not their safe way any more"),
                Err(no) => verdict(Err(no)),
            }
        }
        (Guard::Themselves { hours }, None) => match in_the_day(hours, now, kith.calendar(), settings) {
            Ok(()) => Verdict::Leave,
            Err(Some(later)) => Verdict::NotBefore(later),
            Err(None) => stop("there is no hour at which it is safe"),
        },
        // Since it was written, somebody's plan came of it: they are asked about like anybody.
        (Guard::Asker, Some(person)) => {
            verdict(ask(&person.value, &Outgoing::new(To::Outside, Content::Free, now)).map(|_| ()))
        }
        (Guard::Asker, None) => Verdict::Leave,
        (Guard::Reminder { worker, about }, _) => {
            if reminder_over(about, today) {
                return Ok(stop("the day it was about is over"));
            }
            at_work(&partnership, worker, today)
        }
        (Guard::Listing { question }, _) => match tx.find_common::<ListingQuestion>(question).await? {
            Some(q) if q.value.waits_for_link(now) => Verdict::Leave,
            _ => stop("it was answered, or its link does not work any more"),
        },
        (Guard::Invitation { worker, code }, _) => {
            let codes = tx.list_codes(worker.0, "invitation").await?;
            if !codes.iter().any(|c| hex_of(&c.hash) == code && c.used.is_none() && c.expires > now.0) {
                return Ok(stop("the invitation does not work any more"));
            }
            at_work(&partnership, worker, today)
        }
        (Guard::Link { .. } | Guard::Outside { .. }, None) => stop("it is not known whom it is about"),
    })
}

fn at_work(partnership: &crate::Partnership, worker: WorkerId, today: Day) -> Verdict {
    match partnership.worker(worker) {
        Some(w) if w.active(today) => Verdict::Leave,
        _ => stop("they do not work here now"),
    }
}

fn verdict(asked: Result<(), NotSafe>) -> Verdict {
    match asked {
        Ok(()) => Verdict::Leave,
        Err(NotSafe { not_before: Some(later), .. }) => Verdict::NotBefore(later),
        Err(no) => Verdict::Stop(no.words),
    }
}

/// A person as they stand now, for the program itself.
pub(crate) async fn person_now(
    kith: &Kith,
    tx: &mut WriteTx,
    id: PersonId,
    now: Instant,
) -> Result<Saved<Person>, CareError> {
    let records = tx.list_of_person(id).await?;
    let world = records.world(id, kith.calendar())?;
    person_as_job(kith, tx, &world, id, now).await
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex_of(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

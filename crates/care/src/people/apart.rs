//! People who must not meet: written down by whoever works with one of them, and kept by every
//! time that is held, without a service learning why.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::refusal;
use crate::principal::Principal;
use kith_access::{Action, Batch};
use kith_domain::apart::{self, NotApart};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::link;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::moves::Move;
use kith_domain::next_date::words_of;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::time::Instant;
use std::collections::BTreeSet;
use uuid::Uuid;

/// How many records that name somebody are read at most.
const MOST_LINKED: u32 = 500;

/// Whom somebody must not meet.
#[derive(Debug)]
pub struct ApartPage {
    /// The name the person likes to be called.
    pub called: String,
    /// Whom, by the name the reader may know, or by none.
    pub others: Vec<(PersonId, Option<String>)>,
}

/// What is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApartChange {
    /// They must not meet.
    Apart(PersonId),
    /// They may meet.
    MayMeet(PersonId),
}

impl Kith {
    /// Whom somebody must not meet. Somebody whose name is not the reader's to know stands there
    /// without it.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn apart(&self, who: &Principal, person: PersonId) -> Result<ApartPage, CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let ask = look.batch.ask(Action::Update);
        let result = match look.one::<Person>(&about, RecordId(person.0), &ask) {
            Ok(saved) => {
                let mut others = Vec::new();
                for other in apart::others(&saved.value) {
                    let theirs = look.about(other).await?;
                    let guarded = theirs.records.first::<Person>()?;
                    let name = guarded.and_then(|g| look.name(&theirs.world, g));
                    others.push((other, name));
                }
                Ok(ApartPage { called: saved.value.called, others })
            }
            Err(refused) => Err(refused),
        };
        look.finish_with(result).await
    }

    /// Writes it down, or that it is over.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn change_apart(
        &self,
        who: &Principal,
        person: PersonId,
        what: ApartChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::Update)?;
        let (word, after) = match what {
            ApartChange::Apart(other) => {
                self.may_name(&mut change, other).await?;
                ("must not meet", apart::keep_apart((person, &saved.value), other, me, who.now))
            }
            ApartChange::MayMeet(other) => ("may meet", apart::may_meet(&saved.value, other, who.now)),
        };
        let after = after.map_err(|why| CareError::field("other", format!("{why}.")))?;
        change.save(word, &saved, &after, None).await?;
        if let ApartChange::Apart(other) = what {
            hold_times_of_both(&mut change, &saved.value, other).await?;
        }
        change.finish(&format!("/people/{person}/apart")).await
    }

    /// Only somebody whose name this worker may know is named here.
    async fn may_name(&self, change: &mut Changing<'_>, other: PersonId) -> Result<(), CareError> {
        let records = change.tx.list_of_person(other).await?;
        let world = records.world(other, self.calendar())?;
        let ask = change.batch.ask(Action::SeeName);
        let known = match records.first::<Person>()? {
            Some(guarded) => change.batch.permit(&world, guarded.item(), &ask).is_ok(),
            None => {
                let _ = change.batch.missing(&ask);
                false
            }
        };
        match known {
            true => Ok(()),
            false => Err(CareError::field("other", "Choose somebody from the list.")),
        }
    }
}

/// Where both have a time on one day in the same place already, whoever holds the plan is told,
/// to ask for another day. The message is not for the person's own pages, and says nothing of the other.
async fn hold_times_of_both(
    change: &mut Changing<'_>,
    person: &Person,
    other: PersonId,
) -> Result<(), CareError> {
    let who = change.who;
    let (mine, theirs) = (referrals_of(change, change.person).await?, referrals_of(change, other).await?);
    let today = who.partnership.today(who.now);
    let days = apart::days_of_both(&mine, &theirs, change.kith.calendar(), today);
    if days.is_empty() {
        return Ok(());
    }
    let holder = who.partnership.holder_today(&person.holder, true, who.now);
    let days: Vec<String> = days.into_iter().map(words_of).collect();
    let message = Message {
        kind: MessageKind::Notice,
        from: who.actor.author(),
        to: MessageTo::Reader { holder, read_by: crate::mine::reader(who, &holder).by },
        words: format!(
            "On {} somebody whom they must not meet may be in the same place as they are. \
             Ask for another day, without saying why.",
            days.join(" and on ")
        ),
        area: Area::Identity,
        sensitivity: Sensitivity::S2,
        about: Some(RecordId(change.person.0)),
        written_at: who.now,
        read_at: None,
        quiet: true,
        review: false,
        take_out: None,
    };
    let id = RecordId(Uuid::now_v7());
    change.create_permitted(id, "times on one day", holder.organisation, &message, "check", None).await?;
    Ok(())
}

/// Can the times of this move be held for the person, beside those of people whom they must not
/// meet? The refusal says nothing of why.
///
/// # Errors
/// One of the times is on the same day.
pub(crate) async fn check_times(
    change: &mut Changing<'_>,
    person: &Person,
    referral: &Referral,
    step: &Move,
) -> Result<Result<(), NotApart>, CareError> {
    let wanted = apart::times_of(step);
    if wanted.is_empty() {
        return Ok(Ok(()));
    }
    let theirs = times_of_others(change, person, referral.receiver.organisation).await?;
    Ok(apart::fits(&wanted, &theirs, change.kith.calendar()))
}

async fn times_of_others(
    change: &mut Changing<'_>,
    person: &Person,
    at: OrganisationId,
) -> Result<Vec<Instant>, CareError> {
    let mut others: BTreeSet<PersonId> = apart::others(person).collect();
    let from = change.tx.list_linked::<Person>(link::APART, change.person, false, MOST_LINKED).await?;
    others.extend(from.iter().filter_map(|guarded| guarded.item().person));
    let mut times = Vec::new();
    for other in others {
        let referrals = referrals_of(change, other).await?;
        times.extend(referrals.iter().flat_map(|r| apart::times_held(r, at)));
    }
    Ok(times)
}

/// What somebody was asked for, as the program's own check reads it: nothing of it leaves but a day.
async fn referrals_of(change: &mut Changing<'_>, whose: PersonId) -> Result<Vec<Referral>, CareError> {
    let (job, standing) = Kith::job(change.who.now);
    let records = change.tx.list_of_person(whose).await?;
    let world = records.world(whose, change.kith.calendar())?;
    let mut batch = Batch::new(change.kith.decider(), &job, &standing, change.who.now);
    let ask = batch.ask(Action::Check);
    let mut found = Vec::new();
    for guarded in records.of::<Referral>()? {
        let opened: Result<(Saved<Referral>, _), _> = batch.open(&world, guarded, &ask);
        found.push(opened.map_err(|denial| refusal(&denial))?.0.value);
    }
    Ok(found)
}

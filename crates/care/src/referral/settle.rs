//! When it comes back: the person is told, and a next step is chosen, in one transaction.
//! A next step is a day soon, or an unmet need with a day to look again.

use super::{link, sender};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::mine::print::paper_note;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::coming_back::{BadStep, NextStep, goes_on, may_settle, told_the_person};
use kith_domain::id::{PersonId, ReferralId};
use kith_domain::moves::Move;
use kith_domain::need::{Need, NeedStatus};
use kith_domain::person::{Person, Whereabouts};
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Saved;
use kith_domain::referral::{Referral, Settled, Status};
use uuid::Uuid;

/// What the person was told and what comes next.
pub struct Settling {
    /// The next step about the need; none when the need is over.
    pub step: Option<NextStep>,
    /// How the person was told, in words, and what they said.
    pub told: String,
}

impl Kith {
    /// Tells the person and chooses a next step. A referral that nobody answered is taken
    /// back by it; one that has ended is settled.
    ///
    /// # Errors
    /// It is not this side's now, somebody saved in between, or the day cannot be.
    pub async fn settle_referral(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        version: Option<u32>,
        settling: Settling,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        if let Some(version) = version {
            Changing::expect_version(&saved, version)?;
        }
        if !may_settle(&saved.value, who.partnership.today(who.now)) {
            return Err(CareError::refused(
                "There is nothing to settle now: it has not ended, and the day to reply has not passed. You can take it back.",
            ));
        }
        let next = choose_next(&mut c, &saved, &settling).await?;
        note_of(&mut c, &saved, &settling.told).await?;
        let step = step_of(&saved.value, &settling, &next);
        let saved = sender::apply(&mut c, &saved, &step).await?;
        sender::heard(&mut c).await?;
        // What went without their agreement is told on its own, by somebody who says so.
        let told = match saved.value.person_may_see() {
            true => told_the_person(&saved.value, who.now),
            false => saved.value.clone(),
        };
        let told = with_next(told, &next);
        let saved = match told == saved.value {
            true => saved,
            false => c.save("referral person told", &saved, &told, None).await?,
        };
        // A receiver who never had it, or said no, is let go, and the agreement with them.
        if matches!(saved.value.status, Status::Cancelled | Status::Rejected) {
            sender::end_consent(&mut c, &saved.value).await?;
        }
        link::send_next(self, &mut c, &saved).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }
}

/// How the person was told stands in the story: nobody writes it twice.
async fn note_of(c: &mut Changing<'_>, saved: &Saved<Referral>, told: &str) -> Result<(), CareError> {
    let (_, organisation) = c.who.worker()?;
    if told.trim().is_empty() {
        return Ok(());
    }
    let words = format!("Told about {}: {}", saved.value.service_name, told.trim());
    let note = Note { kind: NoteKind::Contact, area: saved.value.area, ..paper_note(c.who, words) };
    c.create("note added", organisation, &note, Action::Create, None).await?;
    Ok(())
}

/// Silence is ended by taking the request back; an ended one is settled.
fn step_of(r: &Referral, settling: &Settling, next: &str) -> Move {
    if r.status.terminal() {
        Move::Settle { next: next.to_owned() }
    } else {
        let told = settling.told.trim();
        let why = if told.is_empty() {
            "Nobody replied by the day".to_owned()
        } else {
            format!("Nobody replied by the day. {told}")
        };
        Move::Cancel { why }
    }
}

/// A referral taken back because nobody answered says what comes next, as any other.
fn with_next(referral: Referral, next: &str) -> Referral {
    let settled = referral.settled.clone().map(|s| Settled { next: next.to_owned(), ..s });
    Referral { settled, ..referral }
}

/// The need with its next step; the words of that step.
async fn choose_next(
    c: &mut Changing<'_>,
    saved: &Saved<Referral>,
    settling: &Settling,
) -> Result<String, CareError> {
    let Some(old) = c.all::<Need>(Action::Update)?.into_iter().find(|n| n.meta.id == saved.value.need.into())
    else {
        return Ok(settling.told.clone());
    };
    let open = matches!(old.value.status, NeedStatus::Open | NeedStatus::NotNow { .. });
    let Some(step) = &settling.step else {
        return match open {
            true => Err(CareError::field(
                "next",
                "Choose a next step for the need: a day soon, or that nothing meets it yet.",
            )),
            false => Ok("The need is over".into()),
        };
    };
    let person = c.open_person(Action::View)?.value;
    let today = c.kith.calendar().day(c.who.now);
    let settings = &c.who.partnership.place.value.settings;
    // The person is told in this very step.
    let told = ("Told them, and chose a next step", Some(c.who.now));
    let new = goes_on(&old.value, step, place_of(&person).as_deref(), told, c.who.now, today, settings)
        .map_err(|e| at_field(step, &e))?;
    let words = match step {
        NextStep::Date { what, .. } => what.clone(),
        NextStep::Unmet { reason, .. } => format!("An unmet need: {}", reason.title().to_lowercase()),
    };
    c.save("need: a next step was chosen", &old, &new, None).await?;
    Ok(words)
}

fn at_field(step: &NextStep, bad: &BadStep) -> CareError {
    let field = match (step, bad) {
        (NextStep::Date { .. }, BadStep::NextDate(kith_domain::next_date::BadNextDate::NoWhat)) => "what",
        (NextStep::Date { .. }, _) => "next",
        (NextStep::Unmet { .. }, _) => "review",
    };
    let words = bad.to_string();
    let stop = if words.ends_with('.') { "" } else { "." };
    CareError::field(field, format!("{words}{stop}"))
}

/// The neighbourhood in which an unmet need is counted; without one, what is known.
pub(crate) fn place_of(person: &Person) -> Option<String> {
    let known = person.address.known().and_then(|a| a.place.clone());
    known.or_else(|| match person.whereabouts {
        Whereabouts::NoFixedAddress => Some("no fixed address".into()),
        _ => Some("not known".into()),
    })
}

//! The first page: one next thing, big.

use super::referrals::{Detail, MyReferral, my_referrals};
use super::{Reader, by_code_alone, plan_reader, reader};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::Principal;
use kith_domain::message::{Message, MessageTo};
use kith_domain::next_thing::{Coming, Thing, next_thing};
use kith_domain::person::{Person, Standing};
use kith_domain::plan::{Step, StepOwner, StepStatus};
use kith_domain::record::Saved;
use kith_domain::referral::Offer;
use kith_domain::time::{Day, Instant};

/// The one thing that happens next.
#[derive(Clone, Debug)]
pub struct NextThing {
    /// What.
    pub what: String,
    /// On which day.
    pub on: Day,
    /// At what time, when there is one.
    pub at: Option<Instant>,
    /// Where, when it is known.
    pub place: Option<String>,
    /// With whom.
    pub with: Option<String>,
    /// Is it the person's own to do?
    pub mine: bool,
    /// Who does it, where somebody else does: the words were written by them and not for the
    /// person.
    pub by: Option<String>,
    /// Who holds it, and can be asked.
    pub ask: Option<Reader>,
    /// Its day is over and nothing else is coming.
    pub late: bool,
}

/// The first page.
#[derive(Debug)]
pub struct MyFront {
    /// The name they like to be called.
    pub called: Option<String>,
    /// Only the first pages are open: a code without the word.
    pub code_only: bool,
    /// The one next thing.
    pub next: Option<NextThing>,
    /// What is carried with them: adjustments, as labels or in their words.
    pub adjustments: Vec<String>,
    /// The help they asked for.
    pub referrals: Vec<MyReferral>,
    /// Answers to their words that came in the last days.
    pub answers: usize,
    /// How they stand; none when only the first pages are open.
    pub standing: Option<Standing>,
    /// Whoever holds the plan; none when only the first pages are open.
    pub holder: Option<Reader>,
}

/// Answers are pointed out on the first page for so many days.
const ANSWER_DAYS: i64 = 7;

impl Kith {
    /// The person's first page.
    ///
    /// # Errors
    /// It is not a person who asks, or there is no such person.
    pub async fn my_front(&self, who: &Principal) -> Result<MyFront, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = front(&mut look, &about).await;
        look.finish_with(result).await
    }
}

async fn front(look: &mut Looking<'_>, about: &About) -> Result<MyFront, CareError> {
    let code_only = by_code_alone(look.who);
    let person = if code_only { None } else { Some(look.person(about)?) };
    let called = match &person {
        Some(p) => Some(p.value.called.clone()),
        None => match about.records.first::<Person>()? {
            Some(guarded) => look.name(&about.world, guarded),
            None => return Err(CareError::Missing),
        },
    };
    let referrals = my_referrals(look, about, Detail::Short).await?;
    let steps = look.all::<Step>(about)?;
    let next = next_of(look.who, person.as_ref(), &steps, &referrals);
    let answers = if code_only { 0 } else { recent_answers(&look.all::<Message>(about)?, look.who.now) };
    Ok(MyFront {
        called,
        code_only,
        next,
        adjustments: person.as_ref().map(|p| adjustments(&p.value)).unwrap_or_default(),
        referrals,
        answers,
        standing: person.as_ref().map(|p| p.value.standing.clone()),
        holder: person.as_ref().map(|p| plan_reader(look.who, &p.value)),
    })
}

fn recent_answers(messages: &[Saved<Message>], now: Instant) -> usize {
    let since = now.plus_days(-ANSWER_DAYS);
    messages.iter().filter(|m| m.value.to == MessageTo::Person && m.value.written_at >= since).count()
}

/// The labels of what they need changed, and their own words for it.
pub fn adjustments(person: &Person) -> Vec<String> {
    let label = |code: &String| {
        kith_domain::directory::adjustments::find(code).map_or_else(|| code.clone(), |a| a.label.to_owned())
    };
    person.adjustments.iter().map(label).chain(person.adjustment_words.clone()).collect()
}

fn next_of(
    who: &Principal,
    person: Option<&Saved<Person>>,
    steps: &[Saved<Step>],
    referrals: &[MyReferral],
) -> Option<NextThing> {
    let standing_open = person.is_none_or(|p| p.value.standing == Standing::Open);
    if !standing_open {
        return None;
    }
    let mut things: Vec<Thing<NextThing>> = Vec::new();
    for referral in referrals.iter().filter(|r| !r.status.terminal()) {
        if let Some(offer) = &referral.agreed {
            things.push(dated(who, referral, offer));
        }
    }
    for step in steps.iter().filter(|s| matches!(s.value.status, StepStatus::Open)) {
        things.push(stepped(who, step));
    }
    if let Some(p) = person {
        let next = &p.value.next;
        let what = NextThing {
            what: next.what.clone(),
            on: next.on,
            at: None,
            place: None,
            with: None,
            mine: false,
            by: Some(plan_reader(who, &p.value).name),
            ask: Some(plan_reader(who, &p.value)),
            late: false,
        };
        things.push(Thing { on: next.on, at: None, coming: Coming::Plan, what });
    }
    let (thing, late) = next_thing(things, who.partnership.today(who.now))?;
    Some(NextThing { late, ..thing.what })
}

fn dated(who: &Principal, referral: &MyReferral, offer: &Offer) -> Thing<NextThing> {
    let on = who.partnership.facts.calendar.day(offer.at);
    let what = NextThing {
        what: referral.service_name.clone(),
        on,
        at: Some(offer.at),
        place: Some(offer.place.clone()).filter(|p| !p.is_empty()),
        with: offer.with.clone(),
        mine: false,
        by: None,
        ask: Some(referral.ask.clone()),
        late: false,
    };
    Thing { on, at: Some(offer.at), coming: Coming::Date, what }
}

fn stepped(who: &Principal, step: &Saved<Step>) -> Thing<NextThing> {
    let s = &step.value;
    let by = match s.owner {
        StepOwner::Person => None,
        StepOwner::Worker { worker, .. } => Some(who.partnership.worker_name(worker)),
        StepOwner::Team { team, .. } => Some(who.partnership.team_name(team)),
    };
    let what = NextThing {
        what: s.what.clone(),
        on: s.by,
        at: None,
        place: None,
        mine: s.owner == StepOwner::Person,
        with: None,
        by,
        ask: Some(reader(who, &s.holder)),
        late: false,
    };
    Thing { on: s.by, at: None, coming: Coming::Step, what }
}

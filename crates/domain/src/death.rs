//! What follows a death: who was helping and is told, and who is left behind and is looked
//! after. Every sending stops by itself ([`crate::may_send`]); these are the words that people
//! who were helping read, each held by name until it is read.
//!
//! Nothing here changes the person, so that a death recorded by mistake is taken back whole;
//! whoever was told then is told that too.

use crate::holding::PartnershipFacts;
use crate::organisation::Holder;
use crate::person::Person;
use crate::plan::{Step, StepOwner};
use crate::record::{Record, Saved};
use crate::referral::{Referral, Status};
use crate::supporter::{Involvement, Supporter, SupporterKind};
use crate::time::{Day, Instant};
use std::collections::BTreeSet;

/// Working days within which whoever was helping reads it. Our own number: the next working
/// day is too soon for a team that meets twice a week, a week is too long for a family.
const TOLD_WITHIN: u32 = 2;
/// Working days within which somebody speaks to a carer who is left behind.
const CARER_WITHIN: u32 = 5;

/// Who was helping, and who was close.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The person.
    pub person: &'a Person,
    /// Their referrals.
    pub referrals: &'a [Saved<Referral>],
    /// Who works with them.
    pub involved: &'a [Saved<Involvement>],
    /// Their steps.
    pub steps: &'a [Saved<Step>],
    /// Whom they let in.
    pub supporters: &'a [Saved<Supporter>],
}

/// Words that somebody reads, and is held to reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToRead {
    /// Who.
    pub holder: Holder,
    /// By when.
    pub by: Day,
    /// What.
    pub words: String,
}

/// What is written when a death is. Each team that was helping reads that nobody is to be in touch,
/// and who tells them more; whoever holds the plan is to tell each of them in person, as far as
/// each may know, and to speak to a carer who is left behind.
pub fn follows(p: &PartnershipFacts, a: Around<'_>, now: Instant) -> Vec<ToRead> {
    let today = p.calendar.day(now);
    let plan = a.person.holder;
    let by = p.calendar.plus_working(today, TOLD_WITHIN);
    let teller = plan.lead.and_then(|w| p.workers.get(&w));
    let teller = teller.map_or("Whoever holds the plan", |w| w.name.as_str());
    let words = format!(
        "Do not contact them, and do not ring or write to their home. Cancel what you had planned. {teller} \
         tells you more."
    );
    let (mut all, mut helped) = (Vec::new(), Vec::new());
    for helper in helping(a, today) {
        helped.push(p.organisations.get(&helper.organisation).map_or("somebody", |o| o.name.as_str()));
        if there(p, &helper, today) {
            all.push(ToRead { holder: helper, by, words: words.clone() });
        }
    }
    if !helped.is_empty() {
        let words = format!(
            "Tell them yourself, as far as each may know, and speak of what is needed now: {}.",
            helped.join("; ")
        );
        all.push(ToRead { holder: plan, by, words });
    }
    let carers = a.supporters.iter().filter(|s| is_left_behind(s, a.person, now, today));
    all.extend(carers.map(|s| ToRead {
        holder: plan,
        by: p.calendar.plus_working(today, CARER_WITHIN),
        words: format!(
            "{} cared for them, and is left behind. Speak to them: how are they, and what would help? Tell \
             them who helps people after a death, and that a carer may ask for help in their own right.",
            s.value.name
        ),
    }));
    all
}

/// What those who were told of a death read when it was a mistake.
pub fn was_a_mistake(p: &PartnershipFacts, told: &[Holder], now: Instant) -> Vec<ToRead> {
    let by = p.calendar.plus_working(p.calendar.day(now), TOLD_WITHIN);
    let once: BTreeSet<_> = told.iter().map(|h| (h.organisation, h.team)).collect();
    let first = |(o, t)| told.iter().find(|h| (h.organisation, h.team) == (o, t));
    let again = |h: &Holder| ToRead {
        holder: *h,
        by,
        words:
            "You were asked not to contact them. That was a mistake, and we are sorry: you can be in touch \
                with them again. Every place is as it was."
                .into(),
    };
    once.into_iter().filter_map(first).map(again).collect()
}

/// The teams that were helping, each once, without the one that holds the plan: it is told by
/// [`crate::holding::About::Death`].
fn helping(a: Around<'_>, today: Day) -> Vec<Holder> {
    let plan = a.person.holder;
    let mut seen = BTreeSet::from([(plan.organisation, plan.team)]);
    let open = |r: &&Saved<Referral>| {
        !r.meta.entered_in_error
            && !r.value.closed()
            && !r.value.status.terminal()
            && r.value.status != Status::Draft
    };
    let by_referral =
        a.referrals.iter().filter(open).flat_map(|r| [r.value.sender.into(), r.value.receiver.into()]);
    let by_work = a.involved.iter().filter(|i| !i.meta.entered_in_error && i.value.in_date(today));
    let by_work = by_work.map(|i| Holder {
        organisation: i.value.organisation,
        team: i.value.team,
        lead: i.value.worker,
    });
    let by_step =
        a.steps.iter().filter(|s| !s.meta.entered_in_error && s.value.open() && s.value.accepted.is_some());
    let by_step = by_step.filter_map(|s| match s.value.owner {
        StepOwner::Worker { organisation, team, worker } => {
            Some(Holder { organisation, team, lead: Some(worker) })
        }
        StepOwner::Team { organisation, team } => Some(Holder { organisation, team, lead: None }),
        _ => None,
    });
    by_referral.chain(by_work).chain(by_step).filter(|h| seen.insert((h.organisation, h.team))).collect()
}

/// Is anybody of this organisation there to read it?
fn there(p: &PartnershipFacts, helper: &Holder, today: Day) -> bool {
    let found = p.resolve(helper, today, false);
    let reads = p.organisations.get(&found.organisation).is_some_and(|o| o.has_accounts);
    found.organisation == helper.organisation && found.lead.is_some() && reads
}

/// A carer whom the person had let in, and of whom nobody thought that they press the person
/// or must not know.
fn is_left_behind(saved: &Saved<Supporter>, person: &Person, now: Instant, today: Day) -> bool {
    let id = saved.id();
    let pressed =
        person.coercion.as_ref().is_some_and(|c| c.supporters.is_empty() || c.supporters.contains(&id));
    let unsafe_to = person.safe_contact.must_not_know.iter().any(|m| m.supporter == Some(id));
    !saved.meta.entered_in_error
        && saved.value.kind == SupporterKind::Carer
        && saved.value.holds(now, today)
        && !pressed
        && !unsafe_to
}

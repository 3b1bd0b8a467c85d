//! What follows a death: who was helping and is told, and who is left behind and is looked
//! after. Every sending stops by itself ([`crate::may_send`]); these are the words that people
//! who were helping read, each held by name until it is read.
//!
//! Nothing here changes the person, so that a death recorded by mistake is taken back whole;
//! whoever was told then is told that too.

use crate::holding::PartnershipFacts;
use crate::id::{OrganisationId, TeamId};
use crate::organisation::Holder;
use crate::person::Person;
use crate::plan::{Step, StepOwner};
use crate::record::{Record, Saved};
use crate::referral::{Party, Referral, Status};
use crate::supporter::{Involvement, Supporter, SupporterKind};
use crate::time::{Day, Instant};
use std::collections::{BTreeMap, BTreeSet};

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

/// What is written when a death is. Each team that was helping reads that nobody is to be in touch.
/// Whoever holds the plan is to tell in person those who stand in their own organisation's records,
/// and to speak to a carer who is left behind; who else helps is not theirs to learn, also not by a
/// death. A team of another organisation that asked somebody for help tells whom it asked.
pub fn follows(p: &PartnershipFacts, a: Around<'_>, now: Instant) -> Vec<ToRead> {
    let today = p.calendar.day(now);
    let plan = a.person.holder;
    let by = p.calendar.plus_working(today, TOLD_WITHIN);
    let teller = plan.lead.and_then(|w| p.workers.get(&w));
    let teller = teller.map_or("whoever holds the plan", |w| w.name.as_str());
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    let mut to_tell: BTreeMap<(OrganisationId, TeamId), (Holder, Vec<&str>)> = BTreeMap::new();
    for (tells, helper) in helping(a, today) {
        if seen.insert((helper.organisation, helper.team)) && there(p, &helper, today) {
            let more = match tells {
                Some(tells) if same_team(&tells, &plan) => format!("{teller} tells you more"),
                Some(_) => "Whoever asked you tells you more".to_owned(),
                None => format!("You can ask {teller} for more"),
            };
            all.push(ToRead { holder: helper, by, words: do_not_contact(&more) });
        }
        if let Some(tells) = tells.filter(|t| same_team(t, &plan) || there(p, t, today)) {
            let name = p.organisations.get(&helper.organisation).map_or("somebody", |o| o.name.as_str());
            let names = &mut to_tell.entry((tells.organisation, tells.team)).or_insert((tells, Vec::new())).1;
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    all.extend(to_tell.into_values().map(|(holder, names)| ToRead {
        holder,
        by,
        words: format!(
            "Tell them yourself, as far as each may know, and speak of what is needed now: {}.",
            names.join("; ")
        ),
    }));
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

fn do_not_contact(more: &str) -> String {
    let first: String = more.chars().take(1).flat_map(char::to_uppercase).collect();
    let rest: String = more.chars().skip(1).collect();
    format!(
        "Do not contact them, and do not ring or write to their home. Cancel what you had planned. \
         {first}{rest}."
    )
}

fn same_team(a: &Holder, b: &Holder) -> bool {
    (a.organisation, a.team) == (b.organisation, b.team)
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
                with them again. Every place is as it was. Whomever you told, tell them too."
                .into(),
    };
    once.into_iter().filter_map(first).map(again).collect()
}

/// What was ended or answered after a death that was a mistake, as it stood when the death was
/// written: whoever ended it, and however. What did not belong to its end stays as it is now: whose
/// it is, and words that were taken out of what was sent. None when there is nothing to put back:
/// it stands as it stood, the person ended it themselves, or it was a mistake of its own.
pub fn as_it_stood(now: &Referral, at_death: &Referral) -> Option<Referral> {
    if now.status == Status::EnteredInError || now.ended_by == Some(Party::Person) {
        return None;
    }
    let then = at_death.clone();
    let after = Referral {
        status: then.status,
        business: then.business,
        offered: then.offered,
        agreed: then.agreed,
        decline: then.decline,
        reason: then.reason,
        outcome: then.outcome,
        ended_at: then.ended_at,
        ended_by: then.ended_by,
        held_next: then.held_next,
        told_person: then.told_person,
        receiver_moved_at: then.receiver_moved_at,
        settled: then.settled,
        ..now.clone()
    };
    (after != *now).then_some(after)
}

/// The teams that were helping, each once for each that tells it, with the team that does: whoever
/// holds the plan, for what stands in a record of their own organisation, and else the team that asked them.
/// None where nobody else's record names them. Without the team that holds the plan: it is told by
/// [`crate::holding::About::Death`].
fn helping(a: Around<'_>, today: Day) -> Vec<(Option<Holder>, Holder)> {
    let plan = a.person.holder;
    let ours = |owner: OrganisationId| (owner == plan.organisation).then_some(plan);
    let open = |r: &&Saved<Referral>| {
        !r.meta.entered_in_error
            && !r.value.closed()
            && !r.value.status.terminal()
            && r.value.status != Status::Draft
    };
    let by_referral = a.referrals.iter().filter(open).flat_map(|r| {
        let (sender, receiver): (Holder, Holder) = (r.value.sender.into(), r.value.receiver.into());
        let tells = ours(r.meta.owner);
        [(tells, sender), (tells.or(Some(sender)), receiver)]
    });
    let by_work = a.involved.iter().filter(|i| !i.meta.entered_in_error && i.value.in_date(today));
    let by_work = by_work.map(|i| {
        let value = &i.value;
        let helper = Holder { organisation: value.organisation, team: value.team, lead: value.worker };
        (ours(i.meta.owner), helper)
    });
    let by_step =
        a.steps.iter().filter(|s| !s.meta.entered_in_error && s.value.open() && s.value.accepted.is_some());
    let by_step = by_step.filter_map(|s| match s.value.owner {
        StepOwner::Worker { organisation, team, worker } => {
            Some((ours(s.meta.owner), Holder { organisation, team, lead: Some(worker) }))
        }
        StepOwner::Team { organisation, team } => {
            Some((ours(s.meta.owner), Holder { organisation, team, lead: None }))
        }
        _ => None,
    });
    // Whom the plan's own records name comes first, so that it is told from there.
    let mut all: Vec<_> = by_referral.chain(by_work).chain(by_step).collect();
    all.sort_by_key(|(tells, _)| match tells {
        Some(tells) if same_team(tells, &plan) => 0,
        Some(_) => 1,
        None => 2,
    });
    let key = |h: &Holder| (h.organisation, h.team);
    let mut told = BTreeSet::new();
    all.retain(|(tells, helper)| {
        let itself = same_team(helper, &plan) || tells.as_ref().is_some_and(|t| same_team(t, helper));
        // Two teams that asked the same one each tell it: neither learns of the other.
        !itself && told.insert((tells.as_ref().map(key), key(helper)))
    });
    all
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
    let unsafe_to = person.safe_contact.must_not_know.iter().any(|m| m.may_be(id));
    !saved.meta.entered_in_error
        && saved.value.kind == SupporterKind::Carer
        && saved.value.holds(now, today)
        && !pressed
        && !unsafe_to
}

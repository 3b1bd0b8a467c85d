//! A navigator's day: what is new, late, quiet, answered, or written by people themselves.
//!
//! Which people are read is narrowed by the reverse index, with what
//! [`kith_domain::near`] says to look for. Who really holds each thing is then worked out
//! by `holding`, as the program's own check does, and each thing that is this worker's is
//! opened under their own permit. What has passed or risen to somebody who may not open it
//! stands there by reference and team, never by name.

mod mine;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_domain::holding::Held;
use kith_domain::id::{PersonId, ReferralId, StepId, WorkerId};
use kith_domain::near::near;
use kith_domain::person::CameBy;
use kith_domain::referral::{Business, Status};
use kith_domain::time::{Day, Instant};
use kith_domain::today::{Group, today_of};
use mine::Mine;
use std::collections::BTreeMap;

/// The most people one page of a worklist reads. The next page has the next.
const MOST_PEOPLE: usize = 80;

/// A worker's day.
#[derive(Debug, Default)]
pub struct Today {
    /// What a receiver has done that the person was not told yet, newest first.
    pub replies: Vec<Reply>,
    /// What others ask this worker to do, and is not theirs until they say yes; soonest first.
    pub asks: Vec<AskedStep>,
    /// The groups in order, each with its things.
    pub groups: Vec<(Group, Vec<Thing>)>,
    /// Which page this is, from 0: everything loose stands on the first.
    pub page: usize,
    /// How many people are left for later pages; what comes first stands on the first page.
    pub more: usize,
}

/// A thing on the list.
#[derive(Debug, Clone)]
pub struct Thing {
    /// About whom; none for somebody who is coming in or a hand-over.
    pub person: Option<PersonId>,
    /// The name they like to be called, as far as it may be seen.
    pub name: Option<String>,
    /// May this worker open the person's page? If not, this one thing is all they see.
    pub sees_plan: bool,
    /// What is held and by when.
    pub held: Held,
    /// It is this worker's, but they may not open it: whom to speak to about it.
    pub by_reference: Option<ByReference>,
    /// Of somebody who is coming in: who asked, and when.
    pub asked: Option<(CameBy, Instant)>,
    /// Who acts on it today, where that is somebody else: it is here because it is late, or their own
    /// while another stands in for them.
    pub with: Option<String>,
}

impl Thing {
    /// A thing about nobody who is named here, with nobody else.
    fn loose(held: Held) -> Thing {
        Thing {
            person: None,
            name: None,
            sees_plan: false,
            held,
            by_reference: None,
            asked: None,
            with: None,
        }
    }
}

/// What stands on a list in the place of what may not be opened there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByReference {
    /// The record's id, in the short form that people read to each other.
    pub reference: String,
    /// The team that holds it, with its organisation.
    pub team: String,
    /// Who has it today, where that is somebody else.
    pub with: Option<String>,
}

/// A step that somebody asks this worker, or a team of theirs, to do.
#[derive(Debug, Clone)]
pub struct AskedStep {
    /// About whom.
    pub person: PersonId,
    /// The name they like to be called, as far as it may be seen.
    pub name: Option<String>,
    /// The step.
    pub step: StepId,
    /// What is asked.
    pub what: String,
    /// By which day.
    pub by: Day,
    /// Who asks, and has it until somebody says yes.
    pub from: String,
}

/// A reply of a receiver.
#[derive(Debug, Clone)]
pub struct Reply {
    /// About whom.
    pub person: PersonId,
    /// The name they like to be called.
    pub name: String,
    /// The referral.
    pub referral: ReferralId,
    /// To which service.
    pub service_name: String,
    /// Where it stands.
    pub status: Status,
    /// What happens inside that.
    pub business: Business,
    /// Is there a question to answer?
    pub question: bool,
    /// When the receiver did it.
    pub at: kith_domain::time::Instant,
}

impl Kith {
    /// What is for this worker to do. `page`: 0 for the first people, by their earliest day.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn today(&self, who: &Principal, page: usize) -> Result<Today, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let result = todays(&mut look, me, page).await;
        look.finish_with(result).await
    }
}

async fn todays(look: &mut Looking<'_>, me: WorkerId, page: usize) -> Result<Today, CareError> {
    let who = look.who;
    let today = who.partnership.today(who.now);
    let found = look.tx.list_near(&near(&who.partnership.facts, me, today)).await?;
    let before = page.saturating_mul(MOST_PEOPLE);
    let people: Vec<PersonId> = found.people.iter().skip(before).take(MOST_PEOPLE).copied().collect();
    let mut mine = Mine::new(me);
    mine.add_people(look, &people).await?;
    if page == 0 {
        mine.add_loose(look, &found.loose).await?;
        mine.add_ended(look, &found.news).await?;
        mine.add_place(who);
    }
    let Mine { mut replies, mut asks, mut things, .. } = mine;
    things.iter_mut().for_each(|thing| thing.with = with_another(who, me, thing));
    asks.sort_by_key(|a: &AskedStep| (a.by, a.step));
    let mut once = std::collections::BTreeSet::new();
    replies.retain(|r: &Reply| once.insert(r.referral));
    replies.sort_by_key(|r: &Reply| std::cmp::Reverse(r.at));
    let more = found.people.len().saturating_sub(before + people.len());
    Ok(Today { replies, asks, groups: grouped(who, me, things), page, more })
}

/// The colleague who acts on a thing today, with their organisation where it is another. A reference says
/// so itself.
fn with_another(who: &Principal, me: WorkerId, thing: &Thing) -> Option<String> {
    let other = thing.held.holder.acts().filter(|w| *w != me && thing.by_reference.is_none())?;
    let name = who.partnership.worker_name(other);
    let organisation = thing.held.holder.organisation;
    match who.actor.organisation == Some(organisation) {
        true => Some(name),
        false => {
            Some(format!("{name}, {}", who.partnership.organisation_name(organisation).unwrap_or_default()))
        }
    }
}

/// The things in their groups. Somebody coming in is held by the team and its lead until
/// somebody takes them up: the whole team sees them, so that they never wait for one person.
fn grouped(who: &Principal, me: WorkerId, things: Vec<Thing>) -> Vec<(Group, Vec<Thing>)> {
    let today = who.partnership.today(who.now);
    let held: Vec<Held> = things.iter().map(|t| t.held.clone()).collect();
    let mut by_what: BTreeMap<_, Thing> =
        things.into_iter().map(|t| ((t.held.what, t.held.about), t)).collect();
    let mut groups: Vec<(Group, Vec<Thing>)> = Vec::new();
    for (group, of) in today_of(&held, me, who.now, today) {
        let things = of.into_iter().filter_map(|h| by_what.remove(&(h.what, h.about))).collect();
        groups.push((group, things));
    }
    let mut new: Vec<Thing> = by_what.into_values().collect();
    if !new.is_empty() {
        match groups.iter_mut().find(|(g, _)| *g == Group::NewRequests) {
            Some((_, things)) => things.append(&mut new),
            None => groups.push((Group::NewRequests, new)),
        }
        groups.sort_by_key(|(g, _)| *g);
    }
    for (group, things) in &mut groups {
        if *group == Group::NewRequests {
            things.sort_by_key(|t| (t.held.next.on, t.held.since, t.held.what));
        }
    }
    groups
}

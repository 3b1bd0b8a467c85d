//! A navigator's day: what is new, late, quiet, answered, or written by people themselves.
//!
//! Which people are read is narrowed by the reverse index: what is linked to me, to those
//! I cover or lead, and what I sent. Who really holds each thing is then worked out by
//! `holding`, and every record is opened under my own permit.

use crate::error::CareError;
use crate::holding::Checking;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::Principal;
use kith_access::{Action, Guarded, PersonWorld};
use kith_domain::coming_in::ComingIn;
use kith_domain::hand_over::HandOver;
use kith_domain::holding::{Held, LooseFacts, PersonFacts, asking_side, holding, holding_loose};
use kith_domain::id::{PersonId, RecordId, ReferralId, TeamId, WorkerId};
use kith_domain::link;
use kith_domain::organisation::Worker;
use kith_domain::person::Person;
use kith_domain::plan::Step;
use kith_domain::record::{Kind, Saved};
use kith_domain::referral::{Business, Referral, Status};
use kith_domain::time::Instant;
use kith_domain::today::{Group, is_news, today_of};
use kith_domain::worry::Worry;
use std::collections::{BTreeMap, BTreeSet};

/// The most people one worklist reads.
const MOST_PEOPLE: usize = 600;

/// The most ended referrals that one worklist reads.
const MOST_ENDED: u32 = 200;

/// How long the good end of a referral is news, in days.
const NEWS_DAYS: i64 = 28;

/// A worker's day.
#[derive(Debug, Default)]
pub struct Today {
    /// What a receiver has done that the person was not told yet, newest first.
    pub replies: Vec<Reply>,
    /// The groups in order, each with its things.
    pub groups: Vec<(Group, Vec<Thing>)>,
}

/// A thing on the list.
#[derive(Debug, Clone)]
pub struct Thing {
    /// About whom; none for somebody who is coming in or a hand-over.
    pub person: Option<PersonId>,
    /// The name they like to be called, as far as it may be seen.
    pub name: Option<String>,
    /// What is held and by when.
    pub held: Held,
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
    pub at: Instant,
}

impl Kith {
    /// What is for this worker to do.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn today(&self, who: &Principal) -> Result<Today, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let result = todays(&mut look, me).await;
        look.finish_with(result).await
    }
}

async fn todays(look: &mut Looking<'_>, me: WorkerId) -> Result<Today, CareError> {
    let who = look.who;
    let mut ended = ended_lately(look, me).await?;
    let near: BTreeSet<PersonId> =
        people_near(look, me).await?.into_iter().chain(ended.keys().copied()).collect();
    let people: Vec<PersonId> = near.into_iter().collect();
    let worlds = look.worlds(&people).await?;
    let records = look.tx.list_open_of_people(&people).await?;
    let mut held: Vec<Held> = Vec::new();
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    let mut replies = Vec::new();
    for (person, world) in worlds {
        let Some(records) = records.get(&person) else { continue };
        let about = About { person, world, records: records.clone() };
        let Some(facts) = open_facts(look, &about)? else {
            held.extend(mine_alone(look, &about, me, &mut names)?);
            continue;
        };
        names.insert(person, facts.person.value.called.clone());
        replies.extend(replies_of(who, &facts.person, &facts.referrals, me));
        let ended = ended.remove(&person).unwrap_or_default();
        let ask = look.batch.ask(Action::View);
        let ended: Vec<_> = ended.into_iter().filter_map(|g| look.listed(&about.world, g, &ask)).collect();
        replies.extend(replies_of(who, &facts.person, &ended, me));
        held.extend(holding(&who.partnership.facts, &facts, who.now));
    }
    held.extend(holding_loose(&who.partnership.facts, &loose(look, me).await?, who.now));
    replies.sort_by_key(|r: &Reply| std::cmp::Reverse(r.at));
    let today = who.partnership.today(who.now);
    let mine = with_team_requests(&held, who, me, today_of(&held, me, who.now, today));
    let named = |h: &Held| Thing {
        person: h.person,
        name: h.person.and_then(|p| names.get(&p).cloned()),
        held: h.clone(),
    };
    let groups = mine.into_iter().map(|(g, things)| (g, things.into_iter().map(named).collect())).collect();
    Ok(Today { replies, groups })
}

/// Somebody coming in is held by the team and its lead until somebody takes them up: the
/// whole team sees them, so that they never wait for one person.
fn with_team_requests<'h>(
    held: &'h [Held],
    who: &Principal,
    me: WorkerId,
    mut groups: Vec<(Group, Vec<&'h Held>)>,
) -> Vec<(Group, Vec<&'h Held>)> {
    let new = held.iter().filter(|h| {
        h.about == kith_domain::holding::About::ComingIn
            && who.actor.teams.contains(&h.holder.team)
            && h.holder.acts() != Some(me)
    });
    let mut new: Vec<&Held> = new.collect();
    if new.is_empty() {
        return groups;
    }
    match groups.iter_mut().find(|(g, _)| *g == Group::NewRequests) {
        Some((_, things)) => {
            new.retain(|h| !things.iter().any(|t| t.what == h.what));
            things.extend(new);
            things.sort_by_key(|h| (h.next.on, h.since, h.what));
        }
        None => {
            groups.push((Group::NewRequests, new));
            groups.sort_by_key(|(g, _)| *g);
        }
    }
    groups
}

/// The workers whose things may be mine today: me, those I cover, and, where I lead a
/// team, its members who are away without cover or gone.
fn workers_near(who: &Principal, me: WorkerId) -> (BTreeSet<WorkerId>, BTreeSet<TeamId>) {
    let facts = &who.partnership.facts;
    let today = who.partnership.today(who.now);
    let covered = facts
        .workers
        .iter()
        .filter(|(_, w)| w.absence(today).is_some_and(|a| a.cover == Some(me)))
        .map(|(id, _)| *id);
    let mut workers: BTreeSet<WorkerId> = covered.chain([me]).collect();
    let led: BTreeSet<TeamId> =
        facts.teams.iter().filter(|(_, t)| t.lead == Some(me)).map(|(id, _)| *id).collect();
    // Of a team that I lead: those who are gone, or away without cover.
    let comes_to_me = |w: &Worker| {
        w.memberships.iter().any(|m| led.contains(&m.team))
            && (!w.active(today)
                || w.absence(today).is_some_and(|a| a.cover.is_none())
                || !led.iter().any(|t| w.member_of(*t, today)))
    };
    workers.extend(facts.workers.iter().filter(|(_, w)| comes_to_me(w)).map(|(id, _)| *id));
    (workers, led)
}

async fn people_near(look: &mut Looking<'_>, me: WorkerId) -> Result<Vec<PersonId>, CareError> {
    let (workers, teams) = workers_near(look.who, me);
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    for worker in workers {
        let roles = if worker == me {
            &[link::HOLDER_LEAD, link::SENDER_WORKER, link::RECEIVER_WORKER, link::OWNER_WORKER][..]
        } else {
            &[link::HOLDER_LEAD][..]
        };
        for role in roles {
            people.extend(look.tx.list_people_linked(role, worker).await?);
        }
    }
    for team in look.who.partnership.teams_passed_to(me, look.who.now) {
        people.extend(look.tx.list_people_linked(link::HOLDER_TEAM, team).await?);
    }
    for team in teams {
        people.extend(look.tx.list_late_linked(link::HOLDER_TEAM, team, late_before(look)).await?);
    }
    Ok(people.into_iter().take(MOST_PEOPLE).collect())
}

/// What is due before this day has risen to a lead, or is about to.
fn late_before(look: &Looking<'_>) -> kith_domain::time::Day {
    look.who.partnership.today(look.who.now)
}

/// A person's open facts under this worker's own permit. None when the person may not
/// be seen at all: then nothing about them is.
fn open_facts(look: &mut Looking<'_>, about: &About) -> Result<Option<PersonFacts>, CareError> {
    let ask = look.batch.ask(Action::View);
    let Some(guarded) = about.records.of()?.into_iter().next() else { return Ok(None) };
    let Some(person) = look.listed(&about.world, guarded, &ask) else { return Ok(None) };
    fn all<T: kith_store::Personal>(
        look: &mut Looking<'_>,
        about: &About,
    ) -> Result<Vec<Saved<T>>, CareError> {
        let ask = look.batch.ask(Action::View);
        let guarded: Vec<Guarded<Saved<T>>> = about.records.of::<T>()?;
        Ok(guarded.into_iter().filter_map(|g| look.listed(&about.world, g, &ask)).collect())
    }
    Ok(Some(PersonFacts {
        person,
        needs: all(look, about)?,
        steps: all(look, about)?,
        referrals: all(look, about)?,
        tellings: all(look, about)?,
        messages: all(look, about)?,
        worries: all(look, about)?,
        consents: all(look, about)?,
    }))
}

/// A worry to check or a step to do, of a person whose plan this worker does not see: what
/// they may see of it, with the name, and nothing around it. Who holds it is worked out as
/// the program's own check does.
fn mine_alone(
    look: &mut Looking<'_>,
    about: &About,
    me: WorkerId,
    names: &mut BTreeMap<PersonId, String>,
) -> Result<Vec<Held>, CareError> {
    let who = look.who;
    let (actor, standing) = Kith::job(who.now);
    let Some(facts) = Checking::new(look.kith, &actor, &standing, who.now).facts(about)? else {
        return Ok(Vec::new());
    };
    let ask = look.batch.ask(Action::View);
    let mut mine = Vec::new();
    for held in holding(&who.partnership.facts, &facts, who.now) {
        let seen = held.is_with(me)
            && match held.what.kind {
                Kind::Worry => seen::<Worry>(look, about, held.what.id, &ask)?,
                Kind::Step => seen::<Step>(look, about, held.what.id, &ask)?,
                _ => false,
            };
        if seen {
            mine.push(held);
        }
    }
    if !mine.is_empty()
        && let Some(guarded) = about.records.of()?.into_iter().next()
        && let Some(name) = look.name(&about.world, guarded)
    {
        names.insert(about.person, name);
    }
    Ok(mine)
}

/// May this worker see this one record? If so it is logged as listed.
fn seen<T: kith_store::Personal>(
    look: &mut Looking<'_>,
    about: &About,
    id: RecordId,
    ask: &kith_access::Ask,
) -> Result<bool, CareError> {
    let found = about.records.of::<T>()?.into_iter().find(|g| g.item().id == id);
    Ok(found.is_some_and(|g| look.listed(&about.world, g, ask).is_some()))
}

/// What ended well lately of what I asked for, or somebody whose things come to me: nothing
/// about it is open, and it is news until somebody has spoken about it with the person.
async fn ended_lately(
    look: &mut Looking<'_>,
    me: WorkerId,
) -> Result<BTreeMap<PersonId, Vec<Guarded<Saved<Referral>>>>, CareError> {
    let mut ended: BTreeMap<PersonId, Vec<_>> = BTreeMap::new();
    for worker in workers_near(look.who, me).0 {
        for guarded in look.tx.list_linked::<Referral>(link::NEWS, worker, false, MOST_ENDED).await? {
            if let Some(person) = guarded.item().person {
                ended.entry(person).or_default().push(guarded);
            }
        }
    }
    Ok(ended)
}

/// News goes to whoever asked, or has that to hold today because they are not there. The
/// good end of a referral is news for four weeks.
fn replies_of(
    who: &Principal,
    person: &Saved<Person>,
    referrals: &[Saved<Referral>],
    me: WorkerId,
) -> Vec<Reply> {
    let today = who.partnership.today(who.now);
    let mine = |r: &Referral| {
        let asking = asking_side(r, &person.value);
        let found = who.partnership.facts.resolve(&asking, today, false);
        r.sender.worker == Some(me) || found.cover.map(|c| c.worker).or(found.lead) == Some(me)
    };
    let recent = |r: &Saved<Referral>| !r.value.closed() || r.meta.at > who.now.plus_days(-NEWS_DAYS);
    let news = |r: &&Saved<Referral>| is_news(r) && recent(r) && mine(&r.value);
    referrals
        .iter()
        .filter(news)
        .map(|r| Reply {
            person: person.id(),
            name: person.value.called.clone(),
            referral: r.id(),
            service_name: r.value.service_name.clone(),
            status: r.value.status,
            business: r.value.business,
            question: r.value.question.as_ref().is_some_and(|q| q.answer.is_none()),
            at: r.meta.at,
        })
        .collect()
}

/// What belongs to no person yet, and is near me: requests to my teams, hand-overs to or
/// from me, worries.
async fn loose(look: &mut Looking<'_>, me: WorkerId) -> Result<LooseFacts, CareError> {
    let teams = look.who.actor.teams.clone();
    let mut facts = LooseFacts::default();
    let mut seen: BTreeSet<RecordId> = BTreeSet::new();
    for team in teams {
        let new: Vec<Guarded<Saved<ComingIn>>> =
            look.tx.list_linked(link::HOLDER_TEAM, team, true, 200).await?;
        facts.coming_ins.extend(open_loose(look, new, &mut seen));
        let overs: Vec<Guarded<Saved<HandOver>>> =
            look.tx.list_linked(link::HOLDER_TEAM, team, true, 200).await?;
        facts.hand_overs.extend(open_loose(look, overs, &mut seen));
    }
    for role in [link::FROM_WORKER, link::TO_WORKER] {
        let overs: Vec<Guarded<Saved<HandOver>>> = look.tx.list_linked(role, me, true, 200).await?;
        facts.hand_overs.extend(open_loose(look, overs, &mut seen));
    }
    for role in [link::HOLDER_LEAD, link::OWNER_WORKER] {
        let worries: Vec<Guarded<Saved<Worry>>> = look.tx.list_linked(role, me, true, 200).await?;
        let worries = worries.into_iter().filter(|g| g.item().person.is_none()).collect();
        facts.worries.extend(open_loose(look, worries, &mut seen));
    }
    Ok(facts)
}

fn open_loose<T>(
    look: &mut Looking<'_>,
    guarded: Vec<Guarded<Saved<T>>>,
    seen: &mut BTreeSet<RecordId>,
) -> Vec<Saved<T>> {
    let ask = look.batch.ask(Action::View);
    let nobody = PersonWorld::nobody();
    let fresh: Vec<_> = guarded.into_iter().filter(|g| seen.insert(g.item().id)).collect();
    fresh.into_iter().filter_map(|g| look.listed(&nobody, g, &ask)).collect()
}

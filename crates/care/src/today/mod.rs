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
use kith_domain::id::{PersonId, RecordId, ReferralId, StepId, TeamId, WorkerId};
use kith_domain::link;
use kith_domain::message::Message;
use kith_domain::organisation::Worker;
use kith_domain::person::Person;
use kith_domain::plan::Step;
use kith_domain::planning::asks_of;
use kith_domain::record::{Kind, Saved};
use kith_domain::referral::{Business, Referral, Status};
use kith_domain::time::{Day, Instant};
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
    /// What others ask this worker to do, and is not theirs until they say yes; soonest first.
    pub asks: Vec<AskedStep>,
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
    /// May this worker open the person's page? If not, this one thing is all they see.
    pub sees_plan: bool,
    /// What is held and by when.
    pub held: Held,
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
    let mut plans: BTreeSet<PersonId> = BTreeSet::new();
    let mut replies = Vec::new();
    let mut asks = Vec::new();
    for (person, world) in worlds {
        let Some(records) = records.get(&person) else { continue };
        let about = About { person, world, records: records.clone() };
        let Some(facts) = open_facts(look, &about)? else {
            let (mine, asked) = mine_alone(look, &about, me, &mut names)?;
            held.extend(mine);
            asks.extend(asked);
            continue;
        };
        asks.extend(asked_of(who, &facts, me));
        plans.insert(person);
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
        sees_plan: h.person.is_some_and(|p| plans.contains(&p)),
        held: h.clone(),
    };
    let groups = mine.into_iter().map(|(g, things)| (g, things.into_iter().map(named).collect())).collect();
    for ask in &mut asks {
        ask.name = names.get(&ask.person).cloned();
    }
    asks.sort_by_key(|a| (a.by, a.step));
    Ok(Today { replies, asks, groups })
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
            &[link::HOLDER_LEAD, link::OWNER_WORKER][..]
        };
        for role in roles {
            people.extend(look.tx.list_people_linked(role, worker).await?);
        }
    }
    for team in look.who.actor.teams.clone() {
        people.extend(look.tx.list_people_linked(link::OWNER_TEAM, team).await?);
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
) -> Result<(Vec<Held>, Vec<AskedStep>), CareError> {
    let who = look.who;
    let (actor, standing) = Kith::job(who.now);
    let Some(facts) = Checking::new(look.kith, &actor, &standing, who.now).facts(about)? else {
        return Ok((Vec::new(), Vec::new()));
    };
    let ask = look.batch.ask(Action::View);
    let mut mine = Vec::new();
    let mut asked = Vec::new();
    for step in asked_of(who, &facts, me) {
        if one::<Step>(look, about, step.step.into(), &ask)?.is_some() {
            asked.push(step);
        }
    }
    for held in holding(&who.partnership.facts, &facts, who.now) {
        let seen = match held.what.kind {
            _ if !held.is_with(me) => false,
            Kind::Step => one::<Step>(look, about, held.what.id, &ask)?.is_some(),
            // A notice to somebody who does not see the plan: a safeguarding lead.
            Kind::Message => one::<Message>(look, about, held.what.id, &ask)?.is_some(),
            // A worry says itself whom it is about.
            Kind::Worry => one::<Worry>(look, about, held.what.id, &ask)?
                .map(|worry| names.extend(worry.value.about.map(|name| (about.person, name))))
                .is_some(),
            _ => false,
        };
        if seen {
            mine.push(held);
        }
    }
    if !(mine.is_empty() && asked.is_empty())
        && let Some(guarded) = about.records.of()?.into_iter().next()
        && let Some(name) = look.name(&about.world, guarded)
    {
        names.insert(about.person, name);
    }
    Ok((mine, asked))
}

/// The open steps that ask this worker or a team of theirs.
fn asked_of(who: &Principal, facts: &PersonFacts, me: WorkerId) -> Vec<AskedStep> {
    let asks = |s: &&Saved<Step>| !s.meta.entered_in_error && asks_of(&s.value, me, &who.actor.teams);
    let from = |s: &Step| {
        let holder = who.partnership.holder_today(&s.holder, false, who.now);
        let place = who.partnership.organisation_name(holder.organisation).unwrap_or_default();
        let name = holder.lead.map(|w| who.partnership.worker_name(w));
        let name = name.unwrap_or_else(|| who.partnership.team_name(holder.team));
        match holder.organisation == s.holder.organisation
            && who.actor.organisation == Some(holder.organisation)
        {
            true => name,
            false => format!("{name}, {place}"),
        }
    };
    let asked = facts.steps.iter().filter(asks).map(|s| AskedStep {
        person: facts.id(),
        name: None,
        step: s.id(),
        what: s.value.what.clone(),
        by: s.value.by,
        from: from(&s.value),
    });
    asked.collect()
}

/// This one record, when this worker may see it; logged as listed.
fn one<T: kith_store::Personal>(
    look: &mut Looking<'_>,
    about: &About,
    id: RecordId,
    ask: &kith_access::Ask,
) -> Result<Option<Saved<T>>, CareError> {
    let found = about.records.of::<T>()?.into_iter().find(|g| g.item().id == id);
    Ok(found.and_then(|g| look.listed(&about.world, g, ask)))
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
    let mut teams = look.who.actor.teams.clone();
    let passed = &look.who.standing.passed_teams;
    teams.extend(passed.iter().filter(|(_, to)| look.who.actor.teams.contains(to)).map(|(from, _)| *from));
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

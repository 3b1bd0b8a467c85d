//! What is one worker's among what was found: worked out by `holding`, and then opened
//! under their own permit, or left as a reference.

use super::{AskedStep, ByReference, Reply, Thing};
use crate::coming_in::reference;
use crate::error::CareError;
use crate::holding::Checking;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::panel::reads;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::coming_in::ComingIn;
use kith_domain::consent::Consent;
use kith_domain::hand_over::HandOver;
use kith_domain::holding::{Held, PersonFacts, asking_side, holding, holding_place};
use kith_domain::id::{PersonId, RecordId, WorkerId};
use kith_domain::look_question::LookQuestion;
use kith_domain::message::Message;
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::{Step, Telling};
use kith_domain::planning::asks_of;
use kith_domain::record::{Kind, Saved};
use kith_domain::referral::Referral;
use kith_domain::right::Right;
use kith_domain::supporter::PossibleMatch;
use kith_domain::today::is_news;
use kith_domain::worry::Worry;
use std::collections::BTreeMap;

/// How long the good end of a referral is news, in days.
const NEWS_DAYS: i64 = 28;

/// What is this worker's.
pub(super) struct Mine {
    me: WorkerId,
    /// What a receiver has done.
    pub replies: Vec<Reply>,
    /// What others ask of them.
    pub asks: Vec<AskedStep>,
    /// Everything that is held by them, by somebody they stand in for, or has risen to them.
    pub things: Vec<Thing>,
}

impl Mine {
    pub(super) fn new(me: WorkerId) -> Mine {
        Mine { me, replies: Vec::new(), asks: Vec::new(), things: Vec::new() }
    }

    /// What is theirs about these people.
    pub(super) async fn add_people(
        &mut self,
        look: &mut Looking<'_>,
        people: &[PersonId],
    ) -> Result<(), CareError> {
        let (who, kith) = (look.who, look.kith);
        let found = look.worlds_and_open(people).await?;
        let (actor, standing) = Kith::job(who.now);
        let mut checking = Checking::new(kith, &actor, &standing, who.now);
        for mut about in found {
            let Some(facts) = checking.facts(&about)? else { continue };
            let held = holding(&who.partnership.facts, &facts, who.now);
            who.add_with(&mut about.world, &held);
            let held = held.into_iter().filter(|h| h.is_with(self.me)).collect();
            let replies = self.replies_of(who, &facts.person, &facts.referrals);
            self.add(look, &about, held, replies)?;
            self.add_asked(look, &about, asked_of(who, &facts, self.me))?;
        }
        Ok(())
    }

    /// What is asked of them, as far as they may see it.
    fn add_asked(
        &mut self,
        look: &mut Looking<'_>,
        about: &About,
        asked: Vec<AskedStep>,
    ) -> Result<(), CareError> {
        let mut theirs = Vec::new();
        for step in asked {
            if seen::<Step>(look, about, step.step.into())? {
                theirs.push(step);
            }
        }
        if theirs.is_empty() {
            return Ok(());
        }
        let guarded = about.records.first::<Person>()?;
        let name = guarded.and_then(|guarded| look.name(&about.world, guarded));
        self.asks.extend(theirs.into_iter().map(|step| AskedStep { name: name.clone(), ..step }));
        Ok(())
    }

    fn add(
        &mut self,
        look: &mut Looking<'_>,
        about: &About,
        held: Vec<Held>,
        replies: Vec<Reply>,
    ) -> Result<(), CareError> {
        let mut things = Vec::new();
        let mut said = None;
        let mut packet = None;
        for held in held {
            let opens = match held.what.kind {
                // A worry says itself whom it is about.
                Kind::Worry => one::<Worry>(look, about, held.what.id)?
                    .map(|worry| said = said.take().or(worry.value.about))
                    .is_some(),
                Kind::Referral => one::<Referral>(look, about, held.what.id)?
                    .map(|referral| packet = Some(referral.value.packet.call_them))
                    .is_some(),
                kind => sees(look, about, kind, held.what.id)?,
            };
            things.push((held, opens));
        }
        let mut told = Vec::new();
        for reply in replies {
            if seen::<Referral>(look, about, reply.referral.into())? {
                told.push(reply);
            }
        }
        if things.is_empty() && told.is_empty() {
            return Ok(());
        }
        let view = look.batch.ask(Action::View);
        let person = about.records.first::<Person>()?;
        let sees_plan =
            person.as_ref().is_some_and(|g| look.batch.permit(&about.world, g.item(), &view).is_ok());
        let named = things.iter().any(|(_, opens)| *opens) || !told.is_empty();
        let name = person.filter(|_| named).and_then(|guarded| look.name(&about.world, guarded));
        // Whoever was asked knows them by the name that was sent, and by no other.
        let name = if sees_plan { name } else { packet.or(name) }.or(said);
        let of = |(held, opens): (Held, bool)| match opens {
            // Whoever answers a question about looks sees no name.
            // The same for what is asked by right: the request itself says how they are called.
            true if matches!(held.what.kind, Kind::LookQuestion | Kind::Right | Kind::PossibleMatch) => {
                Thing::loose(held)
            }
            true => {
                let (person, name) = (Some(about.person), name.clone());
                Thing { person, name, sees_plan, ..Thing::loose(held) }
            }
            false => by_reference(look.who, self.me, held),
        };
        self.things.extend(things.into_iter().map(of));
        let named = |r: Reply| Reply { name: name.clone().unwrap_or_else(|| "Somebody".into()), ..r };
        self.replies.extend(told.into_iter().map(named));
        Ok(())
    }

    /// News goes to whoever asked, or has that to hold today because they are not there.
    /// The good end of a referral is news for four weeks.
    fn replies_of(
        &self,
        who: &Principal,
        person: &Saved<Person>,
        referrals: &[Saved<Referral>],
    ) -> Vec<Reply> {
        let today = who.partnership.today(who.now);
        let mine = |r: &Referral| {
            let asking = asking_side(r.sender, person.value.holder);
            let found = who.partnership.facts.resolve(&asking, today, false);
            r.sender.worker == Some(self.me) || found.cover.map(|c| c.worker).or(found.lead) == Some(self.me)
        };
        let recent = |r: &Saved<Referral>| !r.value.closed() || r.meta.at > who.now.plus_days(-NEWS_DAYS);
        let news = |r: &&Saved<Referral>| is_news(r) && recent(r) && mine(&r.value);
        let reply = |r: &Saved<Referral>| Reply {
            person: person.id(),
            name: String::new(),
            referral: r.id(),
            service_name: r.value.service_name.clone(),
            status: r.value.status,
            business: r.value.business,
            question: r.value.question.as_ref().is_some_and(|q| q.answer.is_none()),
            at: r.meta.at,
        };
        referrals.iter().filter(news).map(reply).collect()
    }

    /// What ended well lately of what they asked for, or somebody whose things come to them:
    /// nothing about it is open, and it is news until somebody has spoken about it with the
    /// person.
    pub(super) async fn add_ended(
        &mut self,
        look: &mut Looking<'_>,
        found: &[RecordId],
    ) -> Result<(), CareError> {
        let who = look.who;
        let ended = look.tx.list_records(found).await?;
        let mut referrals_of: BTreeMap<PersonId, Vec<_>> = BTreeMap::new();
        for guarded in ended.of::<Referral>()? {
            if let Some(person) = guarded.item().person {
                referrals_of.entry(person).or_default().push(guarded);
            }
        }
        let people: Vec<PersonId> = referrals_of.keys().copied().collect();
        let found = look.worlds_and_open(&people).await?;
        let (actor, standing) = Kith::job(who.now);
        let mut checking = Checking::new(look.kith, &actor, &standing, who.now);
        for About { person, world, mut records } in found {
            let of_them = referrals_of.remove(&person).unwrap_or_default();
            let referrals = checking.open_all(&world, of_them)?;
            let people: Vec<Saved<Person>> = checking.open_all(&world, records.of()?)?;
            let Some(them) = people.into_iter().next() else { continue };
            let replies = self.replies_of(who, &them, &referrals);
            records.add(&ended, person);
            let about = About { person, world, records };
            self.add(look, &about, Vec::new(), replies)?;
        }
        Ok(())
    }

    /// What the place itself owes, where it is theirs: agreements, the look at who has access,
    /// a last day. It is about nobody who is supported. What the panel is asked stands there by
    /// reference where it has risen to somebody who may not read it.
    pub(super) fn add_place(&mut self, who: &Principal) {
        let held = holding_place(&who.partnership.facts, who.now).into_iter();
        let me = self.me;
        self.things.extend(held.filter(|h| h.is_with(me)).map(|held| match held.what.kind {
            Kind::Proposal if !reads(who) => by_reference(who, me, held),
            _ => Thing::loose(held),
        }));
    }

    /// What is theirs of these, that belong to no person.
    pub(super) async fn add_loose(
        &mut self,
        look: &mut Looking<'_>,
        found: &[RecordId],
    ) -> Result<(), CareError> {
        let who = look.who;
        let beside = look.kith.beside(&mut look.tx, who, found).await?;
        let ask = look.batch.ask(Action::View);
        for held in beside.held {
            let team_s = held.what.kind == Kind::ComingIn && who.actor.teams.contains(&held.holder.team);
            if !held.is_with(self.me) && !team_s {
                continue;
            }
            let (kind, id) = (held.what.kind, held.what.id);
            let mut asked = None;
            let opens = match kind {
                Kind::ComingIn => {
                    let found = beside.records.one::<ComingIn>(id)?;
                    let opened = found.and_then(|g| look.listed(&beside.world, g, &ask));
                    asked = opened.as_ref().map(|c| (c.value.sender.by, c.value.arrived_at));
                    opened.is_some()
                }
                Kind::LookQuestion => {
                    let found = beside.records.of::<LookQuestion>()?.into_iter().find(|g| g.item().id == id);
                    found.is_some_and(|g| look.listed(&beside.world, g, &ask).is_some())
                }
                Kind::HandOver => {
                    let found = beside.records.one::<HandOver>(id)?;
                    found.is_some_and(|g| look.listed(&beside.world, g, &ask).is_some())
                }
                _ => {
                    let found = beside.records.one::<Worry>(id)?;
                    found.is_some_and(|g| look.listed(&beside.world, g, &ask).is_some())
                }
            };
            self.things.push(match opens {
                true => Thing { asked, ..Thing::loose(held) },
                false => by_reference(who, self.me, held),
            });
        }
        Ok(())
    }
}

/// A row that names nobody: a reference, the team that holds it, and who there has it.
fn by_reference(who: &Principal, me: WorkerId, held: Held) -> Thing {
    let p = &who.partnership;
    let team = p.team_name(held.holder.team);
    let organisation = p.organisation_name(held.holder.organisation).unwrap_or_default();
    let with = held.holder.acts().filter(|w| *w != me).map(|w| p.worker_name(w));
    let by_reference = Some(ByReference {
        reference: reference(held.what.id),
        team: format!("{team}, {organisation}"),
        with,
    });
    Thing { by_reference, ..Thing::loose(held) }
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

/// May this worker open this thing? If so it is logged as listed.
fn sees(look: &mut Looking<'_>, about: &About, kind: Kind, id: RecordId) -> Result<bool, CareError> {
    match kind {
        Kind::Person => seen::<Person>(look, about, id),
        Kind::Need => seen::<Need>(look, about, id),
        Kind::Step => seen::<Step>(look, about, id),
        Kind::Referral => seen::<Referral>(look, about, id),
        Kind::Telling => seen::<Telling>(look, about, id),
        Kind::Message => seen::<Message>(look, about, id),
        Kind::Worry => seen::<Worry>(look, about, id),
        Kind::Consent => seen::<Consent>(look, about, id),
        Kind::LookQuestion => seen::<LookQuestion>(look, about, id),
        Kind::Right => seen::<Right>(look, about, id),
        Kind::PossibleMatch => resolves(look, about, id),
        _ => Ok(false),
    }
}

/// Is this worker one of the two who decide? What they open says references and reasons.
fn resolves(look: &mut Looking<'_>, about: &About, id: RecordId) -> Result<bool, CareError> {
    let ask = look.batch.ask(Action::ResolveMatch);
    let found = about.records.one::<PossibleMatch>(id)?;
    Ok(found.is_some_and(|g| look.listed(&about.world, g, &ask).is_some()))
}

fn seen<T: kith_store::Personal>(
    look: &mut Looking<'_>,
    about: &About,
    id: RecordId,
) -> Result<bool, CareError> {
    Ok(one::<T>(look, about, id)?.is_some())
}

/// This one record, when this worker may see it; logged as listed.
fn one<T: kith_store::Personal>(
    look: &mut Looking<'_>,
    about: &About,
    id: RecordId,
) -> Result<Option<Saved<T>>, CareError> {
    let ask = look.batch.ask(Action::View);
    let found = about.records.one::<T>(id)?;
    Ok(found.and_then(|g| look.listed(&about.world, g, &ask)))
}

//! Handing people over to a colleague, and leave. Until the colleague says yes to a
//! person, nothing changes for that person; what is not answered by the day rises to the
//! team lead by `holding` alone.

pub mod leave;

use crate::change::loose::BegunLoose;
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::people::Whose;
use crate::plan::own_holder;
use crate::principal::Principal;
use kith_access::{Action, Party, PersonWorld};
use kith_domain::hand_over::{self, HandOver, HandedPerson, NotHandedOver, PlanWith, Taken};
use kith_domain::holding::{PersonFacts, may_hold};
use kith_domain::id::{HandOverId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::life::take_on;
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::time::Instant;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A colleague who may take people on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Colleague {
    /// Who.
    pub worker: WorkerId,
    /// In which team.
    pub team: TeamId,
}

/// People to be offered.
#[derive(Clone, Debug)]
pub struct NewHandOver {
    /// To whom.
    pub to: WorkerId,
    /// Whom, what to know, and whether they were told.
    pub people: Vec<(PersonId, String, bool)>,
}

/// A hand-over for reading.
#[derive(Debug)]
pub struct HandOverPage {
    /// The hand-over.
    pub hand_over: Saved<HandOver>,
    /// The names this reader may see.
    pub names: BTreeMap<PersonId, String>,
    /// May this reader say yes or no to those who wait?
    pub may_answer: bool,
    /// May this reader take it back?
    pub may_take_back: bool,
}

/// A person I may hand over.
#[derive(Clone, Debug)]
pub struct Mine {
    /// Who.
    pub person: PersonId,
    /// The name they like to be called.
    pub called: String,
}

/// Colleagues of the same organisation who may hold plans today, by name.
pub fn colleagues(who: &Principal) -> Result<Vec<Colleague>, CareError> {
    let (me, organisation) = who.worker()?;
    let today = who.partnership.today(who.now);
    let mut found = Vec::new();
    for (team, t) in &who.partnership.facts.teams {
        if t.organisation != organisation || !(t.navigators || t.net) || !t.active(today) {
            continue;
        }
        for (worker, _) in who.partnership.members(*team, today) {
            let to = Holder { organisation, team: *team, lead: Some(worker) };
            let holds = holds_plans(who, worker, *team, today);
            if worker != me && holds && may_hold(&who.partnership.facts, &to, true, today).is_ok() {
                found.push(Colleague { worker, team: *team });
            }
        }
    }
    found.sort_by_key(|c| who.partnership.worker_name(c.worker));
    Ok(found)
}

/// Is this member of the team somebody who holds plans, and not its manager of figures?
fn holds_plans(who: &Principal, worker: WorkerId, team: TeamId, day: kith_domain::time::Day) -> bool {
    use kith_domain::organisation::WorkRole;
    let navigates = |role| matches!(role, WorkRole::Navigator | WorkRole::TeamLead);
    who.partnership
        .worker(worker)
        .is_some_and(|w| w.memberships.iter().any(|m| m.team == team && m.in_date(day) && navigates(m.role)))
}

fn refused(why: NotHandedOver) -> CareError {
    match why {
        NotHandedOver::Nobody => CareError::field("people", format!("{why}.")),
        _ => CareError::refused(format!("{why}.")),
    }
}

impl Kith {
    /// The people whose plan this worker holds, by name.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn people_i_hold(&self, who: &Principal) -> Result<Vec<Mine>, CareError> {
        let (me, _) = who.worker()?;
        let lines = self.list_people(who, Whose::Mine).await?;
        let mine = lines.into_iter().filter(|l| l.lead == Some(me) && l.next.is_some());
        Ok(mine.map(|l| Mine { person: l.person, called: l.called }).collect())
    }

    /// Offers people to a colleague, who answers by a day.
    ///
    /// # Errors
    /// Nobody is chosen, the colleague cannot hold plans, or it is refused.
    pub async fn offer_people(
        &self,
        who: &Principal,
        new: &NewHandOver,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let today = who.partnership.today(who.now);
        if new.people.is_empty() {
            return Err(refused(NotHandedOver::Nobody));
        }
        let colleague = colleagues(who)?.into_iter().find(|c| c.worker == new.to);
        let Some(colleague) = colleague else {
            return Err(CareError::field("to", "Choose a colleague who holds plans."));
        };
        let days = u32::from(who.partnership.settings().hand_over_working_days);
        let mut change = match self.change_beside(who, organisation, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let ids: Vec<PersonId> = new.people.iter().map(|(p, ..)| *p).collect();
        let mut basis = String::new();
        for (_, mut world) in change.tx.load_worlds(&ids, self.calendar()).await? {
            who.partnership.add_holders(&mut world, who.now);
            basis = change.permit_person(&world, Action::HandOver)?;
        }
        let value = HandOver {
            from: own_holder(who)?,
            to: Holder { organisation, team: colleague.team, lead: Some(new.to) },
            people: new.people.iter().map(|(person, words, told)| offered(*person, words, *told)).collect(),
            offered_at: who.now,
            accept_by: self.calendar().plus_working(today, days),
            taken_back_at: None,
        };
        let id: HandOverId = self.new_id();
        change.create(id, "people offered", &value, &basis).await?;
        change.finish(&format!("/hand-over/{id}")).await
    }

    /// A hand-over, with the names this reader may see.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn hand_over(&self, who: &Principal, id: HandOverId) -> Result<HandOverPage, CareError> {
        let mut look = self.look(who).await?;
        let result = page(&mut look, id).await;
        look.finish_with(result).await
    }

    /// Says yes to a person: their plan, and everything open that the one before held, is
    /// mine, in one transaction.
    ///
    /// # Errors
    /// It was answered or taken back, or is somebody else's to say.
    pub async fn accept_person(
        &self,
        who: &Principal,
        id: HandOverId,
        person: PersonId,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_beside::<HandOver>(id, Action::HandOver).await?;
        let to = taker_of(who, &saved.value)?;
        may_hold(&who.partnership.facts, &to, true, who.partnership.today(who.now))
            .map_err(|why| CareError::refused(format!("{why}.")))?;
        offer_to(&mut change.world, &saved.value, person);
        let facts = handed(&mut change)?;
        let taken = Taken::Accepted { at: who.now };
        // Also as it is held today: what passed on from an organisation that shut can be given on.
        let record = facts.person.value.holder;
        let with = PlanWith { record, today: who.partnership.holder_today(&record, true, who.now) };
        let after = hand_over::answer(&saved.value, person, with, taken).map_err(refused)?;
        save_taken(&mut change, &facts, (to, with.today)).await?;
        change.save("person taken on", &saved, &after, None).await?;
        change.finish(&format!("/hand-over/{id}")).await
    }

    /// Says no to a person, in words. They stay where they are.
    ///
    /// # Errors
    /// It was answered or taken back, or is somebody else's to say.
    pub async fn decline_person(
        &self,
        who: &Principal,
        id: HandOverId,
        (person, words): (PersonId, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let mut change = match self.change_beside(who, organisation, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let saved = change.open::<HandOver>(id, Action::HandOver).await?;
        taker_of(who, &saved.value)?;
        let taken = Taken::Declined { at: who.now, words: words.to_owned() };
        let from = saved.value.from;
        let with = PlanWith { record: from, today: from };
        let after = hand_over::answer(&saved.value, person, with, taken).map_err(refused)?;
        change.save("person not taken on", &saved, &after).await?;
        change.finish(&format!("/hand-over/{id}")).await
    }

    /// The one who offered, or their team lead, takes back what was not answered.
    ///
    /// # Errors
    /// Everybody was answered, or it is somebody else's to take back.
    pub async fn take_back_people(
        &self,
        who: &Principal,
        id: HandOverId,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let mut change = match self.change_beside(who, organisation, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let saved = change.open::<HandOver>(id, Action::HandOver).await?;
        if !offers(who, &saved.value)? {
            return Err(refused(NotHandedOver::NotYours));
        }
        let after = hand_over::take_back(&saved.value, who.now).map_err(refused)?;
        change.save("hand-over taken back", &saved, &after).await?;
        change.finish(&format!("/hand-over/{id}")).await
    }
}

fn offered(person: PersonId, words: &str, person_told: bool) -> HandedPerson {
    HandedPerson { person, words: words.to_owned(), person_told, taken: Taken::NotYet }
}

fn taker_of(who: &Principal, h: &HandOver) -> Result<Holder, CareError> {
    let (me, _) = who.worker()?;
    hand_over::taker(h, me, &risen_to(who, h), who.partnership.today(who.now)).map_err(refused)
}

/// Who leads, today, the team that the people come from: as `holding` has what nobody took.
fn risen_to(who: &Principal, h: &HandOver) -> Holder {
    who.partnership.holder_today(&Holder { lead: None, ..h.from }, true, who.now)
}

/// Is this worker the one who offered, or the lead of their team?
fn offers(who: &Principal, h: &HandOver) -> Result<bool, CareError> {
    let (me, _) = who.worker()?;
    Ok(h.from.lead == Some(me) || risen_to(who, h).lead == Some(me))
}

/// While a person waits in a hand-over, the colleague has a relationship with them: the
/// person's own records do not say so, the hand-over does.
fn offer_to(world: &mut PersonWorld, h: &HandOver, person: PersonId) {
    let waits = h.taken_back_at.is_none() && h.waiting().any(|p| p.person == person);
    if let Some(colleague) = h.to.lead.filter(|_| waits) {
        world.offered_to.push((Party::Worker(colleague), h.to.organisation));
    }
}

/// What goes over with the person, opened for handing over.
fn handed(change: &mut Changing<'_>) -> Result<PersonFacts, CareError> {
    Ok(PersonFacts {
        person: change.open_person(Action::HandOver)?,
        needs: change.all(Action::HandOver)?,
        steps: change.all(Action::HandOver)?,
        referrals: change.all(Action::HandOver)?,
        tellings: change.all(Action::HandOver)?,
        messages: change.all(Action::HandOver)?,
        worries: Vec::new(),
        consents: Vec::new(),
        looks: Vec::new(),
        rights: Vec::new(),
        matches: Vec::new(),
    })
}

async fn save_taken(
    change: &mut Changing<'_>,
    facts: &PersonFacts,
    (to, today): (Holder, Holder),
) -> Result<(), CareError> {
    const WORD: &str = "taken on by a colleague";
    let taken = take_on(facts, to, today);
    change.save(WORD, &facts.person, &taken.person.value, None).await?;
    for need in &taken.needs {
        change.save(WORD, need, &need.value, None).await?;
    }
    for step in &taken.steps {
        change.save(WORD, step, &step.value, None).await?;
    }
    for telling in &taken.tellings {
        change.save(WORD, telling, &telling.value, None).await?;
    }
    for message in &taken.messages {
        change.save(WORD, message, &message.value, None).await?;
    }
    for referral in &taken.referrals {
        change.save(WORD, referral, &referral.value, None).await?;
    }
    Ok(())
}

async fn page(look: &mut Looking<'_>, id: HandOverId) -> Result<HandOverPage, CareError> {
    let ask = look.batch.ask(Action::View);
    let guarded = look.tx.find::<HandOver>(RecordId::from(id)).await?;
    let Some(guarded) = guarded.filter(|g| g.item().person.is_none()) else {
        look.batch.missing(&ask);
        return Err(CareError::Missing);
    };
    let world = look.beside(RecordId::from(id)).await?;
    let saved = look.open(&world, guarded, &ask)?;
    let h = &saved.value;
    let ids: Vec<PersonId> = h.people.iter().map(|p| p.person).collect();
    let records = look.tx.list_open_of_people(&ids).await?;
    let mut names = BTreeMap::new();
    for (person, mut world) in look.worlds(&ids).await? {
        offer_to(&mut world, h, person);
        let guarded = records.get(&person).map(|r| r.of::<Person>()).transpose()?;
        let Some(guarded) = guarded.into_iter().flatten().next() else { continue };
        if let Some(name) = look.name(&world, guarded) {
            names.insert(person, name);
        }
    }
    let open = h.taken_back_at.is_none() && h.waiting().next().is_some();
    let may_answer = open && taker_of(look.who, h).is_ok();
    let may_take_back = open && offers(look.who, h)?;
    Ok(HandOverPage { hand_over: saved, names, may_answer, may_take_back })
}

/// When a hand-over was answered, for its page.
pub fn answered_at(taken: &Taken) -> Option<Instant> {
    match taken {
        Taken::NotYet => None,
        Taken::Accepted { at } | Taken::Declined { at, .. } => Some(*at),
    }
}

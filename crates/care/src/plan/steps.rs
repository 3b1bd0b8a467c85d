//! Steps: a small thing somebody will do by a day. It may ask a worker or team of an
//! organisation that is involved; seeing it makes nobody responsible, saying yes does.

use super::needs::usual_sensitivity;
use super::{at_field, own_holder};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::id::{GoalId, NeedId, OrganisationId, PersonId, StepId, TeamId, WorkerId};
use kith_domain::next_date::check_day;
use kith_domain::person::Person;
use kith_domain::plan::{Asks, Note, NoteKind, Step, StepOwner, StepStatus};
use kith_domain::planning;
use kith_domain::record::Saved;
use kith_domain::supporter::Involvement;
use kith_domain::time::Day;
use uuid::Uuid;

/// A step to be written down.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// In which area of life.
    pub area: Area,
    /// What.
    pub what: String,
    /// For which need.
    pub need: Option<NeedId>,
    /// For which goal.
    pub goal: Option<GoalId>,
    /// Who is to do it.
    pub owner: StepOwner,
    /// By when.
    pub by: Day,
    /// Does it ask anything of them?
    pub asks: Asks,
}

/// What is done with a step.
#[derive(Clone, Debug)]
pub enum StepChange {
    /// The owner says yes to it.
    Accept,
    /// It was done on a day; how it went.
    Done(Day, Option<String>),
    /// It is no longer wanted; why.
    Drop(Option<String>),
    /// It gets another day, with a reason.
    Move(Day, String),
}

/// Somebody who could be asked to do a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Possible {
    /// Who.
    pub owner: StepOwner,
    /// The worker, when it is not a whole team.
    pub worker: Option<WorkerId>,
    /// The team.
    pub team: TeamId,
    /// The organisation.
    pub organisation: OrganisationId,
}

/// A step for reading.
#[derive(Debug)]
pub struct StepPage {
    /// Whose plan.
    pub person: Saved<Person>,
    /// The step.
    pub step: Saved<Step>,
    /// May this reader change it?
    pub may_change: bool,
    /// Does it ask this reader, who has not said yes?
    pub asks_me: bool,
}

impl Kith {
    /// The person, and everybody involved who could be asked to do a step.
    ///
    /// # Errors
    /// The person may not be seen.
    pub async fn possible_owners(
        &self,
        who: &Principal,
        person: PersonId,
    ) -> Result<(Saved<Person>, Vec<Possible>), CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = match look.person(&about) {
            Ok(p) => look.all::<Involvement>(&about).map(|involved| {
                let owners = possible(who, &involved);
                (p, owners)
            }),
            Err(e) => Err(e),
        };
        look.finish_with(result).await
    }

    /// Writes down a step. What the writer will do themselves is theirs at once.
    ///
    /// # Errors
    /// The day cannot be, the owner is not involved, or it is refused.
    pub async fn add_step(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewStep,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let today = who.partnership.today(who.now);
        check_day(new.by, today, who.partnership.settings())
            .map_err(|why| CareError::field("by", format!("{why}.")))?;
        let mine = matches!(new.owner, StepOwner::Worker { worker, .. } if worker == me);
        let step = Step {
            area: new.area,
            sensitivity: usual_sensitivity(new.area),
            what: new.what.clone(),
            need: new.need,
            goal: new.goal,
            owner: new.owner,
            by: new.by,
            asks: new.asks,
            accepted: mine.then_some(who.now),
            holder: own_holder(who)?,
            status: StepStatus::Open,
            moves_without_contact: 0,
        };
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        if !mine && step.owner != StepOwner::Person {
            let involved = change.all::<Involvement>(Action::View)?;
            if !possible(who, &involved).iter().any(|p| p.owner == step.owner) {
                return Err(CareError::field("owner", "Choose somebody who is involved with this person."));
            }
        }
        let id: StepId = self.new_id();
        change.create_with_id(id, "step written", organisation, &step, Action::Create, None).await?;
        let back = match new.need {
            Some(need) => format!("/people/{person}/needs/{need}"),
            None => format!("/people/{person}/plan#steps"),
        };
        change.finish(&back).await
    }

    /// A step.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn step_page(
        &self,
        who: &Principal,
        person: PersonId,
        step: StepId,
    ) -> Result<StepPage, CareError> {
        let mut look = self.look(who).await?;
        let result = page(&mut look, person, step).await;
        look.finish_with(result).await
    }

    /// Changes a step. Why a day moved stands in the story, for everybody who helps.
    ///
    /// # Errors
    /// Somebody changed it in between, a day cannot be, or it is refused.
    pub async fn change_step(
        &self,
        who: &Principal,
        person: PersonId,
        (step, version): (StepId, u32),
        what: StepChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let today = who.partnership.today(who.now);
        let settings = who.partnership.settings();
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Step>(step, Action::Update)?;
        Changing::expect_version(&saved, version)?;
        let s = &saved.value;
        let (word, after, told) = match what {
            StepChange::Accept => {
                let after = planning::step_accepted(s, me, &who.actor.teams, who.now);
                ("step accepted", after.map_err(at_field("by"))?, None)
            }
            StepChange::Done(on, words) => {
                ("step done", planning::step_done(s, on, words, today).map_err(at_field("day"))?, None)
            }
            StepChange::Drop(why) => {
                ("step dropped", planning::step_dropped(s, why, today).map_err(at_field("why"))?, None)
            }
            StepChange::Move(by, reason) => {
                let heard_at = change.open_person(Action::View).ok().and_then(|p| p.value.heard_at);
                let moved = planning::step_moved(
                    s,
                    (by, &reason),
                    (saved.meta.at, heard_at),
                    who.now,
                    today,
                    settings,
                );
                let after = moved.map_err(at_field("by"))?;
                let day = kith_domain::next_date::words_of(by);
                let words = format!("“{}” was moved to {day}: {reason}", s.what);
                ("step moved", after, Some(words))
            }
        };
        change.save(word, &saved, &after, None).await?;
        if let Some(words) = told {
            let note = story(s, words, today);
            change.create("step moved", organisation, &note, Action::Create, None).await?;
        }
        change.finish(&format!("/people/{person}/steps/{step}")).await
    }
}

/// A line for the story, as private as the step itself.
fn story(step: &Step, words: String, on: Day) -> Note {
    Note {
        area: step.area,
        sensitivity: step.sensitivity,
        categories: Vec::new(),
        hidden: false,
        hidden_reason: None,
        third_party: false,
        allow_list: Vec::new(),
        kind: NoteKind::Story,
        words,
        on,
        contact_with: None,
        amends: None,
    }
}

/// Workers and teams of the organisations involved today.
fn possible(who: &Principal, involved: &[Saved<Involvement>]) -> Vec<Possible> {
    let today = who.partnership.today(who.now);
    let mut found = Vec::new();
    for i in involved.iter().map(|s| &s.value).filter(|i| i.in_date(today)) {
        let (organisation, team, worker) = (i.organisation, i.team, i.worker);
        let owner = match worker {
            Some(worker) => StepOwner::Worker { organisation, team, worker },
            None => StepOwner::Team { organisation, team },
        };
        let possible = Possible { owner, worker, team, organisation };
        if !found.contains(&possible) {
            found.push(possible);
        }
    }
    found
}

async fn page(look: &mut Looking<'_>, person: PersonId, step: StepId) -> Result<StepPage, CareError> {
    let (me, _) = look.who.worker()?;
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    let ask = look.batch.ask(Action::View);
    let found = look.one::<Step>(&about, step, &ask)?;
    let update = look.batch.ask(Action::Update);
    // As it is sealed: with whom it is addressed to, who may say yes without more.
    let items = about.records.of::<Step>()?;
    let item = items.iter().map(|g| g.item()).find(|item| item.id == found.meta.id);
    let may_change = item.is_some_and(|item| look.batch.permit(&about.world, item, &update).is_ok());
    let s = &found.value;
    let to_me = planning::step_accepted(s, me, &look.who.actor.teams, look.who.now).is_ok();
    let asks_me = to_me && s.accepted.is_none();
    Ok(StepPage { person: saved, step: found, may_change, asks_me })
}

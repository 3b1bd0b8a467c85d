//! Steps: a small thing somebody will do by a day. It may ask a worker or team of an
//! organisation that is involved; seeing it makes nobody responsible, saying yes does.

use super::drafts::add_form;
use super::needs::usual_sensitivity;
use super::{at_field, own_holder};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use crate::sharing::preview::actors_of;
use kith_access::{Action, Actor, Batch, Item, Party};
use kith_domain::area::Area;
use kith_domain::id::{GoalId, NeedId, OrganisationId, PersonId, RecordId, StepId, TeamId, WorkerId};
use kith_domain::need::Need;
use kith_domain::next_date::check_day;
use kith_domain::person::Person;
use kith_domain::plan::{Asks, Note, NoteKind, Step, StepOwner, StepStatus};
use kith_domain::planning;
use kith_domain::record::{Record, Saved};
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
    /// Whoever is asked says yes, and by which day they will do it; the day that was asked when
    /// none.
    Accept(Option<Day>),
    /// Whoever is asked says no, in words for the one who asked.
    No(String),
    /// Somebody is asked to do it, after a no or instead of somebody else.
    Ask(StepOwner),
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
    pub person: PersonId,
    /// The name they like to be called, where this reader may know it.
    pub called: String,
    /// May this reader see the plan it belongs to?
    pub sees_plan: bool,
    /// Who could be asked instead.
    pub owners: Vec<Possible>,
    /// The step.
    pub step: Saved<Step>,
    /// The need it is for, where this reader may see that.
    pub need: Option<NeedId>,
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
            said_no: None,
            holder: own_holder(who)?,
            status: StepStatus::Open,
            moves_without_contact: 0,
            categories: Vec::new(),
            guard: Default::default(),
        };
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        if !mine {
            may_be_asked(&mut change, &step, organisation)?;
        }
        let id: StepId = self.new_id();
        change.create_with_id(id, "step written", organisation, &step, Action::Create, None).await?;
        let back = match new.need {
            Some(need) => format!("/people/{person}/needs/{need}"),
            None => format!("/people/{person}/plan#steps"),
        };
        change.forget_draft(&add_form(person, "steps")).await?;
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
            StepChange::Accept(by) => {
                let by = by.unwrap_or(s.by);
                if by != s.by {
                    check_day(by, today, settings)
                        .map_err(|why| CareError::field("accept_by", format!("{why}.")))?;
                }
                let after = planning::step_accepted(s, me, &who.actor.teams, who.now);
                ("step accepted", Step { by, ..after.map_err(at_field("accept_by"))? }, None)
            }
            StepChange::No(words) => {
                let after = planning::step_declined(s, me, &who.actor.teams, &words, who.now);
                ("step said no to", after.map_err(at_field("no"))?, None)
            }
            StepChange::Ask(owner) => {
                let mine = matches!(owner, StepOwner::Worker { worker, .. } if worker == me);
                let after = planning::step_asked(s, owner, mine, who.now).map_err(at_field("owner"))?;
                if !mine {
                    may_be_asked(&mut change, &after, saved.meta.owner)?;
                }
                ("step asked", after, None)
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
        // Who said no has nothing more to do with it.
        let answer = match word {
            "step said no to" => "/today".to_owned(),
            _ => format!("/people/{person}/steps/{step}"),
        };
        change.finish(&answer).await
    }
}

/// Whoever is asked is involved with the person, and could see what they are asked.
fn may_be_asked(change: &mut Changing<'_>, step: &Step, owner: OrganisationId) -> Result<(), CareError> {
    let who = change.who;
    let (asked, party) = match step.owner {
        StepOwner::Person => return Ok(()),
        StepOwner::Worker { organisation, worker, .. } => (organisation, Party::Worker(worker)),
        StepOwner::Team { organisation, team } => (organisation, Party::Team(team)),
    };
    let involved = change.all::<Involvement>(Action::View)?;
    if !possible(who, &involved).iter().any(|p| p.owner == step.owner) {
        return Err(CareError::field("owner", "Choose somebody who is involved with this person."));
    }
    let item = Item {
        person: Some(change.person),
        id: RecordId(Uuid::nil()),
        version: 1,
        kind: Step::KIND,
        owner,
        label: step.label(),
        created_by: who.actor.author(),
        created: who.now,
        addressed: vec![party],
    };
    let standing = who.partnership.standing(Some(asked), who.now);
    let is_asked = |actor: &Actor| match party {
        Party::Worker(worker) => actor.worker_id() == Some(worker),
        Party::Team(team) => actor.teams.contains(&team),
    };
    let mut actors = actors_of(who, asked).into_iter().filter(is_asked);
    let sees = actors.any(|actor| {
        let mut batch = Batch::new(change.kith.decider(), &actor, &standing, who.now);
        let ask = batch.ask(Action::View);
        batch.permit(&change.world, &item, &ask).is_ok()
    });
    if sees {
        return Ok(());
    }
    let name = who.partnership.organisation_name(asked).unwrap_or_default();
    Err(CareError::field(
        "owner",
        format!(
            "{name} could not see this: the person has not agreed that it sees “{}”. Ask the person first, and \
             write it down under “Who can see what”.",
            step.area.title()
        ),
    ))
}

/// A line for the story, guarded as the step itself.
fn story(step: &Step, words: String, on: Day) -> Note {
    let label = step.label();
    Note {
        area: step.area,
        sensitivity: step.sensitivity,
        categories: label.categories,
        hidden: label.hidden,
        hidden_reason: step.guard.hidden.as_ref().map(|h| h.harm.clone()),
        hidden_review: step.guard.hidden.as_ref().map(|h| h.review.clone()),
        third_party: label.third_party,
        allow_list: label.allow_list,
        kind: NoteKind::Story,
        words,
        on,
        contact_with: None,
        amends: None,
        marked: Vec::new(),
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
    let ask = look.batch.ask(Action::View);
    let found = look.one::<Step>(&about, step, &ask)?;
    // With whom it is addressed to, who may say yes without more.
    let may_change = look.may_open::<Step>(&about, step, Action::Update);
    let s = &found.value;
    let asks_me = planning::asks_of(s, me, &look.who.actor.teams);
    // Somebody who is asked to do one thing sees that and the name, not the plan around it.
    let whose = about.records.first::<Person>()?;
    let sees_plan = whose.as_ref().is_some_and(|g| look.batch.permit(&about.world, g.item(), &ask).is_ok());
    let called = whose.and_then(|g| look.name(&about.world, g)).unwrap_or_else(|| "Somebody".into());
    let owners = match sees_plan && may_change {
        true => possible(look.who, &look.all::<Involvement>(&about)?),
        false => Vec::new(),
    };
    // Where the need may not be seen, nothing says that there is one.
    let needs: Vec<Saved<Need>> = if s.need.is_some() { look.all(&about)? } else { Vec::new() };
    let need = s.need.filter(|id| needs.iter().any(|n| n.meta.id == RecordId::from(*id)));
    Ok(StepPage { person, called, sees_plan, owners, step: found, need, may_change, asks_me })
}

//! Goals: what the person wants, in their words, until they got there or let it go.

use super::drafts::add_form;
use super::needs::usual_sensitivity;
use super::{at_field, spoken_to};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::guarding::Guard;
use kith_domain::id::{GoalId, PersonId};
use kith_domain::person::Person;
use kith_domain::plan::{Goal, GoalStatus};
use kith_domain::planning;
use kith_domain::record::{Author, Saved};
use kith_domain::time::Day;
use uuid::Uuid;

/// What is done with a goal.
#[derive(Clone, Debug)]
pub enum GoalChange {
    /// They got there, in their words.
    Reached(Option<String>),
    /// They let it go.
    LetGo,
    /// They want it again.
    Again,
}

/// A goal, for its page.
pub struct GoalPage {
    /// Whose it is.
    pub person: Saved<Person>,
    /// The goal.
    pub goal: Saved<Goal>,
    /// May this reader change it?
    pub may_change: bool,
}

impl Kith {
    /// Writes down a goal.
    ///
    /// # Errors
    /// The day to look again cannot be, or it is refused.
    pub async fn add_goal(
        &self,
        who: &Principal,
        person: PersonId,
        (area, words, review_on): (Area, String, Option<Day>),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        if let Some(on) = review_on {
            planning::check_review(on, who.partnership.today(who.now)).map_err(at_field("review"))?;
        }
        let goal = Goal {
            area,
            words,
            sensitivity: usual_sensitivity(area),
            categories: Vec::new(),
            status: GoalStatus::Open,
            review_on,
            guard: Guard::default(),
        };
        match self.change(who, person, submission).await? {
            Begun::Before(answer) => Ok(answer),
            Begun::Go(mut change) => {
                let words_of = Some(Author::Person { person });
                change.create("goal written", organisation, &goal, Action::Create, words_of).await?;
                change.forget_draft(&add_form(person, "goals")).await?;
                change.finish(&format!("/people/{person}/plan#goals")).await
            }
        }
    }

    /// A goal and whose it is.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn goal(&self, who: &Principal, person: PersonId, goal: GoalId) -> Result<GoalPage, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = match look.person(&about) {
            Ok(person) => {
                let ask = look.batch.ask(Action::View);
                let found = look.one::<Goal>(&about, goal, &ask);
                let may_change = look.may_open::<Goal>(&about, goal, Action::Update);
                found.map(|goal| GoalPage { person, goal, may_change })
            }
            Err(e) => Err(e),
        };
        look.finish_with(result).await
    }

    /// Changes a goal.
    ///
    /// # Errors
    /// Somebody changed it in between, or it is refused.
    pub async fn change_goal(
        &self,
        who: &Principal,
        person: PersonId,
        (goal, version): (GoalId, u32),
        what: GoalChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let today = who.partnership.today(who.now);
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Goal>(goal, Action::Update)?;
        Changing::expect_version(&saved, version)?;
        let (word, after) = match what {
            GoalChange::Reached(words) => (
                "goal reached",
                planning::goal_reached(&saved.value, words, today).map_err(at_field("what"))?,
            ),
            GoalChange::LetGo => {
                ("goal let go", planning::goal_let_go(&saved.value, today).map_err(at_field("what"))?)
            }
            GoalChange::Again => ("goal wanted again", planning::goal_again(&saved.value)),
        };
        change.save(word, &saved, &after, Some(Author::Person { person })).await?;
        spoken_to(&mut change).await?;
        change.finish(&format!("/people/{person}/plan#goals")).await
    }
}

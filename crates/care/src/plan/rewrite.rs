//! Needs, goals and steps in other words. How they stand is changed elsewhere; here it is
//! what they say, by anybody who may write in that part of life. What was begun is kept,
//! and two who write at once both find their words again.

use super::at_field;
use super::drafts::{self, Draft};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::Principal;
use kith_access::{Action, Item};
use kith_domain::area::Area;
use kith_domain::id::{GoalId, NeedId, PersonId, RecordId, StepId};
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Step};
use kith_domain::planning;
use kith_domain::record::{Author, Meta, Saved};
use kith_domain::time::Day;
use kith_store::Personal;
use uuid::Uuid;

/// A thing of a plan that anybody who helps may put in other words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Living {
    /// A need.
    Need(NeedId),
    /// A goal.
    Goal(GoalId),
    /// A step.
    Step(StepId),
}

impl Living {
    /// The end of its path: `needs/...`.
    pub fn slug(self) -> String {
        match self {
            Living::Need(id) => format!("needs/{id}"),
            Living::Goal(id) => format!("goals/{id}"),
            Living::Step(id) => format!("steps/{id}"),
        }
    }

    /// The name under which what is typed into its form is kept.
    pub fn form(self, person: PersonId) -> String {
        format!("plan/{person}/{}", self.slug())
    }
}

/// What it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Says {
    /// The words: of a step, what will be done.
    pub words: String,
    /// In which area of life.
    pub area: Area,
    /// A need: the kind of need, from the list.
    pub code: Option<String>,
    /// A goal: the day it is looked at again.
    pub review_on: Option<Day>,
}

/// A thing of a plan, for writing it in other words.
#[derive(Debug)]
pub struct LivingPage {
    /// Whose plan.
    pub person: Saved<Person>,
    /// What it says now.
    pub says: Says,
    /// Version, author and time of what it says now.
    pub meta: Meta,
    /// Is it still going on?
    pub open: bool,
    /// What this writer had begun, newest first.
    pub drafts: Vec<Draft>,
    /// May this reader write it?
    pub may_write: bool,
}

impl Kith {
    /// A need, goal or step for writing it in other words.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn living(
        &self,
        who: &Principal,
        person: PersonId,
        thing: Living,
    ) -> Result<LivingPage, CareError> {
        let mut look = self.look(who).await?;
        let result = page(&mut look, person, thing).await;
        look.finish_with(result).await
    }

    /// Puts a need, goal or step in other words, on top of the version they were written
    /// on, and forgets the draft.
    ///
    /// # Errors
    /// [`CareError::Conflict`] when somebody saved in between: nothing is overwritten.
    pub async fn rewrite(
        &self,
        who: &Principal,
        person: PersonId,
        (thing, version): (Living, u32),
        says: &Says,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let today = who.partnership.today(who.now);
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let says = says.clone();
        match thing {
            Living::Need(id) => {
                put(&mut change, (id, version), "need rewritten", Some(person), |need: &Need| {
                    planning::need_rewritten(need, says.words, says.area, says.code)
                })
                .await?;
            }
            Living::Goal(id) => {
                put(&mut change, (id, version), "goal rewritten", Some(person), |goal: &Goal| {
                    planning::goal_rewritten(goal, says.words, says.area, says.review_on, today)
                })
                .await?;
            }
            Living::Step(id) => {
                put(&mut change, (id, version), "step rewritten", None, |step: &Step| {
                    planning::step_rewritten(step, says.words, says.area, me)
                })
                .await?;
            }
        }
        change.forget_draft(&thing.form(person)).await?;
        change.finish(&format!("/people/{person}/{}", thing.slug())).await
    }
}

/// Opens it for update, checks the version, decides and saves. Filed under another part
/// of life it must be one in which this writer may write.
async fn put<T: Personal>(
    change: &mut Changing<'_>,
    (id, version): (impl Into<RecordId>, u32),
    word: &str,
    words_of: Option<PersonId>,
    decide: impl FnOnce(&T) -> Result<T, planning::NotPlanned>,
) -> Result<(), CareError> {
    let saved = change.open::<T>(id, Action::Update)?;
    Changing::expect_version(&saved, version)?;
    let after = decide(&saved.value).map_err(at_field("review"))?;
    if after.label().area != saved.value.label().area {
        let ask = change.batch.ask(Action::Create);
        let draft = kith_access::Draft::of(&after, saved.meta.owner);
        if change.batch.permit_new(&change.world, &draft, &ask).is_err() {
            return Err(CareError::field("area", "Choose a part of life that you may write in."));
        }
    }
    change.save(word, &saved, &after, words_of.map(|person| Author::Person { person })).await?;
    Ok(())
}

async fn page(look: &mut Looking<'_>, person: PersonId, thing: Living) -> Result<LivingPage, CareError> {
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    let (says, meta, open, may_write) = match thing {
        Living::Need(id) => found(look, &about, id, |need: &Need| Says {
            words: need.words.clone(),
            area: need.area,
            code: need.code.clone(),
            review_on: None,
        })?,
        Living::Goal(id) => found(look, &about, id, |goal: &Goal| Says {
            words: goal.words.clone(),
            area: goal.area,
            code: None,
            review_on: goal.review_on,
        })?,
        Living::Step(id) => found(look, &about, id, |step: &Step| Says {
            words: step.what.clone(),
            area: step.area,
            code: None,
            review_on: None,
        })?,
    };
    let drafts = drafts::list(&mut look.tx, look.who, person, &thing.form(person)).await?;
    Ok(LivingPage { person: saved, says, meta, open, drafts, may_write })
}

fn found<T: Personal>(
    look: &mut Looking<'_>,
    about: &About,
    id: impl Into<RecordId>,
    says: impl FnOnce(&T) -> Says,
) -> Result<(Says, Meta, bool, bool), CareError> {
    let ask = look.batch.ask(Action::View);
    let found = look.one::<T>(about, id, &ask)?;
    let update = look.batch.ask(Action::Update);
    let may_write = look.batch.permit(&about.world, &Item::of_saved(&found), &update).is_ok();
    let open = found.value.open();
    Ok((says(&found.value), found.meta, open, may_write && open))
}

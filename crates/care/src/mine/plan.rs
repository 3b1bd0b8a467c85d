//! My plan, as it reads to me: every line with its words beside it, a way to add my own
//! and a way to say that I see it differently. What is hidden from these pages or about
//! somebody else is not loaded by the rules, and nothing here counts or hints at it.

use super::words::hold_words;
use super::{Reader, plan_reader, word_needed};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::Principal;
use kith_access::{Action, Ask};
use kith_domain::id::RecordId;
use kith_domain::message::{Message, MessageKind};
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::{Addition, Disagreement, Goal, Note, NoteKind, PlanSection, Step, Telling};
use kith_domain::record::{Author, Record, Saved};
use kith_domain::referral::Referral;
use kith_domain::supporter::{Involvement, Supporter};
use kith_domain::time::Day;
use uuid::Uuid;

/// Everything of the plan that may be read here.
#[derive(Debug)]
pub struct MyPlan {
    /// The person.
    pub person: Saved<Person>,
    /// The sections.
    pub sections: Vec<Saved<PlanSection>>,
    /// Needs.
    pub needs: Vec<Saved<Need>>,
    /// Help that was asked for and that these pages show.
    pub referrals: Vec<Saved<Referral>>,
    /// Goals.
    pub goals: Vec<Saved<Goal>>,
    /// Steps.
    pub steps: Vec<Saved<Step>>,
    /// Places they were told about.
    pub tellings: Vec<Saved<Telling>>,
    /// Who is involved.
    pub involved: Vec<Saved<Involvement>>,
    /// Who stands beside them.
    pub supporters: Vec<Saved<Supporter>>,
    /// Their own words about single records.
    pub said: Vec<Saved<Message>>,
    /// What whoever visits is told, with its day; the newest first. For the person alone: nobody
    /// they let in reads who may be dangerous to meet.
    pub visiting: Vec<(Day, String)>,
    /// Who reads what is written here.
    pub reader: Reader,
}

/// A line of the plan that can be spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// The record it stands in.
    pub record: RecordId,
    /// Its version.
    pub version: u32,
    /// Which line of the record, from 0.
    pub number: usize,
    /// The line as it stands.
    pub text: String,
}

/// What the person says about a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Say {
    /// Something to add.
    Add,
    /// They see it differently.
    Differently,
}

/// What went without their agreement is told by somebody, never by a page.
fn may_see(referral: &Saved<Referral>) -> bool {
    referral.value.person_may_see()
}

/// Every line of a section, in the order of the page: the words, what is going well, what
/// the person wants different.
pub fn lines_of(section: &PlanSection) -> Vec<String> {
    [&section.words, &section.going_well, &section.want_different]
        .into_iter()
        .flat_map(|text| text.lines())
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Kith {
    /// The person's plan.
    ///
    /// # Errors
    /// It is not a person who asks, or a code alone does not reach this far.
    pub async fn my_plan(&self, who: &Principal) -> Result<MyPlan, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let ask = look.batch.ask(Action::View);
        let result = plan_for(&mut look, &about, &ask);
        look.finish_with(word_needed(who, result)).await
    }

    /// One line of the plan, to speak to.
    ///
    /// # Errors
    /// There is no such line.
    pub async fn my_line(
        &self,
        who: &Principal,
        record: RecordId,
        number: usize,
    ) -> Result<(PlanLine, Reader), CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = line(&mut look, &about, record, number);
        look.finish_with(word_needed(who, result)).await
    }

    /// Says something about one line: kept beside it, and held as words to be read.
    ///
    /// # Errors
    /// There is no such line, or it was changed meanwhile ([`CareError::Conflict`]).
    pub async fn say_about_line(
        &self,
        who: &Principal,
        at: &PlanLine,
        say: Say,
        words: String,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let (kind, text) = beside(&mut change, at, say, &words).await?;
        let held = match say {
            Say::Add => format!("About “{text}”: {words}"),
            Say::Differently => format!("I see this differently: “{text}”. {words}"),
        };
        let (area, sensitivity) = kind;
        hold_words(&mut change, held, Some(at.record), area, sensitivity).await?;
        change.finish("/mine/plan/said").await
    }
}

/// Reads the plan under a question: to look at it, or to put it on paper.
pub(crate) fn plan_for(look: &mut Looking<'_>, about: &About, ask: &Ask) -> Result<MyPlan, CareError> {
    let guarded = about.records.first::<Person>()?.ok_or(CareError::Missing)?;
    let person = look.open(&about.world, guarded, ask)?;
    let reader = plan_reader(look.who, &person.value);
    let mut said = look.all_for::<Message>(about, ask)?;
    said.retain(|m| {
        m.value.kind == MessageKind::OwnWords
            && m.value.about.is_some()
            && matches!(m.value.from, Author::Person { .. })
    });
    let mut visiting = Vec::new();
    if look.who.person().is_ok() {
        let notes: Vec<Saved<Note>> = look.all_for(about, ask)?;
        let told = notes.into_iter().filter(|n| n.value.kind == NoteKind::Visiting);
        visiting.extend(told.map(|n| (n.value.on, n.value.words)));
        visiting.sort_by_key(|(on, _)| std::cmp::Reverse(*on));
    }
    Ok(MyPlan {
        visiting,
        sections: look.all_for(about, ask)?,
        needs: look.all_for(about, ask)?,
        referrals: look.all_for(about, ask)?.into_iter().filter(may_see).collect(),
        goals: look.all_for(about, ask)?,
        steps: look.all_for(about, ask)?,
        tellings: look.all_for(about, ask)?,
        involved: look.all_for(about, ask)?,
        supporters: look.all_for(about, ask)?,
        said,
        reader,
        person,
    })
}

fn line(
    look: &mut Looking<'_>,
    about: &About,
    record: RecordId,
    number: usize,
) -> Result<(PlanLine, Reader), CareError> {
    let person = look.person(about)?;
    let ask = look.batch.ask(Action::View);
    let plan = plan_for(look, about, &ask)?;
    let at = |version: u32, text: Option<String>| {
        text.map(|text| PlanLine { record, version, number, text }).ok_or(CareError::Missing)
    };
    let first = |text: &str| (number == 0).then(|| text.to_owned());
    let found = if let Some(s) = plan.sections.iter().find(|s| s.meta.id == record) {
        at(s.meta.version, lines_of(&s.value).get(number).cloned())
    } else if let Some(n) = plan.needs.iter().find(|n| n.meta.id == record) {
        at(n.meta.version, first(&n.value.words))
    } else if let Some(g) = plan.goals.iter().find(|g| g.meta.id == record) {
        at(g.meta.version, first(&g.value.words))
    } else if let Some(s) = plan.steps.iter().find(|s| s.meta.id == record) {
        at(s.meta.version, first(&s.value.what))
    } else {
        Err(CareError::Missing)
    };
    Ok((found?, plan_reader(look.who, &person.value)))
}

type Where = (kith_domain::area::Area, kith_domain::area::Sensitivity);

/// Puts the words beside a line of a section; for a need, goal or step the held message
/// itself stands beside it. Gives where it belongs, and the line as it is stored.
async fn beside(
    change: &mut Changing<'_>,
    at: &PlanLine,
    say: Say,
    words: &str,
) -> Result<(Where, String), CareError> {
    match change.open::<PlanSection>(at.record, Action::Contribute) {
        Ok(section) => {
            Changing::expect_version(&section, at.version)?;
            let text = lines_of(&section.value).get(at.number).cloned().ok_or(CareError::Missing)?;
            let (when, by) = (change.who.now, change.who.actor.author());
            let mut after = section.value.clone();
            let words = words.to_owned();
            match say {
                Say::Add => {
                    after.added_words.push(Addition { line: Some(text.clone()), words, at: when, by });
                }
                Say::Differently => {
                    after.disagreements.push(Disagreement { line: text.clone(), words, at: when, by });
                }
            }
            change.save("own words beside a line", &section, &after, None).await?;
            Ok((place_of(&section), text))
        }
        Err(CareError::Missing) => whole_record(change, at),
        Err(other) => Err(other),
    }
}

fn place_of<T: Record>(saved: &Saved<T>) -> Where {
    let label = saved.value.label();
    (label.area, label.sensitivity)
}

fn whole_record(change: &mut Changing<'_>, at: &PlanLine) -> Result<(Where, String), CareError> {
    fn checked<T: Record>(saved: &Saved<T>, at: &PlanLine, text: &str) -> Result<(Where, String), CareError> {
        Changing::expect_version(saved, at.version)?;
        Ok((place_of(saved), text.to_owned()))
    }
    if let Ok(need) = change.open::<Need>(at.record, Action::Contribute) {
        return checked(&need, at, &need.value.words);
    }
    if let Ok(goal) = change.open::<Goal>(at.record, Action::Contribute) {
        return checked(&goal, at, &goal.value.words);
    }
    let step = change.open::<Step>(at.record, Action::Contribute)?;
    checked(&step, at, &step.value.what)
}

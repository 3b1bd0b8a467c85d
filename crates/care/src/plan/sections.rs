//! One section of a plan: reading it with its history and with what was begun and not
//! saved, and saving it. Two editors: one wins, the other gets both texts side by side.

use super::drafts::{self, Draft};
use super::{SectionKey, safety_stub};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::{Action, Item, SafetyStub};
use kith_domain::area::Sensitivity;
use kith_domain::id::PersonId;
use kith_domain::person::Person;
use kith_domain::plan::{Agreed, Part, PlanSection};
use kith_domain::planning::check_review;
use kith_domain::record::{Author, Saved};
use kith_domain::time::{Day, Instant};
use uuid::Uuid;

/// An earlier version of a section.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its number.
    pub version: u32,
    /// When it was written.
    pub at: Instant,
    /// By whom.
    pub author: Author,
    /// In whose words, when the author wrote another's down.
    pub recorded_for: Option<Author>,
    /// What it said; none when it was taken out since.
    pub value: Option<PlanSection>,
}

/// A section for reading or writing.
#[derive(Debug)]
pub struct SectionPage {
    /// Whose plan.
    pub person: Saved<Person>,
    /// As it is saved; none when nothing is.
    pub section: Option<Saved<PlanSection>>,
    /// Whom to ask, where this reader may only know that it exists.
    pub stub: Option<SafetyStub>,
    /// What this writer had begun, newest first.
    pub drafts: Vec<Draft>,
    /// Every version, newest first.
    pub history: Vec<Earlier>,
    /// May this reader write it?
    pub may_write: bool,
}

/// A section as somebody wrote it.
#[derive(Clone, Debug)]
pub struct WrittenSection {
    /// The version it was written on; 0 when nothing was saved.
    pub version: u32,
    /// The words.
    pub words: String,
    /// What is going well.
    pub going_well: String,
    /// What the person wants to be different.
    pub want_different: String,
    /// These are the person's own words.
    pub by_person: bool,
    /// Agreed when and with whom, where the section says so.
    pub agreed: Option<Agreed>,
    /// The day it is looked at again.
    pub review_on: Option<Day>,
}

impl Kith {
    /// A section, its history, and what this writer had begun.
    ///
    /// # Errors
    /// The person may not be seen.
    pub async fn plan_section(
        &self,
        who: &Principal,
        person: PersonId,
        key: SectionKey,
    ) -> Result<SectionPage, CareError> {
        let mut look = self.look(who).await?;
        let result = section(&mut look, person, key).await;
        look.finish_with(result).await
    }

    /// Saves a section on top of the version it was written on, and forgets the draft.
    ///
    /// # Errors
    /// [`CareError::Conflict`] when somebody saved in between: nothing is overwritten.
    pub async fn save_section(
        &self,
        who: &Principal,
        person: PersonId,
        key: SectionKey,
        written: &WrittenSection,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        if let Some(on) = written.review_on {
            let today = who.partnership.today(who.now);
            check_review(on, today).map_err(|why| CareError::field("review", format!("{why}.")))?;
        }
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let found = change.all::<PlanSection>(Action::View)?.into_iter().find(|s| key.is(&s.value));
        let recorded_for = written.by_person.then_some(Author::Person { person });
        match found {
            Some(found) => {
                let saved = change.open::<PlanSection>(found.meta.id, Action::Update)?;
                Changing::expect_version(&saved, written.version)?;
                let value = written.over(&saved.value);
                change.save("section written", &saved, &value, recorded_for).await?;
            }
            None => {
                let value = written.over(&PlanSection::new(key.part, key.area));
                change.create("section written", organisation, &value, Action::Create, recorded_for).await?;
            }
        }
        change.forget_draft(&key.form(person)).await?;
        change.finish(&format!("/people/{person}/plan?saved={}", key.slug())).await
    }
}

impl WrittenSection {
    fn over(&self, old: &PlanSection) -> PlanSection {
        let keeps_agreement = old.part != Part::Review;
        // Written before parts named anything: nobody could have agreed to it by name.
        let unnamed = old.sensitivity >= Sensitivity::S3 && old.categories.is_empty();
        let categories = if unnamed { old.part.usual_categories() } else { old.categories.clone() };
        PlanSection {
            categories,
            words: self.words.clone(),
            going_well: self.going_well.clone(),
            want_different: self.want_different.clone(),
            by_person: self.by_person,
            agreed: if keeps_agreement { old.agreed.clone() } else { self.agreed.clone() },
            review_on: if keeps_agreement { old.review_on } else { self.review_on },
            ..old.clone()
        }
    }
}

async fn section(
    look: &mut Looking<'_>,
    person: PersonId,
    key: SectionKey,
) -> Result<SectionPage, CareError> {
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    let sections: Vec<Saved<PlanSection>> = look.all(&about)?;
    let stub = match key.part {
        Part::Safety => safety_stub(look, &about, &sections)?,
        _ => None,
    };
    let section = sections.into_iter().find(|s| key.is(&s.value));
    let may_write = match (&section, &stub) {
        (Some(s), _) => {
            let ask = look.batch.ask(Action::Update);
            look.batch.permit(&about.world, &Item::of_saved(s), &ask).is_ok()
        }
        (None, Some(_)) => false,
        (None, None) => {
            let (_, organisation) = look.who.worker()?;
            let draft = kith_access::Draft::of(&PlanSection::new(key.part, key.area), organisation);
            let ask = look.batch.ask(Action::Create);
            look.batch.permit_new(&about.world, &draft, &ask).is_ok()
        }
    };
    let mut history = Vec::new();
    if let Some(s) = &section {
        let ask = look.batch.ask(Action::View);
        for v in look.tx.list_versions::<PlanSection>(s.meta.id).await? {
            let (was_there, value) = match v.value {
                Some(g) => (true, look.listed(&about.world, g, &ask)),
                None => (false, None),
            };
            // One that was for fewer people then is not told of; one that was taken out is.
            if was_there && value.is_none() {
                continue;
            }
            let recorded_for = value.as_ref().and_then(|s| s.meta.recorded_for);
            let value = value.map(|s| s.value);
            history.push(Earlier { version: v.number, at: v.at, author: v.author, recorded_for, value });
        }
        history.reverse();
    }
    let drafts = drafts::list(&mut look.tx, look.who, person, &key.form(person)).await?;
    Ok(SectionPage { person: saved, section, stub, drafts, history, may_write })
}

//! A code on paper, made for somebody by whoever holds their plan. Paper must be known to
//! be safe; the code is shown once and never kept where it could be read again.

use super::print::paper_note;
use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::PersonId;
use kith_domain::may_send::NotSafe;
use uuid::Uuid;

/// May a code be made, and for whom.
#[derive(Debug)]
pub struct ForCode {
    /// The name they like to be called.
    pub called: String,
    /// Why not, and what to do.
    pub not_safe: Option<NotSafe>,
}

/// What came of asking for a code.
#[derive(Debug)]
pub enum Made {
    /// The code, to be shown once.
    Code {
        /// The code.
        code: String,
        /// They chose a word with it.
        with_word: bool,
        /// The last day it works.
        until: kith_domain::time::Day,
    },
    /// The form was sent before. A code is never shown twice.
    Before,
}

impl Kith {
    /// The page that asks whether a code can be made.
    ///
    /// # Errors
    /// It may not be done by this worker.
    pub async fn for_code(&self, who: &Principal, person: PersonId) -> Result<ForCode, CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let ask = look.batch.ask(Action::Update);
        let result = look
            .one::<kith_domain::person::Person>(&about, person, &ask)
            .map(|p| ForCode { not_safe: self.paper_is_safe(who, &p).err(), called: p.value.called });
        look.finish_with(result).await
    }

    /// Makes a code on paper. The ones before stop working.
    ///
    /// # Errors
    /// Paper is not safe, the word is too short, or it may not be done by this worker.
    pub async fn give_code(
        &self,
        who: &Principal,
        person: PersonId,
        word: Option<&str>,
        submission: Option<Uuid>,
    ) -> Result<Made, CareError> {
        let (_, organisation) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(_) => return Ok(Made::Before),
            Begun::Go(change) => change,
        };
        let p = change.open_person(Action::Update)?;
        let cleared = self.paper_is_safe(who, &p).map_err(CareError::refused)?;
        // Design, Access, Levels: once, within 7 days, or fewer where the place says so.
        let days = who.standing.limits.numbers().paper_code_days;
        let code = self.make_paper_code(&mut change.tx, &cleared, person, word, days).await?;
        let note =
            paper_note(who, format!("A code on paper was given to {}, by {}.", p.value.called, who.name));
        change.create("code on paper given", organisation, &note, Action::Create, None).await?;
        change.finish(&format!("/people/{person}/code")).await?;
        let with_word = word.is_some_and(|w| !w.trim().is_empty());
        Ok(Made::Code { code, with_word, until: self.calendar().day(who.now.plus_days(days)) })
    }
}

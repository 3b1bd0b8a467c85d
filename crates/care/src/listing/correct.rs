//! Putting an entry right: by its own organisation's workers, by whoever keeps the directory, and by
//! whoever runs it through the link of a reminder. A correction stays when its list is brought in
//! again ([`crate::import::said`]).

use super::{Stored, stored};
use crate::change::loose::BegunLoose;
use crate::error::{CareError, FieldProblem};
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::directory::correct::{Correction, NotSo};
use kith_domain::directory::{Group, Service};
use kith_domain::listing_question::Listed;
use kith_domain::time::Day;
use kith_store::chain::ChainKind;
use kith_store::{WriteTx, Writing};
use uuid::Uuid;

/// What is written in the journal.
const CORRECTED: &str = "corrected and checked";

impl Kith {
    /// An entry for those who may put it right.
    ///
    /// # Errors
    /// It is not there, or not theirs to keep.
    pub async fn listing_to_correct(
        &self,
        who: &Principal,
        about: Listed,
    ) -> Result<(Listed, Stored), CareError> {
        let mut look = self.look(who).await?;
        let directory = look.kith.directory(&mut look.tx).await?;
        let found = stored(&directory, about);
        let result = match found {
            Ok((about, entry)) => {
                let ask = look.batch.ask(Action::KeepListing);
                let item = match &entry {
                    Stored::Service(s) => kith_access::Item::of_saved(s),
                    Stored::Group(g) => kith_access::Item::of_saved(g),
                };
                look.permit(&kith_access::PersonWorld::nobody(), &item, &ask).map(|_| (about, entry))
            }
            Err(no) => Err(no),
        };
        look.finish_with(result).await
    }

    /// Puts an entry right and says that it was checked today. `version` is the one that the form was
    /// made on.
    ///
    /// # Errors
    /// A field needs another look, somebody saved it meanwhile, or it is not theirs to keep.
    pub async fn correct_listing(
        &self,
        who: &Principal,
        about: Listed,
        (said, version): (&Correction, Option<u32>),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let owner = {
            let mut tx = self.store().read().await?;
            let directory = self.directory(&mut tx).await?;
            stored(&directory, about)?.1.owner()
        };
        let mut change = match self.change_beside(who, owner, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let directory = self.directory(&mut change.tx).await?;
        let (about, entry) = stored(&directory, about)?;
        let basis = match &entry {
            Stored::Service(s) => change.permit_about_place(s, Action::KeepListing)?,
            Stored::Group(g) => change.permit_about_place(g, Action::KeepListing)?,
        };
        let now = entry.version();
        if version != Some(now) {
            return Err(CareError::Conflict { expected: version.unwrap_or(0), now });
        }
        let writing = change.writing(&basis);
        put_right(&mut change.tx, &writing, about, said, self.calendar().day(who.now)).await?;
        change.finish(&about.path()).await
    }
}

/// Writes a correction over the entry as it is under the lock. Gives back what was different.
pub(super) async fn put_right(
    tx: &mut WriteTx,
    writing: &Writing,
    about: Listed,
    said: &Correction,
    today: Day,
) -> Result<Vec<String>, CareError> {
    match about {
        Listed::Service(id) => {
            let now = tx.find_common::<Service>(id).await?.ok_or(CareError::Missing)?;
            tx.lock(ChainKind::Organisation, &[now.meta.owner.0]).await?;
            let now = tx.find_common::<Service>(id).await?.ok_or(CareError::Missing)?;
            let (after, changed) = said.correct_service(&now.value, today).map_err(|bad| problems(&bad))?;
            tx.change(writing, CORRECTED, &now.meta, &after).await?;
            Ok(changed)
        }
        Listed::Group(id) => {
            let now = tx.find_common::<Group>(id).await?.ok_or(CareError::Missing)?;
            tx.lock(ChainKind::Organisation, &[now.meta.owner.0]).await?;
            let now = tx.find_common::<Group>(id).await?.ok_or(CareError::Missing)?;
            let (after, changed) = said.correct_group(&now.value, today).map_err(|bad| problems(&bad))?;
            tx.change(writing, CORRECTED, &now.meta, &after).await?;
            Ok(changed)
        }
    }
}

fn problems(bad: &[NotSo]) -> CareError {
    let each = |b: &NotSo| FieldProblem { field: b.field.to_owned(), problem: b.problem.clone() };
    CareError::Fields(bad.iter().map(each).collect())
}

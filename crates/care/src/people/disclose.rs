//! The disclosure register: what was given to somebody outside by law, written down. Kith itself
//! sends nothing.

use super::marks::look_again;
use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::plan::own_holder;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::disclosure::{Disclosure, NotDisclosed, written};
use kith_domain::id::PersonId;
use uuid::Uuid;

fn at_field(why: &NotDisclosed) -> CareError {
    let field = match why {
        NotDisclosed::NobodyAsked => "asked_by",
        NotDisclosed::NoReference => "reference",
        NotDisclosed::NobodyDecided => "decided_by",
        NotDisclosed::NothingWent => "went",
        NotDisclosed::Future => "given",
        NotDisclosed::NoWhy => "why",
        NotDisclosed::Again { .. } => "again",
    };
    CareError::field(field, format!("{why}."))
}

impl Kith {
    /// Writes down what was given to somebody outside. Where the person is not told now, that is
    /// held until somebody looks again.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn disclose(
        &self,
        who: &Principal,
        person: PersonId,
        what: &Disclosure,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let note =
            written(what, own_holder(who)?, who.partnership.today(who.now)).map_err(|w| at_field(&w))?;
        let saved =
            change.create("given to somebody outside", organisation, &note, Action::Create, None).await?;
        if let Some(review) = &note.hidden_review {
            look_again(&mut change, saved.meta.id, review, super::marks::NOTE_HIDDEN).await?;
        }
        change.finish(&format!("/people/{person}#story")).await
    }
}

//! An inquiry or a court asks for everything about somebody to be kept: while it does, no words
//! are taken out.

use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::PersonId;
use kith_domain::removal::{self, NotOut};
use uuid::Uuid;

/// What is written down.
#[derive(Clone, Debug)]
pub enum Keep {
    /// This inquiry or court asks for everything.
    Everything(String),
    /// The one at this place in the list asks no more.
    NoMore(usize),
}

impl Kith {
    /// Writes it down.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn keep_everything(
        &self,
        who: &Principal,
        person: PersonId,
        what: &Keep,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::Update)?;
        let (word, after) = match what {
            Keep::Everything(words) => {
                ("everything is kept", removal::keep_all(&saved.value, words, me, who.now))
            }
            Keep::NoMore(which) => {
                ("not everything is kept any more", removal::keep_no_more(&saved.value, *which, who.now))
            }
        };
        let after = after.map_err(|why| match why {
            NotOut::NoName => CareError::field("what", format!("{why}.")),
            _ => CareError::refused(format!("{why}.")),
        })?;
        change.save(word, &saved, &after, None).await?;
        change.finish(&format!("/people/{person}/keep")).await
    }
}

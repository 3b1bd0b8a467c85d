//! What somebody has typed and not yet saved. Kept under the writer's own key, so that it
//! survives signing out and another device; forgotten only when the form is saved.

use crate::change::Begun;
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::PersonId;
use kith_domain::time::Instant;
use kith_store::Tx;

/// What was typed: names of fields and values, as the form sent them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// When it was kept.
    pub at: Instant,
    /// The fields.
    pub fields: Vec<(String, String)>,
}

/// The name under which what is typed into the form for adding something to a plan is kept.
pub fn add_form(person: PersonId, kind: &str) -> String {
    format!("plan/{person}/add/{kind}")
}

impl Kith {
    /// What this actor had typed into a form about a person.
    ///
    /// # Errors
    /// The person may not be seen, or the database could not be read.
    pub async fn kept_draft(
        &self,
        who: &Principal,
        person: PersonId,
        form: &str,
    ) -> Result<Option<Draft>, CareError> {
        let mut look = self.look(who).await?;
        let result = kept(&mut look, person, form).await;
        look.finish_with(result).await
    }

    /// Keeps what was typed into a form about a person.
    ///
    /// # Errors
    /// The person may not be seen, or the database could not do it.
    pub async fn keep_draft(
        &self,
        who: &Principal,
        person: PersonId,
        form: &str,
        fields: &[(String, String)],
    ) -> Result<(), CareError> {
        // A character that no database keeps is not worth losing the rest for.
        let kept = |text: &str| text.replace('\0', "");
        let typed: Vec<(String, String)> = fields
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .map(|(name, value)| (kept(name), kept(value)))
            .collect();
        let body = serde_json::to_string(&typed).map_err(|e| Fault::Broken(e.to_string()))?;
        match self.change(who, person, None).await? {
            Begun::Before(_) => Ok(()),
            Begun::Go(mut change) => {
                change.open_person(Action::View)?;
                change.tx.save_draft(&who.key(), form, Some(person), who.now, &body).await?;
                change.finish("").await?;
                Ok(())
            }
        }
    }
}

async fn kept(look: &mut Looking<'_>, person: PersonId, form: &str) -> Result<Option<Draft>, CareError> {
    let about = look.about(person).await?;
    look.person(&about)?;
    let who = look.who;
    find(&mut look.tx, who, form).await
}

/// What this actor had typed into a form.
pub(crate) async fn find(tx: &mut Tx, who: &Principal, form: &str) -> Result<Option<Draft>, CareError> {
    let Some((at, body)) = tx.find_draft(&who.key(), form).await? else { return Ok(None) };
    let fields = serde_json::from_str(&body).map_err(|e| Fault::Broken(e.to_string()))?;
    Ok(Some(Draft { at, fields }))
}

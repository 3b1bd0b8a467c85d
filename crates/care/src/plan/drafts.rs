//! What somebody has typed and not yet saved. Kept under the writer's own key, so that it
//! survives signing out and another device.
//!
//! One opened form is one piece of writing, and has the id that makes the form do its work once.
//! Each is kept by itself: another that is kept or saved from the same page overwrites nothing,
//! and a draft is forgotten only when the form that it came from, or was made into, is saved.

use crate::change::{Begun, Changing};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::PersonId;
use kith_domain::time::Instant;
use kith_store::Tx;
use uuid::Uuid;

/// What was typed: names of fields and values, as the form sent them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// The id of the form it was typed into.
    pub id: Uuid,
    /// When it was kept.
    pub at: Instant,
    /// The fields.
    pub fields: Vec<(String, String)>,
}

/// The name under which what is typed into the form for adding something to a plan is kept.
pub fn add_form(person: PersonId, kind: &str) -> String {
    format!("plan/{person}/add/{kind}")
}

/// The name under which one piece of writing in a form is kept.
fn name_of(form: &str, id: Uuid) -> String {
    format!("{form}#{id}")
}

/// The form of a name, and which piece of writing it is.
pub(super) fn parts_of(name: &str) -> Option<(&str, Uuid)> {
    let (form, id) = name.rsplit_once('#')?;
    Some((form, Uuid::try_parse(id).ok()?))
}

impl Kith {
    /// What this actor had typed into a form about a person, newest first.
    ///
    /// # Errors
    /// The person may not be seen, or the database could not be read.
    pub async fn kept_drafts(
        &self,
        who: &Principal,
        person: PersonId,
        form: &str,
    ) -> Result<Vec<Draft>, CareError> {
        let mut look = self.look(who).await?;
        let result = kept(&mut look, person, form).await;
        look.finish_with(result).await
    }

    /// Keeps what was typed into a form about a person, over what was kept of this same piece of
    /// writing and nothing else.
    ///
    /// # Errors
    /// The person may not be seen, or the database could not do it.
    pub async fn keep_draft(
        &self,
        who: &Principal,
        person: PersonId,
        (form, id): (&str, Option<Uuid>),
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
        let name = name_of(form, id.unwrap_or_else(Uuid::now_v7));
        match self.change(who, person, None).await? {
            Begun::Before(_) => Ok(()),
            Begun::Go(mut change) => {
                change.open_person(Action::View)?;
                change.tx.save_draft(&who.key(), &name, Some(person), who.now, &body).await?;
                change.finish("").await?;
                Ok(())
            }
        }
    }
}

impl Changing<'_> {
    /// Forgets what this actor had typed into the form that is saved by this change, and nothing
    /// that they began beside it.
    ///
    /// # Errors
    /// The database could not do it.
    pub(crate) async fn forget_draft(&mut self, form: &str) -> Result<(), CareError> {
        match self.submission() {
            Some(id) => self.clear_draft(&name_of(form, id)).await,
            None => Ok(()),
        }
    }
}

async fn kept(look: &mut Looking<'_>, person: PersonId, form: &str) -> Result<Vec<Draft>, CareError> {
    let about = look.about(person).await?;
    look.person(&about)?;
    let who = look.who;
    list(&mut look.tx, who, person, form).await
}

/// What this actor had typed into a form about a person, newest first.
pub(crate) async fn list(
    tx: &mut Tx,
    who: &Principal,
    person: PersonId,
    form: &str,
) -> Result<Vec<Draft>, CareError> {
    let mut drafts = Vec::new();
    for (name, _) in tx.list_drafts(&who.key(), person).await? {
        let Some((_, id)) = parts_of(&name).filter(|(of, _)| *of == form) else { continue };
        let Some((at, body)) = tx.find_draft(&who.key(), &name).await? else { continue };
        let fields = serde_json::from_str(&body).map_err(|e| Fault::Broken(e.to_string()))?;
        drafts.push(Draft { id, at, fields });
    }
    drafts.sort_by_key(|d| std::cmp::Reverse((d.at, d.id)));
    Ok(drafts)
}

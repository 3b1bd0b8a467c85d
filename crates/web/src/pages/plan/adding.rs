//! What the forms for adding a need, a goal and a step share: what is typed is kept under the
//! writer's own key when they stop half way or when something has to be put right, offered
//! again when they come back, and forgotten once it is saved.

use super::{Offer, ago, draft_start};
use crate::app::{App, Oops, Posted};
use crate::form::{Filled, FormData, FormErrors};
use crate::pages::people::path_of;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::Principal;
use kith_care::plan::drafts::add_form;
use kith_domain::id::PersonId;
use std::collections::BTreeMap;

/// What is added: the word in its addresses, and the field that a draft begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adding {
    /// The word in the addresses.
    pub kind: &'static str,
    /// The field whose start is shown when a draft is offered.
    pub first: &'static str,
}

/// A form to show, and a draft that is offered above it.
pub(super) struct Begun {
    pub form: Filled,
    pub offer: Option<Offer>,
}

impl Begun {
    /// A form with what was typed and what was wrong with it.
    pub(super) fn again(data: &FormData, errors: &FormErrors) -> Begun {
        Begun { form: Filled::of(data, errors), offer: None }
    }
}

impl Adding {
    /// The form as it starts, with the draft that was kept: used where that was asked for,
    /// else offered.
    pub(super) async fn begin(
        self,
        app: &App,
        who: &Principal,
        person: PersonId,
        query: &BTreeMap<String, String>,
        blank: Filled,
    ) -> Result<Begun, Oops> {
        let draft = app.kith.kept_draft(who, person, &add_form(person, self.kind)).await?;
        Ok(match draft {
            None => Begun { form: blank, offer: None },
            Some(draft) if query.get("draft").is_some_and(|d| d == "use") => {
                Begun::again(&FormData::from_pairs(draft.fields), &FormErrors::new())
            }
            Some(draft) => {
                let when = ago(draft.at, who.now, app.kith.calendar());
                let start = draft_start(&draft, &[self.first]);
                Begun { form: blank, offer: Some(Offer { when, start }) }
            }
        })
    }

    /// "Save and come back later": the draft is kept, and the plan says so.
    pub(super) async fn later(
        self,
        app: &App,
        who: &Principal,
        person: PersonId,
        form: &Posted,
    ) -> Result<Option<Response>, Oops> {
        if form.data.value("do") != Some("later") {
            return Ok(None);
        }
        self.keep(app, who, person, form).await?;
        let to = format!("{}/plan?kept={}", path_of(person), self.kind);
        Ok(Some(Redirect::to(&to).into_response()))
    }

    /// Nothing that was typed is lost while it cannot be saved.
    pub(super) async fn keep(
        self,
        app: &App,
        who: &Principal,
        person: PersonId,
        form: &Posted,
    ) -> Result<(), Oops> {
        Ok(app.kith.keep_draft(who, person, &add_form(person, self.kind), form.data.pairs()).await?)
    }
}

//! What the forms for adding a need, a goal and a step share: what is typed is kept under the
//! writer's own key when they stop half way or when something has to be put right, offered
//! again when they come back, and forgotten once it is saved. Another that is added meanwhile
//! leaves it as it is.

use super::{Offer, from_draft, offers, take_draft, typed_again};
use crate::app::{App, Oops, Posted};
use crate::form::{Filled, FormErrors};
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

/// A form to show, and what is offered above it.
pub(super) struct Begun {
    pub form: Filled,
    pub offers: Vec<Offer>,
}

impl Begun {
    /// A form with what was typed and what was wrong with it.
    pub(super) fn again(posted: &Posted, errors: &FormErrors) -> Begun {
        Begun { form: typed_again(posted, errors), offers: Vec::new() }
    }
}

impl Adding {
    /// The form as it starts, with what was begun before: used where that was asked for, else
    /// offered.
    pub(super) async fn begin(
        self,
        app: &App,
        who: &Principal,
        person: PersonId,
        query: &BTreeMap<String, String>,
        blank: Filled,
    ) -> Result<Begun, Oops> {
        let mut drafts = app.kith.kept_drafts(who, person, &add_form(person, self.kind)).await?;
        let form = take_draft(&mut drafts, query).map_or(blank, |draft| from_draft(&draft));
        Ok(Begun { form, offers: offers(&drafts, who, app.kith.calendar(), &[self.first]) })
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
        let name = add_form(person, self.kind);
        Ok(app.kith.keep_draft(who, person, (&name, form.submission), form.data.pairs()).await?)
    }
}

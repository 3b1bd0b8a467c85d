//! Find by a reference: what somebody on the phone asks about.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{Html, View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::people::by_reference::{Referred, typed};
use serde::Serialize;

/// Find by a reference.
#[derive(Debug, Serialize)]
pub struct ReferencePage {
    form: Filled,
}

impl View for ReferencePage {
    const TEMPLATE: &'static str = "people/reference.html";

    fn title(&self) -> String {
        "Find by a reference".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let wrong = FormErrors::one("reference", NOT_FOUND);
        vec![
            ("empty", ReferencePage { form: Filled::blank() }),
            ("ordinary", ReferencePage { form: Filled::with([("reference", "4567 89AB")]) }),
            (
                "difficult",
                ReferencePage { form: Filled::of(&FormData::from_text("reference=%3Cb%3E"), &wrong) },
            ),
        ]
    }
}

const NOT_FOUND: &str =
    "Nothing that you can open has this reference. Check it, or ask which team it is with.";

pub(super) async fn show(SignedInWorker(_): SignedInWorker, page: PageContext) -> Html {
    render(&page, &ReferencePage { form: Filled::blank() })
}

pub(super) async fn find(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    if let Some(text) = read.required_text("reference", TextRule::line("the reference").max(40)) {
        match typed(&text) {
            None => read.problem("reference", "Enter 8 letters and numbers, like 4567 89AB."),
            Some(wanted) => match app.kith.find_by_reference(&who, &wanted).await? {
                Some(Referred::Asked(person, id)) => {
                    return Ok(Redirect::to(&format!("/people/{person}/referrals/{id}")).into_response());
                }
                Some(Referred::ToUs(id)) => return Ok(Redirect::to(&format!("/inbox/{id}")).into_response()),
                Some(Referred::ComingIn(id)) => {
                    return Ok(Redirect::to(&format!("/coming-in/{id}")).into_response());
                }
                None => read.problem("reference", NOT_FOUND),
            },
        }
    }
    let form = Filled::of(&form.data, read.errors());
    Ok(render(&page, &ReferencePage { form }).into_response())
}

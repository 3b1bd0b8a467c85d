//! A receiver knows the person outside work: they say so in one step, and a colleague goes on with the
//! request.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::{CareError, Principal};
use kith_domain::id::{ReferralId, WorkerId};
use kith_domain::person::ConflictKind;
use serde::Serialize;

/// I know them outside work.
#[derive(Debug, Serialize)]
pub struct KnowsPage {
    called: Option<String>,
    action: String,
    back: String,
    kinds: Vec<Item>,
    takers: Vec<Item>,
    form: Filled,
}

/// How somebody may know a person who asks for help: nobody says here that they harmed them.
const KINDS: [(ConflictKind, &str); 4] = [
    (ConflictKind::Relative, "We are related"),
    (ConflictKind::Household, "We live together"),
    (ConflictKind::Partner, "We are or were partners"),
    (ConflictKind::Friend, "We are friends or neighbours"),
];

fn kind_of(code: &str) -> Option<ConflictKind> {
    ConflictKind::from_code(code).filter(|kind| KINDS.iter().any(|(known, _)| known == kind))
}

async fn page_of(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    page: &PageContext,
    form: Filled,
) -> Result<Response, Oops> {
    let request = app.kith.request(who, referral).await?;
    let back = format!("/inbox/{referral}");
    let others = app.kith.others_for_request(who, &request.saved.value);
    let view = KnowsPage {
        called: request.called,
        action: format!("{back}/knows"),
        back,
        kinds: KINDS.iter().map(|(kind, words)| Item::new(kind.code(), *words)).collect(),
        takers: others.into_iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        form,
    };
    Ok(render(page, &view).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(referral): Path<ReferralId>,
    page: PageContext,
) -> Result<Response, Oops> {
    page_of(&app, &who, referral, &page, Filled::blank()).await
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(referral): Path<ReferralId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let kind = read.required_choice("kind", "how you know them", kind_of);
    let id = |code: &str| code.parse::<WorkerId>().ok();
    let taker = read.required_choice("taker", "who goes on with it", id);
    if let (Some(kind), Some(taker), true) = (kind, taker, read.is_ok()) {
        match app.kith.say_close_to_request(&who, referral, (kind, taker), form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(found)) => {
                found.into_iter().for_each(|p| read.problem(&p.field, p.problem));
            }
            Err(other) => return Err(other.into()),
        }
    }
    page_of(&app, &who, referral, &page, Filled::of(&form.data, read.errors())).await
}

impl View for KnowsPage {
    const TEMPLATE: &'static str = "inbox/knows.html";

    fn title(&self) -> String {
        "I know this person outside work".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: Option<&str>, takers: &[&str], form: Filled| KnowsPage {
            called: called.map(str::to_owned),
            action: "/inbox/x/knows".into(),
            back: "/inbox/x".into(),
            kinds: KINDS.iter().map(|(kind, words)| Item::new(kind.code(), *words)).collect(),
            takers: takers.iter().map(|name| Item::new("x", *name)).collect(),
            form,
        };
        let wrong = FormErrors::one("taker", "Choose somebody from the list who does not know them.");
        let long = "Somebody with a very long name indeed ".repeat(5);
        vec![
            ("ordinary", page(Some("Badger"), &["Joan Fisher", "Dev Patel"], Filled::blank())),
            ("empty", page(None, &[], Filled::blank())),
            ("longest", page(Some(&long), &[long.as_str(); 12], Filled::blank())),
            (
                "difficult",
                page(
                    Some("<b>\"A\" & 'B'</b>"),
                    &["<i>"],
                    Filled::of(&FormData::from_text("kind=friend"), &wrong),
                ),
            ),
        ]
    }
}

//! A member's details, and adding a member together with its agreement.

use super::agreement::{self, AgreementForm};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::members::Member;
use kith_care::members::keep::MemberChange;
use kith_domain::id::{OrganisationId, WorkerId};
use kith_domain::keeping::Details;
use kith_domain::organisation::OrganisationKind;
use serde::Serialize;
use uuid::Uuid;

fn kinds() -> Vec<Item> {
    OrganisationKind::MEMBERS.iter().map(|k| Item::new(k.code(), k.title())).collect()
}

fn kind(code: &str) -> Option<OrganisationKind> {
    OrganisationKind::MEMBERS.into_iter().find(|k| k.code() == code)
}

/// Reads the details of a form.
fn read_details(read: &mut Reader<'_>) -> Option<Details> {
    let line = |what| TextRule::line(what).max(200);
    let name = read.required_text("name", line("its full name"));
    let short = read.required_text("short", TextRule::line("a short name").max(40));
    let kind = read.required_choice("kind", "what sort it is", kind);
    let ods = read.optional_text("ods", TextRule::line("the ODS code").max(12));
    let charity_number = read.optional_text("charity", TextRule::line("the charity number").max(20));
    let phone = read.optional_phone("phone");
    let email = read.optional_email("email");
    let website = read.optional_text("website", line("the website"));
    let answers = |code: &str| match code {
        "sign-in" => Some(true),
        "links" => Some(false),
        _ => None,
    };
    let has_accounts = read.required_choice("answers", "how they answer", answers);
    let lead = read.optional_choice("lead", "their lead", |code| Uuid::try_parse(code).ok().map(WorkerId));
    if !read.is_ok() {
        return None;
    }
    Some(Details {
        name: name?,
        short: short?,
        kind: kind?,
        ods,
        charity_number,
        phone,
        email,
        website,
        has_accounts: has_accounts?,
        lead,
    })
}

/// Add a member.
#[derive(Debug, Serialize)]
pub struct AddPage {
    kinds: Vec<Item>,
    agreement: AgreementForm,
    form: Filled,
}

impl View for AddPage {
    const TEMPLATE: &'static str = "organisations/add.html";

    fn title(&self) -> String {
        "Add a member".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form| AddPage { kinds: kinds(), agreement: AgreementForm::default(), form };
        let wrong = FormErrors::one("name", "There is already one with that name.");
        vec![
            ("ordinary", page(Filled::with([("name", "Fenwick Together")]))),
            ("empty", page(Filled::blank())),
            ("longest", page(Filled::with([("name", "Long name ".repeat(18))]))),
            ("difficult", page(Filled::of(&FormData::from_text("name=%3Cb%3E&areas=money"), &wrong))),
        ]
    }
}

/// Change a member's details.
#[derive(Debug, Default, Serialize)]
pub struct DetailsPage {
    name: String,
    base: String,
    version: u32,
    kinds: Vec<Item>,
    workers: Vec<Item>,
    form: Filled,
}

impl View for DetailsPage {
    const TEMPLATE: &'static str = "organisations/details.html";

    fn title(&self) -> String {
        "Details of a member".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, n: usize, form| DetailsPage {
            name: name.into(),
            base: "/organisations/1".into(),
            version: 1,
            kinds: kinds(),
            workers: (0..n).map(|i| Item::new(format!("w{i}"), "Joan Marsh")).collect(),
            form,
        };
        let wrong = FormErrors::one("lead", "Choose somebody who works there.");
        vec![
            ("ordinary", page("DebtHelp", 3, Filled::with([("name", "DebtHelp"), ("kind", "advice")]))),
            ("empty", page("A", 0, Filled::blank())),
            ("longest", page(&"Long ".repeat(30), 80, Filled::blank())),
            ("difficult", page("<b>", 1, Filled::of(&FormData::from_text("name=%22%3C"), &wrong))),
        ]
    }
}

fn details_page(member: &Member, form: Filled) -> DetailsPage {
    let id: OrganisationId = member.saved.id();
    DetailsPage {
        name: member.saved.value.name.clone(),
        base: format!("/organisations/{id}"),
        version: member.saved.meta.version,
        kinds: kinds(),
        workers: member.workers.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        form,
    }
}

fn as_stored(member: &Member) -> Filled {
    let o = &member.saved.value;
    let mut form = Filled::with([
        ("name", o.name.clone()),
        ("short", o.short.clone()),
        ("kind", o.kind.code().into()),
        ("answers", if o.has_accounts { "sign-in" } else { "links" }.into()),
    ]);
    let rest = [
        ("ods", &o.ods),
        ("charity", &o.charity_number),
        ("phone", &o.phone),
        ("email", &o.email),
        ("website", &o.website),
    ];
    for (name, value) in rest {
        if let Some(value) = value {
            form.set(name, value.clone());
        }
    }
    if let Some(lead) = o.lead {
        form.set("lead", lead.to_string());
    }
    form
}

pub(super) async fn add(SignedInWorker(_): SignedInWorker, page: PageContext) -> Result<Response, Oops> {
    let view = AddPage { kinds: kinds(), agreement: AgreementForm::default(), form: Filled::blank() };
    Ok(render(&page, &view).into_response())
}

pub(super) async fn save_new(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let details = read_details(&mut read);
    let signed = agreement::read(&mut read);
    if let (Some(details), Some(signed), true) = (details, signed, read.is_ok()) {
        match app.kith.add_member(&who, (details, signed), form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "name")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    let view = AddPage { kinds: kinds(), agreement: AgreementForm::default(), form: filled };
    Ok(render(&page, &view).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let member = app.kith.member(&who, organisation).await?;
    let filled = as_stored(&member);
    Ok(render(&page, &details_page(&member, filled)).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let version = version(&form)?;
    let mut read = Reader::new(&form.data);
    if let Some(details) = read_details(&mut read) {
        let what = MemberChange::Details(Box::new(details));
        match app.kith.change_member(&who, organisation, version, what, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "name")?,
        }
    }
    let member = app.kith.member(&who, organisation).await?;
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &details_page(&member, filled)).into_response())
}

/// The version of the record that the page was made from.
pub(super) fn version(form: &Posted) -> Result<u32, CareError> {
    form.data.value("version").and_then(|v| v.parse().ok()).ok_or(CareError::OutOfDate)
}

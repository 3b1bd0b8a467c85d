//! A member's data-sharing agreement: what has to be written down before anything is shared with
//! them, and the day until which it holds. Renewed before or after it ended.

use super::details::version;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::members::Member;
use kith_care::members::keep::MemberChange;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::OrganisationId;
use kith_domain::keeping::{CEILINGS, areas};
use kith_domain::organisation::{Agreement, ControllerRole};
use serde::Serialize;

/// What can be chosen in an agreement.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AgreementForm {
    roles: Vec<Item>,
    areas: Vec<Item>,
    ceilings: Vec<Item>,
}

impl Default for AgreementForm {
    fn default() -> Self {
        AgreementForm {
            roles: ControllerRole::ALL.iter().map(|r| Item::new(r.code(), r.title())).collect(),
            areas: areas().map(|a| Item::new(a.code(), a.title())).collect(),
            ceilings: CEILINGS.iter().map(|s| Item::new(s.level().to_string(), ceiling(*s))).collect(),
        }
    }
}

/// The most sensitive thing that may be sent, in words.
fn ceiling(s: Sensitivity) -> &'static str {
    match s {
        Sensitivity::S0 => "What anybody could know",
        Sensitivity::S1 => "What they need to help",
        Sensitivity::S2 => "Private things too",
        Sensitivity::S3 => "The most private things too, each named by the person",
        Sensitivity::S4 => "What is sealed",
    }
}

/// The lines that a member's page shows.
pub(super) fn lines(a: &Agreement) -> Vec<(&'static str, String)> {
    let areas: Vec<&str> = a.areas.iter().map(|area| area.title()).collect();
    vec![
        ("Its reference", a.reference.clone()),
        ("From", text::full_day(a.from)),
        ("Until", text::full_day(a.until)),
        ("They are", a.role.title().into()),
        ("What they may use it for", a.purposes.join("; ")),
        ("Areas", areas.join(", ")),
        ("The most that may be sent", ceiling(a.ceiling).into()),
        ("Impact assessment (DPIA)", a.dpia.clone()),
        ("Ask about data protection", a.data_protection_contact.clone()),
        ("Caldicott Guardian, or whoever does that work", a.caldicott.clone()),
    ]
}

/// Reads an agreement from a form.
pub(super) fn read(read: &mut Reader<'_>) -> Option<Agreement> {
    let line = |what| TextRule::line(what).max(200);
    let reference = read.required_text("reference", line("the agreement's reference"));
    let from = read.required_day("from", "the first day it holds");
    let until = read.required_day("until", "the last day it holds");
    let role = |code: &str| ControllerRole::ALL.into_iter().find(|r| r.code() == code);
    let role = read.required_choice("role", "who decides how it is used", role);
    let purposes = read.required_text("purposes", TextRule::lines("what they may use it for").max(1000));
    let areas = read.many("areas", "the areas", Area::from_code);
    let level = |code: &str| CEILINGS.into_iter().find(|s| s.level().to_string() == code);
    let ceiling = read.required_choice("ceiling", "the most that may be sent", level);
    let dpia = read.required_text("dpia", line("the reference of the impact assessment"));
    let contact = read.required_text("contact", line("whom to ask about data protection"));
    let caldicott =
        read.required_text("caldicott", line("the Caldicott Guardian, or whoever does that work"));
    if !read.is_ok() {
        return None;
    }
    let split = |text: String| text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
    Some(Agreement {
        reference: reference?,
        from: from?,
        until: until?,
        areas,
        ceiling: ceiling?,
        role: role?,
        data_protection_contact: contact?,
        purposes: split(purposes?),
        dpia: dpia?,
        caldicott: caldicott?,
    })
}

/// A member's agreement.
#[derive(Debug, Serialize)]
pub struct AgreementPage {
    name: String,
    base: String,
    version: u32,
    /// How it stands now.
    now: String,
    agreement: AgreementForm,
    form: Filled,
}

impl View for AgreementPage {
    const TEMPLATE: &'static str = "organisations/agreement.html";

    fn title(&self) -> String {
        "The agreement with a member".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, now: &str, form| AgreementPage {
            name: name.into(),
            base: "/organisations/1".into(),
            version: 3,
            now: now.into(),
            agreement: AgreementForm::default(),
            form,
        };
        let mut wrong = FormErrors::one("reference", "Enter the agreement's reference.");
        wrong.add_at("until", "until-day", "The last day comes after the first.");
        vec![
            ("ordinary", page("DebtHelp", "It ends on Friday 4 December.", Filled::with([("dpia", "D-7")]))),
            ("empty", page("Brackenford Lifeline", "There is none yet.", Filled::blank())),
            (
                "longest",
                page(&"Long ".repeat(30), "It ended.", Filled::with([("purposes", "x ".repeat(400))])),
            ),
            ("difficult", page("<b>", "It ended.", Filled::of(&FormData::from_text("until-day=40"), &wrong))),
        ]
    }
}

fn as_stored(a: &Agreement) -> Filled {
    let mut pairs: Vec<(&str, String)> = vec![
        ("reference", a.reference.clone()),
        ("role", a.role.code().into()),
        ("purposes", a.purposes.join("\n")),
        ("ceiling", a.ceiling.level().to_string()),
        ("dpia", a.dpia.clone()),
        ("contact", a.data_protection_contact.clone()),
        ("caldicott", a.caldicott.clone()),
    ];
    pairs.extend(a.areas.iter().map(|area| ("areas", area.code().to_owned())));
    let mut form = Filled::with(pairs);
    form.set_day("from", a.from);
    form.set_day("until", a.until);
    form
}

fn agreement_page(app: &App, who: &kith_care::Principal, member: &Member, form: Filled) -> AgreementPage {
    let id: OrganisationId = member.saved.id();
    let today = app.kith.calendar().day(who.now);
    AgreementPage {
        name: member.saved.value.name.clone(),
        base: format!("/organisations/{id}"),
        version: member.saved.meta.version,
        now: match &member.saved.value.agreement {
            None => "There is none yet. Nothing can be sent to them.".into(),
            Some(a) if a.until < today => {
                format!("It ended {}. Nothing can be sent to them.", text::day_and_relative(a.until, today))
            }
            Some(a) => format!("It holds until {}.", text::day_and_relative(a.until, today)),
        },
        agreement: AgreementForm::default(),
        form,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let member = app.kith.member(&who, organisation).await?;
    let filled = member.saved.value.agreement.as_ref().map_or_else(Filled::blank, as_stored);
    Ok(render(&page, &agreement_page(&app, &who, &member, filled)).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let version = version(&form)?;
    let mut reader = Reader::new(&form.data);
    if let Some(signed) = read(&mut reader) {
        let what = MemberChange::Agreement(Box::new(signed));
        match app.kith.change_member(&who, organisation, version, what, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut reader, error, "reference")?,
        }
    }
    let member = app.kith.member(&who, organisation).await?;
    let filled = Filled::of(&form.data, reader.errors());
    Ok(render(&page, &agreement_page(&app, &who, &member, filled)).into_response())
}

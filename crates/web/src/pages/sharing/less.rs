//! Letting somebody see less: fewer parts of life, less that is private, fewer named things,
//! fewer purposes, an earlier end, or seeing without adding. Never more.

use super::give::{area_item, category_item, purpose_items, refused};
use super::side::Side;
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Purpose;
use kith_care::CareError;
use kith_care::sharing::agreements::Standing;
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::id::{ConsentId, PersonId};
use kith_domain::sharing::Less;
use serde::Serialize;

/// Letting them see less.
#[derive(Debug, Serialize)]
pub struct NarrowPage {
    layout: &'static str,
    base: String,
    name: String,
    action: String,
    version: u32,
    form: Filled,
    areas: Vec<Item>,
    purposes: Vec<Item>,
    categories: Vec<Item>,
    private: bool,
    adds: bool,
}

async fn standing(app: &App, side: &Side, id: ConsentId) -> Result<(String, Standing), Oops> {
    let data = app.kith.sharing(&side.who, side.person).await?;
    let found = data.organisations.into_iter().find_map(|o| {
        let name = o.name;
        o.standing.into_iter().find(|s| s.id == id && s.holds).map(|s| (name, s))
    });
    Ok(found.ok_or(CareError::Missing)?)
}

fn narrow_page(side: &Side, name: String, s: &Standing, form: Filled) -> NarrowPage {
    let base = side.base();
    NarrowPage {
        layout: side.layout(),
        action: format!("{base}/less/{}", s.id),
        base,
        name,
        version: s.version,
        form,
        areas: s.consent.areas.iter().copied().map(area_item).collect(),
        purposes: purpose_items(&s.consent.purposes),
        categories: s.consent.categories.iter().copied().map(category_item).collect(),
        private: s.consent.max_sensitivity >= Sensitivity::S2,
        adds: s.consent.contribute,
    }
}

async fn less(app: &App, side: Side, id: ConsentId, page: &PageContext) -> Result<Response, Oops> {
    let (name, s) = standing(app, &side, id).await?;
    let had = Less::nothing(&s.consent);
    let mut pairs: Vec<(&str, String)> = Vec::new();
    pairs.extend(had.areas.iter().map(|a| ("areas", a.code().to_owned())));
    pairs.extend(had.purposes.iter().map(|p| ("purposes", p.clone())));
    pairs.extend(had.categories.iter().map(|c| ("categories", c.code().to_owned())));
    pairs.extend(had.private.then(|| ("private", "yes".to_owned())));
    pairs.extend(had.contribute.then(|| ("contribute", "yes".to_owned())));
    let data = FormData::from_pairs(pairs);
    let mut form = Filled::of(&data, &FormErrors::new());
    form.set_day("until", s.consent.until);
    Ok(render(page, &narrow_page(&side, name, &s, form)).into_response())
}

async fn save_less(
    app: &App,
    side: Side,
    id: ConsentId,
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=i64::from(u32::MAX));
    let areas = read.many("areas", "what they may go on seeing", Area::from_code);
    let purposes = read.many("purposes", "what it is for", Purpose::from_code);
    let categories = read.many("categories", "what they may go on seeing", Category::from_code);
    let (private, contribute) = (read.ticked("private"), read.ticked("contribute"));
    let until = read.required_day("until", "the last day");
    if let (Some(version), Some(until), true) = (version, until, read.is_ok()) {
        let consent = (id, u32::try_from(version).unwrap_or(0));
        let purposes = purposes.into_iter().map(|p| p.code().to_owned()).collect();
        let less = Less { areas, purposes, private, categories, contribute, until };
        let base = side.base();
        match app.kith.narrow_sharing(&side.who, side.person, consent, &less, &base, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => refused(&mut read, problems),
            Err(other) => return Err(other.into()),
        }
    }
    let (name, s) = standing(app, &side, id).await?;
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(page, &narrow_page(&side, name, &s, filled)).into_response())
}

pub(super) async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(consent): Path<ConsentId>,
    page: PageContext,
) -> Result<Response, Oops> {
    less(&app, Side::mine(who)?, consent, &page).await
}

pub(super) async fn theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, consent)): Path<(PersonId, ConsentId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    less(&app, Side::theirs(who, person), consent, &page).await
}

pub(super) async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(consent): Path<ConsentId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save_less(&app, Side::mine(who)?, consent, &page, &form).await
}

pub(super) async fn save_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, consent)): Path<(PersonId, ConsentId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save_less(&app, Side::theirs(who, person), consent, &page, &form).await
}

impl View for NarrowPage {
    const TEMPLATE: &'static str = "sharing/narrow.html";

    fn title(&self) -> String {
        "Let them see less".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, form| NarrowPage {
            layout: "layout/person.html",
            base: "/mine/sharing".into(),
            name: name.into(),
            action: "/mine/sharing/less/x".into(),
            version: 1,
            form,
            areas: vec![area_item(Area::Money), area_item(Area::Housing)],
            purposes: purpose_items(&["money_advice".into(), "quality_review".into()]),
            categories: Category::ALL.into_iter().map(category_item).collect(),
            private: true,
            adds: true,
        };
        let wrong = FormErrors::one("areas", "Choose at least one part of your life.");
        vec![
            ("ordinary", page("DebtHelp", Filled::with([("areas", "money")]))),
            ("empty", page("DebtHelp", Filled::blank())),
            ("difficult", page("<b>x</b>", Filled::of(&FormData::from_text(""), &wrong))),
        ]
    }
}

//! Letting somebody see more: first with whom, then what, for what and until when, then a look
//! at what that would open, worked out by the rules themselves.

use super::how;
use super::page::purpose_words;
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
use kith_care::sharing::SharingPage;
use kith_care::sharing::agreements::{Offer, areas_with, offer};
use kith_care::sharing::change::NewSharing;
use kith_domain::area::{Area, Category};
use kith_domain::consent::Consent;
use kith_domain::id::{OrganisationId, PersonId, SupporterId};
use serde::Serialize;

/// With whom.
#[derive(Debug, Serialize)]
pub struct GiveWhomPage {
    layout: &'static str,
    base: String,
    own: bool,
    organisations: Vec<(String, String)>,
}

/// Letting somebody see more.
#[derive(Debug, Serialize)]
pub struct GivePage {
    layout: &'static str,
    base: String,
    own: bool,
    action: String,
    name: String,
    form: Filled,
    areas: Vec<Item>,
    purposes: Vec<Item>,
    categories: Vec<Item>,
    ways: Vec<Item>,
    present: Vec<Item>,
    deciders: Vec<Item>,
    made_for: bool,
}

/// What they could open, before it is shared.
#[derive(Debug, Serialize)]
pub struct GiveCheckPage {
    layout: &'static str,
    base: String,
    own: bool,
    name: String,
    action: String,
    until: String,
    lines: Vec<String>,
    fields: Vec<(String, String)>,
}

impl View for GiveCheckPage {
    const TEMPLATE: &'static str = "sharing/give_check.html";

    fn title(&self) -> String {
        "Look before you share".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, own, n: usize| GiveCheckPage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/sharing".into(),
            own,
            name: "DebtHelp".into(),
            action: "/mine/sharing/give/x".into(),
            until: "Tuesday 24 November 2027".into(),
            lines: vec![words.into(); n],
            fields: vec![("areas".into(), "money".into())],
        };
        vec![
            ("ordinary", page("What you need: get my money back", true, 1)),
            ("empty", page("", false, 0)),
            ("longest", page(&"Many words that matter. ".repeat(6), true, 20)),
            ("difficult", page("<b>\"x\" & 'y'</b>", false, 1)),
        ]
    }
}

pub(super) fn area_item(area: Area) -> Item {
    let item = Item::new(area.code(), area.title());
    match area {
        Area::Identity => item.hinted("To open the page at all they need this, and private things"),
        _ => item,
    }
}

pub(super) fn category_item(category: Category) -> Item {
    Item::new(category.code(), category.title())
}

/// Purposes to choose from, those of help first.
pub(super) fn purpose_items(codes: &[String]) -> Vec<Item> {
    let known = codes.iter().filter_map(|code| Purpose::from_code(code));
    let mut all: Vec<Purpose> = known.collect();
    all.sort_by_key(|p| *p == Purpose::QualityReview);
    let words = |p| crate::text::capitalised(purpose_words(p));
    all.into_iter().map(|p: Purpose| Item::new(p.code(), words(p))).collect()
}

fn organisations(side: &Side) -> Vec<(String, String)> {
    let who = &side.who;
    let base = side.base();
    let all = who.partnership.facts.organisations.iter();
    let mut items: Vec<(String, String)> = all
        .filter(|(id, _)| !areas_with(who, **id).is_empty())
        .map(|(id, o)| (format!("{base}/give/{id}"), o.name.clone()))
        .collect();
    items.sort_by(|a, b| a.1.cmp(&b.1));
    items
}

/// What the form offers, and who could decide.
struct Asked {
    organisation: OrganisationId,
    offer: Offer,
    attorneys: Vec<(SupporterId, String)>,
}

/// May this reader share, and can anything be shared with this organisation?
async fn asked(app: &App, side: &Side, organisation: OrganisationId) -> Result<Asked, Oops> {
    let page = may_give(app, side).await?;
    let offer = offer(&side.who, organisation).ok_or(CareError::Missing)?;
    Ok(Asked { organisation, offer, attorneys: page.attorneys })
}

async fn may_give(app: &App, side: &Side) -> Result<SharingPage, Oops> {
    let page = app.kith.sharing(&side.who, side.person).await?;
    if !page.may_give {
        let words = "Only the person, or whoever holds their plan together with them, can share more.";
        return Err(CareError::Forbidden(words.into()).into());
    }
    Ok(page)
}

fn give_page(side: &Side, asked: &Asked, form: Filled) -> GivePage {
    let base = side.base();
    let decides = form.value("decides").unwrap_or_default();
    GivePage {
        layout: side.layout(),
        own: side.own,
        action: format!("{base}/give/{}", asked.organisation),
        base,
        name: asked.offer.name.clone(),
        made_for: !decides.is_empty() && decides != how::THEMSELVES,
        form,
        areas: asked.offer.areas.iter().copied().map(area_item).collect(),
        purposes: purpose_items(&asked.offer.purposes),
        categories: match asked.offer.names {
            true => Category::ALL.into_iter().map(category_item).collect(),
            false => Vec::new(),
        },
        ways: how::ways(),
        present: how::present_items(),
        deciders: how::deciders(&asked.attorneys),
    }
}

async fn whom(app: &App, side: Side, page: &PageContext) -> Result<Response, Oops> {
    may_give(app, &side).await?;
    let organisations = organisations(&side);
    let view = GiveWhomPage { layout: side.layout(), base: side.base(), own: side.own, organisations };
    Ok(render(page, &view).into_response())
}

async fn show(app: &App, side: Side, id: OrganisationId, page: &PageContext) -> Result<Response, Oops> {
    let asked = asked(app, &side, id).await?;
    // Help is what it is for. Anything else they choose.
    let help = purpose_items(&asked.offer.purposes).into_iter().filter(|p| p.value != "quality_review");
    let help: Vec<Item> = help.collect();
    let ticked = help.iter().filter(|_| help.len() == 1).map(|p| ("purposes", p.value.clone()));
    let mut form = Filled::of(&FormData::from_pairs(ticked), &FormErrors::new());
    form.set("decides", how::THEMSELVES);
    let today = app.kith.calendar().day(side.who.now);
    form.set_day("until", Consent::default_end(today, side.who.partnership.settings()));
    Ok(render(page, &give_page(&side, &asked, form)).into_response())
}

async fn save(
    app: &App,
    side: Side,
    id: OrganisationId,
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let asked = asked(app, &side, id).await?;
    let mut read = Reader::new(&form.data);
    let new = read_new(&mut read, &side, id);
    let again = |errors: &FormErrors| {
        Ok(render(page, &give_page(&side, &asked, Filled::of(&form.data, errors))).into_response())
    };
    let (Some(new), true) = (new, read.is_ok()) else { return again(read.errors()) };
    let base = side.base();
    let problems = if form.data.value("confirm") == Some("yes") {
        match app.kith.give_sharing(&side.who, side.person, &new, &base, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => problems,
            Err(other) => return Err(other.into()),
        }
    } else {
        match app.kith.would_open(&side.who, side.person, &new).await {
            Ok(lines) => return Ok(render(page, &check_page(&side, &new, lines, form)).into_response()),
            Err(CareError::Fields(problems)) => problems,
            Err(other) => return Err(other.into()),
        }
    };
    refused(&mut read, problems);
    again(read.errors())
}

/// What was filled in, to be looked at once more before it counts.
fn check_page(side: &Side, new: &NewSharing, lines: Vec<String>, form: &Posted) -> GiveCheckPage {
    let base = side.base();
    let typed = form.data.pairs().iter().filter(|(name, _)| !name.starts_with('_'));
    GiveCheckPage {
        layout: side.layout(),
        own: side.own,
        name: side.who.partnership.organisation_name(new.organisation).unwrap_or_default(),
        action: format!("{base}/give/{}", new.organisation),
        base,
        until: crate::text::full_day(new.until),
        lines,
        fields: typed.cloned().collect(),
    }
}

pub(super) fn refused(read: &mut Reader<'_>, problems: Vec<kith_care::FieldProblem>) {
    for p in problems {
        if p.field == "until" {
            read.day_problem("until", p.problem);
        } else {
            read.problem(&p.field, p.problem);
        }
    }
}

fn read_new(read: &mut Reader<'_>, side: &Side, organisation: OrganisationId) -> Option<NewSharing> {
    let areas = read.many("areas", "what they may see", Area::from_code);
    let purposes = read.many("purposes", "what it is for", Purpose::from_code);
    let categories = read.many("categories", "what they may see", Category::from_code);
    let (private, contribute) = (read.ticked("private"), read.ticked("contribute"));
    let until = read.required_day("until", "the last day");
    let made_for = if side.own { None } else { how::read_made_for(read) };
    let given = if side.own { Some(how::on_screen(side)) } else { how::read_how(read, side) };
    Some(NewSharing {
        organisation,
        areas,
        purposes: purposes.into_iter().map(|p| p.code().to_owned()).collect(),
        private,
        categories,
        contribute,
        until: until?,
        given: given?,
        made_for,
    })
}

pub(super) async fn whom_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    whom(&app, Side::mine(who)?, &page).await
}

pub(super) async fn whom_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    whom(&app, Side::theirs(who, person), &page).await
}

pub(super) async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Response, Oops> {
    show(&app, Side::mine(who)?, organisation, &page).await
}

pub(super) async fn theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, organisation)): Path<(PersonId, OrganisationId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    show(&app, Side::theirs(who, person), organisation, &page).await
}

pub(super) async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::mine(who)?, organisation, &page, &form).await
}

pub(super) async fn save_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, organisation)): Path<(PersonId, OrganisationId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::theirs(who, person), organisation, &page, &form).await
}

impl View for GiveWhomPage {
    const TEMPLATE: &'static str = "sharing/give_whom.html";

    fn title(&self) -> String {
        "Let somebody see more".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, own, n: usize| GiveWhomPage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/sharing".into(),
            own,
            organisations: vec![("/mine/sharing/give/x".into(), name.into()); n],
        };
        vec![
            ("ordinary", page("DebtHelp", true, 2)),
            ("empty", page("", true, 0)),
            ("longest", page("Brackenford and Upper Dale Mental Health NHS Foundation Trust", false, 40)),
            ("difficult", page("<b>\"x\" & 'y'</b>", false, 1)),
        ]
    }
}

impl View for GivePage {
    const TEMPLATE: &'static str = "sharing/give.html";

    fn title(&self) -> String {
        "Let somebody see more".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |own, made_for, form| GivePage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/sharing".into(),
            own,
            action: "/mine/sharing/give/x".into(),
            name: "DebtHelp".into(),
            form,
            areas: Area::SIX.into_iter().map(area_item).collect(),
            purposes: purpose_items(&["money_advice".into(), "quality_review".into()]),
            categories: Category::ALL.into_iter().map(category_item).collect(),
            ways: how::ways(),
            present: how::present_items(),
            deciders: how::deciders(&[]),
            made_for,
        };
        let wrong = FormErrors::one("areas", "Choose what they may see.");
        let least = FormErrors::one("least", "Write what is the least that is needed.");
        let for_them = FormData::from_text("decides=best_interests&decision=Whether+the+trust+sees+it");
        vec![
            ("ordinary", page(true, false, Filled::with([("areas", "money")]))),
            ("empty", page(false, false, Filled::blank())),
            ("longest", page(false, true, Filled::of(&for_them, &least))),
            ("difficult", page(false, false, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

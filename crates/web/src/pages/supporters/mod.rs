//! Who stands beside a person: letting somebody in, looking first at what they would see,
//! changing it and ending it in two taps; by the person, or with them by a worker. And the
//! quiet page for workers ([`quiet`]).

mod quiet;
mod somebody;

use crate::app::{App, For, Oops, Posted, Routes, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::sharing::{Side, on_screen, present_choices, read_how};
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::CareError;
use kith_care::supporters::{Beside, NewSupporter};
use kith_domain::area::{Area, Category};
use kith_domain::consent::{Asked, Consent};
use kith_domain::id::PersonId;
use kith_domain::supporter::SupporterKind;
use kith_domain::time::Day;
use serde::Serialize;

pub use quiet::QuietView;
pub use somebody::{CodeView, EndView, OneView};

crate::views! { SupportersView, LetInView, LetInCheckView, OneView, EndView, CodeView, QuietView }

/// The routes of these pages.
pub fn routes() -> Routes {
    use Action::{ManageProxy, StopSharing, Update, View};
    let (me, them) = (For::People, For::Workers);
    Routes::new()
        .get("/mine/supporters", me, View, mine)
        .get("/mine/supporters/add", me, ManageProxy, add_mine)
        .post("/mine/supporters/add", me, ManageProxy, save_mine)
        .get("/mine/supporters/{supporter}", me, ManageProxy, somebody::mine)
        .post("/mine/supporters/{supporter}", me, ManageProxy, somebody::save_mine)
        .get("/mine/supporters/{supporter}/end", me, StopSharing, somebody::end_mine)
        .post("/mine/supporters/{supporter}/end", me, StopSharing, somebody::save_end_mine)
        .post("/mine/supporters/{supporter}/code", me, ManageProxy, somebody::code_mine)
        .get("/people/{person}/supporters", them, View, theirs)
        .get("/people/{person}/supporters/add", them, Action::ManageConsent, add_theirs)
        .post("/people/{person}/supporters/add", them, Action::ManageConsent, save_theirs)
        .get("/people/{person}/supporters/{supporter}", them, Action::ManageConsent, somebody::theirs)
        .post("/people/{person}/supporters/{supporter}", them, Action::ManageConsent, somebody::save_theirs)
        .get("/people/{person}/supporters/{supporter}/end", them, StopSharing, somebody::end_theirs)
        .post("/people/{person}/supporters/{supporter}/end", them, StopSharing, somebody::save_end_theirs)
        .post(
            "/people/{person}/supporters/{supporter}/code",
            them,
            Action::ManageConsent,
            somebody::code_theirs,
        )
        .get("/people/{person}/quiet", them, Update, quiet::show)
        .post("/people/{person}/quiet", them, Update, quiet::save)
        .post("/people/{person}/quiet/over", them, Update, quiet::over)
}

#[derive(Clone, Debug, Serialize)]
struct Item {
    value: String,
    text: String,
    hint: String,
}

fn item(value: &str, text: &str) -> Item {
    Item { value: value.into(), text: text.into(), hint: String::new() }
}

/// What an area is called where a supporter may see it.
fn area_words(area: Area) -> &'static str {
    match area {
        Area::Identity => "What matters, and who they are",
        Area::Safety => "The safety plan",
        area => area.title(),
    }
}

fn area_items() -> Vec<Item> {
    Area::ALL.into_iter().map(|a| item(a.code(), area_words(a))).collect()
}

fn category_items() -> Vec<Item> {
    Category::ALL.into_iter().map(|c| item(c.code(), c.title())).collect()
}

/// Everybody who stands beside the person.
#[derive(Debug, Serialize)]
pub struct SupportersView {
    layout: &'static str,
    back: String,
    own: bool,
    called: Option<String>,
    people: Vec<BesideView>,
    add: String,
    quiet: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct BesideView {
    name: String,
    relation: String,
    kind: &'static str,
    holds: bool,
    advocate: bool,
    areas: String,
    restricted: String,
    until: String,
    proof: Option<String>,
    would_see: Vec<String>,
    href: String,
}

fn beside_view(b: &Beside, base: &str, today: Day, calendar: &kith_domain::time::Calendar) -> BesideView {
    let v = &b.saved.value;
    let areas: Vec<&str> = v.areas.iter().map(|a| area_words(*a)).collect();
    let restricted: Vec<&str> = v.categories.iter().map(|c| c.title()).collect();
    let until = match (v.ended, v.until) {
        (Some(at), _) => format!("Ended {}.", text::day(calendar.day(at), today)),
        (None, Some(until)) => format!("Until {}.", text::day(until, today)),
        (None, None) => "For as long as their power lasts.".into(),
    };
    BesideView {
        name: v.name.clone(),
        relation: v.relation.clone(),
        kind: v.kind.title(),
        holds: b.holds,
        advocate: v.kind.is_advocate(),
        areas: text::list(&areas),
        restricted: text::list(&restricted),
        until: if v.kind.is_advocate() && v.ended.is_none() { String::new() } else { until },
        proof: v.proof.as_ref().map(|p| format!("{}, seen {}", p.what, text::day(p.on, today))),
        would_see: b.would_see.clone(),
        href: format!("{base}/{}", b.saved.meta.id),
    }
}

async fn list(app: &App, side: Side, page: &PageContext) -> Result<Html, Oops> {
    let data = app.kith.supporters(&side.who, side.person).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(side.who.now);
    let base = side.supporters();
    let view = SupportersView {
        layout: side.layout(),
        back: side.base(),
        own: side.own,
        called: (!side.own).then_some(data.called),
        people: data.people.iter().map(|b| beside_view(b, &base, today, calendar)).collect(),
        add: format!("{base}/add"),
        quiet: (!side.own).then(|| format!("/people/{}/quiet", side.person)),
    };
    Ok(render(page, &view))
}

async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Html, Oops> {
    list(&app, Side::mine(who)?, &page).await
}

async fn theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Html, Oops> {
    list(&app, Side::theirs(who, person), &page).await
}

/// Letting somebody in.
#[derive(Debug, Serialize)]
pub struct LetInView {
    layout: &'static str,
    base: String,
    own: bool,
    action: String,
    kinds: Vec<Item>,
    areas: Vec<Item>,
    categories: Vec<Item>,
    ways: Vec<Item>,
    present: Vec<Item>,
    form: Filled,
}

/// What they would see today, before they are let in.
#[derive(Debug, Serialize)]
pub struct LetInCheckView {
    layout: &'static str,
    base: String,
    own: bool,
    name: String,
    advocate: bool,
    action: String,
    lines: Vec<String>,
    fields: Vec<(String, String)>,
}

fn let_in_view(layout: &'static str, base: String, own: bool, form: Filled) -> LetInView {
    let kinds = SupporterKind::ALL.into_iter().filter(|k| !own || !k.needs_proof());
    let ways = Asked::ALL.into_iter().filter(|a| *a != Asked::OnScreen);
    LetInView {
        layout,
        own,
        action: format!("{base}/add"),
        base,
        kinds: kinds.map(|k| item(k.code(), k.title())).collect(),
        areas: area_items(),
        categories: category_items(),
        ways: ways.map(|a| item(a.code(), &text::capitalised(a.title()))).collect(),
        present: present_choices().map(|(value, words)| item(value, words)).into(),
        form,
    }
}

fn add(app: &App, side: &Side, page: &PageContext) -> Response {
    let mut form = Filled::blank();
    let today = app.kith.calendar().day(side.who.now);
    form.set_day("until", Consent::default_end(today, side.who.partnership.settings()));
    render(page, &let_in_view(side.layout(), side.supporters(), side.own, form)).into_response()
}

fn read_new(read: &mut Reader<'_>, side: &Side) -> Option<NewSupporter> {
    let name = read.required_text("name", TextRule::line("their name").max(120));
    let relation = read.required_text("relation", TextRule::line("who they are to you").max(120));
    let kind = read.required_choice("kind", "what kind of supporter", SupporterKind::from_code);
    let contact = read.optional_text("contact", TextRule::line("how to reach them").max(200));
    let areas = read.many("areas", "what they may see", Area::from_code);
    let categories = read.many("categories", "what they may also see", Category::from_code);
    let until = read.optional_day("until", "the last day");
    let proof = read.optional_text("proof", TextRule::line("the paper you saw").max(200));
    let given = if side.own { Some(on_screen(side)) } else { read_how(read, side) };
    Some(NewSupporter {
        name: name?,
        relation: relation?,
        kind: kind?,
        contact,
        areas,
        categories,
        until,
        given: given?,
        proof,
    })
}

/// The problems of a use case as problems of these forms.
fn problems(read: &mut Reader<'_>, error: CareError) -> Result<(), Oops> {
    match error {
        CareError::Fields(list) => {
            for p in list {
                match p.field.as_str() {
                    day @ ("until" | "review") => read.day_problem(day, p.problem),
                    field => read.problem(field, p.problem),
                }
            }
            Ok(())
        }
        other => Err(other.into()),
    }
}

async fn save(app: &App, side: Side, page: &PageContext, form: &Posted) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let new = read_new(&mut read, &side);
    let base = side.supporters();
    let again = |errors: &FormErrors| {
        let filled = Filled::of(&form.data, errors);
        Ok(render(page, &let_in_view(side.layout(), side.supporters(), side.own, filled)).into_response())
    };
    let (Some(new), true) = (new, read.is_ok()) else { return again(read.errors()) };
    let outcome = if form.data.value("confirm") == Some("yes") {
        app.kith.let_in(&side.who, side.person, &new, &base, form.submission).await.map(Err)
    } else {
        app.kith.would_let_in(&side.who, side.person, &new).await.map(Ok)
    };
    match outcome {
        Ok(Err(to)) => Ok(Redirect::to(&to).into_response()),
        Ok(Ok(lines)) => {
            let typed = form.data.pairs().iter().filter(|(name, _)| !name.starts_with('_'));
            let view = LetInCheckView {
                layout: side.layout(),
                own: side.own,
                name: new.name,
                advocate: new.kind.is_advocate(),
                action: format!("{base}/add"),
                base,
                lines,
                fields: typed.cloned().collect(),
            };
            Ok(render(page, &view).into_response())
        }
        Err(error) => {
            problems(&mut read, error)?;
            again(read.errors())
        }
    }
}

async fn add_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    let side = Side::mine(who)?;
    app.kith.supporters(&side.who, side.person).await?;
    Ok(add(&app, &side, &page))
}

async fn add_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let side = Side::theirs(who, person);
    app.kith.supporters(&side.who, side.person).await?;
    Ok(add(&app, &side, &page))
}

async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::mine(who)?, &page, &form).await
}

async fn save_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::theirs(who, person), &page, &form).await
}

impl View for SupportersView {
    const TEMPLATE: &'static str = "supporters/list.html";
    fn title(&self) -> String {
        "People who stand beside you".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, own, n: usize| SupportersView {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            back: "/mine/sharing".into(),
            own,
            called: (!own).then(|| "Badger".into()),
            people: (0..n).map(|i| beside_sample(words, i)).collect(),
            add: "/mine/supporters/add".into(),
            quiet: (!own).then(|| "/people/x/quiet".into()),
        };
        vec![
            ("ordinary", page("Sana", true, 2)),
            ("empty", page("", true, 0)),
            ("longest", page(&"A long name ".repeat(8), false, 8)),
            ("difficult", page("<b>\"x\" & 'y'</b>", false, 2)),
        ]
    }
}

fn beside_sample(words: &str, i: usize) -> BesideView {
    BesideView {
        name: words.into(),
        relation: "sister".into(),
        kind: if i == 1 { "Community advocate" } else { "Relative" },
        holds: i % 3 != 2,
        advocate: i == 1,
        areas: "Housing and Money".into(),
        restricted: if i == 0 { "Alcohol or drugs".into() } else { String::new() },
        until: "Until Tuesday 24 November 2027.".into(),
        proof: (i > 1).then(|| "Lasting power of attorney, seen today".into()),
        would_see: vec![words.into(); 2],
        href: "/mine/supporters/x".into(),
    }
}

impl View for LetInView {
    const TEMPLATE: &'static str = "supporters/add.html";
    fn title(&self) -> String {
        "Let somebody in".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |own, form| {
            let layout = if own { "layout/person.html" } else { "layout/staff.html" };
            let_in_view(layout, "/mine/supporters".into(), own, form)
        };
        let wrong = FormErrors::one("areas", "Choose at least one part that they may see.");
        vec![
            ("ordinary", page(true, Filled::with([("name", "Sana"), ("areas", "housing")]))),
            ("empty", page(false, Filled::blank())),
            ("difficult", page(false, Filled::of(&FormData::from_text("name=%3Cb%3E"), &wrong))),
        ]
    }
}

impl View for LetInCheckView {
    const TEMPLATE: &'static str = "supporters/check.html";
    fn title(&self) -> String {
        "Look before you let them in".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, own, n: usize| LetInCheckView {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/supporters".into(),
            own,
            name: "Sana".into(),
            advocate: n == 0 && own,
            action: "/mine/supporters/add".into(),
            lines: vec![words.into(); n],
            fields: vec![("areas".into(), "money".into())],
        };
        vec![
            ("ordinary", page("What you need: somewhere dry", true, 1)),
            ("empty", page("", true, 0)),
            ("nothing", page("", false, 0)),
            ("longest", page(&"Many words that matter. ".repeat(6), true, 20)),
            ("difficult", page("<b>x</b>", false, 1)),
        ]
    }
}

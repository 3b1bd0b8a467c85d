//! Letting somebody see more, and letting them see less.

use super::side::Side;
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::sharing::agreements::{Standing, areas_with};
use kith_care::sharing::change::NewSharing;
use kith_care::{CareError, Principal};
use kith_domain::area::Area;
use kith_domain::consent::{Asked, Consent, HowGiven, Present};
use kith_domain::id::{ConsentId, OrganisationId, PersonId};
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
struct Item {
    value: String,
    text: String,
}

/// Letting somebody see more.
#[derive(Debug, Serialize)]
pub struct GivePage {
    layout: &'static str,
    base: String,
    own: bool,
    action: String,
    form: Filled,
    organisations: Vec<Item>,
    areas: Vec<Item>,
    ways: Vec<Item>,
    present: Vec<Item>,
}

/// What they could open, before it is shared.
#[derive(Debug, Serialize)]
pub struct GiveCheckPage {
    layout: &'static str,
    base: String,
    own: bool,
    name: String,
    action: String,
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
            action: "/mine/sharing/give".into(),
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
    adds: bool,
}

fn area_item(area: Area) -> Item {
    Item { value: area.code().into(), text: area.title().into() }
}

fn ways() -> Vec<Item> {
    let asked = Asked::ALL.into_iter().filter(|a| *a != Asked::OnScreen);
    asked.map(|a| Item { value: a.code().into(), text: crate::text::capitalised(a.title()) }).collect()
}

fn organisations(who: &Principal) -> Vec<Item> {
    let all = who.partnership.facts.organisations.iter();
    let mut items: Vec<Item> = all
        .filter(|(id, _)| !areas_with(who, **id).is_empty())
        .map(|(id, o)| Item { value: id.to_string(), text: o.name.clone() })
        .collect();
    items.sort_by(|a, b| a.text.cmp(&b.text));
    items
}

fn give_page(side: &Side, form: Filled) -> GivePage {
    let base = side.base();
    GivePage {
        layout: side.layout(),
        own: side.own,
        action: format!("{base}/give"),
        base,
        form,
        organisations: organisations(&side.who),
        areas: Area::SIX.into_iter().map(area_item).collect(),
        ways: ways(),
        present: present_items(),
    }
}

/// Who else could be there.
pub(in crate::pages) fn present_choices() -> [(&'static str, &'static str); 3] {
    [("alone", "No, we were alone"), ("somebody", "Yes"), ("not_known", "On the phone: I do not know")]
}

fn present_items() -> Vec<Item> {
    present_choices().map(|(value, text)| Item { value: value.into(), text: text.into() }).into()
}

/// Who else was there, from its two fields: asked each time, never taken for granted.
pub(in crate::pages) fn read_present(read: &mut Reader<'_>) -> Option<Present> {
    let which = read.required_choice("presence", "whether anybody else was there", |code| {
        present_choices().into_iter().map(|(value, _)| value).find(|value| *value == code)
    })?;
    match which {
        "alone" => Some(Present::Nobody),
        "somebody" => {
            let who = read.required_text("present", TextRule::line("who else was there").max(200))?;
            Some(Present::Somebody(who))
        }
        _ => Some(Present::NotKnown),
    }
}

/// Who interpreted, when somebody did.
pub(in crate::pages) fn read_interpreter(read: &mut Reader<'_>, how: Option<Asked>) -> Option<String> {
    let rule = || TextRule::line("who interpreted").max(200);
    match how {
        Some(Asked::Interpreter) => read.required_text("interpreter", rule()),
        _ => read.optional_text("interpreter", rule()),
    }
}

async fn show(app: &App, side: Side, page: &PageContext) -> Result<Response, Oops> {
    if !app.kith.sharing(&side.who, side.person).await?.may_give {
        let words = "Only the person, or whoever holds their plan together with them, can share more.";
        return Err(CareError::Forbidden(words.into()).into());
    }
    let mut form = Filled::blank();
    let today = app.kith.calendar().day(side.who.now);
    form.set_day("until", Consent::default_end(today, side.who.partnership.settings()));
    Ok(render(page, &give_page(&side, form)).into_response())
}

async fn save(app: &App, side: Side, page: &PageContext, form: &Posted) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let new = read_new(&mut read, &side);
    let again = |errors: &FormErrors| {
        Ok(render(page, &give_page(&side, Filled::of(&form.data, errors))).into_response())
    };
    let (Some(new), true) = (new, read.is_ok()) else { return again(read.errors()) };
    let base = side.base();
    if form.data.value("confirm") != Some("yes") {
        return match app.kith.would_open(&side.who, side.person, &new).await {
            Ok(lines) => Ok(render(page, &check_page(&side, &new, lines, form)).into_response()),
            Err(CareError::Fields(problems)) => {
                refused(&mut read, problems);
                again(read.errors())
            }
            Err(other) => Err(other.into()),
        };
    }
    match app.kith.give_sharing(&side.who, side.person, &new, &base, form.submission).await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(CareError::Fields(problems)) => {
            refused(&mut read, problems);
            again(read.errors())
        }
        Err(other) => Err(other.into()),
    }
}

/// What was filled in, to be looked at once more before it counts.
fn check_page(side: &Side, new: &NewSharing, lines: Vec<String>, form: &Posted) -> GiveCheckPage {
    let base = side.base();
    let typed = form.data.pairs().iter().filter(|(name, _)| !name.starts_with('_'));
    GiveCheckPage {
        layout: side.layout(),
        own: side.own,
        name: side.who.partnership.organisation_name(new.organisation).unwrap_or_default(),
        action: format!("{base}/give"),
        base,
        lines,
        fields: typed.cloned().collect(),
    }
}

fn refused(read: &mut Reader<'_>, problems: Vec<kith_care::FieldProblem>) {
    for p in problems {
        if p.field == "until" {
            read.day_problem("until", p.problem);
        } else {
            read.problem(&p.field, p.problem);
        }
    }
}

fn read_new(read: &mut Reader<'_>, side: &Side) -> Option<NewSharing> {
    let organisation =
        read.required_choice("organisation", "who", |code| code.parse::<OrganisationId>().ok());
    let areas = read.many("areas", "what they may see", Area::from_code);
    let private = read.ticked("private");
    let contribute = read.ticked("contribute");
    let until = read.required_day("until", "the last day");
    let given = if side.own { Some(on_screen(side)) } else { read_how(read, side) };
    Some(NewSharing { organisation: organisation?, areas, private, contribute, until: until?, given: given? })
}

/// By the person, on the screen.
pub(in crate::pages) fn on_screen(side: &Side) -> HowGiven {
    HowGiven {
        asked_by: None,
        how: Asked::OnScreen,
        present: String::new(),
        offered_alone: false,
        said_no_to: Vec::new(),
        words: String::new(),
        capacity_doubt: None,
        clinician: None,
        interpreter: None,
        at: side.who.now,
    }
}

/// How the person gave their yes, as a worker writes it down.
pub(in crate::pages) fn read_how(read: &mut Reader<'_>, side: &Side) -> Option<HowGiven> {
    let how = read.required_choice("how", "how you asked", |code| {
        Asked::from_code(code).filter(|a| *a != Asked::OnScreen)
    });
    let present = read_present(read);
    let interpreter = read_interpreter(read, how);
    let clinician =
        read.optional_text("clinician", TextRule::line("the clinician, and what they said").max(500));
    let words = read.optional_text("words", TextRule::lines("what they said").max(2000));
    let doubt = read.optional_text("doubt", TextRule::line("any doubt").max(300));
    if doubt.is_some() && clinician.is_none() {
        read.problem(
            "clinician",
            "Say which clinician you spoke to, and what they said, before it is shared.",
        );
    }
    Some(HowGiven {
        asked_by: side.who.worker().ok().map(|(worker, _)| worker),
        how: how?,
        present: present?.stored(),
        interpreter,
        clinician,
        offered_alone: read.ticked("alone"),
        words: words.unwrap_or_default(),
        capacity_doubt: doubt,
        ..on_screen(side)
    })
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
        adds: s.consent.contribute,
    }
}

async fn less(app: &App, side: Side, id: ConsentId, page: &PageContext) -> Result<Response, Oops> {
    let (name, s) = standing(app, &side, id).await?;
    let areas = s.consent.areas.iter().map(|a| ("areas", a.code()));
    let data = FormData::from_pairs(areas.chain(s.consent.contribute.then_some(("contribute", "yes"))));
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
    let contribute = read.ticked("contribute");
    let until = read.required_day("until", "the last day");
    if let (Some(version), Some(until), true) = (version, until, read.is_ok()) {
        let consent = (id, u32::try_from(version).unwrap_or(0));
        let base = side.base();
        let who = &side.who;
        let less = (areas.as_slice(), contribute);
        match app.kith.narrow_sharing(who, side.person, consent, less, until, &base, form.submission).await {
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
    page: PageContext,
) -> Result<Response, Oops> {
    show(&app, Side::mine(who)?, &page).await
}

pub(super) async fn theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    show(&app, Side::theirs(who, person), &page).await
}

pub(super) async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::mine(who)?, &page, &form).await
}

pub(super) async fn save_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::theirs(who, person), &page, &form).await
}

pub(super) async fn less_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(consent): Path<ConsentId>,
    page: PageContext,
) -> Result<Response, Oops> {
    less(&app, Side::mine(who)?, consent, &page).await
}

pub(super) async fn less_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, consent)): Path<(PersonId, ConsentId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    less(&app, Side::theirs(who, person), consent, &page).await
}

pub(super) async fn save_less_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(consent): Path<ConsentId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save_less(&app, Side::mine(who)?, consent, &page, &form).await
}

pub(super) async fn save_less_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, consent)): Path<(PersonId, ConsentId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save_less(&app, Side::theirs(who, person), consent, &page, &form).await
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
        let page = |own, form| GivePage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/sharing".into(),
            own,
            action: "/mine/sharing/give".into(),
            form,
            organisations: vec![Item { value: "x".into(), text: "DebtHelp".into() }],
            areas: Area::SIX.into_iter().map(area_item).collect(),
            ways: ways(),
            present: present_items(),
        };
        let wrong = FormErrors::one("areas", "Choose what they may see.");
        vec![
            ("ordinary", page(true, Filled::with([("areas", "money")]))),
            ("empty", page(false, Filled::blank())),
            ("difficult", page(false, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
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

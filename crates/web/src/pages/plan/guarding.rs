//! Who may read a line of the plan: for a worker who helps, and for the person about their own
//! words. Guarding it more is one step; guarding it less says why, unless it is the person.

use super::Item;
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::people::{began, category_items, level_items, path_of, read_marks};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::plan::guarding::{LinePage, May};
use kith_care::{CareError, Principal};
use kith_domain::area::Sensitivity;
use kith_domain::guarding::{LineMarked, Wanted};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::record::{Author, Kind};
use serde::Serialize;

/// Who may read a line.
#[derive(Debug, Serialize)]
pub struct LineMarksPage {
    layout: &'static str,
    own: bool,
    back: String,
    action: String,
    called: String,
    kind: &'static str,
    words: String,
    version: u32,
    may_mark: bool,
    may_keep: bool,
    may_seal: bool,
    form: Filled,
    levels: Vec<Item>,
    categories: Vec<Item>,
    names: Vec<Item>,
    before: Vec<String>,
}

/// What a line is called on pages.
pub(crate) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Need => "A need",
        Kind::Goal => "A goal",
        Kind::Step => "A step",
        _ => "A part of the plan",
    }
}

fn levels(may: May) -> Vec<Item> {
    let most = if may.seal { Sensitivity::S4 } else { Sensitivity::S3 };
    let mut items = level_items(most);
    if may.only_very_private {
        items.retain(|i| i.value == "very_private");
    }
    items
}

fn earlier(who: &Principal, m: &LineMarked, on: String) -> String {
    let by = match m.by {
        Author::Worker { worker, .. } => who.partnership.worker_name(worker),
        Author::Person { .. } if who.person().is_ok() => "You".into(),
        Author::Person { .. } => "They themselves".into(),
        _ => "Kith".into(),
    };
    let done = if m.less { "opened it up" } else { "guarded it" };
    let why = m.why.as_ref().map(|w| format!(": {w}")).unwrap_or_default();
    format!("{by} {done}, {on}{why}")
}

fn view_of(
    app: &App,
    who: &Principal,
    (person, record): (PersonId, RecordId),
    data: LinePage,
    form: Option<Filled>,
) -> LineMarksPage {
    let own = who.person().is_ok();
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let mut names = data.could_be_named;
    for worker in &data.marks.allow_list {
        if !names.iter().any(|(known, _)| known == worker) {
            names.push((*worker, who.partnership.worker_name(*worker)));
        }
    }
    let before = data.marked.iter().map(|m| earlier(who, m, text::day(calendar.day(m.at), today)));
    let first = || {
        let mut form = began(&data.marks, today);
        if let Some(wish) = &data.wish {
            form.set("wish", wish);
        }
        form
    };
    LineMarksPage {
        layout: if own { "layout/person.html" } else { "layout/staff.html" },
        own,
        back: if own { "/mine/plan".into() } else { format!("{}/plan", path_of(person)) },
        action: address(own, person, record),
        called: data.called.unwrap_or_default(),
        kind: kind_word(data.kind),
        words: data.says,
        version: data.meta.version,
        may_mark: data.may.mark,
        may_keep: data.may.keep_from_them,
        may_seal: data.may.seal || data.marks.sensitivity == Sensitivity::S4,
        before: before.collect(),
        levels: match data.marks.sensitivity {
            Sensitivity::S4 => level_items(Sensitivity::S4),
            _ => levels(data.may),
        },
        categories: category_items(),
        names: names.into_iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        form: form.unwrap_or_else(first),
    }
}

/// Where the page of a line is.
fn address(own: bool, person: PersonId, record: RecordId) -> String {
    if own { format!("/mine/plan/marks/{record}") } else { format!("{}/marks/{record}", path_of(person)) }
}

async fn load(
    app: &App,
    who: &Principal,
    (person, record): (PersonId, RecordId),
    form: Option<Filled>,
) -> Result<LineMarksPage, Oops> {
    let data = match who.person() {
        Ok(_) => app.kith.my_line_marks(who, record).await?,
        Err(_) => app.kith.line_marks(who, person, record).await?,
    };
    Ok(view_of(app, who, (person, record), data, form))
}

async fn save_at(
    app: &App,
    who: &Principal,
    at: (PersonId, RecordId),
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=i64::from(u32::MAX));
    let why = read.optional_text("why", TextRule::lines("why").max(500));
    let wish = read.optional_text("wish", TextRule::lines("what they want").max(500));
    let marks = read_marks(&mut read);
    if let (Some(marks), Some(version), true) = (marks, version, read.is_ok()) {
        let wanted = Wanted { marks, wish, why };
        let of = (at.1, u32::try_from(version).unwrap_or(0));
        match app.kith.mark_line(who, at.0, of, &wanted, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                for p in problems {
                    match p.field.as_str() {
                        "review" => read.day_problem("review", p.problem),
                        field => read.problem(field, p.problem),
                    }
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(page, &load(app, who, at, Some(filled)).await?).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(at): Path<(PersonId, RecordId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load(&app, &who, at, None).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(at): Path<(PersonId, RecordId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save_at(&app, &who, at, &page, &form).await
}

pub(super) async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(record): Path<RecordId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let me = who.person()?;
    Ok(render(&page, &load(&app, &who, (me, record), None).await?).into_response())
}

pub(super) async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(record): Path<RecordId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let me = who.person()?;
    save_at(&app, &who, (me, record), &page, &form).await
}

impl View for LineMarksPage {
    const TEMPLATE: &'static str = "plan/marks.html";

    fn title(&self) -> String {
        "Who may read this line".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, form, names: usize, own: bool| LineMarksPage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            own,
            back: "/people/x/plan".into(),
            action: "/people/x/marks/y".into(),
            called: "Badger".into(),
            kind: "A need",
            words: words.into(),
            version: 1,
            may_mark: true,
            may_keep: !own,
            may_seal: !own,
            form,
            levels: level_items(if own { Sensitivity::S3 } else { Sensitivity::S4 }),
            categories: category_items(),
            names: (0..names)
                .map(|n| Item::new(n.to_string(), format!("Joan Fisher {n}, DebtHelp")))
                .collect(),
            before: vec!["Joan Fisher guarded it, yesterday".into(); names.min(3)],
        };
        let wrong = FormErrors::one("why", "Write why more people may read it now.");
        let nothing = LineMarksPage { may_mark: false, ..page("", Filled::blank(), 0, false) };
        vec![
            ("ordinary", page("Somewhere dry.", Filled::with([("level", "private")]), 3, false)),
            ("own", page("Somewhere dry.", Filled::with([("level", "ordinary")]), 0, true)),
            ("empty", nothing),
            ("longest", page(&"Many words. ".repeat(200), Filled::with([("level", "sealed")]), 30, false)),
            (
                "difficult",
                page("<b>x</b>", Filled::of(&FormData::from_text("why=%3Cb%3E"), &wrong), 1, false),
            ),
        ]
    }
}

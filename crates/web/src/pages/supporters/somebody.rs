//! One supporter: what they may see, changing it, a code for an account of their own, and
//! ending it: one tap asks, the second ends.

use super::{Item, area_items, area_words, category_items, problems};
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::sharing::Side;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::supporters::Beside;
use kith_domain::area::{Area, Category};
use kith_domain::id::{PersonId, SupporterId};
use serde::Serialize;

/// One supporter.
#[derive(Debug, Serialize)]
pub struct OneView {
    layout: &'static str,
    base: String,
    own: bool,
    name: String,
    relation: String,
    kind: &'static str,
    contact: Option<String>,
    advocate: bool,
    holds: bool,
    ended: bool,
    areas: Vec<Item>,
    categories: Vec<Item>,
    would_see: Vec<String>,
    path: String,
    form: Filled,
}

/// The first tap: are you sure?
#[derive(Debug, Serialize)]
pub struct EndView {
    layout: &'static str,
    own: bool,
    name: String,
    back: String,
    action: String,
}

/// The code, shown once.
#[derive(Debug, Serialize)]
pub struct CodeView {
    layout: &'static str,
    base: String,
    name: String,
    code: Option<String>,
    until: String,
}

async fn find(app: &App, side: &Side, id: SupporterId) -> Result<Beside, Oops> {
    let data = app.kith.supporters(&side.who, side.person).await?;
    Ok(data.people.into_iter().find(|b| b.saved.id::<SupporterId>() == id).ok_or(CareError::Missing)?)
}

fn view(side: &Side, b: Beside, form: Filled) -> OneView {
    let base = side.supporters();
    let v = b.saved.value;
    let reach = |i: &Item| Area::from_code(&i.value).is_some_and(|a| v.kind.reaches(a));
    OneView {
        layout: side.layout(),
        own: side.own,
        path: format!("{base}/{}", b.saved.meta.id),
        base,
        advocate: v.kind.is_advocate(),
        areas: area_items().into_iter().filter(reach).collect(),
        categories: category_items(),
        kind: v.kind.title(),
        holds: b.holds,
        ended: v.ended.is_some(),
        would_see: b.would_see,
        name: v.name,
        relation: v.relation,
        contact: v.contact,
        form,
    }
}

async fn show(app: &App, side: Side, id: SupporterId, page: &PageContext) -> Result<Response, Oops> {
    let b = find(app, &side, id).await?;
    let v = &b.saved.value;
    let areas = v.areas.iter().map(|a| ("areas", a.code()));
    let data = FormData::from_pairs(areas.chain(v.categories.iter().map(|c| ("categories", c.code()))));
    let mut form = Filled::of(&data, &FormErrors::new());
    if let Some(until) = v.until {
        form.set_day("until", until);
    }
    Ok(render(page, &view(&side, b, form)).into_response())
}

async fn save(
    app: &App,
    side: Side,
    id: SupporterId,
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let areas = read.many("areas", "what they may see", Area::from_code);
    let categories = read.many("categories", "what they may also see", Category::from_code);
    let until = read.optional_day("until", "the last day");
    if read.is_ok() {
        let (ids, new) = ((side.person, id), (areas, categories, until));
        let answer = side.supporters();
        match app.kith.change_supporter(&side.who, ids, new, &answer, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => problems(&mut read, error)?,
        }
    }
    let b = find(app, &side, id).await?;
    Ok(render(page, &view(&side, b, Filled::of(&form.data, read.errors()))).into_response())
}

async fn end(app: &App, side: Side, id: SupporterId, page: &PageContext) -> Result<Response, Oops> {
    let b = find(app, &side, id).await?;
    let base = side.supporters();
    let view = EndView {
        layout: side.layout(),
        own: side.own,
        name: b.saved.value.name,
        action: format!("{base}/{id}/end"),
        back: base,
    };
    Ok(render(page, &view).into_response())
}

async fn save_end(app: &App, side: Side, id: SupporterId, form: &Posted) -> Result<Response, Oops> {
    let answer = side.supporters();
    let to = app.kith.end_supporter(&side.who, (side.person, id), &answer, form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

async fn code(
    app: &App,
    side: Side,
    id: SupporterId,
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let made = app.kith.invite_supporter(&side.who, (side.person, id), form.submission).await?;
    let today = app.kith.calendar().day(side.who.now);
    let (name, code, until) = match made {
        Some((name, i)) => (name, Some(i.code), text::day(app.kith.calendar().day(i.until), today)),
        None => (String::new(), None, String::new()),
    };
    let view = CodeView { layout: side.layout(), base: side.supporters(), name, code, until };
    Ok(render(page, &view).into_response())
}

/// The same page on both sides of the table.
macro_rules! sides {
    ($($mine:ident, $theirs:ident => $what:ident($($arg:ident: $type:ty),*);)+) => {$(
        pub(super) async fn $mine(
            State(app): State<App>,
            SignedInPerson(who): SignedInPerson,
            Path(id): Path<SupporterId>,
            $($arg: $type),*
        ) -> Result<Response, Oops> {
            $what(&app, Side::mine(who)?, id, $(&$arg),*).await
        }

        pub(super) async fn $theirs(
            State(app): State<App>,
            SignedInWorker(who): SignedInWorker,
            Path((person, id)): Path<(PersonId, SupporterId)>,
            $($arg: $type),*
        ) -> Result<Response, Oops> {
            $what(&app, Side::theirs(who, person), id, $(&$arg),*).await
        }
    )+};
}

sides! {
    mine, theirs => show(page: PageContext);
    save_mine, save_theirs => save(page: PageContext, form: Posted);
    end_mine, end_theirs => end(page: PageContext);
    save_end_mine, save_end_theirs => save_end(form: Posted);
    code_mine, code_theirs => code(page: PageContext, form: Posted);
}

impl View for OneView {
    const TEMPLATE: &'static str = "supporters/one.html";
    fn title(&self) -> String {
        "Somebody who stands beside you".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, own, form| OneView {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/supporters".into(),
            own,
            name: name.into(),
            relation: "sister".into(),
            kind: "Relative",
            contact: own.then(|| "01632 960333".into()),
            advocate: false,
            holds: true,
            ended: false,
            areas: vec![super::item(Area::Money.code(), area_words(Area::Money))],
            categories: category_items(),
            would_see: vec![name.into(); 3],
            path: "/mine/supporters/x".into(),
            form,
        };
        let wrong = FormErrors::one("areas", "Choose at least one part that they may see.");
        vec![
            ("ordinary", page("Sana", true, Filled::with([("areas", "money")]))),
            (
                "empty",
                OneView {
                    holds: false,
                    ended: true,
                    would_see: vec![],
                    ..page("Sana", true, Filled::blank())
                },
            ),
            (
                "advocate",
                OneView { advocate: true, holds: false, ..page("Carol Whinford", false, Filled::blank()) },
            ),
            ("difficult", page("<b>x</b>", false, Filled::of(&FormData::from_text(""), &wrong))),
        ]
    }
}

impl View for EndView {
    const TEMPLATE: &'static str = "supporters/end.html";
    fn title(&self) -> String {
        "End what they may see".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, own| EndView {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            own,
            name: name.into(),
            back: "/mine/supporters".into(),
            action: "/mine/supporters/x/end".into(),
        };
        vec![("ordinary", page("Sana", true)), ("difficult", page("<b>x</b>", false))]
    }
}

impl View for CodeView {
    const TEMPLATE: &'static str = "supporters/code.html";
    fn title(&self) -> String {
        "A code for them".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, code: Option<&str>| CodeView {
            layout: "layout/person.html",
            base: "/mine/supporters".into(),
            name: name.into(),
            code: code.map(str::to_owned),
            until: "Tuesday 1 December".into(),
        };
        vec![
            ("ordinary", page("Sana", Some("4F7K-9QXM-2B3C-8XYZ"))),
            ("empty", page("", None)),
            ("difficult", page("<b>x</b>", Some("4F7K-9QXM-2B3C-8XYZ"))),
        ]
    }
}

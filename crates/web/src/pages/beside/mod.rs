//! The pages of a supporter: what they may see, who holds what next, telling the team, and what
//! is there for themselves whether anybody agrees or not. Never the person's own account.

use crate::app::{App, For, Oops, Posted, Routes, SignedInSupporter};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::Principal;
use serde::Serialize;

crate::views! { BesideView, TellView, ForYouView }

/// The routes of these pages.
pub fn routes() -> Routes {
    let me = For::Supporters;
    Routes::new()
        .get("/beside", me, Action::View, show)
        .get("/beside/tell", me, Action::AskForHelp, tell)
        .post("/beside/tell", me, Action::AskForHelp, save_tell)
        .get("/beside/for-you", me, Action::BrowseDirectory, for_you)
}

/// What they may see.
#[derive(Debug, Serialize)]
pub struct BesideView {
    parts: Vec<(String, Vec<String>)>,
    next: Vec<NextLine>,
}

#[derive(Clone, Debug, Serialize)]
struct NextLine {
    what: String,
    on: String,
    with: String,
}

/// Telling the team.
#[derive(Debug, Serialize)]
pub struct TellView {
    team: String,
    by: String,
    phone: Option<String>,
    told: Vec<String>,
    form: Filled,
}

/// What is there for themselves.
#[derive(Debug, Serialize)]
pub struct ForYouView {
    place: String,
}

async fn show(
    State(app): State<App>,
    SignedInSupporter(who): SignedInSupporter,
    page: PageContext,
) -> Result<Html, Oops> {
    let data = app.kith.beside_page(&who).await?;
    let next = data.next.into_iter();
    let next = next.map(|(what, on, with)| NextLine { what, on: text::full_day(on), with }).collect();
    Ok(render(&page, &BesideView { parts: data.parts, next }))
}

async fn tell_view(app: &App, who: &Principal, form: Filled) -> Result<TellView, Oops> {
    let data = app.kith.told_team(who).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let told = data.told.into_iter().map(|(at, by, read)| {
        let when = text::capitalised(&text::relative_day(calendar.day(at), today));
        match read {
            Some(read) => format!(
                "{when} you told us something. The team read it {}.",
                text::relative_day(calendar.day(read), today)
            ),
            None => format!("{when} you told us something. The team reads it by {}.", text::day(by, today)),
        }
    });
    Ok(TellView {
        told: told.collect(),
        team: data.team,
        by: text::day_and_relative(data.by, today),
        phone: data.phone,
        form,
    })
}

async fn tell(
    State(app): State<App>,
    SignedInSupporter(who): SignedInSupporter,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &tell_view(&app, &who, Filled::blank()).await?).into_response())
}

async fn save_tell(
    State(app): State<App>,
    SignedInSupporter(who): SignedInSupporter,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what you want to tell").max(4000));
    let (Some(words), true) = (words, read.is_ok()) else {
        let filled = Filled::of(&form.data, read.errors());
        return Ok(render(&page, &tell_view(&app, &who, filled).await?).into_response());
    };
    let to = app.kith.tell_team(&who, &words, "/beside/tell", form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

async fn for_you(State(app): State<App>, SignedInSupporter(_): SignedInSupporter, page: PageContext) -> Html {
    render(&page, &ForYouView { place: app.site.settings().place.clone() })
}

impl View for BesideView {
    const TEMPLATE: &'static str = "beside/page.html";
    fn title(&self) -> String {
        "What you may see".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| BesideView {
            parts: vec![("Housing".into(), vec![words.into(); n.min(4)]); n],
            next: vec![
                NextLine {
                    what: words.into(),
                    on: "Friday 27 November 2026".into(),
                    with: "Aisha Rahman".into()
                };
                n
            ],
        };
        vec![
            ("ordinary", page("They need: somewhere dry", 1)),
            ("empty", page("", 0)),
            ("longest", page(&"Many words that matter. ".repeat(8), 8)),
            ("difficult", page("<b>\"x\" & 'y'</b>", 1)),
        ]
    }
}

impl View for TellView {
    const TEMPLATE: &'static str = "beside/tell.html";
    fn title(&self) -> String {
        "Tell the team".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, form| TellView {
            team: "Navigators".into(),
            by: "Thursday 26 November".into(),
            phone: (n > 0).then(|| "01632 960001".into()),
            told: vec!["Today you told us something. The team reads it by Thursday.".into(); n],
            form,
        };
        let wrong = FormErrors::one("words", "Enter what you want to tell.");
        vec![
            ("ordinary", page(1, Filled::blank())),
            ("empty", page(0, Filled::blank())),
            ("longest", page(20, Filled::with([("words", "Many words. ")]))),
            ("difficult", page(1, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

impl View for ForYouView {
    const TEMPLATE: &'static str = "beside/for_you.html";
    fn title(&self) -> String {
        "For you".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("ordinary", ForYouView { place: "Brackenford".into() }),
            ("difficult", ForYouView { place: "<b>x</b>".into() }),
        ]
    }
}

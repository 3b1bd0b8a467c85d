//! The person's own rights page: what they can ask for, what they asked for, how it goes, and
//! the answer.

use super::about;
use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::rights::{MyRight, MyRights};
use kith_domain::id::RecordId;
use kith_domain::record::Record;
use kith_domain::right::RightKind;
use kith_domain::time::{Calendar, Day};
use serde::Serialize;

/// The person's rights.
#[derive(Debug, Serialize)]
pub struct MyRightsPage {
    rights: Vec<(&'static str, &'static str, &'static str)>,
    asked: Vec<AskedView>,
    contacts: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize)]
struct AskedView {
    id: String,
    title: &'static str,
    place: String,
    when: String,
    words: Option<String>,
    /// What happens, oldest first: a day, and what was said.
    story: Vec<(String, String)>,
    /// Who answers, and by when.
    next: Option<(String, String)>,
    open: bool,
    ended: Option<&'static str>,
    instead: &'static str,
}

fn asked_view(r: &MyRight, calendar: &Calendar, today: Day) -> AskedView {
    let v = &r.right.value;
    let day = |at| text::capitalised(&text::day_and_relative(calendar.day(at), today));
    let mut story: Vec<(String, String)> = Vec::new();
    story.extend(v.said.iter().map(|s| (day(s.at), s.words.clone())));
    if let Some(more) = v.more_time.as_ref().filter(|m| v.said.as_ref() != Some(&m.said)) {
        story.push((day(more.said.at), more.said.words.clone()));
    }
    story.extend(v.went.iter().map(|w| (day(w.at), "Your copy was given to you.".to_owned())));
    if let Some(ended) = &v.ended {
        story.extend(ended.answer.clone().map(|words| (day(ended.at), words)));
    }
    AskedView {
        id: r.right.meta.id.to_string(),
        title: v.kind.title(),
        place: r.organisation.clone(),
        when: text::day_and_relative(v.asked_on, today),
        words: v.words.clone(),
        story,
        next: v.open().then(|| {
            let what = if v.said.is_none() && v.say_by.is_some() {
                format!("{} tells you they have it", r.reader.name)
            } else {
                format!("{} answers", r.reader.name)
            };
            (what, text::day_and_relative(v.next_day(), today))
        }),
        open: v.open(),
        ended: v.ended.as_ref().map(|e| e.outcome.title()),
        instead: r.rule.next,
    }
}

impl MyRightsPage {
    fn new(data: &MyRights, calendar: &Calendar, today: Day) -> MyRightsPage {
        MyRightsPage {
            rights: RightKind::ALL.iter().map(|k| (k.code(), k.title(), about(*k))).collect(),
            asked: data.asked.iter().map(|r| asked_view(r, calendar, today)).collect(),
            contacts: data.heard.contacts.clone(),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.my_rights(&who).await?;
    let calendar = app.kith.calendar();
    Ok(render(&page, &MyRightsPage::new(&data, calendar, calendar.day(who.now))).into_response())
}

pub(super) async fn take_back(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(right): Path<RecordId>,
    form: Posted,
) -> Result<Response, Oops> {
    let to = app.kith.take_back_right(&who, right, "/mine/rights", form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

impl View for MyRightsPage {
    const TEMPLATE: &'static str = "rights/mine.html";
    fn title(&self) -> String {
        "My rights".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let asked = |words: &str, open: bool| AskedView {
            id: "x".into(),
            title: RightKind::Copy.title(),
            place: "Brackenford Together".into(),
            when: "27 October, 4 weeks ago".into(),
            words: Some(words.into()),
            story: vec![("Yesterday, Sunday 22 November".into(), words.into())],
            next: open.then(|| ("Alasdair Inverneil answers".into(), "Friday 27 November".into())),
            open,
            ended: (!open).then_some("The copy was given"),
            instead: "The Information Commissioner's Office: 0303 123 1113, ico.org.uk",
        };
        let page = |asked: Vec<AskedView>| MyRightsPage {
            rights: RightKind::ALL.iter().map(|k| (k.code(), k.title(), about(*k))).collect(),
            asked,
            contacts: vec![("Brackenford Together".into(), "data@together.example".into())],
        };
        let long = asked(&"Many words. ".repeat(60), true);
        vec![
            ("ordinary", page(vec![asked("Everything, please.", true), asked("Everything.", false)])),
            ("empty", MyRightsPage { contacts: Vec::new(), ..page(Vec::new()) }),
            ("longest", page(vec![long; 12])),
            ("difficult", page(vec![asked("<b>\"x\"</b>", true)])),
        ]
    }
}

//! The work behind a copy: one line at a time with what happens to it, and the copy as it
//! leaves, on paper and as a plain file.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::rights::RightDeal;
use kith_care::rights::copy::{CopyWork, Going};
use kith_domain::id::RecordId;
use kith_domain::right::{LineFate, StaysBack};
use serde::Serialize;

/// Going through the lines.
#[derive(Debug, Serialize)]
pub struct CopyWorkView {
    id: String,
    called: String,
    answer_by: String,
    done: usize,
    all: usize,
    /// The first line that is not decided: the one main thing.
    now: Option<LineView>,
    decided: Vec<(String, String)>,
    may_ask: bool,
    why: Vec<Item>,
    form: Filled,
}

#[derive(Clone, Debug, Serialize)]
struct LineView {
    item: String,
    version: u32,
    part: String,
    on: String,
    by: Option<String>,
    says: Option<Vec<(String, String)>>,
}

/// The copy as it leaves.
#[derive(Debug, Serialize)]
pub struct CopyGoingView {
    back_to: String,
    called: String,
    organisation: String,
    contact: Option<String>,
    on: String,
    items: Vec<(String, Vec<(String, String)>)>,
    back: Vec<(&'static str, String)>,
    left_out: Vec<&'static str>,
}

fn fate_words(fate: &LineFate) -> String {
    match fate {
        LineFate::Goes => "It goes".to_owned(),
        LineFate::Without { words, why } => {
            let n = text::plural(words.len() as i64, "place is", "places are");
            format!("It goes, {n} blacked out. {}", why.title())
        }
        LineFate::Stays(why) => format!("It stays back. {}", why.title()),
    }
}

fn view(id: RecordId, work: &CopyWork, form: Filled) -> CopyWorkView {
    let heading = |part: &str, on, by: &Option<String>| {
        let by = by.as_ref().map(|b| format!(", by {b}")).unwrap_or_default();
        format!("{}, {}{by}", text::capitalised(part), text::full_day(on))
    };
    let now = work.items.iter().find(|i| i.decided.is_none()).map(|i| LineView {
        item: i.item.to_string(),
        version: i.version,
        part: text::capitalised(i.part),
        on: text::full_day(i.on),
        by: i.by.clone(),
        says: i.says.clone(),
    });
    let decided: Vec<(String, String)> = work
        .items
        .iter()
        .filter_map(|i| Some((heading(i.part, i.on, &i.by), fate_words(&i.decided.as_ref()?.fate))))
        .collect();
    let r = &work.page.right.value;
    CopyWorkView {
        id: id.to_string(),
        called: r.called.clone(),
        answer_by: text::full_day(r.last_day()),
        done: decided.len(),
        all: work.items.len(),
        now,
        decided,
        may_ask: work.all_decided && r.release.is_none(),
        why: StaysBack::ALL.iter().map(|w| Item::new(w.code(), w.title())).collect(),
        form,
    }
}

pub(super) async fn work(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(right): Path<RecordId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let work = app.kith.copy_work(&who, right).await?;
    Ok(render(&page, &view(right, &work, Filled::blank())).into_response())
}

/// What happens with a line, from the form.
fn read_fate(read: &mut Reader<'_>, opened: bool) -> Option<(u32, LineFate)> {
    let words = read.optional_text("left_out", TextRule::lines("the words that are left out").max(4000));
    let version = read.required_number("version", "the version", 1..=u32::MAX.into())?;
    let version = u32::try_from(version).ok()?;
    let fate = read.required_choice("fate", "what happens with it", |code| {
        ["goes", "without", "stays"].into_iter().find(|f| *f == code)
    });
    let why = read.optional_choice("why", "why", StaysBack::from_code);
    let fate = fate.filter(|_| read.is_ok())?;
    if fate == "goes" {
        // Words that somebody meant to black out never go by a slip of the choice above them.
        if words.is_some() {
            read.problem("fate", "You wrote words to black out. Choose that it goes without them, or take them out of the box.");
            return None;
        }
        return opened.then_some((version, LineFate::Goes));
    }
    let why = match why {
        Some(why) => why,
        None => read.required_choice("why", "why", StaysBack::from_code)?,
    };
    if fate == "stays" {
        return Some((version, LineFate::Stays(why)));
    }
    let Some(words) = words else {
        if read.is_ok() {
            read.problem("left_out", "Write the words that are left out.");
        }
        return None;
    };
    let words = words.lines().map(str::to_owned).collect();
    Some((version, LineFate::Without { words, why }))
}

pub(super) async fn decide(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((right, item)): Path<(RecordId, RecordId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    if let Some(answer) = app.kith.answered_before(&who, form.submission).await? {
        return Ok(Redirect::to(&answer).into_response());
    }
    let work = app.kith.copy_work(&who, right).await?;
    let line = work.items.iter().find(|i| i.item == item).ok_or(CareError::Missing)?;
    let mut read = Reader::new(&form.data);
    let fate = read_fate(&mut read, line.says.is_some());
    let to = format!("/rights/{right}/copy");
    match fate {
        // A line that nobody may open here is never let go whole, and one that changed is read again.
        Some((version, fate))
            if version == line.version && (line.says.is_some() || matches!(fate, LineFate::Stays(_))) =>
        {
            let deal = RightDeal::Line(item, version, fate);
            match app.kith.deal_with_right(&who, right, &deal, &to, form.submission).await {
                Ok(to) => return Ok(Redirect::to(&to).into_response()),
                Err(CareError::Fields(problems)) => {
                    problems.iter().for_each(|p| read.problem(&p.field, &p.problem));
                }
                Err(other) => return Err(other.into()),
            }
        }
        Some((version, _)) if version != line.version => {
            read.problem("fate", "This line changed since you read it. Read it again.");
        }
        Some(_) => read.problem(
            "fate",
            "Nobody may open this line here. Ask whoever wrote it, then say why it stays back.",
        ),
        None if read.is_ok() => read.problem("fate", "Choose what happens with it."),
        None => {}
    }
    let form = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view(right, &work, form)).into_response())
}

fn going_view(right: RecordId, going: &Going) -> CopyGoingView {
    let items = going.items.iter().map(|i| {
        let by = i.by.as_ref().map(|b| format!(", by {b}")).unwrap_or_default();
        (format!("{}, {}{by}", text::capitalised(i.part), text::full_day(i.on)), i.says.clone())
    });
    CopyGoingView {
        back_to: format!("/rights/{right}"),
        called: going.called.clone(),
        organisation: going.organisation.clone(),
        contact: going.contact.clone(),
        on: text::full_day(going.on),
        items: items.collect(),
        back: going
            .back
            .iter()
            .map(|(why, n)| (why.title(), text::plural(*n as i64, "line", "lines")))
            .collect(),
        left_out: going.left_out.iter().map(|why| why.title()).collect(),
    }
}

pub(super) async fn paper(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(right): Path<RecordId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let going = app.kith.copy_going(&who, right).await?;
    Ok(render(&page, &going_view(right, &going)).into_response())
}

/// The same as a plain text file, whose name says nothing.
pub(super) async fn file(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(right): Path<RecordId>,
) -> Result<Response, Oops> {
    let going = app.kith.copy_going(&who, right).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"copy.txt\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, plain_file(&going_view(right, &going))).into_response())
}

fn plain_file(view: &CopyGoingView) -> String {
    let mut lines = vec![
        format!("What {} keeps about {}", view.organisation, view.called),
        format!("Made on {}.", view.on),
        String::new(),
    ];
    for (heading, says) in &view.items {
        lines.push(heading.clone());
        lines.extend(says.iter().map(|(place, words)| format!("  {place}: {words}")));
        lines.push(String::new());
    }
    lines.extend(view.back.iter().map(|(why, n)| format!("Stayed back, {n}: {why}.")));
    lines.extend(view.left_out.iter().map(|why| format!("Some words are left out: {why}.")));
    lines.push(OTHERS.to_owned());
    lines.extend(view.contact.iter().map(|c| format!("Whom to ask: {c}")));
    lines.push(NEXT.to_owned());
    lines.join("\n") + "\n"
}

const OTHERS: &str = "Who looked at your plan, what you asked for by right, and your answers about equality stand on \
                      your own pages. Other places that help you keep their own part: ask each of them.";
const NEXT: &str = "Not happy with this? The Information Commissioner's Office: 0303 123 1113, ico.org.uk";

impl View for CopyWorkView {
    const TEMPLATE: &'static str = "rights/copy.html";
    fn title(&self) -> String {
        "The lines of a copy".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let says = |n: usize, words: &str| vec![("Words".to_owned(), words.to_owned()); n];
        let page = |now: Option<Option<Vec<(String, String)>>>, n: usize, form| CopyWorkView {
            id: "x".into(),
            called: "Badger".into(),
            answer_by: "Friday 27 November 2026".into(),
            done: n,
            all: n + 1,
            may_ask: now.is_none(),
            now: now.map(|says| LineView {
                item: "y".into(),
                version: 2,
                part: "Notes".into(),
                on: "Monday 2 November 2026".into(),
                by: Some("Aisha Rahman".into()),
                says,
            }),
            decided: vec![("Needs, 2 November 2026".into(), "It goes".into()); n],
            why: StaysBack::ALL.iter().map(|w| Item::new(w.code(), w.title())).collect(),
            form,
        };
        let wrong = FormErrors::one("left_out", "Write the words that are left out.");
        let odd = Filled::of(&FormData::from_text("fate=without"), &wrong);
        vec![
            ("ordinary", page(Some(Some(says(3, "She came with me."))), 4, Filled::blank())),
            ("somebody else's", page(Some(None), 1, Filled::blank())),
            ("empty", page(None, 0, Filled::blank())),
            ("longest", page(Some(Some(says(60, &"Many words. ".repeat(20)))), 80, Filled::blank())),
            ("difficult", page(Some(Some(says(1, "<b>x</b>"))), 1, odd)),
        ]
    }
}

impl View for CopyGoingView {
    const TEMPLATE: &'static str = "rights/going.html";
    fn title(&self) -> String {
        "A copy".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, words: &str| CopyGoingView {
            back_to: "/rights/x".into(),
            called: "Badger".into(),
            organisation: "Brackenford Together".into(),
            contact: Some("data@together.example".into()),
            on: "Monday 23 November 2026".into(),
            items: vec![
                ("Notes, 2 November 2026, by Aisha".into(), vec![("Words".into(), words.into()); 3]);
                n
            ],
            back: vec![(StaysBack::SomebodyElse.title(), "1 line".into())],
            left_out: vec![StaysBack::Harm.title()],
        };
        let none = CopyGoingView { contact: None, back: Vec::new(), left_out: Vec::new(), ..page(0, "") };
        vec![
            ("ordinary", page(3, "I came with [left out].")),
            ("empty", none),
            ("longest", page(60, &"Many words. ".repeat(12))),
            ("difficult", page(1, "<b>\"x\"</b>")),
        ]
    }
}

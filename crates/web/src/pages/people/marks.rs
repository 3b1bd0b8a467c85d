//! Who may read a note. Guarding it more is one step; guarding it less says why.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::people::marks::NoteMarks;
use kith_care::{CareError, Principal};
use kith_domain::area::{Category, Sensitivity};
use kith_domain::id::{PersonId, RecordId, WorkerId};
use kith_domain::marks::{HIDDEN_DAYS, Marks};
use kith_domain::time::plus_days;
use serde::Serialize;

/// Who may read a note.
#[derive(Debug, Serialize)]
pub struct MarksPage {
    back: String,
    action: String,
    called: String,
    when: String,
    words: String,
    version: u32,
    sealed: bool,
    may_change: bool,
    form: Filled,
    levels: Vec<Item>,
    categories: Vec<Item>,
    names: Vec<Item>,
    before: Vec<String>,
}

/// How private a note can be, in plain words.
pub(super) const LEVELS: [(Sensitivity, &str, &str); 4] = [
    (Sensitivity::S1, "ordinary", "Ordinary"),
    (Sensitivity::S2, "private", "Private, such as health and money"),
    (Sensitivity::S3, "very_private", "Very private: only for those to whom it was named"),
    (Sensitivity::S4, "sealed", "Sealed: only for the people named below"),
];

pub(super) fn level_from(code: &str) -> Option<Sensitivity> {
    LEVELS.into_iter().find(|(_, known, _)| *known == code).map(|(level, ..)| level)
}

pub(crate) fn level_items(most: Sensitivity) -> Vec<Item> {
    let some = LEVELS.into_iter().filter(|(level, ..)| *level <= most);
    some.map(|(_, code, words)| Item::new(code, words)).collect()
}

pub(crate) fn category_items() -> Vec<Item> {
    Category::ALL.into_iter().map(|c| Item::new(c.code(), c.title())).collect()
}

/// How a note is guarded, as short words beside it.
pub(crate) fn tags(marks: &Marks) -> Vec<String> {
    let named: Vec<String> = marks.categories.iter().map(|c| c.title().to_lowercase()).collect();
    let level = match marks.sensitivity {
        Sensitivity::S4 => Some("sealed".to_owned()),
        Sensitivity::S3 => Some(format!("very private: {}", named.join("; "))),
        Sensitivity::S2 => Some("private".to_owned()),
        _ => None,
    };
    let third = marks.third_party.then(|| "about somebody else".to_owned());
    let hidden = marks.hidden.is_some().then(|| "not on their own pages".to_owned());
    [level, third, hidden].into_iter().flatten().collect()
}

/// What whoever reads a line together with the person has to know at once: that not everybody
/// may hear it. What is merely private says nothing.
pub(crate) fn kept(marks: &Marks) -> String {
    let all = tags(marks).into_iter().filter(|tag| tag != "private");
    all.collect::<Vec<_>>().join(" · ")
}

/// The form as the marks are now.
pub(crate) fn began(marks: &Marks, today: jiff::civil::Date) -> Filled {
    let level = LEVELS.into_iter().find(|(l, ..)| *l == marks.sensitivity).map_or("", |(_, code, _)| code);
    let mut pairs: Vec<(&str, String)> = vec![("level", level.to_owned())];
    pairs.extend(marks.categories.iter().map(|c| ("categories", c.code().to_owned())));
    pairs.extend(marks.allow_list.iter().map(|w| ("names", w.to_string())));
    pairs.extend(marks.third_party.then(|| ("third", "yes".to_owned())));
    pairs.extend(
        marks
            .hidden
            .iter()
            .flat_map(|(reason, _)| [("hide", "yes".to_owned()), ("hidden_reason", reason.clone())]),
    );
    let mut form = Filled::of(&FormData::from_pairs(pairs), &FormErrors::new());
    let review = marks.hidden.as_ref().map_or_else(|| plus_days(today, HIDDEN_DAYS), |(_, on)| *on);
    form.set_day("review", review);
    form
}

fn address(person: PersonId, note: RecordId, sealed: bool) -> String {
    match sealed {
        true => format!("{}/sealed/{note}", path_of(person)),
        false => format!("{}/notes/{note}", path_of(person)),
    }
}

async fn load(
    app: &App,
    who: &Principal,
    person: PersonId,
    (note, sealed): (RecordId, bool),
    form: Option<Filled>,
) -> Result<MarksPage, Oops> {
    let data: NoteMarks = app.kith.note_marks(who, person, (note, sealed)).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let named = data.note.value.allow_list.iter();
    let named = named.map(|w| (*w, who.partnership.worker_name(*w)));
    let mut names: Vec<(WorkerId, String)> = data.could_be_named;
    for (id, name) in named {
        if !names.iter().any(|(known, _)| *known == id) {
            names.push((id, name));
        }
    }
    let before = data.note.value.marked.iter().map(|m| {
        let done = if m.less { "opened it up" } else { "guarded it" };
        let why = m.why.as_ref().map(|w| format!(": {w}")).unwrap_or_default();
        let on = text::day(calendar.day(m.at), today);
        format!("{} {done}, {on}{why}", who.partnership.worker_name(m.by))
    });
    Ok(MarksPage {
        back: if sealed {
            format!("{}/sealed", path_of(person))
        } else {
            format!("{}#story", path_of(person))
        },
        action: address(person, note, sealed),
        called: data.called.unwrap_or_default(),
        when: text::day_and_relative(data.note.value.on, today),
        words: data.note.value.words.clone(),
        version: data.note.meta.version,
        sealed,
        may_change: data.may_change,
        form: form.unwrap_or_else(|| began(&data.marks, today)),
        levels: level_items(Sensitivity::S4),
        categories: category_items(),
        names: names.into_iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        before: before.collect(),
    })
}

/// What the form says.
pub(crate) fn read_marks(read: &mut Reader<'_>) -> Option<Marks> {
    let level = read.required_choice("level", "how private it is", level_from);
    let categories = read.many("categories", "what it names", Category::from_code);
    let allow_list = read.many("names", "who may open it", |code| code.parse::<WorkerId>().ok());
    let hidden = read.ticked("hide").then(|| {
        let reason = read.optional_text("hidden_reason", TextRule::lines("the reason").max(500));
        let on = read.required_day("review", "the day somebody looks at this again");
        on.map(|on| (reason.unwrap_or_default(), on))
    });
    let third_party = read.ticked("third");
    let hidden = match hidden {
        Some(None) => return None,
        Some(hidden) => hidden,
        None => None,
    };
    Some(Marks { sensitivity: level?, categories, third_party, hidden, allow_list })
}

async fn save(
    app: &App,
    who: &Principal,
    (person, note, sealed): (PersonId, RecordId, bool),
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=i64::from(u32::MAX));
    let why = read.optional_text("why", TextRule::lines("why").max(500));
    let marks = read_marks(&mut read);
    if let (Some(marks), Some(version), true) = (marks, version, read.is_ok()) {
        let of = (note, u32::try_from(version).unwrap_or(0), sealed);
        match app.kith.mark_note(who, person, of, (&marks, why.as_deref()), form.submission).await {
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
    Ok(render(page, &load(app, who, person, (note, sealed), Some(filled)).await?).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, note)): Path<(PersonId, RecordId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load(&app, &who, person, (note, false), None).await?).into_response())
}

pub(super) async fn show_sealed(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, note)): Path<(PersonId, RecordId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load(&app, &who, person, (note, true), None).await?).into_response())
}

pub(super) async fn save_open(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, note)): Path<(PersonId, RecordId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, (person, note, false), &page, &form).await
}

pub(super) async fn save_sealed(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, note)): Path<(PersonId, RecordId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, (person, note, true), &page, &form).await
}

impl View for MarksPage {
    const TEMPLATE: &'static str = "people/marks.html";

    fn title(&self) -> String {
        "Who may read this note".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, form, names: usize, sealed| MarksPage {
            back: "/people/x#story".into(),
            action: "/people/x/notes/y".into(),
            called: "Badger".into(),
            when: "Monday 16 November, a week ago".into(),
            words: words.into(),
            version: 1,
            sealed,
            may_change: !words.is_empty(),
            form,
            levels: level_items(Sensitivity::S4),
            categories: category_items(),
            names: (0..names)
                .map(|n| Item::new(n.to_string(), format!("Joan Fisher {n}, DebtHelp")))
                .collect(),
            before: vec!["Joan Fisher guarded it, yesterday".into(); names.min(3)],
        };
        let wrong = FormErrors::one("why", "Write why more people may read it now.");
        vec![
            ("ordinary", page("Met at the library.", Filled::with([("level", "private")]), 3, false)),
            ("empty", page("", Filled::blank(), 0, false)),
            ("longest", page(&"Many words. ".repeat(200), Filled::with([("level", "sealed")]), 30, true)),
            (
                "difficult",
                page("<b>x</b>", Filled::of(&FormData::from_text("why=%3Cb%3E"), &wrong), 1, false),
            ),
        ]
    }
}

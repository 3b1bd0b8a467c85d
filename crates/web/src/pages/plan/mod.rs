//! Making and reviewing a plan: its sections, needs, goals, steps, and what happens next.

mod adding;
mod goal;
mod guarding;
mod living;
mod need;
mod next;
mod overview;
mod section;
mod step;

use crate::app::{For, Posted, Routes};
use crate::form::{Filled, FormData, FormErrors, Reader, SUBMISSION_FIELD};
use crate::text;
use kith_access::Action;
use kith_care::error::FieldProblem;
use kith_care::plan::drafts::Draft;
use kith_care::{CareError, Principal};
use kith_domain::area::Area;
use kith_domain::record::{Author, Meta};
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

pub use goal::{AddGoalPage, GoalPage};
pub use guarding::LineMarksPage;
pub(crate) use guarding::kind_word;
pub use living::LivingView;
pub use need::{AddNeedPage, NeedView};
pub use next::NextPage;
pub use overview::PlanView;
pub use section::SectionView;
pub use step::{AddStepPage, StepView};

crate::views! {
    PlanView, SectionView, AddNeedPage, NeedView, AddGoalPage, GoalPage, AddStepPage, StepView, NextPage, LivingView,
    LineMarksPage
}

/// The routes of these pages.
pub fn routes() -> Routes {
    use Action::{Create, Update, View};
    const WORKERS: For = For::Workers;
    Routes::new()
        .get("/people/{person}/plan", WORKERS, View, overview::show)
        .get("/people/{person}/plan/{part}", WORKERS, View, section::show_part)
        .post("/people/{person}/plan/{part}", WORKERS, Update, section::save_part)
        .get("/people/{person}/plan/area/{area}", WORKERS, View, section::show_area)
        .post("/people/{person}/plan/area/{area}", WORKERS, Update, section::save_area)
        .get("/people/{person}/needs/add", WORKERS, Create, need::show_add)
        .post("/people/{person}/needs/add", WORKERS, Create, need::add)
        .get("/people/{person}/needs/{need}", WORKERS, View, need::show)
        .post("/people/{person}/needs/{need}/change/{change}", WORKERS, Update, need::change)
        .get("/people/{person}/{kind}/{id}/words", WORKERS, Update, living::show)
        .post("/people/{person}/{kind}/{id}/words", WORKERS, Update, living::save)
        .get("/people/{person}/goals/add", WORKERS, Create, goal::show_add)
        .post("/people/{person}/goals/add", WORKERS, Create, goal::add)
        .get("/people/{person}/goals/{goal}", WORKERS, View, goal::show)
        .post("/people/{person}/goals/{goal}/change/{change}", WORKERS, Update, goal::change)
        .get("/people/{person}/steps/add", WORKERS, Create, step::show_add)
        .post("/people/{person}/steps/add", WORKERS, Create, step::add)
        .get("/people/{person}/steps/{step}", WORKERS, View, step::show)
        .post("/people/{person}/steps/{step}/change/{change}", WORKERS, Update, step::change)
        .get("/people/{person}/marks/{record}", WORKERS, View, guarding::show)
        .post("/people/{person}/marks/{record}", WORKERS, Update, guarding::save)
        .get("/mine/plan/marks/{record}", For::People, View, guarding::mine)
        .post("/mine/plan/marks/{record}", For::People, Action::Contribute, guarding::save_mine)
        .get("/people/{person}/next", WORKERS, Update, next::show)
        .post("/people/{person}/next", WORKERS, Update, next::save)
}

/// One choice of a field.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    pub(crate) value: String,
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
}

impl Item {
    pub(crate) fn new(value: impl Into<String>, text: impl Into<String>) -> Item {
        Item { value: value.into(), text: text.into(), hint: None }
    }

    pub(crate) fn hinted(self, hint: impl Into<String>) -> Item {
        Item { hint: Some(hint.into()), ..self }
    }
}

/// The six areas as choices.
pub(crate) fn area_items() -> Vec<Item> {
    Area::SIX.iter().map(|a| Item::new(a.code(), a.title())).collect()
}

/// Those of them that may be chosen here.
pub(crate) fn items_of(areas: &[Area]) -> Vec<Item> {
    let may = |item: &Item| areas.iter().any(|area| area.code() == item.value);
    area_items().into_iter().filter(may).collect()
}

/// One of the six areas, from its code.
pub(crate) fn six(code: &str) -> Option<Area> {
    Area::from_code(code).filter(|a| Area::SIX.contains(a))
}

/// Something begun and not saved, offered again.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Offer {
    pub id: String,
    pub when: String,
    pub start: String,
}

impl Offer {
    /// One for the samples of views.
    pub(crate) fn sample() -> Offer {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057".into();
        Offer { id, when: "10 minutes ago".into(), start: "somewhere <dry> & quiet".into() }
    }
}

/// What is offered of what was begun; `fields` are those that a draft may begin with.
pub(crate) fn offers(drafts: &[Draft], who: &Principal, calendar: &Calendar, fields: &[&str]) -> Vec<Offer> {
    let offer = |d: &Draft| Offer {
        id: d.id.to_string(),
        when: ago(d.at, who.now, calendar),
        start: draft_start(d, fields),
    };
    drafts.iter().map(offer).collect()
}

/// The draft that the address asks for, out of those that are offered: by its id, or the newest.
pub(crate) fn take_draft(drafts: &mut Vec<Draft>, query: &BTreeMap<String, String>) -> Option<Draft> {
    let asked = query.get("draft")?;
    let found = drafts.iter().position(|d| asked == "use" || d.id.to_string() == *asked)?;
    Some(drafts.remove(found))
}

/// A draft to go on writing: saved, it is forgotten; kept again, it is kept over itself.
pub(crate) fn from_draft(draft: &Draft) -> Filled {
    let form = Filled::of(&FormData::from_pairs(draft.fields.clone()), &FormErrors::new());
    same_writing(form, Some(draft.id))
}

/// What was typed, once more, with what was wrong: still the same piece of writing.
pub(crate) fn typed_again(posted: &Posted, errors: &FormErrors) -> Filled {
    same_writing(Filled::of(&posted.data, errors), posted.submission)
}

/// Gives a form the id of the piece of writing that it goes on with.
pub(crate) fn same_writing(mut form: Filled, id: Option<Uuid>) -> Filled {
    if let Some(id) = id {
        form.set(SUBMISSION_FIELD, id.to_string());
    }
    form
}

/// How a draft begins: the first of these fields that holds something.
fn draft_start(draft: &Draft, fields: &[&str]) -> String {
    let typed = |name: &&str| draft.fields.iter().find(|(n, v)| n == name && !v.trim().is_empty());
    let start = fields.iter().find_map(typed).map(|(_, value)| value.chars().take(160).collect());
    start.unwrap_or_default()
}

/// A line with a link, a state and its tag.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    pub href: String,
    pub text: String,
    pub detail: String,
    pub state: String,
    pub tag: &'static str,
}

/// Problems that a use case found, at their fields.
pub(crate) fn at_fields(read: &mut Reader<'_>, problems: Vec<FieldProblem>) {
    const DAYS: [&str; 12] =
        ["next", "by", "on", "met", "until", "review", "again", "ask", "from", "day", "reply", "given"];
    for p in problems {
        // The person's own next date is asked for under the same name as a need's.
        let field = if p.field == "on" { "next" } else { p.field.as_str() };
        match DAYS.contains(&field) {
            true => read.day_problem(field, p.problem),
            false => read.problem(field, p.problem),
        }
    }
}

/// What the page says at the top when a change came second.
pub(crate) const CHANGED: &str = "Somebody else changed this while you were writing. Below is how it is now. If yours is still right, send it again.";

/// Adds what a use case refused to what was read; anything but a refusal goes on.
pub(crate) fn refused(read: &mut Reader<'_>, error: CareError, first: &str) -> Result<(), CareError> {
    match error {
        CareError::Fields(problems) => at_fields(read, problems),
        CareError::Refused(words) => read.problem(first, words),
        CareError::Conflict { .. } => read.problem(first, CHANGED),
        other => return Err(other),
    }
    Ok(())
}

/// Who wrote something, in words. `called` is the person whose plan it is.
pub(crate) fn author_words(author: Author, who: &Principal, called: &str) -> String {
    match author {
        Author::Worker { worker, .. } => who.partnership.worker_name(worker),
        Author::Person { .. } => called.to_owned(),
        Author::LinkHolder { organisation } => {
            who.partnership.organisation_name(organisation).unwrap_or_else(|| "a service".into())
        }
        Author::Supporter { .. } => "somebody who stands beside them".into(),
        Author::Public => "somebody who asked for help".into(),
        Author::Job | Author::Operator => "Kith".into(),
    }
}

/// Who wrote the version that is stored now, and how long ago.
pub(crate) fn saved_by(meta: &Meta, who: &Principal, called: &str, calendar: &Calendar) -> String {
    format!("{}, {}", author_words(meta.author, who, called), ago(meta.at, who.now, calendar))
}

/// "10 minutes ago", "2 hours ago", then days.
pub(crate) fn ago(at: Instant, now: Instant, calendar: &Calendar) -> String {
    let minutes = now.seconds_since(at).max(0) / 60;
    match minutes {
        0 => "just now".into(),
        1..=59 => format!("{} ago", text::plural(minutes, "minute", "minutes")),
        60..=1439 => format!("{} ago", text::plural(minutes / 60, "hour", "hours")),
        _ => text::relative_day(calendar.day(at), calendar.day(now)),
    }
}

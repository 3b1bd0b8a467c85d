//! The plan as a list of things to do together: each section with its state, then goals,
//! needs, steps and places the person was told about.

use super::{Row, ago};
use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::pages::people::kept;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, Query, State};
use kith_care::Principal;
use kith_care::plan::{PlanPage, SectionKey};

use kith_domain::area::Area;
use kith_domain::guarding::{Line, marks_of};
use kith_domain::id::PersonId;
use kith_domain::need::NeedStatus;
use kith_domain::need_next::need_next;
use kith_domain::plan::{GoalStatus, Part, Step, StepOwner, StepStatus, TellingOutcome};
use kith_domain::record::{Record, Saved};
use kith_domain::time::{Calendar, Day};
use serde::Serialize;
use std::collections::BTreeMap;

/// The plan.
#[derive(Debug, Serialize)]
pub struct PlanView {
    path: String,
    called: String,
    said: Option<String>,
    agreed: Option<String>,
    groups: Vec<Group>,
    goals: Vec<Row>,
    needs: Vec<Row>,
    steps: Vec<Row>,
    tellings: Vec<Row>,
    may_change: bool,
}

/// Some sections under one heading.
#[derive(Debug, Clone, Serialize)]
struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

impl View for PlanView {
    const TEMPLATE: &'static str = "plan/plan.html";

    fn title(&self) -> String {
        "The plan".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |text: &str, state: &str, tag| Row {
            href: "/people/x/plan/matters".into(),
            text: text.into(),
            detail: "last changed yesterday".into(),
            state: state.into(),
            tag,
        };
        let page = |called: &str, rows: Vec<Row>, said: Option<&str>| PlanView {
            path: "/people/x".into(),
            called: called.into(),
            said: said.map(str::to_owned),
            agreed: said
                .map(|_| "Agreed on 24 November 2026 with Badger. We look again on 24 May 2027.".into()),
            groups: vec![Group { title: "About me", rows: rows.clone() }],
            goals: rows.clone(),
            needs: rows.clone(),
            steps: rows.clone(),
            tellings: rows,
            may_change: true,
        };
        let ordinary =
            vec![row("What matters to me", "Written", "done"), row("Housing", "Not started", "quiet")];
        let long = vec![row(&"A very long line of words ".repeat(6), "Begun, not saved", "attention"); 12];
        vec![
            ("ordinary", page("Badger", ordinary, Some("Saved."))),
            ("empty", page("Badger", Vec::new(), None)),
            ("longest", page(&"Name ".repeat(20), long, None)),
            ("difficult", page("<b>\"X\"</b>", vec![row("<i>&amp;</i>", "Written", "done")], Some("<b>"))),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Html, Oops> {
    let data = app.kith.plan(&who, person).await?;
    let said = said(&query);
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), said)))
}

/// What was just done, when the address says so; only names of sections are believed.
fn said(query: &BTreeMap<String, String>) -> Option<String> {
    let title = |slug: &String| SectionKey::all().into_iter().find(|k| k.slug() == *slug).map(|k| k.title());
    if let Some(title) = query.get("saved").and_then(title) {
        return Some(format!("“{title}” is saved."));
    }
    if query.get("kept").is_some_and(|kind| ["needs", "goals", "steps"].contains(&kind.as_str())) {
        return Some("What you wrote is kept. Nobody else sees it until you save it.".into());
    }
    let title = query.get("kept").and_then(title)?;
    Some(format!("What you wrote in “{title}” is kept. Nobody else sees it until you save it."))
}

fn view(data: &PlanPage, who: &Principal, calendar: &Calendar, said: Option<String>) -> PlanView {
    let today = calendar.day(who.now);
    let path = super::super::people::path_of(data.person.id::<PersonId>());
    let group = |title, parts: &[Part]| Group {
        title,
        rows: SectionKey::all()
            .into_iter()
            .filter(|k| parts.contains(&k.part))
            .map(|k| section_row(data, k, &path, who, calendar))
            .collect(),
    };
    let groups = vec![
        group("About me", &[Part::Matters, Part::AboutMe, Part::Strengths]),
        group("Six parts of my life", &[Part::Area]),
        group("Staying well and safe", &[Part::StayingWell, Part::Safety, Part::OtherPlans]),
        group("Looking at it together", &[Part::Review]),
    ];
    let begun = |mut row: Row| {
        let slug = row.href.strip_prefix(&format!("{path}/")).unwrap_or_default();
        if let Some((_, at)) = data.rewriting.iter().find(|(kept, _)| kept == slug) {
            row.detail = format!("You began to change it, {}", ago(*at, who.now, calendar));
            row.href = format!("{}/words", row.href);
        }
        row
    };
    PlanView {
        called: data.person.value.called.clone(),
        said,
        agreed: agreed(data, today),
        groups,
        goals: goals(data, &path).into_iter().map(begun).collect(),
        needs: needs(data, &path, calendar, today).into_iter().map(begun).collect(),
        steps: data.steps.iter().map(|s| begun(step_row(s, &path, who, today))).collect(),
        tellings: tellings(data, &path, today),
        may_change: data.may_change,
        path,
    }
}

fn agreed(data: &PlanPage, today: Day) -> Option<String> {
    let review = data.sections.iter().find(|s| s.value.part == Part::Review)?;
    let agreed = review.value.agreed.as_ref().map(|a| {
        let with = a.with.as_ref().map(|w| format!(" with {w}")).unwrap_or_default();
        format!("Agreed on {}{with}.", text::full_day(a.on))
    });
    let again = review.value.review_on.map(|on| match on < today {
        true => format!("It was to be looked at again on {}.", text::full_day(on)),
        false => format!("We look at it again on {}.", text::full_day(on)),
    });
    let both: Vec<String> = [agreed, again].into_iter().flatten().collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn section_row(data: &PlanPage, key: SectionKey, path: &str, who: &Principal, calendar: &Calendar) -> Row {
    let section = data.sections.iter().find(|s| key.is(&s.value));
    let begun = data.begun.iter().find(|(k, _)| *k == key);
    let stub = data.safety.as_ref().filter(|_| key.part == Part::Safety);
    let today = calendar.day(who.now);
    let (state, tag) = match (begun, section, stub) {
        (Some(_), ..) => ("Begun, not saved", "attention"),
        (None, Some(_), _) => ("Written", "done"),
        (None, None, Some(_)) => ("There is one", "done"),
        (None, None, None) => ("Not started", "quiet"),
    };
    let detail = match (begun, section) {
        (Some((_, at)), _) => format!("You began {}", ago(*at, who.now, calendar)),
        (None, Some(s)) => with_marks(s, {
            let when = text::relative_day(calendar.day(s.meta.at), today);
            let added = s.value.added_words.len() + s.value.disagreements.len();
            match i64::try_from(added).unwrap_or(0) {
                0 => format!("Last changed {when}"),
                n => {
                    format!("Last changed {when}, with {} beside it", text::plural(n, "comment", "comments"))
                }
            }
        }),
        (None, None) => String::new(),
    };
    Row {
        href: format!("{path}/plan/{}", key.slug()),
        text: key.title().into(),
        detail,
        state: state.into(),
        tag,
    }
}

/// What stands beside a line, and who may not hear it.
fn with_marks<T: Line>(line: &Saved<T>, detail: String) -> String {
    let kept = kept(&marks_of(&line.value));
    if kept.is_empty() { detail } else { format!("{detail} · {kept}") }
}

fn goals(data: &PlanPage, path: &str) -> Vec<Row> {
    let row = |g: &Saved<kith_domain::plan::Goal>| {
        let (state, tag) = match g.value.status {
            GoalStatus::Open => ("Open", "open"),
            GoalStatus::Reached { .. } => ("Reached", "done"),
            GoalStatus::LetGo { .. } => ("Let go", "quiet"),
        };
        Row {
            href: format!("{path}/goals/{}", g.meta.id),
            text: g.value.words.clone(),
            detail: with_marks(g, g.value.area.title().into()),
            state: state.into(),
            tag,
        }
    };
    data.goals.iter().map(row).collect()
}

fn needs(data: &PlanPage, path: &str, calendar: &Calendar, today: Day) -> Vec<Row> {
    let row = |n: &Saved<kith_domain::need::Need>| {
        let (state, tag) = need_state(&n.value);
        let detail = match need_next(&n.value, n.id(), &data.referrals, calendar) {
            Some((next, on)) => format!("{}, {}", next.for_worker(), text::relative_day(on, today)),
            None => n.value.area.title().into(),
        };
        Row {
            href: format!("{path}/needs/{}", n.meta.id),
            text: n.value.words.clone(),
            detail: with_marks(n, detail),
            state: state.into(),
            tag,
        }
    };
    data.needs.iter().map(row).collect()
}

/// The state of a need in words, and its tag.
pub(super) fn need_state(need: &kith_domain::need::Need) -> (&'static str, &'static str) {
    match &need.status {
        NeedStatus::Open if need.unmet.is_some() => ("Nothing meets it yet", "attention"),
        NeedStatus::Open => ("Open", "open"),
        NeedStatus::Met { .. } => ("Met", "done"),
        NeedStatus::NotNow { .. } => ("Not now", "quiet"),
        NeedStatus::SaidNo { .. } => ("Said no", "quiet"),
        NeedStatus::Finished { .. } => ("Over", "quiet"),
    }
}

/// Who does a step, in words.
pub(super) fn owner_words(step: &Step, who: &Principal) -> String {
    match step.owner {
        StepOwner::Person => "the person".into(),
        StepOwner::Worker { worker, organisation, .. } => {
            let place = who.partnership.organisation_name(organisation).unwrap_or_default();
            format!("{}, {place}", who.partnership.worker_name(worker))
        }
        StepOwner::Team { team, organisation } => {
            let place = who.partnership.organisation_name(organisation).unwrap_or_default();
            format!("{}, {place}", who.partnership.team_name(team))
        }
    }
}

/// The state of a step in words, and its tag.
pub(super) fn step_state(step: &Step, today: Day) -> (&'static str, &'static str) {
    match (&step.status, step.owner, step.accepted) {
        (StepStatus::Done { .. }, ..) => ("Done", "done"),
        (StepStatus::Dropped { .. }, ..) => ("Dropped", "quiet"),
        (StepStatus::Open, ..) if step.by < today => ("The day has passed", "attention"),
        (StepStatus::Open, StepOwner::Person, _) | (StepStatus::Open, _, Some(_)) => ("To do", "open"),
        (StepStatus::Open, _, None) => ("Asked, no yes yet", "waiting"),
    }
}

fn step_row(s: &Saved<Step>, path: &str, who: &Principal, today: Day) -> Row {
    let (state, tag) = step_state(&s.value, today);
    let detail = format!("{}, {}", owner_words(&s.value, who), text::relative_day(s.value.by, today));
    Row {
        href: format!("{path}/steps/{}", s.meta.id),
        text: s.value.what.clone(),
        detail: with_marks(s, detail),
        state: state.into(),
        tag,
    }
}

fn tellings(data: &PlanPage, path: &str, today: Day) -> Vec<Row> {
    let row = |t: &Saved<kith_domain::plan::Telling>| {
        let (state, tag) = match t.value.outcome {
            None => ("Told", "open"),
            Some(TellingOutcome::NotYet) => ("Not yet", "waiting"),
            Some(TellingOutcome::GotThere) => ("Got there", "done"),
            Some(TellingOutcome::NoThanks) => ("No thanks", "quiet"),
        };
        let detail = match t.value.open() {
            true => format!("Ask {}", text::relative_day(t.value.ask_on, today)),
            false => Area::title(t.value.area).into(),
        };
        Row {
            href: format!("{path}/tellings/{}", t.meta.id),
            text: t.value.name.clone(),
            detail,
            state: state.into(),
            tag,
        }
    };
    data.tellings.iter().map(row).collect()
}

//! Who may receive anything, and who decided so: public pages of the decisions in `GOVERNANCE/`
//! and of this place's own panel, a yes and a no alike, and what changed because of them; and the
//! panel's own pages ([`work`]).

mod work;

use crate::app::{Anyone, App, For, Oops, Routes};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use kith_access::Action;
use kith_care::CareError;
use kith_domain::id::ProposalId;
use kith_domain::organisation::WorkRole;
use kith_domain::panel::{Place, Proposal, place_of};
use kith_domain::recipients::{DECISIONS, Decision};
use kith_domain::time::{Calendar, Day};
use serde::Serialize;
use work::Words;
pub use work::{PanelView, ProposalView, ProposeView};

crate::views! { DecisionsView, DecisionView, OursView, ChangedView, PanelView, ProposeView, ProposalView }

/// Who reads what the panel is asked: its members, and the partnership's manager.
const PANEL: For = For::Roles(&[WorkRole::PanelMember, WorkRole::PartnershipManager]);
/// Who answers and decides.
const MEMBERS: For = For::Roles(&[WorkRole::PanelMember]);

/// The routes of these pages.
pub fn routes() -> Routes {
    let (ask, decide) = (Action::AskPanel, Action::DecidePanel);
    Routes::new()
        .get("/decisions", For::Anyone, Action::BrowseDirectory, list)
        .get("/decisions/changed", For::Anyone, Action::BrowseDirectory, changed)
        .get("/decisions/{number}", For::Anyone, Action::BrowseDirectory, one)
        .get("/decisions/here/{proposal}", For::Anyone, Action::BrowseDirectory, ours)
        .get("/panel", PANEL, ask, work::show)
        .get("/panel/propose", PANEL, ask, work::propose)
        .post("/panel/propose", PANEL, ask, work::put)
        .get("/panel/{proposal}", PANEL, ask, work::one)
        .post("/panel/{proposal}/comment", PANEL, ask, work::comment)
        .post("/panel/{proposal}/changed", PANEL, ask, work::changed)
        .post("/panel/{proposal}/answer", MEMBERS, decide, work::answer)
        .post("/panel/{proposal}/decide", MEMBERS, decide, work::decide)
        .post("/panel/{proposal}/end", MEMBERS, decide, work::end)
}

/// Every decision.
#[derive(Debug, Serialize)]
pub struct DecisionsView {
    place: String,
    here: Vec<Line>,
    decisions: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    title: String,
    state: String,
    here: Option<String>,
}

/// One decision of Kith's own list.
#[derive(Debug, Serialize)]
pub struct DecisionView {
    title: String,
    state: String,
    here: String,
    parts: Vec<(String, String)>,
}

/// One decision of this place's panel.
#[derive(Debug, Serialize)]
pub struct OursView {
    title: String,
    state: String,
    facts: Vec<(String, String)>,
    counted: String,
    decided: String,
    words: String,
    ended: Option<String>,
    changed: Vec<Words>,
}

/// What changed because of the panel.
#[derive(Debug, Serialize)]
pub struct ChangedView {
    place: String,
    changes: Vec<Change>,
}

#[derive(Clone, Debug, Serialize)]
struct Change {
    href: String,
    title: String,
    state: String,
    when: String,
    words: String,
}

/// How a decision stands with this place's own panel, in words.
fn here(stands: Place, today: Day) -> String {
    match stands {
        Place::NotAsked => "The panel here has not said anything about it yet".into(),
        Place::Agreed(until) => format!("The panel here agreed, until {}", text::day(until, today)),
        Place::Over => "The panel here agreed once. The time is over, and they look again".into(),
        Place::No => "The panel here said no".into(),
    }
}

async fn list(State(app): State<App>, Anyone(who): Anyone, page: PageContext) -> Html {
    let today = app.kith.calendar().day(who.now);
    let line = |d: &Decision| Line {
        href: format!("/decisions/{}", d.number),
        title: d.title.to_owned(),
        state: text::capitalised(d.state()),
        here: Some(here(place_of(&who.partnership.facts.proposals, d.number, today), today)),
    };
    let mine = |(id, p): (ProposalId, Proposal)| Line {
        href: format!("/decisions/here/{id}"),
        title: p.title.clone(),
        state: p.standing(today).to_owned(),
        here: p.settled.map(|s| text::day(app.kith.calendar().day(s.at), today)),
    };
    let view = DecisionsView {
        place: who.partnership.facts.place.name.clone(),
        here: app.kith.decided_by_panel(&who).into_iter().map(mine).collect(),
        decisions: DECISIONS.iter().map(line).collect(),
    };
    render(&page, &view)
}

async fn one(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(number): Path<u16>,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = DECISIONS.iter().find(|d| d.number == number).ok_or(CareError::Missing)?;
    let today = app.kith.calendar().day(who.now);
    let stands = here(place_of(&who.partnership.facts.proposals, number, today), today);
    Ok(render(&page, &view(found, stands)))
}

fn view(d: &Decision, here: String) -> DecisionView {
    let headings = [
        "What was asked",
        "What could go wrong, and for whom",
        "What was decided, and why",
        "Who decided",
        "Look again",
    ];
    DecisionView {
        title: d.title.to_owned(),
        state: text::capitalised(d.state()),
        here,
        parts: headings.iter().map(|h| ((*h).to_owned(), d.part(h).replace('\n', " "))).collect(),
    }
}

async fn ours(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(proposal): Path<ProposalId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let mut all = app.kith.decided_by_panel(&who).into_iter();
    let (_, p) = all.find(|(id, _)| *id == proposal).ok_or(CareError::Missing)?;
    Ok(render(&page, &ours_view(&p, app.kith.calendar(), app.kith.calendar().day(who.now))))
}

/// Nobody of the panel is named: what they decided is public, who said what is theirs.
fn ours_view(p: &Proposal, calendar: &Calendar, today: Day) -> OursView {
    let on = |at| text::day(calendar.day(at), today);
    let (counted, decided, words) = p.settled.as_ref().map_or_else(Default::default, |s| {
        (work::counted(s.agree, s.not_agree, s.veto, s.members), on(s.at), s.words.clone())
    });
    OursView {
        title: p.title.clone(),
        state: p.standing(today).to_owned(),
        facts: work::facts_of(p, today),
        counted,
        decided,
        words,
        ended: p.ended.as_ref().map(|e| format!("{}: {}", on(e.at), e.words)),
        changed: p.changed.iter().map(|c| Words { who: on(c.at), words: c.words.clone() }).collect(),
    }
}

async fn changed(State(app): State<App>, Anyone(who): Anyone, page: PageContext) -> Html {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let mut changes = Vec::new();
    for (id, p) in app.kith.decided_by_panel(&who) {
        changes.extend(p.changed.iter().map(|c| {
            let change = Change {
                href: format!("/decisions/here/{id}"),
                title: p.title.clone(),
                state: p.standing(today).to_owned(),
                when: text::day(calendar.day(c.at), today),
                words: c.words.clone(),
            };
            (c.at, change)
        }));
    }
    changes.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let changes = changes.into_iter().map(|(_, change)| change).collect();
    render(&page, &ChangedView { place: who.partnership.facts.place.name.clone(), changes })
}

impl View for DecisionsView {
    const TEMPLATE: &'static str = "panel/list.html";
    fn title(&self) -> String {
        "Who decides".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| {
            let line = Line {
                href: "/decisions/1".into(),
                title: words.into(),
                state: "Agreed".into(),
                here: Some("The panel here agreed, until 1 May 2028".into()),
            };
            DecisionsView {
                place: "Brackenford".into(),
                here: vec![line.clone(); n],
                decisions: vec![line; n],
            }
        };
        vec![
            ("ordinary", page("Charities may receive what a person shares", 2)),
            ("empty", page("", 0)),
            ("longest", page(&"Many words. ".repeat(12), 40)),
            ("difficult", page("<b>\"x\"</b>", 1)),
        ]
    }
}

impl View for DecisionView {
    const TEMPLATE: &'static str = "panel/one.html";
    fn title(&self) -> String {
        "A decision".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| DecisionView {
            title: words.into(),
            state: "Said no".into(),
            here: "The panel here said no".into(),
            parts: vec![("What was asked".into(), words.into()); n],
        };
        vec![
            ("ordinary", view(&DECISIONS[4], "The panel here has not said anything about it yet".into())),
            ("empty", page("A decision", 0)),
            ("longest", page(&"Many words. ".repeat(60), 5)),
            ("difficult", page("<b>\"x\"</b>", 1)),
        ]
    }
}

impl View for OursView {
    const TEMPLATE: &'static str = "panel/ours.html";
    fn title(&self) -> String {
        "A decision of the panel here".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize, ended: bool| OursView {
            title: words.into(),
            state: "The panel agreed".into(),
            facts: vec![("Who".into(), words.into()); 5],
            counted: work::counted(3, 1, 0, 4),
            decided: "Tuesday 1 December".into(),
            words: words.into(),
            ended: ended.then(|| format!("Friday: {words}")),
            changed: vec![Words { who: "Friday".into(), words: words.into() }; n],
        };
        vec![
            ("ordinary", page("May the library's reading group take part?", 1, false)),
            ("empty", page("May the library take part?", 0, false)),
            ("ended", page("May the library take part?", 2, true)),
            ("longest", page(&"Many words. ".repeat(100), 5, true)),
            ("difficult", page("<b>\"x\"</b>", 1, true)),
        ]
    }
}

impl View for ChangedView {
    const TEMPLATE: &'static str = "panel/changed.html";
    fn title(&self) -> String {
        "What changed because of us".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| ChangedView {
            place: "Brackenford".into(),
            changes: vec![
                Change {
                    href: "/decisions/here/x".into(),
                    title: "May the library take part?".into(),
                    state: "The panel said no".into(),
                    when: "Tuesday 1 December".into(),
                    words: words.into(),
                };
                n
            ],
        };
        vec![
            ("ordinary", page("The form now asks whether you want to be rung at all.", 2)),
            ("empty", page("", 0)),
            ("longest", page(&"Many words. ".repeat(100), 20)),
            ("difficult", page("<b>\"x\"</b>", 1)),
        ]
    }
}

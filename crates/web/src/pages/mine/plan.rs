//! My plan, as it reads to me.

use super::ask::AskView;
use crate::app::{App, Oops, SignedInPerson};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use jiff::civil::Date;
use kith_care::Principal;
use kith_care::mine::plan::{MyPlan, lines_of};
use kith_domain::area::Area;
use kith_domain::guarding::Line;
use kith_domain::id::RecordId;
use kith_domain::need::{Need, NeedStatus};
use kith_domain::need_next::{Following, need_next};
use kith_domain::person::Known;
use kith_domain::plan::{Asks, GoalStatus, Part, PlanSection, StepOwner, StepStatus, TellingOutcome};
use kith_domain::record::{Author, Saved};
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;

/// The plan.
#[derive(Debug, Serialize)]
pub struct PlanPage {
    said: bool,
    body: PlanBody,
    /// What whoever visits is told: the day, and what.
    visiting: Vec<(String, String)>,
    ask: AskView,
    by: String,
}

/// The plan as it is placed on the screen and on paper.
#[derive(Debug, Serialize)]
pub struct PlanBody {
    first: Vec<PartView>,
    areas: Vec<AreaView>,
    last: Vec<PartView>,
    people: Vec<(String, String)>,
    adjustments: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct PartView {
    title: String,
    lines: Vec<LineView>,
    marks: Option<String>,
    more: Vec<SaidView>,
    agreed: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct AreaView {
    code: &'static str,
    title: &'static str,
    groups: Vec<(String, Vec<LineView>)>,
    /// Where who may read what is written here is said, where it is in the person's words.
    marks: Option<String>,
    more: Vec<SaidView>,
}

#[derive(Clone, Debug, Serialize)]
struct LineView {
    text: String,
    note: Option<String>,
    say: Option<String>,
    /// Where it is said who may read it, where that is the person's to say.
    marks: Option<String>,
    said: Vec<SaidView>,
}

#[derive(Clone, Debug, Serialize)]
struct SaidView {
    differently: bool,
    who: String,
    when: String,
    words: String,
}

/// Draws a plan: what each line says, who holds it, and what was said beside it.
struct Drawer<'a> {
    plan: &'a MyPlan,
    who: &'a Principal,
    calendar: &'a Calendar,
    today: Date,
}

impl PlanBody {
    /// The same in short lines, part by part; what is empty is left out.
    pub(super) fn easy(&self) -> Vec<(String, Vec<String>)> {
        let short = |lines: &[LineView]| -> Vec<String> {
            lines.iter().flat_map(|l| super::easy::short_lines(&l.text)).collect()
        };
        let part = |p: &PartView| (p.title.clone(), short(&p.lines));
        let area = |a: &AreaView| {
            let groups = a.groups.iter();
            let title = |g: &str| if g.is_empty() { a.title.to_owned() } else { format!("{}: {g}", a.title) };
            groups.map(|(g, lines)| (title(g), short(lines))).collect::<Vec<_>>()
        };
        let first = self.first.iter().map(part);
        let all = first.chain(self.areas.iter().flat_map(area)).chain(self.last.iter().map(part));
        all.filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// Who is involved: what they do, and who they are.
    pub(super) fn people(&self) -> Vec<(String, String)> {
        self.people.clone()
    }

    pub(super) fn new(plan: &MyPlan, who: &Principal, calendar: &Calendar) -> PlanBody {
        let draw = Drawer { plan, who, calendar, today: calendar.day(who.now) };
        let parts = |wanted: &[Part]| {
            let of = |part: Part| plan.sections.iter().filter(move |s| s.value.part == part);
            wanted.iter().copied().flat_map(of).map(|s| draw.part(s)).collect::<Vec<_>>()
        };
        PlanBody {
            first: parts(&[Part::Matters, Part::AboutMe, Part::Strengths]),
            areas: Area::SIX.into_iter().map(|a| draw.area(a)).collect(),
            last: parts(&[Part::StayingWell, Part::Safety, Part::OtherPlans, Part::Review]),
            people: draw.people(),
            adjustments: kith_care::mine::next::adjustments(&plan.person.value),
        }
    }
}

impl Drawer<'_> {
    fn when(&self, at: Instant) -> String {
        text::day(self.calendar.day(at), self.today)
    }

    fn by(&self, author: &Author) -> String {
        match author {
            Author::Person { .. } => "I said".into(),
            Author::Worker { worker, .. } => format!("{} said", self.who.partnership.worker_name(*worker)),
            _ => "Somebody said".into(),
        }
    }

    /// What was added or seen differently at this line; with none, what stands at no line.
    fn beside(&self, section: &PlanSection, line: Option<&str>, all: &[String]) -> Vec<SaidView> {
        let stands = |at: Option<&str>| match line {
            Some(line) => at == Some(line),
            // Words about a line that has changed since are never dropped.
            None => at.is_none_or(|at| !all.iter().any(|l| l == at)),
        };
        let differs = section.disagreements.iter().filter(|d| stands(Some(&d.line))).map(|d| {
            (
                d.at,
                SaidView {
                    differently: true,
                    who: self.by(&d.by),
                    when: self.when(d.at),
                    words: d.words.clone(),
                },
            )
        });
        let added = section.added_words.iter().filter(|a| stands(a.line.as_deref())).map(|a| {
            (
                a.at,
                SaidView {
                    differently: false,
                    who: self.by(&a.by),
                    when: self.when(a.at),
                    words: a.words.clone(),
                },
            )
        });
        let mut said: Vec<_> = differs.chain(added).collect();
        said.sort_by_key(|(at, _)| *at);
        said.into_iter().map(|(_, view)| view).collect()
    }

    /// The words the person wrote about a need, goal or step.
    fn held(&self, record: RecordId) -> Vec<SaidView> {
        let about = self.plan.said.iter().filter(|m| m.value.about == Some(record));
        about
            .map(|m| SaidView {
                differently: m.value.words.starts_with("I see this differently"),
                who: self.by(&m.value.from),
                when: self.when(m.value.written_at),
                words: m.value.words.clone(),
            })
            .collect()
    }

    fn lines(&self, section: &Saved<PlanSection>, from: usize, text: &str, all: &[String]) -> Vec<LineView> {
        let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        lines
            .enumerate()
            .map(|(n, line)| LineView {
                text: line.to_owned(),
                note: None,
                say: Some(format!("/mine/plan/{}/{}", section.meta.id, from + n)),
                marks: None,
                said: self.beside(&section.value, Some(line), all),
            })
            .collect()
    }

    fn part(&self, section: &Saved<PlanSection>) -> PartView {
        let all = lines_of(&section.value);
        let whole = all.join("\n");
        PartView {
            title: section.value.part.title().into(),
            lines: self.lines(section, 0, &whole, &all),
            marks: marks_at(section),
            more: self.beside(&section.value, None, &all),
            agreed: section.value.agreed.as_ref().map(|a| text::day(a.on, self.today)),
        }
    }

    fn area(&self, area: Area) -> AreaView {
        let mut groups: Vec<(String, Vec<LineView>)> = Vec::new();
        let (mut more, mut marks) = (Vec::new(), None);
        let wanted = |s: &&Saved<PlanSection>| s.value.part == Part::Area && s.value.area == Some(area);
        for section in self.plan.sections.iter().filter(wanted) {
            let all = lines_of(&section.value);
            let v = &section.value;
            let mut from = 0;
            for (title, words) in [
                ("", &v.words),
                ("Going well", &v.going_well),
                ("What I want to be different", &v.want_different),
            ] {
                let lines = self.lines(section, from, words, &all);
                from += lines.len();
                groups.push((title.into(), lines));
            }
            more.extend(self.beside(v, None, &all));
            marks = marks.or_else(|| marks_at(section));
        }
        groups.push(("What I need".into(), self.needs(area)));
        groups.push(("What I want".into(), self.goals(area)));
        groups.push(("Steps".into(), self.steps(area)));
        groups.push(("Places I was told about".into(), self.told(area)));
        groups.retain(|(_, lines)| !lines.is_empty());
        AreaView { code: area.code(), title: area.title(), groups, marks, more }
    }

    fn record_line<T: Line>(&self, record: &Saved<T>, text: &str, note: Option<String>) -> LineView {
        let id = record.meta.id;
        LineView {
            text: text.to_owned(),
            note,
            say: Some(format!("/mine/plan/{id}/0")),
            marks: marks_at(record),
            said: self.held(id),
        }
    }

    /// What happens next about a need, as the person reads it.
    fn next_of(&self, need: &Saved<Need>) -> String {
        let next = need_next(&need.value, need.id(), &self.plan.referrals, self.calendar);
        let words = |(next, on): (Following, Date)| {
            format!("{}, {}", text::capitalised(&next.for_person()), text::day(on, self.today))
        };
        next.map(words).unwrap_or_default()
    }

    fn needs(&self, area: Area) -> Vec<LineView> {
        let needs = self.plan.needs.iter().filter(|n| n.value.area == area);
        needs
            .map(|n| {
                let note = match &n.value.status {
                    NeedStatus::Open if n.value.unmet.is_some() => {
                        "Nothing here meets this yet. We keep looking.".to_owned()
                    }
                    NeedStatus::Open => self.next_of(n),
                    NeedStatus::Met { on, .. } => format!("Met, {}", text::day(*on, self.today)),
                    NeedStatus::NotNow { until } => {
                        format!("Not now. Ask me again on {}", text::day(*until, self.today))
                    }
                    NeedStatus::SaidNo { .. } => "I said no to help with this".into(),
                    NeedStatus::Finished { .. } => "Over".into(),
                };
                self.record_line(n, &n.value.words, Some(note))
            })
            .collect()
    }

    fn goals(&self, area: Area) -> Vec<LineView> {
        let goals = self.plan.goals.iter().filter(|g| g.value.area == area);
        goals
            .map(|g| {
                let note = match &g.value.status {
                    GoalStatus::Open => None,
                    GoalStatus::Reached { on, .. } => {
                        Some(format!("I got there, {}", text::day(*on, self.today)))
                    }
                    GoalStatus::LetGo { .. } => Some("I let this go".into()),
                };
                self.record_line(g, &g.value.words, note)
            })
            .collect()
    }

    fn steps(&self, area: Area) -> Vec<LineView> {
        let steps = self.plan.steps.iter().filter(|s| s.value.area == area);
        steps
            .map(|s| {
                let owner = match s.value.owner {
                    StepOwner::Person => "Me".to_owned(),
                    StepOwner::Worker { worker, .. } => self.who.partnership.worker_name(worker),
                    StepOwner::Team { team, .. } => self.who.partnership.team_name(team),
                };
                let note = match (&s.value.status, s.value.asks) {
                    (StepStatus::Done { on, .. }, _) => {
                        format!("{owner}. Done, {}", text::day(*on, self.today))
                    }
                    (StepStatus::Dropped { .. }, _) => format!("{owner}. Not wanted any more"),
                    (StepStatus::Open, Asks::ForInformation) => format!("{owner}. For your information"),
                    (StepStatus::Open, Asks::Asks) => {
                        format!("{owner}, by {}", text::day(s.value.by, self.today))
                    }
                };
                self.record_line(s, &s.value.what, Some(note))
            })
            .collect()
    }

    fn told(&self, area: Area) -> Vec<LineView> {
        let told = self.plan.tellings.iter().filter(|t| t.value.area == area);
        told.map(|t| {
            let with = t.value.goes_along.as_ref().map(|w| format!("{w} goes with me. ")).unwrap_or_default();
            let state = match t.value.outcome {
                Some(TellingOutcome::GotThere) => "I got there".to_owned(),
                Some(TellingOutcome::NoThanks) => "I said no thanks".to_owned(),
                Some(TellingOutcome::NotYet) | None => {
                    format!(
                        "{} asks me on {} how it went",
                        self.who.partnership.worker_name(t.value.told_by),
                        text::day(t.value.ask_on, self.today)
                    )
                }
            };
            LineView {
                text: t.value.name.clone(),
                note: Some(format!("{with}{state}")),
                say: None,
                marks: None,
                said: Vec::new(),
            }
        })
        .collect()
    }

    fn people(&self) -> Vec<(String, String)> {
        let partnership = &self.who.partnership;
        let person = &self.plan.person.value;
        let mut people = vec![(
            "Holds my plan".to_owned(),
            format!("{}, {}", self.plan.reader.name, self.plan.reader.organisation),
        )];
        if let Some(k) = &person.key_worker {
            people.push(("Key worker".into(), format!("{}, {}", k.name, k.organisation)));
        }
        if let Known::Known(gp) = &person.gp {
            people.push(("GP practice".into(), gp.name.clone()));
        }
        people.extend(self.plan.involved.iter().filter(|i| i.value.in_date(self.today)).map(|i| {
            let name = i
                .value
                .worker
                .map_or_else(|| partnership.team_name(i.value.team), |w| partnership.worker_name(w));
            let organisation = partnership.organisation_name(i.value.organisation).unwrap_or_default();
            (text::capitalised(&i.value.role), format!("{name}, {organisation}"))
        }));
        people.extend(
            self.plan.supporters.iter().map(|s| (text::capitalised(&s.value.relation), s.value.name.clone())),
        );
        people
    }
}

/// Where the person says who may read a line: of their own words only.
fn marks_at<T: Line>(line: &Saved<T>) -> Option<String> {
    line.value.in_their_words().then(|| format!("/mine/plan/marks/{}", line.meta.id))
}

async fn view(app: &App, who: &Principal, said: bool) -> Result<PlanPage, Oops> {
    let plan = app.kith.my_plan(who).await?;
    let calendar = app.kith.calendar();
    Ok(PlanPage {
        said,
        body: PlanBody::new(&plan, who, calendar),
        visiting: plan.visiting.iter().map(|(on, words)| (text::full_day(*on), words.clone())).collect(),
        ask: AskView::of(&plan.reader),
        by: text::day_and_relative(plan.reader.by, calendar.day(who.now)),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Html, Oops> {
    Ok(render(&page, &view(&app, &who, false).await?))
}

pub(super) async fn said(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Html, Oops> {
    Ok(render(&page, &view(&app, &who, true).await?))
}

impl View for PlanPage {
    const TEMPLATE: &'static str = "mine/plan.html";

    fn title(&self) -> String {
        "My plan".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n| PlanPage {
            said: n == 1,
            body: sample(words, n),
            visiting: vec![("24 November 2026".into(), words.into()); n],
            ask: AskView::sample(),
            by: "tomorrow, Wednesday 25 November".into(),
        };
        vec![
            ("ordinary", page("Get my money back", 1)),
            ("empty", page("", 0)),
            ("longest", page(&"Many words that matter. ".repeat(4), 3)),
            ("difficult", page("<b>\"x\" & 'y'</b>", 1)),
        ]
    }
}

pub(super) fn sample(words: &str, n: usize) -> PlanBody {
    let said = SaidView {
        differently: true,
        who: "I said".into(),
        when: "Monday 23 November".into(),
        words: words.into(),
    };
    let line = LineView {
        text: words.into(),
        note: Some("Aisha Rahman, by Friday 27 November".into()),
        say: Some("/mine/plan/x/0".into()),
        marks: Some("/mine/plan/marks/x".into()),
        said: vec![said.clone(); n.min(1)],
    };
    let part = |title: &str| PartView {
        title: title.into(),
        lines: vec![line.clone(); n],
        marks: Some("/mine/plan/marks/x".into()),
        more: vec![said.clone(); n.min(1)],
        agreed: Some("Monday 23 November".into()),
    };
    PlanBody {
        first: if n == 0 { Vec::new() } else { vec![part("What matters to me"), part("About me")] },
        areas: Area::SIX
            .into_iter()
            .map(|a| AreaView {
                code: a.code(),
                title: a.title(),
                groups: if n == 0 {
                    Vec::new()
                } else {
                    vec![
                        ("What I need".into(), vec![line.clone(); n]),
                        ("Steps".into(), vec![line.clone(); n]),
                    ]
                },
                marks: (n > 0).then(|| "/mine/plan/marks/x".into()),
                more: Vec::new(),
            })
            .collect(),
        last: if n == 0 { Vec::new() } else { vec![part("Staying well")] },
        people: vec![("Holds my plan".into(), "Aisha Rahman, Brackenford Together".into())],
        adjustments: vec!["A quiet room".into(); n],
    }
}

//! My next thing: one item, big.

use super::ask::AskView;
use super::dates::DateView;
use super::referrals::state_of;
use crate::app::{App, Oops, SignedInPerson};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use jiff::civil::Date;
use kith_care::mine::next::{MyFront, NextThing};
use kith_domain::person::Standing;
use kith_domain::time::Calendar;
use serde::Serialize;

/// The first page.
#[derive(Debug, Serialize)]
pub struct FrontPage {
    called: Option<String>,
    code_only: bool,
    standing: Option<String>,
    /// What waits for them to choose: it stands before everything else.
    choose: Vec<ChooseView>,
    next: Option<NextView>,
    adjustments: Vec<String>,
    referrals: Vec<RefLine>,
    answers: bool,
    ask: Option<AskView>,
}

/// Dates that were offered and wait for the person's choice.
#[derive(Clone, Debug, Serialize)]
struct ChooseView {
    service: String,
    dates: Vec<DateView>,
    /// Where they answer; none with a code alone, with which nothing is agreed.
    answer: Option<String>,
    ask: AskView,
}

#[derive(Clone, Debug, Serialize)]
struct NextView {
    what: String,
    /// Who does it, where somebody else does.
    by: Option<String>,
    day: String,
    time: Option<String>,
    place: Option<String>,
    with: Option<String>,
    mine: bool,
    late: bool,
    ask: Option<AskView>,
}

#[derive(Clone, Debug, Serialize)]
struct RefLine {
    service: String,
    state: String,
    tag: &'static str,
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Html, Oops> {
    let front = app.kith.my_front(&who).await?;
    Ok(render(&page, &FrontPage::new(front, app.kith.calendar(), app.kith.calendar().day(who.now))))
}

impl FrontPage {
    fn new(front: MyFront, calendar: &Calendar, today: Date) -> FrontPage {
        let open = front.referrals.iter().filter(|r| !r.status.terminal() || r.answer_coming);
        let choose = front.referrals.iter().filter(|r| r.may_choose());
        FrontPage {
            choose: choose
                .map(|r| ChooseView {
                    service: r.service_name.clone(),
                    dates: DateView::all(r, calendar, today),
                    answer: (!front.code_only).then(|| super::dates::path(r.id)),
                    ask: AskView::of(&r.ask),
                })
                .collect(),
            referrals: open
                .map(|r| {
                    let state = state_of(r, calendar, today);
                    RefLine { service: r.service_name.clone(), state: state.title, tag: state.tag }
                })
                .collect(),
            called: front.called,
            code_only: front.code_only,
            standing: front.standing.as_ref().and_then(|s| standing(s, today)),
            next: front.next.map(|n| next_view(n, calendar, today)),
            adjustments: front.adjustments,
            answers: front.answers > 0,
            ask: front.holder.as_ref().map(AskView::of),
        }
    }
}

fn next_view(n: NextThing, calendar: &Calendar, today: Date) -> NextView {
    NextView {
        what: text::capitalised(&n.what),
        day: text::capitalised(&text::day_and_relative(n.on, today)),
        time: n.at.map(|at| text::clock(at.timestamp().to_zoned(calendar.zone().clone()).time())),
        place: n.place,
        with: n.with,
        mine: n.mine,
        by: n.by,
        late: n.late,
        ask: n.ask.as_ref().map(AskView::of),
    }
}

/// Nothing is coming because the person said so: what they said, and that the door is
/// open.
fn standing(s: &Standing, today: Date) -> Option<String> {
    Some(match s {
        Standing::Open => return None,
        Standing::NotNow { until } => format!(
            "You said not now. Your navigator does not ask before {}. You can come back at any time.",
            text::day(*until, today)
        ),
        Standing::DoorOpen { again, .. } => format!(
            "We could not reach you, so we stopped trying. The door is open. Somebody looks again on {}. You can come back at any time.",
            text::day(*again, today)
        ),
        Standing::Finished { on, .. } => {
            format!(
                "You said you have finished, on {}. You can come back at any time.",
                text::day(*on, today)
            )
        }
        Standing::Left { on } => format!(
            "You left Kith, on {}. You can still get help without it, and you can come back.",
            text::day(*on, today)
        ),
        Standing::Stopped { on } => format!(
            "You stopped everything, on {}. Nobody will chase you. You can come back at any time.",
            text::day(*on, today)
        ),
        Standing::Died { .. } => {
            "Something here is not right, and it is our mistake. Please ring us, or talk to whoever helps you.".into()
        }
    })
}

impl View for FrontPage {
    const TEMPLATE: &'static str = "mine/front.html";

    fn title(&self) -> String {
        "My next thing".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("ordinary", sample("Meet at the drop-in", 1, false)),
            (
                "empty",
                FrontPage {
                    next: None,
                    standing: standing(&Standing::Stopped { on: DAY }, DAY),
                    ..sample("", 0, false)
                },
            ),
            ("longest", sample(&"A long thing that happens next ".repeat(8), 6, false)),
            (
                "to choose, with a code",
                FrontPage { code_only: true, choose: sample("", 2, true).choose, ..sample("Ring", 1, true) },
            ),
            ("to choose", FrontPage { choose: sample("", 3, false).choose, ..sample("Ring", 1, false) }),
            ("difficult", FrontPage { called: None, ..sample("<b>\"x\" & 'y'</b>", 1, true) }),
        ]
    }
}

const DAY: Date = jiff::civil::date(2026, 11, 24);

fn sample(what: &str, n: usize, code_only: bool) -> FrontPage {
    FrontPage {
        called: Some("Badger".into()),
        code_only,
        standing: None,
        choose: (1..n)
            .map(|_| ChooseView {
                service: "Benefits advice".into(),
                dates: vec![DateView::sample("Thursday 26 November, 2:30pm, at the library"); n.min(3)],
                answer: (!code_only).then(|| "/mine/referrals/x/dates".into()),
                ask: AskView::sample(),
            })
            .collect(),
        next: Some(NextView {
            what: what.into(),
            by: (n == 1).then(|| what.into()),
            day: "Tomorrow, Wednesday 25 November".into(),
            time: Some("2:30pm".into()),
            place: Some("St Anne’s Hall, the side door".into()),
            with: Some("Joan Fisher".into()),
            mine: n == 6,
            late: n == 6,
            ask: Some(AskView::sample()),
        }),
        adjustments: vec!["A quiet room".into(); n],
        referrals: vec![
            RefLine {
                service: "Benefits advice".into(),
                state: "They said yes".into(),
                tag: "open"
            };
            n
        ],
        answers: n > 0,
        ask: Some(AskView::sample()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_domain::record::Author;
    use kith_domain::time::Instant;

    #[test]
    fn no_words_are_put_into_their_mouth() {
        let says = |s: Standing| standing(&s, DAY).expect("something is said");
        let open = says(Standing::DoorOpen { since: DAY, again: DAY });
        assert!(open.starts_with("We could not reach you") && !open.contains("You said"));
        assert!(says(Standing::Left { on: DAY }).starts_with("You left Kith"));
        let died = says(Standing::Died {
            on: None,
            recorded_at: Instant(0),
            recorded_by: Author::Job,
            before: Box::new(Standing::Open),
            everyone_told: None,
        });
        assert!(died.contains("our mistake"));
        assert!(standing(&Standing::Open, DAY).is_none());
    }
}

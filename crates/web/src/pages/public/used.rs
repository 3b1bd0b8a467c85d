//! What came of asking a service, in words: beside what it says of itself, with its dates, and only
//! numbers that came through the gate.

use crate::text;
use jiff::civil::Date;
use kith_care::figures::Shown;
use kith_care::listing::used::Used;
use kith_domain::referral::Helped;
use serde::Serialize;

/// What came of asking there, beside what they say.
#[derive(Debug, Serialize)]
pub(super) struct UsedView {
    period: String,
    answer: String,
    wait: Option<String>,
    why_not: Vec<String>,
    helped: Vec<String>,
}

impl UsedView {
    pub(super) fn of(used: &Used, today: Date) -> UsedView {
        let people = |n: Shown| n.words();
        let answer = match (used.asked.number(), used.taken.number(), used.said_no.number()) {
            (None, ..) => "People were asked for, too few to say how it went.".to_owned(),
            (Some(_), Some(_), Some(_)) => format!(
                "{} people were asked for. They said yes to {} and no to {}.",
                text::capitalised(&people(used.asked)),
                people(used.taken),
                people(used.said_no)
            ),
            (Some(_), Some(_), None) => format!(
                "{} people were asked for. They said yes to {}.",
                text::capitalised(&people(used.asked)),
                people(used.taken)
            ),
            (Some(_), ..) => format!(
                "{} people were asked for. Too few answers to say more.",
                text::capitalised(&people(used.asked))
            ),
        };
        let shown = |n: Shown| n.number().is_some_and(|n| n > 0).then(|| people(n));
        let helped = |h: Helped| match h {
            Helped::Yes => "It helped",
            Helped::ABit => "It helped a bit",
            Helped::No => "It did not help",
            Helped::NotSaid => "They did not say",
        };
        UsedView {
            period: format!("{} to {}", text::full_day(used.from), text::full_day(used.to.min(today))),
            answer,
            wait: used.wait.map(|w| {
                format!(
                    "Most people first came after {} to {}. This is from at least {} people.",
                    text::duration_days(w.days_low.into()),
                    text::duration_days(w.days_high.into()),
                    w.people
                )
            }),
            why_not: used
                .reasons
                .iter()
                .filter_map(|(why, n)| Some(format!("{}: {}", why.title(), shown(*n)?)))
                .collect(),
            helped: used
                .helped
                .iter()
                .filter_map(|(h, n)| Some(format!("{}: {}", helped(*h), shown(*n)?)))
                .collect(),
        }
    }

    pub(super) fn sample() -> UsedView {
        UsedView {
            period: "24 November 2025 to 24 November 2026".into(),
            answer: "About 40 people were asked for. They said yes to about 25 and no to about 15.".into(),
            wait: Some(
                "Most people first came after 2 weeks to 6 weeks. This is from at least 10 people.".into(),
            ),
            why_not: vec!["We are full: about 10".into()],
            helped: vec!["It helped: about 20".into()],
        }
    }
}

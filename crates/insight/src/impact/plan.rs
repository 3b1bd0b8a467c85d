//! An analysis written down before it is run: the pure part of the register.
//!
//! With enough outcomes, dates and methods something always "works". What was asked, of
//! whom, when the change came and by which method is therefore written down before anybody
//! looks, sealed by a hash, and compared with what was then done. An analysis that was not
//! written down first is not forbidden; it says so.
//!
//! Source: the shape of Munafò and others, Nature Human Behaviour 1 (2017); the ladder of
//! evidence after the Maryland scale (Sherman and others, 1997), whose lower steps say
//! "went together", never "caused".

use crate::error::InsightError;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is going to be asked, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The question in words: "Did declines rise after the assessment centre closed?"
    pub question: String,
    /// What is measured.
    pub outcome: String,
    /// Whose it is: who is counted and who is not.
    pub population: String,
    /// What changed, and when.
    pub change: String,
    /// The day from which it was in force.
    pub from: Date,
    /// The method, by its name in `kith insight --list`.
    pub method: String,
    /// Its options by name.
    pub options: BTreeMap<String, String>,
    /// Who or what it is compared with; nothing where there is no comparison.
    pub control: Option<String>,
    /// An outcome that the change cannot have touched, looked at in the same way.
    pub untouched: Option<String>,
    /// What would be taken as an answer, in words: which figure, which way, how large.
    pub expected: String,
    /// Who wrote it.
    pub author: String,
    /// The day it was written.
    pub written: Date,
    /// The last day of data that anybody had looked at by then; nothing when none.
    pub seen_until: Option<Date>,
}

impl Plan {
    /// Checks that everything that must be said is said.
    ///
    /// # Errors
    /// Something is not said, or the method is none of ours, or does not know an option.
    pub fn check(&self) -> Result<(), InsightError> {
        let said = [
            ("question", &self.question),
            ("outcome", &self.outcome),
            ("population", &self.population),
            ("change", &self.change),
            ("expected", &self.expected),
            ("author", &self.author),
        ];
        if let Some((name, _)) = said.iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(InsightError::numbers(format!("The plan needs {name}.")));
        }
        let method = crate::method::find(&self.method)?;
        method.knows(&crate::method::Options::new(
            self.options.iter().map(|(name, value)| (name.as_str(), value.as_str())),
        ))
    }

    /// The seal: SHA-256 of the plan as canonical JSON, in hexadecimal. A plan changed by
    /// one letter has another.
    pub fn seal(&self) -> String {
        let text = serde_json::to_string(self).expect("a plan is plain text and days");
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What was done in the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// The same things as they were done.
    pub as_done: Plan,
    /// The seal of the plan that was kept.
    pub seal: String,
    /// The first day of data since the change that was looked at.
    pub looked: Date,
}

/// One thing that was done otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// Which part of the plan.
    pub part: String,
    /// What was planned.
    pub planned: String,
    /// What was done.
    pub done: String,
}

/// What a plan makes of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Standing {
    /// Written before anybody looked, and done as written.
    Confirming,
    /// Written before anybody looked, and done otherwise in the parts named.
    WithDeviations,
    /// Not written before anybody looked, or the plan that was kept is another one.
    Exploring,
}

impl Standing {
    /// In words, for a page.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Confirming => "written down before anybody looked, and done as written",
            Standing::WithDeviations => {
                "written down before anybody looked; done otherwise in the parts named"
            }
            Standing::Exploring => {
                "an exploration: not written down before anybody looked. Try it on new data before acting on it"
            }
        }
    }
}

/// Compares what was done with what was written.
pub fn compare(plan: &Plan, done: &Done) -> (Standing, Vec<Deviation>) {
    let (p, d) = (plan, &done.as_done);
    let none = || "none".to_owned();
    let text = |o: &Option<String>| o.clone().unwrap_or_else(none);
    let parts = [
        ("question", p.question.clone(), d.question.clone()),
        ("outcome", p.outcome.clone(), d.outcome.clone()),
        ("population", p.population.clone(), d.population.clone()),
        ("change", p.change.clone(), d.change.clone()),
        ("from", p.from.to_string(), d.from.to_string()),
        ("method", p.method.clone(), d.method.clone()),
        ("control", text(&p.control), text(&d.control)),
        ("untouched", text(&p.untouched), text(&d.untouched)),
        ("expected", p.expected.clone(), d.expected.clone()),
    ];
    let differs = |(part, planned, done): (&str, String, String)| {
        (planned != done).then(|| Deviation { part: part.to_owned(), planned, done })
    };
    let mut deviations: Vec<Deviation> = parts.into_iter().filter_map(differs).collect();
    let names: std::collections::BTreeSet<&String> = p.options.keys().chain(d.options.keys()).collect();
    for name in names {
        let value = |options: &BTreeMap<String, String>| options.get(name).cloned().unwrap_or_else(none);
        let (planned, done) = (value(&p.options), value(&d.options));
        deviations.extend(differs((&format!("option {name}"), planned, done)));
    }
    let peeked = plan.seen_until.is_some_and(|seen| seen >= plan.from) || plan.written > done.looked;
    let standing = match (done.seal != plan.seal() || peeked, deviations.is_empty()) {
        (true, _) => Standing::Exploring,
        (false, true) => Standing::Confirming,
        (false, false) => Standing::WithDeviations,
    };
    (standing, deviations)
}

/// How far an answer may be taken, from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Strength {
    /// One place before and after, by two numbers.
    BeforeAfter,
    /// One series with its trend.
    Series,
    /// A series or places with others to compare with.
    Compared,
    /// Compared, false dates and places tried and quiet, and an outcome that the change
    /// could not touch did not move.
    ComparedAndTried,
}

impl Strength {
    /// The strength of a design: whether it has a trend, a control, and whether placebos
    /// and the untouched outcome were tried and stayed quiet.
    pub fn of(trend: bool, control: bool, tried_and_quiet: bool) -> Strength {
        match (trend, control, tried_and_quiet) {
            (_, true, true) => Strength::ComparedAndTried,
            (_, true, false) => Strength::Compared,
            (true, false, _) => Strength::Series,
            (false, false, _) => Strength::BeforeAfter,
        }
    }

    /// The most such a design can say, in words, whatever the figures are.
    pub fn words(self) -> &'static str {
        match self {
            Strength::BeforeAfter => {
                "The most this can say: the two went together. Anything else that changed in those months would look the same."
            }
            Strength::Series => {
                "The most this can say: it broke with its own trend. Anything else that began at that time would look the same."
            }
            Strength::Compared => {
                "The most this can say: it moved away from places that were not changed. Something that came only here would look the same."
            }
            Strength::ComparedAndTried => {
                "The most this can say: it moved away from places that were not changed, nothing was found where nothing happened, and what the change could not touch did not move."
            }
        }
    }
}

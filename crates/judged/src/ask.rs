//! The questions: who asks, in which words, from where, and what matters to them.

use crate::JudgedError;
use crate::corpus::Corpus;
use jiff::civil::Time;
use kith_domain::directory::hours::parse_clock;
use kith_domain::directory::{AdjustmentCode, Language, Weekday};
use kith_domain::find::{Gender, Kinds, Query, When};
use serde::Deserialize;

/// One question, as it is written in the list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its number, with the letter of its directory: `b07`.
    pub id: String,
    /// Who asks and what for, in a sentence: what the judging goes by, besides the question itself.
    pub who: String,
    /// The words.
    pub words: String,
    /// A neighbourhood of Brackenford, or a postcode.
    #[serde(default)]
    pub near: Option<String>,
    /// No further than so many kilometres.
    #[serde(default)]
    pub within_km: Option<f64>,
    /// Age in years.
    #[serde(default)]
    pub age: Option<u8>,
    /// When the person can go: `Sun 10:00-16:00`.
    #[serde(default)]
    pub times: Vec<String>,
    /// Codes of adjustments.
    #[serde(default)]
    pub adjustments: Vec<String>,
    /// A language other than English.
    #[serde(default)]
    pub language: Option<String>,
    /// `woman`, `man` or `other`, where the person wants it used.
    #[serde(default)]
    pub gender: Option<String>,
    /// It matters that people who drink or use drugs are welcome.
    #[serde(default)]
    pub substance_use: bool,
    /// No diagnosis, or none that is said.
    #[serde(default)]
    pub no_diagnosis: bool,
    /// Only groups are looked for.
    #[serde(default)]
    pub groups: bool,
}

impl Asked {
    /// Is it held out? Every third is, by its number.
    pub fn held_out(&self) -> bool {
        self.id[1..].parse::<u32>().is_ok_and(|number| number.is_multiple_of(3))
    }

    /// The question as the finder takes it.
    ///
    /// # Errors
    /// Something in it is not known: a place, a code, a time.
    pub fn query(&self, corpus: &Corpus) -> Result<Query, JudgedError> {
        let bad = |what: &str| JudgedError::File(format!("{}: {what} is not known", self.id));
        let from = match &self.near {
            None => Default::default(),
            Some(near) => corpus.origin(near).ok_or_else(|| bad(near))?,
        };
        let gender = match self.gender.as_deref() {
            None => None,
            Some("woman") => Some(Gender::Woman),
            Some("man") => Some(Gender::Man),
            Some("other") => Some(Gender::Other),
            Some(other) => return Err(bad(other)),
        };
        let times: Result<Vec<When>, _> = self.times.iter().map(|t| when(t).ok_or_else(|| bad(t))).collect();
        let code = |text: &String| {
            let known = kith_domain::directory::adjustments::find(text).is_some();
            AdjustmentCode::parse(text).ok().filter(|_| known).ok_or_else(|| bad(text))
        };
        let adjustments: Result<Vec<AdjustmentCode>, _> = self.adjustments.iter().map(code).collect();
        Ok(Query {
            words: self.words.clone(),
            from,
            within_m: self.within_km.map(|km| km * 1000.0),
            times: times?,
            adjustments: adjustments?,
            language: self.language.clone().map(Language),
            age: self.age,
            gender,
            substance_use: self.substance_use,
            no_diagnosis: self.no_diagnosis,
            kinds: if self.groups { Kinds::Groups } else { Kinds::Both },
            ..Query::default()
        })
    }
}

/// `Sun 10:00-16:00`
fn when(text: &str) -> Option<When> {
    let (day, hours) = text.split_once(' ')?;
    let (from, to) = hours.split_once('-')?;
    let clock = |text: &str| -> Option<Time> { parse_clock(text) };
    Some(When { day: Weekday::parse(day)?, from: clock(from)?, to: clock(to)? })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    query: Vec<Asked>,
}

/// The questions of a list.
///
/// # Errors
/// The list cannot be read, or a number is used twice.
pub fn read(text: &str) -> Result<Vec<Asked>, JudgedError> {
    let file: File = toml::from_str(text).map_err(|cause| JudgedError::File(cause.to_string()))?;
    let mut ids = std::collections::BTreeSet::new();
    match file.query.iter().find(|q| !ids.insert(q.id.clone())) {
        Some(twice) => Err(JudgedError::File(format!("{} is there twice", twice.id))),
        None => Ok(file.query),
    }
}

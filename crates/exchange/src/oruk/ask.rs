//! What a consumer asks of a list: the parameters of the standard, read and really used.
//! They are added with AND. What cannot be read is refused with the reason, because an
//! ignored filter looks like an answer.

use super::page::{PER_PAGE_MAX, Page};
use super::publish::{Depth, Entry, What};
use super::terms::Term;
use jiff::civil::{Date, Time};
use kith_domain::directory::{DayHours, Location, Weekday, hours::parse_clock};
use kith_domain::place::{Point, Postcode};
use kith_domain::time::Instant;
use uuid::Uuid;

/// Metres around a postcode when nobody says how many.
pub const PROXIMITY: f64 = 5_000.0;
/// Nobody is older.
const OLDEST: f64 = 130.0;

/// How the list is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// A page.
    #[default]
    Json,
    /// One entry a line, all of them unless a page is asked for.
    NdJson,
}

/// What is asked of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Which page.
    pub page: Page,
    /// A page was asked for by name.
    pub page_said: bool,
    /// How it is written.
    pub format: Format,
    /// How much of each entry.
    pub depth: Depth,
    /// Words, every one of which has to begin a word of the entry.
    pub search: Vec<String>,
    /// Terms, every one of which the entry has to have.
    pub terms: Vec<Uuid>,
    /// A list of which the entry has to have a term.
    pub taxonomy: Option<Uuid>,
    /// The organisation that runs it.
    pub organization: Option<Uuid>,
    /// Changed after this moment.
    pub modified_after: Option<Instant>,
    /// Around this postcode.
    pub postcode: Option<Postcode>,
    /// Within so many metres.
    pub proximity: Option<f64>,
    /// For people from this age.
    pub minimum_age: Option<f64>,
    /// For people up to this age.
    pub maximum_age: Option<f64>,
    /// Open on this day of the week.
    pub day: Option<Weekday>,
    /// Open after this time.
    pub start: Option<Time>,
    /// Open before this time.
    pub end: Option<Time>,
    /// Of terms: those with this one above them.
    pub parent: Option<Uuid>,
    /// Of terms: those with none above them.
    pub top_only: bool,
}

/// A parameter that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {why}")]
pub struct BadParameter {
    /// Which.
    pub name: String,
    /// Why.
    pub why: &'static str,
}

impl Asked {
    /// Reads the parameters of an address or a form. Names that the standard does not
    /// have are passed over; an empty value says nothing.
    ///
    /// # Errors
    /// A value cannot be read as what its name says.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Asked, BadParameter> {
        let mut asked = Asked::default();
        for (name, value) in pairs {
            let value = value.trim();
            if !value.is_empty() {
                asked.one(name, value).map_err(|why| BadParameter { name: name.to_owned(), why })?;
            }
        }
        Ok(asked)
    }

    fn one(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        match name {
            "page" => {
                self.page.number = whole(value)?.max(1);
                self.page_said = true;
            }
            "per_page" => self.page.per_page = whole(value)?.clamp(1, PER_PAGE_MAX),
            "format" => {
                self.format = match value {
                    "json" => Format::Json,
                    "ndjson" => Format::NdJson,
                    _ => return Err("is json or ndjson"),
                }
            }
            "minimal" if yes(value)? => self.depth = Depth::Minimal,
            "full" | "full_service" if self.depth != Depth::Minimal => {
                self.depth = if yes(value)? { Depth::Full } else { Depth::Flat };
            }
            "search" | "text" => self.search.extend(words(value)),
            "taxonomy_term_id" => {
                for id in value.split(',') {
                    self.terms.push(id_of(id)?);
                }
            }
            "taxonomy_id" => self.taxonomy = Some(id_of(value)?),
            "organization_id" => self.organization = Some(id_of(value)?),
            "modified_after" => self.modified_after = Some(moment(value)?),
            "postcode" => {
                self.postcode = Some(Postcode::parse(value).map_err(|_| "is not a postcode")?);
            }
            "proximity" => self.proximity = Some(number(value)?),
            "minimum_age" => self.minimum_age = Some(number(value)?),
            "maximum_age" => self.maximum_age = Some(number(value)?),
            "day" => self.day = Some(day(value)?),
            "start_time" => self.start = Some(clock(value)?),
            "end_time" => self.end = Some(clock(value)?),
            "parent_id" => self.parent = Some(id_of(value)?),
            "top_only" => self.top_only = yes(value)?,
            _ => {}
        }
        Ok(())
    }

    /// Does the entry answer all that is asked? `from` is the middle of the postcode.
    pub fn takes(&self, entry: &Entry<'_>, from: Option<Point>) -> bool {
        let c = entry.what.common();
        let e = c.eligibility;
        self.organization.is_none_or(|id| id == c.organisation.0)
            && self.modified_after.is_none_or(|at| entry.modified > at)
            && ages_meet((self.minimum_age, self.maximum_age), (e.age_min, e.age_max))
            && self.has_terms(entry)
            && self.found_by_words(entry)
            && self.open_then(&entry.what)
            && (self.postcode.is_none() || c.locations.iter().any(|l| self.near(l, from)))
    }

    /// Is a location near enough? One that is kept secret has no point, and is near
    /// nothing.
    pub fn near(&self, location: &Location, from: Option<Point>) -> bool {
        let (Some(point), Some(from)) = (location.point(), from) else { return self.postcode.is_none() };
        from.metres_to(point) <= self.proximity.unwrap_or(PROXIMITY)
    }

    /// Does a term answer?
    pub fn takes_term(&self, term: &Term) -> bool {
        self.taxonomy.is_none_or(|id| term.list.id() == id)
            && self.parent.is_none_or(|id| term.parent == Some(id))
            && (!self.top_only || term.parent.is_none())
            && all_begin(&self.search, &[term.name.as_str(), term.code.as_str()])
    }

    fn has_terms(&self, entry: &Entry<'_>) -> bool {
        if self.terms.is_empty() && self.taxonomy.is_none() {
            return true;
        }
        let have = super::publish::terms_of(entry);
        self.terms.iter().all(|id| have.iter().any(|t| t.id() == *id))
            && self.taxonomy.is_none_or(|id| have.iter().any(|t| t.list.id() == id))
    }

    fn found_by_words(&self, entry: &Entry<'_>) -> bool {
        if self.search.is_empty() {
            return true;
        }
        let c = entry.what.common();
        let mut texts = vec![c.name, c.description];
        texts.extend(c.keywords.iter().map(String::as_str));
        texts.extend(c.needs.iter().map(|n| n.label()));
        texts.extend(entry.organisation.map(|(_, o)| o.name.as_str()));
        all_begin(&self.search, &texts)
    }

    /// Open at some moment of what is asked. What nobody said is not known to be open.
    fn open_then(&self, what: &What<'_>) -> bool {
        if self.day.is_none() && self.start.is_none() && self.end.is_none() {
            return true;
        }
        let days: &[Weekday] = match &self.day {
            Some(day) => std::slice::from_ref(day),
            None => &Weekday::ALL,
        };
        let (from, to) = (self.start.unwrap_or(Time::MIN), self.end.unwrap_or(Time::MAX));
        match what {
            What::Service(s) => days.iter().any(|day| match s.opening.week.day(*day) {
                DayHours::Open(spans) => spans.iter().any(|span| span.overlaps(from, to)),
                DayHours::NotSaid | DayHours::Closed => false,
            }),
            What::Group(g, _) => super::schedules::meets_on(&g.rhythm)
                .is_some_and(|(on, span)| days.contains(&on) && span.overlaps(from, to)),
        }
    }
}

/// Could somebody of the asked ages come? A bound that nobody said is none; ages that
/// nobody has are asked for by nobody.
fn ages_meet(asked: (Option<f64>, Option<f64>), takes: (Option<u8>, Option<u8>)) -> bool {
    let from = asked.0.unwrap_or(0.0);
    let to = asked.1.unwrap_or(OLDEST);
    let (min, max) = (takes.0.map_or(0.0, f64::from), takes.1.map_or(OLDEST, f64::from));
    from <= max && min <= to && from <= to
}

/// The words of a text, in small letters and without marks.
fn words(text: &str) -> Vec<String> {
    let lower = kith_domain::text::fold(text);
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn all_begin(asked: &[String], texts: &[&str]) -> bool {
    let have: Vec<String> = texts.iter().flat_map(|t| words(t)).collect();
    asked.iter().all(|word| have.iter().any(|w| w.starts_with(word.as_str())))
}

fn whole(value: &str) -> Result<usize, &'static str> {
    value.parse().map_err(|_| "is a whole number")
}

fn number(value: &str) -> Result<f64, &'static str> {
    value.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0).ok_or("is a number, 0 or more")
}

fn yes(value: &str) -> Result<bool, &'static str> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("is true or false"),
    }
}

fn id_of(value: &str) -> Result<Uuid, &'static str> {
    value.trim().parse().map_err(|_| "is an id such as 0f8fad5b-d9cb-469f-a165-70867728950e")
}

fn day(value: &str) -> Result<Weekday, &'static str> {
    let short = value.to_ascii_uppercase();
    let rule = Weekday::ALL.into_iter().find(|d| super::schedules::byday(*d) == short);
    rule.or_else(|| Weekday::parse(value)).ok_or("is a day of the week, such as MO or Monday")
}

fn clock(value: &str) -> Result<Time, &'static str> {
    value.parse::<Time>().ok().or_else(|| parse_clock(value)).ok_or("is a time, such as 09:30")
}

/// A moment, or a day, which begins at midnight UTC.
fn moment(value: &str) -> Result<Instant, &'static str> {
    let at: Option<jiff::Timestamp> = value.parse().ok();
    let day = || value.parse::<Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp());
    at.or_else(day).map(Instant::from).ok_or("is a moment such as 2026-11-23T09:00:00Z, or a day")
}

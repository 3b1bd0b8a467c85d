//! Reasons in words: what a person or navigator is told beside each result. Good news,
//! bad news and "nobody said" are told alike.

use super::filter::{ages, date};
use super::score::{Asked, Traits};
use super::view::View;
use super::{Candidate, Config, Gender, Part, PartKind, Query, Tier, Tried};
use crate::directory::{AdjustmentCode, Delivery, GenderPolicy, Known, NeedCode, ServiceStatus, Space};
use crate::place::how_far;
use crate::time::{Day, days_between};

/// One reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// What it is about.
    pub kind: ReasonKind,
    /// Whether it speaks for it.
    pub tone: Tone,
    /// In words, without a full stop.
    pub words: String,
}

/// What a reason is about, in the order they are told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReasonKind {
    /// It is closed for a while.
    Closed,
    /// It fits.
    Fits,
    /// The words were found in it.
    Words,
    /// How far.
    Distance,
    /// When it is open or meets.
    Times,
    /// Space.
    Space,
    /// Wait.
    Wait,
    /// Who it is for.
    WhoFor,
    /// Adjustments and language.
    Adjustments,
    /// Cost.
    Cost,
    /// When it was last checked.
    Checked,
    /// What happened before.
    Before,
}

/// Whether a reason speaks for something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tone {
    /// For it.
    For,
    /// Against it.
    Against,
    /// Nobody knows.
    Unknown,
}

struct Told(Vec<Reason>);

impl Told {
    fn say(&mut self, kind: ReasonKind, tone: Tone, words: impl Into<String>) {
        self.0.push(Reason { kind, tone, words: words.into() });
    }
}

/// Why it is offered, in the order of [`ReasonKind`]. Never empty: when it was last
/// checked is always told.
#[expect(clippy::too_many_arguments, reason = "one call; a struct would only rename the list")]
pub(super) fn reasons(
    query: &Query,
    asked: &Asked<'_>,
    candidate: &Candidate,
    view: &View<'_>,
    metres: Option<f64>,
    found: &[String],
    config: &Config,
    today: Day,
) -> Vec<Reason> {
    let mut told = Told(Vec::new());
    if view.status == ServiceStatus::TemporarilyClosed {
        told.say(ReasonKind::Closed, Tone::Against, "Closed for a while");
    }
    fits(&mut told, asked, view);
    words(&mut told, query, found);
    far(&mut told, query, view, metres);
    times(&mut told, query, view);
    space(&mut told, candidate, view, today);
    wait(&mut told, candidate, config);
    who_for(&mut told, query, view);
    adjustments(&mut told, query, view);
    cost(&mut told, view);
    checked(&mut told, view.checked, today, config);
    before(&mut told, query, candidate);
    told.0
}

/// A loss of less than this of the whole score is not worth a word.
const WORTH_SAYING: f64 = 0.05;

/// Why something does not stand higher: its shelf first, then what it loses most by, at most two things.
pub(super) fn not_higher(parts: &[Part], traits: &Traits, tier: Tier) -> Vec<String> {
    let shelf = match tier {
        Tier::Now => None,
        Tier::Full => Some("it is full now".to_owned()),
        Tier::Closed => Some("it is closed for a while".to_owned()),
    };
    let lost = |p: &Part| p.weight * (1.0 - p.value);
    let mut by: Vec<&Part> = parts.iter().filter(|p| lost(p) >= WORTH_SAYING).collect();
    by.sort_by(|a, b| lost(b).total_cmp(&lost(a)));
    shelf.into_iter().chain(by.into_iter().take(2).map(|p| less(p.kind, traits).to_owned())).collect()
}

/// What it has less of than it could, in words.
fn less(kind: PartKind, traits: &Traits) -> &'static str {
    match kind {
        PartKind::Need => "it is close to what was asked for, not the same",
        PartKind::Text => "it has few of the words, or none",
        PartKind::Travel if traits.metres.is_none() && !traits.remote => "nobody has said where it is",
        PartKind::Travel => "it is further away",
        PartKind::Availability => match (traits.space, traits.open) {
            (_, Some(false)) => "it is not open at the times asked for",
            (Space::WaitingList, _) => "it has a waiting list",
            (Space::AssessmentFirst, _) => "it talks with each person first",
            (Space::Full { .. }, _) => "it has no space",
            (Space::NotSaid, _) => "it has not said whether there is space",
            (Space::Open, _) => "its wait or times are not known, or long",
        },
        PartKind::Access => "it has not promised all that helps",
        PartKind::Freshness if traits.checked.is_none() => "nobody has said when it was last checked",
        PartKind::Freshness => "it was last checked a while ago",
        PartKind::Cost => match traits.free {
            Known::No => "it costs something",
            _ => "it has not said what it costs",
        },
    }
}

fn fits(told: &mut Told, asked: &Asked<'_>, view: &View<'_>) {
    let asked_needs: Vec<&NeedCode> = asked
        .need
        .into_iter()
        .chain(asked.need.is_none().then_some(&asked.understood).into_iter().flatten())
        .collect();
    let meets: Vec<&str> = asked_needs.iter().filter(|n| view.needs.contains(n)).map(|n| n.label()).collect();
    let near =
        |n: &NeedCode| asked_needs.iter().filter_map(|a| a.kind()).any(|k| k.near.contains(&n.as_str()));
    let shared: Vec<&str> =
        view.interests.iter().filter(|i| asked.interests.contains(i)).map(|i| i.label()).collect();
    if !meets.is_empty() {
        told.say(ReasonKind::Fits, Tone::For, format!("For: {}", meets.join("; ")));
    } else if let Some(close) = view.needs.iter().find(|n| near(n)) {
        told.say(ReasonKind::Fits, Tone::For, format!("Close to what was asked for: {}", close.label()));
    } else if let Some(area) =
        asked_needs.first().and_then(|n| n.area()).filter(|a| view.needs.is_empty() && view.areas.contains(a))
    {
        told.say(
            ReasonKind::Fits,
            Tone::Unknown,
            format!("To do with {}; it does not say more", area.title().to_lowercase()),
        );
    }
    if let Some(area) = asked.area.filter(|a| meets.is_empty() && view.areas.contains(a)) {
        told.say(ReasonKind::Fits, Tone::For, format!("To do with {}", area.title().to_lowercase()));
    }
    if !shared.is_empty() {
        told.say(
            ReasonKind::Fits,
            Tone::For,
            format!("Things you like: {}", shared.join("; ").to_lowercase()),
        );
    }
}

/// The words as they were typed, where their plain form was found.
fn words(told: &mut Told, query: &Query, found: &[String]) {
    let typed: Vec<&str> = query
        .words
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| super::words_of(w).iter().any(|plain| found.contains(plain)))
        .take(6)
        .collect();
    if !typed.is_empty() {
        told.say(ReasonKind::Words, Tone::For, format!("Has the words: {}", typed.join(", ")));
    }
}

fn far(told: &mut Told, query: &Query, view: &View<'_>, metres: Option<f64>) {
    match metres {
        Some(metres) => told.say(
            ReasonKind::Distance,
            if query.within_m.is_some_and(|w| metres > w) { Tone::Against } else { Tone::For },
            first_upper(&how_far(metres)),
        ),
        None if query.from.point.is_some() && !view.remote() => {
            told.say(ReasonKind::Distance, Tone::Unknown, "How far it is, is not known")
        }
        None => {}
    }
    for way in view.delivery.iter().filter(|d| **d != Delivery::InPerson) {
        told.say(
            ReasonKind::Distance,
            Tone::For,
            match way {
                Delivery::HomeVisit => "Home visits",
                Delivery::Phone => "By phone",
                _ => "Online",
            },
        );
    }
}

fn times(told: &mut Told, query: &Query, view: &View<'_>) {
    if let Some(next) = view.next {
        told.say(ReasonKind::Times, Tone::For, format!("Next: {}", next.words()));
    } else if let Some(rhythm) = view.rhythm {
        told.say(ReasonKind::Times, Tone::Unknown, format!("{}. No next session is known", rhythm.words()));
    }
    if query.times.is_empty() {
        return;
    }
    match view.open_at(&query.times) {
        Some(true) => told.say(ReasonKind::Times, Tone::For, "At a time that was asked for"),
        Some(false) => told.say(ReasonKind::Times, Tone::Against, "Not at a time that was asked for"),
        None => told.say(ReasonKind::Times, Tone::Unknown, "Opening times are not known"),
    }
}

fn space(told: &mut Told, candidate: &Candidate, view: &View<'_>, today: Day) {
    let space = view.capacity.space.on(today);
    let tone = match space {
        Space::Open | Space::AssessmentFirst => Tone::For,
        Space::NotSaid => Tone::Unknown,
        Space::WaitingList | Space::Full { .. } => Tone::Against,
    };
    let mut words = first_upper(&space.words());
    if let (Some(said), false) = (candidate.space_said, space == Space::NotSaid) {
        words.push_str(&format!(" (said on {})", date(said)));
    }
    if !view.capacity.note.is_empty() && space != Space::NotSaid {
        words.push_str(&format!(": {}", view.capacity.note));
    }
    told.say(ReasonKind::Space, tone, words);
}

fn wait(told: &mut Told, candidate: &Candidate, config: &Config) {
    match candidate.wait {
        Some(w) if w.people >= config.wait_people_min => {
            told.say(
                ReasonKind::Wait,
                Tone::For,
                format!(
                    "Most people waited {} (from {} people)",
                    wait_words(w.days_low, w.days_high),
                    w.people
                ),
            );
        }
        Some(_) => told.say(
            ReasonKind::Wait,
            Tone::Unknown,
            format!("Fewer than {} people have waited here, so the wait is not told", config.wait_people_min),
        ),
        None => {}
    }
}

/// A range of days in the words people use.
fn wait_words(low: u32, high: u32) -> String {
    let (low, high) = (low.min(high), low.max(high));
    let weeks = |days: u32| days.div_ceil(7);
    match (low, high) {
        (_, 0..=1) => "a day or less".to_owned(),
        (l, h) if h <= 14 && l == h => format!("about {h} days"),
        (l, h) if h <= 14 => format!("{l} to {h} days"),
        (l, h) if weeks(l) == weeks(h) => format!("about {} weeks", weeks(h)),
        (l, h) => format!("{} to {} weeks", l / 7, weeks(h)),
    }
}

fn who_for(told: &mut Told, query: &Query, view: &View<'_>) {
    let limits = view.eligibility;
    match (limits.age_min, limits.age_max) {
        (None, None) if query.age.is_some() => {
            told.say(ReasonKind::WhoFor, Tone::Unknown, "Age limits are not said")
        }
        (None, None) => {}
        // Whoever does not fit was left out before; an age that nobody knows is no yes.
        (min, max) => match query.age {
            Some(_) => told.say(ReasonKind::WhoFor, Tone::For, format!("For people {}", ages(min, max))),
            None => {
                let words = format!("For people {}. The age is not known here", ages(min, max));
                told.say(ReasonKind::WhoFor, Tone::Unknown, words);
            }
        },
    }
    let policy = |policy: &str| if policy.is_empty() { String::new() } else { format!(": {policy}") };
    // Whoever it does not speak of reads the policy, and nobody answers it for them.
    let fits_as = |who| if query.gender == Some(who) { Tone::For } else { Tone::Unknown };
    match &limits.gender {
        GenderPolicy::Women { policy: p } => {
            told.say(ReasonKind::WhoFor, fits_as(Gender::Woman), format!("For women{}", policy(p)))
        }
        GenderPolicy::Men { policy: p } => {
            told.say(ReasonKind::WhoFor, fits_as(Gender::Man), format!("For men{}", policy(p)))
        }
        GenderPolicy::Other { policy } => told.say(ReasonKind::WhoFor, Tone::Unknown, policy.clone()),
        GenderPolicy::NotSaid | GenderPolicy::Everyone => {}
    }
    if query.substance_use {
        match limits.substance_use_ok {
            Known::Yes => told.say(ReasonKind::WhoFor, Tone::For, "Welcomes people who drink or use drugs"),
            _ => told.say(
                ReasonKind::WhoFor,
                Tone::Unknown,
                "Does not say whether people who drink or use drugs are welcome",
            ),
        }
    }
    if query.no_diagnosis && limits.needs_diagnosis == Known::No {
        told.say(ReasonKind::WhoFor, Tone::For, "No diagnosis needed");
    }
    if !limits.not_for.is_empty() {
        told.say(
            ReasonKind::WhoFor,
            Tone::Against,
            format!("It says it is not for: {}", limits.not_for.join("; ")),
        );
    }
    lives_there(told, query, view);
}

/// A service for some places only, when it is not known whether the person lives there.
fn lives_there(told: &mut Told, query: &Query, view: &View<'_>) {
    use crate::directory::Serves;
    if let Serves::Places { places, postcodes } = view.serves {
        let from = &query.from;
        let inside = places.iter().any(|p| from.places.contains(p))
            || from.outward.as_ref().is_some_and(|o| postcodes.contains(o));
        if inside {
            told.say(ReasonKind::WhoFor, Tone::For, "Serves this place");
        } else {
            told.say(
                ReasonKind::WhoFor,
                Tone::Unknown,
                "Serves some places only: check that this is one of them",
            );
        }
    }
}

fn adjustments(told: &mut Told, query: &Query, view: &View<'_>) {
    let list = |of: &dyn Fn(&AdjustmentCode) -> bool| {
        query.adjustments.iter().filter(|a| of(a)).map(AdjustmentCode::label).collect::<Vec<_>>().join("; ")
    };
    let promised = list(&|a| view.adjustments.contains(a));
    let cannot = list(&|a| view.cannot_adjust.contains(a));
    let not_said = list(&|a| !view.adjustments.contains(a) && !view.cannot_adjust.contains(a));
    for (tone, start, which) in [
        (Tone::For, "Promises", promised),
        (Tone::Against, "Says it cannot", cannot),
        (Tone::Unknown, "Has not said about", not_said),
    ] {
        if !which.is_empty() {
            told.say(ReasonKind::Adjustments, tone, format!("{start}: {which}"));
        }
    }
    if let Some(language) = &query.language {
        if view.speaks(language) {
            told.say(ReasonKind::Adjustments, Tone::For, format!("Helps in {language}"));
        } else {
            told.say(
                ReasonKind::Adjustments,
                Tone::Unknown,
                format!("Has not said whether it can help in {language}"),
            );
        }
    }
}

fn cost(told: &mut Told, view: &View<'_>) {
    match (view.cost.free, view.cost.text.as_str()) {
        (Known::Yes, _) => told.say(ReasonKind::Cost, Tone::For, "Free"),
        (Known::No, "") => told.say(ReasonKind::Cost, Tone::Against, "It costs something"),
        (Known::No, text) => told.say(ReasonKind::Cost, Tone::Against, format!("Cost: {text}")),
        (Known::NotSaid, "") => {}
        (Known::NotSaid, text) => told.say(ReasonKind::Cost, Tone::Unknown, format!("Cost: {text}")),
    }
}

fn checked(told: &mut Told, checked: Option<Day>, today: Day, config: &Config) {
    let Some(day) = checked else {
        return told.say(ReasonKind::Checked, Tone::Unknown, "Nobody has said when this was last checked");
    };
    let days = days_between(day, today).max(0);
    let tone = if days <= 2 * config.fresh_days { Tone::For } else { Tone::Against };
    told.say(ReasonKind::Checked, tone, format!("Last checked {}", ago(days)));
}

fn ago(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..=13 => format!("{days} days ago"),
        14..=59 => format!("{} weeks ago", days / 7),
        60..=729 => format!("{} months ago", days / 30),
        _ => format!("{} years ago", days / 365),
    }
}

/// What was tried and no longer keeps it out is still told.
fn before(told: &mut Told, query: &Query, candidate: &Candidate) {
    let Some(last) = candidate.tried.last() else { return };
    let words = match last {
        Tried::Declined { on, why } if why.trim().is_empty() => format!("It said no on {}", date(*on)),
        Tried::Declined { on, why } => format!("It said no on {}: {}", date(*on), why.trim()),
        Tried::Silent { reply_by } => format!("It did not answer by {}", date(*reply_by)),
        Tried::Full { on } => format!("It was full on {}", date(*on)),
        Tried::PersonSaidNo { on } if query.again => format!("The person said no to it on {}", date(*on)),
        Tried::OpenNow { since } if query.again => format!("Already asked, on {}", date(*since)),
        Tried::PersonSaidNo { .. } | Tried::OpenNow { .. } => return,
    };
    told.say(ReasonKind::Before, Tone::Against, words);
}

fn first_upper(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

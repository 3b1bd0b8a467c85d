//! Finding support: which services and groups to offer for a question, in what order,
//! and why, in words.
//!
//! Nothing is silently dropped. A fact that conflicts with the question leaves a service
//! out and says so; a fact that nobody stated keeps it in and says that it is not known.
//! What was already tried for this person is not offered again, with the reason, so that
//! nobody is sent to the same closed door twice. The order is a weighted sum whose parts
//! are shown; the weights are configuration. Nothing is ranked by how popular it is, and
//! nothing about a person is scored: only services are.
//!
//! [`rank`] says it in full for a list of candidates; [`Index`] gives the same answer for a
//! directory of any size, the first page of it, without going through everything.

mod filter;
mod index;
#[cfg(test)]
mod index_tests;
mod nearest;
mod reason;
mod row;
mod score;
mod spelling;
#[cfg(test)]
mod tests;
mod text;
mod view;

pub use index::{Index, Page, Shown};
pub use reason::{Reason, ReasonKind, Tone};
pub use text::{needs_meant, words_of};

use crate::area::Area;
use crate::directory::{AdjustmentCode, Group, InterestCode, Language, Meeting, NeedCode, Service, Weekday};
use crate::id::{GroupId, OrganisationId, ServiceId};
use crate::place::{Outward, PlaceCode, Point};
use crate::settings::Settings;
use crate::time::Day;
use jiff::civil::Time;
use view::View;

/// A question to the directory. Whatever is left empty is not asked.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Query {
    /// For which need.
    pub need: Option<NeedCode>,
    /// In which area of life.
    pub area: Option<Area>,
    /// Things the person enjoys.
    pub interests: Vec<InterestCode>,
    /// The person's own words.
    pub words: String,
    /// From where.
    pub from: Origin,
    /// No further than this, in metres. Home visits, phone and online are always near.
    pub within_m: Option<f64>,
    /// When the person could go.
    pub times: Vec<When>,
    /// Adjustments the person asks for.
    pub adjustments: Vec<AdjustmentCode>,
    /// A language other than English the person would like.
    pub language: Option<Language>,
    /// Age in whole years.
    pub age: Option<u8>,
    /// Gender, only where the person wants it used to find places that welcome them.
    pub gender: Option<Gender>,
    /// It matters that people who drink or use drugs are welcome.
    pub substance_use: bool,
    /// The person has no diagnosis, or would rather not say one.
    pub no_diagnosis: bool,
    /// Leave out what is full.
    pub only_open: bool,
    /// Services, groups or both.
    pub kinds: Kinds,
    /// Show also what was tried before.
    pub again: bool,
}

/// Where somebody sets out from. No more than is needed to say how far it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Origin {
    /// The middle of the postcode or neighbourhood.
    pub point: Option<Point>,
    /// The places it lies in: neighbourhood, electoral ward, district.
    pub places: Vec<PlaceCode>,
    /// The first half of the postcode.
    pub outward: Option<Outward>,
}

/// A part of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct When {
    /// The day.
    pub day: Weekday,
    /// From.
    pub from: Time,
    /// To.
    pub to: Time,
}

/// Gender, as far as it decides who is welcome where. A trans woman is a woman.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gender {
    /// A woman.
    Woman,
    /// A man.
    Man,
    /// Neither, or in another way.
    Other,
}

/// What to look through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kinds {
    /// Services and groups.
    #[default]
    Both,
    /// Services.
    Services,
    /// Groups.
    Groups,
}

/// A service or group with what is known of it today.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// The entry.
    pub entry: Entry,
    /// The name of its organisation.
    pub organisation_name: String,
    /// How long people really waited, when enough people did.
    pub wait: Option<MeasuredWait>,
    /// The day on which the space was last said.
    pub space_said: Option<Day>,
    /// What happened when it was tried for this person; the newest last.
    pub tried: Vec<Tried>,
}

/// A directory entry with its id.
#[derive(Clone, PartialEq, Debug)]
pub enum Entry {
    /// A service.
    Service(ServiceId, Box<Service>),
    /// A group, with its next session that is on.
    Group(GroupId, Box<Group>, Option<Meeting>),
}

/// The id of an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EntryId {
    /// A service.
    Service(ServiceId),
    /// A group.
    Group(GroupId),
}

impl Candidate {
    /// A candidate of which nothing is known but the entry.
    pub fn new(entry: Entry, organisation_name: impl Into<String>) -> Candidate {
        Candidate {
            entry,
            organisation_name: organisation_name.into(),
            wait: None,
            space_said: None,
            tried: Vec::new(),
        }
    }
    /// Its id.
    pub fn id(&self) -> EntryId {
        match &self.entry {
            Entry::Service(id, _) => EntryId::Service(*id),
            Entry::Group(id, _, _) => EntryId::Group(*id),
        }
    }
    /// Its organisation.
    pub fn organisation(&self) -> OrganisationId {
        match &self.entry {
            Entry::Service(_, s) => s.organisation,
            Entry::Group(_, g, _) => g.organisation,
        }
    }
    /// Its name.
    pub fn name(&self) -> &str {
        match &self.entry {
            Entry::Service(_, s) => &s.name,
            Entry::Group(_, g, _) => &g.name,
        }
    }
}

/// A range of real waits: most people waited between these, in days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MeasuredWait {
    /// Few people (one in ten) waited no longer than this.
    pub days_low: u32,
    /// Nearly all (nine in ten) waited no longer than this.
    pub days_high: u32,
    /// From how many people.
    pub people: u32,
}

/// What happened when a service was tried for this person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tried {
    /// It declined.
    Declined {
        /// On which day.
        on: Day,
        /// Why, in its words or the words for its reason: "too complex".
        why: String,
    },
    /// It did not answer.
    Silent {
        /// By which day it was asked to.
        reply_by: Day,
    },
    /// It was full.
    Full {
        /// On which day it said so.
        on: Day,
    },
    /// The person said no to it.
    PersonSaidNo {
        /// On which day.
        on: Day,
    },
    /// A referral there is open now.
    OpenNow {
        /// Since which day.
        since: Day,
    },
}

/// The weights of the score and the numbers behind them. The defaults are the
/// partnership's proposal; a partnership may set its own.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// Weight of fitting the need or interest.
    pub weight_need: f64,
    /// Weight of the words found.
    pub weight_text: f64,
    /// Weight of being near.
    pub weight_travel: f64,
    /// Weight of space, wait and times.
    pub weight_availability: f64,
    /// Weight of adjustments and language.
    pub weight_access: f64,
    /// Weight of having been checked lately.
    pub weight_freshness: f64,
    /// Weight of being free.
    pub weight_cost: f64,
    /// Value of meeting a need that lies near the one asked for.
    pub near_need: f64,
    /// Value of being in the area of life asked for, when it states no needs at all.
    pub area_only: f64,
    /// The distance, in metres, at which being near is worth 1/e.
    pub travel_scale_m: f64,
    /// What home visits, phone and online are worth as travel.
    pub travel_remote: f64,
    /// The BM25 score at which the words found are worth one half.
    pub text_half: f64,
    /// Checked within so many days counts as fresh.
    pub fresh_days: i32,
    /// A wait is told only from at least so many people.
    pub wait_people_min: u32,
    /// A decline or a silence counts for so many days; afterwards it is offered again,
    /// with a word about what happened.
    pub tried_days: i32,
    /// At most so many of one organisation ...
    pub per_organisation: usize,
    /// ... among the first so many.
    pub diverse_first: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            weight_need: 0.30,
            weight_text: 0.30,
            weight_travel: 0.10,
            weight_availability: 0.10,
            weight_access: 0.08,
            weight_freshness: 0.07,
            weight_cost: 0.05,
            near_need: 0.6,
            area_only: 0.3,
            travel_scale_m: 3_000.0,
            travel_remote: 0.8,
            text_half: 6.0,
            fresh_days: 90,
            wait_people_min: 10,
            tried_days: 180,
            per_organisation: 2,
            diverse_first: 10,
        }
    }
}

impl Config {
    /// What a partnership has chosen.
    pub fn of(settings: &Settings) -> Config {
        let part = |parts: u8| f64::from(parts) / 100.0;
        Config {
            weight_need: part(settings.find_fits),
            weight_text: part(settings.find_words),
            weight_travel: part(settings.find_near),
            weight_availability: part(settings.find_space),
            weight_access: part(settings.find_adjusts),
            weight_freshness: part(settings.find_checked),
            weight_cost: part(settings.find_cost),
            wait_people_min: u32::from(settings.wait_people_least),
            per_organisation: usize::from(settings.find_of_one),
            ..Config::default()
        }
    }
}

/// What came of a search.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Results {
    /// What to offer, best first.
    pub ranked: Vec<Found>,
    /// What not to offer, and why: first what was tried before, then by name.
    pub excluded: Vec<Excluded>,
    /// Needs that were understood from the words.
    pub understood: Vec<NeedCode>,
}

/// Something to offer.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Which of the candidates.
    pub index: usize,
    /// Its id.
    pub id: EntryId,
    /// The score, 0 to 1.
    pub score: f64,
    /// The parts of the score.
    pub parts: Vec<Part>,
    /// How far, in metres, in a straight line to the nearest place.
    pub metres: Option<f64>,
    /// Why, in words. Never empty.
    pub reasons: Vec<Reason>,
    /// Why it does not stand higher, in words: what it has least of that the question weighs, the most
    /// important first. Empty where it has nearly everything.
    pub not_higher: Vec<String>,
    /// Which shelf it stands on.
    pub tier: Tier,
}

impl Found {
    /// It stands behind others because its organisation has enough of the first places.
    fn held_back(mut self, candidate: &Candidate) -> Found {
        let organisation = candidate.organisation_name.trim();
        let words = match organisation {
            "" => "its organisation has other places above".to_owned(),
            name => format!("{name} has other places above"),
        };
        self.not_higher.insert(0, words);
        self
    }
}

/// Which shelf a result stands on. All of one shelf come before the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Tier {
    /// Can be asked now.
    Now,
    /// Full.
    Full,
    /// Closed for a while.
    Closed,
}

/// One part of a score.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Part {
    /// What it is about.
    pub kind: PartKind,
    /// 0 to 1.
    pub value: f64,
    /// Its weight; the weights of the parts that apply add up to 1.
    pub weight: f64,
}

/// What a part of the score is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PartKind {
    /// Fits the need or interest.
    Need,
    /// The words found.
    Text,
    /// Near.
    Travel,
    /// Space, wait, times.
    Availability,
    /// Adjustments, language.
    Access,
    /// Checked lately.
    Freshness,
    /// Free.
    Cost,
}

impl PartKind {
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            PartKind::Need => "fits what was asked for",
            PartKind::Text => "uses the same words",
            PartKind::Travel => "how near it is",
            PartKind::Availability => "space, wait and times",
            PartKind::Access => "adjustments and language",
            PartKind::Freshness => "checked lately",
            PartKind::Cost => "what it costs",
        }
    }
}

/// Something not to offer.
#[derive(Clone, PartialEq, Debug)]
pub struct Excluded {
    /// Which of the candidates.
    pub index: usize,
    /// Its id.
    pub id: EntryId,
    /// Every reason. Never empty.
    pub causes: Vec<Cause>,
}

impl Excluded {
    /// Was it left out because it was tried before?
    pub fn tried(&self) -> bool {
        self.causes.iter().any(|c| c.kind == CauseKind::Tried)
    }
    /// Was it about something else altogether?
    pub fn not_about(&self) -> bool {
        self.causes.iter().all(|c| c.kind == CauseKind::NotAbout)
    }
}

/// Why something is not offered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// What kind of reason.
    pub kind: CauseKind,
    /// In words.
    pub words: String,
}

/// What kind of reason.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CauseKind {
    /// It was tried for this person.
    Tried,
    /// It is full.
    Full,
    /// It is not running.
    NotRunning,
    /// Age.
    Age,
    /// Gender.
    Gender,
    /// It does not serve where the person lives.
    Place,
    /// Too far.
    Distance,
    /// It does not take people who drink or use drugs.
    SubstanceUse,
    /// It asks for a diagnosis.
    Diagnosis,
    /// Not what was looked for: a group when services were asked for, or about
    /// something else.
    NotAbout,
}

/// What to offer for `query` out of `candidates` on `today`, in what order, and why; and
/// what not to offer, and why not. Every candidate is in exactly one of the two lists.
pub fn rank(query: &Query, candidates: &[Candidate], config: &Config, today: Day) -> Results {
    let views: Vec<View<'_>> = candidates.iter().map(View::of).collect();
    let documents: Vec<_> = views.iter().map(text::document).collect();
    let words = spelling::completed(
        &query.words,
        |word| documents.iter().any(|d| d.contains_key(word)),
        || documents.iter().flat_map(|d| d.keys().map(String::as_str)),
    );
    let asked = score::Asked::of(query, &words);
    let texts = text::Scores::of(&words, &documents);
    let weighing = score::Weighing::of(query, &asked, config, today);
    let mut results = Results { understood: asked.understood.clone(), ..Results::default() };
    for (index, (candidate, view)) in candidates.iter().zip(&views).enumerate() {
        let (fit, text) = (asked.fit(view, config), texts.of_index(index));
        let metres = view.metres_from(query.from.point);
        let facts = filter::Facts { query, candidate, view, metres, today, config };
        let causes = filter::causes(&facts, fit, text);
        if causes.is_empty() {
            let judged = Judged { fit, text, metres, found: texts.found_in(index) };
            results.ranked.push(found(&asked, &weighing, (index, candidate), &facts, &judged));
        } else {
            results.excluded.push(Excluded { index, id: candidate.id(), causes });
        }
    }
    results.ranked.sort_by(|a, b| {
        let key = |f: &Found| (f.tier, f.score, f.metres);
        let name = |f: &Found| candidates[f.index].name();
        by_order(key(a), key(b)).then_with(|| (name(a), a.id).cmp(&(name(b), b.id)))
    });
    let held_back = |f: &mut Found| *f = f.clone().held_back(&candidates[f.index]);
    let organisation = |f: &Found| candidates[f.index].organisation();
    results.ranked = spread(results.ranked, organisation, |f| f.tier, held_back, config);
    results.excluded.sort_by(|a, b| {
        let key = |e: &Excluded| (!e.tried(), candidates[e.index].name(), e.id);
        key(a).cmp(&key(b))
    });
    results
}

/// What was found out about a candidate on the way to its score.
struct Judged<'a> {
    fit: f64,
    text: f64,
    metres: Option<f64>,
    found: &'a [String],
}

/// A candidate that can be offered: its score with the parts, and the reasons in words.
fn found(
    asked: &score::Asked<'_>,
    weighing: &score::Weighing<'_>,
    (index, candidate): (usize, &Candidate),
    facts: &filter::Facts<'_>,
    judged: &Judged<'_>,
) -> Found {
    let filter::Facts { query, view, today, config, .. } = *facts;
    let Judged { fit, text, metres, found } = *judged;
    let traits = score::Traits::of(query, candidate, view, metres, today);
    let values = weighing.values(fit, text, &traits);
    let parts = weighing.parts(&values);
    let tier = view.tier(today);
    Found {
        index,
        id: candidate.id(),
        score: weighing.score(&values),
        not_higher: reason::not_higher(&parts, &traits, tier),
        parts,
        metres,
        reasons: reason::reasons(query, asked, candidate, view, metres, found, config, today),
        tier,
    }
}

/// The order of what is offered, before names and ids: by shelf, then by score, then by distance.
fn by_order(a: (Tier, f64, Option<f64>), b: (Tier, f64, Option<f64>)) -> std::cmp::Ordering {
    let far = |metres: Option<f64>| metres.unwrap_or(f64::INFINITY);
    a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)).then_with(|| far(a.2).total_cmp(&far(b.2)))
}

/// Lets no organisation fill the first page: of one organisation at most
/// `per_organisation` stand among the first `diverse_first` that can be asked now, and
/// the others follow right after them. Those that are full or closed stay last.
fn spread<T>(
    ranked: Vec<T>,
    organisation: impl Fn(&T) -> OrganisationId,
    tier: impl Fn(&T) -> Tier,
    held_back: impl FnMut(&mut T),
    config: &Config,
) -> Vec<T> {
    let (mut first, rest, last) = spread_parts(ranked, organisation, tier, held_back, config);
    first.extend(rest);
    first.extend(last);
    first
}

/// The first, those that follow them, and those that are full or closed.
fn spread_parts<T>(
    ranked: Vec<T>,
    organisation: impl Fn(&T) -> OrganisationId,
    tier: impl Fn(&T) -> Tier,
    mut held_back: impl FnMut(&mut T),
    config: &Config,
) -> (Vec<T>, Vec<T>, Vec<T>) {
    let (mut first, mut rest, mut last) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen: std::collections::BTreeMap<OrganisationId, usize> = std::collections::BTreeMap::new();
    for mut found in ranked {
        if tier(&found) != Tier::Now {
            last.push(found);
        } else if first.len() >= config.diverse_first {
            rest.push(found);
        } else {
            let of_this = seen.entry(organisation(&found)).or_insert(0);
            *of_this += 1;
            if *of_this > config.per_organisation {
                held_back(&mut found);
                rest.push(found);
            } else {
                first.push(found);
            }
        }
    }
    (first, rest, last)
}

//! Who gets help, who waits, and who it helps, by groups of people: the partnership's main
//! figures. From records to people's ways ([`ways`]), by what people said and where they live
//! ([`by`]), over periods that cannot be subtracted from each other ([`period`]), asked of a
//! ledger that all servers share ([`asked`]), through the disclosure gate
//! ([`kith_insight::fairness`]).

mod asked;
pub mod by;
pub mod pack;
pub mod period;
pub mod ways;

pub use by::By;
pub use kith_insight::disclosure::Shown;
pub use kith_insight::fairness::{Finding, Gap, Measure, Row, Share, Step, Waited};
pub use period::Period;

use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::Principal;
use asked::{Asking, Pseudonyms};
use by::{MOST_GROUPS, Place};
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::equality::Equality;
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::place::PlaceArea;
use kith_domain::plan::Telling;
use kith_domain::referral::Referral;
use kith_domain::time::Instant;
use kith_insight::disclosure::Policy;
use kith_insight::disclosure::ledger::{Entry, People, Ruling};
use kith_insight::fairness::Way;
use kith_insight::fairness::table::Crossed;
pub use kith_insight::fairness::table::policy;
pub use kith_insight::fairness::{Funnel, Group, funnel};
use serde::{Deserialize, Serialize};
use ways::{Facts, Gathering};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Whose needs were written down then.
    pub period: Period,
    /// By what.
    pub by: By,
    /// And by what besides.
    pub and: Option<By>,
    /// Only needs of this part of life.
    pub area: Option<Area>,
}

/// An answer, as it is kept and shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The moment of counting: what came later is not in it.
    pub counted_at: Instant,
    /// The figures.
    pub funnel: Funnel,
    /// The policy under which they may be shown: fewest people, and rounding.
    pub least: u64,
    /// Counts are rounded to this.
    pub round_to: u64,
}

/// Why there is no answer, in words that say what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnswered {
    /// What is the matter.
    pub why: String,
    /// What to do.
    pub what_to_do: &'static str,
}

/// How often a question is worked out again when another was answered meanwhile.
const TRIES: usize = 5;
const WIDER: &str =
    "Choose another period, or count by something wider: 5 ethnic groups, fifths, or one thing at a time.";

impl Question {
    /// Everything that was chosen, as codes: the key of the answer.
    pub fn key(&self) -> String {
        let and = self.and.map_or("", By::code);
        let area = self.area.map_or("", Area::code);
        format!("{}/{}/{and}/{area}", self.period.code(), self.by.code())
    }

    /// In words that name nobody.
    pub fn words(&self) -> String {
        let and = self.and.map(|and| format!(" and {}", and.title().to_lowercase())).unwrap_or_default();
        format!("{}{and}, {}", self.by.title(), self.cohort())
    }

    /// Everybody it is about.
    fn cohort(&self) -> String {
        let area = self.area.map_or("everybody", |a| a.title());
        format!("{area}, {}", self.period.code())
    }
}

impl Kith {
    /// The funnel of people by these groups, if somebody counted it before.
    ///
    /// # Errors
    /// This actor may not see figures, or the database could not be read.
    pub async fn fairness(&self, who: &Principal, question: &Question) -> Result<Option<Answer>, CareError> {
        self.may_see_fairness(who).await?;
        asked::answered(self.store(), &question.key()).await
    }

    /// Counts it, unless it was counted before: then the answer is the same. What is told is
    /// written into the ledger in the transaction that keeps the answer.
    ///
    /// # Errors
    /// This actor may not see figures, or the database could not be read or written.
    pub async fn count_fairness(
        &self,
        who: &Principal,
        question: &Question,
    ) -> Result<Result<Answer, NotAnswered>, CareError> {
        self.may_see_fairness(who).await?;
        let key = question.key();
        if let Some(answer) = asked::answered::<Answer>(self.store(), &key).await? {
            return Ok(Ok(answer));
        }
        let (gathering, place) = self.gather(who, question.period).await?;
        let (groups, crossed) = by::groups(question.by, question.and, &place);
        if groups.len() > MOST_GROUPS {
            let why = format!("These two make {} groups, with too few people in each.", groups.len());
            return Ok(Err(NotAnswered { why, what_to_do: WIDER }));
        }
        let counted = Counted { gathering, place, groups, crossed };
        for _ in 0..TRIES {
            if let Some(answer) = asked::answered::<Answer>(self.store(), &key).await? {
                return Ok(Ok(answer));
            }
            let (asking, pseudonyms) = Asking::begin(self.store()).await?;
            let people = counted.people(question, &asking, &pseudonyms, who.now);
            let settings = who.partnership.settings();
            let gate = (settings.suppress_under.into(), settings.round_to.into());
            let (answer, entries) = match counted.answer(question, &asking, people, gate, who.now).await? {
                Ok(answered) => answered,
                Err(refused) => return Ok(Err(refused)),
            };
            if asking.keep(self.store(), &key, &answer, &entries).await? {
                return Ok(Ok(answer));
            }
        }
        let why = "Somebody else asks for figures at this moment.".to_owned();
        Ok(Err(NotAnswered { why, what_to_do: "Ask again in a minute." }))
    }

    async fn may_see_fairness(&self, who: &Principal) -> Result<(), CareError> {
        let mut look = self.look(who).await?;
        let permitted = look.place(Action::Aggregate);
        look.finish_with(permitted).await.map(|_| ())
    }

    /// Goes through everybody.
    async fn gather(&self, who: &Principal, period: Period) -> Result<(Gathering, Place), CareError> {
        let (mut g, now) = (Gathering::new(period, self.calendar()), who.now);
        let mut tx = self.store().read().await?;
        self.for_every::<Need>(&mut tx, now, |n| g.need(n)).await?;
        self.for_every::<Person>(&mut tx, now, |p| g.person(p)).await?;
        self.for_every::<Equality>(&mut tx, now, |e| g.equality(e)).await?;
        self.for_every::<Referral>(&mut tx, now, |r| g.referral(r)).await?;
        self.for_every::<Telling>(&mut tx, now, |t| g.telling(t)).await?;
        let rows = tx.list_areas("neighbourhood").await?;
        let areas: Result<Vec<PlaceArea>, _> =
            rows.iter().map(|row| serde_json::from_str(&row.body)).collect();
        let name = |id| who.partnership.organisation_name(id).unwrap_or_default();
        let place = Place {
            neighbourhoods: areas.map_err(|e| Fault::Broken(format!("a neighbourhood: {e}")))?,
            organisations: g.organisations().into_iter().map(|id| (id, name(id))).collect(),
        };
        Ok((g, place))
    }
}

/// What was counted, before the gate.
struct Counted {
    gathering: Gathering,
    place: Place,
    groups: Vec<Group>,
    crossed: Option<Crossed>,
}

/// People under their pseudonyms.
type Ways = Vec<(u64, Way)>;

impl Counted {
    /// Everybody the question is about: of those who were counted the first time that anything
    /// was asked about its period.
    fn people(&self, question: &Question, asking: &Asking, names: &Pseudonyms, now: Instant) -> Ways {
        let first = asking.cohort(&question.cohort());
        let by = (question.by, question.and);
        let people = self.gathering.people(question.area);
        let way = |facts: &Facts| self.gathering.way(facts, by, &self.groups, &self.place, now);
        let people = people.filter_map(|(person, facts)| Some((names.of(person), way(&facts)?)));
        people.filter(|(p, _)| first.as_ref().is_none_or(|first| first.contains(p))).collect()
    }

    /// The answer, and what the ledger has to remember of it.
    async fn answer(
        &self,
        question: &Question,
        asking: &Asking,
        people: Ways,
        (least, round_to): (u64, u64),
        now: Instant,
    ) -> Result<Result<(Answer, Vec<Entry>), NotAnswered>, CareError> {
        let policy = policy(least, round_to);
        let everybody = people.iter().map(|(p, _)| *p).collect();
        let everybody = Entry { question: question.cohort(), people: everybody };
        if let Ruling::Refuse { near, .. } = asking.rule(&everybody.people, &policy) {
            return Ok(Err(refused(&near)));
        }
        let (mut entries, mut groups, words) = (vec![everybody], self.groups.clone(), question.words());
        for (at, group) in groups.iter_mut().enumerate() {
            entries.extend(about(asking, &people, at, group, &words, &policy));
        }
        let ways: Vec<Way> = people.into_iter().map(|(_, way)| way).collect();
        let crossed = self.crossed.clone();
        let work = move || funnel(&ways, &groups, crossed.as_ref(), None, &policy);
        let funnel = tokio::task::spawn_blocking(work).await.map_err(|e| Fault::Broken(e.to_string()))?;
        Ok(Ok((Answer { counted_at: now, funnel, least, round_to }, entries)))
    }
}

/// Whom a group's row would be about, and whether the ledger keeps it back. A row that is too
/// small to be shown tells nothing and is not asked for.
fn about(
    asking: &Asking,
    people: &[(u64, Way)],
    at: usize,
    group: &mut Group,
    words: &str,
    policy: &Policy,
) -> Option<Entry> {
    let of: People = people.iter().filter(|(_, way)| way.group == at).map(|(p, _)| *p).collect();
    if of.len() < usize::try_from(policy.least).unwrap_or(usize::MAX) {
        return None;
    }
    match asking.rule(&of, policy) {
        Ruling::Answer => Some(Entry { question: format!("{}: {words}", group.title), people: of }),
        Ruling::Again => None,
        Ruling::Refuse { near, .. } => {
            group.kept_back = Some(near_words(&near));
            None
        }
    }
}

/// Which earlier figures come too near. They name groups and periods, never people.
fn near_words(near: &[String]) -> String {
    format!("Nearly the same people were counted before ({}).", near.join("; "))
}

fn refused(near: &[String]) -> NotAnswered {
    let why = format!(
        "{} Whoever has both figures could work out something about the few who make the difference.",
        near_words(near)
    );
    NotAnswered { why, what_to_do: WIDER }
}

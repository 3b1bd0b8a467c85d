//! A person: whose plan it is. Making one always succeeds: everything but the name they
//! like to be called may be "none" or "not yet".

use serde::{Deserialize, Serialize};

use crate::apart::{self, Apart};
use crate::area::{Area, Sensitivity};
use crate::contact::{Channel, SafeContact};
use crate::id::{OrganisationId, PersonId, RecordId, SupporterId, WorkerId};
use crate::link;
use crate::next_date::NextDate;
pub use crate::nhs_number::{NhsNumber, NotAnNhsNumber};
use crate::organisation::Holder;
use crate::record::{Author, Kind, Label, Link, Record};
use crate::removal::KeepAll;
use crate::settings::Settings;
use crate::text::fold;
use crate::time::{Day, Instant, plus_days};
use std::collections::BTreeSet;

/// A fact about a person that can be absent in two ways.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// Known.
    Known(T),
    /// There is none: no phone, no address, no GP.
    None,
    /// Not asked yet, or not told yet.
    #[default]
    NotYet,
}

impl<T> Known<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Known::Known(value) => Some(value),
            Known::None | Known::NotYet => None,
        }
    }
}

/// When somebody was born.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Birth {
    /// The day, as the person or a document gives it.
    Exact(Day),
    /// A guess, always shown as one.
    Guess {
        /// About how many years old.
        years: u8,
        /// On the day of the guess.
        on: Day,
    },
    /// They do not know or do not want to say.
    None,
    /// Not asked yet.
    #[default]
    NotYet,
}

impl Birth {
    /// Age in whole years on a day; a guess counts on from the day it was made.
    pub fn age(&self, on: Day) -> Option<u8> {
        match *self {
            Birth::Exact(born) => whole_years(born, on),
            Birth::Guess { years, on: guessed } => {
                whole_years(guessed, on).map(|more| years.saturating_add(more))
            }
            Birth::None | Birth::NotYet => None,
        }
    }

    /// May Kith hold a plan for them? Somebody whose age is not known is let in.
    pub fn old_enough(&self, today: Day, settings: &Settings) -> bool {
        self.age(today).is_none_or(|years| years >= settings.youngest)
    }
}

fn whole_years(from: Day, to: Day) -> Option<u8> {
    if to < from {
        return None;
    }
    let before_birthday = (to.month(), to.day()) < (from.month(), from.day());
    u8::try_from(to.year() - from.year() - i16::from(before_birthday)).ok()
}

/// What kind of name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// On documents.
    Official,
    /// Used before. Restricted: it can tell what the person has not told.
    Former,
    /// Another name they go by.
    Alias,
}

/// One more name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonName {
    /// What kind.
    pub kind: NameKind,
    /// The name, whole: nothing here knows which part is a family name.
    pub text: String,
}

/// Where somebody lives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Address {
    /// The lines.
    pub lines: Vec<String>,
    /// The postcode.
    pub postcode: Option<String>,
    /// The code of the neighbourhood it lies in, from the place's own table.
    pub place: Option<String>,
}

/// A GP practice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GpPractice {
    /// Its name.
    pub name: String,
    /// Its ODS code.
    pub ods: Option<String>,
    /// Where a message back goes.
    pub email: Option<String>,
}

/// The named key worker, who need not use Kith.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeyWorker {
    /// Their name.
    pub name: String,
    /// Where they work.
    pub organisation: String,
    /// Their account here, if they have one.
    pub worker: Option<WorkerId>,
    /// How to reach them.
    pub phone: Option<String>,
}

/// An interpreter the person wants.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Interpreter {
    /// Into which language, British Sign Language included.
    pub language: String,
    /// Anything to know: "not my son".
    pub note: Option<String>,
}

/// How somebody stands to Kith: theirs to say, in one step, without a reason.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There is help going on or being found.
    #[default]
    Open,
    /// The person said not now. Nobody chases; on the day somebody asks once.
    NotNow {
        /// The day to ask again.
        until: Day,
    },
    /// The person said they have finished.
    Finished {
        /// On this day.
        on: Day,
        /// In their words.
        words: Option<String>,
    },
    /// The person stopped everything.
    Stopped {
        /// On this day.
        on: Day,
    },
    /// The person left Kith, and may still be helped without it.
    Left {
        /// On this day.
        on: Day,
    },
    /// Tried by the ways they chose, then a letter if safe, then whoever introduced
    /// them: the door is open, and there is a date.
    DoorOpen {
        /// Since this day.
        since: Day,
        /// The day somebody looks again.
        again: Day,
    },
    /// The person died. Nothing else is changed by it, so that a death recorded by
    /// mistake can be taken back whole.
    Died {
        /// The day, if it is known.
        on: Option<Day>,
        /// When it was recorded.
        recorded_at: Instant,
        /// Who recorded it.
        recorded_by: Author,
        /// How they stood before: a death recorded by mistake is taken back to this.
        before: Box<Standing>,
        /// When everybody who was helping had been told, and the family spoken to.
        everyone_told: Option<Instant>,
    },
}

/// Where somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// At home, or not asked.
    #[default]
    Home,
    /// Without a home.
    NoFixedAddress,
    /// In hospital. Places in queues are kept.
    Hospital {
        /// Since this day.
        since: Day,
        /// Held under the Mental Health Act.
        detained: bool,
        /// Far from home.
        out_of_area: bool,
    },
    /// In prison. Places in queues are kept.
    Prison {
        /// Since this day.
        since: Day,
        /// The day of release, if it is known.
        release: Option<Day>,
    },
    /// Moved out of the place.
    MovedAway {
        /// On this day.
        on: Day,
        /// Where to, as far as they want to say.
        to: Option<String>,
    },
}

impl Whereabouts {
    /// In hospital or prison: not coming is never "could not come".
    pub fn away(&self) -> bool {
        self.away_since().is_some()
    }
    /// Since when they have been in hospital or prison.
    pub fn away_since(&self) -> Option<Day> {
        match self {
            Whereabouts::Hospital { since, .. } | Whereabouts::Prison { since, .. } => Some(*since),
            _ => None,
        }
    }
}

/// A time in hospital or prison that is over. Days in it stay days on which nobody could
/// come, whenever a missed date is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stay {
    /// The first day.
    pub from: Day,
    /// The last day: the one on which it was written down that they were out.
    pub until: Day,
}

/// One try to reach somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Try {
    /// When.
    pub at: Instant,
    /// How.
    pub channel: Channel,
    /// Did it reach them?
    pub reached: bool,
}

/// Somebody close to the person may be making them do things (rule R08).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Coercion {
    /// Since when it has been known here.
    pub since: Instant,
    /// The supporters it suspends; all of them when the person cannot yet say.
    pub supporters: Vec<SupporterId>,
    /// What a suspended supporter goes on seeing: exactly what they had seen. One who is not
    /// here sees nothing, as the person and their advocate chose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frozen: Vec<Frozen>,
    /// The day it is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<Day>,
    /// Who wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noted_by: Option<WorkerId>,
}

/// A supporter's view, frozen at what they had seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Frozen {
    /// Whose.
    pub supporter: SupporterId,
    /// When they had last looked.
    pub at: Instant,
    /// The records, each with its version.
    pub items: Vec<(RecordId, u32)>,
}

/// Why a worker must never open this person's record (rule R05).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// The worker is this person.
    Themselves,
    /// They live together.
    Household,
    /// They are related.
    Relative,
    /// Partner, now or before.
    Partner,
    /// The person says the worker harmed them.
    AllegedHarm,
    /// A friend or neighbour.
    Friend,
}

/// A worker who must never open this person's record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conflict {
    /// The worker.
    pub worker: WorkerId,
    /// Why.
    pub kind: ConflictKind,
}

/// How somebody came to Kith.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameBy {
    /// They asked.
    Themselves,
    /// A carer, relative or friend asked.
    Carer,
    /// A GP practice.
    GpPractice,
    /// A hospital ward.
    HospitalWard,
    /// A community mental health team.
    CommunityTeam,
    /// A housing provider.
    Housing,
    /// A prison.
    Prison,
    /// A charity.
    Charity,
    /// A navigator met them.
    Met,
}

/// Whoever introduced the person, for the message back and when they cannot be reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Introducer {
    /// Their name.
    pub name: String,
    /// Where they work, if they do.
    pub organisation: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// Did the person agree that they are told what happened?
    pub may_be_told: bool,
}

/// A person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    /// The name they like to be called. The only thing that is needed.
    pub called: String,
    /// Other names.
    pub names: Vec<PersonName>,
    /// When they were born.
    pub birth: Birth,
    /// Their NHS number.
    pub nhs_number: Known<NhsNumber>,
    /// Their telephone number. Whether it is safe to use stands in `safe_contact`.
    pub phone: Known<String>,
    /// Their e-mail address.
    pub email: Known<String>,
    /// Where they live.
    pub address: Known<Address>,
    /// Where they live is sealed: it stands on a sealed note, never here, and nothing
    /// is posted.
    pub address_sealed: bool,
    /// Their GP practice.
    pub gp: Known<GpPractice>,
    /// Their named key worker.
    pub key_worker: Option<KeyWorker>,
    /// The language they want to use; none: English.
    pub language: Option<String>,
    /// An interpreter they want.
    pub interpreter: Option<Interpreter>,
    /// Codes of the adjustments they need, from the adjustments list.
    pub adjustments: Vec<String>,
    /// More about adjustments, in words.
    pub adjustment_words: Option<String>,
    /// The safe way to reach them.
    pub safe_contact: SafeContact,
    /// How they stand to Kith.
    pub standing: Standing,
    /// Where they are.
    pub whereabouts: Whereabouts,
    /// Times in hospital or prison that are over.
    #[serde(default)]
    pub stays: Vec<Stay>,
    /// Who holds the plan.
    pub holder: Holder,
    /// What happens next.
    pub next: NextDate,
    /// The last time anything was said to them.
    pub heard_at: Option<Instant>,
    /// Tries to reach them since they were last reached.
    pub tries: Vec<Try>,
    /// How many tries they agreed to; the place's number when they have not said.
    pub tries_agreed: Option<u8>,
    /// Somebody close may be making them do things.
    pub coercion: Option<Coercion>,
    /// They said no to emergency access (except when life is at risk).
    pub emergency_dissent: bool,
    /// What they want in an emergency, and whom not to call: said beforehand, in their own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<EmergencyWish>,
    /// Workers who must never open this record.
    pub conflicts: Vec<Conflict>,
    /// How they came.
    pub came_by: CameBy,
    /// Who introduced them.
    pub introducer: Option<Introducer>,
    /// Organisations the person has stopped from seeing anything more.
    pub stopped_organisations: Vec<OrganisationId>,
    /// Other records of the same person, as two people decided. Nothing is moved.
    #[serde(default)]
    pub also: BTreeSet<PersonId>,
    /// Inquiries and courts that ask for everything about them to be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep_all: Vec<KeepAll>,
    /// People they must not meet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Apart>,
}

/// What somebody wants in an emergency, said by them beforehand. Whoever opens their plan reads it
/// first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EmergencyWish {
    /// What helps, and what does not.
    pub words: Option<String>,
    /// Whom not to call.
    pub not_call: Option<String>,
    /// When they said it.
    pub said_at: Instant,
}

impl Standing {
    /// Has the person ended it: stopped, left or finished? Then nothing they agreed to counts
    /// any more. After "not now" and "the door is open" it does.
    pub fn stopped(&self) -> bool {
        matches!(self, Standing::Stopped { .. } | Standing::Left { .. } | Standing::Finished { .. })
    }
}

impl Person {
    /// A new person, of whom only a name to call them by is known.
    pub fn new(called: String, holder: Holder, next: NextDate, came_by: CameBy) -> Person {
        Person {
            called,
            names: Vec::new(),
            birth: Birth::NotYet,
            nhs_number: Known::NotYet,
            phone: Known::NotYet,
            email: Known::NotYet,
            address: Known::NotYet,
            address_sealed: false,
            gp: Known::NotYet,
            key_worker: None,
            language: None,
            interpreter: None,
            adjustments: Vec::new(),
            adjustment_words: None,
            safe_contact: SafeContact::default(),
            standing: Standing::Open,
            whereabouts: Whereabouts::Home,
            stays: Vec::new(),
            holder,
            next,
            heard_at: None,
            tries: Vec::new(),
            tries_agreed: None,
            coercion: None,
            emergency_dissent: false,
            emergency: None,
            conflicts: Vec::new(),
            came_by,
            introducer: None,
            stopped_organisations: Vec::new(),
            also: BTreeSet::new(),
            keep_all: Vec::new(),
            apart: Vec::new(),
        }
    }

    /// Did the person die, as far as is recorded?
    pub fn died(&self) -> bool {
        matches!(self.standing, Standing::Died { .. })
    }

    /// Were they in hospital or prison on this day, now or in a time that is over?
    pub fn away_on(&self, day: Day) -> bool {
        self.whereabouts.away_since().is_some_and(|since| since <= day)
            || self.stays.iter().any(|stay| stay.from <= day && day <= stay.until)
    }
}

/// How often somebody who waits is usually spoken to, in days: the earliest day of a person
/// counts with it, and with that every longer silence.
pub(crate) const HEARD_WITHIN_DAYS: i32 = 14;
/// The last working day before a release is at most so many days before it.
const RELEASE_WITHIN_DAYS: i32 = 8;

impl Record for Person {
    const KIND: Kind = Kind::Person;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S2)
    }
    fn state(&self) -> &'static str {
        match self.standing {
            Standing::Open => "open",
            Standing::NotNow { .. } => "not_now",
            Standing::Finished { .. } => "finished",
            Standing::Stopped { .. } => "stopped",
            Standing::Left { .. } => "left",
            Standing::DoorOpen { .. } => "door_open",
            Standing::Died { .. } => "died",
        }
    }
    fn open(&self) -> bool {
        match self.standing {
            Standing::Open | Standing::NotNow { .. } | Standing::DoorOpen { .. } => true,
            Standing::Finished { .. } | Standing::Stopped { .. } | Standing::Left { .. } => false,
            Standing::Died { everyone_told, .. } => everyone_told.is_none(),
        }
    }
    /// The first day on which anything about the person as a whole can be due: the next date,
    /// the last days before a release, what follows a death, a word that
    /// is due to somebody who waits.
    fn due(&self) -> Option<Day> {
        let day = |at: Instant| at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
        let release = match self.whereabouts {
            Whereabouts::Prison { release: Some(release), .. } => plus_days(release, -RELEASE_WITHIN_DAYS),
            _ => self.next.on,
        };
        match self.standing {
            Standing::NotNow { until } => Some(until),
            Standing::DoorOpen { again, .. } => Some(again),
            Standing::Died { recorded_at, .. } => self.open().then(|| day(recorded_at)),
            // Whom nobody has spoken to since they came in has waited since an unwritten day.
            Standing::Open => {
                let heard = self.heard_at.map_or(jiff::civil::Date::ZERO, day);
                Some(self.next.on.min(release).min(plus_days(heard, HEARD_WITHIN_DAYS)))
            }
            _ => None,
        }
    }
    fn links(&self) -> Vec<Link> {
        let key = self.key_worker.as_ref().and_then(|k| k.worker).map(|w| Link::to(link::KEY_WORKER, w));
        let also = self.also.iter().map(|p| Link::to(link::SAME_PERSON, *p));
        let apart = apart::others(self).map(|p| Link::to(link::APART, p));
        let keys = crate::matching::keys(self);
        self.holder.links().into_iter().chain(key).chain(keys).chain(also).chain(apart).collect()
    }
    fn sort_key(&self) -> String {
        fold(&self.called)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn stopping_leaving_and_finishing_end_what_was_agreed_and_nothing_else_does() {
        let on = date(2026, 11, 24);
        for over in [Standing::Stopped { on }, Standing::Left { on }, Standing::Finished { on, words: None }]
        {
            assert!(over.stopped());
        }
        for open in
            [Standing::Open, Standing::NotNow { until: on }, Standing::DoorOpen { since: on, again: on }]
        {
            assert!(!open.stopped());
        }
    }

    #[test]
    fn ages_count_birthdays_and_guesses_grow() {
        let born = Birth::Exact(date(2008, 2, 29));
        assert_eq!(born.age(date(2026, 2, 28)), Some(17));
        assert_eq!(born.age(date(2026, 3, 1)), Some(18));
        assert_eq!(Birth::Guess { years: 40, on: date(2024, 6, 1) }.age(date(2026, 6, 1)), Some(42));
        assert!(!born.old_enough(date(2026, 2, 28), &Settings::default()));
        assert!(Birth::NotYet.old_enough(date(2026, 2, 28), &Settings::default()));
    }
}

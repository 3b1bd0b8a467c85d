//! "I am worried about someone". Numbers first: a Kith referral is never the way to
//! urgent help. Then whom you spoke to, when, and what was agreed. Nothing is passed on
//! until a human confirmed it by voice, and a charity worker is never the only holder
//! of someone in crisis.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Sensitivity};
use crate::concern::Concern;
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::link;
use crate::organisation::{Holder, WorkRole};
use crate::record::{Kind, Label, Link, Record};
use crate::settings::Settings;
use crate::time::{Day, Instant};

/// A human who took it on, by voice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Spoken {
    /// The name of whom you spoke to.
    pub name: String,
    /// Where they work.
    pub organisation: String,
    /// When.
    pub at: Instant,
    /// What was agreed.
    pub agreed: String,
    /// They said, by voice, that they take it on.
    pub took_it_on: bool,
}

/// The next check: a named clinician or manager, within hours.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Check {
    /// Who checks.
    pub name: String,
    /// As what.
    pub role: WorkRole,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which team.
    pub team: TeamId,
    /// Their account here.
    pub worker: Option<WorkerId>,
    /// By when.
    pub at: Instant,
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WorryClosed {
    /// When.
    pub at: Instant,
    /// What happened.
    pub words: String,
    /// Who closed it.
    pub by: WorkerId,
}

/// A worry about someone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Worry {
    /// About whom, in words: the name they like to be called, or a few words when it is
    /// nobody Kith knows.
    pub about: Option<String>,
    /// What worries you.
    pub words: String,
    /// When the numbers had been shown and the writer said they had rung, or that
    /// nobody is in danger now.
    pub numbers_first_at: Instant,
    /// When it was raised.
    pub raised_at: Instant,
    /// Who raised it and holds it until a human took it on. Their team lead is the
    /// second named person from the start.
    pub holder: Holder,
    /// As what the one who raised it works.
    pub raised_as: WorkRole,
    /// Whom they spoke to.
    pub spoken: Option<Spoken>,
    /// The next check.
    pub check: Option<Check>,
    /// When it ended and how.
    pub closed: Option<WorryClosed>,
    /// How they were when somebody checked, while a safeguarding concern keeps it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<WorryClosed>,
    /// The safeguarding concern that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concern: Option<Concern>,
}

impl Worry {
    /// Passed on: a human took it on by voice and a check is named.
    pub fn passed_on(&self) -> bool {
        self.check.is_some() && self.spoken.as_ref().is_some_and(|s| s.took_it_on)
    }
    /// The safeguarding concern, while the council's answer is to come.
    pub fn concern_open(&self) -> Option<&Concern> {
        self.concern.as_ref().filter(|c| self.closed.is_none() && c.open())
    }
    /// Somebody checked how they are, and only the council's answer is to come.
    pub fn only_concern(&self) -> bool {
        self.checked.is_some() && self.concern_open().is_some()
    }
}

impl Record for Worry {
    const KIND: Kind = Kind::Worry;
    fn label(&self) -> Label {
        Label {
            categories: vec![crate::area::Category::Safeguarding],
            ..Label::of(Area::Safety, Sensitivity::S3)
        }
    }
    fn state(&self) -> &'static str {
        match (&self.closed, self.passed_on()) {
            (Some(_), _) => "closed",
            (None, true) => "passed_on",
            (None, false) => "not_passed_on",
        }
    }
    fn open(&self) -> bool {
        self.closed.is_none()
    }
    /// The first day on which it can be due, for finding it: the check's, or the day it was
    /// raised. A worry is timed in hours; which hour, and which day that is here, says
    /// `holding`. In England the day in UTC is that day or the one before, never later.
    fn due(&self) -> Option<Day> {
        let day = |at: Instant| at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
        let check = day(self.check.as_ref().map_or(self.raised_at, |c| c.at));
        let concern =
            self.concern_open().map(|c| c.made.as_ref().map_or(day(c.decided_at), |made| made.reply_by));
        match concern {
            _ if !self.open() => None,
            Some(on) if self.only_concern() => Some(on),
            Some(on) => Some(check.min(on)),
            None => Some(check),
        }
    }
    fn links(&self) -> Vec<Link> {
        let mut links = self.holder.links();
        if let Some(check) = &self.check {
            links.push(Link::to(link::OWNER_TEAM, check.team));
            links.extend(check.worker.map(|w| Link::to(link::OWNER_WORKER, w)));
        }
        links
    }
}

/// Why a worry is not passed on or closed, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotPassedOn {
    /// Nobody said by voice that they take it on.
    #[error(
        "It is not passed on until somebody has told you, by voice, that they take it on. If anybody is in danger now, ring 999"
    )]
    NotByVoice,
    /// A name is missing.
    #[error("Give the name of whom you spoke to, where they work, and what was agreed")]
    NoName,
    /// The next check has to be a clinician's or manager's.
    #[error("The next check is made by a named clinician or manager")]
    NotTheirs,
    /// The next check is too far off.
    #[error("The next check is within {hours} hours, and not in the past")]
    NotInHours {
        /// Within how many hours.
        hours: u16,
    },
    /// Closed already.
    #[error("This is closed already")]
    Closed,
    /// Nobody was spoken to.
    #[error("Speak to somebody first, and say whom")]
    NobodySpokenTo,
    /// No words.
    #[error("Say what happened")]
    NoWords,
    /// A safeguarding concern is not answered.
    #[error("The council has not answered yet. Write how they are; this stays open until it has")]
    ConcernOpen,
    /// Nobody checks yet.
    #[error("First pass it on to a named clinician or manager")]
    NobodyChecks,
    /// Not theirs to close.
    #[error("This is closed by the clinician or manager who checks")]
    NotTheirsToClose,
}

/// May somebody in this role be named for the next check?
pub fn may_check(role: WorkRole) -> bool {
    matches!(
        role,
        WorkRole::Clinician
            | WorkRole::SocialWorker
            | WorkRole::CrisisWorker
            | WorkRole::SafeguardingLead
            | WorkRole::ServiceLead
            | WorkRole::TeamLead
    )
}

/// Writes down whom you spoke to, when they did not take it on.
///
/// # Errors
/// Closed, or a name missing.
pub fn spoke(worry: &Worry, spoken: Spoken) -> Result<Worry, NotPassedOn> {
    open_still(worry)?;
    named(&spoken)?;
    Ok(Worry { spoken: Some(spoken), ..worry.clone() })
}

/// Passes it on: somebody took it on by voice, and a named clinician or manager checks
/// within hours.
///
/// # Errors
/// Not by voice, a name missing, or a check that is not theirs or not soon.
pub fn pass_on(
    worry: &Worry,
    spoken: Spoken,
    check: Check,
    now: Instant,
    settings: &Settings,
) -> Result<Worry, NotPassedOn> {
    open_still(worry)?;
    named(&spoken)?;
    if !spoken.took_it_on {
        return Err(NotPassedOn::NotByVoice);
    }
    if check.name.trim().is_empty() {
        return Err(NotPassedOn::NoName);
    }
    if !may_check(check.role) {
        return Err(NotPassedOn::NotTheirs);
    }
    let hours = settings.worry_hours;
    if check.at < now || check.at > now.plus_hours(hours.into()) {
        return Err(NotPassedOn::NotInHours { hours });
    }
    Ok(Worry { spoken: Some(spoken), check: Some(check), ..worry.clone() })
}

/// May this worker close it? Whoever is named for the check may; so may anybody whose role
/// makes such checks. A charity worker or volunteer never closes it alone.
pub fn may_close(worry: &Worry, worker: WorkerId, role: WorkRole) -> bool {
    let named = worry.check.as_ref().is_some_and(|check| check.worker == Some(worker));
    worry.passed_on() && named || may_check(role)
}

/// Closes it, with what happened. Nothing is closed before somebody was spoken to.
///
/// # Errors
/// Closed already, nobody spoken to, or no words.
pub fn close(worry: &Worry, words: &str, by: WorkerId, now: Instant) -> Result<Worry, NotPassedOn> {
    open_still(worry)?;
    if worry.spoken.is_none() {
        return Err(NotPassedOn::NobodySpokenTo);
    }
    if worry.concern_open().is_some() {
        return Err(NotPassedOn::ConcernOpen);
    }
    let closed = how_it_was(words, by, now)?;
    Ok(Worry { closed: Some(closed), ..worry.clone() })
}

/// Somebody checked, and says how they are: what a safeguarding concern keeps open stays open.
///
/// # Errors
/// Closed already, nobody named to check, or no words.
pub fn checked(worry: &Worry, words: &str, by: WorkerId, now: Instant) -> Result<Worry, NotPassedOn> {
    open_still(worry)?;
    if !worry.passed_on() {
        return Err(NotPassedOn::NobodyChecks);
    }
    let checked = how_it_was(words, by, now)?;
    Ok(Worry { checked: Some(checked), ..worry.clone() })
}

fn how_it_was(words: &str, by: WorkerId, at: Instant) -> Result<WorryClosed, NotPassedOn> {
    match words.trim() {
        "" => Err(NotPassedOn::NoWords),
        words => Ok(WorryClosed { at, words: words.to_owned(), by }),
    }
}

fn open_still(worry: &Worry) -> Result<(), NotPassedOn> {
    if worry.closed.is_some() { Err(NotPassedOn::Closed) } else { Ok(()) }
}

fn named(spoken: &Spoken) -> Result<(), NotPassedOn> {
    let given = [&spoken.name, &spoken.organisation, &spoken.agreed];
    if given.iter().any(|text| text.trim().is_empty()) { Err(NotPassedOn::NoName) } else { Ok(()) }
}

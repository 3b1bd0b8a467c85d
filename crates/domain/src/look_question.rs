//! A question about looks at somebody's plan. The person asks why somebody looked; an
//! emergency opening is looked at by somebody outside the team; a detector found something
//! that wants a human. Each has a named holder and a day, rises when it is late like
//! anything held, and is decided in words. Nothing here scores anybody.

use crate::area::{Area, Sensitivity};
use crate::glass::GlassReason;
use crate::holding::PartnershipFacts;
use crate::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use crate::link;
use crate::organisation::{Holder, WorkRole};
use crate::record::{Kind, Label, Link, Record};
use crate::settings::Settings;
use crate::snooping::Detector;
use crate::time::{Calendar, Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How the person was told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// They find it on their own pages.
    OnTheirPages,
    /// And a message that says nothing but that there is something to read.
    WithMessage,
    /// They find it on their pages. No message could safely go: why, in words.
    NoSafeMessage(String),
}

/// A look as a reviewer sees it: a reference, kinds, a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LookSeen {
    /// At whom. Pages show its short reference, never a name.
    pub person: PersonId,
    /// When.
    pub at: Instant,
    /// Which parts.
    pub parts: String,
}

/// Why there is a question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookCause {
    /// The person asked.
    Asked {
        /// About the look of this request.
        request: Uuid,
        /// What it says on their page.
        look: String,
        /// What they added.
        words: Option<String>,
    },
    /// Emergency access was opened.
    Emergency {
        /// The opening.
        glass: RecordId,
        /// Why.
        reason: GlassReason,
        /// The same in the words of whoever opened it.
        words: String,
        /// When.
        opened_at: Instant,
        /// Until when, at most.
        until: Instant,
        /// How the person was told.
        told: Told,
    },
    /// A detector found something.
    Found {
        /// Which one.
        detector: Detector,
        /// What it found and why it asks.
        explains: String,
        /// The looks it is about, the first of them.
        looks: Vec<LookSeen>,
        /// How many there are in all.
        all: u32,
    },
}

impl LookCause {
    /// What the holder does, for Today.
    pub fn what_to_do(&self) -> &'static str {
        match self {
            LookCause::Asked { .. } => "Answer them: why somebody looked at their plan",
            LookCause::Emergency { .. } => "Look at the emergency access that was opened",
            LookCause::Found { .. } => "Look at what was found among looks",
        }
    }
}

/// What whoever looked was asked, and what they said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AskedLooker {
    /// Who is asked.
    pub holder: Holder,
    /// What.
    pub words: String,
    /// When.
    pub at: Instant,
    /// By which day they answer.
    pub by: Day,
    /// What they said.
    pub answer: Option<String>,
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookOutcome {
    /// The person has an answer.
    Answered,
    /// Opening it was right.
    Right,
    /// It was not right.
    NotRight,
    /// There is a good reason for it.
    Explained,
    /// There is none.
    NotExplained,
    /// Somebody else works it: the employer, the police, a regulator. Who stands in the words.
    PassedOn,
}

impl LookOutcome {
    /// The outcomes that fit a cause.
    pub fn of(cause: &LookCause) -> &'static [LookOutcome] {
        match cause {
            LookCause::Asked { .. } => &[LookOutcome::Answered],
            LookCause::Emergency { .. } => &[LookOutcome::Right, LookOutcome::NotRight],
            LookCause::Found { .. } => {
                &[LookOutcome::Explained, LookOutcome::NotExplained, LookOutcome::PassedOn]
            }
        }
    }
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            LookOutcome::Answered => "answered",
            LookOutcome::Right => "right",
            LookOutcome::NotRight => "not_right",
            LookOutcome::Explained => "explained",
            LookOutcome::NotExplained => "not_explained",
            LookOutcome::PassedOn => "passed_on",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            LookOutcome::Answered => "Answered",
            LookOutcome::Right => "It was right to open it",
            LookOutcome::NotRight => "It was not right to open it",
            LookOutcome::Explained => "There is a good reason",
            LookOutcome::NotExplained => "There is no good reason",
            LookOutcome::PassedOn => "Passed on to somebody else",
        }
    }
}

/// What was decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LookDecided {
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// How.
    pub outcome: LookOutcome,
    /// What follows, for those who work on it.
    pub follows: Option<String>,
    /// The answer to the person.
    pub answer: Option<String>,
}

/// A question about looks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LookQuestion {
    /// Why there is one.
    pub cause: LookCause,
    /// Who looked, when it was somebody with an account.
    pub worker: Option<WorkerId>,
    /// The name of whoever looked.
    pub name: String,
    /// For which organisation they looked.
    pub organisation: OrganisationId,
    /// The day of the looks.
    pub day: Day,
    /// Who answers or decides.
    pub holder: Holder,
    /// Since when there is a question.
    pub made_at: Instant,
    /// By which day.
    pub due_on: Day,
    /// By which moment, where it is hours.
    pub due_at: Option<Instant>,
    /// What whoever looked was asked.
    pub asked: Option<AskedLooker>,
    /// What was decided.
    pub decided: Option<LookDecided>,
}

impl Record for LookQuestion {
    const KIND: Kind = Kind::LookQuestion;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S2)
    }
    fn state(&self) -> &'static str {
        match (&self.decided, &self.asked) {
            (Some(_), _) => "decided",
            (None, Some(_)) => "asked",
            (None, None) => "open",
        }
    }
    fn open(&self) -> bool {
        self.decided.is_none()
    }
    fn due(&self) -> Option<Day> {
        let asked = self.asked.as_ref().filter(|a| a.answer.is_none()).map(|a| a.by);
        self.open().then(|| asked.map_or(self.due_on, |by| by.min(self.due_on)))
    }
    fn links(&self) -> Vec<Link> {
        let mut links = self.holder.links();
        if let Some(asked) = self.asked.as_ref().filter(|_| self.open()) {
            links.push(Link::to(link::OWNER_TEAM, asked.holder.team));
            links.extend(asked.holder.lead.map(|w| Link::to(link::OWNER_WORKER, w)));
        }
        links
    }
}

/// Why it is not done, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDecided {
    /// It was decided before.
    #[error("This was decided already")]
    Decided,
    /// Nobody decides about their own looks.
    #[error("Nobody decides about their own looks. Ask your lead to take it")]
    OwnLook,
    /// An outcome of another kind of question.
    #[error("Choose how it ends")]
    NoOutcome,
    /// The person waits for an answer.
    #[error("Write an answer to the person")]
    NoAnswer,
    /// What follows is missing.
    #[error("Write what follows from this, and who does it")]
    NoFollows,
    /// There is nobody to ask.
    #[error("Whoever looked has no account here. Speak to their organisation")]
    NobodyToAsk,
    /// Nothing was asked of them, or they have answered.
    #[error("There is nothing to answer here any more")]
    NotAsked,
    /// No words.
    #[error("Write what you want to say")]
    NoWords,
}

fn given(words: Option<String>) -> Option<String> {
    words.filter(|w| !w.trim().is_empty())
}

/// Decides it. The person gets an answer wherever they asked or were told; what was not right,
/// not explained or passed on says what follows.
///
/// # Errors
/// Why not.
pub fn decide(
    q: &LookQuestion,
    by: WorkerId,
    outcome: LookOutcome,
    (follows, answer): (Option<String>, Option<String>),
    now: Instant,
) -> Result<LookQuestion, NotDecided> {
    let (follows, answer) = (given(follows), given(answer));
    let bad = matches!(outcome, LookOutcome::NotRight | LookOutcome::NotExplained | LookOutcome::PassedOn);
    match () {
        () if q.decided.is_some() => Err(NotDecided::Decided),
        () if q.worker == Some(by) => Err(NotDecided::OwnLook),
        () if !LookOutcome::of(&q.cause).contains(&outcome) => Err(NotDecided::NoOutcome),
        () if answer.is_none() && !matches!(q.cause, LookCause::Found { .. }) => Err(NotDecided::NoAnswer),
        () if bad && follows.is_none() => Err(NotDecided::NoFollows),
        () => Ok(LookQuestion {
            decided: Some(LookDecided { by, at: now, outcome, follows, answer }),
            ..q.clone()
        }),
    }
}

/// Asks whoever looked, who answers within two working days. It stays with its holder.
///
/// # Errors
/// Why not.
pub fn ask_looker(
    q: &LookQuestion,
    by: WorkerId,
    words: &str,
    team: Option<TeamId>,
    now: Instant,
    calendar: &Calendar,
) -> Result<LookQuestion, NotDecided> {
    let (Some(looker), Some(team)) = (q.worker, team) else { return Err(NotDecided::NobodyToAsk) };
    match () {
        () if q.decided.is_some() => Err(NotDecided::Decided),
        () if looker == by => Err(NotDecided::OwnLook),
        () if words.trim().is_empty() => Err(NotDecided::NoWords),
        () => Ok(LookQuestion {
            asked: Some(AskedLooker {
                holder: Holder { organisation: q.organisation, team, lead: Some(looker) },
                words: words.to_owned(),
                at: now,
                by: calendar.plus_working(calendar.day(now), 2),
                answer: None,
            }),
            ..q.clone()
        }),
    }
}

/// What whoever looked says.
///
/// # Errors
/// Nothing is asked of them, or they say nothing.
pub fn looker_answers(q: &LookQuestion, me: WorkerId, words: &str) -> Result<LookQuestion, NotDecided> {
    let waiting = q.asked.as_ref().filter(|a| a.answer.is_none() && q.decided.is_none());
    let Some(asked) = waiting.filter(|a| a.holder.lead == Some(me)) else {
        return Err(NotDecided::NotAsked);
    };
    if words.trim().is_empty() {
        return Err(NotDecided::NoWords);
    }
    let asked = AskedLooker { answer: Some(words.to_owned()), ..asked.clone() };
    Ok(LookQuestion { asked: Some(asked), ..q.clone() })
}

/// By when emergency access is looked at.
pub fn review_due(now: Instant, calendar: &Calendar, settings: &Settings) -> (Day, Instant) {
    let at = now.plus_hours(settings.glass_review_hours.into());
    (calendar.day(at), at)
}

/// Who looks into what somebody did: the information-governance lead of their organisation, else
/// its lead, else the net: always somebody who is neither them nor in a team of theirs there.
pub fn reviewer(
    p: &PartnershipFacts,
    looked: Option<WorkerId>,
    organisation: OrganisationId,
    today: Day,
) -> Holder {
    let theirs: BTreeSet<TeamId> = looked
        .and_then(|w| p.workers.get(&w))
        .map(|w| w.memberships.iter().filter(|m| m.in_date(today)).map(|m| m.team).collect())
        .unwrap_or_default();
    let holder = |worker: WorkerId, organisation: OrganisationId, role: Option<WorkRole>| {
        let w = p.workers.get(&worker).filter(|w| w.active(today) && Some(worker) != looked)?;
        let here = |m: &&crate::organisation::Membership| {
            m.organisation == organisation && m.in_date(today) && role.is_none_or(|r| m.role == r)
        };
        let outside = !w.memberships.iter().any(|m| m.in_date(today) && theirs.contains(&m.team));
        let m = w.memberships.iter().find(here).filter(|_| outside && w.absence(today).is_none())?;
        Some(Holder { organisation, team: m.team, lead: Some(worker) })
    };
    let governs = p.workers.keys().find_map(|w| holder(*w, organisation, Some(WorkRole::IgAuditor)));
    let leads = || p.organisations.get(&organisation).and_then(|o| o.lead);
    let net = p.place.net_organisation;
    let net_lead = || p.teams.get(&p.place.net_team).and_then(|t| t.lead);
    governs
        .or_else(|| holder(leads()?, organisation, None))
        .or_else(|| p.workers.keys().find_map(|w| holder(*w, net, Some(WorkRole::IgAuditor))))
        .or_else(|| holder(net_lead()?, net, None))
        .or_else(|| holder(p.place.net_second, net, None))
        // Everybody of the net is in the team: still never the one who looked.
        .or_else(|| {
            let others = [net_lead(), Some(p.place.net_second)].into_iter().flatten();
            let lead = others.into_iter().find(|w| Some(*w) != looked)?;
            Some(Holder { organisation: net, team: p.place.net_team, lead: Some(lead) })
        })
        .unwrap_or(Holder { organisation: net, team: p.place.net_team, lead: None })
}

/// Who decides about emergency access instead of this worker: somebody outside every team of whoever
/// opened it (B7), on the day it was opened and now. None where this worker may decide, and where
/// everybody who could be asked is in the team: then the net's own lead or second decides, and
/// `docs/security.md` says so.
pub fn decides_instead(q: &LookQuestion, by: WorkerId, p: &PartnershipFacts, today: Day) -> Option<Holder> {
    let opener = q.worker.filter(|_| matches!(q.cause, LookCause::Emergency { .. }))?;
    let teams = |w: WorkerId| -> BTreeSet<TeamId> {
        let all = p.workers.get(&w).map(|w| w.memberships.as_slice()).unwrap_or_default();
        let then_or_now = all.iter().filter(|m| m.in_date(q.day) || m.in_date(today));
        then_or_now.map(|m| m.team).collect()
    };
    let theirs = teams(opener);
    let close = |w: WorkerId| !teams(w).is_disjoint(&theirs);
    let holds = |h: &Holder| {
        let lead = h.lead.filter(|w| *w != opener && !close(*w))?;
        p.workers.get(&lead).is_some_and(|w| w.active(today) && w.absence(today).is_none()).then_some(*h)
    };
    let outside = || holds(&q.holder).or_else(|| holds(&reviewer(p, Some(opener), q.organisation, today)));
    if close(by) { outside() } else { None }
}

/// Who answers the person: the lead of the team of whoever looked, else whoever looks into it.
pub fn who_answers(
    p: &PartnershipFacts,
    looked: Option<WorkerId>,
    organisation: OrganisationId,
    today: Day,
) -> Holder {
    let team = team_of(p, looked, organisation, today);
    let lead = team.and_then(|t| p.teams.get(&t)).and_then(|t| t.lead);
    let there = |w: &WorkerId| {
        Some(*w) != looked
            && p.workers
                .get(w)
                .is_some_and(|x| x.active(today) && team.is_some_and(|t| x.member_of(t, today)))
    };
    match (team, lead.filter(there)) {
        (Some(team), Some(lead)) => Holder { organisation, team, lead: Some(lead) },
        _ => reviewer(p, looked, organisation, today),
    }
}

/// In which team of an organisation somebody works.
pub fn team_of(
    p: &PartnershipFacts,
    worker: Option<WorkerId>,
    organisation: OrganisationId,
    today: Day,
) -> Option<TeamId> {
    let w = p.workers.get(&worker?)?;
    w.memberships.iter().find(|m| m.organisation == organisation && m.in_date(today)).map(|m| m.team)
}

//! The lived-experience panel: what is put to it, what its members say, and what is decided.
//!
//! People with lived experience decide who may receive anything, what for, what new facts may be
//! held and which models may run (`GOVERNANCE/`). A proposal says in plain words who, what, why
//! and until when. Members agree, do not agree, or say a veto, each with reasons; one veto is
//! enough for a no. A proposal is held by the panel's contact until its day and rises when it is
//! late, like anything else. A yes ends on a day, and is looked at again before it does.

mod decide;
#[cfg(test)]
mod tests;

pub use decide::{
    CannotPropose, NotSettled, Place, add_change, answer, comment, decide, end, lets_in, place_of, propose,
};

use crate::area::{Area, Sensitivity};
use crate::holding::PartnershipFacts;
use crate::id::{ProposalId, WorkerId};
use crate::link;
use crate::organisation::WorkRole;
use crate::record::{Kind, Label, Link, Record};
use crate::text::fold;
use crate::time::{Day, Instant, plus_days};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many members a panel has at least before it can say yes to anything.
pub const LEAST_MEMBERS: usize = 2;
/// A proposal is answered within this many days at most.
pub const LONGEST_ANSWER_DAYS: i32 = 56;
/// Members have at least this many days.
pub const SHORTEST_ANSWER_DAYS: i32 = 7;
/// A yes holds for at most three years: then it is looked at again.
pub const LONGEST_YES_DAYS: i32 = 3 * 366;
/// A yes that ends is looked at again this many days before.
pub const AGAIN_BEFORE_DAYS: i32 = 28;

/// What a proposal would do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Let somebody new receive something.
    Recipient,
    /// Use what is here for something new.
    Use,
    /// Hold facts that are not held yet.
    Facts,
    /// Run a model or a calculation about people.
    Model,
    /// Put the panel's own words beside figures about people.
    Figures,
}

impl Sort {
    /// Every sort, once.
    pub const ALL: [Sort; 5] = [Sort::Recipient, Sort::Use, Sort::Facts, Sort::Model, Sort::Figures];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Sort::Recipient => "recipient",
            Sort::Use => "use",
            Sort::Facts => "facts",
            Sort::Model => "model",
            Sort::Figures => "figures",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Sort::Recipient => "Let somebody new receive something",
            Sort::Use => "Use what is here for something new",
            Sort::Facts => "Write down something new about people",
            Sort::Model => "Let a computer work something out about people",
            Sort::Figures => "Put our own words beside the figures about who gets help",
        }
    }
    /// The sort with this stored form.
    pub fn from_code(code: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// What a member says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Agree,
    /// No, and they would live with a yes.
    NotAgree,
    /// No, and there must not be a yes.
    Veto,
}

impl Answer {
    /// Every answer, once.
    pub const ALL: [Answer; 3] = [Answer::Agree, Answer::NotAgree, Answer::Veto];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Answer::Agree => "agree",
            Answer::NotAgree => "not_agree",
            Answer::Veto => "veto",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Answer::Agree => "I agree",
            Answer::NotAgree => "I do not agree",
            Answer::Veto => "Veto: this must not happen",
        }
    }
    /// The answer with this stored form.
    pub fn from_code(code: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|a| a.code() == code)
    }
}

/// What is put to the panel, as it is written in a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Put {
    /// In one sentence.
    pub title: String,
    /// What it would do.
    pub sort: Sort,
    /// The decision of `GOVERNANCE/` that it confirms or changes here, if it is about one.
    pub decision: Option<u16>,
    /// Who would receive it, or use it.
    pub who: String,
    /// What they would get or do.
    pub what: String,
    /// Why, and what it would change for people.
    pub why: String,
    /// What could go wrong, and for whom.
    pub wrong: String,
    /// Until when a yes would hold.
    pub until: Day,
    /// By which day the panel answers.
    pub answer_by: Day,
}

/// Words of a member, or of whoever put it forward.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Said {
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// The words.
    pub words: String,
}

/// What one member says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// The member.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// What.
    pub answer: Answer,
    /// Why. There is always a reason with a no.
    pub why: String,
}

/// What was decided. The numbers are those of that day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settled {
    /// By whom it was written down.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// A yes, or a no.
    pub agreed: bool,
    /// Why, in the panel's words. They are public.
    pub words: String,
    /// How many members the panel had.
    pub members: u32,
    /// How many of them agreed.
    pub agree: u32,
    /// How many did not.
    pub not_agree: u32,
    /// How many said a veto.
    pub veto: u32,
}

/// Something put to the panel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// In one sentence.
    pub title: String,
    /// What it would do.
    pub sort: Sort,
    /// The decision of `GOVERNANCE/` that it confirms or changes here.
    pub decision: Option<u16>,
    /// Who would receive it, or use it.
    pub who: String,
    /// What they would get or do.
    pub what: String,
    /// Why.
    pub why: String,
    /// What could go wrong, and for whom.
    pub wrong: String,
    /// Until when a yes holds.
    pub until: Day,
    /// By which day the panel answers.
    pub answer_by: Day,
    /// Who put it forward.
    pub by: WorkerId,
    /// When.
    pub made_at: Instant,
    /// What was said about it, in order.
    pub comments: Vec<Said>,
    /// What each member says; the last word of each.
    pub answers: Vec<Answered>,
    /// What was decided.
    pub settled: Option<Settled>,
    /// A yes that the panel has ended before its day, and why.
    pub ended: Option<Said>,
    /// What changed because of it. Public.
    pub changed: Vec<Said>,
}

impl Proposal {
    /// Does a yes hold on this day?
    pub fn holds(&self, today: Day) -> bool {
        self.ended.is_none() && today <= self.until && self.settled.as_ref().is_some_and(|s| s.agreed)
    }
    /// How it stands, for a tag.
    pub fn standing(&self, today: Day) -> &'static str {
        match (&self.settled, &self.ended) {
            (None, _) => "The panel is asked",
            (Some(s), _) if !s.agreed => "The panel said no",
            (Some(_), Some(_)) => "The panel ended it",
            (Some(_), None) if today > self.until => "Its time is over",
            (Some(_), None) => "The panel agreed",
        }
    }
    /// What this member says, if they have answered.
    pub fn answer_of(&self, member: WorkerId) -> Option<&Answered> {
        self.answers.iter().find(|a| a.by == member)
    }
}

impl Record for Proposal {
    const KIND: Kind = Kind::Proposal;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        match (&self.settled, &self.ended) {
            (None, _) => "asked",
            (Some(_), Some(_)) => "ended",
            (Some(s), None) if s.agreed => "agreed",
            (Some(_), None) => "said_no",
        }
    }
    fn open(&self) -> bool {
        self.ended.is_none() && self.settled.as_ref().is_none_or(|s| s.agreed)
    }
    fn due(&self) -> Option<Day> {
        self.open().then(|| if self.settled.is_some() { self.until } else { self.answer_by })
    }
    fn links(&self) -> Vec<Link> {
        vec![Link::to(link::WORKER, self.by)]
    }
    fn sort_key(&self) -> String {
        fold(&self.title)
    }
}

/// What the panel has agreed to say beside figures, and since when: the newest first, as long as
/// its yes holds.
pub fn beside_figures(proposals: &BTreeMap<ProposalId, Proposal>, today: Day) -> Vec<(Instant, &str)> {
    let says = |p: &&Proposal| p.sort == Sort::Figures && p.holds(today);
    let all = proposals.values().filter(says);
    let mut words: Vec<_> = all.filter_map(|p| Some((p.settled.as_ref()?.at, p.what.as_str()))).collect();
    words.sort_unstable_by(|a, b| b.cmp(a));
    words
}

/// The members of the panel on a day, who has been there longest first. A member is a worker
/// with the role of its own that this is; they may be away.
pub fn members(facts: &PartnershipFacts, today: Day) -> Vec<WorkerId> {
    let works = |id: &crate::id::OrganisationId| {
        facts.organisations.get(id).is_some_and(|o| o.stopped_since(today).is_none())
    };
    let mut found: Vec<(Day, WorkerId)> = facts
        .workers
        .iter()
        .filter(|(_, w)| w.active(today))
        .filter_map(|(id, w)| {
            let on = |m: &&crate::organisation::Membership| {
                m.role == WorkRole::PanelMember && m.in_date(today) && works(&m.organisation)
            };
            Some((w.memberships.iter().filter(on).map(|m| m.from).min()?, *id))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id).collect()
}

/// Who holds what is put to the panel: of its members who are there, the one who has been there
/// longest.
pub fn contact(facts: &PartnershipFacts, today: Day) -> Option<WorkerId> {
    let all = members(facts, today);
    let there = |w: &&WorkerId| facts.workers.get(w).is_some_and(|x| x.absence(today).is_none());
    all.iter().find(there).or(all.first()).copied()
}

/// What the panel owes: an answer by a day, or another look at a yes that ends.
pub(crate) enum Owes {
    /// An answer.
    Answer,
    /// Another look.
    Again,
}

/// Each proposal about which the panel owes something today, with the day, and since when.
pub(crate) fn owed(
    proposals: &BTreeMap<ProposalId, Proposal>,
    today: Day,
) -> Vec<(ProposalId, Owes, Day, Option<Instant>)> {
    let newer = |id: &ProposalId, p: &Proposal| {
        proposals.iter().any(|(other, o)| {
            other != id && p.decision.is_some() && o.decision == p.decision && o.made_at > p.made_at
        })
    };
    let mut found = Vec::new();
    for (id, p) in proposals.iter().filter(|(_, p)| p.open()) {
        if p.settled.is_none() {
            found.push((*id, Owes::Answer, p.answer_by, Some(p.made_at)));
        } else if today >= plus_days(p.until, -AGAIN_BEFORE_DAYS) && !newer(id, p) {
            found.push((*id, Owes::Again, p.until, None));
        }
    }
    found
}

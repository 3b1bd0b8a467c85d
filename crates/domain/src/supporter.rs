//! Who stands beside a person: supporters they let in, workers involved in their life,
//! and, quietly held, the records that may be the same person.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Category, Sensitivity};
use crate::consent::HowGiven;
use crate::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use crate::link;
use crate::organisation::Holder;
use crate::record::{Kind, Label, Link, Record};
use crate::text::fold;
use crate::time::{Day, Instant};

/// What kind of supporter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupporterKind {
    /// Cares for the person; has rights of their own.
    Carer,
    /// A relative.
    Relative,
    /// A friend.
    Friend,
    /// Attorney for health and welfare, with proof seen.
    AttorneyHealth,
    /// Attorney for property and money, with proof seen.
    AttorneyMoney,
    /// Deputy, with proof seen.
    Deputy,
    /// Appointee for benefits, with proof seen.
    Appointee,
    /// Independent mental health advocate. Speaks for the person, is never a proxy.
    AdvocateImha,
    /// Independent mental capacity advocate.
    AdvocateImca,
    /// Advocate under the Care Act.
    AdvocateCareAct,
    /// Community advocate.
    AdvocateCommunity,
}

impl SupporterKind {
    /// Every kind, once.
    pub const ALL: [SupporterKind; 11] = [
        SupporterKind::Carer,
        SupporterKind::Relative,
        SupporterKind::Friend,
        SupporterKind::AttorneyHealth,
        SupporterKind::AttorneyMoney,
        SupporterKind::Deputy,
        SupporterKind::Appointee,
        SupporterKind::AdvocateImha,
        SupporterKind::AdvocateImca,
        SupporterKind::AdvocateCareAct,
        SupporterKind::AdvocateCommunity,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            SupporterKind::Carer => "carer",
            SupporterKind::Relative => "relative",
            SupporterKind::Friend => "friend",
            SupporterKind::AttorneyHealth => "attorney_health",
            SupporterKind::AttorneyMoney => "attorney_money",
            SupporterKind::Deputy => "deputy",
            SupporterKind::Appointee => "appointee",
            SupporterKind::AdvocateImha => "advocate_imha",
            SupporterKind::AdvocateImca => "advocate_imca",
            SupporterKind::AdvocateCareAct => "advocate_care_act",
            SupporterKind::AdvocateCommunity => "advocate_community",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            SupporterKind::Carer => "Carer",
            SupporterKind::Relative => "Relative",
            SupporterKind::Friend => "Friend",
            SupporterKind::AttorneyHealth => "Attorney for health and welfare",
            SupporterKind::AttorneyMoney => "Attorney for property and money",
            SupporterKind::Deputy => "Deputy named by the court",
            SupporterKind::Appointee => "Appointee for benefits",
            SupporterKind::AdvocateImha => "Mental health advocate (IMHA)",
            SupporterKind::AdvocateImca => "Mental capacity advocate (IMCA)",
            SupporterKind::AdvocateCareAct => "Care Act advocate",
            SupporterKind::AdvocateCommunity => "Community advocate",
        }
    }
    /// The kind with this stored form.
    pub fn from_code(code: &str) -> Option<SupporterKind> {
        SupporterKind::ALL.into_iter().find(|k| k.code() == code)
    }
    /// Speaks for the person, and never sees in their place.
    pub fn is_advocate(self) -> bool {
        matches!(
            self,
            SupporterKind::AdvocateImha
                | SupporterKind::AdvocateImca
                | SupporterKind::AdvocateCareAct
                | SupporterKind::AdvocateCommunity
        )
    }
    /// Does their standing reach this area? Somebody whom the person chose reaches what the
    /// person chose; a power reaches what it is for (Mental Capacity Act 2005, sections 9 to 11
    /// and 16; Social Security (Claims and Payments) Regulations 1987, regulation 33).
    pub fn reaches(self, area: Area) -> bool {
        match self {
            SupporterKind::AttorneyMoney => matches!(area, Area::Money | Area::Housing),
            SupporterKind::Appointee => area == Area::Money,
            SupporterKind::AttorneyHealth => {
                matches!(area, Area::HealthAndCare | Area::PhysicalHealth | Area::Housing | Area::Connection)
            }
            kind => !kind.is_advocate(),
        }
    }
    /// May they decide in the person's place, within [`SupporterKind::reaches`], where the person
    /// cannot? An attorney or deputy. An appointee only deals with benefits.
    pub fn decides(self) -> bool {
        matches!(self, SupporterKind::AttorneyHealth | SupporterKind::AttorneyMoney | SupporterKind::Deputy)
    }
    /// Legal standing that needs proof.
    pub fn needs_proof(self) -> bool {
        matches!(
            self,
            SupporterKind::AttorneyHealth
                | SupporterKind::AttorneyMoney
                | SupporterKind::Deputy
                | SupporterKind::Appointee
        )
    }
}

/// Someone the person has let in, by area.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Supporter {
    /// Their name.
    pub name: String,
    /// What they are to the person, in words.
    pub relation: String,
    /// What kind of supporter.
    pub kind: SupporterKind,
    /// How to reach them.
    pub contact: Option<String>,
    /// The areas they may see.
    pub areas: Vec<Area>,
    /// The restricted categories the person named for them.
    pub categories: Vec<Category>,
    /// The person said yes to this, at this time.
    pub agreed_at: Option<Instant>,
    /// For legal standing: what was seen, by whom and when.
    pub proof: Option<Proof>,
    /// The first day.
    pub from: Day,
    /// The last day; open when none.
    pub until: Option<Day>,
    /// How the person's yes was given, when somebody wrote it down with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<HowGiven>,
    /// The person ended it at this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Instant>,
    /// What they saw when they last looked: so that their view can be frozen at exactly that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// What a supporter saw when they last looked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// When.
    pub at: Instant,
    /// The records, each with its version.
    pub items: Vec<(RecordId, u32)>,
}

impl Supporter {
    /// May they see anything now? Ended at once when the person says so; an advocate never
    /// does.
    pub fn holds(&self, now: Instant, today: Day) -> bool {
        !self.kind.is_advocate()
            && (self.agreed_at.is_some() || self.proof.is_some())
            && self.from <= today
            && self.until.is_none_or(|until| today <= until)
            && self.ended.is_none_or(|at| now < at)
    }
}

/// Proof of legal standing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proof {
    /// What was seen.
    pub what: String,
    /// Who saw it.
    pub seen_by: WorkerId,
    /// On this day.
    pub on: Day,
}

impl Record for Supporter {
    const KIND: Kind = Kind::Supporter;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S2)
    }
    fn state(&self) -> &'static str {
        if self.ended.is_some() { "ended" } else { "" }
    }
    fn sort_key(&self) -> String {
        fold(&self.name)
    }
}

/// A worker's or team's part in a person's life: the relationship that lets them see
/// and add to the plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Involvement {
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which team.
    pub team: TeamId,
    /// Who; the whole team when none.
    pub worker: Option<WorkerId>,
    /// What they do for the person, in words.
    pub role: String,
    /// The named key worker.
    pub key_worker: bool,
    /// The areas they may add to.
    pub areas: Vec<Area>,
    /// The first day.
    pub from: Day,
    /// The last day; open when none.
    pub until: Option<Day>,
}

impl Involvement {
    /// Does it hold on this day?
    pub fn in_date(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl Record for Involvement {
    const KIND: Kind = Kind::Involvement;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S1)
    }
    fn state(&self) -> &'static str {
        if self.until.is_some() { "ended" } else { "current" }
    }
    fn links(&self) -> Vec<Link> {
        let worker = self.worker.map(|w| Link::to(link::WORKER, w));
        [Link::to(link::ORGANISATION, self.organisation), Link::to(link::TEAM, self.team)]
            .into_iter()
            .chain(worker)
            .collect()
    }
}

/// Two records that may be one person. Quietly held; nobody is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PossibleMatch {
    /// One person.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// Why they may be one, in words without content.
    pub why: Vec<String>,
    /// What was decided; open when none.
    pub decided: Option<MatchDecision>,
    /// Who is asked to decide: two named people.
    #[serde(default)]
    pub asked: Vec<Holder>,
    /// What each of them said.
    #[serde(default)]
    pub said: Vec<MatchSaid>,
    /// When it was decided.
    #[serde(default)]
    pub decided_at: Option<Instant>,
    /// A link that was undone.
    #[serde(default)]
    pub undone: Option<MatchUndone>,
}

/// What one of the two said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MatchSaid {
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// One person, or two.
    pub what: MatchDecision,
    /// How they know.
    pub words: String,
    /// The person agreed that the two records are linked.
    pub agreed: bool,
}

/// Who undid a link, when and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MatchUndone {
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// Why.
    pub words: String,
}

impl PossibleMatch {
    /// A pair to be decided by these.
    pub fn new(one: PersonId, other: PersonId, why: Vec<String>, asked: Vec<Holder>) -> PossibleMatch {
        PossibleMatch {
            one,
            other,
            why,
            decided: None,
            asked,
            said: Vec::new(),
            decided_at: None,
            undone: None,
        }
    }
    /// Who has still to say something.
    pub fn waits_for(&self) -> Vec<Holder> {
        let said = |h: &&Holder| !self.said.iter().any(|s| Some(s.by) == h.lead);
        match self.decided {
            Some(_) => Vec::new(),
            None => self.asked.iter().filter(said).copied().collect(),
        }
    }
}

/// What was decided about a possible match.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchDecision {
    /// One person.
    Same,
    /// Two people.
    Different,
}

impl Record for PossibleMatch {
    const KIND: Kind = Kind::PossibleMatch;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S2)
    }
    fn state(&self) -> &'static str {
        match self.decided {
            None => "open",
            Some(MatchDecision::Same) => "same",
            Some(MatchDecision::Different) => "different",
        }
    }
    fn open(&self) -> bool {
        self.decided.is_none()
    }
    fn links(&self) -> Vec<Link> {
        let mut links = vec![Link::to(link::PERSON, self.one), Link::to(link::OTHER_PERSON, self.other)];
        let waits = self.waits_for();
        links.extend(self.asked.iter().filter_map(|h| h.lead).map(|w| Link::to(link::OWNER_WORKER, w)));
        links.extend(waits.iter().map(|h| Link::to(link::OWNER_TEAM, h.team)));
        links
    }
}

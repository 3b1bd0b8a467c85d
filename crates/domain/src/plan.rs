//! The plan: sections in the person's words, needs, goals, steps, and support without a
//! referral. Sections, needs, goals and steps are living: a change makes a version.
//! Notes are authored: only their author changes them, and not for long.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Category, Sensitivity};
use crate::contact::Channel;
use crate::guarding::Guard;
use crate::id::{GoalId, GroupId, NeedId, OrganisationId, RecordId, ServiceId, TeamId, WorkerId};
use crate::link;
use crate::marks::{HiddenReview, Marked};
use crate::organisation::Holder;
use crate::record::{Author, Kind, Label, Link, Record};
use crate::time::{Day, Instant};

/// The parts of a plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// About me.
    AboutMe,
    /// What matters to me.
    Matters,
    /// What I am good at and who is there for me.
    Strengths,
    /// One of the six areas.
    Area,
    /// Staying well.
    StayingWell,
    /// The safety plan.
    Safety,
    /// Other plans, with their owner and date.
    OtherPlans,
    /// Looking at the plan again.
    Review,
}

impl Part {
    /// Every part, in the order of the plan.
    pub const ALL: [Part; 8] = [
        Part::AboutMe,
        Part::Matters,
        Part::Strengths,
        Part::Area,
        Part::StayingWell,
        Part::Safety,
        Part::OtherPlans,
        Part::Review,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Part::AboutMe => "about_me",
            Part::Matters => "matters",
            Part::Strengths => "strengths",
            Part::Area => "area",
            Part::StayingWell => "staying_well",
            Part::Safety => "safety",
            Part::OtherPlans => "other_plans",
            Part::Review => "review",
        }
    }
    /// The heading on pages.
    pub fn title(self) -> &'static str {
        match self {
            Part::AboutMe => "About me",
            Part::Matters => "What matters to me",
            Part::Strengths => "What I am good at",
            Part::Area => "Parts of my life",
            Part::StayingWell => "Staying well",
            Part::Safety => "My safety plan",
            Part::OtherPlans => "Other plans I have",
            Part::Review => "Looking at this again",
        }
    }
    /// The part with this stored form.
    pub fn from_code(code: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|p| p.code() == code)
    }
    /// Area and sensitivity of a new section of this part.
    pub fn usual_label(self, area: Option<Area>) -> (Area, Sensitivity) {
        match self {
            Part::AboutMe | Part::Matters | Part::Strengths | Part::Review => {
                (Area::Identity, Sensitivity::S1)
            }
            Part::OtherPlans => (Area::HealthAndCare, Sensitivity::S1),
            Part::StayingWell => (Area::HealthAndCare, Sensitivity::S2),
            Part::Safety => (Area::Safety, Sensitivity::S3),
            Part::Area => {
                let area = area.unwrap_or(Area::HealthAndCare);
                let private = matches!(area, Area::HealthAndCare | Area::Money | Area::PhysicalHealth);
                (area, if private { Sensitivity::S2 } else { Sensitivity::S1 })
            }
        }
    }
    /// What a new section of this part names, so that it can be agreed to by name.
    pub fn usual_categories(self) -> Vec<Category> {
        match self {
            Part::Safety => vec![Category::Suicide],
            _ => Vec::new(),
        }
    }
}

/// Somebody sees a line differently.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Disagreement {
    /// The line, as it stood.
    pub line: String,
    /// What they say about it.
    pub words: String,
    /// When.
    pub at: Instant,
    /// Who: the person, or a worker who sees it differently.
    pub by: Author,
}

/// Words the person added, beside a line or to the whole section.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Addition {
    /// The line they stand beside, as it stood.
    pub line: Option<String>,
    /// The words.
    pub words: String,
    /// When.
    pub at: Instant,
    /// Who wrote them down.
    pub by: Author,
}

/// The section was agreed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Agreed {
    /// On this day.
    pub on: Day,
    /// Did the person agree to it themselves?
    pub by_person: bool,
    /// With whom, in words.
    pub with: Option<String>,
}

/// A section of the plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlanSection {
    /// Which part.
    pub part: Part,
    /// Which area of life, for [`Part::Area`].
    pub area: Option<Area>,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// For restricted sections: what they are about.
    pub categories: Vec<Category>,
    /// The words, one line a thing.
    pub words: String,
    /// What is going well.
    pub going_well: String,
    /// What the person wants to be different.
    pub want_different: String,
    /// Written by the person or in their words.
    pub by_person: bool,
    /// Where somebody sees it differently.
    pub disagreements: Vec<Disagreement>,
    /// The person's own additions.
    pub added_words: Vec<Addition>,
    /// The day it is looked at again.
    pub review_on: Option<Day>,
    /// Agreed when and with whom.
    pub agreed: Option<Agreed>,
    /// Not shown in the person's own pages; why stands in its guard.
    pub hidden: bool,
    /// Who may read it, beside how private it is.
    #[serde(default, skip_serializing_if = "Guard::is_plain")]
    pub guard: Guard,
}

impl PlanSection {
    /// An empty section with the usual label of its part. A safety plan is about keeping safe from
    /// thoughts of suicide, and says so: an agreement can name that, and it then reaches whom the
    /// person meant it for.
    pub fn new(part: Part, area: Option<Area>) -> PlanSection {
        PlanSection {
            part,
            area,
            sensitivity: part.usual_label(area).1,
            categories: part.usual_categories(),
            words: String::new(),
            going_well: String::new(),
            want_different: String::new(),
            by_person: false,
            disagreements: Vec::new(),
            added_words: Vec::new(),
            review_on: None,
            agreed: None,
            hidden: false,
            guard: Guard::default(),
        }
    }
}

impl Record for PlanSection {
    const KIND: Kind = Kind::PlanSection;
    fn label(&self) -> Label {
        let label = self.guard.label(self.part.usual_label(self.area).0, self.sensitivity, &self.categories);
        Label { hidden: self.hidden || label.hidden, ..label }
    }
    fn state(&self) -> &'static str {
        if self.agreed.is_some() { "agreed" } else { "draft" }
    }
    fn due(&self) -> Option<Day> {
        self.review_on
    }
}

/// How a goal stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalStatus {
    /// The person wants it.
    Open,
    /// They got there.
    Reached {
        /// On this day.
        on: Day,
        /// In their words.
        words: Option<String>,
    },
    /// They let it go.
    LetGo {
        /// On this day.
        on: Day,
    },
}

/// Something the person wants, in their words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Goal {
    /// In which area of life.
    pub area: Area,
    /// In their words.
    pub words: String,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// For restricted goals: what they are about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// How it stands.
    pub status: GoalStatus,
    /// The day it is looked at again.
    pub review_on: Option<Day>,
    /// Who may read it, beside how private it is.
    #[serde(default, skip_serializing_if = "Guard::is_plain")]
    pub guard: Guard,
}

impl Record for Goal {
    const KIND: Kind = Kind::Goal;
    fn label(&self) -> Label {
        self.guard.label(self.area, self.sensitivity, &self.categories)
    }
    fn state(&self) -> &'static str {
        match self.status {
            GoalStatus::Open => "open",
            GoalStatus::Reached { .. } => "reached",
            GoalStatus::LetGo { .. } => "let_go",
        }
    }
    fn open(&self) -> bool {
        matches!(self.status, GoalStatus::Open)
    }
    fn due(&self) -> Option<Day> {
        self.review_on
    }
}

/// Who is to do a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOwner {
    /// The person. Nobody chases; the holder asks how it went.
    Person,
    /// A worker.
    Worker {
        /// Of which organisation.
        organisation: OrganisationId,
        /// In which team.
        team: TeamId,
        /// Who.
        worker: WorkerId,
    },
    /// A team.
    Team {
        /// Of which organisation.
        organisation: OrganisationId,
        /// Which team.
        team: TeamId,
    },
}

/// Does a shared line ask anybody to do something?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// For your information.
    ForInformation,
    /// Asks you to do it by the day.
    Asks,
}

/// How a step stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// To do.
    Open,
    /// Done.
    Done {
        /// On this day.
        on: Day,
        /// How it went.
        words: Option<String>,
    },
    /// No longer wanted.
    Dropped {
        /// On this day.
        on: Day,
        /// Why.
        why: Option<String>,
    },
}

/// Whoever was asked to do a step said no.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StepNo {
    /// Who said it.
    pub by: WorkerId,
    /// Why, in words for the one who asked.
    pub words: String,
    /// When.
    pub at: Instant,
}

/// A small thing somebody will do by a day. Seeing it makes nobody responsible,
/// accepting does: until then it is its holder's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// In which area of life.
    pub area: Area,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// For restricted steps: what they are about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// What.
    pub what: String,
    /// For which need.
    pub need: Option<NeedId>,
    /// For which goal.
    pub goal: Option<GoalId>,
    /// Who is to do it.
    pub owner: StepOwner,
    /// By when.
    pub by: Day,
    /// Does it ask anything?
    pub asks: Asks,
    /// When the owner said yes to it.
    pub accepted: Option<Instant>,
    /// Whoever was asked said no, and nobody else has been asked since: it is the holder's.
    #[serde(default)]
    pub said_no: Option<StepNo>,
    /// Who holds it: asks how it went, and has it while nobody has accepted it.
    pub holder: Holder,
    /// How it stands.
    pub status: StepStatus,
    /// How often the day was moved since anybody last spoke to the person.
    pub moves_without_contact: u8,
    /// Who may read it, beside how private it is.
    #[serde(default, skip_serializing_if = "Guard::is_plain")]
    pub guard: Guard,
}

impl Record for Step {
    const KIND: Kind = Kind::Step;
    fn label(&self) -> Label {
        self.guard.label(self.area, self.sensitivity, &self.categories)
    }
    fn state(&self) -> &'static str {
        match self.status {
            StepStatus::Open => "open",
            StepStatus::Done { .. } => "done",
            StepStatus::Dropped { .. } => "dropped",
        }
    }
    fn open(&self) -> bool {
        matches!(self.status, StepStatus::Open)
    }
    fn due(&self) -> Option<Day> {
        let no = self.said_no.as_ref().map(|no| no.at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
        self.open().then(|| no.map_or(self.by, |no| no.min(self.by)))
    }
    fn links(&self) -> Vec<Link> {
        let mut links = self.holder.links();
        match self.owner {
            StepOwner::Person => {}
            StepOwner::Worker { team, worker, .. } => {
                links.push(Link::to(link::OWNER_WORKER, worker));
                links.push(Link::to(link::OWNER_TEAM, team));
            }
            StepOwner::Team { team, .. } => links.push(Link::to(link::OWNER_TEAM, team)),
        }
        links.extend(self.need.map(|n| Link::to(link::NEED, n)));
        links.extend(self.goal.map(|g| Link::to(link::GOAL, g)));
        links
    }
}

/// Where somebody was told to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToldAbout {
    /// A service of the directory.
    Service(ServiceId),
    /// A group of the directory.
    Group(GroupId),
    /// Something that is not in the directory.
    Other,
}

/// Did they get there?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TellingOutcome {
    /// Yes.
    GotThere,
    /// Not yet: ask again on the new day.
    NotYet,
    /// They said no thanks.
    NoThanks,
}

/// Tell and go along: support without a referral. No packet, no name leaves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Telling {
    /// In which area of life.
    pub area: Area,
    /// For which need.
    pub need: Option<NeedId>,
    /// About what.
    pub about: ToldAbout,
    /// Its name.
    pub name: String,
    /// Who told the person.
    pub told_by: WorkerId,
    /// When.
    pub told_at: Instant,
    /// Who will go with them, in words.
    pub goes_along: Option<String>,
    /// The day to ask: did you get there?
    pub ask_on: Day,
    /// Who asks.
    pub holder: Holder,
    /// The answer. "Not yet" keeps it open.
    pub outcome: Option<TellingOutcome>,
    /// What the person said.
    pub words: Option<String>,
}

impl Record for Telling {
    const KIND: Kind = Kind::Telling;
    fn label(&self) -> Label {
        Label::of(self.area, Sensitivity::S1)
    }
    fn state(&self) -> &'static str {
        match self.outcome {
            None => "told",
            Some(TellingOutcome::GotThere) => "got_there",
            Some(TellingOutcome::NotYet) => "not_yet",
            Some(TellingOutcome::NoThanks) => "no_thanks",
        }
    }
    fn open(&self) -> bool {
        matches!(self.outcome, None | Some(TellingOutcome::NotYet))
    }
    fn due(&self) -> Option<Day> {
        self.open().then_some(self.ask_on)
    }
    fn links(&self) -> Vec<Link> {
        let about = match self.about {
            ToldAbout::Service(s) => Some(Link::to(link::SERVICE, s)),
            ToldAbout::Group(g) => Some(Link::to(link::GROUP, g)),
            ToldAbout::Other => None,
        };
        let mut links = self.holder.links();
        links.extend(about);
        links.extend(self.need.map(|n| Link::to(link::NEED, n)));
        links
    }
}

/// What kind of note.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Part of the story so far.
    Story,
    /// Somebody spoke to the person.
    Contact,
    /// Somebody tried to reach the person.
    Tried,
    /// A sealed address or place. Always S4.
    SealedAddress,
    /// What whoever visits alone needs to know: a fact with its day. The person sees it too,
    /// unless it is hidden, with a reason and a day to look again, like any note.
    Visiting,
    /// What was given to somebody outside by law ([`crate::disclosure`]).
    Disclosed,
}

/// A note in the story: authored, never edited by others.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Note {
    /// In which area of life.
    pub area: Area,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// For restricted notes: what they are about.
    pub categories: Vec<Category>,
    /// Not shown in the person's own pages.
    pub hidden: bool,
    /// Why it is hidden.
    pub hidden_reason: Option<String>,
    /// When that is looked at again, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_review: Option<HiddenReview>,
    /// About somebody other than the person.
    pub third_party: bool,
    /// For sealed notes: the only workers who may open it.
    pub allow_list: Vec<WorkerId>,
    /// Each time that who may read it was changed, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<Marked>,
    /// What kind.
    pub kind: NoteKind,
    /// The words.
    pub words: String,
    /// The day it is about.
    pub on: Day,
    /// How the contact was, for [`NoteKind::Contact`] and [`NoteKind::Tried`].
    pub contact_with: Option<Channel>,
    /// The note it amends.
    pub amends: Option<RecordId>,
}

impl Record for Note {
    const KIND: Kind = Kind::Note;
    fn label(&self) -> Label {
        Label {
            area: self.area,
            sensitivity: if self.kind == NoteKind::SealedAddress {
                Sensitivity::S4
            } else {
                self.sensitivity
            },
            categories: self.categories.clone(),
            hidden: self.hidden,
            third_party: self.third_party,
            allow_list: self.allow_list.clone(),
        }
    }
    fn links(&self) -> Vec<Link> {
        self.amends.map(|n| Link::to(link::ABOUT, n)).into_iter().collect()
    }
}

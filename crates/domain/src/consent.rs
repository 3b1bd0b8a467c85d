//! Agreement and basis. Agreement is the person's, under the duty of confidence: by
//! organisation, area, purpose and end date. A basis is why one packet is lawful.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Category, Sensitivity};
use crate::id::RecordId;
use crate::id::{ConsentId, OrganisationId, ReferralId, SupporterId, WorkerId};
use crate::link;
use crate::record::{Kind, Label, Link, Record};
use crate::settings::Settings;
use crate::time::{Day, Instant};

/// How the person was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Face to face.
    FaceToFace,
    /// By telephone.
    Phone,
    /// Everything was read aloud.
    ReadAloud,
    /// With an interpreter who is not a relative.
    Interpreter,
    /// In British Sign Language.
    Bsl,
    /// The person did it on the screen.
    OnScreen,
}

impl Asked {
    /// Every way, once.
    pub const ALL: [Asked; 6] =
        [Asked::FaceToFace, Asked::Phone, Asked::ReadAloud, Asked::Interpreter, Asked::Bsl, Asked::OnScreen];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Asked::FaceToFace => "face_to_face",
            Asked::Phone => "phone",
            Asked::ReadAloud => "read_aloud",
            Asked::Interpreter => "interpreter",
            Asked::Bsl => "bsl",
            Asked::OnScreen => "on_screen",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Asked::FaceToFace => "face to face",
            Asked::Phone => "by phone",
            Asked::ReadAloud => "read aloud",
            Asked::Interpreter => "with an interpreter",
            Asked::Bsl => "in British Sign Language",
            Asked::OnScreen => "on the screen, by the person",
        }
    }
    /// The way with this stored form.
    pub fn from_code(code: &str) -> Option<Asked> {
        Asked::ALL.into_iter().find(|a| a.code() == code)
    }
}

/// Something the person said no to. It goes into no packet under this agreement. They may
/// say yes another time; a later preview shows that they said no before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SaidNo {
    /// What, in words.
    pub words: String,
    /// A whole area of life.
    pub area: Option<Area>,
    /// One item.
    pub item: Option<RecordId>,
}

/// How agreement was really given. There is no signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HowGiven {
    /// Who asked; none when the person did it alone on the screen.
    pub asked_by: Option<WorkerId>,
    /// How.
    pub how: Asked,
    /// Who else was there, in words; nobody when empty.
    pub present: String,
    /// Was the person offered a moment alone?
    pub offered_alone: bool,
    /// What they said no to.
    pub said_no_to: Vec<SaidNo>,
    /// Their own words.
    pub words: String,
    /// Any doubt whether they could decide this, in words.
    pub capacity_doubt: Option<String>,
    /// With a doubt: which clinician was spoken to, and what they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinician: Option<String>,
    /// Who interpreted, where somebody did. Never a relative or friend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<String>,
    /// When.
    pub at: Instant,
}

/// Who else was there when the person was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Present {
    /// Nobody: they were alone with whoever asked.
    Nobody,
    /// Somebody, in words.
    Somebody(String),
    /// On the phone, where it cannot be seen.
    NotKnown,
}

/// How "not known" is stored: no name is written so.
const NOT_KNOWN: &str = "?";

impl Present {
    /// The stored form, for [`HowGiven::present`].
    pub fn stored(&self) -> String {
        match self {
            Present::Nobody => String::new(),
            Present::Somebody(who) => who.trim().to_owned(),
            Present::NotKnown => NOT_KNOWN.to_owned(),
        }
    }
    /// From the stored form.
    pub fn of(stored: &str) -> Present {
        match stored.trim() {
            "" => Present::Nobody,
            NOT_KNOWN => Present::NotKnown,
            who => Present::Somebody(who.to_owned()),
        }
    }
}

/// The two kinds of agreement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// For the packet of one referral: exactly the item versions previewed (rule B5).
    Packet {
        /// The referral.
        referral: ReferralId,
    },
    /// For what the organisation may go on seeing (rule B4).
    Standing,
}

/// The person's agreement to share.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Consent {
    /// With which organisation.
    pub organisation: OrganisationId,
    /// Which areas.
    pub areas: Vec<Area>,
    /// For which purposes: codes of the access rules, such as `support_coordination`.
    pub purposes: Vec<String>,
    /// Nothing more sensitive than this.
    pub max_sensitivity: Sensitivity,
    /// For restricted things: the categories the person named.
    pub categories: Vec<Category>,
    /// May they also add to the plan there, and change its lines (rule W1s)? Asked apart:
    /// letting somebody see is not letting them write. Never from before it was asked.
    #[serde(default)]
    pub contribute: bool,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// When the person stopped it.
    pub withdrawn: Option<Instant>,
    /// When somebody spoke to the person about its end.
    #[serde(default)]
    pub end_told: Option<Instant>,
    /// Packet or standing.
    pub kind: ConsentKind,
    /// How it was given.
    pub given: HowGiven,
    /// The person could not decide this, and somebody decided for them under the law; none
    /// when it is the person's own yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_for: Option<MadeFor>,
}

/// Under which law somebody decided for the person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// An attorney or deputy whose proof was seen (Mental Capacity Act 2005, sections 9 to 11
    /// and 16), within what the power is for.
    Representative {
        /// Who.
        supporter: SupporterId,
        /// Their name, and what they are.
        name: String,
    },
    /// Best interests (Mental Capacity Act 2005, section 4).
    BestInterests {
        /// Who decided, by name and role.
        decided_by: String,
    },
}

/// A decision to share that was made for the person, because they could not make it themselves.
/// It holds until the day it is looked at again, and no longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MadeFor {
    /// Under which law.
    pub power: Power,
    /// The one decision that had to be made.
    pub decision: String,
    /// How it was found that they cannot make it now, and by whom.
    pub found: String,
    /// Who was consulted: the person first, then those close to them, an advocate.
    pub consulted: String,
    /// The least that is needed, and why not less.
    pub least: String,
}

impl Consent {
    /// The last day by default: "when this help ends, at most 12 months".
    pub fn default_end(from: Day, settings: &Settings) -> Day {
        from.saturating_add(jiff::Span::new().months(i64::from(settings.consent_months)))
    }

    /// The day the person is reminded that it ends, so that nothing lapses silently.
    pub fn reminder_on(&self, settings: &Settings) -> Day {
        let days = i32::from(settings.consent_reminder_days);
        crate::time::plus_days(self.until, -days).max(self.from)
    }

    /// Does it hold on this day at this moment?
    pub fn holds(&self, now: Instant, today: Day) -> bool {
        self.from <= today && today <= self.until && self.withdrawn.is_none_or(|at| now < at)
    }

    /// Does it cover a thing of this area and sensitivity? A restricted thing needs all
    /// of its categories named. A sealed thing is never covered.
    pub fn covers(&self, area: Area, sensitivity: Sensitivity, categories: &[Category]) -> bool {
        self.areas.contains(&area)
            && sensitivity <= self.max_sensitivity
            && sensitivity < Sensitivity::S4
            && (sensitivity < Sensitivity::S3
                || (!categories.is_empty() && categories.iter().all(|c| self.categories.contains(c))))
    }

    /// Did the person say no to this?
    pub fn said_no(&self, area: Area, item: RecordId) -> bool {
        self.given.said_no_to.iter().any(|no| no.area == Some(area) || no.item == Some(item))
    }
}

impl Record for Consent {
    const KIND: Kind = Kind::Consent;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S1)
    }
    fn state(&self) -> &'static str {
        if self.withdrawn.is_some() { "stopped" } else { "given" }
    }
    /// One that goes on is somebody's to speak about before it ends; one for a packet ends
    /// with its request.
    fn open(&self) -> bool {
        self.withdrawn.is_none() && self.kind == ConsentKind::Standing
    }
    fn due(&self) -> Option<Day> {
        self.withdrawn.is_none().then_some(self.until)
    }
    fn links(&self) -> Vec<Link> {
        let referral = match self.kind {
            ConsentKind::Packet { referral } => Some(Link::to(link::REFERRAL, referral)),
            ConsentKind::Standing => None,
        };
        std::iter::once(Link::to(link::ORGANISATION, self.organisation)).chain(referral).collect()
    }
}

/// A decision to share without the person's agreement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decided {
    /// Who decided, by name and role.
    pub decided_by: String,
    /// Their account here, if they have one.
    pub worker: Option<WorkerId>,
    /// Why.
    pub why: String,
    /// The least that is needed: what goes, and why not less.
    pub least: String,
    /// The day it is looked at again.
    pub review_on: Day,
    /// The decider's own word that they decided it; none where somebody without an account here
    /// did, or nobody has to say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmation>,
    /// Each time it was looked at again, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looked_again: Vec<LookedAgain>,
}

/// The word of whoever is named as the one who decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// They have yet to say that it was so.
    Waits {
        /// By this day.
        by: Day,
    },
    /// They said so.
    Given {
        /// When.
        at: Instant,
    },
}

/// A decision was looked at again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LookedAgain {
    /// When.
    pub at: Instant,
    /// What was found.
    pub words: String,
}

/// Why one packet is lawful.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The person agreed.
    Agreement {
        /// The record of it.
        consent: ConsentId,
    },
    /// Best interests under the Mental Capacity Act 2005.
    BestInterests(Decided),
    /// Safeguarding.
    Safeguarding(Decided),
    /// Life at risk.
    LifeAtRisk(Decided),
}

impl Basis {
    /// The decision, when the basis is not the person's agreement.
    pub fn decided(&self) -> Option<&Decided> {
        match self {
            Basis::Agreement { .. } => None,
            Basis::BestInterests(d) | Basis::Safeguarding(d) | Basis::LifeAtRisk(d) => Some(d),
        }
    }
}

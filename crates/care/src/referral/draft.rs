//! What was chosen and not yet sent. Each step of asking keeps it, so that a telephone
//! call in between, or an evening, loses nothing. It belongs to the worker who writes.

use super::packet::{Choice, Parts, Receiver, broken, choices};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::consent::{Asked, Basis, Decided};
use kith_domain::contact::Channel;
use kith_domain::id::{ConsentId, NeedId, PersonId, RecordId, ReferralId, ServiceId};
use kith_domain::need::Need;
use kith_domain::record::Saved;
use kith_domain::referral::{PacketLine, Referral};
use kith_domain::time::{Day, Instant};
use kith_store::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A referral that is being written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReferDraft {
    /// The id it will have.
    pub referral: ReferralId,
    /// The id its agreement will have.
    pub consent: ConsentId,
    /// The name to call them by, as it was shown.
    pub call_them: String,
    /// The safe way to reach them, in words.
    pub contact: String,
    /// The lines that were chosen, in the words and versions that were shown.
    pub lines: Vec<PacketLine>,
    /// Their keys in the form.
    pub keys: Vec<String>,
    /// Changes with what would go: a page says which packet it showed.
    #[serde(default)]
    pub packet: Uuid,
    /// Why it may go; not said yet when none.
    pub basis: Option<BasisDraft>,
    /// Changes with why it may go.
    #[serde(default)]
    pub why: Uuid,
    /// The day by which they are asked to reply.
    pub reply_by: Option<Day>,
}

/// Why it may go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasisDraft {
    /// The person agreed.
    Agreed(Agreed),
    /// Without agreement, decided by somebody.
    Decided(DecidedBy, Decided),
}

/// The other bases.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// Best interests, Mental Capacity Act 2005.
    BestInterests,
    /// Safeguarding.
    Safeguarding,
    /// Life at risk.
    LifeAtRisk,
}

impl DecidedBy {
    /// Every one, once.
    pub const ALL: [DecidedBy; 3] =
        [DecidedBy::BestInterests, DecidedBy::Safeguarding, DecidedBy::LifeAtRisk];

    /// The form's code.
    pub fn code(self) -> &'static str {
        match self {
            DecidedBy::BestInterests => "best_interests",
            DecidedBy::Safeguarding => "safeguarding",
            DecidedBy::LifeAtRisk => "life_at_risk",
        }
    }
    /// From the form's code.
    pub fn from_code(code: &str) -> Option<DecidedBy> {
        DecidedBy::ALL.into_iter().find(|d| d.code() == code)
    }
    /// The basis with this decision.
    pub fn basis(self, decided: Decided) -> Basis {
        match self {
            DecidedBy::BestInterests => Basis::BestInterests(decided),
            DecidedBy::Safeguarding => Basis::Safeguarding(decided),
            DecidedBy::LifeAtRisk => Basis::LifeAtRisk(decided),
        }
    }
}

/// How the person agreed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Agreed {
    /// How they were asked.
    pub how: Asked,
    /// Who else was there; nobody when empty.
    pub present: String,
    /// Were they offered a moment alone?
    pub offered_alone: bool,
    /// Whole areas they said no to.
    pub no_areas: Vec<Area>,
    /// Lines they said no to, by key.
    pub no_lines: Vec<String>,
    /// What else they said no to, a line each.
    pub no_words: Vec<String>,
    /// Their own words.
    pub words: String,
    /// Any doubt whether they could decide this.
    pub capacity_doubt: Option<String>,
    /// With a doubt: which clinician was spoken to, and what they said.
    #[serde(default)]
    pub clinician: Option<String>,
    /// Who interpreted.
    #[serde(default)]
    pub interpreter: Option<String>,
    /// When.
    pub at: Instant,
}

impl ReferDraft {
    /// A new one, with the need alone chosen.
    pub(crate) fn new(asking: &Asking) -> ReferDraft {
        let first: Vec<Choice> =
            asking.choices.iter().take(1).filter(|c| c.why_not.is_none()).cloned().collect();
        ReferDraft {
            referral: ReferralId(Uuid::now_v7()),
            consent: ConsentId(Uuid::now_v7()),
            call_them: asking.parts.person.value.called.clone(),
            contact: asking.safe_ways().first().cloned().unwrap_or_default(),
            keys: first.iter().map(|c| c.key.clone()).collect(),
            lines: first.into_iter().map(|c| c.line).collect(),
            packet: Uuid::now_v7(),
            basis: None,
            why: Uuid::now_v7(),
            reply_by: None,
        }
    }

    /// The packet as a page showed it: a form sends this back, so that an agreement stands for the lines
    /// that were read and for no others.
    pub fn shown(&self) -> String {
        self.packet.to_string()
    }

    /// Packet and basis as the page before sending showed them: what goes is what was looked at.
    pub fn checked(&self) -> String {
        format!("{}.{}", self.packet, self.why)
    }

    /// Did the person say no to this line, in what is being written?
    pub fn said_no(&self, key: &str, line: &PacketLine) -> bool {
        match &self.basis {
            Some(BasisDraft::Agreed(a)) => {
                a.no_areas.contains(&line.area) || a.no_lines.iter().any(|k| k == key)
            }
            _ => false,
        }
    }

    /// The lines that go: those chosen, without those the person said no to.
    pub fn going(&self) -> Vec<PacketLine> {
        let pairs = self.keys.iter().zip(&self.lines);
        pairs.filter(|(key, line)| !self.said_no(key, line)).map(|(_, line)| line.clone()).collect()
    }

    /// The headings of lines that were chosen and do not go.
    pub fn held_back(&self) -> Vec<String> {
        let pairs = self.keys.iter().zip(&self.lines);
        pairs.filter(|(key, line)| self.said_no(key, line)).map(|(_, line)| line.heading.clone()).collect()
    }
}

/// Everything that the pages of asking need.
pub(crate) struct Asking {
    pub parts: Parts,
    pub need: Saved<Need>,
    pub to: Receiver,
    pub choices: Vec<Choice>,
    pub referrals: Vec<Saved<Referral>>,
    pub draft: Option<ReferDraft>,
    /// May this reader write down that the person said no?
    pub may_say_no: bool,
}

impl Asking {
    /// The ways the person says are safe, in words. Where a letter would go is said to nobody when it is
    /// sealed.
    pub(crate) fn safe_ways(&self) -> Vec<String> {
        let person = &self.parts.person.value;
        let ways = person.safe_contact.ways.iter();
        ways.filter(|way| !(person.address_sealed && way.channel == Channel::Letter)).map(way_words).collect()
    }
}

fn way_words(way: &kith_domain::contact::SafeWay) -> String {
    let hours = way.hours.map(|h| format!(", from {}:00 to {}:00", h.from, h.until)).unwrap_or_default();
    let voicemail = match way.voicemail_safe {
        Some(true) => ". A voicemail is safe",
        Some(false) => ". Leave no voicemail",
        None => "",
    };
    let shared = if way.shared { ". Others can see or hear it" } else { "" };
    let note = way.note.as_deref().map(|n| format!(". {n}")).unwrap_or_default();
    format!("{}: {}{hours}{voicemail}{shared}{note}", way.channel.title(), way.detail)
}

pub(crate) fn form_key(need: NeedId, service: ServiceId) -> String {
    format!("refer:{need}:{service}")
}

/// The draft as it was kept; one that this program cannot read any more is started anew.
pub(crate) async fn find(
    tx: &mut Tx,
    who: &Principal,
    need: NeedId,
    service: ServiceId,
) -> Result<Option<ReferDraft>, CareError> {
    let kept = tx.find_draft(&who.key(), &form_key(need, service)).await?;
    Ok(kept.and_then(|(_, body)| serde_json::from_str(&body).ok()))
}

/// Loads everything in one look. The look is the caller's to finish.
pub(crate) async fn load(
    look: &mut Looking<'_>,
    person: PersonId,
    need: NeedId,
    service: ServiceId,
) -> Result<Asking, CareError> {
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    if !look.may(&about.world, Action::SendReferral) {
        return Err(CareError::Forbidden("Only those who support this person ask services for them.".into()));
    }
    let parts = Parts {
        person: saved,
        needs: look.all(&about)?,
        goals: look.all(&about)?,
        steps: look.all(&about)?,
        sections: look.all(&about)?,
        consents: look.all(&about)?,
    };
    let need = parts.need(RecordId(need.0))?;
    let may_say_no = look.may_open::<Need>(&about, need.meta.id, Action::Update);
    let referrals = look.all::<Referral>(&about)?;
    let (kith, who) = (look.kith, look.who);
    let to = Receiver::load(kith, &mut look.tx, service, who.now).await?;
    let draft = find(&mut look.tx, who, need.id(), service).await?;
    let choices = choices(&parts, &need, &to, who.now, kith.calendar());
    Ok(Asking { parts, need, to, choices, referrals, draft, may_say_no })
}

impl Kith {
    /// Keeps what was chosen so far.
    pub(crate) async fn keep_refer_draft(
        &self,
        who: &Principal,
        person: PersonId,
        (need, service): (NeedId, ServiceId),
        draft: &ReferDraft,
    ) -> Result<(), CareError> {
        let body = serde_json::to_string(draft).map_err(|e| broken(&format!("draft: {e}")))?;
        let mut tx = self.store().write().await?;
        tx.save_draft(&who.key(), &form_key(need, service), Some(person), who.now, &body).await?;
        tx.commit().await?;
        Ok(())
    }
}

//! A whole made-up world, in the form of `access_scenarios.json`: organisations and their
//! agreements, users and their roles, people, items, and everything that ties them together.
//!
//! Fields that the published file does not have are the design's amendments (section 3 Access);
//! they are left out when empty, so that a world without them is written in the published form. Unknown
//! fields are ignored. A kind is any word: an unknown one is a note of that kind.

use crate::time::Time;
use crate::words::{Area, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that a decision may look at, apart from the request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct World {
    /// Organisations by id.
    pub orgs: BTreeMap<String, Org>,
    /// Accounts by id: staff, people, supporters and link holders.
    pub users: BTreeMap<String, User>,
    /// People by id.
    pub people: BTreeMap<String, Person>,
    /// Items of records by id.
    pub items: BTreeMap<String, Item>,
    /// Who works with whom, and when.
    pub care_team: Vec<CareTeam>,
    /// What people agreed to.
    pub consents: Vec<Consent>,
    /// Supporters and representatives.
    pub proxies: Vec<Proxy>,
    /// Referrals and their packets.
    pub referrals: Vec<Referral>,
    /// Conflicts of interest, declared or detected.
    pub conflicts: Vec<Conflict>,
    /// Programs that act for users.
    pub clients: BTreeMap<String, Client>,
    /// Decisions of the lived-experience panel.
    pub panel_decisions: Vec<PanelDecision>,
    /// Items given by the person to a named worker.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gifts: Vec<Gift>,
    /// Links of receivers without an account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Open matters of records officers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub record_cases: Vec<RecordCase>,
    /// Purposes by role, as the file gives them beside the world; empty for the built-in table.
    #[serde(skip)]
    pub role_purposes: BTreeMap<String, Vec<String>>,
}

/// An organisation and its data-sharing agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Org {
    /// The kind of organisation.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Whether there is an agreement.
    #[serde(default)]
    pub dsa: bool,
    /// The areas that the agreement covers.
    #[serde(default)]
    pub dsa_domains: Vec<Area>,
    /// When the agreement ends, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dsa_to: Option<Time>,
    /// Anything but `active` is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The one role it acts in.
    pub role: Role,
    /// The organisation it acts for.
    pub org: Option<String>,
    /// The partnership it belongs to.
    #[serde(default)]
    pub partnership: String,
    /// The person whose account it is; for staff, the person that they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Anything but `active` is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A person whose record it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// The partnership that holds the record.
    pub partnership: String,
    /// Whether other people use the person's phone or computer.
    pub shared_device: bool,
    /// Since when somebody is thought to be controlling the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coercion_flag_from: Option<Time>,
    /// When that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coercion_flag_to: Option<Time>,
    /// The supporters whom the person names; none named means all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coercion_supporters: Option<Vec<String>>,
    /// What those supporters still see.
    #[serde(skip_serializing_if = "SuspendedView::is_ended")]
    pub coercion_view: SuspendedView,
    /// The person said no to emergency access.
    #[serde(skip_serializing_if = "is_false", alias = "emergency_dissent")]
    pub dissent: bool,
    /// Telling the person would put somebody in danger.
    #[serde(skip_serializing_if = "is_false")]
    pub suppress_notice: bool,
}

/// What a suspended supporter sees, "as the person and their advocate choose".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspendedView {
    /// Nothing.
    #[default]
    Ended,
    /// What they had already seen, and nothing else.
    Frozen,
}

impl SuspendedView {
    fn is_ended(&self) -> bool {
        *self == SuspendedView::Ended
    }
}

/// One item of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Whose record.
    pub person: String,
    /// The organisation whose part of the record it is.
    pub org: String,
    /// What it is.
    #[serde(default)]
    pub kind: String,
    /// The area of life.
    pub domain: Area,
    /// S0 to S4.
    pub sensitivity: u8,
    /// Why it is S3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Further reasons why it is S3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Not shown to the person and their supporters.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden_from_portal: bool,
    /// About somebody else.
    #[serde(default, skip_serializing_if = "is_false")]
    pub third_party: bool,
    /// For a sealed item, the users named on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Time>,
    /// The current version, counted from 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub version: u32,
}

/// A worker in a person's care team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CareTeam {
    pub user: String,
    pub person: String,
    pub from: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

/// The person's agreement that an organisation sees an area for a purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    /// Its name.
    pub id: String,
    /// Who agreed.
    pub person: String,
    /// Who may see.
    pub org: String,
    /// What about.
    pub domains: Vec<Area>,
    /// What for.
    pub purposes: Vec<String>,
    /// The highest sensitivity.
    pub max_sensitivity: u8,
    /// The S3 categories that are named.
    #[serde(default)]
    pub categories: Vec<String>,
    /// When it begins.
    pub from: Time,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// When it was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Time>,
    /// When a decision made for the person (best interests, attorney) must be looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "review")]
    pub review_by: Option<Time>,
    /// Standing consent, or consent to one packet only.
    #[serde(default, skip_serializing_if = "ConsentKind::is_standing")]
    pub kind: ConsentKind,
}

/// Design 3: "Packet consent and standing consent (B4) are two kinds."
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// To what an organisation may see from now on.
    #[default]
    Standing,
    /// To what one packet holds.
    Packet,
}

impl ConsentKind {
    fn is_standing(&self) -> bool {
        *self == ConsentKind::Standing
    }
}

/// A supporter whom the person let in, or a representative with legal standing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proxy {
    /// The supporter's account.
    pub user: String,
    /// Whose supporter.
    pub person: String,
    /// Whether the person said yes.
    #[serde(default)]
    pub accepted: bool,
    /// The areas.
    pub domains: Vec<Area>,
    /// The actions, in the scenarios' words.
    pub actions: Vec<String>,
    /// The S3 categories that are named.
    #[serde(default)]
    pub categories: Vec<String>,
    /// When it begins.
    pub from: Time,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// A representative: proof of legal standing has been seen.
    #[serde(default, skip_serializing_if = "is_false")]
    pub proof_seen: bool,
    /// The items this supporter had seen before being suspended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
}

/// A referral and what was shared with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Referral {
    pub id: String,
    pub person: String,
    pub from_org: String,
    #[serde(default)]
    pub from_team: Vec<String>,
    pub to_org: String,
    #[serde(default)]
    pub team: Vec<String>,
    pub sent: Time,
    #[serde(default)]
    pub packet: Vec<PacketEntry>,
    #[serde(default)]
    pub events: Vec<Event>,
}

/// One line of a packet: an item, in the version that was shared. A bare id is version 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the names say it")]
pub enum PacketEntry {
    Item(String),
    Version { item: String, version: u32 },
}

impl PacketEntry {
    /// Whether this line is that version of that item.
    #[must_use]
    pub fn holds(&self, id: &str, asked: u32) -> bool {
        match self {
            PacketEntry::Item(item) => item == id && asked == 1,
            PacketEntry::Version { item, version } => item == id && asked == *version,
        }
    }
}

/// Something that happened to a referral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Event {
    pub at: Time,
    pub state: ReferralState,
}

/// How a referral stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the rule book's own")]
pub enum ReferralState {
    Sent,
    Accepted,
    #[serde(alias = "in_progress")]
    Active,
    Completed,
    Declined,
    Withdrawn,
    /// A state that the rule book does not name; it opens nothing.
    #[serde(other)]
    Unknown,
}

/// A worker and a person who are too close, or must not meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Conflict {
    pub user: String,
    pub person: String,
    #[serde(default)]
    pub kind: String,
    pub from: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

/// A program that acts for users.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Client {
    pub scopes: Vec<String>,
}

/// A recorded decision of the panel that makes a role exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PanelDecision {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enables_role: Option<Role>,
    pub decided: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Time>,
}

/// An item that the person gave to one worker, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Gift {
    pub item: String,
    pub user: String,
    pub from: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

/// A link sent to a receiver without an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The link holder's account, made for this link only.
    pub user: String,
    /// The referral it answers.
    pub referral: String,
    /// When it was issued.
    pub issued: Time,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Time>,
    /// When it was called back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Time>,
    /// When "we can probably help" and the holder's own name were given with the second code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can_probably_help: Option<Time>,
}

/// An open matter under the records duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct RecordCase {
    pub reference: String,
    pub org: String,
    pub person: String,
    pub officer: String,
    pub purpose: String,
    /// The second person who approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    pub from: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

fn one() -> u32 {
    1
}

fn is_one(value: &u32) -> bool {
    *value == 1
}

//! A service: something an organisation does for people, that can be found and, often,
//! referred to.

use super::{AdjustmentCode, Known, Language, NeedCode, Offer, Opening, sort_words};
use crate::area::{Area, Sensitivity};
use crate::id::{OrganisationId, ServiceId, TeamId};
use crate::link;
use crate::place::{Outward, PlaceCode, Point, Postcode};
use crate::record::{Author, Kind, Label, Link, Record};
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A service in the directory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The organisation that runs it.
    pub organisation: OrganisationId,
    /// The team that receives referrals through Kith; none when it takes none here.
    pub team: Option<TeamId>,
    /// What it does, in a few sentences.
    pub description: String,
    /// The areas of life it helps with, the main one first.
    pub areas: Vec<Area>,
    /// The needs it meets.
    pub needs: Vec<NeedCode>,
    /// Other words people may look for, such as the publisher's own type.
    pub keywords: Vec<String>,
    /// Whether it is running.
    pub status: ServiceStatus,
    /// Where it is.
    pub locations: Vec<Location>,
    /// Ways it can be had besides going there.
    pub delivery: Vec<Delivery>,
    /// Whom it serves, by where they live.
    pub serves: Serves,
    /// How to reach it.
    pub contact: Contact,
    /// Who it is for, and who not.
    pub eligibility: Eligibility,
    /// Whether there is space.
    pub capacity: Capacity,
    /// Adjustments it promises.
    pub adjustments: Vec<AdjustmentCode>,
    /// Adjustments it has said it cannot make. One in neither list is not said.
    pub cannot_adjust: Vec<AdjustmentCode>,
    /// Languages it can help in, besides English.
    pub languages: Vec<Language>,
    /// What it costs.
    pub cost: Cost,
    /// When it is open.
    pub opening: Opening,
    /// How to start.
    pub joining: Vec<Joining>,
    /// What it offers, where that is not help.
    #[serde(default, skip_serializing_if = "Offer::is_support")]
    pub offer: Offer,
    /// Where this entry comes from.
    pub source: Source,
    /// The day somebody last checked that it is right.
    pub checked: Option<Day>,
    /// The entry that stands for this one: somebody found that both are one service
    /// ([`super::one`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<ServiceId>,
}

/// Whether a service or group is running (HSDS `service.status`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceStatus {
    /// Running.
    #[default]
    Active,
    /// Not running now; nothing said about the future.
    Inactive,
    /// Ended for good.
    Defunct,
    /// Shut for a while.
    TemporarilyClosed,
}

impl ServiceStatus {
    /// Every status.
    pub const ALL: [ServiceStatus; 4] = [
        ServiceStatus::Active,
        ServiceStatus::Inactive,
        ServiceStatus::Defunct,
        ServiceStatus::TemporarilyClosed,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            ServiceStatus::Active => "active",
            ServiceStatus::Inactive => "inactive",
            ServiceStatus::Defunct => "defunct",
            ServiceStatus::TemporarilyClosed => "temporarily_closed",
        }
    }
    /// The form in Open Referral UK, which has a space in the last one.
    pub fn published(self) -> &'static str {
        match self {
            ServiceStatus::TemporarilyClosed => "temporarily closed",
            other => other.code(),
        }
    }
    /// From the stored or the published form.
    pub fn from_code(code: &str) -> Option<ServiceStatus> {
        let code = code.trim().to_lowercase();
        ServiceStatus::ALL.into_iter().find(|s| s.code() == code || s.published() == code)
    }
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            ServiceStatus::Active => "running",
            ServiceStatus::Inactive => "not running now",
            ServiceStatus::Defunct => "has ended",
            ServiceStatus::TemporarilyClosed => "closed for a while",
        }
    }
}

/// Where a service or group is. A secret place (a refuge) has no address, postcode or
/// point in any record, so that no export, page or log can let it out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "where")]
pub enum Location {
    /// Somewhere people can go.
    At {
        /// The building or room, when it has a name.
        name: Option<String>,
        /// Street, town: lines joined by commas, without the postcode.
        address: String,
        /// The postcode.
        postcode: Option<Postcode>,
        /// The point, from the publisher or else the middle of the postcode.
        point: Option<Point>,
        /// The neighbourhood, electoral ward and district, the smallest first.
        places: Vec<PlaceCode>,
    },
    /// Kept secret for safety: only the wider area is known.
    Confidential {
        /// Words for the area, such as "in Brackenford".
        area: String,
        /// The district or electoral ward; never a neighbourhood.
        place: Option<PlaceCode>,
    },
}

impl Location {
    /// A place with an address and a postcode, and nothing else yet.
    pub fn at(address: impl Into<String>, postcode: Option<Postcode>) -> Location {
        Location::At { name: None, address: address.into(), postcode, point: None, places: Vec::new() }
    }
    /// The point, when it may be known.
    pub fn point(&self) -> Option<Point> {
        match self {
            Location::At { point, .. } => *point,
            Location::Confidential { .. } => None,
        }
    }
    /// The postcode, when it may be known.
    pub fn postcode(&self) -> Option<&Postcode> {
        match self {
            Location::At { postcode, .. } => postcode.as_ref(),
            Location::Confidential { .. } => None,
        }
    }
    /// One line for a page.
    pub fn words(&self) -> String {
        match self {
            Location::At { name, address, postcode, .. } => {
                let parts =
                    [name.as_deref(), Some(address.as_str()), postcode.as_ref().map(Postcode::as_str)];
                parts.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
            }
            Location::Confidential { area, .. } => format!("{area} (the address is kept private for safety)"),
        }
    }
}

/// A way to have a service besides going there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// People go there.
    InPerson,
    /// Somebody comes to where the person is.
    HomeVisit,
    /// By phone.
    Phone,
    /// Online or by video.
    Online,
}

impl Delivery {
    /// Every way.
    pub const ALL: [Delivery; 4] =
        [Delivery::InPerson, Delivery::HomeVisit, Delivery::Phone, Delivery::Online];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Delivery::InPerson => "in_person",
            Delivery::HomeVisit => "home_visit",
            Delivery::Phone => "phone",
            Delivery::Online => "online",
        }
    }
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            Delivery::InPerson => "you go there",
            Delivery::HomeVisit => "they can come to you",
            Delivery::Phone => "by phone",
            Delivery::Online => "online",
        }
    }
    /// The way with this stored form.
    pub fn from_code(code: &str) -> Option<Delivery> {
        Delivery::ALL.into_iter().find(|d| d.code() == code)
    }
}

/// Whom a service serves, by where they live.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "serves")]
pub enum Serves {
    /// Nobody said.
    #[default]
    NotSaid,
    /// Wherever people live.
    Anywhere,
    /// People who live in one of these places, or whose postcode starts with one of these.
    Places {
        /// Neighbourhoods, electoral wards or districts.
        places: Vec<PlaceCode>,
        /// First halves of postcodes.
        postcodes: Vec<Outward>,
    },
}

/// How to reach a service or group.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Phone, as the publisher writes it.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Web page, http or https only.
    pub url: Option<String>,
}

impl Contact {
    /// Is there no way at all?
    pub fn is_empty(&self) -> bool {
        self.phone.is_none() && self.email.is_none() && self.url.is_none()
    }
}

/// Who a service is for, as data where it can be and in words where it cannot.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Eligibility {
    /// Youngest age, in whole years, included.
    pub age_min: Option<u8>,
    /// Oldest age, in whole years, included.
    pub age_max: Option<u8>,
    /// Women, men or everyone, with the stated policy.
    pub gender: GenderPolicy,
    /// May people come who drink or use drugs?
    pub substance_use_ok: Known,
    /// Does a person need a diagnosis?
    pub needs_diagnosis: Known,
    /// Who it says it is not for, each a short phrase.
    pub not_for: Vec<String>,
    /// The rest, in words.
    pub text: String,
}

/// Who is welcome by gender. Where it is not everyone, the policy is stated in words and
/// shown before anybody goes, so that nobody finds out at the door.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "for")]
pub enum GenderPolicy {
    /// Nobody said.
    #[default]
    NotSaid,
    /// Everyone.
    Everyone,
    /// Women.
    Women {
        /// The policy, in words: which women, and who decides.
        policy: String,
    },
    /// Men.
    Men {
        /// The policy, in words.
        policy: String,
    },
    /// Something else, in words.
    Other {
        /// The policy, in words.
        policy: String,
    },
}

/// Whether there is space, who said so and when.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Capacity {
    /// Whether there is space.
    pub space: Space,
    /// A note, such as "women's group only".
    pub note: String,
    /// When it was said.
    pub said_at: Option<Instant>,
    /// Who said it.
    pub said_by: Option<Author>,
}

/// Whether there is space. The kinds are those of the HL7 SDOH Clinical Care guide
/// (capacity of a referral target), in plain words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "space")]
pub enum Space {
    /// Nobody said.
    #[default]
    NotSaid,
    /// Open to new people.
    Open,
    /// Takes people onto a waiting list.
    WaitingList,
    /// Full, until a day if one is known.
    Full {
        /// The first day on which it may be asked again.
        until: Option<Day>,
    },
    /// Talks with each person first to see whether there is space.
    AssessmentFirst,
}

impl Space {
    /// The space as it is on `today`: "full until" a day that has come is no longer said.
    pub fn on(self, today: Day) -> Space {
        match self {
            Space::Full { until: Some(day) } if day <= today => Space::NotSaid,
            other => other,
        }
    }
    /// Can somebody be referred today?
    pub fn takes_people(self, today: Day) -> bool {
        !matches!(self.on(today), Space::Full { .. })
    }
    /// The words on a page.
    pub fn words(self) -> String {
        match self {
            Space::NotSaid => "has not said whether there is space".to_owned(),
            Space::Open => "open to new people".to_owned(),
            Space::WaitingList => "has a waiting list".to_owned(),
            Space::Full { until: Some(day) } => format!("full until {}", crate::next_date::words_of(day)),
            Space::Full { until: None } => "full".to_owned(),
            Space::AssessmentFirst => "talks with you first to see if there is space".to_owned(),
        }
    }
    /// The short stored form, for lists and forms.
    pub fn code(self) -> &'static str {
        match self {
            Space::NotSaid => "not_said",
            Space::Open => "open",
            Space::WaitingList => "waiting_list",
            Space::Full { .. } => "full",
            Space::AssessmentFirst => "assessment_first",
        }
    }
}

/// What it costs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Is it free?
    pub free: Known,
    /// The rest, in words: "£2 for tea, nobody is turned away".
    pub text: String,
}

/// A way to start with a service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joining {
    /// Somebody refers the person.
    Referral,
    /// Just go.
    WalkIn,
    /// The person asks, by phone, e-mail or form.
    Ask,
}

impl Joining {
    /// Every way.
    pub const ALL: [Joining; 3] = [Joining::Referral, Joining::WalkIn, Joining::Ask];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Joining::Referral => "referral",
            Joining::WalkIn => "walk_in",
            Joining::Ask => "ask",
        }
    }
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            Joining::Referral => "someone refers you",
            Joining::WalkIn => "just go along",
            Joining::Ask => "you can ask for it yourself",
        }
    }
    /// The way with this stored form.
    pub fn from_code(code: &str) -> Option<Joining> {
        Joining::ALL.into_iter().find(|j| j.code() == code)
    }
}

/// Where an entry comes from, so that it can be credited, found again and corrected.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Source {
    /// Who published it. Empty: written here.
    pub publisher: String,
    /// Which of the publisher's lists it stands in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub list: String,
    /// Under which licence.
    pub licence: String,
    /// The words the licence asks for.
    pub attribution: String,
    /// Where it was published.
    pub url: Option<String>,
    /// The same for the same entry each time it is imported: the publisher's identifier,
    /// or name and postcode where it has none.
    pub identifier: Option<String>,
    /// The row of the file, counted as a spreadsheet does: the heading is row 1.
    pub row: Option<u32>,
    /// When it was fetched.
    pub fetched_at: Option<Instant>,
    /// A fingerprint of what the publisher last said in each field. A field whose value has
    /// another one was corrected here, and stays when the list is brought in again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub said: BTreeMap<String, String>,
}

impl Service {
    /// A service with a name and an organisation, and nothing else said.
    pub fn new(name: impl Into<String>, organisation: OrganisationId) -> Service {
        Service {
            name: name.into(),
            organisation,
            team: None,
            description: String::new(),
            areas: Vec::new(),
            needs: Vec::new(),
            keywords: Vec::new(),
            status: ServiceStatus::Active,
            locations: Vec::new(),
            delivery: Vec::new(),
            serves: Serves::NotSaid,
            contact: Contact::default(),
            eligibility: Eligibility::default(),
            capacity: Capacity::default(),
            adjustments: Vec::new(),
            cannot_adjust: Vec::new(),
            languages: Vec::new(),
            cost: Cost::default(),
            opening: Opening::default(),
            joining: Vec::new(),
            offer: Offer::Support,
            source: Source::default(),
            checked: None,
            replaced_by: None,
        }
    }

    /// The area it is filed under.
    pub fn main_area(&self) -> Area {
        self.areas.first().copied().unwrap_or(Area::Connection)
    }
}

impl Record for Service {
    const KIND: Kind = Kind::Service;

    fn label(&self) -> Label {
        Label::of(self.main_area(), Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        self.status.code()
    }
    fn links(&self) -> Vec<Link> {
        let mut links = vec![Link::to("organisation", self.organisation)];
        links.extend(self.team.map(|team| Link::to("receiver_team", team)));
        links.extend(self.replaced_by.map(|other| Link::to(link::REPLACED_BY, other)));
        links
    }
    fn sort_key(&self) -> String {
        sort_words(&self.name)
    }
}

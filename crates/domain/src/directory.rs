//! The directory: services, groups and their sessions, as a place knows them.
//!
//! The shape is that of Open Referral UK (HSDS 3), so that it can be published and read
//! by others, with what that standard leaves out and people need before they go
//! anywhere: whether there is space, who said so and when, what adjustments are
//! promised, who it is *not* for, how to join, what is written down, and when anybody
//! last checked. "Not said" is kept apart from "no" everywhere.
//!
//! Directory records are about no person (sensitivity S0) and may be shown to anyone. An
//! address that must stay secret is therefore never in them: see [`Location`].

pub mod adjustments;
pub mod correct;
pub mod days;
pub mod group;
pub mod hours;
pub mod interests;
pub mod needs;
pub mod offer;
pub mod one;
pub mod quality;
pub mod rhythm;
pub mod service;

pub use adjustments::{Adjustment, AdjustmentCode, Moment};
pub use group::{Group, GroupJoining, Session, SessionChange, Welcome, WrittenDown};
pub use hours::{DayHours, HoursError, Opening, Span, Week, Weekday};
pub use interests::{Interest, InterestCode, InterestGroup};
pub use needs::{NeedCode, NeedKind};
pub use offer::{Offer, WorkKind};
pub use rhythm::{Every, Meeting, MeetingState, Nth, Rhythm};
pub use service::{
    Capacity, Contact, Cost, Delivery, Eligibility, GenderPolicy, Joining, Location, Serves, Service,
    ServiceStatus, Source, Space,
};

use serde::{Deserialize, Serialize};
use std::fmt;

/// A fact that somebody may have stated, either way, or not. Not said is never no.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Somebody said yes.
    Yes,
    /// Somebody said no.
    No,
    /// Nobody said.
    #[default]
    NotSaid,
}

impl Known {
    /// From a column that may be empty.
    pub fn from_option(answer: Option<bool>) -> Known {
        match answer {
            Some(true) => Known::Yes,
            Some(false) => Known::No,
            None => Known::NotSaid,
        }
    }
    /// The word on a page.
    pub fn words(self) -> &'static str {
        match self {
            Known::Yes => "yes",
            Known::No => "no",
            Known::NotSaid => "not said",
        }
    }
}

/// The text is not a code of that list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is not in the list of {list}")]
pub struct NotACode {
    /// What was given.
    pub code: String,
    /// The list, as people call it.
    pub list: &'static str,
}

/// A code of one of our lists. `parse` accepts only what is on the list today; stored
/// values are read as they are, so that a code taken off the list stays readable.
macro_rules! list_code {
    ($(#[$doc:meta])* $name:ident, $list:literal, $find:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads a code of the list.
            ///
            /// # Errors
            /// The code is not on the list.
            pub fn parse(code: &str) -> Result<$name, $crate::directory::NotACode> {
                let code = code.trim();
                match $find(code) {
                    Some(_) => Ok($name(code.to_owned())),
                    None => Err($crate::directory::NotACode { code: code.chars().take(60).collect(), list: $list }),
                }
            }
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
            /// The plain words for it; the code itself when it left the list.
            pub fn label(&self) -> &str {
                $find(&self.0).map_or(self.0.as_str(), |entry| entry.label)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::directory::NotACode;
            fn from_str(code: &str) -> Result<$name, $crate::directory::NotACode> {
                $name::parse(code)
            }
        }
    };
}
pub(crate) use list_code;

/// A language people can be helped in, by its English name or ISO 639 code as published.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(pub String);

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key for people-facing order: lower case, one space between words.
pub(crate) fn sort_words(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::{Area, Sensitivity};
    use crate::id::{GroupId, OrganisationId, TeamId};
    use crate::record::{Link, Record};
    use jiff::civil::{Time, date};
    use uuid::Uuid;

    fn round_trip<T: Record + PartialEq + fmt::Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    }

    #[test]
    fn records_are_stored_and_read_alike_and_are_about_nobody() {
        let organisation = OrganisationId(Uuid::from_u128(1));
        let team = TeamId(Uuid::from_u128(2));
        let mut service = Service::new("  Debt   Advice ", organisation);
        service.team = Some(team);
        service.areas = vec![Area::Money, Area::Housing];
        service.locations = vec![Location::Confidential { area: "in Brackenford".to_owned(), place: None }];
        service.eligibility.gender = GenderPolicy::Women { policy: "All women".to_owned() };
        service.capacity.space = Space::Full { until: Some(date(2026, 12, 1)) };
        service.opening.week.0[2] = DayHours::parse("9am-1pm").unwrap();
        service.serves = Serves::Places { places: Vec::new(), postcodes: Vec::new() };
        round_trip(&service);
        assert_eq!((service.label().area, service.label().sensitivity), (Area::Money, Sensitivity::S0));
        assert_eq!(service.sort_key(), "debt advice");
        assert_eq!(
            service.links(),
            [Link::to("organisation", organisation), Link::to("receiver_team", team)]
        );

        let rhythm = Rhythm::weekly(Weekday::Tuesday, Time::constant(10, 0, 0, 0), 90, date(2026, 1, 1));
        let mut group = Group::new("Breakfast", organisation, Location::at("The hall", None), rhythm);
        group.rhythm.every = Every::Month { which: Nth::Last, on: Weekday::Friday };
        round_trip(&group);
        assert_eq!(group.written_down, WrittenDown::HeadCount, "names are never the default");

        let special = SessionChange::Special {
            starts: Time::constant(14, 0, 0, 0),
            minutes: 60,
            location: Some(Location::at("The park", None)),
            note: "walk".to_owned(),
        };
        let group = GroupId(Uuid::from_u128(3));
        let session =
            Session { group, area: Area::Connection, day: date(2026, 12, 1), change: special, came: Some(7) };
        round_trip(&session);
        assert_eq!((session.state(), session.links()), ("special", vec![Link::to("group", group)]));
    }

    #[test]
    fn codes_of_a_list_are_checked_when_parsed_and_readable_when_stored() {
        assert!(NeedCode::parse("money-debt").is_ok());
        let wrong = NeedCode::parse("money-dept").unwrap_err();
        assert_eq!(wrong.to_string(), "\"money-dept\" is not in the list of needs");
        let gone: AdjustmentCode = serde_json::from_str("\"adj-that-left\"").unwrap();
        assert_eq!(gone.label(), "adj-that-left");
    }
}

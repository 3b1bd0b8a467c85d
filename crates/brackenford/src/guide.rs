//! What to look for in Brackenford, and as whom to sign in: kept in the database as the
//! setting `demo_guide`, which the demo's sign-in page reads.

use kith_domain::id::{PersonId, WorkerId};
use serde::{Deserialize, Serialize};

/// The name of the setting.
pub const SETTING: &str = "demo_guide";

/// Who can be signed in as, and what can be found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DemoGuide {
    /// Made-up people to sign in as, at their own plan. Every worker can be signed in as.
    pub people: Vec<GuidePerson>,
    /// The situations.
    pub situations: Vec<Situation>,
    /// Situations that the design asks for and Kith cannot hold yet, in words.
    pub later: Vec<String>,
}

/// A made-up person who can be signed in as.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GuidePerson {
    /// Who.
    pub person: PersonId,
    /// The name they like to be called.
    pub called: String,
    /// Who they are, in a line.
    pub about: String,
}

/// Something to find.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Situation {
    /// A stable name.
    pub key: String,
    /// What it is, in a line.
    pub title: String,
    /// Where to look, in words.
    pub look: String,
    /// The worker to sign in as.
    pub worker: Option<WorkerId>,
    /// The person it is about.
    pub person: Option<PersonId>,
    /// The name they like to be called.
    pub called: Option<String>,
}

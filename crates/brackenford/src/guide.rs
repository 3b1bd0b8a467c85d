//! What to look for in Brackenford, and as whom to sign in: kept in the database as the
//! setting `demo_guide`, so that the demo's sign-in page can list it.

use kith_domain::id::{OrganisationId, PersonId, WorkerId};
use kith_domain::organisation::WorkRole;
use serde::{Deserialize, Serialize};

/// The name of the setting.
pub const SETTING: &str = "demo_guide";

/// Who can be signed in as, and what can be found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DemoGuide {
    /// The made-up users.
    pub users: Vec<DemoUser>,
    /// The situations.
    pub situations: Vec<Situation>,
    /// Situations of the design that Kith cannot hold yet, in words.
    pub later: Vec<String>,
}

/// A made-up user.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DemoUser {
    /// A short key, used by situations.
    pub key: String,
    /// Their name.
    pub name: String,
    /// What they do and where, in words.
    pub words: String,
    /// Who they are to the program; the form is that of a session's identity.
    pub identity: DemoIdentity,
}

/// Who somebody is to the program.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum DemoIdentity {
    /// A worker, acting for one organisation in one role.
    Worker {
        /// The worker.
        worker: WorkerId,
        /// For which organisation.
        organisation: OrganisationId,
        /// In which role.
        role: WorkRole,
    },
    /// The person.
    Person {
        /// The person.
        person: PersonId,
        /// Came in with a paper code only.
        paper_code: bool,
    },
}

/// Something to find.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Situation {
    /// A stable name.
    pub key: String,
    /// What it is, in words.
    pub words: String,
    /// As whom to sign in: the key of a user; empty for anybody.
    pub sign_in: String,
    /// The person it is about.
    pub person: Option<PersonId>,
    /// The name they like to be called.
    pub called: Option<String>,
    /// Where to look, in words.
    pub look: String,
}

//! The chooser of the made-up place: who can be tried, and the situations to look for.
//! Works only where the generator marked the database when it made it.

use super::session::MadeUpUser;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Identity;
use kith_domain::id::{OrganisationId, PersonId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::time::Instant;
use serde::{Deserialize, Serialize};

/// The setting in which the generator leaves its guide.
pub const GUIDE_SETTING: &str = "demo_guide";

/// What the generator says about the place it made. The generator writes it; this reads
/// the same form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    /// The users to begin with.
    pub users: Vec<GuideUser>,
    /// Situations, and how to find each.
    pub situations: Vec<Situation>,
    /// Situations that Kith cannot hold yet, in words.
    pub later: Vec<String>,
}

/// A made-up user of the guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideUser {
    /// A short key, used by situations.
    pub key: String,
    /// Their name.
    pub name: String,
    /// What they do and where.
    pub words: String,
    /// Who they are to the program.
    pub identity: Identity,
}

impl GuideUser {
    /// The value that the chooser's form sends.
    pub fn form_key(&self) -> Option<String> {
        match self.identity {
            Identity::Worker { worker, organisation, role } => {
                Some(MadeUpUser::Worker { worker, organisation, role }.key())
            }
            Identity::Person { person, .. } => Some(MadeUpUser::Person { person }.key()),
            _ => None,
        }
    }
}

/// One situation of the made-up place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Situation {
    /// A stable name.
    pub key: String,
    /// What it is, in a line.
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

/// A worker on the chooser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceWorker {
    /// What the form sends.
    pub key: String,
    /// The name.
    pub name: String,
    /// The role in words.
    pub role: &'static str,
    /// The organisation.
    pub organisation: String,
    /// The worker.
    pub worker: WorkerId,
}

/// Everything on the chooser.
#[derive(Clone, Debug, Default)]
pub struct Chooser {
    /// Workers who can sign in today, by organisation and name.
    pub workers: Vec<ChoiceWorker>,
    /// The generator's guide.
    pub guide: Guide,
}

impl MadeUpUser {
    /// The value that the chooser's form sends.
    pub fn key(&self) -> String {
        match self {
            MadeUpUser::Worker { worker, organisation, role } => {
                format!("worker.{worker}.{organisation}.{}", role.code())
            }
            MadeUpUser::Person { person } => format!("person.{person}"),
        }
    }

    /// The user with this value.
    pub fn from_key(key: &str) -> Option<MadeUpUser> {
        let parts: Vec<&str> = key.split('.').collect();
        match parts.as_slice() {
            ["person", person] => Some(MadeUpUser::Person { person: person.parse().ok()? }),
            ["worker", worker, organisation, role] => Some(MadeUpUser::Worker {
                worker: worker.parse::<WorkerId>().ok()?,
                organisation: organisation.parse::<OrganisationId>().ok()?,
                role: WorkRole::from_code(role)?,
            }),
            _ => None,
        }
    }
}

impl Kith {
    /// Who can be tried.
    ///
    /// # Errors
    /// This is not the made-up place: then the page is not there.
    pub async fn made_up_users(&self, now: Instant) -> Result<Chooser, CareError> {
        if !self.is_made_up() {
            return Err(CareError::Missing);
        }
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let guide = tx.find_setting(GUIDE_SETTING).await?;
        let guide = guide.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let today = self.calendar().day(now);
        let mut workers: Vec<ChoiceWorker> = Vec::new();
        for (id, worker) in &partnership.facts.workers {
            if !worker.active(today) {
                continue;
            }
            for m in worker.memberships.iter().filter(|m| m.in_date(today)) {
                let user = MadeUpUser::Worker { worker: *id, organisation: m.organisation, role: m.role };
                workers.push(ChoiceWorker {
                    key: user.key(),
                    name: worker.name.clone(),
                    role: m.role.title(),
                    organisation: partnership.organisation_name(m.organisation).unwrap_or_default(),
                    worker: *id,
                });
            }
        }
        workers.sort_by(|a, b| (&a.organisation, &a.name, a.role).cmp(&(&b.organisation, &b.name, b.role)));
        workers.dedup_by(|a, b| a.key == b.key);
        Ok(Chooser { workers, guide })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn keys_are_read_as_they_were_written() {
        let person = MadeUpUser::Person { person: PersonId(Uuid::now_v7()) };
        let worker = MadeUpUser::Worker {
            worker: WorkerId(Uuid::now_v7()),
            organisation: OrganisationId(Uuid::now_v7()),
            role: WorkRole::Navigator,
        };
        for user in [person, worker] {
            assert_eq!(MadeUpUser::from_key(&user.key()), Some(user));
        }
        for nonsense in ["", "person", "person.x", "worker.a.b.c", "admin"] {
            assert_eq!(MadeUpUser::from_key(nonsense), None);
        }
    }
}

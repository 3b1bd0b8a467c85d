//! What changed, after the beginning, about no person: capacities, closures, leave. It is
//! gathered first and then written in the order of time, as it happened.

use crate::pen::{BrackenfordError, Pen};
use kith_domain::directory::{Group, Service, Session};
use kith_domain::id::{GroupId, OrganisationId, RecordId, ServiceId, TeamId, WorkerId};
use kith_domain::organisation::{Organisation, Team, Worker};
use kith_store::{NewRecord, Writing};

/// A change to a value of this kind.
pub type Change<T> = Box<dyn FnOnce(&mut T) + Send>;

/// What changes.
pub enum What {
    /// An organisation.
    Organisation(OrganisationId, Change<Organisation>),
    /// A team.
    Team(TeamId, Change<Team>),
    /// A worker.
    Worker(WorkerId, Change<Worker>),
    /// A service.
    Service(ServiceId, Change<Service>),
    /// A group.
    Group(GroupId, Change<Group>),
    /// Something about one day of a group.
    Session(RecordId, OrganisationId, Box<Session>),
}

/// One change, with who made it and when.
pub struct Later {
    /// Who, when, why.
    pub writing: Writing,
    /// What was done, in words.
    pub action: &'static str,
    /// What changes.
    pub what: What,
}

/// Writes them in the order of time.
///
/// # Errors
/// The database could not do it.
pub async fn write(pen: &mut Pen<'_>, mut changes: Vec<Later>) -> Result<(), BrackenfordError> {
    changes.sort_by_key(|c| c.writing.at);
    for Later { writing, action, what } in changes {
        match what {
            What::Organisation(id, f) => pen.change::<Organisation>(&writing, action, id.into(), f).await?,
            What::Team(id, f) => pen.change::<Team>(&writing, action, id.into(), f).await?,
            What::Worker(id, f) => pen.change::<Worker>(&writing, action, id.into(), f).await?,
            What::Service(id, f) => pen.change::<Service>(&writing, action, id.into(), f).await?,
            What::Group(id, f) => pen.change::<Group>(&writing, action, id.into(), f).await?,
            What::Session(id, owner, session) => {
                pen.create(&writing, action, NewRecord { id, person: None, owner }, &*session).await?;
            }
        }
    }
    Ok(())
}

//! Keeping the directory true: what people say of an entry, what came of asking there, entries that
//! may be one, and asking those who run them whether all of it is still right.
//!
//! Nothing changes by itself. What somebody says becomes a question with a holder and a date
//! ([`kith_domain::listing_question`]); somebody settles it. What is measured is shown beside what
//! the owner claims, with how many people it comes from and through the disclosure gate.

pub mod correct;
pub mod coverage;
pub mod days;
pub mod doubt;
pub mod quality;
pub mod twins;
pub mod unchecked;
pub mod used;

use crate::directory::Directory;
use crate::error::CareError;
use kith_domain::directory::{Group, Service};
use kith_domain::id::OrganisationId;
use kith_domain::listing_question::Listed;
use kith_domain::record::Saved;

/// An entry of the directory with its version.
#[derive(Clone, Debug)]
pub enum Stored {
    /// A service.
    Service(Saved<Service>),
    /// A group.
    Group(Saved<Group>),
}

impl Stored {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Stored::Service(s) => &s.value.name,
            Stored::Group(g) => &g.value.name,
        }
    }
    /// The organisation that runs it.
    pub fn organisation(&self) -> OrganisationId {
        match self {
            Stored::Service(s) => s.value.organisation,
            Stored::Group(g) => g.value.organisation,
        }
    }
    /// Its version.
    pub fn version(&self) -> u32 {
        match self {
            Stored::Service(s) => s.meta.version,
            Stored::Group(g) => g.meta.version,
        }
    }
    /// The organisation in whose journal it stands.
    pub(crate) fn owner(&self) -> OrganisationId {
        match self {
            Stored::Service(s) => s.meta.owner,
            Stored::Group(g) => g.meta.owner,
        }
    }
}

/// The entry as it stands; where another service stands for it, that one.
pub(crate) fn stored(directory: &Directory, about: Listed) -> Result<(Listed, Stored), CareError> {
    match about {
        Listed::Service(id) => {
            let id = directory.stands_for(id).ok_or(CareError::Missing)?;
            let saved = directory.services.get(&id).ok_or(CareError::Missing)?;
            Ok((Listed::Service(id), Stored::Service(saved.as_ref().clone())))
        }
        Listed::Group(id) => {
            let saved = directory.groups.get(&id).ok_or(CareError::Missing)?;
            Ok((about, Stored::Group(saved.as_ref().clone())))
        }
    }
}

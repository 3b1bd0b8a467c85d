//! The directory in memory: every service and group, as they are in one snapshot.

use crate::error::CareError;
use kith_domain::directory::{Group, Service, Session};
use kith_domain::id::{GroupId, ServiceId};
use kith_domain::record::Saved;
use kith_store::Tx;
use std::collections::BTreeMap;

/// Services, groups and sessions. All of it is public.
pub struct Directory {
    /// The services, by id.
    pub services: BTreeMap<ServiceId, Saved<Service>>,
    /// The groups, by id.
    pub groups: BTreeMap<GroupId, Saved<Group>>,
    /// Sessions that differ from a group's rhythm: cancelled or special.
    pub sessions: Vec<Saved<Session>>,
}

impl Directory {
    pub(crate) async fn load(tx: &mut Tx) -> Result<Directory, CareError> {
        let services = tx.list_common::<Service>().await?;
        let groups = tx.list_common::<Group>().await?;
        let sessions = tx.list_common::<Session>().await?;
        Ok(Directory {
            services: services.into_iter().map(|s| (s.id(), s)).collect(),
            groups: groups.into_iter().map(|g| (g.id(), g)).collect(),
            sessions,
        })
    }
}

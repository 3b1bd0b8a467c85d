//! The directory in memory: every service and group, as they are in one snapshot. It is read whole once;
//! after that only what changed since is taken in.
//!
//! An entry that somebody found to be one with another does not stand among the services: it leads
//! to the one that stands ([`Directory::stands_for`]), so that an old address still answers.

use crate::error::CareError;
use kith_domain::directory::{Group, Service, Session};
use kith_domain::id::{GroupId, RecordId, ServiceId};
use kith_domain::record::{Kind, Saved};
use kith_store::Tx;
use std::collections::BTreeMap;
use std::sync::Arc;

/// When more entries than this changed, reading everything is no slower.
const MOST_TAKEN_IN: u32 = 20_000;

/// Services, groups and sessions. All of it is public.
#[derive(Clone)]
pub struct Directory {
    /// The revision of this copy: [`kith_store::setting::DIRECTORY_REVISION`].
    pub revision: i64,
    /// The services that stand, by id.
    pub services: BTreeMap<ServiceId, Arc<Saved<Service>>>,
    /// Services for which another one stands.
    pub replaced: BTreeMap<ServiceId, Arc<Saved<Service>>>,
    /// The groups, by id.
    pub groups: BTreeMap<GroupId, Arc<Saved<Group>>>,
    /// Sessions that differ from a group's rhythm: cancelled or special.
    pub sessions: Vec<Saved<Session>>,
}

/// The entries that changed since a revision.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    /// Services.
    pub services: Vec<RecordId>,
    /// Groups.
    pub groups: Vec<RecordId>,
    /// Did a session?
    pub sessions: bool,
}

impl Changes {
    /// What changed since a revision; none when it is so much that everything is read anew.
    pub(crate) async fn since(tx: &mut Tx, revision: i64) -> Result<Option<Changes>, CareError> {
        let rows = tx.list_directory_changes(revision, MOST_TAKEN_IN).await?;
        if rows.len() > MOST_TAKEN_IN as usize {
            return Ok(None);
        }
        let mut changes = Changes::default();
        for (kind, id) in rows {
            match kind {
                Kind::Service => changes.services.push(id),
                Kind::Group => changes.groups.push(id),
                _ => changes.sessions = true,
            }
        }
        Ok(Some(changes))
    }
}

impl Directory {
    /// Everything there is.
    pub(crate) async fn load(tx: &mut Tx, revision: i64) -> Result<Directory, CareError> {
        let services = tx.list_common::<Service>().await?;
        let groups = tx.list_common::<Group>().await?;
        let sessions = tx.list_common::<Session>().await?;
        let (replaced, services) = services
            .into_iter()
            .map(|s| (s.id(), Arc::new(s)))
            .partition(|(_, s)| s.value.replaced_by.is_some());
        Ok(Directory {
            revision,
            services,
            replaced,
            groups: groups.into_iter().map(|g| (g.id(), Arc::new(g))).collect(),
            sessions,
        })
    }

    /// The service that stands for this one: itself, or the one that it was joined to. None when
    /// there is no such service.
    pub fn stands_for(&self, id: ServiceId) -> Option<ServiceId> {
        let mut at = id;
        // A chain can be no longer than there are entries in it.
        for _ in 0..=self.replaced.len() {
            match self.replaced.get(&at).and_then(|s| s.value.replaced_by) {
                Some(next) => at = next,
                None => return self.services.contains_key(&at).then_some(at),
            }
        }
        None
    }

    /// This copy with what has changed since, where that can be told.
    pub(crate) async fn brought_up_to(
        &self,
        tx: &mut Tx,
        revision: i64,
    ) -> Result<Option<Directory>, CareError> {
        let Some(changes) = Changes::since(tx, self.revision).await? else { return Ok(None) };
        let mut fresh = Directory { revision, ..self.clone() };
        for id in &changes.services {
            fresh.services.remove(&ServiceId::from(*id));
            fresh.replaced.remove(&ServiceId::from(*id));
        }
        let services = tx.list_common_of::<Service>(&changes.services).await?;
        for saved in services {
            let (id, there) = (saved.id(), saved.value.replaced_by.is_some());
            let side = if there { &mut fresh.replaced } else { &mut fresh.services };
            side.insert(id, Arc::new(saved));
        }
        for id in &changes.groups {
            fresh.groups.remove(&GroupId::from(*id));
        }
        let groups = tx.list_common_of::<Group>(&changes.groups).await?;
        fresh.groups.extend(groups.into_iter().map(|g| (g.id(), Arc::new(g))));
        if changes.sessions {
            fresh.sessions = tx.list_common::<Session>().await?;
        }
        Ok(Some(fresh))
    }

    /// The directory in this snapshot, out of an earlier copy where there is one.
    pub(crate) async fn in_snapshot(
        tx: &mut Tx,
        revision: i64,
        earlier: Option<Arc<Directory>>,
    ) -> Result<Directory, CareError> {
        if let Some(earlier) = earlier.filter(|d| d.revision < revision)
            && let Some(fresh) = earlier.brought_up_to(tx, revision).await?
        {
            return Ok(fresh);
        }
        Directory::load(tx, revision).await
    }
}

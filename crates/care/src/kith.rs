//! A partnership's Kith, open: the database, the decider, the calendar, and what is kept
//! in memory between requests. Nothing kept in memory is about a person, and each copy
//! is compared with its revision in the request's own snapshot.

use crate::directory::Directory;
use crate::error::{CareError, Fault};
use crate::figures::Kept;
use crate::find::{Shelf, Waits};
use crate::listing::twins::Twins;
use crate::listing::used::Measured;
use crate::partnership::Partnership;
use crate::sign_in::password;
use kith_access::Decider;
use kith_domain::id::RecordId;
use kith_domain::organisation::Place;
use kith_domain::record::Saved;
use kith_domain::time::Calendar;
use kith_store::setting::{DIRECTORY_REVISION, MADE_UP, PARTNERSHIP_REVISION};
use kith_store::{Store, Tx};
use std::sync::{Arc, RwLock};
use uuid::Uuid;

struct Inner {
    store: Store,
    decider: Decider,
    calendar: Calendar,
    made_up: bool,
    decoy_hash: String,
    partnership: RwLock<Option<(i64, Arc<Partnership>)>>,
    directory: RwLock<Option<(i64, Arc<Directory>)>>,
    waits: Waits,
    shelf: Shelf,
    counted: Kept,
    twins: Twins,
    measured: Measured,
}

/// A partnership's Kith. Cheap to clone.
#[derive(Clone)]
pub struct Kith {
    inner: Arc<Inner>,
}

impl Kith {
    /// Opens a partnership over its database.
    ///
    /// # Errors
    /// The database holds no partnership yet (say so: `kith demo` or `kith init`), the
    /// policies do not validate, or the zone of the place is unknown.
    pub async fn open(store: Store) -> Result<Kith, CareError> {
        let mut tx = store.read().await?;
        let place = place_of(&mut tx).await?;
        let made_up = tx.find_setting(MADE_UP).await?.is_some();
        drop(tx);
        let broken = |e: &dyn std::fmt::Display| CareError::from(Fault::Broken(e.to_string()));
        let holidays = Calendar::england();
        let calendar = holidays.in_zone(&place.value.zone).map_err(|e| broken(&e))?;
        let decider = Decider::new().map_err(|e| broken(&e))?;
        let decoy_hash = tokio::task::spawn_blocking(|| password::hash("nobody has this password"))
            .await
            .map_err(|e| broken(&e))?
            .map_err(|e| broken(&e))?;
        Ok(Kith {
            inner: Arc::new(Inner {
                store,
                decider,
                calendar,
                made_up,
                decoy_hash,
                partnership: RwLock::new(None),
                directory: RwLock::new(None),
                waits: Waits::default(),
                shelf: Shelf::default(),
                counted: Kept::default(),
                twins: Twins::default(),
                measured: Measured::default(),
            }),
        })
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The one decision point.
    pub fn decider(&self) -> &Decider {
        &self.inner.decider
    }

    /// Working days and the zone of the place.
    pub fn calendar(&self) -> &Calendar {
        &self.inner.calendar
    }

    /// Is everybody in this database made up? Marked by the generator at creation.
    pub fn is_made_up(&self) -> bool {
        self.inner.made_up
    }

    /// A password hash that belongs to nobody, so that an unknown name costs the same
    /// time as a known one.
    pub(crate) fn decoy_hash(&self) -> &str {
        &self.inner.decoy_hash
    }

    /// The place, organisations, teams and workers as they are in this snapshot.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn partnership(&self, tx: &mut Tx) -> Result<Arc<Partnership>, CareError> {
        let revision = tx.revision(PARTNERSHIP_REVISION).await?;
        self.partnership_at(tx, revision).await
    }

    /// The same, where this snapshot's revision of it is known.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn partnership_at(
        &self,
        tx: &mut Tx,
        revision: i64,
    ) -> Result<Arc<Partnership>, CareError> {
        if let Some(found) = kept(&self.inner.partnership, revision) {
            return Ok(found);
        }
        let place = place_of(tx).await?;
        let fresh = Arc::new(Partnership::load(tx, place, self.calendar()).await?);
        keep(&self.inner.partnership, revision, &fresh);
        Ok(fresh)
    }

    /// The directory as it is in this snapshot. Only what has changed since it was last asked for is read.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn directory(&self, tx: &mut Tx) -> Result<Arc<Directory>, CareError> {
        let revision = tx.revision(DIRECTORY_REVISION).await?;
        if let Some(found) = kept(&self.inner.directory, revision) {
            return Ok(found);
        }
        let earlier = self.inner.directory.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let earlier = earlier.map(|(_, directory)| directory);
        let fresh = Arc::new(Directory::in_snapshot(tx, revision, earlier).await?);
        keep(&self.inner.directory, revision, &fresh);
        Ok(fresh)
    }

    /// How long people really waited, as last worked out.
    pub(crate) fn waits(&self) -> &Waits {
        &self.inner.waits
    }

    /// The index of the directory.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.inner.shelf
    }

    /// What was last counted for the partnership's page.
    pub(crate) fn counted(&self) -> &Kept {
        &self.inner.counted
    }

    /// Which services may be one, as last worked out.
    pub(crate) fn twins_kept(&self) -> &Twins {
        &self.inner.twins
    }

    /// What came of asking each service, as last worked out.
    pub(crate) fn measured(&self) -> &Measured {
        &self.inner.measured
    }

    /// A fresh id. Ids are opaque and never an order.
    pub fn new_id<I: From<RecordId>>(&self) -> I {
        RecordId(Uuid::now_v7()).into()
    }
}

fn kept<T>(slot: &RwLock<Option<(i64, Arc<T>)>>, revision: i64) -> Option<Arc<T>> {
    let guard = slot.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    guard.as_ref().filter(|(at, _)| *at == revision).map(|(_, value)| value.clone())
}

/// An older snapshot never replaces a newer copy.
fn keep<T>(slot: &RwLock<Option<(i64, Arc<T>)>>, revision: i64, fresh: &Arc<T>) {
    let mut guard = slot.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    if guard.as_ref().is_none_or(|(at, _)| *at < revision) {
        *guard = Some((revision, fresh.clone()));
    }
}

async fn place_of(tx: &mut Tx) -> Result<Saved<Place>, CareError> {
    let places = tx.list_common::<Place>().await?;
    places.into_iter().next().ok_or_else(|| {
        CareError::refused("This database holds no partnership yet. Make one with kith demo or kith init.")
    })
}

//! Everything that could be offered, as it is in this snapshot.

use super::waits::ByService;
use crate::directory::{Changes, Directory};
use crate::error::CareError;
use crate::look::Looking;
use crate::partnership::Partnership;
use kith_domain::directory::{Group, Meeting, Service, Session};
use kith_domain::find::{Candidate, Entry, EntryId, Index};
use kith_domain::id::{GroupId, OrganisationId, ServiceId};
use kith_domain::record::Saved;
use kith_domain::time::{Calendar, Instant, plus_days};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

/// The index of everything that could be offered, kept by a server from one search to the next.
#[derive(Default)]
pub(crate) struct Shelf(RwLock<Kept>);

/// What is in the index, and what it was made from.
#[derive(Default)]
struct Kept {
    index: Index,
    made_from: Option<MadeFrom>,
    /// The version of each entry that is in the index.
    versions: HashMap<EntryId, u32>,
}

/// What an index was made from. Another directory, partnership or set of waits makes another index;
/// so does the time at which the first of the next meetings is over.
struct MadeFrom {
    directory: Arc<Directory>,
    partnership: Arc<Partnership>,
    waits: ByService,
    at: Instant,
    until: Instant,
}

impl MadeFrom {
    /// Does it hold all that the other would? What is newer than a snapshot may answer for it.
    fn still(&self, other: &MadeFrom) -> bool {
        self.directory.revision >= other.directory.revision && self.same_around(other)
    }

    fn name_of(&self, id: OrganisationId) -> String {
        self.partnership.organisation_name(id).unwrap_or_default()
    }

    /// Is everything but the directory as it was?
    fn same_around(&self, other: &MadeFrom) -> bool {
        Arc::ptr_eq(&self.partnership, &other.partnership)
            && Arc::ptr_eq(&self.waits, &other.waits)
            && (self.at..self.until).contains(&other.at)
    }
}

/// What may have to be put into the index anew.
enum Which {
    /// Everything is compared.
    All,
    /// These.
    Only(Changes),
}

/// Searches everything that could be offered, as it is now. Only what has changed since the last
/// search is put into the index anew, before the answer: what somebody saved is found at once.
pub(super) async fn search<T>(look: &mut Looking<'_>, ask: impl FnOnce(&Index) -> T) -> Result<T, CareError> {
    let now = MadeFrom {
        directory: look.kith.directory(&mut look.tx).await?,
        partnership: look.who.partnership.clone(),
        waits: look.kith.measured_waits(look.who.now),
        at: look.who.now,
        until: look.who.now,
    };
    let shelf = &look.kith.shelf().0;
    let knows = {
        let kept = shelf.read().unwrap_or_else(PoisonError::into_inner);
        match &kept.made_from {
            Some(made) if made.still(&now) => return Ok(ask(&kept.index)),
            Some(made) if made.same_around(&now) => Some(made.directory.revision),
            _ => None,
        }
    };
    let changes = match knows.filter(|revision| *revision < now.directory.revision) {
        Some(revision) => Changes::since(&mut look.tx, revision).await?.map(|changes| (revision, changes)),
        None => None,
    };
    let mut kept = shelf.write().unwrap_or_else(PoisonError::into_inner);
    let made = kept.made_from.as_ref();
    if !made.is_some_and(|made| made.still(&now)) {
        // Another search may have brought it further meanwhile, or the waits may be new.
        let fits = |revision: i64| {
            made.is_some_and(|made| made.directory.revision == revision && made.same_around(&now))
        };
        let which = match changes {
            Some((revision, changes)) if fits(revision) => Which::Only(changes),
            _ => Which::All,
        };
        kept.bring_up_to(now, which, look.kith.calendar());
    }
    Ok(ask(&kept.index))
}

impl Kept {
    /// Puts in what is new or different, and takes out what is gone.
    fn bring_up_to(&mut self, mut now: MadeFrom, which: Which, calendar: &Calendar) {
        let directory = now.directory.clone();
        match which {
            Which::All => {
                directory
                    .services
                    .iter()
                    .for_each(|(id, saved)| self.put_service(*id, saved, &now, calendar));
                let here = |id: &EntryId| match id {
                    EntryId::Service(id) => directory.services.contains_key(id),
                    EntryId::Group(id) => directory.groups.contains_key(id),
                };
                let gone: Vec<EntryId> = self.versions.keys().copied().filter(|id| !here(id)).collect();
                gone.into_iter().for_each(|id| self.take(id));
            }
            Which::Only(changes) => {
                for id in changes.services.into_iter().map(ServiceId::from) {
                    match directory.services.get(&id) {
                        Some(saved) => self.put_service(id, saved, &now, calendar),
                        None => self.take(EntryId::Service(id)),
                    }
                }
                let gone = changes.groups.into_iter().map(GroupId::from);
                let gone = gone.filter(|id| !directory.groups.contains_key(id));
                gone.for_each(|id| self.take(EntryId::Group(id)));
            }
        }
        // There are few groups, and which meeting comes next depends on sessions and on the time.
        now.until = calendar.start(plus_days(calendar.day(now.at), 1));
        let sessions = by_group(directory.sessions.iter().map(|s| &s.value));
        for (id, saved) in &directory.groups {
            let own = sessions.get(id).map_or(&[][..], Vec::as_slice);
            let next = meetings(&saved.value, own, calendar, now.at, 1).into_iter().find(Meeting::is_on);
            if let Some(next) = &next {
                now.until = now.until.min(end_of(next, calendar));
            }
            self.put_group(*id, saved, next, &now, calendar);
        }
        self.made_from = Some(now);
    }

    fn put_service(&mut self, id: ServiceId, saved: &Saved<Service>, now: &MadeFrom, calendar: &Calendar) {
        let service = &saved.value;
        let (organisation, wait) = (now.name_of(service.organisation), now.waits.get(&id).copied());
        let same = |c: &Candidate| c.organisation_name == organisation && c.wait == wait;
        if self.is_there(EntryId::Service(id), saved.meta.version, same) {
            return;
        }
        let entry = Entry::Service(id, Box::new(service.clone()));
        let space_said = service.capacity.said_at.map(|at| calendar.day(at));
        self.put(Candidate { space_said, wait, ..Candidate::new(entry, organisation) }, saved.meta.version);
    }

    fn put_group(
        &mut self,
        id: GroupId,
        saved: &Saved<Group>,
        next: Option<Meeting>,
        now: &MadeFrom,
        calendar: &Calendar,
    ) {
        let group = &saved.value;
        let organisation = now.name_of(group.organisation);
        let same = |c: &Candidate| {
            c.organisation_name == organisation && matches!(&c.entry, Entry::Group(_, _, n) if *n == next)
        };
        if self.is_there(EntryId::Group(id), saved.meta.version, same) {
            return;
        }
        let space_said = group.capacity.said_at.map(|at| calendar.day(at));
        let entry = Entry::Group(id, Box::new(group.clone()), next);
        self.put(Candidate { space_said, ..Candidate::new(entry, organisation) }, saved.meta.version);
    }

    fn take(&mut self, id: EntryId) {
        self.index.take(id);
        self.versions.remove(&id);
    }

    fn is_there(&self, id: EntryId, version: u32, same: impl FnOnce(&Candidate) -> bool) -> bool {
        self.versions.get(&id) == Some(&version) && self.index.get(id).is_some_and(same)
    }

    fn put(&mut self, candidate: Candidate, version: u32) {
        self.versions.insert(candidate.id(), version);
        self.index.put(candidate);
    }
}

/// The moment at which a meeting is over.
fn end_of(meeting: &Meeting, calendar: &Calendar) -> Instant {
    let starts = calendar.moment(meeting.day, meeting.starts.hour(), meeting.starts.minute());
    starts.plus_seconds(i64::from(meeting.minutes) * 60)
}

/// The sessions that differ from the rhythm, by group.
fn by_group<'a>(sessions: impl Iterator<Item = &'a Session>) -> BTreeMap<GroupId, Vec<Session>> {
    let mut by: BTreeMap<GroupId, Vec<Session>> = BTreeMap::new();
    for session in sessions {
        by.entry(session.group).or_default().push(session.clone());
    }
    by
}

/// The next meetings that are not over yet; what is cancelled stays in between, marked.
pub(super) fn meetings(
    group: &Group,
    sessions: &[Session],
    calendar: &Calendar,
    now: Instant,
    count: usize,
) -> Vec<Meeting> {
    let over = |m: &Meeting| end_of(m, calendar) <= now;
    // One more than is asked for, because today's may be over.
    let found = group.rhythm.next(sessions, calendar.day(now), count + 1, calendar);
    let mut on = 0;
    found
        .into_iter()
        .filter(|m| !over(m))
        .take_while(|m| {
            let room = on < count;
            on += usize::from(m.is_on());
            room
        })
        .collect()
}

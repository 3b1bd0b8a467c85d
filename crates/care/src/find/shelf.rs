//! Everything that could be offered, as it is in this snapshot.

use crate::error::CareError;
use crate::look::Looking;
use kith_domain::directory::{Group, Meeting, Session};
use kith_domain::find::{Candidate, Entry};
use kith_domain::id::{GroupId, OrganisationId};
use kith_domain::time::{Calendar, Instant};
use std::collections::BTreeMap;

/// Services and groups with what is known of them today.
pub(super) async fn candidates(look: &mut Looking<'_>) -> Result<Vec<Candidate>, CareError> {
    let directory = look.kith.directory(&mut look.tx).await?;
    let (calendar, now) = (look.kith.calendar(), look.who.now);
    let partnership = &look.who.partnership;
    let name_of = |id: OrganisationId| partnership.organisation_name(id).unwrap_or_default();
    let waits = look.kith.measured_waits(now);
    let sessions = by_group(directory.sessions.iter().map(|s| &s.value));
    let services = directory.services.iter().map(|(id, saved)| {
        let service = &saved.value;
        let said = service.capacity.said_at.map(|at| calendar.day(at));
        let entry = Entry::Service(*id, Box::new(service.clone()));
        let wait = waits.get(id).copied();
        Candidate { space_said: said, wait, ..Candidate::new(entry, name_of(service.organisation)) }
    });
    let groups = directory.groups.iter().map(|(id, saved)| {
        let group = &saved.value;
        let own = sessions.get(id).map_or(&[][..], Vec::as_slice);
        let next = meetings(group, own, calendar, now, 1).into_iter().find(Meeting::is_on);
        let said = group.capacity.said_at.map(|at| calendar.day(at));
        let entry = Entry::Group(*id, Box::new(group.clone()), next);
        Candidate { space_said: said, ..Candidate::new(entry, name_of(group.organisation)) }
    });
    Ok(services.chain(groups).collect())
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
    let over = |m: &Meeting| {
        let starts = calendar.moment(m.day, m.starts.hour(), m.starts.minute());
        starts.plus_seconds(i64::from(m.minutes) * 60) <= now
    };
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

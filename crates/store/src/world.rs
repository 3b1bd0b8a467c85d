//! Loading what the access rules need around people: relationships, agreements,
//! referrals with their packets, supporters, conflicts. For all the people of a page in
//! one statement per hundred, in the same snapshot as the page.
//!
//! Only these plain facts leave; the records that they were read from stay sealed.

use crate::error::StoreError;
use crate::read::{PersonRecords, ROW_COLUMNS, Row};
use crate::tx::{Tx, on};
use kith_access as access;
use kith_access::{Action, Party, PersonWorld, Purpose};
use kith_domain::consent::{Basis, Consent, ConsentKind};
use kith_domain::glass::{Glass, GlassReason};
use kith_domain::id::{ConsentId, PersonId, RecordId, ReferralId, SupporterId};
use kith_domain::person::{ConflictKind, Person};
use kith_domain::record::{Kind, Saved};
use kith_domain::referral::{Referral, Status};
use kith_domain::right::Right;
use kith_domain::supporter::{Involvement, Supporter};
use kith_domain::time::{Calendar, Day, Instant, plus_days};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, query_as};
use std::collections::BTreeMap;

/// People in one statement. Shorter lists are filled up by repeating the last, so that
/// there is one prepared statement and not a hundred.
const BATCH: usize = 100;

impl Tx {
    /// The worlds of these people. One who does not exist has an empty world, which
    /// permits nothing.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn load_worlds(
        &mut self,
        people: &[PersonId],
        calendar: &Calendar,
    ) -> Result<BTreeMap<PersonId, PersonWorld>, StoreError> {
        let mut worlds: BTreeMap<PersonId, PersonWorld> =
            people.iter().map(|p| (*p, PersonWorld::of(*p))).collect();
        let wanted: Vec<PersonId> = worlds.keys().copied().collect();
        for batch in wanted.chunks(BATCH) {
            let mut packets = Packets::default();
            let mut rows: Vec<Row> = self.rows_of(batch, &[WORLD], "").await?;
            oldest_first(&mut rows, |row| row);
            for row in rows {
                let Some(world) = row.person.and_then(|p| worlds.get_mut(&PersonId(p))) else { continue };
                add(world, &mut packets, &row, calendar)?;
            }
            for person in batch {
                worlds.entry(*person).and_modify(|world| packets.stop(world));
            }
        }
        Ok(worlds)
    }

    /// The open records of these people, the people themselves, and requests that have ended
    /// and are still news, each with its person: what `holding` needs for a worklist.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_open_of_people(
        &mut self,
        people: &[PersonId],
    ) -> Result<BTreeMap<PersonId, PersonRecords>, StoreError> {
        let mut found: BTreeMap<PersonId, PersonRecords> = BTreeMap::new();
        for batch in people.chunks(BATCH) {
            let mut rows: Vec<Row> = self.rows_of(batch, &[OPEN, PERSON, NEWS], "").await?;
            oldest_first(&mut rows, |row| row);
            for row in rows {
                if let Some(person) = row.person.map(PersonId) {
                    found.entry(person).or_default().push(row);
                }
            }
        }
        Ok(found)
    }

    /// Both of these at once, for lists that need both: the worlds, and the open records.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn load_worlds_and_open(
        &mut self,
        people: &[PersonId],
        calendar: &Calendar,
    ) -> Result<BTreeMap<PersonId, (PersonWorld, PersonRecords)>, StoreError> {
        let mut found: BTreeMap<PersonId, (PersonWorld, PersonRecords)> =
            people.iter().map(|p| (*p, (PersonWorld::of(*p), PersonRecords::default()))).collect();
        let wanted: Vec<PersonId> = found.keys().copied().collect();
        for batch in wanted.chunks(BATCH) {
            let mut packets = Packets::default();
            let mut rows: Vec<ListedRow> = self.rows_of(batch, &[WORLD, OPEN_BESIDE], LISTED).await?;
            oldest_first(&mut rows, |row| &row.row);
            for ListedRow { row, listed } in rows {
                let person = row.person.map(PersonId);
                let Some((world, records)) = person.and_then(|p| found.get_mut(&p)) else { continue };
                add(world, &mut packets, &row, calendar)?;
                if listed != 0 {
                    records.push(row);
                }
            }
            for person in batch {
                found.entry(*person).and_modify(|(world, _)| packets.stop(world));
            }
        }
        Ok(found)
    }

    /// The rows of these people of any of these parts, in one statement, in no order.
    async fn rows_of<R>(
        &mut self,
        people: &[PersonId],
        parts: &[&str],
        further: &str,
    ) -> Result<Vec<R>, StoreError>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let Some(last) = people.last() else { return Ok(Vec::new()) };
        let size = if people.len() == 1 { 1 } else { BATCH };
        let places: Vec<String> = (1..=size).map(|n| format!("${n}")).collect();
        let places = places.join(", ");
        let of = |part: &&str| {
            format!(
                "SELECT {ROW_COLUMNS}{further} FROM record r
                 WHERE r.person IN ({places}) AND r.entered_in_error = 0 AND {part}"
            )
        };
        // Each part goes along an index of its own; one statement with OR would read all there is
        // about everybody.
        let sql = parts.iter().map(of).collect::<Vec<_>>().join(" UNION ALL ");
        // The text holds nothing but numbered places and fixed conditions.
        let rows = on!(self, |conn| {
            let mut q = query_as::<_, R>(AssertSqlSafe(sql));
            for i in 0..size {
                q = q.bind(people.get(i).unwrap_or(last).0);
            }
            q.fetch_all(conn).await?
        });
        Ok(rows)
    }
}

/// A row, and whether it belongs on the list or only to the world.
#[derive(FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    row: Row,
    listed: i64,
}

/// As they were made: what was written down first comes first.
fn oldest_first<R>(rows: &mut [R], row: impl Fn(&R) -> &Row) {
    rows.sort_by_key(|r| (row(r).created, row(r).id));
}

/// What is open. There is an index of these alone.
const OPEN: &str = "r.open = 1";

/// The person, where nothing about them is open.
const PERSON: &str = "r.kind = 'person' AND r.open = 0";

/// What has ended and nobody has spoken about with them.
const NEWS: &str = "r.kind = 'referral' AND r.open = 0 AND r.state = 'completed'
                AND EXISTS (SELECT 1 FROM record_link l WHERE l.record = r.id AND l.role = 'news')";

/// The kinds that a world is made of.
macro_rules! kinds_of_world {
    () => {
        "('person', 'involvement', 'consent', 'referral', 'supporter', 'glass', 'right')"
    };
}

/// What a world is made of.
const WORLD: &str = concat!("r.kind IN ", kinds_of_world!());

/// What is open of the other kinds.
const OPEN_BESIDE: &str = concat!("r.open = 1 AND r.kind NOT IN ", kinds_of_world!());

/// Is it what [`Tx::list_open_of_people`] lists?
const LISTED: &str = ", CAST(CASE WHEN r.open = 1 OR r.kind = 'person' THEN 1
                WHEN r.kind = 'referral' AND r.state = 'completed'
                     AND EXISTS (SELECT 1 FROM record_link l WHERE l.record = r.id AND l.role = 'news') THEN 1
                ELSE 0 END AS BIGINT) AS listed";

impl PersonRecords {
    /// The world of the person whose records these are.
    ///
    /// # Errors
    /// A stored value could not be read.
    pub fn world(&self, person: PersonId, calendar: &Calendar) -> Result<PersonWorld, StoreError> {
        let mut world = PersonWorld::of(person);
        let mut packets = Packets::default();
        for row in self.rows().iter().filter(|row| row.entered_in_error == 0) {
            add(&mut world, &mut packets, row, calendar)?;
        }
        packets.stop(&mut world);
        Ok(world)
    }
}

/// Which packets rest on an agreement that the person has taken back since.
#[derive(Default)]
struct Packets {
    stopped: BTreeMap<ConsentId, Instant>,
    rests_on: BTreeMap<ReferralId, ConsentId>,
}

impl Packets {
    fn stop(&self, world: &mut PersonWorld) {
        for referral in &mut world.referrals {
            referral.stopped = self.rests_on.get(&referral.id).and_then(|c| self.stopped.get(c)).copied();
        }
    }
}

fn add(
    world: &mut PersonWorld,
    packets: &mut Packets,
    row: &Row,
    calendar: &Calendar,
) -> Result<(), StoreError> {
    match row.kind() {
        Some(Kind::Person) => add_person(world, &*row.known()?),
        Some(Kind::Involvement) => add_involvement(world, &*row.known()?, calendar),
        Some(Kind::Consent) => add_consent(world, packets, &*row.known()?, calendar),
        Some(Kind::Referral) => add_referral(world, packets, &*row.known()?),
        Some(Kind::Glass) => add_glass(world, &*row.known()?),
        Some(Kind::Right) => add_right(world, &*row.known()?),
        Some(Kind::Supporter) => add_supporter(world, &*row.known()?, calendar),
        _ => {}
    }
    Ok(())
}

/// Whole days here: from the first moment of the first to the first moment after the last.
fn span(from: Day, until: Option<Day>, calendar: &Calendar) -> access::Span {
    access::Span { from: calendar.start(from), until: until.map(|day| calendar.start(plus_days(day, 1))) }
}

fn always() -> access::Span {
    access::Span::since(Instant(i64::MIN))
}

fn add_person(world: &mut PersonWorld, saved: &Saved<Person>) {
    let person = &saved.value;
    world.holder = Some(access::Holder {
        organisation: person.holder.organisation,
        team: Some(person.holder.team),
        lead: person.holder.lead,
        cover: Vec::new(),
    });
    world.stopped = person.stopped_organisations.iter().copied().collect();
    world.stopped_everything = person.standing.stopped();
    world.died = person.died();
    world.dissent_emergency = person.emergency_dissent;
    world.conflicts.extend(person.conflicts.iter().map(|c| access::Conflict {
        worker: c.worker,
        kind: conflict_kind(c.kind),
        span: always(),
    }));
    world.coercion.extend(person.coercion.iter().map(|c| {
        access::Coercion {
            span: access::Span::since(c.since),
            stops: (!c.supporters.is_empty()).then(|| c.supporters.iter().copied().collect()),
            frozen: c
                .frozen
                .iter()
                .flat_map(|f| f.items.iter().map(|(id, version)| (f.supporter, *id, *version)))
                .collect(),
        }
    }));
}

fn conflict_kind(kind: ConflictKind) -> access::ConflictKind {
    match kind {
        ConflictKind::Themselves => access::ConflictKind::OwnRecord,
        ConflictKind::Household => access::ConflictKind::SameHousehold,
        ConflictKind::Relative => access::ConflictKind::Relative,
        ConflictKind::Partner => access::ConflictKind::Partner,
        ConflictKind::AllegedHarm => access::ConflictKind::AllegedPerpetrator,
        ConflictKind::Friend => access::ConflictKind::Friend,
    }
}

fn add_involvement(world: &mut PersonWorld, saved: &Saved<Involvement>, calendar: &Calendar) {
    let i = &saved.value;
    world.involvements.push(access::Involvement {
        party: i.worker.map_or(Party::Team(i.team), Party::Worker),
        organisation: i.organisation,
        span: span(i.from, i.until, calendar),
    });
}

/// Only a standing agreement opens more than a packet (B4 and B5 are two kinds).
fn add_consent(world: &mut PersonWorld, packets: &mut Packets, saved: &Saved<Consent>, calendar: &Calendar) {
    let c = &saved.value;
    packets.stopped.extend(c.withdrawn.map(|at| (ConsentId(saved.meta.id.0), at)));
    if c.kind != ConsentKind::Standing {
        return;
    }
    world.sharings.push(sharing_of(c, calendar));
}

/// A standing agreement as the access rules see it.
pub fn sharing_of(c: &Consent, calendar: &Calendar) -> access::Sharing {
    access::Sharing {
        organisation: c.organisation,
        areas: c.areas.iter().copied().collect(),
        purposes: c.purposes.iter().filter_map(|p| Purpose::from_code(p)).collect(),
        most: c.max_sensitivity,
        categories: c.categories.iter().copied().collect(),
        contribute: c.contribute,
        span: span(c.from, Some(c.until), calendar),
        withdrawn: c.withdrawn,
    }
}

fn add_referral(world: &mut PersonWorld, packets: &mut Packets, saved: &Saved<Referral>) {
    let r = &saved.value;
    if let Basis::Agreement { consent } = r.basis {
        packets.rests_on.insert(ReferralId(saved.meta.id.0), consent);
    }
    let ended = r.ended_at.unwrap_or(saved.meta.at);
    let stage = match r.status {
        Status::Draft => access::ReferralStage::Draft,
        Status::Requested => access::ReferralStage::Sent,
        Status::Accepted | Status::InProgress | Status::OnHold => access::ReferralStage::Accepted,
        Status::Completed => access::ReferralStage::Completed(ended),
        Status::Failed => access::ReferralStage::EndedEarly(ended),
        Status::Cancelled if r.accepted_at.is_some() => access::ReferralStage::EndedEarly(ended),
        Status::Rejected | Status::Cancelled | Status::EnteredInError => access::ReferralStage::Over(ended),
    };
    world.referrals.push(access::ReferralFacts {
        id: ReferralId(saved.meta.id.0),
        sender: access::Side { organisation: r.sender.organisation, team: Some(r.sender.team) },
        receiver: access::Side { organisation: r.receiver.organisation, team: Some(r.receiver.team) },
        stage,
        packet: r.packet.lines.iter().map(|l| (l.item, l.version)).collect(),
        agreed: matches!(r.basis, Basis::Agreement { .. }),
        stopped: None,
        link: None,
        service: Some(RecordId(r.service.0)),
    });
}

fn add_supporter(world: &mut PersonWorld, saved: &Saved<Supporter>, calendar: &Calendar) {
    world.supporters.extend(support_of(SupporterId(saved.meta.id.0), &saved.value, calendar));
}

/// A supporter as the access rules see them; none for an advocate, who speaks for the person
/// and never sees in their place. A power reaches no further than it is for.
pub fn support_of(id: SupporterId, s: &Supporter, calendar: &Calendar) -> Option<access::Support> {
    if s.kind.is_advocate() {
        return None;
    }
    let days = span(s.from, s.until, calendar);
    Some(access::Support {
        supporter: id,
        accepted: s.agreed_at.is_some() || s.proof.is_some(),
        areas: s.areas.iter().copied().filter(|area| s.kind.reaches(*area)).collect(),
        actions: [Action::View, Action::Contribute].into_iter().collect(),
        categories: s.categories.iter().copied().collect(),
        span: access::Span { until: s.ended.into_iter().chain(days.until).min(), ..days },
    })
}

/// Emergency access that was closed before its time counts for nothing any more.
fn add_glass(world: &mut PersonWorld, saved: &Saved<Glass>) {
    let g = &saved.value;
    if g.closed_at.is_some() {
        return;
    }
    world.glass.push(access::Glass {
        worker: g.worker,
        organisation: g.organisation,
        started: g.opened_at,
        reason: match g.reason {
            GlassReason::LifeAtRisk => access::GlassReason::LifeAtRisk,
            GlassReason::Crisis => access::GlassReason::CrisisPresentation,
            GlassReason::CannotSpeak => access::GlassReason::CannotSpeak,
        },
        letters: g.letters,
        // There is no way to write one without a fresh sign-in: rule R03c of the same decision.
        fresh: true,
    });
}

/// A copy that a second person said the record may be opened for is a records duty of whoever
/// answers it, until it is over.
fn add_right(world: &mut PersonWorld, saved: &Saved<Right>) {
    let r = &saved.value;
    let (Some((second, at)), Some(officer)) = (r.opened(), r.holder.lead) else { return };
    world.cases.push(access::RecordsCase {
        officer,
        organisation: r.holder.organisation,
        purpose: Purpose::SubjectAccess,
        reference: saved.meta.id.to_string(),
        approved_by: Some(second),
        span: access::Span::since(at),
    });
}

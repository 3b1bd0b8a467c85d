//! A spreadsheet of services. Importing the same list again brings its services up to
//! date: an entry is the same when its publisher and the publisher's identifier are, or
//! without one its publisher, name and postcode. What people here have said since (the
//! team, whether there is space) stays.

use super::unreadable;
use crate::cli::ImportDirectory;
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_domain::directory::{Location, Service};
use kith_domain::id::{OrganisationId, RecordId};
use kith_domain::organisation::{Organisation, OrganisationKind, OrganisationStatus};
use kith_domain::place::{PlaceCode, Point, Postcode, PostcodeFact};
use kith_domain::record::{Author, Saved};
use kith_domain::text::fold;
use kith_domain::time::Instant;
use kith_exchange::directory_csv::{Draft, Map, Report, read};
use kith_exchange::place::PostcodeTable;
use kith_store::db::FILE;
use kith_store::{NewRecord, Store, Tx, WriteTx, Writing};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Reads a spreadsheet, and keeps what is in it when told to.
///
/// # Errors
/// File or map cannot be read, or the database cannot be written.
pub(super) async fn run(options: &ImportDirectory, now: Instant) -> Result<Answer, CliError> {
    let there = options.place.database.is_some() || options.place.data.join(FILE).exists();
    let store = if there || options.how.write { Some(open::existing(&options.place).await?) } else { None };
    let report = report(options, store.as_ref(), now).await?;
    let refused = report.counts().refused;
    if options.how.json {
        show::json(&report.json())?;
    } else {
        show::line(report.text().trim_end());
    }
    match (options.how.write, store) {
        (true, Some(store)) => {
            let done = write(&store, report, now).await?;
            store.close().await;
            if !options.how.json {
                show::line(&format!(
                    "Kept: {} new, {} brought up to date, {} as they were.",
                    done.new, done.changed, done.same
                ));
            }
        }
        _ if !options.how.json => show::line("Nothing was written. Add --write to keep it."),
        _ => {}
    }
    Ok(if refused > 0 { Answer::Found } else { Answer::Fine })
}

async fn report(options: &ImportDirectory, store: Option<&Store>, now: Instant) -> Result<Report, CliError> {
    let text = std::fs::read_to_string(&options.map).map_err(|cause| unreadable(&options.map, &cause))?;
    let map = Map::parse(&text).map_err(|cause| unreadable(&options.map, &cause))?;
    let bytes = std::fs::read(&options.file).map_err(|cause| unreadable(&options.file, &cause))?;
    let postcodes = match store {
        Some(store) => Some(postcodes(&mut store.read().await?).await?),
        None => None,
    };
    let known = postcodes.as_ref().filter(|p| !p.is_empty());
    let lookup = known.map(|p| p as &dyn kith_exchange::place::PostcodeLookup);
    read(&bytes, &map, lookup, Some(now)).map_err(|cause| unreadable(&options.file, &cause))
}

/// The postcodes of the place, with the electoral ward and district of each.
async fn postcodes(tx: &mut Tx) -> Result<PostcodeTable, CliError> {
    let mut within: BTreeMap<String, Vec<PlaceCode>> = BTreeMap::new();
    for row in tx.list_areas("neighbourhood").await? {
        let area: Result<kith_domain::place::PlaceArea, _> = serde_json::from_str(&row.body);
        within.insert(row.code, area.map(|a| a.within).unwrap_or_default());
    }
    let facts = tx.list_postcodes().await?.into_iter().filter_map(|row| {
        let places = within.get(&row.area);
        Some(PostcodeFact {
            postcode: Postcode::parse(&row.code).ok()?,
            point: Point::new(row.lat, row.lon).ok(),
            neighbourhood: PlaceCode::parse(&row.area).ok(),
            electoral_ward: places.and_then(|p| p.first()).cloned(),
            district: places.and_then(|p| p.get(1)).cloned(),
        })
    });
    Ok(PostcodeTable::new(facts, []))
}

/// How many of each.
#[derive(Default)]
struct Done {
    new: usize,
    changed: usize,
    same: usize,
}

async fn write(store: &Store, report: Report, now: Instant) -> Result<Done, CliError> {
    let mut tx = store.write().await?;
    let writing = Writing { at: now, author: Author::Operator, recorded_for: None, basis: "import".into() };
    let mut organisations: BTreeMap<String, OrganisationId> =
        tx.list_common::<Organisation>().await?.into_iter().map(|o| (fold(&o.value.name), o.id())).collect();
    let mut known: BTreeMap<String, Saved<Service>> =
        tx.list_common::<Service>().await?.into_iter().map(|s| (key(&s.value), s)).collect();
    let mut done = Done::default();
    for draft in report.into_drafts() {
        let organisation = organisation(&mut tx, &writing, &mut organisations, &draft).await?;
        let service = draft.into_service(organisation);
        match known.remove(&key(&service)) {
            None => {
                let new = NewRecord { id: RecordId(Uuid::now_v7()), person: None, owner: organisation };
                tx.create(&writing, "service imported", new, &service).await?;
                done.new += 1;
            }
            Some(old) => {
                let fresh = up_to_date(&old.value, service);
                if fresh == old.value {
                    done.same += 1;
                } else {
                    tx.change(&writing, "service imported again", &old.meta, &fresh).await?;
                    done.changed += 1;
                }
            }
        }
    }
    tx.commit().await?;
    Ok(done)
}

/// What makes two entries the same one.
fn key(service: &Service) -> String {
    let what = match &service.source.identifier {
        Some(identifier) => identifier.clone(),
        None => {
            let postcode = service.locations.first().and_then(Location::postcode).map(Postcode::as_str);
            format!("{}\u{1f}{}", fold(&service.name), postcode.unwrap_or_default())
        }
    };
    format!("{}\u{1f}{what}", fold(&service.source.publisher))
}

/// The entry of the list, with what people here have said since.
fn up_to_date(old: &Service, new: Service) -> Service {
    let mut fresh = Service {
        team: old.team,
        capacity: old.capacity.clone(),
        checked: old.checked.max(new.checked),
        ..new
    };
    let only_fetched = Service { source: old.source.clone(), ..fresh.clone() } == *old;
    if only_fetched {
        fresh.source = old.source.clone();
    }
    fresh
}

/// The organisation of an entry, by name; a new one has no agreement, so that nothing
/// can be sent to it through Kith before there is one.
async fn organisation(
    tx: &mut WriteTx,
    writing: &Writing,
    known: &mut BTreeMap<String, OrganisationId>,
    draft: &Draft,
) -> Result<OrganisationId, CliError> {
    if let Some(id) = known.get(&fold(&draft.organisation)) {
        return Ok(*id);
    }
    let id = OrganisationId(Uuid::now_v7());
    let value = Organisation {
        name: draft.organisation.clone(),
        short: draft.organisation.clone(),
        kind: OrganisationKind::Charity,
        ods: None,
        charity_number: None,
        phone: None,
        email: None,
        website: None,
        agreement: None,
        status: OrganisationStatus::Active,
        has_accounts: false,
        successors: Vec::new(),
        lead: None,
    };
    tx.create(writing, "organisation listed", NewRecord { id: id.into(), person: None, owner: id }, &value)
        .await?;
    known.insert(fold(&draft.organisation), id);
    Ok(id)
}

//! The two directories: Brackenford, which is made up and always there, and Trafford, from open data that
//! lies beside the repository.

use crate::JudgedError;
use kith_brackenford::pen::Pen;
use kith_brackenford::{Recipe, SEED, found};
use kith_domain::directory::{Group, Location, Service, Session};
use kith_domain::find::{Candidate, Entry, Origin};
use kith_domain::id::{OrganisationId, ServiceId};
use kith_domain::organisation::Organisation;
use kith_domain::place::{PlaceArea, PlaceCode, Postcode};
use kith_domain::time::{Calendar, Day, Instant};
use kith_exchange::directory_csv::{Map, read};
use kith_exchange::place::{PlaceDrafts, PlaceImport, PostcodeLookup, PostcodeTable};
use kith_store::{Database, Durability, Store};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A directory, ready to be asked.
pub struct Corpus {
    /// Its name.
    pub name: &'static str,
    /// Every listing.
    pub candidates: Vec<Candidate>,
    /// A name for each that stays the same: its own, with the postcode where two share it.
    pub keys: Vec<String>,
    /// The day of the questions.
    pub today: Day,
    areas: Vec<PlaceArea>,
    postcodes: PostcodeTable,
}

/// Monday 23 November 2026, nine in the morning: the day of the questions.
pub fn now() -> Instant {
    Calendar::england().moment(jiff::civil::date(2026, 11, 23), 9, 0)
}

impl Corpus {
    fn new(
        name: &'static str,
        candidates: Vec<Candidate>,
        areas: Vec<PlaceArea>,
        postcodes: PostcodeTable,
    ) -> Corpus {
        let mut times: HashMap<&str, usize> = HashMap::new();
        candidates.iter().for_each(|c| *times.entry(c.name()).or_default() += 1);
        let keys = candidates.iter().map(|c| match times[c.name()] {
            1 => c.name().to_owned(),
            _ => format!("{} ({})", c.name(), postcode(c)),
        });
        let keys = keys.collect();
        Corpus { name, candidates, keys, today: Calendar::england().day(now()), areas, postcodes }
    }

    /// Where a question starts from: a neighbourhood by name, or a postcode.
    pub fn origin(&self, near: &str) -> Option<Origin> {
        if let Some(area) = self.areas.iter().find(|a| a.name == near) {
            let places = std::iter::once(area.code.clone()).chain(area.within.clone()).collect();
            return Some(Origin { point: area.centre, places, outward: None });
        }
        let postcode = Postcode::parse(near).ok()?;
        let fact = self.postcodes.find(&postcode)?;
        let outward = Some(postcode.outward());
        Some(Origin { point: fact.point, places: fact.places(), outward })
    }
}

fn postcode(candidate: &Candidate) -> String {
    let place = match &candidate.entry {
        Entry::Service(_, s) => s.locations.first(),
        Entry::Group(_, g, _) => Some(&g.location),
    };
    place.and_then(Location::postcode).map_or_else(|| "nowhere".to_owned(), ToString::to_string)
}

/// The made-up place with its services and groups, as the generator writes them.
///
/// # Errors
/// It could not be written.
pub async fn brackenford() -> Result<Corpus, JudgedError> {
    let folder = tempfile::tempdir()?;
    let database = Database::Folder(folder.path().join("data"));
    let store = Store::open_with(&database, Durability::None).await?;
    let mut pen = Pen::new(&store);
    let town = found(&mut pen, &Recipe { people: 60, seed: SEED, now: now() }, 60).await?;
    pen.commit().await?;
    let mut tx = store.read().await?;
    let organisations: BTreeMap<OrganisationId, String> =
        tx.list_common::<Organisation>().await?.into_iter().map(|o| (o.id(), o.value.name)).collect();
    let name = |id: OrganisationId| organisations.get(&id).cloned().unwrap_or_default();
    let calendar = Calendar::england();
    let today = calendar.day(now());
    let mut candidates = Vec::new();
    for saved in tx.list_common::<Service>().await? {
        let (id, service) = (saved.id(), saved.value);
        let said = service.capacity.said_at.map(|at| calendar.day(at));
        let organisation = name(service.organisation);
        let entry = Entry::Service(id, Box::new(service));
        candidates.push(Candidate { space_said: said, ..Candidate::new(entry, organisation) });
    }
    let sessions: Vec<Session> = tx.list_common::<Session>().await?.into_iter().map(|s| s.value).collect();
    for saved in tx.list_common::<Group>().await? {
        let (id, group) = (saved.id(), saved.value);
        let own: Vec<Session> = sessions.iter().filter(|s| s.group == id).cloned().collect();
        let next = group.rhythm.next(&own, today, 3, &calendar).into_iter().find(|m| m.is_on());
        let organisation = name(group.organisation);
        candidates.push(Candidate::new(Entry::Group(id, Box::new(group), next), organisation));
    }
    drop(tx);
    store.close().await;
    // The generator makes ids from the seed; a fixed order keeps the answer the same all the same.
    candidates.sort_by(|a, b| a.name().cmp(b.name()).then_with(|| a.id().cmp(&b.id())));
    let facts = town.ground.postcodes.iter().cloned();
    Ok(Corpus::new("Brackenford", candidates, town.ground.areas, PostcodeTable::new(facts, [])))
}

/// The lists of Trafford.
const LISTS: [&str; 8] = [
    "trafford_mental_health_services",
    "gm_jobcentreplus",
    "gm_libraries",
    "sports_facilities",
    "trafford_general_practices",
    "gm_pharmacies",
    "trafford_childrens_centres",
    "gm_probation_offices",
];

const PLACES: [&str; 5] = [
    "trafford_postcodes.csv.zst",
    "imd2025_england_lsoa21.csv.zst",
    "lookup_lsoa21_ward24_ltla24_icb24_ruc21.csv.zst",
    "boundaries/trafford_lsoa21_generalised.geojson",
    "boundaries/ward/E08000009.geojson",
];

/// The folder of this repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Trafford, by the maps that come with Kith; none where the open data is not at `shared`.
///
/// # Errors
/// A file is there and cannot be read.
pub fn trafford(shared: &Path) -> Result<Option<Corpus>, JudgedError> {
    if !shared.join("data/directory/trafford").is_dir() {
        return Ok(None);
    }
    let drafts = places(shared)?;
    let table = PostcodeTable::new(drafts.postcodes, []);
    let mut candidates = Vec::new();
    for list in LISTS {
        candidates.extend(listed(shared, list, &table)?);
    }
    Ok(Some(Corpus::new("Trafford", candidates, drafts.areas, table)))
}

fn places(shared: &Path) -> Result<PlaceDrafts, JudgedError> {
    let district = PlaceCode::parse("E08000009").expect("the code of Trafford is one");
    let mut import = PlaceImport::new([district]);
    for file in PLACES {
        let bytes = bytes(&shared.join("data/place").join(file))?;
        import.add(file, bytes.as_slice()).map_err(|cause| JudgedError::File(cause.to_string()))?;
    }
    Ok(import.finish())
}

fn listed(shared: &Path, list: &str, table: &PostcodeTable) -> Result<Vec<Candidate>, JudgedError> {
    let broken = |cause: &dyn std::error::Error| JudgedError::File(format!("{list}: {cause}"));
    let map = bytes(&root().join(format!("maps/trafford/{list}.toml")))?;
    let map = Map::parse(&String::from_utf8_lossy(&map)).map_err(|cause| broken(&cause))?;
    let csv = bytes(&shared.join(format!("data/directory/trafford/{list}.csv")))?;
    let report = read(&csv, &map, Some(table), Some(now())).map_err(|cause| broken(&cause))?;
    let drafts = report.into_drafts().map(|draft| {
        let organisation = draft.organisation.clone();
        let id = ServiceId(uuid_of(&format!("{list} {}", draft.key)));
        let service = draft.into_service(OrganisationId(uuid_of(&organisation)));
        Candidate::new(Entry::Service(id, Box::new(service)), organisation)
    });
    Ok(drafts.collect())
}

/// An id out of a name, so that two runs give the same order.
fn uuid_of(name: &str) -> Uuid {
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn bytes(path: &Path) -> Result<Vec<u8>, JudgedError> {
    std::fs::read(path).map_err(|cause| JudgedError::File(format!("{}: {cause}", path.display())))
}

//! A database to test on, and made-up records to put in it.

use crate::forger::Hands;
use kith_access::{Action, Actor, Batch, Decider, Guarded, PersonWorld, Standing};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::{Holder, Place, Team};
use kith_domain::person::{CameBy, Person};
use kith_domain::record::{Author, Saved};
use kith_domain::settings::Settings;
use kith_domain::time::{Day, Instant};
use kith_store::{Database, Durability, NewRecord, Store, StoreError, WriteTx, Writing};
use sqlx::Connection;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// The moment at which every test begins: 23 November 2026, 09:00 UTC.
pub const NOW: Instant = Instant(1_795_424_400_000_000);
pub const TODAY: Day = jiff::civil::date(2026, 11, 23);

/// An empty database of its own, open.
#[derive(Clone)]
pub struct Ground {
    pub store: Store,
    pub hands: Hands,
    folder: Arc<tempfile::TempDir>,
    server: Option<String>,
}

impl Ground {
    pub async fn sqlite() -> Ground {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let database = Database::Folder(folder.path().join("data"));
        // The disk's own promise has a test of its own; here nobody cuts the power.
        let store = Store::open_with(&database, Durability::None).await.unwrap();
        Ground { store, hands: Hands { database }, folder, server: None }
    }

    /// None, and a line that says so, when there is no server to test on.
    pub async fn postgres() -> Option<Ground> {
        let Some(server) = server() else {
            println!("skipped: the PostgreSQL half needs KITH_TEST_POSTGRES, the URL of a server");
            return None;
        };
        let name = format!("kith_test_{}", Uuid::from_bytes(random()).simple());
        admin(&server, &format!("CREATE DATABASE {name}")).await;
        let database = Database::Postgres(with_database(&server, &name));
        let store = Store::open(&database).await.unwrap();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Some(Ground { store, hands: Hands { database }, folder, server: Some(server) })
    }

    /// Another empty database of the same engine.
    pub async fn another(&self) -> Ground {
        match self.server {
            None => Ground::sqlite().await,
            Some(_) => Ground::postgres().await.unwrap(),
        }
    }

    pub fn is_postgres(&self) -> bool {
        self.server.is_some()
    }

    /// A file beside the database.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Removes a PostgreSQL database; a folder goes by itself.
    pub async fn clear(self) {
        self.store.close().await;
        if let (Some(server), Database::Postgres(url)) = (&self.server, &self.hands.database) {
            let name = url.rsplit('/').next().unwrap().split('?').next().unwrap();
            admin(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

/// Whoever has a database can do anything to it.
impl Deref for Ground {
    type Target = Hands;
    fn deref(&self) -> &Hands {
        &self.hands
    }
}

fn server() -> Option<String> {
    std::env::var("KITH_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

fn with_database(server: &str, name: &str) -> String {
    let (address, rest) = server.split_once("://").unwrap();
    let (place, query) = rest.split_once('?').map_or((rest, None), |(p, q)| (p, Some(q)));
    let host = place.split('/').next().unwrap();
    let query = query.map_or(String::new(), |q| format!("?{q}"));
    format!("{address}://{host}/{name}{query}")
}

async fn admin(server: &str, sql: &str) {
    let mut conn = sqlx::PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// A fresh id, later than every one before it.
pub fn id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1_795_424_400_000);
    let millis = NEXT.fetch_add(1, Ordering::Relaxed);
    let random = random();
    uuid::Builder::from_unix_timestamp_millis(millis, random[..10].try_into().unwrap()).into_uuid()
}

/// The organisation, team and worker of the tests.
pub fn holder() -> Holder {
    Holder {
        organisation: OrganisationId(Uuid::from_u128(0xa1)),
        team: TeamId(Uuid::from_u128(0xb1)),
        lead: Some(WorkerId(Uuid::from_u128(0xc1))),
    }
}

pub fn writing() -> Writing {
    writing_at(NOW)
}

pub fn writing_at(at: Instant) -> Writing {
    let worker = holder().lead.unwrap();
    Writing {
        at,
        author: Author::Worker { worker, organisation: holder().organisation },
        recorded_for: None,
        basis: "B3".into(),
    }
}

pub fn person(called: &str) -> Person {
    Person::new(called.to_owned(), holder(), NextDate::new("Say hello", TODAY), CameBy::Themselves)
}

pub fn need(words: &str) -> Need {
    Need {
        area: Area::Housing,
        words: words.to_owned(),
        code: None,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        raised_at: NOW,
        status: NeedStatus::Open,
        holder: holder(),
        next: NextDate::new("Ask again", TODAY),
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    }
}

pub fn team(name: &str) -> Team {
    Team {
        organisation: holder().organisation,
        name: name.to_owned(),
        lead: None,
        net: false,
        navigators: true,
        closed: None,
        email: None,
        phone: None,
        reply_working_days: 2,
    }
}

pub fn the_place() -> Place {
    Place {
        name: "Brackenford".into(),
        partnership: Uuid::from_u128(0xd1),
        net_organisation: holder().organisation,
        net_team: holder().team,
        net_second: WorkerId(Uuid::from_u128(0xc2)),
        demo: true,
        zone: "Europe/London".into(),
        made_at: NOW,
        keeper: None,
        settings: Settings::default(),
    }
}

/// Where a new record of a person goes.
pub fn of(person: PersonId) -> NewRecord {
    NewRecord { id: RecordId(id()), person: Some(person), owner: holder().organisation }
}

/// Where a new record about nobody goes.
pub fn of_nobody() -> NewRecord {
    NewRecord { id: RecordId(id()), person: None, owner: holder().organisation }
}

/// Makes a person, in a transaction that goes on.
pub async fn make_person(tx: &mut WriteTx, called: &str) -> Saved<Person> {
    let who = PersonId(id());
    let new = NewRecord { id: who.into(), ..of(who) };
    tx.create(&writing(), "person added", new, &person(called)).await.unwrap()
}

/// Makes a person and commits.
pub async fn a_person(store: &Store, called: &str) -> PersonId {
    let mut tx = store.write().await.unwrap();
    let saved = make_person(&mut tx, called).await;
    tx.commit().await.unwrap();
    saved.id()
}

/// Makes a need and commits.
pub async fn a_need(store: &Store, person: PersonId, words: &str) -> Saved<Need> {
    let mut tx = store.write().await.unwrap();
    let saved = tx.create(&writing(), "need added", of(person), &need(words)).await.unwrap();
    tx.commit().await.unwrap();
    saved
}

/// Writes a new version with other words and commits.
pub async fn reword(store: &Store, old: &Saved<Need>, words: &str) -> Result<Saved<Need>, StoreError> {
    let mut tx = store.write().await?;
    let value = Need { words: words.to_owned(), ..old.value.clone() };
    let saved = tx.change(&writing_at(Instant(NOW.0 + 1)), "need reworded", &old.meta, &value).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Opens what is sealed, as the person whom it is about.
pub fn open<T>(person: PersonId, guarded: Guarded<T>) -> T {
    let decider = Decider::new().unwrap();
    let (actor, standing) = (Actor::person(person, 2, NOW), Standing::default());
    let mut batch = Batch::new(&decider, &actor, &standing, NOW);
    let ask = batch.ask(Action::View);
    batch.open(&PersonWorld::of(person), guarded, &ask).unwrap().0
}

/// The words of a need as it is stored now.
pub async fn words_of(store: &Store, person: PersonId, need: RecordId) -> String {
    let found = store.read().await.unwrap().find::<Need>(need).await.unwrap().unwrap();
    open(person, found).value.words
}

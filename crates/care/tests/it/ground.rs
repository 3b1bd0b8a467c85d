//! A fresh partnership: a host with its navigators, a manager, and nobody else yet.

use kith_care::{Identity, Kith, Principal};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, RecordId, TeamId, WorkerId};
use kith_domain::organisation::{
    Agreement, ControllerRole, Membership, Organisation, OrganisationKind, OrganisationStatus, Place, Team,
    WorkRole, Worker,
};
use kith_domain::record::{Author, Record};
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Instant};
use kith_store::{Database, Durability, NewRecord, Store, WriteTx, Writing};
use sqlx::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Monday 23 November 2026, nine in the morning.
pub fn now() -> Instant {
    Calendar::england().moment(jiff::civil::date(2026, 11, 23), 9, 0)
}

/// A partnership over a database of its own.
#[derive(Clone)]
pub struct Ground {
    pub kith: Kith,
    pub navigator: Identity,
    database: Database,
    server: Option<String>,
    _folder: Arc<tempfile::TempDir>,
}

impl Ground {
    /// The rows of a statement with one column of text, past everything that guards them.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match &self.database {
            Database::Folder(folder) => {
                let url = format!("sqlite://{}", folder.join("kith.db").display());
                let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap()
            }
            Database::Postgres(url) => {
                let mut conn = sqlx::PgConnection::connect(url).await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap()
            }
        }
    }

    pub async fn sqlite() -> Ground {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let database = Database::Folder(folder.path().join("data"));
        // The disk's own promise has a test of its own; here nobody cuts the power.
        let store = Store::open_with(&database, Durability::None).await.unwrap();
        Ground::over(store, database, folder, None).await
    }

    /// None, and a line that says so, when there is no server to test on.
    pub async fn postgres() -> Option<Ground> {
        let Some(server) = std::env::var("KITH_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
            println!("skipped: the PostgreSQL half needs KITH_TEST_POSTGRES, the URL of a server");
            return None;
        };
        let name = format!("kith_care_{}", Uuid::now_v7().simple());
        admin(&server, &format!("CREATE DATABASE {name}")).await;
        let (address, rest) = server.split_once("://").unwrap();
        let (place, query) = rest.split_once('?').map_or((rest, ""), |(p, q)| (p, q));
        let host = place.split('/').next().unwrap();
        let database = Database::Postgres(format!("{address}://{host}/{name}?{query}"));
        let store = Store::open(&database).await.unwrap();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Some(Ground::over(store, database, folder, Some(server)).await)
    }

    async fn over(
        store: Store,
        database: Database,
        folder: Arc<tempfile::TempDir>,
        server: Option<String>,
    ) -> Ground {
        let mut tx = store.write().await.unwrap();
        let navigator = found(&mut tx).await;
        tx.commit().await.unwrap();
        let kith = Kith::open(store).await.unwrap();
        Ground { kith, navigator, database, server, _folder: folder }
    }

    /// Another server over the same database, with nothing in its memory.
    pub async fn another(&self) -> Kith {
        let store = match &self.database {
            Database::Folder(_) => Store::open_with(&self.database, Durability::None).await,
            Database::Postgres(_) => Store::open(&self.database).await,
        };
        Kith::open(store.unwrap()).await.unwrap()
    }

    /// Removes a PostgreSQL database; a folder goes by itself.
    pub async fn clear(self) {
        self.kith.store().close().await;
        if let (Some(server), Database::Postgres(url)) = (&self.server, &self.database) {
            let name = url.rsplit('/').next().unwrap().split('?').next().unwrap();
            admin(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }

    /// Whoever runs the program.
    pub async fn operator(&self) -> Principal {
        self.kith.operator(now()).await.unwrap()
    }

    /// The navigator, signed in.
    pub async fn navigator(&self) -> Principal {
        let mut tx = self.kith.store().read().await.unwrap();
        let partnership = self.kith.partnership(&mut tx).await.unwrap();
        let (identity, at) = (self.navigator.clone(), now());
        Principal::new(identity, 2, at, "token".into(), Uuid::now_v7(), at, partnership)
    }

    /// Nothing is lost.
    pub async fn assert_nothing_lost(&self) {
        let checked = self.kith.check(now()).await.unwrap();
        assert!(checked.lost.is_empty(), "lost: {:?}", checked.lost);
    }
}

async fn admin(server: &str, sql: &str) {
    let mut conn = sqlx::PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Writes a record about nobody.
pub async fn put<T: Record>(tx: &mut WriteTx, id: RecordId, owner: OrganisationId, value: &T) {
    let writing = Writing {
        at: now().plus_days(-30),
        author: Author::Operator,
        recorded_for: None,
        basis: "administration".into(),
    };
    tx.create(&writing, "made", NewRecord { id, person: None, owner }, value).await.unwrap();
}

async fn found(tx: &mut WriteTx) -> Identity {
    let fresh = || RecordId(Uuid::now_v7());
    let day = Calendar::england().day(now().plus_days(-30));
    let (host, team, aisha, nadia) = (fresh(), fresh(), fresh(), fresh());
    let host_id = OrganisationId::from(host);
    let organisation = Organisation {
        name: "Trafford Together".into(),
        short: "Together".into(),
        kind: OrganisationKind::Charity,
        ods: None,
        charity_number: None,
        phone: None,
        email: None,
        website: None,
        agreement: Some(Agreement {
            reference: "DSA-1".into(),
            from: day,
            until: kith_domain::time::plus_days(day, 3 * 365),
            areas: Area::ALL.to_vec(),
            ceiling: Sensitivity::S2,
            role: ControllerRole::Controller,
            data_protection_contact: "data@example.org".into(),
            purposes: vec!["Support that the person asked for".into()],
            dpia: "DPIA-1".into(),
            caldicott: "Caldicott Guardian".into(),
        }),
        status: OrganisationStatus::Active,
        has_accounts: true,
        successors: Vec::new(),
        access: Default::default(),
        lead: Some(WorkerId::from(aisha)),
    };
    put(tx, host, host_id, &organisation).await;
    let navigators = Team {
        organisation: host_id,
        name: "Navigators".into(),
        lead: Some(WorkerId::from(aisha)),
        net: true,
        navigators: true,
        closed: None,
        email: None,
        phone: None,
        reply_working_days: 5,
    };
    put(tx, team, host_id, &navigators).await;
    for (id, name, role) in
        [(aisha, "Aisha Rahman", WorkRole::Navigator), (nadia, "Nadia Khan", WorkRole::PartnershipManager)]
    {
        let membership =
            Membership { organisation: host_id, team: TeamId::from(team), role, from: day, until: None };
        let worker = Worker {
            name: name.into(),
            email: None,
            phone: None,
            memberships: vec![membership],
            absences: Vec::new(),
            suspended: None,
            left: None,
        };
        put(tx, id, host_id, &worker).await;
    }
    let place = Place {
        name: "Trafford".into(),
        partnership: Uuid::now_v7(),
        net_organisation: host_id,
        net_team: TeamId::from(team),
        net_second: WorkerId::from(nadia),
        demo: false,
        zone: "Europe/London".into(),
        made_at: now().plus_days(-30),
        keeper: None,
        settings: Settings::default(),
    };
    put(tx, fresh(), host_id, &place).await;
    Identity::Worker { worker: WorkerId::from(aisha), organisation: host_id, role: WorkRole::Navigator }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the open data, where there is open data.
pub fn shared(path: &str) -> Option<Vec<u8>> {
    crate::beside::at(path).map(|full| std::fs::read(full).unwrap())
}

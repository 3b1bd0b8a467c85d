//! Where a journey's records are kept: SQLite in a temporary folder, or, when
//! `KITH_JOURNEYS_ON` is `postgres`, a database of its own on the server that
//! `KITH_TEST_POSTGRES` names. `cargo xtask test` runs the journeys both ways.
//!
//! On PostgreSQL the tables are made once, in a template; each test gets a copy of it.

use kith_store::{Database, Store};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::time::UNIX_EPOCH;
use uuid::Uuid;

/// A database with tables and nothing in them.
pub struct Ground {
    pub database: Database,
    copy: Option<Copy>,
    _folder: tempfile::TempDir,
}

/// A PostgreSQL database that goes when the test ends.
struct Copy {
    server: String,
    name: String,
}

impl Ground {
    pub async fn new() -> Ground {
        let folder = tempfile::tempdir().expect("a temporary folder");
        match std::env::var("KITH_JOURNEYS_ON").as_deref() {
            Ok("postgres") => {
                let server = std::env::var("KITH_TEST_POSTGRES")
                    .expect("KITH_TEST_POSTGRES, the URL of a server, beside KITH_JOURNEYS_ON");
                let name = copy(&server).await;
                let database = Database::Postgres(of_server(&server, &name));
                Ground { database, copy: Some(Copy { server, name }), _folder: folder }
            }
            Ok("sqlite") | Err(_) => {
                Ground { database: Database::Folder(folder.path().to_owned()), copy: None, _folder: folder }
            }
            Ok(other) => panic!("KITH_JOURNEYS_ON is sqlite or postgres, not {other:?}"),
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let Some(Copy { server, name }) = self.copy.take() else { return };
        // Nothing can be awaited here, and what cannot be removed is no failed test.
        let remove = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|r| r.block_on(run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))))
        };
        let _ = std::thread::spawn(remove).join();
    }
}

/// Makes a copy of the template, and the template first if this program has made none.
async fn copy(server: &str) -> String {
    let template = template_name();
    let mut conn = PgConnection::connect(server).await.expect("a server");
    // One at a time: the tests are programs of their own and begin together.
    sqlx::query("SELECT pg_advisory_lock(20261124)").execute(&mut conn).await.unwrap();
    let there: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&template)
        .fetch_optional(&mut conn)
        .await
        .unwrap();
    if there.is_none() {
        let half = format!("kith_half_{}", Uuid::now_v7().simple());
        run(server, &format!("CREATE DATABASE {half} TEMPLATE template0 ENCODING 'UTF8'")).await;
        let store = Store::open(&Database::Postgres(of_server(server, &half))).await.expect("tables");
        store.close().await;
        run(server, &format!("ALTER DATABASE {half} RENAME TO {template}")).await;
    }
    let name = format!("kith_journey_{}", Uuid::now_v7().simple());
    run(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    conn.close().await.unwrap();
    name
}

/// Another build of this program may have other tables.
fn template_name() -> String {
    let program = std::env::current_exe().and_then(|p| p.metadata()).and_then(|m| m.modified());
    let built = program.expect("the time of this program").duration_since(UNIX_EPOCH).expect("after 1970");
    format!("kith_template_{}", built.as_micros())
}

fn of_server(server: &str, name: &str) -> String {
    let (start, rest) = server.split_once("://").expect("a URL");
    let (place, query) = rest.split_once('?').map_or((rest, String::new()), |(p, q)| (p, format!("?{q}")));
    format!("{start}://{}/{name}{query}", place.split('/').next().unwrap_or_default())
}

async fn run(server: &str, sql: &str) {
    let mut conn = PgConnection::connect(server).await.expect("a server");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut conn)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    let _ = conn.close().await;
}

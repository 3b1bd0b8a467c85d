//! Copies of one made-up place, on either engine, and somebody who edits them without Kith.

use crate::forger::Hands;
use crate::{fine, kith, text};
use kith_domain::record::Record;
use kith_store::{Database, Store};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A made-up place, made once and copied for each edit.
pub struct Original {
    folder: tempfile::TempDir,
    server: Option<String>,
    name: String,
}

/// A copy to edit.
pub struct Copy {
    folder: PathBuf,
    /// The server, and the database on it.
    postgres: Option<(String, String)>,
}

/// A stored record with its id and person.
pub struct Stored<T> {
    pub id: Uuid,
    pub person: Option<Uuid>,
    pub value: T,
}

/// The same statement on a connection to whichever engine it is.
macro_rules! with {
    ($copy:expr, |$conn:ident| $body:expr) => {
        match &$copy.postgres {
            None => {
                let url = format!("sqlite://{}", $copy.folder.join("kith.db").display());
                let mut $conn = SqliteConnection::connect(&url).await.unwrap();
                let done = $body;
                $conn.close().await.unwrap();
                done
            }
            Some((server, name)) => {
                let mut $conn = PgConnection::connect(&address(server, name)).await.unwrap();
                let done = $body;
                $conn.close().await.unwrap();
                done
            }
        }
    };
}

impl Original {
    pub fn sqlite() -> Original {
        let folder = tempfile::tempdir().unwrap();
        fine(&["demo", "--data", text(&folder.path().join("original")), "--people", "60"]);
        Original { folder, server: None, name: String::new() }
    }

    /// None, and a line that says so, when there is no server to test on.
    pub async fn postgres() -> Option<Original> {
        let Some(server) = std::env::var("KITH_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
            println!("skipped: the PostgreSQL half needs KITH_TEST_POSTGRES, the URL of a server");
            return None;
        };
        let name = format!("kith_original_{}", Uuid::new_v4().simple());
        admin(&server, &format!("CREATE DATABASE {name}")).await;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("original");
        fine(&["demo", "--data", text(&data), "--database", &address(&server, &name), "--people", "60"]);
        Some(Original { folder, server: Some(server), name })
    }

    pub async fn copy(&self) -> Copy {
        let folder = self.folder.path().join(Uuid::new_v4().simple().to_string());
        std::fs::create_dir(&folder).unwrap();
        let Some(server) = &self.server else {
            for entry in std::fs::read_dir(self.folder.path().join("original")).unwrap() {
                let entry = entry.unwrap();
                std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
            }
            return Copy { folder, postgres: None };
        };
        let name = format!("kith_copy_{}", Uuid::new_v4().simple());
        admin(server, &format!("CREATE DATABASE {name} TEMPLATE {}", self.name)).await;
        Copy { folder, postgres: Some((server.clone(), name)) }
    }

    /// Removes the PostgreSQL database; a folder goes by itself.
    pub async fn clear(self) {
        if let Some(server) = &self.server {
            admin(server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
        }
    }
}

impl Copy {
    /// Every record of a kind, as it is stored.
    pub async fn all<T: Record>(&self) -> Vec<Stored<T>> {
        let sql = "SELECT id, person, body FROM record WHERE kind = $1 AND entered_in_error = 0 ORDER BY created, id";
        let rows: Vec<(Uuid, Option<Uuid>, String)> = with!(self, |conn| {
            sqlx::query_as(sql).bind(T::KIND.code()).fetch_all(&mut conn).await.unwrap()
        });
        let read = |(id, person, body): (Uuid, Option<Uuid>, String)| Stored {
            id,
            person,
            value: serde_json::from_str(&body).unwrap(),
        };
        rows.into_iter().map(read).collect()
    }

    /// Writes another value over the stored one, and nothing else.
    pub async fn edit<T: Record>(&self, id: Uuid, change: impl FnOnce(&mut T)) {
        self.edit_text(id, |body| {
            let mut value: T = serde_json::from_value(body.take()).unwrap();
            change(&mut value);
            *body = serde_json::to_value(&value).unwrap();
        })
        .await;
    }

    /// As [`Copy::edit`], on the bare JSON.
    pub async fn edit_text(&self, id: Uuid, change: impl FnOnce(&mut Value)) {
        let body: String = with!(self, |conn| {
            let sql = "SELECT body FROM record WHERE id = $1";
            sqlx::query_scalar(sql).bind(id).fetch_one(&mut conn).await.unwrap()
        });
        let mut value: Value = serde_json::from_str(&body).unwrap();
        change(&mut value);
        let body = value.to_string();
        with!(self, |conn| {
            let sql = "UPDATE record SET body = $2 WHERE id = $1";
            sqlx::query(sql).bind(id).bind(body.clone()).execute(&mut conn).await.unwrap().rows_affected()
        });
    }

    /// Runs a statement that takes one id.
    pub async fn run(&self, sql: &'static str, id: Uuid) {
        let rows =
            with!(self, |conn| sqlx::query(sql).bind(id).execute(&mut conn).await.unwrap().rows_affected());
        assert!(rows > 0, "{sql} changed nothing");
    }

    /// Makes the lists agree with the edited values, as a new version would.
    pub async fn reindex(&self) {
        let store = Store::open(&self.database()).await.unwrap();
        kith_store::reindex::reindex(&store, &mut |_| ()).await.unwrap();
        store.close().await;
    }

    fn database(&self) -> Database {
        match &self.postgres {
            None => Database::Folder(self.folder.clone()),
            Some((server, name)) => Database::Postgres(address(server, name)),
        }
    }

    /// Somebody who can do anything to it.
    pub fn hands(&self) -> Hands {
        Hands { database: self.database() }
    }

    /// A file outside the folder of the database.
    pub fn beside(&self, name: &str) -> String {
        format!("{}.{name}", text(&self.folder))
    }

    /// Runs `kith check` over it: the exit code and what it printed.
    pub fn check(&self, json: bool) -> (i32, String) {
        self.ask(if json { &["check", "--json"] } else { &["check"] })
    }

    /// Runs a command of `kith` over it: the exit code and what it printed.
    pub fn ask(&self, command: &[&str]) -> (i32, String) {
        let mut arguments = [command, &["--data", text(&self.folder)]].concat();
        let url = self.postgres.as_ref().map(|(server, name)| address(server, name));
        arguments.extend(url.iter().flat_map(|url| ["--database", url]));
        let output = kith(&arguments);
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    pub async fn clear(self) {
        if let Some((server, name)) = &self.postgres {
            admin(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
        let _ = std::fs::remove_dir_all(Path::new(&self.folder));
    }
}

fn address(server: &str, name: &str) -> String {
    let (start, rest) = server.split_once("://").unwrap();
    let (place, query) = rest.split_once('?').map_or((rest, String::new()), |(p, q)| (p, format!("?{q}")));
    format!("{start}://{}/{name}{query}", place.split('/').next().unwrap())
}

async fn admin(server: &str, sql: &str) {
    let mut conn = PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

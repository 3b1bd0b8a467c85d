//! What somebody with the source code and the database can do to it, on either engine. The tests of
//! the program read this file too (`kith/tests/it/tampered.rs`), so that it knows no other of these.

use kith_store::Database;
use kith_store::chain::{Hash, START, commitment};
use kith_store::write::Header;
use sqlx::Connection;
use uuid::Uuid;

/// Somebody who reads and writes the database without Kith.
#[derive(Clone)]
pub struct Hands {
    pub database: Database,
}

/// The same statement on a connection to whichever engine it is.
macro_rules! with {
    ($hands:expr, |$conn:ident| $body:expr) => {
        match &$hands.database {
            Database::Folder(folder) => {
                let url = format!("sqlite://{}", folder.join("kith.db").display());
                let mut $conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
                let done = $body;
                $conn.close().await.unwrap();
                done
            }
            Database::Postgres(url) => {
                let mut $conn = sqlx::PgConnection::connect(url).await.unwrap();
                let done = $body;
                $conn.close().await.unwrap();
                done
            }
        }
    };
}

impl Hands {
    /// Runs a statement, and tells how many rows it changed.
    pub async fn tamper(&self, sql: &str) -> u64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        with!(self, |conn| sqlx::raw_sql(sql).execute(&mut conn).await.unwrap().rows_affected())
    }

    /// The rows of a statement with one text column.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        with!(self, |conn| sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap())
    }

    /// The rows of a statement with one column of bytes.
    pub async fn bytes(&self, sql: &str) -> Vec<Vec<u8>> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        with!(self, |conn| sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap())
    }

    /// An id as this engine writes it in a statement.
    pub fn id(&self, id: Uuid) -> String {
        if self.on_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
    }

    /// Bytes as this engine writes them in a statement.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if self.on_postgres() { format!("'\\x{digits}'") } else { format!("x'{digits}'") }
    }

    /// The ids of a statement that gives the column of this name.
    pub async fn ids(&self, column: &str, rest: &str) -> Vec<Uuid> {
        let column =
            if self.on_postgres() { format!("CAST({column} AS TEXT)") } else { format!("hex({column})") };
        let found = self.texts(&format!("SELECT {column} {rest}")).await;
        found.iter().map(|id| Uuid::parse_str(id).unwrap()).collect()
    }

    fn on_postgres(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }
}

/// An entry with its text.
pub struct Entry {
    pub header: Header,
    pub salt: Vec<u8>,
    pub body: String,
}

/// One chain of the journal, in these hands.
pub struct Chain<'a> {
    pub hands: &'a Hands,
    pub id: Uuid,
}

impl Chain<'_> {
    /// The number of its last entry.
    pub async fn last(&self) -> i64 {
        let sql = "SELECT CAST(MAX(number) AS TEXT) FROM journal WHERE chain";
        self.hands.texts(&format!("{sql} = {}", self.hands.id(self.id))).await[0].parse().unwrap()
    }

    /// An entry, read as the forger reads it.
    pub async fn entry(&self, number: i64) -> Entry {
        let hands = self.hands;
        let place = format!("FROM journal WHERE chain = {} AND number = {number}", hands.id(self.id));
        let text = async |column: &str| {
            hands.texts(&format!("SELECT COALESCE(CAST({column} AS TEXT), '') {place}")).await.remove(0)
        };
        let hash = async |column: &str| -> Hash {
            hands.bytes(&format!("SELECT {column} {place}")).await.remove(0).try_into().unwrap()
        };
        let record = hands.ids("record", &place).await[0];
        let version: i64 = text("version").await.parse().unwrap();
        let payload = format!("FROM payload WHERE record = {} AND version = {version}", hands.id(record));
        Entry {
            header: Header {
                chain: self.id,
                number,
                person: hands.ids("person", &format!("{place} AND person IS NOT NULL")).await.pop(),
                record,
                version,
                kind: text("kind").await,
                schema: text("schema").await.parse().unwrap(),
                action: text("action").await,
                at: text("at").await.parse().unwrap(),
                author: text("author").await,
                recorded_for: Some(text("recorded_for").await).filter(|words| !words.is_empty()),
                owner: hands.ids("owner", &place).await[0],
                basis: text("basis").await,
                previous: hash("previous").await,
                commitment: hash("commitment").await,
            },
            salt: hands.bytes(&format!("SELECT salt {payload}")).await.remove(0),
            body: hands.texts(&format!("SELECT body {payload}")).await.remove(0),
        }
    }

    /// Writes over an entry and its text, with a hash that is right for it.
    pub async fn put(&self, e: &Entry) {
        let h = &e.header;
        let raw = |hash: &Hash| self.hands.raw(hash);
        self.hands
            .tamper(&format!(
                "UPDATE journal SET basis = {}, previous = {}, commitment = {}, hash = {}
                 WHERE chain = {} AND number = {}",
                quoted(&h.basis),
                raw(&h.previous),
                raw(&h.commitment),
                raw(&h.hash()),
                self.hands.id(h.chain),
                h.number
            ))
            .await;
        let place = format!("record = {} AND version = {}", self.hands.id(h.record), h.version);
        self.hands.tamper(&format!("UPDATE payload SET body = {} WHERE {place}", quoted(&e.body))).await;
    }

    /// Adds an entry and its text, with a hash that is right for it.
    pub async fn insert(&self, e: &Entry) {
        let (h, hands) = (&e.header, self.hands);
        let person = h.person.map_or("NULL".into(), |person| hands.id(person));
        let recorded_for = h.recorded_for.as_deref().map_or("NULL".into(), quoted);
        hands
            .tamper(&format!(
                "INSERT INTO journal (chain, number, person, record, version, kind, schema, action, at, author,
                    recorded_for, owner, basis, previous, commitment, hash)
                 VALUES ({}, {}, {person}, {}, {}, '{}', {}, {}, {}, {}, {recorded_for}, {}, {}, {}, {}, {})",
                hands.id(h.chain),
                h.number,
                hands.id(h.record),
                h.version,
                h.kind,
                h.schema,
                quoted(&h.action),
                h.at,
                quoted(&h.author),
                hands.id(h.owner),
                quoted(&h.basis),
                hands.raw(&h.previous),
                hands.raw(&h.commitment),
                hands.raw(&h.hash())
            ))
            .await;
        hands
            .tamper(&format!(
                "INSERT INTO payload (record, version, salt, body) VALUES ({}, {}, {}, {})",
                hands.id(h.record),
                h.version,
                hands.raw(&e.salt),
                quoted(&e.body)
            ))
            .await;
    }

    /// Writes over the head of the chain.
    pub async fn put_head(&self, number: i64, hash: &Hash) {
        let (hash, chain) = (self.hands.raw(hash), self.hands.id(self.id));
        let sql = format!("UPDATE chain SET number = {number}, hash = {hash} WHERE id = {chain}");
        self.hands.tamper(&sql).await;
    }

    /// Rewrites the text of an entry and recomputes every commitment and hash from there on, but not
    /// the head. Gives the hash of the last entry, for whoever recomputes that too.
    pub async fn rewrite(&self, at: i64, from: &str, to: &str) -> Hash {
        let mut previous = if at == 1 { START } else { self.entry(at - 1).await.header.hash() };
        for number in at..=self.last().await {
            let mut e = self.entry(number).await;
            if number == at {
                assert!(e.body.contains(from), "{from} is not in {}", e.body);
                e.body = e.body.replace(from, to);
                e.header.commitment = commitment(&e.salt, e.body.as_bytes());
            }
            e.header.previous = previous;
            previous = e.header.hash();
            self.put(&e).await;
        }
        previous
    }

    /// Makes two entries that follow each other change places, as they are.
    pub async fn swap(&self, number: i64) {
        let chain = self.hands.id(self.id);
        for (from, to) in [(number, -number), (number + 1, number), (-number, number + 1)] {
            let sql = format!("UPDATE journal SET number = {to} WHERE chain = {chain} AND number = {from}");
            assert_eq!(self.hands.tamper(&sql).await, 1);
        }
    }

    /// Moves every entry from this number on one up, so that another can stand there.
    pub async fn make_room(&self, number: i64) {
        let chain = self.hands.id(self.id);
        for sql in [
            format!("UPDATE journal SET number = -number - 1 WHERE chain = {chain} AND number >= {number}"),
            format!("UPDATE journal SET number = -number WHERE chain = {chain} AND number < 0"),
        ] {
            self.hands.tamper(&sql).await;
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

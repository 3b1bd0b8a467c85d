//! Backup and restore that do not depend on the engine.
//!
//! A backup is one file: lines of JSON under zstd, every table in a fixed order out of one
//! snapshot, and at the end how many rows each table had and a digest of them. A restore
//! goes into an empty database of either engine, in one transaction, and is committed only
//! after the digests of what was read *and* of what now stands in the database are equal
//! to those of the backup.
//!
//! **Left out on purpose**: sessions, leases, wrong tries, and codes not yet used. A restored copy must
//! not revive a sign-in that was ended, or a code or link that was used, after the backup
//! was made; whoever still holds one is given a new one. What servers have yet to take in is left out too:
//! after a restore they begin anew. Numbers that followers use are
//! kept, but a follower starts again after a restore.

mod moving;
mod rows;
mod tables;

pub use moving::{Moved, count_rows, move_over};
pub use tables::left_out;

use crate::chain::Fields;
use crate::checkpoint::Hex;
use crate::db::Store;
use crate::dialect;
use crate::error::StoreError;
use crate::file::WholeFile;
use crate::pending::batch;
use crate::tx::{Tx, WriteTx, on, raw};
use kith_domain::time::Instant;
use rows::Cell;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, query, query_as};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use tables::{Column, Scope, TABLES, Table};
use uuid::Uuid;

/// The number of the file's form.
pub const FORM: u32 = 1;
/// How hard zstd tries: beyond this, it costs more than reading the database.
const LEVEL: i32 = 3;

/// What one table holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sum {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// A digest over all of them, in the order of their keys, the same on both engines.
    pub digest: Hex<32>,
}

/// The first line of a backup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct About {
    /// The number of the file's form.
    pub kith_backup: u32,
    /// Of which partnership; none when it was empty.
    pub partnership: Option<Uuid>,
    /// When it was made.
    pub at: Instant,
    /// From which engine.
    pub engine: String,
    /// The number of the newest migration.
    pub schema: i64,
}

/// What a backup holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Of what and when.
    pub about: About,
    /// Table by table.
    pub tables: Vec<Sum>,
}

impl Manifest {
    /// Rows in all tables together.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|t| t.rows).sum()
    }
}

/// One table that differs between two databases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// Rows here.
    pub here: u64,
    /// Rows there.
    pub there: u64,
}

/// Called now and then with a table's name and how many rows of it are done.
pub type OnRows<'a> = &'a mut (dyn FnMut(&'static str, u64) + Send);

/// A line that is not a row.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mark {
    /// The rows of this table follow, with these columns.
    Table { name: String, columns: Vec<String> },
    /// The end: what every table had.
    End(Vec<Sum>),
}

/// Writes a backup to a new file: under another name first, so that a backup that exists
/// is whole.
///
/// # Errors
/// The file exists or cannot be written, or the database could not be read.
pub async fn backup(
    store: &Store,
    path: &Path,
    at: Instant,
    progress: OnRows<'_>,
) -> Result<Manifest, StoreError> {
    let mut tx = store.read().await?;
    let about = About {
        kith_backup: FORM,
        partnership: tx.partnership().await?,
        at,
        engine: store.engine().to_owned(),
        schema: tx.schema().await?,
    };
    // Small pieces are gathered before zstd, which is slow with them, and after it.
    let packed = zstd::Encoder::new(BufWriter::with_capacity(1 << 20, WholeFile::create(path)?), LEVEL)?;
    let mut out = BufWriter::with_capacity(1 << 18, packed);
    line(&mut out, &about)?;
    let mut sums = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let columns = table.columns.iter().map(|c| c.name.to_owned()).collect();
        line(&mut out, &Mark::Table { name: table.name.to_owned(), columns })?;
        let sum = tx.each_row(table, Scope::Backup, progress, |row| line(&mut out, &rows::Line(row))).await?;
        sums.push(sum);
    }
    line(&mut out, &Mark::End(sums.clone()))?;
    let packed = out.into_inner().map_err(|e| e.into_error())?;
    packed.finish()?.into_inner().map_err(|e| e.into_error())?.finish()?;
    Ok(Manifest { about, tables: sums })
}

fn line(out: &mut impl Write, value: &impl Serialize) -> Result<(), StoreError> {
    serde_json::to_writer(&mut *out, value).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Restores a backup into an empty database and proves that both are equal. A backup from
/// older tables comes back too: what came later holds what its migration says it does in rows
/// from before (`Column::before`), and tables that came later stay empty.
///
/// # Errors
/// The database holds something already; the file is damaged, or of another form or newer
/// tables; or what stands in the database afterwards is not what the backup counted. In
/// each case nothing was kept.
pub async fn restore(store: &Store, path: &Path, progress: OnRows<'_>) -> Result<Manifest, StoreError> {
    let mut tx = store.write().await?;
    tx.refuse_unless_empty().await?;
    let mut lines = Lines::open(path)?;
    let about: About = lines.next()?;
    if about.kith_backup != FORM {
        return Err(damaged(format!("it has form {} and this program knows {FORM}", about.kith_backup)));
    }
    let schema = tx.schema().await?;
    if about.schema > schema {
        let backup = about.schema;
        return Err(damaged(format!(
            "it was made with tables {backup} and this program has tables {schema}. Use a newer program"
        )));
    }
    // What was read is proved against the backup's own count; what stands here afterwards,
    // against what was put in. In an older backup columns and tables that came later are
    // missing, and the two differ.
    let (mut read, mut sums) = (Vec::with_capacity(TABLES.len()), Vec::with_capacity(TABLES.len()));
    let mut mark: Mark = lines.next()?;
    for table in TABLES {
        let Some(layout) = table.layout(&mark, about.schema < schema)? else {
            sums.push(Growing::new(table).end());
            continue;
        };
        let (was, is, next) = tx.put_rows(table, &layout, &mut lines, progress).await?;
        read.push(was);
        sums.push(is);
        mark = next;
    }
    match mark {
        Mark::End(counted) if counted == read => {}
        _ => return Err(damaged("its rows are not what it counted at the end".into())),
    }
    dialect::go_on_numbering(&mut tx).await?;
    if tx.digest(Scope::Backup).await? != sums {
        return Err(damaged("what stands in the database now is not what was read from it".into()));
    }
    tx.commit().await?;
    Ok(Manifest { about, tables: sums })
}

fn damaged(why: String) -> StoreError {
    StoreError::Damaged(format!("the backup cannot be restored: {why}"))
}

/// Reads the first line of a backup: of which partnership, and when.
///
/// # Errors
/// The file cannot be read, or is not a backup.
pub fn about(path: &Path) -> Result<About, StoreError> {
    Lines::open(path)?.next()
}

/// Counts and digests every table of a database that a backup holds.
///
/// # Errors
/// The database could not be read.
pub async fn digest(store: &Store) -> Result<Vec<Sum>, StoreError> {
    store.read().await?.digest(Scope::Backup).await
}

/// The tables in which two databases differ. Empty: they hold the same.
///
/// # Errors
/// One of them could not be read.
pub async fn compare(here: &Store, there: &Store) -> Result<Vec<Difference>, StoreError> {
    let (here, there) = (digest(here).await?, digest(there).await?);
    Ok(here
        .into_iter()
        .zip(there)
        .filter(|(a, b)| a != b)
        .map(|(a, b)| Difference { table: a.table, here: a.rows, there: b.rows })
        .collect())
}

/// The lines of a backup.
struct Lines {
    file: BufReader<zstd::Decoder<'static, BufReader<File>>>,
    text: String,
}

impl Lines {
    fn open(path: &Path) -> Result<Lines, StoreError> {
        let file = BufReader::with_capacity(1 << 20, zstd::Decoder::new(File::open(path)?)?);
        Ok(Lines { file, text: String::new() })
    }

    fn read(&mut self) -> Result<&str, StoreError> {
        self.text.clear();
        let n = self.file.read_line(&mut self.text).map_err(|e| damaged(e.to_string()))?;
        if n == 0 { Err(damaged("it ends before its end".into())) } else { Ok(self.text.trim_end()) }
    }

    fn next<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text = self.read()?;
        serde_json::from_str(text).map_err(|e| damaged(format!("a line cannot be read: {e}")))
    }
}

/// How the rows of a backup lie: its own columns, and where each of ours is among them.
struct Layout {
    had: Vec<&'static Column>,
    ours: Vec<Option<usize>>,
}

impl Layout {
    /// A row of the backup as a row of this table.
    fn row(&self, table: &'static Table, was: &[Cell]) -> Result<Vec<Cell>, StoreError> {
        let cell = |(column, at): (&'static Column, &Option<usize>)| match at {
            Some(at) => Ok(was[*at].clone()),
            None => rows::before(column)
                .ok_or_else(|| damaged(format!("nobody said what {} held before", column.name))),
        };
        table.columns.iter().zip(&self.ours).map(cell).collect()
    }
}

impl Table {
    /// How the rows that follow this mark lie; none for a table that an older backup does
    /// not have.
    fn layout(&'static self, mark: &Mark, older: bool) -> Result<Option<Layout>, StoreError> {
        let wrong = || damaged(format!("the table {} with its columns was expected", self.name));
        let columns = match mark {
            Mark::Table { name, columns } if name == self.name => columns,
            _ if older => return Ok(None),
            _ => return Err(wrong()),
        };
        let had: Option<Vec<&'static Column>> =
            columns.iter().map(|name| self.columns.iter().find(|c| c.name == name)).collect();
        let had = had.ok_or_else(wrong)?;
        let ours: Vec<Option<usize>> =
            self.columns.iter().map(|c| columns.iter().position(|name| name == c.name)).collect();
        let missing = ours.iter().any(Option::is_none);
        if (missing && !older) || had.len() + ours.iter().filter(|at| at.is_none()).count() != ours.len() {
            return Err(wrong());
        }
        Ok(Some(Layout { had, ours }))
    }
}

/// A digest that grows row by row.
struct Growing {
    table: &'static Table,
    rows: u64,
    fields: Fields,
}

impl Growing {
    fn new(table: &'static Table) -> Growing {
        Growing { table, rows: 0, fields: Fields::new(table.name) }
    }
    fn add(&mut self, row: &[Cell]) {
        self.rows += 1;
        for cell in row {
            cell.digest(&mut self.fields);
        }
    }
    fn end(self) -> Sum {
        Sum { table: self.table.name.to_owned(), rows: self.rows, digest: Hex(self.fields.end()) }
    }
}

impl Tx {
    /// The number of the newest migration.
    pub(crate) async fn schema(&mut self) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
        let (n,): (i64,) = on!(self, |conn| query_as(SQL).fetch_one(conn).await?);
        Ok(n)
    }

    async fn digest(&mut self, scope: Scope) -> Result<Vec<Sum>, StoreError> {
        let mut sums = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            sums.push(self.each_row(table, scope, &mut |_, _| {}, |_| Ok(())).await?);
        }
        Ok(sums)
    }

    /// Calls `each` with every row of a table in the order of its key, as it streams in.
    async fn each_row(
        &mut self,
        table: &'static Table,
        scope: Scope,
        progress: OnRows<'_>,
        mut each: impl FnMut(&[Cell]) -> Result<(), StoreError> + Send,
    ) -> Result<Sum, StoreError> {
        let mut growing = Growing::new(table);
        let mut fault = None;
        let mut row = Vec::with_capacity(table.columns.len());
        on!(self, |conn| {
            let mut stream = query(AssertSqlSafe(table.select(scope))).fetch(conn);
            while let Some(next) = futures::TryStreamExt::try_next(&mut stream).await? {
                rows::decode(&next, table, &mut row)?;
                growing.add(&row);
                if let Err(error) = each(&row) {
                    fault = Some(error);
                    break;
                }
                if growing.rows.is_multiple_of(1_000) {
                    progress(table.name, growing.rows);
                }
            }
        });
        match fault {
            Some(error) => Err(error),
            None => {
                progress(table.name, growing.rows);
                Ok(growing.end())
            }
        }
    }
}

impl WriteTx {
    async fn refuse_unless_empty(&mut self) -> Result<(), StoreError> {
        for name in TABLES.iter().map(|t| t.name).chain(left_out()) {
            let sql = format!("SELECT COUNT(*) FROM {name}");
            let (n,): (i64,) = on!(self.tx, |conn| query_as(AssertSqlSafe(sql)).fetch_one(conn).await?);
            if n != 0 {
                return Err(StoreError::Refused(format!(
                    "only an empty database can take it; this one has {n} rows in {name}"
                )));
            }
        }
        Ok(())
    }

    /// Puts the rows of one table in: what was read, what was put in, and the mark that came
    /// after them.
    async fn put_rows(
        &mut self,
        table: &'static Table,
        layout: &Layout,
        lines: &mut Lines,
        progress: OnRows<'_>,
    ) -> Result<(Sum, Sum, Mark), StoreError> {
        let (mut read, mut growing) = (Growing::new(table), Growing::new(table));
        let mut waiting: Vec<Vec<Cell>> = Vec::with_capacity(64);
        loop {
            let text = lines.read()?;
            if !text.starts_with('[') {
                let mark =
                    serde_json::from_str(text).map_err(|e| damaged(format!("a line cannot be read: {e}")))?;
                self.insert_rows(table, &waiting).await?;
                progress(table.name, growing.rows);
                return Ok((read.end(), growing.end(), mark));
            }
            let was = rows::parse(text, &layout.had)
                .ok_or_else(|| damaged(format!("a row of {} is not one", table.name)))?;
            read.add(&was);
            let row = layout.row(table, &was)?;
            growing.add(&row);
            waiting.push(row);
            if waiting.len() == 64 {
                self.insert_rows(table, &waiting).await?;
                waiting.clear();
                progress(table.name, growing.rows);
            }
        }
    }

    async fn insert_rows(
        &mut self,
        table: &'static Table,
        mut waiting: &[Vec<Cell>],
    ) -> Result<(), StoreError> {
        while !waiting.is_empty() {
            let (now, later) = waiting.split_at(batch(waiting.len()));
            waiting = later;
            let into = table.insert(dialect::keeping_numbers(&self.tx.engine, table.numbered));
            let sql = dialect::insert(&self.tx.engine, &into, table.columns.len(), now.len(), "");
            raw!(self.tx, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for (column, cell) in now.iter().flat_map(|row| table.columns.iter().zip(row)) {
                    q = rows::bind!(q, column, cell);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::Database;

    /// Columns that came with the second migration.
    const LATER: [&str; 6] = ["guard", "taken", "tries", "next_try", "trouble", "dead"];

    /// A backup as a program with older tables would have written it: one table and some
    /// columns are not there yet.
    fn older(path: &Path, schema: i64, unknown: bool) {
        let file = File::create(path).unwrap();
        let mut out = zstd::Encoder::new(file, LEVEL).unwrap();
        let about =
            About { kith_backup: FORM, partnership: None, at: Instant(5), engine: "sqlite".into(), schema };
        line(&mut out, &about).unwrap();
        let mut sums = Vec::new();
        for table in TABLES.iter().filter(|t| t.name != "place_area") {
            let mut columns: Vec<&'static Column> =
                table.columns.iter().filter(|c| !LATER.contains(&c.name)).collect();
            let mut names: Vec<String> = columns.iter().map(|c| c.name.to_owned()).collect();
            if unknown && table.name == "outbox" {
                columns.pop();
                names.pop();
                names.push("colour".into());
            }
            line(&mut out, &Mark::Table { name: table.name.into(), columns: names }).unwrap();
            let mut growing = Growing::new(table);
            if table.name == "outbox" && !unknown {
                let text = |t: &str| Cell::Text(t.into());
                let row = vec![
                    Cell::Id(Uuid::from_u128(7)),
                    Cell::Int(9),
                    Cell::Null,
                    text("email"),
                    text("a@example.org"),
                    text("Kith"),
                    text("Words"),
                    text("once"),
                    Cell::Null,
                    Cell::Null,
                ];
                assert_eq!(row.len(), columns.len());
                growing.add(&row);
                line(&mut out, &rows::Line(&row)).unwrap();
            }
            sums.push(growing.end());
        }
        line(&mut out, &Mark::End(sums)).unwrap();
        out.finish().unwrap();
    }

    async fn empty(folder: &Path) -> Store {
        Store::open(&Database::Folder(folder.to_owned())).await.unwrap()
    }

    #[tokio::test]
    async fn a_backup_from_older_tables_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.kith");
        older(&path, 1, false);
        let store = empty(&folder.path().join("data")).await;
        let made = restore(&store, &path, &mut |_, _| {}).await.unwrap();
        assert_eq!(made.rows(), 1);
        let waiting = store.read().await.unwrap().list_outbox(9).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].tries, waiting[0].dead), (1, 0, None));
        store.close().await;
    }

    #[tokio::test]
    async fn what_is_missing_without_being_older_or_unknown_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = empty(&folder.path().join("data")).await;
        let now = store.read().await.unwrap().schema().await.unwrap();
        for (schema, unknown) in [(now, false), (1, true), (now + 1, false)] {
            let path = folder.path().join(format!("{schema}-{unknown}.kith"));
            older(&path, schema, unknown);
            assert!(restore(&store, &path, &mut |_, _| {}).await.is_err(), "{schema} {unknown}");
        }
        assert!(store.read().await.unwrap().list_outbox(9).await.unwrap().is_empty(), "nothing was kept");
        store.close().await;
    }
}

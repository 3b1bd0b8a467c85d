//! Rows as they pass between a database and a backup.

use super::tables::{Column, Table, Type};
use crate::chain::Fields;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::Value;
use sqlx::{ColumnIndex, Decode, Row};
use uuid::Uuid;

/// One value of a row.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Cell {
    Null,
    Id(Uuid),
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Real(f64),
}

impl Cell {
    /// SQLite keeps no minus before a nought, so neither does a copy.
    fn real(x: f64) -> Cell {
        Cell::Real(x + 0.0)
    }

    /// Adds this value to a digest: its type and its bytes.
    pub(super) fn digest(&self, fields: &mut Fields) {
        let (of, bytes): (&[u8], &[u8]) = match self {
            Cell::Null => (b"null", b""),
            Cell::Id(id) => (b"id", id.as_bytes()),
            Cell::Int(n) => (b"int", &n.to_be_bytes()),
            Cell::Text(text) => (b"text", text.as_bytes()),
            Cell::Bytes(bytes) => (b"bytes", bytes),
            Cell::Real(x) => (b"real", &x.to_bits().to_be_bytes()),
        };
        fields.add(of);
        fields.add(bytes);
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Null => s.serialize_none(),
            Cell::Id(id) => s.collect_str(id),
            Cell::Int(n) => s.serialize_i64(*n),
            Cell::Text(text) => s.serialize_str(text),
            Cell::Bytes(bytes) => s.serialize_str(&hex::encode(bytes)),
            // As text: readers of JSON numbers may round them, and these must come back
            // bit for bit.
            Cell::Real(x) => s.serialize_str(&format!("{x:?}")),
        }
    }
}

/// A row as a line of the backup.
pub(super) struct Line<'a>(pub &'a [Cell]);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut seq = s.serialize_seq(Some(self.0.len()))?;
        for cell in self.0 {
            seq.serialize_element(cell)?;
        }
        seq.end()
    }
}

/// A line of the backup as a row; none when it is not a row with these columns.
pub(super) fn parse(text: &str, columns: &[&Column]) -> Option<Vec<Cell>> {
    let values: Vec<Value> = serde_json::from_str(text).ok()?;
    if values.len() != columns.len() {
        return None;
    }
    values.into_iter().zip(columns).map(|(value, column)| cell(value, column.of)).collect()
}

/// What a column holds in a row that was written before the column was there.
pub(super) fn before(column: &Column) -> Option<Cell> {
    let Some(text) = column.before else { return Some(Cell::Null) };
    Some(match column.of {
        Type::Id => Cell::Id(Uuid::parse_str(text).ok()?),
        Type::Int => Cell::Int(text.parse().ok()?),
        Type::Text => Cell::Text(text.to_owned()),
        Type::Bytes => Cell::Bytes(hex::decode(text).ok()?),
        Type::Real => Cell::real(text.parse().ok()?),
    })
}

fn cell(value: Value, of: Type) -> Option<Cell> {
    Some(match (of, value) {
        (_, Value::Null) => Cell::Null,
        (Type::Id, Value::String(text)) => Cell::Id(Uuid::parse_str(&text).ok()?),
        (Type::Int, Value::Number(n)) => Cell::Int(n.as_i64()?),
        (Type::Text, Value::String(text)) => Cell::Text(text),
        (Type::Bytes, Value::String(text)) => Cell::Bytes(hex::decode(text).ok()?),
        (Type::Real, Value::String(text)) => Cell::real(text.parse().ok()?),
        _ => return None,
    })
}

/// Reads one row of either engine.
pub(super) fn decode<R>(row: &R, table: &Table, cells: &mut Vec<Cell>) -> Result<(), sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> Uuid: Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> f64: Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + sqlx::Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    cells.clear();
    for (n, column) in table.columns.iter().enumerate() {
        let cell = match column.of {
            Type::Id => row.try_get::<Option<Uuid>, _>(n)?.map(Cell::Id),
            Type::Int => row.try_get::<Option<i64>, _>(n)?.map(Cell::Int),
            Type::Text => row.try_get::<Option<String>, _>(n)?.map(Cell::Text),
            Type::Bytes => row.try_get::<Option<Vec<u8>>, _>(n)?.map(Cell::Bytes),
            Type::Real => row.try_get::<Option<f64>, _>(n)?.map(Cell::real),
        };
        cells.push(cell.unwrap_or(Cell::Null));
    }
    Ok(())
}

/// Binds one value with the type of its column: PostgreSQL wants the type of a null too.
macro_rules! bind {
    ($query:expr, $column:expr, $cell:expr) => {
        match ($column.of, $cell) {
            (_, $crate::copy::rows::Cell::Id(id)) => $query.bind(*id),
            (_, $crate::copy::rows::Cell::Int(n)) => $query.bind(*n),
            (_, $crate::copy::rows::Cell::Text(text)) => $query.bind(text.as_str()),
            (_, $crate::copy::rows::Cell::Bytes(bytes)) => $query.bind(bytes.as_slice()),
            (_, $crate::copy::rows::Cell::Real(x)) => $query.bind(*x),
            ($crate::copy::tables::Type::Id, _) => $query.bind(None::<uuid::Uuid>),
            ($crate::copy::tables::Type::Int, _) => $query.bind(None::<i64>),
            ($crate::copy::tables::Type::Text, _) => $query.bind(None::<String>),
            ($crate::copy::tables::Type::Bytes, _) => $query.bind(None::<Vec<u8>>),
            ($crate::copy::tables::Type::Real, _) => $query.bind(None::<f64>),
        }
    };
}
pub(super) use bind;

//! Reading any council's spreadsheet of services.
//!
//! A small mapping file ([`Map`]) says which column is what. [`read`] then turns each row
//! into a [`Draft`], or says in plain words why not and what to do about it. Every row of
//! the file stands exactly once in the [`Report`]: nothing is lost on the way. A value
//! that cannot be used but is not needed is left out with a remark; a row that would be
//! wrong or lead people astray is refused.

mod draft;
mod entry;
mod map;
mod report;
mod sheet;
mod values;

pub use draft::Draft;
pub use map::{Encoding, Field, Map, MapError, SourceMap};
pub use report::{Counts, Outcome, Remark, Report, RowRefusal, RowReport};
pub use sheet::FileRefusal;

use crate::place::PostcodeLookup;
use kith_domain::time::Instant;
use std::collections::BTreeMap;

/// Reads a spreadsheet by a map. Nothing is written anywhere: this is the dry run, and
/// the import itself starts from its result.
///
/// `fetched_at` is noted on every entry. `postcodes`, when given, adds neighbourhoods
/// and points, and finds postcodes that do not exist.
///
/// # Errors
/// The file as a whole cannot be read by this map: not text, too large, or columns are
/// missing that the map names.
pub fn read(
    bytes: &[u8],
    map: &Map,
    postcodes: Option<&dyn PostcodeLookup>,
    fetched_at: Option<Instant>,
) -> Result<Report, FileRefusal> {
    let sheet = sheet::Sheet::read(bytes, map)?;
    let columns = map.columns(&sheet.headings)?;
    let mut rows: Vec<RowReport> = Vec::with_capacity(sheet.rows.len());
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for row in sheet.rows {
        let number = row.number;
        let (outcome, remarks) = entry::one(&row, map, &columns, postcodes, fetched_at);
        let outcome = match outcome {
            Outcome::Imported(draft) => settle(draft, number, map, &mut first, &mut rows),
            other => other,
        };
        rows.push(RowReport { row: number, outcome, remarks });
    }
    Ok(Report { source: map.source.name.clone(), notes: sheet.notes, rows })
}

/// Joins a row to the entry it belongs to, or refuses a second row for the same entry.
fn settle(
    draft: Box<Draft>,
    number: u32,
    map: &Map,
    first: &mut BTreeMap<String, usize>,
    rows: &mut [RowReport],
) -> Outcome {
    let Some(&at) = first.get(&draft.key) else {
        first.insert(draft.key.clone(), rows.len());
        return Outcome::Imported(draft);
    };
    let into = rows[at].row;
    if !map.joins() {
        return Outcome::Refused(vec![RowRefusal {
            row: number,
            column: None,
            why: format!("It is the same service as row {into}: {}.", draft.key_words(map)),
            what_to_do: "Take one of the two rows out, or give them different names.".to_owned(),
        }]);
    }
    if let Outcome::Imported(earlier) = &mut rows[at].outcome {
        earlier.take_in(*draft);
    }
    Outcome::Joined { into }
}

//! One file: recognising it by its headings, and reading its rows.

use kith_domain::place::{Decile, PlaceCode, Point, Postcode};
use serde::Serialize;
use std::io::{BufRead, BufReader, Read};

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Postcodes with places and points (ONS: NSPL or ONSPD; a council's own list).
    Postcodes,
    /// Index of Multiple Deprivation (MHCLG).
    Deprivation,
    /// Neighbourhoods with their electoral wards and districts (ONS).
    Neighbourhoods,
    /// Neighbourhoods of 2011 with those of 2021 (ONS).
    Changes,
    /// Outlines as GeoJSON (ONS).
    Outlines,
}

impl FileKind {
    /// The words in a report.
    pub fn words(self) -> &'static str {
        match self {
            FileKind::Postcodes => "postcodes",
            FileKind::Deprivation => "index of multiple deprivation",
            FileKind::Neighbourhoods => "neighbourhoods and electoral wards",
            FileKind::Changes => "neighbourhoods of 2011 and 2021",
            FileKind::Outlines => "outlines",
        }
    }
}

/// Which drawing of neighbourhoods a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Vintage {
    /// Drawn for the census of 2011.
    Y2011,
    /// Drawn for the census of 2021.
    Y2021,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileReport {
    /// The file's name.
    pub file: String,
    /// What it was recognised as.
    pub kind: FileKind,
    /// Rows or outlines in it.
    pub rows: usize,
    /// Kept.
    pub kept: usize,
    /// In districts that were not asked for, or no longer in use.
    pub passed_over: usize,
    /// Not readable, and why.
    pub not_read: Vec<NotRead>,
}

impl FileReport {
    /// Lines for people.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{}: {}. {} rows: {} kept, {} elsewhere or no longer in use, {} not read.\n",
            self.file,
            self.kind.words(),
            self.rows,
            self.kept,
            self.passed_over,
            self.not_read.len()
        );
        for row in self.not_read.iter().take(20) {
            out.push_str(&format!("Row {}: {}\n", row.row, row.why));
        }
        if self.not_read.len() > 20 {
            out.push_str(&format!("and {} more rows.\n", self.not_read.len() - 20));
        }
        out
    }
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotRead {
    /// The row, the heading being row 1; of outlines, which one.
    pub row: usize,
    /// Why.
    pub why: String,
}

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The reader failed, or the compressed file is damaged.
    #[error("{file} could not be read: {cause}")]
    Read {
        /// The file.
        file: String,
        /// The cause.
        cause: std::io::Error,
    },
    /// Not a file of a kind that is known here.
    #[error("{file} is not a file of places that Kith knows. Its columns are: {columns}")]
    Unknown {
        /// The file.
        file: String,
        /// Its columns.
        columns: String,
    },
    /// GeoJSON that is not.
    #[error("{file} is not readable GeoJSON: {why}")]
    NotGeoJson {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
}

/// The bytes of a file, unpacked when it is compressed with zstd.
pub(super) fn unpacked<'a>(name: &str, reader: impl Read + 'a) -> Result<Box<dyn BufRead + 'a>, PlaceError> {
    let failed = |cause| PlaceError::Read { file: name.to_owned(), cause };
    let mut reader = BufReader::with_capacity(64 * 1024, reader);
    let start = reader.fill_buf().map_err(failed)?;
    if start.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        let decoder = zstd::stream::read::Decoder::with_buffer(reader).map_err(failed)?;
        Ok(Box::new(BufReader::with_capacity(64 * 1024, decoder)))
    } else {
        Ok(Box::new(reader))
    }
}

/// A table with headings, read row by row.
pub(super) struct Table<'a> {
    reader: csv::Reader<Box<dyn BufRead + 'a>>,
    pub headings: Vec<String>,
    pub row: usize,
}

impl<'a> Table<'a> {
    pub fn new(name: &str, reader: Box<dyn BufRead + 'a>) -> Result<Table<'a>, PlaceError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
        let headings = reader.byte_headers().map_err(|e| read_error(name, e))?;
        let headings = headings.iter().map(|h| plain(&String::from_utf8_lossy(h))).collect();
        Ok(Table { reader, headings, row: 1 })
    }

    /// The first of these columns that the table has. A name ending in `*` stands for
    /// every heading that begins with it.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| match name.strip_suffix('*') {
            Some(start) => self.headings.iter().position(|h| h.starts_with(start)),
            None => self.headings.iter().position(|h| h == name),
        })
    }

    /// The next row, if there is one.
    pub fn next(&mut self, name: &str, record: &mut csv::ByteRecord) -> Result<bool, PlaceError> {
        self.row += 1;
        self.reader.read_byte_record(record).map_err(|e| read_error(name, e))
    }
}

fn read_error(name: &str, error: csv::Error) -> PlaceError {
    let cause = match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => std::io::Error::other(format!("{other:?}")),
    };
    PlaceError::Read { file: name.to_owned(), cause }
}

/// A heading in lower case, its byte order mark and spaces gone.
fn plain(heading: &str) -> String {
    heading.trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A cell as text; nothing when it is empty or not there.
pub(super) fn cell(record: &csv::ByteRecord, column: Option<usize>) -> Option<String> {
    let text = String::from_utf8_lossy(record.get(column?)?).trim().to_owned();
    (!text.is_empty() && text != "NA").then_some(text)
}

/// Columns of neighbourhoods, 2021 and 2011.
pub(super) const LSOA21: &[&str] = &["lsoa21_code", "lsoa21cd", "lsoa21", "lsoa_code", "lsoa code (2021)"];
pub(super) const LSOA11: &[&str] = &["lsoa11_code", "lsoa11cd", "lsoa11", "lsoa code (2011)"];
const DECILE: &[&str] = &["imd_decile", "index of multiple deprivation (imd) decile*", "imddecil*"];
const POSTCODE: &[&str] = &["pcds", "postcode", "pcd8", "pcd7", "pcd"];
const WARD_CODE: &[&str] = &["ward_code", "ward24_code", "ward", "osward", "wd25cd", "wd24cd", "wd23cd"];
const WARD_NAME: &[&str] = &["ward_name", "ward24_name", "wd25nm", "wd24nm", "wd23nm"];
const DISTRICT_CODE: &[&str] =
    &["la_code", "ltla24_code", "laua", "oslaua", "lad25cd", "lad24cd", "lad23cd", "ltla22_code"];
const DISTRICT_NAME: &[&str] = &["la_name", "ltla24_name", "lad25nm", "lad24nm", "lad23nm", "ltla22_name"];

/// What a table is, by its headings.
pub(super) fn recognise(table: &Table<'_>) -> Option<FileKind> {
    let has = |names| table.column(names).is_some();
    match () {
        () if has(POSTCODE) && (has(LSOA21) || has(LSOA11) || has(&["lat"])) => Some(FileKind::Postcodes),
        () if has(LSOA11) && has(&["lsoa21_code", "lsoa21cd"]) => Some(FileKind::Changes),
        () if has(DECILE) && (has(LSOA21) || has(LSOA11)) => Some(FileKind::Deprivation),
        () if has(LSOA21) && has(WARD_CODE) => Some(FileKind::Neighbourhoods),
        () => None,
    }
}

/// How good a name is; the better one stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameKind {
    /// The ONS's: a district and a number.
    Official,
    /// What people call it.
    KnownAs,
}

/// One postcode, before it is known whether its neighbourhood is of the right drawing.
#[derive(Debug)]
pub(super) struct PostcodeRow {
    pub postcode: Postcode,
    pub point: Option<Point>,
    pub lsoa21: Option<PlaceCode>,
    pub lsoa11: Option<PlaceCode>,
    pub ward: Option<PlaceCode>,
    pub district: Option<PlaceCode>,
    pub names: Vec<(PlaceCode, NameKind, String)>,
    /// It is no longer in use.
    pub ended: bool,
}

/// Where the columns of postcodes are.
pub(super) struct PostcodeColumns {
    postcode: Option<usize>,
    lsoa21: Option<usize>,
    lsoa11: Option<usize>,
    ward: Option<usize>,
    ward_name: Option<usize>,
    district: Option<usize>,
    district_name: Option<usize>,
    lsoa_name: Option<usize>,
    known_as: Option<usize>,
    lat: Option<usize>,
    lon: Option<usize>,
    ended: Option<usize>,
}

impl PostcodeColumns {
    pub fn of(table: &Table<'_>) -> PostcodeColumns {
        PostcodeColumns {
            postcode: table.column(POSTCODE),
            lsoa21: table.column(LSOA21),
            lsoa11: table.column(LSOA11),
            ward: table.column(WARD_CODE),
            ward_name: table.column(WARD_NAME),
            district: table.column(DISTRICT_CODE),
            district_name: table.column(DISTRICT_NAME),
            lsoa_name: table.column(&["lsoa_name", "lsoa21nm", "lsoa21_name"]),
            known_as: table.column(&["msoa_hcl_name"]),
            lat: table.column(&["lat", "latitude"]),
            lon: table.column(&["long", "lon", "longitude"]),
            ended: table.column(&["doterm"]),
        }
    }

    pub fn read(&self, record: &csv::ByteRecord) -> Result<PostcodeRow, String> {
        let text = cell(record, self.postcode).ok_or("there is no postcode.")?;
        let postcode = Postcode::parse(&text).map_err(|e| format!("{e}."))?;
        let code = |column| cell(record, column).and_then(|c| PlaceCode::parse(&c).ok());
        let (lsoa21, ward, district) = (code(self.lsoa21), code(self.ward), code(self.district));
        let named = |code: &Option<PlaceCode>, kind, name: Option<String>| Some((code.clone()?, kind, name?));
        let number = cell(record, self.lsoa_name);
        let known_as = cell(record, self.known_as).map(|known_as| match &number {
            Some(number) => format!("{known_as} ({number})"),
            None => known_as,
        });
        let names = [
            named(&lsoa21, NameKind::KnownAs, known_as),
            named(&lsoa21, NameKind::Official, number),
            named(&ward, NameKind::Official, cell(record, self.ward_name)),
            named(&district, NameKind::Official, cell(record, self.district_name)),
        ];
        Ok(PostcodeRow {
            postcode,
            point: point(cell(record, self.lat), cell(record, self.lon)),
            lsoa11: code(self.lsoa11),
            names: names.into_iter().flatten().collect(),
            ended: cell(record, self.ended).is_some(),
            lsoa21,
            ward,
            district,
        })
    }
}

/// A point in the United Kingdom. The ONS writes latitude 99.999999 where there is none.
fn point(lat: Option<String>, lon: Option<String>) -> Option<Point> {
    let point = Point::new(lat?.parse().ok()?, lon?.parse().ok()?).ok()?;
    point.in_the_uk().then_some(point)
}

/// A neighbourhood with its tenth of deprivation.
pub(super) fn deprivation(
    table: &Table<'_>,
) -> (Vintage, impl Fn(&csv::ByteRecord) -> Result<(PlaceCode, Decile), String> + use<>) {
    let (new, old, decile) = (table.column(LSOA21), table.column(LSOA11), table.column(DECILE));
    let vintage = if new.is_some() { Vintage::Y2021 } else { Vintage::Y2011 };
    let code = new.or(old);
    (vintage, move |record| {
        let place = cell(record, code).and_then(|c| PlaceCode::parse(&c).ok()).ok_or("there is no code.")?;
        let number = cell(record, decile)
            .and_then(|d| d.parse::<f64>().ok())
            .filter(|d| d.fract() == 0.0 && (1.0..=10.0).contains(d));
        let decile =
            number.and_then(|d| Decile::try_from(d as u8).ok()).ok_or("there is no decile from 1 to 10.")?;
        Ok((place, decile))
    })
}

/// A neighbourhood with its electoral ward and district, each a code and a name.
pub(super) struct NeighbourhoodRow {
    pub code: PlaceCode,
    pub name: String,
    pub ward: Option<(PlaceCode, String)>,
    pub district: Option<(PlaceCode, String)>,
}

/// How rows of neighbourhoods are read.
pub(super) fn neighbourhoods(
    table: &Table<'_>,
) -> impl Fn(&csv::ByteRecord) -> Result<NeighbourhoodRow, String> + use<> {
    let (code, name) = (table.column(LSOA21), table.column(&["lsoa21_name", "lsoa21nm", "lsoa_name"]));
    let (ward, ward_name) = (table.column(WARD_CODE), table.column(WARD_NAME));
    let (district, district_name) = (table.column(DISTRICT_CODE), table.column(DISTRICT_NAME));
    move |record| {
        let parse = |column| cell(record, column).and_then(|c| PlaceCode::parse(&c).ok());
        let named = |code: Option<PlaceCode>, name| {
            code.map(|c| {
                let name = cell(record, name).unwrap_or_else(|| c.to_string());
                (c, name)
            })
        };
        let code = parse(code).ok_or("there is no code of a neighbourhood.")?;
        Ok(NeighbourhoodRow {
            name: cell(record, name).unwrap_or_else(|| code.to_string()),
            code,
            ward: named(parse(ward), ward_name),
            district: named(parse(district), district_name),
        })
    }
}

/// How rows from 2011 to 2021 are read: old, new, and whether the old one became just one
/// new one (U unchanged, M merged), rather than split (S) or redrawn (X).
pub(super) fn changes(
    table: &Table<'_>,
) -> impl Fn(&csv::ByteRecord) -> Result<(PlaceCode, PlaceCode, bool), String> + use<> {
    let (old, new) = (table.column(LSOA11), table.column(&["lsoa21_code", "lsoa21cd"]));
    let change = table.column(&["change_code", "chgind", "chngind"]);
    move |record| {
        let parse =
            |column| cell(record, column).and_then(|c| PlaceCode::parse(&c).ok()).ok_or("a code is missing.");
        let plain = matches!(cell(record, change).as_deref(), Some("U" | "M"));
        Ok((parse(old)?, parse(new)?, plain))
    }
}

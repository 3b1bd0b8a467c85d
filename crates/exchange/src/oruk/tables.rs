//! HSDS as tables: a folder or a zip of CSV files (a datapackage), of any version. The rows
//! are put together into nested entries, which [`super::older`] and [`super::read`] take on.

use super::older;
use encoding_rs::WINDOWS_1252;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// The most that a zip may hold once it is unpacked, in bytes.
pub const UNPACKED_MAX: u64 = 512 * 1024 * 1024;
/// Rows of one table.
const ROWS_MAX: usize = 2_000_000;

/// Why tables cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// Not a zip that can be read.
    #[error("the zip cannot be read: {0}")]
    Zip(String),
    /// It would fill the memory.
    #[error("there is too much in it: more than 512 MB, or 2,000,000 rows in one table")]
    TooMuch,
    /// The services are missing.
    #[error("there is no services.csv in it")]
    NoServices,
    /// A table is broken.
    #[error("{table}.csv cannot be read: {why}")]
    Table {
        /// Which.
        table: String,
        /// Why.
        why: String,
    },
}

/// Rows of tables, by the name of the table.
#[derive(Default)]
pub struct Tables(BTreeMap<String, Vec<Map<String, Value>>>);

impl Tables {
    /// The CSV files of a zip, wherever in it they are.
    ///
    /// # Errors
    /// It is no zip, holds too much, or a table in it is broken.
    pub fn of_zip(bytes: &[u8]) -> Result<Tables, TablesError> {
        let broken = |e: &dyn std::fmt::Display| TablesError::Zip(e.to_string());
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        let (mut tables, mut left) = (Tables::default(), UNPACKED_MAX);
        for number in 0..zip.len() {
            let file = zip.by_index(number).map_err(|e| broken(&e))?;
            let named = file.name().map(|name| name.into_owned()).ok();
            let Some(name) = named.and_then(|name| table_name(&name)) else { continue };
            let mut content = Vec::new();
            // What the zip says of its size is not believed.
            file.take(left + 1).read_to_end(&mut content).map_err(|e| broken(&e))?;
            left = left.checked_sub(content.len() as u64).ok_or(TablesError::TooMuch)?;
            tables.add(&name, &content)?;
        }
        Ok(tables)
    }

    /// Adds a table by the name of its file; a file that is no table is passed over.
    ///
    /// # Errors
    /// The table is broken or too long.
    pub fn add_file(&mut self, file: &str, bytes: &[u8]) -> Result<(), TablesError> {
        match table_name(file) {
            Some(name) => self.add(&name, bytes),
            None => Ok(()),
        }
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), TablesError> {
        let text = std::str::from_utf8(bytes).map_or_else(|_| WINDOWS_1252.decode(bytes).0, Into::into);
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let broken = |e: csv::Error| TablesError::Table { table: name.to_owned(), why: e.to_string() };
        let headings: Vec<String> =
            reader.headers().map_err(broken)?.iter().map(|h| h.trim().to_lowercase()).collect();
        let rows = self.0.entry(name.to_owned()).or_default();
        for row in reader.records() {
            let row = row.map_err(broken)?;
            let cells = headings.iter().zip(row.iter()).filter(|(_, cell)| !cell.trim().is_empty());
            // Some write a line break as two letters.
            let cells = cells.map(|(h, cell)| (h.clone(), Value::String(cell.trim().replace("\\n", "\n"))));
            rows.push(cells.collect());
            if rows.len() > ROWS_MAX {
                return Err(TablesError::TooMuch);
            }
        }
        Ok(())
    }

    /// The services as nested entries in the shape of HSDS 3.
    ///
    /// # Errors
    /// There is no table of services.
    pub fn entries(mut self) -> Result<Vec<Value>, TablesError> {
        let services = self.take("services");
        if services.is_empty() && !self.0.contains_key("services") {
            return Err(TablesError::NoServices);
        }
        let organizations = by_id(self.take("organizations"));
        let terms = by_id(self.take("taxonomy_terms"));
        let mut links = self.take("attributes");
        links.extend(self.take("services_taxonomy"));
        for link in &mut links {
            let id = key(link, "taxonomy_term_id").or_else(|| key(link, "taxonomy_id"));
            if let Some(term) = id.and_then(|id| terms.get(&id)) {
                link.insert("taxonomy_term".into(), Value::Object(term.clone()));
            }
        }
        let mut links_of = group(links, &["service_id", "link_id"]);
        let places = self.places();
        let mut at = group(self.take("service_at_locations"), &["service_id"]);
        let mut children: Vec<(&str, BTreeMap<String, Vec<Value>>)> =
            CHILDREN.iter().map(|name| (*name, group(self.take(name), &["service_id"]))).collect();
        Ok(services
            .into_iter()
            .map(|mut service| {
                let id = key(&service, "id").unwrap_or_default();
                if let Some(o) = key(&service, "organization_id").and_then(|o| organizations.get(&o)) {
                    service.insert("organization".into(), Value::Object(o.clone()));
                }
                for (name, rows) in &mut children {
                    if let Some(rows) = rows.remove(&id) {
                        service.insert((*name).to_owned(), Value::Array(rows));
                    }
                }
                if let Some(links) = links_of.remove(&id) {
                    service.insert("attributes".into(), Value::Array(links));
                }
                let own: Vec<Value> = at.remove(&id).unwrap_or_default();
                let own = own.into_iter().filter_map(|at| {
                    let place = places.get(at.get("location_id")?.as_str()?)?;
                    Some(serde_json::json!({ "location": place, "regular_schedules": place.get("regular_schedules") }))
                });
                service.insert("service_at_locations".into(), Value::Array(own.collect()));
                older::to_v3(&Value::Object(service), None)
            })
            .collect())
    }

    /// Locations with what belongs to them.
    fn places(&mut self) -> BTreeMap<String, Value> {
        let mut addresses = group(self.take("addresses"), &["location_id"]);
        let mut schedules = group(self.schedules_of_places(), &["location_id"]);
        by_id(self.take("locations"))
            .into_iter()
            .map(|(id, mut place)| {
                if let Some(own) = addresses.remove(&id) {
                    place.insert("addresses".into(), Value::Array(own));
                }
                if let Some(own) = schedules.remove(&id) {
                    place.insert("regular_schedules".into(), Value::Array(own));
                }
                (id, Value::Object(place))
            })
            .collect()
    }

    /// Schedules that belong to a place and to no service.
    fn schedules_of_places(&self) -> Vec<Map<String, Value>> {
        let all = ["regular_schedules", "schedules"].into_iter().filter_map(|n| self.0.get(n)).flatten();
        all.filter(|row| key(row, "service_id").is_none()).cloned().collect()
    }

    fn take(&mut self, name: &str) -> Vec<Map<String, Value>> {
        self.0.remove(name).unwrap_or_default()
    }
}

/// Tables whose rows belong to a service.
const CHILDREN: [&str; 9] = [
    "regular_schedules",
    "schedules",
    "phones",
    "contacts",
    "languages",
    "service_areas",
    "cost_options",
    "eligibility",
    "funding",
];

/// The name of a table, by the name of its file; older names become newer ones.
fn table_name(file: &str) -> Option<String> {
    let name = file.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
    let name = name.strip_suffix(".csv")?;
    Some(
        match name {
            "service" => "services",
            "organization" | "organisations" => "organizations",
            "location" => "locations",
            "services_at_location" | "service_at_location" | "services_at_locations" => {
                "service_at_locations"
            }
            "physical_addresses" | "address" => "addresses",
            "taxonomy" | "taxonomies_terms" => "taxonomy_terms",
            "service_taxonomy" => "services_taxonomy",
            other => other,
        }
        .to_owned(),
    )
}

fn key(row: &Map<String, Value>, name: &str) -> Option<String> {
    row.get(name)?.as_str().map(str::to_owned)
}

fn by_id(rows: Vec<Map<String, Value>>) -> BTreeMap<String, Map<String, Value>> {
    rows.into_iter().filter_map(|row| Some((key(&row, "id")?, row))).collect()
}

/// Rows by the first of these columns that has something in it.
fn group(rows: Vec<Map<String, Value>>, columns: &[&str]) -> BTreeMap<String, Vec<Value>> {
    let mut groups: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in rows {
        if let Some(id) = columns.iter().find_map(|c| key(&row, c)) {
            groups.entry(id).or_default().push(Value::Object(row));
        }
    }
    groups
}

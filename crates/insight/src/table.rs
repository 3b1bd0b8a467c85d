//! Input as a table of text, read from CSV or JSON, with columns that are asked for by
//! name. An empty cell is "not known", never nought.

use crate::error::InsightError;
use jiff::civil::Date;

/// Words that people write for "not known". They are read as an empty cell.
const NOT_KNOWN: [&str; 6] = ["", "NA", "N/A", "NaN", "null", "NULL"];

/// A table of text with a heading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table from its heading and rows; short rows are filled with empty cells.
    pub fn new(heading: Vec<String>, mut rows: Vec<Vec<String>>) -> Table {
        rows.iter_mut().for_each(|row| row.resize(heading.len(), String::new()));
        Table { heading, rows }
    }

    /// CSV with a heading, or JSON: a list of objects, or an object of lists.
    ///
    /// # Errors
    /// The text is neither.
    pub fn read(text: &str) -> Result<Table, InsightError> {
        let text = text.trim_start_matches('\u{feff}');
        match text.trim_start().chars().next() {
            Some('[' | '{') => Table::from_json(text),
            _ => Table::from_csv(text),
        }
    }

    fn from_csv(text: &str) -> Result<Table, InsightError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let unreadable = |e: csv::Error| InsightError::Unreadable(e.to_string());
        let heading = reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            rows.push(record.map_err(unreadable)?.iter().map(str::to_owned).collect());
        }
        Ok(Table::new(heading, rows))
    }

    fn from_json(text: &str) -> Result<Table, InsightError> {
        use serde_json::Value;
        let value: Value = serde_json::from_str(text).map_err(|e| InsightError::Unreadable(e.to_string()))?;
        let objects = match value {
            Value::Array(objects) => objects,
            Value::Object(columns) => return from_columns(&columns),
            _ => return Err(InsightError::Unreadable("it is neither a list nor an object".into())),
        };
        let mut heading: Vec<String> = Vec::new();
        for object in &objects {
            let object = object
                .as_object()
                .ok_or_else(|| InsightError::Unreadable("not every row is an object".into()))?;
            object
                .keys()
                .filter(|k| !heading.contains(k))
                .cloned()
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|k| heading.push(k));
        }
        let row = |object: &Value| heading.iter().map(|k| cell(&object[k])).collect();
        Ok(Table::new(heading.clone(), objects.iter().map(row).collect()))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The names of the columns.
    pub fn heading(&self) -> &[String] {
        &self.heading
    }

    /// Whether there is such a column.
    pub fn has(&self, column: &str) -> bool {
        self.heading.iter().any(|h| h == column)
    }

    fn position(&self, column: &str) -> Result<usize, InsightError> {
        self.heading
            .iter()
            .position(|h| h == column)
            .ok_or_else(|| InsightError::NoColumn { column: column.to_owned(), has: self.heading.join(", ") })
    }

    /// A column as text; an empty cell is nothing.
    ///
    /// # Errors
    /// There is no such column.
    pub fn texts(&self, column: &str) -> Result<Vec<Option<&str>>, InsightError> {
        let c = self.position(column)?;
        let known = |text: &str| !NOT_KNOWN.contains(&text);
        Ok(self.rows.iter().map(|row| Some(row[c].as_str()).filter(|t| known(t))).collect())
    }

    /// A column read by `read`, which knows what a cell can be.
    fn cells<T>(
        &self,
        column: &str,
        wanted: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<Option<T>>, InsightError> {
        let bad = |row: usize, text: &str| InsightError::BadCell {
            row: row + 1,
            column: column.to_owned(),
            text: text.to_owned(),
            wanted,
        };
        let texts = self.texts(column)?.into_iter().enumerate();
        texts.map(|(row, text)| text.map(|t| read(t).ok_or_else(|| bad(row, t))).transpose()).collect()
    }

    /// A column of numbers; an empty cell is nothing.
    ///
    /// # Errors
    /// There is no such column, or a cell is not a number.
    pub fn maybe_numbers(&self, column: &str) -> Result<Vec<Option<f64>>, InsightError> {
        self.cells(column, "a number", |t| t.parse::<f64>().ok().filter(|x| x.is_finite()))
    }

    /// A column of numbers in which every cell is filled.
    ///
    /// # Errors
    /// There is no such column, or a cell is empty or not a number.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>, InsightError> {
        let cells = self.maybe_numbers(column)?.into_iter().enumerate();
        let empty = |row: usize| InsightError::BadCell {
            row: row + 1,
            column: column.to_owned(),
            text: String::new(),
            wanted: "a number",
        };
        cells.map(|(row, x)| x.ok_or_else(|| empty(row))).collect()
    }

    /// A column of days written as 2026-04-01; an empty cell is nothing.
    ///
    /// # Errors
    /// There is no such column, or a cell is not a day.
    pub fn maybe_days(&self, column: &str) -> Result<Vec<Option<Date>>, InsightError> {
        self.cells(column, "a day such as 2026-04-01", |t| t.parse::<Date>().ok())
    }

    /// The rows of each value of `column`, in the order in which the values first come;
    /// rows without a value are a group of their own called "not known". All rows in one
    /// nameless group when there is no column to go by.
    ///
    /// # Errors
    /// There is no such column.
    pub fn groups(&self, column: Option<&str>) -> Result<Vec<(String, Vec<usize>)>, InsightError> {
        let Some(column) = column else { return Ok(vec![(String::new(), (0..self.len()).collect())]) };
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        let mut places = std::collections::BTreeMap::new();
        for (row, text) in self.texts(column)?.into_iter().enumerate() {
            let name = text.unwrap_or("not known");
            let place = *places.entry(name).or_insert_with(|| {
                groups.push((name.to_owned(), Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(row);
        }
        Ok(groups)
    }
}

fn from_columns(columns: &serde_json::Map<String, serde_json::Value>) -> Result<Table, InsightError> {
    let unequal = || InsightError::Unreadable("an object must hold lists of equal length".into());
    let lists: Option<Vec<_>> = columns.values().map(|v| v.as_array()).collect();
    let lists = lists.ok_or_else(unequal)?;
    let rows = lists.first().map_or(0, |l| l.len());
    if lists.iter().any(|l| l.len() != rows) {
        return Err(unequal());
    }
    let row = |r: usize| lists.iter().map(|l| cell(&l[r])).collect();
    Ok(Table::new(columns.keys().cloned().collect(), (0..rows).map(row).collect()))
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_json_are_read_alike() {
        let csv = Table::read("area,count\nNorth,3\nSouth,\n").unwrap();
        let json = Table::read(r#"[{"area":"North","count":3},{"area":"South","count":null}]"#).unwrap();
        let columns = Table::read(r#"{"area":["North","South"],"count":[3,null]}"#).unwrap();
        assert_eq!(csv, json);
        assert_eq!(csv, columns);
        assert_eq!(csv.maybe_numbers("count").unwrap(), [Some(3.0), None]);
    }

    #[test]
    fn what_cannot_be_read_says_where_and_what_to_do() {
        let table = Table::read("area,count\nNorth,three\n").unwrap();
        let said = table.numbers("count").unwrap_err().to_string();
        assert_eq!(
            said,
            "Row 1, column count: \"three\" is not a number. Change it, or leave it empty if it is not known."
        );
        let said = table.numbers("people").unwrap_err().to_string();
        assert_eq!(said, "The input needs a column called people. It has: area, count.");
    }

    #[test]
    fn a_group_nobody_named_is_kept_as_not_known() {
        let table = Table::read("area,count\nNorth,1\n,2\nNorth,3\n").unwrap();
        let groups = table.groups(Some("area")).unwrap();
        assert_eq!(groups, [("North".to_owned(), vec![0, 2]), ("not known".to_owned(), vec![1])]);
    }
}

//! The mapping file: which column of somebody's spreadsheet is what. It is TOML, small
//! enough to write by hand, and checked whole before any row is read: a code that does
//! not exist is found here, not in row 300.

use super::sheet::FileRefusal;
use super::values;
use kith_domain::area::Area;
use kith_domain::directory::{AdjustmentCode, Delivery, Joining, NeedCode, Weekday};
use kith_domain::time::Day;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A mapping file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Who published the file, and under which licence.
    pub source: SourceMap,
    /// How the file is written.
    #[serde(default)]
    pub file: FileMap,
    /// Which column, or which words, for each field.
    pub fields: BTreeMap<Field, Get>,
    /// The column with the opening hours of each day of the week.
    #[serde(default)]
    pub hours: BTreeMap<Weekday, String>,
    /// Fields without which a row is refused. The name is always one of them.
    #[serde(default)]
    pub must: Vec<Field>,
    /// Rows to leave out.
    #[serde(default)]
    pub skip: Vec<Skip>,
    /// Columns with yes or no.
    #[serde(default)]
    pub yes_no: Vec<YesNo>,
    /// What follows from words in the text.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Rows that are one entry together.
    pub join: Option<Join>,
}

/// Who published the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceMap {
    /// A name for the list. With the publisher's it tells an entry again next time, so it
    /// stays the same from one file to the next.
    pub name: String,
    /// The publisher.
    pub publisher: String,
    /// The licence.
    pub licence: String,
    /// The words that the licence asks for.
    pub attribution: String,
    /// Where it is published.
    pub url: Option<String>,
    /// The day of which the file tells. Entries without a day of their own count as last
    /// checked then.
    pub published: Option<Day>,
}

/// How the file is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileMap {
    /// The encoding.
    pub encoding: Encoding,
    /// The separator, when it cannot be guessed: `,` `;` `|` or a tab.
    pub separator: Option<char>,
    /// The row with the headings.
    pub heading_row: u32,
    /// Words that stand for nothing, such as NA.
    pub null_words: Vec<String>,
}

impl Default for FileMap {
    fn default() -> FileMap {
        FileMap { encoding: Encoding::Auto, separator: None, heading_row: 1, null_words: Vec::new() }
    }
}

impl FileMap {
    pub(super) fn separator_byte(&self) -> Option<u8> {
        self.separator.and_then(|c| u8::try_from(c).ok())
    }
}

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8 when it is, otherwise Windows-1252; UTF-16 by its byte order mark.
    #[default]
    Auto,
    /// UTF-8, or nothing.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// A field of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the documentation, and docs/import.md tells each")]
pub enum Field {
    Name,
    Organisation,
    Description,
    Keywords,
    Areas,
    Needs,
    Status,
    LocationName,
    Address,
    Postcode,
    Lat,
    Lon,
    Places,
    Serves,
    Delivery,
    Phone,
    Email,
    Url,
    AgeMin,
    AgeMax,
    Gender,
    SubstanceUseOk,
    NeedsDiagnosis,
    NotFor,
    Eligibility,
    Languages,
    Free,
    Cost,
    Opening,
    Joining,
    Space,
    Identifier,
    Checked,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Get {
    /// A column.
    Column(String),
    /// Something more.
    From(GetFrom),
}

/// Where the value of a field comes from, in full. Exactly one of `column`, `columns`,
/// `template` and `value` is given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GetFrom {
    /// A column.
    pub column: Option<String>,
    /// Several columns, joined by `join`; empty ones are passed over.
    pub columns: Option<Vec<String>>,
    /// What stands between them.
    pub join: Option<String>,
    /// Text with `{column}` in it; nothing when one of its columns is empty.
    pub template: Option<String>,
    /// The same for every row.
    pub value: Option<OneOrMany>,
    /// From the words of the file to ours.
    pub map: BTreeMap<String, OneOrMany>,
    /// For words that are not in `map`, and for nothing.
    pub otherwise: Option<OneOrMany>,
    /// What stands between several values in one cell.
    pub separator: Option<String>,
}

/// One value or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn list(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

/// Rows to leave out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// The column.
    pub column: String,
    /// The words that leave a row out.
    pub is: Vec<String>,
    /// Why, for the report.
    pub why: String,
}

/// Columns with yes or no, and what yes means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YesNo {
    /// The columns; yes means yes in all of them.
    pub columns: Vec<String>,
    /// Words for yes.
    #[serde(default = "yes")]
    pub yes: Vec<String>,
    /// Words for no.
    #[serde(default = "no")]
    pub no: Vec<String>,
    /// The adjustment that yes promises.
    pub adjustment: Option<String>,
    /// A word that yes adds, for people to find.
    pub keyword: Option<String>,
    /// What a no means: usually that nobody said.
    #[serde(default)]
    pub no_means: NoMeans,
}

fn yes() -> Vec<String> {
    ["yes", "y", "true", "1"].map(str::to_owned).to_vec()
}
fn no() -> Vec<String> {
    ["no", "n", "false", "0"].map(str::to_owned).to_vec()
}

/// What a no means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoMeans {
    /// Nobody said: an unticked box.
    #[default]
    NotSaid,
    /// It cannot be done: somebody looked.
    Cannot,
}

/// What follows from words in the text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The columns that are looked at.
    pub columns: Vec<String>,
    /// Words or phrases; one of them is enough. Whole words, in any case.
    pub words: Vec<String>,
    /// Needs to add.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Areas of life to add.
    #[serde(default)]
    pub areas: Vec<String>,
    /// Ways to have it.
    #[serde(default)]
    pub delivery: Vec<String>,
    /// Ways to start.
    #[serde(default)]
    pub joining: Vec<String>,
}

/// Rows that are one entry together. Lists are put together; of everything else the
/// first row counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Rows with the same words in these columns are one entry.
    pub by: Vec<String>,
}

/// Why a mapping file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// Not TOML, or not of this shape.
    #[error("The map cannot be read: {0}")]
    Toml(String),
    /// Something in it does not fit.
    #[error("In the map, {at}: {why}")]
    Wrong {
        /// Where.
        at: String,
        /// Why.
        why: String,
    },
}

fn wrong(at: impl Into<String>, why: impl Into<String>) -> MapError {
    MapError::Wrong { at: at.into(), why: why.into() }
}

impl Map {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// Not TOML, an unknown field, or a code that is on none of our lists.
    pub fn parse(text: &str) -> Result<Map, MapError> {
        let map: Map = toml::from_str(text).map_err(|e| MapError::Toml(e.to_string().trim().to_owned()))?;
        map.check()?;
        Ok(map)
    }

    fn check(&self) -> Result<(), MapError> {
        if !self.fields.contains_key(&Field::Name) {
            return Err(wrong("fields", "say which column is the name"));
        }
        if self.file.heading_row == 0 || self.file.separator.is_some_and(|c| !c.is_ascii() || c == '"') {
            return Err(wrong("file", "rows start at 1, and a separator is one plain character"));
        }
        for (what, text) in [("publisher", &self.source.publisher), ("licence", &self.source.licence)] {
            if text.trim().is_empty() {
                return Err(wrong("source", format!("say the {what}")));
            }
        }
        self.fields.iter().try_for_each(|(field, get)| check_get(*field, get))?;
        self.yes_no.iter().try_for_each(check_yes_no)?;
        self.rules.iter().try_for_each(check_rule)
    }

    pub(super) fn joins(&self) -> bool {
        self.join.is_some()
    }

    /// Every column the map names, found in the headings.
    pub(super) fn columns(&self, headings: &[String]) -> Result<Columns, FileRefusal> {
        let mut at = BTreeMap::new();
        let mut missing = Vec::new();
        for name in self.named_columns() {
            match headings.iter().position(|h| plain(h) == plain(&name)) {
                Some(index) => {
                    at.insert(plain(&name), index);
                }
                None if !missing.contains(&name) => missing.push(name),
                None => {}
            }
        }
        if missing.is_empty() {
            Ok(Columns { at, headings: headings.to_vec() })
        } else {
            Err(FileRefusal::NoColumn { missing, present: headings.to_vec() })
        }
    }

    fn named_columns(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for get in self.fields.values() {
            match get {
                Get::Column(column) => names.push(column.clone()),
                Get::From(from) => {
                    names.extend(from.column.clone());
                    names.extend(from.columns.clone().unwrap_or_default());
                    names.extend(from.template.as_deref().map(template_columns).unwrap_or_default());
                }
            }
        }
        names.extend(self.hours.values().cloned());
        names.extend(self.skip.iter().map(|s| s.column.clone()));
        names.extend(self.yes_no.iter().flat_map(|y| y.columns.clone()));
        names.extend(self.rules.iter().flat_map(|r| r.columns.clone()));
        names.extend(self.join.iter().flat_map(|j| j.by.clone()));
        names
    }
}

fn check_get(field: Field, get: &Get) -> Result<(), MapError> {
    let Get::From(from) = get else { return Ok(()) };
    let at = || format!("fields.{}", values::field_name(field));
    let given =
        [from.column.is_some(), from.columns.is_some(), from.template.is_some(), from.value.is_some()];
    if given.iter().filter(|g| **g).count() != 1 {
        return Err(wrong(at(), "give one of column, columns, template or value"));
    }
    let constants = from.value.iter().chain(from.map.values()).chain(&from.otherwise);
    for value in constants.flat_map(OneOrMany::list).filter(|v| !v.is_empty()) {
        values::check(field, value).map_err(|why| wrong(at(), why))?;
    }
    Ok(())
}

fn check_yes_no(yes_no: &YesNo) -> Result<(), MapError> {
    let at = || format!("yes_no for {}", yes_no.columns.join(", "));
    if yes_no.columns.is_empty() {
        return Err(wrong("yes_no", "name a column"));
    }
    if let Some(code) = &yes_no.adjustment {
        AdjustmentCode::parse(code).map_err(|e| wrong(at(), e.to_string()))?;
    }
    if yes_no.adjustment.is_none() && yes_no.keyword.is_none() {
        return Err(wrong(at(), "say an adjustment or a keyword"));
    }
    Ok(())
}

fn check_rule(rule: &Rule) -> Result<(), MapError> {
    let at = || format!("the rule for {}", rule.words.join(", "));
    for need in &rule.needs {
        NeedCode::parse(need).map_err(|e| wrong(at(), e.to_string()))?;
    }
    let known = |ok: bool, word: &str| {
        if ok { Ok(()) } else { Err(wrong(at(), format!("{word:?} is not on the list"))) }
    };
    rule.areas
        .iter()
        .try_for_each(|a| known(Area::from_code(a).is_some_and(|a| Area::SIX.contains(&a)), a))?;
    rule.delivery.iter().try_for_each(|d| known(Delivery::from_code(d).is_some(), d))?;
    rule.joining.iter().try_for_each(|j| known(Joining::from_code(j).is_some(), j))
}

/// The columns a template names.
pub(super) fn template_columns(template: &str) -> Vec<String> {
    template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// A heading or a word without case and extra spaces.
pub(super) fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Where the columns are.
#[derive(Debug)]
pub(super) struct Columns {
    at: BTreeMap<String, usize>,
    pub headings: Vec<String>,
}

impl Columns {
    /// The index of a column that the map names.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.at.get(&plain(name)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "[source]\nname='x'\npublisher='x'\nlicence='x'\nattribution='x'\n";

    fn error(rest: &str) -> String {
        Map::parse(&format!("{SOURCE}{rest}")).expect_err("a wrong map").to_string()
    }

    #[test]
    fn wrong_maps_are_told_where() {
        assert!(error("[fields]\nphone='p'").contains("which column is the name"));
        assert!(error("[fields]\nname='n'\nshoe_size='p'").contains("shoe_size"));
        assert!(error("[fields]\nname='n'\nneeds={value='money-dept'}").contains("money-dept"));
        assert!(error("[fields]\nname={column='a',value='b'}").contains("give one of"));
        assert!(
            error("[fields]\nname='n'\n[[yes_no]]\ncolumns=['a']\nadjustment='adj-magic'")
                .contains("adj-magic")
        );
        assert!(
            error("[fields]\nname='n'\n[[rules]]\ncolumns=['a']\nwords=['b']\nareas=['safety']")
                .contains("safety")
        );
        assert!(error("[fields").contains("cannot be read"));
    }

    #[test]
    fn missing_columns_are_named() {
        let map = Map::parse(&format!("{SOURCE}[fields]\nname={{template='{{a}} {{b}}'}}\nphone='Tel  No'"))
            .expect("a map");
        let refused = map.columns(&["A".to_owned(), "tel no".to_owned()]).expect_err("b is missing");
        assert_eq!(
            refused,
            FileRefusal::NoColumn {
                missing: vec!["b".to_owned()],
                present: vec!["A".to_owned(), "tel no".to_owned()]
            }
        );
    }
}

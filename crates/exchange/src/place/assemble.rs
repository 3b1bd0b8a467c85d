//! Putting the files together into one place.

use super::files::{
    self, FileKind, FileReport, NameKind, NotRead, PlaceError, PostcodeColumns, PostcodeRow, Table, Vintage,
    recognise, unpacked,
};
use super::outlines;
use kith_domain::place::{Decile, Outline, PlaceArea, PlaceCode, PlaceKind, Point, PostcodeFact};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};

/// The year of the index that goes with a drawing of neighbourhoods.
const INDEX_2011: u16 = 2019;
const INDEX_2021: u16 = 2025;

/// A place being read from its files.
#[derive(Debug, Default)]
pub struct PlaceImport {
    districts: BTreeSet<PlaceCode>,
    postcodes: Vec<PostcodeRow>,
    deprivation: BTreeMap<(Vintage, PlaceCode), Decile>,
    within: BTreeMap<PlaceCode, (Option<PlaceCode>, Option<PlaceCode>)>,
    /// 2011 to 2021, where one became just one.
    changes: BTreeMap<PlaceCode, PlaceCode>,
    outlines: BTreeMap<PlaceCode, (PlaceKind, Outline)>,
    /// Names, each with how good it is: what people call a place goes before a number.
    names: BTreeMap<PlaceCode, (NameKind, String)>,
    tells_2021: bool,
    files: Vec<FileReport>,
}

/// A place, ready to be imported.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceDrafts {
    /// Districts, electoral wards and neighbourhoods, by kind and code.
    pub areas: Vec<PlaceArea>,
    /// Postcodes, in order.
    pub postcodes: Vec<PostcodeFact>,
    /// What became of each file.
    pub files: Vec<FileReport>,
    /// What was noticed when they were put together.
    pub notes: Vec<String>,
}

/// What is done with a row: kept (true), passed over (false), or not readable.
type Taker<'s> = Box<dyn FnMut(&csv::ByteRecord) -> Result<bool, String> + 's>;

impl PlaceImport {
    /// A place of these districts; of none in particular, when none are given.
    pub fn new(districts: impl IntoIterator<Item = PlaceCode>) -> PlaceImport {
        PlaceImport { districts: districts.into_iter().collect(), ..PlaceImport::default() }
    }

    /// Reads one file.
    ///
    /// # Errors
    /// It cannot be read, or is of no kind that is known.
    pub fn add(&mut self, name: &str, reader: impl Read) -> Result<&FileReport, PlaceError> {
        let mut reader = unpacked(name, reader)?;
        let start = reader.fill_buf().map_err(|cause| PlaceError::Read { file: name.to_owned(), cause })?;
        let start = start.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(start);
        let report = if start.trim_ascii_start().starts_with(b"{") {
            self.add_outlines(name, reader)?
        } else {
            self.add_table(name, reader)?
        };
        self.files.push(report);
        Ok(self.files.last().expect("one was just pushed"))
    }

    fn add_table(&mut self, name: &str, reader: Box<dyn BufRead + '_>) -> Result<FileReport, PlaceError> {
        let mut table = Table::new(name, reader)?;
        let Some(kind) = recognise(&table) else {
            let columns = table
                .headings
                .iter()
                .take(40)
                .map(|h| h.chars().take(40).collect::<String>())
                .collect::<Vec<_>>()
                .join(", ");
            return Err(PlaceError::Unknown { file: name.to_owned(), columns });
        };
        let mut report = FileReport {
            file: name.to_owned(),
            kind,
            rows: 0,
            kept: 0,
            passed_over: 0,
            not_read: Vec::new(),
        };
        let mut take = self.taker(kind, &table);
        let mut record = csv::ByteRecord::new();
        while table.next(name, &mut record)? {
            report.rows += 1;
            match take(&record) {
                Ok(true) => report.kept += 1,
                Ok(false) => report.passed_over += 1,
                Err(why) => report.not_read.push(NotRead { row: table.row, why }),
            }
        }
        Ok(report)
    }

    /// What is done with each row of a table of this kind: kept, passed over, or not read.
    fn taker<'s>(&'s mut self, kind: FileKind, table: &Table<'_>) -> Taker<'s> {
        match kind {
            FileKind::Postcodes => {
                let columns = PostcodeColumns::of(table);
                Box::new(move |record| Ok(self.take_postcode(columns.read(record)?)))
            }
            FileKind::Deprivation => {
                let (vintage, read) = files::deprivation(table);
                self.tells_2021 |= vintage == Vintage::Y2021;
                Box::new(move |record| {
                    let (place, decile) = read(record)?;
                    self.deprivation.insert((vintage, place), decile);
                    Ok(true)
                })
            }
            FileKind::Changes => {
                let read = files::changes(table);
                Box::new(move |record| {
                    let (old, new, plain) = read(record)?;
                    if plain {
                        self.changes.insert(old, new);
                    }
                    Ok(plain)
                })
            }
            FileKind::Neighbourhoods | FileKind::Outlines => {
                let read = files::neighbourhoods(table);
                self.tells_2021 = true;
                Box::new(move |record| Ok(self.take_neighbourhood(read(record)?)))
            }
        }
    }

    fn asked_for(&self, district: Option<&PlaceCode>) -> bool {
        self.districts.is_empty() || district.is_some_and(|d| self.districts.contains(d))
    }

    fn take_postcode(&mut self, row: PostcodeRow) -> bool {
        if row.ended || !self.asked_for(row.district.as_ref()) {
            return false;
        }
        for (code, kind, name) in &row.names {
            self.name(code, name, *kind);
        }
        self.tells_2021 |= row.lsoa21.is_some();
        self.postcodes.push(row);
        true
    }

    /// Notes a name, unless there is one as good already.
    fn name(&mut self, code: &PlaceCode, name: &str, kind: NameKind) {
        if self.names.get(code).is_none_or(|(had, _)| *had < kind) {
            self.names.insert(code.clone(), (kind, name.to_owned()));
        }
    }

    fn take_neighbourhood(&mut self, row: files::NeighbourhoodRow) -> bool {
        if !self.asked_for(row.district.as_ref().map(|(code, _)| code)) {
            return false;
        }
        let mut named = |(code, name): (PlaceCode, String)| {
            self.name(&code, &name, NameKind::Official);
            code
        };
        let (ward, district) = (row.ward.map(&mut named), row.district.map(&mut named));
        let code = named((row.code, row.name));
        self.within.insert(code, (ward, district));
        true
    }

    fn add_outlines(&mut self, name: &str, reader: impl Read) -> Result<FileReport, PlaceError> {
        let mut report = FileReport {
            file: name.to_owned(),
            kind: FileKind::Outlines,
            rows: 0,
            kept: 0,
            passed_over: 0,
            not_read: Vec::new(),
        };
        for (index, row) in outlines::read(name, reader)?.into_iter().enumerate() {
            report.rows += 1;
            match row {
                Ok(row) => {
                    self.name(&row.code, &row.name, NameKind::Official);
                    self.outlines.insert(row.code, (row.kind, row.outline));
                    report.kept += 1;
                }
                Err(why) => report.not_read.push(NotRead { row: index + 1, why }),
            }
        }
        Ok(report)
    }

    /// Puts the files together.
    pub fn finish(mut self) -> PlaceDrafts {
        let mut notes = Vec::new();
        let rows = std::mem::take(&mut self.postcodes);
        let mut postcodes: Vec<PostcodeFact> = self.settle_vintage(rows, &mut notes);
        postcodes.sort_by(|a, b| a.postcode.cmp(&b.postcode));
        let read = postcodes.len();
        postcodes.dedup_by(|a, b| a.postcode == b.postcode);
        if postcodes.len() < read {
            notes.push(format!(
                "{} postcodes stood more than once; the first of each counts.",
                read - postcodes.len()
            ));
        }
        for fact in &postcodes {
            if let Some(code) = &fact.neighbourhood {
                self.within
                    .entry(code.clone())
                    .or_insert((fact.electoral_ward.clone(), fact.district.clone()));
            }
        }
        let areas = self.areas(&postcodes, &mut notes);
        PlaceDrafts { areas, postcodes, files: self.files, notes }
    }

    /// Postcodes with neighbourhoods of the one drawing that the rest of the files tell
    /// of. One of 2011 that was split or redrawn has no neighbourhood: guessing would put
    /// people in the wrong one.
    fn settle_vintage(&self, rows: Vec<PostcodeRow>, notes: &mut Vec<String>) -> Vec<PostcodeFact> {
        let mut unsettled = 0;
        let facts = rows.into_iter().map(|row| {
            let neighbourhood = match (row.lsoa21, row.lsoa11) {
                (Some(new), _) => Some(new),
                (None, Some(old)) if self.tells_2021 => self.changes.get(&old).cloned().or_else(|| {
                    unsettled += 1;
                    None
                }),
                (None, old) => old,
            };
            PostcodeFact {
                postcode: row.postcode,
                point: row.point,
                neighbourhood,
                electoral_ward: row.ward,
                district: row.district,
            }
        });
        let facts = facts.collect();
        if unsettled > 0 {
            notes.push(format!("{unsettled} postcodes tell a neighbourhood of 2011 that cannot be placed among those of 2021. They have none. Add the ONS lookup of 2011 to 2021, or a newer list of postcodes."));
        }
        facts
    }

    fn areas(&self, postcodes: &[PostcodeFact], notes: &mut Vec<String>) -> Vec<PlaceArea> {
        let mut kinds: BTreeMap<PlaceCode, PlaceKind> = BTreeMap::new();
        let mut wards_in: BTreeMap<PlaceCode, BTreeSet<PlaceCode>> = BTreeMap::new();
        for (code, (ward, district)) in &self.within {
            kinds.entry(code.clone()).or_insert(PlaceKind::Neighbourhood);
            for (place, kind) in [(ward, PlaceKind::ElectoralWard), (district, PlaceKind::District)] {
                kinds.extend(place.iter().map(|p| (p.clone(), kind)));
            }
            if let (Some(ward), Some(district)) = (ward, district) {
                wards_in.entry(ward.clone()).or_default().insert(district.clone());
            }
        }
        // An outline alone makes a place, unless other files say which places are asked for.
        if self.districts.is_empty() || kinds.is_empty() {
            for (code, (kind, _)) in &self.outlines {
                kinds.entry(code.clone()).or_insert(*kind);
            }
        }
        let centres = centres(postcodes);
        let mut areas: Vec<PlaceArea> =
            kinds.into_iter().map(|(code, kind)| self.area(code, kind, &wards_in, &centres)).collect();
        areas.sort_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
        self.tell_gaps(&areas, notes);
        areas
    }

    fn area(
        &self,
        code: PlaceCode,
        kind: PlaceKind,
        wards_in: &BTreeMap<PlaceCode, BTreeSet<PlaceCode>>,
        centres: &BTreeMap<&PlaceCode, Point>,
    ) -> PlaceArea {
        let within = match kind {
            PlaceKind::Neighbourhood => {
                self.within.get(&code).map(|(w, d)| w.iter().chain(d).cloned().collect()).unwrap_or_default()
            }
            PlaceKind::ElectoralWard => {
                wards_in.get(&code).map(|d| d.iter().cloned().collect()).unwrap_or_default()
            }
            PlaceKind::District => Vec::new(),
        };
        let newest = self.deprivation.get(&(Vintage::Y2021, code.clone())).map(|d| (*d, INDEX_2021));
        let older = || {
            self.deprivation
                .get(&(Vintage::Y2011, code.clone()))
                .map(|d| (*d, INDEX_2011))
                .filter(|_| !self.tells_2021)
        };
        PlaceArea {
            name: self.names.get(&code).map_or_else(|| code.to_string(), |(_, name)| name.clone()),
            kind,
            within,
            deprivation: newest.or_else(older),
            centre: centres.get(&code).copied(),
            outline: self.outlines.get(&code).map(|(_, outline)| outline.clone()),
            code,
        }
    }

    /// Says what is missing, so that nobody takes a hole in a map for an empty place.
    fn tell_gaps(&self, areas: &[PlaceArea], notes: &mut Vec<String>) {
        let neighbourhoods = || areas.iter().filter(|a| a.kind == PlaceKind::Neighbourhood);
        let count = neighbourhoods().count();
        let no_index = neighbourhoods().filter(|a| a.deprivation.is_none()).count();
        let no_outline = neighbourhoods().filter(|a| a.outline.is_none()).count();
        for (missing, what) in [(no_index, "index of deprivation"), (no_outline, "outline")] {
            if missing > 0 && count > 0 {
                notes.push(format!("{missing} of {count} neighbourhoods have no {what}."));
            }
        }
    }
}

/// The middle of each place: the mean of its postcodes, which stand where people live.
fn centres(postcodes: &[PostcodeFact]) -> BTreeMap<&PlaceCode, Point> {
    let mut sums: BTreeMap<&PlaceCode, (f64, f64, f64)> = BTreeMap::new();
    for fact in postcodes {
        let Some(point) = fact.point else { continue };
        for code in [&fact.neighbourhood, &fact.electoral_ward, &fact.district].into_iter().flatten() {
            let sum = sums.entry(code).or_default();
            *sum = (sum.0 + point.lat, sum.1 + point.lon, sum.2 + 1.0);
        }
    }
    sums.into_iter().map(|(code, (lat, lon, n))| (code, Point { lat: lat / n, lon: lon / n })).collect()
}

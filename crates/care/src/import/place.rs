//! Postcodes, neighbourhoods, electoral wards and districts as the nation publishes them.
//! What differs is brought up to date; what the files no longer have stays, because
//! somebody may still live there.

use super::{Alone, How};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::place::{PlaceArea, PlaceCode, PlaceKind, Point, Postcode, PostcodeFact};
use kith_exchange::place::{PlaceDrafts, PostcodeTable};
use kith_store::Tx;
use kith_store::geography::{AreaRow, PostcodeRow};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// Rows in one transaction.
const BATCH: usize = 2_000;

/// The kinds of place, the widest first.
const KINDS: [PlaceKind; 3] = [PlaceKind::District, PlaceKind::ElectoralWard, PlaceKind::Neighbourhood];

/// What came, or would come, of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlaceImported {
    /// Was it kept?
    pub written: bool,
    /// Council areas.
    pub districts: Tally,
    /// Electoral wards.
    pub electoral_wards: Tally,
    /// Neighbourhoods.
    pub neighbourhoods: Tally,
    /// Postcodes.
    pub postcodes: Tally,
    /// Postcodes that the files tell of without saying where they are. They are not kept.
    pub postcodes_nowhere: usize,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// They were not here.
    pub new: usize,
    /// They say something else now.
    pub changed: usize,
    /// They are as they were.
    pub same: usize,
}

impl Tally {
    /// All of them.
    pub fn total(self) -> usize {
        self.new + self.changed + self.same
    }

    /// Counts one; is there anything to write?
    fn count<T: PartialEq>(&mut self, old: Option<&T>, new: &T) -> bool {
        match old {
            None => self.new += 1,
            Some(old) if old != new => self.changed += 1,
            Some(_) => {
                self.same += 1;
                return false;
            }
        }
        true
    }
}

impl Kith {
    /// Brings a place in, or says what that would change. `progress` is told how many
    /// areas and postcodes are done.
    ///
    /// # Errors
    /// It is not allowed, another import is running, or the database could not do it. Then
    /// batches that were told as done stay, and running the import again does the rest.
    pub async fn import_place(
        &self,
        who: &Principal,
        drafts: &PlaceDrafts,
        how: How,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<PlaceImported, CareError> {
        self.may_import(who, Action::KeepListing)?;
        let mut report = PlaceImported { written: how == How::Write, ..PlaceImported::default() };
        let alone = Alone::new(self);
        let areas = drafts.areas.iter().map(AreaRow::of).collect::<Result<Vec<_>, _>>()?;
        for batch in areas.chunks(BATCH) {
            let write = report.areas(&mut self.store().read().await?, batch).await?;
            if how == How::Write && !write.is_empty() {
                let mut tx = alone.begin().await?;
                for row in write {
                    tx.save_area(row).await?;
                }
                tx.commit().await?;
            }
            progress(batch.len());
        }
        for batch in drafts.postcodes.chunks(BATCH) {
            let rows: Vec<PostcodeRow> = batch.iter().filter_map(PostcodeRow::of).collect();
            report.postcodes_nowhere += batch.len() - rows.len();
            let write = report.postcodes(&mut self.store().read().await?, &rows).await?;
            if how == How::Write && !write.is_empty() {
                let mut tx = alone.begin().await?;
                for row in write {
                    tx.save_postcode(row).await?;
                }
                tx.commit().await?;
            }
            progress(batch.len());
        }
        if how == How::Write {
            alone.end().await?;
        }
        Ok(report)
    }

    /// Every postcode of the place with what it lies in: for reading lists that have
    /// postcodes in them.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn postcode_table(&self) -> Result<PostcodeTable, CareError> {
        let mut tx = self.store().read().await?;
        let mut kinds: HashMap<PlaceCode, PlaceKind> = HashMap::new();
        let mut within: BTreeMap<String, Vec<PlaceCode>> = BTreeMap::new();
        for kind in KINDS {
            for row in tx.list_areas(kind.code()).await? {
                kinds.extend(PlaceCode::parse(&row.code).ok().map(|code| (code, kind)));
                if kind == PlaceKind::Neighbourhood {
                    let area: Option<PlaceArea> = serde_json::from_str(&row.body).ok();
                    within.insert(row.code, area.map(|a| a.within).unwrap_or_default());
                }
            }
        }
        let facts = tx.list_postcodes().await?.into_iter().filter_map(|row| {
            let places = within.get(&row.area).map_or(&[][..], Vec::as_slice);
            let of = |kind| places.iter().find(|p| kinds.get(*p) == Some(&kind)).cloned();
            Some(PostcodeFact {
                postcode: Postcode::parse(&row.code).ok()?,
                point: Point::new(row.lat, row.lon).ok(),
                neighbourhood: PlaceCode::parse(&row.area).ok(),
                electoral_ward: of(PlaceKind::ElectoralWard),
                district: of(PlaceKind::District),
            })
        });
        // Whether all postcodes of a first half are there is not known, so none is said
        // not to exist.
        Ok(PostcodeTable::new(facts, []))
    }
}

impl PlaceImported {
    /// Counts a batch of areas; those that have to be written.
    async fn areas<'r>(&mut self, tx: &mut Tx, batch: &'r [AreaRow]) -> Result<Vec<&'r AreaRow>, CareError> {
        let mut here: HashMap<String, AreaRow> = HashMap::new();
        for kind in KINDS {
            if batch.iter().any(|row| row.kind == kind.code()) {
                here.extend(tx.list_areas(kind.code()).await?.into_iter().map(|row| (row.code.clone(), row)));
            }
        }
        let mut write = Vec::new();
        for row in batch {
            let tally = match row.kind.as_str() {
                "district" => &mut self.districts,
                "electoral_ward" => &mut self.electoral_wards,
                _ => &mut self.neighbourhoods,
            };
            if tally.count(here.get(&row.code), row) {
                write.push(row);
            }
        }
        Ok(write)
    }

    /// Counts a batch of postcodes, which are in order; those that have to be written.
    async fn postcodes<'r>(
        &mut self,
        tx: &mut Tx,
        batch: &'r [PostcodeRow],
    ) -> Result<Vec<&'r PostcodeRow>, CareError> {
        let (Some(first), Some(last)) = (batch.first(), batch.last()) else { return Ok(Vec::new()) };
        let here = tx.list_postcodes_between(&first.code, &last.code).await?;
        let here: HashMap<&str, &PostcodeRow> = here.iter().map(|row| (row.code.as_str(), row)).collect();
        let mut write = Vec::new();
        for row in batch {
            if self.postcodes.count(here.get(row.code.as_str()).copied(), row) {
                write.push(row);
            }
        }
        Ok(write)
    }

    /// The report in plain text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}:", if self.written { "Kept" } else { "This would make" });
        for (name, tally) in [
            ("council areas", self.districts),
            ("electoral wards", self.electoral_wards),
            ("neighbourhoods", self.neighbourhoods),
            ("postcodes", self.postcodes),
        ] {
            let _ = writeln!(
                out,
                "  {name}: {} new, {} brought up to date, {} as they were.",
                tally.new, tally.changed, tally.same
            );
        }
        if self.postcodes_nowhere > 0 {
            let _ = writeln!(
                out,
                "  {} postcodes have no point in the files, and were passed over.",
                self.postcodes_nowhere
            );
        }
        out
    }
}

//! Postcodes and neighbourhoods as imported.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use kith_domain::place::{PlaceArea, PostcodeFact};
use sqlx::{FromRow, query, query_as};

/// A postcode with its middle point and neighbourhood.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct PostcodeRow {
    /// In normal form, with one space.
    pub code: String,
    /// Latitude, degrees.
    pub lat: f64,
    /// Longitude, degrees.
    pub lon: f64,
    /// The code of its neighbourhood (LSOA).
    pub area: String,
}

/// A neighbourhood or electoral ward.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AreaRow {
    /// Its code.
    pub code: String,
    /// neighbourhood, electoral_ward or district.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The code of what it lies in; empty for none.
    pub parent: String,
    /// The rest (deprivation decile, outline), as JSON.
    pub body: String,
}

impl PostcodeRow {
    /// The row of a postcode; none when nobody knows where it is.
    pub fn of(fact: &PostcodeFact) -> Option<PostcodeRow> {
        let point = fact.point?;
        let area = fact.neighbourhood.as_ref().map(|c| c.as_str().to_owned()).unwrap_or_default();
        Some(PostcodeRow { code: fact.postcode.as_str().to_owned(), lat: point.lat, lon: point.lon, area })
    }
}

impl AreaRow {
    /// The row of an area. The body is the whole area.
    ///
    /// # Errors
    /// It cannot be written as text.
    pub fn of(area: &PlaceArea) -> Result<AreaRow, StoreError> {
        Ok(AreaRow {
            code: area.code.as_str().to_owned(),
            kind: area.kind.code().to_owned(),
            name: area.name.clone(),
            parent: area.within.first().map(|c| c.as_str().to_owned()).unwrap_or_default(),
            body: crate::write::canonical(area)?,
        })
    }
}

impl Tx {
    /// A postcode by its normal form.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_postcode(&mut self, code: &str) -> Result<Option<PostcodeRow>, StoreError> {
        const SQL: &str = "SELECT code, lat, lon, area FROM postcode WHERE code = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(code).fetch_optional(conn).await?))
    }

    /// Every postcode, in order.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_postcodes(&mut self) -> Result<Vec<PostcodeRow>, StoreError> {
        const SQL: &str = "SELECT code, lat, lon, area FROM postcode ORDER BY code";
        Ok(on!(self, |conn| query_as(SQL).fetch_all(conn).await?))
    }

    /// The postcodes from `first` to `last`, both included, in order.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_postcodes_between(
        &mut self,
        first: &str,
        last: &str,
    ) -> Result<Vec<PostcodeRow>, StoreError> {
        const SQL: &str =
            "SELECT code, lat, lon, area FROM postcode WHERE code >= $1 AND code <= $2 ORDER BY code";
        Ok(on!(self, |conn| query_as(SQL).bind(first).bind(last).fetch_all(conn).await?))
    }

    /// An area by its code.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_area(&mut self, code: &str) -> Result<Option<AreaRow>, StoreError> {
        const SQL: &str = "SELECT code, kind, name, parent, body FROM place_area WHERE code = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(code).fetch_optional(conn).await?))
    }

    /// Every area of a kind, by name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_areas(&mut self, kind: &str) -> Result<Vec<AreaRow>, StoreError> {
        const SQL: &str =
            "SELECT code, kind, name, parent, body FROM place_area WHERE kind = $1 ORDER BY name, code";
        Ok(on!(self, |conn| query_as(SQL).bind(kind).fetch_all(conn).await?))
    }
}

impl WriteTx {
    /// Keeps a postcode.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_postcode(&mut self, p: &PostcodeRow) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO postcode (code, lat, lon, area) VALUES ($1, $2, $3, $4)
            ON CONFLICT (code) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, area = excluded.area";
        on!(self.tx, |conn| query(SQL)
            .bind(&p.code)
            .bind(p.lat)
            .bind(p.lon)
            .bind(&p.area)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Keeps an area.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_area(&mut self, a: &AreaRow) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO place_area (code, kind, name, parent, body) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, name = excluded.name, parent = excluded.parent,
                body = excluded.body";
        on!(self.tx, |conn| {
            query(SQL)
                .bind(&a.code)
                .bind(&a.kind)
                .bind(&a.name)
                .bind(&a.parent)
                .bind(&a.body)
                .execute(conn)
                .await?
                .rows_affected()
        });
        Ok(())
    }
}

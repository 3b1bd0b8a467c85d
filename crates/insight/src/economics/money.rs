//! Prices with their year and source, an index that raises them to another year, and what
//! money of later years is worth today.

use crate::error::InsightError;
use std::collections::BTreeMap;

/// A price that somebody entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// In pounds.
    pub amount: f64,
    /// The year whose prices these are (the first year of a financial year).
    pub year: i32,
    /// Where it was found.
    pub source: String,
}

impl Price {
    /// A price.
    ///
    /// # Errors
    /// It has no source, or a year that is none.
    pub fn new(amount: f64, year: i32, source: &str) -> Result<Price, InsightError> {
        if source.trim().is_empty() {
            return Err(InsightError::numbers("Every price needs its source: who says so, and where."));
        }
        if !(1950..=2200).contains(&year) {
            return Err(InsightError::numbers(format!("{year} is no year of prices, such as 2025.")));
        }
        Ok(Price { amount, year, source: source.trim().to_owned() })
    }
}

/// A price index (the GDP deflator, as a rule): its level by year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Index(BTreeMap<i32, f64>);

impl Index {
    /// From text such as `2019=100,2025=128.4`.
    ///
    /// # Errors
    /// It cannot be read so, or a level is not above nought.
    pub fn parse(text: &str) -> Result<Index, InsightError> {
        let bad = || InsightError::option("index", text, "it is written as 2019=100,2025=128.4");
        let one = |part: &str| {
            let (year, level) = part.split_once('=')?;
            let level = level.trim().parse::<f64>().ok().filter(|l| l.is_finite() && *l > 0.0)?;
            Some((year.trim().parse().ok()?, level))
        };
        let all: Option<BTreeMap<i32, f64>> = text.split(',').map(one).collect();
        Ok(Index(all.ok_or_else(bad)?))
    }

    /// A price in the money of another year. Nothing is needed when it is of that year.
    ///
    /// # Errors
    /// The index does not know one of the years.
    pub fn raise(&self, price: &Price, to: i32) -> Result<f64, InsightError> {
        if price.year == to {
            return Ok(price.amount);
        }
        match (self.0.get(&price.year), self.0.get(&to)) {
            (Some(from), Some(to)) => Ok(price.amount * to / from),
            _ => Err(InsightError::numbers(format!(
                "A price of {} cannot be added to prices of {to} as it is. Give --index with the level of the GDP deflator in both years.",
                price.year
            ))),
        }
    }
}

/// When the first of a row of yearly amounts falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// This year: it counts in full.
    Now,
    /// A year from now.
    NextYear,
}

/// What yearly amounts are worth today, at a yearly rate (0.035 for 3.5 %).
///
/// Source: HM Treasury, The Green Book (2022), annex 6.
///
/// # Errors
/// The rate is negative.
pub fn present_value(amounts: &[f64], rate: f64, first: First) -> Result<f64, InsightError> {
    if rate.is_nan() || rate < 0.0 {
        return Err(InsightError::option("rate", rate, "it is nought or more, such as 0.035"));
    }
    let from = if first == First::Now { 0 } else { 1 };
    Ok(amounts.iter().zip(from..).map(|(amount, year)| amount / (1.0 + rate).powi(year)).sum())
}

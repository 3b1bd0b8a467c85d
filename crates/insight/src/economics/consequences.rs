//! What each payer spends on each way of helping.
//!
//! Source: the shape of NICE's and the Treasury's cost-consequence analysis: costs by who
//! bears them, outcomes each in its own unit, nothing added that is not alike.

use super::money::{Index, Price};
use crate::error::InsightError;

/// One line of cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which way of helping: `with navigators`, `as before`.
    pub option: String,
    /// Who pays: NHS, council, DWP, the person.
    pub payer: String,
    /// How many of it were used; nothing where that is not known.
    pub quantity: Option<f64>,
    /// The price of one.
    pub price: Price,
}

/// What a payer spends on an option.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// The option.
    pub option: String,
    /// The payer; nothing for all payers together.
    pub payer: Option<String>,
    /// The sum of lines whose quantity is known.
    pub cost: f64,
    /// How many lines those are.
    pub lines: usize,
    /// How many lines have no quantity: the sum is then the least it can be.
    pub missing: usize,
}

/// Totals by option and payer, and for each option all payers together, in prices of one
/// year; options and payers in the order in which they first come.
///
/// # Errors
/// A price is of another year that the index does not know.
pub fn totals(lines: &[Line], year: i32, index: &Index) -> Result<Vec<Total>, InsightError> {
    let mut all: Vec<Total> = Vec::new();
    let options = distinct(lines.iter().map(|l| &l.option));
    let payers = distinct(lines.iter().map(|l| &l.payer));
    for option in &options {
        let each = payers.iter().map(Some).chain([None]);
        for payer in each {
            let theirs = lines.iter().filter(|l| l.option == *option && payer.is_none_or(|p| l.payer == *p));
            let mut total =
                Total { option: option.clone(), payer: payer.cloned(), cost: 0.0, lines: 0, missing: 0 };
            for line in theirs {
                match line.quantity {
                    Some(quantity) => {
                        total.cost += quantity * index.raise(&line.price, year)?;
                        total.lines += 1;
                    }
                    None => total.missing += 1,
                }
            }
            all.push(total);
        }
    }
    Ok(all)
}

fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    names.for_each(|name| {
        if !seen.contains(name) {
            seen.push(name.clone());
        }
    });
    seen
}

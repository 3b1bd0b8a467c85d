//! Does the time of a refusal tell whether somebody is there? A worker asks in turn for people whom they do
//! not support and for people who do not exist; both answers are "not found". The statistic is the share of
//! pairs in which the one that exists took longer (the common-language effect size of Mann and Whitney,
//! 1947, "On a test of whether one of two random variables is stochastically larger than the other"): a half
//! is no difference. With it go the 95 % interval of that share without a difference and the two-sided p of the
//! test, both by the normal approximation. They are printed and asserted nowhere: on a busy machine anything
//! can look like a difference.

use super::rows::RECEIVER;
use crate::http::Visitor;
use crate::load;
use std::time::{Duration, Instant};

/// Requests of each kind.
const EACH: usize = 400;

/// Times in microseconds.
struct Times {
    there: Vec<f64>,
    missing: Vec<f64>,
}

/// Asks and says what came of it.
pub fn measure(port: u16, people: &[String]) -> Result<String, String> {
    let mut visitor = Visitor::new(port, Duration::from_secs(60));
    load::sign_in(&mut visitor, RECEIVER)?;
    let mut unseen = Vec::new();
    for person in people {
        if visitor.get(person).map_err(|cause| cause.to_string())?.status == 404 {
            unseen.push(person.as_str());
        }
    }
    if unseen.is_empty() {
        return Err(format!("{RECEIVER} supports everybody who was found"));
    }
    let mut times = Times { there: Vec::new(), missing: Vec::new() };
    for n in 0..EACH {
        let there = unseen[n % unseen.len()];
        // The same beginning, as ids of one moment have it, and an end that nobody has.
        let missing = format!("{}{:012x}", &there[..there.len() - 12], 0xfeed_0000_0000_u64 + n as u64);
        // Who goes first changes, so that neither always finds the caches warm.
        if n % 2 == 0 {
            times.there.push(once(&mut visitor, there)?);
            times.missing.push(once(&mut visitor, &missing)?);
        } else {
            times.missing.push(once(&mut visitor, &missing)?);
            times.there.push(once(&mut visitor, there)?);
        }
    }
    Ok(said(&times))
}

fn once(visitor: &mut Visitor, path: &str) -> Result<f64, String> {
    let began = Instant::now();
    let answer = visitor.get(path).map_err(|cause| cause.to_string())?;
    let took = began.elapsed().as_secs_f64() * 1e6;
    if answer.status == 404 { Ok(took) } else { Err(format!("{path}: status {}", answer.status)) }
}

fn said(times: &Times) -> String {
    let (share, deviation) = share_longer(&times.there, &times.missing);
    let half = 1.96 * deviation;
    format!(
        "not found: median {:.0} us for somebody else's and {:.0} us for nobody's; the first took longer in \
         {:.1} % of pairs ({:.1} to {:.1} % when there is no difference, Mann-Whitney p = {:.3}, n = {} each)",
        median(&times.there),
        median(&times.missing),
        share * 100.0,
        (0.5 - half) * 100.0,
        (0.5 + half) * 100.0,
        two_sided((share - 0.5) / deviation),
        times.there.len()
    )
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// In how many of all pairs the first is the longer, ties half; and the standard deviation of that share when
/// there is no difference.
fn share_longer(first: &[f64], second: &[f64]) -> (f64, f64) {
    let (n, m) = (first.len() as f64, second.len() as f64);
    let one = |a: &f64, b: &f64| if a > b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 };
    let wins: f64 = first.iter().map(|a| second.iter().map(|b| one(a, b)).sum::<f64>()).sum();
    let deviation = ((n + m + 1.0) / (12.0 * n * m)).sqrt();
    (wins / (n * m), deviation)
}

/// How often chance alone gives a standard normal value at least so far from nought.
fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_half_is_no_difference() {
        let same = [3.0, 1.0, 2.0];
        assert_eq!(share_longer(&same, &same).0, 0.5);
        assert_eq!(share_longer(&[5.0, 6.0], &[1.0, 2.0]).0, 1.0);
        assert_eq!(share_longer(&[1.0], &[2.0, 1.0]).0, 0.25);
        // sqrt(7 / (12 * 9))
        assert!((share_longer(&same, &same).1 - 0.254_59).abs() < 1e-4);
        // Tables of the standard normal distribution.
        assert!((two_sided(1.96) - 0.0500).abs() < 1e-4 && (two_sided(-2.5758) - 0.0100).abs() < 1e-4);
        assert_eq!(two_sided(0.0), 1.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&[]), 0.0);
    }
}

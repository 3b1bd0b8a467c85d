//! What queueing theory says about a service in balance: how full it is, and how long
//! people wait. Real services are not in balance for long; use it to see what is possible,
//! not to promise a wait.
//!
//! Source: Erlang (1917); Kleinrock, Queueing systems I (1975), 3.5 and 5.7; Kingman (1961);
//! Little (1961).

use crate::error::InsightError;

/// A queue with people arriving and being helped by chance, and some places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Erlang {
    /// How full: arrivals over what all places can do.
    pub load: f64,
    /// The share that finds every place taken and has to wait.
    pub waits: f64,
    /// The share that would be turned away if nobody could wait.
    pub turned_away: f64,
    /// People waiting, on average.
    pub queue: f64,
    /// Time waited, on average over everybody.
    pub wait: f64,
    /// Time waited and helped.
    pub stay: f64,
    /// People waiting or being helped.
    pub people: f64,
    rate_of_clearing: f64,
}

/// The queue with `arrivals` and `helped` (by each place) per unit of time.
///
/// # Errors
/// A number is not positive, or more arrive than can be helped, so that no balance exists.
pub fn erlang(arrivals: f64, helped: f64, places: usize) -> Result<Erlang, InsightError> {
    if arrivals <= 0.0 || helped <= 0.0 || places == 0 {
        return Err(InsightError::numbers("Arrivals, help and places must be above nought."));
    }
    let offered = arrivals / helped;
    let load = offered / places as f64;
    // The recursion of Erlang's loss formula does not overflow as factorials would.
    let turned_away = (1..=places).fold(1.0, |b, k| offered * b / (k as f64 + offered * b));
    if load >= 1.0 {
        return Err(InsightError::numbers(format!(
            "More arrive than can be helped (load {load:.2}): the queue grows without end. Add places or help more quickly."
        )));
    }
    let waits = turned_away / (1.0 - load * (1.0 - turned_away));
    let rate_of_clearing = places as f64 * helped - arrivals;
    let wait = waits / rate_of_clearing;
    let stay = wait + 1.0 / helped;
    Ok(Erlang {
        load,
        waits,
        turned_away,
        queue: arrivals * wait,
        wait,
        stay,
        people: arrivals * stay,
        rate_of_clearing,
    })
}

impl Erlang {
    /// The share that waits longer than `time`.
    pub fn longer_than(&self, time: f64) -> f64 {
        self.waits * (-self.rate_of_clearing * time).exp()
    }
}

/// The mean wait for one place when help takes `mean` on average and varies by `variation`
/// (its standard deviation over its mean): Pollaczek and Khinchine. Wait, and people
/// waiting.
///
/// # Errors
/// More arrive than can be helped.
pub fn one_place(arrivals: f64, mean: f64, variation: f64) -> Result<(f64, f64), InsightError> {
    let load = balanced(arrivals * mean)?;
    let wait = load * mean * (1.0 + variation * variation) / (2.0 * (1.0 - load));
    Ok((wait, arrivals * wait))
}

/// Kingman's approximation of the mean wait for one place when arrivals vary too.
///
/// # Errors
/// More arrive than can be helped.
pub fn kingman(
    arrivals: f64,
    mean: f64,
    varies_arriving: f64,
    varies_helping: f64,
) -> Result<f64, InsightError> {
    let load = balanced(arrivals * mean)?;
    Ok(load / (1.0 - load) * (varies_arriving.powi(2) + varies_helping.powi(2)) / 2.0 * mean)
}

fn balanced(load: f64) -> Result<f64, InsightError> {
    match load {
        load if (0.0..1.0).contains(&load) => Ok(load),
        _ => Err(InsightError::numbers(
            "More arrive than can be helped: there is no balance, and so no mean wait.",
        )),
    }
}

/// Little's law: how many wait when `arrivals` come and each waits `wait`. In a list that
/// is not growing this must be near the real number, or a clock is wrong.
pub fn little(arrivals: f64, wait: f64) -> f64 {
    arrivals * wait
}

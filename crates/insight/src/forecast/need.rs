//! The need that follows from who is exposed to what: so many people of a group, of whom a
//! share comes to need help; added up over groups with what is not sure, and followed over
//! time through services.
//!
//! Adding groups up counts a person who is in two of them twice. The sum therefore stands
//! beside what it would be if groups overlap by chance, and if the smaller lie within the
//! larger.
//!
//! Source: Centre for Mental Health, Covid-19 and the nation's mental health (2020), for
//! groups and shares; The Strategy Unit, mental health surge model (723_mh_covid_surge_modelling,
//! MIT), for stocks and flows.

use super::ets::Chance;
use crate::error::InsightError;
use statrs::distribution::{Beta, ContinuousCDF};

/// A number that is known as lowest, likely and highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lowest that is thought possible.
    pub low: f64,
    /// The likely value.
    pub likely: f64,
    /// The highest that is thought possible.
    pub high: f64,
}

impl Range {
    /// A range.
    ///
    /// # Errors
    /// The three are not in order.
    pub fn new(low: f64, likely: f64, high: f64) -> Result<Range, InsightError> {
        match low <= likely && likely <= high {
            true => Ok(Range { low, likely, high }),
            false => Err(InsightError::numbers(format!(
                "{low}, {likely}, {high}: lowest, likely, highest must be in order."
            ))),
        }
    }

    /// The value below which a share `p` lies, by the PERT distribution (a beta whose mean
    /// counts the likely value four times).
    pub fn quantile(&self, p: f64) -> f64 {
        let width = self.high - self.low;
        if width <= 0.0 {
            return self.likely;
        }
        let middle = (self.likely - self.low) / width;
        let beta =
            Beta::new(1.0 + 4.0 * middle, 5.0 - 4.0 * middle).expect("both shapes are from one to five");
        self.low + width * beta.inverse_cdf(p)
    }
}

/// A group of people exposed to something, and the share of them who come to need help.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposed {
    /// How many people.
    pub people: Range,
    /// The share who come to need help.
    pub share: Range,
}

/// How many come to need help, each once for each group they are in.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// From the likely values.
    pub likely: f64,
    /// Between which most draws lie.
    pub ends: (f64, f64),
    /// If groups overlap by chance in the population; nothing where it is not given.
    pub by_chance: Option<f64>,
    /// If the smaller groups lie within the larger: the least it can be.
    pub nested: f64,
}

/// Adds groups up, with seeded draws of what is not sure.
///
/// # Errors
/// There is no group, a share is not between nought and one, or the population is smaller
/// than a group.
pub fn sum(
    groups: &[Exposed],
    population: Option<f64>,
    level: f64,
    draws: usize,
    seed: u64,
) -> Result<Sum, InsightError> {
    if groups.is_empty() {
        return Err(InsightError::TooFew { what: "Groups", has: 0, needs: 1 });
    }
    if groups.iter().any(|g| g.share.low < 0.0 || g.share.high > 1.0 || g.people.low < 0.0) {
        return Err(InsightError::numbers("Shares are between nought and one, and people not below nought."));
    }
    let needs: Vec<f64> = groups.iter().map(|g| g.people.likely * g.share.likely).collect();
    let by_chance = match population {
        None => None,
        Some(all) if groups.iter().any(|g| g.people.likely > all) => {
            return Err(InsightError::option("population", all, "it is no smaller than any group"));
        }
        Some(all) => Some(all * (1.0 - needs.iter().map(|n| 1.0 - n / all).product::<f64>())),
    };
    let mut chance = Chance::new(seed);
    let mut totals: Vec<f64> = (0..draws.max(2))
        .map(|_| {
            let one =
                |g: &Exposed, c: &mut Chance| g.people.quantile(c.uniform()) * g.share.quantile(c.uniform());
            groups.iter().map(|g| one(g, &mut chance)).sum()
        })
        .collect();
    totals.sort_by(f64::total_cmp);
    let at = |p: f64| totals[((totals.len() - 1) as f64 * p).round() as usize];
    Ok(Sum {
        likely: needs.iter().sum(),
        ends: (at((1.0 - level) / 2.0), at((1.0 + level) / 2.0)),
        by_chance,
        nested: needs.iter().copied().fold(0.0, f64::max),
    })
}

/// One way from a group through a condition to a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Which group, counted from nought.
    pub group: usize,
    /// Which service, counted from nought.
    pub service: usize,
    /// The share of the group that goes this way each month.
    pub share: f64,
}

/// A group over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// People exposed who are open to harm.
    pub people: f64,
    /// The share of them that becomes at risk in each month, from month nought; the last
    /// holds on.
    pub curve: Vec<f64>,
}

/// A service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Service {
    /// The share of those leaving who need no more.
    pub success: f64,
    /// After so many months …
    pub months: f64,
    /// … this share has left.
    pub left: f64,
    /// The share of those referred who are taken on.
    pub taken: f64,
}

impl Service {
    /// The share that leaves in a month.
    pub fn leaving(&self) -> f64 {
        1.0 - ((1.0 - self.left).ln() / self.months).exp()
    }
}

/// What stands at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The time in months.
    pub time: f64,
    /// People of each group at risk.
    pub at_risk: Vec<f64>,
    /// People in each service.
    pub helped: Vec<f64>,
    /// New referrals a month.
    pub referrals: f64,
    /// People who have come to need no help.
    pub no_needs: f64,
}

/// Follows people from groups through services for some months, in steps of `step` months
/// (Euler), with what stands at each step.
///
/// # Errors
/// The shares of a group's ways come to more than one, or a number is out of its range.
pub fn follow(
    sources: &[Source],
    services: &[Service],
    ways: &[Way],
    months: usize,
    step: f64,
) -> Result<Vec<Moment>, InsightError> {
    let share = |g: usize| ways.iter().filter(|w| w.group == g).map(|w| w.share).sum::<f64>();
    if (0..sources.len()).any(|g| share(g) > 1.0 + 1e-9) {
        return Err(InsightError::numbers("The shares of a group's conditions come to more than one."));
    }
    let one = |x: f64| (0.0..=1.0).contains(&x);
    if services.iter().any(|s| !one(s.success) || !one(s.left) || !one(s.taken) || s.months <= 0.0)
        || step <= 0.0
    {
        return Err(InsightError::numbers(
            "Shares of services are between nought and one, and months above nought.",
        ));
    }
    let arriving = |g: usize, t: f64| {
        let curve = &sources[g].curve;
        let last = curve.len().saturating_sub(1);
        let (from, part) = ((t.floor() as usize).min(last), t.fract());
        let (a, b) = (curve[from], curve[(from + 1).min(last)]);
        sources[g].people * (a + (b - a) * part)
    };
    let mut at_risk = vec![0.0; sources.len()];
    let mut inside = vec![0.0; ways.len()];
    let mut no_needs = 0.0;
    let mut all = Vec::new();
    let steps = ((months as f64 - 1.0) / step).round() as usize;
    for n in 0..=steps {
        let time = n as f64 * step;
        let referred: Vec<f64> = ways.iter().map(|w| at_risk[w.group] * w.share).collect();
        let mut helped = vec![0.0; services.len()];
        ways.iter().zip(&inside).for_each(|(w, i)| helped[w.service] += i);
        let referrals = referred.iter().sum();
        all.push(Moment { time, at_risk: at_risk.clone(), helped, referrals, no_needs });
        let mut change: Vec<f64> = (0..sources.len()).map(|g| arriving(g, time)).collect();
        for g in 0..sources.len() {
            let unharmed = at_risk[g] * (1.0 - share(g));
            change[g] -= unharmed;
            no_needs += step * unharmed;
        }
        for (i, w) in ways.iter().enumerate() {
            let service = &services[w.service];
            let (joined, leaving) = (referred[i] * service.taken, inside[i] * service.leaving());
            change[w.group] += leaving * (1.0 - service.success) - joined;
            no_needs += step * leaving * service.success;
            inside[i] += step * (joined - leaving);
        }
        at_risk.iter_mut().zip(&change).for_each(|(stock, c)| *stock += step * c);
    }
    Ok(all)
}

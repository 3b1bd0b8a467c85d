//! Ranks areas into quantiles (deciles, quintiles) as Fingertips does.

/// The quantile of each value, 1 to `quantiles`, or nothing for all when there are fewer
/// values than quantiles. A missing value has none. With `invert` (the usual), the highest
/// value is in quantile 1. Equal values share the quantile of the best of them.
///
/// Source: PHEindicatormethods 2.0, `phe_quantile`.
pub fn quantiles(values: &[Option<f64>], quantiles: usize, invert: bool) -> Vec<Option<usize>> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    if known.len() < quantiles || quantiles == 0 {
        return vec![None; values.len()];
    }
    let place = |value: f64| {
        let before = known.iter().filter(|v| if invert { **v > value } else { **v < value }).count();
        of_rank(before + 1, known.len(), quantiles)
    };
    values.iter().map(|v| v.map(place)).collect()
}

/// The quantile of the value that is `rank`th (from one) of `n`.
pub fn of_rank(rank: usize, n: usize, quantiles: usize) -> usize {
    let (n, q) = (n as f64, quantiles as f64);
    let from_the_end = ((n + 1.0 - rank as f64) / (n / q)).ceil();
    ((q + 1.0 - from_the_end) as usize).max(1)
}

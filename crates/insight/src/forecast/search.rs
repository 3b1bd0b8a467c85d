//! The least of a function of a few numbers, without derivatives.
//!
//! Source: Nelder and Mead, Computer Journal 7 (1965), begun again from where it stopped
//! until that no longer helps.

/// The least near `start`, first steps of size `step` in each direction. The same answer
/// every time: nothing is drawn.
pub fn least(f: &dyn Fn(&[f64]) -> f64, start: &[f64], step: &[f64]) -> (Vec<f64>, f64) {
    if start.is_empty() {
        return (Vec::new(), f(start));
    }
    let (mut best, mut value) = run(f, start, step, 400 * start.len());
    for round in 0..6 {
        // Smaller each time, and to the other side each second time.
        let scale = 0.5f64.powi(round) * if round % 2 == 0 { -1.0 } else { 1.0 };
        let again: Vec<f64> = step.iter().map(|s| s * scale).collect();
        let (next, lower) = run(f, &best, &again, 400 * start.len());
        let gained = value - lower;
        if lower <= value {
            (best, value) = (next, lower);
        }
        if gained < 1e-7 && round > 0 {
            break;
        }
    }
    (best, value)
}

fn run(f: &dyn Fn(&[f64]) -> f64, start: &[f64], step: &[f64], rounds: usize) -> (Vec<f64>, f64) {
    let n = start.len();
    let at = |x: Vec<f64>| {
        let value = f(&x);
        (x, if value.is_nan() { f64::INFINITY } else { value })
    };
    let mut corners = vec![at(start.to_vec())];
    for i in 0..n {
        let mut x = start.to_vec();
        x[i] += step[i];
        corners.push(at(x));
    }
    for _ in 0..rounds {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (low, high) = (corners[0].1, corners[n].1);
        if (high - low).abs() <= 1e-11 * (low.abs() + 1e-9) {
            break;
        }
        let middle: Vec<f64> =
            (0..n).map(|i| corners[..n].iter().map(|c| c.0[i]).sum::<f64>() / n as f64).collect();
        let along =
            |k: f64| (0..n).map(|i| middle[i] + k * (corners[n].0[i] - middle[i])).collect::<Vec<_>>();
        let reflected = at(along(-1.0));
        if reflected.1 < low {
            let further = at(along(-2.0));
            corners[n] = if further.1 < reflected.1 { further } else { reflected };
        } else if reflected.1 < corners[n - 1].1 {
            corners[n] = reflected;
        } else {
            let nearer = at(along(if reflected.1 < high { -0.5 } else { 0.5 }));
            if nearer.1 < high.min(reflected.1) {
                corners[n] = nearer;
            } else {
                let first = corners[0].0.clone();
                for corner in &mut corners[1..] {
                    let x = (0..n).map(|i| first[i] + 0.5 * (corner.0[i] - first[i])).collect();
                    *corner = at(x);
                }
            }
        }
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_bent_valley_is_found() {
        let valley = |x: &[f64]| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
        let (x, value) = least(&valley, &[-1.2, 1.0], &[0.1, 0.1]);
        assert!((x[0] - 1.0).abs() < 1e-4 && (x[1] - 1.0).abs() < 1e-4 && value < 1e-8, "{x:?}");
    }
}

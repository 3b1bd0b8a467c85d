//! The few pieces of linear algebra that regressions share, over nalgebra.
//!
//! Least squares go through QR, never through the normal equations: the sums of squares
//! of the trends on our pages are near collinear, and QR loses half as many digits.

use crate::error::InsightError;
pub use nalgebra::{DMatrix, DVector};

/// What a regression leaves for its user to work with.
#[derive(Debug, Clone)]
pub struct LeastSquares {
    /// The coefficients, in the order of the columns.
    pub beta: DVector<f64>,
    /// The inverse of X'WX.
    pub bread: DMatrix<f64>,
    /// What was fitted.
    pub fitted: DVector<f64>,
    /// What is left over.
    pub residuals: DVector<f64>,
}

/// Least squares of `y` on the columns of `x`, each row counting with `weights` (all
/// alike when there are none).
///
/// # Errors
/// A column is a combination of others, or there are fewer rows than columns.
pub fn least_squares(
    x: &DMatrix<f64>,
    y: &DVector<f64>,
    weights: Option<&[f64]>,
) -> Result<LeastSquares, InsightError> {
    let (rows, columns) = x.shape();
    if rows < columns {
        return Err(InsightError::TooFew { what: "Points for the regression", has: rows, needs: columns });
    }
    let root: Vec<f64> = weights.map_or(vec![1.0; rows], |w| w.iter().map(|w| w.sqrt()).collect());
    let scaled = DMatrix::from_fn(rows, columns, |r, c| x[(r, c)] * root[r]);
    let target = DVector::from_fn(rows, |r, _| y[r] * root[r]);
    let qr = scaled.qr();
    let r = qr.r();
    let largest = (0..columns).map(|i| r[(i, i)].abs()).fold(0.0, f64::max);
    if (0..columns).any(|i| r[(i, i)].abs() <= largest * 1e-12) {
        return Err(InsightError::NotSettled("The regression"));
    }
    let beta = r.solve_upper_triangular(&(qr.q().transpose() * target));
    let inverse = r.solve_upper_triangular(&DMatrix::identity(columns, columns));
    let (Some(beta), Some(inverse)) = (beta, inverse) else {
        return Err(InsightError::NotSettled("The regression"));
    };
    let fitted = x * &beta;
    let residuals = y - &fitted;
    Ok(LeastSquares { beta, bread: &inverse * inverse.transpose(), fitted, residuals })
}

/// The inverse of a symmetric positive definite matrix.
///
/// # Errors
/// It is not positive definite; `what` names what was being worked out.
pub fn inverse(m: &DMatrix<f64>, what: &'static str) -> Result<DMatrix<f64>, InsightError> {
    m.clone().cholesky().map(|c| c.inverse()).ok_or(InsightError::NotSettled(what))
}

/// The z of a two-sided interval: 1.959964 for 95 %.
pub fn z_of(level: f64) -> f64 {
    normal_quantile(0.5 + level / 2.0)
}

/// The quantile of the standard normal distribution.
pub fn normal_quantile(p: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    let z = Normal::standard().inverse_cdf(p);
    // Two Newton steps on the distribution function bring the last digits.
    (0..2).fold(z, |z, _| {
        let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        if density > 0.0 { z - (normal(z) - p) / density } else { z }
    })
}

/// The standard normal distribution function.
pub fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// The quantile of Student's t distribution with `freedom` degrees of freedom.
pub fn t_quantile(p: f64, freedom: f64) -> f64 {
    use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};
    let Ok(t) = StudentsT::new(0.0, 1.0, freedom) else { return f64::NAN };
    let start = t.inverse_cdf(p);
    (0..3).fold(start, |x, _| {
        let step = (t.cdf(x) - p) / t.pdf(x);
        if step.is_finite() { x - step } else { x }
    })
}

/// The quantile of the chi-squared distribution with `freedom` degrees of freedom;
/// nought when there are none.
pub fn chi2_quantile(p: f64, freedom: f64) -> f64 {
    use statrs::distribution::{Continuous, ContinuousCDF, Gamma};
    if freedom <= 0.0 || p <= 0.0 {
        return 0.0;
    }
    let Ok(gamma) = Gamma::new(freedom / 2.0, 0.5) else { return f64::NAN };
    let start = gamma.inverse_cdf(p).max(f64::MIN_POSITIVE);
    (0..6).fold(start, |x, _| {
        let step = (gamma.cdf(x) - p) / gamma.pdf(x);
        let next = x - step;
        if next.is_finite() && next > 0.0 { next } else { x }
    })
}

/// The chance of a chi-squared value above `x`.
pub fn chi2_above(x: f64, freedom: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { statrs::function::gamma::gamma_ur(freedom / 2.0, x / 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() <= within * b.abs().max(1e-300), "{a} is not {b}");
    }

    /// Values from R 4.2.2: qnorm, qchisq, qt, pchisq.
    #[test]
    fn quantiles_agree_with_r() {
        near(normal_quantile(0.975), 1.959963984540054, 1e-14);
        near(normal_quantile(0.999), 3.090232306167813, 1e-14);
        near(chi2_quantile(0.025, 6.0), 1.237344245791203, 1e-11);
        near(chi2_quantile(0.975, 8.0), 17.53454613948465, 1e-11);
        near(t_quantile(0.975, 9.0), 2.262157162740992, 1e-10);
        near(chi2_above(3.841458820694124, 1.0), 0.05, 1e-11);
    }

    #[test]
    fn a_line_through_points_on_it_is_found_exactly() {
        let x = DMatrix::from_row_slice(4, 2, &[1.0, 0.0, 1.0, 1.0, 1.0, 2.0, 1.0, 3.0]);
        let y = DVector::from_vec(vec![1.0, 3.0, 5.0, 7.0]);
        let fit = least_squares(&x, &y, None).unwrap();
        near(fit.beta[0], 1.0, 1e-12);
        near(fit.beta[1], 2.0, 1e-12);
    }

    #[test]
    fn a_repeated_column_is_refused_in_words() {
        let x = DMatrix::from_row_slice(3, 2, &[1.0, 2.0, 2.0, 4.0, 3.0, 6.0]);
        let y = DVector::from_vec(vec![1.0, 2.0, 3.0]);
        let said = least_squares(&x, &y, None).unwrap_err().to_string();
        assert!(said.contains("repeats another"), "{said}");
    }
}

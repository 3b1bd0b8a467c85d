//! Codes from an app on the worker's phone (RFC 6238: SHA-1, six digits, 30 seconds).

use kith_domain::time::Instant;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Seconds for which one code lasts.
pub const STEP: i64 = 30;

fn totp(secret: &[u8]) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP.unsigned_abs())
        .with_secret(Secret::from(secret.to_vec()))
        .build_noncompliant()
}

/// The step of a code that is right now or one step to either side. The caller must
/// make sure that no step is used twice.
pub fn step_of(secret: &[u8], code: &str, now: Instant) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.0 / Instant::SECOND).ok()?;
    if code.len() != 6 {
        return None;
    }
    let totp = totp(secret);
    let step = seconds / STEP.unsigned_abs();
    [step, step.saturating_sub(1), step + 1]
        .into_iter()
        .find(|s| {
            let expected = totp.generate(s * STEP.unsigned_abs()).to_string();
            subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), code.as_bytes()).into()
        })
        .and_then(|s| i64::try_from(s).ok())
}

/// The secret as people type it into an app.
pub fn base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, SHA-1, the last six of eight digits.
    #[test]
    fn the_published_vectors_hold() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let now = Instant(seconds * Instant::SECOND);
            assert_eq!(step_of(secret, code, now), Some(seconds / STEP));
            assert_eq!(step_of(secret, "000000", now), None);
        }
    }

    #[test]
    fn a_code_from_two_steps_ago_is_too_old() {
        let secret = b"12345678901234567890";
        assert!(step_of(secret, "287082", Instant(89 * Instant::SECOND)).is_some());
        assert!(step_of(secret, "287082", Instant(120 * Instant::SECOND)).is_none());
    }
}

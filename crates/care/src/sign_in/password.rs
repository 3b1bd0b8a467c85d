//! Passwords: argon2id with the parameters of `reference/reliability.md` 3.6
//! (19 MiB, two passes, one lane), in PHC form.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// The shortest password, in characters. Length is the only rule (NIST SP 800-63B).
pub const SHORTEST: usize = 12;
/// The longest, so that hashing cannot be used to tire the server.
pub const LONGEST: usize = 256;

fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with a fresh salt. Takes tens of milliseconds: call it off the
/// threads that serve pages.
///
/// # Errors
/// What is wrong with the password, in words.
pub fn hash(password: &str) -> Result<String, String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(format!(
            "Choose a longer password. Use at least {SHORTEST} characters; three words work well."
        ));
    }
    if length > LONGEST {
        return Err(format!("Choose a shorter password. It can have up to {LONGEST} characters."));
    }
    argon()
        .hash_password(password.as_bytes())
        .map(|h| h.to_string())
        .map_err(|e| format!("The password could not be kept: {e}"))
}

/// Is this the password that was hashed?
pub fn verify(password: &str, hash: &str) -> bool {
    if password.chars().count() > LONGEST {
        return false;
    }
    PasswordHash::new(hash).is_ok_and(|parsed| argon().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_verifies() {
        let hashed = hash("three quiet words").unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("three quiet words", &hashed));
        assert!(!verify("three quiet word", &hashed));
        assert!(!verify("three quiet words", "not a hash"));
    }

    #[test]
    fn short_and_endless_passwords_are_refused_in_words() {
        assert!(hash("short").unwrap_err().contains("12"));
        assert!(hash(&"a".repeat(300)).unwrap_err().contains("256"));
    }
}

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

/// Words that most guesses are made of. Length alone does not save these.
const COMMON: [&str; 44] = [
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "azerty",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "letmein",
    "welcome",
    "iloveyou",
    "admin",
    "administrator",
    "changeme",
    "secret",
    "login",
    "master",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "liverpool",
    "arsenal",
    "chelsea",
    "superman",
    "batman",
    "trustno1",
    "whatever",
    "starwars",
    "computer",
    "internet",
    "summer",
    "winter",
    "spring",
    "autumn",
    "january",
    "monday",
    "hello",
    "abc123",
    "abcdef",
    "kith",
];

/// What makes a password one of the first that somebody would try, in words. `own` are
/// words that belong to its owner: their sign-in name, the place.
pub fn too_common(password: &str, own: &[&str]) -> Option<&'static str> {
    const GUESSED: &str = "Many people use a password like that, so it is guessed first. Choose three words that \
                           have nothing to do with each other.";
    const YOURS: &str = "Leave out your own name and the name of the place. Choose three other words.";
    let plain: String = password.chars().flat_map(char::to_lowercase).collect();
    let own_words = own.iter().map(|w| w.trim().to_lowercase()).filter(|w| w.chars().count() >= 4);
    let mut rest = without(&plain, COMMON.iter().map(|w| (*w).to_owned()));
    if fresh_letters(&rest) < 4 && rest.len() < plain.len() {
        return Some(GUESSED);
    }
    if repeats(&plain) || runs(&plain) {
        return Some(GUESSED);
    }
    rest = without(&plain, own_words);
    (rest.len() < plain.len() && fresh_letters(&rest) < 6).then_some(YOURS)
}

/// What is left when these words are taken out, the longest first.
fn without(text: &str, words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    words.iter().fold(text.to_owned(), |rest, word| rest.replace(word.as_str(), ""))
}

/// How many different letters are left; digits and signs around a word add little.
fn fresh_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).collect::<std::collections::BTreeSet<_>>().len()
}

/// One short piece over and over: "aaaaaaaaaaaa", "abcabcabcabc".
fn repeats(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    (1..=4).any(|n| signs.len() > n && signs.iter().zip(signs.iter().skip(n)).all(|(a, b)| a == b))
}

/// Mostly steps up or down: "123456789012", "abcdefghijkl".
fn runs(text: &str) -> bool {
    let signs: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = signs.windows(2).filter(|w| w[0].abs_diff(w[1]) == 1).count();
    signs.len() > 3 && steps * 5 >= (signs.len() - 1) * 4
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

    #[test]
    fn the_passwords_that_are_guessed_first_are_refused() {
        for bad in [
            "password1234",
            "Password123456!",
            "qwertyuiop123",
            "iloveyou2026!!",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "123456789012",
            "abcdefghijkl",
            "welcomewelcome1",
            "Letmein-letmein",
            "Summer2026!!!",
            "passw0rdpassw0rd",
        ] {
            assert!(too_common(bad, &[]).is_some(), "{bad}");
        }
        for own in ["pat.osier2026", "Pat.Osier!!!!", "brackenford1!"] {
            assert!(too_common(own, &["pat.osier", "Brackenford"]).is_some(), "{own}");
        }
        for good in [
            "three quiet words",
            "kettle marble osprey",
            "Zwölf Boxkämpfer jagen",
            "correct horse battery staple",
            "x9!fkQ2#pLm7",
        ] {
            assert_eq!(too_common(good, &["pat", "Brackenford"]), None, "{good}");
        }
    }
}

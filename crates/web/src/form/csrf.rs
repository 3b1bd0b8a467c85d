//! Proof that a form came from our own page and not from somebody else's.
//!
//! Two checks, both needed when somebody is signed in: the browser's own word about
//! where the request began (`Sec-Fetch-Site`, else `Origin`), and a token of the
//! session inside the form. The token is masked anew on every page, so that a
//! compressed page does not give it away letter by letter.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{CSRF_FIELD, FormData};

/// Why a form was refused. The reader is asked to open the page again; the log is
/// told which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The browser says that the request began on another site.
    #[error("the request began on another site")]
    OtherSite,
    /// The form holds no token, or that of another session.
    #[error("the form token does not belong to this session")]
    Token,
}

/// Both checks. `token` is that of the session, or nothing for a form that anybody
/// may send without signing in.
pub fn check(
    headers: &HeaderMap,
    public_url: &str,
    token: Option<&str>,
    form: &FormData,
) -> Result<(), Refused> {
    check_origin(headers, public_url)?;
    match token {
        Some(token) if !matches(form.value(CSRF_FIELD).unwrap_or_default(), token) => Err(Refused::Token),
        _ => Ok(()),
    }
}

/// Where the request began. A browser that sends neither header is too old to be
/// tricked in the ways that it would tell of; the token and the `SameSite` cookie
/// still hold.
pub fn check_origin(headers: &HeaderMap, public_url: &str) -> Result<(), Refused> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin" | "none"), _) => Ok(()),
        (Some(_), _) => Err(Refused::OtherSite),
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str()).unwrap_or_default();
            let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
            let ours = origin == public_url.trim_end_matches('/');
            if ours || (!authority.is_empty() && authority == host) {
                Ok(())
            } else {
                Err(Refused::OtherSite)
            }
        }
        (None, None) => Ok(()),
    }
}

/// The session's token as a form carries it: a random mask, and the token under it.
pub fn masked(token: &str) -> String {
    let digest = digest(token);
    let mut mask = [0u8; 32];
    if getrandom::fill(&mut mask).is_err() {
        // Without chance the mask is nought: the token is still secret, only not
        // hidden from an attack on compression.
        mask = [0u8; 32];
    }
    let under: Vec<u8> = digest.iter().zip(mask).map(|(token, mask)| token ^ mask).collect();
    URL_SAFE_NO_PAD.encode([mask.as_slice(), under.as_slice()].concat())
}

/// True when a form's token is that of the session. Takes the same time either way.
pub fn matches(from_form: &str, token: &str) -> bool {
    match URL_SAFE_NO_PAD.decode(from_form) {
        Ok(bytes) if bytes.len() == 64 => {
            let (mask, under) = bytes.split_at(32);
            let digest_in_form: Vec<u8> = mask.iter().zip(under).map(|(a, b)| a ^ b).collect();
            bool::from(digest_in_form.as_slice().ct_eq(digest(token).as_slice()))
        }
        _ => false,
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    const URL: &str = "https://kith.example.org";

    #[test]
    fn the_browsers_word_decides() {
        for (given, ok) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "cross-site"), ("origin", URL)], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("origin", URL)], true),
            (vec![("origin", "https://kith.example.org.evil.example")], false),
            (vec![("origin", "null")], false),
            (vec![("origin", "http://127.0.0.1:8417"), ("host", "127.0.0.1:8417")], true),
            (vec![], true),
        ] {
            assert_eq!(check_origin(&headers(&given), URL).is_ok(), ok, "{given:?}");
        }
    }

    #[test]
    fn a_signed_in_form_needs_the_token_of_its_session() {
        let form = |token: &str| FormData::from_pairs([(CSRF_FIELD, token)]);
        let none = HeaderMap::new();
        assert_eq!(check(&none, URL, Some("abc"), &form(&masked("abc"))), Ok(()));
        for wrong in ["", "abc", &masked("abd"), "%%%"] {
            assert_eq!(check(&none, URL, Some("abc"), &form(wrong)), Err(Refused::Token), "{wrong}");
        }
        assert_eq!(check(&none, URL, None, &form("")), Ok(()));
    }

    #[test]
    fn the_mask_changes_every_time() {
        assert_ne!(masked("abc"), masked("abc"));
    }

    proptest! {
        #[test]
        fn only_its_own_token_matches(a: String, b: String) {
            prop_assert!(matches(&masked(&a), &a));
            prop_assert_eq!(matches(&masked(&a), &b), a == b);
            prop_assert!(!matches(&b, &a));
        }
    }
}

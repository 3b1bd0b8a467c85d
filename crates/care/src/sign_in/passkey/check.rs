//! What a browser sends back is held against what was asked: W3C Web Authentication level 2,
//! 7.1 (registering) and 7.2 (signing in), in their order. Pure: the caller takes the
//! challenge out of the database and counts.
//!
//! No attestation is asked for: which maker built somebody's phone is nobody's business, and
//! the standard then lets its statement go unread (7.1, step 19, "none").

use super::cbor::{self, Cbor};
use super::key::PublicKey;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The longest id of a passkey, in bytes (7.1, step 25 of level 3).
const LONGEST_ID: usize = 1023;
/// Flags of the authenticator's data: somebody was there, it was its owner, a key follows,
/// more follows.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const MAY_BE_COPIED: u8 = 1 << 3;
const COPIED: u8 = 1 << 4;
const KEY_FOLLOWS: u8 = 1 << 6;

/// Us, as passkeys know us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Us {
    /// The host of our address, without port: what a passkey belongs to.
    pub host: String,
    /// Where our pages come from: scheme, host, and port where it is not the usual one.
    pub origin: String,
    /// What we are called.
    pub name: String,
}

impl Us {
    /// From the address of the place.
    pub fn at(public_url: &str, name: &str) -> Option<Us> {
        let (scheme, rest) = public_url.split_once("://")?;
        let authority = rest.split('/').next().filter(|a| !a.is_empty() && !a.contains('@'))?.to_lowercase();
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host.to_owned(),
            _ => authority.clone(),
        };
        let usual = if scheme == "https" { ":443" } else { ":80" };
        let origin = format!("{scheme}://{}", authority.strip_suffix(usual).unwrap_or(&authority));
        Some(Us { host, origin, name: name.to_owned() })
    }
}

/// What a browser sent back, as our script posts it: each part in base64url.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    id: String,
    client: String,
    /// The attestation object, when registering.
    made: Option<String>,
    /// The authenticator's data, when signing in.
    data: Option<String>,
    signature: Option<String>,
    user: Option<String>,
}

/// Why it is not taken. For the log; the page says one thing for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable,
    /// It is not what was asked for.
    #[error("it answers another question")]
    Kind,
    /// Another challenge, or none that is waiting.
    #[error("the challenge is not ours, was used, or is too old")]
    Challenge,
    /// Made for another site.
    #[error("it was made for another site")]
    Site,
    /// Nobody touched it, or its owner was not recognised.
    #[error("its owner was not there")]
    Owner,
    /// A key of a kind that is not taken.
    #[error("a kind of key that is not taken")]
    Key,
    /// Not signed by this key.
    #[error("not signed with this key")]
    Signature,
    /// It has counted less than before: there may be a copy.
    #[error("it has counted backwards")]
    Count,
    /// Nobody has this passkey, or somebody else.
    #[error("nobody's passkey, or somebody else's")]
    Unknown,
}

/// What a new passkey is kept as.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) id: Vec<u8>,
    pub(super) cose: Vec<u8>,
    pub(super) counter: i64,
}

/// What an answer claims, before its key was looked up.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) id: Vec<u8>,
    pub(super) challenge: Vec<u8>,
    /// Whose it says it is; empty when it does not say.
    pub(super) user: Vec<u8>,
    signature: Vec<u8>,
    signed: Vec<u8>,
    data: Vec<u8>,
}

#[derive(Debug, Deserialize)]
struct Client {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

fn decoded(text: &str) -> Result<Vec<u8>, NotTaken> {
    BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| NotTaken::Unreadable)
}

fn answer(text: &str) -> Result<Answer, NotTaken> {
    serde_json::from_str(text).map_err(|_| NotTaken::Unreadable)
}

/// What the browser says it did: the right thing, for our pages and nobody's frame.
fn client(bytes: &[u8], kind: &str, us: &Us) -> Result<Client, NotTaken> {
    let client: Client = serde_json::from_slice(bytes).map_err(|_| NotTaken::Unreadable)?;
    if client.kind != kind {
        return Err(NotTaken::Kind);
    }
    if client.origin != us.origin || client.cross_origin {
        return Err(NotTaken::Site);
    }
    Ok(client)
}

struct Data<'a> {
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

/// What the authenticator says it did: for us, with its owner there and recognised.
fn data<'a>(bytes: &'a [u8], us: &Us) -> Result<Data<'a>, NotTaken> {
    let (site, rest) = bytes.split_at_checked(32).ok_or(NotTaken::Unreadable)?;
    let (head, rest) = rest.split_at_checked(5).ok_or(NotTaken::Unreadable)?;
    let counter = head[1..].iter().fold(0, |n, b| n << 8 | u32::from(*b));
    let flags = head[0];
    if !bool::from(site.ct_eq(Sha256::digest(us.host.as_bytes()).as_slice())) {
        return Err(NotTaken::Site);
    }
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err(NotTaken::Owner);
    }
    // A copy of something that cannot be copied.
    if flags & COPIED != 0 && flags & MAY_BE_COPIED == 0 {
        return Err(NotTaken::Unreadable);
    }
    Ok(Data { flags, counter, rest })
}

/// The challenge that an answer claims to answer, to be looked for.
pub(super) fn challenge_of(text: &str) -> Result<Vec<u8>, NotTaken> {
    let client = decoded(&answer(text)?.client)?;
    let client: Client = serde_json::from_slice(&client).map_err(|_| NotTaken::Unreadable)?;
    decoded(&client.challenge)
}

/// A new passkey, from an answer to `challenge`.
pub(super) fn made(text: &str, challenge: &[u8], us: &Us) -> Result<Made, NotTaken> {
    let answer = answer(text)?;
    let client = client(&decoded(&answer.client)?, "webauthn.create", us)?;
    if !bool::from(decoded(&client.challenge)?.ct_eq(challenge)) {
        return Err(NotTaken::Challenge);
    }
    let object = decoded(answer.made.as_deref().ok_or(NotTaken::Kind)?)?;
    let object = cbor::whole(&object).ok_or(NotTaken::Unreadable)?;
    let bytes = object.under("authData").and_then(Cbor::bytes).ok_or(NotTaken::Unreadable)?;
    let data = data(bytes, us)?;
    if data.flags & KEY_FOLLOWS == 0 {
        return Err(NotTaken::Unreadable);
    }
    // The model of the authenticator is not kept.
    let (_, rest) = data.rest.split_at_checked(16).ok_or(NotTaken::Unreadable)?;
    let (length, rest) = rest.split_at_checked(2).ok_or(NotTaken::Unreadable)?;
    let length = usize::from(length[0]) << 8 | usize::from(length[1]);
    let (id, rest) = rest.split_at_checked(length).ok_or(NotTaken::Unreadable)?;
    if id.is_empty() || id.len() > LONGEST_ID || decoded(&answer.id)? != id {
        return Err(NotTaken::Unreadable);
    }
    let (key, used) = cbor::read(rest).ok_or(NotTaken::Unreadable)?;
    PublicKey::of(&key).ok_or(NotTaken::Key)?;
    Ok(Made { id: id.to_vec(), cose: rest[..used].to_vec(), counter: i64::from(data.counter) })
}

/// What an answer at signing in claims.
pub(super) fn claim(text: &str, us: &Us) -> Result<Claim, NotTaken> {
    let answer = answer(text)?;
    let said = decoded(&answer.client)?;
    let client = client(&said, "webauthn.get", us)?;
    let bytes = decoded(answer.data.as_deref().ok_or(NotTaken::Kind)?)?;
    let signed = [bytes.as_slice(), Sha256::digest(&said).as_slice()].concat();
    Ok(Claim {
        id: decoded(&answer.id)?,
        challenge: decoded(&client.challenge)?,
        user: decoded(answer.user.as_deref().unwrap_or_default())?,
        signature: decoded(answer.signature.as_deref().ok_or(NotTaken::Kind)?)?,
        signed,
        data: bytes,
    })
}

/// Is the claim true, of the passkey with this key that had counted so far? Its count now.
pub(super) fn proved(claim: &Claim, cose: &[u8], counted: i64, us: &Us) -> Result<i64, NotTaken> {
    let data = data(&claim.data, us)?;
    let key = PublicKey::read(cose).ok_or(NotTaken::Key)?;
    if !key.signed(&claim.signed, &claim.signature) {
        return Err(NotTaken::Signature);
    }
    let now = i64::from(data.counter);
    if (now != 0 || counted != 0) && now <= counted {
        return Err(NotTaken::Count);
    }
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn we_are_our_host_and_our_origin() {
        let us = |url: &str| Us::at(url, "Kith").map(|us| (us.host, us.origin));
        let is = |host: &str, origin: &str| Some((host.to_owned(), origin.to_owned()));
        assert_eq!(us("http://localhost:8417"), is("localhost", "http://localhost:8417"));
        assert_eq!(us("https://Kith.Example.org/"), is("kith.example.org", "https://kith.example.org"));
        assert_eq!(us("https://kith.example.org:443/x"), is("kith.example.org", "https://kith.example.org"));
        assert_eq!(
            us("https://kith.example.org:8443"),
            is("kith.example.org", "https://kith.example.org:8443")
        );
        assert_eq!(us("kith.example.org"), None);
        assert_eq!(us("https://a@b"), None);
    }

    proptest! {
        /// Whatever a browser sends, nothing breaks.
        #[test]
        fn no_answer_breaks_it(text: String, parts: [Vec<u8>; 4]) {
            let us = Us::at("https://kith.example.org", "Kith").unwrap();
            let _ = (made(&text, b"challenge", &us), claim(&text, &us).is_ok(), challenge_of(&text));
            let [id, made_, data_, signature] = parts.map(|p| BASE64_URL_SAFE_NO_PAD.encode(p));
            for kind in ["webauthn.create", "webauthn.get"] {
                let client = format!(r#"{{"type":"{kind}","challenge":"Y2hhbGxlbmdl","origin":"{}"}}"#, us.origin);
                let client = BASE64_URL_SAFE_NO_PAD.encode(client);
                let json = format!(
                    r#"{{"id":"{id}","client":"{client}","made":"{made_}","data":"{data_}","signature":"{signature}"}}"#
                );
                prop_assert!(made(&json, b"challenge", &us).is_err());
                if let Ok(claim) = claim(&json, &us) {
                    prop_assert!(proved(&claim, &[], 0, &us).is_err());
                }
            }
        }
    }
}

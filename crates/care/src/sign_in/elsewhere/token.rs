//! What another place says of somebody, as a signed token: read, checked, believed or not
//! (OpenID Connect Core 1.0, 3.1.3.7; RFC 7515, 7517, 7518). Pure: keys and the time are
//! given.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, RsaKeyPair, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Seconds by which another place's clock may differ from ours.
const SKEW: i64 = 60;
/// Seconds after which a token is too old to be an answer to a question of now.
const OLDEST: i64 = 600;

/// Why a token is not believed. For the log; pages say one thing for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable,
    /// Signed in a way that is not taken, or not at all.
    #[error("signed in a way that is not taken")]
    Way,
    /// Not signed by a key of that place.
    #[error("not signed by that place")]
    Signature,
    /// Another place says so.
    #[error("another issuer")]
    Issuer,
    /// It was meant for another program.
    #[error("meant for another program")]
    Audience,
    /// It is over, or not from now.
    #[error("not from now")]
    Time,
    /// It answers another question.
    #[error("it answers another question")]
    Nonce,
    /// It is not said strongly enough who it is.
    #[error("not sure enough who it is")]
    Assurance,
}

/// A public key of another place (RFC 7517).
#[derive(Clone, Debug, Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    used_for: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

/// The public keys of another place.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Keys {
    /// Read one by one: a key of a kind that is not known spoils none of the others.
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
}

/// What is asked of a token.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    /// Seconds since 1970.
    pub(super) now: i64,
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

impl Jwk {
    fn verifies(&self, alg: &str, message: &[u8], signed: &[u8]) -> bool {
        self.try_verify(alg, message, signed).is_some()
    }

    fn try_verify(&self, alg: &str, message: &[u8], signed: &[u8]) -> Option<()> {
        let rsa = |how| {
            let (n, e) = (decoded(self.n.as_deref()?)?, decoded(self.e.as_deref()?)?);
            RsaPublicKeyComponents { n: &n, e: &e }.verify(how, message, signed).ok()
        };
        match (self.kty.as_str(), alg) {
            ("RSA", "RS256") => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            ("RSA", "RS512") => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            ("RSA", "PS256") => rsa(&signature::RSA_PSS_2048_8192_SHA256),
            ("EC", "ES256") if self.crv.as_deref() == Some("P-256") => {
                let (x, y) = (decoded(self.x.as_deref()?)?, decoded(self.y.as_deref()?)?);
                let point = [&[4u8][..], x.as_slice(), y.as_slice()].concat();
                let way = &signature::ECDSA_P256_SHA256_FIXED;
                UnparsedPublicKey::new(way, point).verify(message, signed).ok()
            }
            _ => None,
        }
    }
}

/// What a token says, once all of it holds.
pub(super) fn believed(
    token: &str,
    keys: &Keys,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, NotBelieved> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, signed] = parts.as_slice() else { return Err(NotBelieved::Unreadable) };
    let read = |part: &str| decoded(part).ok_or(NotBelieved::Unreadable);
    let header: Header = serde_json::from_slice(&read(head)?).map_err(|_| NotBelieved::Unreadable)?;
    // "none" and what is signed with a shared secret are not in this list.
    if !["RS256", "RS512", "PS256", "ES256"].contains(&header.alg.as_str()) {
        return Err(NotBelieved::Way);
    }
    let message = format!("{head}.{body}");
    let signed = read(signed)?;
    let by_one_of_theirs = keys
        .keys
        .iter()
        .filter_map(|key| Jwk::deserialize(key).ok())
        .filter(|k| k.used_for.as_deref().is_none_or(|u| u == "sig"))
        .filter(|k| k.alg.as_ref().is_none_or(|a| *a == header.alg))
        .filter(|k| header.kid.is_none() || k.kid == header.kid)
        .any(|k| k.verifies(&header.alg, message.as_bytes(), &signed));
    if !by_one_of_theirs {
        return Err(NotBelieved::Signature);
    }
    let claims: Map<String, Value> =
        serde_json::from_slice(&read(body)?).map_err(|_| NotBelieved::Unreadable)?;
    hold(&claims, expected)?;
    Ok(claims)
}

fn hold(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), NotBelieved> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let number = |name: &str| claims.get(name).and_then(Value::as_f64).map(|n| n as i64);
    if text("iss") != Some(expected.issuer) {
        return Err(NotBelieved::Issuer);
    }
    let client = Some(expected.client);
    let ours = match claims.get("aud") {
        Some(Value::String(one)) => Some(one.as_str()) == client,
        Some(Value::Array(many)) => {
            let here = many.iter().any(|a| a.as_str() == client);
            here && (many.len() == 1 || text("azp") == client)
        }
        _ => false,
    };
    if !ours || text("azp").is_some_and(|azp| Some(azp) != client) {
        return Err(NotBelieved::Audience);
    }
    let (until, made) = (number("exp"), number("iat"));
    let (Some(until), Some(made)) = (until, made) else { return Err(NotBelieved::Time) };
    let early = number("nbf").is_some_and(|nbf| nbf > expected.now.saturating_add(SKEW));
    let over = until <= expected.now.saturating_sub(SKEW);
    let from_now = (expected.now - OLDEST - SKEW..=expected.now + SKEW).contains(&made);
    if early || over || !from_now {
        return Err(NotBelieved::Time);
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(NotBelieved::Nonce);
    }
    if text("sub").is_none_or(str::is_empty) {
        return Err(NotBelieved::Unreadable);
    }
    Ok(())
}

/// The key with which we prove to another place that we are us.
pub struct OurKey {
    /// Its name there.
    pub kid: Option<String>,
    pair: Pair,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

impl std::fmt::Debug for OurKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OurKey")
    }
}

impl OurKey {
    /// Reads a private key: PKCS #8 in PEM, RSA or P-256.
    pub fn read(pem: &str, kid: Option<String>) -> Option<OurKey> {
        let inner = pem.split("-----BEGIN PRIVATE KEY-----").nth(1)?.split("-----END").next()?;
        let text: String = inner.split_whitespace().collect();
        let der = base64::prelude::BASE64_STANDARD.decode(text).ok()?;
        let pair = match RsaKeyPair::from_pkcs8(&der) {
            Ok(rsa) => Pair::Rsa(Box::new(rsa)),
            Err(_) => {
                let way = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
                Pair::Ec(Box::new(EcdsaKeyPair::from_pkcs8(way, &der, &SystemRandom::new()).ok()?))
            }
        };
        Some(OurKey { kid, pair })
    }

    /// These claims, signed: RS512, which NHS login asks for, or ES256.
    pub(super) fn sign(&self, claims: &Value) -> Option<String> {
        let alg = match self.pair {
            Pair::Rsa(_) => "RS512",
            Pair::Ec(_) => "ES256",
        };
        let mut head = serde_json::json!({ "alg": alg, "typ": "JWT" });
        if let Some(kid) = &self.kid {
            head["kid"] = Value::from(kid.as_str());
        }
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&head), encode(claims));
        let chance = SystemRandom::new();
        let signed = match &self.pair {
            Pair::Rsa(key) => {
                let mut signed = vec![0; key.public().modulus_len()];
                key.sign(&signature::RSA_PKCS1_SHA512, &chance, message.as_bytes(), &mut signed).ok()?;
                signed
            }
            Pair::Ec(key) => key.sign(&chance, message.as_bytes()).ok()?.as_ref().to_vec(),
        };
        Some(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signed)))
    }
}

//! A place elsewhere that says who somebody is: how it is asked, and how sure it has to be.
//!
//! Each shape is that of a service that members of a partnership use. The levels and names
//! are those that its own documentation publishes: NHS login "Vectors of trust" and "Scopes
//! and claims"; NHS CIS2 "Authentication assurance levels" and its ID token; Microsoft
//! Entra ID "ID token claims reference". Nobody comes in on one factor, whatever a place says.

use super::token::{NotBelieved, OurKey};
use serde_json::{Map, Value};

/// A kind of place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// NHS login, for people: P9 (identity proved) with two factors.
    NhsLogin,
    /// NHS CIS2, for NHS workers: level 2 or 3.
    Cis2,
    /// Microsoft Entra ID, for a member's own workers: one tenant, more than one factor.
    Entra,
    /// Any other that says `amr` with more than one factor, or an agreed `acr`.
    Plain,
}

impl Shape {
    /// From the word in the file of settings.
    pub fn from_code(code: &str) -> Option<Shape> {
        match code {
            "nhs-login" => Some(Shape::NhsLogin),
            "cis2" => Some(Shape::Cis2),
            "entra" => Some(Shape::Entra),
            "plain" => Some(Shape::Plain),
            _ => None,
        }
    }
}

/// How we prove to it that we are us.
#[derive(Debug)]
pub enum Proves {
    /// A secret that we share with it.
    Secret(String),
    /// A key of ours, of which it knows the public half (`private_key_jwt`, RFC 7523).
    Key(OurKey),
}

/// A place elsewhere.
#[derive(Debug)]
pub struct Provider {
    /// Its word in our addresses: small letters and dashes.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Its kind.
    pub shape: Shape,
    /// The address under which it issues; must be in every answer, letter by letter.
    pub issuer: String,
    /// What it calls us.
    pub client: String,
    /// How we prove that we are us.
    pub proves: Proves,
    /// The one tenant of an Entra.
    pub tenant: Option<String>,
    /// The level of proof: `P5` where a place takes less than NHS login's `P9`; for a plain one
    /// the `acr` that stands for two factors.
    pub level: Option<String>,
}

impl Provider {
    /// What is asked for beside the usual.
    pub(super) fn asks(&self) -> Vec<(&'static str, String)> {
        match self.shape {
            Shape::NhsLogin => {
                let p = self.level.as_deref().unwrap_or("P9");
                let vectors: Vec<String> =
                    ["Cp.Cd", "Cp.Ck", "Cm"].iter().map(|c| format!("\"{p}.{c}\"")).collect();
                vec![("scope", "openid profile_extended".into()), ("vtr", format!("[{}]", vectors.join(",")))]
            }
            Shape::Cis2 => {
                vec![("scope", "openid profile".into()), ("acr_values", "AAL2_OR_AAL3_ANY".into())]
            }
            Shape::Entra => vec![("scope", "openid profile".into())],
            Shape::Plain => {
                let mut asks = vec![("scope", "openid".to_owned())];
                asks.extend(self.level.iter().map(|acr| ("acr_values", acr.clone())));
                asks
            }
        }
    }

    /// Who it is, if it is said surely enough.
    pub(super) fn subject(&self, claims: &Map<String, Value>) -> Result<String, NotBelieved> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let owned = |name: &str| text(name).filter(|t| !t.is_empty()).map(str::to_owned);
        let factors: Vec<&str> = match claims.get("amr") {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let sure = match self.shape {
            Shape::NhsLogin => {
                let proved = text("identity_proofing_level").unwrap_or_default();
                let wanted = self.level.as_deref().unwrap_or("P9");
                let factors = text("vot").unwrap_or_default();
                (proved == "P9" || proved == wanted)
                    && ["Cd", "Ck", "Cm"].iter().any(|c| factors.split('.').any(|part| part == *c))
            }
            Shape::Cis2 => {
                let level = match claims.get("authentication_assurance_level") {
                    Some(Value::String(level)) => level.parse().unwrap_or(0),
                    Some(Value::Number(level)) => level.as_u64().unwrap_or(0),
                    _ => 0,
                };
                level >= 2
                    || text("acr").is_some_and(|acr| acr.starts_with("AAL2") || acr.starts_with("AAL3"))
            }
            Shape::Entra => {
                if self.tenant.is_none() || text("tid") != self.tenant.as_deref() {
                    return Err(NotBelieved::Issuer);
                }
                factors.contains(&"mfa") || factors.contains(&"ngcmfa")
            }
            Shape::Plain => {
                factors.contains(&"mfa") || self.level.is_some() && text("acr") == self.level.as_deref()
            }
        };
        if !sure {
            return Err(NotBelieved::Assurance);
        }
        // Entra's own name for somebody, the same for every program of the tenant.
        let subject = if self.shape == Shape::Entra { owned("oid") } else { owned("sub") };
        subject.ok_or(NotBelieved::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn provider(shape: Shape, level: Option<&str>) -> Provider {
        Provider {
            code: "x".into(),
            name: "X".into(),
            shape,
            issuer: "https://x.example.org".into(),
            client: "kith".into(),
            proves: Proves::Secret("s".into()),
            tenant: Some("t1".into()),
            level: level.map(str::to_owned),
        }
    }

    #[test]
    fn each_shape_says_how_sure_it_has_to_be() {
        let (nhs, cis2, entra, plain) = (
            provider(Shape::NhsLogin, None),
            provider(Shape::Cis2, None),
            provider(Shape::Entra, None),
            provider(Shape::Plain, Some("two")),
        );
        let yes = [
            (&nhs, json!({"sub": "1", "identity_proofing_level": "P9", "vot": "P9.Cp.Cd"})),
            (&cis2, json!({"sub": "1", "authentication_assurance_level": "3"})),
            (&cis2, json!({"sub": "1", "acr": "AAL2_ANY"})),
            (&entra, json!({"sub": "9", "oid": "1", "tid": "t1", "amr": ["pwd", "mfa"]})),
            (&plain, json!({"sub": "1", "acr": "two"})),
            (&plain, json!({"sub": "1", "amr": ["mfa"]})),
        ];
        for (provider, claims) in &yes {
            let claims = claims.as_object().unwrap();
            assert_eq!(provider.subject(claims).as_deref(), Ok("1"), "{claims:?}");
        }
        let no = [
            (&nhs, json!({"sub": "1", "identity_proofing_level": "P5", "vot": "P5.Cp.Cd"})),
            (&nhs, json!({"sub": "1", "identity_proofing_level": "P9", "vot": "P9.Cp"})),
            (&nhs, json!({"sub": "1"})),
            (&cis2, json!({"sub": "1", "authentication_assurance_level": "1"})),
            (&cis2, json!({"sub": "1", "acr": "AAL1_USERPASS"})),
            (&entra, json!({"oid": "1", "tid": "t1", "amr": ["pwd"]})),
            (&plain, json!({"sub": "1", "acr": "one", "amr": ["pwd"]})),
            (&provider(Shape::Plain, None), json!({"sub": "1"})),
        ];
        for (provider, claims) in &no {
            let claims = claims.as_object().unwrap();
            assert_eq!(provider.subject(claims), Err(NotBelieved::Assurance), "{claims:?}");
        }
        let other = json!({"oid": "1", "tid": "t2", "amr": ["mfa"]});
        assert_eq!(entra.subject(other.as_object().unwrap()), Err(NotBelieved::Issuer));
        let less = provider(Shape::NhsLogin, Some("P5"));
        let p5 = json!({"sub": "1", "identity_proofing_level": "P5", "vot": "P5.Cp.Cd"});
        assert!(less.subject(p5.as_object().unwrap()).is_ok());
    }
}

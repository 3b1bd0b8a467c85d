//! The file that names places elsewhere at which somebody can sign in: NHS login, NHS CIS2,
//! a member's own Entra. Secrets stand in files of their own.

use crate::error::CliError;
use kith_care::sign_in::elsewhere::Elsewhere;
use kith_care::sign_in::elsewhere::provider::{Proves, Provider, Shape};
use kith_care::sign_in::elsewhere::token::OurKey;
use kith_post::fetch::Https;
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    place: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    code: String,
    name: String,
    shape: String,
    issuer: String,
    client: String,
    secret_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    kid: Option<String>,
    tenant: Option<String>,
    level: Option<String>,
}

/// The places that a file names.
///
/// # Errors
/// The file, or one that it names, cannot be read, or says something that cannot be.
pub(crate) fn read(file: Option<&Path>) -> Result<Elsewhere, CliError> {
    let Some(file) = file else { return Ok(Elsewhere::none()) };
    let text = text_of(file)?;
    let named: File = toml::from_str(&text)
        .map_err(|cause| CliError::because(format!("{} cannot be read.", file.display()), &cause))?;
    let mut providers: Vec<Provider> = Vec::new();
    for place in named.place {
        if providers.iter().any(|p| p.code == place.code || p.issuer == place.issuer) {
            return Err(CliError::new(format!("{} stands twice in {}.", place.code, file.display())));
        }
        providers.push(provider(place)?);
    }
    Ok(Elsewhere::new(providers, Https::new()))
}

fn text_of(file: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(file)
        .map_err(|cause| CliError::because(format!("{} cannot be read.", file.display()), &cause))
}

fn provider(place: Named) -> Result<Provider, CliError> {
    let wrong = |why: &str| CliError::new(format!("{}: {why}", place.code));
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if place.code.is_empty() || !place.code.chars().all(fits) {
        return Err(wrong("its code is small letters, digits and dashes."));
    }
    let shape = Shape::from_code(&place.shape)
        .ok_or_else(|| wrong("its shape is nhs-login, cis2, entra or plain."))?;
    let here = place.issuer.starts_with("http://localhost") || place.issuer.starts_with("http://127.0.0.1");
    if !place.issuer.starts_with("https://") && !here {
        return Err(wrong("its issuer begins with https://."));
    }
    if shape == Shape::Entra && place.tenant.is_none() {
        return Err(wrong("say which tenant: every tenant of the world uses the same sign-in page."));
    }
    if shape == Shape::NhsLogin && place.level.as_deref().is_some_and(|l| !["P5", "P9"].contains(&l)) {
        return Err(wrong("its level is P5 or P9."));
    }
    let proves = match (&place.secret_file, &place.key_file) {
        (Some(file), None) => Proves::Secret(text_of(file)?.trim().to_owned()),
        (None, Some(file)) => {
            let key = OurKey::read(&text_of(file)?, place.kid.clone());
            Proves::Key(
                key.ok_or_else(|| wrong("its key file holds a private key: PKCS #8 in PEM, RSA or P-256."))?,
            )
        }
        _ => return Err(wrong("give it a secret_file or a key_file.")),
    };
    Ok(Provider {
        code: place.code.clone(),
        name: place.name.clone(),
        shape,
        issuer: place.issuer.clone(),
        client: place.client.clone(),
        proves,
        tenant: place.tenant.clone(),
        level: place.level.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(change: impl FnOnce(&mut Named)) -> Result<Provider, CliError> {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "quiet\n").unwrap();
        let mut place = Named {
            code: "nhs-login".into(),
            name: "NHS login".into(),
            shape: "nhs-login".into(),
            issuer: "https://auth.example.org".into(),
            client: "kith".into(),
            secret_file: Some(secret),
            key_file: None,
            kid: None,
            tenant: None,
            level: None,
        };
        change(&mut place);
        provider(place)
    }

    #[test]
    fn what_cannot_be_is_said_in_words() {
        assert!(matches!(named(|_| ()).unwrap().proves, Proves::Secret(s) if s == "quiet"));
        for (what, change) in [
            ("small letters", (|p: &mut Named| p.code = "A b".into()) as fn(&mut Named)),
            ("shape", |p| p.shape = "facebook".into()),
            ("https", |p| p.issuer = "http://auth.example.org".into()),
            ("tenant", |p| p.shape = "entra".into()),
            ("P5", |p| p.level = Some("P0".into())),
            ("secret_file", |p| p.secret_file = None),
        ] {
            let error = named(change).unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        }
        assert!(read(None).unwrap().list().next().is_none());
    }
}

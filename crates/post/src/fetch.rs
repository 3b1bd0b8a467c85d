//! Asking another place who somebody is: the one thing besides letters for which the program
//! reaches out, and only to the places that were named when it was started.

use base64::Engine;
use kith_care::sign_in::elsewhere::{Fetch, Fetcher};
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

/// How long an answer may take, from beginning to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer, in bytes. Keys and tokens are far shorter.
const LONGEST: u64 = 256 * 1024;

/// Asks over https, trusting whom the machine trusts. On this machine http will do, for
/// trying things out.
pub struct Https {
    agent: ureq::Agent,
}

impl Https {
    /// Ready to ask.
    pub fn new() -> Https {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let trusted: Vec<Certificate<'static>> = rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|certificate| Certificate::from_der(certificate.as_ref()).to_owned())
            .collect();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::Specific(Arc::new(trusted)))
            .build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            // A place that was named answers itself: it does not send us to another.
            .max_redirects(0)
            .user_agent("kith")
            .proxy(None)
            .build();
        Https { agent: config.new_agent() }
    }
}

impl Default for Https {
    fn default() -> Https {
        Https::new()
    }
}

/// May this address be asked?
fn may_ask(url: &str) -> bool {
    let here = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    url.starts_with("https://")
        || here.iter().any(|h| url.strip_prefix(h).is_some_and(|rest| rest.starts_with([':', '/'])))
}

impl Fetcher for Https {
    fn fetch(&self, what: Fetch) -> Result<Vec<u8>, String> {
        if !may_ask(&what.url) {
            return Err("an address that is not https".into());
        }
        let trouble = |e: ureq::Error| e.to_string();
        let mut response = match what.form {
            None => self.agent.get(&what.url).header("accept", "application/json").call().map_err(trouble)?,
            Some(form) => {
                let mut asking = self.agent.post(&what.url).header("accept", "application/json");
                if let Some((name, secret)) = what.basic {
                    asking = asking.header("authorization", basic(&name, &secret));
                }
                asking.send_form(form).map_err(trouble)?
            }
        };
        response.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(trouble)
    }
}

/// RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
fn basic(name: &str, secret: &str) -> String {
    let sign = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    let text = |t: &str| t.bytes().map(sign).collect::<String>();
    let joined = format!("{}:{}", text(name), text(secret));
    format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_leaves_this_machine() {
        for yes in
            ["https://x.example.org/a", "http://localhost:9/a", "http://127.0.0.1/a", "http://[::1]:9/"]
        {
            assert!(may_ask(yes), "{yes}");
        }
        for no in [
            "http://x.example.org",
            "http://localhost.example.org/",
            "ftp://x",
            "",
            "http://127.0.0.1.evil.org",
        ] {
            assert!(!may_ask(no), "{no}");
        }
        assert_eq!(basic("a:b", "c d"), "Basic YSUzQWI6YyUyMGQ=");
    }
}

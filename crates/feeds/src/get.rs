//! One request, tried again with patience: a publisher that is slow, busy or out of breath
//! is asked again, later each time, and as late as it says itself.

use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, http::HeaderMap};

/// The longest answer, in bytes.
const BODY_MAX: u64 = 32 * 1024 * 1024;
/// The longest that a publisher may make us wait before the next try.
const PATIENCE_MAX: Duration = Duration::from_secs(120);

/// Why something could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// The address cannot be asked.
    #[error("{0}")]
    Address(String),
    /// Nobody answered, or the answer broke off.
    #[error("nobody answered: {0}")]
    Silent(String),
    /// It answered that it cannot.
    #[error("it answered {0}")]
    Status(u16),
    /// The answer is no JSON.
    #[error("it answered with {kind}, which is no JSON")]
    NotJson {
        /// What it said it is.
        kind: String,
    },
    /// The answer is no list of entries.
    #[error("the answer holds no list of entries")]
    NoList,
    /// What came could not be kept.
    #[error("what came could not be kept: {0}")]
    Keep(String),
}

impl FeedError {
    /// Might the next try go better?
    fn passing(&self) -> bool {
        match self {
            FeedError::Silent(_) | FeedError::NotJson { .. } => true,
            FeedError::Status(status) => matches!(status, 408 | 425 | 429 | 500..=599),
            FeedError::Address(_) | FeedError::NoList | FeedError::Keep(_) => false,
        }
    }
    /// Is there nothing of that kind?
    pub(crate) fn not_there(&self) -> bool {
        matches!(self, FeedError::Status(404 | 405 | 410 | 501))
    }
}

/// What came.
pub(crate) struct Came {
    pub(crate) json: Value,
    pub(crate) raw: String,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    /// It said that it is something else than JSON, and was JSON.
    pub(crate) odd_kind: Option<String>,
}

/// The answer to a conditional question.
pub(crate) enum Answer {
    Came(Box<Came>),
    /// As it was.
    Same,
}

/// Asks, with patience.
#[derive(Clone)]
pub struct Getter {
    agent: Agent,
    tries: u32,
    pause: Duration,
}

impl Getter {
    /// Asks with this time limit a request, so often, with this pause before the second try;
    /// the pause doubles each time. Certificates are those that the machine trusts.
    pub fn new(timeout: Duration, tries: u32, pause: Duration) -> Getter {
        let trusted = rustls_native_certs::load_native_certs().certs;
        let trusted: Vec<Certificate<'static>> =
            trusted.iter().map(|c| Certificate::from_der(c.as_ref()).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&trusted))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            .user_agent(concat!("kith/", env!("CARGO_PKG_VERSION"), " (directory of services)"))
            .tls_config(tls)
            .build();
        Getter { agent: config.into(), tries: tries.max(1), pause }
    }

    /// Asks until it is answered or patience ends.
    pub(crate) fn get(
        &self,
        url: &str,
        etag: Option<&str>,
        since: Option<&str>,
    ) -> Result<Answer, FeedError> {
        let mut pause = self.pause;
        let mut tries = 0;
        loop {
            tries += 1;
            let (error, wait) = match self.once(url, etag, since) {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if tries >= self.tries || !error.passing() {
                return Err(error);
            }
            std::thread::sleep(wait.unwrap_or(pause).min(PATIENCE_MAX));
            pause = (pause * 2).min(PATIENCE_MAX);
        }
    }

    fn once(
        &self,
        url: &str,
        etag: Option<&str>,
        since: Option<&str>,
    ) -> Result<Answer, (FeedError, Option<Duration>)> {
        let mut request = self.agent.get(url).header("Accept", "application/json");
        if let Some(etag) = etag {
            request = request.header("If-None-Match", etag);
        }
        if let Some(since) = since {
            request = request.header("If-Modified-Since", since);
        }
        let mut response = request.call().map_err(|e| (silent(&e), None))?;
        let status = response.status().as_u16();
        let named = |name: &str| text(response.headers(), name);
        if status == 304 {
            return Ok(Answer::Same);
        }
        if status != 200 {
            let wait = named("retry-after").and_then(|t| t.trim().parse().ok()).map(Duration::from_secs);
            return Err((FeedError::Status(status), wait));
        }
        let kind = named("content-type").unwrap_or_else(|| "nothing said".to_owned());
        let (etag, last_modified) = (named("etag"), named("last-modified"));
        let read = response.body_mut().with_config().limit(BODY_MAX).read_to_vec();
        let bytes = read.map_err(|e| (silent(&e), None))?;
        let raw = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(raw.trim_start_matches('\u{feff}'));
        let json = json.map_err(|_| (FeedError::NotJson { kind: short(&kind) }, None))?;
        let odd_kind = (!kind.contains("json")).then(|| short(&kind));
        Ok(Answer::Came(Box::new(Came { json, raw, etag, last_modified, odd_kind })))
    }
}

fn silent(error: &ureq::Error) -> FeedError {
    match error {
        ureq::Error::BadUri(why) => FeedError::Address(why.clone()),
        other => FeedError::Silent(other.to_string()),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The first part of a content type, without what could be anything.
fn short(kind: &str) -> String {
    kind.split(';').next().unwrap_or_default().trim().chars().filter(|c| !c.is_control()).take(60).collect()
}

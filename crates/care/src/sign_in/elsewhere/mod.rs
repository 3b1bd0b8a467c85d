//! Signing in by way of another place: NHS login, NHS CIS2, a member's own Entra, or any
//! other that speaks OpenID Connect.
//!
//! The code flow with PKCE (RFC 7636). State, nonce and verifier wait in the database for
//! ten minutes and are taken once, by whichever server the browser comes back to, and only
//! by the browser that went. Who comes in is decided by the issuer and its own name for
//! somebody, which was joined before to somebody here: by an invitation, or by whoever was
//! signed in. Never by a name or an e-mail address, which others can have.

pub mod provider;
pub mod token;

use super::join::invitation_of;
use super::session::{NewSession, Visitor, hash_of, secret};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kith_domain::time::Instant;
use kith_store::ways_in::ElsewhereRow;
use provider::{Proves, Provider};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use token::{Expected, Keys, NotBelieved};
use url_text::query;

mod url_text;

/// Seconds for which somebody may be away.
const WAITS: i64 = 600;
/// The kind under which it waits.
const AWAY: &str = "elsewhere";

const NOBODY_REAL: &str = "This is the made-up place: nobody real signs in here.";

/// What is said when it did not work, whatever the reason.
pub const NOT_RIGHT: &str = "That did not work. Begin again here, and use one browser for all of it.";
/// What is said to somebody whom the other place knows and we do not.
pub const NOT_JOINED: &str = "We do not know yet who you are there. Sign in as you usually do, open “Your ways in”, \
                              and join the two. If you were invited, begin with your code.";

/// Something to be asked of another server.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The address.
    pub url: String,
    /// Fields to post; none to get.
    pub form: Option<Vec<(String, String)>>,
    /// Name and secret, where they are asked for.
    pub basic: Option<(String, String)>,
}

/// Asks other servers. The program's own does it with TLS; tests answer themselves.
pub trait Fetcher: Send + Sync + 'static {
    /// The body of a good answer.
    ///
    /// # Errors
    /// In words for the log: it could not be reached, or did not answer well.
    fn fetch(&self, what: Fetch) -> Result<Vec<u8>, String>;
}

/// The places elsewhere of this place, and how to ask them.
#[derive(Clone)]
pub struct Elsewhere {
    providers: Arc<[Provider]>,
    fetcher: Arc<dyn Fetcher>,
}

impl Elsewhere {
    /// These places, asked in this way.
    pub fn new(providers: Vec<Provider>, fetcher: impl Fetcher) -> Elsewhere {
        Elsewhere { providers: providers.into(), fetcher: Arc::new(fetcher) }
    }

    /// None at all.
    pub fn none() -> Elsewhere {
        struct Nobody;
        impl Fetcher for Nobody {
            fn fetch(&self, _: Fetch) -> Result<Vec<u8>, String> {
                Err("no place elsewhere was named".into())
            }
        }
        Elsewhere::new(Vec::new(), Nobody)
    }

    /// Code and name of each.
    pub fn list(&self) -> impl Iterator<Item = (&str, &str)> {
        self.providers.iter().map(|p| (p.code.as_str(), p.name.as_str()))
    }

    fn find(&self, code: &str) -> Result<&Provider, CareError> {
        self.providers.iter().find(|p| p.code == code).ok_or(CareError::Missing)
    }

    async fn ask<T: for<'d> Deserialize<'d> + Send + 'static>(&self, what: Fetch) -> Result<T, CareError> {
        let fetcher = self.fetcher.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let body = fetcher.fetch(what)?;
            serde_json::from_slice(&body).map_err(|e| format!("an answer that cannot be read: {e}"))
        });
        let answer = asked.await.map_err(|e| Fault::Broken(format!("asking elsewhere: {e}")))?;
        answer.map_err(|why| {
            tracing::warn!(%why, "another place did not answer");
            CareError::refused("The other place does not answer at the moment. Sign in another way.")
        })
    }

    /// What it says of itself. It must be the place that was meant.
    async fn about(&self, provider: &Provider) -> Result<About, CareError> {
        let base = provider.issuer.trim_end_matches('/');
        let url = format!("{base}/.well-known/openid-configuration");
        let about: About = self.ask(Fetch { url, form: None, basic: None }).await?;
        if about.issuer != provider.issuer {
            return Err(not_believed(NotBelieved::Issuer));
        }
        Ok(about)
    }
}

/// OpenID Connect Discovery 1.0, what we need of it.
#[derive(Debug, Deserialize)]
struct About {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    end_session_endpoint: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Tokens {
    id_token: String,
}

/// Why somebody goes elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
enum Errand {
    /// To sign in.
    Enter,
    /// To join it to who they are here; the identity as it is stored.
    Join { actor: String },
    /// To take an invitation with it; the hash of its code.
    Invitation { code: String },
}

#[derive(Debug, Serialize, Deserialize)]
struct Away {
    provider: String,
    nonce: String,
    verifier: String,
    /// The hash of the cookie of the browser that went.
    browser: String,
    errand: Errand,
}

/// What a browser brings back.
#[derive(Clone, Debug, Default)]
pub struct Back {
    /// The code.
    pub code: String,
    /// The state that it took along.
    pub state: String,
    /// The issuer, where the place says it (RFC 9207).
    pub issuer: Option<String>,
    /// The cookie of the browser that went.
    pub browser: String,
}

/// What came of it.
pub enum Came {
    /// They are in.
    In(NewSession),
    /// It is joined to who they are here.
    Joined,
}

fn not_believed(why: NotBelieved) -> CareError {
    tracing::warn!(%why, "another place was not believed");
    match why {
        NotBelieved::Assurance => CareError::refused(
            "The other place is not sure enough who you are. It has to ask you for two things: a password and your \
             phone, for example.",
        ),
        _ => CareError::refused(NOT_RIGHT),
    }
}

fn hex(secret: &str) -> String {
    hash_of(secret).iter().map(|b| format!("{b:02x}")).collect()
}

impl Kith {
    /// Where a browser goes to sign in elsewhere. `browser` is a cookie that only it has.
    ///
    /// # Errors
    /// There is no such place, or it does not answer; or this browser has gone so often that it waits.
    pub async fn go_elsewhere(
        &self,
        elsewhere: &Elsewhere,
        place: (&str, &str),
        (browser, visitor): (&str, &Visitor),
        now: Instant,
    ) -> Result<String, CareError> {
        if self.is_made_up() {
            return Err(CareError::refused(NOBODY_REAL));
        }
        elsewhere.find(place.0)?;
        // Counted before the other place is asked anything, so that nobody is made to ask it without end.
        let mut tx = self.store().write().await?;
        self.count_question(&mut tx, AWAY, visitor, now).await?;
        tx.commit().await?;
        self.go(elsewhere, place, browser, Errand::Enter, now).await
    }

    /// Where a browser goes to join who somebody is there to who they are here.
    ///
    /// # Errors
    /// They came in with one factor, or too long ago; or the place does not answer.
    pub async fn go_to_join(
        &self,
        elsewhere: &Elsewhere,
        place: (&str, &str),
        browser: &str,
        who: &Principal,
    ) -> Result<String, CareError> {
        self.real_people_join()?;
        let actor = super::passkey::owner(who)?;
        if !Kith::is_fresh(who) {
            return Err(CareError::SignInAgain);
        }
        self.go(elsewhere, place, browser, Errand::Join { actor }, who.now).await
    }

    /// Where a browser goes to take an invitation with who somebody is there.
    ///
    /// # Errors
    /// The invitation does not work, or the place does not answer.
    pub async fn go_with_invitation(
        &self,
        elsewhere: &Elsewhere,
        place: (&str, &str),
        browser: &str,
        (typed, now): (&str, Instant),
    ) -> Result<String, CareError> {
        self.invited(typed, now).await?;
        let code = invitation_of(typed).iter().map(|b| format!("{b:02x}")).collect();
        self.go(elsewhere, place, browser, Errand::Invitation { code }, now).await
    }

    async fn go(
        &self,
        elsewhere: &Elsewhere,
        (code, here): (&str, &str),
        browser: &str,
        errand: Errand,
        now: Instant,
    ) -> Result<String, CareError> {
        if self.is_made_up() {
            return Err(CareError::refused(NOBODY_REAL));
        }
        let provider = elsewhere.find(code)?;
        let about = elsewhere.about(provider).await?;
        let (state, nonce, verifier) = (secret()?, secret()?, secret()?);
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let again = errand != Errand::Enter;
        let away =
            Away { provider: code.into(), nonce: nonce.clone(), verifier, browser: hex(browser), errand };
        let detail = serde_json::to_string(&away).map_err(|e| Fault::Broken(e.to_string()))?;
        let mut tx = self.store().write().await?;
        let until = now.plus_seconds(WAITS);
        tx.record_waiting(&hash_of(&state), (AWAY, &detail), (now, until)).await?;
        tx.commit().await?;
        let back = back_to(here, code);
        let mut asks: Vec<(&str, String)> = vec![
            ("response_type", "code".into()),
            ("client_id", provider.client.clone()),
            ("redirect_uri", back),
            ("state", state),
            ("nonce", nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".into()),
        ];
        asks.extend(provider.asks());
        if again {
            // Whoever sits at a shared computer must not be joined to whoever sat there before.
            asks.push(("prompt", "login".into()));
        }
        let sign = if about.authorization_endpoint.contains('?') { '&' } else { '?' };
        Ok(format!("{}{sign}{}", about.authorization_endpoint, query(&asks)))
    }

    /// Somebody came back.
    ///
    /// # Errors
    /// In the same words for each reason; that the place was not sure enough; or that we do
    /// not know who it is.
    pub async fn come_from_elsewhere(
        &self,
        elsewhere: &Elsewhere,
        (provider, here): (&str, &str),
        back: &Back,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<Came, CareError> {
        let wrong = || CareError::refused(NOT_RIGHT);
        let mut tx = self.store().write().await?;
        let waiting = tx.take_waiting(&hash_of(&back.state), AWAY, now).await?;
        tx.commit().await?;
        let away: Away = serde_json::from_str(&waiting.ok_or_else(wrong)?)
            .map_err(|e| Fault::Broken(format!("away: {e}")))?;
        let provider = elsewhere.find(provider)?;
        if away.provider != provider.code || away.browser != hex(&back.browser) {
            return Err(wrong());
        }
        if back.issuer.as_ref().is_some_and(|issuer| *issuer != provider.issuer) {
            return Err(not_believed(NotBelieved::Issuer));
        }
        let subject = self.asked_who(elsewhere, provider, here, (&back.code, &away), now).await?;
        self.enter_from(provider, &subject, away.errand, visitor, now).await
    }

    /// Asks the place, with the code, who it is.
    async fn asked_who(
        &self,
        elsewhere: &Elsewhere,
        provider: &Provider,
        here: &str,
        (code, away): (&str, &Away),
        now: Instant,
    ) -> Result<String, CareError> {
        let about = elsewhere.about(provider).await?;
        let seconds = now.0.div_euclid(Instant::SECOND);
        let mut form = vec![
            ("grant_type".to_owned(), "authorization_code".to_owned()),
            ("code".into(), code.to_owned()),
            ("redirect_uri".into(), back_to(here, &provider.code)),
            ("code_verifier".into(), away.verifier.clone()),
        ];
        let basic = match &provider.proves {
            Proves::Secret(secret) => Some((provider.client.clone(), secret.clone())),
            Proves::Key(key) => {
                let claims = json!({
                    "iss": provider.client, "sub": provider.client, "aud": about.token_endpoint,
                    "jti": secret()?, "iat": seconds, "exp": seconds + 60,
                });
                let signed =
                    key.sign(&claims).ok_or_else(|| Fault::Broken("our key does not sign".into()))?;
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                form.push(("client_id".into(), provider.client.clone()));
                form.push(("client_assertion_type".into(), kind.into()));
                form.push(("client_assertion".into(), signed));
                None
            }
        };
        let tokens: Tokens =
            elsewhere.ask(Fetch { url: about.token_endpoint, form: Some(form), basic }).await?;
        let keys: Keys = elsewhere.ask(Fetch { url: about.jwks_uri, form: None, basic: None }).await?;
        let expected =
            Expected { issuer: &provider.issuer, client: &provider.client, nonce: &away.nonce, now: seconds };
        let claims = token::believed(&tokens.id_token, &keys, &expected).map_err(not_believed)?;
        provider.subject(&claims).map_err(not_believed)
    }

    async fn enter_from(
        &self,
        provider: &Provider,
        subject: &str,
        errand: Errand,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<Came, CareError> {
        let mut tx = self.store().write().await?;
        let known = tx.find_elsewhere(&provider.issuer, subject).await?;
        let (actor, joined) = match errand {
            Errand::Enter => {
                let row = known.ok_or_else(|| CareError::refused(NOT_JOINED))?;
                tx.touch_elsewhere(&provider.issuer, subject, now).await?;
                (row.actor, false)
            }
            Errand::Join { actor } => (actor, true),
            Errand::Invitation { code } => {
                let hash = unhex(&code).ok_or_else(|| CareError::refused(NOT_RIGHT))?;
                let identity = self.spend_invitation(&mut tx, &hash, now).await?;
                let actor = serde_json::to_string(&identity).map_err(|e| Fault::Broken(e.to_string()))?;
                self.join_row(&mut tx, provider, subject, &actor, now).await?;
                (actor, false)
            }
        };
        if joined {
            self.join_row(&mut tx, provider, subject, &actor, now).await?;
            tx.commit().await?;
            return Ok(Came::Joined);
        }
        tx.commit().await?;
        let identity: Identity =
            serde_json::from_str(&actor).map_err(|e| Fault::Broken(format!("elsewhere: {e}")))?;
        let method = format!("elsewhere:{}", provider.code);
        Ok(Came::In(self.begin_session_at(&identity, (None, 2, &method), visitor, now).await?))
    }

    async fn join_row(
        &self,
        tx: &mut kith_store::WriteTx,
        provider: &Provider,
        subject: &str,
        actor: &str,
        now: Instant,
    ) -> Result<(), CareError> {
        let identity: Identity =
            serde_json::from_str(actor).map_err(|e| Fault::Broken(format!("elsewhere: {e}")))?;
        let row = ElsewhereRow {
            issuer: provider.issuer.clone(),
            subject: subject.to_owned(),
            whose: identity.key(),
            actor: actor.to_owned(),
            created: now.0,
            seen: Some(now.0),
        };
        if tx.record_elsewhere(&row).await? {
            return Ok(());
        }
        let same = tx.find_elsewhere(&provider.issuer, subject).await?.is_some_and(|e| e.actor == actor);
        match same {
            true => Ok(()),
            false => Err(CareError::refused("Somebody else here is joined to that already.")),
        }
    }

    /// The places that somebody is joined to, by code and name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn joined_elsewhere(
        &self,
        elsewhere: &Elsewhere,
        who: &Principal,
    ) -> Result<Vec<(String, String)>, CareError> {
        let mut tx = self.store().read().await?;
        let rows = tx.list_elsewhere(&who.identity.key()).await?;
        let named = elsewhere.providers.iter().filter(|p| rows.iter().any(|row| row.issuer == p.issuer));
        Ok(named.map(|p| (p.code.clone(), p.name.clone())).collect())
    }

    /// Parts somebody from a place elsewhere.
    ///
    /// # Errors
    /// They signed in too long ago, or it is a worker's last way in.
    pub async fn part_from(
        &self,
        elsewhere: &Elsewhere,
        code: &str,
        who: &Principal,
    ) -> Result<(), CareError> {
        if !Kith::is_fresh(who) {
            return Err(CareError::SignInAgain);
        }
        let issuer = elsewhere.find(code)?.issuer.clone();
        let key = who.identity.key();
        let mut tx = self.store().write().await?;
        let joined = tx.list_elsewhere(&key).await?;
        let (gone, rest): (Vec<_>, Vec<_>) = joined.into_iter().partition(|e| e.issuer == issuer);
        if matches!(who.identity, Identity::Worker { .. }) {
            let keys = tx.list_passkeys(&key).await?;
            for gone in &gone {
                let account = tx.find_account_of(&gone.actor).await?;
                let password = account.is_some_and(|a| a.suspended == 0 && a.totp.is_some());
                let other =
                    keys.iter().any(|k| k.actor == gone.actor) || rest.iter().any(|e| e.actor == gone.actor);
                if !(password || other) {
                    return Err(CareError::refused(super::passkey::LAST_WAY));
                }
            }
        }
        tx.remove_elsewhere(&issuer, &key).await?;
        tx.commit().await?;
        self.end_own_sessions(who, None).await
    }

    /// Where somebody who came from elsewhere signs out there too, on a computer that others
    /// use; none where the place has no such page or the session is another's.
    pub async fn sign_out_elsewhere(
        &self,
        elsewhere: &Elsewhere,
        code: &str,
        here: &str,
    ) -> Option<(String, String)> {
        let provider = elsewhere.find(code).ok()?;
        let about = elsewhere.about(provider).await.ok()?;
        let page = about.end_session_endpoint?;
        let home = here.trim_end_matches('/').to_owned() + "/";
        let asks = [("client_id", provider.client.clone()), ("post_logout_redirect_uri", home)];
        let sign = if page.contains('?') { '&' } else { '?' };
        Some((provider.name.clone(), format!("{page}{sign}{}", query(&asks))))
    }
}

/// Where browsers come back to.
fn back_to(here: &str, code: &str) -> String {
    format!("{}/sign-in/from/{code}", here.trim_end_matches('/'))
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let bytes: Option<Vec<u8>> =
        (0..text.len() / 2).map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}

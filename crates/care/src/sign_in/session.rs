//! Sessions: begin, find, end.

use crate::error::{CareError, Fault};
use crate::glass::OpenGlass;
use crate::kith::Kith;
use crate::partnership::Partnership;
use crate::principal::{Identity, Principal};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kith_domain::id::{OrganisationId, PersonId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::settings::Settings;
use kith_domain::time::Instant;
use kith_store::Tx;
use kith_store::session::SessionRow;
use kith_store::setting::PARTNERSHIP_REVISION;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// Seconds by which the time of last use may be behind, so that not every page writes.
const SEEN_GRAIN: i64 = 60;

/// A session that was begun: the cookie's value, shown once.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The value of the cookie.
    pub cookie: String,
}

/// The browser that asks to be let in, as the request says.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    /// The browser in words: "Firefox on Windows".
    pub browser: String,
    /// The network address it comes from, where one is known.
    pub address: Option<std::net::IpAddr>,
    /// The cookie by which a browser is known again.
    pub device: Option<String>,
    /// The session cookie it had before: that session ends.
    pub before: Option<String>,
    /// Others use this phone or computer too.
    pub shared: bool,
}

/// The session of a request, for what asks about the session itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// Its id on pages.
    pub id: Uuid,
    /// The way in.
    pub method: String,
    /// The account, if it came from one.
    pub account: Option<Uuid>,
}

/// One place where somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInAt {
    /// Its id.
    pub id: Uuid,
    /// The browser in words; empty when it said nothing.
    pub browser: String,
    /// When it began.
    pub since: Instant,
    /// When it was last used, to the minute.
    pub seen: Instant,
    /// It is the one that asks.
    pub here: bool,
}

/// What a cookie opened.
pub enum Opened {
    /// Somebody who is signed in.
    SignedIn(Box<Principal>),
    /// Nobody: no cookie, or one that is unknown, ended or timed out.
    Nobody(Box<Principal>),
}

/// 256 bits that cannot be guessed, in a form that fits a cookie or a link.
///
/// # Errors
/// The system has no randomness to give.
pub fn secret() -> Result<String, CareError> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| Fault::Broken(format!("no randomness: {e}")))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// The hash under which a secret is kept.
pub fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

impl Kith {
    /// Begins a session, of a browser that nothing is known of.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn begin_session(
        &self,
        identity: &Identity,
        account: Option<Uuid>,
        aal: u8,
        now: Instant,
    ) -> Result<NewSession, CareError> {
        let method = if account.is_some() { "password" } else { "link" };
        self.begin_session_at(identity, (account, aal, method), &Visitor::default(), now).await
    }

    /// Begins a session. Called only after the way in has been checked. Its cookie is new,
    /// and the session that the browser had before ends.
    ///
    /// # Errors
    /// It could not be kept, or it would be a worker with one factor: there is no such
    /// session, whatever called this.
    pub(crate) async fn begin_session_at(
        &self,
        identity: &Identity,
        (account, aal, method): (Option<Uuid>, u8, &str),
        visitor: &Visitor,
        now: Instant,
    ) -> Result<NewSession, CareError> {
        if matches!(identity, Identity::Worker { .. }) && aal < 2 {
            return Err(Fault::Broken("a worker signs in with two factors".into()).into());
        }
        let cookie = secret()?;
        let row = SessionRow {
            token: hash_of(&cookie).to_vec(),
            whose: identity.key(),
            account,
            actor: to_json(identity)?,
            csrf: secret()?,
            created: now.0,
            seen: now.0,
            authenticated: now.0,
            aal: i64::from(aal),
            method: method.to_owned(),
            client: None,
            browser: visitor.browser.chars().take(60).collect(),
            shared: i64::from(visitor.shared),
            ended: None,
        };
        let mut tx = self.store().write().await?;
        if let Some(before) = &visitor.before {
            tx.end_session(&hash_of(before), now).await?;
        }
        tx.save_session(&row).await?;
        tx.commit().await?;
        tracing::info!(method, factors = aal, "somebody signed in");
        Ok(NewSession { cookie })
    }

    /// The same session under a new cookie, proved again now. The old cookie is worth
    /// nothing from here on; forms that stand open keep their token.
    ///
    /// # Errors
    /// There is no such session any more, or it could not be kept.
    pub(crate) async fn renew_session(
        &self,
        cookie: &str,
        (identity, aal): (&Identity, u8),
        now: Instant,
    ) -> Result<NewSession, CareError> {
        let fresh = secret()?;
        let mut tx = self.store().write().await?;
        let old = tx.find_session(&hash_of(cookie)).await?.filter(|row| row.ended.is_none());
        let old = old.ok_or(CareError::SignIn)?;
        tx.end_session(&hash_of(cookie), now).await?;
        let row = SessionRow {
            token: hash_of(&fresh).to_vec(),
            actor: to_json(identity)?,
            seen: now.0,
            authenticated: now.0,
            aal: i64::from(aal),
            ended: None,
            ..old
        };
        tx.save_session(&row).await?;
        tx.commit().await?;
        Ok(NewSession { cookie: fresh })
    }

    /// Where somebody is signed in now, newest use first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn signed_in_at(&self, who: &Principal) -> Result<Vec<SignedInAt>, CareError> {
        let mut tx = self.store().read().await?;
        let rows = tx.list_sessions(&who.identity.key()).await?;
        let here = who.session.as_ref().map(|s| s.id);
        let settings = who.partnership.settings();
        let open = rows.into_iter().filter(|row| !timed_out(row, &who.identity, settings, who.now));
        Ok(open
            .map(|row| SignedInAt {
                id: row.id(),
                since: Instant(row.created),
                seen: Instant(row.seen),
                here: Some(row.id()) == here,
                browser: row.browser,
            })
            .collect())
    }

    /// Ends one of somebody's own sessions, or all of them but this one.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn end_own_sessions(&self, who: &Principal, only: Option<Uuid>) -> Result<(), CareError> {
        let here = who.session.as_ref().map(|s| s.id);
        let mut tx = self.store().write().await?;
        for row in tx.list_sessions(&who.identity.key()).await? {
            let wanted = only.map_or(Some(row.id()) != here, |id| row.id() == id);
            let token: Option<[u8; 32]> = row.token.as_slice().try_into().ok();
            if let (true, Some(token)) = (wanted, token) {
                tx.end_session(&token, who.now).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Who a request comes from. Facts are those of this moment: a worker who was
    /// suspended a second ago is nobody now.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn principal(
        &self,
        cookie: Option<&str>,
        request: Uuid,
        now: Instant,
    ) -> Result<Opened, CareError> {
        let mut tx = self.store().read().await?;
        let (opened, session) = self.opened(&mut tx, cookie, request, now).await?;
        drop(tx);
        self.touch(session.as_ref(), now).await?;
        Ok(opened)
    }

    /// The same, with the emergency access that is open for whoever it is, in one snapshot:
    /// every page asks for both.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn arrival(
        &self,
        cookie: Option<&str>,
        request: Uuid,
        now: Instant,
    ) -> Result<(Opened, Vec<OpenGlass>), CareError> {
        let mut tx = self.store().read().await?;
        let (opened, session) = self.opened(&mut tx, cookie, request, now).await?;
        let glass = match &opened {
            Opened::SignedIn(principal) => self.open_glass_in(&mut tx, principal).await?,
            Opened::Nobody(_) => Vec::new(),
        };
        drop(tx);
        self.touch(session.as_ref(), now).await?;
        Ok((opened, glass))
    }

    /// Who it is, and the session if it is one that counts.
    async fn opened(
        &self,
        tx: &mut Tx,
        cookie: Option<&str>,
        request: Uuid,
        now: Instant,
    ) -> Result<(Opened, Option<SessionRow>), CareError> {
        let cookie = cookie.filter(|c| c.len() <= 128);
        let (revision, row) = match cookie {
            Some(cookie) => tx.find_session_and_revision(&hash_of(cookie), PARTNERSHIP_REVISION).await?,
            None => (tx.revision(PARTNERSHIP_REVISION).await?, None),
        };
        let partnership = self.partnership_at(tx, revision).await?;
        let nobody = || {
            let who = Identity::Public;
            let nobody = Principal::new(who, 0, now, String::new(), request, now, partnership.clone());
            Opened::Nobody(Box::new(nobody))
        };
        let Some(row) = row else { return Ok((nobody(), None)) };
        let Ok(identity) = serde_json::from_str::<Identity>(&row.actor) else { return Ok((nobody(), None)) };
        if row.ended.is_some() || timed_out(&row, &identity, partnership.settings(), now) {
            return Ok((nobody(), None));
        }
        let principal = principal_of(row.clone(), identity, (request, now), partnership.clone());
        let opened = match principal.actor.suspended {
            true => nobody(),
            false => Opened::SignedIn(Box::new(principal)),
        };
        Ok((opened, Some(row)))
    }

    /// Whose session a cookie was that may be over: to ask them to sign in again for a form
    /// that came too late. It opens nothing. None for a cookie that never was one, and for
    /// somebody who was stopped.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn session_before(
        &self,
        cookie: &str,
        request: Uuid,
        now: Instant,
    ) -> Result<Option<Box<Principal>>, CareError> {
        if cookie.len() > 128 {
            return Ok(None);
        }
        let mut tx = self.store().read().await?;
        let Some(row) = tx.find_session(&hash_of(cookie)).await? else { return Ok(None) };
        let partnership = self.partnership(&mut tx).await?;
        let Ok(identity) = serde_json::from_str::<Identity>(&row.actor) else { return Ok(None) };
        let principal = principal_of(row, identity, (request, now), partnership);
        Ok((!principal.actor.suspended).then(|| Box::new(principal)))
    }

    async fn touch(&self, row: Option<&SessionRow>, now: Instant) -> Result<(), CareError> {
        let Some(row) = row.filter(|row| now.seconds_since(Instant(row.seen)) >= SEEN_GRAIN) else {
            return Ok(());
        };
        let mut tx = self.store().write().await?;
        tx.touch_session(&row.token, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Replaces who a session belongs to: a link holder who gave a name, for example.
    ///
    /// # Errors
    /// There is no such session, or it could not be kept.
    pub async fn change_session(&self, cookie: &str, identity: &Identity, aal: u8) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        let row = tx.find_session(&hash_of(cookie)).await?.ok_or(CareError::SignIn)?;
        tx.save_session(&SessionRow { actor: to_json(identity)?, aal: i64::from(aal), ..row }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Signs out.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn end_session(&self, cookie: &str, now: Instant) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        tx.end_session(&hash_of(cookie), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Signs in as a made-up user of the demo. Works only where the generator marked the
    /// database at its creation.
    ///
    /// # Errors
    /// This is a real partnership, or there is no such user.
    pub async fn sign_in_made_up(&self, user: &MadeUpUser, now: Instant) -> Result<NewSession, CareError> {
        if !self.is_made_up() {
            return Err(CareError::Missing);
        }
        let identity = match *user {
            MadeUpUser::Worker { worker, organisation, role } => {
                Identity::Worker { worker, organisation, role }
            }
            MadeUpUser::Person { person } => Identity::Person { person, paper_code: false },
        };
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        drop(tx);
        if let Identity::Worker { worker, organisation, role } = identity
            && !partnership.may_act(worker, organisation, role, now)
        {
            return Err(CareError::refused("This made-up worker cannot sign in today. Choose another."));
        }
        self.begin_session_at(&identity, (None, 2, "made_up"), &Visitor::default(), now).await
    }
}

/// Whoever a session belongs to, at this moment.
fn principal_of(
    row: SessionRow,
    identity: Identity,
    (request, now): (Uuid, Instant),
    partnership: Arc<Partnership>,
) -> Principal {
    let aal = u8::try_from(row.aal).unwrap_or(0);
    let here = Here { id: row.id(), method: row.method, account: row.account };
    let authenticated = Instant(row.authenticated);
    let mut principal = Principal::new(identity, aal, authenticated, row.csrf, request, now, partnership);
    principal.actor.shared_device = row.shared != 0;
    principal.session = Some(here);
    principal
}

/// A choice on the demo's sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeUpUser {
    /// A worker in one of their roles.
    Worker {
        /// The worker.
        worker: WorkerId,
        /// For which organisation.
        organisation: OrganisationId,
        /// In which role.
        role: WorkRole,
    },
    /// A person with a plan.
    Person {
        /// The person.
        person: PersonId,
    },
}

/// For how many minutes a page of somebody may stand before they have to sign in again.
pub fn waits_minutes(identity: &Identity, n: &Settings) -> u16 {
    match identity {
        Identity::Worker { .. } => n.worker_idle_minutes,
        _ => n.person_idle_minutes,
    }
}

/// Over: not used for too long, or too old however much it was used.
fn timed_out(row: &SessionRow, identity: &Identity, n: &Settings, now: Instant) -> bool {
    let idle = waits_minutes(identity, n);
    let longest = match identity {
        Identity::Worker { .. } => n.worker_longest_hours,
        _ => n.person_longest_hours,
    };
    // The grain is added so that somebody in the middle of work is never cut off early.
    now.seconds_since(Instant(row.seen)) > i64::from(idle) * 60 + SEEN_GRAIN
        || now.seconds_since(Instant(row.created)) > i64::from(longest) * 3600
        || now.0 < row.created
}

fn to_json(identity: &Identity) -> Result<String, CareError> {
    serde_json::to_string(identity).map_err(|e| Fault::Broken(format!("identity: {e}")).into())
}

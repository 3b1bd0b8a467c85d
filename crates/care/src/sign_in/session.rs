//! Sessions: begin, find, end.

use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kith_domain::id::{OrganisationId, PersonId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::time::Instant;
use kith_store::session::SessionRow;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Minutes after which an unused session of a worker ends.
const WORKER_IDLE: i64 = 15;
/// Minutes after which an unused session of a person or link holder ends.
const PERSON_IDLE: i64 = 30;
/// Hours after which any session of a worker ends.
const WORKER_LONGEST: i64 = 10;
/// Hours after which any session of a person ends.
const PERSON_LONGEST: i64 = 12;
/// Seconds by which the time of last use may be behind, so that not every page writes.
const SEEN_GRAIN: i64 = 60;

/// A session that was begun: the cookie's value, shown once.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The value of the cookie.
    pub cookie: String,
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
    /// Begins a session. Called only after the way in has been checked.
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
        let cookie = secret()?;
        let row = SessionRow {
            token: hash_of(&cookie).to_vec(),
            account,
            actor: to_json(identity)?,
            csrf: secret()?,
            created: now.0,
            seen: now.0,
            authenticated: now.0,
            aal: i64::from(aal),
            ended: None,
        };
        let mut tx = self.store().write().await?;
        tx.save_session(&row).await?;
        tx.commit().await?;
        Ok(NewSession { cookie })
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
        let partnership = self.partnership(&mut tx).await?;
        let nobody = || {
            let who = Identity::Public;
            Opened::Nobody(Box::new(Principal::new(
                who,
                0,
                now,
                String::new(),
                request,
                now,
                partnership.clone(),
            )))
        };
        let Some(cookie) = cookie.filter(|c| c.len() <= 128) else { return Ok(nobody()) };
        let Some(row) = tx.find_session(&hash_of(cookie)).await? else { return Ok(nobody()) };
        drop(tx);
        let Ok(identity) = serde_json::from_str::<Identity>(&row.actor) else { return Ok(nobody()) };
        if row.ended.is_some() || timed_out(&row, &identity, now) {
            return Ok(nobody());
        }
        self.touch(&row, now).await?;
        let aal = u8::try_from(row.aal).unwrap_or(0);
        let principal = Principal::new(
            identity,
            aal,
            Instant(row.authenticated),
            row.csrf,
            request,
            now,
            partnership.clone(),
        );
        if principal.actor.suspended {
            return Ok(nobody());
        }
        Ok(Opened::SignedIn(Box::new(principal)))
    }

    async fn touch(&self, row: &SessionRow, now: Instant) -> Result<(), CareError> {
        if now.seconds_since(Instant(row.seen)) < SEEN_GRAIN {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        tx.save_session(&SessionRow { seen: now.0, ..row.clone() }).await?;
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
        self.begin_session(&identity, None, 2, now).await
    }
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

fn timed_out(row: &SessionRow, identity: &Identity, now: Instant) -> bool {
    let (idle, longest) = match identity {
        Identity::Worker { .. } => (WORKER_IDLE, WORKER_LONGEST),
        _ => (PERSON_IDLE, PERSON_LONGEST),
    };
    // The grain is added so that somebody in the middle of work is never cut off early.
    now.seconds_since(Instant(row.seen)) > idle * 60 + SEEN_GRAIN
        || now.seconds_since(Instant(row.created)) > longest * 3600
        || now.0 < row.created
}

fn to_json(identity: &Identity) -> Result<String, CareError> {
    serde_json::to_string(identity).map_err(|e| Fault::Broken(format!("identity: {e}")).into())
}

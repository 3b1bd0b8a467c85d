//! Signing in with a password and a code from an app.
//!
//! Wrong tries make the next try wait ([`super::slowing`]); nothing ever locks an account,
//! so that nobody can lock somebody else out. A name that nobody has costs the same work as
//! one that somebody has, and gets the same answer.

use super::session::{NewSession, Visitor};
use super::{password, totp};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::Identity;
use kith_domain::time::Instant;
use kith_store::account::Account;
use uuid::Uuid;

/// A secret that belongs to nobody, so that six digits are worked out for every name.
const NOBODYS: &[u8; 20] = b"no account has this!";

/// What somebody typed.
pub struct Typed {
    /// The login name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The six digits.
    pub code: String,
}

const NOT_RIGHT: &str = "The name, password or code is not right. Check them and try again. \
                         If you have a new phone, ask your lead and your administrator.";

impl Kith {
    /// Signs in with a name, a password and a code.
    ///
    /// # Errors
    /// In words, the same for each reason; or that the next try must wait.
    pub async fn sign_in_with_password(
        &self,
        typed: Typed,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<NewSession, CareError> {
        let account = self.check_password(typed, visitor, now).await?;
        let identity: Identity =
            serde_json::from_str(&account.who).map_err(|e| Fault::Broken(format!("account: {e}")))?;
        self.begin_session_at(&identity, (Some(account.id), 2, "password"), visitor, now).await
    }

    /// Checks a name, a password and a code. The work is the same for every name: an
    /// argon2 run, six digits, and a written count when it was wrong.
    pub(super) async fn check_password(
        &self,
        typed: Typed,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<Account, CareError> {
        let login = typed.login.trim().to_lowercase();
        let trying = self.may_try(&login, visitor, now).await?;
        let mut tx = self.store().read().await?;
        let account = tx.find_account(&login).await?;
        drop(tx);
        let hash = account.as_ref().map_or_else(|| self.decoy_hash().to_owned(), |a| a.password.clone());
        let typed_password = typed.password;
        let right = tokio::task::spawn_blocking(move || password::verify(&typed_password, &hash))
            .await
            .map_err(|e| Fault::Broken(format!("password check: {e}")))?;
        let kept = account.as_ref().and_then(|a| a.totp.as_deref());
        let step = totp::step_of(kept.unwrap_or(NOBODYS), &typed.code, now).filter(|_| kept.is_some());
        let (Some(account), true, Some(step)) = (account.filter(|a| a.suspended == 0), right, step) else {
            self.was_wrong(&trying, now).await?;
            return Err(CareError::refused(NOT_RIGHT));
        };
        let mut tx = self.store().write().await?;
        let fresh = tx.use_totp_step(account.id, step).await?;
        tx.commit().await?;
        if !fresh {
            return Err(CareError::refused("That code was used already. Wait for the next one in your app."));
        }
        self.was_right(&trying, (&login, visitor), now).await?;
        Ok(account)
    }

    /// Makes an account with its password and the secret of its code app. The secret is
    /// returned once, in the form that people type.
    ///
    /// # Errors
    /// The password is too short or too long, the name is taken, or this is the made-up
    /// place, where real sign-ups are refused.
    pub async fn make_account(
        &self,
        identity: &Identity,
        login: &str,
        new_password: String,
        now: Instant,
    ) -> Result<String, CareError> {
        self.real_people_join()?;
        let login = login.trim().to_lowercase();
        if login.is_empty() || login.chars().count() > 100 {
            return Err(CareError::field("login", "Enter a name to sign in with, up to 100 characters."));
        }
        let hashed = tokio::task::spawn_blocking(move || password::hash(&new_password))
            .await
            .map_err(|e| Fault::Broken(format!("password: {e}")))?
            .map_err(|why| CareError::field("password", why))?;
        let mut secret = [0u8; 20];
        getrandom::fill(&mut secret).map_err(|e| Fault::Broken(format!("no randomness: {e}")))?;
        let who = serde_json::to_string(identity).map_err(|e| Fault::Broken(e.to_string()))?;
        let account = Account {
            id: Uuid::now_v7(),
            who,
            login: login.clone(),
            password: hashed,
            totp: Some(secret.to_vec()),
            totp_step: 0,
            failed: 0,
            wait_until: 0,
            suspended: 0,
            created: now.0,
        };
        let mut tx = self.store().write().await?;
        if tx.find_account(&login).await?.is_some() {
            return Err(CareError::field("login", "Choose another name to sign in with. This one is taken."));
        }
        tx.save_account(&account).await?;
        tx.commit().await?;
        Ok(totp::base32(&secret))
    }
}

//! Signing in with a password and a code from an app.
//!
//! Wrong tries make the next try wait, longer each time up to a minute; nothing ever
//! locks an account, so that nobody can lock somebody else out. An unknown name costs
//! the same time as a known one and gets the same answer.

use super::{password, session::NewSession, totp};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::Identity;
use kith_domain::time::Instant;
use kith_store::account::Account;
use uuid::Uuid;

/// Wrong tries before waiting begins.
const FREE_TRIES: i64 = 4;
/// The longest wait between tries, in seconds.
const LONGEST_WAIT: i64 = 60;

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
                         If you have a new phone, ask your administrator.";

impl Kith {
    /// Signs in with a name, a password and a code.
    ///
    /// # Errors
    /// In words, the same for each reason; or that the next try must wait.
    pub async fn sign_in_with_password(&self, typed: Typed, now: Instant) -> Result<NewSession, CareError> {
        let login = typed.login.trim().to_lowercase();
        let mut tx = self.store().read().await?;
        let account = tx.find_account(&login).await?;
        drop(tx);
        if let Some(a) = &account
            && now.0 < a.wait_until
        {
            let seconds = (a.wait_until - now.0) / Instant::SECOND + 1;
            return Err(CareError::refused(format!("Wait {seconds} seconds, then try again.")));
        }
        let hash = account.as_ref().map_or_else(|| self.decoy_hash().to_owned(), |a| a.password.clone());
        let typed_password = typed.password;
        let right = tokio::task::spawn_blocking(move || password::verify(&typed_password, &hash))
            .await
            .map_err(|e| Fault::Broken(format!("password check: {e}")))?;
        let step =
            account.as_ref().and_then(|a| a.totp.as_deref()).and_then(|s| totp::step_of(s, &typed.code, now));
        match (account, right, step) {
            (Some(a), true, Some(step)) if a.suspended == 0 => self.sign_in_account(&a, step, now).await,
            (Some(a), _, _) => {
                self.count_wrong_try(&a, now).await?;
                Err(CareError::refused(NOT_RIGHT))
            }
            (None, _, _) => Err(CareError::refused(NOT_RIGHT)),
        }
    }

    async fn sign_in_account(
        &self,
        account: &Account,
        step: i64,
        now: Instant,
    ) -> Result<NewSession, CareError> {
        let mut tx = self.store().write().await?;
        let fresh = tx.use_totp_step(account.id, step).await?;
        tx.commit().await?;
        if !fresh {
            return Err(CareError::refused("That code was used already. Wait for the next one in your app."));
        }
        let identity: Identity =
            serde_json::from_str(&account.who).map_err(|e| Fault::Broken(format!("account: {e}")))?;
        self.begin_session(&identity, Some(account.id), 2, now).await
    }

    async fn count_wrong_try(&self, account: &Account, now: Instant) -> Result<(), CareError> {
        let over = (account.failed + 1 - FREE_TRIES).max(0);
        let wait = if over == 0 { 0 } else { (1i64 << over.min(6)).min(LONGEST_WAIT) };
        let mut tx = self.store().write().await?;
        tx.record_wrong_try(account.id, now.plus_seconds(wait)).await?;
        tx.commit().await?;
        Ok(())
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
        if self.is_made_up() {
            return Err(CareError::refused(
                "This is the made-up place. Real accounts are made with kith init, in a place of your own.",
            ));
        }
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

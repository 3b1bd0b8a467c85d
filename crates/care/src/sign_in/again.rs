//! Signing in once more, for what needs a fresh sign-in (rule R03): the same ways in and the
//! same waits as the first time. The old session ends, a new one begins.

use super::session::{NewSession, hash_of};
use super::with_password::Typed;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_domain::time::Instant;

impl Kith {
    /// Begins a fresh session for whoever is signed in. In the made-up place nobody has a
    /// password: there it is enough to ask.
    ///
    /// # Errors
    /// In words, the same for each reason; or that the next try must wait.
    pub async fn sign_in_again(
        &self,
        who: &Principal,
        cookie: &str,
        (password, code): (String, String),
        now: Instant,
    ) -> Result<NewSession, CareError> {
        let mut tx = self.store().read().await?;
        let row = tx.find_session(&hash_of(cookie)).await?.ok_or(CareError::SignIn)?;
        let account = tx.find_account_of(&row.actor).await?;
        drop(tx);
        let fresh = match account {
            Some(a) => self.sign_in_with_password(Typed { login: a.login, password, code }, now).await?,
            None if self.is_made_up() => self.begin_session(&who.identity, None, 2, now).await?,
            None => return Err(CareError::refused("Sign out, sign in again, and come back to this page.")),
        };
        self.end_session(cookie, now).await?;
        Ok(fresh)
    }
}

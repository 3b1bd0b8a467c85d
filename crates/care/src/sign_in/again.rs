//! Showing again who one is, for what leaves the screen, widens sharing or opens a sealed
//! item (rule R03). A full sign-in by the way the session began, or by a paper code of the
//! same person; the session goes on under a new cookie and counts as fresh.

use super::passkey::AGAIN;
use super::passkey::check::Us;
use super::session::{NewSession, Visitor};
use super::with_password::Typed;
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::{Identity, Principal};

/// What somebody can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgainBy {
    /// Their password and six digits.
    Password,
    /// A paper code, and their word.
    Paper,
    /// One of their passkeys.
    Passkey,
    /// The made-up place takes a press of a button.
    MadeUp,
}

/// What was shown.
pub enum Shown {
    /// A password and six digits.
    Password {
        /// The password.
        password: String,
        /// The six digits.
        code: String,
    },
    /// A paper code and a word.
    Paper {
        /// The code.
        code: String,
        /// The word.
        word: String,
    },
    /// What a passkey answered.
    Passkey {
        /// The answer.
        answer: String,
        /// The site it has to be for.
        us: Us,
    },
    /// The button of the made-up place.
    MadeUp,
}

impl Kith {
    /// How this session can be made fresh again; none for a session that cannot.
    pub fn again_by(&self, who: &Principal) -> Option<AgainBy> {
        let session = who.session.as_ref()?;
        match (&who.identity, session.method.as_str()) {
            (_, "made_up") if self.is_made_up() => Some(AgainBy::MadeUp),
            (_, "passkey") => Some(AgainBy::Passkey),
            (Identity::Worker { .. } | Identity::Supporter { .. }, _) if session.account.is_some() => {
                Some(AgainBy::Password)
            }
            (Identity::Person { .. }, _) => Some(AgainBy::Paper),
            _ => None,
        }
    }

    /// Somebody showed again who they are: the session goes on under a new cookie.
    ///
    /// # Errors
    /// What was shown is not right, or belongs to somebody else; both are told alike.
    pub async fn show_again(
        &self,
        who: &Principal,
        cookie: &str,
        shown: Shown,
        visitor: &Visitor,
    ) -> Result<NewSession, CareError> {
        let (identity, aal) = self.prove_again(who, shown, visitor).await?;
        self.renew_session(cookie, (&identity, aal), who.now).await
    }

    /// Somebody whose session is over showed again who they are: a new session begins, in the
    /// same way as the one before.
    ///
    /// # Errors
    /// What was shown is not right, or belongs to somebody else; both are told alike.
    pub async fn begin_again(
        &self,
        before: &Principal,
        shown: Shown,
        visitor: &Visitor,
    ) -> Result<NewSession, CareError> {
        let session = before.session.as_ref().ok_or(CareError::SignIn)?;
        let (identity, aal) = self.prove_again(before, shown, visitor).await?;
        // What others use too is so still.
        let visitor = Visitor { shared: before.actor.shared_device, ..visitor.clone() };
        let way = (session.account, aal, session.method.as_str());
        self.begin_session_at(&identity, way, &visitor, before.now).await
    }

    /// Checks what somebody shows, by the way that their session began: who they are, and by
    /// how many factors.
    async fn prove_again(
        &self,
        who: &Principal,
        shown: Shown,
        visitor: &Visitor,
    ) -> Result<(Identity, u8), CareError> {
        let by = self.again_by(who).ok_or(CareError::SignIn)?;
        match (by, shown) {
            (AgainBy::MadeUp, Shown::MadeUp) => Ok((who.identity.clone(), who.actor.aal)),
            (AgainBy::Password, Shown::Password { password, code }) => {
                let account = who.session.as_ref().and_then(|s| s.account).ok_or(CareError::SignIn)?;
                let mut tx = self.store().read().await?;
                let account = tx.find_account_by_id(account).await?.ok_or(CareError::SignIn)?;
                drop(tx);
                let typed = Typed { login: account.login, password, code };
                self.check_password(typed, visitor, who.now).await?;
                Ok((who.identity.clone(), 2))
            }
            (AgainBy::Paper, Shown::Paper { code, word }) => {
                let (identity, aal) = self.check_paper(&code, &word, visitor, who.now).await?;
                if identity.key() != who.identity.key() {
                    return Err(CareError::refused(super::code::NOT_RIGHT));
                }
                Ok((identity, aal))
            }
            (AgainBy::Passkey, Shown::Passkey { answer, us }) => {
                let row = self.check_passkey((&us, &answer), AGAIN, visitor, who.now).await?;
                // Somebody else's passkey on the same computer is not theirs.
                if row.whose != who.identity.key() {
                    return Err(CareError::refused(super::passkey::NOT_RIGHT));
                }
                Ok((who.identity.clone(), 2))
            }
            _ => Err(Fault::Broken("another way was shown than was asked for".into()).into()),
        }
    }
}

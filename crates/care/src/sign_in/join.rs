//! A worker joins: an invitation code, a password of their own, a code app, and they are
//! in.
//!
//! The code works once, for seven days, and only its hash is stored. What is chosen on the
//! way (the hash of the password, the secret of the code app) waits with the code and
//! becomes an account only when six digits from the app were right. An invitation for
//! somebody who has an account replaces its password and its code app and ends its
//! sessions: so two colleagues help whoever lost their phone, without ever knowing a
//! password.

use super::code::{as_made, readable, row};
use super::session::{NewSession, hash_of};
use super::{password, totp};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::Identity;
use kith_domain::joining::INVITATION_DAYS;
use kith_domain::time::Instant;
use kith_store::WriteTx;
use kith_store::account::Account;
use kith_store::code::CodeRow;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Signs of a code, without the dashes: 80 bits.
const SIGNS: usize = 16;
/// Wrong digits after which an invitation is dead.
const TRIES: i64 = 10;
/// The kind under which it is stored.
pub(crate) const KIND: &str = "invitation";

/// An invitation as it was made. The code is shown once.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The code, in groups of four.
    pub code: String,
    /// Until when it works.
    pub until: Instant,
}

/// Who is invited, for the page on which they choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Their name.
    pub name: String,
    /// Their organisation.
    pub organisation: String,
    /// Their role in words.
    pub role: &'static str,
    /// The name to sign in with that was proposed, or that they have.
    pub login: String,
}

/// What the code app is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The secret as people type it.
    pub secret: String,
    /// The same as a link, which also stands in the picture for the phone's camera.
    pub link: String,
}

#[derive(Serialize, Deserialize)]
struct Detail {
    identity: Identity,
    login: String,
    /// The hash of the password, once it was chosen.
    password: Option<String>,
    /// The secret of the code app, once it was shown.
    totp: Option<Vec<u8>>,
}

const NOT_RIGHT: &str = "That code does not work. It may have been used, be older than 7 days, or have been \
                         replaced. If you have joined already, sign in. Otherwise ask whoever invited you for a new one.";

const NOBODY_REAL_JOINS: &str = "This is the made-up place: nobody real joins here, and everybody can be anybody. \
                                 For real people, begin a place of your own with kith init.";

fn json(detail: &Detail) -> Result<String, CareError> {
    serde_json::to_string(detail).map_err(|e| Fault::Broken(format!("invitation: {e}")).into())
}

/// An invitation, in whatever transaction makes the worker: of a place that begins, too.
///
/// # Errors
/// It is no worker, or it could not be kept.
pub async fn record_invitation(
    tx: &mut WriteTx,
    identity: &Identity,
    login: &str,
    now: Instant,
) -> Result<Invitation, CareError> {
    let subject = match identity {
        Identity::Worker { worker, .. } => worker.0,
        Identity::Supporter { supporter, .. } => supporter.0,
        _ => return Err(CareError::Missing),
    };
    let code = readable(SIGNS)?;
    tx.end_codes(subject, KIND, now).await?;
    let until = now.plus_days(INVITATION_DAYS);
    let login = login.trim().to_lowercase();
    let detail = json(&Detail { identity: identity.clone(), login, password: None, totp: None })?;
    tx.record_code(&row(KIND, &as_made(&code), subject, detail, now, until)).await?;
    Ok(Invitation { code, until })
}

impl Kith {
    /// Makes an invitation in the transaction of the change that asked for it. Older ones
    /// of the same worker stop.
    ///
    /// # Errors
    /// This is the made-up place, it is no worker, or it could not be kept.
    pub async fn make_invitation(
        &self,
        tx: &mut WriteTx,
        identity: &Identity,
        login: &str,
        now: Instant,
    ) -> Result<Invitation, CareError> {
        self.real_people_join()?;
        record_invitation(tx, identity, login, now).await
    }

    /// Can somebody real join this place? Asked by every page and every form that leads to an account.
    ///
    /// # Errors
    /// This is the made-up place.
    pub fn real_people_join(&self) -> Result<(), CareError> {
        match self.is_made_up() {
            true => Err(CareError::refused(NOBODY_REAL_JOINS)),
            false => Ok(()),
        }
    }

    /// Who is invited by this code. Looking spends nothing.
    ///
    /// # Errors
    /// The code does not work; why is not said.
    pub async fn invited(&self, typed: &str, now: Instant) -> Result<Invited, CareError> {
        let mut tx = self.store().read().await?;
        let (_, detail) = self.open_invitation(&mut tx, typed, now).await?;
        let partnership = self.partnership(&mut tx).await?;
        let Identity::Worker { worker, organisation, role } = detail.identity else {
            return Ok(Invited {
                name: String::new(),
                organisation: partnership.place.value.name.clone(),
                role: "somebody who stands beside a person",
                login: detail.login,
            });
        };
        Ok(Invited {
            name: partnership.worker_name(worker),
            organisation: partnership.organisation_name(organisation).unwrap_or_default(),
            role: role.title(),
            login: detail.login,
        })
    }

    /// Keeps the sign-in name and the password they chose, and gives the secret for their
    /// code app: the same one however often they come back to this step.
    ///
    /// # Errors
    /// The code does not work, or a field needs another look.
    pub async fn choose_password(
        &self,
        typed: &str,
        login: &str,
        new: String,
        now: Instant,
    ) -> Result<Phone, CareError> {
        let mut read = self.store().read().await?;
        let (_, detail) = self.open_invitation(&mut read, typed, now).await?;
        let partnership = self.partnership(&mut read).await?;
        let place = partnership.place.value.name.clone();
        let name = match detail.identity {
            Identity::Worker { worker, .. } => partnership.worker_name(worker),
            _ => String::new(),
        };
        let login = login_of(login)?;
        let taken = read.find_account(&login).await?;
        let who = serde_json::to_string(&detail.identity).map_err(|e| Fault::Broken(e.to_string()))?;
        drop(read);
        if taken.is_some_and(|a| a.who != who) {
            return Err(CareError::field("login", "Choose another name to sign in with. This one is taken."));
        }
        let own: Vec<&str> = name.split_whitespace().chain([login.as_str(), place.as_str()]).collect();
        if let Some(why) = password::too_common(&new, &own) {
            return Err(CareError::field("password", why));
        }
        let hashed = tokio::task::spawn_blocking(move || password::hash(&new))
            .await
            .map_err(|e| Fault::Broken(format!("password: {e}")))?
            .map_err(|why| CareError::field("password", why))?;
        let mut tx = self.store().write().await?;
        let (code, detail) = self.open_invitation(&mut tx, typed, now).await?;
        let secret = match detail.totp {
            Some(secret) => secret,
            None => fresh_secret()?,
        };
        let phone = phone_of(&place, &login, &secret);
        let kept = Detail { login, password: Some(hashed), totp: Some(secret), ..detail };
        tx.set_code_detail(&hash_of_row(&code)?, &json(&kept)?).await?;
        tx.commit().await?;
        Ok(phone)
    }

    /// What the code app was told, for a page that is shown again.
    ///
    /// # Errors
    /// The code does not work, or no password was chosen yet.
    pub async fn phone_again(&self, typed: &str, now: Instant) -> Result<Phone, CareError> {
        let mut tx = self.store().read().await?;
        let (_, detail) = self.open_invitation(&mut tx, typed, now).await?;
        let place = self.partnership(&mut tx).await?.place.value.name.clone();
        let secret = detail.totp.ok_or_else(|| CareError::refused(NOT_RIGHT))?;
        Ok(phone_of(&place, &detail.login, &secret))
    }

    /// Six digits were typed: if they are right the account is made, the code is spent,
    /// and they are in.
    ///
    /// # Errors
    /// The code does not work, or the digits are not right.
    pub async fn join(
        &self,
        typed: &str,
        digits: &str,
        now: Instant,
    ) -> Result<(NewSession, Identity), CareError> {
        let mut tx = self.store().write().await?;
        let (code, detail) = self.open_invitation(&mut tx, typed, now).await?;
        let (Some(password), Some(secret)) = (detail.password, detail.totp) else {
            return Err(CareError::refused(NOT_RIGHT));
        };
        let hash = hash_of_row(&code)?;
        let Some(step) = totp::step_of(&secret, digits, now) else {
            tx.record_code_try(&hash).await?;
            tx.commit().await?;
            return Err(CareError::field(
                "digits",
                "Those digits are not right. Wait for the next ones in your app. Is the time on your phone right?",
            ));
        };
        if !tx.use_code(&hash, now).await? {
            return Err(CareError::refused(NOT_RIGHT));
        }
        let who = serde_json::to_string(&detail.identity).map_err(|e| Fault::Broken(e.to_string()))?;
        let before = tx.find_account_of(&who).await?;
        let taken = tx.find_account(&detail.login).await?;
        if taken.is_some_and(|a| before.as_ref().is_none_or(|b| b.id != a.id)) {
            return Err(CareError::refused(
                "That sign-in name was taken meanwhile. Begin again with your code.",
            ));
        }
        let account = Account {
            id: before.as_ref().map_or_else(Uuid::now_v7, |a| a.id),
            who,
            login: detail.login,
            password,
            totp: Some(secret),
            totp_step: step,
            failed: 0,
            wait_until: 0,
            suspended: 0,
            created: before.map_or(now.0, |a| a.created),
        };
        tx.save_account(&account).await?;
        tx.end_sessions_whose(&detail.identity.key(), now).await?;
        tx.clear_devices(&account.login).await?;
        tx.end_codes(code.subject, KIND, now).await?;
        // What was spent keeps nothing that was chosen.
        let spent = Detail {
            identity: detail.identity.clone(),
            login: account.login.clone(),
            password: None,
            totp: None,
        };
        tx.set_code_detail(&hash, &json(&spent)?).await?;
        tx.commit().await?;
        let session = self.begin_session(&detail.identity, Some(account.id), 2, now).await?;
        Ok((session, detail.identity))
    }

    /// The invitation of a code that works now, for somebody who may act now.
    async fn open_invitation(
        &self,
        tx: &mut kith_store::Tx,
        typed: &str,
        now: Instant,
    ) -> Result<(CodeRow, Detail), CareError> {
        self.open_by_hash(tx, &invitation_of(typed), now).await
    }

    /// Spends an invitation for somebody who came with who they are elsewhere. What they
    /// signed in with before stops.
    pub(super) async fn spend_invitation(
        &self,
        tx: &mut WriteTx,
        hash: &[u8; 32],
        now: Instant,
    ) -> Result<Identity, CareError> {
        let (code, detail) = self.open_by_hash(tx, hash, now).await?;
        if !tx.use_code(hash, now).await? {
            return Err(CareError::refused(NOT_RIGHT));
        }
        tx.end_sessions_whose(&detail.identity.key(), now).await?;
        tx.end_codes(code.subject, KIND, now).await?;
        let spent = Detail { password: None, totp: None, ..detail };
        tx.set_code_detail(hash, &json(&spent)?).await?;
        Ok(spent.identity)
    }

    async fn open_by_hash(
        &self,
        tx: &mut kith_store::Tx,
        hash: &[u8; 32],
        now: Instant,
    ) -> Result<(CodeRow, Detail), CareError> {
        self.real_people_join()?;
        let wrong = || CareError::refused(NOT_RIGHT);
        let found = tx.find_code(hash).await?.ok_or_else(wrong)?;
        let good =
            found.kind == KIND && found.used.is_none() && found.expires > now.0 && found.attempts < TRIES;
        if !good {
            return Err(wrong());
        }
        let detail: Detail =
            serde_json::from_str(&found.detail).map_err(|e| Fault::Broken(format!("invitation: {e}")))?;
        let may = match detail.identity {
            Identity::Worker { worker, organisation, role } => {
                self.partnership(tx).await?.may_act(worker, organisation, role, now)
            }
            Identity::Supporter { supporter, person } => self
                .supporter_of(tx, person, supporter, now)
                .await?
                .is_some_and(|s| s.value.holds(now, self.calendar().day(now))),
            _ => false,
        };
        if !may {
            return Err(wrong());
        }
        Ok((found, detail))
    }
}

/// The hash under which the invitation with this code is kept.
pub(super) fn invitation_of(typed: &str) -> [u8; 32] {
    hash_of(&as_made(typed))
}

fn login_of(typed: &str) -> Result<String, CareError> {
    let login = typed.trim().to_lowercase();
    if login.is_empty() || login.chars().count() > 100 || login.contains(char::is_whitespace) {
        return Err(CareError::field(
            "login",
            "Choose a name to sign in with: one word, up to 100 characters.",
        ));
    }
    Ok(login)
}

fn fresh_secret() -> Result<Vec<u8>, CareError> {
    let mut secret = vec![0u8; 20];
    getrandom::fill(&mut secret).map_err(|e| Fault::Broken(format!("no randomness: {e}")))?;
    Ok(secret)
}

fn hash_of_row(code: &CodeRow) -> Result<[u8; 32], CareError> {
    code.hash.as_slice().try_into().map_err(|_| Fault::Broken("stored code hash".into()).into())
}

/// The form that code apps read (Key URI Format), with nothing in it that needs escaping.
fn phone_of(place: &str, login: &str, secret: &[u8]) -> Phone {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@')).collect()
    };
    let (place, login, secret) = (plain(place), plain(login), totp::base32(secret));
    Phone { link: format!("otpauth://totp/Kith-{place}:{login}?secret={secret}&issuer=Kith-{place}"), secret }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_app_reads_needs_no_escaping() {
        let phone = phone_of("Fenwick & Lode", "pat osier?", b"12345678901234567890");
        assert!(phone.link.starts_with("otpauth://totp/Kith-FenwickLode:patosier?secret="), "{}", phone.link);
        assert!(phone.link.contains(&phone.secret));
        assert_eq!(login_of(" Pat ").unwrap(), "pat");
        assert!(login_of("pat osier").is_err() && login_of("").is_err());
    }
}

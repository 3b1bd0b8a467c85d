//! Passkeys: a key that never leaves somebody's phone or computer, opened there with their
//! finger, face or PIN. Two factors in one touch, and nothing that can be typed into the
//! wrong page: it answers only to the site it was made for.
//!
//! What was asked waits in the database for five minutes and is taken once, by whatever
//! server gets the answer. The checks themselves are in [`check`].

mod cbor;
pub mod check;
mod key;

use super::session::{NewSession, Visitor, hash_of, secret};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use check::{NotTaken, Us};
use kith_domain::time::Instant;
use kith_store::ways_in::PasskeyRow;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Seconds for which a question waits for its answer.
const WAITS: i64 = 300;
/// The most passkeys of one owner.
const MOST: usize = 20;
/// Under which questions wait.
const MAKING: &str = "passkey-new";
const ASKING: &str = "passkey";
/// Of those who are in and show again who they are: no stranger's questions put an end to theirs.
pub(super) const AGAIN: &str = "passkey-again";

/// What is said when a passkey opens nothing, whatever the reason.
pub const NOT_RIGHT: &str = "That did not work. The passkey may have been removed here, or belong to another \
                             site. Try once more, or sign in another way.";

/// What is said about the last one of a worker.
pub(super) const LAST_WAY: &str =
    "This is your last way to sign in. Add another one first, then remove this one.";

/// One of somebody's passkeys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyLine {
    /// Its id, in base64url.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub made: Instant,
    /// When it was last used.
    pub used: Option<Instant>,
}

fn not_right(why: NotTaken) -> CareError {
    tracing::info!(%why, "a passkey was not taken");
    CareError::refused(NOT_RIGHT)
}

fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// By what a phone knows its owner here: it says nothing about them.
fn handle_of(actor: &str) -> [u8; 32] {
    Sha256::digest(format!("kith passkey {actor}")).into()
}

/// Who may have passkeys: whoever comes back, with two factors shown.
pub(super) fn owner(who: &Principal) -> Result<String, CareError> {
    let may = match &who.identity {
        Identity::Worker { .. } | Identity::Supporter { .. } => true,
        Identity::Person { paper_code, .. } => !paper_code,
        _ => return Err(CareError::SignIn),
    };
    if !may || who.actor.aal < 2 {
        return Err(CareError::refused(
            "You came in with a code alone. To make a passkey, come in with a code and your word.",
        ));
    }
    serde_json::to_string(&who.identity).map_err(|e| Fault::Broken(format!("identity: {e}")).into())
}

impl Kith {
    /// Keeps a new challenge, with what belongs to it.
    async fn challenge(
        &self,
        (kind, detail): (&str, &str),
        stranger: Option<&Visitor>,
        now: Instant,
    ) -> Result<String, CareError> {
        let challenge = secret()?;
        let mut tx = self.store().write().await?;
        if let Some(visitor) = stranger {
            self.count_question(&mut tx, kind, visitor, now).await?;
        }
        let until = now.plus_seconds(WAITS);
        tx.record_waiting(&hash_of(&challenge), (kind, detail), (now, until)).await?;
        tx.commit().await?;
        Ok(challenge)
    }

    /// Takes the question that an answer belongs to. It can be taken once.
    async fn taken(&self, challenge: &[u8], kind: &str, now: Instant) -> Result<String, CareError> {
        let mut tx = self.store().write().await?;
        let found = tx.take_waiting(&hash_of(&encoded(challenge)), kind, now).await?;
        tx.commit().await?;
        found.ok_or_else(|| not_right(NotTaken::Challenge))
    }

    /// What the browser is asked for a new passkey, as the script passes it on.
    ///
    /// # Errors
    /// They came in with one factor, or too long ago; this is the made-up place; they have
    /// as many as there may be.
    pub async fn begin_passkey(&self, who: &Principal, us: &Us) -> Result<String, CareError> {
        let actor = owner(who)?;
        self.may_change_keys(who)?;
        let mut tx = self.store().read().await?;
        let has = tx.list_passkeys(&who.identity.key()).await?;
        drop(tx);
        if has.len() >= MOST {
            return Err(CareError::refused("You have 20 passkeys. Remove one that you do not use first."));
        }
        // On a phone that others hold, the name of a person with a plan would tell who has one.
        let called = match &who.identity {
            Identity::Worker { role, .. } => format!("{}, {}", who.name, role.title()),
            _ => us.name.clone(),
        };
        let challenge = self.challenge((MAKING, &actor), None, who.now).await?;
        let known: Vec<_> =
            has.iter().map(|k| json!({ "type": "public-key", "id": encoded(&k.id) })).collect();
        let signed_by: Vec<_> =
            key::SIGNED_BY.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
        Ok(json!({
            "rp": { "id": us.host, "name": us.name },
            "user": { "id": encoded(&handle_of(&actor)), "name": called, "displayName": called },
            "challenge": challenge,
            "pubKeyCredParams": signed_by,
            "timeout": WAITS * 1000,
            "excludeCredentials": known,
            "authenticatorSelection": {
                "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
            },
            "attestation": "none",
        })
        .to_string())
    }

    /// Keeps a new passkey. Whatever else its owner is signed in to ends.
    ///
    /// # Errors
    /// The answer is not to our question, or not from its owner.
    pub async fn keep_passkey(
        &self,
        who: &Principal,
        us: &Us,
        (answer, name): (&str, &str),
    ) -> Result<(), CareError> {
        let actor = owner(who)?;
        self.may_change_keys(who)?;
        let challenge = check::challenge_of(answer).map_err(not_right)?;
        if self.taken(&challenge, MAKING, who.now).await? != actor {
            return Err(not_right(NotTaken::Challenge));
        }
        let made = check::made(answer, &challenge, us).map_err(not_right)?;
        let row = PasskeyRow {
            id: made.id,
            whose: who.identity.key(),
            actor,
            name: name_of(name)?,
            cose: made.cose,
            counter: made.counter,
            created: who.now.0,
            seen: None,
        };
        let mut tx = self.store().write().await?;
        if !tx.record_passkey(&row).await? {
            return Err(not_right(NotTaken::Unknown));
        }
        tx.commit().await?;
        self.end_own_sessions(who, None).await
    }

    /// What a browser is asked at signing in: any passkey that its owner has for this site.
    /// A stranger, who has not signed in, is given so many questions and then has to wait.
    ///
    /// # Errors
    /// It could not be kept; or a stranger has to wait.
    pub async fn ask_passkey(
        &self,
        us: &Us,
        stranger: Option<&Visitor>,
        now: Instant,
    ) -> Result<String, CareError> {
        let kind = if stranger.is_some() { ASKING } else { AGAIN };
        let challenge = self.challenge((kind, ""), stranger, now).await?;
        Ok(json!({
            "challenge": challenge,
            "rpId": us.host,
            "timeout": WAITS * 1000,
            "userVerification": "required",
            "allowCredentials": [],
        })
        .to_string())
    }

    /// Signs in with a passkey.
    ///
    /// # Errors
    /// In the same words for each reason; or that the next try must wait.
    pub async fn sign_in_with_passkey(
        &self,
        us: &Us,
        answer: &str,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<NewSession, CareError> {
        let row = self.check_passkey((us, answer), ASKING, visitor, now).await?;
        let identity: Identity =
            serde_json::from_str(&row.actor).map_err(|e| Fault::Broken(format!("passkey: {e}")))?;
        self.begin_session_at(&identity, (None, 2, "passkey"), visitor, now).await
    }

    /// Whose passkey has answered to a question of this kind, counting a wrong try.
    pub(super) async fn check_passkey(
        &self,
        (us, answer): (&Us, &str),
        asked: &str,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<PasskeyRow, CareError> {
        let claim = check::claim(answer, us).map_err(not_right)?;
        // The id stands for the name: a stranger's tries are never somebody's own.
        let name = format!("passkey {}", encoded(&claim.id));
        let trying = self.may_try(&name, visitor, now).await?;
        let proved = self.prove_passkey((&claim, asked), us, now).await;
        match &proved {
            Ok(_) => self.was_right(&trying, (&name, visitor), now).await?,
            Err(CareError::Refused(_)) => self.was_wrong(&trying, now).await?,
            Err(_) => {}
        }
        proved
    }

    async fn prove_passkey(
        &self,
        (claim, asked): (&check::Claim, &str),
        us: &Us,
        now: Instant,
    ) -> Result<PasskeyRow, CareError> {
        self.taken(&claim.challenge, asked, now).await?;
        let mut tx = self.store().read().await?;
        let found = tx.find_passkey(&claim.id).await?;
        drop(tx);
        let row = found.ok_or_else(|| not_right(NotTaken::Unknown))?;
        // A key that was found by itself says whose it is (7.2, step 6).
        if claim.user != handle_of(&row.actor) {
            return Err(not_right(NotTaken::Unknown));
        }
        let counter = check::proved(claim, &row.cose, row.counter, us).map_err(not_right)?;
        let mut tx = self.store().write().await?;
        if !tx.use_passkey(&row.id, counter, now).await? {
            return Err(not_right(NotTaken::Count));
        }
        tx.commit().await?;
        Ok(row)
    }

    /// Somebody's passkeys, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn passkeys(&self, who: &Principal) -> Result<Vec<PasskeyLine>, CareError> {
        let mut tx = self.store().read().await?;
        let rows = tx.list_passkeys(&who.identity.key()).await?;
        Ok(rows
            .into_iter()
            .map(|row| PasskeyLine {
                id: encoded(&row.id),
                name: row.name,
                made: Instant(row.created),
                used: row.seen.map(Instant),
            })
            .collect())
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    /// It is not theirs, or the name needs another look.
    pub async fn rename_passkey(&self, who: &Principal, id: &str, name: &str) -> Result<(), CareError> {
        let name = name_of(name)?;
        let id = BASE64_URL_SAFE_NO_PAD.decode(id).map_err(|_| CareError::Missing)?;
        let mut tx = self.store().write().await?;
        if !tx.rename_passkey(&id, &who.identity.key(), &name).await? {
            return Err(CareError::Missing);
        }
        Ok(tx.commit().await?)
    }

    /// Removes a passkey: it opens nothing any more, and whatever else its owner is signed
    /// in to ends.
    ///
    /// # Errors
    /// It is not theirs, they signed in too long ago, or it is a worker's last way in.
    pub async fn remove_passkey(&self, who: &Principal, id: &str) -> Result<(), CareError> {
        if !Kith::is_fresh(who) {
            return Err(CareError::SignInAgain);
        }
        let id = BASE64_URL_SAFE_NO_PAD.decode(id).map_err(|_| CareError::Missing)?;
        let key = who.identity.key();
        let mut tx = self.store().write().await?;
        let has = tx.list_passkeys(&key).await?;
        let gone = has.iter().find(|k| k.id == id).ok_or(CareError::Missing)?;
        if matches!(who.identity, Identity::Worker { .. }) {
            let account = tx.find_account_of(&gone.actor).await?;
            let password = account.is_some_and(|a| a.suspended == 0 && a.totp.is_some());
            let other = has.iter().any(|k| k.id != id && k.actor == gone.actor);
            let elsewhere = tx.list_elsewhere(&key).await?.iter().any(|e| e.actor == gone.actor);
            if !(password || other || elsewhere) {
                return Err(CareError::refused(LAST_WAY));
            }
        }
        tx.remove_passkey(&id, &key).await?;
        tx.commit().await?;
        self.end_own_sessions(who, None).await
    }

    fn may_change_keys(&self, who: &Principal) -> Result<(), CareError> {
        if self.is_made_up() {
            return Err(CareError::refused(
                "This is the made-up place: everybody can be anybody here, so there are no passkeys.",
            ));
        }
        if !Kith::is_fresh(who) {
            return Err(CareError::SignInAgain);
        }
        Ok(())
    }
}

fn name_of(typed: &str) -> Result<String, CareError> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 60 {
        return Err(CareError::field("name", "Give it a name, up to 60 letters. For example: my phone."));
    }
    Ok(name)
}

//! Codes that work once: on paper for a person, in a link for a receiver without an
//! account, and the second code that a link holder gets another way.

use super::session::{NewSession, Visitor, hash_of, secret};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::Identity;
use crate::sign_in::password;
use kith_domain::id::{OrganisationId, PersonId, ReferralId};
use kith_domain::may_send::Cleared;
use kith_domain::time::Instant;
use kith_store::WriteTx;
use kith_store::code::CodeRow;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Letters and digits that are hard to mistake for each other on paper (Crockford's 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Wrong words or second codes after which a code is dead.
const TRIES: i64 = 5;

/// The answer to every paper code that does not open anything.
pub(super) const NOT_RIGHT: &str = "That code does not work. It may have been used, or be older than 7 days. \
                                    Ask your navigator for a new one. You can still find support without a code.";

#[derive(Serialize, Deserialize)]
struct PaperDetail {
    /// The hash of the word the person chose, if they chose one.
    word: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct LinkDetail {
    organisation: OrganisationId,
}

/// A code of `n` signs that cannot be guessed, in groups of four: "4F7K-9QXM-2B".
pub(super) fn readable(n: usize) -> Result<String, CareError> {
    let mut bytes = vec![0u8; n];
    getrandom::fill(&mut bytes).map_err(|e| Fault::Broken(format!("no randomness: {e}")))?;
    let mut text = String::with_capacity(n + n / 4);
    for (i, b) in bytes.iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(b & 31)]));
    }
    Ok(text)
}

/// What somebody typed, as it was made: no spaces or dashes, capitals, O for 0, I and L
/// for 1.
pub(super) fn as_made(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            'U' => 'V',
            other => other,
        })
        .collect()
}

impl Kith {
    /// Makes a paper code for a person in the transaction of the change that asked for
    /// it. Works once, for `days` days. Older unused ones stop.
    ///
    /// # Errors
    /// The word is too short to count, or the code could not be kept.
    pub async fn make_paper_code(
        &self,
        tx: &mut WriteTx,
        cleared: &Cleared,
        person: PersonId,
        word: Option<&str>,
        days: i64,
    ) -> Result<String, CareError> {
        let now = cleared.at();
        let word = word.map(|w| w.trim().to_lowercase()).filter(|w| !w.is_empty());
        let word = match word {
            None => None,
            Some(w) if w.chars().count() < 4 => {
                return Err(CareError::field("word", "Choose a longer word. It needs at least 4 letters."));
            }
            Some(w) => Some(password::hash(&format!("{w:·<12}")).map_err(Fault::Broken)?),
        };
        let code = readable(12)?;
        tx.end_codes(person.0, "paper", now).await?;
        let detail =
            serde_json::to_string(&PaperDetail { word }).map_err(|e| Fault::Broken(e.to_string()))?;
        tx.record_code(&row("paper", &as_made(&code), person.0, detail, now, now.plus_days(days))).await?;
        Ok(code)
    }

    /// Signs in with a paper code and, where the person chose one, their word. With the
    /// word it counts as two factors; without it only the first pages open.
    ///
    /// # Errors
    /// The code is wrong, used, or out of date; all are told alike.
    pub async fn sign_in_with_paper(
        &self,
        typed: &str,
        word: &str,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<NewSession, CareError> {
        let (identity, aal) = self.check_paper(typed, word, visitor, now).await?;
        self.begin_session_at(&identity, (None, aal, "paper"), visitor, now).await
    }

    /// Spends a paper code, counting a wrong one.
    pub(super) async fn check_paper(
        &self,
        typed: &str,
        word: &str,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<(Identity, u8), CareError> {
        // The code itself stands for the name: a stranger's tries are never somebody's own.
        let trying = self.may_try(&format!("paper {}", as_made(typed)), visitor, now).await?;
        let spent = self.spend_paper(typed, word, now).await;
        if matches!(spent, Err(CareError::Refused(_))) {
            self.was_wrong(&trying, now).await?;
        }
        spent
    }

    async fn spend_paper(&self, typed: &str, word: &str, now: Instant) -> Result<(Identity, u8), CareError> {
        let hash = hash_of(&as_made(typed));
        let mut tx = self.store().read().await?;
        let found = tx.find_code(&hash).await?.filter(|c| c.kind == "paper" && c.attempts < TRIES);
        drop(tx);
        let Some(found) = found else { return Err(CareError::refused(NOT_RIGHT)) };
        let detail: PaperDetail =
            serde_json::from_str(&found.detail).map_err(|e| Fault::Broken(format!("paper code: {e}")))?;
        let typed_word = word.trim().to_lowercase();
        // The word is checked before anything is locked: it is slow on purpose, and SQLite has
        // one writer for everybody.
        let with_word = match (detail.word, typed_word.is_empty()) {
            (Some(kept), false) => {
                let check = move || password::verify(&format!("{typed_word:·<12}"), &kept);
                Some(tokio::task::spawn_blocking(check).await.map_err(|e| Fault::Broken(e.to_string()))?)
            }
            _ => None,
        };
        let mut tx = self.store().write().await?;
        // Tries that were made at the same time count here.
        let tries = tx.find_code(&hash).await?.map_or(TRIES, |c| c.attempts);
        if tries >= TRIES {
            return Err(CareError::refused(NOT_RIGHT));
        }
        if with_word == Some(false) {
            tx.record_code_try(&hash).await?;
            tx.commit().await?;
            return Err(CareError::refused(NOT_RIGHT));
        }
        let with_word = with_word == Some(true);
        if !tx.use_code(&hash, now).await? {
            return Err(CareError::refused(NOT_RIGHT));
        }
        tx.commit().await?;
        let identity = Identity::Person { person: PersonId(found.subject), paper_code: !with_word };
        Ok((identity, if with_word { 2 } else { 1 }))
    }

    /// Makes the link for the next step of a referral, ending the one before. The second
    /// code stays as it is: it opens nothing by itself.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn make_next_link(
        &self,
        tx: &mut WriteTx,
        referral: ReferralId,
        organisation: OrganisationId,
        days: i64,
        now: Instant,
    ) -> Result<String, CareError> {
        let link = secret()?;
        let detail =
            serde_json::to_string(&LinkDetail { organisation }).map_err(|e| Fault::Broken(e.to_string()))?;
        tx.end_codes(referral.0, "link", now).await?;
        tx.record_code(&row("link", &link, referral.0, detail, now, now.plus_days(days))).await?;
        Ok(link)
    }

    /// Makes a second code for a referral's link holders, ending the one before. It is
    /// told by phone, apart from the link, and works for every later step.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn make_second_code(
        &self,
        tx: &mut WriteTx,
        referral: ReferralId,
        organisation: OrganisationId,
        days: i64,
        now: Instant,
    ) -> Result<String, CareError> {
        let second = readable(8)?;
        let detail =
            serde_json::to_string(&LinkDetail { organisation }).map_err(|e| Fault::Broken(e.to_string()))?;
        tx.end_codes(referral.0, "second", now).await?;
        tx.record_code(&row("second", &as_made(&second), referral.0, detail, now, now.plus_days(days)))
            .await?;
        Ok(second)
    }

    /// Makes every link of a referral useless: after an answer, a decline, a recall.
    ///
    /// # Errors
    /// It could not be kept.
    pub async fn end_links(
        &self,
        tx: &mut WriteTx,
        referral: ReferralId,
        now: Instant,
    ) -> Result<(), CareError> {
        tx.end_codes(referral.0, "link", now).await?;
        tx.end_codes(referral.0, "second", now).await?;
        Ok(())
    }

    /// Is this link alive? Looking spends nothing: mail programs open links by
    /// themselves.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn link_is_alive(
        &self,
        link: &str,
        now: Instant,
    ) -> Result<Option<(ReferralId, OrganisationId)>, CareError> {
        let mut tx = self.store().read().await?;
        let found = tx.find_code(&hash_of(link)).await?;
        let Some(found) = found.filter(|c| c.kind == "link" && c.expires > now.0) else { return Ok(None) };
        let detail: LinkDetail =
            serde_json::from_str(&found.detail).map_err(|e| Fault::Broken(format!("link: {e}")))?;
        Ok(Some((ReferralId(found.subject), detail.organisation)))
    }

    /// Opens a session for a link holder. The same link may be opened again, from
    /// another computer, until its referral is answered.
    ///
    /// # Errors
    /// The link is not alive.
    pub async fn open_link(&self, link: &str, now: Instant) -> Result<NewSession, CareError> {
        let (referral, organisation) = self.link_is_alive(link, now).await?.ok_or(CareError::Missing)?;
        let identity = Identity::LinkHolder { organisation, referral, name: None };
        self.begin_session(&identity, None, 1, now).await
    }

    /// Checks the second code of a link holder and keeps their own name: from now on
    /// they are named, and may see the person's name.
    ///
    /// # Errors
    /// The code is wrong, or was tried too often.
    pub async fn name_link_holder(
        &self,
        cookie: &str,
        identity: &Identity,
        name: &str,
        typed: &str,
        now: Instant,
    ) -> Result<Identity, CareError> {
        let Identity::LinkHolder { organisation, referral, .. } = identity else {
            return Err(CareError::Missing);
        };
        let mut tx = self.store().write().await?;
        let codes = tx.list_codes(referral.0, "second").await?;
        let Some(current) = codes.first().filter(|c| c.expires > now.0) else {
            return Err(CareError::Missing);
        };
        if current.attempts >= TRIES {
            return Err(CareError::field(
                "second",
                "Too many tries. Phone the sender and ask for a new code.",
            ));
        }
        let hash = hash_of(&as_made(typed));
        if current.hash != hash {
            let current: [u8; 32] =
                current.hash.as_slice().try_into().map_err(|_| Fault::Broken("stored code hash".into()))?;
            tx.record_code_try(&current).await?;
            tx.commit().await?;
            return Err(CareError::field(
                "second",
                "That code is not right. It came by phone or text, apart from the link.",
            ));
        }
        tx.commit().await?;
        let named = Identity::LinkHolder {
            organisation: *organisation,
            referral: *referral,
            name: Some(name.to_owned()),
        };
        self.change_session(cookie, &named, 2).await?;
        Ok(named)
    }
}

pub(super) fn row(
    kind: &str,
    secret: &str,
    subject: Uuid,
    detail: String,
    now: Instant,
    until: Instant,
) -> CodeRow {
    CodeRow {
        hash: hash_of(secret).to_vec(),
        kind: kind.to_owned(),
        subject,
        detail,
        created: now.0,
        expires: until.0,
        used: None,
        attempts: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read_as_it_was_made() {
        assert_eq!(as_made(" 4f7k-9qxm 2b"), "4F7K9QXM2B");
        assert_eq!(as_made("oil"), "011");
        let code = readable(12).unwrap();
        assert_eq!(code.len(), 14);
        assert_eq!(as_made(&code).len(), 12);
    }
}

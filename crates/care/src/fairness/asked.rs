//! Questions that were answered, kept in the database and so shared by all servers: the answer
//! itself, which is counts and nothing else, and whom it was about, as pseudonyms made with a
//! secret of this database. A question that was asked before has the same answer again. A new
//! one is ruled on against all earlier ones ([`Ledger`]) in the transaction that keeps it.

use crate::error::{CareError, Fault};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kith_domain::id::PersonId;
use kith_insight::disclosure::Policy;
use kith_insight::disclosure::ledger::{Entry, Ledger, People, Ruling};
use kith_store::Store;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

const SECRET: &str = "asked/secret";
/// Written first by every new question: whoever comes second waits here until the first is
/// kept, on both engines.
const LOCK: &str = "asked/lock";
const ANSWERS: &str = "asked/answer/";
const PEOPLE: &str = "asked/people/";

/// Somebody in the ledger: nobody can be found from it without the secret.
pub(super) struct Pseudonyms(Vec<u8>);

impl Pseudonyms {
    pub(super) fn of(&self, person: PersonId) -> u64 {
        let digest = Sha256::new().chain_update(&self.0).chain_update(person.0.as_bytes()).finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_le_bytes(first)
    }
}

/// What an answered question was about: everybody in it and each of its groups.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    question: String,
    /// Pseudonyms, eight bytes each, in Base64.
    people: String,
}

impl Kept {
    fn of(entry: &Entry) -> Kept {
        let bytes: Vec<u8> = entry.people.pseudonyms().iter().flat_map(|p| p.to_le_bytes()).collect();
        Kept { question: entry.question.clone(), people: STANDARD.encode(bytes) }
    }

    fn entry(&self) -> Result<Entry, CareError> {
        let damaged = |e: base64::DecodeError| broken(format!("the ledger of questions is damaged: {e}"));
        let bytes = STANDARD.decode(&self.people).map_err(damaged)?;
        let people = bytes.as_chunks::<8>().0.iter().map(|b| u64::from_le_bytes(*b)).collect();
        Ok(Entry { question: self.question.clone(), people })
    }
}

/// The ledger as it was when it was read.
pub(super) struct Asking {
    ledger: Ledger,
    /// The keys of the questions that were answered by then.
    known: Vec<String>,
}

fn broken(words: String) -> CareError {
    Fault::Broken(words).into()
}

/// The answer that was given to a question before.
pub(super) async fn answered<T: for<'a> Deserialize<'a>>(
    store: &Store,
    key: &str,
) -> Result<Option<T>, CareError> {
    let text = store.read().await?.find_setting(&format!("{ANSWERS}{key}")).await?;
    text.map(|text| read(&text)).transpose()
}

fn read<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, CareError> {
    serde_json::from_str(text).map_err(|e| broken(format!("a kept answer cannot be read: {e}")))
}

fn written<T: Serialize>(value: &T) -> Result<String, CareError> {
    serde_json::to_string(value).map_err(|e| broken(format!("an answer cannot be kept: {e}")))
}

impl Asking {
    /// Reads the ledger. Working out a new answer takes seconds, and nobody's writing waits for
    /// it: whoever keeps it looks again whether the ledger is still as it was.
    pub(super) async fn begin(store: &Store) -> Result<(Asking, Pseudonyms), CareError> {
        let mut tx = store.read().await?;
        let (mut ledger, mut known) = (Ledger::default(), Vec::new());
        for (name, text) in tx.list_settings(PEOPLE).await? {
            for kept in read::<Vec<Kept>>(&text)? {
                ledger.remember(kept.entry()?);
            }
            known.push(name);
        }
        let secret = tx.find_setting(SECRET).await?;
        drop(tx);
        let secret = match secret {
            Some(secret) => secret,
            None => draw_secret(store).await?,
        };
        let secret = STANDARD.decode(secret).map_err(|e| broken(format!("the secret is damaged: {e}")))?;
        Ok((Asking { ledger, known }, Pseudonyms(secret)))
    }

    /// Whoever was counted the first time that anything was asked about a period. Later
    /// questions about it are about these people: somebody whose need was written down later
    /// would otherwise be the difference between two tables.
    pub(super) fn cohort(&self, words: &str) -> Option<BTreeSet<u64>> {
        let of = self.ledger.entries().iter().find(|e| e.question == words)?;
        Some(of.people.pseudonyms().iter().copied().collect())
    }

    /// Whether these people may be counted.
    pub(super) fn rule(&self, people: &People, policy: &Policy) -> Ruling {
        self.ledger.rule(people, policy)
    }

    /// Keeps the answer and whom it was about, in one transaction that nobody else's question
    /// shares. False, and nothing kept, when another question was answered since the ledger
    /// was read: then it has to be asked again.
    pub(super) async fn keep<T: Serialize>(
        &self,
        store: &Store,
        key: &str,
        answer: &T,
        entries: &[Entry],
    ) -> Result<bool, CareError> {
        let mut tx = store.write().await?;
        tx.save_setting(LOCK, "1").await?;
        let now = tx.list_settings(PEOPLE).await?;
        if !now.iter().map(|(name, _)| name).eq(&self.known) {
            return Ok(false);
        }
        let kept: Vec<Kept> = entries.iter().map(Kept::of).collect();
        tx.save_setting(&format!("{PEOPLE}{key}"), &written(&kept)?).await?;
        tx.save_setting(&format!("{ANSWERS}{key}"), &written(answer)?).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// The secret of this database's pseudonyms, drawn by whoever needs it first.
async fn draw_secret(store: &Store) -> Result<String, CareError> {
    let mut tx = store.write().await?;
    tx.save_setting(LOCK, "1").await?;
    if let Some(secret) = tx.find_setting(SECRET).await? {
        return Ok(secret);
    }
    let mut drawn = [0u8; 32];
    getrandom::fill(&mut drawn).map_err(|e| broken(format!("no randomness: {e}")))?;
    let secret = STANDARD.encode(drawn);
    tx.save_setting(SECRET, &secret).await?;
    tx.commit().await?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_store::{Database, Durability};

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Folder(folder.path().to_owned());
        (Store::open_with(&database, Durability::None).await.unwrap(), folder)
    }

    fn entry(question: &str, people: std::ops::Range<u64>) -> Entry {
        Entry { question: question.into(), people: people.collect() }
    }

    #[tokio::test]
    async fn two_servers_cannot_answer_two_near_questions_at_once() {
        let (store, _folder) = store().await;
        let policy = Policy::local(5, 5);
        let (one, names) = Asking::begin(&store).await.unwrap();
        let (two, same) = Asking::begin(&store).await.unwrap();
        let person = PersonId(uuid::Uuid::from_u128(7));
        assert_eq!(names.of(person), same.of(person), "one secret for all servers");
        assert_ne!(names.of(person), names.of(PersonId(uuid::Uuid::from_u128(8))));
        // Each would be answered by itself; together they tell of one person.
        assert_eq!(one.rule(&(0..100).collect(), &policy), Ruling::Answer);
        assert_eq!(two.rule(&(1..100).collect(), &policy), Ruling::Answer);
        assert!(one.keep(&store, "a", &"first", &[entry("everybody", 0..100)]).await.unwrap());
        assert!(!two.keep(&store, "b", &"second", &[entry("all but one", 1..100)]).await.unwrap());
        assert_eq!(answered::<String>(&store, "b").await.unwrap(), None, "nothing of it is kept");
        let (again, _) = Asking::begin(&store).await.unwrap();
        assert!(matches!(again.rule(&(1..100).collect(), &policy), Ruling::Refuse { apart: 1, .. }));
        assert_eq!(again.cohort("everybody").map(|c| c.len()), Some(100));
        assert_eq!(answered::<String>(&store, "a").await.unwrap().as_deref(), Some("first"));
    }

    #[tokio::test]
    async fn what_is_kept_is_no_id_of_anybody() {
        let (store, _folder) = store().await;
        let (asking, names) = Asking::begin(&store).await.unwrap();
        let person = PersonId(uuid::Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0));
        let people = [names.of(person)].into_iter().collect();
        let entry = Entry { question: "q".into(), people };
        assert!(asking.keep(&store, "k", &1, &[entry]).await.unwrap());
        let kept = store.read().await.unwrap().list_settings(PEOPLE).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert!(!kept[0].1.contains(&STANDARD.encode(&person.0.as_bytes()[..8])));
        assert!(!kept[0].1.contains(&person.to_string()));
    }
}

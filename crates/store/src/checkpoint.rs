//! Checkpoints: what every chain had reached at a moment, signed, in a file that partners
//! can keep. With one, `kith verify` proves that nothing it saw was altered or cut since;
//! without one it cannot, and says so.
//!
//! The key that signs is a file outside the database and outside its folder: whoever can
//! rewrite the database must not be able to sign what they made of it. A checkpoint holds
//! ids, numbers and hashes, nothing about anybody.

use crate::chain::{Fields, Hash, Head};
use crate::db::Store;
use crate::error::StoreError;
use crate::file::WholeFile;
use crate::tx::{Tx, on};
use crate::verify::{Finding, Wrong};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use kith_domain::organisation::Place;
use kith_domain::time::Instant;
use serde::{Deserialize, Serialize};
use sqlx::query_as;
use std::io::Write;
use std::path::Path;
use uuid::Uuid;

/// The number of the file's form.
pub const FORM: u32 = 1;

/// Bytes that are written as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}
impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Hex<N>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; N];
        hex::decode_to_slice(&text, &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(Hex(bytes))
    }
}

/// The half of the key that everybody may know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(pub Hex<32>);

impl PublicKey {
    /// Reads the 64 hexadecimal digits that `kith` prints.
    ///
    /// # Errors
    /// The text is not that.
    pub fn parse(text: &str) -> Result<PublicKey, StoreError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes)
            .map_err(|_| StoreError::Refused("a public key is 64 hexadecimal digits".into()))?;
        Ok(PublicKey(Hex(bytes)))
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0.0))
    }
}

/// The key that signs. It lives in a file of its own, outside the database.
pub struct SigningFile(SigningKey);

impl SigningFile {
    /// A key from 32 random bytes.
    pub fn from_random(random: [u8; 32]) -> SigningFile {
        SigningFile(SigningKey::from_bytes(&random))
    }

    /// Writes the key to a new file that only its owner can read.
    ///
    /// # Errors
    /// The file exists, or cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), StoreError> {
        let mut file = WholeFile::create(path)?;
        writeln!(file, "{}", hex::encode(self.0.to_bytes()))?;
        file.finish()
    }

    /// Reads the key from its file.
    ///
    /// # Errors
    /// The file cannot be read, or holds no key.
    pub fn load(path: &Path) -> Result<SigningFile, StoreError> {
        let text = std::fs::read_to_string(path)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes)
            .map_err(|_| StoreError::Damaged("the key file does not hold a key".into()))?;
        Ok(SigningFile::from_random(bytes))
    }

    /// The half that everybody may know.
    pub fn public(&self) -> PublicKey {
        PublicKey(Hex(self.0.verifying_key().to_bytes()))
    }
}

/// How far one chain had come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// The chain.
    pub chain: Uuid,
    /// person, organisation or looks.
    pub kind: String,
    /// How many entries it had.
    pub number: i64,
    /// The hash of the last.
    pub hash: Hex<32>,
}

/// What every chain had reached at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The number of the file's form.
    pub kith_checkpoint: u32,
    /// Of which partnership.
    pub partnership: Uuid,
    /// When it was made.
    pub at: Instant,
    /// How many chains.
    pub chains: u64,
    /// How many entries in all of them together.
    pub entries: i64,
    /// One hash over all the heads in the order of their ids.
    pub root: Hex<32>,
    /// Every chain that had an entry, in the order of ids.
    pub heads: Vec<Seen>,
    /// The key that signed.
    pub key: PublicKey,
    /// Its signature over everything above.
    pub signature: Hex<64>,
}

/// Makes a checkpoint of what is stored now. Verify first: it signs what it finds.
///
/// # Errors
/// The database could not be read, or there is no partnership in it yet.
pub async fn make(store: &Store, key: &SigningFile, at: Instant) -> Result<Checkpoint, StoreError> {
    let mut tx = store.read().await?;
    let partnership = tx.partnership().await?.ok_or_else(|| {
        StoreError::Refused("there is no partnership in this database yet, so nothing to sign".into())
    })?;
    let chains = tx.list_chains().await?;
    let heads: Vec<Seen> = chains
        .into_iter()
        .filter(|(_, _, head)| head.number > 0)
        .map(|(chain, kind, Head { number, hash })| Seen { chain, kind, number, hash: Hex(hash) })
        .collect();
    let mut checkpoint = Checkpoint {
        kith_checkpoint: FORM,
        partnership,
        at,
        chains: heads.len() as u64,
        entries: all_entries(&heads),
        root: Hex(root(&heads)),
        heads,
        key: key.public(),
        signature: Hex([0; 64]),
    };
    checkpoint.signature = Hex(key.0.sign(&checkpoint.signed()).to_bytes());
    Ok(checkpoint)
}

/// Saturating: the numbers may come from a file that somebody made to do harm.
fn all_entries(heads: &[Seen]) -> i64 {
    heads.iter().fold(0, |sum, h| sum.saturating_add(h.number))
}

fn root(heads: &[Seen]) -> Hash {
    let start = Fields::new("kith checkpoint heads 1").number(i64::try_from(heads.len()).unwrap_or(i64::MAX));
    heads
        .iter()
        .fold(start, |f, h| f.id(Some(h.chain)).field(h.kind.as_bytes()).number(h.number).field(&h.hash.0))
        .end()
}

impl Checkpoint {
    fn signed(&self) -> Hash {
        Fields::new("kith checkpoint 1")
            .number(i64::from(self.kith_checkpoint))
            .id(Some(self.partnership))
            .number(self.at.0)
            .number(i64::try_from(self.chains).unwrap_or(i64::MAX))
            .number(self.entries)
            .field(&self.root.0)
            .field(&self.key.0.0)
            .end()
    }

    /// Writes it to a new file.
    ///
    /// # Errors
    /// The file exists, or cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), StoreError> {
        let mut file = WholeFile::create(path)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(std::io::Error::from)?;
        writeln!(file)?;
        file.finish()
    }

    /// Reads it from its file. That it can be read proves nothing: see
    /// [`Checkpoint::faults`].
    ///
    /// # Errors
    /// The file cannot be read, or is not a checkpoint.
    pub fn load(path: &Path) -> Result<Checkpoint, StoreError> {
        let text = std::fs::read(path)?;
        let checkpoint: Checkpoint = serde_json::from_slice(&text)
            .map_err(|e| StoreError::Damaged(format!("that file is not a checkpoint: {e}")))?;
        if checkpoint.kith_checkpoint != FORM {
            let form = checkpoint.kith_checkpoint;
            return Err(StoreError::Damaged(format!(
                "the checkpoint has form {form}; this program knows {FORM}"
            )));
        }
        Ok(checkpoint)
    }

    /// What is wrong with the checkpoint itself, in words: of another partnership, signed
    /// by another key, altered. `key` is the key that the operator knows from elsewhere.
    pub fn faults(&self, partnership: Option<Uuid>, key: Option<&PublicKey>) -> Vec<String> {
        let mut faults = Vec::new();
        if partnership.is_some_and(|p| p != self.partnership) {
            faults.push("the checkpoint is of another partnership".to_owned());
        }
        if key.is_some_and(|key| *key != self.key) {
            faults.push("the checkpoint is signed by another key than the one given".to_owned());
        }
        let counted = self.chains == self.heads.len() as u64 && self.entries == all_entries(&self.heads);
        if !counted || root(&self.heads) != self.root.0 {
            faults.push("the chains in the checkpoint are not what it counts: it was altered".to_owned());
        }
        let signature = Signature::from_bytes(&self.signature.0);
        let good = VerifyingKey::from_bytes(&self.key.0.0)
            .is_ok_and(|key| key.verify_strict(&self.signed(), &signature).is_ok());
        if !good {
            faults.push("the signature of the checkpoint does not fit: it was altered".to_owned());
        }
        faults
    }
}

/// Compares what the checkpoint saw with what is stored now: every chain still has that
/// entry with that hash. It reads stored hashes and does not recompute them: a quick look
/// between two runs of [`crate::verify::verify`], which does.
///
/// # Errors
/// The database could not be read.
pub async fn check(checkpoint: &Checkpoint, tx: &mut Tx) -> Result<Vec<Finding>, StoreError> {
    const ENTRY: &str = "SELECT hash FROM journal WHERE chain = $1 AND number = $2";
    const LOOK: &str = "SELECT hash FROM look WHERE writer = $1 AND number = $2";
    let mut findings = Vec::new();
    for seen in &checkpoint.heads {
        let sql = if seen.kind == "looks" { LOOK } else { ENTRY };
        let (chain, number) = (seen.chain, seen.number);
        let row: Option<(Vec<u8>,)> =
            on!(tx, |conn| query_as(sql).bind(chain).bind(number).fetch_optional(conn).await?);
        let words = match row {
            None => "an entry that the checkpoint saw is not there: it was cut",
            Some((hash,)) if hash != seen.hash.0 => "an entry was rewritten since the checkpoint",
            Some(_) => continue,
        };
        findings.push(Finding {
            wrong: Wrong::CheckpointDiffers,
            chain: Some(chain),
            number: Some(number),
            record: None,
            words: words.to_owned(),
        });
    }
    Ok(findings)
}

impl Tx {
    /// The id of the partnership, from its place row; none in a database without one.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn partnership(&mut self) -> Result<Option<Uuid>, StoreError> {
        Ok(self.list_common::<Place>().await?.first().map(|place| place.value.partnership))
    }
}

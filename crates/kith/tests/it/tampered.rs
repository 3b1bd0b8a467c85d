//! `kith verify` names each tampering that was planted with nothing but the database at hand.
//!
//! - Given Brackenford, then nothing in it was altered, and `kith verify` ends with 0.
//! - Given a copy in which somebody did one of these without Kith, then it ends with 1, says which
//!   in words and as JSON, at which entry of which chain, and nothing of what is in a record: a row
//!   edited; an entry edited; the text of an entry edited; an entry edited with every later hash
//!   made right again; entries removed, put in another order, added, and cut off the end.
//! - Given one who makes the head of the chain right as well, then only a checkpoint that was kept
//!   outside tells, and it does.

use crate::forger::{Chain, Hands};
use crate::made_up::{Copy, Original};
use serde_json::Value;
use uuid::Uuid;

/// An old entry of a chain with many after it.
const AT: i64 = 3;

/// What is done to a copy, and what has to be said of it.
struct Planted {
    how: &'static str,
    wrong: &'static str,
    words: String,
    /// At which entry; none where it is said of a record alone.
    number: Option<i64>,
}

fn planted(how: &'static str, wrong: &'static str, words: &str, number: Option<i64>) -> Planted {
    Planted { how, wrong, words: words.to_owned(), number }
}

const WAYS: [&str; 9] = [
    "a row edited",
    "an entry edited",
    "the text of an entry edited",
    "an entry edited with all later hashes recomputed",
    "entries removed",
    "entries put in another order",
    "an entry added at the end",
    "an entry added in the middle",
    "the tail cut",
];

async fn plant(chain: &Chain<'_>, how: &'static str) -> Planted {
    let (hands, last) = (chain.hands, chain.last().await);
    let place = format!("chain = {} AND number", hands.id(chain.id));
    let edit = async |sql: String| assert_eq!(hands.tamper(&sql).await, 1, "{sql}");
    match how {
        "a row edited" => {
            let record = hands.id(chain.entry(last).await.header.record);
            edit(format!("UPDATE record SET at = at + 1 WHERE id = {record}")).await;
            planted(how, "RowAltered", "the row differs from its last entry in: at", None)
        }
        "an entry edited" => {
            edit(format!("UPDATE journal SET action = 'looked at' WHERE {place} = {AT}")).await;
            planted(how, "EntryAltered", "an entry is not what its hash says", Some(AT))
        }
        "the text of an entry edited" => {
            let e = chain.entry(AT).await.header;
            let text = format!("record = {} AND version = {}", hands.id(e.record), e.version);
            edit(format!("UPDATE payload SET body = body || ' ' WHERE {text}")).await;
            planted(how, "PayloadAltered", "the text of an entry is not what was committed to", Some(AT))
        }
        "an entry edited with all later hashes recomputed" => {
            chain.rewrite(AT, "{", "{ ").await;
            let words = "the head of the chain is not its last entry: entries were added or rewritten";
            planted(how, "HeadDiffers", words, Some(last))
        }
        "entries removed" => {
            let sql = format!("DELETE FROM journal WHERE {place} IN ({AT}, {})", AT + 1);
            assert_eq!(hands.tamper(&sql).await, 2);
            let words = format!("entries {AT} to {} are missing", AT + 1);
            planted(how, "EntriesMissing", &words, Some(AT + 2))
        }
        "entries put in another order" => {
            chain.swap(AT).await;
            planted(how, "ChainBroken", "an entry does not follow the one before it", Some(AT))
        }
        "an entry added at the end" | "an entry added in the middle" => {
            let end = how == "an entry added at the end";
            let number = if end { last + 1 } else { AT };
            let mut new = chain.entry(last).await;
            if !end {
                chain.make_room(number).await;
            }
            new.header.previous = chain.entry(number - 1).await.header.hash();
            new.header.number = number;
            new.header.record = Uuid::from_u128(77);
            new.header.version = 1;
            chain.insert(&new).await;
            if end {
                let words = "the head of the chain is not its last entry: entries were added or rewritten";
                planted(how, "HeadDiffers", words, Some(last))
            } else {
                let words = "an entry does not follow the one before it";
                planted(how, "ChainBroken", words, Some(number + 1))
            }
        }
        "the tail cut" => {
            edit(format!("DELETE FROM journal WHERE {place} = {last}")).await;
            let words = format!("the chain ends at {} and its head stands at {last}", last - 1);
            planted(how, "TailCut", &words, Some(last - 1))
        }
        other => panic!("no tampering for {other}"),
    }
}

/// A person of whom much was written, so that there is a before and an after.
async fn somebody(hands: &Hands) -> Uuid {
    let found = hands.ids("id", "FROM chain WHERE kind = 'person' ORDER BY number DESC, id LIMIT 1").await;
    let chain = Chain { hands, id: found[0] };
    assert!(chain.last().await > AT + 3, "a chain long enough to cut, swap and add to");
    chain.id
}

async fn is_named(copy: &Copy, chain: Uuid, planted: &Planted) {
    let how = planted.how;
    let (code, words) = copy.ask(&["verify"]);
    assert_eq!(code, 1, "{how}: {words}");
    let line = words.lines().find(|line| line.contains(&planted.words));
    assert!(line.is_some(), "{how}: {:?} is not said in\n{words}", planted.words);
    let (code, text) = copy.ask(&["verify", "--json"]);
    assert_eq!(code, 1, "{how}: {text}");
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["clean"], false, "{how}: {text}");
    let findings = found["findings"].as_array().unwrap();
    assert_eq!(found["wrong"], findings.len(), "{how}: {text}");
    let same = |f: &&Value| {
        let number = planted.number.is_none_or(|n| f["chain"] == chain.to_string() && f["number"] == n);
        f["wrong"] == planted.wrong && f["words"] == planted.words.as_str() && number
    };
    let one = findings.iter().find(same).unwrap_or_else(|| panic!("{how}: {} in {text}", planted.wrong));
    let mut fields: Vec<&String> = one.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["chain", "number", "record", "words", "wrong"], "nothing of what is in a record");
}

async fn each_tampering_is_named(original: &Original) {
    for how in WAYS {
        let copy = original.copy().await;
        let hands = copy.hands();
        let (code, text) = copy.ask(&["verify", "--json"]);
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, &report["clean"], &report["wrong"]), (0, &Value::from(true), &Value::from(0)));
        let chain = Chain { hands: &hands, id: somebody(&hands).await };
        let planted = plant(&chain, how).await;
        is_named(&copy, chain.id, &planted).await;
        copy.clear().await;
    }
}

/// The most that somebody with the source code and the database can do to what is old.
async fn only_a_checkpoint_tells_of_a_chain_rewritten_to_its_head(original: &Original) {
    let copy = original.copy().await;
    let (mark, key) = (copy.beside("mark.json"), copy.beside("key"));
    let (code, words) = copy.ask(&["checkpoint", "--out", &mark, "--key-file", &key]);
    assert_eq!(code, 0, "{words}");
    let hands = copy.hands();
    let chain = Chain { hands: &hands, id: somebody(&hands).await };
    let mut old = None;
    // The current row has to stay what its last entry says: an old version, not the newest.
    for number in (2..=chain.last().await).rev() {
        let header = chain.entry(number).await.header;
        let record = format!("FROM journal WHERE record = {}", hands.id(header.record));
        let newest = hands.texts(&format!("SELECT CAST(MAX(version) AS TEXT) {record}")).await;
        if newest[0] != header.version.to_string() {
            old = Some(number);
            break;
        }
    }
    let last = chain.rewrite(old.expect("something that was changed later"), "{", "{ ").await;
    chain.put_head(chain.last().await, &last).await;
    let (code, words) = copy.ask(&["verify"]);
    assert_eq!(code, 0, "whole in itself, as the page of the checkpoint says: {words}");
    assert!(words.contains("Without a checkpoint"), "{words}");
    let (code, text) = copy.ask(&["verify", "--checkpoint", &mark, "--json"]);
    let found: Value = serde_json::from_str(&text).unwrap();
    let finding = &found["findings"][0];
    assert_eq!((code, &found["wrong"]), (1, &Value::from(1)), "{text}");
    assert_eq!(finding["wrong"], "CheckpointDiffers");
    assert_eq!(finding["chain"], chain.id.to_string());
    let words = "an entry at or before this one was rewritten since the checkpoint";
    assert_eq!(finding["words"], words);
    copy.clear().await;
}

async fn all(original: Original) {
    each_tampering_is_named(&original).await;
    only_a_checkpoint_tells_of_a_chain_rewritten_to_its_head(&original).await;
    original.clear().await;
}

#[tokio::test]
async fn verify_names_each_planted_tampering_on_sqlite() {
    all(Original::sqlite()).await;
}

#[tokio::test]
async fn verify_names_each_planted_tampering_on_postgres() {
    let Some(original) = Original::postgres().await else { return };
    all(original).await;
}

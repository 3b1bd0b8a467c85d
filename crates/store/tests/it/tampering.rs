//! `kith verify` names each planted tampering, and says nothing where nothing was done.

use crate::both;
use crate::forger::Chain;
use crate::place::*;
use kith_domain::id::PersonId;
use kith_domain::need::Need;
use kith_domain::record::Saved;
use kith_domain::time::Instant;
use kith_store::Writing;
use kith_store::chain::{Hash, commitment};
use kith_store::checkpoint::{self, Checkpoint, SigningFile};
use kith_store::reindex::{is_due, reindex, reindex_if_due};
use kith_store::verify::{Report, Wrong, verify};
use kith_store::write::Header;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

both! {
    nothing_done_nothing_found, a_row_edited, a_row_removed_or_added, an_entry_edited, a_text_edited,
    an_old_text_rewritten_with_all_later_hashes, the_last_text_rewritten_with_its_hash, entries_removed,
    entries_reordered, an_entry_inserted, the_tail_cut, links_and_index_edited, an_old_index_is_made_anew,
    an_index_that_was_interrupted_is_due_again, looks_edited_removed_and_cut,
    text_taken_out_properly_and_not, text_taken_out_of_a_mistake, checkpoints_find_what_nothing_inside_can, a_checkpoint_itself_altered,
    whole_chains_removed,
}

/// Something worth forging.
struct Scene {
    g: Ground,
    who: PersonId,
    need: Saved<Need>,
}

/// A partnership, a person, a need in four versions, another person, and looks.
async fn scene(g: Ground) -> Scene {
    let mut tx = g.store.write().await.unwrap();
    tx.create(&writing(), "place made", of_nobody(), &the_place()).await.unwrap();
    tx.create(&writing(), "team added", of_nobody(), &team("Navigators")).await.unwrap();
    tx.commit().await.unwrap();
    let who = a_person(&g.store, "Badger").await;
    a_person(&g.store, "Somebody else").await;
    let mut need = a_need(&g.store, who, "somewhere dry").await;
    for words in ["somewhere warm", "somewhere safe", "somewhere near"] {
        need = reword(&g.store, &need, words).await.unwrap();
    }
    for n in 0..5 {
        g.store.looks().record(vec![crate::looks::look(who, n)]).await.unwrap();
    }
    Scene { g, who, need }
}

impl Scene {
    /// The chain of the person.
    fn chain(&self) -> Chain<'_> {
        Chain { hands: &self.g, id: self.who.0 }
    }
}

/// Takes the newest entry away as if it had never been: the row goes back a version.
async fn cut(s: &Scene, number: i64, newest: Uuid) {
    let chain = s.g.id(s.who.0);
    let record = if number == 6 { s.g.id(newest) } else { s.g.id(s.need.meta.id.0) };
    let mut sql = vec![
        format!(
            "DELETE FROM payload WHERE record = {record} AND version = (SELECT MAX(version) FROM journal WHERE record = {record})"
        ),
        format!("DELETE FROM journal WHERE chain = {chain} AND number = {number}"),
        format!(
            "UPDATE chain SET number = {0}, hash = (SELECT hash FROM journal WHERE chain = {chain} AND number = {0}) WHERE id = {chain}",
            number - 1
        ),
    ];
    if number == 6 {
        sql.push(format!("DELETE FROM record WHERE id = {record}"));
        sql.push(format!("DELETE FROM record_link WHERE record = {record}"));
    } else {
        sql.push(format!(
            "UPDATE record SET version = 3, number = 4, body = (SELECT body FROM payload WHERE record = {record} AND version = 3)
             WHERE id = {record}"
        ));
    }
    for sql in sql {
        s.g.tamper(&sql).await;
    }
}

async fn look_for(g: &Ground, checkpoint: Option<&Checkpoint>) -> Report {
    let report = verify(&g.store, checkpoint, None, &mut |_| {}).await.unwrap();
    for finding in &report.findings {
        let text = finding.to_string();
        assert!(!text.contains("somewhere") && !text.contains("Badger"), "nothing personal: {text}");
    }
    report
}

fn wrongs(report: &Report) -> BTreeSet<Wrong> {
    report.findings.iter().map(|f| f.wrong).collect()
}

async fn expect(g: &Ground, expected: &[Wrong]) {
    let report = look_for(g, None).await;
    assert_eq!(wrongs(&report), expected.iter().copied().collect(), "{:#?}", report.findings);
    assert!(!report.is_clean());
}

async fn nothing_done_nothing_found(g: Ground) {
    let s = scene(g).await;
    let mut stages = BTreeSet::new();
    let mut far = |p: kith_store::verify::Progress| {
        assert!(p.done <= p.total);
        stages.insert(p.stage);
    };
    let report = verify(&s.g.store, None, None, &mut far).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!((report.chains, report.entries, report.records, report.looks), (3, 8, 5, 5));
    assert!(report.proves().contains("Without a checkpoint"));
    assert_eq!(stages.len(), 4);
    // An empty database is whole as well.
    let empty = s.g.another().await;
    assert!(look_for(&empty, None).await.is_clean());
    empty.clear().await;
}

async fn a_row_edited(g: Ground) {
    let s = scene(g).await;
    let id = s.g.id(s.need.meta.id.0);
    for (edit, back) in [
        ("body = replace(body, 'near', 'else')", "body = replace(body, 'else', 'near')"),
        ("at = at + 1", "at = at - 1"),
        ("version = 3", "version = 4"),
        (
            "author = '{\"by\":\"job\"}'",
            "author = (SELECT author FROM journal WHERE record = {id} AND version = 4)",
        ),
        ("owner = {other}", "owner = (SELECT owner FROM journal WHERE record = {id} AND version = 4)"),
        ("created = created - 1", "created = created + 1"),
        ("recorded_for = '{\"by\":\"public\"}'", "recorded_for = NULL"),
        ("schema = 1, kind = 'goal'", "kind = 'need'"),
        ("number = number + 1", "number = number - 1"),
        ("entered_in_error = 1", "entered_in_error = 0"),
    ] {
        let spell = |set: &str| {
            let set = set.replace("{id}", &id).replace("{other}", &s.g.id(Uuid::from_u128(9)));
            format!("UPDATE record SET {set} WHERE id = {id}")
        };
        s.g.tamper(&spell(edit)).await;
        let report = look_for(&s.g, None).await;
        assert!(wrongs(&report).contains(&Wrong::RowAltered), "{edit}: {:#?}", report.findings);
        assert!(report.findings.iter().any(|f| f.record == Some(s.need.meta.id)));
        s.g.tamper(&spell(back)).await;
        assert!(look_for(&s.g, None).await.is_clean(), "{back}");
    }
    let unreadable = format!("UPDATE record SET body = '[]' WHERE id = {id}");
    s.g.tamper(&unreadable).await;
    expect(&s.g, &[Wrong::RowAltered, Wrong::Unreadable]).await;
}

async fn a_row_removed_or_added(g: Ground) {
    let s = scene(g).await;
    let id = s.g.id(s.need.meta.id.0);
    let copy = format!(
        "INSERT INTO record SELECT {}, kind, person, owner, version, schema, at, created, author, created_by,
            recorded_for, entered_in_error, area, sensitivity, state, open, due, sort, body, chain, number
         FROM record WHERE id = {id}",
        s.g.id(Uuid::from_u128(77))
    );
    s.g.tamper(&copy).await;
    expect(&s.g, &[Wrong::RowWithoutEntry]).await;
    s.g.tamper(&format!("DELETE FROM record WHERE id = {}", s.g.id(Uuid::from_u128(77)))).await;
    s.g.tamper(&format!("DELETE FROM record WHERE id = {id}")).await;
    // Its links are left over too.
    expect(&s.g, &[Wrong::RowMissing, Wrong::IndexDiffers]).await;
}

async fn an_entry_edited(g: Ground) {
    let s = scene(g).await;
    let id = s.g.id(s.need.meta.id.0);
    for (edit, back) in [
        ("action = 'looked at'", "action = 'need reworded'"),
        ("at = at + 1", "at = at - 1"),
        ("basis = 'B1'", "basis = 'B3'"),
    ] {
        s.g.tamper(&format!("UPDATE journal SET {edit} WHERE record = {id} AND version = 2")).await;
        let report = look_for(&s.g, None).await;
        let finding = report.findings.iter().find(|f| f.wrong == Wrong::EntryAltered).expect(edit);
        assert_eq!((finding.chain, finding.number), (Some(s.who.0), Some(3)));
        s.g.tamper(&format!("UPDATE journal SET {back} WHERE record = {id} AND version = 2")).await;
    }
    // With its own hash recomputed the next entry no longer follows.
    let mut entry = s.chain().entry(3).await;
    entry.header.basis = "B1".into();
    s.chain().put(&entry).await;
    expect(&s.g, &[Wrong::ChainBroken]).await;
}

async fn a_text_edited(g: Ground) {
    let s = scene(g).await;
    let id = s.g.id(s.need.meta.id.0);
    let edit = format!(
        "UPDATE payload SET body = replace(body, 'warm', 'cold') WHERE record = {id} AND version = 2"
    );
    assert_eq!(s.g.tamper(&edit).await, 1);
    expect(&s.g, &[Wrong::PayloadAltered]).await;
    s.g.tamper(&format!("DELETE FROM payload WHERE record = {id} AND version = 2")).await;
    expect(&s.g, &[Wrong::PayloadMissing]).await;
}

/// Everything after it is recomputed, but not the head of the chain.
async fn an_old_text_rewritten_with_all_later_hashes(g: Ground) {
    let s = scene(g).await;
    s.chain().rewrite(3, "warm", "cold").await;
    expect(&s.g, &[Wrong::HeadDiffers]).await;
}

async fn the_last_text_rewritten_with_its_hash(g: Ground) {
    let s = scene(g).await;
    let mut last = s.chain().entry(5).await;
    last.body = last.body.replace("near", "else");
    last.header.commitment = commitment(&last.salt, last.body.as_bytes());
    s.chain().put(&last).await;
    s.chain().put_head(5, &last.header.hash()).await;
    // Chain, head and text agree now; the current row does not.
    expect(&s.g, &[Wrong::RowAltered]).await;
}

async fn entries_removed(g: Ground) {
    let s = scene(g).await;
    s.g.tamper(&format!("DELETE FROM journal WHERE chain = {} AND number IN (2, 3)", s.g.id(s.who.0))).await;
    let report = look_for(&s.g, None).await;
    assert!(wrongs(&report).contains(&Wrong::EntriesMissing), "{:#?}", report.findings);
    assert!(wrongs(&report).contains(&Wrong::PayloadWithoutEntry));
    let missing = report.findings.iter().find(|f| f.wrong == Wrong::EntriesMissing).unwrap();
    assert_eq!((missing.number, missing.words.as_str()), (Some(4), "entries 2 to 3 are missing"));
}

async fn entries_reordered(g: Ground) {
    let s = scene(g).await;
    s.chain().swap(3).await;
    let report = look_for(&s.g, None).await;
    assert!(wrongs(&report).is_superset(&[Wrong::EntryAltered, Wrong::ChainBroken].into()), "{report:#?}");
}

async fn an_entry_inserted(g: Ground) {
    let s = scene(g).await;
    // At the end, with a good hash, of a record of its own: the head does not know it.
    let mut new = s.chain().entry(5).await;
    new.header.previous = new.header.hash();
    new.header.number = 6;
    new.header.record = id();
    new.header.version = 1;
    s.chain().insert(&new).await;
    expect(&s.g, &[Wrong::HeadDiffers, Wrong::RowMissing]).await;
    s.g.tamper(&format!("DELETE FROM journal WHERE record = {}", s.g.id(new.header.record))).await;
    s.g.tamper(&format!("DELETE FROM payload WHERE record = {}", s.g.id(new.header.record))).await;
    assert!(look_for(&s.g, None).await.is_clean());
    // In the middle: the others must move up, and their hashes know their numbers.
    s.chain().make_room(3).await;
    new.header.number = 3;
    new.header.previous = s.chain().entry(2).await.header.hash();
    s.chain().insert(&new).await;
    let report = look_for(&s.g, None).await;
    assert!(wrongs(&report).is_superset(&[Wrong::EntryAltered, Wrong::ChainBroken].into()), "{report:#?}");
}

async fn the_tail_cut(g: Ground) {
    let s = scene(g).await;
    let chain = s.g.id(s.who.0);
    s.g.tamper(&format!("DELETE FROM journal WHERE chain = {chain} AND number = 5")).await;
    let report = look_for(&s.g, None).await;
    let cut = report.findings.iter().find(|f| f.wrong == Wrong::TailCut).unwrap();
    assert_eq!((cut.chain, cut.number), (Some(s.who.0), Some(4)));
    assert!(wrongs(&report).contains(&Wrong::RowAltered), "the row is of a version without an entry");
}

async fn links_and_index_edited(g: Ground) {
    let s = scene(g).await;
    let id = s.g.id(s.need.meta.id.0);
    let stray = s.g.id(Uuid::max());
    for (edit, back) in [
        (
            "UPDATE record SET state = 'met' WHERE id = {id}",
            "UPDATE record SET state = 'open' WHERE id = {id}",
        ),
        ("UPDATE record SET open = 0 WHERE id = {id}", "UPDATE record SET open = 1 WHERE id = {id}"),
        (
            "UPDATE record SET due = due + 1 WHERE id = {id}",
            "UPDATE record SET due = due - 1 WHERE id = {id}",
        ),
        (
            "UPDATE record SET sensitivity = 0 WHERE id = {id}",
            "UPDATE record SET sensitivity = 1 WHERE id = {id}",
        ),
        (
            "UPDATE record SET area = 'money' WHERE id = {id}",
            "UPDATE record SET area = 'housing' WHERE id = {id}",
        ),
        (
            "UPDATE record_link SET due = NULL WHERE record = {id} AND role = 'holder_lead'",
            "UPDATE record_link SET due = (SELECT due FROM record WHERE id = {id}) WHERE record = {id}",
        ),
        (
            "UPDATE record_link SET role = 'cover' WHERE record = {id} AND role = 'holder_lead'",
            "UPDATE record_link SET role = 'holder_lead' WHERE record = {id} AND role = 'cover'",
        ),
        (
            "INSERT INTO record_link SELECT {stray}, role, record, kind, person, open, due
             FROM record_link WHERE record = {id} AND role = 'holder_lead'",
            "DELETE FROM record_link WHERE target = {stray}",
        ),
        (
            "INSERT INTO record_link SELECT target, role, {stray}, kind, person, open, due
             FROM record_link WHERE record = {id} AND role = 'holder_lead'",
            "DELETE FROM record_link WHERE record = {stray}",
        ),
        ("DELETE FROM record_link WHERE record = {id}", ""),
    ] {
        let spell = |sql: &str| sql.replace("{id}", &id).replace("{stray}", &stray);
        assert!(s.g.tamper(&spell(edit)).await > 0, "{edit}");
        expect(&s.g, &[Wrong::IndexDiffers]).await;
        if !back.is_empty() {
            s.g.tamper(&spell(back)).await;
            assert!(look_for(&s.g, None).await.is_clean(), "{back}");
        }
    }
}

/// As when a new version of the program finds records by a new role.
async fn an_old_index_is_made_anew(g: Ground) {
    let s = scene(g).await;
    let none = reindex(&s.g.store, &mut |_| {}).await.unwrap();
    assert_eq!(none, 0);
    s.g.tamper("DELETE FROM record_link WHERE role = 'holder_team'").await;
    s.g.tamper("UPDATE record SET sort = '' WHERE kind = 'team'").await;
    expect(&s.g, &[Wrong::IndexDiffers]).await;
    let before = kith_store::copy::digest(&s.g.store).await.unwrap();
    assert_eq!(reindex(&s.g.store, &mut |p| assert!(p.done <= p.total)).await.unwrap(), 4);
    assert!(look_for(&s.g, None).await.is_clean());
    let after = kith_store::copy::digest(&s.g.store).await.unwrap();
    let touched: Vec<_> =
        before.iter().zip(&after).filter(|(a, b)| a != b).map(|(a, _)| a.table.as_str()).collect();
    assert_eq!(touched, ["record", "record_link"], "the journal stays as it is");
}

/// Stopped in the middle, it is due again, and what was done stays done.
async fn an_index_that_was_interrupted_is_due_again(g: Ground) {
    let s = scene(g).await;
    s.g.tamper("DELETE FROM record_link WHERE role = 'holder_team'").await;
    assert!(is_due(&s.g.store).await.unwrap());
    let store = s.g.store.clone();
    let stopped = tokio::spawn(async move { reindex_if_due(&store, &mut |_| panic!("stopped")).await });
    assert!(stopped.await.is_err());
    assert!(is_due(&s.g.store).await.unwrap(), "nobody wrote down that it was done");
    assert!(reindex_if_due(&s.g.store, &mut |_| {}).await.unwrap().is_some());
    assert!(look_for(&s.g, None).await.is_clean());
    assert_eq!(reindex_if_due(&s.g.store, &mut |_| panic!("looked again")).await.unwrap(), None);
}

async fn looks_edited_removed_and_cut(g: Ground) {
    let s = scene(g).await;
    s.g.tamper("UPDATE look SET parts = 'nothing' WHERE number = 2").await;
    expect(&s.g, &[Wrong::LookAltered]).await;
    s.g.tamper("UPDATE look SET parts = 'part 1' WHERE number = 2").await;
    assert!(look_for(&s.g, None).await.is_clean());
    s.g.tamper("DELETE FROM look WHERE number = 5").await;
    expect(&s.g, &[Wrong::LooksMissing]).await;
    s.g.tamper("DELETE FROM look WHERE number = 3").await;
    let report = look_for(&s.g, None).await;
    assert!(report.findings.iter().any(|f| f.words == "looks 3 to 3 are missing"), "{report:#?}");
}

/// The usual reason: it was written about the wrong person. It is taken back first, and
/// then its text is taken out.
async fn text_taken_out_of_a_mistake(g: Ground) {
    let s = scene(g).await;
    let mut tx = s.g.store.write().await.unwrap();
    let mistake = tx.enter_in_error(&writing(), &s.need).await.unwrap();
    let mut now = mistake;
    for version in 1..=5 {
        let blank = Need { words: "taken out".into(), ..now.value.clone() };
        now = tx.take_out(&writing(), &now.meta, &blank, version).await.unwrap();
    }
    assert!(now.meta.entered_in_error);
    tx.commit().await.unwrap();
    let report = look_for(&s.g, None).await;
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!(report.taken_out.len(), 5);
    let versions = s.g.store.read().await.unwrap().list_versions::<Need>(s.need.meta.id).await.unwrap();
    assert_eq!(versions.iter().filter(|v| v.value.is_none()).count(), 5);
    assert!(s.g.texts("SELECT body FROM payload WHERE body LIKE '%somewhere%'").await.is_empty());
    assert!(s.g.texts("SELECT body FROM record WHERE body LIKE '%somewhere%'").await.is_empty());
}

async fn text_taken_out_properly_and_not(g: Ground) {
    let s = scene(g).await;
    let why =
        Writing { basis: "retention; two people: c1, c2; held for the wrong person".into(), ..writing() };
    let mut tx = s.g.store.write().await.unwrap();
    let kept = tx.take_out(&why, &s.need.meta, &s.need.value, 2).await.unwrap();
    tx.commit().await.unwrap();
    let report = look_for(&s.g, None).await;
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!(report.taken_out, [(s.need.meta.id, 2)]);
    let versions = s.g.store.read().await.unwrap().list_versions::<Need>(s.need.meta.id).await.unwrap();
    assert!(versions[1].value.is_none() && versions[0].value.is_some());
    assert_eq!(versions[1].removed.as_deref(), Some(why.basis.as_str()));
    assert_eq!(versions[4].action, "took out the text of version 2");

    let mut tx = s.g.store.write().await.unwrap();
    assert!(tx.take_out(&why, &kept.meta, &kept.value, 2).await.is_err(), "it is gone already");
    drop(tx);
    let id = s.g.id(s.need.meta.id.0);
    s.g.tamper(&format!("UPDATE payload SET body = NULL, removed = 'x' WHERE record = {id} AND version = 3"))
        .await;
    expect(&s.g, &[Wrong::PayloadTakenOutSilently]).await;
}

fn key() -> SigningFile {
    SigningFile::from_random([7; 32])
}

async fn checkpoints_find_what_nothing_inside_can(g: Ground) {
    let s = scene(g).await;
    let file = s.g.file("checkpoint.json");
    let made = checkpoint::make(&s.g.store, &key(), NOW).await.unwrap();
    made.save(&file).unwrap();
    assert!(made.save(&file).is_err(), "a checkpoint is never replaced");
    let kept = Checkpoint::load(&file).unwrap();
    assert_eq!(kept, made);
    assert_eq!((kept.entries, kept.chains), (13, 4));
    let clean = verify(&s.g.store, Some(&kept), Some(&key().public()), &mut |_| {}).await.unwrap();
    assert!(clean.is_clean(), "{:#?}", clean.findings);
    assert!(clean.proves().contains("Nothing that the checkpoint saw"));

    // What came after the checkpoint is no fault.
    let later = a_need(&s.g.store, s.who, "later").await;
    assert!(look_for(&s.g, Some(&kept)).await.is_clean());

    // An old text rewritten, every later hash and the head as well: whole in itself.
    let last = s.chain().rewrite(3, "warm", "cold").await;
    s.chain().put_head(6, &last).await;
    let inside = look_for(&s.g, None).await;
    assert!(inside.is_clean(), "as the page says, nothing inside can tell: {:#?}", inside.findings);
    let report = look_for(&s.g, Some(&kept)).await;
    assert_eq!(wrongs(&report), [Wrong::CheckpointDiffers].into());
    assert_eq!(report.findings[0].chain, Some(s.who.0));
    let quick = checkpoint::check(&kept, &mut s.g.store.read().await.unwrap()).await.unwrap();
    assert_eq!(quick.len(), 1);
    let last = s.chain().rewrite(3, "cold", "warm").await;
    s.chain().put_head(6, &last).await;
    assert!(look_for(&s.g, Some(&kept)).await.is_clean());

    // The newest entries cut, with their rows and the head.
    for number in [6, 5] {
        cut(&s, number, later.meta.id.0).await;
    }
    assert!(look_for(&s.g, None).await.is_clean());
    let report = look_for(&s.g, Some(&kept)).await;
    assert_eq!(wrongs(&report), [Wrong::CheckpointDiffers].into());
    assert!(report.findings[0].words.contains("it was cut"), "{:?}", report.findings);
    let quick = checkpoint::check(&kept, &mut s.g.store.read().await.unwrap()).await.unwrap();
    assert_eq!(quick.len(), 1);
}

async fn a_checkpoint_itself_altered(g: Ground) {
    let s = scene(g).await;
    let made = checkpoint::make(&s.g.store, &key(), NOW).await.unwrap();
    let partnership = Some(the_place().partnership);
    assert_eq!(made.faults(partnership, Some(&key().public())), Vec::<String>::new());
    let other = SigningFile::from_random([8; 32]);
    assert_eq!(made.faults(partnership, Some(&other.public())).len(), 1);
    assert_eq!(made.faults(Some(Uuid::max()), None).len(), 1);
    let mut altered = made.clone();
    altered.heads[1].number += 1;
    assert_eq!(altered.faults(partnership, None).len(), 1);
    let mut altered = made.clone();
    altered.at = Instant(0);
    assert_eq!(altered.faults(partnership, None).len(), 1);
    let mut altered = made.clone();
    altered.heads.pop();
    altered.chains -= 1;
    assert_eq!(altered.faults(partnership, None).len(), 2, "the count of entries, and the signature");
    let report = look_for(&s.g, Some(&altered)).await;
    assert!(wrongs(&report).contains(&Wrong::BadCheckpoint));
    // Signed anew by somebody else: only the key that the operator knows tells.
    let forged = checkpoint::make(&s.g.store, &other, NOW).await.unwrap();
    let report = verify(&s.g.store, Some(&forged), Some(&key().public()), &mut |_| {}).await.unwrap();
    assert_eq!(wrongs(&report), [Wrong::BadCheckpoint].into());

    let file = s.g.file("key");
    key().save(&file).unwrap();
    assert_eq!(SigningFile::load(&file).unwrap().public(), key().public());
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "nobody else reads the key");
    }
}

async fn whole_chains_removed(g: Ground) {
    let s = scene(g).await;
    let made = checkpoint::make(&s.g.store, &key(), NOW).await.unwrap();
    let chain = s.g.id(s.who.0);
    let need = s.g.id(s.need.meta.id.0);
    for sql in [
        format!("DELETE FROM payload WHERE record IN ({chain}, {need})"),
        format!("DELETE FROM record_link WHERE record IN ({chain}, {need})"),
        format!("DELETE FROM record WHERE id IN ({chain}, {need})"),
        format!("DELETE FROM journal WHERE chain = {chain}"),
    ] {
        s.g.tamper(&sql).await;
    }
    expect(&s.g, &[Wrong::TailCut]).await;
    s.g.tamper(&format!("DELETE FROM chain WHERE id = {chain}")).await;
    s.g.tamper("DELETE FROM look").await;
    s.g.tamper("DELETE FROM chain WHERE kind = 'looks'").await;
    assert!(look_for(&s.g, None).await.is_clean());
    let report = look_for(&s.g, Some(&made)).await;
    assert_eq!((report.wrong, wrongs(&report)), (2, [Wrong::CheckpointDiffers].into()));
}

/// The forger's tools agree with what is stored: else the tests prove nothing.
#[tokio::test]
async fn the_forger_reads_entries_rightly() {
    let s = scene(Ground::sqlite().await).await;
    for number in 1..=5 {
        let e = s.chain().entry(number).await;
        let sql = format!("SELECT hash FROM journal WHERE chain = {} AND number = {number}", s.g.id(s.who.0));
        assert_eq!(s.g.bytes(&sql).await[0], e.header.hash());
        assert_eq!(e.header.commitment, commitment(&e.salt, e.body.as_bytes()));
    }
}

/// The form of a commitment, written down once more without the store's own code: a
/// change of it would make every stored journal unverifiable.
#[test]
fn the_commitment_is_what_it_was() {
    let (salt, body) = ([3u8; 16], b"{}");
    let mut sha = Sha256::new();
    for field in [b"kith payload 1".as_slice(), &salt, body] {
        sha.update((field.len() as u64).to_be_bytes());
        sha.update(field);
    }
    assert_eq!(commitment(&salt, body), <Hash>::from(sha.finalize()));
}

/// The same for the hash of an entry.
#[test]
fn the_hash_of_an_entry_is_what_it_was() {
    let u = Uuid::from_u128;
    let header = Header {
        chain: u(1),
        number: 2,
        person: None,
        record: u(3),
        version: 4,
        kind: "need".into(),
        schema: 1,
        action: "need added".into(),
        at: -5,
        author: "{}".into(),
        recorded_for: None,
        owner: u(1),
        basis: "B3".into(),
        previous: [6; 32],
        commitment: [7; 32],
    };
    let mut sha = Sha256::new();
    let mut add = |bytes: &[u8]| {
        sha.update((bytes.len() as u64).to_be_bytes());
        sha.update(bytes);
    };
    add(b"kith journal 1");
    add(u(1).as_bytes());
    add(&2i64.to_be_bytes());
    add(b"");
    add(u(3).as_bytes());
    add(&4i64.to_be_bytes());
    add(b"need");
    add(&1i64.to_be_bytes());
    add(b"need added");
    add(&(-5i64).to_be_bytes());
    add(b"{}");
    add(b"\xff");
    add(u(1).as_bytes());
    add(b"B3");
    add(&[6; 32]);
    add(&[7; 32]);
    assert_eq!(header.hash(), <Hash>::from(sha.finalize()));
}

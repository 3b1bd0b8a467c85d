//! Backup and restore: what comes back is what was there, on the same engine and on the
//! other, and nothing that is damaged comes back at all.

use crate::both;
use crate::place::*;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::link;
use kith_domain::may_send::{AboutNobody, MayLeave};
use kith_domain::need::Need;
use kith_store::code::CodeRow;
use kith_store::copy::{about, backup, compare, count_rows, digest, move_over, restore};
use kith_store::follow::Cursor;
use kith_store::geography::{AreaRow, PostcodeRow};
use kith_store::outbox::NewMessage;
use kith_store::reindex::reindex;
use kith_store::session::SessionRow;
use kith_store::verify::verify;
use kith_store::{Store, StoreError};
use std::path::Path;

const NOBODY: MayLeave<'static> = MayLeave::AboutNobody(AboutNobody::Reminder);

both! {
    a_backup_comes_back, it_goes_on_after_a_restore, only_into_an_empty_database, sign_ins_are_not_revived,
    the_backup_of_every_release_comes_back,
    a_damaged_backup_is_refused_whole, a_move_takes_everything_along,
    a_move_finds_out_who_still_writes, a_move_needs_an_empty_place, an_empty_database_can_be_copied, a_difference_is_named,
}

fn code(hash: u8, used: Option<i64>) -> CodeRow {
    CodeRow {
        hash: vec![hash; 32],
        kind: "paper".into(),
        subject: id(),
        detail: "{}".into(),
        created: NOW.0,
        expires: NOW.plus_days(7).0,
        used,
        attempts: 0,
    }
}

/// Something in every table.
async fn fill(store: &Store) -> (PersonId, RecordId) {
    let mut tx = store.write().await.unwrap();
    tx.create(&writing(), "place made", of_nobody(), &the_place()).await.unwrap();
    tx.save_setting("made_up", "yes \u{1F9E1} \"quoted\"\n").await.unwrap();
    tx.record_submission(id(), "aisha", NOW, "/people/1").await.unwrap();
    tx.save_draft("aisha", "plan", None, NOW, "half a sentence").await.unwrap();
    tx.record_code(&code(1, Some(NOW.0))).await.unwrap();
    tx.record_code(&code(2, None)).await.unwrap();
    tx.take_lease("nightly", id(), 60).await.unwrap().unwrap();
    let account = kith_store::account::Account {
        id: id(),
        who: "{}".into(),
        login: "a@example.org".into(),
        password: "$argon2id$".into(),
        totp: None,
        totp_step: 5,
        failed: 0,
        wait_until: 0,
        suspended: 0,
        created: NOW.0,
    };
    tx.save_account(&account).await.unwrap();
    let session = SessionRow {
        token: vec![9; 32],
        whose: "worker:a".into(),
        account: Some(account.id),
        actor: "{}".into(),
        csrf: "c".into(),
        created: NOW.0,
        seen: NOW.0,
        authenticated: NOW.0,
        aal: 2,
        method: "password".into(),
        client: None,
        browser: "a browser".into(),
        shared: 0,
        ended: None,
    };
    tx.save_session(&session).await.unwrap();
    tx.record_device(&[7; 32], "worker:a", NOW).await.unwrap();
    let passkey = kith_store::ways_in::PasskeyRow {
        id: vec![1; 16],
        whose: "worker:a".into(),
        actor: "{}".into(),
        name: "My phone".into(),
        cose: vec![2; 77],
        counter: 3,
        created: NOW.0,
        seen: None,
    };
    assert!(tx.record_passkey(&passkey).await.unwrap());
    let elsewhere = kith_store::ways_in::ElsewhereRow {
        issuer: "https://login.example.org".into(),
        subject: "s-1".into(),
        whose: "worker:a".into(),
        actor: "{}".into(),
        created: NOW.0,
        seen: Some(NOW.0),
    };
    assert!(tx.record_elsewhere(&elsewhere).await.unwrap());
    let message = NewMessage {
        id: id(),
        at: NOW.0,
        person: None,
        channel: "email".into(),
        address: "a@example.org".into(),
        subject: "s".into(),
        body: "b".into(),
        dedupe: "d".into(),
        guard: None,
    };
    tx.record_message(&message, NOBODY).await.unwrap();
    for (n, (lat, lon)) in [(0.1 + 0.2, -2.230_911_111_111_111_3), (54.0, -0.0)].into_iter().enumerate() {
        let row = PostcodeRow { code: format!("ZZ{n} 1AA"), lat, lon, area: "E1".into() };
        tx.save_postcode(&row).await.unwrap();
    }
    let area = AreaRow {
        code: "E1".into(),
        kind: "neighbourhood".into(),
        name: "Éast".into(),
        parent: String::new(),
        body: "{}".into(),
    };
    tx.save_area(&area).await.unwrap();
    tx.commit().await.unwrap();
    let who = a_person(store, "Badger \u{202e}\u{5e9}").await;
    let need = a_need(store, who, "somewhere dry").await;
    reword(store, &need, "somewhere warm").await.unwrap();
    for n in 0..150 {
        a_need(store, who, &format!("need {n}")).await;
    }
    store.looks().record(vec![crate::looks::look(who, 1), crate::looks::look(who, 2)]).await.unwrap();
    (who, need.meta.id)
}

/// Where the backups of releases are kept. They are never rewritten.
fn releases() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/backups")
}

/// Writes the backup of a release, when a release is made: does nothing without
/// `KITH_WRITE_BACKUP`, the name of its file.
#[tokio::test]
async fn helper_writes_the_backup_of_a_release() {
    let Ok(name) = std::env::var("KITH_WRITE_BACKUP") else { return };
    let g = Ground::sqlite().await;
    fill(&g.store).await;
    quietly_backup(&g.store, &releases().join(name)).await;
}

/// A backup that any release wrote comes back, into either engine, with every value readable
/// and every chain whole.
async fn the_backup_of_every_release_comes_back(g: Ground) {
    let mut found = 0;
    for entry in std::fs::read_dir(releases()).unwrap() {
        let path = entry.unwrap().path();
        let fresh = g.another().await;
        let made = restore(&fresh.store, &path, &mut |_, _| {}).await.unwrap();
        assert!(made.rows() > 100, "{}", path.display());
        // What a later program finds things by is computed anew from the values.
        reindex(&fresh.store, &mut |_| {}).await.unwrap();
        let report = verify(&fresh.store, None, None, &mut |_| {}).await.unwrap();
        assert!(report.is_clean(), "{}: {:#?}", path.display(), report.findings);
        let people = fresh.store.read().await.unwrap().list_people_after(None, 9).await.unwrap();
        assert!(!people.is_empty());
        fresh.clear().await;
        found += 1;
    }
    assert!(found >= 1, "every release has its backup");
}

async fn quietly_backup(store: &Store, path: &Path) -> kith_store::copy::Manifest {
    backup(store, path, NOW, &mut |_, _| {}).await.unwrap()
}

/// Out of one engine into the other and back, whichever there are.
async fn a_backup_comes_back(g: Ground) {
    let (who, need) = fill(&g.store).await;
    let file = g.file("kith.backup");
    let mut told = 0;
    let made = backup(&g.store, &file, NOW, &mut |_, _| told += 1).await.unwrap();
    assert!(told >= made.tables.len());
    assert!(made.tables.iter().all(|t| t.rows > 0), "something in every table: {made:?}");
    assert_eq!(about(&file).unwrap(), made.about);
    assert_eq!(made.about.partnership, Some(the_place().partnership));
    assert!(backup(&g.store, &file, NOW, &mut |_, _| {}).await.is_err(), "a backup is never replaced");

    let other = if g.is_postgres() { Ground::sqlite().await } else { g.another().await };
    assert_eq!(restore(&other.store, &file, &mut |_, _| {}).await.unwrap(), made);
    assert_eq!(compare(&g.store, &other.store).await.unwrap(), []);
    assert_eq!(digest(&other.store).await.unwrap(), made.tables);

    let back_file = g.file("and-back.backup");
    quietly_backup(&other.store, &back_file).await;
    let back = g.another().await;
    restore(&back.store, &back_file, &mut |_, _| {}).await.unwrap();
    assert_eq!(compare(&g.store, &back.store).await.unwrap(), []);
    let report = verify(&back.store, None, None, &mut |_| {}).await.unwrap();
    assert!(report.is_clean() && report.entries == 154, "{report:?}");
    assert_eq!(words_of(&back.store, who, need).await, "somewhere warm");
    let lead = holder().lead.unwrap();
    let mut tx = back.store.read().await.unwrap();
    assert_eq!(tx.list_linked::<Need>(link::HOLDER_LEAD, lead, true, 500).await.unwrap().len(), 151);
    drop(tx);
    other.clear().await;
    back.clear().await;
}

async fn it_goes_on_after_a_restore(g: Ground) {
    let (who, need) = fill(&g.store).await;
    let file = g.file("kith.backup");
    quietly_backup(&g.store, &file).await;
    let copy = g.another().await;
    restore(&copy.store, &file, &mut |_, _| {}).await.unwrap();
    let found = copy.store.read().await.unwrap().find::<Need>(need).await.unwrap().unwrap();
    reword(&copy.store, &open(who, found), "somewhere safe").await.unwrap();
    a_need(&copy.store, who, "new").await;
    copy.store.looks().record(vec![crate::looks::look(who, 3)]).await.unwrap();
    let report = verify(&copy.store, None, None, &mut |_| {}).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    // A follower that starts again reads everything, the new entries last.
    let mut all = Vec::new();
    for _ in 0..400 {
        all = copy.store.read().await.unwrap().list_journal_after(Cursor::default(), 1_000).await.unwrap();
        if all.len() == 156 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(all.len(), 156);
    assert_eq!((all[154].record, all[154].version), (need, 3));
    copy.clear().await;
}

async fn only_into_an_empty_database(g: Ground) {
    fill(&g.store).await;
    let file = g.file("kith.backup");
    quietly_backup(&g.store, &file).await;
    let before = digest(&g.store).await.unwrap();
    let refused = restore(&g.store, &file, &mut |_, _| {}).await;
    assert!(matches!(&refused, Err(StoreError::Refused(why)) if why.contains("empty")), "{refused:?}");
    assert_eq!(digest(&g.store).await.unwrap(), before);
    let used = g.another().await;
    let mut tx = used.store.write().await.unwrap();
    tx.take_lease("nightly", id(), 60).await.unwrap();
    tx.commit().await.unwrap();
    assert!(restore(&used.store, &file, &mut |_, _| {}).await.is_err(), "even a lease is something");
    used.clear().await;
}

async fn sign_ins_are_not_revived(g: Ground) {
    fill(&g.store).await;
    let file = g.file("kith.backup");
    quietly_backup(&g.store, &file).await;
    let copy = g.another().await;
    restore(&copy.store, &file, &mut |_, _| {}).await.unwrap();
    let mut tx = copy.store.read().await.unwrap();
    assert!(tx.find_session(&[9; 32]).await.unwrap().is_none());
    assert!(tx.find_code(&[2; 32]).await.unwrap().is_none(), "a code not yet used is left out");
    assert!(tx.find_code(&[1; 32]).await.unwrap().unwrap().used.is_some(), "a used one stays used");
    assert_eq!(tx.find_account("a@example.org").await.unwrap().unwrap().totp_step, 5);
    drop(tx);
    let mut tx = copy.store.write().await.unwrap();
    assert_eq!(tx.take_lease("nightly", id(), 60).await.unwrap().unwrap().fence, 1);
    drop(tx);
    copy.clear().await;
}

async fn a_damaged_backup_is_refused_whole(g: Ground) {
    fill(&g.store).await;
    let file = g.file("kith.backup");
    quietly_backup(&g.store, &file).await;
    let packed = std::fs::read(&file).unwrap();
    let text = String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let with = |lines: Vec<String>| zstd::encode_all(lines.join("\n").as_bytes(), 1).unwrap();
    let change = |from: &str, to: &str| {
        assert!(text.contains(from));
        zstd::encode_all(text.replacen(from, to, 1).as_bytes(), 1).unwrap()
    };
    let without = |n: usize| {
        with(lines.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, l)| l.to_string()).collect())
    };
    let a_need = lines.iter().position(|l| l.contains("need 77")).unwrap();
    let damaged = [
        ("a word changed", change("somewhere warm", "somewhere cold")),
        ("a row gone", without(a_need)),
        ("its end gone", without(lines.len() - 1)),
        ("its first line gone", without(0)),
        ("a table gone", without(lines.iter().position(|l| l.contains("\"postcode\"")).unwrap())),
        ("another form", change("\"kith_backup\":1", "\"kith_backup\":2")),
        ("newer tables", change("\"schema\":", "\"schema\":9")),
        ("a row that is none", change("[\"ZZ0 1AA\"", "[7,\"ZZ0 1AA\"")),
        ("cut in the middle", packed[..packed.len() / 2].to_vec()),
        ("not a backup", b"hello".to_vec()),
        ("nothing", Vec::new()),
    ];
    let target = g.another().await;
    for (what, bytes) in damaged {
        let path = g.file("damaged");
        std::fs::write(&path, bytes).unwrap();
        let refused = restore(&target.store, &path, &mut |_, _| {}).await;
        assert!(refused.is_err(), "{what}");
        assert!(digest(&target.store).await.unwrap().iter().all(|t| t.rows == 0), "{what}: nothing was kept");
    }
    restore(&target.store, &file, &mut |_, _| {}).await.unwrap();
    target.clear().await;
}

async fn an_empty_database_can_be_copied(g: Ground) {
    let file = g.file("empty.backup");
    let made = quietly_backup(&g.store, &file).await;
    assert_eq!((made.rows(), made.about.partnership), (0, None));
    let copy = g.another().await;
    restore(&copy.store, &file, &mut |_, _| {}).await.unwrap();
    a_person(&copy.store, "First").await;
    copy.clear().await;
}

async fn a_difference_is_named(g: Ground) {
    fill(&g.store).await;
    let file = g.file("kith.backup");
    quietly_backup(&g.store, &file).await;
    let copy = g.another().await;
    restore(&copy.store, &file, &mut |_, _| {}).await.unwrap();
    copy.tamper("UPDATE postcode SET lat = lat + 0.000001 WHERE code = 'ZZ1 1AA'").await;
    copy.tamper("DELETE FROM draft").await;
    let differing = compare(&g.store, &copy.store).await.unwrap();
    let named: Vec<_> = differing.iter().map(|d| (d.table.as_str(), d.here, d.there)).collect();
    assert_eq!(named, [("draft", 1, 0), ("postcode", 2, 2)]);
    copy.clear().await;
}

/// Across the engines in both directions, when there are both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_postgres_and_back() {
    let Some(middle) = Ground::postgres().await else { return };
    let (first, last) = (Ground::sqlite().await, Ground::sqlite().await);
    fill(&first.store).await;
    let (out, back) = (first.file("out"), first.file("back"));
    quietly_backup(&first.store, &out).await;
    restore(&middle.store, &out, &mut |_, _| {}).await.unwrap();
    assert_eq!(compare(&first.store, &middle.store).await.unwrap(), []);
    quietly_backup(&middle.store, &back).await;
    restore(&last.store, &back, &mut |_, _| {}).await.unwrap();
    assert_eq!(compare(&first.store, &last.store).await.unwrap(), []);
    assert!(verify(&middle.store, None, None, &mut |_| {}).await.unwrap().is_clean());
    middle.clear().await;
}

/// Out of this engine into the other, where there is one: everything, codes on their way
/// included, but nobody's sign-in.
async fn a_move_takes_everything_along(g: Ground) {
    let (who, need) = fill(&g.store).await;
    let other = if g.is_postgres() {
        Ground::sqlite().await
    } else {
        match Ground::postgres().await {
            Some(ground) => ground,
            None => g.another().await,
        }
    };
    let mut told = 0;
    let all = count_rows(&g.store).await.unwrap();
    let moved = move_over(&g.store, &other.store, Some(NOW), &mut |_, _| told += 1).await.unwrap();
    assert_eq!(moved.rows(), all);
    assert!(told >= moved.tables.len());
    assert_eq!(words_of(&other.store, who, need).await, "somewhere warm");
    let mut tx = other.store.read().await.unwrap();
    assert!(tx.find_code(&[2; 32]).await.unwrap().is_some(), "a code on its way goes along");
    assert!(tx.find_session(&[9; 32]).await.unwrap().is_none(), "nobody stays signed in");
    assert_eq!(tx.find_setting("moved").await.unwrap(), None, "the new one is not closed");
    drop(tx);
    let mut tx = g.store.read().await.unwrap();
    assert!(tx.find_setting("moved").await.unwrap().is_some(), "the old one is");
    drop(tx);
    assert!(verify(&other.store, None, None, &mut |_| {}).await.unwrap().is_clean());
    // It goes on: new entries get new numbers.
    a_need(&other.store, who, "new").await;
    assert!(verify(&other.store, None, None, &mut |_| {}).await.unwrap().is_clean());
    let again = g.another().await;
    let twice = move_over(&g.store, &again.store, None, &mut |_, _| {}).await;
    assert!(matches!(&twice, Err(StoreError::Refused(why)) if why.contains("before")), "{twice:?}");
    other.clear().await;
    again.clear().await;
}

async fn a_move_finds_out_who_still_writes(g: Ground) {
    fill(&g.store).await;
    let target = g.another().await;
    let late = g.store.clone();
    let mut wrote = false;
    // The first table has gone over when somebody writes to it.
    let moved = move_over(&g.store, &target.store, Some(NOW), &mut |table, _| {
        if table == "postcode" && !wrote {
            wrote = true;
            let late = late.clone();
            let task = async move {
                let mut tx = late.write().await.unwrap();
                tx.save_setting("late", "a server that was not stopped").await.unwrap();
                tx.commit().await.unwrap();
            };
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(task));
        }
    })
    .await;
    assert!(wrote);
    assert!(matches!(&moved, Err(StoreError::Refused(why)) if why.contains("Stop kith serve")), "{moved:?}");
    assert!(digest(&target.store).await.unwrap().iter().all(|t| t.rows == 0), "nothing was kept");
    assert_eq!(g.store.read().await.unwrap().find_setting("moved").await.unwrap(), None);
    target.clear().await;
}

async fn a_move_needs_an_empty_place(g: Ground) {
    fill(&g.store).await;
    let used = g.another().await;
    a_person(&used.store, "Already here").await;
    let before = digest(&used.store).await.unwrap();
    let refused = move_over(&g.store, &used.store, Some(NOW), &mut |_, _| {}).await;
    assert!(matches!(&refused, Err(StoreError::Refused(why)) if why.contains("empty")), "{refused:?}");
    assert_eq!(digest(&used.store).await.unwrap(), before);
    let (nothing, there) = (g.another().await, g.another().await);
    assert!(move_over(&nothing.store, &there.store, None, &mut |_, _| {}).await.is_err(), "nothing to move");
    for ground in [used, nothing, there] {
        ground.clear().await;
    }
}

//! What is not a record: submissions, drafts, accounts, sessions, codes, leases, messages,
//! settings.

use crate::both;
use crate::place::*;
use kith_domain::contact::{AboutNobody, Content, MayLeave, Outgoing, SafeContact, To, may_send};
use kith_domain::directory::{Group, Service};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::person::Person;
use kith_domain::record::Kind;
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Instant};
use kith_store::account::Account;
use kith_store::code::CodeRow;
use kith_store::outbox::NewMessage;
use kith_store::session::SessionRow;
use kith_store::setting::{DIRECTORY_REVISION, PARTNERSHIP_REVISION};
use kith_store::submission::Submitted;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

both! {
    a_form_is_answered_once, drafts_are_kept_until_sent, codes_work_once, a_step_of_the_code_app_works_once,
    sessions_end, leases_fence, a_lease_found_held_stays_until_the_commit, messages_are_told_once_and_can_stop, settings_and_revisions,
    the_oldest_that_wait_are_forgotten_first,
    the_directory_says_what_changed_since_a_revision,
}

async fn a_form_is_answered_once(g: Ground) {
    let form = id();
    let mut tasks = Vec::new();
    for n in 0..6 {
        let store = g.store.clone();
        tasks.push(tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            match tx.find_submission(form, "aisha").await.unwrap() {
                Submitted::New => {}
                before => return before == Submitted::New,
            }
            make_person(&mut tx, &format!("Twin {n}")).await;
            // Where two arrive together, the second is refused by the table itself.
            let made = tx.record_submission(form, "aisha", NOW, &format!("answer {n}")).await;
            made.is_ok() && tx.commit().await.is_ok()
        }));
    }
    let mut won = 0;
    for task in tasks {
        won += u32::from(task.await.unwrap());
    }
    assert_eq!(won, 1);
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.list_people_after(None, 100).await.unwrap().len(), 1);
    assert!(matches!(tx.find_submission(form, "aisha").await.unwrap(), Submitted::Before(_)));
    assert_eq!(tx.find_submission(form, "somebody else").await.unwrap(), Submitted::Foreign);
}

async fn drafts_are_kept_until_sent(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    tx.save_draft("aisha", "plan", None, NOW, "half a sent").await.unwrap();
    tx.save_draft("aisha", "plan", Some(PersonId(id())), Instant(NOW.0 + 1), "half a sentence")
        .await
        .unwrap();
    tx.save_draft("joan", "plan", None, NOW, "Joan's").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.write().await.unwrap();
    let kept = tx.find_draft("aisha", "plan").await.unwrap();
    assert_eq!(kept, Some((Instant(NOW.0 + 1), "half a sentence".into())));
    tx.clear_draft("aisha", "plan").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.find_draft("aisha", "plan").await.unwrap(), None);
    assert!(tx.find_draft("joan", "plan").await.unwrap().is_some());
    drop(tx);
    // What a form is about is for fewer people now: nobody finds what they had begun in it.
    let mut tx = g.store.write().await.unwrap();
    tx.save_draft("aisha", "plan", None, NOW, "again").await.unwrap();
    tx.save_draft("aisha", "another", None, NOW, "another").await.unwrap();
    tx.clear_drafts_of("plan").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    for who in ["aisha", "joan"] {
        assert_eq!(tx.find_draft(who, "plan").await.unwrap(), None);
    }
    assert!(tx.find_draft("aisha", "another").await.unwrap().is_some());
}

fn code(hash: u8, subject: Uuid, expires: Instant) -> CodeRow {
    CodeRow {
        hash: vec![hash; 32],
        kind: "paper".into(),
        subject,
        detail: "{}".into(),
        created: NOW.0,
        expires: expires.0,
        used: None,
        attempts: 0,
    }
}

async fn codes_work_once(g: Ground) {
    let (subject, week) = (id(), NOW.plus_days(7));
    let mut tx = g.store.write().await.unwrap();
    for hash in [1, 2, 3] {
        tx.record_code(&code(hash, subject, week)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..5 {
        let store = g.store.clone();
        tasks.push(tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            let used = tx.use_code(&[1; 32], NOW).await.unwrap();
            tx.commit().await.unwrap();
            used
        }));
    }
    let mut used = 0;
    for task in tasks {
        used += u32::from(task.await.unwrap());
    }
    assert_eq!(used, 1);
    let mut tx = g.store.write().await.unwrap();
    assert!(!tx.use_code(&[2; 32], week).await.unwrap(), "out of date at its last moment");
    tx.record_code_try(&[2; 32]).await.unwrap();
    tx.end_codes(subject, "paper", NOW).await.unwrap();
    assert!(!tx.use_code(&[3; 32], NOW).await.unwrap(), "ended");
    assert_eq!(tx.find_code(&[2; 32]).await.unwrap().unwrap().attempts, 1);
    assert_eq!(tx.list_codes(subject, "paper").await.unwrap().len(), 3);
    assert!(tx.find_code(&[9; 32]).await.unwrap().is_none());
    tx.commit().await.unwrap();
}

async fn a_step_of_the_code_app_works_once(g: Ground) {
    let account = Account {
        id: id(),
        who: "{}".into(),
        login: "aisha@example.org".into(),
        password: "$argon2id$".into(),
        totp: Some(vec![7; 20]),
        totp_step: 0,
        failed: 0,
        wait_until: 0,
        suspended: 0,
        created: NOW.0,
    };
    let mut tx = g.store.write().await.unwrap();
    tx.save_account(&account).await.unwrap();
    tx.record_wrong_try(account.id, NOW.plus_seconds(1)).await.unwrap();
    tx.record_wrong_try(account.id, NOW.plus_seconds(2)).await.unwrap();
    let kept = tx.find_account("aisha@example.org").await.unwrap().unwrap();
    assert_eq!(
        (kept.failed, kept.wait_until, kept.totp.as_deref()),
        (2, NOW.plus_seconds(2).0, Some(&[7; 20][..]))
    );
    assert!(tx.use_totp_step(account.id, 100).await.unwrap());
    assert!(!tx.use_totp_step(account.id, 100).await.unwrap(), "the same code again");
    assert!(!tx.use_totp_step(account.id, 99).await.unwrap(), "an earlier code");
    assert!(tx.use_totp_step(account.id, 101).await.unwrap());
    assert_eq!(tx.find_account("aisha@example.org").await.unwrap().unwrap().failed, 0);
    let other = Account { id: id(), ..account };
    assert!(tx.save_account(&other).await.is_err(), "one login name, one account");
}

async fn sessions_end(g: Ground) {
    let account = id();
    let row = |token: u8| SessionRow {
        token: vec![token; 32],
        whose: "worker:a".into(),
        account: Some(account),
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
    let mut tx = g.store.write().await.unwrap();
    for token in [1, 2, 3] {
        tx.save_session(&row(token)).await.unwrap();
    }
    tx.end_session(&[1; 32], NOW).await.unwrap();
    tx.end_sessions_of(account, NOW.plus_hours(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.find_session(&[1; 32]).await.unwrap().unwrap().ended, Some(NOW.0), "its first end stays");
    assert_eq!(tx.find_session(&[3; 32]).await.unwrap().unwrap().ended, Some(NOW.plus_hours(1).0));
    assert!(tx.find_session(&[4; 32]).await.unwrap().is_none());
    for token in [[1; 32], [3; 32], [4; 32]] {
        let (number, with) = tx.find_session_and_revision(&token, "partnership_revision").await.unwrap();
        let alone = tx.find_session(&token).await.unwrap();
        assert_eq!(number, tx.revision("partnership_revision").await.unwrap());
        assert_eq!(format!("{with:?}"), format!("{alone:?}"), "the same, with a revision beside it");
    }
}

async fn leases_fence(g: Ground) {
    let (one, two) = (id(), id());
    let take = async |holder, seconds| {
        let mut tx = g.store.write().await.unwrap();
        let lease = tx.take_lease("nightly check", holder, seconds).await.unwrap();
        tx.commit().await.unwrap();
        lease
    };
    let first = take(one, 1).await.unwrap();
    assert_eq!(take(two, 60).await, None, "held by another");
    assert_eq!(take(one, 1).await.unwrap().fence, first.fence, "renewed by its holder");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let second = take(two, 60).await.expect("it ran out");
    assert!(second.fence > first.fence);
    let mut tx = g.store.write().await.unwrap();
    // The first holder slept, wakes up, and is about to write.
    assert!(!tx.holds_lease(&first).await.unwrap());
    assert!(tx.holds_lease(&second).await.unwrap());
    assert_eq!(tx.take_lease("another job", one, 60).await.unwrap().unwrap().fence, 1);
}

/// A job that found its lease still held cannot be overtaken between that and its commit,
/// even when the lease runs out meanwhile.
async fn a_lease_found_held_stays_until_the_commit(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    let lease = tx.take_lease("job", id(), 1).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let mut job = g.store.write().await.unwrap();
    assert!(job.holds_lease(&lease).await.unwrap());
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let (store, done) = (g.store.clone(), std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)));
    let committed = done.clone();
    let next = tokio::spawn(async move {
        let mut tx = store.write().await.unwrap();
        let taken = tx.take_lease("job", id(), 60).await.unwrap();
        assert!(committed.load(std::sync::atomic::Ordering::SeqCst), "taken before the job had committed");
        tx.commit().await.unwrap();
        taken
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    make_person(&mut job, "Made by the job").await;
    done.store(true, std::sync::atomic::Ordering::SeqCst);
    job.commit().await.unwrap();
    assert_eq!(next.await.unwrap().unwrap().fence, lease.fence + 1);
}

fn asked() -> SafeContact {
    SafeContact { asked: Some(NOW), ..SafeContact::default() }
}

async fn messages_are_told_once_and_can_stop(g: Ground) {
    let who = PersonId(id());
    let message = |dedupe: &str, person, at| NewMessage {
        id: id(),
        at,
        person,
        channel: "email".into(),
        address: "a@example.org".into(),
        subject: "Please look at Kith".into(),
        body: "There is something to read.".into(),
        dedupe: dedupe.into(),
        guard: None,
    };
    let (late, early) = (message("late", Some(who.0), NOW.0 + 9), message("early", None, NOW.0));
    let them = Person { safe_contact: asked(), ..person("Badger") };
    let out = Outgoing::new(To::Outside, Content::Free, NOW);
    let cleared = may_send(&them, &out, &Calendar::england(), &Settings::default()).unwrap();
    let (may, nobody) = (MayLeave::Cleared(&cleared), MayLeave::AboutNobody(AboutNobody::Asker));
    let mut tx = g.store.write().await.unwrap();
    assert!(tx.record_message(&late, nobody).await.is_err(), "about a person, and nobody cleared it");
    tx.record_message(&late, may).await.unwrap();
    tx.record_message(&early, nobody).await.unwrap();
    tx.record_message(&message("late", Some(who.0), NOW.0), may).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.write().await.unwrap();
    let waiting: Vec<Uuid> = tx.list_outbox(10).await.unwrap().iter().map(|m| m.id).collect();
    assert_eq!(waiting, [early.id, late.id], "oldest first, each key once, the first id stays");
    tx.record_sent(early.id, NOW).await.unwrap();
    tx.stop_messages(who, "the person died").await.unwrap();
    assert!(tx.list_outbox(10).await.unwrap().is_empty());
    tx.commit().await.unwrap();
}

async fn the_oldest_that_wait_are_forgotten_first(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    let until = |n: u8| Instant(NOW.0 + 1_000_000 + i64::from(n));
    for n in 0..6 {
        tx.record_waiting(&[n; 32], ("passkey", ""), (NOW, until(n))).await.unwrap();
        tx.record_waiting(&[n + 100; 32], ("another kind", ""), (NOW, until(n))).await.unwrap();
    }
    assert_eq!(tx.clear_waiting_beyond("passkey", 6).await.unwrap(), 0);
    assert_eq!(tx.clear_waiting_beyond("passkey", 4).await.unwrap(), 2);
    let mut left = Vec::new();
    for n in 0..6 {
        left.push(tx.take_waiting(&[n; 32], "passkey", NOW).await.unwrap().is_some());
        assert!(tx.take_waiting(&[n + 100; 32], "another kind", NOW).await.unwrap().is_some());
    }
    assert_eq!(left, [false, false, true, true, true, true]);
}

async fn settings_and_revisions(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    tx.save_setting("made_up", "yes").await.unwrap();
    tx.save_setting("made_up", "no").await.unwrap();
    assert_eq!(tx.find_setting("made_up").await.unwrap().as_deref(), Some("no"));
    assert_eq!(tx.find_setting("nothing").await.unwrap(), None);
    assert_eq!(tx.revision(PARTNERSHIP_REVISION).await.unwrap(), 0);
    tx.create(&writing(), "team added", of_nobody(), &team("A")).await.unwrap();
    tx.create(&writing(), "team added", of_nobody(), &team("B")).await.unwrap();
    make_person(&mut tx, "No reason to raise it").await;
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.revision(PARTNERSHIP_REVISION).await.unwrap(), 1, "once a transaction");
    assert_eq!(tx.revision(DIRECTORY_REVISION).await.unwrap(), 0);
}

async fn the_directory_says_what_changed_since_a_revision(g: Ground) {
    let changes = |after: i64, most: u32| {
        let store = g.store.clone();
        async move {
            let mut tx = store.read().await.unwrap();
            (
                tx.revision(DIRECTORY_REVISION).await.unwrap(),
                tx.list_directory_changes(after, most).await.unwrap(),
            )
        }
    };
    let service = |name: &str| Service::new(name, OrganisationId(Uuid::from_u128(77)));
    let mut tx = g.store.write().await.unwrap();
    let a = tx.create(&writing(), "service listed", of_nobody(), &service("A")).await.unwrap();
    let b = tx.create(&writing(), "service listed", of_nobody(), &service("B")).await.unwrap();
    tx.commit().await.unwrap();
    let ids = |rows: Vec<(Kind, RecordId)>| rows.into_iter().map(|(_, id)| id).collect::<BTreeSet<_>>();
    let (first, rows) = changes(0, 10).await;
    assert_eq!((first, ids(rows)), (1, BTreeSet::from([a.meta.id, b.meta.id])));
    let mut tx = g.store.write().await.unwrap();
    tx.change(&writing(), "service changed", &b.meta, &service("B, in the mill")).await.unwrap();
    tx.create(&writing(), "team added", of_nobody(), &team("No reason to list it")).await.unwrap();
    tx.commit().await.unwrap();
    let (second, rows) = changes(first, 10).await;
    assert_eq!((second, rows), (2, vec![(Kind::Service, b.meta.id)]), "once each, at the newest revision");
    assert!(changes(second, 10).await.1.is_empty());
    assert_eq!(changes(0, 1).await.1.len(), 2, "one more than asked for says that there are too many");
    let mut tx = g.store.write().await.unwrap();
    tx.change(&writing(), "service changed", &a.meta, &service("Never kept")).await.unwrap();
    drop(tx);
    assert!(changes(second, 10).await.1.is_empty(), "what was not kept did not change");
    let mut tx = g.store.read().await.unwrap();
    let nowhere = RecordId(Uuid::from_u128(5));
    let found = tx.list_common_of::<Service>(&[b.meta.id, nowhere]).await.unwrap();
    assert_eq!(found.iter().map(|s| s.value.name.as_str()).collect::<Vec<_>>(), ["B, in the mill"]);
    assert!(tx.list_common_of::<Group>(&[b.meta.id]).await.unwrap().is_empty(), "of one kind");
}

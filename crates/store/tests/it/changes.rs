//! A change is whole or not there, nothing is overwritten, and what comes out is what
//! went in.

use crate::both;
use crate::place::*;
use kith_domain::area::{Category, Sensitivity};
use kith_domain::guarding::{Guard, Hidden};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::link;
use kith_domain::marks::HiddenReview;
use kith_domain::need::Need;
use kith_domain::organisation::{Holder, Team};
use kith_domain::person::Person;
use kith_domain::record::Author;
use kith_domain::time::Instant;
use kith_store::write::ENTERED_IN_ERROR;
use kith_store::{NewRecord, StoreError, Writing};

both! {
    what_is_written_is_read, two_editors_one_wins, dropped_or_failed_nothing_is_kept, taken_ids_are_refused,
    a_mistake_stays_in_the_journal, every_version_can_be_read, a_packet_is_read_as_it_was_sent, nul_is_refused_cleanly, any_text_comes_back,
    links_find_and_follow_the_value, kinds_keep_their_side, a_change_sees_its_own_writes,
    thousands_in_one_transaction, the_wrong_kind_is_missing, a_guarded_line_is_read_as_it_is_guarded,
}

async fn what_is_written_is_read(g: Ground) {
    let who = a_person(&g.store, "Badger").await;
    let need = a_need(&g.store, who, "somewhere dry").await;
    let mut tx = g.store.read().await.unwrap();
    let person = open(who, tx.find::<Person>(who).await.unwrap().unwrap());
    assert_eq!(person.value.called, "Badger");
    assert_eq!((person.meta.version, person.meta.at, person.meta.created), (1, NOW, NOW));
    let found = tx.find::<Need>(need.meta.id).await.unwrap().unwrap();
    assert_eq!(found.item().person, Some(who));
    assert_eq!(open(who, found), need);
    let all = tx.list_of_person(who).await.unwrap();
    assert_eq!(all.of::<Need>().unwrap().len(), 1);
    assert!(tx.list_of_person(PersonId(id())).await.unwrap().is_empty());
    assert_eq!(tx.list_people_after(None, 10).await.unwrap(), [who]);
    assert_eq!(tx.list_people_after(Some(who), 10).await.unwrap(), []);
}

async fn two_editors_one_wins(g: Ground) {
    let who = a_person(&g.store, "Marlon").await;
    let old = a_need(&g.store, who, "supported housing").await;
    let first = reword(&g.store, &old, "a flat of my own").await.unwrap();
    assert_eq!((first.meta.version, first.meta.created), (2, NOW));
    let second = reword(&g.store, &old, "anywhere").await;
    let Err(StoreError::Conflict { id, expected: 1, now: 2 }) = second else { panic!("{second:?}") };
    assert_eq!(id, old.meta.id);
    assert_eq!(words_of(&g.store, who, old.meta.id).await, "a flat of my own");
}

/// What stands beside a sealed value is its label of today: without it nothing could be decided.
async fn a_guarded_line_is_read_as_it_is_guarded(g: Ground) {
    let who = a_person(&g.store, "Badger").await;
    let need = a_need(&g.store, who, "somewhere dry").await;
    let lead = holder().lead.unwrap();
    let review = HiddenReview { on: TODAY, holder: holder() };
    let guard = Guard {
        third_party: Some("Not to him".into()),
        hidden: Some(Hidden { harm: "He could be hurt".into(), review }),
        allow_list: vec![lead],
        marked: Vec::new(),
    };
    let categories = vec![Category::Offending];
    let guarded =
        Need { guard, categories: categories.clone(), sensitivity: Sensitivity::S4, ..need.value.clone() };
    let mut tx = g.store.write().await.unwrap();
    tx.change(&writing(), "who may read it changed", &need.meta, &guarded).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    let one = tx.find::<Need>(need.meta.id).await.unwrap().unwrap();
    let all = tx.list_of_person(who).await.unwrap().of::<Need>().unwrap();
    for label in [&one.item().label, &all[0].item().label] {
        assert_eq!(label.sensitivity, Sensitivity::S4);
        assert_eq!((&label.categories, &label.allow_list), (&categories, &vec![lead]));
        assert!(label.hidden && label.third_party);
    }
    // An earlier version comes under the label that it carried.
    let before = tx.list_versions::<Need>(need.meta.id).await.unwrap().remove(0).value.unwrap();
    assert!(!before.item().label.hidden && before.item().label.allow_list.is_empty());
}

async fn dropped_or_failed_nothing_is_kept(g: Ground) {
    let who = a_person(&g.store, "Aisha").await;
    let need = a_need(&g.store, who, "before").await;
    let mut tx = g.store.write().await.unwrap();
    let changed = Need { words: "after".into(), ..need.value.clone() };
    tx.change(&writing(), "need reworded", &need.meta, &changed).await.unwrap();
    drop(tx);
    assert_eq!(words_of(&g.store, who, need.meta.id).await, "before");

    // A statement that fails spoils the whole transaction, on both engines alike, even when
    // the caller does not look.
    let submission = id();
    let mut tx = g.store.write().await.unwrap();
    tx.record_submission(submission, "x", NOW, "once").await.unwrap();
    tx.change(&writing(), "need reworded", &need.meta, &changed).await.unwrap();
    assert!(tx.record_submission(submission, "x", NOW, "twice").await.is_err());
    assert!(tx.commit().await.is_err());
    assert_eq!(words_of(&g.store, who, need.meta.id).await, "before");
    reword(&g.store, &need, "at last").await.unwrap();
}

async fn taken_ids_are_refused(g: Ground) {
    let who = a_person(&g.store, "One").await;
    let mut tx = g.store.write().await.unwrap();
    let again = NewRecord { id: who.into(), ..of(who) };
    // It shows at the commit at the latest.
    let made = tx.create(&writing(), "person added", again, &person("Two")).await;
    let committed = tx.commit().await;
    assert!(made.is_err() || committed.is_err());
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(open(who, tx.find::<Person>(who).await.unwrap().unwrap()).value.called, "One");
}

async fn a_mistake_stays_in_the_journal(g: Ground) {
    let who = a_person(&g.store, "Ines").await;
    let need = a_need(&g.store, who, "written on the wrong page").await;
    let mut tx = g.store.write().await.unwrap();
    let gone = tx.enter_in_error(&writing(), &need).await.unwrap();
    assert!(gone.meta.entered_in_error);
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    assert!(tx.list_of_person(who).await.unwrap().of::<Need>().unwrap().is_empty());
    let lead = holder().lead.unwrap();
    assert!(tx.list_linked::<Need>(link::HOLDER_LEAD, lead, false, 10).await.unwrap().is_empty());
    assert_eq!(tx.list_versions::<Need>(need.meta.id).await.unwrap().len(), 2);
    drop(tx);
    let mut tx = g.store.write().await.unwrap();
    let sly = tx.create(&writing(), ENTERED_IN_ERROR, of(who), &need.value).await;
    assert!(matches!(sly, Err(StoreError::Refused(_))));
    // What was taken back stays taken back, whatever is written to it later.
    let later = tx.change(&writing(), "need reworded", &gone.meta, &gone.value).await.unwrap();
    assert!(later.meta.entered_in_error);
    assert_eq!(
        tx.list_versions::<Need>(need.meta.id).await.unwrap()[2].action,
        "entered in error; need reworded"
    );
    tx.commit().await.unwrap();
    assert!(kith_store::verify::verify(&g.store, None, None, &mut |_| {}).await.unwrap().is_clean());
}

async fn every_version_can_be_read(g: Ground) {
    let who = a_person(&g.store, "Joan").await;
    let mut need = a_need(&g.store, who, "version 1").await;
    let wish =
        Writing { recorded_for: Some(Author::Person { person: who }), ..writing_at(Instant(NOW.0 + 5)) };
    for n in 2..=4 {
        let mut tx = g.store.write().await.unwrap();
        let value = Need { words: format!("version {n}"), ..need.value.clone() };
        need = tx.change(&wish, "need reworded", &need.meta, &value).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = g.store.read().await.unwrap();
    let versions = tx.list_versions::<Need>(need.meta.id).await.unwrap();
    let seen: Vec<_> = versions
        .into_iter()
        .map(|v| {
            let saved = open(who, v.value.unwrap());
            assert_eq!(saved.meta.version, v.number);
            (v.number, v.action, saved.value.words, saved.meta.created, saved.meta.recorded_for.is_some())
        })
        .collect();
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[0], (1, "need added".into(), "version 1".into(), NOW, false));
    assert_eq!(seen[3], (4, "need reworded".into(), "version 4".into(), NOW, true));
    let third = tx.find_version::<Need>(need.meta.id, 3).await.unwrap().unwrap();
    assert_eq!(open(who, third).value.words, "version 3");
    assert!(tx.find_version::<Need>(need.meta.id, 5).await.unwrap().is_none());
    assert!(tx.find_version::<Person>(need.meta.id, 3).await.unwrap().is_none());
}

/// A packet names versions of several kinds; a newer version is not in it.
async fn a_packet_is_read_as_it_was_sent(g: Ground) {
    let who = a_person(&g.store, "Packed").await;
    let first = a_need(&g.store, who, "as it was sent").await;
    let newer = reword(&g.store, &first, "as it is now").await.unwrap();
    let mut packet = vec![(RecordId(who.0), 1), (first.meta.id, 1), (RecordId(id()), 1), (newer.meta.id, 7)];
    let mut tx = g.store.read().await.unwrap();
    let exactly = tx.list_exactly(&packet).await.unwrap();
    assert_eq!(tx.statements(), 1);
    let needs = exactly.of::<Need>().unwrap();
    assert_eq!(needs.len(), 1);
    assert_eq!(needs[0].item().version, 1);
    let words: Vec<_> =
        needs.into_iter().map(|n| open(who, n)).map(|n| (n.value.words, n.meta.created)).collect();
    assert_eq!(words, [("as it was sent".into(), NOW)]);
    assert_eq!(exactly.of::<Person>().unwrap().len(), 1);
    assert!(tx.list_exactly(&[]).await.unwrap().of::<Need>().unwrap().is_empty());
    drop(tx);
    for n in 0..70 {
        packet.push((a_need(&g.store, who, &format!("line {n}")).await.meta.id, 1));
    }
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.list_exactly(&packet).await.unwrap().of::<Need>().unwrap().len(), 71);
    assert_eq!(tx.statements(), 2);
}

async fn nul_is_refused_cleanly(g: Ground) {
    let who = a_person(&g.store, "Nell").await;
    let mut tx = g.store.write().await.unwrap();
    let made = tx.create(&writing(), "need added", of(who), &need("a\0b")).await;
    assert!(matches!(made, Err(StoreError::Refused(_))), "{made:?}");
    let made = tx.create(&writing(), "need\0added", of(who), &need("ab")).await;
    assert!(matches!(made, Err(StoreError::Refused(_))), "{made:?}");
    // Refused before it reached the database: the transaction is still good. And text that
    // only looks like an escaped NUL is text.
    assert!(matches!(tx.save_draft("a", "b", None, NOW, "\0").await, Err(StoreError::Refused(_))));
    assert!(matches!(tx.save_setting("a", "\0").await, Err(StoreError::Refused(_))));
    assert!(matches!(tx.record_submission(id(), "a", NOW, "\0").await, Err(StoreError::Refused(_))));
    let look = kith_store::look::Look { parts: "\0".into(), ..crate::looks::look(who, 1) };
    assert!(matches!(tx.record_looks(who.0, std::slice::from_ref(&look)).await, Err(StoreError::Refused(_))));
    assert!(tx.find_account("a\0b").await.unwrap().is_none());
    let fine = tx.create(&writing(), "need added", of(who), &need(r"a\u0000b \\u0000")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(words_of(&g.store, who, fine.meta.id).await, r"a\u0000b \\u0000");
    assert!(matches!(g.store.looks().record(vec![look]).await, Err(StoreError::Refused(_))));
}

async fn any_text_comes_back(g: Ground) {
    let texts = [
        "Zoë Ωμέγα \u{1F9E1} e\u{301} \u{5e9}\u{5dc}\u{5d5}\u{5dd} اردو 中文",
        "line\nline\r\n\ttab \u{7f} \u{200b} \u{202e}reversed\u{202c} \u{feff}",
        "'; DROP TABLE record; -- $1 ? {} \\ \" \u{1}\u{1f}",
        &"long ".repeat(40_000),
        "",
    ];
    let who = a_person(&g.store, texts[0]).await;
    for text in texts {
        let need = a_need(&g.store, who, text).await;
        assert_eq!(words_of(&g.store, who, need.meta.id).await, text);
    }
}

async fn links_find_and_follow_the_value(g: Ground) {
    let who = a_person(&g.store, "Noor").await;
    let (first, later) = (holder().lead.unwrap(), kith_domain::id::WorkerId(id()));
    let old = a_need(&g.store, who, "a bus pass").await;
    let mut tx = g.store.write().await.unwrap();
    let moved = Need { holder: Holder { lead: Some(later), ..holder() }, ..old.value.clone() };
    let moved = tx.change(&writing(), "handed over", &old.meta, &moved).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = g.store.read().await.unwrap();
    assert!(tx.list_linked::<Need>(link::HOLDER_LEAD, first, true, 10).await.unwrap().is_empty());
    let found = tx.list_linked::<Need>(link::HOLDER_LEAD, later, true, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].item().id, moved.meta.id);
    assert_eq!(tx.list_people_linked(link::HOLDER_LEAD, later).await.unwrap(), [who]);
    assert_eq!(tx.list_people_linked(link::HOLDER_TEAM, holder().team).await.unwrap(), [who]);
    drop(tx);

    let mut tx = g.store.write().await.unwrap();
    let done = kith_domain::need::NeedStatus::Finished { on: TODAY };
    let value = Need { status: done, ..moved.value.clone() };
    tx.change(&writing(), "need finished", &moved.meta, &value).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    assert!(tx.list_linked::<Need>(link::HOLDER_LEAD, later, true, 10).await.unwrap().is_empty());
    assert_eq!(tx.list_linked::<Need>(link::HOLDER_LEAD, later, false, 10).await.unwrap().len(), 1);
}

async fn kinds_keep_their_side(g: Ground) {
    let who = a_person(&g.store, "Sam").await;
    let mut tx = g.store.write().await.unwrap();
    let homeless = tx.create(&writing(), "need added", of_nobody(), &need("nobody's")).await;
    assert!(matches!(homeless, Err(StoreError::Refused(_))));
    let owned = tx.create(&writing(), "team added", of(who), &team("A person's team")).await;
    assert!(matches!(owned, Err(StoreError::Refused(_))));
    let made = tx.create(&writing(), "team added", of_nobody(), &team("Navigators")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.find_common::<Team>(made.meta.id).await.unwrap().unwrap(), made);
}

async fn a_change_sees_its_own_writes(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    let person = make_person(&mut tx, "Early").await;
    let who: PersonId = person.id();
    let need = tx.create(&writing(), "need added", of(who), &need("one")).await.unwrap();
    // Rows wait to be sent, and every read sends them first.
    assert_eq!(tx.list_of_person(who).await.unwrap().of::<Need>().unwrap().len(), 1);
    let two = Need { words: "two".into(), ..need.value.clone() };
    let need2 = tx.change(&writing(), "reworded", &need.meta, &two).await.unwrap();
    let three = Need { words: "three".into(), ..need.value.clone() };
    let need3 = tx.change(&writing(), "reworded", &need2.meta, &three).await.unwrap();
    let stale = tx.change(&writing(), "reworded", &need.meta, &two).await;
    assert!(matches!(stale, Err(StoreError::Conflict { expected: 1, now: 3, .. })), "{stale:?}");
    assert_eq!(tx.list_versions::<Need>(need.meta.id).await.unwrap().len(), 3);
    tx.commit().await.unwrap();
    assert_eq!(need3.meta.version, 3);
    assert_eq!(words_of(&g.store, who, need.meta.id).await, "three");
}

async fn thousands_in_one_transaction(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    for n in 0..700 {
        let person = make_person(&mut tx, &format!("Person {n}")).await;
        let who: PersonId = person.id();
        let one = tx.create(&writing(), "need added", of(who), &need("one")).await.unwrap();
        let two = Need { words: format!("two {n}"), ..one.value.clone() };
        tx.change(&writing(), "reworded", &one.meta, &two).await.unwrap();
    }
    let sent = tx.statements();
    tx.commit().await.unwrap();
    assert!(sent < 2_200, "{sent} statements for 2,100 versions: they are not gathered");
    let report = kith_store::verify::verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.entries, report.records, report.chains), (2_100, 1_400, 700));
    assert_eq!(report.findings, []);
}

async fn the_wrong_kind_is_missing(g: Ground) {
    let who = a_person(&g.store, "Robin").await;
    let need = a_need(&g.store, who, "x").await;
    let mut tx = g.store.read().await.unwrap();
    assert!(tx.find::<Person>(need.meta.id).await.unwrap().is_none());
    assert!(tx.find::<Need>(RecordId(who.0)).await.unwrap().is_none());
    drop(tx);
    let mut tx = g.store.write().await.unwrap();
    let wrong = tx.change(&writing(), "changed", &need.meta, &person("Not a need")).await;
    assert!(matches!(wrong, Err(StoreError::Missing)));
}

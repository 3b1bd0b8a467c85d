//! What one server saves, every other finds at once.
//!
//! - Given two servers over one database, when one brings in a list, then the other finds its services.
//! - When one changes a service, then the other's next search says so, and has read that one and no other.
//! - When an entry is marked as a mistake, then no server finds it any more.
//! - When more changed than is worth taking in one by one, everything is read anew, and is right.

use crate::both;
use crate::ground::{Ground, now};
use kith_care::Kith;
use kith_care::find::Search;
use kith_care::import::How;
use kith_domain::directory::Service;
use kith_domain::find::Query;
use kith_domain::record::{Author, Saved};
use kith_exchange::directory_csv::{Map, read};
use kith_store::Writing;

both!(another_server_finds_what_was_saved_at_once);

const LIST: &str = "id,name,runs it,postcode\n\
                    1,Debt advice,Advice Together,M33 7ZF\n\
                    2,Debt letters,Advice Together,M33 7ZF\n\
                    3,Breakfast club,Old Mill Church,M16 0LN\n";

async fn bring_in(kith: &Kith, text: &str) {
    let map = Map::parse(
        "must = [\"postcode\"]\n[source]\nname = \"services\"\npublisher = \"A council\"\nlicence = \"OGL 3\"\n\
         attribution = \"A council\"\n[fields]\nidentifier = \"id\"\nname = \"name\"\norganisation = \"runs it\"\n\
         postcode = \"postcode\"\nareas = { value = \"money\" }\n",
    )
    .unwrap();
    let drafts: Vec<_> = read(text.as_bytes(), &map, None, Some(now())).unwrap().into_drafts().collect();
    let who = kith.operator(now()).await.unwrap();
    kith.import_directory(&who, &map.source, &drafts, How::Write, |_| {}).await.unwrap();
}

/// The names that a server finds, of those that have the word: others only lie in the same part of life.
async fn found(kith: &Kith, words: &str) -> Vec<String> {
    let who = kith.operator(now()).await.unwrap();
    let query = Query { words: words.into(), ..Query::default() };
    let found = kith.find_support(&who, Search { query, ..Search::default() }).await.unwrap();
    let names = found.offered.into_iter().map(|o| o.name);
    let mut names: Vec<String> = names.filter(|name| name.to_lowercase().contains(words)).collect();
    names.sort();
    names
}

async fn another_server_finds_what_was_saved_at_once(ground: Ground) {
    let (here, there) = (ground.kith.clone(), ground.another().await);
    assert!(found(&there, "debt").await.is_empty());
    bring_in(&here, LIST).await;
    assert_eq!(found(&there, "debt").await, ["Debt advice", "Debt letters"]);
    assert_eq!(found(&here, "debt").await, ["Debt advice", "Debt letters"]);

    // Something that no server was told of: whoever read everything again would find it.
    let sql = "UPDATE record SET body = replace(body, 'Debt letters', 'Debt secrets') \
               WHERE kind = 'service' RETURNING kind";
    assert_eq!(ground.texts(sql).await.len(), 3);
    bring_in(&here, &LIST.replace("Debt advice", "Debt talks")).await;
    assert_eq!(found(&there, "debt").await, ["Debt letters", "Debt talks"], "only what changed is read");
    let sql = "UPDATE record SET body = replace(body, 'Debt secrets', 'Debt letters') \
               WHERE kind = 'service' RETURNING kind";
    ground.texts(sql).await;

    let mut tx = here.store().read().await.unwrap();
    let all = tx.list_common::<Service>().await.unwrap();
    drop(tx);
    let letters: &Saved<Service> = all.iter().find(|s| s.value.name == "Debt letters").unwrap();
    let writing =
        Writing { at: now(), author: Author::Operator, recorded_for: None, basis: "administration".into() };
    let mut tx = here.store().write().await.unwrap();
    tx.enter_in_error(&writing, letters).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&there, "debt").await, ["Debt talks"]);
    assert_eq!(found(&here, "debt").await, ["Debt talks"]);

    // A server that has just started reads everything.
    assert_eq!(found(&ground.another().await, "debt").await, ["Debt talks"]);
    there.store().close().await;
}

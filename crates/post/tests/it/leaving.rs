//! - Given messages in the outbox and a mail server, when a round is carried, then each has
//!   arrived once, and its text is erased here.
//! - Given a server that goes away half-way, when the next rounds are carried, then the
//!   message arrives, under the same Message-ID.
//! - Given a server that is down, then no message loses a try, and the manager is told.
//! - Given an address that does not exist, then the message is given up and shown.
//! - Given two of our servers, then each message is carried once.
//! - Given a server elsewhere, then nothing is said to it without encryption.

use crate::ground::{Ground, sender};
use crate::server::{Fault, MailServer, Offers};
use kith_post::{Carried, Encryption, Way};
use kith_store::outbox::OutboxCount;
use uuid::Uuid;

async fn count(g: &Ground) -> OutboxCount {
    g.kith.store().read().await.unwrap().count_outbox().await.unwrap()
}

async fn mail_setting(g: &Ground) -> String {
    let mut tx = g.kith.store().read().await.unwrap();
    tx.find_setting(kith_store::setting::MAIL).await.unwrap().unwrap_or_default()
}

#[tokio::test]
async fn messages_arrive_once_and_their_text_is_erased() {
    let (g, server) = (Ground::new().await, MailServer::start(Offers::Plain).await);
    let first = g.put("team@garden.example", "Hello – first").await;
    g.put("other@garden.example", "Hello").await;
    let way = server.way();
    assert_eq!(g.carry(&way).await, Carried { left: 2, ..Carried::default() });
    assert_eq!(g.carry(&way).await, Carried::default(), "nothing is left to do");
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2);
    let one = &arrived[0];
    assert_eq!((one.from.as_str(), one.to.as_str()), ("<hello@kith.example>", "<team@garden.example>"));
    assert_eq!(one.head("Message-ID"), format!("<{first}@kith.example>"));
    assert_eq!(one.head("From"), "\"Our place\" <hello@kith.example>");
    assert!(one.text.contains("https://kith.example/link/x"), "{}", one.text);
    let row = g.row(first).await;
    assert_eq!((row.sent, row.body.as_str(), row.tries), (Some(g.now().0), "", 1));
    assert_eq!(count(&g).await, OutboxCount::default());
}

#[tokio::test]
async fn a_server_that_goes_away_half_way_gets_it_again_under_the_same_id() {
    let (g, server) = (Ground::new().await, MailServer::start(Offers::Plain).await);
    for fault in [Fault::GoneInTheMiddle, Fault::Later, Fault::SilentAfterData] {
        server.next(fault);
    }
    let id = g.put("team@garden.example", "Hello").await;
    let way = server.way();
    for tries in 1..=3 {
        assert_eq!(g.carry(&way).await, Carried { kept: 1, ..Carried::default() }, "try {tries}");
        assert_eq!(g.carry(&way).await, Carried::default(), "it waits before the next try");
        let row = g.row(id).await;
        assert_eq!((row.tries, row.sent, row.dead, row.taken), (tries, None, None, None));
        assert!(row.next_try > g.now().0 && row.trouble.is_some());
        g.pass_minutes(20);
    }
    assert_eq!(g.carry(&way).await.left, 1);
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2, "once before it went silent, once for good");
    assert_eq!(arrived[0].head("Message-ID"), arrived[1].head("Message-ID"));
    assert_eq!(arrived[0].head("Date"), arrived[1].head("Date"));
    assert!(g.row(id).await.sent.is_some());
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_given_up_and_can_be_tried_again() {
    let (g, server) = (Ground::new().await, MailServer::start(Offers::Plain).await);
    server.next(Fault::NoSuchAddress);
    let id = g.put("nobody@garden.example", "Hello").await;
    let way = server.way();
    assert_eq!(g.carry(&way).await.kept, 1);
    assert_eq!(count(&g).await, OutboxCount { waiting: 0, oldest: None, dead: 1 });
    let mut tx = g.kith.store().write().await.unwrap();
    let dead = tx.list_dead_messages(10).await.unwrap();
    assert!(dead[0].trouble.as_deref().unwrap().contains("550"), "{:?}", dead[0].trouble);
    assert!(tx.revive_message(id, g.now()).await.unwrap());
    assert!(!tx.revive_message(id, g.now()).await.unwrap(), "only what was given up");
    tx.commit().await.unwrap();
    assert_eq!(g.carry(&way).await.left, 1);
    let broken = g.put("this is no address", "Hello").await;
    g.carry(&way).await;
    assert!(g.row(broken).await.dead.is_some());
}

#[tokio::test]
async fn after_three_days_of_trouble_it_is_given_up() {
    let (g, server) = (Ground::new().await, MailServer::start(Offers::Plain).await);
    let id = g.put("team@garden.example", "Hello").await;
    let way = server.way();
    let mut rounds = 0;
    while g.row(id).await.dead.is_none() {
        server.next(Fault::Later);
        g.carry(&way).await;
        g.pass_minutes(24 * 60 + 1);
        rounds += 1;
        assert!(rounds < 20);
    }
    assert_eq!(g.row(id).await.tries, 10);
}

#[tokio::test]
async fn a_server_that_is_down_costs_no_message_a_try() {
    let g = Ground::new().await;
    let server = MailServer::start(Offers::Plain).await;
    let (port, way) = (server.port, server.way());
    server.stop().await;
    let id = g.put("team@garden.example", "Hello").await;
    for _ in 0..15 {
        assert_eq!(g.carry(&way).await, Carried { stuck: true, ..Carried::default() });
        g.pass_minutes(10);
    }
    assert_eq!((g.row(id).await.tries, g.row(id).await.dead), (0, None));
    assert!(mail_setting(&g).await.contains("could not be reached"), "{}", mail_setting(&g).await);
    let server = MailServer::start_on(port).await;
    assert_eq!(g.carry(&way).await.left, 1);
    assert_eq!(server.arrived().len(), 1);
    assert!(mail_setting(&g).await.contains("\"trouble\":null"), "{}", mail_setting(&g).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_of_our_servers_carry_each_message_once() {
    let (g, server) = (Ground::new().await, MailServer::start(Offers::Plain).await);
    for n in 0..20 {
        g.put(&format!("team{n}@garden.example"), "Hello").await;
    }
    let (one, two) = (server.way(), server.way());
    let (a, b) = tokio::join!(g.carry_as(Uuid::from_u128(1), &one), g.carry_as(Uuid::from_u128(2), &two));
    assert_eq!(a.left + b.left, 20, "{a:?} {b:?}");
    assert_ne!(a.elsewhere, b.elsewhere, "one of them leaves it to the other");
    let mut ids: Vec<String> = server.arrived().iter().map(|m| m.head("Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), server.arrived().len()), (20, 20));
}

#[tokio::test]
async fn it_is_encrypted_after_starttls_and_signs_in() {
    let (g, server) = (Ground::new().await, MailServer::start(Offers::StartTls).await);
    let mut found = server.found_as(Encryption::StartTls);
    found.account = Some(("kith".into(), "three quiet words".into()));
    let way = Way::to_server(&found, &sender()).unwrap();
    g.put("team@garden.example", "Hello").await;
    assert_eq!(g.carry(&way).await.left, 1);
    let arrived = server.arrived();
    assert!(arrived[0].encrypted);
    assert!(arrived[0].auth.as_deref().is_some_and(|a| !a.is_empty()), "{:?}", arrived[0].auth);
}

#[tokio::test]
async fn nothing_is_said_in_the_open_to_a_server_that_is_not_trusted() {
    let g = Ground::new().await;
    let id = g.put("team@garden.example", "Hello").await;
    // It offers no encryption; its certificate is unknown; it is spoken to in the open only.
    let plain = MailServer::start(Offers::Plain).await;
    let strange = MailServer::start(Offers::StartTls).await;
    let mut unknown = strange.found_as(Encryption::StartTls);
    unknown.trusted = Some(plain.certificate.clone().into_bytes());
    for found in [plain.found_as(Encryption::StartTls), unknown, plain.found_as(Encryption::FromTheStart)] {
        let way = Way::to_server(&found, &sender()).unwrap();
        let carried = g.carry(&way).await;
        assert!(carried.stuck, "{carried:?}");
    }
    assert!(plain.arrived().is_empty() && strange.arrived().is_empty());
    assert_eq!(g.row(id).await.tries, 0);
}

#[tokio::test]
async fn a_folder_holds_whole_messages_and_the_same_one_once() {
    let g = Ground::new().await;
    let folder = g.folder.path().join("post");
    let way = Way::into_folder(&folder).unwrap();
    let id = g.put("team@garden.example", "Hello").await;
    assert_eq!(g.carry(&way).await.left, 1);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(files, [format!("{id}.eml").as_str()]);
    let text = std::fs::read_to_string(folder.join(format!("{id}.eml"))).unwrap();
    assert!(text.contains("Message-ID: <") && text.contains("https://kith.example/link/x"), "{text}");
    std::fs::remove_dir_all(&folder).unwrap();
    g.put("team@garden.example", "Hello").await;
    assert!(g.carry(&way).await.stuck, "a folder that is gone is not made again in silence");
}

//! Ways in: passkeys, and two colleagues who let somebody back.
//!
//! - Given Aisha, signed in a moment ago, when she makes a passkey on her phone, then she
//!   sees it in the list, can name it, and signs in with it on another day.
//! - Given an answer to another question, to an old one, to one that was used, for another
//!   site, without her finger, signed by another key, or counted backwards, then nobody is
//!   in, and each is told in the same words.
//! - Given her phone is lost, when she removes the passkey, then it opens nothing.
//! - Given it is the last way in of a worker, then it is not removed.
//! - Given a person with a code and their word, when they make a passkey, then they come in
//!   without paper; with the code alone they cannot make one.
//! - Given something that needs a fresh sign-in, then her passkey does it, and nobody else's.
//! - Given Bola, who lost her phone, when the manager and her lead say how they know it is
//!   her, then the second of them has a code to tell; one alone, or somebody else, has not.

use crate::harness::{Browser, Shown, World, unescape};
use crate::mine::badger;
use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kith_care::Identity;
use kith_domain::time::Instant;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

const ORIGIN: &str = "http://localhost:8417";

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A phone with one passkey, as the standard says it answers. Each field can be made wrong.
pub(crate) struct Phone {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    owner: String,
    counter: u32,
    origin: String,
    host: String,
    /// Somebody there, and recognised.
    flags: u8,
}

impl Phone {
    pub(crate) fn new(id: u8) -> Phone {
        let chance = SystemRandom::new();
        let alg = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(alg, &chance).unwrap();
        Phone {
            key: EcdsaKeyPair::from_pkcs8(alg, pkcs8.as_ref(), &chance).unwrap(),
            id: vec![id; 20],
            owner: String::new(),
            counter: 0,
            origin: ORIGIN.into(),
            host: "localhost".into(),
            flags: 0b101,
        }
    }

    fn said(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let said =
            json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let site = digest(&SHA256, self.host.as_bytes());
        [site.as_ref(), &[self.flags | more], &self.counter.to_be_bytes()].concat()
    }

    fn make(&mut self, options: &Value) -> String {
        assert_eq!(options["rp"]["id"], "localhost");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        self.owner = options["user"]["id"].as_str().unwrap().to_owned();
        let point = self.key.public_key().as_ref();
        let cose = [
            &[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..],
            &point[1..33],
            &[0x22, 0x58, 32],
            &point[33..],
        ]
        .concat();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.data(0b0100_0000)[..], &[0; 16], &length, &self.id, &cose].concat();
        let size = u16::try_from(data.len()).unwrap().to_be_bytes();
        let object =
            [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(), &size, &data].concat();
        let said = self.said("webauthn.create", options["challenge"].as_str().unwrap());
        json!({ "id": text(&self.id), "client": text(&said), "made": text(&object) }).to_string()
    }

    fn sign(&mut self, options: &Value) -> String {
        self.counter += 1;
        let said = self.said("webauthn.get", options["challenge"].as_str().unwrap());
        let data = self.data(0);
        let signed = [&data[..], digest(&SHA256, &said).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": text(&self.id), "client": text(&said), "data": text(&data),
            "signature": text(signature.as_ref()), "user": self.owner,
        })
        .to_string()
    }
}

/// What the page asks a passkey.
#[track_caller]
fn asked(page: &Shown) -> Value {
    let at = page.body.find("data-options=\"").unwrap_or_else(|| panic!("no question: {}", page.text()));
    let rest = &page.body[at + "data-options=\"".len()..];
    serde_json::from_str(&unescape(rest.split('"').next().unwrap())).unwrap()
}

pub(crate) async fn makes(browser: &mut Browser, phone: &mut Phone, name: &str) -> Shown {
    let page = browser.get("/passkeys/new").await;
    let answer = phone.make(&asked(&page));
    browser.submit(&page, "/passkeys/new", &[("passkey", &answer), ("name", name)]).await
}

/// Signs in on a browser where nobody is.
async fn comes_in(world: &World, phone: &mut Phone) -> (Browser, Shown) {
    let mut browser = world.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, "/sign-in/passkey/ask", &[]).await;
    let answer = phone.sign(&asked(&page));
    let shown = browser.submit(&page, "/sign-in/passkey", &[("passkey", &answer)]).await;
    (browser, shown)
}

fn later(world: &World, seconds: i64) {
    world.set(Instant(world.now().0 + seconds * Instant::SECOND));
}

#[tokio::test]
async fn a_worker_makes_names_uses_and_removes_a_passkey() {
    let world = World::real().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut phone = Phone::new(1);
    makes(&mut aisha, &mut phone, "My phone").await.says("My phone").says("Not used yet");
    let (mut out, shown) = comes_in(&world, &mut phone).await;
    shown.is(StatusCode::OK).says("Aisha Rahman");
    let list = out.get("/passkeys").await;
    list.says("My phone").says("Last used Tuesday 24 November");
    let id = text(&phone.id);
    let named =
        out.submit(&list, "/passkeys", &[("id", &id), ("do", "name"), ("name", "  Work   phone ")]).await;
    named.says("Work phone");
    // It is the only way in she has: it stays.
    let kept = out.submit(&named, "/passkeys", &[("id", &id), ("do", "remove")]).await;
    kept.says("last way to sign in");
    // With a second one the first can go, and opens nothing from then on.
    let mut second = Phone::new(2);
    makes(&mut out, &mut second, "Tablet").await.says("Tablet");
    let list = out.get("/passkeys").await;
    out.submit(&list, "/passkeys", &[("id", &id), ("do", "remove")]).await.never("Work phone");
    let (_, shown) = comes_in(&world, &mut phone).await;
    shown.says("That did not work").never("Aisha");
    comes_in(&world, &mut second).await.1.says("Aisha Rahman");
    // Somebody else's is not theirs to name or remove.
    let mut bola = world.worker(world.bola).await;
    let page = bola.get("/passkeys").await;
    page.never("Tablet");
    let mut form = bola.fill(&bola.clone().get("/passkeys").await, "/sign-out", &[]);
    form.action = "/passkeys".into();
    form.fields.extend([("id".to_owned(), text(&second.id)), ("do".to_owned(), "remove".to_owned())]);
    bola.send_form(&form).await.is(StatusCode::NOT_FOUND);
    comes_in(&world, &mut second).await.1.says("Aisha Rahman");
}

/// Whatever is wrong with an answer, nobody is in, and the words are the same.
#[tokio::test]
async fn an_answer_that_is_not_right_opens_nothing() {
    type Wrong = (&'static str, fn(&mut Phone), fn(&mut Value));
    let wrong: [Wrong; 8] = [
        ("another site's page", |p| p.origin = "http://localhost:8418".into(), |_| {}),
        ("another site's host", |p| p.host = "evil.example.org".into(), |_| {}),
        ("nobody recognised", |p| p.flags = 1, |_| {}),
        ("nobody there", |p| p.flags = 4, |_| {}),
        ("another question", |_| {}, |o| o["challenge"] = json!(text(&[7; 32]))),
        ("another key", |p| p.key = Phone::new(9).key, |_| {}),
        ("another owner", |p| p.owner = text(&[1; 32]), |_| {}),
        ("nobody's id", |p| p.id = vec![8; 20], |_| {}),
    ];
    for (what, spoil, ask) in wrong {
        let world = World::real().await;
        let mut aisha = world.worker(world.aisha).await;
        let mut phone = Phone::new(1);
        makes(&mut aisha, &mut phone, "My phone").await.says("My phone");
        spoil(&mut phone);
        let mut browser = world.browser();
        let page = browser.get("/sign-in").await;
        let page = browser.submit(&page, "/sign-in/passkey/ask", &[]).await;
        let mut question = asked(&page);
        ask(&mut question);
        let answer = phone.sign(&question);
        let shown = browser.submit(&page, "/sign-in/passkey", &[("passkey", &answer)]).await;
        assert!(shown.text().contains("That did not work"), "{what}: {}", shown.text());
        browser.get("/help").await.never("Aisha Rahman");
        // Making one with the same fault makes none.
        if !["another key", "another owner", "nobody's id"].contains(&what) {
            let mut bola = world.worker(world.bola).await;
            let page = bola.get("/passkeys/new").await;
            let mut question = asked(&page);
            ask(&mut question);
            let answer = phone.make(&question);
            let shown = bola.submit(&page, "/passkeys/new", &[("passkey", &answer), ("name", "x")]).await;
            assert!(shown.text().contains("That did not work"), "making, {what}: {}", shown.text());
            bola.get("/passkeys").await.says("You have none yet");
        }
    }
}

#[tokio::test]
async fn an_answer_works_once_and_soon_and_counts_up() {
    let world = World::real().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut phone = Phone::new(1);
    makes(&mut aisha, &mut phone, "My phone").await.says("My phone");
    let mut browser = world.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, "/sign-in/passkey/ask", &[]).await;
    let answer = phone.sign(&asked(&page));
    let mut thief = browser.clone();
    browser.submit(&page, "/sign-in/passkey", &[("passkey", &answer)]).await.says("Aisha Rahman");
    // Whoever saw it pass sends it once more.
    thief.submit(&page, "/sign-in/passkey", &[("passkey", &answer)]).await.says("That did not work");
    // An answer to a question of six minutes ago.
    later(&world, 60);
    let mut browser = world.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, "/sign-in/passkey/ask", &[]).await;
    later(&world, 301);
    let answer = phone.sign(&asked(&page));
    browser.submit(&page, "/sign-in/passkey", &[("passkey", &answer)]).await.says("That did not work");
    // A copy that has counted less.
    later(&world, 60);
    phone.counter = 0;
    comes_in(&world, &mut phone).await.1.says("That did not work");
    later(&world, 60);
    phone.counter = 40;
    comes_in(&world, &mut phone).await.1.says("Aisha Rahman");
    // A question for signing in is none for making one.
    let mut bola = world.worker(world.bola).await;
    let form = bola.get("/passkeys/new").await;
    let page = world.browser().get("/sign-in").await;
    let ask = world.browser().submit(&page, "/sign-in/passkey/ask", &[]).await;
    let mut question = asked(&form);
    question["challenge"] = asked(&ask)["challenge"].clone();
    let answer = Phone::new(3).make(&question);
    bola.submit(&form, "/passkeys/new", &[("passkey", &answer), ("name", "x")])
        .await
        .says("That did not work");
    // Nor is somebody else's question.
    let theirs = asked(&aisha_again(&world).await.get("/passkeys/new").await);
    let answer = Phone::new(4).make(&theirs);
    bola.submit(&form, "/passkeys/new", &[("passkey", &answer), ("name", "x")])
        .await
        .says("That did not work");
}

async fn aisha_again(world: &World) -> Browser {
    world.worker(world.aisha).await
}

#[tokio::test]
async fn a_person_comes_in_without_paper() {
    let world = World::real().await;
    let (_, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let mut phone = Phone::new(5);
    let page = own.get("/passkeys/new").await;
    // Whoever holds the phone learns no name from it.
    assert!(!asked(&page)["user"]["name"].as_str().unwrap().contains("Badger"));
    makes(&mut own, &mut phone, "My phone").await.says("My phone");
    let (mut back, shown) = comes_in(&world, &mut phone).await;
    shown.is(StatusCode::OK);
    back.get("/mine").await.is(StatusCode::OK);
    // A person may remove their last one: a code on paper is there for them.
    let list = back.get("/passkeys").await;
    let fields = [("id", text(&phone.id)), ("do", "remove".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    back.submit(&list, "/passkeys", &fields).await.says("You have none yet");
    // With a code alone there is nothing to make.
    let identity = Identity::Person { person, paper_code: true };
    let session = world.kith.begin_session(&identity, None, 1, world.now()).await.unwrap();
    let mut paper = Browser { cookie: Some(session.cookie), ..world.browser() };
    paper.get("/passkeys/new").await.says("a code and your word");
}

#[tokio::test]
async fn a_passkey_shows_again_who_one_is() {
    let world = World::real().await;
    let mut aisha = world.worker(world.aisha).await;
    let (mut phone, mut bolas) = (Phone::new(1), Phone::new(2));
    makes(&mut aisha, &mut phone, "My phone").await.says("My phone");
    let mut bola = world.worker(world.bola).await;
    makes(&mut bola, &mut bolas, "Bola's").await.says("Bola");
    let (mut aisha, _) = comes_in(&world, &mut phone).await;
    later(&world, 301);
    let page = aisha.get("/passkeys/new").await;
    page.is(StatusCode::FORBIDDEN).says("Sign in again");
    let to = "/passkeys/new?signed-in-again=yes";
    let foreign = bolas.sign(&asked(&page));
    let no = aisha.submit(&page, to, &[("again-passkey", &foreign)]).await;
    no.says("That did not work").says("Sign in again");
    let answer = phone.sign(&asked(&no));
    aisha.submit(&no, to, &[("again-passkey", &answer)]).await.is(StatusCode::OK).says("Make a passkey");
}

#[tokio::test]
async fn a_made_up_place_has_none_and_says_so() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/passkeys").await.says("You have none yet");
    aisha.get("/passkeys/new").await.says("made-up place");
}

#[tokio::test]
async fn two_colleagues_let_a_worker_back_in() {
    let world = World::real().await;
    let path = format!("/workers/{}/back-in/navigator", world.bola.worker);
    let mut nadia = world.worker(world.nadia).await;
    let page = nadia.get(&path).await;
    page.says("Let Bola Ade back in").never("Said so far");
    nadia.submit(&page, &path, &[]).await.says("Choose how you know that it is them");
    let first = nadia.submit(&page, &path, &[("how", "rang")]).await;
    first.says("Now a second colleague").says(&path);
    nadia.get(&path).await.says("You have said so");
    // Nobody else sees anything, or can say anything.
    for other in [world.aisha, world.dev, world.sam] {
        world.worker(other).await.get(&path).await.is(StatusCode::NOT_FOUND).never("Bola");
    }
    world.worker(world.bola).await.get(&path).await.is(StatusCode::NOT_FOUND);
    let mut bola = world.worker(world.bola).await;
    bola.get("/help").await.says("Bola Ade");
    let mut grace = world.worker(world.grace).await;
    let page = grace.get(&path).await;
    page.says("Said so far").says("Nadia Khan").says("I rang them");
    let code = grace.submit(&page, &path, &[("how", "met")]).await;
    code.says("Tell Bola Ade this code").says("never in an email");
    bola.get("/help").await.never("Bola Ade");
    world.assert_nothing_lost().await;
}

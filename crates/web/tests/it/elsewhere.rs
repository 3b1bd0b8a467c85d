//! Signing in by way of another place, which this test plays: it answers what the program
//! asks, with keys of its own, truly or not.
//!
//! - Given Aisha, signed in, when she joins who she is at NHS CIS2, then another day she comes
//!   in with it, and can stop that.
//! - Given somebody whom the place knows and nobody here has joined, then nobody is in, though
//!   the name and address are Aisha's.
//! - Given an invitation, when it is taken with who somebody is there, then they are in and the
//!   code is spent.
//! - Given a token with another nonce, issuer, audience or key, over or not sure enough, a state
//!   that was used, or another browser, then nobody is in.
//! - Given a session from there, when it is ended here, then the page leads to ending it there.

use crate::harness::{Browser, Shown, World, attribute, unescape};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kith_care::sign_in::elsewhere::provider::{Proves, Provider, Shape};
use kith_care::sign_in::elsewhere::token::OurKey;
use kith_care::sign_in::elsewhere::{Elsewhere, Fetch, Fetcher};
use kith_care::sign_in::join::Invitation;
use kith_domain::time::Instant;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const ISSUER: &str = "https://cis2.example.org";

fn text(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn pkcs8() -> Vec<u8> {
    let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
    EcdsaKeyPair::generate_pkcs8(way, &SystemRandom::new()).unwrap().as_ref().to_vec()
}

fn pair(pkcs8: &[u8]) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &SystemRandom::new()).unwrap()
}

/// What the place will say, and what it has been told.
struct Says {
    key: EcdsaKeyPair,
    /// What it shows as its own keys; the key above unless it is to be caught.
    shown: EcdsaKeyPair,
    /// What it calls itself.
    issuer: String,
    claims: Value,
    /// The question it was asked, by the browser.
    asked: BTreeMap<String, String>,
    /// The public half of our key, where we prove ourselves by one.
    ours: Option<Vec<u8>>,
}

#[derive(Clone)]
pub(crate) struct Place(Arc<Mutex<Says>>);

impl Fetcher for Place {
    fn fetch(&self, what: Fetch) -> Result<Vec<u8>, String> {
        let says = self.0.lock().unwrap();
        let answer = match what.url.strip_prefix(ISSUER).ok_or("another host")? {
            "/.well-known/openid-configuration" => json!({
                "issuer": says.issuer,
                "authorization_endpoint": format!("{ISSUER}/authorize"),
                "token_endpoint": format!("{ISSUER}/token"),
                "jwks_uri": format!("{ISSUER}/keys"),
                "end_session_endpoint": format!("{ISSUER}/end"),
            }),
            "/keys" => {
                let point = says.shown.public_key().as_ref();
                json!({ "keys": [
                    { "kty": "oct", "k": "AAAA" },
                    { "kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "alg": "ES256",
                      "x": text(&point[1..33]), "y": text(&point[33..]) },
                ] })
            }
            "/token" => {
                let form: BTreeMap<String, String> = what.form.ok_or("no form")?.into_iter().collect();
                // RFC 7636, 4.6: only whoever asked knows what the challenge was made of.
                let verifier = form.get("code_verifier").ok_or("no verifier")?;
                let challenge = text(digest(&SHA256, verifier.as_bytes()));
                if says.asked.get("code_challenge") != Some(&challenge) || form["code"] != "the code" {
                    return Err("invalid_grant".into());
                }
                proved(&says, &form, what.basic)?;
                json!({ "access_token": "a", "token_type": "Bearer", "id_token": signed(&says) })
            }
            other => return Err(format!("nothing at {other}")),
        };
        Ok(answer.to_string().into_bytes())
    }
}

fn proved(
    says: &Says,
    form: &BTreeMap<String, String>,
    basic: Option<(String, String)>,
) -> Result<(), String> {
    let Some(ours) = &says.ours else {
        let right = basic == Some(("kith".into(), "quiet".into()));
        return right.then_some(()).ok_or_else(|| "invalid_client".into());
    };
    let assertion = form.get("client_assertion").ok_or("no assertion")?;
    let (message, signature) = assertion.rsplit_once('.').ok_or("no signature")?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|e| e.to_string())?;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, ours);
    key.verify(message.as_bytes(), &signature).map_err(|_| "invalid_client".to_owned())
}

fn signed(says: &Says) -> String {
    let head = json!({ "alg": "ES256", "kid": "k1" });
    let message = format!("{}.{}", text(head.to_string()), text(says.claims.to_string()));
    let signature = says.key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", text(signature.as_ref()))
}

fn place(proves: Proves, ours: Option<Vec<u8>>) -> (Place, Elsewhere) {
    let key = pkcs8();
    let says = Says {
        key: pair(&key),
        shown: pair(&key),
        issuer: ISSUER.into(),
        claims: Value::Null,
        asked: BTreeMap::new(),
        ours,
    };
    let place = Place(Arc::new(Mutex::new(says)));
    let provider = Provider {
        code: "cis2".into(),
        name: "NHS CIS2".into(),
        shape: Shape::Cis2,
        issuer: ISSUER.into(),
        client: "kith".into(),
        proves,
        tenant: None,
        level: None,
    };
    (place.clone(), Elsewhere::new(vec![provider], place))
}

pub(crate) async fn world() -> (Place, World) {
    let (place, elsewhere) = place(Proves::Secret("quiet".into()), None);
    (place, World::real_with(elsewhere).await)
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        match b {
            b'%' => {
                let hex: Vec<u8> = rest.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            }
            b => bytes.push(b),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// What the browser is sent away with.
#[track_caller]
fn question(page: &Shown) -> BTreeMap<String, String> {
    let link = format!(" href=\"{ISSUER}/authorize?");
    let at = page.body.find(&link).unwrap_or_else(|| panic!("{}", page.text()));
    let href = unescape(&attribute(&page.body[at..], "href").unwrap());
    let query = href.split_once('?').unwrap().1;
    query.split('&').map(|p| p.split_once('=').unwrap()).map(|(n, v)| (n.to_owned(), decode(v))).collect()
}

/// The place says who it is, to whoever asked.
fn says(place: &Place, world: &World, asked: &BTreeMap<String, String>, subject: &str) {
    let now = world.now().0 / Instant::SECOND;
    let mut says = place.0.lock().unwrap();
    says.asked.clone_from(asked);
    says.claims = json!({
        "iss": ISSUER, "sub": subject, "aud": "kith", "exp": now + 300, "iat": now, "nonce": asked["nonce"],
        "authentication_assurance_level": "3", "name": "Aisha Rahman", "email": "aisha@example.org",
    });
}

fn back(asked: &BTreeMap<String, String>) -> String {
    format!("/sign-in/from/cis2?code=the+code&state={}&iss=https%3A%2F%2Fcis2.example.org", asked["state"])
}

async fn goes(browser: &mut Browser) -> BTreeMap<String, String> {
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, "/sign-in/elsewhere/cis2", &[]).await;
    page.says("Go on to NHS CIS2");
    question(&page)
}

pub(crate) async fn joins(place: &Place, world: &World, browser: &mut Browser, subject: &str) -> Shown {
    let page = browser.get("/passkeys").await;
    let page = browser.submit(&page, "/passkeys/join/cis2", &[]).await;
    let asked = question(&page);
    assert_eq!(asked["prompt"], "login", "whoever sat there before is not joined");
    says(place, world, &asked, subject);
    browser.get(&back(&asked)).await
}

#[tokio::test]
async fn joined_once_it_is_a_way_in_until_it_is_ended() {
    let (place, world) = world().await;
    let mut aisha = world.worker(world.aisha).await;
    joins(&place, &world, &mut aisha, "s1").await.says("You can come in with NHS CIS2");
    let mut browser = world.browser();
    let asked = goes(&mut browser).await;
    assert_eq!(
        (asked["code_challenge_method"].as_str(), asked["acr_values"].as_str()),
        ("S256", "AAL2_OR_AAL3_ANY")
    );
    assert_eq!(asked["redirect_uri"], "http://localhost:8417/sign-in/from/cis2");
    says(&place, &world, &asked, "s1");
    browser.get(&back(&asked)).await.says("Aisha Rahman");
    // Out here, and the way to be out there.
    let page = browser.get("/help").await;
    let out = browser.submit(&page, "/sign-out", &[]).await;
    out.says("You are signed out here").never("Aisha");
    assert!(out.body.contains("https://cis2.example.org/end?client_id=kith"), "{}", out.body);
    browser.get("/help").await.never("Aisha Rahman");
    // It is hers: nobody else joins it.
    let mut bola = world.worker(world.bola).await;
    joins(&place, &world, &mut bola, "s1").await.says("Somebody else here is joined to that already");
    // The only way in that she has stays. With a password it could go; Bola has none to part from.
    let page = aisha.get("/passkeys").await;
    aisha.submit(&page, "/passkeys/part/cis2", &[]).await.says("last way to sign in");
}

#[tokio::test]
async fn a_name_or_an_address_opens_nothing() {
    let (place, world) = world().await;
    let mut browser = world.browser();
    let asked = goes(&mut browser).await;
    says(&place, &world, &asked, "a stranger");
    browser.get(&back(&asked)).await.says("We do not know yet who you are there");
    browser.get("/help").await.never("Aisha Rahman");
}

#[tokio::test]
async fn what_does_not_hold_opens_nothing() {
    type Spoil = fn(&mut Says);
    let wrong: [(&str, Spoil); 10] = [
        ("another nonce", |s| s.claims["nonce"] = json!("another")),
        ("another issuer in the token", |s| s.claims["iss"] = json!("https://evil.example.org")),
        ("another issuer of itself", |s| s.issuer = "https://evil.example.org".into()),
        ("for another program", |s| s.claims["aud"] = json!("another")),
        ("for several, said by another", |s| {
            s.claims["aud"] = json!(["kith", "another"]);
            s.claims["azp"] = json!("another");
        }),
        ("over", |s| s.claims["exp"] = json!(s.claims["iat"].as_i64().unwrap() - 120)),
        ("from long ago", |s| s.claims["iat"] = json!(s.claims["iat"].as_i64().unwrap() - 3600)),
        ("another key", |s| s.key = pair(&pkcs8())),
        ("not sure enough", |s| s.claims["authentication_assurance_level"] = json!("1")),
        ("nobody", |s| s.claims["sub"] = json!("")),
    ];
    let (place, world) = world().await;
    let mut aisha = world.worker(world.aisha).await;
    joins(&place, &world, &mut aisha, "s1").await.says("You can come in with NHS CIS2");
    for (what, spoil) in wrong {
        let mut browser = world.browser();
        let asked = goes(&mut browser).await;
        says(&place, &world, &asked, "s1");
        let (key, issuer) = (pkcs8(), ISSUER.to_owned());
        {
            let mut says = place.0.lock().unwrap();
            (says.key, says.shown, says.issuer) = (pair(&key), pair(&key), issuer);
        }
        spoil(&mut place.0.lock().unwrap());
        let shown = browser.get(&back(&asked)).await;
        assert!(shown.text().contains("You are not signed in"), "{what}: {}", shown.text());
        browser.get("/help").await.never("Aisha Rahman");
        place.0.lock().unwrap().issuer = ISSUER.into();
    }
}

#[tokio::test]
async fn a_state_is_for_one_browser_and_one_time() {
    let (place, world) = world().await;
    let mut aisha = world.worker(world.aisha).await;
    joins(&place, &world, &mut aisha, "s1").await.says("You can come in with NHS CIS2");
    let mut browser = world.browser();
    let asked = goes(&mut browser).await;
    says(&place, &world, &asked, "s1");
    // A link that somebody sends: the browser that opens it never went.
    let sent = world.browser().get(&back(&asked)).await;
    sent.says("You are not signed in").never("Aisha");
    // Tried, it is used: even its own browser begins again.
    browser.get(&back(&asked)).await.says("You are not signed in");
    let asked = goes(&mut browser).await;
    says(&place, &world, &asked, "s1");
    browser.get(&back(&asked)).await.says("Aisha Rahman");
    let mut again = Browser { cookie: None, ..browser.clone() };
    again.get(&back(&asked)).await.says("You are not signed in");
    // Another issuer that mixes itself in (RFC 9207), a state nobody made, and one too old.
    let asked = goes(&mut again).await;
    says(&place, &world, &asked, "s1");
    again
        .get(&back(&asked).replace("cis2.example.org", "evil.example.org"))
        .await
        .says("You are not signed in");
    again.get("/sign-in/from/cis2?code=the+code&state=made-up").await.says("You are not signed in");
    again.get("/sign-in/from/cis2").await.says("You are not signed in");
    let asked = goes(&mut again).await;
    world.set(Instant(world.now().0 + 601 * Instant::SECOND));
    says(&place, &world, &asked, "s1");
    again.get(&back(&asked)).await.says("You are not signed in");
}

#[tokio::test]
async fn an_invitation_is_taken_with_who_somebody_is_there() {
    let ours = pkcs8();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        base64::prelude::BASE64_STANDARD.encode(&ours)
    );
    let proves = Proves::Key(OurKey::read(&pem, Some("ours".into())).unwrap());
    let (place, elsewhere) = place(proves, Some(pair(&ours).public_key().as_ref().to_vec()));
    let world = World::real_with(elsewhere).await;
    let identity = kith_care::Identity::Worker {
        worker: world.bola.worker,
        organisation: world.bola.organisation,
        role: world.bola.role,
    };
    let mut tx = world.kith.store().write().await.unwrap();
    let made = world.kith.make_invitation(&mut tx, &identity, "bola", world.now()).await.unwrap();
    tx.commit().await.unwrap();
    let Invitation { code, .. } = made;
    let mut browser = world.browser();
    let page = browser.get("/join").await;
    let page = browser.submit(&page, "/join", &[("code", &code)]).await;
    page.says("Join with NHS CIS2");
    let form = browser.fill(&page, "/join/elsewhere", &[]);
    let going = browser.send_form(&form).await;
    let asked = question(&going);
    says(&place, &world, &asked, "s2");
    browser.get(&back(&asked)).await.says("Bola Ade");
    // The code is spent; who came with it comes again without it.
    world.browser().send_form(&form).await.never("Go on to NHS CIS2");
    let mut another = world.browser();
    let asked = goes(&mut another).await;
    says(&place, &world, &asked, "s2");
    another.get(&back(&asked)).await.says("Bola Ade");
}

#[tokio::test]
async fn a_worker_who_is_stopped_comes_in_no_other_way() {
    let (place, world) = world().await;
    let mut aisha = world.worker(world.bola).await;
    joins(&place, &world, &mut aisha, "s3").await.says("You can come in with NHS CIS2");
    let nadia = world.principal(world.nadia).await;
    let stop = kith_care::workers::invite::WorkerAct::Stop;
    world.kith.decide_about_worker(&nadia, world.bola.worker, stop, None).await.unwrap();
    let mut browser = world.browser();
    let asked = goes(&mut browser).await;
    says(&place, &world, &asked, "s3");
    browser.get(&back(&asked)).await.never("Bola Ade");
    browser.get("/help").await.never("Bola Ade");
}

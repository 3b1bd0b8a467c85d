//! Workers join, are helped, and are stopped.
//!
//! - Given an invitation, when a password was chosen and the digits of the app are right,
//!   then the worker is in, and the code is spent.
//! - Given a code that is old, replaced, taken back, or of somebody who was stopped, then it
//!   does not work, and why is not said.
//! - Given somebody who lost their phone, when two colleagues say how they know them, then
//!   what they had stops working and a code makes new ones; one alone changes nothing.
//! - Given a worker and one factor, then there is no session.
//! - Given a worker who is stopped, then every open session of theirs is nobody's.
//! - Given an administrator of one organisation, then they reach no other, and give no role
//!   that does.

use crate::both;
use crate::ground::{Ground, now};
use kith_care::sign_in::join::Phone;
use kith_care::sign_in::passkey::check::Us;
use kith_care::sign_in::with_password::Typed;
use kith_care::sign_in::{Opened, Visitor};
use kith_care::workers::back_in::Vouched;
use kith_care::workers::invite::{Handed, Invite, WorkerAct};
use kith_care::workers::{WayIn, WorkerLine};
use kith_care::{CareError, Identity, Principal};
use kith_domain::id::{TeamId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::time::Instant;
use kith_domain::vouching::KnewThem;
use totp_rs::{Algorithm, Builder, Secret};
use uuid::Uuid;

both! {
    a_worker_joins, a_code_that_is_over_does_not_work, whoever_lost_their_phone_is_let_back_by_two,
    a_worker_never_has_one_factor,
    a_stopped_worker_is_out_at_once, strangers_never_keep_somebody_out, shared_here_and_ended_there,
    nobody_reaches_further_than_their_task, questions_before_signing_in_have_a_bound,
}

const PASSWORD: &str = "kettle marble osprey";

/// The six digits that an app with this secret shows at a moment.
fn digits(phone: &Phone, at: Instant) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String =
        phone.secret.chars().map(|c| format!("{:05b}", LETTERS.find(c).expect("base32"))).collect();
    let whole = bits.as_bytes().chunks_exact(8).map(|b| std::str::from_utf8(b).unwrap());
    let secret: Vec<u8> = whole.map(|b| u8::from_str_radix(b, 2).unwrap()).collect();
    let app = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(Secret::from(secret))
        .build_noncompliant();
    app.generate((at.0 / Instant::SECOND).unsigned_abs()).to_string()
}

async fn worker_called(
    g: &Ground,
    name: &str,
) -> (WorkerId, TeamId, WorkRole, kith_domain::id::OrganisationId) {
    let mut tx = g.kith.store().read().await.unwrap();
    let partnership = g.kith.partnership(&mut tx).await.unwrap();
    let (id, w) = partnership.facts.workers.iter().find(|(_, w)| w.name == name).expect("the worker");
    let m = w.memberships[0];
    (*id, m.team, m.role, m.organisation)
}

/// Somebody signed in, at a moment.
async fn as_worker(g: &Ground, name: &str, at: Instant) -> Principal {
    let (worker, _, role, organisation) = worker_called(g, name).await;
    let mut tx = g.kith.store().read().await.unwrap();
    let partnership = g.kith.partnership(&mut tx).await.unwrap();
    let identity = Identity::Worker { worker, organisation, role };
    Principal::new(identity, 2, at, "token".into(), Uuid::now_v7(), at, partnership)
}

async fn invite(g: &Ground, by: &Principal, name: &str, role: WorkRole) -> Result<String, CareError> {
    let team = worker_called(g, "Aisha Rahman").await.1;
    let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
    let form = Invite { name: name.into(), team, role, email };
    match g.kith.invite_worker(by, form, Some(Uuid::now_v7())).await? {
        Handed::Now { invitation, .. } => Ok(invitation.code),
        Handed::Before => panic!("a new form"),
    }
}

async fn join(g: &Ground, code: &str, login: &str, password: &str, at: Instant) -> (String, Phone) {
    let phone = g.kith.choose_password(code, login, password.into(), at).await.unwrap();
    let (session, _) = g.kith.join(code, &digits(&phone, at), at).await.unwrap();
    (session.cookie, phone)
}

async fn is_in(g: &Ground, cookie: &str, at: Instant) -> bool {
    matches!(g.kith.principal(Some(cookie), Uuid::now_v7(), at).await.unwrap(), Opened::SignedIn(_))
}

async fn sign_in(g: &Ground, login: &str, password: &str, phone: &Phone, at: Instant) -> bool {
    let typed = Typed { login: login.into(), password: password.into(), code: digits(phone, at) };
    g.kith.sign_in_with_password(typed, &Visitor::default(), at).await.is_ok()
}

fn refused<T>(result: Result<T, CareError>) -> String {
    match result {
        Err(CareError::Refused(words)) => words,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was let through"),
    }
}

fn field<T>(result: Result<T, CareError>) -> String {
    match result {
        Err(CareError::Fields(problems)) => problems[0].field.clone(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was let through"),
    }
}

async fn line(g: &Ground, by: &Principal, name: &str) -> WorkerLine {
    let lines = g.kith.workers(by).await.unwrap();
    lines.into_iter().find(|l| l.name == name).expect("a line")
}

async fn a_worker_joins(g: Ground) {
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    let code = invite(&g, &nadia, "Kit Sandring", WorkRole::Navigator).await.unwrap();
    assert_eq!(code.len(), 19, "{code}");
    assert!(matches!(
        line(&g, &as_worker(&g, "Nadia Khan", now()).await, "Kit Sandring").await.way_in,
        WayIn::Invited(_)
    ));
    let invited = g.kith.invited(&code.to_lowercase().replace('-', " "), now()).await.unwrap();
    assert_eq!((invited.name.as_str(), invited.login.as_str()), ("Kit Sandring", "kit.sandring"));

    // A notice waits to leave; the code is not in it.
    let waiting = g.kith.store().read().await.unwrap().list_outbox(10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].body.contains("/join") && !waiting[0].body.contains(&code), "{}", waiting[0].body);
    assert!(!waiting[0].body.contains(&code.replace('-', "")));

    // Passwords that are guessed first are refused; nothing is made before the digits are right.
    for bad in ["short", "password1234", "kit.sandring12"] {
        assert_eq!(field(g.kith.choose_password(&code, "kit", bad.into(), now()).await), "password", "{bad}");
    }
    assert_eq!(field(g.kith.choose_password(&code, "two words", PASSWORD.into(), now()).await), "login");
    let phone = g.kith.choose_password(&code, "kit", PASSWORD.into(), now()).await.unwrap();
    let again = g.kith.choose_password(&code, "Kit", PASSWORD.into(), now()).await.unwrap();
    assert_eq!(phone, again, "whoever goes back has scanned the right picture");
    assert_eq!(g.kith.phone_again(&code, now()).await.unwrap(), phone);
    assert!(!sign_in(&g, "kit", PASSWORD, &phone, now()).await);
    assert_eq!(field(g.kith.join(&code, "000000", now()).await), "digits");
    let (session, identity) = g.kith.join(&code, &digits(&phone, now()), now()).await.unwrap();
    assert!(matches!(identity, Identity::Worker { role: WorkRole::Navigator, .. }));
    assert!(is_in(&g, &session.cookie, now()).await);

    // The code is spent, its digits too; the next ones work.
    assert!(refused(g.kith.join(&code, &digits(&phone, now()), now()).await).contains("does not work"));
    assert!(refused(g.kith.invited(&code, now()).await).contains("sign in"));
    assert!(!sign_in(&g, "kit", PASSWORD, &phone, now()).await);
    let later = now().plus_seconds(60);
    assert!(sign_in(&g, "KIT ", PASSWORD, &phone, later).await);
    let nadia = as_worker(&g, "Nadia Khan", later).await;
    assert_eq!(line(&g, &nadia, "Kit Sandring").await.way_in, WayIn::SignsIn("kit".into()));

    // Signed out is signed out, whoever keeps the cookie.
    g.kith.end_session(&session.cookie, later).await.unwrap();
    assert!(!is_in(&g, &session.cookie, later).await);
    // The same name is nobody else's.
    let second = invite(&g, &nadia, "Kit Other", WorkRole::Navigator).await.unwrap();
    assert_eq!(field(g.kith.choose_password(&second, "kit", PASSWORD.into(), later).await), "login");
    let twice = invite(&g, &as_worker(&g, "Nadia Khan", later).await, "Kit Other", WorkRole::Navigator).await;
    assert_eq!(field(twice), "email");
    g.assert_nothing_lost().await;
}

async fn a_code_that_is_over_does_not_work(g: Ground) {
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    let code = invite(&g, &nadia, "Kit Sandring", WorkRole::Navigator).await.unwrap();
    for nonsense in ["", "4F7K-9QXM-2B3C-8XYZ", "kit"] {
        refused(g.kith.invited(nonsense, now()).await);
    }
    g.kith.invited(&code, now().plus_days(7).plus_seconds(-1)).await.unwrap();
    refused(g.kith.invited(&code, now().plus_days(7)).await);

    // A new one ends the old one; taking it back ends it.
    let nadia = as_worker(&g, "Nadia Khan", now().plus_seconds(1)).await;
    let kit = line(&g, &nadia, "Kit Sandring").await;
    let handed = g.kith.invite_again(&nadia, kit.worker, kit.role, Some(Uuid::now_v7())).await.unwrap();
    let Handed::Now { invitation, .. } = handed else { panic!("a new form") };
    let at = now().plus_seconds(2);
    refused(g.kith.invited(&code, at).await);
    g.kith.invited(&invitation.code, at).await.unwrap();
    let nadia = as_worker(&g, "Nadia Khan", at).await;
    g.kith.decide_about_worker(&nadia, kit.worker, WorkerAct::TakeBack, None).await.unwrap();
    refused(g.kith.invited(&invitation.code, at.plus_seconds(1)).await);

    // Ten wrong guesses of the digits, and it is over.
    let nadia = as_worker(&g, "Nadia Khan", at).await;
    let third = invite(&g, &nadia, "Ola Lode", WorkRole::Navigator).await.unwrap();
    let phone = g.kith.choose_password(&third, "ola", PASSWORD.into(), at).await.unwrap();
    for _ in 0..10 {
        assert_eq!(field(g.kith.join(&third, "000000", at).await), "digits");
    }
    refused(g.kith.join(&third, &digits(&phone, at), at).await);
    // Sent twice, the form makes one worker.
    let nadia = as_worker(&g, "Nadia Khan", at).await;
    let team = worker_called(&g, "Aisha Rahman").await.1;
    let (form, id) = (
        Invite { name: "Una".into(), team, role: WorkRole::Navigator, email: "una@example.org".into() },
        Some(Uuid::now_v7()),
    );
    assert!(matches!(g.kith.invite_worker(&nadia, form.clone(), id).await.unwrap(), Handed::Now { .. }));
    assert!(matches!(g.kith.invite_worker(&nadia, form, id).await.unwrap(), Handed::Before));
}

/// Whether it is a first word or the code, as the code.
fn handed(vouched: Result<Vouched, CareError>) -> Option<String> {
    match vouched.unwrap() {
        Vouched::First(_) => None,
        Vouched::Both(Handed::Now { invitation, .. }) => Some(invitation.code),
        other => panic!("{other:?}"),
    }
}

async fn whoever_lost_their_phone_is_let_back_by_two(g: Ground) {
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    let lead = invite(&g, &nadia, "Lea Lode", WorkRole::TeamLead).await;
    lead.unwrap();
    let code =
        invite(&g, &as_worker(&g, "Nadia Khan", now()).await, "Kit Sandring", WorkRole::Navigator).await;
    let (cookie, old_phone) = join(&g, &code.unwrap(), "kit", PASSWORD, now()).await;
    let at = now().plus_seconds(120);
    let nadia = as_worker(&g, "Nadia Khan", at).await;
    let kit = line(&g, &nadia, "Kit Sandring").await;
    let whom = (kit.worker, kit.role);
    // Alone nobody can, not even the manager, however often; nor can Kit, nor a navigator.
    let one_alone = g.kith.invite_again(&nadia, kit.worker, kit.role, None).await;
    assert!(refused(one_alone).contains("two colleagues"));
    for _ in 0..2 {
        assert_eq!(handed(g.kith.vouch_for(&nadia, whom, KnewThem::Rang, None).await), None);
    }
    for nobody in ["Kit Sandring", "Aisha Rahman"] {
        let who = as_worker(&g, nobody, at).await;
        let tried = g.kith.vouch_for(&who, whom, KnewThem::Met, None).await;
        assert!(matches!(tried, Err(CareError::Missing)), "{nobody}");
        assert!(matches!(g.kith.back_in(&who, whom.0, whom.1).await, Err(CareError::Missing)));
    }
    // An old sign-in is asked for again.
    let mut late = as_worker(&g, "Lea Lode", at).await;
    late.now = at.plus_seconds(301);
    let tried = g.kith.vouch_for(&late, whom, KnewThem::Met, None).await;
    assert!(matches!(tried, Err(CareError::SignInAgain)));
    assert!(is_in(&g, &cookie, at).await, "one word changes nothing");

    let lea = as_worker(&g, "Lea Lode", at.plus_seconds(1)).await;
    let seen = g.kith.back_in(&lea, whom.0, whom.1).await.unwrap();
    assert_eq!((seen.said.len(), seen.said[0].by.as_str()), (1, "Nadia Khan"));
    let form = Some(Uuid::now_v7());
    let code = handed(g.kith.vouch_for(&lea, whom, KnewThem::Met, form).await).expect("a code");
    let twice = g.kith.vouch_for(&lea, whom, KnewThem::Met, form).await.unwrap();
    assert!(matches!(twice, Vouched::Before));
    // What worked before works no more, from this moment.
    let at = at.plus_seconds(60);
    assert!(!is_in(&g, &cookie, at).await);
    assert!(!sign_in(&g, "kit", PASSWORD, &old_phone, at).await);
    // Kit is told by e-mail, with both names and without the code.
    let waiting = g.kith.store().read().await.unwrap().list_outbox(20).await.unwrap();
    let told = waiting.iter().find(|m| m.subject == "A new way to sign in").expect("a notice");
    assert!(told.body.contains("Nadia Khan and Lea Lode") && !told.body.contains(&code), "{}", told.body);
    // Both words are in the journal, with who said them and how they knew.
    let written = g.texts("SELECT action || ', ' || basis FROM journal").await;
    for word in
        ["vouched for by a colleague, knows them: rang", "let back in by a second colleague, knows them: met"]
    {
        assert!(written.iter().any(|w| w == word), "{word}: {written:?}");
    }
    // The code makes new ones.
    assert_eq!(g.kith.invited(&code, at).await.unwrap().login, "kit");
    let (fresh, phone) = join(&g, &code, "kit", "lantern orchard seven", at).await;
    assert!(is_in(&g, &fresh, at).await);
    let after = at.plus_seconds(60);
    assert!(!sign_in(&g, "kit", PASSWORD, &old_phone, after).await);
    assert!(sign_in(&g, "kit", "lantern orchard seven", &phone, after.plus_seconds(120)).await);
    // A first word does not hold for ever, and what was used does not count again.
    let lea = as_worker(&g, "Lea Lode", after).await;
    assert_eq!(handed(g.kith.vouch_for(&lea, whom, KnewThem::Met, None).await), None);
    let nadia = as_worker(&g, "Nadia Khan", after.plus_hours(72)).await;
    assert_eq!(handed(g.kith.vouch_for(&nadia, whom, KnewThem::Met, None).await), None);
    g.assert_nothing_lost().await;
}

/// No function and no setting makes a session of a worker with one factor.
async fn a_worker_never_has_one_factor(g: Ground) {
    let aisha = as_worker(&g, "Aisha Rahman", now()).await;
    for aal in [0, 1] {
        assert!(g.kith.begin_session(&aisha.identity, None, aal, now()).await.is_err(), "{aal}");
    }
    let settings = serde_json::to_value(kith_domain::settings::Settings::default()).unwrap();
    let names = settings.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    for word in ["factor", "mfa", "totp", "passkey", "aal", "optional"] {
        assert!(!names.contains(word), "a setting about {word}: {names}");
    }
}

async fn a_stopped_worker_is_out_at_once(g: Ground) {
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    let code = invite(&g, &nadia, "Kit Sandring", WorkRole::Navigator).await.unwrap();
    let (cookie, phone) = join(&g, &code, "kit", PASSWORD, now()).await;
    let later = now().plus_seconds(60);
    let nadia = as_worker(&g, "Nadia Khan", later).await;
    let kit = line(&g, &nadia, "Kit Sandring").await.worker;
    assert!(is_in(&g, &cookie, later).await);
    g.kith.decide_about_worker(&nadia, kit, WorkerAct::Stop, Some(Uuid::now_v7())).await.unwrap();
    assert!(!is_in(&g, &cookie, later).await);
    // Signing in opens nothing either.
    let typed = Typed { login: "kit".into(), password: PASSWORD.into(), code: digits(&phone, later) };
    if let Ok(session) = g.kith.sign_in_with_password(typed, &Visitor::default(), later).await {
        assert!(!is_in(&g, &session.cookie, later).await);
    }
    let nadia = as_worker(&g, "Nadia Khan", later).await;
    assert_eq!(line(&g, &nadia, "Kit Sandring").await.way_in, WayIn::Stopped);
    assert!(g.kith.invite_again(&nadia, kit, WorkRole::Navigator, None).await.is_err());
    g.kith.decide_about_worker(&nadia, kit, WorkerAct::LetBack, None).await.unwrap();
    assert!(!is_in(&g, &cookie, later).await, "what was closed stays closed");
    assert!(sign_in(&g, "kit", PASSWORD, &phone, later.plus_seconds(60)).await);

    // Nobody stops themselves, and the net stands.
    let nadia = as_worker(&g, "Nadia Khan", later).await;
    let (me, ..) = worker_called(&g, "Nadia Khan").await;
    assert!(
        refused(g.kith.decide_about_worker(&nadia, me, WorkerAct::Stop, None).await)
            .contains("their own place")
    );
    let (aisha, ..) = worker_called(&g, "Aisha Rahman").await;
    refused(g.kith.decide_about_worker(&nadia, aisha, WorkerAct::Stop, None).await);
    g.assert_nothing_lost().await;
}

async fn nobody_reaches_further_than_their_task(g: Ground) {
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    invite(&g, &nadia, "Ola Lode", WorkRole::OrgAdmin).await.unwrap();
    assert_eq!(field(invite(&g, &nadia, "Too Much", WorkRole::SystemAdmin).await), "role");
    let ola = as_worker(&g, "Ola Lode", now()).await;
    invite(&g, &ola, "Kit Sandring", WorkRole::Navigator).await.unwrap();
    for across in [WorkRole::PartnershipManager, WorkRole::IgAuditor, WorkRole::RecordsOfficer] {
        assert_eq!(field(invite(&g, &ola, "Too Much", across).await), "role", "{across:?}");
    }
    let (nadia_id, ..) = worker_called(&g, "Nadia Khan").await;
    let ola = as_worker(&g, "Ola Lode", now()).await;
    refused(g.kith.invite_again(&ola, nadia_id, WorkRole::PartnershipManager, None).await);
    // A navigator keeps nobody.
    let aisha = as_worker(&g, "Aisha Rahman", now()).await;
    assert!(matches!(
        invite(&g, &aisha, "A Friend", WorkRole::Navigator).await,
        Err(CareError::Fields(_) | CareError::Missing | CareError::Forbidden(_))
    ));
    assert!(g.kith.workers(&aisha).await.unwrap().is_empty());
    let (kit, ..) = worker_called(&g, "Kit Sandring").await;
    assert!(g.kith.decide_about_worker(&aisha, kit, WorkerAct::Stop, None).await.is_err());
}

fn visitor(address: &str, device: Option<&str>) -> Visitor {
    let address = Some(address.parse().unwrap());
    Visitor {
        address,
        device: device.map(str::to_owned),
        browser: "Firefox on a Mac".into(),
        ..Visitor::default()
    }
}

/// A stranger in the same office tries Kit's name without end: the stranger waits, Kit's own
/// browser does not, and a name that nobody has gets the very same answers.
async fn strangers_never_keep_somebody_out(g: Ground) {
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    let code = invite(&g, &nadia, "Kit Sandring", WorkRole::Navigator).await.unwrap();
    let (_, phone) = join(&g, &code, "kit", PASSWORD, now()).await;
    let own = visitor("192.0.2.7", Some("the cookie of Kit's own browser"));
    let right = |at| Typed { login: "kit".into(), password: PASSWORD.into(), code: digits(&phone, at) };
    let wrong = |login: &str| Typed {
        login: login.into(),
        password: "guess guess guess".into(),
        code: "000000".into(),
    };
    let mut at = now().plus_seconds(90);
    g.kith.sign_in_with_password(right(at), &own, at).await.unwrap();
    let mut told: Vec<[String; 2]> = Vec::new();
    for (stranger, nobody) in [("192.0.2.7", "192.0.2.8"); 9] {
        let one = refused(g.kith.sign_in_with_password(wrong("kit"), &visitor(stranger, None), at).await);
        let two = refused(g.kith.sign_in_with_password(wrong("nobody"), &visitor(nobody, None), at).await);
        told.push([one, two]);
    }
    assert!(told.iter().all(|[kit, nobody]| kit == nobody), "{told:?}");
    assert!(told[8][0].starts_with("Wait "), "{told:?}");
    // The right factors do not help a browser that has to wait, and the wait ends.
    let stranger = visitor("192.0.2.7", Some("a browser that was never here"));
    at = at.plus_seconds(1);
    g.kith.sign_in_with_password(right(at), &stranger, at).await.map(drop).unwrap_or(());
    // Kit's own browser is let in at once.
    at = at.plus_seconds(60);
    for _ in 0..9 {
        let _ = g.kith.sign_in_with_password(wrong("kit"), &visitor("192.0.2.7", None), at).await;
    }
    g.kith.sign_in_with_password(right(at), &own, at).await.unwrap();
    // A known browser waits for its own tries, a minute at most.
    for _ in 0..40 {
        let _ = g.kith.sign_in_with_password(wrong("kit"), &own, at).await;
        at = at.plus_seconds(10);
    }
    at = at.plus_seconds(61);
    g.kith.sign_in_with_password(right(at), &own, at).await.unwrap();
}

/// Whoever has not signed in has so many questions for passkeys and then waits: their line does,
/// not another one, nor a browser on which somebody has signed in, nor for longer than it says.
async fn questions_before_signing_in_have_a_bound(g: Ground) {
    let us = Us { origin: "http://localhost:8417".into(), host: "localhost".into(), name: "Kith".into() };
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    let code = invite(&g, &nadia, "Kit Sandring", WorkRole::Navigator).await.unwrap();
    let (_, phone) = join(&g, &code, "kit", PASSWORD, now()).await;
    let at = now().plus_seconds(90);
    let own = visitor("192.0.2.7", Some("the cookie of Kit's own browser"));
    let typed = Typed { login: "kit".into(), password: PASSWORD.into(), code: digits(&phone, at) };
    g.kith.sign_in_with_password(typed, &own, at).await.unwrap();
    // A new cookie each time makes no new browser.
    let stranger = |n: usize| visitor("192.0.2.7", Some(["a made-up cookie", "another one"][n % 2]));
    for n in 0..60 {
        g.kith.ask_passkey(&us, Some(&stranger(n)), at).await.unwrap();
    }
    let told = refused(g.kith.ask_passkey(&us, Some(&stranger(0)), at).await);
    assert_eq!(told, "Wait 301 seconds, then try again.");
    g.kith.ask_passkey(&us, Some(&own), at).await.expect("a known browser has its own count");
    g.kith.ask_passkey(&us, Some(&visitor("192.0.2.8", None)), at).await.expect("another line");
    g.kith.ask_passkey(&us, None, at).await.expect("somebody who is in");
    // Asking on while it waits does not make it wait longer.
    let late = at.plus_seconds(299);
    assert_eq!(
        refused(g.kith.ask_passkey(&us, Some(&stranger(1)), late).await),
        "Wait 2 seconds, then try again."
    );
    g.kith.ask_passkey(&us, Some(&stranger(1)), at.plus_seconds(300)).await.unwrap();
    // A known browser has a bound as well.
    for _ in 1..60 {
        g.kith.ask_passkey(&us, Some(&own), at).await.unwrap();
    }
    assert!(refused(g.kith.ask_passkey(&us, Some(&own), at).await).starts_with("Wait "));
}

/// What a session is of is kept with it; it ends where its owner says, and with the limits.
async fn shared_here_and_ended_there(g: Ground) {
    let nadia = as_worker(&g, "Nadia Khan", now()).await;
    let code = invite(&g, &nadia, "Kit Sandring", WorkRole::Navigator).await.unwrap();
    let (first, phone) = join(&g, &code, "kit", PASSWORD, now()).await;
    let at = now().plus_seconds(90);
    let typed = Typed { login: "kit".into(), password: PASSWORD.into(), code: digits(&phone, at) };
    let shared = Visitor { shared: true, before: Some(first.clone()), ..visitor("192.0.2.7", None) };
    let second = g.kith.sign_in_with_password(typed, &shared, at).await.unwrap().cookie;
    assert!(!is_in(&g, &first, at).await, "the session of before ends");
    let Opened::SignedIn(kit) = g.kith.principal(Some(&second), Uuid::now_v7(), at).await.unwrap() else {
        panic!("not signed in");
    };
    assert!(kit.actor.shared_device && kit.actor.aal == 2);
    let open = g.kith.signed_in_at(&kit).await.unwrap();
    assert!(open.len() == 1 && open[0].here && open[0].browser == "Firefox on a Mac", "{open:?}");
    assert!(g.kith.begin_session(&kit.identity, None, 1, at).await.is_err(), "no worker with one factor");
    // In use all the time, and over after ten hours.
    let mut then = at;
    for _ in 0..59 {
        then = then.plus_seconds(600);
        assert!(is_in(&g, &second, then).await);
    }
    assert!(!is_in(&g, &second, at.plus_seconds(10 * 3600 + 1)).await);
}

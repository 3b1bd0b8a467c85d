//! A real place begins, with the program as it is shipped.
//!
//! Given a file that says what the place is, when it is begun and served, then its first
//! administrator joins with a code, a password and a code app; signs out and in again;
//! invites a colleague, who is told so by e-mail without the code; a navigator joins and
//! adds somebody; and nothing is lost or altered.

use crate::browser::{Browser, Site};
use crate::{fine, text};
use serde_json::Value;
use std::fs;
use std::time::Duration;
use totp_rs::{Algorithm, Builder, Secret};

/// The six digits of an app that was told these letters, some seconds from now.
#[expect(clippy::disallowed_methods, reason = "the program under test reads the same clock")]
fn digits(letters: &str, ahead: u64) -> String {
    const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = letters.chars().filter_map(|c| BASE32.find(c)).map(|n| format!("{n:05b}")).collect();
    let whole = bits.as_bytes().chunks_exact(8).map(|b| std::str::from_utf8(b).unwrap());
    let secret: Vec<u8> = whole.map(|b| u8::from_str_radix(b, 2).unwrap()).collect();
    let app = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(Secret::from(secret))
        .build_noncompliant();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    app.generate(now + ahead).to_string()
}

/// Joins with a code, and gives the letters that the code app was told.
fn join(browser: &mut Browser, code: &str, login: &str, password: &str) -> String {
    let first = browser.get("/join");
    assert!(first.body.contains("Your code"), "{}", first.body);
    let second = browser.post(&first, "/join", &[("code", code)]);
    assert_eq!(second.status, 200, "{}", second.body);
    let refused = browser.post(
        &second,
        "/join/password",
        &[("code", code), ("login", login), ("password", "password1234"), ("again", "password1234")],
    );
    assert!(refused.body.contains("guessed first"), "{}", refused.body);
    let fields = [("code", code), ("login", login), ("password", password), ("again", password)];
    let third = browser.post(&refused, "/join/password", &fields);
    assert!(third.body.contains("<svg") && third.body.contains("Set up a code app"), "{}", third.body);
    assert!(!third.body.contains(password), "a password is never sent back");
    let letters = third.body.split("Letters to type instead: <strong>").nth(1).unwrap();
    let letters = letters.split("</strong>").next().unwrap().to_owned();
    let joined = browser.post(&third, "/join/phone", &[("code", code), ("digits", &digits(&letters, 0))]);
    assert_eq!(joined.status, 303, "{}", joined.body);
    letters
}

#[test]
fn a_real_place_begins_and_somebody_is_added() {
    if !kith_web::components_present() {
        println!("skipped: the page components are absent; run cargo xtask components");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("place.toml"), fine(&["init", "--example"])).unwrap();
    let begun = fine(&["init", "--data", &path("data"), "--place", &path("place.toml"), "--json"]);
    let begun: Value = serde_json::from_str(&begun).unwrap();
    let code_of = |login: &str| {
        let all = begun["invitations"].as_array().unwrap();
        all.iter().find(|i| i["login"] == login).unwrap()["code"].as_str().unwrap().to_owned()
    };

    let site = Site::serve(&[
        "--data",
        &path("data"),
        "--mail-folder",
        &path("post"),
        "--mail-from",
        "Fenwick <hello@fenwick.example.org>",
    ]);
    let mut pat = site.browser();
    let letters = join(&mut pat, &code_of("pat"), "pat", "kettle marble osprey");
    let workers = pat.get("/workers");
    assert!(
        workers.body.contains("Fenwick Together") && workers.body.contains("signs in"),
        "{}",
        workers.body
    );

    // Signed out is signed out, also for whoever kept the cookie.
    let mut thief = site.browser();
    thief.cookie.clone_from(&pat.cookie);
    let out = pat.post(&workers, "/sign-out", &[]);
    assert_eq!(out.status, 303);
    assert!(pat.cookie.is_none());
    assert_eq!(thief.get("/workers").status, 303, "to the sign-in page");

    // In again: with the next digits, because each works once.
    let door = pat.get("/sign-in");
    let next = digits(&letters, 30);
    let typed = [("login", "pat"), ("password", "kettle marble osprey"), ("code", next.as_str())];
    let back = pat.post(&door, "/sign-in", &typed);
    assert_eq!((back.status, back.to.as_str()), (303, "/workers"), "{}", back.body);

    // A colleague is invited.
    let form = pat.get("/workers/invite");
    let team =
        form.body.split("<option value=\"").find(|o| o.contains("Fenwick Together, Navigators")).unwrap();
    let team = team.split('"').next().unwrap();
    let fields =
        [("name", "Wren Alder"), ("email", "wren@together.example"), ("team", team), ("role", "navigator")];
    let handed = pat.post(&form, "/workers/invite", &fields);
    assert_eq!(handed.status, 200, "{}", handed.body);
    let code = handed.body.split("<strong>").map(|s| s.split('<').next().unwrap());
    let code = code.into_iter().find(|s| s.len() == 19 && s.matches('-').count() == 3).unwrap().to_owned();

    // Their own page shows it; a navigator with an invitation of their own joins and adds somebody.
    let mut kit = site.browser();
    join(&mut kit, &code_of("kit"), "kit", "lantern orchard seven");
    assert_eq!(kit.get("/workers").status, 404, "a navigator keeps nobody's account");
    let add = kit.get("/people/add");
    let fields =
        [("called", "Badger"), ("safe_way", "Tuesday drop-in, ask Joan"), ("safe_channel", "in_person")];
    let added = kit.post(&add, "/people/add", &fields);
    assert_eq!(added.status, 303, "{}", added.body);
    assert!(kit.get(&added.to).body.contains("Badger"));

    // The colleague is told by e-mail that they are invited, and not the code.
    let mut mail = String::new();
    for _ in 0..120 {
        mail = fs::read_dir(path("post"))
            .unwrap()
            .filter_map(|f| fs::read_to_string(f.unwrap().path()).ok())
            .collect();
        if mail.contains("wren@together.example") {
            break;
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    assert!(mail.contains("To: wren@together.example") && mail.contains("/join"), "{mail}");
    assert!(!mail.contains(&code) && !mail.contains(&code.replace('-', "")), "{mail}");

    site.stop();
    let checked: Value = serde_json::from_str(&fine(&["check", "--data", &path("data"), "--json"])).unwrap();
    assert_eq!((&checked["people"], &checked["lost"]), (&Value::from(1), &serde_json::json!([])));
    fine(&["verify", "--data", &path("data")]);

    // Moved to another folder, it is equal, and the old one is not served by mistake.
    let (old, new) = (path("data"), path("moved"));
    let moved: Value =
        serde_json::from_str(&fine(&["move", "--from", &old, "--to", &new, "--json"])).unwrap();
    assert_eq!(moved["equal"], true);
    let (status, words) = crate::refused(&["serve", "--data", &old, "--listen", "127.0.0.1:0"]);
    assert!(status == 2 && words.contains("was moved to another"), "{words}");
    let (status, words) = crate::refused(&["move", "--from", &new, "--to", &old]);
    assert!(status == 2 && words.contains("empty"), "{words}");
    let checked: Value = serde_json::from_str(&fine(&["check", "--data", &new, "--json"])).unwrap();
    assert_eq!(checked["people"], 1);
    fine(&["verify", "--data", text(&folder.path().join("moved"))]);
}

//! demo, init, check, verify, checkpoint, backup and restore, with their exit codes.

use crate::{fine, kith, refused, text};
use serde_json::Value;
use std::path::Path;

#[test]
fn the_made_up_place_is_whole_and_nobody_in_it_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    let made: Value =
        serde_json::from_str(&fine(&["demo", "--data", data, "--people", "60", "--json"])).unwrap();
    assert_eq!(made["people"], 60);
    let checked: Value = serde_json::from_str(&fine(&["check", "--data", data, "--json"])).unwrap();
    assert_eq!(checked["people"], 60);
    assert_eq!(checked["lost"], serde_json::json!([]));
    assert!(checked["overdue"].as_u64().unwrap() > 0, "late is not lost, and is counted");
    let verified: Value = serde_json::from_str(&fine(&["verify", "--data", data, "--json"])).unwrap();
    assert_eq!(verified["entries"], made["journal_entries"]);
    assert_eq!(verified["records"], made["records"]);

    let (code, words) = refused(&["demo", "--data", data, "--people", "60"]);
    assert_eq!(code, 2);
    assert!(words.contains("already holds a partnership"), "{words}");
}

#[test]
fn a_checkpoint_and_a_backup_prove_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, other) = (path("data"), path("other"));
    fine(&["demo", "--data", &data, "--people", "60"]);
    let signed =
        fine(&["checkpoint", "--data", &data, "--out", &path("mark.json"), "--key-file", &path("key")]);
    let proven = fine(&["verify", "--data", &data, "--checkpoint", &path("mark.json")]);
    assert!(proven.contains("Nothing that the checkpoint saw was altered or cut"), "{proven}");
    // Both count the same things under the same words.
    for what in ["chains of the journal", "journal entries"] {
        let row =
            |said: &str| said.lines().find(|line| line.contains(what)).map(|line| line.replace(' ', ""));
        assert!(row(&signed).is_some() && row(&signed) == row(&proven), "{signed}\n{proven}");
    }

    fine(&["backup", "--data", &data, "--out", &path("all.kith")]);
    let (code, words) = refused(&["backup", "--data", &data, "--out", &path("all.kith")]);
    assert!(code == 2 && words.contains("is there already"), "{words}");
    let restored = fine(&["restore", "--data", &other, "--from", &path("all.kith")]);
    assert!(restored.contains("no longer work. Invite those workers again"), "{restored}");
    fine(&["check", "--data", &other]);
    fine(&["verify", "--data", &other, "--checkpoint", &path("mark.json")]);
    let (code, _) = refused(&["restore", "--data", &other, "--from", &path("all.kith")]);
    assert_eq!(code, 2, "a restore never writes over anything");

    // The key lies outside the database, or nothing is signed.
    let inside = format!("{data}/key");
    for with in [&["--key-file", inside.as_str()][..], &[]] {
        let out = path("other.json");
        let arguments = [&["checkpoint", "--data", &data, "--out", &out], with].concat();
        let (code, words) = refused(&arguments);
        assert!(code == 2 && words.contains("database"), "{words}");
        assert!(!Path::new(&out).exists() && !Path::new(&inside).exists());
    }

    // Another place is not what the checkpoint saw.
    let third = path("third");
    fine(&["demo", "--data", &third, "--people", "60", "--seed", "9"]);
    let (code, words) = refused(&["verify", "--data", &third, "--checkpoint", &path("mark.json")]);
    assert!(code == 1 && words.contains("another partnership"), "{words}");
}

/// What is in an answer, by name.
fn names(answer: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// What a backup and a restore tell a program: of what, when, and each table with its rows and their digest.
/// The names are those of `docs/start.md`.
#[test]
fn a_program_reads_what_a_backup_holds_and_a_restore_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let read = |arguments: &[&str]| serde_json::from_str::<Value>(&fine(arguments)).unwrap();
    let (data, other, file) = (path("data"), path("other"), path("all.kith"));
    fine(&["demo", "--data", &data, "--people", "60"]);
    let verified = read(&["verify", "--data", &data, "--json"]);
    let written = read(&["backup", "--data", &data, "--out", &file, "--json"]);

    let about = &written["about"];
    let ago = jiff::Timestamp::now().as_microsecond() - about["at"].as_i64().unwrap();
    assert!((0..600_000_000).contains(&ago), "made just now: {about}");
    assert_eq!(
        (&about["kith_backup"], &about["engine"]),
        (&Value::from(1), &Value::from("SQLite")),
        "{about}"
    );
    assert!(about["partnership"].as_str().unwrap().parse::<uuid::Uuid>().is_ok(), "{about}");
    assert!(about["schema"].as_i64().unwrap() > 0, "{about}");
    assert_eq!(names(&written), ["about", "tables"]);
    assert_eq!(names(about), ["at", "engine", "kith_backup", "partnership", "schema"]);
    let tables = written["tables"].as_array().unwrap();
    assert!(tables.iter().all(|t| names(t) == ["digest", "rows", "table"]), "{written}");
    let table = |name: &str| tables.iter().find(|t| t["table"] == name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(table("journal")["rows"], verified["entries"]);
    assert_eq!(table("record")["rows"], verified["records"]);
    let digest = |t: &Value| t["digest"].as_str().is_some_and(|d| d.len() == 64);
    assert!(tables.iter().all(|t| digest(t) && t["rows"].is_u64()), "{written}");
    let mut digests: Vec<&Value> = tables.iter().filter(|t| t["rows"] != 0).map(|t| &t["digest"]).collect();
    digests.sort_by_key(|d| d.to_string());
    digests.dedup();
    assert_eq!(digests.len(), tables.iter().filter(|t| t["rows"] != 0).count(), "each of its own rows");

    let restored = read(&["restore", "--data", &other, "--from", &file, "--json"]);
    assert_eq!(restored, written, "the same, word for word");
    let now = |data: &str| read(&["check", "--data", data, "--json"]);
    let (here, there) = (now(&data), now(&other));
    assert_eq!(
        (&here["people"], &here["open"], &here["lost"]),
        (&there["people"], &there["open"], &there["lost"])
    );
    assert_eq!((&here["people"], &here["lost"]), (&Value::from(60), &serde_json::json!([])));
    assert_eq!(names(&here), ["at", "kept_moving", "lost", "open", "overdue", "people"]);
    let again = read(&["verify", "--data", &other, "--json"]);
    let told = "chains checkpoint clean entries findings links looks proves records taken_out wrong";
    assert_eq!(names(&again).join(" "), told);
    assert_eq!((&again["clean"], &again["entries"]), (&Value::from(true), &verified["entries"]));
}

#[test]
fn a_real_place_begins_with_its_net_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let example = fine(&["init", "--example"]);
    std::fs::write(path("place.toml"), &example).unwrap();
    let begun: Value = serde_json::from_str(&fine(&[
        "init",
        "--data",
        &path("data"),
        "--place",
        &path("place.toml"),
        "--json",
    ]))
    .unwrap();
    let invitations = begun["invitations"].as_array().unwrap();
    assert_eq!(invitations.len(), 5);
    assert!(invitations.iter().all(|a| a["code"].as_str().unwrap().len() == 19));
    let again = fine(&["invite", "Pat Osier", "--data", &path("data"), "--json"]);
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["name"], "Pat Osier");
    // The agreement goes on, also for whoever cannot sign in any more.
    let renewed = fine(&["renew", "Together", "--until", "2029-06-30", "--data", &path("data"), "--json"]);
    assert!(renewed.contains("Fenwick Together") && renewed.contains("2029-06-30"), "{renewed}");
    let (_, over) = refused(&["renew", "Together", "--until", "2020-01-01", "--data", &path("data")]);
    assert!(over.contains("over already") || over.contains("after the first"), "{over}");
    let (_, who) = refused(&["renew", "Nowhere", "--until", "2029-06-30", "--data", &path("data")]);
    assert!(who.contains("not one organisation called Nowhere"), "{who}");
    let nobody = refused(&["invite", "Nobody", "--data", &path("data")]);
    assert!(nobody.0 == 2 && nobody.1.contains("Nobody called"), "{}", nobody.1);
    fine(&["check", "--data", &path("data")]);
    fine(&["verify", "--data", &path("data")]);
    let again = refused(&["init", "--data", &path("data"), "--place", &path("place.toml")]);
    assert!(again.0 == 2 && again.1.contains("never writes over one"), "{}", again.1);

    // Messages of a real place come from somebody.
    let (code, words) = refused(&["serve", "--data", &path("data"), "--mail-folder", &path("post")]);
    let no_pages = words.contains("cargo xtask components");
    assert!(code == 2 && (no_pages || words.contains("from whom messages come: --mail-from")), "{words}");

    // The second person of the net may not be its lead.
    let alone = example.replace("second = \"dee\"", "second = \"rosa\"");
    std::fs::write(path("alone.toml"), alone).unwrap();
    let (code, words) = refused(&["init", "--data", &path("none"), "--place", &path("alone.toml")]);
    assert!(code == 2 && words.contains("second named person"), "{words}");
    assert!(!folder.path().join("none").exists(), "nothing is made");
}

#[test]
fn errors_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    for command in ["check", "verify", "serve"] {
        let (code, words) = refused(&[command, "--data", text(&nowhere)]);
        assert!(
            code == 2 && words.contains("kith demo") || words.contains("cargo xtask components"),
            "{command}: {words}"
        );
        assert!(!nowhere.exists(), "{command} makes no database");
    }
    assert_eq!(kith(&["nonsense"]).status.code(), Some(2));
}

#[test]
fn a_made_up_place_stays_on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    fine(&["demo", "--data", data, "--people", "60"]);
    let (code, words) = refused(&["serve", "--data", data, "--listen", "0.0.0.0:0"]);
    assert!(code == 2, "{words}");
    assert!(words.contains("--allow-remote-demo") || words.contains("components"), "{words}");
    let (code, words) = refused(&["serve", "--data", data, "--public-url", "http://kith.example.org"]);
    assert!(code == 2 && (words.contains("https") || words.contains("components")), "{words}");
}

#[test]
fn the_manual_names_every_command() {
    let man = fine(&["man"]);
    for command in [
        "demo",
        "init",
        "invite",
        "renew",
        "serve",
        "move",
        "check",
        "verify",
        "checkpoint",
        "backup",
        "restore",
        "import",
    ] {
        assert!(man.contains(command), "{command}");
    }
    assert!(fine(&["completions", "bash"]).contains("_kith"));
}

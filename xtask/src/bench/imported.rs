//! Bringing in a long list of services: how long, how much memory, and what happens when it is stopped in
//! the middle and started again.

use super::machine;
use crate::kith::build_to_measure;
use crate::{repo, run};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Brings a list of so many services in, in a place of its own: whole, again, and once more after a kill.
/// False when it is not all there at the end.
pub fn run(services: u64) -> Result<bool, String> {
    let kith = build_to_measure()?;
    let folder = tempfile::Builder::new()
        .prefix("import-")
        .tempdir_in(repo::scratch("bench").map_err(|cause| cause.to_string())?)
        .map_err(|cause| cause.to_string())?;
    let list = folder.path().join("list.csv");
    let map = folder.path().join("list.toml");
    std::fs::write(&list, csv(services)).map_err(|cause| cause.to_string())?;
    std::fs::write(&map, MAP).map_err(|cause| cause.to_string())?;
    println!("\na list of {services} services, brought in by `kith import directory --write`");
    let whole = folder.path().join("whole");
    place(&kith, &whole)?;
    for (what, expected) in [("new", "new"), ("again, nothing different", "same")] {
        let cost = watch(command(&kith, &list, &map, &whole))?;
        println!(
            "{what:<26} ({expected}): {:.1} s, {:.1} s of CPU, {:.0} MB at most",
            cost.seconds, cost.cpu, cost.most_mb
        );
    }
    let stopped = folder.path().join("stopped");
    place(&kith, &stopped)?;
    let done = kill_in_the_middle(&kith, &list, &map, &stopped, services)?;
    // Whoever died in the middle of an import keeps the next one out for half a minute.
    std::thread::sleep(Duration::from_secs(31));
    let cost = watch(command(&kith, &list, &map, &stopped))?;
    let all = count(&stopped)?;
    println!(
        "{:<26} {done} were there when it was killed; started again it took {:.1} s, and {all} are there",
        "killed in the middle:", cost.seconds
    );
    Ok(all == services)
}

/// A place with nothing in it but what `kith demo` founds: it is the quickest way to one.
fn place(kith: &Path, data: &Path) -> Result<(), String> {
    run::capture(Command::new(kith).args(["demo", "--people", "60", "--json", "--data"]).arg(data)).map(drop)
}

fn command(kith: &Path, list: &Path, map: &Path, data: &Path) -> Command {
    let mut command = run::tethered(kith, "TERM");
    command.args(["import", "directory"]).arg(list).arg("--map").arg(map).arg("--data").arg(data);
    command.args(["--write", "--json"]).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn watch(mut command: Command) -> Result<machine::Cost, String> {
    let child = command.spawn().map_err(|cause| format!("kith import: {cause}"))?;
    let (ended, cost) = machine::watch(child)?;
    if ended { Ok(cost) } else { Err("kith import did not end well".to_owned()) }
}

/// Kills the import as soon as it has brought in about half, and says how many are there then.
fn kill_in_the_middle(
    kith: &Path,
    list: &Path,
    map: &Path,
    data: &Path,
    services: u64,
) -> Result<u64, String> {
    let mut child =
        command(kith, list, map, data).spawn().map_err(|cause| format!("kith import: {cause}"))?;
    let began = Instant::now();
    while child.try_wait().map_err(|cause| cause.to_string())?.is_none() {
        std::thread::sleep(Duration::from_millis(200));
        if count(data)? * 2 >= services || began.elapsed() > Duration::from_secs(1200) {
            child.kill().map_err(|cause| cause.to_string())?;
            child.wait().map_err(|cause| cause.to_string())?;
            break;
        }
    }
    count(data)
}

/// How many services of the list are there, as the database itself says.
fn count(data: &Path) -> Result<u64, String> {
    let sql = "select count(*) from record where kind = 'service' and body like '%A long list%'";
    let said = run::capture(Command::new("sqlite3").arg("-readonly").arg(data.join("kith.db")).arg(sql))?;
    said.trim().parse().map_err(|_| format!("sqlite3 said {said}"))
}

const MAP: &str = r#"
[source]
name = "A long list"
publisher = "A council"
licence = "Open Government Licence v3.0"
attribution = "A council"
published = "2026-10-01"

[fields]
identifier = "id"
name = "name"
organisation = "run by"
description = "about"
phone = "phone"
lat = "lat"
lon = "lon"
areas = { value = "money" }
needs = { column = "need" }
"#;

/// The list. Names and organisations repeat as they do in real lists.
fn csv(services: u64) -> String {
    const NEEDS: [&str; 5] = ["money-debt", "health-talk", "physical-move", "connection-company", "work-job"];
    let mut out = String::from("id,name,run by,about,phone,lat,lon,need\n");
    for n in 0..services {
        let _ = writeln!(
            out,
            "{n},Service {n} of {},Organisation {},Somebody listens and helps with the next step. Number {n} of the \
             list.,01632 960{:03},{:.5},{:.5},{}",
            n % 97,
            n % (services / 5 + 1),
            n % 1000,
            53.3 + (n % 1000) as f64 / 5000.0,
            -2.4 + (n / 1000 % 1000) as f64 / 5000.0,
            NEEDS[(n % 5) as usize]
        );
    }
    out
}

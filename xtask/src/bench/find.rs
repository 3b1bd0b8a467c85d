//! `cargo xtask bench find`: how well Kith finds on questions that were judged, how fast beside other
//! engines on the same questions, and what bringing in a long list costs. `docs/finding.md` keeps what came.

use super::{imported, machine};
use crate::postgres::Postgres;
use crate::{repo, run};
use std::process::{Command, Stdio};

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only how well it finds
    #[arg(long)]
    judged_only: bool,
    /// Only how fast
    #[arg(long, conflicts_with = "judged_only")]
    speed_only: bool,
    /// Only bringing in a long list
    #[arg(long, conflicts_with_all = ["judged_only", "speed_only"])]
    import_only: bool,
    /// Print every judged question with its figures
    #[arg(long)]
    each: bool,
    /// Also with a million services; takes some minutes and some gigabytes
    #[arg(long)]
    million: bool,
    /// How many questions of each sort
    #[arg(long, default_value_t = 2_000)]
    questions: u64,
    /// How many services the list has that is brought in
    #[arg(long, default_value_t = 100_000)]
    list: u64,
}

/// Measures and prints. False when an engine's answers are not Kith's.
pub fn run(options: &Options) -> Result<bool, String> {
    println!("{}", machine::in_a_line());
    let mut right = true;
    if !options.speed_only && !options.import_only {
        judged(options)?;
    }
    if !options.judged_only && !options.import_only {
        right &= beside(options)?;
    }
    if !options.judged_only && !options.speed_only {
        right &= imported::run(options.list)?;
    }
    println!("{}", machine::in_a_line());
    Ok(right)
}

/// The judged questions. The directories are small, so the quick build will do.
fn judged(options: &Options) -> Result<(), String> {
    run::show(run::cargo().args(["build", "--quiet", "--locked", "--package", "kith-judged"]))?;
    let mut judged = Command::new(repo::target().join("debug").join("judged"));
    if options.each {
        judged.arg("--each");
    }
    run::show(judged.stdin(Stdio::null()))
}

/// The speed beside others, each in a process of its own. The others live in a workspace of their own.
fn beside(options: &Options) -> Result<bool, String> {
    let folder = repo::root().join("bench").join("peers");
    let manifest = folder.join("Cargo.toml");
    let mut build = run::cargo();
    build.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]).arg(&manifest);
    run::show(build.arg("--target-dir").arg(repo::target().join("peers")))?;
    let services = if options.million { "10000,100000,1000000" } else { "10000,100000" };
    let mut peers = Command::new(repo::target().join("peers").join("release").join("kith-peers"));
    peers.args(["--services", services, "--questions", &options.questions.to_string()]);
    let postgres = server();
    match &postgres {
        Ok(server) => {
            peers.args(["--postgres", &server.url()]);
            if let Some(id) = server.id() {
                peers.args(["--server", &id.to_string()]);
            }
        }
        Err(cause) => println!("without PostgreSQL and PostGIS: {cause}"),
    }
    let status = peers.stdin(Stdio::null()).status().map_err(|cause| format!("peers: {cause}"))?;
    Ok(status.success())
}

/// A server with PostGIS, or why there is none.
fn server() -> Result<Postgres, String> {
    let postgres = Postgres::start()?;
    let ask = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", "create extension postgis"];
    run::capture(Command::new("psql").arg(postgres.url()).args(ask))
        .map_err(|_| "PostGIS is not installed (Debian: postgresql-15-postgis-3)".to_owned())?;
    Ok(postgres)
}

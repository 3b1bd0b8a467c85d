//! Building the program and running it beside us: the made-up place, a server on a free port, and
//! waiting until it answers.

use crate::http::Visitor;
use crate::run::{self, Running};
use crate::{repo, run::tethered};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// Builds the program and says where it is.
pub fn build() -> Result<PathBuf, String> {
    run::show(run::cargo().args(["build", "--package", "kith", "--bin", "kith", "--locked", "--quiet"]))?;
    Ok(repo::target().join("debug").join("kith"))
}

/// Builds the program as it is released, to be measured.
pub fn build_to_measure() -> Result<PathBuf, String> {
    let mut cargo = run::cargo();
    run::show(cargo.args([
        "build",
        "--release",
        "--package",
        "kith",
        "--package",
        "kith-floor",
        "--locked",
        "--quiet",
    ]))?;
    Ok(repo::target().join("release").join("kith"))
}

/// Makes the made-up place in this folder, or in the database when one is named.
pub fn make_demo(
    kith: &Path,
    data: &Path,
    database: Option<&str>,
    people: u32,
    seed: u64,
) -> Result<(), String> {
    let mut command = tethered(kith, "TERM");
    command.args(["demo", "--no-next"]).arg("--data").arg(data);
    command.args(["--people", &people.to_string(), "--seed", &seed.to_string()]);
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    run::show(command.stdin(Stdio::null()))
}

/// A running `kith serve`.
#[derive(Debug)]
pub struct Serving {
    /// The process.
    pub running: Running,
    /// The port of loopback it answers on.
    pub port: u16,
    log: PathBuf,
}

impl Serving {
    /// Starts a server over this folder, or over the database when one is named, and waits until it answers.
    /// What it says goes to `server.log` in `logs`.
    pub fn start(
        kith: &Path,
        data: &Path,
        database: Option<&str>,
        port: u16,
        logs: &Path,
    ) -> Result<Serving, String> {
        Serving::start_saying(kith, data, database, port, logs, None)
    }

    /// The same, with what the log is to tell (`KITH_LOG`).
    pub fn start_saying(
        kith: &Path,
        data: &Path,
        database: Option<&str>,
        port: u16,
        logs: &Path,
        tell: Option<&str>,
    ) -> Result<Serving, String> {
        let path = logs.join("server.log");
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|cause| format!("{}: {cause}", path.display()))?;
        let errors = log.try_clone().map_err(|cause| format!("{}: {cause}", path.display()))?;
        let mut command = tethered(kith, "TERM");
        command.arg("serve").arg("--data").arg(data);
        command.args(["--listen", &format!("127.0.0.1:{port}")]);
        command.args(["--public-url", &base(port)]);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        if let Some(tell) = tell {
            command.env("KITH_LOG", tell);
        }
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        let running = Running::start("kith serve", &mut command)?;
        let mut serving = Serving { running, port, log: path };
        serving.wait_until_ready()?;
        Ok(serving)
    }

    /// Where a browser finds it.
    pub fn base(&self) -> String {
        base(self.port)
    }

    /// Waits until a page is answered without a fault.
    pub fn wait_until_ready(&mut self) -> Result<(), String> {
        let began = Instant::now();
        loop {
            self.running.still_running().map_err(|cause| format!("{cause}\n{}", self.last_words()))?;
            match Visitor::new(self.port, Duration::from_secs(5)).get("/") {
                Ok(answer) if answer.status < 500 => return Ok(()),
                answer if began.elapsed() > PATIENCE => {
                    let said =
                        answer.map_or_else(|cause| cause.to_string(), |a| format!("status {}", a.status));
                    return Err(format!("kith serve was not ready in time ({said})\n{}", self.last_words()));
                }
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The end of its log, for an error.
    pub fn last_words(&self) -> String {
        let text = self.said();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }
}

fn base(port: u16) -> String {
    format!("http://localhost:{port}")
}

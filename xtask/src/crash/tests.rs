//! The proof must be able to fail: over a toy server that keeps its promises, one that forgets what it
//! acknowledged, and one that does a thing twice when it is asked twice.

use super::*;
use crate::run::{self, Running};
use std::path::PathBuf;
use std::process::Command;

struct Toy {
    port: u16,
    file: PathBuf,
    manner: &'static str,
    running: Option<Running>,
}

impl Target for Toy {
    fn start(&mut self) -> Result<(), String> {
        let mut command = Command::new("python3");
        command.arg("-c").arg(include_str!("toy.py"));
        command.arg(self.port.to_string()).arg(&self.file).arg(self.manner);
        self.running = Some(Running::start("toy", &mut command)?);
        let began = Instant::now();
        while visitor(self.port).get("/").is_err() {
            if began.elapsed() > Duration::from_secs(20) {
                return Err("the toy did not start".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn kill(&mut self, _: Victim) {
        if let Some(mut running) = self.running.take() {
            running.kill();
        }
    }

    fn port(&self) -> u16 {
        self.port
    }
}

fn judge(manner: &'static str) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    let mut toy =
        Toy { port: run::free_port().unwrap(), file: folder.path().join("kept"), manner, running: None };
    let trial = Trial {
        name: "toy",
        kills: 6,
        seed: 11,
        longest_life: Duration::from_millis(250),
        victims: vec![Victim::Program],
    };
    // All writers share one file, so one of them reads it back.
    let work = |number| Work {
        act: Act {
            page: "/form".into(),
            action: "/write".into(),
            fill: vec![("words".into(), MARK.into())],
            ..Act::default()
        },
        shown_on: if number == 0 { vec!["/".into()] } else { Vec::new() },
        ..Work::default()
    };
    super::run(&mut toy, (0..3).map(work).collect(), &trial).unwrap()
}

#[test]
fn an_honest_server_is_believed() {
    let verdict = judge("honest");
    assert!(verdict.holds(), "{verdict}");
    assert_eq!(verdict.kills, 6);
}

#[test]
fn a_server_that_forgets_is_found_out() {
    let verdict = judge("forgets");
    assert!(!verdict.lost.is_empty(), "{verdict}");
    assert!(!verdict.holds());
}

#[test]
fn a_server_that_does_things_twice_is_found_out() {
    let verdict = judge("doubles");
    assert!(!verdict.doubled.is_empty(), "{verdict}");
    assert!(!verdict.holds());
}

//! The proof must be able to fail: over a toy server that keeps its promises, one that forgets what it
//! acknowledged, and one that does a thing twice when it is asked twice.

use super::ledger::marks_in;
use super::*;
use crate::http::{Form, Response};
use crate::run::{self, Running};
use crate::tools;
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
        let mut command = Command::new(tools::python().expect("python3 is one of the tools"));
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

/// Writes lines; every writer shares one file, so only one of them reads it back.
struct Note {
    reads: bool,
}

impl Work for Note {
    fn prepare(&mut self, _: &mut Visitor) -> Result<(), Failure> {
        Ok(())
    }

    fn form(&mut self, _: &mut Visitor, mark: &str) -> Result<Form, Failure> {
        let fields =
            vec![("_submission".to_owned(), format!("s-{mark}")), ("mark".to_owned(), mark.to_owned())];
        Ok(Form { action: "/".to_owned(), fields })
    }

    fn renew(&mut self, _: &mut Visitor, form: &Form) -> Result<Form, Failure> {
        Ok(form.clone())
    }

    fn acknowledges(&self, answer: &Response) -> bool {
        answer.status == 200
    }

    fn read_back(&mut self, visitor: &mut Visitor) -> Result<Vec<String>, Failure> {
        if self.reads { Ok(marks_in(&visitor.get("/")?.text())) } else { Ok(Vec::new()) }
    }
}

fn judge(manner: &'static str) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    let mut toy =
        Toy { port: run::free_port().unwrap(), file: folder.path().join("kept"), manner, running: None };
    let trial = Trial {
        kills: 6,
        writers: 3,
        seed: 11,
        longest_life: Duration::from_millis(250),
        victims: vec![Victim::Program],
    };
    let works = (0..trial.writers).map(|number| Box::new(Note { reads: number == 0 }) as Box<dyn Work>);
    super::run(&mut toy, works.collect(), &trial).unwrap()
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

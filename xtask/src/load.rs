//! The load generator: a process of its own, so that its work is not counted as the server's. It keeps
//! a fixed rate whether or not answers are late, counts each wait from the moment it was due, and reads
//! every answer: one without the words it must hold is wrong, however quick it was.

use crate::http::{Form, Response, Visitor};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What to send.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// The port on loopback.
    pub port: u16,
    /// Whom to sign in as through the demo's chooser, or nobody.
    pub user: Option<String>,
    /// How many a second.
    pub rate: f64,
    /// For how long, in seconds.
    pub seconds: f64,
    /// How many connections share the work.
    pub connections: usize,
    /// What each of them does.
    pub doing: Doing,
}

/// One thing that somebody does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Doing {
    /// The pages to open, in turn.
    pub paths: Vec<String>,
    /// The form on the page to fill in and send, when the doing is a change.
    pub form: Option<Filling>,
    /// What the answer must hold.
    pub expect: String,
}

/// A form to fill in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filling {
    /// Part of the form's action.
    pub action: String,
    /// Names and values; `{n}` becomes the number of the doing.
    pub fields: Vec<(String, String)>,
}

/// What happened.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Right answers.
    pub right: u64,
    /// Answers without the words they must hold, or with an error status.
    pub wrong: u64,
    /// No answer.
    pub failed: u64,
    /// Requests sent, pages before forms included.
    pub requests: u64,
    /// Waits in microseconds, sorted.
    pub waits: Vec<u64>,
    /// The first thing that went wrong, for the reader.
    pub example: String,
}

impl Outcome {
    /// The wait in microseconds that this share of doings did not exceed.
    pub fn percentile(&self, share: f64) -> u64 {
        let rank = (share * self.waits.len() as f64).ceil() as usize;
        self.waits.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    fn add(&mut self, other: Outcome) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.failed += other.failed;
        self.requests += other.requests;
        self.waits.extend(other.waits);
        if self.example.is_empty() {
            self.example = other.example;
        }
    }
}

/// Reads a job from the standard input, does it and writes the outcome to the standard output.
pub fn run() -> Result<(), String> {
    let job: Job = serde_json::from_reader(std::io::stdin()).map_err(|cause| format!("the job: {cause}"))?;
    let outcome = carry_out(&job)?;
    serde_json::to_writer(std::io::stdout(), &outcome).map_err(|cause| format!("the outcome: {cause}"))
}

/// Does the job.
pub fn carry_out(job: &Job) -> Result<Outcome, String> {
    let mut visitors = Vec::new();
    for _ in 0..job.connections {
        visitors.push(come_in(job)?);
    }
    let next = AtomicU64::new(0);
    let total = (job.rate * job.seconds) as u64;
    let began = Instant::now();
    let mut outcome = Outcome::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = visitors
            .into_iter()
            .map(|visitor| scope.spawn(|| keep_rate(job, visitor, &next, total, began)))
            .collect();
        for thread in threads {
            outcome.add(thread.join().expect("a connection reports failures and does not panic"));
        }
    });
    outcome.waits.sort_unstable();
    Ok(outcome)
}

fn come_in(job: &Job) -> Result<Visitor, String> {
    let mut visitor = Visitor::new(job.port, Duration::from_secs(30));
    if let Some(user) = &job.user {
        sign_in(&mut visitor, user)?;
    }
    Ok(visitor)
}

/// Signs in through the demo's chooser.
pub fn sign_in(visitor: &mut Visitor, user: &str) -> Result<(), String> {
    let page = visitor.get("/demo").map_err(|cause| cause.to_string())?;
    let html = page.text();
    let mut form = Form::find(&html, "/demo/sign-in").ok_or("the demo's chooser has no form")?;
    let key =
        chooser_key(&html, user).ok_or_else(|| format!("the demo's chooser offers nobody called {user}"))?;
    form.fill("user", &key);
    let answer = visitor.post(&form.action, &form.fields).map_err(|cause| cause.to_string())?;
    if (300..400).contains(&answer.status) {
        Ok(())
    } else {
        Err(format!("signing in as {user} was answered with {}", answer.status))
    }
}

/// The value of the first button of the chooser whose words begin with this name.
fn chooser_key(html: &str, user: &str) -> Option<String> {
    html.split("name=\"user\" value=\"").skip(1).find_map(|rest| {
        let (key, rest) = rest.split_once('"')?;
        let words = &rest[rest.find('>')? + 1..];
        words.trim_start().starts_with(user).then(|| key.to_owned())
    })
}

/// Takes the next number, waits until it is due, does it, and notes the wait since it was due: a slow
/// answer makes the next ones late, and that lateness is the server's.
fn keep_rate(job: &Job, mut visitor: Visitor, next: &AtomicU64, total: u64, began: Instant) -> Outcome {
    let mut outcome = Outcome::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= total {
            return outcome;
        }
        let due = began + Duration::from_secs_f64(number as f64 / job.rate);
        if let Some(early) = due.checked_duration_since(Instant::now()) {
            std::thread::sleep(early);
        }
        let done = job.doing.once(&mut visitor, number, &mut outcome.requests);
        outcome.waits.push(due.elapsed().as_micros() as u64);
        match done {
            Ok(answer) if answer.status < 400 && answer.text().contains(&job.doing.expect) => {
                outcome.right += 1
            }
            Ok(answer) => {
                outcome.wrong += 1;
                outcome.note(|| format!("status {}: {}", answer.status, first_words(&answer)));
            }
            Err(cause) => {
                outcome.failed += 1;
                outcome.note(|| cause);
            }
        }
    }
}

impl Outcome {
    fn note(&mut self, what: impl FnOnce() -> String) {
        if self.example.is_empty() {
            self.example = what();
        }
    }
}

fn first_words(answer: &Response) -> String {
    let text = answer.text();
    let from = text.find("<h1").unwrap_or_default();
    text[from..].chars().take(160).collect()
}

impl Doing {
    fn once(&self, visitor: &mut Visitor, number: u64, requests: &mut u64) -> Result<Response, String> {
        let path = &self.paths[number as usize % self.paths.len()];
        let page = visitor.get(path).map_err(|cause| cause.to_string())?;
        *requests += 1;
        let Some(filling) = &self.form else { return Ok(page) };
        let mut form = Form::find(&page.text(), &filling.action)
            .ok_or_else(|| format!("{path} has no form to {}", filling.action))?;
        for (name, value) in &filling.fields {
            form.fill(name, &value.replace("{n}", &number.to_string()));
        }
        let answer = visitor.post(&form.action, &form.fields).map_err(|cause| cause.to_string())?;
        let answer = visitor.follow(answer).map_err(|cause| cause.to_string())?;
        *requests += 2;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    /// A server that answers every request with this text, each after this time.
    fn server(text: &'static str, each: Duration) -> u16 {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                std::thread::spawn(move || {
                    let mut request = [0; 4096];
                    while stream.read(&mut request).is_ok_and(|read| read > 0) {
                        std::thread::sleep(each);
                        let answer =
                            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}", text.len());
                        stream.write_all(answer.as_bytes()).unwrap();
                    }
                });
            }
        });
        port
    }

    fn job(port: u16, rate: f64, seconds: f64, connections: usize, expect: &str) -> Job {
        let doing = Doing { paths: vec!["/".into()], form: None, expect: expect.into() };
        Job { port, user: None, rate, seconds, connections, doing }
    }

    #[test]
    fn every_answer_is_read() {
        let port = server("hello", Duration::ZERO);
        let right = carry_out(&job(port, 200.0, 0.5, 2, "hell")).unwrap();
        assert_eq!((right.right, right.wrong, right.failed, right.waits.len()), (100, 0, 0, 100));
        let wrong = carry_out(&job(port, 200.0, 0.1, 2, "other")).unwrap();
        assert_eq!((wrong.right, wrong.wrong), (0, 20));
        assert!(wrong.example.contains("hello"));
    }

    #[test]
    fn a_server_that_cannot_keep_up_is_seen_in_the_waits() {
        // 40 a second are due, one connection manages 20: the last ones wait far longer than one answer takes.
        let port = server("hello", Duration::from_millis(50));
        let late = carry_out(&job(port, 40.0, 1.0, 1, "hello")).unwrap();
        assert!(late.percentile(0.99) > 500_000, "{:?}", late.waits);
        assert!(late.percentile(0.0) <= late.percentile(0.5) && late.percentile(0.5) <= late.percentile(1.0));
    }
}

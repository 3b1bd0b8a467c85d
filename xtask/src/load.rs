//! The load generator: a process of its own, so that its work is not counted as the server's. It keeps
//! a fixed rate whether or not answers are late, counts each wait from the moment it was due, and reads
//! every answer: one without the words it must hold is wrong, however quick it was.

use crate::bench::machine;
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
    /// Added to the number of each doing where it stands in a form: what is made must be new.
    pub first: u64,
    /// How many connections share the work.
    pub connections: usize,
    /// The server's process, whose CPU is counted while the clock runs.
    pub server: Option<u32>,
    /// The process of a PostgreSQL server, counted with those it started.
    pub database: Option<u32>,
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
    /// Forms are opened and filled in before the clock starts, and where they led to is read after it has
    /// stopped: what is measured is the sending alone. Each page is then used once.
    pub ready: bool,
    /// What the answer must hold; `{path}` is the page that was asked for.
    pub expect: String,
}

/// A form to fill in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filling {
    /// Part of the form's action.
    pub action: String,
    /// Names and values; `{n}` becomes the number of the doing, which no other doing of any run has.
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
    /// The longest answer, in bytes.
    pub longest: u64,
    /// Waits in microseconds, sorted.
    pub waits: Vec<u64>,
    /// CPU of the server while the clock ran, in microseconds.
    pub server_us: u64,
    /// CPU of the database server, when it is one of its own.
    pub database_us: u64,
    /// CPU of the load generator itself.
    pub own_us: u64,
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
        self.longest = self.longest.max(other.longest);
        self.waits.extend(other.waits);
        self.server_us += other.server_us;
        self.database_us += other.database_us;
        self.own_us += other.own_us;
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
    let visitors = come_in(job)?;
    let mut total = (job.rate * job.seconds) as u64;
    let forms = if job.doing.ready {
        total = total.min(job.doing.paths.len() as u64);
        job.doing.forms(&visitors[0], job.first, total)?
    } else {
        Vec::new()
    };
    let mut outcome = Outcome::default();
    let before = used(job)?;
    let answers = at_rate(job, visitors, &forms, total, &mut outcome);
    let after = used(job)?;
    outcome.server_us = after.0.saturating_sub(before.0);
    outcome.database_us = after.1.saturating_sub(before.1);
    outcome.own_us = after.2.saturating_sub(before.2);
    outcome.waits.sort_unstable();
    if job.doing.ready {
        let mut reader = come_in(&Job { connections: 1, ..job.clone() })?.remove(0);
        for (number, answer) in answers {
            let answer = answer.and_then(|a| reader.follow(a).map_err(|cause| cause.to_string()));
            outcome.judge(&job.doing, number, answer);
        }
    }
    Ok(outcome)
}

/// CPU so far of the server, of the database and of this process.
fn used(job: &Job) -> Result<(u64, u64, u64), String> {
    Ok((
        job.server.map_or(Ok(0), machine::cpu_us)?,
        job.database.map_or(0, machine::family_cpu_us),
        machine::cpu_us(std::process::id())?,
    ))
}

/// The visitors: one person with several connections, signed in once.
fn come_in(job: &Job) -> Result<Vec<Visitor>, String> {
    let mut first = Visitor::new(job.port, Duration::from_secs(30));
    if let Some(user) = &job.user {
        sign_in(&mut first, user)?;
    }
    Ok((0..job.connections.max(1)).map(|_| first.again()).collect())
}

/// Answers by the number of the doing, for whoever reads them later.
type Answers = Vec<(u64, Result<Response, String>)>;

fn at_rate(job: &Job, visitors: Vec<Visitor>, forms: &[Form], total: u64, outcome: &mut Outcome) -> Answers {
    let next = AtomicU64::new(0);
    let began = Instant::now();
    let mut answers = Vec::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = visitors
            .into_iter()
            .map(|visitor| scope.spawn(|| keep_rate(job, visitor, forms, &next, total, began)))
            .collect();
        for thread in threads {
            let (part, read_later) = thread.join().expect("a connection reports failures and does not panic");
            outcome.add(part);
            answers.extend(read_later);
        }
    });
    answers
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
fn keep_rate(
    job: &Job,
    mut visitor: Visitor,
    forms: &[Form],
    next: &AtomicU64,
    total: u64,
    began: Instant,
) -> (Outcome, Answers) {
    let (mut outcome, mut answers) = (Outcome::default(), Vec::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= total {
            return (outcome, answers);
        }
        let due = began + Duration::from_secs_f64(number as f64 / job.rate);
        if let Some(early) = due.checked_duration_since(Instant::now()) {
            std::thread::sleep(early);
        }
        let answer = match forms.get(number as usize) {
            Some(form) => {
                outcome.requests += 1;
                visitor.post(&form.action, &form.fields).map_err(|cause| cause.to_string())
            }
            None => job.doing.once(&mut visitor, (number, job.first), &mut outcome.requests),
        };
        outcome.waits.push(due.elapsed().as_micros() as u64);
        if job.doing.ready {
            answers.push((number, answer));
        } else {
            outcome.judge(&job.doing, number, answer);
        }
    }
}

impl Outcome {
    /// Right, wrong or no answer.
    fn judge(&mut self, doing: &Doing, number: u64, answer: Result<Response, String>) {
        self.longest = self.longest.max(answer.as_ref().map_or(0, |a| a.body.len() as u64));
        match answer {
            Ok(answer) if answer.status < 400 && answer.text().contains(&doing.expected(number)) => {
                self.right += 1;
            }
            Ok(answer) => {
                self.wrong += 1;
                self.note(|| format!("status {}: {}", answer.status, first_words(&answer)));
            }
            Err(cause) => {
                self.failed += 1;
                self.note(|| cause);
            }
        }
    }

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
    fn path(&self, number: u64) -> &str {
        &self.paths[number as usize % self.paths.len()]
    }

    fn expected(&self, number: u64) -> String {
        self.expect.replace("{path}", self.path(number))
    }

    /// The forms of the first pages, filled in.
    fn forms(&self, visitor: &Visitor, first: u64, total: u64) -> Result<Vec<Form>, String> {
        let mut opener = visitor.again();
        (0..total).map(|number| self.filled_in(&mut opener, (number, first))).collect()
    }

    /// Opens the page of this number and fills in its form; the numbers in it begin at `first`.
    pub fn filled_in(&self, visitor: &mut Visitor, (number, first): (u64, u64)) -> Result<Form, String> {
        let path = self.path(number);
        let filling = self.form.as_ref().ok_or("a doing with forms made ready has a form")?;
        let page = visitor.get(path).map_err(|cause| cause.to_string())?;
        let mut form = Form::find(&page.text(), &filling.action)
            .ok_or_else(|| format!("{path} has no form to {}", filling.action))?;
        for (name, value) in &filling.fields {
            form.fill(name, &value.replace("{n}", &(first + number).to_string()));
        }
        Ok(form)
    }

    /// Does it once: opens the page, or opens it, sends its form and reads where that leads.
    pub fn once(
        &self,
        visitor: &mut Visitor,
        number: (u64, u64),
        requests: &mut u64,
    ) -> Result<Response, String> {
        *requests += 1;
        if self.form.is_none() {
            return visitor.get(self.path(number.0)).map_err(|cause| cause.to_string());
        }
        let form = self.filled_in(visitor, number)?;
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
        let doing = Doing { paths: vec!["/".into()], form: None, ready: false, expect: expect.into() };
        Job { port, user: None, rate, seconds, first: 0, connections, server: None, database: None, doing }
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
    fn what_an_answer_must_hold_may_name_the_page() {
        let port = server("<a href=\"/\">", Duration::ZERO);
        let right = carry_out(&job(port, 200.0, 0.1, 2, "href=\"{path}\"")).unwrap();
        assert_eq!((right.right, right.wrong), (20, 0));
    }

    #[test]
    fn what_is_made_has_a_number_of_its_own() {
        let port = server("<form action=\"/do\"><input name=\"called\"></form>", Duration::ZERO);
        let fields = vec![("called".to_owned(), "Measured {n}".to_owned())];
        let doing = Doing {
            paths: vec!["/".into()],
            form: Some(Filling { action: "/do".into(), fields }),
            ready: false,
            expect: String::new(),
        };
        let mut visitor = Visitor::new(port, Duration::from_secs(5));
        let form = doing.filled_in(&mut visitor, (3, 1000)).unwrap();
        assert_eq!(form.value("called"), Some("Measured 1003"));
    }

    #[test]
    fn a_form_made_ready_is_sent_once_and_read_afterwards() {
        let port = server("<form action=\"/do\"></form>done", Duration::ZERO);
        let doing = Doing {
            paths: vec!["/one".into(), "/two".into()],
            form: Some(Filling { action: "/do".into(), fields: Vec::new() }),
            ready: true,
            expect: "done".into(),
        };
        let sent = carry_out(&Job { doing, ..job(port, 100.0, 1.0, 2, "") }).unwrap();
        assert_eq!((sent.right, sent.wrong, sent.requests, sent.waits.len()), (2, 0, 2, 2));
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

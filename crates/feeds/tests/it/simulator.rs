//! A feed with faults, on a port of its own: it answers as it is told to, and writes down
//! what it was asked.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the feed behaves.
#[derive(Clone, Default)]
pub struct Behaviour {
    pub entries: Vec<Value>,
    /// Entries on a page, whatever is asked for.
    pub page_size: usize,
    /// The list says only id and name.
    pub shallow: bool,
    /// There is no address for one entry.
    pub no_entries: bool,
    /// The pages say how many there are.
    pub counts_pages: bool,
    /// Each page is wrapped differently.
    pub changing: bool,
    /// The number of the page is ignored.
    pub ignores_page: bool,
    /// This page is always broken.
    pub dead_page: Option<usize>,
    /// This entry is always broken.
    pub dead_entry: Option<String>,
    /// So many requests are answered 429 first.
    pub busy: usize,
    /// So many requests are answered with a page of HTML first.
    pub html: usize,
    /// Milliseconds before each answer.
    pub slow: u64,
    /// What it says its JSON is.
    pub kind: &'static str,
    /// Entries have a version, and are not sent again.
    pub versions: bool,
}

/// A feed that runs.
pub struct Simulator {
    pub base: String,
    pub behaviour: Arc<Mutex<Behaviour>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Simulator {
    pub fn start(behaviour: Behaviour) -> Simulator {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let behaviour = Arc::new(Mutex::new(behaviour));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (told, log) = (behaviour.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (told, log) = (told.clone(), log.clone());
                std::thread::spawn(move || answer(stream, &told, &log));
            }
        });
        Simulator { base, behaviour, asked }
    }

    /// What was asked since the last time somebody looked.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    pub fn change(&self, how: impl FnOnce(&mut Behaviour)) {
        how(&mut self.behaviour.lock().unwrap());
    }
}

fn answer(mut stream: TcpStream, told: &Mutex<Behaviour>, log: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let known =
        head.lines().find_map(|l| l.to_lowercase().strip_prefix("if-none-match: ").map(str::to_owned));
    log.lock().unwrap().push(target.clone());
    let (slow, reply) = {
        let mut b = told.lock().unwrap();
        (b.slow, reply(&mut b, &target, known.as_deref()))
    };
    std::thread::sleep(Duration::from_millis(slow));
    let _ = stream.write_all(reply.as_bytes());
}

fn reply(b: &mut Behaviour, target: &str, known: Option<&str>) -> String {
    if b.busy > 0 {
        b.busy -= 1;
        return http("429 Too Many Requests", "application/json", "Retry-After: 0\r\n", "{}");
    }
    if b.html > 0 {
        b.html -= 1;
        return http("200 OK", "text/html", "", "<html>Back soon</html>");
    }
    let (path, question) = target.split_once('?').unwrap_or((target, ""));
    match path.strip_prefix("/services").map(|rest| rest.trim_start_matches('/')) {
        Some("") => page(b, question),
        Some(id) => entry(b, id, known),
        None => http("404 Not Found", "application/json", "", "{}"),
    }
}

fn page(b: &Behaviour, question: &str) -> String {
    let asked = question.split('&').find_map(|p| p.strip_prefix("page=")?.parse::<usize>().ok()).unwrap_or(1);
    if b.dead_page == Some(asked) {
        return http("500 Internal Server Error", "application/json", "", "{}");
    }
    let number = if b.ignores_page { 1 } else { asked };
    let from = ((number - 1) * b.page_size).min(b.entries.len());
    let to = (from + b.page_size).min(b.entries.len());
    let entries: Vec<Value> = b.entries[from..to]
        .iter()
        .map(|e| {
            if b.shallow {
                json!({ "id": e["id"], "name": e["name"], "description": null })
            } else {
                e.clone()
            }
        })
        .collect();
    let pages = b.entries.len().div_ceil(b.page_size);
    let whole = match (b.changing, number % 4) {
        (true, 0) => Value::Array(entries),
        (true, 1) => json!({ "content": entries, "totalPages": pages }),
        (true, 2) => json!({ "data": { "items": entries }, "total_pages": pages.to_string() }),
        _ if b.counts_pages => {
            json!({ "contents": entries, "total_pages": pages, "total_items": b.entries.len() })
        }
        _ => json!({ "contents": entries }),
    };
    http("200 OK", b.kind, "", &whole.to_string())
}

fn entry(b: &Behaviour, id: &str, known: Option<&str>) -> String {
    let found =
        b.entries.iter().find(|e| e["id"].as_str().map_or_else(|| e["id"].to_string(), str::to_owned) == id);
    let Some(found) = found.filter(|_| !b.no_entries) else {
        return http("404 Not Found", "application/json", "", "{}");
    };
    if b.dead_entry.as_deref() == Some(id) {
        return http("503 Service Unavailable", "text/plain", "", "no");
    }
    let text = found.to_string();
    if !b.versions {
        return http("200 OK", b.kind, "", &text);
    }
    let version = format!("\"{}-{}\"", id, text.len());
    if known == Some(version.as_str()) {
        return http("304 Not Modified", b.kind, "", "");
    }
    http("200 OK", b.kind, &format!("ETag: {version}\r\n"), &text)
}

fn http(status: &str, kind: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n{body}"
    )
}

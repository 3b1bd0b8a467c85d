//! A served place, and a browser without scripts that talks to it over a real socket.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// `kith serve`, running; killed when it is dropped.
pub struct Site {
    port: u16,
    child: Child,
}

impl Site {
    /// Serves on a port of its own and waits until it answers.
    pub fn serve(arguments: &[&str]) -> Site {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(env!("CARGO_BIN_EXE_kith"))
            .arg("serve")
            .args(arguments)
            .args([
                "--listen",
                &format!("127.0.0.1:{port}"),
                "--public-url",
                &format!("http://localhost:{port}"),
            ])
            .env_remove("KITH_DATABASE")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let site = Site { port, child };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return site;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("it does not answer");
    }

    /// Where it is served.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn browser(&self) -> Browser {
        Browser { port: self.port, cookie: None }
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it ends well when it is asked to");
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was answered.
pub struct Page {
    pub status: u16,
    /// Where it sends the browser.
    pub to: String,
    pub body: String,
}

/// A browser: cookies and forms.
pub struct Browser {
    port: u16,
    pub cookie: Option<String>,
}

impl Browser {
    pub fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, "")
    }

    /// Sends the form with this action of a page, with what the page had filled in.
    pub fn post(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.body.split(&format!("action=\"{action}\"")).nth(1).unwrap_or_default();
        let form = form.split("</form>").next().unwrap_or_default();
        let mut all: Vec<(String, String)> = Vec::new();
        for tag in form.split("<input").skip(1).map(|t| t.split('>').next().unwrap_or_default()) {
            let (name, value) = (attribute(tag, "name"), attribute(tag, "value").unwrap_or_default());
            let ticked = tag.split_whitespace().any(|w| w == "checked");
            let choice = matches!(attribute(tag, "type").as_deref(), Some("radio" | "checkbox"));
            if let Some(name) = name.filter(|n| (ticked || !choice) && !fields.iter().any(|(f, _)| f == n)) {
                all.push((name, value));
            }
        }
        all.extend(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        let body: Vec<String> = all.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        self.send("POST", action, &body.join("&"))
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Page {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let cookie =
            self.cookie.as_ref().map(|c| format!("Cookie: kith_session={c}\r\n")).unwrap_or_default();
        let (port, length) = (self.port, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n{cookie}\
             Connection: close\r\n\r\n"
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let mut page =
            Page { status: head[9..12].parse().unwrap(), to: String::new(), body: body.to_owned() };
        for line in head.lines().skip(1) {
            let (name, value) = line.split_once(": ").unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "location" => page.to = value.to_owned(),
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        page
    }

    fn keep(&mut self, set: &str) {
        if let Some(rest) = set.strip_prefix("kith_session=") {
            let value = rest.split(';').next().unwrap_or_default();
            self.cookie = (!value.is_empty()).then(|| value.to_owned());
        }
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(value.replace("&#x27;", "'").replace("&quot;", "\"").replace("&amp;", "&"))
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

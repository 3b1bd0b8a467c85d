//! A small HTTP/1.1 client for the proofs and the measurements: one kept connection, cookies, forms
//! filled in as a browser without scripts would. It tells apart what the ledger of a proof must tell
//! apart: an answer, and not knowing whether the request was carried out.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields, names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body, complete.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header field of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing was listening, so nothing was carried out.
    NotConnected(String),
    /// The connection ended before the answer was complete; it may have been carried out.
    Unknown(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::NotConnected(cause) => write!(f, "no connection: {cause}"),
            Failure::Unknown(cause) => write!(f, "no complete answer: {cause}"),
        }
    }
}

/// One kept connection.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    /// Connects; `host` is what the server is called in requests.
    pub fn open(address: SocketAddr, host: &str, patience: Duration) -> Result<Connection, Failure> {
        let refused = |cause: std::io::Error| Failure::NotConnected(cause.to_string());
        let stream = TcpStream::connect_timeout(&address, patience).map_err(refused)?;
        stream.set_nodelay(true).map_err(refused)?;
        stream.set_read_timeout(Some(patience)).map_err(refused)?;
        stream.set_write_timeout(Some(patience)).map_err(refused)?;
        Ok(Connection { stream: BufReader::with_capacity(64 * 1024, stream), host: host.to_owned() })
    }

    /// Sends one request and reads the whole answer.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response, Failure> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.host).into_bytes();
        for (name, value) in headers {
            request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        if method != "GET" {
            request.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body);
        let unknown = |cause: std::io::Error| Failure::Unknown(cause.to_string());
        self.stream.get_mut().write_all(&request).map_err(unknown)?;
        self.read().map_err(unknown)
    }

    fn read(&mut self) -> std::io::Result<Response> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| bad(&first))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| bad(&line))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut response = Response { status, headers, body: Vec::new() };
        if response.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            response.body = self.chunks()?;
        } else if let Some(length) = response.header("content-length") {
            let length = length.parse().map_err(|_| bad(length))?;
            response.body = vec![0; length];
            self.stream.read_exact(&mut response.body)?;
        }
        Ok(response)
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if !line.ends_with('\n') {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default();
            let size = usize::from_str_radix(size.trim(), 16).map_err(|_| bad(&line))?;
            let from = body.len();
            body.resize(from + size, 0);
            self.stream.read_exact(&mut body[from..])?;
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

fn bad(what: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, format!("not HTTP: {what:?}"))
}

/// Somebody at a browser without scripts: cookies, one connection, forms.
#[derive(Debug)]
pub struct Visitor {
    address: SocketAddr,
    host: String,
    patience: Duration,
    connection: Option<Connection>,
    /// Cookies by name.
    pub cookies: BTreeMap<String, String>,
}

impl Visitor {
    /// A new visitor of the server on this port of loopback, called `localhost`.
    pub fn new(port: u16, patience: Duration) -> Visitor {
        Visitor {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            host: format!("localhost:{port}"),
            patience,
            connection: None,
            cookies: BTreeMap::new(),
        }
    }

    /// Somebody else at the same server, not signed in.
    pub fn newcomer(&self) -> Visitor {
        Visitor { cookies: BTreeMap::new(), ..self.again() }
    }

    /// The same person on another connection.
    pub fn again(&self) -> Visitor {
        Visitor {
            address: self.address,
            host: self.host.clone(),
            patience: self.patience,
            connection: None,
            cookies: self.cookies.clone(),
        }
    }

    /// Opens a page; redirects are followed.
    pub fn get(&mut self, path: &str) -> Result<Response, Failure> {
        let response = self.request("GET", path, &[])?;
        self.follow(response)
    }

    /// Sends a form and gives the first answer, a redirect included: that answer is the acknowledgement.
    pub fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<Response, Failure> {
        self.request("POST", path, encode(fields).as_bytes())
    }

    /// Opens the page that a redirect points to; any other answer is given back as it is.
    pub fn follow(&mut self, mut response: Response) -> Result<Response, Failure> {
        for _ in 0..5 {
            let Some(to) = response.header("location").filter(|_| (300..400).contains(&response.status))
            else {
                break;
            };
            let path = to.find("://").map_or(to, |at| {
                let rest = &to[at + 3..];
                rest.find('/').map_or("/", |slash| &rest[slash..])
            });
            let path = path.split('#').next().unwrap_or("/").to_owned();
            response = self.request("GET", &path, &[])?;
        }
        Ok(response)
    }

    /// One request. A kept connection that the server has closed in the meantime is opened again, but
    /// only for GET: whether a form was carried out must never be guessed.
    fn request(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Response, Failure> {
        let kept = self.connection.is_some();
        match self.attempt(method, path, body) {
            Err(Failure::Unknown(_)) if kept && method == "GET" => self.attempt(method, path, body),
            other => other,
        }
    }

    fn attempt(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Response, Failure> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address, &self.host, self.patience)?,
        };
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let origin = format!("http://{}", self.host);
        let mut headers = vec![("accept", "text/html")];
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        if method == "POST" {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
            headers.push(("origin", &origin));
            headers.push(("sec-fetch-site", "same-origin"));
        }
        let response = connection.send(method, path, &headers, body)?;
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep_cookie(cookie);
        }
        if response.header("connection").is_none_or(|value| !value.eq_ignore_ascii_case("close")) {
            self.connection = Some(connection);
        }
        Ok(response)
    }

    fn keep_cookie(&mut self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        if parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) || value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// A form as the page offers it: where it goes and what it would send if nothing were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Names and values, in order.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of the page whose action contains this text.
    pub fn find(html: &str, action: &str) -> Option<Form> {
        html.match_indices("<form")
            .filter_map(|(at, _)| Form::read(&html[at..]))
            .find(|form| form.action.contains(action))
    }

    fn read(html: &str) -> Option<Form> {
        let html = &html[..html.find("</form").unwrap_or(html.len())];
        let (opening, inside) = html.split_at(html.find('>')? + 1);
        let action = attribute(opening, "action").unwrap_or_default();
        let mut form = Form { action, fields: Vec::new() };
        let mut rest = inside;
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            form.control(&rest[..end], &rest[end..]);
            rest = &rest[end..];
        }
        Some(form)
    }

    fn control(&mut self, tag: &str, after: &str) {
        let Some(name) = attribute(tag, "name").filter(|name| !name.is_empty()) else { return };
        if tag.starts_with("<textarea") {
            let text = &after[..after.find('<').unwrap_or(after.len())];
            self.fields.push((name, unescape(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("<select") {
            let options = &after[..after.find("</select").unwrap_or(after.len())];
            let options: Vec<&str> = options.split("<option").skip(1).collect();
            let chosen = options.iter().find(|option| has(option, "selected")).or(options.first());
            if let Some(value) = chosen.and_then(|option| attribute(option, "value")) {
                self.fields.push((name, value));
            }
        } else if tag.starts_with("<input") {
            let kind = attribute(tag, "type").unwrap_or_default();
            let sent = match kind.as_str() {
                "radio" | "checkbox" => has(tag, "checked"),
                "submit" | "button" | "image" | "file" => false,
                _ => true,
            };
            if sent {
                self.fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        }
    }

    /// Types a value into a field, in place of what stood there.
    pub fn fill(&mut self, name: &str, value: &str) -> &mut Form {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The value of the first choice of the page whose words begin with this.
pub fn choice(html: &str, words: &str) -> Option<String> {
    html.split("<option").skip(1).find_map(|option| {
        let end = option.find('>')?;
        let shown = unescape(option[end + 1..].trim_start());
        shown.starts_with(words).then(|| attribute(&option[..end], "value"))?
    })
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (at, quote) = ['"', '\''].iter().find_map(|quote| {
        let marker = format!("{name}={quote}");
        let at = tag.match_indices(&marker).find(|(at, _)| tag[..*at].ends_with(char::is_whitespace))?.0;
        Some((at + marker.len(), *quote))
    })?;
    let value = &tag[at..];
    Some(unescape(&value[..value.find(quote)?]))
}

/// Whether a tag has an attribute without a value.
fn has(tag: &str, name: &str) -> bool {
    let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
    tag.split(|c: char| c.is_whitespace() || c == '/' || c == '=').any(|word| word == name)
}

fn unescape(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&#x2F;", "/"),
        ("&#47;", "/"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Fields as a browser sends them.
pub fn encode(fields: &[(String, String)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        escape(name, &mut body);
        body.push('=');
        escape(value, &mut body);
    }
    body
}

fn escape(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => into.push(byte as char),
            b' ' => into.push('+'),
            _ => into.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server that gives these answers, one for each connection, and ends.
    fn server(answers: &'static [&'static str]) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        port
    }

    fn visitor(port: u16) -> Visitor {
        Visitor::new(port, Duration::from_secs(5))
    }

    #[test]
    fn lengths_chunks_and_cookies_are_read() {
        let port = server(&[
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
        ]);
        let mut visitor = visitor(port);
        assert_eq!(visitor.get("/").unwrap().text(), "hello");
        assert_eq!(visitor.cookies.get("a").map(String::as_str), Some("1"));
        assert_eq!(visitor.get("/").unwrap().text(), "hello");
    }

    #[test]
    fn half_an_answer_is_not_an_answer() {
        let port = server(&["HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello"]);
        assert!(matches!(visitor(port).post("/", &[]), Err(Failure::Unknown(_))));
        let closed = crate::run::free_port().unwrap();
        assert!(matches!(visitor(closed).post("/", &[]), Err(Failure::NotConnected(_))));
    }

    #[test]
    fn a_redirect_is_the_answer_to_a_form_and_is_followed_on_demand() {
        let port = server(&[
            "HTTP/1.1 303 See Other\r\nlocation: /after#top\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndone",
        ]);
        let mut visitor = visitor(port);
        let answer = visitor.post("/form", &[]).unwrap();
        assert_eq!(answer.status, 303);
        assert_eq!(visitor.follow(answer).unwrap().text(), "done");
    }

    #[test]
    fn forms_are_read_as_a_browser_would_send_them() {
        let html = "<form action=\"/other\"></form><form method=\"post\" action=\"/people/add\">\
            <input type=\"hidden\" name=\"_csrf\" value=\"a&amp;b\"><input name='nickname' value=''>\
            <input type=\"radio\" name=\"way\" value=\"phone\"><input type=\"radio\" name=\"way\" value=\"text\" checked>\
            <textarea name=\"words\">\nHello &lt;you&gt;</textarea>\
            <select name=\"area\"><option value=\"1\">A</option><option value=\"2\" selected>B</option></select>\
            <button type=\"submit\">Add</button></form>";
        let mut form = Form::find(html, "/people").unwrap();
        assert_eq!(form.value("_csrf"), Some("a&b"));
        assert_eq!(form.value("way"), Some("text"));
        assert_eq!(form.value("words"), Some("Hello <you>"));
        assert_eq!(form.value("area"), Some("2"));
        form.fill("nickname", "Badger & co");
        assert!(encode(&form.fields).contains("nickname=Badger+%26+co"));
    }
}

//! A mail server: real SMTP over real sockets (RFC 5321, 3207, 4954), as far as a client
//! needs, with faults that can be ordered.

use kith_post::{Encryption, Server, Way};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What the server does with the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Takes it whole and goes away without a word: nobody knows whether it was taken.
    SilentAfterData,
    /// Goes away in the middle of taking it.
    GoneInTheMiddle,
    /// "Try again later."
    Later,
    /// "No such address."
    NoSuchAddress,
}

/// A message as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub from: String,
    pub to: String,
    pub text: String,
    /// What was said to let us in, as AUTH sends it.
    pub auth: Option<String>,
    pub encrypted: bool,
}

impl Arrived {
    /// A line of its head.
    pub fn head(&self, name: &str) -> String {
        let start = format!("{name}: ");
        self.text.lines().find_map(|l| l.strip_prefix(&start)).unwrap_or_default().to_owned()
    }
}

#[derive(Default)]
struct Mind {
    faults: VecDeque<Fault>,
    arrived: Vec<Arrived>,
}

/// A running mail server.
pub struct MailServer {
    pub port: u16,
    /// Its own certificate, as PEM.
    pub certificate: String,
    mind: Arc<Mutex<Mind>>,
    task: tokio::task::JoinHandle<()>,
}

/// What the server offers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Offers {
    Plain,
    StartTls,
}

impl MailServer {
    pub async fn start(offers: Offers) -> MailServer {
        MailServer::listen(TcpListener::bind("127.0.0.1:0").await.unwrap(), offers)
    }

    /// On a port that was used before.
    pub async fn start_on(port: u16) -> MailServer {
        MailServer::listen(TcpListener::bind(("127.0.0.1", port)).await.unwrap(), Offers::Plain)
    }

    fn listen(listener: TcpListener, offers: Offers) -> MailServer {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let mind = Arc::new(Mutex::new(Mind::default()));
        let port = listener.local_addr().unwrap().port();
        let shared = mind.clone();
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (mind, acceptor) = (shared.clone(), acceptor.clone());
                tokio::spawn(async move { talk(stream, offers, mind, acceptor).await });
            }
        });
        MailServer { port, certificate: made.cert.pem(), mind, task }
    }

    /// Orders a fault for the next message, after those ordered before.
    pub fn next(&self, fault: Fault) {
        self.mind.lock().unwrap().faults.push_back(fault);
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.mind.lock().unwrap().arrived.clone()
    }

    /// Stops listening.
    pub async fn stop(self) {
        self.task.abort();
        let _ = self.task.await;
    }

    /// How a client finds it.
    pub fn found_as(&self, encryption: Encryption) -> Server {
        Server {
            host: "localhost".into(),
            port: self.port,
            encryption,
            account: None,
            trusted: Some(self.certificate.clone().into_bytes()),
        }
    }

    pub fn way(&self) -> Way {
        let server = self.found_as(Encryption::NoneOnThisMachine);
        Way::to_server(&server, &crate::ground::sender()).unwrap()
    }
}

async fn talk(stream: TcpStream, offers: Offers, mind: Arc<Mutex<Mind>>, acceptor: TlsAcceptor) {
    let mut plain = BufReader::new(stream);
    if !say(&mut plain, "220 mail.test ESMTP").await {
        return;
    }
    if session(&mut plain, offers == Offers::StartTls, false, &mind).await == Then::StartTls
        && let Ok(stream) = acceptor.accept(plain.into_inner()).await
    {
        session(&mut BufReader::new(stream), false, true, &mind).await;
    }
}

#[derive(PartialEq, Eq)]
enum Then {
    Over,
    StartTls,
}

async fn say(to: &mut (impl AsyncWrite + Unpin), line: &str) -> bool {
    to.write_all(format!("{line}\r\n").as_bytes()).await.is_ok() && to.flush().await.is_ok()
}

async fn session<S>(io: &mut BufReader<S>, starttls: bool, encrypted: bool, mind: &Mutex<Mind>) -> Then
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut from, mut to, mut auth) = (String::new(), String::new(), None);
    let mut line = String::new();
    loop {
        line.clear();
        if !matches!(io.read_line(&mut line).await, Ok(n) if n > 0) {
            return Then::Over;
        }
        let said = line.trim_end().to_owned();
        let upper = said.to_uppercase();
        let answer = if upper.starts_with("EHLO") {
            let more = if starttls { "250-STARTTLS\r\n" } else { "250-AUTH PLAIN\r\n" };
            format!("250-mail.test\r\n{more}250 8BITMIME")
        } else if upper == "STARTTLS" && starttls {
            say(io, "220 go on").await;
            return Then::StartTls;
        } else if let Some(secret) = upper.starts_with("AUTH PLAIN ").then(|| said[11..].to_owned()) {
            auth = Some(secret);
            "235 come in".into()
        } else if upper.starts_with("MAIL FROM:") {
            from = said[10..].to_owned();
            "250 ok".into()
        } else if upper.starts_with("RCPT TO:") {
            to = said[8..].to_owned();
            if fault_is(mind, Fault::NoSuchAddress) {
                "550 no such user here".into()
            } else {
                "250 ok".into()
            }
        } else if upper == "DATA" {
            if fault_is(mind, Fault::Later) {
                "451 busy".into()
            } else {
                say(io, "354 go on").await;
                if fault_is(mind, Fault::GoneInTheMiddle) {
                    let _ = io.read_line(&mut line).await;
                    return Then::Over;
                }
                let Some(text) = data(io).await else { return Then::Over };
                let arrived =
                    Arrived { from: from.clone(), to: to.clone(), text, auth: auth.clone(), encrypted };
                mind.lock().unwrap().arrived.push(arrived);
                if fault_is(mind, Fault::SilentAfterData) {
                    return Then::Over;
                }
                "250 taken".into()
            }
        } else if upper == "QUIT" {
            say(io, "221 bye").await;
            return Then::Over;
        } else {
            "250 ok".into()
        };
        if !say(io, &answer).await {
            return Then::Over;
        }
    }
}

/// Is this the fault that was ordered next? Then it happens now.
fn fault_is(mind: &Mutex<Mind>, fault: Fault) -> bool {
    let mut mind = mind.lock().unwrap();
    mind.faults.pop_front_if(|next| *next == fault).is_some()
}

async fn data<S: AsyncRead + Unpin>(io: &mut BufReader<S>) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if !matches!(io.read_line(&mut line).await, Ok(n) if n > 0) {
            return None;
        }
        if line == ".\r\n" {
            return Some(text);
        }
        text.push_str(line.strip_prefix("..").map_or(line.as_str(), |_| &line[1..]));
    }
}

//! The ways on which an e-mail leaves.
//!
//! A mail server is spoken to with TLS: from the first byte, or after STARTTLS, and never
//! without, unless it is this machine itself. Certificates are checked against the ones
//! that the system trusts, and one more if the operator names it.

use crate::letter::{Sender, email};
use kith_care::telling_outside::leaving::{LEASE_SECONDS, Letter, MailWay, Trouble};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long one step of talking to a server may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long all steps together may take: shorter than the lease under which a message is
/// carried, so that nobody else begins with it meanwhile.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs() * 2 / 3);

/// How what is said to a server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte (port 465).
    FromTheStart,
    /// After STARTTLS, or not at all (port 587 or 25).
    StartTls,
    /// Not: only for a server on this machine.
    NoneOnThisMachine,
}

/// A mail server.
#[derive(Clone)]
pub struct Server {
    /// Its name, which its certificate has to carry.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub encryption: Encryption,
    /// The name and password it knows us by.
    pub account: Option<(String, String)>,
    /// A certificate to trust beside those of the system, as PEM.
    pub trusted: Option<Vec<u8>>,
}

/// A way on which messages leave.
pub enum Way {
    /// To a mail server.
    Server(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// Into a folder.
    Folder(PathBuf),
}

/// The way itself is closed; in words for a manager, with nothing secret in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Stuck(pub String);

impl Way {
    /// The way to a server. Nothing is said to it yet.
    ///
    /// # Errors
    /// The certificate to trust is none, or the system trusts nobody.
    pub fn to_server(server: &Server, sender: &Sender) -> Result<Way, Stuck> {
        let tls = match server.encryption {
            Encryption::NoneOnThisMachine => Tls::None,
            Encryption::StartTls => Tls::Required(parameters(server)?),
            Encryption::FromTheStart => Tls::Wrapper(parameters(server)?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .hello_name(ClientId::Domain(sender.host().to_owned()))
            .timeout(Some(PATIENCE));
        if let Some((name, password)) = &server.account {
            transport = transport.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Way::Server(Box::new(transport.build())))
    }

    /// The way into a folder, made if it is absent.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn into_folder(folder: &Path) -> Result<Way, Stuck> {
        make_folder(folder).map_err(|e| Stuck(format!("The folder for messages cannot be made: {e}")))?;
        Ok(Way::Folder(folder.to_owned()))
    }

    /// What sort of way it is.
    pub fn sort(&self) -> MailWay {
        match self {
            Way::Server(_) => MailWay::Server,
            Way::Folder(_) => MailWay::Folder,
        }
    }

    /// Is the way open? A server is greeted and asked, so that a server that is down costs
    /// no message a try.
    ///
    /// # Errors
    /// It is not.
    pub async fn open(&self) -> Result<(), Stuck> {
        match self {
            Way::Server(server) => match server.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(Stuck("The mail server does not want to talk to us".into())),
                Err(error) => Err(Stuck(stuck(&error))),
            },
            Way::Folder(folder) if folder.is_dir() => Ok(()),
            Way::Folder(_) => Err(Stuck("The folder for messages is not there".into())),
        }
    }

    /// Carries one message. When this returns well, the server has taken it, or it is on
    /// the disk.
    ///
    /// # Errors
    /// It was not carried, or nobody knows: it is tried again, or never.
    pub async fn carry(&self, letter: &Letter, sender: &Sender) -> Result<(), Trouble> {
        let email = email(letter, sender)
            .map_err(|_| Trouble::ForGood("What stands there as an address is no email address".into()))?;
        match self {
            Way::Server(server) => match tokio::time::timeout(PATIENCE_IN_ALL, server.send(email)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => {
                    let (tries, error_kind) = (letter.tries, kind(&error));
                    tracing::warn!(message = %letter.id, tries, error = %error_kind, "not carried");
                    Err(trouble(&error))
                }
                Err(_) => Err(Trouble::ThisTime("The mail server took too long".into())),
            },
            Way::Folder(folder) => {
                let (folder, name, bytes) = (folder.clone(), format!("{}.eml", letter.id), email.formatted());
                let written = tokio::task::spawn_blocking(move || write_whole(&folder, &name, &bytes)).await;
                match written {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => {
                        Err(Trouble::ThisTime(format!("It could not be written: {}", error.kind())))
                    }
                    Err(_) => Err(Trouble::ThisTime("Writing it was broken off".into())),
                }
            }
        }
    }
}

fn parameters(server: &Server) -> Result<TlsParameters, Stuck> {
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.trusted {
        let certificate = Certificate::from_pem(pem)
            .map_err(|_| Stuck("The certificate to trust is not a certificate as PEM".into()))?;
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build_rustls().map_err(|_| {
        Stuck(
            "No certificates are trusted on this machine: install the system's list (ca-certificates)".into(),
        )
    })
}

/// Codes with which a server says that the address itself is wrong (RFC 5321, 4.2.3).
const NO_SUCH_ADDRESS: [u16; 4] = [550, 551, 553, 556];

type SmtpError = lettre::transport::smtp::Error;

fn trouble(error: &SmtpError) -> Trouble {
    match error.status().map(u16::from) {
        Some(code) if NO_SUCH_ADDRESS.contains(&code) => {
            Trouble::ForGood(format!("The mail server says that there is no such address ({code})"))
        }
        Some(code) => Trouble::ThisTime(format!("The mail server did not take it ({code})")),
        None => Trouble::ThisTime(format!("{} while it was being sent", stuck(error))),
    }
}

/// What is wrong with the way, in words. What the server wrote is left out: it may hold an
/// address.
fn stuck(error: &SmtpError) -> String {
    match error.status().map(u16::from) {
        Some(530 | 534 | 535 | 538) => "The mail server did not take our name and password".into(),
        Some(code) => format!("The mail server turned us away ({code})"),
        None if error.is_tls() => "The secure connection to the mail server could not be made".into(),
        None if error.is_timeout() => "The mail server did not answer in time".into(),
        None if error.is_client() => "The mail server does not offer what we need, such as STARTTLS".into(),
        None => "The mail server could not be reached, or broke off".into(),
    }
}

fn kind(error: &SmtpError) -> String {
    error.status().map_or_else(|| stuck(error), |code| code.to_string())
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut make = std::fs::DirBuilder::new();
    make.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make.create(folder)
}

/// Under another name first, then by its own: whoever carries them never finds half a one.
/// The same message again takes the same name.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let half = folder.join(format!(".{name}.part"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&half, folder.join(name))?;
    std::fs::File::open(folder)?.sync_all()
}

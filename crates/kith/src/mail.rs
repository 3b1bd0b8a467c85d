//! How messages leave, as the options of `kith serve` say, and the task that carries them.

use crate::cli::Mail;
use crate::error::CliError;
use kith_care::Kith;
use kith_care::telling_outside::leaving::Carrier;
use kith_post::letter::Sender;
use kith_post::{Encryption, Server, Stuck, Way, carry_all};
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_secs(15);
/// How long nothing is tried after the way was found closed.
const AFTER_STUCK: Duration = Duration::from_secs(60);
/// The environment variable with the password.
const PASSWORD: &str = "KITH_MAIL_PASSWORD";

/// A way, and from whom.
pub(crate) struct Mailing {
    way: Way,
    sender: Sender,
}

/// The way that the options name; none when they name none.
///
/// # Errors
/// They cannot be used, in words.
pub(crate) fn mailing(options: &Mail, made_up: bool) -> Result<Option<Mailing>, CliError> {
    match (&options.mail, &options.mail_folder) {
        (None, None) => Ok(None),
        (Some(_), _) if made_up => Err(CliError::new(
            "This is the made-up place, and nobody made up has a mailbox: no message may leave it. Use --mail-folder \
             to see what would be sent.",
        )),
        (Some(url), _) => {
            let from = options.mail_from.as_deref().ok_or_else(no_sender)?;
            let sender = sender(from)?;
            let server = server(url, options)?;
            let way = Way::to_server(&server, &sender).map_err(stuck)?;
            Ok(Some(Mailing { way, sender }))
        }
        (None, Some(folder)) => {
            // Nobody can answer a message from the made-up place; from a real one they do.
            let made_up_from = made_up.then_some("messages@kith.invalid");
            let from = options.mail_from.as_deref().or(made_up_from).ok_or_else(no_sender)?;
            let sender = sender(from)?;
            Ok(Some(Mailing { way: Way::into_folder(folder).map_err(stuck)?, sender }))
        }
    }
}

fn no_sender() -> CliError {
    CliError::new("Say from whom messages come: --mail-from \"Our place <hello@kith.example.org>\".")
}

fn sender(text: &str) -> Result<Sender, CliError> {
    Sender::parse(text).map_err(|why| CliError::new(format!("--mail-from: {why}.")))
}

fn stuck(why: Stuck) -> CliError {
    CliError::new(format!("{why}."))
}

/// Carries what waits, until the program ends. An error is tried again: what waits is in
/// the database.
pub(crate) async fn run(kith: Kith, mailing: Mailing, public_url: String) {
    let carrier = Carrier { holder: Uuid::now_v7(), public_url };
    loop {
        let carried = carry_all(&kith, &mailing.way, &mailing.sender, &carrier, crate::now).await;
        let wait = match carried {
            Ok(done) => {
                if done.left + done.kept > 0 {
                    tracing::info!(left = done.left, kept = done.kept, "messages");
                }
                if done.stuck { AFTER_STUCK } else { EVERY }
            }
            Err(error) => {
                tracing::error!(%error, "messages could not be looked through");
                AFTER_STUCK
            }
        };
        tokio::time::sleep(wait).await;
    }
}

fn server(url: &str, options: &Mail) -> Result<Server, CliError> {
    let (host, port, encryption) = address(url)?;
    let account = match &options.mail_user {
        None => None,
        Some(user) => Some((user.clone(), password(options.mail_password_file.as_deref())?)),
    };
    let trusted = match &options.mail_trust {
        None => None,
        Some(path) => Some(std::fs::read(path).map_err(|cause| {
            CliError::because(format!("The certificate in {} could not be read.", path.display()), &cause)
        })?),
    };
    Ok(Server { host, port, encryption, account, trusted })
}

/// `smtp://host[:port]`, `smtps://host[:port]`. Only this machine itself is spoken to
/// without encryption.
fn address(url: &str) -> Result<(String, u16, Encryption), CliError> {
    let wrong =
        || CliError::new(format!("--mail {url} is not an address such as smtp://mail.example.org:587."));
    let (scheme, rest) = url.trim().trim_end_matches('/').split_once("://").ok_or_else(wrong)?;
    if rest.contains('@') {
        return Err(CliError::new(
            "--mail takes no name or password: others on this machine could read them. Use --mail-user, and \
             --mail-password-file or KITH_MAIL_PASSWORD.",
        ));
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| wrong())?)),
        None => (rest, None),
    };
    if host.is_empty() || host.contains(['/', '?', '#', ' ', ':']) {
        return Err(wrong());
    }
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let (usual, encryption) = match scheme {
        "smtps" => (465, Encryption::FromTheStart),
        "smtp" if here => (25, Encryption::NoneOnThisMachine),
        "smtp" => (587, Encryption::StartTls),
        _ => return Err(wrong()),
    };
    Ok((host.to_owned(), port.unwrap_or(usual), encryption))
}

fn password(file: Option<&Path>) -> Result<String, CliError> {
    let Some(path) = file else {
        return std::env::var(PASSWORD).ok().filter(|p| !p.is_empty()).ok_or_else(|| {
            CliError::new(format!(
                "--mail-user needs a password: set {PASSWORD}, or name a file with --mail-password-file."
            ))
        });
    };
    only_ours(path)?;
    let text = std::fs::read_to_string(path).map_err(|cause| {
        CliError::because(format!("The password in {} could not be read.", path.display()), &cause)
    })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// A password that everybody on the machine can read is none.
fn only_ours(path: &Path) -> Result<(), CliError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0);
        if open {
            return Err(CliError::new(format!(
                "Others on this machine can read {}. Run: chmod 600 {}",
                path.display(),
                path.display()
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_in_the_open() {
        let read = |url| address(url).unwrap();
        assert_eq!(read("smtp://mail.example.org"), ("mail.example.org".into(), 587, Encryption::StartTls));
        assert_eq!(
            read("smtps://mail.example.org/"),
            ("mail.example.org".into(), 465, Encryption::FromTheStart)
        );
        assert_eq!(read("smtp://127.0.0.1:2525"), ("127.0.0.1".into(), 2525, Encryption::NoneOnThisMachine));
        for bad in [
            "mail.example.org",
            "http://a.b",
            "smtp://",
            "smtp://a b",
            "smtp://me:secret@mail.example.org",
            "smtp://h:x",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_password_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "three quiet words\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(password(Some(&file)).is_err());
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(password(Some(&file)).unwrap(), "three quiet words");
    }
}

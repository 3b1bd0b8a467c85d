//! A message as an e-mail: plain text, one reader, and a Message-ID that stays the same
//! however often it is tried, so that a mail program shows it once.

use jiff::Timestamp;
use kith_care::telling_outside::leaving::Letter;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use std::time::SystemTime;

/// From whom messages come, and the name of the host in their ids.
#[derive(Clone, Debug)]
pub struct Sender {
    mailbox: Mailbox,
}

impl Sender {
    /// Reads `hello@example.org` or `Our place <hello@example.org>`.
    ///
    /// # Errors
    /// It is not an address; in words.
    pub fn parse(text: &str) -> Result<Sender, String> {
        let mailbox = text.trim().parse::<Mailbox>().map_err(|_| {
            format!("{text} is not an address such as hello@example.org or \"Our place <hello@example.org>\"")
        })?;
        Ok(Sender { mailbox })
    }

    /// The host of the address: the right half of Message-IDs, and the name we greet with.
    pub fn host(&self) -> &str {
        self.mailbox.email.domain()
    }
}

/// Tells other machines that a machine wrote this: out-of-office answers do not come back
/// (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<AutoSubmitted, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(AutoSubmitted::name(), "auto-generated".to_owned())
    }
}

/// The Message-ID of a message.
pub fn message_id(letter: &Letter, sender: &Sender) -> String {
    format!("<{}@{}>", letter.id, sender.host())
}

/// The e-mail, and where it goes.
///
/// # Errors
/// Its address is none: it can never be delivered.
pub fn email(letter: &Letter, sender: &Sender) -> Result<Message, NoAddress> {
    let to: Mailbox = letter.to.trim().parse().map_err(|_| NoAddress)?;
    let written = Timestamp::from_microsecond(letter.written_at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    Message::builder()
        .from(sender.mailbox.clone())
        .to(to)
        .subject(letter.subject.clone())
        .message_id(Some(message_id(letter, sender)))
        .date(SystemTime::from(written))
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.clone())
        .map_err(|_| NoAddress)
}

/// What a message holds as its address is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAddress;

#[cfg(test)]
mod tests {
    use super::*;
    use kith_domain::time::Instant;
    use uuid::Uuid;

    fn letter(to: &str, subject: &str) -> Letter {
        Letter {
            id: Uuid::from_u128(7),
            written_at: Instant(1_795_428_000_000_000),
            to: to.into(),
            subject: subject.into(),
            body: "Hello,\n\nThere is a message – open it here: https://kith.example/link/x\n".into(),
            tries: 1,
            fence: 1,
        }
    }

    #[test]
    fn the_same_letter_is_the_same_email_each_time() {
        let sender = Sender::parse("Our place <hello@kith.example>").unwrap();
        let once =
            email(&letter("joan@example.org", "A message for your team"), &sender).unwrap().formatted();
        let twice =
            email(&letter("joan@example.org", "A message for your team"), &sender).unwrap().formatted();
        assert_eq!(once, twice);
        let text = String::from_utf8(once).unwrap();
        for part in [
            "Message-ID: <00000000-0000-0000-0000-000000000007@kith.example>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "To: joan@example.org\r\n",
            "Subject: A message for your team\r\n",
            "Date: ",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn nothing_can_be_put_into_the_head_from_outside() {
        let sender = Sender::parse("hello@kith.example").unwrap();
        assert_eq!(email(&letter("a@b.example\r\nBcc: c@d.example", "x"), &sender).err(), Some(NoAddress));
        assert_eq!(email(&letter("not an address", "x"), &sender).err(), Some(NoAddress));
        let text = email(&letter("a@b.example", "x\r\nBcc: c@d.example"), &sender).unwrap().formatted();
        let text = String::from_utf8(text).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|l| l.to_lowercase().starts_with("bcc:")), "{head}");
        assert!(Sender::parse("nobody").is_err());
    }
}

//! The safe way to reach somebody.
//!
//! Nothing is sent, printed or handed over except through one function that knows the
//! safe way, safe times, whether paper or a voicemail is safe, who must never know,
//! death and sealed addresses. Unknown means not safe (design, "Never").

use serde::{Deserialize, Serialize};

use crate::id::{OrganisationId, SupporterId};
pub use crate::may_send::{AboutNobody, Cleared, Content, MayLeave, NotSafe, Outgoing, To, Why, may_send};
use crate::time::Instant;

/// How words can reach somebody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A telephone call.
    Phone,
    /// A text message.
    Text,
    /// An e-mail.
    Email,
    /// A letter.
    Letter,
    /// Face to face.
    InPerson,
    /// Through somebody the person trusts.
    Through,
}

impl Channel {
    /// Every channel, once.
    pub const ALL: [Channel; 6] =
        [Channel::Phone, Channel::Text, Channel::Email, Channel::Letter, Channel::InPerson, Channel::Through];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Phone => "phone",
            Channel::Text => "text",
            Channel::Email => "email",
            Channel::Letter => "letter",
            Channel::InPerson => "in_person",
            Channel::Through => "through",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Channel::Phone => "Phone call",
            Channel::Text => "Text message",
            Channel::Email => "Email",
            Channel::Letter => "Letter",
            Channel::InPerson => "Face to face",
            Channel::Through => "Through someone they trust",
        }
    }
    /// The channel with this stored form.
    pub fn from_code(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|c| c.code() == code)
    }
}

/// Hours of the day between which a way is safe. `from` 9, `until` 17: from 9:00 up to
/// but not including 17:00.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hours {
    /// The first hour, 0 to 23.
    pub from: i8,
    /// The hour at which it stops, 1 to 24.
    pub until: i8,
}

/// One way the person says is safe.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SafeWay {
    /// How.
    pub channel: Channel,
    /// The number or address, or "Tuesday drop-in, ask Joan".
    pub detail: String,
    /// Is a voicemail safe? Not asked when none.
    pub voicemail_safe: Option<bool>,
    /// Between which hours; any hour of the day when none.
    pub hours: Option<Hours>,
    /// Somebody else can see or hear what comes this way.
    pub shared: bool,
    /// Anything else to know.
    pub note: Option<String>,
}

/// Someone who must never learn of something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MustNotKnow {
    /// Who, in the person's words.
    pub who: String,
    /// The organisation through which they could learn of it: nothing goes there.
    pub organisation: Option<OrganisationId>,
    /// The supporter it is, if it is one.
    pub supporter: Option<SupporterId>,
}

impl MustNotKnow {
    /// Nothing but a name is known of them.
    pub fn named_only(&self) -> bool {
        self.organisation.is_none() && self.supporter.is_none()
    }

    /// Is it this supporter, or could it be?
    pub fn may_be(&self, supporter: SupporterId) -> bool {
        self.supporter == Some(supporter) || self.named_only()
    }
}

/// What the person said about being reached.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SafeContact {
    /// When they were asked. Nothing is safe before.
    pub asked: Option<Instant>,
    /// The ways that are safe, best first.
    pub ways: Vec<SafeWay>,
    /// Is paper safe where they live or stay? Not asked when none.
    pub paper_safe: Option<bool>,
    /// Who must never know.
    pub must_not_know: Vec<MustNotKnow>,
    /// May a message say the name of a service or of Kith?
    pub name_service_ok: bool,
}

impl SafeContact {
    /// What was written down with the person, over what was known before. They were asked
    /// only when they answered something: an empty form is no answer.
    pub fn as_asked(self, before: &SafeContact, now: Instant) -> SafeContact {
        let answered = !self.ways.is_empty() || self.paper_safe.is_some() || !self.must_not_know.is_empty();
        SafeContact { asked: if answered { Some(now) } else { before.asked }, ..self }
    }
}

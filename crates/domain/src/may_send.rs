//! The one function that guards everything that leaves: words to the person, paper put
//! into their hand, words about them to anybody else.
//!
//! It knows the safe way, safe times, whether paper or a voicemail is safe, who must
//! never know, death and sealed addresses. Unknown means not safe. What waits to be sent, and
//! what is made for paper, is taken only with a [`Cleared`], which only [`may_send`] can make;
//! the few messages about nobody's plan are named, with why, in [`AboutNobody`].

use crate::contact::{Channel, Hours, SafeWay};
use crate::id::{OrganisationId, SupporterId};
use crate::person::{Person, Standing, Whereabouts};
use crate::settings::Settings;
use crate::time::{Calendar, Instant, plus_days};

/// For whom it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum To {
    /// The person.
    Person,
    /// An organisation.
    Organisation(OrganisationId),
    /// A supporter of the person.
    Supporter(SupporterId),
    /// Somebody who is no organisation of the partnership and no supporter: a GP practice,
    /// or whoever introduced the person. Who they are is known by name only, so that any
    /// doubt about who must not know keeps it from them.
    Outside,
}

/// How much it says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Content {
    /// Nothing but that there is something to read: no name, no service, no Kith.
    Free,
    /// It names a service, an organisation or Kith.
    NamesService,
    /// It says something about the person.
    Full,
}

/// Something that is about to leave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outgoing {
    /// For whom.
    pub to: To,
    /// How. For an organisation or supporter: the way is theirs and is not checked.
    pub channel: Channel,
    /// How much it says.
    pub content: Content,
    /// When it would leave.
    pub at: Instant,
    /// On paper: a letter, or a print put into a hand.
    pub paper: bool,
    /// A message left on a machine.
    pub voicemail: bool,
    /// It says where the person lives or stays.
    pub says_address: bool,
    /// The person asked for exactly this, now.
    pub asked_for: bool,
    /// The person said just now, at their own screen, that this paper is safe. It stands in for
    /// what they said of paper before, and for nothing else.
    pub paper_safe_now: bool,
}

impl Outgoing {
    /// The usual: not on paper, not on a machine, without address, not asked for.
    pub fn new(to: To, content: Content, at: Instant) -> Outgoing {
        Outgoing {
            to,
            channel: Channel::InPerson,
            content,
            at,
            paper: false,
            voicemail: false,
            says_address: false,
            asked_for: false,
            paper_safe_now: false,
        }
    }

    /// A notice to the person by a channel.
    pub fn notice(channel: Channel, content: Content, at: Instant) -> Outgoing {
        let paper = channel == Channel::Letter;
        Outgoing { channel, paper, ..Outgoing::new(To::Person, content, at) }
    }

    /// Paper put into the person's own hand because they asked for it.
    pub fn print(at: Instant) -> Outgoing {
        Outgoing { paper: true, asked_for: true, ..Outgoing::new(To::Person, Content::Full, at) }
    }

    /// The same at their own screen, after they said that this paper is safe for them.
    pub fn print_said_safe(at: Instant) -> Outgoing {
        Outgoing { paper_safe_now: true, ..Outgoing::print(at) }
    }
}

/// Why something cannot leave.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// The person died.
    Died,
    /// The person left, stopped, finished or said not now: nobody chases.
    NotWanted,
    /// Nobody asked yet what is safe.
    NotAsked,
    /// Somebody who must never know would learn of it.
    MustNotKnow,
    /// It says an address that is sealed, or would be posted to one.
    Sealed,
    /// Somebody close may be making them do things.
    Coercion,
    /// This way was not named as safe.
    NotThisWay,
    /// Not at this hour.
    Hours,
    /// Paper was not named as safe.
    Paper,
    /// A voicemail was not named as safe.
    Voicemail,
    /// It says too much for this way.
    SaysTooMuch,
    /// In hospital or prison this way does not reach only them.
    Away,
}

/// A refusal: why, in words, and what to do instead.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{words} {what_to_do}")]
pub struct NotSafe {
    /// Why.
    pub why: Why,
    /// The same in words.
    pub words: String,
    /// What to do instead.
    pub what_to_do: String,
    /// When it could leave, when only the hour is wrong.
    pub not_before: Option<Instant>,
}

/// Proof that something may leave: for this person, this way, this much, at this time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cleared {
    what: Outgoing,
    detail: Option<String>,
}

impl Cleared {
    /// For whom.
    pub fn to(&self) -> To {
        self.what.to
    }
    /// How.
    pub fn channel(&self) -> Channel {
        self.what.channel
    }
    /// How much it may say.
    pub fn content(&self) -> Content {
        self.what.content
    }
    /// The number or address that is safe. None for paper handed over and for
    /// organisations, whose own address is used.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
    /// May a message be left on a machine?
    pub fn voicemail(&self) -> bool {
        self.what.voicemail
    }
    /// Cleared for this moment.
    pub fn at(&self) -> Instant {
        self.what.at
    }
}

/// On what something is put among what waits to be sent.
#[derive(Clone, Copy, Debug)]
pub enum MayLeave<'a> {
    /// The guard said yes to it.
    Cleared(&'a Cleared),
    /// It is about nobody's plan: the guard has nobody to ask about.
    AboutNobody(AboutNobody),
}

impl MayLeave<'_> {
    /// Does it cover a message to this address? One that is about a person is never without the
    /// guard's answer, and what was cleared for one address goes to no other.
    pub fn covers(self, about_a_person: bool, address: &str) -> bool {
        match self {
            MayLeave::Cleared(cleared) => cleared.detail().is_none_or(|safe| safe.trim() == address.trim()),
            MayLeave::AboutNobody(_) => !about_a_person,
        }
    }
}

/// The messages that no guard of a person's safety clears, each with why.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AboutNobody {
    /// To a worker at work: how many things wait. It names nobody; they read what after they
    /// signed in.
    Reminder,
    /// To a worker at work: somebody was not let in. It names nobody; the access log does.
    NotLetIn,
    /// To a worker: that they are invited. It is about themselves, and the code goes another way.
    Invitation,
    /// To whoever runs an entry of the directory: whether that entry is right.
    Listing,
    /// To somebody who asked for another of whom there is no plan yet: that their message
    /// arrived, or was answered. Once there is a plan, the guard is asked.
    Asker,
}

/// May this leave? Every sender, printer and hand-over asks this and nothing else.
///
/// # Errors
/// The first reason against it, with what to do instead.
pub fn may_send(
    person: &Person,
    what: &Outgoing,
    calendar: &Calendar,
    settings: &Settings,
) -> Result<Cleared, NotSafe> {
    wanted(person, what, calendar)?;
    if person.safe_contact.asked.is_none() {
        return no(
            Why::NotAsked,
            "Nobody has asked them yet what is safe.",
            "Ask them how to reach them safely.",
        );
    }
    nobody_who_must_not_know(person, what)?;
    if person.address_sealed && what.says_address {
        return no(Why::Sealed, "Where they live is sealed.", "Leave the address out.");
    }
    let detail = match what.to {
        To::Person => to_person(person, what, calendar, settings)?,
        To::Organisation(_) | To::Supporter(_) | To::Outside => None,
    };
    Ok(Cleared { what: what.clone(), detail })
}

/// Dead, gone, stopped: nothing. Not now, door open: one question, on its day.
fn wanted(person: &Person, what: &Outgoing, calendar: &Calendar) -> Result<(), NotSafe> {
    let today = calendar.day(what.at);
    match person.standing {
        Standing::Died { .. } => no(
            Why::Died,
            "It is recorded that they have died.",
            "Nothing is sent. Speak to those who need to know yourself.",
        ),
        Standing::Open => Ok(()),
        _ if what.asked_for => Ok(()),
        Standing::NotNow { until: day } | Standing::DoorOpen { again: day, .. } if day <= today => Ok(()),
        Standing::NotNow { .. } | Standing::DoorOpen { .. } => no(
            Why::NotWanted,
            "They said not now, and nobody chases.",
            "Wait for the day, or until they ask.",
        ),
        Standing::Finished { .. } | Standing::Stopped { .. } | Standing::Left { .. } => {
            no(Why::NotWanted, "They stopped this, and nobody chases.", "The door is open if they ask.")
        }
    }
}

fn nobody_who_must_not_know(person: &Person, what: &Outgoing) -> Result<(), NotSafe> {
    // Of whom only a name is known, any supporter and anybody outside may be that one.
    let told = |m: &crate::contact::MustNotKnow| match what.to {
        To::Person => false,
        To::Organisation(id) => m.organisation == Some(id),
        To::Supporter(id) => m.may_be(id),
        To::Outside => m.named_only(),
    };
    if person.safe_contact.must_not_know.iter().any(told) {
        return no(
            Why::MustNotKnow,
            "Somebody there must never know.",
            "Do not send it. Ask the person what would be safe.",
        );
    }
    let Some(coercion) = &person.coercion else { return Ok(()) };
    match what.to {
        To::Supporter(id) if coercion.supporters.is_empty() || coercion.supporters.contains(&id) => {
            no(Why::Coercion, "What this supporter is told is paused.", "Talk to the person alone.")
        }
        To::Outside => no(
            Why::Coercion,
            "Somebody close may be behind it.",
            "Tell them yourself, if the person wants it.",
        ),
        _ => Ok(()),
    }
}

fn to_person(
    person: &Person,
    what: &Outgoing,
    calendar: &Calendar,
    settings: &Settings,
) -> Result<Option<String>, NotSafe> {
    if what.paper && person.safe_contact.paper_safe != Some(true) && !what.paper_safe_now {
        return no(
            Why::Paper,
            "Paper is not known to be safe for them.",
            "Ask them whether paper is safe where they live or stay.",
        );
    }
    if what.channel == Channel::InPerson {
        return Ok(None);
    }
    if what.channel == Channel::Letter && person.address_sealed {
        return no(Why::Sealed, "Where they live is sealed.", "Nothing is posted. Give it to them yourself.");
    }
    reaches_only_them(person, what)?;
    let mut ways = person.safe_contact.ways.iter().filter(|w| w.channel == what.channel);
    let Some(first) = ways.next() else {
        return no(Why::NotThisWay, "They have not said that this way is safe.", "Use a way they named.");
    };
    let ways: Vec<&SafeWay> = std::iter::once(first).chain(ways).collect();
    let mut refusal = None;
    for way in ways {
        match by_way(person, what, way, calendar, settings) {
            Ok(()) => return Ok(Some(way.detail.clone())),
            Err(wrong) => refusal = refusal.or(Some(wrong)),
        }
    }
    Err(refusal.expect("there was at least one way, and none was safe"))
}

/// A letter does not reach somebody in hospital; in prison, nothing but a visit is
/// theirs alone.
fn reaches_only_them(person: &Person, what: &Outgoing) -> Result<(), NotSafe> {
    let away = match person.whereabouts {
        Whereabouts::Hospital { .. } => what.channel == Channel::Letter,
        Whereabouts::Prison { .. } => true,
        _ => false,
    };
    if away {
        return no(
            Why::Away,
            "They are in hospital or prison: this could reach somebody else.",
            "Speak to them there.",
        );
    }
    Ok(())
}

fn by_way(
    person: &Person,
    what: &Outgoing,
    way: &SafeWay,
    calendar: &Calendar,
    settings: &Settings,
) -> Result<(), NotSafe> {
    says_little_enough(person, what, way)?;
    if what.voicemail && way.voicemail_safe != Some(true) {
        return no(
            Why::Voicemail,
            "A voicemail is not known to be safe.",
            "Ring again, and leave no message.",
        );
    }
    if !matches!(what.channel, Channel::Phone | Channel::Text | Channel::Email) {
        return Ok(());
    }
    let hours = hours_for(way.hours, settings);
    let Err(not_before) = in_the_day(way.hours, what.at, calendar, settings) else { return Ok(()) };
    Err(NotSafe {
        why: Why::Hours,
        words: "Not at this hour.".into(),
        what_to_do: if hours.from < hours.until {
            format!("It can go from {}:00 to {}:00.", hours.from, hours.until)
        } else {
            "Use another way they named.".into()
        },
        not_before,
    })
}

/// The hours of a way, never in the place's quiet hours.
fn hours_for(own: Option<Hours>, settings: &Settings) -> Hours {
    let day_time = Hours { from: settings.quiet_until, until: settings.quiet_from };
    own.map_or(day_time, |own| Hours {
        from: own.from.max(day_time.from),
        until: own.until.min(day_time.until),
    })
}

/// Is this an hour at which words may reach somebody by phone, text or e-mail? `own` are
/// the hours they named.
///
/// # Errors
/// It is not; the next moment that is, if there ever is one.
pub fn in_the_day(
    own: Option<Hours>,
    at: Instant,
    calendar: &Calendar,
    settings: &Settings,
) -> Result<(), Option<Instant>> {
    let (hours, hour) = (hours_for(own, settings), calendar.hour(at));
    if hours.from <= hour && hour < hours.until { Ok(()) } else { Err(next_start(hours, at, calendar)) }
}

/// A text or e-mail never says anything about the person; on a shared phone, or where
/// somebody close may be watching, it says nothing at all.
fn says_little_enough(person: &Person, what: &Outgoing, way: &SafeWay) -> Result<(), NotSafe> {
    let written = matches!(what.channel, Channel::Text | Channel::Email);
    let watched = way.shared || person.coercion.is_some();
    let most = match () {
        () if watched => Content::Free,
        () if !person.safe_contact.name_service_ok => {
            if written || what.voicemail {
                Content::Free
            } else {
                Content::Full
            }
        }
        () if written || what.voicemail || what.channel == Channel::Through => Content::NamesService,
        () => Content::Full,
    };
    if what.content <= most {
        return Ok(());
    }
    no(
        Why::SaysTooMuch,
        "That says too much for this way.",
        "Send only that there is something to talk about, or tell them face to face.",
    )
}

fn next_start(hours: Hours, at: Instant, calendar: &Calendar) -> Option<Instant> {
    if hours.from >= hours.until {
        return None;
    }
    let today = calendar.day(at);
    let first = calendar.moment(today, hours.from, 0);
    Some(if at < first { first } else { calendar.moment(plus_days(today, 1), hours.from, 0) })
}

fn no<T>(why: Why, words: &str, what_to_do: &str) -> Result<T, NotSafe> {
    Err(NotSafe { why, words: words.into(), what_to_do: what_to_do.into(), not_before: None })
}

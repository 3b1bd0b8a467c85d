//! What a person wrote, read by whoever holds it: reading marks it read, and an answer
//! waits for them on their own pages.

use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::{MessageId, PersonId, RecordId};
use kith_domain::life;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::person::Person;
use kith_domain::record::Saved;
use uuid::Uuid;

/// A message, for the page it is read on.
pub struct MessageToRead {
    /// What the person it is about likes to be called.
    pub called: String,
    /// The message.
    pub message: Saved<Message>,
    /// May this reader mark it read, and answer?
    pub may_change: bool,
    /// Who reads it, for one who may not.
    pub held_by: String,
}

impl Kith {
    /// A message and whom it is about.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn message(
        &self,
        who: &Principal,
        person: PersonId,
        message: MessageId,
    ) -> Result<MessageToRead, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        // A notice can be for somebody who does not see the plan: a safeguarding lead.
        let ask = look.batch.ask(Action::View);
        let found = look.one::<Message>(&about, message, &ask);
        let person = about.records.first::<Person>()?;
        let called = person.and_then(|p| look.name(&about.world, p)).unwrap_or_else(|| "Somebody".into());
        let result = found.map(|message| MessageToRead {
            called,
            may_change: look.may_open::<Message>(&about, message.meta.id, Action::Update),
            held_by: match &message.value.to {
                MessageTo::Reader { holder, .. } => who.partnership.holder_name(holder, who.now),
                MessageTo::Team { team, .. } => who.partnership.team_name(*team),
                _ => "the person it is for".into(),
            },
            message,
        });
        look.finish_with(result).await
    }

    /// Marks a message as read; with an answer, the person finds it on their pages and
    /// has been spoken to.
    ///
    /// # Errors
    /// It may not be done.
    pub async fn read_message(
        &self,
        who: &Principal,
        person: PersonId,
        message: MessageId,
        answer: Option<String>,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Message>(message, Action::Update)?;
        if saved.value.review {
            return Err(CareError::refused("Open what is to be looked at, and say there how it stands."));
        }
        // What a supporter told is answered to them, by voice; never onto the person's pages.
        let answer = answer.filter(|_| !saved.value.quiet);
        let read_at = saved.value.read_at.or(Some(who.now));
        change.save("read", &saved, &Message { read_at, ..saved.value.clone() }, None).await?;
        if let Some(words) = answer {
            let reply = Message {
                kind: MessageKind::Answer,
                from: who.actor.author(),
                to: MessageTo::Person,
                words,
                area: saved.value.area,
                sensitivity: saved.value.sensitivity,
                about: Some(RecordId(message.0)),
                written_at: who.now,
                read_at: None,
                quiet: false,
                review: false,
                take_out: None,
            };
            change.create("answered", organisation, &reply, Action::Create, None).await?;
            let p = change.open_person(Action::Update)?;
            let after =
                life::spoken_to(&p.value, who.now).map_err(|why| CareError::refused(format!("{why}.")))?;
            change.save("answered them", &p, &after, None).await?;
        }
        let back = match change.open_person(Action::View) {
            Ok(_) => format!("/people/{person}"),
            Err(_) => "/today".to_owned(),
        };
        change.finish(&back).await
    }
}

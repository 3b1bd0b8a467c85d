//! Say something: a person's own words are a held message to whoever holds their plan,
//! to be read by a day. Nothing scans or scores what they write.

use super::{Reader, plan_reader, reader, word_needed};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::RecordId;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::record::{Author, Saved};
use kith_domain::time::{Day, Instant};
use uuid::Uuid;

/// Something the person wrote, and what became of it.
#[derive(Clone, Debug)]
pub struct MyWords {
    /// Which.
    pub id: RecordId,
    /// What they wrote.
    pub words: String,
    /// When.
    pub at: Instant,
    /// Who reads it, by the day it was to be read.
    pub reader: Reader,
    /// When it was read.
    pub read_at: Option<Instant>,
    /// The answers, oldest first.
    pub answers: Vec<MyAnswer>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct MyAnswer {
    /// The words.
    pub words: String,
    /// From whom.
    pub from: String,
    /// When.
    pub at: Instant,
}

/// The page for saying something.
#[derive(Debug)]
pub struct MyWordsPage {
    /// Who reads what is written now, and by when.
    pub reader: Reader,
    /// What was written before, newest first.
    pub before: Vec<MyWords>,
    /// Words to the person that answer nothing they wrote.
    pub to_me: Vec<MyAnswer>,
}

impl Kith {
    /// What the person wrote before, and who reads what they write now.
    ///
    /// # Errors
    /// It is not a person who asks, or a code alone does not reach this far.
    pub async fn my_words(&self, who: &Principal) -> Result<MyWordsPage, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = match look.person(&about) {
            Ok(p) => look.all::<Message>(&about).map(|messages| page(who, &p, &messages)),
            Err(e) => Err(e),
        };
        look.finish_with(word_needed(who, result)).await
    }

    /// Says something to whoever holds the plan.
    ///
    /// # Errors
    /// It is not a person who asks, or a code alone does not reach this far.
    pub async fn say_words(
        &self,
        who: &Principal,
        words: String,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        hold_words(&mut change, words, None, Area::Identity, Sensitivity::S1).await?;
        change.finish(answer).await
    }
}

/// Writes the person's words down as a message held by whoever holds their plan.
pub(crate) async fn hold_words(
    change: &mut Changing<'_>,
    words: String,
    about: Option<RecordId>,
    area: Area,
    sensitivity: Sensitivity,
) -> Result<(), CareError> {
    let p = change.open_person(Action::Contribute)?;
    let holder = change.who.partnership.holder_today(&p.value.holder, true, change.who.now);
    hold_words_with(change, words, (about, area, sensitivity), holder).await
}

/// As [`hold_words`], held by somebody else.
pub(crate) async fn hold_words_with(
    change: &mut Changing<'_>,
    words: String,
    (about, area, sensitivity): (Option<RecordId>, Area, Sensitivity),
    holder: Holder,
) -> Result<(), CareError> {
    let who = change.who;
    let message = Message {
        kind: MessageKind::OwnWords,
        from: who.actor.author(),
        to: MessageTo::Reader { holder, read_by: reader(who, &holder).by },
        words,
        area,
        sensitivity,
        about,
        written_at: who.now,
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    };
    change.create("own words", holder.organisation, &message, Action::Contribute, None).await?;
    Ok(())
}

/// Something the person did that a reader is told of, to be read by a day.
pub(super) async fn hold_notice(
    change: &mut Changing<'_>,
    words: String,
    (about, area, sensitivity): (RecordId, Area, Sensitivity),
    (holder, read_by): (Holder, Day),
) -> Result<(), CareError> {
    let who = change.who;
    let message = Message {
        kind: MessageKind::Notice,
        from: who.actor.author(),
        to: MessageTo::Reader { holder, read_by },
        words,
        area,
        sensitivity,
        about: Some(about),
        written_at: who.now,
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    };
    change.create("holder told", holder.organisation, &message, Action::Contribute, None).await?;
    Ok(())
}

fn page(who: &Principal, person: &Saved<Person>, messages: &[Saved<Message>]) -> MyWordsPage {
    let mut before: Vec<MyWords> = messages
        .iter()
        .filter(|m| m.value.kind == MessageKind::OwnWords && matches!(m.value.from, Author::Person { .. }))
        .map(|m| my_words(who, m, messages))
        .collect();
    before.sort_by_key(|w| std::cmp::Reverse((w.at, w.id)));
    let answers_mine = |m: &Saved<Message>| m.value.about.is_some_and(|id| before.iter().any(|w| w.id == id));
    let mut to_me: Vec<MyAnswer> = messages
        .iter()
        .filter(|m| m.value.to == MessageTo::Person && !answers_mine(m))
        .map(|m| answer(who, m))
        .collect();
    to_me.sort_by_key(|a| std::cmp::Reverse(a.at));
    MyWordsPage { reader: plan_reader(who, &person.value), before, to_me }
}

fn my_words(who: &Principal, m: &Saved<Message>, all: &[Saved<Message>]) -> MyWords {
    let mut for_reader = match m.value.to {
        MessageTo::Reader { holder, read_by } => Reader { by: read_by, ..reader(who, &holder) },
        _ => return MyWords { reader: nobody(who), ..with(m, all, who) },
    };
    if let (Some(_), Author::Worker { worker, .. }) = (m.value.read_at, m.meta.author) {
        for_reader.name = who.partnership.worker_name(worker);
    }
    MyWords { reader: for_reader, ..with(m, all, who) }
}

fn with(m: &Saved<Message>, all: &[Saved<Message>], who: &Principal) -> MyWords {
    let mut answers: Vec<MyAnswer> = all
        .iter()
        .filter(|a| a.value.to == MessageTo::Person && a.value.about == Some(m.meta.id))
        .map(|a| answer(who, a))
        .collect();
    answers.sort_by_key(|a| a.at);
    MyWords {
        id: m.meta.id,
        words: m.value.words.clone(),
        at: m.value.written_at,
        reader: nobody(who),
        read_at: m.value.read_at,
        answers,
    }
}

/// The net of the place, for words that name no reader.
fn nobody(who: &Principal) -> Reader {
    let place = &who.partnership.place.value;
    reader(
        who,
        &kith_domain::organisation::Holder {
            organisation: place.net_organisation,
            team: place.net_team,
            lead: None,
        },
    )
}

fn answer(who: &Principal, m: &Saved<Message>) -> MyAnswer {
    let from = match m.value.from {
        Author::Worker { worker, .. } => who.partnership.worker_name(worker),
        Author::LinkHolder { organisation } => {
            who.partnership.organisation_name(organisation).unwrap_or_default()
        }
        _ => who.partnership.place.value.name.clone(),
    };
    MyAnswer { words: m.value.words.clone(), from, at: m.value.written_at }
}

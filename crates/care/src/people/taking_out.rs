//! Taking out words that must not be here: one person asks, a second who leads there agrees, and
//! neither alone. The words then stand in no version, no packet and no page; the journal says
//! that it was done, by whom and why; and whoever had opened them is listed, for telling.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use kith_access::Action;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{MessageId, PersonId, RecordId, WorkerId};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::plan::Note;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::removal::{self, NotOut, OutAsked, WhyOut};
use kith_domain::time::Instant;
use kith_store::{Personal, Writing};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Working days within which the second person answers.
const ANSWER_WITHIN: u32 = 2;
/// Working days within which those who had seen it are told.
const TOLD_WITHIN: u32 = 5;
/// Looks that are read for the list of those who are told.
const MOST_LOOKS: u32 = 5_000;
/// What a look at the story is called in the access log.
const STORY: &str = "the story so far";

/// A note that may be taken out, and whom to ask.
#[derive(Debug)]
pub struct ToTakeOut {
    /// The name the person likes to be called, where this reader may know it.
    pub called: Option<String>,
    /// The words.
    pub words: String,
    /// Who may be the second person, by name.
    pub seconds: Vec<(WorkerId, String)>,
}

/// What the second person is asked.
#[derive(Debug)]
pub struct AskedToTakeOut {
    /// The name the person likes to be called, where this reader may know it.
    pub called: Option<String>,
    /// Why, in the words of whoever asks.
    pub why: String,
    /// Who asks.
    pub asked_by: String,
    /// The words that would be taken out.
    pub words: String,
    /// Nobody has answered yet.
    pub open: bool,
}

fn fresh(who: &Principal) -> Result<(), CareError> {
    if Kith::is_fresh(who) { Ok(()) } else { Err(CareError::SignInAgain) }
}

fn at_field(why: NotOut) -> CareError {
    let field = match why {
        NotOut::NoWords | NotOut::Sealed => "words",
        NotOut::NotASecond => "second",
        NotOut::Kept(_) => "why",
        NotOut::YouAsked | NotOut::NotAsked | NotOut::NoName | NotOut::NoKeep => {
            return CareError::refused(format!("{why}."));
        }
    };
    CareError::field(field, format!("{why}."))
}

/// The second person's page asks one thing.
fn at_answer(why: NotOut) -> CareError {
    CareError::field("answer", format!("{why}."))
}

impl Kith {
    /// The note, and whom to ask.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn to_take_out(
        &self,
        who: &Principal,
        person: PersonId,
        note: RecordId,
    ) -> Result<ToTakeOut, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let ask = look.batch.ask(Action::Amend);
        let result = look.one::<Note>(&about, note, &ask);
        let called = look.all::<Person>(&about)?.pop().map(|p| p.value.called);
        let p = &who.partnership;
        let result = result.map(|note| {
            let seconds = removal::seconds(&p.facts, note.meta.owner, me, p.today(who.now));
            let named = seconds.iter().filter_map(|h| h.lead).map(|w| (w, p.worker_name(w)));
            ToTakeOut { called, words: note.value.words, seconds: named.collect() }
        });
        look.finish_with(result).await
    }

    /// Asks a second person to agree that the words are taken out.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn ask_take_out(
        &self,
        who: &Principal,
        (person, note): (PersonId, RecordId),
        (why, second): (WhyOut, WorkerId),
        words: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        fresh(who)?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Note>(note, Action::Amend)?;
        let them = whose(&change)?;
        let today = who.partnership.today(who.now);
        let seconds = removal::seconds(&who.partnership.facts, saved.meta.owner, me, today);
        let holder = seconds.iter().find(|h| h.lead == Some(second)).copied();
        let holder = holder.ok_or_else(|| at_field(NotOut::NotASecond))?;
        let words =
            removal::ask(&them.value, &saved.value, (me, &holder), words, &seconds).map_err(at_field)?;
        let waiting = change
            .all_there_are::<Message>()?
            .into_iter()
            .any(|m| m.value.take_out.is_some() && m.value.read_at.is_none() && m.value.about == Some(note));
        if waiting {
            return Err(CareError::field("second", "Somebody is asked about this already."));
        }
        let asked = Message {
            review: true,
            take_out: Some(OutAsked { why, by: me }),
            about: Some(note),
            ..notice(who, holder, ANSWER_WITHIN, format!("{}. {words}", why.title()))
        };
        change.create("asked to take words out", holder.organisation, &asked, Action::Create, None).await?;
        change.finish(&format!("/people/{person}#story")).await
    }

    /// What the second person is asked.
    ///
    /// # Errors
    /// It is not asked of them, or may not be seen.
    pub async fn asked_to_take_out(
        &self,
        who: &Principal,
        person: PersonId,
        message: MessageId,
    ) -> Result<AskedToTakeOut, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let (view, amend) = (look.batch.ask(Action::View), look.batch.ask(Action::Amend));
        let result = match look.one::<Message>(&about, message, &view) {
            Ok(m) => match (m.value.take_out, m.value.about) {
                (Some(out), Some(note)) => look.one::<Note>(&about, note, &amend).map(|n| (m, out, n)),
                _ => Err(CareError::Missing),
            },
            Err(refused) => Err(refused),
        };
        let called = look.all::<Person>(&about)?.pop().map(|p| p.value.called);
        let result = result.map(|(m, out, note)| AskedToTakeOut {
            called,
            why: m.value.words.clone(),
            asked_by: who.partnership.worker_name(out.by),
            words: note.value.words,
            open: m.value.read_at.is_none(),
        });
        look.finish_with(result).await
    }

    /// The second person answers. With a yes the words are gone.
    ///
    /// # Errors
    /// It is not theirs to answer, or something asks for everything to be kept.
    pub async fn answer_take_out(
        &self,
        who: &Principal,
        (person, message): (PersonId, MessageId),
        agrees: bool,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        fresh(who)?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let asked = change.open::<Message>(message, Action::Update)?;
        let MessageTo::Reader { holder, .. } = asked.value.to else { return Err(CareError::Missing) };
        let (Some(note), Some(out)) = (asked.value.about, asked.value.take_out) else {
            return Err(CareError::Missing);
        };
        // Asked of this person by name, and of nobody else in their team.
        if holder.lead != Some(me) {
            return Err(CareError::refused(format!("{}.", NotOut::NotASecond)));
        }
        let saved = change.open::<Note>(note, Action::Amend)?;
        let them = whose(&change)?;
        if asked.value.read_at.is_some() {
            return Err(CareError::refused(format!("{}.", NotOut::NotAsked)));
        }
        if agrees {
            let basis = removal::agree(&them.value, &asked.value, me).map_err(at_answer)?;
            let seen = who_saw(&mut change, &saved, [me, out.by]).await?;
            let gone = take_out(&mut change, &saved, &basis).await?;
            tell_who_asked(&mut change, out.by, &saved, seen.into_iter().chain(gone).collect()).await?;
        }
        let answered = Message { read_at: Some(who.now), ..asked.value.clone() };
        let word = if agrees { "agreed to take words out" } else { "did not agree to take words out" };
        change.save(word, &asked, &answered, None).await?;
        change.finish(&format!("/people/{person}#story")).await
    }
}

/// The person, as the program itself reads what keeps everything.
fn whose(change: &Changing<'_>) -> Result<Saved<Person>, CareError> {
    change.all_there_are::<Person>()?.pop().ok_or(CareError::Missing)
}

fn notice(who: &Principal, holder: Holder, days: u32, words: String) -> Message {
    let calendar = &who.partnership.facts.calendar;
    Message {
        kind: MessageKind::Notice,
        from: who.actor.author(),
        to: MessageTo::Reader { holder, read_by: calendar.plus_working(calendar.day(who.now), days) },
        words,
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: None,
        written_at: who.now,
        read_at: None,
        quiet: true,
        review: false,
        take_out: None,
    }
}

/// Takes the words out of every version of the note, and of every packet that held them. Gives
/// back the names of the services that had them.
async fn take_out(
    change: &mut Changing<'_>,
    note: &Saved<Note>,
    basis: &str,
) -> Result<Vec<String>, CareError> {
    let writing = Writing {
        at: change.who.now,
        author: change.who.actor.author(),
        recorded_for: None,
        basis: basis.to_owned(),
    };
    every_version(change, &writing, note, &removal::without_words(&note.value)).await?;
    let mut had_it = Vec::new();
    for referral in change.all_there_are::<Referral>()? {
        if let Some(blank) = removal::without_line(&referral.value, note.meta.id) {
            every_version(change, &writing, &referral, &blank).await?;
            had_it.push(format!("{}, which was sent it", referral.value.service_name));
        }
    }
    Ok(had_it)
}

async fn every_version<T: Personal>(
    change: &mut Changing<'_>,
    writing: &Writing,
    saved: &Saved<T>,
    blank: &T,
) -> Result<(), CareError> {
    let versions = change.tx.list_versions::<T>(saved.meta.id).await?;
    let mut meta = saved.meta.clone();
    for version in versions.iter().filter(|v| v.value.is_some()) {
        meta = change.tx.take_out(writing, &meta, blank, version.number).await?.meta;
    }
    Ok(())
}

/// Who opened the story since the note was written, by name, without the two who decide.
async fn who_saw(
    change: &mut Changing<'_>,
    note: &Saved<Note>,
    without: [WorkerId; 2],
) -> Result<BTreeSet<String>, CareError> {
    let who = change.who;
    let span = (note.meta.created, Instant(who.now.0 + 1));
    let rows = change.tx.list_looks_between(change.person, span, false, MOST_LOOKS).await?;
    let saw = rows.iter().filter(|r| r.outcome != "denied" && r.parts.split(", ").any(|p| p == STORY));
    let name = |row: &kith_store::look::LookRow| match serde_json::from_str(&row.who).ok()? {
        Identity::Worker { worker, organisation, .. } if !without.contains(&worker) => {
            let at = who.partnership.organisation_name(organisation).unwrap_or_default();
            Some(format!("{}, {at}", who.partnership.worker_name(worker)))
        }
        Identity::Person { .. } => Some("the person themselves".to_owned()),
        Identity::Supporter { .. } => Some("somebody they let in".to_owned()),
        _ => None,
    };
    Ok(saw.filter_map(name).collect())
}

/// Whoever asked tells those who had seen it: held until they have.
async fn tell_who_asked(
    change: &mut Changing<'_>,
    asked_by: WorkerId,
    note: &Saved<Note>,
    saw: Vec<String>,
) -> Result<(), CareError> {
    let who = change.who;
    let organisation = note.meta.owner;
    let Some(team) = who.partnership.teams_of(asked_by, organisation, who.now).first().copied() else {
        return Ok(());
    };
    let words = match saw.is_empty() {
        true => "The words were taken out. Nobody else had opened them.".to_owned(),
        false => format!(
            "The words were taken out. These had opened that part of the plan since: {}. Tell them that what \
             stood there was wrong, and that it is gone.",
            saw.join("; ")
        ),
    };
    let holder = Holder { organisation, team, lead: Some(asked_by) };
    let told = notice(who, holder, TOLD_WITHIN, words);
    change.create("those who saw it are listed", organisation, &told, Action::Create, None).await?;
    Ok(())
}

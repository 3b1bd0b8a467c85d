//! Questions about looks, for those who answer them: read, ask whoever looked, decide. What is
//! read here are references, kinds and reasons; nothing of anybody's plan.

use crate::change::Begun;
use crate::change::loose::BegunLoose;
use crate::coming_in::reference;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::{Identity, Principal};
use crate::telling_outside::person_as_job;
use kith_access::{Action, Guarded, PersonWorld};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::link;
use kith_domain::look_question::{
    LookCause, LookOutcome, LookQuestion, LookSeen, NotDecided, ask_looker, decide, decides_instead,
    looker_answers, team_of,
};
use kith_domain::organisation::Holder;
use kith_domain::record::{Record, Saved};
use kith_domain::time::Instant;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Questions on one list.
const MOST: u32 = 100;
/// Looks of one emergency on its page.
const MOST_LOOKS: u32 = 200;

/// What is done with a question.
#[derive(Clone, Debug)]
pub enum LookChange {
    /// Ask whoever looked.
    Ask(String),
    /// What whoever looked says.
    Answer(String),
    /// Decide: how, what follows, the answer to the person.
    Decide(LookOutcome, Option<String>, Option<String>),
    /// To somebody outside the team of whoever opened it.
    PassOn,
}

/// A question for reading.
#[derive(Debug)]
pub struct LookPage {
    /// The question.
    pub question: Saved<LookQuestion>,
    /// The short reference of the person, where it is about one.
    pub person: Option<String>,
    /// The looks it is about: reference, moment, kinds.
    pub looks: Vec<(String, Instant, String)>,
    /// Is the reader the one who looked, and asked about it?
    pub asked_me: bool,
    /// May the reader decide?
    pub may_decide: bool,
    /// Who decides instead, where the reader is in a team with whoever opened it; and is it with
    /// them already?
    pub instead: Option<(String, bool)>,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct LookRowLine {
    /// The question.
    pub question: Saved<LookQuestion>,
}

fn at_field(why: NotDecided) -> CareError {
    match why {
        NotDecided::NoOutcome => CareError::field("outcome", format!("{why}.")),
        NotDecided::NoAnswer => CareError::field("answer", format!("{why}.")),
        NotDecided::NoFollows => CareError::field("follows", format!("{why}.")),
        NotDecided::NoWords => CareError::field("words", format!("{why}.")),
        _ => CareError::refused(format!("{why}.")),
    }
}

fn decided(who: &Principal, q: &LookQuestion, what: &LookChange) -> Result<LookQuestion, CareError> {
    let (me, _) = who.worker()?;
    let p = &who.partnership;
    match what {
        LookChange::Ask(words) => {
            let team = team_of(&p.facts, q.worker, q.organisation, p.today(who.now));
            ask_looker(q, me, words, team, who.now, &p.facts.calendar)
        }
        LookChange::Answer(words) => looker_answers(q, me, words),
        // Whoever is asked about their own looks reads the question, and does not decide it.
        LookChange::Decide(outcome, follows, answer) => {
            if let Some(other) = instead(who, q)? {
                let name = other.lead.map(|w| p.worker_name(w)).unwrap_or_default();
                let why = format!("You work in a team with whoever opened this. {name} decides about it.");
                return Err(CareError::refused(why));
            }
            decide(q, me, *outcome, (follows.clone(), answer.clone()), who.now)
        }
        LookChange::PassOn => match instead(who, q)? {
            Some(holder) if holder != q.holder => Ok(LookQuestion { holder, ..q.clone() }),
            Some(_) => return Err(CareError::refused("It is with somebody outside the team already.")),
            None => return Err(CareError::refused("There is nobody else to pass it to. You can decide it.")),
        },
    }
    .map_err(at_field)
}

/// Who decides an open question instead of this worker (B7).
fn instead(who: &Principal, q: &LookQuestion) -> Result<Option<Holder>, CareError> {
    let (me, _) = who.worker()?;
    let p = &who.partnership;
    Ok(decides_instead(q, me, &p.facts, p.today(who.now)).filter(|_| q.open()))
}

/// That there is a question is nobody's to know but those it is for (rule K3).
fn hidden(error: CareError) -> CareError {
    match error {
        CareError::Forbidden(_) => CareError::Missing,
        other => other,
    }
}

fn word(what: &LookChange) -> &'static str {
    match what {
        LookChange::PassOn => "question about looks passed on",
        LookChange::Ask(_) => "whoever looked was asked",
        LookChange::Answer(_) => "whoever looked answered",
        LookChange::Decide(..) => "question about looks decided",
    }
}

impl Kith {
    /// One question.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn look_question(&self, who: &Principal, id: RecordId) -> Result<LookPage, CareError> {
        let mut look = self.look(who).await?;
        let result = page(&mut look, id).await;
        look.finish_with(result).await
    }

    /// The questions of whoever asks: those they answer, and those they are asked; open ones first.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn look_questions(&self, who: &Principal) -> Result<Vec<LookRowLine>, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let ask = look.batch.ask(Action::View);
        let mut found: BTreeMap<RecordId, LookRowLine> = BTreeMap::new();
        for role in [link::HOLDER_LEAD, link::OWNER_WORKER] {
            let near: Vec<Guarded<Saved<LookQuestion>>> = look.tx.list_linked(role, me, false, MOST).await?;
            for guarded in near {
                let world = world_of(&mut look, guarded.item().id, guarded.item().person).await?;
                let Some(question) = look.listed(&world, guarded, &ask) else { continue };
                found.insert(question.meta.id, LookRowLine { question });
            }
        }
        look.finish().await?;
        let mut lines: Vec<LookRowLine> = found.into_values().collect();
        lines.sort_by_key(|l| (!l.question.value.open(), l.question.value.due_on, l.question.meta.id));
        Ok(lines)
    }

    /// Asks whoever looked, answers, or decides. The person finds the answer on their pages.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn change_look_question(
        &self,
        who: &Principal,
        id: RecordId,
        what: &LookChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let answer = format!("/looks/{id}");
        let mut tx = self.store().read().await?;
        let person = tx.find::<LookQuestion>(id).await?.map(|g| g.item().person);
        drop(tx);
        match person {
            None => Err(CareError::Missing),
            Some(Some(person)) => match self.change(who, person, submission).await? {
                Begun::Before(answer) => Ok(answer),
                Begun::Go(mut change) => {
                    let saved = change.open::<LookQuestion>(id, Action::Update).map_err(hidden)?;
                    let after = decided(who, &saved.value, what)?;
                    change.save(word(what), &saved, &after, None).await?;
                    if let Some(words) = after.decided.as_ref().and_then(|d| d.answer.clone()) {
                        let world = change.world.clone();
                        let them = person_as_job(self, &mut change.tx, &world, person, who.now).await?;
                        self.put_notice(&mut change, words, id).await?;
                        self.put_safe_email(&mut change, &them.value, person, &format!("looks:{id}")).await?;
                    }
                    // Passed on: it may be no page of theirs any more.
                    let passed = matches!(what, LookChange::PassOn);
                    change.finish(if passed { "/today" } else { &answer }).await
                }
            },
            Some(None) => match self.change_beside(who, organisation, submission).await? {
                BegunLoose::Before(answer) => Ok(answer),
                BegunLoose::Go(mut change) => {
                    let saved = change.open::<LookQuestion>(id, Action::Update).await.map_err(hidden)?;
                    let after = decided(who, &saved.value, what)?;
                    change.save(word(what), &saved, &after).await?;
                    change.finish(&answer).await
                }
            },
        }
    }
}

async fn world_of(
    look: &mut Looking<'_>,
    id: RecordId,
    person: Option<PersonId>,
) -> Result<PersonWorld, CareError> {
    match person {
        None => look.beside(id).await,
        Some(person) => Ok(look.about(person).await?.world),
    }
}

async fn page(look: &mut Looking<'_>, id: RecordId) -> Result<LookPage, CareError> {
    let (me, _) = look.who.worker()?;
    let ask = look.batch.ask(Action::View);
    let Some(guarded) = look.tx.find::<LookQuestion>(id).await? else {
        look.batch.missing(&ask);
        return Err(CareError::Missing);
    };
    let person = guarded.item().person;
    let world = world_of(look, id, person).await?;
    let question = look.open(&world, guarded, &ask).map_err(hidden)?;
    let q = &question.value;
    let asked_me = q.asked.as_ref().is_some_and(|a| a.holder.lead == Some(me));
    let looks = match (&q.cause, person) {
        (LookCause::Emergency { opened_at, until, .. }, Some(person)) => {
            emergency_looks(look, q, person, (*opened_at, *until)).await?
        }
        (LookCause::Found { looks, .. }, _) => looks.iter().map(|l| (of(l), l.at, l.parts.clone())).collect(),
        _ => Vec::new(),
    };
    let name = |w| look.who.partnership.worker_name(w);
    let instead = instead(look.who, q)?.and_then(|other| Some((name(other.lead?), other == q.holder)));
    let may_decide = q.open() && q.worker != Some(me);
    let person = person.map(|p| reference(p.into()));
    Ok(LookPage { person, looks, asked_me, may_decide, instead, question })
}

fn of(look: &LookSeen) -> String {
    reference(look.person.into())
}

/// What was opened under emergency access: kinds and moments.
async fn emergency_looks(
    look: &mut Looking<'_>,
    q: &LookQuestion,
    person: PersonId,
    (from, until): (Instant, Instant),
) -> Result<Vec<(String, Instant, String)>, CareError> {
    let rows = look.tx.list_looks_between(person, (from, until), false, MOST_LOOKS).await?;
    let theirs = |who: &str| matches!(serde_json::from_str(who), Ok(Identity::Worker { worker, .. }) if Some(worker) == q.worker);
    let opened = rows.into_iter().filter(|r| theirs(&r.who));
    let mut looks: Vec<(String, Instant, String)> =
        opened.map(|r| (reference(person.into()), Instant(r.at), r.parts)).collect();
    looks.reverse();
    Ok(looks)
}

//! Taking out words that must not be here: one person asks, a second who leads there agrees, and
//! neither alone. The words then stand in no version, no packet and no page; the journal says
//! that it was done, by whom and why; and whoever had opened them is listed, for telling.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Party, PersonWorld, ReferralStage};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::Consent;
use kith_domain::id::{MessageId, OrganisationId, PersonId, RecordId, WorkerId};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::plan::Note;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::removal::{self, NotOut, OutAsked, WhyOut};
use kith_domain::right::Right;
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
    /// What asked for everything to be kept until lately, and when that ended: one person can write
    /// that it ended, so the second sees it.
    pub kept_until: Vec<(String, Instant)>,
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
            let seconds = seconds(who, &about.world, note.meta.owner, me);
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
        let seconds = seconds(who, &change.world, saved.meta.owner, me);
        let holder = seconds.iter().find(|h| h.lead == Some(second)).copied();
        let holder = holder.ok_or_else(|| at_field(NotOut::NotASecond))?;
        let words =
            removal::ask(&them.value, &saved.value, (me, &holder), words, &seconds).map_err(at_field)?;
        close_what_waits(&mut change, &saved, me).await?;
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
        let them = look.all::<Person>(&about)?.pop();
        let kept_until = them.iter().flat_map(|p| removal::ended_lately(&p.value, who.now)).collect();
        let called = them.map(|p| p.value.called);
        let result = result.map(|(m, out, note)| AskedToTakeOut {
            called,
            kept_until,
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
        let saved = change.open::<Note>(note, Action::Amend)?;
        let today = who.partnership.today(who.now);
        let there = removal::seconds(&who.partnership.facts, saved.meta.owner, out.by, today);
        let able = seconds(who, &change.world, saved.meta.owner, out.by);
        removal::answers(&holder, me, &there, &able).map_err(|no| CareError::refused(format!("{no}.")))?;
        let them = whose(&change)?;
        if asked.value.read_at.is_some() {
            return Err(CareError::refused(format!("{}.", NotOut::NotAsked)));
        }
        if agrees {
            let basis = removal::agree(&them.value, &asked.value, me).map_err(at_answer)?;
            let mut seen = who_saw(&mut change, &saved, [me, out.by]).await?;
            let sent = take_out(&mut change, &saved, &basis).await?;
            tell_senders(&mut change, &saved, &sent, &mut seen).await?;
            tell_readers(&mut change, &seen.elsewhere).await?;
            tell_who_asked(&mut change, (out.by, me), &saved, seen.here.into_iter().collect()).await?;
        }
        let answered = Message { read_at: Some(who.now), ..asked.value.clone() };
        let word = if agrees { "agreed to take words out" } else { "did not agree to take words out" };
        change.save(word, &asked, &answered, None).await?;
        change.finish(&format!("/people/{person}#story")).await
    }
}

/// One colleague is asked at a time. Whoever was asked and is not there any more is asked no more.
async fn close_what_waits(
    change: &mut Changing<'_>,
    note: &Saved<Note>,
    asks: WorkerId,
) -> Result<(), CareError> {
    let who = change.who;
    let there =
        removal::seconds(&who.partnership.facts, note.meta.owner, asks, who.partnership.today(who.now));
    let waits = |m: &Message| m.take_out.is_some() && m.read_at.is_none() && m.about == Some(note.meta.id);
    for old in change.all_there_are::<Message>()?.into_iter().filter(|m| waits(&m.value)) {
        let MessageTo::Reader { holder, .. } = old.value.to else { continue };
        if there.iter().any(|h| h.lead == holder.lead) {
            return Err(CareError::field("second", "Somebody is asked about this already."));
        }
        let closed = Message { read_at: Some(who.now), ..old.value.clone() };
        change.save("somebody else is asked", &old, &closed, None).await?;
    }
    Ok(())
}

/// Who may be the second person: of those who lead there, whoever works with the person too, and so can
/// open the note to answer.
fn seconds(who: &Principal, world: &PersonWorld, owner: OrganisationId, asks: WorkerId) -> Vec<Holder> {
    let today = who.partnership.today(who.now);
    let mut all = removal::seconds(&who.partnership.facts, owner, asks, today);
    all.retain(|h| h.lead.is_some_and(|worker| works_with(who, world, owner, worker)));
    all
}

/// Does this worker of that organisation hold the plan, work with the person, or answer a request for
/// them?
fn works_with(who: &Principal, world: &PersonWorld, owner: OrganisationId, worker: WorkerId) -> bool {
    let teams = who.partnership.teams_of(worker, owner, who.now);
    let mut holders = world.holder.iter().chain(world.passed_on.iter().map(|p| &p.to));
    let is = |party: &Party| match party {
        Party::Worker(one) => *one == worker,
        Party::Team(team) => teams.contains(team),
    };
    holders.any(|h| {
        h.organisation == owner && (h.lead == Some(worker) || h.team.is_some_and(|t| teams.contains(&t)))
    }) || world.involvements.iter().any(|i| i.organisation == owner && i.span.holds(who.now) && is(&i.party))
        || world.referrals.iter().any(|r| {
            r.stage == ReferralStage::Accepted
                && r.receiver.organisation == owner
                && r.receiver.team.is_none_or(|t| teams.contains(&t))
        })
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
/// back the referrals that they were sent with.
async fn take_out(
    change: &mut Changing<'_>,
    note: &Saved<Note>,
    basis: &str,
) -> Result<Vec<Saved<Referral>>, CareError> {
    let writing = Writing {
        at: change.who.now,
        author: change.who.actor.author(),
        recorded_for: None,
        basis: basis.to_owned(),
    };
    every_version(change, &writing, note, |note| Some(removal::without_words(note))).await?;
    let mut had_it = Vec::new();
    for referral in change.all_there_are::<Referral>()? {
        let line = |r: &Referral| removal::without_line(r, note.meta.id);
        if every_version(change, &writing, &referral, line).await? {
            had_it.push(referral);
        }
    }
    for right in change.all_there_are::<Right>()? {
        let blacked = |r: &Right| removal::without_blacked(r, note.meta.id);
        every_version(change, &writing, &right, blacked).await?;
    }
    Ok(had_it)
}

/// Takes the words out of every version that holds them. What stands in place of each is the same
/// version without them, so that how the record stood then is still known; the last is how it
/// stands now. True when any held them.
async fn every_version<T: Personal + Clone>(
    change: &mut Changing<'_>,
    writing: &Writing,
    saved: &Saved<T>,
    without: impl Fn(&T) -> Option<T>,
) -> Result<bool, CareError> {
    let versions = change.tx.list_versions::<T>(saved.meta.id).await?;
    let mut meta = saved.meta.clone();
    for version in versions {
        let Some(value) = version.value else { continue };
        // What was sealed once, and is not any more, stands as it is now.
        let then = change.as_the_program(value).map_or_else(|_| saved.value.clone(), |then| then.value);
        if let Some(blank) = without(&then) {
            meta = change.tx.take_out(writing, &meta, &blank, version.number).await?.meta;
        }
    }
    let held = meta.version != saved.meta.version;
    if held && without(&saved.value).is_none() {
        change.tx.change(writing, "as it stood", &meta, &saved.value).await?;
    }
    Ok(held)
}

/// Who had seen the words, as far as the access log can say.
#[derive(Default)]
struct Saw {
    /// Colleagues, the person, and whom they let in: told by whoever asked.
    here: BTreeSet<String>,
    /// Workers of other organisations, who are told by Kith: that they know the person is not
    /// for whoever asked to learn.
    elsewhere: BTreeSet<(OrganisationId, WorkerId)>,
}

/// Who opened the story since the note was written, without the two who decide. Everybody opens
/// their own organisation's story too: somebody of another organisation saw these words only where
/// an agreement opened this note to them, or emergency access opened everything.
async fn who_saw(
    change: &mut Changing<'_>,
    note: &Saved<Note>,
    without: [WorkerId; 2],
) -> Result<Saw, CareError> {
    let who = change.who;
    let span = (note.meta.created, Instant(who.now.0 + 1));
    let agreed = change.all_there_are::<Consent>()?;
    let rows = change.tx.list_looks_between(change.person, span, false, MOST_LOOKS).await?;
    let mut saw = Saw::default();
    for row in rows.iter().filter(|r| r.outcome != "denied" && r.parts.split(", ").any(|p| p == STORY)) {
        let Ok(identity) = serde_json::from_str(&row.who) else { continue };
        match identity {
            Identity::Worker { worker, .. } if without.contains(&worker) => {}
            Identity::Worker { worker, organisation, .. } if organisation == note.meta.owner => {
                let at = who.partnership.organisation_name(organisation).unwrap_or_default();
                saw.here.insert(format!("{}, {at}", who.partnership.worker_name(worker)));
            }
            Identity::Worker { worker, organisation, .. } => {
                let at = Instant(row.at);
                let covers = agreed.iter().any(|c| opened(c, organisation, &note.value, who, at));
                let by = |basis: &str| row.basis.split(", ").any(|b| b == basis);
                if (by("consent") && covers) || by("break_glass") {
                    saw.elsewhere.insert((organisation, worker));
                }
            }
            Identity::Person { .. } => {
                saw.here.insert("the person themselves".to_owned());
            }
            Identity::Supporter { .. } => {
                saw.here.insert("somebody they let in".to_owned());
            }
            _ => {}
        }
    }
    Ok(saw)
}

/// Did this agreement open the note to that organisation then?
fn opened(
    c: &Saved<Consent>,
    organisation: OrganisationId,
    note: &Note,
    who: &Principal,
    at: Instant,
) -> bool {
    let agreed = &c.value;
    !c.meta.entered_in_error
        && agreed.organisation == organisation
        && agreed.holds(at, who.partnership.facts.calendar.day(at))
        && agreed.covers(note.area, note.sensitivity, &note.categories)
}

/// Who was sent the words is told by whoever asks, where the request is theirs to know of, and else by
/// the team that sent it.
async fn tell_senders(
    change: &mut Changing<'_>,
    note: &Saved<Note>,
    sent: &[Saved<Referral>],
    saw: &mut Saw,
) -> Result<(), CareError> {
    for referral in sent {
        let name = &referral.value.service_name;
        if referral.meta.owner == note.meta.owner {
            saw.here.insert(format!("{name}, which was sent it"));
            continue;
        }
        let words = format!(
            "Words were taken out of what you sent to {name}. Tell them that what stood there was wrong, \
             and that it is gone."
        );
        let told = notice(change.who, referral.value.sender.into(), TOLD_WITHIN, words);
        let owner = referral.value.sender.organisation;
        tell_elsewhere(change, owner, &told).await?;
    }
    Ok(())
}

/// Who saw it in another organisation reads by name that it was wrong.
async fn tell_readers(
    change: &mut Changing<'_>,
    readers: &BTreeSet<(OrganisationId, WorkerId)>,
) -> Result<(), CareError> {
    let who = change.who;
    for (organisation, worker) in readers {
        let Some(team) = who.partnership.teams_of(*worker, *organisation, who.now).first().copied() else {
            continue;
        };
        let holder = Holder { organisation: *organisation, team, lead: Some(*worker) };
        let words = "Words that you had opened in their story were taken out. What stood there was wrong. \
                     Do not use it, and take it out of what you wrote down yourself.";
        let told = notice(who, holder, TOLD_WITHIN, words.to_owned());
        tell_elsewhere(change, *organisation, &told).await?;
    }
    Ok(())
}

async fn tell_elsewhere(
    change: &mut Changing<'_>,
    owner: OrganisationId,
    told: &Message,
) -> Result<(), CareError> {
    let ask = change.batch.ask(Action::StopSharing);
    let basis = change.permit_person(&ask)?;
    let id = RecordId(Uuid::now_v7());
    change.create_permitted(id, "those who saw it are told", owner, told, &basis, None).await?;
    Ok(())
}

/// Whoever asked tells those who had seen it, or the one who agreed, where they work there no more:
/// held until they have.
async fn tell_who_asked(
    change: &mut Changing<'_>,
    (asked_by, agreed_by): (WorkerId, WorkerId),
    note: &Saved<Note>,
    saw: Vec<String>,
) -> Result<(), CareError> {
    let who = change.who;
    let organisation = note.meta.owner;
    let team = |worker| Some((worker, *who.partnership.teams_of(worker, organisation, who.now).first()?));
    let (teller, team) = team(asked_by).or_else(|| team(agreed_by)).ok_or(CareError::Missing)?;
    let words = match saw.is_empty() {
        true => "The words were taken out. Nobody else had opened them.".to_owned(),
        false => format!(
            "The words were taken out. These had opened that part of the plan since: {}. Tell them that what \
             stood there was wrong, and that it is gone.",
            saw.join("; ")
        ),
    };
    let holder = Holder { organisation, team, lead: Some(teller) };
    let told = notice(who, holder, TOLD_WITHIN, words);
    change.create("those who saw it are listed", organisation, &told, Action::Create, None).await?;
    Ok(())
}

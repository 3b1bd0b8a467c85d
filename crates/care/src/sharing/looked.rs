//! Who looked: every look at a person in plain words, by day and organisation. A look
//! whose telling could put somebody in danger is left out, and the page says so in
//! general, to everyone alike.

use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::mine::{Reader, reader, word_needed};
use crate::principal::{Identity, Principal};
use kith_access::{Action, Purpose};
use kith_domain::id::{OrganisationId, SupporterId, WorkerId};
use kith_domain::look_question::{LookCause, LookQuestion, who_answers};
use kith_domain::person::Person;
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Saved;
use kith_domain::supporter::Supporter;
use kith_domain::time::{Calendar, Day, Instant, plus_days};
use kith_store::look::LookRow;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Looks that are read at most for one page; older ones are asked for.
const MOST: u32 = 2_000;
/// Parts that would name or hint at somebody else's words, or at a record that may be
/// about somebody else. A look at nothing but these is left out.
const LEFT_OUT: [&str; 3] = ["worries", "identity", "other"];

/// A page of looks, whole days.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The days, the newest first.
    pub days: Vec<LookedDay>,
    /// What was given to somebody outside by law, the newest first; without what cannot be told.
    pub given: Vec<Saved<Note>>,
    /// There are older looks, before this day.
    pub older: Option<Day>,
}

/// A day of looks.
#[derive(Clone, Debug)]
pub struct LookedDay {
    /// Which day.
    pub day: Day,
    /// The organisations, each with its looks.
    pub organisations: Vec<(String, Vec<LookedLine>)>,
}

/// What one worker did on one day.
#[derive(Clone, Debug)]
pub struct LookedLine {
    /// The last of the requests: to ask "why?" about.
    pub request: Uuid,
    /// The worker, when it was one.
    pub worker: Option<WorkerId>,
    /// For which organisation they looked.
    pub organisation: OrganisationId,
    /// Their name.
    pub name: String,
    /// Their role in words.
    pub role: String,
    /// Why, as the role has it.
    pub purpose: Option<Purpose>,
    /// Under emergency access.
    pub emergency: bool,
    /// Their name was on a list and nothing was opened.
    pub listed_only: bool,
    /// Something was changed or written.
    pub changed: bool,
    /// They tried and were not let in.
    pub denied: bool,
    /// The parts that were opened.
    pub parts: Vec<String>,
    /// Each look, newest first: when, and which parts.
    pub each: Vec<(Instant, Vec<String>)>,
    /// The first and the last moment of that day.
    pub from: Instant,
    /// The last.
    pub to: Instant,
}

impl Kith {
    /// Who looked, newest first, before a day or until now: whole days, as many as one page
    /// reads. Names on lists never crowd out what was opened, changed or refused.
    ///
    /// # Errors
    /// It is not the person who asks, or a code alone does not reach this far.
    pub async fn who_looked(&self, who: &Principal, before: Option<Day>) -> Result<Looked, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let until = before.map_or(Instant(who.now.0 + 1), |day| self.calendar().start(day));
        let result = looked(&mut look, &about, until.min(Instant(who.now.0 + 1))).await;
        look.finish_with(word_needed(who, result)).await
    }

    /// The looks of the day of one request: to ask "why?" about it, however long ago.
    ///
    /// # Errors
    /// As [`Kith::who_looked`], or there is no such look.
    pub async fn looked_in(&self, who: &Principal, request: Uuid) -> Result<Vec<LookedDay>, CareError> {
        let mut tx = self.store().read().await?;
        let at = tx.find_look_at(who.person()?, request).await?.ok_or(CareError::Missing)?;
        drop(tx);
        let next = plus_days(self.calendar().day(at), 1);
        Ok(self.who_looked(who, Some(next)).await?.days)
    }

    /// Asks why somebody looked: words held by whoever holds the plan.
    ///
    /// # Errors
    /// There is no such look on the person's page.
    pub async fn ask_why(
        &self,
        who: &Principal,
        request: Uuid,
        more: Option<String>,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let days = self.looked_in(who, request).await?;
        let (day, organisation, line) = find(&days, request).ok_or(CareError::Missing)?;
        let worker = line.worker;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let asked = format!(
            "{}, {organisation}, {}: {}",
            line.name,
            kith_domain::next_date::words_of(day),
            if line.parts.is_empty() { "nothing was opened".into() } else { line.parts.join(", ") }
        );
        change.open_person(Action::Contribute)?;
        let p = &who.partnership;
        let today = p.today(who.now);
        let holder = who_answers(&p.facts, worker, line.organisation, today);
        let due_on = self.calendar().plus_working(today, p.settings().ask_why_working_days.into());
        let question = LookQuestion {
            cause: LookCause::Asked { request, look: asked, words: more },
            worker,
            name: line.name.clone(),
            organisation: line.organisation,
            day,
            holder,
            made_at: who.now,
            due_on,
            due_at: None,
            asked: None,
            decided: None,
        };
        change
            .create("asked why somebody looked", holder.organisation, &question, Action::Contribute, None)
            .await?;
        change.finish(answer).await
    }
}

/// What the page that asks why says: the look, who reads the question, and whom else to ask.
#[derive(Debug)]
pub struct AskingWhy {
    /// On which day.
    pub day: Day,
    /// Whose organisation it was.
    pub organisation: String,
    /// The look.
    pub line: LookedLine,
    /// Who reads the question.
    pub reader: Reader,
    /// Whom to ask about data at that organisation.
    pub contact: Option<String>,
}

impl Kith {
    /// What the page that asks why says.
    ///
    /// # Errors
    /// There is no such look on the person's page.
    pub async fn asking_why(&self, who: &Principal, request: Uuid) -> Result<AskingWhy, CareError> {
        let me = who.person()?;
        let days = self.looked_in(who, request).await?;
        let (day, organisation, line) = find(&days, request).ok_or(CareError::Missing)?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = look.person(&about).map(|_| AskingWhy {
            day,
            organisation: organisation.to_owned(),
            line: line.clone(),
            reader: answering(who, line),
            contact: super::agreements::ask_of(who, line.organisation),
        });
        look.finish_with(word_needed(who, result)).await
    }
}

/// Who answers about this look, and by when.
fn answering(who: &Principal, line: &LookedLine) -> Reader {
    let p = &who.partnership;
    let today = p.today(who.now);
    let by = p.facts.calendar.plus_working(today, p.settings().ask_why_working_days.into());
    Reader { by, ..reader(who, &who_answers(&p.facts, line.worker, line.organisation, today)) }
}

/// A question the person asked, or emergency access that was opened, and what became of it.
#[derive(Clone, Debug)]
pub struct MyLookQuestion {
    /// The question.
    pub question: Saved<LookQuestion>,
    /// Who answers.
    pub reader: Reader,
}

impl Kith {
    /// What the person asked about looks, and each emergency opening of their plan, newest first.
    ///
    /// # Errors
    /// It is not the person who asks, or a code alone does not reach this far.
    pub async fn my_look_questions(&self, who: &Principal) -> Result<Vec<MyLookQuestion>, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = look.all::<LookQuestion>(&about);
        let mut all = look.finish_with(word_needed(who, result)).await?;
        all.sort_by_key(|q| std::cmp::Reverse((q.value.made_at, q.meta.id)));
        let of = |question: Saved<LookQuestion>| {
            let holder = who.partnership.holder_today(&question.value.holder, false, who.now);
            let reader = Reader { by: question.value.due_on, ..reader(who, &holder) };
            MyLookQuestion { question, reader }
        };
        Ok(all.into_iter().map(of).collect())
    }
}

/// The line with this request.
pub fn find(days: &[LookedDay], request: Uuid) -> Option<(Day, &str, &LookedLine)> {
    days.iter().find_map(|d| {
        d.organisations.iter().find_map(|(name, lines)| {
            lines.iter().find(|l| l.request == request).map(|l| (d.day, name.as_str(), l))
        })
    })
}

async fn looked(look: &mut Looking<'_>, about: &About, until: Instant) -> Result<Looked, CareError> {
    let who = look.who;
    let guarded = about.records.first::<Person>()?.ok_or(CareError::Missing)?;
    let ask = look.batch.ask(Action::ViewAudit);
    look.permit(&about.world, guarded.item(), &ask)?;
    let calendar = look.kith.calendar();
    let first = Instant(i64::MIN);
    let mut rows = look.tx.list_looks_between(about.person, (first, until), false, MOST).await?;
    // Whole days only: the last of a full page may go on before it.
    let full = rows.len() as u32 >= MOST;
    let (newest, oldest) = (rows.first().map(|r| Instant(r.at)), rows.last().map(|r| Instant(r.at)));
    let from = match (full, newest, oldest) {
        (true, Some(newest), Some(oldest)) if calendar.day(oldest) < calendar.day(newest) => {
            calendar.start(plus_days(calendar.day(oldest), 1))
        }
        (true, _, Some(oldest)) => oldest,
        _ => first,
    };
    rows.retain(|r| r.at >= from.0);
    let listed = look.tx.list_looks_between(about.person, (from, until), true, MOST).await?;
    // Where more lists than one page reads name the person, older ones are on an older page.
    let from = if listed.len() as u32 >= MOST { from.max(rows_from(calendar, &rows, &listed)) } else { from };
    rows.extend(listed);
    rows.retain(|r| r.at >= from.0);
    rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.number)));
    let older = (from > first && !look.tx.list_looks(about.person, from, 1).await?.is_empty())
        .then(|| calendar.day(from));
    type Key = (std::cmp::Reverse<Day>, String, String, bool);
    let beside = look.all::<Supporter>(about)?;
    let mut lines: BTreeMap<Key, LookedLine> = BTreeMap::new();
    for row in &rows {
        let Some((organisation, line)) = line_of(who, row, &beside) else { continue };
        let day = look.kith.calendar().day(line.from);
        let key = (std::cmp::Reverse(day), organisation, reason_key(&line), line.denied);
        match lines.get_mut(&key) {
            Some(known) => merge(known, line),
            None => {
                lines.insert(key, line);
            }
        }
    }
    let mut days: Vec<LookedDay> = Vec::new();
    for ((std::cmp::Reverse(day), organisation, _, _), line) in lines {
        if days.last().is_none_or(|d| d.day != day) {
            days.push(LookedDay { day, organisations: Vec::new() });
        }
        let last = days.last_mut().expect("one was just pushed");
        match last.organisations.last_mut() {
            Some((name, lines)) if *name == organisation => lines.push(line),
            _ => last.organisations.push((organisation, vec![line])),
        }
    }
    let mut given = look.all::<Note>(about)?;
    given.retain(|n| n.value.kind == NoteKind::Disclosed);
    given.sort_by_key(|n| std::cmp::Reverse((n.value.on, n.meta.id)));
    Ok(Looked { days, given, older })
}

/// From which moment a page with very many names on lists is whole: the day after the oldest
/// of them, but never so late that something opened, changed or refused falls off.
fn rows_from(calendar: &Calendar, rows: &[LookRow], listed: &[LookRow]) -> Instant {
    let start = |row: Option<&LookRow>| row.map(|r| calendar.start(calendar.day(Instant(r.at))));
    let listed_from = start(listed.last()).unwrap_or(Instant(i64::MIN));
    // Without anything opened that old the page ends with the lists; else the opened decide.
    start(rows.last()).map_or(listed_from, |opened| opened.min(listed_from))
}

/// A look as it is told to the person; none when it is their own, the program's, or one
/// that is left out.
fn line_of(who: &Principal, row: &LookRow, beside: &[Saved<Supporter>]) -> Option<(String, LookedLine)> {
    let identity: Identity = serde_json::from_str(&row.who).ok()?;
    let (worker, name, role, organisation) = match identity.clone() {
        Identity::Worker { worker, organisation, role } => {
            (Some(worker), who.partnership.worker_name(worker), role.title().to_owned(), organisation)
        }
        Identity::Supporter { supporter, .. } => {
            let net = who.partnership.place.value.net_organisation;
            let known = beside.iter().find(|s| s.id::<SupporterId>() == supporter);
            let name = known.map_or_else(|| "Somebody you let in".into(), |s| s.value.name.clone());
            (None, name, known.map(|s| s.value.relation.clone()).unwrap_or_default(), net)
        }
        Identity::LinkHolder { organisation, name, .. } => {
            (None, name.unwrap_or_else(|| "Somebody with a link".into()), "By a link".into(), organisation)
        }
        _ => return None,
    };
    let purpose = Purpose::from_code(&row.purpose);
    // Who looks into somebody's safety may be protecting them or another person.
    if purpose == Some(Purpose::Safeguarding) || purpose.is_some_and(Purpose::is_records_duty) {
        return None;
    }
    let all: Vec<&str> = row.parts.split(", ").filter(|p| !p.is_empty()).collect();
    let parts: Vec<String> = all.iter().filter(|p| !LEFT_OUT.contains(p)).map(|p| (*p).to_owned()).collect();
    if parts.is_empty() && !all.is_empty() {
        return None;
    }
    let at = Instant(row.at);
    let supporter = matches!(identity, Identity::Supporter { .. });
    let line = LookedLine {
        request: row.request,
        worker,
        organisation,
        name,
        role,
        purpose,
        emergency: row.basis.split(", ").any(|b| b == "break_glass"),
        listed_only: row.outcome == "listed",
        changed: row.outcome == "changed",
        denied: row.outcome == "denied",
        each: vec![(at, parts.clone())],
        parts,
        from: at,
        to: at,
    };
    let group = match supporter {
        true => "People you let in".to_owned(),
        false => who.partnership.organisation_name(organisation).unwrap_or_default(),
    };
    Some((group, line))
}

/// The same worker, in the same role, for the same reason: one line a day.
fn reason_key(l: &LookedLine) -> String {
    format!("{} {} {} {}", l.name, l.role, l.purpose.map_or("", |p| p.code()), l.emergency)
}

/// Rows come newest first: the first one seen is the last of the day.
fn merge(known: &mut LookedLine, other: LookedLine) {
    known.listed_only &= other.listed_only;
    known.changed |= other.changed;
    known.each.push((other.to, other.parts.clone()));
    known.from = known.from.min(other.from);
    known.to = known.to.max(other.to);
    for part in other.parts {
        if !known.parts.contains(&part) {
            known.parts.push(part);
        }
    }
}

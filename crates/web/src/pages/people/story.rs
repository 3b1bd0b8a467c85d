//! The story so far on a person's page: what was written down, and what happened with the
//! help that was asked for, the needs, the steps and the places they were told about. Each
//! is a plain line with its day; the person's own words stand as they said them.

use super::marks::tags;
use crate::text;
use jiff::civil::Date;
use kith_care::Principal;
use kith_care::people::PersonPage;
use kith_care::referral::words;
use kith_domain::area::Sensitivity;
use kith_domain::marks::Marks;
use kith_domain::need::NeedStatus;
use kith_domain::plan::{GoalStatus, NoteKind, StepStatus, TellingOutcome};
use kith_domain::record::{Author, Saved};
use kith_domain::referral::{Party, Referral, Status};
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;

/// One line of the story.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct StoryRow {
    pub when: String,
    /// Who did or wrote it; empty where the line says it.
    pub who: String,
    pub words: String,
    /// The line is the person's own words.
    pub own: bool,
    pub kind: &'static str,
    /// What the person said, beside a line that is not theirs.
    pub said: Option<String>,
    pub href: Option<String>,
    /// How it is guarded, and where that is changed.
    pub tags: Vec<String>,
    pub marks: Option<String>,
}

/// The most lines that one page tells.
const MOST: usize = 60;

/// Who wrote something, in words.
pub(super) fn author(a: &Author, who: &Principal, called: &str) -> String {
    match a {
        Author::Worker { worker, organisation } => format!(
            "{}, {}",
            who.partnership.worker_name(*worker),
            who.partnership.organisation_name(*organisation).unwrap_or_default()
        ),
        Author::Person { .. } => called.to_owned(),
        Author::LinkHolder { organisation } => {
            who.partnership.organisation_name(*organisation).unwrap_or_default()
        }
        Author::Supporter { .. } => "somebody who stands beside them".into(),
        Author::Public => "from outside".into(),
        Author::Job | Author::Operator => "Kith".into(),
    }
}

/// The story, the newest first.
pub(super) fn story(data: &PersonPage, who: &Principal, calendar: &Calendar, today: Date) -> Vec<StoryRow> {
    let told = Teller { data, who, calendar, today };
    let mut rows: Vec<(Instant, StoryRow)> = told.notes();
    for referral in data.facts.referrals.iter().filter(|r| !r.meta.entered_in_error) {
        rows.extend(told.help(referral));
    }
    rows.extend(told.plan());
    // What happened at one moment stands in the order in which it was told, the last first.
    rows.reverse();
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    rows.into_iter().map(|(_, row)| row).take(MOST).collect()
}

struct Teller<'a> {
    data: &'a PersonPage,
    who: &'a Principal,
    calendar: &'a Calendar,
    today: Date,
}

impl Teller<'_> {
    fn line(&self, at: Instant, words: String, said: Option<&String>) -> (Instant, StoryRow) {
        self.line_on(self.calendar.day(at), at, words, said)
    }

    fn line_on(&self, on: Date, at: Instant, words: String, said: Option<&String>) -> (Instant, StoryRow) {
        let when = text::day_and_relative(on, self.today);
        (at, StoryRow { when, words, said: said.cloned(), ..StoryRow::default() })
    }

    fn notes(&self) -> Vec<(Instant, StoryRow)> {
        let called = &self.data.facts.person.value.called;
        let row = |n: &Saved<kith_domain::plan::Note>| {
            let row = StoryRow {
                when: text::day_and_relative(n.value.on, self.today),
                who: author(&n.meta.author, self.who, called),
                words: n.value.words.clone(),
                own: matches!(n.meta.recorded_for, Some(Author::Person { .. })),
                kind: match n.value.kind {
                    NoteKind::Contact => "In touch",
                    NoteKind::Tried => "Tried to reach them",
                    NoteKind::SealedAddress => "Sealed address",
                    NoteKind::Visiting => "Before you visit",
                    NoteKind::Disclosed => "Given to somebody outside",
                    NoteKind::Story => "",
                },
                tags: tags(&Marks::of(&n.value)),
                marks: self.marks(n),
                ..StoryRow::default()
            };
            (self.calendar.start(n.value.on).max(n.meta.created), row)
        };
        self.data.notes.iter().map(row).collect()
    }

    /// Where who may read it is changed: in one's own organisation's part.
    fn marks(&self, note: &Saved<kith_domain::plan::Note>) -> Option<String> {
        let ours = self.who.actor.organisation == Some(note.meta.owner);
        let part = if Marks::of(&note.value).sensitivity == Sensitivity::S4 { "sealed" } else { "notes" };
        let person = self.data.facts.id();
        ours.then(|| format!("/people/{person}/{part}/{}", note.meta.id))
    }

    /// What happened with help that was asked for, from the request to its end.
    fn help(&self, saved: &Saved<Referral>) -> Vec<(Instant, StoryRow)> {
        let r = &saved.value;
        let name = &r.service_name;
        let need = self.data.facts.needs.iter().find(|n| n.meta.id == r.need.into());
        let asked = match need {
            Some(need) => format!("Asked {name} about “{}”", need.value.words),
            None => format!("Asked {name} for help"),
        };
        let href = format!("/people/{}/referrals/{}", self.data.facts.id(), saved.meta.id);
        let happened = [
            (r.requested_at, asked),
            (r.accepted_at, format!("{name} said yes")),
            (r.first_came_at, format!("Came to {name}")),
            (r.started_at, format!("Help from {name} started")),
        ];
        let lines = happened.into_iter().filter_map(|(at, words)| Some(self.line(at?, words, None)));
        let mut lines: Vec<_> = lines.collect();
        lines.extend(r.ended_at.and_then(|at| self.ended(r, at)));
        let settled =
            r.settled.as_ref().filter(|s| r.ended_by != Some(Party::Requester) && !s.next.is_empty());
        lines.extend(settled.map(|s| self.line(s.at, format!("Spoke about {name}. Next: {}", s.next), None)));
        for (_, row) in &mut lines {
            row.href = Some(href.clone());
        }
        lines
    }

    fn ended(&self, r: &Referral, at: Instant) -> Option<(Instant, StoryRow)> {
        let name = &r.service_name;
        let because = |words: String| match r.reason.as_deref().filter(|_| r.ended_by != Some(Party::Person))
        {
            Some(why) => format!("{words}: {}", why.trim_end_matches('.')),
            None => words,
        };
        let words = match (r.status, r.outcome.as_ref()) {
            (Status::Completed, Some(o)) => {
                let how = format!("{}. {}", words::happened(o.happened), words::helped(o.helped));
                return Some(self.line(at, format!("Help from {name} ended. {how}"), o.words.as_ref()));
            }
            (Status::Completed, None) => format!("Help from {name} ended"),
            (Status::Rejected, _) => match r.decline.as_ref() {
                Some(no) => format!("{name} said no: {}", no.reason.title().to_lowercase()),
                None => format!("{name} said no"),
            },
            (Status::Cancelled, _) => because(match r.ended_by {
                Some(Party::Target) => format!("{name} took it back"),
                Some(Party::Person) => format!("They stopped the request to {name}"),
                _ => format!("The request to {name} was taken back"),
            }),
            (Status::Failed, _) => because(format!("{name} ended without help")),
            _ => return None,
        };
        Some(self.line(at, words, None))
    }

    /// What came of needs, goals, steps and places they were told about.
    fn plan(&self) -> Vec<(Instant, StoryRow)> {
        let mut rows = Vec::new();
        // A day without an hour stands after what was written on it.
        let on = |day: Date, changed: Instant| match self.calendar.day(changed) == day {
            true => changed,
            false => self.calendar.start(day),
        };
        for n in &self.data.facts.needs {
            let (day, words, said) = match &n.value.status {
                NeedStatus::Met { on, words } => {
                    (*on, format!("“{}” was met", n.value.words), words.as_ref())
                }
                NeedStatus::SaidNo { on } => (*on, format!("Said no to help with “{}”", n.value.words), None),
                _ => continue,
            };
            rows.push(self.line_on(day, on(day, n.meta.at), words, said));
        }
        for g in &self.data.goals {
            if let GoalStatus::Reached { on: day, words } = &g.value.status {
                let line = format!("Got there: “{}”", g.value.words);
                rows.push(self.line_on(*day, on(*day, g.meta.at), line, words.as_ref()));
            }
        }
        for s in &self.data.facts.steps {
            if let StepStatus::Done { on: day, words } = &s.value.status {
                let line = format!("Done: {}", s.value.what);
                rows.push(self.line_on(*day, on(*day, s.meta.at), line, words.as_ref()));
            }
        }
        for t in &self.data.facts.tellings {
            let name = &t.value.name;
            rows.push(self.line(t.value.told_at, format!("Told about {name}"), None));
            let came = match t.value.outcome {
                Some(TellingOutcome::GotThere) => format!("Got to {name}"),
                Some(TellingOutcome::NoThanks) => format!("Said no thanks to {name}"),
                _ => continue,
            };
            rows.push(self.line(t.meta.at, came, t.value.words.as_ref()));
        }
        rows
    }
}

//! Who looked, for information governance: the looks of one's own organisation, by worker, by a
//! person's reference, by day, by what was done, and whether it was let in (rule B8).
//!
//! It says who looked, when, at what kind of thing and why; never what stood there, and never a
//! name of anybody supported: a person stands there by reference. Each search is in the same log.

use crate::coming_in::reference;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Purpose};
use kith_domain::id::{PersonId, RecordId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::time::{Day, Instant, plus_days};
use kith_store::look::{LookRow, LookSearch};
use uuid::Uuid;

/// Lines on one page.
const PAGE: usize = 50;
/// Rows read in one go, and how often, before a page that finds little is shown as it is.
const ROWS: u32 = 500;
/// See [`ROWS`].
const ROUNDS: usize = 20;
/// The longest time one search may cover, in days.
pub const MOST_DAYS: i32 = 366;

/// Were they let in?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LetIn {
    /// Whatever was opened, changed or refused.
    #[default]
    Either,
    /// Also names on lists.
    Lists,
    /// Only what was let in, lists too.
    Yes,
    /// Only what was refused.
    No,
}

impl LetIn {
    /// Every one, once.
    pub const ALL: [LetIn; 4] = [LetIn::Either, LetIn::Lists, LetIn::Yes, LetIn::No];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            LetIn::Either => "either",
            LetIn::Lists => "all",
            LetIn::Yes => "in",
            LetIn::No => "out",
        }
    }
}

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// Who looked.
    pub worker: Option<WorkerId>,
    /// At whom: the reference as it is said on the phone, or the whole id.
    pub person: Option<String>,
    /// What was done.
    pub action: Option<Action>,
    /// Were they let in?
    pub let_in: LetIn,
    /// Where the last page stopped.
    pub after: Option<String>,
}

/// One look.
#[derive(Clone, Debug)]
pub struct AuditLine {
    /// When.
    pub at: Instant,
    /// Who, in words.
    pub who: String,
    /// In which role.
    pub role: String,
    /// What was done, as a code.
    pub action: String,
    /// How much was seen: listed, opened, denied or changed.
    pub outcome: String,
    /// At which kinds of thing.
    pub parts: String,
    /// Why, as the role has it.
    pub purpose: Option<Purpose>,
    /// The rule that let them in, or did not.
    pub basis: String,
    /// At whom: a reference.
    pub person: Option<String>,
    /// The request; a page that broke shows the same.
    pub request: Uuid,
}

/// A page of looks.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// The looks, newest first.
    pub lines: Vec<AuditLine>,
    /// Where the next page begins.
    pub more: Option<String>,
}

impl Kith {
    /// Whose looks can be searched for: everybody who has or had a place in the organisation.
    ///
    /// # Errors
    /// It is not theirs to read.
    pub async fn audit_workers(&self, who: &Principal) -> Result<Vec<(WorkerId, String)>, CareError> {
        let mut look = self.look(who).await?;
        let result = look.audit(None, "the form of who looked".into()).map(|()| workers(who));
        look.finish_with(result).await
    }

    /// The looks of one's own organisation.
    ///
    /// # Errors
    /// It is not theirs to read, or a field needs another look.
    pub async fn audit(&self, who: &Principal, wanted: &Wanted) -> Result<Audit, CareError> {
        let mut look = self.look(who).await?;
        let result = search(&mut look, wanted).await;
        look.finish_with(result).await
    }
}

fn workers(who: &Principal) -> Vec<(WorkerId, String)> {
    let own = who.actor.organisation;
    let here = who.partnership.facts.workers.iter();
    let here = here.filter(|(_, w)| w.memberships.iter().any(|m| Some(m.organisation) == own));
    let mut found: Vec<(WorkerId, String)> = here.map(|(id, w)| (*id, w.name.clone())).collect();
    found.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    found
}

async fn search(look: &mut Looking<'_>, wanted: &Wanted) -> Result<Audit, CareError> {
    let organisation = look.who.actor.organisation.ok_or(CareError::Missing)?;
    let calendar = look.kith.calendar();
    if wanted.until < wanted.from {
        return Err(CareError::field("until", "The last day comes after the first."));
    }
    if wanted.until > plus_days(wanted.from, MOST_DAYS) {
        return Err(CareError::field("until", "Search through one year at a time."));
    }
    let (from, end) = (calendar.start(wanted.from), calendar.start(plus_days(wanted.until, 1)));
    let by = wanted.worker.map_or(String::new(), |w| format!(" of worker {w}"));
    let done = wanted.action.map_or(String::new(), |a| format!(" for {}", a.code()));
    let asked = format!("who looked{by}{done} from {} to {}", wanted.from, wanted.until);
    let person = match wanted.person.as_deref() {
        None => {
            look.audit(None, asked)?;
            None
        }
        Some(typed) => match named(look, organisation.0, (from, end), typed).await? {
            // Who somebody is, is not said in the log of a search that found nobody.
            None => {
                look.audit(None, asked)?;
                return Ok(Audit::default());
            }
            Some(person) => {
                let world = look.about(person).await?.world;
                // The person reads that somebody looked at who looked; not at whose looks.
                look.audit(Some(&world), "who looked".into())?;
                Some(person)
            }
        },
    };
    let first = (end, Uuid::max(), 0);
    let mut search = LookSearch {
        organisation: organisation.0,
        from,
        before: wanted.after.as_deref().and_then(place_of).unwrap_or(first),
        person,
        action: wanted.action.map_or(String::new(), |a| a.code().to_owned()),
        outcome: wanted.let_in.code(),
    };
    // A place in the list is only believed within the days that are asked for.
    search.before.0 = search.before.0.min(first.0);
    let mut page = Audit::default();
    for _ in 0..ROUNDS {
        let rows = look.tx.search_looks(&search, ROWS).await?;
        let whole = rows.len() == ROWS as usize;
        for row in rows {
            if page.lines.len() == PAGE {
                page.more = Some(words_of(&search));
                return Ok(page);
            }
            search.before = (Instant(row.at), row.writer, row.number);
            if by_worker(&row, wanted.worker) {
                page.lines.push(line(look.who, row));
            }
        }
        if !whole {
            return Ok(page);
        }
    }
    page.more = Some(words_of(&search));
    Ok(page)
}

/// The person with this reference, among those at whom somebody of the organisation looked.
async fn named(
    look: &mut Looking<'_>,
    organisation: Uuid,
    between: (Instant, Instant),
    typed: &str,
) -> Result<Option<PersonId>, CareError> {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
    };
    let typed = plain(typed);
    let people = look.tx.list_people_looked_at(organisation, between).await?;
    let fits =
        |p: &PersonId| plain(&reference(RecordId(p.0))) == typed || plain(&p.0.simple().to_string()) == typed;
    Ok(people.into_iter().find(fits))
}

fn words_of(search: &LookSearch) -> String {
    let (at, writer, number) = search.before;
    format!("{}.{}.{number}", at.0, writer.simple())
}

fn place_of(words: &str) -> Option<(Instant, Uuid, i64)> {
    let mut parts = words.split('.');
    let at = parts.next()?.parse().ok()?;
    let writer = Uuid::try_parse(parts.next()?).ok()?;
    Some((Instant(at), writer, parts.next()?.parse().ok()?))
}

fn identity(row: &LookRow) -> Option<Identity> {
    serde_json::from_str(&row.who).ok()
}

fn by_worker(row: &LookRow, wanted: Option<WorkerId>) -> bool {
    wanted.is_none_or(|w| matches!(identity(row), Some(Identity::Worker { worker, .. }) if worker == w))
}

fn line(who: &Principal, row: LookRow) -> AuditLine {
    let name = match identity(&row) {
        Some(Identity::Worker { worker, .. }) => who.partnership.worker_name(worker),
        Some(Identity::LinkHolder { .. }) => "Somebody by a link".into(),
        Some(Identity::Operator) => "Whoever runs the program".into(),
        Some(Identity::Job) => "The program".into(),
        _ => "Somebody else".into(),
    };
    let role = WorkRole::from_code(&row.role).map_or_else(String::new, |r| r.title().to_owned());
    AuditLine {
        at: Instant(row.at),
        who: name,
        role,
        purpose: Purpose::from_code(&row.purpose),
        person: row.person.map(|p| reference(RecordId(p))),
        action: row.action,
        outcome: row.outcome,
        parts: row.parts,
        basis: row.basis,
        request: row.request,
    }
}

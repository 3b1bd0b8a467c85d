//! A worker's own looks, which they can read as the person can; and the well-known names of an
//! organisation, whose looks are always looked into.
//!
//! What a worker reads of themselves is who was looked at by reference, at what, when and why: it
//! opens nothing again. The list of names is kept by information governance and read by the nightly
//! detectors ([`crate::jobs`]); a name on it says nothing about whether somebody is known here.

use crate::change::loose::BegunLoose;
use crate::coming_in::reference;
use crate::error::CareError;
use crate::jobs::snoop::well_known_setting;
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Purpose};
use kith_domain::id::RecordId;
use kith_domain::text::bare;
use kith_domain::time::{Day, Instant, plus_days};
use kith_store::look::{LookRow, LookSearch};
use uuid::Uuid;

/// Days of one's own looks on one page.
pub const OWN_DAYS: i32 = 7;
/// Rows read in one go; see [`ROUNDS`].
const ROWS: u32 = 500;
/// How often: the looks of a whole organisation of some hundred workers in a week.
const ROUNDS: usize = 40;
/// Lines on one page.
const MOST_LINES: usize = 300;
/// Names on the list.
pub const MOST_NAMES: usize = 200;

/// One of a worker's own looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLook {
    /// When.
    pub at: Instant,
    /// At whom: a reference; none for what is about nobody.
    pub person: Option<String>,
    /// At which kinds of thing.
    pub parts: String,
    /// How much: opened, changed, denied.
    pub outcome: String,
    /// Why, as the role has it.
    pub purpose: Option<Purpose>,
    /// Under emergency access.
    pub emergency: bool,
}

/// A week of one's own looks.
#[derive(Clone, Debug, Default)]
pub struct OwnLooks {
    /// The looks, newest first.
    pub looks: Vec<OwnLook>,
    /// There were more than fit on the page.
    pub more: bool,
}

impl Kith {
    /// At what whoever asks has looked themselves, in the week that ends on this day. Names on
    /// lists are left out.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn own_looks(&self, who: &Principal, until: Day) -> Result<OwnLooks, CareError> {
        let (me, organisation) = who.worker()?;
        let mut look = self.look(who).await?;
        if let Err(error) = look.place(Action::ViewOwnLooks) {
            return look.finish_with(Err(error)).await;
        }
        let calendar = self.calendar();
        let end = calendar.start(plus_days(until, 1));
        let mut search = LookSearch {
            organisation: organisation.0,
            from: calendar.start(plus_days(until, 1 - OWN_DAYS)),
            before: (end, Uuid::max(), 0),
            person: None,
            action: String::new(),
            outcome: "either",
        };
        let mine = |row: &LookRow| matches!(serde_json::from_str(&row.who), Ok(Identity::Worker { worker, .. }) if worker == me);
        let mut found = OwnLooks::default();
        for _ in 0..ROUNDS {
            let rows = look.tx.search_looks(&search, ROWS).await?;
            let whole = rows.len() == ROWS as usize;
            for row in rows {
                search.before = (Instant(row.at), row.writer, row.number);
                if row.person.is_some() && mine(&row) {
                    found.looks.push(own(row));
                }
            }
            found.more = found.looks.len() > MOST_LINES;
            if !whole || found.more {
                break;
            }
        }
        found.looks.truncate(MOST_LINES);
        look.finish_with(Ok(found)).await
    }

    /// The well-known names of one's own organisation.
    ///
    /// # Errors
    /// It is not theirs to read.
    pub async fn well_known(&self, who: &Principal) -> Result<Vec<String>, CareError> {
        let (_, organisation) = who.worker()?;
        let mut look = self.look(who).await?;
        let result = look.audit(None, "the well-known names".into());
        let text = look.tx.find_setting(&well_known_setting(organisation)).await;
        let result = match (result, text) {
            (Ok(()), Ok(text)) => Ok(text.unwrap_or_default().lines().map(str::to_owned).collect()),
            (Ok(()), Err(error)) => Err(error.into()),
            (Err(error), _) => Err(error),
        };
        look.finish_with(result).await
    }

    /// Keeps the well-known names of one's own organisation, one in each line.
    ///
    /// # Errors
    /// There are too many or one is no whole name, or it is not theirs to keep.
    pub async fn keep_well_known(
        &self,
        who: &Principal,
        words: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let names = names_of(words)?;
        let mut change = match self.change_beside(who, organisation, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        change.permit_audit()?;
        change.tx.save_setting(&well_known_setting(organisation), &names.join("\n")).await?;
        change.finish("/looks/well-known").await
    }
}

fn names_of(words: &str) -> Result<Vec<String>, CareError> {
    let mut names: Vec<String> = words
        .lines()
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|l| !l.is_empty())
        .collect();
    names.sort_by_key(|n| bare(n));
    names.dedup_by_key(|n| bare(n));
    let half = names.iter().find(|n| n.split(' ').count() < 2);
    match half {
        Some(half) => Err(CareError::field(
            "names",
            format!("Write the first and the last name of “{half}”: one name alone fits too many people."),
        )),
        None if names.len() > MOST_NAMES => {
            Err(CareError::field("names", format!("Keep at most {MOST_NAMES} names.")))
        }
        None => Ok(names),
    }
}

fn own(row: LookRow) -> OwnLook {
    OwnLook {
        at: Instant(row.at),
        person: row.person.map(|p| reference(RecordId(p))),
        purpose: Purpose::from_code(&row.purpose),
        emergency: row.basis.split(", ").any(|b| b == "break_glass"),
        parts: row.parts,
        outcome: row.outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_sorted_and_once() {
        let names = names_of("  Zoe   Ball \n\nana lopes\nAna Lopes\n").expect("whole names");
        assert_eq!(names, ["ana lopes", "Zoe Ball"]);
        assert!(names_of("Madonna").is_err());
        let many: String = (0..=MOST_NAMES).map(|n| format!("Name N{n}\n")).collect();
        assert!(names_of(&many).is_err());
        assert_eq!(names_of("").expect("none"), Vec::<String>::new());
    }
}

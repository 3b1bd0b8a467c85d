//! What is measured, and as whom: the pages that people open all day, and the two forms that move a
//! referral.

use super::candidates::{self, Candidates};
use crate::load::{Doing, Filling};

/// The navigator whose day is measured.
pub const NAVIGATOR: &str = "Aisha";
/// The lead to whom what is late rises.
pub const LEAD: &str = "Ruth";
/// Who answers referrals.
pub const RECEIVER: &str = "Joan";
/// Who sees counts.
pub const MANAGER: &str = "Nadia";

/// A row of the table.
pub struct Row {
    /// What it is called there.
    pub name: &'static str,
    /// As whom, or nobody.
    pub user: Option<&'static str>,
    /// What is done.
    pub doing: Doing,
}

fn page(name: &'static str, user: Option<&'static str>, paths: Vec<String>, expect: &str) -> Row {
    Row { name, user, doing: Doing { paths, form: None, ready: false, expect: expect.to_owned() } }
}

fn one(name: &'static str, user: Option<&'static str>, path: &str, expect: &str) -> Row {
    page(name, user, vec![path.to_owned()], expect)
}

fn filling(action: &str, fields: &[(&str, &str)]) -> Option<Filling> {
    let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Some(Filling { action: action.to_owned(), fields })
}

/// A form on one page, sent again and again.
fn form(
    name: &'static str,
    user: Option<&'static str>,
    path: &str,
    filling: Option<Filling>,
    expect: &str,
) -> Row {
    let doing =
        Doing { paths: vec![path.to_owned()], form: filling, ready: false, expect: expect.to_owned() };
    Row { name, user, doing }
}

/// A form that can be sent once for each page.
fn sent_once(
    name: &'static str,
    user: &'static str,
    paths: Vec<String>,
    filling: Option<Filling>,
    expect: &str,
) -> Row {
    Row {
        name,
        user: Some(user),
        doing: Doing { paths, form: filling, ready: true, expect: expect.to_owned() },
    }
}

/// The rows, in the order in which they are measured: what changes most comes last.
pub fn all(port: u16, wanted: usize) -> Result<Vec<Row>, String> {
    let Candidates { people, needs, sendable, requests } = candidates::find(port, wanted)?;
    let navigator = Some(NAVIGATOR);
    let debt = [("words", "owe money"), ("need", "money-debt")];
    let note_pages: Vec<String> = people.iter().map(|person| format!("{person}/note")).collect();
    let accept = requests.iter().map(|request| format!("{request}/accept")).collect();
    let [day, month, year] = in_a_week();
    let answer = [("what", "Ring them"), ("next-day", &day), ("next-month", &month), ("next-year", &year)];
    let mut note = form("write a note, all steps", navigator, "", None, "Met, and spoke about");
    note.doing.paths = note_pages;
    note.doing.form = filling("/note", &[("words", "Met, and spoke about {n}.")]);
    Ok(vec![
        one("home", None, "/", "</html>"),
        one("help now", None, "/help", "</html>"),
        one("Today", navigator, "/today", "</h1>"),
        one("Today of a team's lead", Some(LEAD), "/today", "</h1>"),
        one("people I support", navigator, "/people", "kith-worklist"),
        page("a person's page", navigator, people, "href=\"{path}/note\""),
        one("find: the form", None, "/find", "name=\"postcode\""),
        Row {
            name: "find: the answer",
            user: None,
            doing: Doing {
                paths: vec!["/find".to_owned(); 4000],
                form: filling("/find", &debt),
                ready: true,
                expect: "the best fit first".to_owned(),
            },
        },
        page("find, from a need", navigator, needs, "/refer/"),
        page("a referral, to check", navigator, sendable.clone(), "action=\"{path}\""),
        sent_once("send a referral", NAVIGATOR, sendable, filling("/check", &[]), "What they were told"),
        one("inbox of a receiver", Some(RECEIVER), "/inbox", "kith-worklist"),
        page("a request, received", Some(RECEIVER), requests, "href=\"{path}/accept\""),
        sent_once("accept a referral", RECEIVER, accept, filling("/accept", &answer), "You said yes"),
        note,
        form(
            "add a person, all steps",
            navigator,
            "/people/add",
            filling("/people/add", &[("called", "Measured {n}")]),
            "Measured",
        ),
        one("figures", Some(MANAGER), "/partnership", "</table>"),
    ])
}

/// Day, month and year of this day next week.
fn in_a_week() -> [String; 3] {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let (year, month, day) = civil((now.as_secs() / 86_400 + 7) as i64);
    [day.to_string(), month.to_string(), year.to_string()]
}

/// The date so many days after 1 January 1970, by Hinnant's algorithm ("chrono-compatible low-level date
/// algorithms", `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_453, (2025, 12, 31)),
            (20_780, (2026, 11, 23)),
        ] {
            assert_eq!(civil(days), date);
        }
    }
}

//! Bad input, for every form there is.
//!
//! Everybody who has a part in a busy day goes through every page by its links; every form
//! found on the way is sent with what nobody wishes for:
//!
//! - Given nothing entered, control characters, characters that hide or turn words around,
//!   far too much in one field, choices that are not on the page, impossible days and times, a time
//!   that a change of the clocks leaves out, or a day in 2099, then the answer is a summary whose links lead to the fields, or a plain
//!   refusal; what else was typed is still there; and nothing breaks.
//! - Given a form sent twice, then it does a thing once and shows the same page.
//! - Given the same form in two tabs, or a page gone stale, then the second is answered
//!   plainly and what was typed is kept.
//! - Given the back button after sending, then the page opens.
//! - Given the list of routes, then every route that takes a form was tried.

mod another;
mod asked;
mod crawl;
mod entering;
mod forms;
mod keeping;
mod offered;
mod scene;

use crate::harness::{Browser, Shown, World};
use another::{PARTS, another_day};
use asked::{ASKED, what_is_asked};
use axum::http::{Method, StatusCode};
use crawl::{Map, forms_from};
use entering::{ENTERING, ways_in};
use forms::{Field, Kind, PageForm};
use keeping::{KEEPING, the_directory};
use kith_store::copy::digest;
use scene::{Visitor, busy_day};
use std::collections::{BTreeMap, BTreeSet};

/// Words that are fine, and easy to find again.
const FINE: &str = "Kept words 7";
/// What is typed to prove who somebody is: never shown again on purpose.
const SECRET: [&str; 7] = ["code", "word", "second", "password", "again", "totp", "login"];

/// One way to fill in every field of a form; none is the fine way.
struct Way {
    name: &'static str,
    answer: fn(&PageForm, &Field) -> Option<Vec<String>>,
    /// Only for forms with such a field.
    fits: fn(&Field) -> bool,
    /// Whoever takes this has not looked: it is refused, in words.
    refused: bool,
}

fn one(text: &str) -> Option<Vec<String>> {
    Some(vec![text.to_owned()])
}

fn is_first_words(form: &PageForm, field: &Field) -> bool {
    form.fields.iter().find(|f| f.is_words()).is_some_and(|f| f.name == field.name)
}

fn is_choice(field: &Field) -> bool {
    matches!(field.kind, Kind::One(_) | Kind::Any(_))
}

/// One of several, or some of several. A single box is ticked by whatever value it is sent with.
fn is_list(field: &Field) -> bool {
    match &field.kind {
        Kind::One(_) => true,
        Kind::Any(all) => all.len() > 1,
        _ => false,
    }
}

fn day(field: &Field, (day, month, year): (&str, &str, &str)) -> Option<Vec<String>> {
    match field.name.rsplit('-').next() {
        Some("day") => one(day),
        Some("month") => one(month),
        _ => one(year),
    }
}

/// A day on which something is done next, looked at again, or checked: never years ahead.
fn is_next(field: &Field) -> bool {
    field.is_day() && ["next", "review", "check"].iter().any(|what| field.name.starts_with(what))
}

const WAYS: &[Way] = &[
    Way { name: "no fields at all", answer: |_, _| Some(Vec::new()), fits: |_| true, refused: false },
    Way {
        name: "nothing entered",
        answer: |_, f| if is_choice(f) { Some(Vec::new()) } else { one("") },
        fits: |_| true,
        refused: false,
    },
    Way {
        name: "a control character in the first field",
        answer: |form, f| is_first_words(form, f).then(|| vec!["a\u{0}b\u{7}".to_owned()]),
        fits: Field::is_words,
        refused: true,
    },
    Way {
        name: "control characters everywhere",
        answer: |_, f| f.is_words().then(|| vec!["\u{1b}[31ma\u{0}\u{9b}".to_owned()]),
        fits: Field::is_words,
        refused: true,
    },
    Way {
        name: "only hidden and turning marks",
        answer: |_, f| f.is_words().then(|| vec!["\u{202e}\u{200b}\u{2066}\u{feff}".to_owned()]),
        fits: Field::is_words,
        refused: false,
    },
    Way {
        name: "100 kB in the first field",
        answer: |form, f| is_first_words(form, f).then(|| vec!["a".repeat(100 * 1024)]),
        fits: Field::is_words,
        refused: true,
    },
    Way {
        name: "9,000 characters in the first field",
        answer: |form, f| is_first_words(form, f).then(|| vec!["Long words ".repeat(818)]),
        fits: Field::is_words,
        refused: false,
    },
    Way {
        name: "choices that are not on the page",
        answer: |_, f| is_list(f).then(|| vec!["no-such-choice".to_owned()]),
        fits: is_list,
        refused: true,
    },
    Way {
        name: "31 February",
        answer: |_, f| if f.is_day() { day(f, ("31", "2", "2027")) } else { None },
        fits: Field::is_day,
        refused: true,
    },
    Way {
        name: "day 0 of month 13",
        answer: |_, f| if f.is_day() { day(f, ("0", "13", "99")) } else { None },
        fits: Field::is_day,
        refused: true,
    },
    Way {
        name: "a day in words",
        answer: |_, f| if f.is_day() { day(f, ("soon", "\u{202e}", "99999999999999999999")) } else { None },
        fits: Field::is_day,
        refused: true,
    },
    Way {
        name: FAR_AHEAD,
        answer: |_, f| if is_next(f) { day(f, ("1", "1", "2099")) } else { None },
        fits: is_next,
        refused: true,
    },
    Way {
        name: "1 January 2099",
        answer: |_, f| if f.is_day() { day(f, ("1", "1", "2099")) } else { None },
        fits: Field::is_day,
        refused: false,
    },
    Way {
        name: "25:99 o'clock",
        answer: |_, f| f.is_time().then(|| vec!["25:99".to_owned()]),
        fits: Field::is_time,
        refused: true,
    },
];

/// An answer that could well be right.
fn fine(field: &Field, words: &str) -> Option<Vec<String>> {
    match &field.kind {
        Kind::One(all) if field.given.is_empty() => {
            Some(all.iter().find(|v| !v.is_empty()).cloned().into_iter().collect())
        }
        _ if field.is_day() => day(field, ("1", "12", "2026")),
        _ if field.is_time() => one("10:30am"),
        _ if field.is_words() => one(words),
        _ => None,
    }
}

/// What went wrong, gathered so that one run shows all of it.
#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn note(&mut self, who: &str, key: &str, how: &str, what: impl std::fmt::Display) {
        self.0.push(format!("{who}, {key}, {how}: {what}"));
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{} problems:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// What is wrong with an answer to a form that was filled in badly.
fn wrong_with(
    shown: &Shown,
    form: &PageForm,
    sent: &BTreeMap<String, Vec<String>>,
    way: Option<&Way>,
) -> Vec<String> {
    let status = shown.status;
    // These are sent before anything that may be taken: what is there is there, and what is wrong is said.
    if way.is_some_and(|way| way.refused) {
        if status.is_success() {
            return vec![format!("taken, and it shows {}", shown.path)];
        }
        if status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN {
            return vec![format!("{status}: what was typed is lost")];
        }
    } else if way.is_some() && status == StatusCode::CONFLICT {
        // One of the ways before was taken.
        return Vec::new();
    }
    if status.is_server_error() {
        return vec![format!("{status}")];
    }
    if status.is_success() || status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN {
        return Vec::new();
    }
    if ![StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT].contains(&status) {
        return vec![format!("answered with {status}")];
    }
    let Some(again) = form.again(shown) else {
        // A page of its own that says what happened and what to do.
        let plain = shown.body.matches("<h1").count() == 1
            && ["back button", "Go back"].iter().any(|words| shown.text().contains(words));
        // What somebody else did meanwhile ended it: theirs is shown beside what was typed.
        let typed = sent.values().flatten().any(|value| value == FINE);
        let both = shown.text().contains("Two people wrote this") && (!typed || shown.body.contains(FINE));
        return if plain || both || shown.text().contains("load the page again") {
            Vec::new()
        } else {
            vec![format!("{status} without its form: {}", shown.text().chars().take(200).collect::<String>())]
        };
    };
    let mut wrong = summary_leads_nowhere(shown);
    for field in again.fields.iter().filter(|f| f.kind != Kind::Hidden) {
        let Some(values) = sent.get(&field.name) else { continue };
        let shown_again =
            |v: &String| v.is_ascii() && v.len() < 60_000 && !v.contains(|c: char| c.is_control());
        let offered = |v: &String| match &field.kind {
            Kind::One(all) | Kind::Any(all) => all.contains(v),
            Kind::Button(_) | Kind::Hidden => false,
            Kind::Text | Kind::Lines => !v.is_empty() && !SECRET.contains(&field.name.as_str()),
        };
        for value in values.iter().filter(|v| shown_again(v) && offered(v)) {
            if !field.given.iter().any(|given| given.contains(value.trim())) {
                let [was, is] =
                    [value, &field.given.concat()].map(|v| (v.len(), v.chars().take(60).collect::<String>()));
                wrong.push(format!("{} was {was:?} and is {is:?} again", field.name));
            }
        }
        let far_too_long = values.iter().any(|v| v.len() >= 60_000) && offered(&FINE.to_owned());
        let told = shown.text().contains("Only the beginning is here");
        if far_too_long && !(told && field.given.iter().any(|given| given.len() == 60_000)) {
            wrong.push(format!("{} was cut and nobody says so", field.name));
        }
    }
    wrong
}

/// A summary names what is wrong, and each of its links leads to something on the page.
fn summary_leads_nowhere(shown: &Shown) -> Vec<String> {
    let Some(at) = shown.body.find("nhsuk-error-summary__list") else {
        // What somebody else wrote meanwhile is shown instead, beside what was typed.
        let merge =
            shown.text().contains("Somebody else changed this") || shown.text().contains("Two people wrote");
        return if merge { Vec::new() } else { vec!["no summary of what is wrong".into()] };
    };
    let list = &shown.body[at..];
    let list = &list[..list.find("</ul>").unwrap_or(list.len())];
    let links: Vec<&str> = list.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    if links.is_empty() {
        return vec!["the summary leads to no field".into()];
    }
    let there = |id: &str| shown.body.contains(&format!("id=\"{id}\""));
    links
        .iter()
        .filter(|id| !there(id))
        .map(|id| format!("the summary leads to #{id}, which is nowhere"))
        .collect()
}

/// 10 MB in one field. All forms are read by one reader, which is tried with as much for
/// one form of every visitor, and with 100 kB for each of the others.
const HUGE: Way = Way {
    name: "10 MB in the first field",
    answer: |form, f| is_first_words(form, f).then(|| vec!["a".repeat(10 * 1024 * 1024)]),
    fits: Field::is_words,
    refused: true,
};

/// Half past one at night on the day on which the clocks go forward: there is no such moment. For
/// forms that ask for a day and a time.
const NO_SUCH_MOMENT: Way = Way {
    name: "1:30am on 28 March 2027",
    answer: |_, f| match () {
        () if f.is_day() => day(f, ("28", "3", "2027")),
        () if f.is_time() => one("1:30am"),
        () => None,
    },
    fits: Field::is_time,
    refused: true,
};

/// What is answered otherwise on purpose: the form, the way, and why.
const KNOWN: &[(&str, &[&str], &str)] = &[
    (
        "/mine/stop",
        DAYS,
        "the day is asked for “not now” only: a wrong one holds up nobody who stops everything",
    ),
    ("/people/{person}/tellings/{telling}", DAYS, "the day belongs to “ask again” only"),
    ("/people/{person}/notes/{note}", DAYS, "reason and day belong to what is hidden, and nothing is"),
    ("/people/{person}/notes/{note}", WORDS, "reason and day belong to what is hidden, and nothing is"),
    ("/people/{person}/sealed/{note}", DAYS, "reason and day belong to what is hidden, and nothing is"),
    ("/people/{person}/sealed/{note}", WORDS, "reason and day belong to what is hidden, and nothing is"),
    ("/hand-over/new", WORDS, "only words beside somebody who is ticked are read"),
];
const DAYS: &[&str] = &["31 February", "day 0 of month 13", "a day in words", FAR_AHEAD];
const FAR_AHEAD: &str = "a next date in 2099";
const WORDS: &[&str] =
    &["a control character in the first field", "100 kB in the first field", "10 MB in the first field"];

/// Sends the form in every bad way.
async fn fill_in_badly(
    visitor: &mut Visitor,
    key: &str,
    form: &PageForm,
    ways: &[&Way],
    problems: &mut Problems,
) {
    let visible = |f: &Field| !matches!(f.kind, Kind::Hidden | Kind::Button(_));
    for way in ways.iter().filter(|way| form.has(|f| visible(f) && (way.fits)(f))) {
        let filling = form.filled(|field| (way.answer)(form, field).or_else(|| fine(field, FINE)));
        let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &filling.fields {
            sent.entry(name.clone()).or_default().push(value.clone());
        }
        let shown = visitor.browser.send_form(&filling).await;
        if KNOWN.iter().any(|(known, how, _)| *known == key && how.contains(&way.name)) {
            continue;
        }
        for wrong in wrong_with(&shown, form, &sent, Some(way)) {
            problems.note(visitor.name, key, way.name, wrong);
        }
        if shown.body.contains(['\u{0}', '\u{7}', '\u{1b}', '\u{202e}']) {
            problems.note(visitor.name, key, way.name, "a page with a control or turning mark");
        }
    }
}

/// How many entries the journal has. Not by a follower's cursor: on PostgreSQL that waits
/// for older transactions of anybody on the server.
async fn journal_entries(world: &World) -> u64 {
    let tables = digest(world.kith.store()).await.unwrap();
    tables.iter().find(|t| t.table == "journal").expect("a backup holds the journal").rows
}

/// Sends the form twice, then the same form from another tab, then goes back.
async fn send_again_and_again(
    world: &World,
    visitor: &mut Visitor,
    key: &str,
    form: &PageForm,
    problems: &mut Problems,
) {
    let (one_tab, other_tab) =
        (load(&mut visitor.browser, form).await, load(&mut visitor.browser, form).await);
    let filling = one_tab.filled(|field| fine(field, "X"));
    let session = visitor.browser.cookie.clone();
    let first = visitor.browser.send_form(&filling).await;
    // Signing in begins another session, for which the page before is out of date.
    let another_session = visitor.browser.cookie != session;
    let once = journal_entries(world).await;
    let second = visitor.browser.send_form(&filling).await;
    let twice = journal_entries(world).await;
    let mut note = |how: &str, what: String| problems.note(visitor.name, key, how, what);
    if first.status.is_server_error() || second.status.is_server_error() {
        note("sent twice", format!("{} and {}", first.status, second.status));
    }
    if once != twice {
        note("sent twice", format!("{} more was written the second time", twice - once));
    }
    if first.status.is_success()
        && !another_session
        && (second.status, &second.path) != (first.status, &first.path)
    {
        note(
            "sent twice",
            format!("{} at {}, then {} at {}", first.status, first.path, second.status, second.path),
        );
    }
    let filling = other_tab.filled(|field| fine(field, FINE));
    let sent = filling.fields.iter().map(|(n, v)| (n.clone(), vec![v.clone()])).collect();
    let stale = visitor.browser.send_form(&filling).await;
    for wrong in wrong_with(&stale, &other_tab, &sent, None) {
        problems.note(visitor.name, key, "from another tab", wrong);
    }
    let back = visitor.browser.get(&form.page).await;
    if back.status.is_server_error() {
        problems.note(visitor.name, key, "back after sending", back.status);
    }
}

/// The form as its page has it now; as it was when the page has it no more.
async fn load(browser: &mut Browser, form: &PageForm) -> PageForm {
    form.again(&browser.get(&form.page).await).unwrap_or_else(|| form.clone())
}

/// The place and everybody in it, on the day in which somebody of this name has a part.
async fn day_of(name: &str) -> (World, Vec<Visitor>) {
    if ENTERING.contains(&name) {
        let (cis2, world) = entering::place().await;
        let visitors = ways_in(&cis2, &world).await;
        return (world, visitors);
    }
    let world = World::new().await;
    let visitors = match () {
        () if PARTS.contains(&name) => another_day(&world).await,
        () if ASKED.contains(&name) => what_is_asked(&world).await,
        () if KEEPING.contains(&name) => the_directory(&world).await,
        () => busy_day(&world).await,
    };
    (world, visitors)
}

/// Every form that a visitor finds, by route and doing.
async fn forms_of(map: &Map, visitor: &mut Visitor) -> BTreeMap<String, PageForm> {
    let from = visitor.from.clone();
    let mut forms = forms_from(map, &mut visitor.browser, &from).await;
    for form in std::mem::take(&mut visitor.more) {
        if let Some(key) = map.key(&Method::POST, &form.action) {
            forms.entry(key).or_insert(form);
        }
    }
    forms
}

async fn walk(name: &str) {
    let map = Map::new();
    let (world, visitors) = day_of(name).await;
    let mut visitor = visitors.into_iter().find(|v| v.name == name).expect("a visitor of this name");
    let mut forms = forms_of(&map, &mut visitor).await;
    assert!(!forms.is_empty(), "{name} finds no form");
    if name == "the public" {
        forms.insert(PASSWORD.into(), password_form(&mut visitor.browser).await);
    }
    let mut problems = Problems::default();
    for refused in [true, false] {
        for (key, form) in &forms {
            let moment = form.has(Field::is_day) && form.has(Field::is_time);
            let night = moment.then_some(&NO_SUCH_MOMENT);
            let ways = WAYS.iter().chain(night).filter(|way| way.refused == refused);
            let ways: Vec<&Way> = ways.collect();
            fill_in_badly(&mut visitor, key, form, &ways, &mut problems).await;
        }
    }
    if let Some((key, form)) = forms.iter().find(|(_, form)| form.has(Field::is_words)) {
        fill_in_badly(&mut visitor, key, form, &[&HUGE], &mut problems).await;
    }
    for (key, form) in &forms {
        send_again_and_again(&world, &mut visitor, key, form, &mut problems).await;
    }
    world.assert_nothing_lost().await;
    println!("{name}: {} forms", forms.len());
    problems.none();
}

#[tokio::test]
async fn every_form_of_a_navigator_bears_bad_input() {
    walk("Aisha").await;
}

#[tokio::test]
async fn every_form_of_a_colleague_bears_bad_input() {
    walk("Bola").await;
}

#[tokio::test]
async fn every_form_of_a_lead_bears_bad_input() {
    walk("Grace").await;
    walk("Amir").await;
}

#[tokio::test]
async fn every_form_of_a_clinician_bears_bad_input() {
    walk("Sam").await;
}

#[tokio::test]
async fn every_form_of_a_receiver_bears_bad_input() {
    walk("Joan").await;
}

#[tokio::test]
async fn every_form_of_a_person_bears_bad_input() {
    walk("Badger").await;
}

#[tokio::test]
async fn every_form_of_a_link_holder_bears_bad_input() {
    walk("a link holder").await;
    walk("a named link holder").await;
}

#[tokio::test]
async fn every_form_of_the_public_bears_bad_input() {
    walk("the public").await;
}

#[tokio::test]
async fn every_form_of_those_who_keep_the_place_bears_bad_input() {
    walk("Nadia").await;
    walk("Dev").await;
    walk("Miriam").await;
}

#[tokio::test]
async fn every_form_beside_a_person_bears_bad_input() {
    walk("Sana").await;
    walk("Badger beside Sana").await;
    walk("Aisha beside Sana").await;
}

#[tokio::test]
async fn every_form_of_an_emergency_bears_bad_input() {
    walk("Sam at night").await;
    walk("Grace after the night").await;
}

#[tokio::test]
async fn every_form_of_the_panel_bears_bad_input() {
    walk("Femi").await;
    walk("Nadia and the panel").await;
}

#[tokio::test]
async fn every_form_of_what_is_asked_bears_bad_input() {
    walk("Grace and pairs").await;
    walk("Alasdair").await;
    walk("Badger and rights").await;
    walk("Aisha and notes").await;
}

#[tokio::test]
async fn every_form_of_the_directory_bears_bad_input() {
    walk("Nadia and the directory").await;
    walk("Aisha and the directory").await;
    walk("Tony and the group").await;
    walk("whoever runs it").await;
}

#[tokio::test]
async fn every_form_of_coming_in_bears_bad_input() {
    walk("Aisha's ways in").await;
    walk("Bola's ways in").await;
    walk("Nadia lets in").await;
    walk("nobody yet").await;
}

/// In the made-up place nobody is shown this page: one chooses whom to be.
const PASSWORD: &str = "/sign-in";

async fn password_form(browser: &mut Browser) -> PageForm {
    let page = browser.once(&Method::POST, PASSWORD, "").await;
    PageForm::all(&page).into_iter().find(|f| f.action == PASSWORD).expect("the form for a password")
}

/// Routes that a made-up place without an administrator does not lead to. Joining and the
/// workers' own pages are sent, also badly, in `kith/tests/it/begins.rs`; what mail could not
/// deliver is decided in [`crate::mail`]; an agreement about to end is told of in
/// [`crate::rules`]; that paper is safe, which has no field, a person says in [`crate::mine`].
const ELSEWHERE: [&str; 11] = [
    "/coming-in/{id}/not-told",
    "/people/{person}/sharing/ends/{consent}",
    "/join",
    "/join/password",
    "/join/phone",
    "/workers/invite",
    "/workers/{worker}/invite",
    "/workers/{worker}/decide",
    "/partnership/messages/all-again",
    "/partnership/messages/decide",
    "/mine/plan/print",
];

#[tokio::test]
async fn every_route_that_takes_a_form_is_walked() {
    let map = Map::new();
    let mut walked: BTreeSet<&'static str> = ELSEWHERE.iter().copied().chain([PASSWORD]).collect();
    for day in ["Aisha", PARTS[0], ASKED[0], KEEPING[0], ENTERING[0]] {
        let (_world, visitors) = day_of(day).await;
        for mut visitor in visitors {
            let forms = forms_of(&map, &mut visitor).await;
            walked.extend(forms.keys().filter_map(|key| map.route_of(key)));
        }
    }
    let missed: Vec<_> = map.forms().into_iter().filter(|route| !walked.contains(route)).collect();
    assert!(missed.is_empty(), "not walked: {missed:#?}");
    let gone: Vec<_> = ELSEWHERE.iter().filter(|route| !map.forms().contains(**route)).collect();
    assert!(gone.is_empty(), "sent elsewhere, and there no more: {gone:#?}");
}

//! A service's page and a group's page: what somebody wants to know before they go.

use super::super::referral::Item;
use super::id;
use super::used::UsedView;
use crate::app::{Anyone, App, Oops};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::Principal;
use kith_care::find::{GroupPage, ServicePage};
use kith_care::listing::quality::Fresh;
use kith_domain::asking::MayAsk;
use kith_domain::directory::{
    AdjustmentCode, Capacity, Contact, Cost, Eligibility, GenderPolicy, Known, Language, Source, Space,
};
use kith_domain::id::{GroupId, ServiceId};
use kith_domain::listing_question::{Doubt, Listed, ListingCause};
use kith_domain::time::Calendar;
use serde::Serialize;

/// A heading with what is known under it.
#[derive(Clone, Debug, Serialize)]
struct Fact {
    label: &'static str,
    words: Vec<String>,
}

/// How to reach it.
#[derive(Clone, Debug, Default, Serialize)]
struct Reach {
    phone: Option<String>,
    phone_link: Option<String>,
    email: Option<String>,
    web: Option<String>,
}

/// What the pages of services and groups share.
#[derive(Clone, Debug, Serialize)]
struct Listing {
    name: String,
    organisation: String,
    about: String,
    area: &'static str,
    area_title: &'static str,
    space: String,
    space_tone: &'static str,
    reach: Reach,
    who_for: Vec<Fact>,
    promised: Vec<String>,
    cannot: Vec<String>,
    checked: String,
    source: Option<SourceView>,
    /// What somebody who works here says is not right, while nobody has looked.
    doubts: Vec<String>,
    worker: bool,
    /// The address of this page.
    path: String,
    /// What a worker can say is not right, in one tap.
    not_right: Vec<Item>,
}

#[derive(Clone, Debug, Serialize)]
struct SourceView {
    publisher: String,
    licence: String,
    attribution: String,
    url: Option<String>,
}

/// A service's page.
#[derive(Debug, Serialize)]
pub struct ServiceView {
    entry: Listing,
    places: Vec<String>,
    opening: Vec<(String, String)>,
    opening_words: String,
    how: Vec<String>,
    delivery: Vec<&'static str>,
    through_kith: Option<String>,
    used: Option<UsedView>,
}

/// A group's page.
#[derive(Debug, Serialize)]
pub struct GroupView {
    entry: Listing,
    next: Option<String>,
    sessions: Vec<SessionLine>,
    rhythm: String,
    place: String,
    run_by: String,
    first_time: Vec<Fact>,
    welcome: String,
    written_down: &'static str,
    joining: &'static str,
}

#[derive(Debug, Serialize)]
struct SessionLine {
    words: String,
    on: bool,
    place: Option<String>,
}

/// The parts of a service or group from which its page is made.
struct Parts<'a> {
    name: &'a str,
    organisation: Option<&'a kith_domain::organisation::Organisation>,
    about: &'a str,
    area: kith_domain::area::Area,
    capacity: &'a Capacity,
    contact: &'a Contact,
    eligibility: &'a Eligibility,
    cost: &'a Cost,
    languages: &'a [Language],
    promised: &'a [AdjustmentCode],
    cannot: &'a [AdjustmentCode],
    checked: Option<Date>,
    source: &'a Source,
}

impl Listing {
    fn of(p: &Parts<'_>, calendar: &Calendar, today: Date, worker: bool) -> Listing {
        let labels = |codes: &[AdjustmentCode]| codes.iter().map(|c| c.label().to_owned()).collect();
        Listing {
            name: p.name.to_owned(),
            organisation: p.organisation.map(|o| o.name.clone()).unwrap_or_default(),
            about: p.about.to_owned(),
            area: p.area.code(),
            area_title: p.area.title(),
            space: space(p.capacity, calendar, today),
            space_tone: space_tone(p.capacity.space.on(today)),
            reach: reach(p.contact, p.organisation),
            who_for: who_for(p),
            promised: labels(p.promised),
            cannot: labels(p.cannot),
            checked: checked(p.checked, today),
            source: source(p.source),
            doubts: Vec::new(),
            worker,
            path: String::new(),
            not_right: Vec::new(),
        }
    }

    /// With what is open about it, and what a worker can say of it.
    fn with_doubts(mut self, app: &App, who: &Principal, about: Listed, today: Date) -> Listing {
        let calendar = app.kith.calendar();
        self.path = about.path();
        let open = app.kith.open_doubts(who, about);
        let words = |q: &kith_domain::listing_question::ListingQuestion| match q.cause {
            ListingCause::Said { what } => {
                let on = text::day(calendar.day(q.raised_at), today);
                Some(format!("Somebody who works here told us, {on}: {}. We are finding out.", what.words()))
            }
            _ => None,
        };
        self.doubts = open.iter().filter_map(words).collect();
        let said =
            |d: &Doubt| open.iter().any(|q| matches!(q.cause, ListingCause::Said { what } if what == *d));
        if self.worker {
            let left = Doubt::ALL.iter().filter(|d| !said(d));
            self.not_right = left.map(|d| Item::new(d.code(), d.words())).collect();
        }
        self
    }
}

/// How lately it was checked, and what that means for somebody who wants to go.
fn checked(day: Option<Date>, today: Date) -> String {
    let Some(day) = day else {
        return "Nobody has said when this was last checked. Ring before you go.".into();
    };
    let when = format!("Last checked {} ({}).", text::relative_day(day, today), text::full_day(day));
    match Fresh::of(Some(day), today) {
        Fresh::Lately => when,
        Fresh::AWhileAgo => format!("{when} That is a while ago. Ring before you go."),
        Fresh::LongAgo | Fresh::Never => {
            format!("{when} That is long ago, and things may have changed. Ring before you go.")
        }
    }
}

fn space(capacity: &Capacity, calendar: &Calendar, today: Date) -> String {
    let now = capacity.space.on(today);
    let mut words = text::capitalised(&now.words());
    if let (Some(at), false) = (capacity.said_at, now == Space::NotSaid) {
        words.push_str(&format!(" (said on {})", text::full_day(calendar.day(at))));
    }
    if !capacity.note.is_empty() && now != Space::NotSaid {
        words.push_str(&format!(": {}", capacity.note));
    }
    words
}

fn space_tone(space: Space) -> &'static str {
    match space {
        Space::Open | Space::AssessmentFirst => "open",
        Space::WaitingList => "waiting",
        Space::Full { .. } => "attention",
        Space::NotSaid => "quiet",
    }
}

fn reach(contact: &Contact, organisation: Option<&kith_domain::organisation::Organisation>) -> Reach {
    let own = |of: Option<&String>, theirs: Option<&String>| of.or(theirs).cloned();
    let whole = organisation.filter(|_| contact.is_empty());
    let phone = own(contact.phone.as_ref(), whole.and_then(|o| o.phone.as_ref()));
    Reach {
        phone_link: phone.as_deref().and_then(text::phone).map(|p| format!("tel:{p}")),
        phone,
        email: own(contact.email.as_ref(), whole.and_then(|o| o.email.as_ref()))
            .filter(|e| e.contains('@') && !e.contains(char::is_whitespace)),
        web: own(contact.url.as_ref(), whole.and_then(|o| o.website.as_ref())).filter(|w| is_web(w)),
    }
}

/// An address that a browser may be sent to: the web, and nothing else.
pub(super) fn is_web(url: &str) -> bool {
    let plain = url.trim().to_ascii_lowercase();
    (plain.starts_with("https://") || plain.starts_with("http://")) && !plain.contains(char::is_whitespace)
}

fn who_for(p: &Parts<'_>) -> Vec<Fact> {
    let e = p.eligibility;
    let ages = match (e.age_min, e.age_max) {
        (Some(min), Some(max)) => Some(format!("People aged {min} to {max}")),
        (Some(min), None) => Some(format!("People aged {min} or over")),
        (None, Some(max)) => Some(format!("People aged {max} or under")),
        (None, None) => None,
    };
    let gender = match &e.gender {
        GenderPolicy::NotSaid => None,
        GenderPolicy::Everyone => Some("Everyone, whatever your gender".to_owned()),
        GenderPolicy::Women { policy } => Some(with_policy("Women", policy)),
        GenderPolicy::Men { policy } => Some(with_policy("Men", policy)),
        GenderPolicy::Other { policy } => Some(policy.clone()),
    };
    let said = |known: Known, yes: &str, no: &str| match known {
        Known::Yes => Some(yes.to_owned()),
        Known::No => Some(no.to_owned()),
        Known::NotSaid => None,
    };
    let cost = match (p.cost.free, p.cost.text.as_str()) {
        (Known::Yes, "") => Some("Free".to_owned()),
        (Known::Yes, words) => Some(format!("Free. {words}")),
        (Known::No, "") => Some("It costs something. Ask how much".to_owned()),
        (Known::NotSaid, "") => None,
        (_, words) => Some(words.to_owned()),
    };
    let languages: Vec<&str> = p.languages.iter().map(|l| l.0.as_str()).collect();
    let languages = (!languages.is_empty()).then(|| format!("English and {}", text::list(&languages)));
    let fact =
        |label, words: Vec<Option<String>>| Fact { label, words: words.into_iter().flatten().collect() };
    [
        fact(
            "Who it is for",
            vec![
                ages,
                gender,
                said(
                    e.substance_use_ok,
                    "People who drink or use drugs are welcome",
                    "Not for people who drink or use drugs now",
                ),
                said(e.needs_diagnosis, "You need a diagnosis", "You do not need a diagnosis"),
                Some(e.text.clone()).filter(|t| !t.is_empty()),
            ],
        ),
        Fact { label: "Who they say it is not for", words: e.not_for.clone() },
        fact("What it costs", vec![cost]),
        fact("Languages", vec![languages]),
    ]
    .into_iter()
    .filter(|f| !f.words.is_empty())
    .collect()
}

fn with_policy(who: &str, policy: &str) -> String {
    if policy.is_empty() { format!("{who} only") } else { format!("{who} only. {policy}") }
}

fn source(source: &Source) -> Option<SourceView> {
    (!source.publisher.is_empty()).then(|| SourceView {
        publisher: source.publisher.clone(),
        licence: source.licence.clone(),
        attribution: source.attribution.clone(),
        url: source.url.clone().filter(|u| is_web(u)),
    })
}

impl ServiceView {
    fn of(page: &ServicePage, calendar: &Calendar, today: Date, worker: bool) -> ServiceView {
        let s = &page.service;
        let parts = Parts {
            name: &s.name,
            organisation: page.organisation.as_ref(),
            about: &s.description,
            area: s.main_area(),
            capacity: &s.capacity,
            contact: &s.contact,
            eligibility: &s.eligibility,
            cost: &s.cost,
            languages: &s.languages,
            promised: &s.adjustments,
            cannot: &s.cannot_adjust,
            checked: s.checked,
            source: &s.source,
        };
        let through_kith = match &page.may_ask {
            MayAsk::Yes => Some("A navigator can ask for you, if you want that.".to_owned()),
            MayAsk::GoAlong(_) => None,
            MayAsk::No(why) => Some(format!("{why}.")),
        };
        let mut entry = Listing::of(&parts, calendar, today, worker);
        let offers = s.offer.lines();
        if !offers.is_empty() {
            entry.who_for.insert(0, Fact { label: "What it is", words: offers });
        }
        ServiceView {
            entry,
            places: s.locations.iter().map(|l| l.words()).filter(|w| !w.is_empty()).collect(),
            opening: if s.opening.week.is_not_said() { Vec::new() } else { s.opening.week.lines() },
            opening_words: s.opening.text.clone(),
            how: s.joining.iter().map(|j| text::capitalised(j.words())).collect(),
            delivery: s
                .delivery
                .iter()
                .filter(|d| **d != kith_domain::directory::Delivery::InPerson)
                .map(|d| d.words())
                .collect(),
            through_kith,
            used: None,
        }
    }
}

impl GroupView {
    fn of(page: &GroupPage, calendar: &Calendar, today: Date, worker: bool) -> GroupView {
        let g = &page.group;
        let parts = Parts {
            name: &g.name,
            organisation: page.organisation.as_ref(),
            about: &g.description,
            area: g.main_area(),
            capacity: &g.capacity,
            contact: &g.contact,
            eligibility: &g.eligibility,
            cost: &g.cost,
            languages: &g.languages,
            promised: &g.adjustments,
            cannot: &g.cannot_adjust,
            checked: g.checked,
            source: &g.source,
        };
        let running = g.status == kith_domain::directory::ServiceStatus::Active;
        GroupView {
            entry: Listing::of(&parts, calendar, today, worker),
            next: page.meetings.iter().find(|m| m.is_on() && running).map(|m| m.words()),
            sessions: page
                .meetings
                .iter()
                .filter(|_| running)
                .map(|m| SessionLine {
                    words: m.words(),
                    on: m.is_on(),
                    place: m.elsewhere.as_ref().map(|l| l.words()),
                })
                .collect(),
            rhythm: g.rhythm.words(),
            place: g.location.words(),
            run_by: g.run_by.clone(),
            first_time: first_time(g),
            welcome: g.welcome.text.clone(),
            written_down: g.written_down.words(),
            joining: g.joining.words(),
        }
    }
}

/// What a first visit is like, each answered or "not said": what nobody said is not no.
fn first_time(group: &kith_domain::directory::Group) -> Vec<Fact> {
    let w = &group.welcome;
    let said = |label, known: Known| Fact { label, words: vec![text::capitalised(known.words())] };
    let meets = match (w.someone_to_meet_you, w.who_meets_you.as_str()) {
        (Known::Yes, "") => "Yes".to_owned(),
        (Known::Yes, who) => format!("Yes: {who}"),
        (known, _) => text::capitalised(known.words()),
    };
    let size = w.usual_size.map_or_else(|| "Not said".to_owned(), |n| format!("About {n} people"));
    vec![
        Fact { label: "Will someone meet me at the door?", words: vec![meets] },
        Fact { label: "How many people come?", words: vec![size] },
        said("May I bring someone?", w.bring_someone),
        said("May I just watch, without talking?", w.just_watch),
        said("May I leave at any time?", w.leave_any_time),
        said("Is it quiet?", w.quiet),
        said("Can I get in without steps?", w.step_free),
    ]
}

fn sample_entry(name: &str) -> Listing {
    Listing {
        name: name.into(),
        organisation: "Brackenford Together".into(),
        about: "Tea, talk and a warm room.".into(),
        area: "connection",
        area_title: "Being with people",
        space: "Open to new people (said on 20 November 2026)".into(),
        space_tone: "open",
        reach: Reach {
            phone: Some("01632 960000".into()),
            phone_link: Some("tel:01632960000".into()),
            email: Some("hello@example.org".into()),
            web: Some("https://example.org".into()),
        },
        who_for: vec![Fact {
            label: "Who it is for",
            words: vec!["Women only. All women, trans women too".into()],
        }],
        promised: vec!["A quiet place to wait, or wait outside".into()],
        cannot: vec!["Step-free access".into()],
        checked: "Last checked 3 weeks ago (2 November 2026).".into(),
        source: Some(SourceView {
            publisher: "Trafford Council".into(),
            licence: "Open Government Licence v3.0".into(),
            attribution: "Contains public sector information.".into(),
            url: Some("https://example.org/data".into()),
        }),
        doubts: vec![
            "Somebody who works here told us, today: The times are wrong. We are finding out.".into(),
        ],
        worker: false,
        path: "/services/1".into(),
        not_right: Vec::new(),
    }
}

fn bare_entry() -> Listing {
    Listing {
        organisation: String::new(),
        about: String::new(),
        space: "Has not said whether there is space".into(),
        space_tone: "quiet",
        reach: Reach::default(),
        who_for: Vec::new(),
        promised: Vec::new(),
        cannot: Vec::new(),
        checked: "Nobody has said when this was last checked. Ring before you go.".into(),
        source: None,
        doubts: Vec::new(),
        worker: true,
        not_right: Doubt::ALL.iter().map(|d| Item::new(d.code(), d.words())).collect(),
        ..sample_entry("Walk")
    }
}

impl View for ServiceView {
    const TEMPLATE: &'static str = "public/service.html";
    fn title(&self) -> String {
        // Titles stay in the history of a phone that may be shared.
        "A service near you".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let service = |entry: Listing| ServiceView {
            entry,
            places: vec!["The Hall, 1 High Street, Brackenford, QB1 1AA".into()],
            opening: vec![("Monday to Friday".into(), "9am to 5pm".into())],
            opening_words: "Ring first in August.".into(),
            how: vec!["Someone refers you".into(), "You can ask for it yourself".into()],
            delivery: vec!["by phone"],
            through_kith: Some("A navigator can ask for you, if you want that.".into()),
            used: Some(UsedView::sample()),
        };
        let empty = ServiceView {
            used: None,
            places: Vec::new(),
            opening: Vec::new(),
            opening_words: String::new(),
            how: Vec::new(),
            delivery: Vec::new(),
            through_kith: None,
            ..service(bare_entry())
        };
        let longest =
            Listing { about: "A sentence about it. ".repeat(200), ..sample_entry(&"Long name ".repeat(15)) };
        vec![
            ("ordinary", service(sample_entry("Benefits advice"))),
            ("empty", empty),
            ("longest", service(longest)),
            ("difficult", service(sample_entry("<b>\"Odd\" & 'name'</b>"))),
        ]
    }
}

impl View for GroupView {
    const TEMPLATE: &'static str = "public/group.html";
    fn title(&self) -> String {
        "A group near you".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |words: &str, on, place: Option<&str>| SessionLine {
            words: words.into(),
            on,
            place: place.map(str::to_owned),
        };
        let group = |entry: Listing, sessions: Vec<SessionLine>| GroupView {
            entry,
            next: sessions.iter().find(|s| s.on).map(|s| s.words.clone()),
            sessions,
            rhythm: "Every Tuesday, 10am to 11:30am".into(),
            place: "The Hall, 1 High Street, Brackenford, QB1 1AA".into(),
            run_by: "people who have been there, with Joan".into(),
            first_time: vec![Fact {
                label: "Will someone meet me at the door?",
                words: vec!["Yes: Joan, in the red coat".into()],
            }],
            welcome: "The blue door at the side. Tea first.".into(),
            written_down: "how many people came, no names",
            joining: "just come",
        };
        let some = || {
            vec![
                line("Tuesday 24 November, 10am to 11:30am", true, None),
                line("Tuesday 1 December: not on (the hall is closed)", false, None),
                line(
                    "Tuesday 8 December, 1pm to 3pm: trip to the allotment",
                    true,
                    Some("Hill Lane allotments"),
                ),
            ]
        };
        let empty = GroupView {
            run_by: String::new(),
            welcome: String::new(),
            place: String::new(),
            first_time: Vec::new(),
            ..group(bare_entry(), Vec::new())
        };
        let longest =
            Listing { about: "A sentence about it. ".repeat(200), ..sample_entry(&"Long name ".repeat(15)) };
        vec![
            ("ordinary", group(sample_entry("Tuesday breakfast"), some())),
            ("empty", empty),
            ("longest", group(longest, some())),
            ("difficult", group(sample_entry("<b>\"Odd\" & 'name'</b>"), some())),
        ]
    }
}

pub(super) async fn service(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(text): Path<String>,
    page: PageContext,
) -> Result<Response, Oops> {
    let id = id::<ServiceId>(&text)?;
    // An old address answers with the one that stands for it.
    if let Some(stands) = app.kith.stands_for(&who, id).await? {
        return Ok(Redirect::temporary(&Listed::Service(stands).path()).into_response());
    }
    let found = app.kith.service_page(&who, id).await?;
    let (calendar, today) = (app.kith.calendar(), app.kith.calendar().day(who.now));
    let mut view = ServiceView::of(&found, calendar, today, who.worker().is_ok());
    view.entry = view.entry.with_doubts(&app, &who, Listed::Service(id), today);
    view.used = app.kith.listing_used(id, who.now).map(|used| UsedView::of(&used, today));
    Ok(render(&page, &view).into_response())
}

pub(super) async fn group(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(text): Path<String>,
    page: PageContext,
) -> Result<Html, Oops> {
    let id = id::<GroupId>(&text)?;
    let found = app.kith.group_page(&who, id).await?;
    let (calendar, today) = (app.kith.calendar(), app.kith.calendar().day(who.now));
    let mut view = GroupView::of(&found, calendar, today, who.worker().is_ok());
    view.entry = view.entry.with_doubts(&app, &who, Listed::Group(id), today);
    Ok(render(&page, &view))
}

#[cfg(test)]
mod titles {
    use super::*;

    #[test]
    fn the_history_of_a_shared_phone_names_no_service() {
        for (_, view) in ServiceView::samples() {
            assert_eq!(view.title(), "A service near you");
        }
        for (_, view) in GroupView::samples() {
            assert_eq!(view.title(), "A group near you");
        }
    }
}

//! The sweep: every declared route, for every made-up user, with every id that belongs to
//! somebody else in its path and in its form. Marks that cannot be guessed stand in what is
//! ordinary, private, restricted, hidden, about somebody else, and sealed; no answer carries
//! a mark to whom it is not for. Whom each mark is for is written down by hand here, from the
//! rule book, and computed by nothing.

use crate::harness::{Browser, Cast, Maker, Shown, World, start};
use axum::http::{Method, StatusCode, header};
use kith_care::Identity;
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::consent::{Asked, Basis, Consent, ConsentKind, HowGiven};
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::id::{ConsentId, NeedId, PersonId, RecordId, ReferralId, ServiceId};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Holder;
use kith_domain::person::{CameBy, Known, Person};
use kith_domain::plan::{Asks, Step, StepOwner, StepStatus, Telling, ToldAbout};
use kith_domain::plan::{Goal, GoalStatus, Note, NoteKind, Part, PlanSection};
use kith_domain::record::{Author, Kind, Record};
use kith_domain::referral::{Business, End, MessageBack, Packet, PacketLine, Referral, Status};
use kith_domain::time::{Calendar, Day, plus_days};
use kith_store::{NewRecord, Writing};
use kith_web::app::For;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A mark, and who may ever meet it.
struct Mark {
    text: &'static str,
    for_whom: &'static [&'static str],
    /// Somebody who does meet it in the sweep, so that the sweep is not blind.
    met_by: Option<&'static str>,
}

const NAVIGATORS: &[&str] = &["aisha", "bola", "grace"];

/// Who each mark is for: the holder's team (B3) up to S2, the person but for what is hidden or
/// about somebody else (B1, R07), the receiving team of the packet (B5), those on the list (R06).
const MARKS: &[Mark] = &[
    Mark { text: "mk-called-7q1", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-phone-7q2", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-note-7q3", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-hidden-7q4", for_whom: NAVIGATORS, met_by: Some("aisha") },
    Mark { text: "mk-third-7q5", for_whom: NAVIGATORS, met_by: Some("aisha") },
    Mark { text: "mk-sealed-7q6", for_whom: &["sam"], met_by: None },
    Mark { text: "mk-restricted-7q7", for_whom: &["pat"], met_by: None },
    Mark { text: "mk-private-7q8", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-matters-7q9", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-safety-7qa", for_whom: &["pat"], met_by: Some("pat") },
    Mark {
        text: "mk-packet-7qb",
        for_whom: &["aisha", "bola", "grace", "pat", "joan", "dev"],
        met_by: Some("joan"),
    },
    Mark { text: "mk-words-7qc", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-goal-7qd", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-step-7qe", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-telling-7qf", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark {
        text: "mk-garden-7qg",
        for_whom: &["aisha", "bola", "grace", "pat", "unnamed", "holder"],
        met_by: Some("unnamed"),
    },
    // The name that goes with it: not before the link holder has given their own.
    Mark {
        text: "mk-named-7qh",
        for_whom: &["aisha", "bola", "grace", "pat", "holder"],
        met_by: Some("holder"),
    },
];

/// Everything of the one whose marks these are, and of somebody else whom Joan supports.
struct Marked {
    pat: PersonId,
    quin: PersonId,
    garden: ReferralId,
    /// Ids that a path can ask for, by the name of the parameter.
    ids: BTreeMap<&'static str, Vec<Uuid>>,
}

struct Writer<'a> {
    maker: Maker<'a>,
    by: Cast,
    person: PersonId,
    day: Day,
}

impl Writer<'_> {
    fn holder(&self) -> Holder {
        Holder { organisation: self.by.organisation, team: self.by.team, lead: Some(self.by.worker) }
    }

    fn next(&self) -> NextDate {
        NextDate::new("Ring and ask", plus_days(self.day, 5))
    }

    async fn put<T: Record>(&mut self, value: &T) -> Uuid {
        self.put_of(self.by, value).await
    }

    async fn put_of<T: Record>(&mut self, by: Cast, value: &T) -> Uuid {
        let id = if T::KIND == Kind::Person { self.person.into() } else { RecordId(Uuid::now_v7()) };
        let author = Author::Worker { worker: by.worker, organisation: by.organisation };
        let writing =
            Writing { at: self.maker.at, author, recorded_for: None, basis: "own_organisation".into() };
        let new = NewRecord { id, person: Some(self.person), owner: by.organisation };
        self.maker.tx.create(&writing, "made", new, value).await.expect("a record");
        id.0
    }

    async fn person(&mut self, called: &str, phone: &str) {
        let mut person = Person::new(called.into(), self.holder(), self.next(), CameBy::Met);
        person.phone = Known::Known(phone.into());
        person.heard_at = Some(self.maker.at);
        person.safe_contact = SafeContact {
            asked: Some(self.maker.at),
            ways: vec![SafeWay {
                channel: Channel::Phone,
                detail: phone.into(),
                voicemail_safe: Some(true),
                hours: None,
                shared: false,
                note: None,
            }],
            paper_safe: Some(true),
            ..SafeContact::default()
        };
        self.put(&person).await;
    }

    fn note(&self, words: &str) -> Note {
        Note {
            area: Area::Connection,
            sensitivity: Sensitivity::S1,
            categories: Vec::new(),
            hidden: false,
            hidden_reason: None,
            third_party: false,
            allow_list: Vec::new(),
            kind: NoteKind::Story,
            words: words.into(),
            on: self.day,
            contact_with: None,
            amends: None,
        }
    }

    fn need(&self, words: &str, area: Area, sensitivity: Sensitivity) -> Need {
        let restricted = sensitivity == Sensitivity::S3;
        Need {
            area,
            words: words.into(),
            code: Some("money-benefits".into()),
            sensitivity,
            categories: restricted.then_some(Category::SubstanceUse).into_iter().collect(),
            raised_at: self.maker.at,
            status: NeedStatus::Open,
            holder: self.holder(),
            next: self.next(),
            unmet: None,
            said_no_to: Vec::new(),
            follows_help: false,
        }
    }

    fn section(&self, part: Part, words: &str) -> PlanSection {
        PlanSection { words: words.into(), by_person: true, ..PlanSection::new(part, None) }
    }

    async fn consent(&mut self, to: Cast, referral: ReferralId) -> ConsentId {
        let consent = Consent {
            organisation: to.organisation,
            areas: vec![Area::Money, Area::Connection],
            purposes: vec!["referral".into()],
            max_sensitivity: Sensitivity::S2,
            categories: Vec::new(),
            from: self.day,
            until: plus_days(self.day, 200),
            contribute: false,
            end_told: None,
            withdrawn: None,
            kind: ConsentKind::Packet { referral },
            given: HowGiven {
                asked_by: Some(self.by.worker),
                how: Asked::FaceToFace,
                present: String::new(),
                offered_alone: true,
                said_no_to: Vec::new(),
                words: "Yes".into(),
                capacity_doubt: None,
                clinician: None,
                interpreter: None,
                at: self.maker.at,
            },
        };
        ConsentId(self.put(&consent).await)
    }

    async fn referral(&mut self, to: Cast, service: ServiceId, need: Uuid, line: &str) -> (Uuid, Uuid) {
        let consent = self.consent(to, ReferralId(Uuid::nil())).await;
        let packet = Packet {
            call_them: if line == "mk-garden-7qg" { "mk-named-7qh" } else { "P" }.into(),
            contact: "Ring in the morning".into(),
            lines: vec![PacketLine {
                item: RecordId(need),
                version: 1,
                kind: Kind::Need,
                area: Area::Money,
                sensitivity: Sensitivity::S1,
                categories: Vec::new(),
                heading: "What they need".into(),
                words: line.into(),
            }],
        };
        let referral = Referral {
            need: NeedId(need),
            area: Area::Money,
            service,
            service_name: "A service".into(),
            sender: End {
                organisation: self.by.organisation,
                team: self.by.team,
                worker: Some(self.by.worker),
            },
            receiver: End { organisation: to.organisation, team: to.team, worker: None },
            parent: None,
            status: Status::Requested,
            business: Business::None,
            packet,
            basis: Basis::Agreement { consent },
            reply_by: plus_days(self.day, 7),
            offered: Vec::new(),
            agreed: None,
            question: None,
            decline: None,
            reason: None,
            could_not_come: 0,
            could_not_come_at: None,
            outcome: None,
            requested_at: Some(self.maker.at),
            seen_at: None,
            accepted_at: None,
            first_came_at: None,
            started_at: None,
            ended_at: None,
            ended_by: None,
            held_next: self.next(),
            told_person: Some(self.maker.at),
            settled: None,
            spoken_at: None,
            receiver_moved_at: None,
            message_back: MessageBack::default(),
            untold: None,
            kept_on: None,
        };
        (self.put(&referral).await, consent.0)
    }
}

/// Writes the marks.
async fn mark(world: &World) -> Marked {
    let (pat, quin) = (PersonId(Uuid::now_v7()), PersonId(Uuid::now_v7()));
    let at = start().plus_days(-1);
    let day = Calendar::england().day(at);
    let mut tx = world.kith.store().write().await.unwrap();
    let mut w = Writer { maker: Maker { tx: &mut tx, at }, by: world.aisha, person: pat, day };
    w.person("mk-called-7q1", "mk-phone-7q2").await;
    let mut notes = Vec::new();
    notes.push(w.put(&w.note("mk-note-7q3")).await);
    notes.push(w.put(&Note { hidden: true, ..w.note("mk-hidden-7q4") }).await);
    notes.push(w.put(&Note { third_party: true, ..w.note("mk-third-7q5") }).await);
    let sealed = Note {
        area: Area::Identity,
        kind: NoteKind::SealedAddress,
        sensitivity: Sensitivity::S4,
        allow_list: vec![world.sam.worker],
        ..w.note("mk-sealed-7q6")
    };
    notes.push(w.put_of(world.sam, &sealed).await);
    let restricted = w.put(&w.need("mk-restricted-7q7", Area::HealthAndCare, Sensitivity::S3)).await;
    let private = w.put(&w.need("mk-private-7q8", Area::Money, Sensitivity::S2)).await;
    let matters = w.put(&w.section(Part::Matters, "mk-matters-7q9")).await;
    let safety =
        PlanSection { categories: vec![Category::Suicide], ..w.section(Part::Safety, "mk-safety-7qa") };
    let safety = w.put(&safety).await;
    let (asked, consent) = w.referral(world.joan, world.benefits_advice, private, "mk-packet-7qb").await;
    let garden_team = world.garden_cast().await;
    let (garden, consent2) = w.referral(garden_team, world.garden, private, "mk-garden-7qg").await;
    let own = Message {
        kind: MessageKind::OwnWords,
        from: Author::Person { person: pat },
        to: MessageTo::Reader { holder: w.holder(), read_by: plus_days(day, 3) },
        words: "mk-words-7qc".into(),
        area: Area::Connection,
        sensitivity: Sensitivity::S2,
        about: None,
        written_at: at,
        read_at: None,
    };
    let message = w.put(&own).await;
    let goal = Goal {
        area: Area::Connection,
        words: "mk-goal-7qd".into(),
        sensitivity: Sensitivity::S1,
        status: GoalStatus::Open,
        review_on: None,
    };
    let goal = w.put(&goal).await;
    let step = Step {
        area: Area::Connection,
        sensitivity: Sensitivity::S1,
        what: "mk-step-7qe".into(),
        need: None,
        goal: None,
        owner: StepOwner::Person,
        by: plus_days(day, 4),
        asks: Asks::ForInformation,
        accepted: None,
        said_no: None,
        holder: w.holder(),
        status: StepStatus::Open,
        moves_without_contact: 0,
    };
    let step = w.put(&step).await;
    let telling = Telling {
        area: Area::Connection,
        need: None,
        about: ToldAbout::Other,
        name: "mk-telling-7qf".into(),
        told_by: world.aisha.worker,
        told_at: at,
        goes_along: None,
        ask_on: plus_days(day, 4),
        holder: w.holder(),
        outcome: None,
        words: None,
    };
    let telling = w.put(&telling).await;
    // Somebody whom Joan supports: her own foothold for reaching across.
    (w.person, w.by) = (quin, world.joan);
    w.person("Quin", "01632 960123").await;
    let quins_need = w.put(&w.need("Somewhere quiet", Area::Money, Sensitivity::S1)).await;
    tx.commit().await.unwrap();
    let records =
        [&notes[..], &[restricted, private, matters, safety, goal, step, telling, asked, garden]].concat();
    let ids = BTreeMap::from([
        ("person", vec![pat.0, quin.0]),
        ("need", vec![private, restricted, asked, quins_need]),
        ("goal", vec![goal, notes[3]]),
        ("step", vec![step, notes[1]]),
        ("telling", vec![telling, notes[2]]),
        ("message", vec![message, notes[0]]),
        ("referral", vec![asked, garden]),
        ("consent", vec![consent, consent2]),
        ("worry", vec![notes[3], message]),
        ("hand_over", vec![message, restricted]),
        ("id", vec![world.benefits_advice.0, restricted, pat.0]),
        ("service", vec![world.benefits_advice.0, restricted]),
        ("organisation", vec![world.joan.organisation.0]),
        ("request", vec![asked]),
        ("record", records),
    ]);
    Marked { pat, quin, garden: ReferralId(garden), ids }
}

/// What may stand in a path where no id does.
fn words_for(name: &str) -> Vec<String> {
    let words: &[&str] = match name {
        "part" => &["about_me", "matters", "safety", "staying_well"],
        "area" => &["money", "connection", "health_and_care"],
        "act" => {
            &["accept", "ask", "offer", "decline", "came", "end", "next", "take-back", "told", "link", "name"]
        }
        "change" => &["next", "met", "reached", "done", "again", "close", "check"],
        "what" => &["everything", "finished", "not-now", "sharing"],
        "line" => &["0", "1"],
        "token" => &["0000000000000000000000000000000000000000000"],
        _ => &["0"],
    };
    words.iter().map(|w| (*w).to_owned()).collect()
}

/// Every way to fill a path's parameters: the first id of each, and each other id in turn, so
/// that an id of one person stands beside the record of another.
fn paths(pattern: &str, marked: &Marked) -> Vec<String> {
    let names: Vec<&str> = pattern.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    let choices = |name: &str| match marked.ids.get(name) {
        Some(ids) => ids.iter().map(Uuid::to_string).collect(),
        None => words_for(name),
    };
    let mut all = vec![pattern.to_owned()];
    for name in &names {
        let hole = format!("{{{name}}}");
        all = all
            .iter()
            .flat_map(|path| choices(name).into_iter().map(|c| path.replace(&hole, &c)).collect::<Vec<_>>())
            .collect();
    }
    all.sort();
    all.dedup();
    all
}

/// The marks on an answer, in its headers or its body.
fn marks_on(shown: &Shown) -> Vec<&'static Mark> {
    let mut text = shown.body.clone();
    for (name, value) in &shown.headers {
        text.push_str(name.as_str());
        text.push_str(&String::from_utf8_lossy(value.as_bytes()));
    }
    MARKS.iter().filter(|m| text.contains(m.text)).collect()
}

/// A form that names everything there is, so that whatever a handler binds, it is somebody else's.
fn grasping_body(token: &str, marked: &Marked, fields: &BTreeSet<String>) -> String {
    let pick = |name: &str| -> String {
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '_');
        let known = marked.ids.iter().find(|(k, _)| bare == **k || bare.ends_with(**k));
        match known {
            Some((_, ids)) => ids[0].to_string(),
            None if name.ends_with("-day") => "28".into(),
            None if name.ends_with("-month") => "11".into(),
            None if name.ends_with("-year") => "2026".into(),
            None => "1".into(),
        }
    };
    let mut body = format!("_csrf={token}&_submission={}", Uuid::now_v7());
    for name in fields.iter().filter(|n| !n.starts_with('_')) {
        body.push_str(&format!("&{}={}", name.replace(' ', "+"), pick(name)));
    }
    for (name, ids) in &marked.ids {
        body.push_str(&format!("&{name}={}", ids[0]));
    }
    body
}

fn token_on(shown: &Shown) -> String {
    let from = shown.body.find("name=\"_csrf\"").unwrap_or(0);
    let rest = &shown.body[from..];
    rest.split("value=\"").nth(1).and_then(|r| r.split('"').next()).unwrap_or_default().to_owned()
}

/// Names of the fields that a page's forms have.
fn field_names(shown: &Shown, into: &mut BTreeSet<String>) {
    let names = shown.body.split(" name=\"").skip(1).filter_map(|r| r.split('"').next());
    into.extend(names.filter(|n| n.len() < 60 && !n.contains('&')).map(str::to_owned));
}

/// A page without what differs in each drawing of it: the token against forms of other sites.
fn without_token(body: &str) -> String {
    let mut parts = body.split("name=\"_csrf\" value=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    out
}

struct Found {
    met: BTreeMap<&'static str, BTreeSet<&'static str>>,
    asked: usize,
    wrong: Vec<String>,
}

impl Found {
    fn look(&mut self, who: &'static str, method: &Method, path: &str, shown: &Shown) {
        self.asked += 1;
        for mark in marks_on(shown) {
            self.met.entry(mark.text).or_default().insert(who);
            if !mark.for_whom.contains(&who) {
                self.wrong.push(format!("{who} met {} at {method} {path}", mark.text));
            }
        }
        if shown.status.is_server_error() {
            self.wrong.push(format!("{who}: {} at {method} {path}", shown.status));
        }
        let stored = shown.headers.get(header::CACHE_CONTROL).is_none_or(|v| v != "no-store");
        if who != "nobody" && shown.status == StatusCode::OK && stored {
            self.wrong.push(format!("{who}: {method} {path} may be kept by a browser"));
        }
    }
}

async fn users(world: &World, marked: &Marked) -> Vec<(&'static str, Browser)> {
    let staff = [
        ("nadia", world.nadia),
        ("amir", world.amir),
        ("lena", world.lena),
        ("cole", world.cole),
        ("tony", world.tony),
        ("sam", world.sam),
        ("dev", world.dev),
        ("joan", world.joan),
        ("grace", world.grace),
        ("bola", world.bola),
        ("aisha", world.aisha),
    ];
    let mut all = vec![("nobody", world.browser()), ("quin", world.person(marked.quin).await)];
    // The link goes out first: without one a link holder's session opens nothing.
    let mut aisha = world.worker(world.aisha).await;
    let token = token_on(&aisha.get("/help").await);
    let path = format!("/people/{}/referrals/{}/link", marked.pat, marked.garden);
    let sent =
        aisha.once(&Method::POST, &path, &format!("_csrf={token}&_submission={}", Uuid::now_v7())).await;
    assert!(sent.status.is_redirection(), "the link is sent: {}", sent.status);
    let holder = |name: Option<String>| Identity::LinkHolder {
        organisation: world.garden_org,
        referral: marked.garden,
        name,
    };
    for (who, name) in [("unnamed", None), ("holder", Some("Gwen".to_owned()))] {
        let session = world.kith.begin_session(&holder(name), None, 1, world.now()).await.unwrap();
        all.push((who, Browser { cookie: Some(session.cookie), ..world.browser() }));
    }
    for (who, cast) in staff {
        all.push((who, world.worker(cast).await));
    }
    all.push(("pat", world.person(marked.pat).await));
    all
}

#[tokio::test]
async fn no_route_carries_a_mark_to_whom_it_is_not_for() {
    let world = World::new().await;
    let marked = mark(&world).await;
    let routes = kith_web::pages::routes();
    let mut found = Found { met: BTreeMap::new(), asked: 0, wrong: Vec::new() };
    let mut fields = BTreeSet::new();
    let mut users = users(&world, &marked).await;
    for (who, browser) in &mut users {
        for route in routes.declared().iter().filter(|r| r.method == Method::GET) {
            for path in paths(route.path, &marked) {
                let shown = browser.once(&route.method, &path, "").await;
                field_names(&shown, &mut fields);
                found.look(who, &route.method, &path, &shown);
            }
        }
    }
    // Those whom the marks are not for send first, so that nothing has moved yet.
    for (who, browser) in &mut users {
        let token = token_on(&browser.get("/help").await);
        for route in routes.declared().iter().filter(|r| r.method == Method::POST) {
            if matches!(route.path, "/sign-out" | "/leave" | "/demo/sign-in") {
                continue;
            }
            for path in paths(route.path, &marked).into_iter().step_by(2) {
                let body = grasping_body(&token, &marked, &fields);
                let shown = browser.once(&route.method, &path, &body).await;
                found.look(who, &route.method, &path, &shown);
            }
        }
    }
    println!("{} requests, {} fields", found.asked, fields.len());
    assert!(found.asked > 3_000, "{} requests are no sweep", found.asked);
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
    for mark in MARKS {
        if let Some(who) = mark.met_by {
            let met = found.met.get(mark.text).is_some_and(|all| all.contains(who));
            assert!(met, "the sweep is blind: {who} never met {}", mark.text);
        }
    }
    no_mark_leaves(&world).await;
}

/// What waits to be sent says nothing.
async fn no_mark_leaves(world: &World) {
    let mut tx = world.kith.store().read().await.unwrap();
    let waiting = tx.list_outbox(10_000).await.unwrap();
    for row in waiting {
        let text = format!("{row:?}");
        let on: Vec<&str> = MARKS.iter().map(|m| m.text).filter(|m| text.contains(m)).collect();
        assert!(on.is_empty(), "a message that leaves carries {on:?}");
    }
}

/// What is not for somebody looks exactly like what is not there.
#[tokio::test]
async fn what_is_not_for_you_is_the_same_bytes_as_what_is_not_there() {
    let world = World::new().await;
    let marked = mark(&world).await;
    let routes = kith_web::pages::routes();
    let strangers = [("amir", world.amir), ("tony", world.tony), ("nadia", world.nadia), ("sam", world.sam)];
    let mut compared = 0;
    for (who, cast) in strangers {
        let mut browser = world.worker(cast).await;
        let of_people = routes
            .declared()
            .iter()
            .filter(|r| r.method == Method::GET && r.path.contains('{') && r.audience != For::Anyone);
        for route in of_people {
            for path in paths(route.path, &marked).into_iter().take(12) {
                let missing = replace_ids(&path);
                if missing == path {
                    continue;
                }
                let real = browser.once(&Method::GET, &path, "").await;
                let none = browser.once(&Method::GET, &missing, "").await;
                compared += 1;
                let is_place = path.contains("our-services");
                assert!(
                    is_place || real.status == none.status,
                    "{who}: {path} is {} and {missing} {}",
                    real.status,
                    none.status
                );
                if real.status == StatusCode::NOT_FOUND {
                    assert_eq!(without_token(&real.body), without_token(&none.body), "{who}: {path}");
                    assert_eq!(names_of(&real), names_of(&none), "{who}: {path}");
                }
            }
        }
    }
    assert!(compared > 200, "{compared} comparisons are no proof");
}

fn names_of(shown: &Shown) -> Vec<String> {
    let mut names: Vec<String> = shown.headers.keys().map(|k| k.as_str().to_owned()).collect();
    names.sort();
    names
}

/// The same path with ids that belong to nothing.
fn replace_ids(path: &str) -> String {
    path.split('/')
        .map(|part| if Uuid::try_parse(part).is_ok() { Uuid::now_v7().to_string() } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join("/")
}

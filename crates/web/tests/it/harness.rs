//! A small made-up partnership, a clock that tests own, and a browser without scripts.
//!
//! Everything runs in this process over a database of its own, on either engine: see
//! [`crate::ground`].

mod sending;

use crate::ground::Ground;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use futures::StreamExt;
use kith_care::sign_in::elsewhere::Elsewhere;
use kith_care::sign_in::session::MadeUpUser;
use kith_care::{Identity, Kith};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::directory::{Capacity, Joining, NeedCode, Service, Space};
use kith_domain::id::{OrganisationId, PersonId, RecordId, ServiceId, TeamId, WorkerId};
use kith_domain::organisation::{
    Agreement, ControllerRole, Membership, Organisation, OrganisationKind, OrganisationStatus, Place, Team,
    WorkRole, Worker,
};
use kith_domain::record::{Author, Record};
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Instant};
use kith_store::setting::MADE_UP;
use kith_store::{NewRecord, Store, WriteTx, Writing};
use kith_web::app::App;
use kith_web::page::{Site, SiteSettings};
pub use sending::{BROWSER, Filling, encode};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;
use uuid::Uuid;

/// Tuesday 24 November 2026, 10 in the morning.
pub fn start() -> Instant {
    Calendar::england().moment(jiff::civil::date(2026, 11, 24), 10, 0)
}

/// A worker of the made-up partnership.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    pub worker: WorkerId,
    pub organisation: OrganisationId,
    pub team: TeamId,
    pub role: WorkRole,
}

/// The made-up partnership and its clock.
pub struct World {
    pub kith: Kith,
    pub router: Router,
    clock: Arc<AtomicI64>,
    /// Navigators: Aisha, her colleague Bola, their lead Grace. The net is the same team's
    /// organisation.
    pub aisha: Cast,
    pub bola: Cast,
    pub grace: Cast,
    /// Partnership manager.
    pub nadia: Cast,
    /// Money adviser at DebtHelp, and DebtHelp's lead.
    pub joan: Cast,
    pub dev: Cast,
    /// Housing workers at three providers, and the first one's lead.
    pub amir: Cast,
    pub ana: Cast,
    pub lena: Cast,
    pub cole: Cast,
    /// The trust's clinician, and a volunteer.
    pub sam: Cast,
    pub tony: Cast,
    /// Services.
    pub benefits_advice: ServiceId,
    pub harbour: ServiceId,
    pub larch: ServiceId,
    pub millrace: ServiceId,
    /// Answers by link only.
    pub garden: ServiceId,
    pub garden_org: OrganisationId,
    pub ground: Ground,
}

impl World {
    /// A fresh partnership on the engine of this run.
    pub async fn new() -> World {
        let ground = Ground::new().await;
        let store = Store::open(&ground.database).await.expect("a new database");
        World::over(store, ground, (true, Elsewhere::none())).await
    }

    /// The same place, as if it were a real one: nobody signs in by choosing a name.
    pub async fn real() -> World {
        World::real_with(Elsewhere::none()).await
    }

    /// The same, with places elsewhere at which somebody can sign in.
    pub async fn real_with(elsewhere: Elsewhere) -> World {
        let ground = Ground::new().await;
        let store = Store::open(&ground.database).await.expect("a new database");
        World::over(store, ground, (false, elsewhere)).await
    }

    async fn over(store: Store, ground: Ground, (made_up, elsewhere): (bool, Elsewhere)) -> World {
        let mut tx = store.write().await.unwrap();
        let mut m = Maker { tx: &mut tx, at: start().plus_days(-400) };
        let host = m.organisation("Brackenford Together", OrganisationKind::Charity, true).await;
        let debt = m.organisation("DebtHelp", OrganisationKind::Advice, true).await;
        let a = m.organisation("Harbour House", OrganisationKind::HousingProvider, true).await;
        let b = m.organisation("Larch Court", OrganisationKind::HousingProvider, true).await;
        let c = m.organisation("Millrace Homes", OrganisationKind::HousingProvider, true).await;
        let trust = m.organisation("Brackenford Mental Health Trust", OrganisationKind::NhsTrust, true).await;
        let hall = m.organisation("St Anne's Hall", OrganisationKind::Charity, true).await;
        let green = m.organisation("Green Hands", OrganisationKind::Charity, false).await;
        let navigators = m.team(host, "Navigators", true, true).await;
        let aisha = m.worker("Aisha Rahman", host, navigators, WorkRole::Navigator).await;
        let bola = m.worker("Bola Ade", host, navigators, WorkRole::Navigator).await;
        let grace = m.worker("Grace Mensah", host, navigators, WorkRole::TeamLead).await;
        let nadia = m.worker("Nadia Khan", host, navigators, WorkRole::PartnershipManager).await;
        let (debt_team, joan) = m.team_of(debt, "Advice team", "Joan Fisher", WorkRole::DebtAdviser).await;
        let dev = m.worker("Dev Patel", debt, debt_team, WorkRole::ServiceLead).await;
        let (a_team, amir) = m.team_of(a, "Harbour House team", "Amir Aziz", WorkRole::HousingOfficer).await;
        let ana = m.worker("Ana Lopes", a, a_team, WorkRole::ServiceLead).await;
        let (b_team, lena) = m.team_of(b, "Larch Court team", "Lena Novak", WorkRole::HousingOfficer).await;
        let (c_team, cole) = m.team_of(c, "Millrace team", "Cole Brady", WorkRole::HousingOfficer).await;
        let (_, sam) = m.team_of(trust, "Community team", "Sam Okafor", WorkRole::Clinician).await;
        let (_, tony) = m.team_of(hall, "Volunteers", "Tony Marsh", WorkRole::Volunteer).await;
        let green_team = m.team(green, "Garden", false, false).await;
        for (org, team, lead) in [
            (host, navigators, grace.worker),
            (debt, debt_team, dev.worker),
            (a, a_team, ana.worker),
            (b, b_team, lena.worker),
            (c, c_team, cole.worker),
            (trust, sam.team, sam.worker),
            (hall, tony.team, tony.worker),
        ] {
            m.lead(org, team, lead).await;
        }
        let money = &["money-benefits", "money-debt"];
        let home = &["housing-supported"];
        let benefits_advice = m.service("Benefits advice", debt, Some(debt_team), Area::Money, money).await;
        let harbour = m.service("Harbour House supported flats", a, Some(a_team), Area::Housing, home).await;
        let larch = m.service("Larch Court supported housing", b, Some(b_team), Area::Housing, home).await;
        let millrace = m.service("Millrace supported homes", c, Some(c_team), Area::Housing, home).await;
        let garden = m
            .service(
                "Green Hands gardening",
                green,
                Some(green_team),
                Area::Connection,
                &["connection-company"],
            )
            .await;
        let place = Place {
            name: "Brackenford".into(),
            partnership: Uuid::now_v7(),
            net_organisation: host,
            net_team: navigators,
            net_second: nadia.worker,
            demo: made_up,
            zone: "Europe/London".into(),
            made_at: m.at,
            keeper: None,
            settings: Settings::default(),
        };
        m.put(host, &place).await;
        if made_up {
            tx.save_setting(MADE_UP, "yes").await.unwrap();
        }
        tx.commit().await.unwrap();
        let kith = Kith::open(store).await.expect("a partnership");
        let clock = Arc::new(AtomicI64::new(start().0));
        let ticking = clock.clone();
        let site =
            Site::new(SiteSettings { place: "Brackenford".into(), demo: made_up, ..SiteSettings::default() });
        let router =
            App::new(kith.clone(), site, move || Instant(ticking.fetch_add(1_000, Ordering::SeqCst)))
                .with_elsewhere(elsewhere)
                .router();
        World {
            kith,
            router,
            clock,
            aisha,
            bola,
            grace,
            nadia,
            joan,
            dev,
            amir,
            ana,
            lena,
            cole,
            sam,
            tony,
            benefits_advice,
            harbour,
            larch,
            millrace,
            garden,
            garden_org: green,
            ground,
        }
    }

    /// The team at the garden, which answers by link only, as if somebody worked there.
    pub async fn garden_cast(&self) -> Cast {
        let mut tx = self.kith.store().read().await.unwrap();
        let service = tx.find_common::<Service>(self.garden).await.unwrap().expect("the garden");
        Cast { organisation: self.garden_org, team: service.value.team.expect("its team"), ..self.tony }
    }

    /// The moment it is.
    pub fn now(&self) -> Instant {
        Instant(self.clock.load(Ordering::SeqCst))
    }

    /// Moves the clock on.
    pub fn pass_days(&self, days: i64) {
        self.clock.fetch_add(days * Instant::DAY, Ordering::SeqCst);
    }

    /// Moves the clock to a moment of a day.
    pub fn set(&self, at: Instant) {
        self.clock.store(at.0, Ordering::SeqCst);
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser::of(self.router.clone())
    }

    /// A browser in which a worker is signed in.
    pub async fn worker(&self, cast: Cast) -> Browser {
        let Cast { worker, organisation, role, .. } = cast;
        let session = match self.kith.is_made_up() {
            true => {
                let user = MadeUpUser::Worker { worker, organisation, role };
                self.kith.sign_in_made_up(&user, self.now()).await
            }
            false => {
                let identity = Identity::Worker { worker, organisation, role };
                self.kith.begin_session(&identity, None, 2, self.now()).await
            }
        };
        let session = session.expect("a worker signs in");
        Browser { cookie: Some(session.cookie), ..self.browser() }
    }

    /// A browser in which a person is signed in.
    pub async fn person(&self, person: PersonId) -> Browser {
        let identity = Identity::Person { person, paper_code: false };
        let session = match self.kith.is_made_up() {
            true => self.kith.sign_in_made_up(&MadeUpUser::Person { person }, self.now()).await.unwrap(),
            false => self.kith.begin_session(&identity, None, 2, self.now()).await.unwrap(),
        };
        Browser { cookie: Some(session.cookie), ..self.browser() }
    }

    /// Who a worker is, for calling a use case directly.
    pub async fn principal(&self, cast: Cast) -> kith_care::Principal {
        let identity =
            Identity::Worker { worker: cast.worker, organisation: cast.organisation, role: cast.role };
        let mut tx = self.kith.store().read().await.unwrap();
        let partnership = self.kith.partnership(&mut tx).await.unwrap();
        let now = self.now();
        kith_care::Principal::new(identity, 2, now, "token".into(), Uuid::now_v7(), now, partnership)
    }

    /// Nothing is lost.
    pub async fn assert_nothing_lost(&self) {
        let checked = self.kith.check(self.now()).await.expect("the check runs");
        assert!(checked.lost.is_empty(), "lost: {:?}", checked.lost);
    }
}

/// Writes the first records.
pub struct Maker<'a> {
    pub tx: &'a mut WriteTx,
    pub at: Instant,
}

impl Maker<'_> {
    pub async fn put<T: Record>(&mut self, owner: OrganisationId, value: &T) -> RecordId {
        let id = RecordId(Uuid::now_v7());
        self.put_as(id, owner, value).await;
        id
    }

    async fn put_as<T: Record>(&mut self, id: RecordId, owner: OrganisationId, value: &T) {
        let writing = Writing {
            at: self.at,
            author: Author::Operator,
            recorded_for: None,
            basis: "administration".into(),
        };
        let new = NewRecord { id, person: None, owner };
        self.tx.create(&writing, "made", new, value).await.expect("a record");
    }

    async fn organisation(
        &mut self,
        name: &str,
        kind: OrganisationKind,
        has_accounts: bool,
    ) -> OrganisationId {
        let day = Calendar::england().day(self.at);
        let value = Organisation {
            name: name.into(),
            short: name.into(),
            kind,
            ods: None,
            charity_number: None,
            phone: Some("01632 960000".into()),
            email: Some("hello@example.org".into()),
            website: None,
            agreement: Some(Agreement {
                reference: "DSA-1".into(),
                from: day,
                until: kith_domain::time::plus_days(day, 3 * 365),
                areas: Area::ALL.to_vec(),
                ceiling: Sensitivity::S2,
                role: ControllerRole::Controller,
                data_protection_contact: "data@example.org".into(),
                purposes: vec!["Support that the person asked for".into()],
                dpia: "DPIA-1".into(),
                caldicott: "Caldicott Guardian".into(),
            }),
            status: OrganisationStatus::Active,
            has_accounts,
            successors: Vec::new(),
            access: Default::default(),
            lead: None,
        };
        let id = RecordId(Uuid::now_v7());
        self.put_as(id, id.into(), &value).await;
        id.into()
    }

    pub async fn team(
        &mut self,
        organisation: OrganisationId,
        name: &str,
        net: bool,
        navigators: bool,
    ) -> TeamId {
        let value = Team {
            organisation,
            name: name.into(),
            lead: None,
            net,
            navigators,
            closed: None,
            email: Some("team@example.org".into()),
            phone: Some("01632 960001".into()),
            reply_working_days: 5,
        };
        self.put(organisation, &value).await.into()
    }

    pub async fn worker(
        &mut self,
        name: &str,
        organisation: OrganisationId,
        team: TeamId,
        role: WorkRole,
    ) -> Cast {
        let from = Calendar::england().day(self.at);
        let value = Worker {
            name: name.into(),
            email: None,
            phone: None,
            memberships: vec![Membership { organisation, team, role, from, until: None }],
            absences: Vec::new(),
            suspended: None,
            left: None,
        };
        let worker = self.put(organisation, &value).await.into();
        Cast { worker, organisation, team, role }
    }

    async fn team_of(
        &mut self,
        organisation: OrganisationId,
        team: &str,
        name: &str,
        role: WorkRole,
    ) -> (TeamId, Cast) {
        let team = self.team(organisation, team, false, false).await;
        (team, self.worker(name, organisation, team, role).await)
    }

    async fn lead(&mut self, organisation: OrganisationId, team: TeamId, lead: WorkerId) {
        let writing = Writing {
            at: self.at,
            author: Author::Operator,
            recorded_for: None,
            basis: "administration".into(),
        };
        let mut o = self.tx.find_common::<Organisation>(organisation).await.unwrap().unwrap();
        o.value.lead = Some(lead);
        self.tx.change(&writing, "lead named", &o.meta, &o.value).await.unwrap();
        let mut t = self.tx.find_common::<Team>(team).await.unwrap().unwrap();
        t.value.lead = Some(lead);
        self.tx.change(&writing, "lead named", &t.meta, &t.value).await.unwrap();
    }

    async fn service(
        &mut self,
        name: &str,
        organisation: OrganisationId,
        team: Option<TeamId>,
        area: Area,
        needs: &[&str],
    ) -> ServiceId {
        let mut value = Service::new(name, organisation);
        value.team = team;
        value.description = format!("{name}, for adults in Brackenford.");
        value.areas = vec![area];
        value.needs = needs.iter().map(|code| NeedCode::parse(code).expect("a code of the list")).collect();
        value.joining = vec![Joining::Referral];
        value.capacity = Capacity { space: Space::Open, ..Capacity::default() };
        value.checked = Some(Calendar::england().day(start()));
        self.put(organisation, &value).await.into()
    }
}

/// A browser without scripts: cookies, links, forms.
#[derive(Clone)]
pub struct Browser {
    pub router: Router,
    pub cookie: Option<String>,
    /// The key of the pages that are kept for the way back.
    pub pages: Option<String>,
    /// The cookie of a browser that went to sign in elsewhere.
    pub away: Option<String>,
    /// The cookie of the session before this one.
    pub before: Option<String>,
}

/// What a browser was shown.
#[derive(Clone, Debug)]
pub struct Shown {
    pub status: StatusCode,
    /// The path it ended on, after redirects.
    pub path: String,
    pub headers: header::HeaderMap,
    pub body: String,
}

impl Shown {
    /// Asserts that the page says this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Shown {
        assert!(
            self.text().contains(words),
            "{} ({}) does not say {words:?}:\n{}",
            self.path,
            self.status,
            self.text()
        );
        self
    }

    /// Asserts that the page says nothing of this, anywhere in its source.
    #[track_caller]
    pub fn never(&self, words: &str) -> &Shown {
        assert!(!self.body.contains(words), "{} says {words:?}", self.path);
        self
    }

    #[track_caller]
    pub fn is(&self, status: StatusCode) -> &Shown {
        assert_eq!(self.status, status, "{}:\n{}", self.path, self.text());
        self
    }

    /// The words of the page, without tags, spaces folded.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                c if !inside => text.push(c),
                _ => {}
            }
        }
        unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The hidden and already filled fields of the form with this action.
    #[track_caller]
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let opening = format!("action=\"{action}\"");
        let from = self
            .body
            .find(&opening)
            .unwrap_or_else(|| panic!("{} has no form to {action}:\n{}", self.path, self.text()));
        let form = &self.body[from..];
        let form = &form[..form.find("</form>").unwrap_or(form.len())];
        let mut fields = Vec::new();
        for tag in form.split("<input").skip(1) {
            let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
            let kind = attribute(tag, "type").unwrap_or_else(|| "text".into());
            let ticked = tag.split_whitespace().any(|w| w == "checked" || w.starts_with("checked="));
            if matches!(kind.as_str(), "checkbox" | "radio") && !ticked {
                continue;
            }
            if let Some(name) = attribute(tag, "name") {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        }
        for tag in form.split("<select").skip(1) {
            let tag = &tag[..tag.find("</select>").unwrap_or(tag.len())];
            let chosen = tag
                .split("<option")
                .skip(1)
                .find(|o| o.split('>').next().is_some_and(|t| t.contains("selected")));
            if let (Some(name), Some(option)) = (attribute(tag, "name"), chosen) {
                fields.push((name, attribute(option, "value").unwrap_or_default()));
            }
        }
        for tag in form.split("<textarea").skip(1) {
            if let (Some(name), Some(start), Some(end)) =
                (attribute(tag, "name"), tag.find('>'), tag.find("</textarea>"))
            {
                fields.push((name, unescape(&tag[start + 1..end])));
            }
        }
        fields
    }

    /// The targets of links whose path starts so.
    pub fn links(&self, start: &str) -> Vec<String> {
        let all = self.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        all.filter(|href| href.starts_with(start)).map(unescape).collect()
    }
}

pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[from..].split('"').next().map(unescape)
}

pub fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}

impl Browser {
    /// A browser in which nobody is signed in.
    pub fn of(router: Router) -> Browser {
        Browser { router, cookie: None, pages: None, away: None, before: None }
    }

    /// Opens a page, following redirects.
    pub async fn get(&mut self, path: &str) -> Shown {
        self.send(Method::GET, path, String::new()).await
    }

    /// Fills in the form with this action on a page and sends it. Fields given here replace
    /// those the page had filled in.
    #[track_caller]
    pub fn fill(&self, page: &Shown, action: &str, fields: &[(&str, &str)]) -> Filling {
        let mut all = page.form(action);
        all.retain(|(name, _)| !fields.iter().any(|(n, _)| n == name));
        all.extend(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        Filling { action: action.to_owned(), fields: all }
    }

    /// Sends a filled form, following redirects.
    pub async fn send_form(&mut self, filling: &Filling) -> Shown {
        let body: Vec<String> =
            filling.fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        self.send(Method::POST, &filling.action, body.join("&")).await
    }

    /// Fills in and sends a form.
    pub async fn submit(&mut self, page: &Shown, action: &str, fields: &[(&str, &str)]) -> Shown {
        let filling = self.fill(page, action, fields);
        self.send_form(&filling).await
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Shown {
        let (mut method, mut path, mut body) = (method, path.to_owned(), body);
        for _ in 0..10 {
            let mut shown = self.ask(&method, &path, &body, BROWSER).await;
            if !shown.status.is_redirection() {
                // Where a kept page stands is the form's own address.
                shown.path = shown.path.split("?shown=").next().unwrap_or_default().to_owned();
                return shown;
            }
            let to = shown
                .headers
                .get(header::LOCATION)
                .and_then(|l| l.to_str().ok())
                .expect("a redirect says where to");
            path = to.to_owned();
            method = Method::GET;
            body = String::new();
        }
        panic!("redirects without end at {path}");
    }

    /// One request of a program, redirects not followed.
    pub async fn once(&mut self, method: &Method, path: &str, body: &str) -> Shown {
        self.ask(method, path, body, "*/*").await
    }

    /// What a script on another site posts, as JSON.
    pub async fn send_from_elsewhere(&mut self, path: &str, body: &str) -> Shown {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "localhost:8417")
            .header(header::ORIGIN, "https://elsewhere.example.org")
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        self.send_whole(path, request).await
    }

    /// One request, with what it says it takes; redirects not followed.
    pub async fn ask(&mut self, method: &Method, path: &str, body: &str, accept: &str) -> Shown {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(header::HOST, "localhost:8417")
            .header(header::ACCEPT, accept)
            .header(header::ORIGIN, "http://localhost:8417");
        if *method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let session = self.cookie.iter().map(|value| format!("kith_session={value}"));
        let cookies: Vec<String> = session
            .chain(self.pages.iter().map(|value| format!("kith_pages={value}")))
            .chain(self.away.iter().map(|value| format!("kith_away={value}")))
            .chain(self.before.iter().map(|value| format!("kith_before={value}")))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        self.send_whole(path, request).await
    }

    async fn send_whole(&mut self, path: &str, request: Request<Body>) -> Shown {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let mut bytes = Vec::new();
        let mut stream = body.into_data_stream();
        while let Some(chunk) = stream.next().await {
            bytes.extend_from_slice(&chunk.expect("a body in memory"));
        }
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap_or_default();
            let (name, rest) = text.split_once('=').unwrap_or_default();
            let value = rest.split(';').next().filter(|value| !value.is_empty()).map(str::to_owned);
            match name {
                "kith_session" => self.cookie = value,
                "kith_away" => self.away = value,
                "kith_before" => self.before = value,
                "kith_pages" => self.pages = value,
                _ => {}
            }
        }
        Shown {
            status: parts.status,
            path: path.to_owned(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

#[tokio::test]
async fn the_made_up_partnership_stands() {
    let world = World::new().await;
    world.assert_nothing_lost().await;
    let mut browser = world.worker(world.aisha).await;
    let help = browser.get("/help").await;
    help.is(StatusCode::OK).says("Aisha Rahman");
    assert!(world.garden_org.0 != Uuid::nil() && world.now() > start());
}

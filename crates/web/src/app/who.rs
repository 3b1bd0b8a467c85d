//! Who asks: read from the session cookie before any handler runs, and offered to
//! handlers as extractors. The principal's `now` is the one moment of the request.

use super::{App, Oops, again, carried};
use crate::cookies::Cookie;
use crate::page::{NavItem, SignedIn, Site, Today, Who, WhoKind, cookie};
use crate::paths;
use crate::shell::{Asker, Menu};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kith_care::sign_in::{Opened, Visitor, waits_minutes};
use kith_care::{CareError, Identity, Principal};
use kith_domain::organisation::WorkRole;
use std::net::{IpAddr, SocketAddr};
use uuid::Uuid;

/// What a request says of the browser that sends it.
pub(super) fn visitor_of(app: &App, request: &Request) -> Visitor {
    visitor(app, request.headers(), request.extensions().get::<ConnectInfo<SocketAddr>>())
}

fn visitor(app: &App, headers: &HeaderMap, from: Option<&ConnectInfo<SocketAddr>>) -> Visitor {
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let short = |c: &&str| !c.is_empty() && c.len() <= 128;
    Visitor {
        browser: browser_of(text(header::USER_AGENT)),
        address: from.and_then(|ConnectInfo(peer)| address_of(&app.site, peer.ip(), headers)),
        device: cookie(headers, Cookie::Device.name(&app.site)).filter(short).map(str::to_owned),
        before: cookie(headers, Cookie::Session.name(&app.site)).filter(short).map(str::to_owned),
        shared: false,
    }
}

/// Whose address it is. Behind https there is always another server in front, on this
/// machine: it adds the address it was asked from as the last. Anybody else's word for it
/// is worth nothing. A server in front that says nothing leaves it unknown: its own address
/// is everybody's.
fn address_of(site: &Site, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
    if !(site.is_https() && peer.is_loopback()) {
        return Some(peer);
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// A browser in words, as far as its own word goes.
fn browser_of(agent: &str) -> String {
    let first =
        |of: &[(&str, &'static str)]| of.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, n)| *n);
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "a Mac"),
        ("CrOS", "a Chromebook"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// The browser that asks to be let in.
pub struct Asking(pub Visitor);

impl FromRequestParts<App> for Asking {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Asking, Oops> {
        Ok(Asking(visitor(app, &parts.headers, parts.extensions.get::<ConnectInfo<SocketAddr>>())))
    }
}

/// Puts the principal, and what pages show of it, into the request.
pub(super) async fn find_out(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let value = cookie(request.headers(), Cookie::Session.name(&app.site)).map(str::to_owned);
    let mut asks = match let_in(&app, &mut request, value.clone()).await {
        Ok(asks) => asks,
        Err(error) => return error.into_response(),
    };
    let mut renewed = None;
    let carried = carried::comes_back(&request);
    if carried || (asks.session.is_some() && again::comes_with_factor(&request)) {
        let page = page_of(&app, &request).unwrap_or_else(|| plain(&app, &request));
        let came = match carried {
            true => carried::go_on(&app, &asks, page, request).await,
            false => again::check(&app, &asks, page, request).await,
        };
        match came {
            again::Came::Answer(mut answer) => {
                answer.extensions_mut().insert(Asker(asks.key()));
                carried::remember(&app.site, value.as_deref(), &mut answer);
                return *answer;
            }
            again::Came::Right(came, cookie) => {
                request = *came;
                renewed = cookie;
            }
        }
        // From here on the request is that of the fresh session.
        asks = match let_in(&app, &mut request, renewed.clone().or_else(|| value.clone())).await {
            Ok(asks) => asks,
            Err(error) => return error.into_response(),
        };
    }
    let page = page_of(&app, &request);
    let menu = request.extensions().get::<SignedIn>().map(|signed_in| Menu(signed_in.nav.clone()));
    let posted = *request.method() == axum::http::Method::POST;
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let blank = plain(&app, &request);
    let headers = request.headers().clone();
    let leaves = request.uri().path() == paths::LEAVE;
    let kept = again::Kept::default();
    request.extensions_mut().insert(kept.clone());
    let answer = next.run(request).await;
    // What was refused is on disk before the answer leaves.
    let mut answer = match app.kith.log_refusals(&asks).await {
        Ok(()) => {
            let shown = page.clone().unwrap_or(blank);
            let answer = again::ask(&app, &asks, shown.clone(), (&kept, &address, posted), answer).await;
            let answer = carried::ask(&app, &asks, shown, (&headers, &address, kept.take()), answer).await;
            super::answer::dress(&app.site, page, posted, answer)
        }
        Err(error) => super::answer::dress(&app.site, page, posted, Oops::from(error).into_response()),
    };
    answer.extensions_mut().insert(Asker(asks.key()));
    menu.map(|menu| answer.extensions_mut().insert(menu));
    if kith_care::Kith::may_ask_for_glass(&asks) {
        answer.extensions_mut().insert(EmergencyOffered);
    }
    if let Some(cookie) = renewed {
        answer = again::with_new_cookie(&app, answer, &cookie);
    }
    // Whoever leaves in a hurry leaves nothing.
    if !leaves {
        carried::remember(&app.site, value.as_deref(), &mut answer);
    }
    answer
}

/// Finds out who asks, and says so to whatever comes after.
async fn let_in(app: &App, request: &mut Request, value: Option<String>) -> Result<Principal, Oops> {
    let parts = request.extensions_mut();
    parts.insert(Today(app.kith.calendar().day(app.now())));
    parts.remove::<SignedIn>();
    parts.remove::<SessionCookie>();
    let arrived = app.kith.arrival(value.as_deref(), Uuid::now_v7(), app.now()).await?;
    let principal = match arrived {
        (Opened::SignedIn(principal), open) => {
            let glass = crate::pages::glass::bars(&open, app.kith.calendar());
            parts.insert(SignedIn { glass, ..shown(&principal) });
            parts.insert(SessionCookie(value.unwrap_or_default()));
            principal
        }
        (Opened::Nobody(principal), _) => principal,
    };
    parts.insert((*principal).clone());
    Ok(*principal)
}

/// The page context of whoever is signed in.
fn page_of(app: &App, request: &Request) -> Option<crate::page::PageContext> {
    request.extensions().get::<SignedIn>().cloned().map(|signed_in| {
        let token = crate::form::csrf::masked(&signed_in.csrf_token);
        let page = plain(app, request).signed_in(signed_in.who, signed_in.nav, token);
        page.with_glass(signed_in.glass).waiting(signed_in.waits_minutes)
    })
}

fn plain(app: &App, request: &Request) -> crate::page::PageContext {
    let today = request.extensions().get::<Today>().map(|Today(day)| *day);
    app.site.page(request.headers(), request.uri()).on(today)
}

/// Whoever asks may open emergency access: every page that says "not found" to them says how,
/// so that the link tells nothing (rule V1).
#[derive(Clone, Copy)]
pub struct EmergencyOffered;

/// The value of the session cookie of a request that is signed in.
#[derive(Clone)]
pub struct SessionCookie(pub String);

/// Whoever asks, signed in or not.
pub struct Anyone(pub Principal);

/// A worker who asks. Anybody else is sent to sign in.
pub struct SignedInWorker(pub Principal);

/// A person who asks, at their own plan.
pub struct SignedInPerson(pub Principal);

/// A supporter who asks.
pub struct SignedInSupporter(pub Principal);

impl FromRequestParts<App> for SignedInSupporter {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<SignedInSupporter, Oops> {
        let who = principal(parts)?;
        who.supporter()?;
        Ok(SignedInSupporter(who))
    }
}

fn principal(parts: &Parts) -> Result<Principal, Oops> {
    parts.extensions.get::<Principal>().cloned().ok_or_else(|| Oops::from(CareError::SignIn))
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Anyone, Oops> {
        Ok(Anyone(principal(parts)?))
    }
}

impl FromRequestParts<App> for SignedInWorker {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<SignedInWorker, Oops> {
        let who = principal(parts)?;
        who.worker()?;
        Ok(SignedInWorker(who))
    }
}

impl FromRequestParts<App> for SignedInPerson {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<SignedInPerson, Oops> {
        let who = principal(parts)?;
        who.person()?;
        Ok(SignedInPerson(who))
    }
}

fn shown(principal: &Principal) -> SignedIn {
    let kind = match &principal.identity {
        Identity::Worker { .. } => WhoKind::Worker,
        Identity::LinkHolder { .. } => WhoKind::LinkHolder,
        _ => WhoKind::Other,
    };
    let (name, role) = match &principal.identity {
        Identity::Worker { role, .. } => (principal.name.clone(), role.title().to_owned()),
        Identity::Person { .. } => ("You".to_owned(), "Your own plan".to_owned()),
        Identity::Supporter { .. } => ("You".to_owned(), "Standing beside somebody".to_owned()),
        Identity::LinkHolder { name, .. } => {
            (name.clone().unwrap_or_else(|| "Guest".into()), "By a link, for one request".to_owned())
        }
        _ => (String::new(), String::new()),
    };
    SignedIn {
        who: Who { name, role, organisation: principal.organisation_name.clone(), kind },
        nav: navigation(&principal.identity),
        csrf_token: principal.csrf.clone(),
        waits_minutes: waits_minutes(&principal.identity, principal.partnership.settings()),
        glass: Vec::new(),
    }
}

/// Where somebody can go. Short: one main thing for each role, the rest one step away.
fn navigation(identity: &Identity) -> Vec<NavItem> {
    let today = NavItem::new("Today", paths::TODAY);
    let people = NavItem::new("People I support", paths::PEOPLE);
    let find = NavItem::new("Find support", paths::FIND);
    let inbox = NavItem::new("Requests to us", paths::INBOX);
    let space = NavItem::new("Our services", "/our-services");
    let counts = NavItem::new("The partnership", paths::PARTNERSHIP);
    let said_no = NavItem::new("Said no", "/declines");
    let lost = NavItem::new("Lost", paths::LOST);
    let workers = NavItem::new("Workers", paths::WORKERS);
    let members = NavItem::new("Members", paths::ORGANISATIONS);
    let panel = NavItem::new("The panel", "/panel");
    let messages = NavItem::new("Messages", paths::MESSAGES);
    let directory = NavItem::new("The directory", "/directory");
    match identity {
        Identity::Worker { role, .. } => match role {
            WorkRole::Navigator => vec![today, people, NavItem::new("Add someone", "/people/add"), find],
            WorkRole::TeamLead => {
                vec![today, people, NavItem::new("Add someone", "/people/add"), find, inbox, said_no, lost]
            }
            WorkRole::ServiceLead => vec![today, inbox, space, said_no, lost, find],
            WorkRole::PartnershipManager => {
                vec![today, counts, members, workers, panel, directory, messages, find]
            }
            WorkRole::Analyst => vec![counts, find],
            WorkRole::SystemAdmin => vec![today, members, workers, messages, find],
            WorkRole::OrgAdmin => vec![today, members, workers, find],
            WorkRole::IgAuditor => vec![
                today,
                NavItem::new("Questions", "/looks"),
                NavItem::new("Who looked", paths::AUDIT),
                find,
            ],
            WorkRole::PanelMember => {
                vec![today, panel, NavItem::new("Who decides", "/decisions"), find]
            }
            WorkRole::RecordsOfficer => vec![today, NavItem::new("Rights", "/rights"), find],
            _ => vec![inbox, people, space, find],
        },
        // A code alone opens no more than this.
        Identity::Person { paper_code: true, .. } => vec![
            NavItem::new("My next thing", paths::MINE),
            NavItem::new("Help I asked for", "/mine/referrals"),
        ],
        Identity::Person { .. } => vec![
            NavItem::new("My next thing", paths::MINE),
            NavItem::new("My plan", "/mine/plan"),
            NavItem::new("Help I asked for", "/mine/referrals"),
            NavItem::new("Who can see what", "/mine/sharing"),
        ],
        Identity::Supporter { .. } => vec![
            NavItem::new("What you may see", "/beside"),
            NavItem::new("Tell the team", "/beside/tell"),
            NavItem::new("For you", "/beside/for-you"),
            NavItem::new("Find support", paths::FIND),
        ],
        _ => Vec::new(),
    }
}

//! Who asks: read from the session cookie before any handler runs, and offered to
//! handlers as extractors. The principal's `now` is the one moment of the request.

use super::{App, Oops};
use crate::page::{NavItem, SignedIn, Site, Who, WhoKind, cookie};
use crate::paths;
use crate::shell::Asker;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kith_care::sign_in::Opened;
use kith_care::{CareError, Identity, Principal};
use kith_domain::organisation::WorkRole;
use uuid::Uuid;

/// The name of the session cookie: with the `__Host-` prefix wherever the site is https.
pub fn cookie_name(site: &Site) -> &'static str {
    if site.is_https() { "__Host-kith_session" } else { crate::page::SESSION_COOKIE }
}

/// The header that sets the session cookie.
pub fn set_cookie(site: &Site, value: &str) -> String {
    let secure = if site.is_https() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", cookie_name(site))
}

/// The header that takes the session cookie back.
pub fn clear_cookie(site: &Site) -> String {
    let secure = if site.is_https() { "; Secure" } else { "" };
    format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", cookie_name(site))
}

/// Puts the principal, and what pages show of it, into the request.
pub(super) async fn find_out(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let value = cookie(request.headers(), cookie_name(&app.site)).map(str::to_owned);
    let asks;
    match app.kith.principal(value.as_deref(), Uuid::now_v7(), app.now()).await {
        Ok(Opened::SignedIn(principal)) => {
            let glass = match app.kith.open_glass(&principal).await {
                Ok(open) => crate::pages::glass::bars(&open, app.kith.calendar()),
                Err(error) => return Oops::from(error).into_response(),
            };
            request.extensions_mut().insert(SignedIn { glass, ..shown(&principal) });
            asks = (*principal).clone();
            request.extensions_mut().insert(*principal);
            request.extensions_mut().insert(SessionCookie(value.unwrap_or_default()));
        }
        Ok(Opened::Nobody(principal)) => {
            asks = (*principal).clone();
            request.extensions_mut().insert(*principal);
        }
        Err(error) => return Oops::from(error).into_response(),
    }
    let page = request.extensions().get::<SignedIn>().cloned().map(|signed_in| {
        let token = crate::form::csrf::masked(&signed_in.csrf_token);
        app.site
            .page(request.headers(), request.uri())
            .signed_in(signed_in.who, signed_in.nav, token)
            .with_glass(signed_in.glass)
    });
    let posted = *request.method() == axum::http::Method::POST;
    let answer = next.run(request).await;
    // What was refused is on disk before the answer leaves.
    let mut answer = match app.kith.log_refusals(&asks).await {
        Ok(()) => super::answer::dress(&app.site, page, posted, answer),
        Err(error) => super::answer::dress(&app.site, page, posted, Oops::from(error).into_response()),
    };
    answer.extensions_mut().insert(Asker(asks.key()));
    if kith_care::Kith::may_ask_for_glass(&asks) {
        answer.extensions_mut().insert(EmergencyOffered);
    }
    answer
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
    let workers = NavItem::new("Workers", paths::WORKERS);
    let members = NavItem::new("Members", paths::ORGANISATIONS);
    let messages = NavItem::new("Messages", paths::MESSAGES);
    match identity {
        Identity::Worker { role, .. } => match role {
            WorkRole::Navigator => vec![today, people, NavItem::new("Add someone", "/people/add"), find],
            WorkRole::TeamLead => {
                vec![today, people, NavItem::new("Add someone", "/people/add"), find, inbox, said_no, counts]
            }
            WorkRole::ServiceLead => vec![today, inbox, space, said_no, find, counts],
            WorkRole::PartnershipManager => vec![today, counts, members, workers, messages, find],
            WorkRole::Analyst => vec![counts, find],
            WorkRole::SystemAdmin => vec![today, members, workers, messages, find],
            WorkRole::OrgAdmin => vec![today, members, workers, find],
            WorkRole::IgAuditor => vec![
                today,
                NavItem::new("Questions", "/looks"),
                NavItem::new("Who looked", paths::AUDIT),
                find,
            ],
            WorkRole::RecordsOfficer => vec![find],
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

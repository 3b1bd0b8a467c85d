//! Routes that say what they do. A handler can be reached only through [`Routes`], and
//! [`Routes`] takes no handler without saying whom the page is for and which action of
//! the access rules it stands for: a route that declares nothing does not compile.
//!
//! The audience is checked here, before the handler; the action itself is decided by
//! the use case, over facts. A worker's page asked for by somebody else is not there.

use super::App;
use super::who;
use crate::form::FormData;
use axum::Router;
use axum::extract::{FromRequest, Request};
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kith_access::Action;
use kith_care::{Identity, Principal};
use kith_domain::organisation::WorkRole;

/// Whom a page is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum For {
    /// Anybody, signed in or not.
    Anyone,
    /// Any worker.
    Workers,
    /// Workers in one of these roles.
    Roles(&'static [WorkRole]),
    /// A person, at their own plan.
    People,
    /// A supporter whom a person let in.
    Supporters,
    /// A receiver without an account.
    LinkHolders,
}

impl For {
    /// Is the page for whoever this is?
    pub fn lets_in(self, identity: &Identity) -> bool {
        admits(self, Some(identity)) == Admission::Come
    }
}

/// Roles that hold or lead the holding of plans.
pub const NAVIGATING: For = For::Roles(&[WorkRole::Navigator, WorkRole::TeamLead]);
/// Roles that see how the partnership is doing: those to whom the rules give counts (R09a).
pub const PARTNERSHIP: For = For::Roles(&[WorkRole::PartnershipManager, WorkRole::Analyst]);

/// Roles that look after the place itself: workers, invitations, messages.
pub const ADMINISTERING: For = For::Roles(&[WorkRole::PartnershipManager, WorkRole::SystemAdmin]);

/// Roles that keep workers: their own organisation's, or everybody's.
pub const KEEPING_WORKERS: For =
    For::Roles(&[WorkRole::PartnershipManager, WorkRole::SystemAdmin, WorkRole::OrgAdmin]);

/// Roles that speak for a worker who lost their way in: whoever keeps workers, and leads.
pub const VOUCHING: For = For::Roles(&[
    WorkRole::TeamLead,
    WorkRole::ServiceLead,
    WorkRole::PartnershipManager,
    WorkRole::SystemAdmin,
    WorkRole::OrgAdmin,
]);

/// Roles that look at who has access: to their own organisation, or to all.
pub const REVIEWING: For = For::Roles(&[
    WorkRole::ServiceLead,
    WorkRole::TeamLead,
    WorkRole::OrgAdmin,
    WorkRole::PartnershipManager,
    WorkRole::SystemAdmin,
]);

/// Who reads who looked in their organisation, and never at what.
pub const AUDITING: For = For::Roles(&[WorkRole::IgAuditor]);

/// One route as it was declared, for the inventory and the sweep over all routes.
#[derive(Clone, Debug)]
pub struct Declared {
    /// GET or POST.
    pub method: Method,
    /// The path, with `{id}` where ids stand.
    pub path: &'static str,
    /// Whom it is for.
    pub audience: For,
    /// The action it stands for.
    pub action: Action,
}

impl Declared {
    /// Is this address one of this route's? Ids and names stand where the path has `{...}`.
    pub fn fits(&self, address: &str) -> bool {
        let (mut ours, mut theirs) = (self.path.split('/'), address.split('/'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(part), Some(given)) if part.starts_with('{') && !given.is_empty() => {}
                (Some(part), Some(given)) if part == given => {}
                _ => return false,
            }
        }
    }
}

/// The routes of a feature, and of all of them.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    declared: Vec<Declared>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Routes {
        Routes::default()
    }

    /// A page.
    pub fn get<H, T>(self, path: &'static str, audience: For, action: Action, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let methods =
            get(handler).layer(middleware::from_fn(move |r: Request, n: Next| admit(audience, r, n)));
        self.add(Method::GET, path, audience, action, |router| router.route(path, methods))
    }

    /// A form's target.
    pub fn post<H, T>(self, path: &'static str, audience: For, action: Action, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let methods =
            post(handler).layer(middleware::from_fn(move |r: Request, n: Next| admit(audience, r, n)));
        self.add(Method::POST, path, audience, action, |router| router.route(path, methods))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        audience: For,
        action: Action,
        route: impl FnOnce(Router<App>) -> Router<App>,
    ) -> Routes {
        self.declared.push(Declared { method, path, audience, action });
        Routes { router: route(self.router), declared: self.declared }
    }

    /// These routes and others.
    pub fn merge(mut self, other: Routes) -> Routes {
        self.declared.extend(other.declared);
        Routes { router: self.router.merge(other.router), declared: self.declared }
    }

    /// Every route as it was declared.
    pub fn declared(&self) -> &[Declared] {
        &self.declared
    }

    pub(crate) fn into_router(self, app: App) -> Router {
        self.router.with_state(app)
    }
}

/// Finds out who asks, for every page.
pub(super) fn with_session(pages: Router, app: App) -> Router {
    // Also where a page is only looked at: what signs in again is sent to the page's own address.
    let pages = pages.method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED });
    pages.layer(middleware::from_fn_with_state(app, who::find_out))
}

/// Lets in whom the page is for. Nobody signed in: to the sign-in page. Somebody else:
/// the page is not there.
async fn admit(audience: For, request: Request, next: Next) -> Response {
    let identity = request.extensions().get::<Principal>().map(|p| p.identity.clone());
    match admits(audience, identity.as_ref()) {
        Admission::Come => next.run(request).await,
        Admission::SignIn => {
            keep_what_was_typed(request).await;
            super::answer::sign_in()
        }
        Admission::NotThere => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A form whose session is over is read all the same, for the page that carries it on.
async fn keep_what_was_typed(request: Request) {
    let kept = request.extensions().get::<super::again::Kept>().cloned();
    if let Some(kept) = kept.filter(|_| *request.method() == Method::POST)
        && let Ok(form) = FormData::from_request(request, &()).await
    {
        kept.keep(&form);
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Admission {
    Come,
    SignIn,
    NotThere,
}

fn admits(audience: For, identity: Option<&Identity>) -> Admission {
    match (audience, identity) {
        (For::Anyone, _) => Admission::Come,
        (_, None | Some(Identity::Public)) => Admission::SignIn,
        (For::Workers, Some(Identity::Worker { .. })) => Admission::Come,
        (For::Roles(roles), Some(Identity::Worker { role, .. })) if roles.contains(role) => Admission::Come,
        (For::People, Some(Identity::Person { .. })) => Admission::Come,
        (For::Supporters, Some(Identity::Supporter { .. })) => Admission::Come,
        (For::LinkHolders, Some(Identity::LinkHolder { .. })) => Admission::Come,
        _ => Admission::NotThere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_domain::id::{OrganisationId, PersonId, WorkerId};
    use uuid::Uuid;

    #[test]
    fn each_page_admits_only_whom_it_is_for() {
        let worker = Identity::Worker {
            worker: WorkerId(Uuid::nil()),
            organisation: OrganisationId(Uuid::nil()),
            role: WorkRole::DebtAdviser,
        };
        let person = Identity::Person { person: PersonId(Uuid::nil()), paper_code: false };
        assert_eq!(admits(For::Anyone, None), Admission::Come);
        assert_eq!(admits(For::Workers, Some(&Identity::Public)), Admission::SignIn);
        assert_eq!(admits(For::Workers, Some(&worker)), Admission::Come);
        assert_eq!(admits(NAVIGATING, Some(&worker)), Admission::NotThere);
        assert_eq!(admits(For::People, Some(&worker)), Admission::NotThere);
        assert_eq!(admits(For::People, Some(&person)), Admission::Come);
        assert_eq!(admits(For::LinkHolders, Some(&person)), Admission::NotThere);
    }

    #[test]
    fn an_address_is_of_the_route_whose_parts_it_has() {
        let declared =
            |path| Declared { method: Method::GET, path, audience: For::Workers, action: Action::View };
        assert!(declared("/people/{person}").fits("/people/0195"));
        assert!(declared("/people/add").fits("/people/add"));
        assert!(declared("/").fits("/"));
        for other in ["/people", "/people/", "/people/0195/plan", "/teams/0195"] {
            assert!(!declared("/people/{person}").fits(other), "{other}");
        }
    }
}

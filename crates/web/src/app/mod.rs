//! The program behind the pages: its state, who asks, and routes that say what they do.
//!
//! - [`App`] is the state that every handler gets;
//! - [`who`] finds out who asks and offers it to handlers as extractors;
//! - [`routes`] is the only way to add a page: each route names who it is for and the
//!   action it stands for, or the program does not build;
//! - [`again`] asks for a fresh sign-in on the way, with what was typed kept;
//! - [`carried`] carries a form on that came after its session was over;
//! - [`answer`] turns what a use case refused into the right page;
//! - [`shown`] keeps the page that answers a form, so that a browser can come back to it.

pub mod again;
pub mod answer;
pub mod carried;
pub mod form;
pub mod routes;
pub mod shown;
pub mod who;

pub use answer::Oops;
pub use form::Posted;
pub use routes::{For, Routes};
pub use who::{Anyone, Asking, SignedInPerson, SignedInSupporter, SignedInWorker};

use crate::page::Site;
use kith_care::Kith;
use kith_care::sign_in::elsewhere::Elsewhere;
use kith_domain::time::Instant;
use std::sync::Arc;

/// Where the time comes from. The program passes the machine's clock; tests their own.
pub trait Clock: Send + Sync + 'static {
    /// This moment.
    fn now(&self) -> Instant;
}

impl<F: Fn() -> Instant + Send + Sync + 'static> Clock for F {
    fn now(&self) -> Instant {
        self()
    }
}

/// What every handler gets.
#[derive(Clone)]
pub struct App {
    /// The use cases.
    pub kith: Kith,
    /// The settings of the place that pages need.
    pub site: Site,
    /// The places elsewhere that say who somebody is.
    pub elsewhere: Elsewhere,
    clock: Arc<dyn Clock>,
}

impl App {
    /// The state of the program.
    pub fn new(kith: Kith, site: Site, clock: impl Clock) -> App {
        App { kith, site, elsewhere: Elsewhere::none(), clock: Arc::new(clock) }
    }

    /// The same, with places elsewhere at which somebody can sign in.
    #[must_use]
    pub fn with_elsewhere(self, elsewhere: Elsewhere) -> App {
        App { elsewhere, ..self }
    }

    /// This moment, once a request: the session layer puts it into the principal.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The whole site, ready to serve.
    pub fn router(self) -> axum::Router {
        self.router_with(Routes::new())
    }

    /// The whole site with further routes, declared like its own, behind the same layers.
    pub fn router_with(self, further: Routes) -> axum::Router {
        let site = self.site.clone();
        let routes =
            crate::pages::routes().merge(crate::open::routes()).merge(further).into_router(self.clone());
        let keeps = axum::middleware::from_fn_with_state(self.clone(), shown::keep);
        crate::shell::wrap_with(
            site,
            routes,
            |pages| routes::with_session(pages, self),
            |all| all.layer(keeps),
        )
    }
}

/// Serves the site until `stop` is ready. Requests under way are answered first.
///
/// # Errors
/// The listener broke.
pub async fn serve(
    app: App,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = app.router().into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

//! Serving the pages on a listener until told to stop. What was begun is finished first:
//! a change that was acknowledged is on disk, and one that was not may not be.

use crate::app::App;
use std::future::Future;
use tokio::net::TcpListener;

/// Serves until `stop` is ready, then finishes what is under way.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, app.router()).with_graceful_shutdown(stop).await
}

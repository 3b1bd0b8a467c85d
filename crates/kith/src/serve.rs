//! `kith serve`: serves a partnership's pages, and runs its jobs.

use crate::common::{Problem, Where, now};
use kith_care::Kith;
use kith_store::Durability;
use kith_web::app::{App, serve};
use kith_web::page::{Site, SiteSettings};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use uuid::Uuid;

/// How often the daily job looks whether it is its turn. Running it again tells nobody twice.
const JOBS_EVERY: Duration = Duration::from_secs(60 * 60);

/// What to serve, and where.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8417")]
    listen: SocketAddr,
    /// The address that people use. Anything but loopback must be https
    #[arg(long, value_name = "URL", default_value = "http://localhost:8417")]
    public_url: String,
    /// Let a made-up place be reached from other machines
    #[arg(long)]
    allow_remote_demo: bool,
    /// Let the NHS colours be chosen; only an NHS organisation may switch this on
    #[arg(long)]
    nhs_host: bool,
    /// Do not wait for the disk: exists for the test that proves that Kith does. Refused
    /// unless everybody in the database is made up
    #[arg(long, hide = true)]
    danger_no_sync: bool,
}

/// Serves until it is told to stop.
///
/// # Errors
/// Something is missing or refused, in words.
pub async fn run(args: Args) -> Result<ExitCode, Problem> {
    if !kith_web::components_present() {
        return Err(Problem::say(format!(
            "This build has no page components. Run {} and build again.",
            kith_web::COMPONENTS_COMMAND
        )));
    }
    let public_url = check_public_url(&args.public_url)?;
    let durability = if args.danger_no_sync { Durability::None } else { Durability::Disk };
    let kith = args.place.kith(durability).await?;
    check_demo(&args, &kith)?;
    let settings = SiteSettings {
        place: place_name(&kith).await?,
        demo: kith.is_made_up(),
        nhs_host: args.nhs_host,
        public_url: public_url.clone(),
        ..SiteSettings::default()
    };
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .map_err(|cause| Problem::new(format!("Kith could not listen on {}", args.listen), &cause))?;
    let jobs = tokio::spawn(run_jobs(kith.clone()));
    println!("Kith serves {} at {public_url}", settings.place);
    if settings.demo {
        println!("Choose who to be at {public_url}/demo");
    }
    let app = App::new(kith.clone(), Site::new(settings), now);
    let served = serve(app, listener, stopped()).await;
    jobs.abort();
    kith.store().close().await;
    served.map_err(|cause| Problem::new("Kith stopped serving", &cause))?;
    Ok(ExitCode::SUCCESS)
}

async fn place_name(kith: &Kith) -> Result<String, Problem> {
    let broken = |cause: &dyn std::error::Error| Problem::new("The place could not be read", cause);
    let mut tx = kith.store().read().await.map_err(|e| broken(&e))?;
    let partnership = kith.partnership(&mut tx).await.map_err(|e| broken(&e))?;
    Ok(partnership.place.value.name.clone())
}

/// Links, origin checks and cookies follow the address that people use.
fn check_public_url(url: &str) -> Result<String, Problem> {
    let url = url.trim_end_matches('/');
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.filter(|r| !r.is_empty() && !r.contains('/')).ok_or_else(|| {
        Problem::say(format!("--public-url is {url}. Write it like https://kith.example.org, without a path."))
    })?;
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    if url.starts_with("http://") && !loopback {
        return Err(Problem::say("--public-url must begin with https:// for any address but this machine's own."));
    }
    Ok(url.to_owned())
}

/// A chooser of users is safe only on this machine, and an unsynced database only when
/// everybody in it is made up.
fn check_demo(args: &Args, kith: &Kith) -> Result<(), Problem> {
    if args.danger_no_sync && !kith.is_made_up() {
        return Err(Problem::say("--danger-no-sync works only where everybody is made up."));
    }
    if kith.is_made_up() && !args.listen.ip().is_loopback() && !args.allow_remote_demo {
        return Err(Problem::say(format!(
            "{} can be reached from other machines, and anybody could be anybody in a made-up place. \
             Listen on 127.0.0.1, or add --allow-remote-demo.",
            args.listen.ip()
        )));
    }
    Ok(())
}

/// The daily job. When it fails the next run tries again: jobs only tell people.
async fn run_jobs(kith: Kith) {
    let holder = Uuid::now_v7();
    let mut clock = tokio::time::interval(JOBS_EVERY);
    loop {
        clock.tick().await;
        match kith.run_daily(holder, now()).await {
            Ok(ran) if ran.elsewhere => {}
            Ok(ran) => tracing::info!(overdue = ran.overdue, lost = ran.lost, told = ran.told, "daily check"),
            Err(error) => tracing::error!(%error, "the daily check failed"),
        }
    }
}

/// Ready when the program is asked to stop.
async fn stopped() {
    let interrupted = async {
        // Without a handler there is nothing to wait for: then only the other signal stops it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

#[cfg(test)]
mod tests {
    use super::check_public_url;

    #[test]
    fn only_this_machine_may_do_without_https() {
        for good in ["http://localhost:8417", "http://127.0.0.1:9000/", "https://kith.example.org"] {
            assert!(check_public_url(good).is_ok(), "{good}");
        }
        for bad in ["http://kith.example.org", "kith.example.org", "https://", "https://kith.example.org/path"] {
            assert!(check_public_url(bad).is_err(), "{bad}");
        }
    }
}

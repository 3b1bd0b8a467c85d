//! `kith serve`: the pages, and the jobs that tell people, until it is told to stop.

use crate::cli::Serve;
use crate::error::{Answer, CliError};
use crate::{elsewhere, feeds, mail, open};
use kith_care::Kith;
use kith_domain::organisation::Place;
use kith_store::setting::{CRISIS, MOVED};
use kith_web::app::{App, serve};
use kith_web::crisis::CrisisHelp;
use kith_web::page::{Site, SiteSettings};
use std::net::IpAddr;
use std::time::Duration;
use uuid::Uuid;

/// How often the daily job looks whether it is its turn. Running it again tells nobody twice.
const JOBS_EVERY: Duration = Duration::from_secs(60 * 60);
/// How often the place is counted ahead. Pages show a count for longer than that.
const COUNT_EVERY: Duration = Duration::from_secs(60 * 60);

/// Serves the pages until the process is told to stop.
///
/// # Errors
/// The page components are absent, the address cannot be used, or the place is made up
/// and other machines could reach it.
pub(crate) async fn run(options: Serve) -> Result<Answer, CliError> {
    if !kith_web::components_present() {
        return Err(CliError::new(format!(
            "This program was built without the page components. Run this once, then build again: {}",
            kith_web::COMPONENTS_COMMAND
        )));
    }
    let public_url = public_url(&options.public_url)?;
    let kith = open::kith(&options.place).await?;
    not_moved_away(&kith, options.moved_back).await?;
    open::indexed(kith.store()).await?;
    if kith.is_made_up() && !options.listen.ip().is_loopback() && !options.allow_remote_demo {
        return Err(CliError::new(
            "This is the made-up place, where anybody can sign in as anybody. It listens only on this machine. \
             If you are sure that others may reach it, add --allow-remote-demo.",
        ));
    }
    let mailing = mail::mailing(&options.mail, kith.is_made_up())?;
    let elsewhere = elsewhere::read(options.sign_in.as_deref())?;
    let site = site(&kith, &options, public_url).await?;
    let told = told_to_stop();
    let listener = tokio::net::TcpListener::bind(options.listen).await.map_err(|cause| {
        let words = format!("{} cannot be listened on. Choose another with --listen.", options.listen);
        CliError::because(words, &cause)
    })?;
    let store = kith.store().clone();
    let settings = site.settings();
    tracing::info!(listen = %options.listen, url = %settings.public_url, engine = store.engine(), "serving");
    if settings.demo {
        tracing::info!("choose who to be at {}/demo", settings.public_url);
    }
    let ahead = tokio::spawn(work_out_ahead(kith.clone()));
    let jobs = tokio::spawn(run_jobs(kith.clone()));
    let feeding = match &options.feeds {
        Some(folder) => {
            Some(tokio::spawn(feeds::run(kith.clone(), feeds::read(folder)?, options.place.data.clone())))
        }
        None => None,
    };
    let carrying = match mailing {
        Some(mailing) => Some(tokio::spawn(mail::run(kith.clone(), mailing, settings.public_url.clone()))),
        None => {
            tracing::warn!("no messages leave: no way was given with --mail or --mail-folder");
            None
        }
    };
    let pages = serve(App::new(kith, site, crate::now).with_elsewhere(elsewhere), listener, told);
    let served = tokio::select! {
        served = pages => served,
        () = store.disk_failed() => stop_at_once(),
    };
    ahead.abort();
    jobs.abort();
    if let Some(feeding) = feeding {
        feeding.abort();
    }
    if let Some(carrying) = carrying {
        carrying.abort();
    }
    store.close().await;
    tracing::info!("stopped");
    served.map_err(|cause| CliError::because("Serving ended with an error.", &cause))?;
    Ok(Answer::Fine)
}

/// A database that was moved away is not served: what people write would go into one, and
/// be looked for in the other.
async fn not_moved_away(kith: &Kith, moved_back: bool) -> Result<(), CliError> {
    let mut read = kith.store().read().await?;
    let Some(day) = read.find_setting(MOVED).await? else { return Ok(()) };
    drop(read);
    if !moved_back {
        return Err(CliError::new(format!(
            "This database was moved to another on {day}, and is not served any more. Serve the new one. If the move \
             was given up and nobody wrote to the new one, add --moved-back once."
        )));
    }
    let mut tx = kith.store().write().await?;
    tx.clear_setting(MOVED).await?;
    Ok(tx.commit().await?)
}

/// What the disk holds is not known any more. Nothing is finished, closed or tried again:
/// each of those would write. The next start reads what is really there.
fn stop_at_once() -> ! {
    tracing::error!("the disk did not take a write: Kith stops. Look at the disk, then start it again");
    std::process::abort()
}

/// What pages keep in memory is worked out before somebody asks: how long people wait for
/// each service, and, again each hour, the counts of a large place. It is not needed:
/// pages work it out themselves, only later.
async fn work_out_ahead(kith: Kith) {
    if let Err(error) = kith.work_out_waits(crate::now()).await {
        tracing::warn!(%error, "the waits for services could not be worked out");
    }
    let mut clock = tokio::time::interval(COUNT_EVERY);
    loop {
        clock.tick().await;
        if let Err(error) = kith.count_ahead(crate::now()).await {
            tracing::warn!(%error, "the place could not be counted");
        }
    }
}

/// The daily job. When it fails the next run tries again: jobs only tell people.
async fn run_jobs(kith: Kith) {
    let holder = Uuid::now_v7();
    let mut clock = tokio::time::interval(JOBS_EVERY);
    loop {
        clock.tick().await;
        match kith.run_daily(holder, crate::now()).await {
            Ok(ran) if ran.elsewhere => {}
            Ok(ran) if ran.lost > 0 => {
                tracing::error!(
                    lost = ran.lost,
                    overdue = ran.overdue,
                    "something is lost: kith check names it"
                );
            }
            Ok(ran) => tracing::info!(overdue = ran.overdue, lost = ran.lost, told = ran.told, "daily check"),
            Err(error) => tracing::error!(%error, "the daily check failed"),
        }
    }
}

async fn site(kith: &Kith, options: &Serve, public_url: String) -> Result<Site, CliError> {
    let mut tx = kith.store().read().await?;
    let place = tx.list_common::<Place>().await?.into_iter().next();
    let own = tx.find_setting(CRISIS).await?;
    let crisis = match &options.crisis {
        None => match own {
            None => CrisisHelp::england(),
            Some(text) => serde_json::from_str(&text).map_err(|cause| {
                CliError::because("The numbers to call that the place was begun with cannot be read.", &cause)
            })?,
        },
        Some(path) => {
            let failed = |cause: &dyn std::error::Error| {
                let words = format!("The numbers to call could not be read from {}.", path.display());
                CliError::because(words, cause)
            };
            let text = std::fs::read_to_string(path).map_err(|e| failed(&e))?;
            toml::from_str(&text).map_err(|e| failed(&e))?
        }
    };
    Ok(Site::new(SiteSettings {
        place: place.map_or_else(|| "Our place".into(), |p| p.value.name),
        demo: kith.is_made_up(),
        nhs_host: options.nhs_host,
        public_url,
        leave_to: options.leave_to.clone(),
        crisis,
    }))
}

/// The address people type, without a path. On this machine http will do; anywhere else
/// a password would go over the wire in the open.
fn public_url(text: &str) -> Result<String, CliError> {
    let wrong = || {
        CliError::new(format!(
            "--public-url {text} is not an address such as https://kith.example.org or http://localhost:8417."
        ))
    };
    let url = text.trim().trim_end_matches('/');
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    if rest.is_empty() || rest.contains(['/', '?', '#', '@', ' ']) || !matches!(scheme, "http" | "https") {
        return Err(wrong());
    }
    if scheme == "http" && !is_this_machine(rest) {
        return Err(CliError::new(format!(
            "--public-url {text} has to be https: passwords would go over the wire in the open. Only \
             localhost may be http. Put a web server with a certificate in front."
        )));
    }
    Ok(url.to_owned())
}

fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Waits for Ctrl-C, or for the system to ask the program to end. It listens for that from the
/// moment of the call, so that whoever sees the door open can also ask it to close.
fn told_to_stop() -> impl Future<Output = ()> {
    let asked = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async move {
        let asked = async {
            match asked {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = asked => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_may_be_http_and_others_not() {
        for good in
            ["http://localhost:8417", "http://127.0.0.1", "http://[::1]:8417/", "https://kith.example.org"]
        {
            assert!(public_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://kith.example.org",
            "http://localhost.example.org",
            "kith.example.org",
            "https://",
            "ftp://localhost",
            "https://a/b",
            "http://127.0.0.1@example.org",
        ] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
        assert_eq!(public_url("https://kith.example.org/").unwrap(), "https://kith.example.org");
    }
}

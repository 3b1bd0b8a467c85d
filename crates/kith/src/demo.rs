//! `kith demo`: makes Brackenford and says where to go.

use crate::cli::Demo;
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_brackenford::{Made, Recipe, make};
use kith_domain::time::{Calendar, Instant};
use kith_store::{Durability, Store};
use serde_json::json;
use std::time::Instant as Watch;

/// Makes the made-up place.
///
/// # Errors
/// The database is not empty, or cannot be written.
pub(crate) async fn run(options: &Demo, now: Instant) -> Result<Answer, CliError> {
    let now = options.today.map_or(now, |day| Calendar::england().moment(day, 10, 30));
    // A place that is half made is thrown away, so nothing waits for the disk but the end.
    let durability = if options.place.database.is_some() { Durability::Disk } else { Durability::None };
    let store = Store::open_with(&open::database(&options.place), durability).await?;
    let recipe = Recipe { people: options.people, seed: options.seed, now };
    let bar = show::bar(options.people.into(), "Making Brackenford");
    let watch = Watch::now();
    let made = make(&store, &recipe, |people| bar.set_position(people.into())).await;
    bar.finish_and_clear();
    let made = made?;
    kith_store::reindex::is_done(&store).await?;
    store.close().await;
    let seconds = watch.elapsed().as_secs_f64();
    if options.json {
        as_json(&made, seconds)?
    } else {
        in_words(options, &made, seconds)
    }
    Ok(Answer::Fine)
}

fn as_json(made: &Made, seconds: f64) -> Result<(), CliError> {
    show::json(&json!({
        "people": made.people,
        "records": made.records,
        "journal_entries": made.entries,
        "seconds": seconds,
        "digest": made.digest,
        "guide": made.guide,
    }))
}

fn in_words(options: &Demo, made: &Made, seconds: f64) {
    show::line("Brackenford is ready. Everybody in it is made up.");
    show::table(&[
        ("people".into(), show::number(made.people)),
        ("records".into(), show::number(made.records)),
        ("journal entries".into(), show::number(made.entries)),
        ("took".into(), format!("{seconds:.1} s")),
        ("seed and digest".into(), format!("{}, {}", options.seed, &made.digest[..16])),
    ]);
    if options.no_next {
        return;
    }
    let place = match &options.place.database {
        Some(_) => "--database URL".to_owned(),
        None => format!("--data {}", options.place.data.display()),
    };
    show::line(&format!("\nNext:  kith serve {place}"));
    show::line("Then open http://localhost:8417/demo and choose Aisha Rahman, a navigator.");
    show::line(&format!("{} situations to look for are listed there.", made.guide.situations.len()));
}

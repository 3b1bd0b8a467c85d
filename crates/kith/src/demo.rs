//! `kith demo`: makes Brackenford and stops.

use crate::common::{Problem, Where, now};
use indicatif::{ProgressBar, ProgressStyle};
use kith_brackenford::{PEOPLE, Recipe, SEED, make};
use kith_store::Durability;
use std::process::ExitCode;

/// What to make, and where.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// How many people
    #[arg(long, default_value_t = PEOPLE)]
    people: u32,
    /// The seed: the same seed on the same day makes the same place
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

/// Makes the place.
///
/// # Errors
/// The database is not empty, or could not be written.
pub async fn run(args: Args) -> Result<ExitCode, Problem> {
    // A place that is half made is thrown away, so nothing waits for the disk but the end.
    let durability = if args.place.database.is_some() { Durability::Disk } else { Durability::None };
    let store = args.place.store(durability).await?;
    let bar = ProgressBar::new(u64::from(args.people));
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos} of {len} people, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message("Making Brackenford");
    let recipe = Recipe { people: args.people, seed: args.seed, now: now() };
    let made = make(&store, &recipe, |people| bar.set_position(u64::from(people))).await;
    bar.finish_and_clear();
    let made = made.map_err(|cause| Problem::new("Brackenford could not be made", &cause))?;
    store.close().await;
    println!(
        "Brackenford is made: {} people, {} records, {} journal entries. Everybody in it is made up.",
        made.people, made.records, made.entries
    );
    Ok(ExitCode::SUCCESS)
}

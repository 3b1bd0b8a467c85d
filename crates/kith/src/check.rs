//! `kith check`: is anything lost?

use crate::common::{Problem, Where, now};
use kith_store::Durability;
use std::process::ExitCode;

/// Where to look.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

/// Looks, prints, and exits with 1 when something is lost.
///
/// # Errors
/// The database could not be read.
pub async fn run(args: Args) -> Result<ExitCode, Problem> {
    let kith = args.place.kith(Durability::Disk).await?;
    let checked = kith.check(now()).await.map_err(|cause| Problem::new("The check could not be made", &cause))?;
    if args.json {
        let text = serde_json::to_string_pretty(&checked).map_err(|e| Problem::new("The answer could not be written", &e))?;
        println!("{text}");
    } else {
        println!(
            "{} people, {} open things, {} past their day, {} moved twice or more without contact.",
            checked.people, checked.open, checked.overdue, checked.kept_moving
        );
        for thing in &checked.lost {
            println!("LOST  {} {}: {} ({})", thing.kind, thing.reference, thing.words, thing.organisation);
        }
        match checked.lost.len() {
            0 => println!("Nothing is lost."),
            1 => println!("1 thing is lost."),
            n => println!("{n} things are lost."),
        }
    }
    Ok(if checked.lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

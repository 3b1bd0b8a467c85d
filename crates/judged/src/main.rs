//! `judged`: prints what three ways of finding are worth, or what they find that counts as nothing.

use clap::Parser;
use kith_domain::find::{Candidate, Config, Entry};
use kith_judged::JudgedError;
use kith_judged::corpus;
use kith_judged::measure::{Set, Total, answers};
use kith_judged::rankers::{Rankers, Way, metres};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

/// How well Kith finds, beside two other ways of finding.
#[derive(Parser)]
struct Options {
    /// Where the open data is; beside the repository by default
    #[arg(long, env = "KITH_SHARED")]
    shared: Option<PathBuf>,
    /// Print what any way finds among its first and what stands in no line of the judgements, with what it
    /// says: to be read again
    #[arg(long)]
    pool: bool,
    /// How many of the first of each way are in the pool
    #[arg(long, default_value_t = 10)]
    deep: usize,
    /// Print every question with its figures
    #[arg(long)]
    each: bool,
    /// Try other weights: fitting, words, near, space, adjustments, checked, cost, and the BM25 score that is
    /// worth one half
    #[arg(long, value_delimiter = ',', num_args = 8)]
    weights: Vec<f64>,
    /// Print what Kith answers to one question
    #[arg(long)]
    one: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("{cause}");
            ExitCode::FAILURE
        }
    }
}

/// The weights to find with.
fn config(options: &Options) -> Config {
    let mut config = Config::default();
    if let [need, text, travel, availability, access, freshness, cost, half] = options.weights[..] {
        (config.weight_need, config.weight_text, config.weight_travel) = (need, text, travel);
        (config.weight_availability, config.weight_access) = (availability, access);
        (config.weight_freshness, config.weight_cost, config.text_half) = (freshness, cost, half);
    }
    config
}

async fn run(options: &Options) -> Result<(), JudgedError> {
    let shared = options.shared.clone().unwrap_or_else(|| corpus::root().join("../shared"));
    let mut sets = vec![Set::of(corpus::brackenford().await?)?];
    match corpus::trafford(&shared)? {
        Some(trafford) => sets.push(Set::of(trafford)?),
        None => println!("Trafford is left out: its open data is not there. Set KITH_SHARED to where it is."),
    }
    let config = config(options);
    if let Some(id) = &options.one {
        return sets.iter().try_for_each(|set| one(set, id, &config));
    }
    if options.pool {
        return sets.iter().try_for_each(|set| pool(set, options.deep, &config));
    }
    let mut all: Vec<Vec<_>> = vec![Vec::new(); Way::ALL.len()];
    for set in &sets {
        println!(
            "\n{}: {} listings, {} questions, {} judgements",
            set.corpus.name,
            set.corpus.candidates.len(),
            set.asked.len(),
            set.judgements.len()
        );
        heading();
        for (n, way) in Way::ALL.into_iter().enumerate() {
            let answers = answers(set, way, &config)?;
            row(way.name(), Total::of(&answers));
            all[n].extend(answers);
        }
        if options.each {
            each(set, &config)?;
        }
    }
    println!("\nAll together");
    heading();
    for (way, answers) in Way::ALL.into_iter().zip(&all) {
        row(way.name(), Total::of(answers));
        row("    held out", Total::of(answers.iter().filter(|a| a.held_out)));
        row("    the others", Total::of(answers.iter().filter(|a| !a.held_out)));
    }
    Ok(())
}

fn heading() {
    println!(
        "{:<22} {:>9} {:>7} {:>10} {:>14}",
        "way of finding", "questions", "nDCG@5", "no result", "not for them"
    );
}

fn row(name: &str, total: Total) {
    println!(
        "{name:<22} {:>9} {:>7.3} {:>9.1}% {:>13.1}%",
        total.questions,
        total.ndcg,
        total.nothing * 100.0,
        total.wrong * 100.0
    );
}

fn each(set: &Set, config: &Config) -> Result<(), JudgedError> {
    let ways: Result<Vec<_>, _> = Way::ALL.into_iter().map(|way| answers(set, way, config)).collect();
    let ways = ways?;
    for (n, asked) in set.asked.iter().enumerate() {
        let figure = |way: usize| ways[way][n].ndcg.map_or_else(|| "   - ".into(), |f| format!("{f:.3}"));
        println!(
            "{} {}  Kith {} distance {} words {}  not for them {}  {}",
            asked.id,
            if asked.held_out() { "held" } else { "    " },
            figure(0),
            figure(1),
            figure(2),
            ways[0][n].wrong,
            asked.words
        );
    }
    Ok(())
}

/// Of each question, what any of the ways has among its first and what counts as nothing to do with it.
fn pool(set: &Set, deep: usize, config: &Config) -> Result<(), JudgedError> {
    let rankers = Rankers::new(&set.corpus, config);
    for asked in &set.asked {
        let query = asked.query(&set.corpus)?;
        let found: BTreeSet<usize> =
            Way::ALL.into_iter().flat_map(|way| rankers.first(way, &query, deep)).collect();
        let open = |n: &usize| set.judgements.grade(&asked.id, &set.corpus.keys[*n]).is_none();
        let open: Vec<usize> = found.into_iter().filter(open).collect();
        if open.is_empty() {
            continue;
        }
        println!("\n# {} {:?} near {:?}: {}", asked.id, asked.words, asked.near, asked.who);
        for n in open {
            let km = metres(&set.corpus.candidates[n], query.from.point) / 1000.0;
            println!("{n:>4} {} [{km:.1} km] {}", set.corpus.keys[n], says(&set.corpus.candidates[n]));
        }
    }
    Ok(())
}

/// What Kith answers, with its reasons.
fn one(set: &Set, id: &str, config: &Config) -> Result<(), JudgedError> {
    let Some(asked) = set.asked.iter().find(|asked| asked.id == id) else { return Ok(()) };
    let rankers = Rankers::new(&set.corpus, config);
    println!("{asked:#?}");
    for n in rankers.first(Way::Kith, &asked.query(&set.corpus)?, 10) {
        let grade = set.judgements.grade(id, &set.corpus.keys[n]);
        println!("{grade:?} {}: {}", set.corpus.keys[n], says(&set.corpus.candidates[n]));
    }
    for grade in [3, 2] {
        let keys = set.corpus.keys.iter();
        let these: Vec<_> =
            keys.filter(|k| set.judgements.grade(id, k).is_some_and(|g| g.worth() == grade)).collect();
        println!("judged {grade}: {these:?}");
    }
    Ok(())
}

/// What a listing says that matters to a judge.
fn says(candidate: &Candidate) -> String {
    let (needs, about, rules, opening) = match &candidate.entry {
        Entry::Service(_, s) => {
            let week = s.opening.week.lines().into_iter().map(|(days, hours)| format!("{days} {hours}"));
            (&s.needs, &s.description, &s.eligibility, week.collect::<Vec<_>>().join(", "))
        }
        Entry::Group(_, g, next) => {
            let next = next.as_ref().map(|m| m.words()).unwrap_or_default();
            (&g.needs, &g.description, &g.eligibility, format!("group, next {next}"))
        }
    };
    let codes: Vec<&str> = needs.iter().map(|n| n.as_str()).collect();
    let ages = match (rules.age_min, rules.age_max) {
        (None, None) => String::new(),
        (min, max) => format!(" ages {min:?}-{max:?}"),
    };
    format!("{} {:?}{ages} | {about} | {opening}", codes.join(" "), rules.gender)
}

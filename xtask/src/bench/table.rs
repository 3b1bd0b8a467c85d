//! The tables, as they are printed.

use super::Measured;
use super::machine::Cost;
use super::place::Kept;

/// How the place was made.
pub fn print_made(kept: &Kept) {
    let made = &kept.made;
    println!(
        "\nthe place: {} people, {} records, {} journal entries, {:.0} MB; made in {:.0} s with {:.0} MB at most",
        made.people,
        made.records,
        made.journal_entries,
        kept.megabytes(),
        made.seconds,
        made.most_mb
    );
}

/// What a command cost, in words.
pub fn cost(cost: &Cost) -> String {
    format!("{:.1} s, {:.1} s of CPU, {:.0} MB at most", cost.seconds, cost.cpu, cost.most_mb)
}

/// One engine.
pub fn print(title: &str, rows: &[Measured], notes: &[String]) {
    println!("\n{title}; CPU in microseconds a request, waits in milliseconds from the moment each was due");
    println!(
        "{:<26} {:>5} {:>6} {:>5} {:>8} {:>7} {:>6} {:>8} {:>8} {:>5} {:>5} {:>7} {:>7} {:>7} {:>7}",
        "what",
        "a sec",
        "right",
        "wrong",
        "CPU",
        "floors",
        "of",
        "database",
        "the load",
        "SQL",
        "kB",
        "p50",
        "p95",
        "p99",
        "worst"
    );
    for row in rows {
        let outcome = &row.outcome;
        let each = |us: u64| us as f64 / outcome.requests.max(1) as f64;
        let ms = |share: f64| outcome.percentile(share) as f64 / 1000.0;
        println!(
            "{:<26} {:>5.0} {:>6} {:>5} {:>8.0} {:>7} {:>6.0} {:>8.0} {:>8.0} {:>5} {:>5.0} {:>7.1} {:>7.1} {:>7.1} {:>7.1}",
            row.name,
            row.rate,
            outcome.right,
            outcome.wrong + outcome.failed,
            each(outcome.server_us),
            format!("{:.1}", each(outcome.server_us) / row.floor_us.max(1.0)),
            row.floor_us,
            each(outcome.database_us),
            each(outcome.own_us),
            row.statements.map_or(String::new(), |count| count.to_string()),
            outcome.longest as f64 / 1000.0,
            ms(0.5),
            ms(0.95),
            ms(0.99),
            ms(1.0)
        );
        if !outcome.example.is_empty() {
            println!("    {}", outcome.example.replace('\n', " "));
        }
    }
    for note in notes {
        println!("{note}");
    }
}

//! What a permit costs: microseconds of CPU for one, and for the 50 guarded records of a
//! page. `cargo xtask bench` runs it. Where the system does not tell the CPU of a program
//! (`/proc`), the figures are 0.

use clap::Parser;
use kith_access::{Decider, decide_cost, page_cost};

/// What a permit costs
#[derive(Parser)]
struct Options {
    /// How many decisions
    #[arg(default_value_t = 20_000)]
    times: u32,
}

fn main() {
    let Options { times } = Options::parse();
    let decider = match Decider::new() {
        Ok(decider) => decider,
        Err(fault) => return println!("{fault}"),
    };
    let pages = (times / 20).max(1);
    measure("permit", times, || decide_cost(&decider, times) == times);
    measure("page of 50 about one person", pages, || page_cost(&decider, pages, 50, false) == pages * 50);
    measure("page of 50 about 50 people", pages, || page_cost(&decider, pages, 50, true) == pages * 50);
}

fn measure(what: &str, times: u32, work: impl FnOnce() -> bool) {
    let before = cpu();
    let right = work();
    let us = (cpu() - before) * 1e6 / f64::from(times);
    println!("{what}\t{us:.1}\t{}", if right { "all allowed" } else { "WRONG: not all allowed" });
}

/// Seconds of CPU that this program has used (Linux; elsewhere none are counted).
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

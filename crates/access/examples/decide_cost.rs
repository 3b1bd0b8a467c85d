//! Decides many times and prints how many were allowed. Time it from outside:
//! `time cargo run -p kith-access --example decide_cost -- 10000`

use kith_access::{Decider, decide_cost};

fn main() {
    let times = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(10_000);
    match Decider::new() {
        Ok(decider) => println!("{} of {times} allowed", decide_cost(&decider, times)),
        Err(fault) => println!("{fault}"),
    }
}

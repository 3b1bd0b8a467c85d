//! Kith's own index.

use crate::made::{TODAY, common, full, service};
use crate::measure::{Done, memory_mb, own_cpu_us, run};
use kith_domain::directory::NeedCode;
use kith_domain::find::{Config, EntryId, Index, Page};
use std::collections::BTreeMap;
use std::time::Instant;

/// Builds, asks, changes.
pub fn measure(services: u64, questions: u64, changes: u64) -> Done {
    let before = memory_mb();
    let mut index = Index::default();
    let mut building = std::time::Duration::ZERO;
    for number in 0..services {
        let made = service(number);
        let began = Instant::now();
        index.put(made.candidate);
        building += began.elapsed();
    }
    let memory = memory_mb() - before;
    let ask = |number: u64| {
        let c = common(number, services);
        let need = NeedCode::parse(c.need).expect("it is on the list");
        (c, need)
    };
    let prepared: Vec<_> = (0..questions).map(ask).collect();
    let number_of = |place: usize| match index.at(place).expect("it was found").id() {
        EntryId::Service(id) => id.0.as_u128() as u64 - 1,
        EntryId::Group(_) => 0,
    };
    let nearest = |n: u64| {
        let (c, need) = &prepared[n as usize];
        index.nearest(&c.words.join(" "), Some(need), c.from, c.within_m, 20)
    };
    run(questions.min(200), nearest);
    let cpu = own_cpu_us();
    let (common_us, found) = run(questions, nearest);
    let common_cpu_us = (own_cpu_us() - cpu) / questions as f64;
    let answers = found.iter().map(|all| all.iter().map(|(place, _)| number_of(*place)).collect()).collect();
    let config = Config::default();
    let page = Page { ranked: 20, excluded: 20 };
    let queries: Vec<_> = (0..questions).map(full).collect();
    let search = |n: u64| index.search(&queries[n as usize], &BTreeMap::new(), &config, TODAY, page);
    run(questions.min(200), search);
    let cpu = own_cpu_us();
    let (full_us, shown) = run(questions, search);
    let full_cpu_us = (own_cpu_us() - cpu) / questions as f64;
    let offered: usize = shown.iter().map(|s| s.offered).sum();
    let out: usize = shown.iter().map(|s| s.left_out).sum();
    drop(shown);
    let mut seen = 0;
    let (change_us, ()) = {
        let (took, all) = run(changes, |n| {
            let mut candidate = service(n * 37 % services).candidate;
            if let kith_domain::find::Entry::Service(_, service) = &mut candidate.entry {
                service.name = format!("zuzuzu {n}");
            }
            index.put(candidate);
            let query = kith_domain::find::Query { words: "zuzuzu".into(), ..Default::default() };
            index.search(&query, &BTreeMap::new(), &config, TODAY, Page { ranked: 1, excluded: 0 }).offered
        });
        seen += all.last().copied().unwrap_or(0);
        (took, ())
    };
    Done {
        engine: "Kith".into(),
        build_s: building.as_secs_f64(),
        memory_mb: memory,
        common_us,
        common_cpu_us,
        full_us,
        full_cpu_us,
        change_us,
        answers,
        note: format!(
            "a full question judges {:.0} and offers {:.0}, and tells the reasons of 20 of each; {seen} of {changes} \
             changes were found at once. A change here includes making the service and asking again",
            (offered + out) as f64 / questions as f64,
            offered as f64 / questions as f64
        ),
    }
}

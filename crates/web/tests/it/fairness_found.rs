//! The unfairness that is planted is found on the page that is for it, and none where none was
//! planted. Towns are told in memory and counted as the page counts them; both rates are
//! printed. `KITH_FAIR_TOWNS` and `KITH_FAIR_PEOPLE` make it longer.

use crate::harness::start;
use kith_brackenford::pen::Pen;
use kith_brackenford::story::{Kept, Town, Write};
use kith_brackenford::{Recipe, found, people, situations};
use kith_care::fairness::by::{Place, groups};
use kith_care::fairness::ways::Gathering;
use kith_care::fairness::{By, Funnel, Measure, Period, funnel, policy};
use kith_domain::equality::Equality;
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::Telling;
use kith_domain::record::{Meta, Saved};
use kith_domain::referral::Referral;
use kith_store::{Database, Durability, Store};
use std::collections::BTreeMap;

/// A town whose stories can be told, without its people.
async fn town(seed: u64) -> Town {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Folder(folder.path().to_owned());
    let store = Store::open_with(&database, Durability::None).await.unwrap();
    let mut pen = Pen::new(&store);
    found(&mut pen, &Recipe { people: 600, seed, now: start() }, 600).await.unwrap()
}

/// The last version of each record of a kind.
fn last<T: Kept>(writes: &[Write]) -> Vec<Saved<T>> {
    let mut found = BTreeMap::new();
    for w in writes {
        if let Some(value) = T::in_value(&w.value) {
            let meta = Meta {
                id: w.id,
                version: 1,
                at: w.writing.at,
                created: w.writing.at,
                author: w.writing.author,
                created_by: w.writing.author,
                recorded_for: None,
                person: w.person,
                owner: w.owner,
                entered_in_error: w.in_error,
            };
            found.insert(w.id, Saved { meta, value: value.clone() });
        }
    }
    found.into_values().collect()
}

/// Everybody of a town, gathered as the page gathers them.
fn gathered(town: &Town, most: u32) -> Gathering {
    let period = Period::choices(town.when.calendar.day(start())).remove(0);
    let stories: Vec<_> =
        (situations::count()..most).map(|number| people::story(town, number).unwrap()).collect();
    let mut g = Gathering::new(period, &town.when.calendar);
    stories.iter().for_each(|w| last::<Need>(w).iter().for_each(|n| g.need(n)));
    for writes in &stories {
        last::<Person>(writes).iter().for_each(|p| g.person(p));
        last::<Equality>(writes).iter().for_each(|e| g.equality(e));
        last::<Referral>(writes).iter().for_each(|r| g.referral(r));
        last::<Telling>(writes).iter().for_each(|t| g.telling(t));
    }
    g
}

fn counted(g: &Gathering, by: By, and: Option<By>) -> Funnel {
    let place = Place::default();
    let (groups, crossed) = groups(by, and, &place);
    let ways: Vec<_> =
        g.people().filter_map(|(_, f)| g.way(f, (by, and), &groups, &place, start())).collect();
    assert_eq!(ways.len(), g.people().count(), "nobody is dropped");
    funnel(&ways, &groups, crossed.as_ref(), None, &policy(5, 5))
}

/// Named as worse off: which groups, in which measures.
fn worse(f: &Funnel) -> Vec<(&str, Measure)> {
    f.findings.iter().filter(|x| x.worse).map(|x| (f.rows[x.row].group.code.as_str(), x.measure)).collect()
}

#[tokio::test]
async fn planted_unfairness_is_found_and_none_where_none_was_planted() {
    let towns: u64 = std::env::var("KITH_FAIR_TOWNS").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    let size: u32 = std::env::var("KITH_FAIR_PEOPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000);
    let (mut found, mut crossed, mut alarms, mut tables) = (0, 0, 0, 0);
    for seed in 0..towns {
        let mut unfair = town(100 + seed).await;
        let g = gathered(&unfair, size);
        let pair = counted(&g, By::Ethnicity, Some(By::Gender));
        let named = worse(&pair);
        let black_men = |measure| named.contains(&("black+man", measure));
        crossed += u64::from(black_men(Measure::Told) || black_men(Measure::Wait));
        let alone = counted(&g, By::Ethnicity, None);
        found += u64::from(worse(&alone).iter().any(|(group, _)| *group == "black"));
        unfair.fair = true;
        let g = gathered(&unfair, size);
        // Disability is drawn by lot; who is told about which group differs by age and gender
        // on purpose (a group for women, one for people over 50), so that these are not asked.
        for (by, and) in [(By::Ethnicity, None), (By::Ethnicity, Some(By::Gender)), (By::Disability, None)] {
            let f = counted(&g, by, and);
            let named = worse(&f);
            let wrong: Vec<_> = named
                .iter()
                .filter(|(group, m)| {
                    *m == Measure::Wait || by == By::Disability || group.starts_with("black")
                })
                .collect();
            if !wrong.is_empty() {
                eprintln!("seed {seed}, by {by:?} and {and:?}: {wrong:?}");
            }
            tables += 1;
            alarms += u64::from(!wrong.is_empty());
            eprintln!("fair seed {seed} {by:?} {and:?}: all worse {named:?}");
        }
        eprintln!("unfair seed {seed}: pair {:?}, alone {:?}", worse(&pair), worse(&alone));
    }
    eprintln!(
        "planted, {size} people: found by ethnic group and gender in {crossed} of {towns} towns, by ethnic \
         group alone in {found}; not planted: named in {alarms} of {tables} tables"
    );
    // How often depends on how many people there are: of 600, hardly ever. A few towns in a test
    // of seconds show that it can be found; many large ones how often it is.
    let least = if size >= 10_000 { towns * 3 / 4 } else { 1 };
    assert!(crossed >= least, "found in {crossed} of {towns}");
    assert!(alarms * 5 <= tables, "{alarms} of {tables}");
}

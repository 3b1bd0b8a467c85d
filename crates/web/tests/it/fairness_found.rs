//! The unfairness that is planted is found on the page that is for it, and none where none was
//! planted. Towns are told in memory and counted as the page counts them. Three rates are printed:
//! how often it is found where it was planted; how often the same groups are named in the same
//! towns without it; and how often anything is named when everybody's answers about equality were
//! given to somebody else, so that no group can be unlike another but by chance.
//! `cargo xtask prove fair` does it over many towns of several sizes.

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

/// What the page counts, of everybody in a town.
#[derive(Default)]
struct Told {
    needs: Vec<Saved<Need>>,
    people: Vec<Saved<Person>>,
    said: Vec<Saved<Equality>>,
    referrals: Vec<Saved<Referral>>,
    tellings: Vec<Saved<Telling>>,
}

impl Told {
    fn of(town: &Town, most: u32) -> Told {
        let mut told = Told::default();
        for number in situations::count()..most {
            let writes = people::story(town, number).unwrap();
            told.needs.extend(last::<Need>(&writes));
            told.people.extend(last::<Person>(&writes));
            told.said.extend(last::<Equality>(&writes));
            told.referrals.extend(last::<Referral>(&writes));
            told.tellings.extend(last::<Telling>(&writes));
        }
        told
    }

    /// Gathered as the page gathers them; each answer about equality is that of the person so
    /// many further on.
    fn gathered(&self, town: &Town, further: usize) -> Gathering {
        let period = Period::choices(town.when.calendar.day(start())).remove(0);
        let mut g = Gathering::new(period, &town.when.calendar);
        self.needs.iter().for_each(|n| g.need(n));
        self.people.iter().for_each(|p| g.person(p));
        for (at, said) in self.said.iter().enumerate() {
            let of = &self.said[(at + further) % self.said.len()];
            g.equality(&Saved { meta: of.meta.clone(), value: said.value.clone() });
        }
        self.referrals.iter().for_each(|r| g.referral(r));
        self.tellings.iter().for_each(|t| g.telling(t));
        g
    }
}

fn counted(g: &Gathering, by: By, and: Option<By>) -> Funnel {
    let place = Place::default();
    let (groups, crossed) = groups(by, and, &place);
    let ways: Vec<_> =
        g.people(None).filter_map(|(_, f)| g.way(&f, (by, and), &groups, &place, start())).collect();
    assert_eq!(ways.len(), g.people(None).count(), "nobody is dropped");
    funnel(&ways, &groups, crossed.as_ref(), None, &policy(5, 5))
}

/// Named as worse off: which groups, in which measures.
fn worse(f: &Funnel) -> Vec<(&str, Measure)> {
    f.findings.iter().filter(|x| x.worse).map(|x| (f.rows[x.row].group.code.as_str(), x.measure)).collect()
}

/// Are Black men named for what was planted: fewer told about groups, longer waits?
fn is_named(f: &Funnel) -> bool {
    let planted =
        |(group, m): &(&str, Measure)| *group == "black+man" && matches!(m, Measure::Told | Measure::Wait);
    worse(f).iter().any(planted)
}

/// So many of so many.
#[derive(Default, Debug)]
struct Rate(u64, u64);

impl Rate {
    fn add(&mut self, is: bool) {
        self.0 += u64::from(is);
        self.1 += 1;
    }
}

#[derive(Default, Debug)]
struct Rates {
    planted: Rate,
    not_planted: Rate,
    shuffled: Rate,
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// One town with the unfairness and without, and its answers given to others `shuffles` times.
async fn one_town(seed: u64, size: u32, shuffles: u64, rates: &mut Rates) {
    let pair = (By::Ethnicity, Some(By::Gender));
    let mut town = town(seed).await;
    let told = Told::of(&town, size);
    let f = counted(&told.gathered(&town, 0), pair.0, pair.1);
    let black_men = f.rows.iter().find(|r| r.group.code == "black+man").unwrap();
    println!("{seed}: {:?} told {:?}, {:?}", black_men.people, black_men.told, worse(&f),);
    rates.planted.add(is_named(&f));
    for n in 0..shuffles {
        // Far enough that no two shuffles have neighbours in common.
        let g = told.gathered(&town, 101 + 53 * usize::try_from(n).unwrap());
        rates.shuffled.add(!counted(&g, By::Ethnicity, None).findings.is_empty());
        if n % 4 == 0 {
            rates.shuffled.add(!counted(&g, pair.0, pair.1).findings.is_empty());
        }
    }
    town.fair = true;
    let f = counted(&Told::of(&town, size).gathered(&town, 0), pair.0, pair.1);
    println!("{seed}, fair: {:?}", worse(&f));
    rates.not_planted.add(is_named(&f));
}

#[tokio::test]
async fn planted_unfairness_is_found_and_none_where_none_was_planted() {
    let towns = number("KITH_FAIR_TOWNS", 2);
    let size = u32::try_from(number("KITH_FAIR_PEOPLE", 5_000)).unwrap();
    let mut rates = Rates::default();
    for seed in number("KITH_FAIR_FIRST", 100)..number("KITH_FAIR_FIRST", 100) + towns {
        one_town(seed, size, number("KITH_FAIR_SHUFFLES", 4), &mut rates).await;
    }
    let Rates { planted, not_planted, shuffled } = &rates;
    println!(
        "{size} people: where it was planted found in {} of {} towns; where it was not, Black men named in {} of \
         {}; with answers given to others anything named in {} of {} tables",
        planted.0, planted.1, not_planted.0, not_planted.1, shuffled.0, shuffled.1
    );
    // How often it is found depends on how many people there are; smaller places are only measured.
    if size >= 5_000 {
        assert!(planted.0 * 2 >= planted.1, "found in {planted:?}");
    }
    assert!(not_planted.0 * 10 <= not_planted.1, "{not_planted:?}");
    // One in twenty is what the correction promises; by chance a few more of few.
    let most = shuffled.1 as f64 * 0.05 + 3.0 * (shuffled.1 as f64 * 0.05 * 0.95).sqrt();
    assert!(shuffled.0 as f64 <= most, "{shuffled:?}");
}

//! 500 feeds with faults put into them at random places (always the same ones): no crash, no
//! entry lost, every refusal explained, and what was not touched is as it was.

use super::made::{a_group, a_service};
use super::{around, published, source};
use kith_exchange::oruk::feed::read_all;
use kith_exchange::oruk::older::envelope;
use kith_exchange::oruk::publish::What;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Numbers that are the same each time (xorshift, Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % (n.max(1) as u64)) as usize
    }
}

/// The address of every value in it.
fn paths(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Array(all) => all.iter().enumerate().for_each(|(n, v)| paths(v, &format!("{at}/{n}"), out)),
        Value::Object(all) => {
            for (name, v) in all {
                paths(v, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {}
    }
}

fn nasty(chance: &mut Chance) -> Value {
    let deep = (0..60).fold(json!("end"), |inner, _| json!([inner]));
    let all = [
        json!(null),
        json!(""),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(true),
        json!([]),
        json!({}),
        json!([null, [], {}, "x"]),
        json!("\u{0}\u{7}\u{202e}gnihtemos"),
        json!("x".repeat(100_000)),
        json!("<script>alert(1)</script><p>Tea"),
        json!("9999-99-99"),
        json!("25:61"),
        json!("javascript:alert(1)"),
        json!({ "id": { "id": {} } }),
        json!("MO,,XX,5FR,-9TU"),
        json!("NaN"),
        json!("\u{1F9E1}\u{301}\u{301}"),
        deep,
    ];
    all[chance.below(all.len())].clone()
}

fn mutate(entry: &mut Value, chance: &mut Chance) {
    for _ in 0..=chance.below(4) {
        let mut all = Vec::new();
        paths(entry, "", &mut all);
        let at = all[chance.below(all.len())].clone();
        let Some(value) = entry.pointer_mut(&at) else { continue };
        match (chance.below(4), value) {
            (0, Value::Object(o)) => {
                let names: Vec<String> = o.keys().cloned().collect();
                if let Some(name) = names.get(chance.below(names.len().max(1))) {
                    let moved = o.remove(name);
                    o.insert(format!("{name}s"), moved.unwrap_or_default());
                }
            }
            (1, Value::Array(a)) if !a.is_empty() => {
                let again = a[chance.below(a.len())].clone();
                a.extend([again.clone(), again, Value::Null]);
            }
            (_, value) => *value = nasty(chance),
        }
    }
}

/// What feeds really look like: our own, Open Referral UK 1 and Outpost.
fn bases() -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let mut all = Vec::new();
    for n in 0..6 {
        let s = a_service().new_tree(&mut runner).unwrap().current();
        all.push(published(100 + n, What::Service(&s), None));
        let g = a_group().new_tree(&mut runner).unwrap().current();
        all.push(published(200 + n, What::Group(&g, Vec::new()), None));
    }
    all.push(super::shapes::version_one());
    all.push(super::shapes::outpost());
    all
}

#[test]
fn five_hundred_broken_feeds() {
    let source = source();
    let bases = bases();
    let whole = read_all(&bases, &around(&source));
    assert_eq!(whole.read.len(), bases.len(), "{:?}", whole.refused);
    let mut chance = Chance(20_261_123);
    let (mut refused, mut changed, mut noticed) = (0, 0, 0);
    for round in 0..500 {
        let mut feed = bases.clone();
        let at = chance.below(feed.len());
        mutate(&mut feed[at], &mut chance);
        changed += usize::from(feed[at] != bases[at]);
        let report = read_all(&feed, &around(&source));
        assert_eq!(report.read.len() + report.refused.len(), feed.len(), "round {round}: an entry is lost");
        for r in &report.refused {
            assert!(!r.why.is_empty() && !r.what_to_do.is_empty(), "round {round}: refused without a reason");
        }
        refused += report.refused.len();
        let touched = whole.read[at].identifier.clone();
        // Refused, read otherwise, or read with a remark.
        noticed += usize::from(report.read.iter().all(|r| *r != whole.read[at]));
        for before in whole.read.iter().filter(|r| r.identifier != touched) {
            let now = report.read.iter().find(|r| r.identifier == before.identifier);
            assert_eq!(now, Some(before), "round {round}: an entry that was not touched is another");
        }
        // What is read can be stored, and is text that can be shown.
        for read in &report.read {
            let text = serde_json::to_string(&format!("{:?}", read.what)).unwrap();
            assert!(!text.contains("\\u0000") && !text.contains("u{202e}"), "round {round}");
            let url = match &read.what {
                kith_exchange::oruk::read::Imported::Service(s) => s.contact.url.clone(),
                kith_exchange::oruk::read::Imported::Group(g, _) => g.contact.url.clone(),
            };
            assert!(url.is_none_or(|u| u.starts_with("http")), "round {round}");
        }
        // A page of anything is a page or none, and nothing breaks.
        let mut page = json!({ "contents": feed, "total_pages": 1 });
        mutate(&mut page, &mut chance);
        let _ = envelope(&page).map(|page| read_all(&page.entries, &around(&source)));
    }
    println!("{changed} changed, {noticed} noticed, {refused} refused");
    // Most faults leave an entry that can be read, with the bad value left out and a remark.
    assert!(
        changed > 450 && noticed > 200 && refused > 0,
        "the faults are real: {changed}, {noticed}, {refused}"
    );
}

//! An analysis written down before it is run: what a seal holds, and what breaks it.

use kith_insight::impact::plan::{Done, Plan, Standing, Strength, compare};
use kith_insight::method::{self, Options};
use kith_insight::table::Table;
use std::collections::BTreeMap;

fn plan() -> Plan {
    let words = |t: &str| t.to_owned();
    Plan {
        question: words("Did declines rise after the assessment centre closed?"),
        outcome: words("share of referrals declined"),
        population: words("all referrals to housing help"),
        change: words("the centre in Mill Street closed"),
        from: "2026-04-01".parse().unwrap(),
        method: words("its"),
        options: BTreeMap::from([(words("from"), words("25")), (words("errors"), words("carried"))]),
        control: None,
        untouched: Some(words("declines of money help")),
        expected: words("a step up of three points or more"),
        author: words("the evaluation group"),
        written: "2026-03-01".parse().unwrap(),
        seen_until: Some("2026-02-28".parse().unwrap()),
    }
}

fn done(plan: &Plan) -> Done {
    Done { as_done: plan.clone(), seal: plan.seal(), looked: "2026-10-01".parse().unwrap() }
}

#[test]
fn what_was_written_first_and_done_as_written_confirms() {
    let p = plan();
    p.check().unwrap();
    let (standing, deviations) = compare(&p, &done(&p));
    assert_eq!((standing, deviations.len()), (Standing::Confirming, 0));
    assert_eq!(p.seal().len(), 64);
}

#[test]
fn what_was_done_otherwise_is_named() {
    let p = plan();
    let mut d = done(&p);
    d.as_done.method = "its-counts".into();
    d.as_done.options.insert("seasons".into(), "2".into());
    d.as_done.options.remove("errors");
    let (standing, deviations) = compare(&p, &d);
    assert_eq!(standing, Standing::WithDeviations);
    let parts: Vec<&str> = deviations.iter().map(|d| d.part.as_str()).collect();
    assert_eq!(parts, ["method", "option errors", "option seasons"]);
    assert_eq!((deviations[2].planned.as_str(), deviations[2].done.as_str()), ("none", "2"));
}

#[test]
fn another_seal_or_a_look_before_writing_makes_it_an_exploration() {
    let p = plan();
    let mut other = done(&p);
    other.seal = Plan { expected: "a step of any kind".into(), ..p.clone() }.seal();
    assert_eq!(compare(&p, &other).0, Standing::Exploring);
    let peeked = Plan { seen_until: Some("2026-05-01".parse().unwrap()), ..p.clone() };
    assert_eq!(compare(&peeked, &done(&peeked)).0, Standing::Exploring);
    let late = Plan { written: "2026-11-01".parse().unwrap(), ..p.clone() };
    assert_eq!(compare(&late, &done(&late)).0, Standing::Exploring);
}

#[test]
fn a_plan_that_says_too_little_is_refused() {
    let said = |p: Plan| p.check().unwrap_err().to_string();
    assert!(said(Plan { outcome: " ".into(), ..plan() }).contains("needs outcome"));
    assert!(said(Plan { method: "magic".into(), ..plan() }).contains("no method called magic"));
    let options = BTreeMap::from([("colour".to_owned(), "red".to_owned())]);
    assert!(said(Plan { options, ..plan() }).contains("no option colour"));
    assert!(Strength::of(true, true, true) > Strength::of(true, true, false));
    assert_eq!(Strength::of(true, false, true), Strength::Series, "no control, no comparison");
}

#[test]
fn the_command_compares_planned_and_done() {
    let rows = "part,planned,done\nquestion,Q,Q\noutcome,O,O\npopulation,P,P\nchange,C,C\nfrom,2026-04-01,2026-04-01\n\
        method,did,did-groups\nexpected,E,E\nauthor,A,A\nwritten,2026-03-01,2026-03-01\n";
    let table = Table::read(rows).unwrap();
    let run = |options: &[(&str, &str)]| {
        method::find("impact-plan").unwrap().answer(&table, &Options::new(options.iter().copied()))
    };
    let alone = Table::read(&rows.replace(",done\n", ",was\n")).unwrap();
    let first = method::find("impact-plan").unwrap().answer(&alone, &Options::default()).unwrap();
    let seal = first.notes[0].strip_prefix("Seal: ").unwrap();
    let answer = run(&[("seal", seal), ("looked", "2026-09-01")]).unwrap();
    assert_eq!(answer.figures[0].value, Some(1.0));
    assert!(answer.figures[1].notes[0].contains("planned: did; done: did-groups"));
    assert!(answer.notes[1].contains("done otherwise"), "{:?}", answer.notes);
    let answer = run(&[("seal", "0000"), ("looked", "2026-09-01")]).unwrap();
    assert!(answer.notes[1].contains("an exploration"), "{:?}", answer.notes);
    assert!(run(&[("seal", seal)]).unwrap_err().to_string().contains("looked"));
}

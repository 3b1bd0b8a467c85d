//! What holds for any two listings.

use kith_linkage::{Band, Frequencies, Level, Listing, Model, Prepared, Verdict, compare};
use proptest::prelude::*;

/// The verdict on the first two of a list, as if there were so many listings.
fn judged(list: &[Listing], listings: usize) -> Verdict {
    let prepared: Vec<Prepared> = list.iter().map(Prepared::of).collect();
    Model::default().judge(&compare(&prepared[0], &prepared[1], &Frequencies::of(&prepared)), listings)
}

fn listing() -> impl Strategy<Value = Listing> {
    let words = prop::collection::vec("[a-z]{1,8}|Citizens|Advice|The|Ltd|Sale", 0..4);
    let postcode = prop_oneof![Just(String::new()), "M[1-9][0-9]? [1-9][AB][AB]", any::<String>()];
    let phone = prop_oneof![
        Just(vec![]),
        Just(vec!["0161 912 2122".to_owned()]),
        prop::collection::vec(any::<String>(), 0..3)
    ];
    let web =
        prop_oneof![Just(String::new()), "https?://(www\\.)?[a-c]{1,3}\\.org(/[a-b])?", any::<String>()];
    (words, any::<String>(), postcode, phone, web).prop_map(|(words, address, postcode, phones, web)| {
        Listing { name: words.join(" "), address, postcode, phones, web, ..Listing::default() }
    })
}

proptest! {
    /// The order of two does not matter, any text can be compared, and what nobody knows is no evidence.
    #[test]
    fn the_order_of_a_pair_does_not_matter(a in listing(), b in listing()) {
        let there = judged(&[a.clone(), b.clone()], 100);
        let back = judged(&[b, a], 100);
        prop_assert!((there.bits - back.bits).abs() < 1e-9);
        prop_assert_eq!(there.band, back.band);
        prop_assert!((0.0..=1.0).contains(&there.probability));
        for part in &there.parts {
            prop_assert_eq!(part.seen.level == Level::Unknown, part.words().is_none());
            prop_assert!(part.seen.level != Level::Unknown || part.bits == 0.0);
        }
    }

    /// Saying that the address is another one never makes two more alike, and is never put forward.
    #[test]
    fn the_same_service_at_another_place_is_not_a_double(a in listing()) {
        prop_assume!(!a.name.trim().is_empty());
        let here = Listing { postcode: "M33 1AA".into(), address: "1 Cross Street".into(), ..a.clone() };
        let there = Listing { postcode: "WA14 5NN".into(), address: "90 Dock Lane".into(), ..a };
        prop_assert_eq!(judged(&[here, there], 1_000).band, Band::Apart);
    }
}

#[test]
fn what_is_rare_says_more_than_what_is_common() {
    let of = |name: &str, phone: &str| Listing {
        name: name.into(),
        phones: vec![phone.into()],
        ..Listing::default()
    };
    let branches = (0..40).map(|n| of(&format!("Branch {n}"), "0161 222 2222"));
    let rare: Vec<Listing> =
        [of("Alpha", "0161 111 1111"), of("Alphas", "0161 111 1111")].into_iter().chain(branches).collect();
    let common: Vec<Listing> = rare.iter().rev().cloned().collect();
    let bits = |list: &[Listing]| {
        let verdict = judged(list, list.len());
        verdict.parts.iter().find(|p| p.words() == Some("The same telephone number")).expect("shared").bits
    };
    assert!(bits(&rare) > bits(&common) + 3.0, "{} {}", bits(&rare), bits(&common));
}

#[test]
fn reasons_stand_in_the_order_of_their_weight() {
    let of = |name: &str, address: &str, postcode: &str| Listing {
        name: name.into(),
        address: address.into(),
        postcode: postcode.into(),
        web: "https://example.org/sale-moor".into(),
        ..Listing::default()
    };
    let mut list = vec![
        of("Sale Moor Advice", "1 Cross Street", "M33 1AA"),
        of("Sale Moor Advise", "1 Cross St", "M33 1AA"),
    ];
    list.extend((0..400).map(|n| Listing {
        web: String::new(),
        ..of(&format!("Choir {n}"), "9 Dock Lane", &format!("WA{} 5NN", n % 90 + 1))
    }));
    let verdict = judged(&list, list.len());
    let reasons = verdict.reasons();
    assert!(verdict.band > Band::Apart, "{reasons:?}");
    assert_eq!(
        reasons.iter().map(|r| r.0).collect::<Vec<_>>(),
        ["The same address", "The same web page", "Nearly the same name"]
    );
    assert!(reasons.windows(2).all(|w| w[0].1.abs() >= w[1].1.abs()));
}

#[test]
fn in_a_short_list_what_is_alike_still_counts_and_two_services_under_one_roof_stay_two() {
    let of = |name: &str| Listing {
        name: name.into(),
        organisation: "Green Hands".into(),
        address: "1 Cross Street".into(),
        postcode: "M33 1AA".into(),
        phones: vec!["0161 222 2222".into()],
        ..Listing::default()
    };
    let other = |n: usize| Listing {
        organisation: format!("Choir {n}"),
        address: format!("{n} Dock Lane"),
        postcode: format!("WA{n} 5NN"),
        phones: vec![format!("0161 333 000{n}")],
        ..of(&format!("Song {n}"))
    };
    let list = [of("Debt advice"), of("Debt Advice Ltd"), of("Gardening on Fridays"), other(1), other(2)];
    let twins = judged(&list, list.len());
    assert_eq!(twins.band, Band::Suggest, "{twins:?}");
    let one_roof = judged(&[of("Debt advice"), of("Gardening on Fridays"), other(1)], 3);
    assert_eq!((one_roof.band, one_roof.another_service), (Band::Apart, true), "{one_roof:?}");
}

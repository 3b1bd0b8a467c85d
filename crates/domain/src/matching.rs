//! Whether two records may be one person. What is compared is kept as small index facts
//! ([`keys`]), so that nobody goes through everybody; what counts is decided here ([`may_be_one`]).
//!
//! A possible match is evidence for those who resolve it and nothing more. It is never made
//! across a protected tie: a shared telephone or address says "these two are close", which may
//! be the very thing that must not be known.

use crate::id::RecordId;
use crate::link;
use crate::person::{Birth, NameKind, Person};
use crate::record::Link;
use crate::text::{bare, fold};
use crate::time::Day;
use uuid::Uuid;

/// Fewest digits that make a telephone number worth comparing.
const PHONE_DIGITS: usize = 9;

/// Where the person can be found by what is known of them: each an index row whose target is
/// the value itself, brought to one form. They stand in the reverse index beside the record,
/// which holds the same, and are read by nothing but the search for possible matches.
pub fn keys(person: &Person) -> Vec<Link> {
    let number = person.nhs_number.known().and_then(|n| n.digits().parse::<u64>().ok());
    let phone = person.phone.known().and_then(|p| phone_number(p));
    let birth = birthday(person).map(day_number);
    [
        number.map(|n| (link::SAME_NHS_NUMBER, 1, n)),
        phone.map(|n| (link::SAME_PHONE, 2, n)),
        birth.map(|n| (link::SAME_BIRTHDAY, 3, n)),
    ]
    .into_iter()
    .flatten()
    .map(|(role, sort, value)| Link::to(role, target(sort, value)))
    .collect()
}

/// A value as the target of an index row: which sort, then the number.
fn target(sort: u128, value: u64) -> RecordId {
    RecordId(Uuid::from_u128((sort << 64) | u128::from(value)))
}

fn birthday(person: &Person) -> Option<Day> {
    match person.birth {
        Birth::Exact(day) => Some(day),
        _ => None,
    }
}

fn day_number(day: Day) -> u64 {
    let (y, m, d) = (day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs());
    u64::from(y) * 10_000 + u64::from(m) * 100 + u64::from(d)
}

/// The digits of a telephone number as they are dialled here; none when there are too few to
/// compare, or too many to be one.
pub fn phone_number(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.trim_start();
    let national = match digits.strip_prefix("44") {
        Some(rest) if plain.starts_with('+') => rest.trim_start_matches('0'),
        _ => digits.strip_prefix("0044").unwrap_or(&digits).trim_start_matches('0'),
    };
    (PHONE_DIGITS..=15).contains(&national.len()).then(|| national.parse().ok()).flatten()
}

/// Why two records may be one person, as kinds of evidence and never the content; empty when
/// they are held to be two.
///
/// One NHS number is enough. One birthday needs a similar name beside it. One telephone or
/// address counts unless somebody else uses it too, or either person is protected.
pub fn may_be_one(new: &Person, other: &Person) -> Vec<&'static str> {
    if keeps_away(new, other) || keeps_away(other, new) {
        return Vec::new();
    }
    let number = new.nhs_number.known().is_some() && new.nhs_number.known() == other.nhs_number.known();
    let named = names_meet(new, other);
    let born = birthday(new).is_some() && birthday(new) == birthday(other);
    let open = !protected(new) && !protected(other);
    let phone = |p: &Person| p.phone.known().and_then(|p| phone_number(p));
    let phone = open && phone(new).is_some() && phone(new) == phone(other);
    let address = new.address.known().is_some() && new.address.known() == other.address.known();
    let address = open && address && named.is_some();
    let found = [
        (number, "same NHS number"),
        (born && named.is_some(), "same birthday"),
        (phone, "same phone number"),
        (address, "same address"),
    ];
    let evidence: Vec<&'static str> = found.into_iter().filter(|(is, _)| *is).map(|(_, w)| w).collect();
    match named {
        Some(words) if !evidence.is_empty() => std::iter::once(words).chain(evidence).collect(),
        _ => evidence,
    }
}

/// Could what ties this person to another by telephone or address put them in danger: somebody
/// presses them, where they live is sealed, somebody must never know, or others use their line?
fn protected(person: &Person) -> bool {
    let safe = &person.safe_contact;
    person.coercion.is_some()
        || person.address_sealed
        || !safe.must_not_know.is_empty()
        || safe.ways.iter().any(|way| way.shared)
}

/// Does this person say that the other must never know? Then they are two, and nothing about
/// the one is written beside the other.
pub(crate) fn keeps_away(person: &Person, other: &Person) -> bool {
    let theirs = names(other);
    person.safe_contact.must_not_know.iter().any(|who| {
        let words: Vec<String> = bare(&who.who).split_whitespace().map(str::to_owned).collect();
        theirs.iter().any(|name| !name.is_empty() && name.iter().all(|part| words.contains(part)))
    })
}

/// Every name of somebody, each as its parts without case and accents. A former name is left
/// out: meeting somebody under it could tell what they have not told.
fn names(person: &Person) -> Vec<Vec<String>> {
    let others = person.names.iter().filter(|n| n.kind != NameKind::Former).map(|n| n.text.as_str());
    let all = std::iter::once(person.called.as_str()).chain(others);
    all.map(|name| bare(name).split_whitespace().map(str::to_owned).collect()).collect()
}

/// How the names of two people meet: the same, similar, or not.
fn names_meet(a: &Person, b: &Person) -> Option<&'static str> {
    if fold(&a.called) == fold(&b.called) {
        return Some("same name");
    }
    let (ours, theirs) = (names(a), names(b));
    let meet = ours.iter().any(|one| theirs.iter().any(|other| similar(one, other)));
    meet.then_some("similar name")
}

/// Every part of the shorter name has a part of the longer one that looks like it.
fn similar(a: &[String], b: &[String]) -> bool {
    let stands_in = |short: &[String], long: &[String]| {
        !short.is_empty()
            && short.len() <= long.len()
            && short.iter().all(|part| long.iter().any(|other| alike(part, other)))
    };
    stands_in(a, b) || stands_in(b, a)
}

/// One slip of the finger apart, or one the beginning of the other (Sam, Samira): never for
/// names of one or two letters, which have to be the same.
fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    a == b || (short.chars().count() >= 3 && (long.starts_with(short) || slips(short, long) <= 1))
}

/// How many letters have to be changed, left out, added, or swapped with their neighbour
/// (optimal string alignment distance).
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::MustNotKnow;
    use crate::id::{OrganisationId, TeamId};
    use crate::next_date::NextDate;
    use crate::nhs_number::NhsNumber;
    use crate::organisation::Holder;
    use crate::person::{CameBy, Coercion, Known};
    use crate::time::Instant;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn called(name: &str) -> Person {
        let id = Uuid::from_u128;
        let holder = Holder { organisation: OrganisationId(id(1)), team: TeamId(id(2)), lead: None };
        Person::new(name.into(), holder, NextDate::new("Ring", date(2026, 11, 24)), CameBy::Met)
    }

    fn with(name: &str, change: impl FnOnce(&mut Person)) -> Person {
        let mut person = called(name);
        change(&mut person);
        person
    }

    fn number(text: &str) -> Known<NhsNumber> {
        Known::Known(NhsNumber::parse(text).expect("a number that fits"))
    }

    fn born(p: &mut Person) {
        p.birth = Birth::Exact(date(1990, 2, 3));
    }

    fn rings(text: &'static str) -> impl Fn(&mut Person) {
        move |p| p.phone = Known::Known(text.into())
    }

    #[test]
    fn one_nhs_number_is_enough_whatever_the_name() {
        let a = with("Badger", |p| p.nhs_number = number("999 000 0018"));
        let b = with("Robert Ash", |p| p.nhs_number = number("9990000018"));
        assert_eq!(may_be_one(&a, &b), ["same NHS number"]);
        assert_eq!(keys(&a), keys(&b));
        let none = with("Badger", |p| p.nhs_number = Known::None);
        assert!(may_be_one(&none, &with("Badger", |p| p.nhs_number = Known::None)).is_empty());
        assert!(keys(&none).is_empty());
    }

    #[test]
    fn one_birthday_needs_a_similar_name() {
        let may = |a: &str, b: &str| may_be_one(&with(a, born), &with(b, born));
        assert_eq!(may("Siobhan Kelly", "Siobhán Kelly"), ["similar name", "same birthday"]);
        assert_eq!(may("Mohammed Ali", "Mohamed Ali"), ["similar name", "same birthday"]);
        assert_eq!(may("Sam", "Samira Okafor"), ["similar name", "same birthday"]);
        assert_eq!(may("Marlon", "marlon"), ["same name", "same birthday"]);
        assert!(may("Jo", "Jon").is_empty(), "two letters have to be the same");
        assert!(may("Marlon James", "Bilal Khan").is_empty());
        let guess = with("Marlon", |p| p.birth = Birth::Guess { years: 36, on: date(2026, 1, 1) });
        assert!(may_be_one(&guess, &guess).is_empty());
        let also = |kind| {
            with("Marlon", |p| {
                p.names.push(crate::person::PersonName { kind, text: "Bilal Khan".into() });
                born(p);
            })
        };
        let bilal = with("Bilal Khan", born);
        assert_eq!(may_be_one(&also(NameKind::Alias), &bilal), ["similar name", "same birthday"]);
        assert!(may_be_one(&also(NameKind::Former), &bilal).is_empty(), "a former name tells nothing");
    }

    #[test]
    fn one_phone_counts_however_it_is_written() {
        let same = ["07700 900123", "+44 7700 900123", "+44 (0)7700 900 123", "0044 7700-900123"];
        for text in same {
            assert_eq!(phone_number(text), Some(7_700_900_123), "{text}");
        }
        assert_eq!(phone_number("999"), None);
        assert_eq!(phone_number("none"), None);
        let (a, b) = (with("Badger", rings(same[0])), with("Robert", rings(same[1])));
        assert_eq!(may_be_one(&a, &b), ["same phone number"]);
        assert_eq!(keys(&a), keys(&b));
        assert!(may_be_one(&a, &with("Robert", rings("07700 900124"))).is_empty());
    }

    #[test]
    fn never_across_a_protected_tie() {
        let ways: [fn(&mut Person); 4] = [
            |p| {
                p.coercion = Some(Coercion {
                    since: Instant(0),
                    supporters: Vec::new(),
                    frozen: Vec::new(),
                    review_on: None,
                    noted_by: None,
                })
            },
            |p| p.address_sealed = true,
            |p| {
                let who = "my ex, Robert Ash".to_owned();
                p.safe_contact.must_not_know.push(MustNotKnow { who, organisation: None, supporter: None });
            },
            |p| {
                p.safe_contact.ways.push(crate::contact::SafeWay {
                    channel: crate::contact::Channel::Phone,
                    detail: String::new(),
                    voicemail_safe: None,
                    hours: None,
                    shared: true,
                    note: None,
                });
            },
        ];
        for protect in ways {
            let home = |p: &mut Person| {
                rings("07700 900123")(p);
                p.address = Known::Known(crate::person::Address {
                    lines: vec!["1 Low Road".into()],
                    postcode: None,
                    place: None,
                });
            };
            let her = with("Carys", |p| {
                home(p);
                protect(p);
            });
            assert!(may_be_one(&her, &with("Dan", home)).is_empty());
            assert!(may_be_one(&with("Dan", home), &her).is_empty(), "from either side");
            assert!(may_be_one(&with("Carys", home), &her).is_empty(), "nor by name and telephone");
        }
        // Somebody they name is another person, whatever else is the same.
        let her = with("Carys", |p| {
            let who = "Robert Ash".to_owned();
            p.safe_contact.must_not_know.push(MustNotKnow { who, organisation: None, supporter: None });
            p.nhs_number = number("9990000018");
        });
        let him = with("Robert Ash", |p| p.nhs_number = number("9990000018"));
        assert!(may_be_one(&her, &him).is_empty() && may_be_one(&him, &her).is_empty());
        let third = with("Carys", |p| p.nhs_number = number("9990000018"));
        assert_eq!(may_be_one(&her, &third), ["same name", "same NHS number"], "her own number is hers");
    }

    #[test]
    fn the_reasons_hold_no_content() {
        let all = with("Badger", |p| {
            born(p);
            rings("07700 900123")(p);
            p.nhs_number = number("9990000018");
        });
        let words = may_be_one(&all, &all).join(" ");
        assert!(!words.contains("Badger") && !words.chars().any(|c| c.is_ascii_digit()), "{words}");
        assert_eq!(keys(&all).len(), 3);
    }

    proptest! {
        /// It does not matter who came first.
        #[test]
        fn it_is_the_same_both_ways(
            a in "[a-c]{1,5}( [a-c]{1,4})?", b in "[a-c]{1,5}( [a-c]{1,4})?",
            same_day in any::<bool>(), same_phone in any::<bool>(),
        ) {
            let make = |name: &str, day, phone: &'static str| with(name, |p| {
                p.birth = Birth::Exact(date(1990, 1, day));
                p.phone = Known::Known(phone.into());
            });
            let one = make(&a, 1, "07700 900123");
            let other = make(
                &b,
                if same_day { 1 } else { 2 },
                if same_phone { "07700900123" } else { "07700 900999" },
            );
            prop_assert_eq!(may_be_one(&one, &other), may_be_one(&other, &one));
            prop_assert!(same_day || same_phone || may_be_one(&one, &other).is_empty());
        }

        /// A letter left out is one slip, and a name is no slip away from itself.
        #[test]
        fn slips_count_letters(name in "[a-z]{2,8}", at in 0usize..8) {
            let at = at % name.len();
            let mut short = name.clone();
            short.remove(at);
            prop_assert_eq!(slips(&name, &name), 0);
            prop_assert_eq!(slips(&name, &short), 1);
        }
    }
}

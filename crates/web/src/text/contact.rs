//! The shapes of postcodes and phone numbers.

/// A postcode of the United Kingdom as `SK13 8AB`, from however it was typed; nothing
/// when it cannot be one. Shape from the Royal Mail's published format (A9 9AA,
/// A99 9AA, AA9 9AA, AA99 9AA, A9A 9AA, AA9A 9AA, and GIR 0AA), with the letters
/// that never stand in the last two places left out.
pub fn postcode(typed: &str) -> Option<String> {
    let plain: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase();
    if !plain.is_ascii() || !(5..=7).contains(&plain.len()) {
        return None;
    }
    let (outward, inward) = plain.split_at(plain.len() - 3);
    let inward_fits = match inward.as_bytes() {
        [digit, a, b] => {
            digit.is_ascii_digit() && [a, b].iter().all(|c| c.is_ascii_uppercase() && !b"CIKMOV".contains(c))
        }
        _ => false,
    };
    let pattern: String = outward
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '9'
            } else if c.is_ascii_alphabetic() {
                'A'
            } else {
                '?'
            }
        })
        .collect();
    let outward_fits =
        matches!(pattern.as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A") || outward == "GIR";
    (inward_fits && outward_fits).then(|| format!("{outward} {inward}"))
}

/// A phone number as digits with a leading 0 or +, from however it was typed;
/// nothing when it cannot be one. `+44 (0)` and `0044` become a leading 0.
pub fn phone(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2014}' | '.' | '/'))
        .collect::<String>()
        .replace("(0)", "")
        .replace(['(', ')'], "");
    let number = match plain.strip_prefix("+44").or_else(|| plain.strip_prefix("0044")) {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => plain,
    };
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let fits = if number.starts_with('+') {
        (8..=15).contains(&digits.len()) && !digits.starts_with('0')
    } else {
        number.starts_with('0') && (10..=11).contains(&digits.len())
    };
    (all_digits && fits).then_some(number)
}

/// The number in groups that can be read aloud: `07700 900 982`.
pub fn phone_grouped(number: &str) -> String {
    match number.len() {
        10 | 11 if number.is_ascii() && number.starts_with('0') => {
            format!("{} {} {}", &number[..5], &number[5..8], &number[8..])
        }
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn postcodes() {
        for (typed, shown) in [
            ("sk138ab", "SK13 8AB"),
            (" M1 1AE ", "M1 1AE"),
            ("EC1A-1BB", "EC1A 1BB"),
            ("w1a 0ax", "W1A 0AX"),
            ("CR2 6XH", "CR2 6XH"),
            ("gir 0aa", "GIR 0AA"),
        ] {
            assert_eq!(postcode(typed).as_deref(), Some(shown));
        }
        for typed in ["", "SK13", "SK13 8A", "123 456", "SK13 8CV", "ABCDE 1AA", "\u{ff33}K13 8AB"] {
            assert_eq!(postcode(typed), None, "{typed}");
        }
    }

    #[test]
    fn phones() {
        for (typed, kept) in [
            ("07700 900982", "07700900982"),
            ("+44 (0)7700 900-982", "07700900982"),
            ("0044 1457 852000", "01457852000"),
            ("+48 22 123 45 67", "+48221234567"),
            ("(01457) 852 000", "01457852000"),
        ] {
            assert_eq!(phone(typed).as_deref(), Some(kept));
        }
        for typed in
            ["", "999", "852000", "ask Joan", "077009009821", "+0123456789", "\u{661}\u{661}7700900982"]
        {
            assert_eq!(phone(typed), None, "{typed}");
        }
        assert_eq!(phone_grouped("07700900982"), "07700 900 982");
        assert_eq!(phone_grouped("+48221234567"), "+48221234567");
    }

    proptest! {
        #[test]
        fn reading_twice_changes_nothing(typed in "[A-Za-z0-9 +()-]{0,14}") {
            if let Some(once) = postcode(&typed) {
                prop_assert_eq!(postcode(&once), Some(once.clone()));
            }
            if let Some(once) = phone(&typed) {
                prop_assert_eq!(phone(&once), Some(once.clone()));
                prop_assert_eq!(phone(&phone_grouped(&once)), Some(once.clone()));
            }
        }

        #[test]
        fn anything_can_be_typed(typed: String) {
            let _ = postcode(&typed);
            let _ = phone(&typed);
        }
    }
}

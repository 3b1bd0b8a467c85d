//! The forms in which things written in different ways become comparable.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of a name that say what sort of body it is, or nothing at all.
const EMPTY_WORDS: [&str; 18] = [
    "the", "and", "of", "for", "in", "at", "a", "an", "ltd", "limited", "cic", "cio", "plc", "llp",
    "charity", "inc", "uk", "co",
];

/// Long and short forms in addresses, each to the short one.
const STREET_WORDS: [(&str, &str); 14] = [
    ("street", "st"),
    ("road", "rd"),
    ("avenue", "ave"),
    ("lane", "ln"),
    ("drive", "dr"),
    ("close", "cl"),
    ("court", "ct"),
    ("place", "pl"),
    ("square", "sq"),
    ("crescent", "cres"),
    ("gardens", "gdns"),
    ("terrace", "ter"),
    ("saint", "st"),
    ("centre", "ctr"),
];

/// Lower case without accents, marks and signs; "&" is "and".
pub fn plain(text: &str) -> String {
    let spelled = text.replace('&', " and ").replace(['\'', '\u{2019}', '\u{2018}'], "");
    let bare = spelled.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let spaced: String = bare.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a name that tell it from others, in order. A name of nothing but empty words
/// keeps them all.
pub fn name_words(name: &str) -> Vec<String> {
    let all: Vec<String> = plain(name).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let telling: Vec<String> = all.iter().filter(|w| !EMPTY_WORDS.contains(&w.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// The words of an address line, shortened alike.
pub fn address_words(address: &str) -> Vec<String> {
    let short = |word: &str| {
        STREET_WORDS.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| short).to_owned()
    };
    plain(address).split(' ').filter(|w| !w.is_empty()).map(short).collect()
}

/// Letters and digits of a postcode in capitals; `None` for what cannot be one (fewer than five
/// or more than seven signs).
pub fn postcode(text: &str) -> Option<String> {
    let code: String =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    (5..=7).contains(&code.len()).then_some(code)
}

/// The first part of a postcode that [`postcode`] made: all but the last three signs.
pub fn outward(postcode: &str) -> &str {
    postcode.get(..postcode.len().saturating_sub(3)).unwrap_or_default()
}

/// The digits of a telephone number as dialled within the country, without the first 0; `None`
/// for fewer than nine or more than twelve.
pub fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bare =
        digits.strip_prefix("0044").or_else(|| digits.strip_prefix("44").filter(|_| text.contains('+')));
    let national = bare.unwrap_or(&digits).trim_start_matches('0').to_owned();
    (9..=12).contains(&national.len()).then_some(national)
}

/// Host and path of a web address, without scheme, "www.", a closing "/" and whatever follows
/// "?" or "#". `None` without a dot in the host.
pub fn web(text: &str) -> Option<(String, String)> {
    let lower = text.trim().to_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.strip_prefix("www.").unwrap_or(host).split(':').next().unwrap_or_default();
    (host.contains('.') && !host.contains(char::is_whitespace))
        .then(|| (host.to_owned(), path.trim_end_matches('/').to_owned()))
}

/// An e-mail address in lower case, and its host. `None` without one "@".
pub fn email(text: &str) -> Option<(String, String)> {
    let lower = text.trim().to_lowercase();
    let (user, host) = lower.split_once('@')?;
    (!user.is_empty() && host.contains('.') && !host.contains('@')).then(|| (lower.clone(), host.to_owned()))
}

/// Metres between two points on the earth taken as a ball of 6,371 km (haversine).
pub fn metres((lat1, lon1): (f64, f64), (lat2, lon2): (f64, f64)) -> f64 {
    let (a, b) = (lat1.to_radians(), lat2.to_radians());
    let half = |d: f64| (d / 2.0).sin().powi(2);
    let h = half(b - a) + a.cos() * b.cos() * half((lon2 - lon1).to_radians());
    2.0 * 6_371_000.0 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_written_differently_are_alike() {
        assert_eq!(name_words("The Citizens' Advice (Trafford) Ltd."), ["citizens", "advice", "trafford"]);
        assert_eq!(name_words("Advice & Support"), name_words("Advice and Support"));
        assert_eq!(name_words("The UK"), ["the", "uk"], "nothing else is left");
        assert_eq!(address_words("12 High Street"), address_words("12, High St."));
    }

    #[test]
    fn numbers_and_web_addresses_are_brought_to_one_form() {
        assert_eq!(phone("+44 (0)161 912 2122"), phone("0161-912-2122"));
        assert_eq!(phone("0044 161 912 2122"), phone("0161 9122122"));
        assert_eq!(phone("999"), None);
        assert_eq!(web("http://www.Example.org/"), web("example.org?utm=1"));
        assert_eq!(web("NA"), None);
        assert_eq!(email("Info@Example.org"), Some(("info@example.org".into(), "example.org".into())));
        assert_eq!(postcode("m31 4fl").as_deref().map(outward), Some("M31"));
        assert_eq!(postcode("NA"), None);
    }

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        assert!((metres((53.0, -2.0), (54.0, -2.0)) - 111_195.0).abs() < 1.0);
    }
}

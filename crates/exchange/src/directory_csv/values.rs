//! From the words of a cell to typed values. Each says in plain words what is wrong.

use super::map::Field;
use jiff::civil::Date;
use kith_domain::area::Area;
use kith_domain::directory::{
    Delivery, GenderPolicy, Joining, Known, NeedCode, Serves, ServiceStatus, Space,
};
use kith_domain::place::{PlaceCode, Point};

/// What is wrong with a value, in words that follow "It is refused." or "It is left out."
pub(super) type Why = String;

/// The name of a field in a map.
pub(super) fn field_name(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Organisation => "organisation",
        Field::Description => "description",
        Field::Keywords => "keywords",
        Field::Areas => "areas",
        Field::Needs => "needs",
        Field::Status => "status",
        Field::LocationName => "location_name",
        Field::Address => "address",
        Field::Postcode => "postcode",
        Field::Lat => "lat",
        Field::Lon => "lon",
        Field::Places => "places",
        Field::Serves => "serves",
        Field::Delivery => "delivery",
        Field::Phone => "phone",
        Field::Email => "email",
        Field::Url => "url",
        Field::AgeMin => "age_min",
        Field::AgeMax => "age_max",
        Field::Gender => "gender",
        Field::SubstanceUseOk => "substance_use_ok",
        Field::NeedsDiagnosis => "needs_diagnosis",
        Field::NotFor => "not_for",
        Field::Eligibility => "eligibility",
        Field::Languages => "languages",
        Field::Free => "free",
        Field::Cost => "cost",
        Field::Opening => "opening",
        Field::Joining => "joining",
        Field::Space => "space",
        Field::Identifier => "identifier",
        Field::Checked => "checked",
    }
}

/// Can a map give this value for this field?
pub(super) fn check(field: Field, value: &str) -> Result<(), Why> {
    match field {
        Field::Areas => area(value).map(drop),
        Field::Needs => need(value).map(drop),
        Field::Status => status(value).map(drop),
        Field::Delivery => delivery(value).map(drop),
        Field::Joining => joining(value).map(drop),
        Field::Space => space(value).map(drop),
        Field::Places => place(value).map(drop),
        Field::Serves => serves(&[value.to_owned()]).map(drop),
        Field::Free | Field::SubstanceUseOk | Field::NeedsDiagnosis => known(value).map(drop),
        Field::AgeMin | Field::AgeMax => age(value).map(drop),
        Field::Checked => day(value).map(drop),
        _ => Ok(()),
    }
}

/// An area of life by its code.
pub(super) fn area(text: &str) -> Result<Area, Why> {
    let found = Area::from_code(text.trim()).filter(|a| Area::SIX.contains(a));
    found.ok_or_else(|| format!("{} is not one of the six areas of life, such as \"housing\".", quoted(text)))
}

/// A need by its code.
pub(super) fn need(text: &str) -> Result<NeedCode, Why> {
    NeedCode::parse(text).map_err(|_| format!("{} is not on the list of needs.", quoted(text)))
}

/// A status by its stored or published form.
pub(super) fn status(text: &str) -> Result<ServiceStatus, Why> {
    ServiceStatus::from_code(text)
        .ok_or_else(|| format!("{} is not active, inactive, defunct or temporarily closed.", quoted(text)))
}

/// A way to have a service.
pub(super) fn delivery(text: &str) -> Result<Delivery, Why> {
    Delivery::from_code(text.trim())
        .ok_or_else(|| format!("{} is not in_person, home_visit, phone or online.", quoted(text)))
}

/// A way to start.
pub(super) fn joining(text: &str) -> Result<Joining, Why> {
    Joining::from_code(text.trim())
        .ok_or_else(|| format!("{} is not referral, walk_in or ask.", quoted(text)))
}

/// Whether there is space.
pub(super) fn space(text: &str) -> Result<Space, Why> {
    match text.trim() {
        "open" => Ok(Space::Open),
        "waiting_list" => Ok(Space::WaitingList),
        "full" => Ok(Space::Full { until: None }),
        "assessment_first" => Ok(Space::AssessmentFirst),
        _ => Err(format!("{} is not open, waiting_list, full or assessment_first.", quoted(text))),
    }
}

/// The code of a place.
pub(super) fn place(text: &str) -> Result<PlaceCode, Why> {
    PlaceCode::parse(text)
        .map_err(|_| format!("{} is not the code of a place, such as E08000009.", quoted(text)))
}

/// Whom it serves: `anywhere`, or codes of places.
pub(super) fn serves(values: &[String]) -> Result<Serves, Why> {
    match values {
        [] => Ok(Serves::NotSaid),
        [one] if one.trim().eq_ignore_ascii_case("anywhere") => Ok(Serves::Anywhere),
        many => {
            let places = many.iter().map(|v| place(v)).collect::<Result<Vec<_>, _>>()?;
            Ok(Serves::Places { places, postcodes: Vec::new() })
        }
    }
}

/// Yes or no.
pub(super) fn known(text: &str) -> Result<Known, Why> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Ok(Known::Yes),
        "no" | "n" | "false" | "0" => Ok(Known::No),
        _ => Err(format!("{} is neither yes nor no.", quoted(text))),
    }
}

/// Who is welcome: everyone, women, men, or the policy in words.
pub(super) fn gender(text: &str) -> GenderPolicy {
    match text.trim().to_lowercase().as_str() {
        "" => GenderPolicy::NotSaid,
        "everyone" | "all" | "any" | "mixed" => GenderPolicy::Everyone,
        "women" | "women only" | "female" => GenderPolicy::Women { policy: String::new() },
        "men" | "men only" | "male" => GenderPolicy::Men { policy: String::new() },
        _ => GenderPolicy::Other { policy: text.trim().to_owned() },
    }
}

/// An age in whole years, with or without words around it: "18", "18+", "over 50".
pub(super) fn age(text: &str) -> Result<u8, Why> {
    let digits: String = text
        .trim()
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let plain = text.chars().filter(|c| c.is_ascii_digit()).count() == digits.len();
    match digits.parse::<u8>() {
        Ok(age) if plain && age <= 120 && !text.contains('-') => Ok(age),
        _ => Err(format!("{} is not an age from 0 to 120.", quoted(text))),
    }
}

/// A day: 2026-11-23, 23/11/2026, or 23/11/26.
pub(super) fn day(text: &str) -> Result<Date, Why> {
    let text = text.trim();
    let first = text.split(['T', ' ']).next().unwrap_or_default();
    let formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"];
    let sensible = |day: &Date| (1990..=2100).contains(&day.year());
    formats
        .iter()
        .find_map(|format| Date::strptime(format, first).ok().filter(sensible))
        .ok_or_else(|| format!("{} is not a day, such as 2026-11-23 or 23/11/2026.", quoted(text)))
}

/// A point in the United Kingdom from two cells.
pub(super) fn point(lat: &str, lon: &str) -> Result<Point, Why> {
    let number = |text: &str| {
        text.trim().parse::<f64>().map_err(|_| format!("{} is not a number of degrees.", quoted(text)))
    };
    let point = Point::new(number(lat)?, number(lon)?).map_err(|e| format!("{e}."))?;
    if point.in_the_uk() {
        return Ok(point);
    }
    let swapped = Point { lat: point.lon, lon: point.lat }.in_the_uk();
    Err(if swapped {
        "Latitude and longitude seem to be in each other's column.".to_owned()
    } else {
        "The point is not in the United Kingdom.".to_owned()
    })
}

/// A telephone number: kept as written, when it has enough digits to be one.
pub(super) fn phone(text: &str) -> Result<String, Why> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    if !(5..=40).contains(&digits.len()) || digits.iter().all(|d| *d == digits[0]) {
        return Err(format!("{} is not a telephone number.", quoted(text)));
    }
    Ok(text.to_owned())
}

/// An e-mail address, as far as shape tells.
pub(super) fn email(text: &str) -> Result<String, Why> {
    let fine = match text.split_once('@') {
        Some((name, domain)) => {
            !name.is_empty()
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !domain.contains('@')
        }
        None => false,
    };
    if fine && !text.contains(char::is_whitespace) {
        Ok(text.to_owned())
    } else {
        Err(format!("{} is not an e-mail address.", quoted(text)))
    }
}

/// A web address: http or https, with `http://` put before a bare `www.`
pub(super) fn url(text: &str) -> Result<String, Why> {
    let lower = text.to_lowercase();
    let full = if lower.starts_with("http://") || lower.starts_with("https://") {
        text.to_owned()
    } else if lower.starts_with("www.") {
        format!("http://{text}")
    } else {
        return Err(format!("{} is not a web address that starts with http.", quoted(text)));
    };
    let host = full.split("://").nth(1).unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
    let fine = host.contains('.')
        && !host.contains('@')
        && !full.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\'));
    if fine { Ok(full) } else { Err(format!("{} is not a web address.", quoted(text))) }
}

/// What stood there, cut short, for a report.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let clean: String =
        text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(SHOWN).collect();
    let more = if text.chars().count() > SHOWN { "…" } else { "" };
    format!("\"{clean}{more}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_days() {
        assert_eq!(age("18+"), Ok(18));
        assert_eq!(age("over 50"), Ok(50));
        assert!(age("18-25").is_err() && age("").is_err() && age("200").is_err() && age("-3").is_err());
        for text in ["2026-11-23", "23/11/2026", "23/11/26", "2026-11-23T10:00:00Z", "23.11.2026 10:00"] {
            assert_eq!(day(text), Ok(jiff::civil::date(2026, 11, 23)), "{text}");
        }
        assert!(day("31/02/2026").is_err() && day("11/23/2026").is_err() && day("soon").is_err());
    }

    #[test]
    fn contacts() {
        assert_eq!(url("www.stockport.gov.uk/libraries").unwrap(), "http://www.stockport.gov.uk/libraries");
        for bad in ["stockport.gov.uk", "javascript:alert(1)", "http://", "http://a b.uk", "https://x@y.uk/"]
        {
            assert!(url(bad).is_err(), "{bad}");
        }
        assert!(
            email("a@b.uk").is_ok()
                && email("a b@c.uk").is_err()
                && email("a@b").is_err()
                && email("a@b@c.uk").is_err()
        );
        assert!(phone("0161 832 3736").is_ok() && phone("00000 000000").is_err() && phone("ask").is_err());
    }

    #[test]
    fn points() {
        assert!(point("53.4", "-2.3").is_ok());
        assert!(point("-2.3", "53.4").unwrap_err().contains("each other's"));
        assert!(point("0", "0").unwrap_err().contains("looked"));
        assert!(
            point("NaN", "1").is_err() && point("1e400", "1").is_err() && point("40.7", "-74.0").is_err()
        );
    }
}

//! Real open lists of one area, read from where the open data lies, and doubles made from them by
//! changing what people change.

use crate::beside;
use kith_linkage::Listing;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Every listing of the real lists, each place once. `None` where there is no open data.
pub fn real() -> Option<Vec<Listing>> {
    let folder = beside::at("data/directory/trafford")?;
    let mut all = Vec::new();
    for (file, kind) in [
        ("trafford_mental_health_services.csv", "mental health"),
        ("trafford_general_practices.csv", "general practice"),
        ("gm_libraries.csv", "library"),
        ("gm_pharmacies.csv", "pharmacy"),
        ("sports_facilities.csv", "sport"),
        ("gm_jobcentreplus.csv", "job centre"),
        ("gm_probation_offices.csv", "probation"),
    ] {
        let mut reader = csv::Reader::from_path(folder.join(file)).expect("a list that is there can be read");
        let heads = reader.headers().expect("a list has a first line").clone();
        let mut sites = std::collections::BTreeSet::new();
        for row in reader.records() {
            let row = row.expect("each line has the columns of the first");
            let of = |name: &str| {
                let at = heads.iter().position(|h| h == name)?;
                row.get(at).map(str::trim).filter(|v| !v.is_empty() && *v != "NA").map(str::to_owned)
            };
            // One site stands once for each of its halls and pitches; it is one place to find.
            if of("site_id").is_some_and(|site| !sites.insert(site)) {
                continue;
            }
            let text = |names: &[&str]| names.iter().find_map(|n| of(n)).unwrap_or_default();
            let number = |name: &str| of(name)?.parse::<f64>().ok();
            let street = [of("street"), of("town")].into_iter().flatten().collect::<Vec<_>>().join(", ");
            all.push(Listing {
                name: text(&["name", "pharmacy_name", "site_name"]),
                address: of("address").unwrap_or(street),
                postcode: text(&["postcode"]),
                point: number("lat").zip(number("lon")),
                phones: of("telephone").into_iter().collect(),
                web: text(&["website"]),
                email: text(&["email"]),
                kinds: vec![kind.into()],
                ..Listing::default()
            });
        }
    }
    Some(all)
}

/// The listings followed by doubles of about a third of them, and which is whose.
pub fn with_doubles(listings: &[Listing], seed: u64) -> (Vec<Listing>, Vec<(usize, usize)>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut all, mut truth) = (listings.to_vec(), Vec::new());
    for (at, listing) in listings.iter().enumerate() {
        if rng.random_bool(1.0 / 3.0) {
            truth.push((at, all.len()));
            all.push(changed(listing, &mut rng));
        }
    }
    (all, truth)
}

/// One to four of the changes that people make when they type a place again.
fn changed(listing: &Listing, rng: &mut ChaCha8Rng) -> Listing {
    let mut l = listing.clone();
    // Another list measures its points elsewhere, or has none.
    l.point = match rng.random_range(0..3) {
        0 => None,
        1 => l.point,
        _ => l.point.map(|(lat, lon)| {
            (lat + rng.random_range(-0.0005..0.0005), lon + rng.random_range(-0.0008..0.0008))
        }),
    };
    for _ in 0..rng.random_range(1..=4) {
        match rng.random_range(0..12) {
            0 => l.name = typing_slip(&l.name, rng),
            1 => l.name = format!("The {}", l.name),
            2 => l.name = format!("{} Ltd", l.name),
            3 => l.name = l.name.to_uppercase(),
            4 => l.name = l.name.replace(" and ", " & ").replace("Centre", "Center"),
            5 => l.address = l.address.replace("Street", "St").replace("Road", "Rd").replace("Avenue", "Ave"),
            6 => l.address = l.address.split(',').next().unwrap_or_default().to_owned(),
            7 => l.phones = l.phones.iter().map(|p| format!("+44 {}", p.trim_start_matches('0'))).collect(),
            8 => l.phones.clear(),
            9 => l.web = l.web.replace("http://", "https://").replace("www.", ""),
            10 => {
                l.postcode = if rng.random_bool(0.5) { String::new() } else { typing_slip(&l.postcode, rng) }
            }
            _ => l.email.clear(),
        }
    }
    l
}

/// Two letters change places, one is missing or one stands twice.
fn typing_slip(text: &str, rng: &mut ChaCha8Rng) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = rng.random_range(1..letters.len() - 1);
    match rng.random_range(0..3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

//! Spreadsheets as they come: wrong, odd and hostile ones too.

use kith_domain::directory::{GenderPolicy, Known, Serves, Space, Weekday};
use kith_exchange::directory_csv::{FileRefusal, Map, Outcome, Report, read};
use proptest::prelude::*;

const SOURCE: &str = r#"
must = ["postcode"]
[source]
name = "Test"
publisher = "Brackenford Council"
licence = "Open Government Licence v3.0"
attribution = "Brackenford Council"
"#;

fn map(rest: &str) -> Map {
    Map::parse(&format!("{SOURCE}{rest}")).unwrap()
}

fn plain_map() -> Map {
    map(
        "[file]\nnull_words = ['NA']\n[fields]\nname = 'name'\npostcode = 'postcode'\nphone = 'phone'\ndescription = 'about'\nareas = { value = 'housing' }\n",
    )
}

fn import(text: &str) -> Report {
    read(text.as_bytes(), &plain_map(), None, None).unwrap()
}

fn outcome(text: &str) -> String {
    let report = import(&format!("name,postcode,phone,about\n{text}\n"));
    match &report.rows[0].outcome {
        Outcome::Imported(draft) => {
            let remarks: Vec<String> = report.rows[0].remarks.iter().map(|r| r.words.clone()).collect();
            format!("{} {}", draft.preview().name, remarks.join(" "))
        }
        Outcome::Refused(why) => {
            why.iter().map(|w| format!("{:?} {}", w.column, w.why)).collect::<Vec<_>>().join("; ")
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn each_wrong_row_is_told_what_is_wrong() {
    for (row, told) in [
        ("Night Shelter,BF1 2AB,0161 496 0001,dry and warm", "Night Shelter "),
        ("Night Shelter,bf12ab,NA,", "Night Shelter "),
        (",BF1 2AB,0161 496 0001,x", "Some(\"name\") There is no name."),
        ("Night Shelter,NA,0161 496 0001,x", "Some(\"postcode\") There is no postcode."),
        (
            "Night Shelter,Brackenford,0161 496 0001,x",
            "\"Brackenford\" does not have the shape of a postcode.",
        ),
        ("Night Shelter,BF1 2AB,ask,x", "\"ask\" is not a telephone number. It is left out."),
        ("Night Shelter,BF1 2AB,0161 496 0001,dry, warm and safe", "5 values under 4 headings"),
        ("Night Shelter,BF1 2AB,0161 496 0001,x,,,", "Night Shelter "),
        ("Night Shelter,BF1 2AB", "The row ends early."),
        ("Night\u{0} Shelter,BF1 2AB,,x", "Some(\"name\") It has a character in it that cannot be shown."),
        ("Night\u{202e} Shelter,BF1 2AB,,x", "Night Shelter "),
        ("\"Night\nShelter\",BF1 2AB,,x", "Night Shelter "),
        (",,,", "The row is empty."),
    ] {
        let got = outcome(row);
        assert!(got.contains(told), "{row:?}: {got}");
    }
    let long = outcome(&format!("{},BF1 2AB,,x", "a".repeat(201)));
    assert!(long.contains("longer than 200 characters"), "{long}");
    let lost_quote = outcome(&format!("\"Night Shelter,BF1 2AB,,x\n{}", "Other,BF1 2AB,,x\n".repeat(300)));
    assert!(lost_quote.contains("swallowed other rows"), "{lost_quote}");
}

#[test]
fn the_same_service_twice_is_refused_the_second_time() {
    let report =
        import("name,postcode,phone,about\nShelter,BF1 2AB,,x\n\nSHELTER ,bf1 2ab,,y\nShelter,BF1 2AD,,z\n");
    assert_eq!(report.counts().imported, 2);
    let refusal = report.refusals().next().unwrap();
    assert_eq!(
        (refusal.row, refusal.why.as_str()),
        (4, "It is the same service as row 2: SHELTER, BF1 2AB.")
    );
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let refused = |bytes: &[u8]| read(bytes, &plain_map(), None, None).map(|r| r.counts()).unwrap_err();
    assert_eq!(refused(b""), FileRefusal::Empty);
    assert_eq!(refused(b"PK\x03\x04rest"), FileRefusal::Workbook);
    assert_eq!(refused(b"\n\n"), FileRefusal::NoHeading(1));
    let missing = refused(b"name,post code\nx,y\n");
    assert!(
        missing.to_string().contains("no column \"about\", \"phone\", \"postcode\"")
            || missing.to_string().contains("\"postcode\""),
        "{missing}"
    );
}

#[test]
fn excel_from_everywhere() {
    let rows = "name;postcode;phone;about\nCaf\u{e9} \u{2013} Zo\u{eb};BF1 2AB;;x\n";
    let windows = encoding_rs::WINDOWS_1252.encode(rows).0.into_owned();
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(rows.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked: Vec<u8> = b"\xEF\xBB\xBF".iter().copied().chain(rows.bytes()).collect();
    for bytes in [rows.as_bytes().to_vec(), windows, utf16, marked, rows.replace('\n', "\r\n").into_bytes()] {
        let report = read(&bytes, &plain_map(), None, None).unwrap();
        assert_eq!(report.drafts().next().unwrap().preview().name, "Caf\u{e9} \u{2013} Zo\u{eb}");
    }
}

#[test]
fn every_kind_of_field() {
    let map = map(r#"
[fields]
name = "n"
organisation = { value = "Brackenford Council" }
postcode = "p"
address = { columns = ["street", "town"], join = ", " }
needs = { column = "kind", separator = ";", map = { debt = ["money-debt", "money-budget"], food = "money-food" } }
age_min = "from"
age_max = "to"
gender = "who"
free = "free"
serves = { value = "anywhere" }
delivery = { value = "phone" }
languages = { column = "languages", separator = "," }
space = { column = "space", map = { yes = "open", no = "full" }, otherwise = "" }
opening = "hours"
checked = "checked"
identifier = "id"
not_for = "not"
lat = "lat"
lon = "lon"
[[yes_no]]
columns = ["ramp"]
adjustment = "adj-step-free"
no_means = "cannot"
"#);
    let head = "n,p,street,town,kind,from,to,who,free,languages,space,hours,checked,id,not,lat,lon,ramp\n";
    let row = "Advice,BF1 2AB,1 High Street,Brackenford,debt; Food ;magic,18+,65,Women only,Yes,\"Urdu, Polish\",yes,Mon-Fri 9am-5pm,23/11/2026,A7,,-2.3,53.4,no\n";
    let report = read(format!("{head}{row}").as_bytes(), &map, None, None).unwrap();
    let draft = report.drafts().next().unwrap();
    let s = draft.preview();
    assert_eq!((draft.organisation.as_str(), draft.key.as_str()), ("Brackenford Council", "A7"));
    assert_eq!(
        s.needs.iter().map(|n| n.as_str()).collect::<Vec<_>>(),
        ["money-debt", "money-budget", "money-food"]
    );
    assert_eq!(s.areas, [kith_domain::area::Area::Money], "areas follow from needs");
    assert_eq!((s.eligibility.age_min, s.eligibility.age_max), (Some(18), Some(65)));
    assert_eq!(s.eligibility.gender, GenderPolicy::Women { policy: String::new() });
    assert_eq!((s.cost.free, s.capacity.space, &s.serves), (Known::Yes, Space::Open, &Serves::Anywhere));
    assert_eq!(s.languages.len(), 2);
    assert_eq!(s.opening.week.day(Weekday::Friday).words(), "9am to 5pm");
    assert_eq!(s.locations[0].words(), "1 High Street, Brackenford, BF1 2AB");
    assert_eq!(s.cannot_adjust.len(), 1);
    assert_eq!(s.locations[0].point(), None, "swapped columns give no point");
    let remarks: Vec<&str> = report.rows[0].remarks.iter().map(|r| r.words.as_str()).collect();
    assert!(remarks.iter().any(|r| r.contains("each other's column")), "{remarks:?}");
    assert!(remarks.iter().any(|r| r.contains("\"magic\" is not on the list of needs")), "{remarks:?}");
}

#[test]
fn the_report_for_people() {
    let report = import(
        "name,postcode,phone,about\nShelter,BF1 2AB,ask,x\nOther,BF1 2AB,ask me,x\nThird,nowhere,,x\n",
    );
    let text = report.text();
    assert!(text.starts_with("Test: 3 rows. 2 can be imported.\n  Refused: 1.\n"), "{text}");
    assert!(text.contains("Row 4, column \"postcode\": refused. \"nowhere\" does not have the shape of a postcode. Put it right"), "{text}");
    assert!(text.contains("Row 2: column \"phone\": \"ask\" is not a telephone number."), "{text}");
}

/// Rows of a file as an independent reader sees them: not wholly blank lines.
fn rows_in(bytes: &[u8]) -> usize {
    csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes).byte_records().count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &plain_map(), None, None);
        let mut headed = b"name,postcode,phone,about\n".to_vec();
        headed.extend(&bytes);
        if let Ok(report) = read(&headed, &plain_map(), None, None) {
            let counts = report.counts();
            prop_assert_eq!(counts.rows, counts.imported + counts.joined + counts.left_out + counts.refused);
            prop_assert!(report.text().lines().count() > 0);
            prop_assert_eq!(report.json()["rows"].as_array().map(Vec::len), Some(counts.rows));
        }
    }

    #[test]
    fn no_row_is_lost(rows in prop::collection::vec("[a-c \"\n,;]{0,12}", 0..20)) {
        let text = format!("name,postcode,phone,about\n{}", rows.join("\n"));
        let report = read(text.as_bytes(), &plain_map(), None, None).unwrap();
        prop_assert_eq!(report.rows.len(), rows_in(text.as_bytes()) - 1);
        prop_assert!(report.rows.windows(2).all(|w| w[0].row < w[1].row), "each row once, in order");
    }

    #[test]
    fn whatever_is_imported_can_be_trusted(cells in prop::collection::vec(("\\PC{0,30}", "(BF1 [0-9][ABD][ABD])|\\PC{0,8}", "[0-9 a]{0,14}", "(?s).{0,60}"), 1..12)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["name", "postcode", "phone", "about"]).unwrap();
        for (a, b, c, d) in &cells {
            writer.write_record([a, b, c, d]).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let report = read(&bytes, &plain_map(), None, None).unwrap();
        prop_assert_eq!(report.rows.len(), cells.len());
        for draft in report.drafts() {
            let s = draft.preview();
            prop_assert!(!s.name.trim().is_empty() && !s.name.chars().any(char::is_control));
            prop_assert!(s.locations[0].postcode().is_some());
            let stored = serde_json::to_string(s).unwrap();
            prop_assert_eq!(&serde_json::from_str::<kith_domain::directory::Service>(&stored).unwrap(), s);
        }
        for refusal in report.refusals() {
            prop_assert!(!refusal.why.is_empty() && !refusal.what_to_do.is_empty());
        }
    }

    #[test]
    fn any_text_is_a_map_or_is_refused(text in "\\PC{0,200}") {
        let _ = Map::parse(&text);
    }
}

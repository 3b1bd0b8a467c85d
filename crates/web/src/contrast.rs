//! A test that every pair of colours in every theme can be read: WCAG 2.2 AA, 4.5 to 1
//! for text and 3 to 1 for the edges of fields and marks (success criteria 1.4.3 and
//! 1.4.11, relative luminance as defined there).

use std::collections::BTreeMap;

use crate::page::Theme;

/// Text on ground.
const TEXT: [(&str, &str); 38] = [
    ("ink", "paper"),
    ("ink", "paper-deep"),
    ("ink", "surface"),
    ("ink", "action-pale"),
    ("ink", "plum-pale"),
    ("ink", "amber-pale"),
    ("ink", "moss-pale"),
    ("ink", "brick-pale"),
    ("ink-soft", "paper"),
    ("ink-soft", "paper-deep"),
    ("ink-soft", "surface"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("on-action", "action-active"),
    ("on-brick", "brick"),
    ("link", "paper"),
    ("link", "paper-deep"),
    ("link", "surface"),
    ("link", "action-pale"),
    ("link", "plum-pale"),
    ("link", "amber-pale"),
    ("link-hover", "paper"),
    ("link-hover", "paper-deep"),
    ("link-hover", "surface"),
    ("visited", "paper"),
    ("visited", "paper-deep"),
    ("visited", "surface"),
    ("moss", "surface"),
    ("moss", "paper"),
    ("moss", "moss-pale"),
    ("amber", "surface"),
    ("amber", "paper"),
    ("amber", "amber-pale"),
    ("plum", "surface"),
    ("plum", "plum-pale"),
    ("brick", "surface"),
    ("brick", "paper"),
    ("focus-ink", "focus"),
];

/// Edges and marks on ground.
const EDGES: [(&str, &str); 7] = [
    ("line-strong", "paper"),
    ("line-strong", "surface"),
    ("amber", "paper-deep"),
    ("plum", "plum-pale"),
    ("brick", "paper-deep"),
    ("link", "paper-deep"),
    ("moss", "paper-deep"),
];

fn theme(css: &str, theme: Theme) -> BTreeMap<String, String> {
    let selector = format!(".kith-theme-{} {{", theme.code());
    let start =
        css.find(&selector).unwrap_or_else(|| panic!("{selector} is not in themes.css")) + selector.len();
    let block = &css[start..start + css[start..].find('}').expect("the block ends")];
    let declarations = block.split(';').filter_map(|d| d.trim().strip_prefix("--")?.split_once(':'));
    declarations.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let part = colour.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let part = f64::from(part.unwrap_or_else(|| panic!("{colour} is not #rrggbb"))) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn contrast_is_calculated_as_published() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
}

#[test]
fn every_pair_of_every_theme_can_be_read() {
    let css = String::from_utf8(crate::assets::find("themes.css").unwrap().into_owned()).unwrap();
    let mut wrong = Vec::new();
    for name in Theme::ALL {
        let tokens = theme(&css, name);
        for (pairs, least) in [(TEXT.as_slice(), 4.5), (EDGES.as_slice(), 3.0)] {
            for (front, back) in pairs {
                let ratio = contrast(&tokens[*front], &tokens[*back]);
                if ratio < least {
                    wrong.push(format!("{}: {front} on {back} is {ratio:.2}, not {least}", name.code()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

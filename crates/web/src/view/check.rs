//! What must hold on every page, whatever it shows. Used by the test over all
//! registered views, and by journeys on pages they fetch.

use std::collections::BTreeSet;

use super::{Drawn, Registered};
use crate::templates;

/// The largest page, in bytes of HTML: it has to load on an old phone at the end of
/// the month.
pub const PAGE_MAX_BYTES: usize = 60_000;

/// Words that never stand on a screen: they name people by their use of services,
/// blame them, or mean nothing outside an office. Matched as whole words, in any
/// case, in the visible text.
pub const FORBIDDEN_WORDS: [&str; 38] = [
    "service user",
    "service users",
    "patient",
    "patients",
    "client",
    "clients",
    "case",
    "cases",
    "caseload",
    "caseloads",
    "dna",
    "dnas",
    "non-compliant",
    "noncompliant",
    "failed to attend",
    "refused",
    "refuses",
    "bame",
    "vulnerable",
    "suffers",
    "suffering from",
    "hard to reach",
    "challenging",
    "risk",
    "risks",
    "lacks insight",
    "non-engaging",
    "high intensity",
    "high-intensity",
    "attention-seeking",
    "manipulative",
    "frequent flyer",
    "treatment resistant",
    "committed suicide",
    "chronic",
    "mentally ill",
    "should",
    "kept-stable",
];

/// Everything wrong with a page, in words. `words` is false where the page shows
/// somebody's own words, which are theirs.
pub fn problems(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut wrong = |is_wrong: bool, what: String| {
        if is_wrong {
            found.push(what);
        }
    };
    wrong(html.len() >= PAGE_MAX_BYTES, format!("it has {} bytes, more than {PAGE_MAX_BYTES}", html.len()));
    wrong(!html.starts_with("<!DOCTYPE html>"), "it does not begin with a doctype".into());
    wrong(!html.contains("<html lang=\""), "html has no lang".into());
    wrong(count(html, "<h1") != 1, format!("it has {} h1, not one", count(html, "<h1")));
    wrong(title_of(html).is_none_or(|title| title.trim().is_empty()), "it has no title".into());
    wrong(!html.contains("nhsuk-skip-link"), "it has no skip link".into());
    wrong(count(html, "id=\"maincontent\"") != 1, "it has no main content to skip to".into());
    wrong(count(html, "id=\"help-now\"") != 1, "the help-now block is missing".into());
    for tag in tags(html) {
        for problem in tag_problems(tag) {
            wrong(true, problem);
        }
    }
    for id in doubled_ids(html) {
        wrong(true, format!("two elements have the id {id}"));
    }
    let text = visible_text(html).to_lowercase();
    for word in FORBIDDEN_WORDS {
        wrong(has_word(&text, word), format!("it says {word:?}"));
    }
    found
}

/// The inside of `<title>`.
pub fn title_of(html: &str) -> Option<&str> {
    let start = html.find("<title>")? + "<title>".len();
    let end = html[start..].find("</title>")?;
    Some(&html[start..start + end])
}

fn tag_problems(tag: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lower = tag.to_lowercase();
    if lower.starts_with("<style") {
        found.push("it has a style element".into());
    }
    if lower.starts_with("<script") && !lower.contains(" src=") {
        found.push("it has a script inside the page".into());
    }
    for (name, value) in attributes(tag) {
        if name == "style" || name.starts_with("on") {
            found.push(format!("it has the attribute {name} in {tag}"));
        }
        let loads = matches!(name.as_str(), "src" | "srcset" | "action" | "poster" | "data")
            || (name == "href" && lower.starts_with("<link"));
        let outside = value.contains("://") || value.starts_with("//");
        if loads && outside {
            found.push(format!("it loads or posts outside: {tag}"));
        }
        if value.trim_start().to_lowercase().starts_with("javascript:") {
            found.push(format!("it has a script address in {tag}"));
        }
        // A form that waits for its writer has to stay while they sign in beside it. Its words say so.
        let beside = lower.contains("href=\"/sign-in\"") && lower.contains("rel=\"noopener\"");
        if name == "target" && value == "_blank" && !beside {
            found.push(format!("it opens a new window: {tag}"));
        }
    }
    found
}

fn count(html: &str, what: &str) -> usize {
    html.matches(what).count()
}

/// Every tag, from `<` to `>`, leaving out comments. Our templates escape `>` in
/// attributes, so a tag ends at the first one.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices('<').filter_map(|(at, _)| {
        let end = html[at..].find('>')?;
        let tag = &html[at..=at + end];
        (!tag.starts_with("<!") && !tag.starts_with("</")).then_some(tag)
    })
}

/// Names (lower case) and values of a tag's attributes.
pub(crate) fn attributes(tag: &str) -> Vec<(String, String)> {
    let inside = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let mut rest = inside.find(char::is_whitespace).map_or("", |at| &inside[at..]).trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let (text, left) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            value = text.to_owned();
            rest = left.trim_start();
        }
        if name.is_empty() {
            break;
        }
        found.push((name, value));
    }
    found
}

fn doubled_ids(html: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = tags(html).flat_map(attributes).filter(|(name, _)| name == "id").map(|(_, id)| id);
    ids.filter(|id| !seen.insert(id.clone())).collect()
}

/// The words a reader sees or hears: text between tags, outside `<head>`'s links and
/// scripts. Somebody's own words, marked with `class="kith-own-words"`, are left out
/// by [`problems`] only in so far as samples do not use forbidden words there.
pub fn visible_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        text.push(' ');
        let close = rest[open..].find('>').map_or(rest.len(), |at| open + at + 1);
        let tag = rest[open..close].to_lowercase();
        rest = &rest[close..];
        for element in ["script", "style"] {
            if tag.starts_with(&format!("<{element}")) {
                let end = format!("</{element}>");
                rest = rest.find(&end).map_or("", |at| &rest[at..]);
            }
        }
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True when `word` stands in `text` (both lower case) as a whole word.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_letter(before) && !is_letter(after)
    })
}

/// Names that a view's template looks up and no sample has: misspelt, most likely.
/// The template engine is lenient about them, so this is where they are caught.
pub fn unknown_names(view: &Registered, drawn: &[Drawn]) -> Vec<String> {
    let Ok(template) = templates::environment().get_template(view.template) else {
        return vec![format!("there is no template {}", view.template)];
    };
    let mut unknown: Vec<String> = template
        .undeclared_variables(true)
        .into_iter()
        .filter(|path| {
            path.strip_prefix("view.").is_some_and(|rest| !drawn.iter().any(|d| has_path(&d.value, rest)))
        })
        .collect();
    unknown.sort();
    unknown
}

/// True when the value has the dotted path, or stops at something that may be absent
/// (null) or is not a plain object (a list, a text with methods).
fn has_path(value: &serde_json::Value, path: &str) -> bool {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match value {
        serde_json::Value::Object(map) => match (map.get(first), rest) {
            (Some(inner), Some(rest)) => has_path(inner, rest),
            (Some(_), None) => true,
            // A method of a map, or the names of a `Filled` form that nobody filled.
            (None, _) => matches!(first, "items" | "keys" | "values" | "get") || map.is_empty(),
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>A</title></head><body>\
        <a class=\"nhsuk-skip-link\" href=\"#maincontent\">Skip</a><main id=\"maincontent\"><h1>A</h1></main>\
        <section id=\"help-now\"></section></body></html>";

    #[test]
    fn a_plain_page_is_fine() {
        assert_eq!(problems(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_thing_that_must_not_be_is_found() {
        for (bad, says) in [
            ("<p style=\"color:red\">", "attribute style"),
            ("<p onclick='x()'>", "attribute onclick"),
            ("<style>a{}</style>", "style element"),
            ("<script>1</script>", "script inside"),
            ("<img src=\"https://example.org/a.png\">", "outside"),
            ("<form action=\"//example.org\">", "outside"),
            ("<a href=\"javascript:x()\">", "script address"),
            ("<h1>again</h1>", "2 h1"),
            ("<p id=\"help-now\">", "id help-now"),
            ("<p>She is a Vulnerable adult</p>", "vulnerable"),
            ("<p>Service&nbsp;x</p><p>high <b>risk</b></p>", "risk"),
        ] {
            let html = GOOD.replace("</main>", &format!("{bad}</main>"));
            let found = problems(&html).join("; ");
            assert!(found.contains(says), "{bad}: {found}");
        }
        let long = GOOD.replace("</main>", &"x".repeat(PAGE_MAX_BYTES));
        assert!(problems(&long).join("; ").contains("bytes"));
    }

    #[test]
    fn whole_words_only() {
        assert!(!has_word("a bookcase, in any showcase", "case"));
        assert!(!has_word("asterisk and brisk", "risk"));
        assert!(has_word("in case", "case"));
        assert!(!has_word("just in showcases", "case"));
    }

    #[test]
    fn links_to_elsewhere_are_fine_loading_is_not() {
        let html = GOOD.replace("</main>", "<a href=\"https://example.org\">x</a></main>");
        assert_eq!(problems(&html), Vec::<String>::new());
    }
}

//! A rule about reading: no sentence on a screen is longer than people of 9 to 11 years read
//! with ease. Long sentences are what makes a page hard, more than long words.

use super::words::for_programmers;
use super::{Finding, Source};

/// The most words of one sentence.
const MOST_WORDS: usize = 25;

/// Tags inside a sentence. Every other tag ends one.
const INSIDE: &[&str] = &["a", "abbr", "b", "cite", "code", "em", "i", "q", "small", "span", "strong"];

/// Sentences on screens: templates, and texts of the crates that make pages and labels.
pub fn sentences(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        if source.path.contains("/templates/") {
            for (line, text) in passages(&source.text) {
                findings.extend(too_long(source, line, &text));
            }
        } else if let Some(rust) = &source.rust
            && matches!(source.krate(), "web" | "care" | "domain")
        {
            for (line, text) in rust.product_strings() {
                let code = rust.code.get(line - 1).map(String::as_str).unwrap_or_default();
                if !for_programmers(code) {
                    findings.extend(too_long(source, line, &without_places(text)));
                }
            }
        }
    }
    findings
}

fn too_long(source: &Source, line: usize, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut count = 0;
    let mut first = String::new();
    for word in text.split_whitespace() {
        if word.chars().any(char::is_alphanumeric) {
            count += 1;
            if count <= 5 {
                first.push_str(word);
                first.push(' ');
            }
        }
        let end = word.trim_end_matches(['”', '"', '’', ')', '\'']);
        if end.ends_with(['.', '!', '?', ':', ';']) {
            findings.extend(finding(source, line, count, &first));
            count = 0;
            first.clear();
        }
    }
    findings.extend(finding(source, line, count, &first));
    findings
}

fn finding(source: &Source, line: usize, count: usize, first: &str) -> Option<Finding> {
    let what = || format!("a sentence of {count} words (\"{first}...\"); make two of it");
    (count > MOST_WORDS).then(|| Finding::new(&source.path, line, what()))
}

/// What stands in a place of a text, `{name}`, is one word.
fn without_places(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, place)) = rest.split_once('{') {
        result.push_str(before);
        result.push('X');
        rest = place.split_once('}').map_or("", |(_, after)| after);
    }
    result + rest
}

/// The passages of a template, each with the line it begins on: what stands between tags that
/// end a sentence, and every text in an expression. A value is one word.
fn passages(template: &str) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    let mut passage = String::new();
    let (mut line, mut began) = (1, 1);
    let mut rest = template;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(next_part(rest));
        match part.get(..2) {
            Some("{#") => {}
            Some("{{") => {
                passage.push_str(" X ");
                all.extend(texts(part).map(|text| (line, text)));
            }
            Some("{%") => {
                all.push((began, std::mem::take(&mut passage)));
                all.extend(texts(part).map(|text| (line, text)));
            }
            _ if part.starts_with('<') && INSIDE.contains(&name_of(part)) => passage.push(' '),
            _ if part.starts_with('<') => all.push((began, std::mem::take(&mut passage))),
            _ => passage.push_str(part),
        }
        if passage.trim().is_empty() {
            began = line;
        }
        line += part.matches('\n').count();
        rest = after;
    }
    all.push((began, passage));
    all
}

/// Where the part at the beginning ends: a comment, an expression, a statement, a tag or text.
fn next_part(rest: &str) -> usize {
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}"), ("<", ">")] {
        if rest.starts_with(open) {
            return rest.find(close).map_or(rest.len(), |at| at + close.len());
        }
    }
    let opens = ["{#", "{{", "{%", "<"].into_iter().filter_map(|open| rest.find(open));
    opens.min().unwrap_or(rest.len())
}

fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// The texts in an expression.
fn texts(expression: &str) -> impl Iterator<Item = String> {
    expression.split('"').skip(1).step_by(2).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        sentences(&[Source::new(path, text)]).into_iter().map(|finding| finding.line).collect()
    }

    const PAGE: &str = "crates/web/templates/a.html";

    #[test]
    fn a_long_sentence_is_found_where_it_begins() {
        let words = |n: usize| vec!["word"; n].join(" ");
        assert_eq!(found(PAGE, &format!("<p>{}.</p>", words(25))).len(), 0);
        assert_eq!(found(PAGE, &format!("<h1>Hello</h1>\n<p>{}.</p>", words(26))), [2]);
        assert_eq!(found(PAGE, &format!("<p>{} <a href=\"/x\">{}</a>.</p>", words(13), words(13))).len(), 1);
        assert_eq!(found(PAGE, &format!("<p>{}</p><p>{}</p>", words(13), words(13))).len(), 0);
        assert_eq!(found(PAGE, &format!("<p>{}. {}.</p>", words(20), words(20))).len(), 0);
        assert_eq!(found(PAGE, &format!("{{{{ button(\"{}\") }}}}", words(26))).len(), 1);
        assert_eq!(found(PAGE, &format!("<p>{{{{ view.long.name | filter }}}} {}.</p>", words(24))).len(), 0);
        assert_eq!(found(PAGE, &format!("{{# {} #}}", words(40))).len(), 0);
    }

    #[test]
    fn texts_of_the_crates_that_make_pages_are_read_too() {
        let words = vec!["word"; 26].join(" ");
        assert_eq!(found("crates/web/src/a.rs", &format!("let a = \"{words}\";")).len(), 1);
        assert_eq!(found("crates/store/src/a.rs", &format!("let a = \"{words}\";")).len(), 0);
        let place = format!("let a = format!(\"{{here and there}} {}\");", vec!["word"; 24].join(" "));
        assert_eq!(found("crates/care/src/a.rs", &place).len(), 0);
    }
}

//! Rules about words: what a person may read on a screen, what belongs to the NHS, and what
//! belongs to one machine only.

use super::{Finding, Source};

/// A word or phrase not said on screens, and what to say instead. In lower case it is found
/// however it is written; with capitals only so.
const NOT_SAID: &[(&str, &str)] = &[
    ("service user", "person"),
    ("service users", "people"),
    ("patient", "person"),
    ("patients", "people"),
    ("client", "person"),
    ("clients", "people"),
    ("case", "person, plan or story"),
    ("cases", "people"),
    ("caseload", "people I support"),
    ("DNA", "could not come"),
    ("did not attend", "could not come"),
    ("failed to attend", "could not come"),
    ("non-compliant", "said no"),
    ("noncompliant", "said no"),
    ("refused", "said no"),
    ("refuses", "says no"),
    ("BAME", "ethnic minorities, or the group by name"),
    ("vulnerable", "say what would help"),
    ("suffers", "has"),
    ("suffering from", "has"),
    ("suffer from", "have"),
    ("hard to reach", "we have not reached yet"),
    ("challenging", "say what happened"),
    ("risk", "safety information"),
    ("risks", "safety information"),
    ("high-risk", "say what would help"),
    ("lacks insight", "sees it differently"),
    ("non-engaging", "said no, or not reached"),
    ("high intensity", "say what would help"),
    ("mentally ill", "has a mental health condition"),
    ("should", "can, will or need to"),
];

/// Everyday phrases that hold one of those words and mean something else.
const SAID: &[&str] = &["in case", "lower case", "upper case", "capital case"];

/// Words on screens: templates, and sentences in the crates that make pages and labels.
pub fn screen(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        if source.path.contains("/templates/") {
            for (at, line) in visible(&source.text).lines().enumerate() {
                findings.extend(said(source, at + 1, line));
            }
        } else if let Some(rust) = &source.rust
            && matches!(source.krate(), "web" | "care" | "domain")
        {
            for (line, text) in rust.product_strings().filter(|(_, text)| text.trim().contains(' ')) {
                let code = rust.code.get(line - 1).map(String::as_str).unwrap_or_default();
                if !for_programmers(code) {
                    findings.extend(said(source, line, text));
                }
            }
        }
    }
    findings
}

fn said(source: &Source, line: usize, text: &str) -> Vec<Finding> {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for phrase in SAID {
        text = replace_any_case(&text, phrase);
    }
    NOT_SAID
        .iter()
        .filter(|(word, _)| has_phrase(&text, word))
        .map(|(word, instead)| {
            Finding::new(&source.path, line, format!("\"{word}\"; say instead: {instead}"))
        })
        .collect()
}

/// Sentences that stop the program or go to its log are not on a screen.
pub(super) fn for_programmers(code: &str) -> bool {
    let marks = [
        "expect(",
        "panic!(",
        "assert",
        "unreachable!(",
        "debug!(",
        "info!(",
        "warn!(",
        "error!(",
        "trace!(",
    ];
    let attributes = ["reason =", "#[expect", "#[allow", "#[doc"];
    marks.iter().chain(&attributes).any(|mark| code.contains(mark)) && !code.contains("error(")
}

/// Takes a phrase out, however it is written. Only for plain ASCII phrases.
fn replace_any_case(text: &str, phrase: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut result = String::new();
    let mut from = 0;
    for (at, found) in lower.match_indices(phrase) {
        result.push_str(&text[from..at]);
        from = at + found.len();
    }
    result.push_str(&text[from..]);
    result
}

/// Whether the phrase stands in the text as whole words.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let any_case = phrase.chars().all(|c| !c.is_uppercase());
    let text = if any_case { text.to_lowercase() } else { text.to_owned() };
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(|c| word(c) || c == '-') && !after.is_some_and(word)
    })
}

/// What of a template can reach a screen, on the same lines: text, visible attributes, and the
/// strings inside expressions (component arguments). Comments, names and code are blanked.
fn visible(template: &str) -> String {
    let mut result = String::new();
    let mut rest = template;
    while let Some(at) = rest.find("{#").into_iter().chain(rest.find("{%")).chain(rest.find("{{")).min() {
        push_html(&mut result, &rest[..at]);
        let close = match &rest[at..at + 2] {
            "{#" => "#}",
            "{%" => "%}",
            _ => "}}",
        };
        // A dict ends in "}}" too, so the end of an expression is the last one before the next line break or tag.
        let end = rest[at..].find(close).map_or(rest.len(), |length| at + length + 2);
        let inside = &rest[at..end];
        if close == "#}" {
            push_blank(&mut result, inside)
        } else {
            push_strings(&mut result, inside)
        }
        rest = &rest[end..];
    }
    push_html(&mut result, rest);
    result
}

fn push_blank(result: &mut String, text: &str) {
    result.extend(text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
}

/// Keeps the string literals of an expression, except names of templates, fields and classes.
fn push_strings(result: &mut String, expression: &str) {
    let mut quote: Option<char> = None;
    let mut literal = String::new();
    for c in expression.chars() {
        match quote {
            Some(open) if c == open => {
                let sentence =
                    literal.contains(' ') || literal.chars().next().is_some_and(char::is_uppercase);
                if sentence {
                    result.push_str(&literal)
                } else {
                    push_blank(result, &literal)
                }
                result.push(' ');
                literal.clear();
                quote = None;
            }
            Some(_) => literal.push(c),
            None if c == '"' || c == '\'' => quote = Some(c),
            None => push_blank(result, &c.to_string()),
        }
    }
    push_blank(result, &literal);
}

/// Keeps text, and of tags only the attributes that are shown or read out.
fn push_html(result: &mut String, html: &str) {
    const SHOWN: &[&str] =
        &["alt=\"", "title=\"", "placeholder=\"", "aria-label=\"", "content=\"", "value=\""];
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        result.push_str(&rest[..open]);
        let close = rest[open..].find('>').map_or(rest.len(), |length| open + length + 1);
        let tag = &rest[open..close];
        let shown = SHOWN.iter().filter_map(|name| {
            let from = tag.find(name)? + name.len();
            Some(&tag[from..from + tag[from..].find('"')?])
        });
        for text in shown.filter(|text| text.contains(' ')) {
            result.push_str(&text.replace('\n', " "));
            result.push(' ');
        }
        push_blank(result, &tag.chars().filter(|c| *c == '\n').collect::<String>());
        rest = &rest[close..];
    }
    result.push_str(rest);
}

/// The NHS logo and the Frutiger font are for NHS organisations; nothing of ours asks another host.
pub fn nhs_identity(sources: &[Source]) -> Vec<Finding> {
    let marks =
        ["frutiger", "assets.nhs.uk", "nhsuk-header__logo", "fonts.googleapis", "cdn.jsdelivr", "unpkg.com"];
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with("crates/web/") && !source.is_test())
    {
        if !source.has_ending(&[".jinja", ".html", ".css", ".js", ".svg"]) {
            continue;
        }
        for (at, line) in source.text.lines().enumerate() {
            let lower = line.to_lowercase();
            for mark in marks.iter().filter(|mark| lower.contains(*mark)) {
                findings.push(Finding::new(&source.path, at + 1, format!("{mark} is not ours to use")));
            }
        }
    }
    findings
}

/// Paths of one machine, and words about how the tree came to be, help no reader.
pub fn own_place(sources: &[Source]) -> Vec<Finding> {
    let folders =
        [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];
    let words = [concat!("sub", "agent"), concat!("sub-", "agent"), concat!("helper ", "session")];
    let mut findings = Vec::new();
    for source in sources {
        for (at, line) in source.text.lines().enumerate() {
            let own_path = folders.iter().find(|folder| {
                line.match_indices(*folder).any(|(from, _)| {
                    let before = line[..from].chars().next_back();
                    before.is_none_or(|c| c.is_whitespace() || "\"'`(=:".contains(c)) && !is_route(line, from)
                })
            });
            if let Some(folder) = own_path {
                findings.push(Finding::new(
                    &source.path,
                    at + 1,
                    format!("{folder} is a path of one machine"),
                ));
            }
            let lower = line.to_lowercase();
            for word in words.iter().filter(|word| lower.contains(*word)) {
                findings.push(Finding::new(
                    &source.path,
                    at + 1,
                    format!("\"{word}\" says nothing about Kith"),
                ));
            }
        }
    }
    findings
}

/// One of the words is also the name of an area of life, and so may stand in a route of ours.
fn is_route(line: &str, at: usize) -> bool {
    line[at..].starts_with(concat!("/wo", "rk/")) && (line.contains("href") || line.contains("route"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        screen(&[Source::new(path, text)]).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn words_are_found_in_text_attributes_and_component_arguments() {
        let page = "crates/web/templates/a.jinja";
        assert_eq!(found(page, "<p>Your patient</p>").len(), 1);
        assert_eq!(
            found(page, "<p>Your\n  service\n user</p>").len(),
            0,
            "split over lines is not looked for"
        );
        assert_eq!(found(page, "<img alt=\"a vulnerable person\">").len(), 1);
        assert_eq!(found(page, "{{ button({text: \"You should go\"}) }}").len(), 1);
        assert_eq!(found(page, "<p class=\"risk\">{{ page.risk }}</p>{# risk #}").len(), 0);
        assert_eq!(found(page, "{% if state == \"refused\" %}<p>said no</p>{% endif %}").len(), 0);
        assert_eq!(found(page, "<p>Outpatients, just in case</p>").len(), 0);
        assert_eq!(found(page, "<p>DNA</p>").len(), 1);
        assert_eq!(found(page, "<p>dna</p>").len(), 0);
    }

    #[test]
    fn words_are_found_in_sentences_of_code_but_not_in_its_own_errors() {
        let code = "crates/web/src/a.rs";
        assert_eq!(found(code, "let a = \"Ask the client again\";").len(), 1);
        assert_eq!(found(code, "let a = \"client\";").len(), 0, "one word may be a key");
        assert_eq!(found(code, "x.expect(\"the client should be there\");").len(), 0);
        assert_eq!(found("crates/store/src/a.rs", "let a = \"the client is gone\";").len(), 0);
    }

    #[test]
    fn findings_stand_on_the_line_of_the_word() {
        let page = "{# one\ntwo #}\n<p\n class=\"a\">\n{{ button(\n 'A patient here') }}\n</p>";
        let findings = screen(&[Source::new("crates/web/templates/a.jinja", page)]);
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn the_logo_and_the_font_are_found() {
        let css = Source::new("crates/web/static/a.css", "body { font-family: Frutiger; }");
        assert_eq!(nhs_identity(&[css]).len(), 1);
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        let text = concat!("see /ho", "me/someone/notes and https://example.org/ho", "me/page");
        assert_eq!(own_place(&[Source::new("docs/a.md", text)]).len(), 1);
    }
}

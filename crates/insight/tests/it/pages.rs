//! Each method has a page, and its example answers what the page says.

use kith_insight::method;
use kith_insight::request::Request;
use std::path::PathBuf;

fn page(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/measures/{name}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("docs/measures/{name}.md: {e}"))
}

/// What stands in the first block of this kind.
fn block<'a>(page: &'a str, kind: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("```{kind}\n"))?;
    rest.split_once("```").map(|(inside, _)| inside)
}

/// Words of a shell line, with quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

#[test]
fn every_method_has_a_page_with_its_formula_source_example_and_warning() {
    for method in method::all() {
        let page = page(method.name);
        for part in ["## Formula", "## Source", "## Example", "## Not for"] {
            assert!(page.contains(part), "docs/measures/{}.md has no part \"{part}\"", method.name);
        }
    }
}

#[test]
fn every_example_answers_what_its_page_says() {
    for method in method::all() {
        let page = page(method.name);
        let input = block(&page, "csv").or(block(&page, "json"));
        let input = input.unwrap_or_else(|| panic!("{}: no input", method.name));
        let said = block(&page, "console").unwrap_or_else(|| panic!("{}: no command", method.name));
        let (line, answer) = said.split_once('\n').unwrap();
        let words = words(line.strip_prefix("$ kith insight ").unwrap());
        let request = Request::parse(&words[0], &words[1..]).unwrap();
        assert_eq!(request.method.name, method.name);
        assert_eq!(request.answer(input).unwrap().trim_end(), answer.trim_end(), "{}", method.name);
    }
}

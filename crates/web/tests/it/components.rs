//! Compares what our template engine makes of each component with what the authors of
//! NHS.UK frontend say it looks like (`fixtures.json` in their package).
//!
//! HTML is compared as a list of tags, sorted attributes and squeezed text, because
//! white space and the order of attributes mean nothing.

use std::fs;
use std::path::{Path, PathBuf};

use kith_web::{components_present, templates};
use serde_json::Value;

/// The components that our pages use: folder and macro name.
const USED: [(&str, &str); 28] = [
    ("action-link", "actionLink"),
    ("back-link", "backLink"),
    ("breadcrumb", "breadcrumb"),
    ("button", "button"),
    ("card", "card"),
    ("checkboxes", "checkboxes"),
    ("contents-list", "contentsList"),
    ("date-input", "dateInput"),
    ("details", "details"),
    ("do-dont-list", "list"),
    ("error-message", "errorMessage"),
    ("error-summary", "errorSummary"),
    ("fieldset", "fieldset"),
    ("hint", "hint"),
    ("input", "input"),
    ("inset-text", "insetText"),
    ("label", "label"),
    ("notification-banner", "notificationBanner"),
    ("pagination", "pagination"),
    ("radios", "radios"),
    ("select", "select"),
    ("skip-link", "skipLink"),
    ("summary-list", "summaryList"),
    ("tables", "table"),
    ("tabs", "tabs"),
    ("tag", "tag"),
    ("task-list", "taskList"),
    ("textarea", "textarea"),
];

/// Fixtures that differ, each with the reason: (component, fixture, why).
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

fn fixtures(component: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../components/fixtures/{component}.json"))
}

fn render(component: &str, name: &str, fixture: &Value) -> Result<String, String> {
    let context = &fixture["context"];
    let import = format!("{{% from 'nhsuk/components/{component}/macro.jinja' import {name} %}}");
    let source = match fixture["callBlock"].as_str() {
        Some(block) => format!("{import}{{% call {name}(params) %}}{block}{{% endcall %}}"),
        None => format!("{import}{{{{ {name}(params) }}}}"),
    };
    templates::environment()
        .render_named_str(
            "test.html",
            &source,
            minijinja::context! { params => minijinja::value::Serde(context) },
        )
        .map_err(|error| kith_web::view::explain(&error))
}

#[test]
fn components_look_as_their_authors_say() {
    if !components_present() {
        println!("skipped: the page components are not there; run {}", kith_web::COMPONENTS_COMMAND);
        return;
    }
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (component, name) in USED {
        let text = fs::read_to_string(fixtures(component)).unwrap_or_else(|e| panic!("{component}: {e}"));
        let file: Value = serde_json::from_str(&text).unwrap();
        for fixture in file["fixtures"].as_array().unwrap() {
            let title = fixture["name"].as_str().unwrap();
            let is_exception = EXCEPTIONS.iter().any(|(c, f, _)| (*c, *f) == (component, title));
            let same = match render(component, name, fixture) {
                Ok(ours) => compare(&ours, fixture["html"].as_str().unwrap()),
                Err(error) => Err(error),
            };
            compared += 1;
            match (same, is_exception) {
                (Err(difference), false) => wrong.push(format!("{component} / {title}: {difference}")),
                (Ok(()), true) => wrong.push(format!("{component} / {title}: no longer an exception")),
                _ => {}
            }
        }
    }
    assert!(compared > 300, "only {compared} fixtures were compared");
    assert!(wrong.is_empty(), "{} of {compared} differ\n{}", wrong.len(), wrong.join("\n"));
}

fn compare(ours: &str, theirs: &str) -> Result<(), String> {
    let (ours, theirs) = (tokens(ours), tokens(theirs));
    match ours.iter().zip(&theirs).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("ours {a:?}, theirs {b:?}")),
        None if ours.len() != theirs.len() => {
            Err(format!("ours has {} pieces, theirs {}", ours.len(), theirs.len()))
        }
        None => Ok(()),
    }
}

/// Tags with sorted attributes, and text with squeezed white space, entities resolved.
fn tokens(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let open = rest.find('<').unwrap_or(rest.len());
        let text = squeezed(&resolved(&rest[..open]));
        if !text.is_empty() {
            found.push(text);
        }
        rest = &rest[open..];
        if rest.is_empty() {
            break;
        }
        let close = end_of_tag(rest);
        let tag = &rest[..close];
        if !tag.starts_with("<!--") {
            found.push(normal_tag(tag));
        }
        rest = &rest[close..];
    }
    found
}

/// Where the tag that begins the text ends, not counting `>` in quotes.
fn end_of_tag(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |at| at + 3);
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            ('>', None) => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn normal_tag(tag: &str) -> String {
    let inside = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/').trim();
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    rest = rest.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().unwrap_or('"');
            let (text, left) = after[1..].split_once(quote).unwrap_or((&after[1..], ""));
            value = squeezed(&resolved(text));
            rest = left.trim_start();
        }
        attributes.push(format!("{key}={value}"));
    }
    attributes.sort();
    format!("<{name} {}>", attributes.join(" "))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn resolved(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
    .replace("&amp;", "&")
}

#[test]
fn every_component_can_be_drawn() {
    if !components_present() {
        return;
    }
    let folder = fixtures("button").parent().unwrap().to_path_buf();
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let component = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        templates::environment()
            .get_template(&format!("nhsuk/components/{component}/template.jinja"))
            .unwrap_or_else(|e| panic!("{component}: {e:#}"));
        seen += 1;
    }
    assert_eq!(seen, 41, "43 components but for the header and the footer, which are our own");
}

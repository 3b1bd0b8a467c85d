//! The template environment: our templates and the NHS Jinja macros, both compiled
//! into the program.
//!
//! Every template is escaped as HTML whatever its name. Looking into something that
//! is not there gives nothing rather than an error, because the NHS macros are
//! written so; a misspelt name in one of *our* templates is found by the test that
//! renders every view with every sample ([`crate::view::check`]).

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};
use rust_embed::RustEmbed;

use crate::assets::{self, Components};

/// Our page templates.
#[derive(RustEmbed)]
#[folder = "templates/"]
struct Pages;

/// The one environment of the program.
pub fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(build);
    &ENVIRONMENT
}

/// The text of a template of ours, such as `basics/help.html`.
pub fn source(name: &str) -> Option<String> {
    Pages::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

/// The names of our templates.
pub fn names() -> impl Iterator<Item = String> {
    Pages::iter().map(|name| name.into_owned())
}

/// A serialisable value for a template.
pub(crate) fn to_value<T: serde::Serialize>(value: T) -> Value {
    Value::from(minijinja::value::Serde(value))
}

fn build() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(|name| Ok(source(name).or_else(|| component(name))));
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_unknown_method_callback(method);
    environment.set_formatter(write_escaped);
    environment.add_filter("escape", escape);
    environment.add_filter("e", escape);
    environment.add_filter("truncate", truncate);
    environment.add_function("asset", |name: &str| assets::url(name));
    environment.add_function("new_submission", || crate::form::new_submission().to_string());
    environment.add_filter("paragraphs", paragraphs);
    environment
}

fn component(name: &str) -> Option<String> {
    let file = Components::get(&format!("templates/{name}"))?;
    Some(String::from_utf8_lossy(&file.data).into_owned())
}

/// Methods of Python values, which the NHS macros use. `map.get(key, undefined)` gives
/// undefined as Python's does; the engine's own reading of it gives none, of which
/// `length` is an error.
fn method(state: &mut State<'_, '_>, value: &Value, name: &str, args: &[Value]) -> Result<Value, Error> {
    if let ("get", Some(map), [key, default]) = (name, value.as_object(), args) {
        return Ok(map.get_value(key).unwrap_or_else(|| default.clone()));
    }
    minijinja_contrib::pycompat::unknown_method_callback(state, value, name, args)
}

/// Writes a value into a page, text escaped. The engine's own writer also escapes
/// slashes, which makes every address longer for nothing.
fn write_escaped(out: &mut Output, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() => out.write_str(&crate::text::escape_html(text)).map_err(Error::from),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// Jinja's filter: the text escaped, once.
fn escape(value: &Value) -> Value {
    match value.as_str() {
        Some(_) if value.is_safe() => value.clone(),
        Some(text) => Value::from_safe_string(crate::text::escape_html(text)),
        None if value.is_undefined() || value.is_none() => Value::from_safe_string(String::new()),
        None => Value::from_safe_string(crate::text::escape_html(&value.to_string())),
    }
}

/// Jinja's filter, as far as the NHS macros use it: always cutting within words.
fn truncate(text: &str, length: usize, _within_words: bool, end: &str) -> String {
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}{end}", &text[..at]),
        None => text.to_owned(),
    }
}

/// Somebody's own words as HTML: escaped, blank lines making paragraphs and single
/// line ends kept. Nothing else is read as markup.
fn paragraphs(text: &Value) -> Value {
    let escaped = match text.as_str() {
        Some(text) => crate::text::escape_html(text),
        None => return Value::from_safe_string(String::new()),
    };
    let html: String = escaped
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| format!("<p>{}</p>", paragraph.replace('\n', "<br>")))
        .collect();
    Value::from_safe_string(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_whatever_the_name_of_the_template() {
        for name in ["a.html", "a.jinja", "a.txt", "a"] {
            let html =
                environment().render_named_str(name, "{{ x }}", minijinja::context! { x => "<b>" }).unwrap();
            assert_eq!(html, "&lt;b&gt;");
        }
    }

    #[test]
    fn paragraphs_keep_lines_and_escape_markup() {
        let html = environment()
            .render_str("{{ x | paragraphs }}", minijinja::context! { x => "One <b>\ntwo\n\n\n\nthree" })
            .unwrap();
        assert_eq!(html, "<p>One &lt;b&gt;<br>two</p><p>three</p>");
    }

    #[test]
    fn every_template_of_ours_parses() {
        for name in names() {
            environment().get_template(&name).unwrap_or_else(|e| panic!("{name}: {e:#}"));
        }
    }
}

//! A question as it is typed: `METHOD --input FILE --name value ... --json`. Taken apart
//! here, without reading anything, so that the program, the examples in the documentation
//! and their tests understand the same words.

use crate::error::InsightError;
use crate::figure::Answer;
use crate::method::{self, Method, Options};
use crate::table::Table;

/// In what form the answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// A table to read.
    #[default]
    Text,
    /// CSV with every column and digit.
    Csv,
    /// JSON.
    Json,
}

/// A question.
pub struct Request {
    /// The method.
    pub method: &'static Method,
    /// The file to read; nothing, or `-`, for standard input.
    pub input: Option<String>,
    /// In what form the answer is wanted.
    pub form: Form,
    /// Whether only to tell what the method needs.
    pub about: bool,
    /// The method's options.
    pub options: Options,
}

impl Request {
    /// Takes the words apart.
    ///
    /// # Errors
    /// There is no such method or option, or an option has no value.
    pub fn parse(method: &str, words: &[String]) -> Result<Request, InsightError> {
        let method = method::find(method)?;
        let mut request =
            Request { method, input: None, form: Form::Text, about: false, options: Options::default() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let Some(name) = word.strip_prefix("--") else {
                return Err(InsightError::numbers(format!(
                    "\"{word}\" is not understood. Options begin with --."
                )));
            };
            let (name, joined) = name.split_once('=').map_or((name, None), |(n, v)| (n, Some(v.to_owned())));
            match name {
                "json" => request.form = Form::Json,
                "csv" => request.form = Form::Csv,
                "about" => request.about = true,
                _ => {
                    let value = joined.or_else(|| words.next().cloned());
                    let value = value.ok_or_else(|| InsightError::option(name, "", "it needs a value"))?;
                    match name {
                        "input" => request.input = Some(value).filter(|v| v != "-"),
                        _ => request.options.set(name, value),
                    }
                }
            }
        }
        method.knows(&request.options)?;
        Ok(request)
    }

    /// Answers from the text of the input, in the form that was asked for.
    ///
    /// # Errors
    /// The input cannot be read, or the method has no answer.
    pub fn answer(&self, input: &str) -> Result<String, InsightError> {
        let answer = self.method.answer(&Table::read(input)?, &self.options)?;
        Ok(match self.form {
            Form::Text => answer.text(),
            Form::Csv => answer.csv(),
            Form::Json => json(self.method, &answer),
        })
    }
}

fn json(method: &Method, answer: &Answer) -> String {
    let value =
        serde_json::json!({ "method": method.name, "figures": answer.figures, "notes": answer.notes });
    serde_json::to_string_pretty(&value).expect("figures are plain values") + "\n"
}

/// All methods with a line each.
pub fn list() -> String {
    let wide = method::all().map(|m| m.name.len()).max().unwrap_or(0);
    method::all().map(|m| format!("{:<wide$}  {}\n", m.name, m.about)).collect()
}

/// What a method needs.
pub fn about(method: &Method) -> String {
    let mut text = format!("{}: {}\n\nColumns: {}\n", method.name, method.about, method.columns);
    if !method.options.is_empty() {
        let wide = method.options.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        text.push_str("\nOptions (with what holds when nothing is said):\n");
        method
            .options
            .iter()
            .for_each(|(name, meaning)| text.push_str(&format!("  --{name:<wide$}  {meaning}\n")));
    }
    text.push_str(&format!("\nMore in docs/measures/{}.md\n", method.name));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Request, InsightError> {
        Request::parse(words[0], &words[1..].iter().map(|w| (*w).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn words_are_taken_apart_and_unknown_ones_refused() {
        let request = parse(&["share", "--input", "a.csv", "--level=0.9", "--json"]).ok().unwrap();
        assert_eq!((request.input.as_deref(), request.form), (Some("a.csv"), Form::Json));
        assert_eq!(request.options.text("level"), Some("0.9"));
        assert_eq!(parse(&["share", "--input", "-"]).ok().unwrap().input, None);
        let said = |words: &[&str]| parse(words).err().unwrap().to_string();
        assert_eq!(
            said(&["shares"]),
            "There is no method called shares. `kith insight --list` names them all."
        );
        assert_eq!(said(&["share", "--colour", "red"]), "share has no option colour. It has: by, level.");
        assert!(said(&["share", "level"]).contains("Options begin with --"));
        assert!(said(&["share", "--level"]).contains("it needs a value"));
    }
}

//! The list of methods, and how one is asked: a [`Table`] and [`Options`] in, an
//! [`Answer`] out. `kith insight NAME` and the pages ask in the same way. Each part of the
//! library keeps its own list, `METHODS`, and stands in [`all`].

use crate::error::InsightError;
use crate::figure::Answer;
use crate::table::Table;
use std::collections::BTreeMap;

/// One method.
pub struct Method {
    /// Its name on the command line, and of its page in `docs/measures`.
    pub name: &'static str,
    /// What it answers, in one line.
    pub about: &'static str,
    /// The columns it reads, in words.
    pub columns: &'static str,
    /// Its options: name and meaning with the value used when nothing is said.
    pub options: &'static [(&'static str, &'static str)],
    /// Answers.
    pub run: fn(&Table, &Options) -> Result<Answer, InsightError>,
}

/// The lists of the parts, in their order: one line for each.
#[rustfmt::skip]
const PARTS: &[&[Method]] = &[
    crate::disclosure::command::METHODS,
    crate::rates::command::METHODS,
    crate::waits::command::METHODS,
    crate::charts::command::METHODS,
    crate::outcomes::command::METHODS,
    crate::economics::command::METHODS,
    crate::impact::command::METHODS,
    crate::forecast::command::METHODS,
];

/// Every method, in the order of the parts.
pub fn all() -> impl Iterator<Item = &'static Method> {
    PARTS.iter().copied().flatten()
}

/// The method of this name.
///
/// # Errors
/// There is none.
pub fn find(name: &str) -> Result<&'static Method, InsightError> {
    all().find(|m| m.name == name).ok_or_else(|| InsightError::NoSuchMethod(name.to_owned()))
}

impl Method {
    /// Checks that every option is one of this method's.
    ///
    /// # Errors
    /// One is not; the error names those there are.
    pub fn knows(&self, options: &Options) -> Result<(), InsightError> {
        let unknown = options.0.keys().find(|name| !self.options.iter().any(|(known, _)| known == name));
        if let Some(option) = unknown {
            let has: Vec<&str> = self.options.iter().map(|(name, _)| *name).collect();
            let has = if has.is_empty() { "none".into() } else { has.join(", ") };
            return Err(InsightError::NoSuchOption { method: self.name.into(), option: option.clone(), has });
        }
        Ok(())
    }

    /// Checks that every option is one of this method's, and answers.
    ///
    /// # Errors
    /// An option is not known, or the method has no answer.
    pub fn answer(&self, table: &Table, options: &Options) -> Result<Answer, InsightError> {
        self.knows(options)?;
        (self.run)(table, options)
    }
}

/// What was said beside the table, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options(BTreeMap<String, String>);

impl Options {
    /// Options from (name, value).
    pub fn new<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Options {
        Options(options.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
    }

    /// Sets an option.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// The text of an option.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A number, or `default` when nothing was said.
    ///
    /// # Errors
    /// It is not a number.
    pub fn number(&self, name: &str, default: f64) -> Result<f64, InsightError> {
        Ok(self.maybe_number(name)?.unwrap_or(default))
    }

    /// A number, or nothing when nothing was said.
    ///
    /// # Errors
    /// It is not a number.
    pub fn maybe_number(&self, name: &str) -> Result<Option<f64>, InsightError> {
        let read = |text: &str| {
            let number = text.parse::<f64>().ok().filter(|x| x.is_finite());
            number.ok_or_else(|| InsightError::option(name, text, "it is a number"))
        };
        self.text(name).map(read).transpose()
    }

    /// A whole number that is not negative, or `default` when nothing was said.
    ///
    /// # Errors
    /// It is not a whole number.
    pub fn count(&self, name: &str, default: usize) -> Result<usize, InsightError> {
        let read =
            |text: &str| text.parse().map_err(|_| InsightError::option(name, text, "it is a whole number"));
        self.text(name).map_or(Ok(default), read)
    }

    /// The level of intervals: the option `level`, between 0.5 and 1, or 95 %.
    ///
    /// # Errors
    /// It is not such a number.
    pub fn level(&self) -> Result<f64, InsightError> {
        let level = self.number("level", 0.95)?;
        if !(0.5..1.0).contains(&level) {
            return Err(InsightError::option("level", level, "it is between 0.5 and 1, such as 0.95"));
        }
        Ok(level)
    }

    /// One of some words, the first when nothing was said.
    ///
    /// # Errors
    /// It is none of them.
    pub fn one_of<'a>(&'a self, name: &str, words: &[&'a str]) -> Result<&'a str, InsightError> {
        match self.text(name) {
            None => Ok(words[0]),
            Some(word) if words.contains(&word) => Ok(word),
            Some(word) => Err(InsightError::option(name, word, format!("it is one of {}", words.join(", ")))),
        }
    }
}

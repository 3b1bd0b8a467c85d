//! What went wrong in a form, and what was typed, ready for the page.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::clean::clean_for_redisplay;
use super::data::FormData;

/// One problem: which field, what happened and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name.
    pub name: String,
    /// Where the link in the summary moves focus to: `#name`.
    pub href: String,
    /// What happened and what to do, as one sentence or two.
    pub text: String,
}

/// The problems of a form, in the order of its fields. One per field: the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FormErrors {
    list: Vec<FieldError>,
}

impl FormErrors {
    /// No problems.
    pub fn new() -> FormErrors {
        FormErrors::default()
    }

    /// One problem with one field, for an answer of a use case.
    pub fn one(name: &str, text: impl Into<String>) -> FormErrors {
        let mut errors = FormErrors::new();
        errors.add(name, text);
        errors
    }

    /// Adds a problem; the link of the summary leads to the element with the field's
    /// name as its id.
    pub fn add(&mut self, name: &str, text: impl Into<String>) {
        self.add_at(name, name, text);
    }

    /// Adds a problem whose link leads to another element, such as `next-day`.
    pub fn add_at(&mut self, name: &str, id: &str, text: impl Into<String>) {
        if self.find(name).is_none() {
            self.list.push(FieldError { name: name.to_owned(), href: format!("#{id}"), text: text.into() });
        }
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The problem of a field.
    pub fn find(&self, name: &str) -> Option<&FieldError> {
        self.list.iter().find(|error| error.name == name)
    }

    /// All problems, in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.list.iter()
    }
}

/// A form as the page shows it: what was typed, and the problems. In a template,
/// give it to the macros of `fields.html`: `text_field(view.form, "name", ...)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    values: BTreeMap<String, Vec<String>>,
    errors: FormErrors,
}

impl Filled {
    /// An empty form.
    pub fn blank() -> Filled {
        Filled::default()
    }

    /// A form with these values to start from.
    pub fn with<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Filled {
        let mut filled = Filled::default();
        for (name, value) in pairs {
            filled.values.entry(name.into()).or_default().push(value.into());
        }
        filled
    }

    /// What was typed, with what was wrong. Hidden fields of ours are left out.
    pub fn of(form: &FormData, errors: &FormErrors) -> Filled {
        let typed = form.pairs().iter().filter(|(name, _)| !name.starts_with('_'));
        let mut filled = Filled::with(typed.map(|(name, value)| (name.as_str(), clean_for_redisplay(value))));
        filled.errors = errors.clone();
        filled
    }

    /// With a day in its three fields.
    pub fn set_day(&mut self, name: &str, day: jiff::civil::Date) {
        self.set(&format!("{name}-day"), day.day().to_string());
        self.set(&format!("{name}-month"), day.month().to_string());
        self.set(&format!("{name}-year"), day.year().to_string());
    }

    /// With one value.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), vec![value.into()]);
    }

    /// The problems.
    pub fn errors(&self) -> &FormErrors {
        &self.errors
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(|values| values.first()).map(String::as_str)
    }
}

impl Serialize for Filled {
    /// `value` holds the first value of each field, `all` every value, `error` the
    /// text of each problem.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let first: BTreeMap<&str, &str> =
            self.values.iter().filter_map(|(n, v)| Some((n.as_str(), v.first()?.as_str()))).collect();
        let error: BTreeMap<&str, &str> =
            self.errors.iter().map(|e| (e.name.as_str(), e.text.as_str())).collect();
        let mut out = serializer.serialize_struct("Filled", 3)?;
        out.serialize_field("value", &first)?;
        out.serialize_field("all", &self.values)?;
        out.serialize_field("error", &error)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_problem_of_a_field_is_told() {
        let mut errors = FormErrors::one("name", "Enter a name.");
        errors.add("name", "Something else.");
        errors.add_at("next", "next-month", "Check the month.");
        let told: Vec<_> = errors.iter().map(|e| (e.href.as_str(), e.text.as_str())).collect();
        assert_eq!(told, [("#name", "Enter a name."), ("#next-month", "Check the month.")]);
    }

    #[test]
    fn what_was_typed_is_kept_but_for_our_own_fields() {
        let form = FormData::from_text("name=Bad%00ger&area=money&area=housing&_csrf=secret");
        let filled = Filled::of(&form, &FormErrors::one("name", "x"));
        let json = serde_json::to_value(&filled).unwrap();
        assert_eq!(json["value"]["name"], "Badger");
        assert_eq!(json["all"]["area"], serde_json::json!(["money", "housing"]));
        assert_eq!(json["error"]["name"], "x");
        assert!(!json.to_string().contains("secret"));
    }
}

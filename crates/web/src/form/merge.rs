//! Two people had the same form. What one of them changed and the other left alone is kept
//! from both; where both changed a field, what is typed here stays in the form, and the page
//! shows the two side by side.

use super::{Filled, FormData, FormErrors};

/// The start of the names of the hidden fields that carry what a form began with.
const WAS: &str = "was-";

/// What a form began with, for its hidden fields: names and values.
pub fn began_with<'a>(form: &Filled, names: impl IntoIterator<Item = &'a str>) -> Vec<(String, String)> {
    names.into_iter().map(|name| (format!("{WAS}{name}"), form.all(name).join("\n"))).collect()
}

/// The hidden fields again, as they came.
pub fn began_before(data: &FormData) -> Vec<(String, String)> {
    data.pairs().iter().filter(|(name, _)| name.starts_with(WAS)).cloned().collect()
}

/// What is typed, with what the other saved in every field that is as it began here.
pub fn combined<'a>(data: &FormData, theirs: &Filled, names: impl IntoIterator<Item = &'a str>) -> Filled {
    let typed = Filled::of(data, &FormErrors::new());
    let mut pairs: Vec<(String, String)> = Vec::new();
    for name in names {
        let here = typed.all(name);
        let untouched = data.value(&format!("{WAS}{name}")).is_some_and(|was| same(was, &here.join("\n")));
        let kept = if untouched { theirs.all(name) } else { here };
        pairs.extend(kept.iter().map(|value| (name.to_owned(), value.clone())));
    }
    Filled::with(pairs)
}

/// Browsers send line ends in their own way.
fn same(a: &str, b: &str) -> bool {
    a.replace('\r', "").trim() == b.replace('\r', "").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_changed_is_kept_from_both() {
        let mine = FormData::from_pairs([
            ("was-called", "Badger"),
            ("was-phone", ""),
            ("was-gp", "Oak"),
            ("called", "Badger Black"),
            ("phone", "07700 900123"),
            ("gp", "Oak"),
        ]);
        let theirs = Filled::with([("called", "Badger Brown"), ("phone", ""), ("gp", "Elm")]);
        let form = combined(&mine, &theirs, ["called", "phone", "gp"]);
        assert_eq!(form.value("called"), Some("Badger Black"), "what I typed is kept");
        assert_eq!(form.value("phone"), Some("07700 900123"), "they left it alone");
        assert_eq!(form.value("gp"), Some("Elm"), "I left it alone");
    }
}

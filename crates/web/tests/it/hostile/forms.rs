//! Forms as a browser reads them from a page: every field with its kind and its choices,
//! also those that are not filled in.

use crate::harness::{Filling, Shown, attribute, unescape};

/// What a field is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Carried along, nobody sees it.
    Hidden,
    /// One line, or a few.
    Text,
    /// Several lines.
    Lines,
    /// One of these.
    One(Vec<String>),
    /// Any of these.
    Any(Vec<String>),
    /// The button that was pressed.
    Button(Vec<String>),
}

/// A field with what the page had filled in.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub given: Vec<String>,
}

impl Field {
    fn ends(&self, end: &str) -> bool {
        self.name.ends_with(end)
    }

    /// One of the three boxes of a day.
    pub fn is_day(&self) -> bool {
        self.kind == Kind::Text && ["-day", "-month", "-year"].iter().any(|end| self.ends(end))
    }

    /// A time of the day.
    pub fn is_time(&self) -> bool {
        self.kind == Kind::Text
            && (self.name.starts_with("time") || self.ends("_time") || self.name == "time")
    }

    /// Words: what somebody types in.
    pub fn is_words(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Lines) && !self.is_day() && !self.is_time()
    }
}

/// A form on a page.
#[derive(Clone, Debug)]
pub struct PageForm {
    /// The address of the page it stands on.
    pub page: String,
    pub action: String,
    pub fields: Vec<Field>,
}

impl PageForm {
    /// Every form of a page that is posted.
    pub fn all(page: &Shown) -> Vec<PageForm> {
        let opens = page.body.match_indices("<form ").map(|(at, _)| &page.body[at..]);
        opens
            .filter_map(|rest| {
                let form = &rest[..rest.find("</form>").unwrap_or(rest.len())];
                let tag = &form[..form.find('>')?];
                let action = attribute(tag, "action")?;
                (attribute(tag, "method")? == "post").then(|| PageForm {
                    page: page.path.clone(),
                    action,
                    fields: fields(form),
                })
            })
            .collect()
    }

    /// The same form on this page; none when the page has it no more.
    pub fn again(&self, page: &Shown) -> Option<PageForm> {
        PageForm::all(page).into_iter().find(|f| f.action == self.action)
    }

    /// The form with each field answered by `answer`; none leaves what the page had.
    pub fn filled(&self, answer: impl Fn(&Field) -> Option<Vec<String>>) -> Filling {
        let mut all = Vec::new();
        for field in &self.fields {
            let values = match &field.kind {
                Kind::Hidden => field.given.clone(),
                // Looking for a name in a form sends nothing: the button that sends it has no value.
                Kind::Button(values) => {
                    values.first().filter(|v| *v != "find").cloned().into_iter().collect()
                }
                _ => answer(field).unwrap_or_else(|| field.given.clone()),
            };
            all.extend(values.into_iter().map(|value| (field.name.clone(), value)));
        }
        Filling { action: self.action.clone(), fields: all }
    }

    pub fn has(&self, which: impl Fn(&Field) -> bool) -> bool {
        self.fields.iter().any(which)
    }
}

fn fields(form: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for (at, _) in form.match_indices('<') {
        let rest = &form[at..];
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        let (Some(name), kind) = (attribute(tag, "name"), tag.split_whitespace().next().unwrap_or_default())
        else {
            continue;
        };
        match kind {
            "<input" => input(&mut fields, tag, name),
            "<textarea" => {
                let from = rest.find('>').map_or(0, |at| at + 1);
                let text = &rest[from..rest.find("</textarea>").unwrap_or(from)];
                fields.push(Field { name, kind: Kind::Lines, given: vec![unescape(text)] });
            }
            "<select" => {
                let list = &rest[..rest.find("</select>").unwrap_or(rest.len())];
                let option =
                    |o: &str| Some((attribute(o, "value")?, o.split('>').next()?.contains("selected")));
                let options: Vec<(String, bool)> = list.split("<option").skip(1).filter_map(option).collect();
                let given = options.iter().filter(|(_, chosen)| *chosen).map(|(v, _)| v.clone()).collect();
                fields.push(Field {
                    name,
                    kind: Kind::One(options.into_iter().map(|(v, _)| v).collect()),
                    given,
                });
            }
            "<button" => choice(&mut fields, name, attribute(tag, "value"), false, Kind::Button(Vec::new())),
            _ => {}
        }
    }
    fields
}

fn input(fields: &mut Vec<Field>, tag: &str, name: String) {
    let value = attribute(tag, "value");
    let ticked = tag.split_whitespace().any(|word| word == "checked" || word.starts_with("checked="));
    match attribute(tag, "type").as_deref() {
        Some("hidden") => {
            fields.push(Field { name, kind: Kind::Hidden, given: vec![value.unwrap_or_default()] });
        }
        Some("radio") => choice(fields, name, value, ticked, Kind::One(Vec::new())),
        Some("checkbox") => choice(fields, name, value, ticked, Kind::Any(Vec::new())),
        _ => fields.push(Field { name, kind: Kind::Text, given: vec![value.unwrap_or_default()] }),
    }
}

/// Adds a choice to the field of this name.
fn choice(fields: &mut Vec<Field>, name: String, value: Option<String>, ticked: bool, kind: Kind) {
    let value = value.unwrap_or_else(|| "on".into());
    let at = fields.iter().position(|f| f.name == name).unwrap_or_else(|| {
        fields.push(Field { name, kind, given: Vec::new() });
        fields.len() - 1
    });
    let field = &mut fields[at];
    if ticked {
        field.given.push(value.clone());
    }
    if let Kind::One(all) | Kind::Any(all) | Kind::Button(all) = &mut field.kind {
        all.push(value);
    }
}

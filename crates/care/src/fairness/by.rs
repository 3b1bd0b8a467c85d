//! By what people are counted: what they said of themselves, what the place knows of where
//! they live, and what their first need was about. "Would rather not say" and "not known" are
//! rows of their own.

use super::ways::Facts;
use kith_domain::area::Area;
use kith_domain::equality::{
    ETHNICITY_5, ETHNICITY_2001, EqualityAnswer, EqualityQuestion, ethnicity_5, ethnicity_2001,
};
use kith_domain::id::OrganisationId;
use kith_domain::place::PlaceArea;
use kith_insight::fairness::Group;
use kith_insight::fairness::table::Crossed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most groups that one table has: more would be too few people each.
pub const MOST_GROUPS: usize = 120;

/// By what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Ethnic group, the five of the census of 2021.
    Ethnicity,
    /// Ethnic category, the 16 of 2001, for the NHS.
    Ethnicity16,
    /// How people describe their gender.
    Gender,
    /// Age when the need was written down.
    Age,
    /// Disability, as the Equality Act 2010 means it.
    Disability,
    /// Sexual orientation.
    Orientation,
    /// Religion or belief.
    Religion,
    /// Two deciles of deprivation together.
    Quintile,
    /// The decile of deprivation of the neighbourhood.
    Decile,
    /// The neighbourhood.
    Neighbourhood,
    /// The part of life of the first need.
    Area,
    /// The organisation that was asked first.
    Organisation,
}

const NOT_SAID: (&str, &str) = ("not_said", "Would rather not say");
const NOT_KNOWN: (&str, &str) = ("not_known", "Not known");
const AGES: [(u8, u8, &str, &str); 8] = [
    (0, 17, "under_18", "Under 18"),
    (18, 24, "18_24", "18 to 24"),
    (25, 34, "25_34", "25 to 34"),
    (35, 44, "35_44", "35 to 44"),
    (45, 54, "45_54", "45 to 54"),
    (55, 64, "55_64", "55 to 64"),
    (65, 74, "65_74", "65 to 74"),
    (75, 255, "75_up", "75 and over"),
];

/// What the place knows: neighbourhoods and the names of organisations.
#[derive(Debug, Default)]
pub struct Place {
    /// Neighbourhoods, in the order of their names.
    pub neighbourhoods: Vec<PlaceArea>,
    /// Organisations that were asked for somebody, with their names.
    pub organisations: BTreeMap<OrganisationId, String>,
}

impl Place {
    fn decile(&self, code: &str) -> Option<u8> {
        let area = self.neighbourhoods.iter().find(|a| a.code.as_str() == code)?;
        area.deprivation.map(|(decile, _)| u8::from(decile))
    }
}

impl By {
    /// Every one, in the order of the page.
    pub const ALL: [By; 12] = [
        By::Ethnicity,
        By::Ethnicity16,
        By::Gender,
        By::Age,
        By::Disability,
        By::Orientation,
        By::Religion,
        By::Quintile,
        By::Decile,
        By::Neighbourhood,
        By::Area,
        By::Organisation,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            By::Ethnicity => "ethnicity",
            By::Ethnicity16 => "ethnicity16",
            By::Gender => "gender",
            By::Age => "age",
            By::Disability => "disability",
            By::Orientation => "orientation",
            By::Religion => "religion",
            By::Quintile => "quintile",
            By::Decile => "decile",
            By::Neighbourhood => "neighbourhood",
            By::Area => "area",
            By::Organisation => "organisation",
        }
    }

    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            By::Ethnicity => "Ethnic group (5)",
            By::Ethnicity16 => "Ethnic group (16, of 2001)",
            By::Gender => "Gender",
            By::Age => "Age",
            By::Disability => "Disability",
            By::Orientation => "Sexual orientation",
            By::Religion => "Religion or belief",
            By::Quintile => "How well off the neighbourhood is (fifths)",
            By::Decile => "How well off the neighbourhood is (tenths)",
            By::Neighbourhood => "Neighbourhood",
            By::Area => "Part of life",
            By::Organisation => "Organisation asked first",
        }
    }

    /// The one with this stored form.
    pub fn from_code(code: &str) -> Option<By> {
        By::ALL.into_iter().find(|b| b.code() == code)
    }

    /// The groups, with those of whom it is not known at the end.
    pub fn groups(self, place: &Place) -> Vec<Group> {
        let of = |choices: &[(&str, &str)]| -> Vec<Group> {
            choices.iter().map(|(code, title)| Group::new(*code, *title, true)).collect()
        };
        let said = |question: EqualityQuestion| of(question.choices());
        let (mut groups, asked) = match self {
            By::Ethnicity => (of(&ETHNICITY_5), true),
            By::Ethnicity16 => {
                let named: Vec<_> = ETHNICITY_2001.into_iter().filter(|(c, _)| *c != "Z").collect();
                (of(&named), true)
            }
            By::Gender => (said(EqualityQuestion::Gender), true),
            By::Disability => (said(EqualityQuestion::Disability), true),
            By::Orientation => (said(EqualityQuestion::Orientation), true),
            By::Religion => (said(EqualityQuestion::Religion), true),
            By::Age => (of(&AGES.map(|(_, _, code, title)| (code, title))), false),
            By::Quintile => ((1..=5).map(|n| tenths(n, 5)).collect(), false),
            By::Decile => ((1..=10).map(|n| tenths(n, 10)).collect(), false),
            By::Neighbourhood => {
                let areas = place.neighbourhoods.iter();
                (areas.map(|a| Group::new(a.code.as_str(), a.name.clone(), true)).collect(), false)
            }
            By::Area => (Area::SIX.map(|a| Group::new(a.code(), a.title(), true)).to_vec(), false),
            By::Organisation => {
                let all = place.organisations.iter();
                (all.map(|(id, name)| Group::new(id.to_string(), name.clone(), true)).collect(), false)
            }
        };
        if asked {
            groups.push(Group::new(NOT_SAID.0, NOT_SAID.1, false));
        }
        let unknown = if self == By::Organisation { "Nobody was asked" } else { NOT_KNOWN.1 };
        groups.push(Group::new(NOT_KNOWN.0, unknown, false));
        groups
    }

    /// Somebody's group, as its code.
    pub fn of(self, facts: &Facts, place: &Place) -> String {
        let said = |question: EqualityQuestion, to: &dyn Fn(&str) -> String| match facts.said(question) {
            Some(EqualityAnswer::Chosen(code)) => to(code),
            Some(EqualityAnswer::RatherNotSay) => NOT_SAID.0.to_owned(),
            Some(EqualityAnswer::OwnWords | EqualityAnswer::Later) | None => NOT_KNOWN.0.to_owned(),
        };
        let same = |code: &str| code.to_owned();
        let known = match self {
            By::Ethnicity => {
                return said(EqualityQuestion::Ethnicity, &|code| ethnicity_5(code).to_owned());
            }
            By::Ethnicity16 => {
                return said(EqualityQuestion::Ethnicity, &|code| ethnicity_2001(code).to_owned());
            }
            By::Gender => return said(EqualityQuestion::Gender, &same),
            By::Disability => return said(EqualityQuestion::Disability, &same),
            By::Orientation => return said(EqualityQuestion::Orientation, &same),
            By::Religion => return said(EqualityQuestion::Religion, &same),
            By::Age => facts.age.and_then(age_band).map(str::to_owned),
            By::Quintile => facts.decile(place).map(|d| d.div_ceil(2).to_string()),
            By::Decile => facts.decile(place).map(|d| d.to_string()),
            By::Neighbourhood => facts.neighbourhood.clone(),
            By::Area => facts.area().map(|a| a.code().to_owned()),
            By::Organisation => facts.organisation().map(|id| id.to_string()),
        };
        known.unwrap_or_else(|| NOT_KNOWN.0.to_owned())
    }
}

impl Facts {
    fn decile(&self, place: &Place) -> Option<u8> {
        place.decile(self.neighbourhood.as_deref()?)
    }
}

fn age_band(age: u8) -> Option<&'static str> {
    AGES.iter().find(|(from, to, ..)| (*from..=*to).contains(&age)).map(|(_, _, code, _)| *code)
}

fn tenths(n: u8, of: u8) -> Group {
    let title = match n {
        1 => "1: the least well off".to_owned(),
        n if n == of => format!("{n}: the best off"),
        n => n.to_string(),
    };
    Group::new(n.to_string(), title, true)
}

/// The groups of one question, or of two crossed: all of them, those with nobody too, so that
/// which are missing tells nothing. Where two are crossed, whoever would rather not say and
/// whoever is not known are one row: each alone is mostly too few to show, and hiding them
/// hides others with them.
pub fn groups(by: By, and: Option<By>, place: &Place) -> (Vec<Group>, Option<Crossed>) {
    let first = by.groups(place);
    let Some(and) = and else { return (first, None) };
    let (first, second) = (together(first), together(and.groups(place)));
    let mut crossed = Crossed::default();
    let mut all = Vec::new();
    for (r, a) in first.iter().enumerate() {
        for (c, b) in second.iter().enumerate() {
            let title = format!("{} and {}", a.title, lower(&b.title));
            all.push(Group::new(format!("{}+{}", a.code, b.code), title, a.known && b.known));
            crossed.of.push((r, c));
        }
    }
    (all, Some(crossed))
}

/// Which row of a crossed question somebody with this code is in.
pub(super) fn crossed(code: &str) -> &str {
    if code == NOT_SAID.0 { NOT_KNOWN.0 } else { code }
}

fn together(mut groups: Vec<Group>) -> Vec<Group> {
    let asked = groups.iter().position(|g| g.code == NOT_SAID.0);
    if let Some(at) = asked {
        groups.remove(at);
        groups
            .iter_mut()
            .filter(|g| g.code == NOT_KNOWN.0)
            .for_each(|g| g.title = "Not known or not said".into());
    }
    groups
}

/// The first letter small, where the word is not a name.
fn lower(title: &str) -> String {
    let names = ["Asian", "Black", "White", "Buddhist", "Christian", "Hindu", "Jewish", "Muslim", "Sikh"];
    match names.iter().any(|n| title.starts_with(n)) {
        true => title.to_owned(),
        false => {
            let mut letters = title.chars();
            letters.next().map(|c| c.to_lowercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}

//! A person's own answers about equality: asked by their choice, with why; "rather not say" and
//! "ask me later" are answers. Kept apart from the plan, never in a packet or on a worker's
//! list, used only as figures, and not even so when they say no to that.
//!
//! Ethnic groups are those of the 2021 census of England and Wales (Office for National
//! Statistics) and, for the NHS, the 16+1 categories of the 2001 census (NHS Data Dictionary,
//! ETHNIC CATEGORY); both contain public sector information licensed under the Open
//! Government Licence v3.0.

use crate::area::{Area, Sensitivity};
use crate::record::{Kind, Label, Record};
use crate::time::{Day, Instant, plus_days};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EqualityQuestion {
    /// Ethnic group, 2021 census.
    Ethnicity,
    /// How they describe their gender.
    Gender,
    /// Sexual orientation.
    Orientation,
    /// Religion or belief.
    Religion,
    /// Disability, as the Equality Act 2010 means it.
    Disability,
}

/// Something that may be chosen: its stored form, and its words.
pub type Choice = (&'static str, &'static str);

impl EqualityQuestion {
    /// Every question, in the order of the page.
    pub const ALL: [EqualityQuestion; 5] = [
        EqualityQuestion::Ethnicity,
        EqualityQuestion::Gender,
        EqualityQuestion::Orientation,
        EqualityQuestion::Religion,
        EqualityQuestion::Disability,
    ];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            EqualityQuestion::Ethnicity => "ethnicity",
            EqualityQuestion::Gender => "gender",
            EqualityQuestion::Orientation => "orientation",
            EqualityQuestion::Religion => "religion",
            EqualityQuestion::Disability => "disability",
        }
    }
    /// What is asked, in words.
    pub fn asks(self) -> &'static str {
        match self {
            EqualityQuestion::Ethnicity => "What is your ethnic group?",
            EqualityQuestion::Gender => "How do you describe yourself?",
            EqualityQuestion::Orientation => "Which of these fits you?",
            EqualityQuestion::Religion => "What is your religion or belief?",
            EqualityQuestion::Disability => {
                "Does something about your body or mind make daily life harder, and has it for a year or more?"
            }
        }
    }
    /// The heading over a table of figures.
    pub fn title(self) -> &'static str {
        match self {
            EqualityQuestion::Ethnicity => "Ethnic group",
            EqualityQuestion::Gender => "Gender",
            EqualityQuestion::Orientation => "Sexual orientation",
            EqualityQuestion::Religion => "Religion or belief",
            EqualityQuestion::Disability => "Disability",
        }
    }
    /// What may be chosen.
    pub fn choices(self) -> &'static [Choice] {
        match self {
            EqualityQuestion::Ethnicity => &ETHNICITY_2021,
            EqualityQuestion::Gender => &GENDER,
            EqualityQuestion::Orientation => &ORIENTATION,
            EqualityQuestion::Religion => &RELIGION,
            EqualityQuestion::Disability => &DISABILITY,
        }
    }
    /// The stored form of a choice, when it is one.
    pub fn choice(self, code: &str) -> Option<&'static Choice> {
        self.choices().iter().find(|(c, _)| *c == code)
    }
}

/// The 19 ethnic groups of the 2021 census of England and Wales.
pub const ETHNICITY_2021: [Choice; 19] = [
    ("asian_indian", "Asian or Asian British: Indian"),
    ("asian_pakistani", "Asian or Asian British: Pakistani"),
    ("asian_bangladeshi", "Asian or Asian British: Bangladeshi"),
    ("asian_chinese", "Asian or Asian British: Chinese"),
    ("asian_other", "Asian or Asian British: any other Asian background"),
    ("black_caribbean", "Black, Black British, Caribbean or African: Caribbean"),
    ("black_african", "Black, Black British, Caribbean or African: African"),
    ("black_other", "Black, Black British, Caribbean or African: any other Black background"),
    ("mixed_caribbean", "Mixed: White and Black Caribbean"),
    ("mixed_african", "Mixed: White and Black African"),
    ("mixed_asian", "Mixed: White and Asian"),
    ("mixed_other", "Mixed: any other Mixed or multiple background"),
    ("white_british", "White: English, Welsh, Scottish, Northern Irish or British"),
    ("white_irish", "White: Irish"),
    ("white_traveller", "White: Gypsy or Irish Traveller"),
    ("white_roma", "White: Roma"),
    ("white_other", "White: any other White background"),
    ("arab", "Arab"),
    ("other", "Any other ethnic group"),
];

/// The 16 ethnic categories of the 2001 census, and "not stated", by their NHS codes.
pub const ETHNICITY_2001: [Choice; 17] = [
    ("A", "White: British"),
    ("B", "White: Irish"),
    ("C", "White: any other White background"),
    ("D", "Mixed: White and Black Caribbean"),
    ("E", "Mixed: White and Black African"),
    ("F", "Mixed: White and Asian"),
    ("G", "Mixed: any other mixed background"),
    ("H", "Asian or Asian British: Indian"),
    ("J", "Asian or Asian British: Pakistani"),
    ("K", "Asian or Asian British: Bangladeshi"),
    ("L", "Asian or Asian British: any other Asian background"),
    ("M", "Black or Black British: Caribbean"),
    ("N", "Black or Black British: African"),
    ("P", "Black or Black British: any other Black background"),
    ("R", "Other ethnic groups: Chinese"),
    ("S", "Other ethnic groups: any other ethnic group"),
    ("Z", "Not stated"),
];

/// The category of 2001 that a group of 2021 falls into. The census of 2001 had no own box for
/// Gypsies, Irish Travellers and Roma (White other) nor for Arabs (any other group), and put
/// Chinese with the other groups.
pub fn ethnicity_2001(code_2021: &str) -> &'static str {
    match code_2021 {
        "white_british" => "A",
        "white_irish" => "B",
        "white_traveller" | "white_roma" | "white_other" => "C",
        "mixed_caribbean" => "D",
        "mixed_african" => "E",
        "mixed_asian" => "F",
        "mixed_other" => "G",
        "asian_indian" => "H",
        "asian_pakistani" => "J",
        "asian_bangladeshi" => "K",
        "asian_other" => "L",
        "black_caribbean" => "M",
        "black_african" => "N",
        "black_other" => "P",
        "asian_chinese" => "R",
        "arab" | "other" => "S",
        _ => "Z",
    }
}

/// The five high-level groups of the 2021 census, for figures over few people.
pub const ETHNICITY_5: [Choice; 5] = [
    ("asian", "Asian or Asian British"),
    ("black", "Black, Black British, Caribbean or African"),
    ("mixed", "Mixed or multiple ethnic groups"),
    ("white", "White"),
    ("other", "Other ethnic group"),
];

/// The high-level group of a group of 2021.
pub fn ethnicity_5(code_2021: &str) -> &'static str {
    match code_2021.split('_').next() {
        Some("asian") => "asian",
        Some("black") => "black",
        Some("mixed") => "mixed",
        Some("white") => "white",
        _ => "other",
    }
}

const GENDER: [Choice; 4] =
    [("woman", "A woman"), ("man", "A man"), ("non_binary", "Non-binary"), ("another", "In another way")];
const ORIENTATION: [Choice; 4] = [
    ("straight", "Straight or heterosexual"),
    ("gay", "Gay or lesbian"),
    ("bi", "Bisexual"),
    ("another", "Another way to say it"),
];
const RELIGION: [Choice; 8] = [
    ("none", "No religion"),
    ("buddhist", "Buddhist"),
    ("christian", "Christian"),
    ("hindu", "Hindu"),
    ("jewish", "Jewish"),
    ("muslim", "Muslim"),
    ("sikh", "Sikh"),
    ("another", "Another religion or belief"),
];
const DISABILITY: [Choice; 2] = [("yes", "Yes"), ("no", "No")];

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EqualityAnswer {
    /// One of the choices, by its stored form.
    Chosen(String),
    /// In their own words only.
    OwnWords,
    /// They would rather not say. It is not asked again.
    RatherNotSay,
    /// Ask me later.
    Later,
}

/// One question's answer, with their own words for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// The answer.
    pub answer: EqualityAnswer,
    /// Their own words, which only they read.
    pub words: Option<String>,
}

/// A person's answers about equality.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Equality {
    /// By question. A question without an entry was passed over.
    pub answers: BTreeMap<EqualityQuestion, Answered>,
    /// They do not want to be in any figure (UK GDPR, article 21).
    pub not_counted: bool,
    /// When they said all this.
    pub at: Option<Instant>,
}

/// Days after which "ask me later" asks again.
pub const LATER_DAYS: i32 = 90;

impl Equality {
    /// What they chose, for figures: none when they are not to be counted.
    pub fn chosen(&self, question: EqualityQuestion) -> Option<&str> {
        if self.not_counted {
            return None;
        }
        match &self.answers.get(&question)?.answer {
            EqualityAnswer::Chosen(code) => question.choice(code).map(|(c, _)| *c),
            _ => None,
        }
    }
    /// Is there something to ask: not all answered, or "later" was long enough ago? Nothing is
    /// asked again of somebody who would rather not say.
    pub fn asks_again(&self, answered_on: Option<Day>, today: Day) -> bool {
        let later = |a: &Answered| a.answer == EqualityAnswer::Later;
        let Some(on) = answered_on else { return true };
        self.answers.values().any(later) && today >= plus_days(on, LATER_DAYS)
    }
    /// The answers, checked: only what may be chosen, and own words where nothing else is said.
    ///
    /// # Errors
    /// The question whose answer is not one of its choices.
    pub fn checked(self) -> Result<Equality, EqualityQuestion> {
        for (question, answered) in &self.answers {
            match &answered.answer {
                EqualityAnswer::Chosen(code) if question.choice(code).is_none() => return Err(*question),
                EqualityAnswer::OwnWords if answered.words.is_none() => return Err(*question),
                _ => {}
            }
        }
        Ok(self)
    }
}

impl Record for Equality {
    const KIND: Kind = Kind::Equality;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S3)
    }
    fn state(&self) -> &'static str {
        if self.not_counted { "not_counted" } else { "answered" }
    }
    fn open(&self) -> bool {
        false
    }
    fn due(&self) -> Option<Day> {
        None
    }
    fn links(&self) -> Vec<crate::record::Link> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_group_of_2021_has_its_place_in_2001_and_in_five() {
        for (code, _) in ETHNICITY_2021 {
            let old = ethnicity_2001(code);
            assert!(old != "Z" && ETHNICITY_2001.iter().any(|(c, _)| *c == old), "{code}");
            assert!(ETHNICITY_5.iter().any(|(c, _)| *c == ethnicity_5(code)), "{code}");
        }
        // Every category of 2001 is reached, but "not stated".
        for (old, _) in ETHNICITY_2001.iter().filter(|(c, _)| *c != "Z") {
            assert!(ETHNICITY_2021.iter().any(|(c, _)| ethnicity_2001(c) == *old), "{old}");
        }
        assert_eq!(ethnicity_2001("rather not say"), "Z");
        assert_eq!((ethnicity_2001("arab"), ethnicity_2001("asian_chinese")), ("S", "R"));
    }

    #[test]
    fn the_codes_of_a_question_are_its_own() {
        for question in EqualityQuestion::ALL {
            let codes: std::collections::BTreeSet<&str> =
                question.choices().iter().map(|(c, _)| *c).collect();
            assert_eq!(codes.len(), question.choices().len(), "{question:?}");
        }
    }

    #[test]
    fn an_objection_takes_every_answer_out() {
        let one = Answered { answer: EqualityAnswer::Chosen("arab".into()), words: None };
        let mut e = Equality::default();
        e.answers.insert(EqualityQuestion::Ethnicity, one);
        assert_eq!(e.chosen(EqualityQuestion::Ethnicity), Some("arab"));
        e.not_counted = true;
        assert_eq!(e.chosen(EqualityQuestion::Ethnicity), None);
    }

    #[test]
    fn later_is_asked_again_and_rather_not_never() {
        let with = |answer| {
            let mut e = Equality::default();
            e.answers.insert(EqualityQuestion::Gender, Answered { answer, words: None });
            e
        };
        let (on, soon, then) = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 11, 23));
        assert!(!with(EqualityAnswer::Later).asks_again(Some(on), soon));
        assert!(with(EqualityAnswer::Later).asks_again(Some(on), then));
        assert!(!with(EqualityAnswer::RatherNotSay).asks_again(Some(on), then));
        assert!(Equality::default().asks_again(None, then));
        assert!(with(EqualityAnswer::Chosen("lizard".into())).checked().is_err());
        assert!(with(EqualityAnswer::OwnWords).checked().is_err());
    }
}

//! The lists that Kith publishes beside its entries: one taxonomy each, with a term for each
//! code. Ids are the same in every partnership, so that a reader who has learned one knows
//! them all.

use super::{Object, esd, stable_id};
use kith_domain::area::Area;
use kith_domain::directory::{Delivery, Joining, adjustments, interests, needs};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uuid::Uuid;

/// One published list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum List {
    /// What people need.
    Needs,
    /// The six areas of life.
    Areas,
    /// What people enjoy.
    Interests,
    /// Reasonable adjustments. The attribute's value says `promised` or `cannot`.
    Adjustments,
    /// Ways to have it besides going there.
    Delivery,
    /// Ways to start.
    Joining,
    /// Whether there is space. The value is the day until which it is full.
    Space,
    /// Whom it is for by gender. The value is the stated policy.
    Gender,
    /// What kind of entry it is.
    EntryKind,
    /// Single facts. The value is what is said.
    Facts,
    /// The published service types that stand for needs ([`esd`]).
    ServiceTypes,
}

impl List {
    /// Every list, in the order they are published.
    pub const ALL: [List; 11] = [
        List::Needs,
        List::Areas,
        List::Interests,
        List::Adjustments,
        List::Delivery,
        List::Joining,
        List::Space,
        List::Gender,
        List::EntryKind,
        List::Facts,
        List::ServiceTypes,
    ];

    /// The word before the colon in a term's code.
    pub fn prefix(self) -> &'static str {
        match self {
            List::Needs => "kithNeed",
            List::Areas => "kithArea",
            List::Interests => "kithInterest",
            List::Adjustments => "kithAdjustment",
            List::Delivery => "kithDelivery",
            List::Joining => "kithJoining",
            List::Space => "kithSpace",
            List::Gender => "kithGender",
            List::EntryKind => "kithEntryKind",
            List::Facts => "kithFact",
            List::ServiceTypes => "esdServiceType",
        }
    }
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            List::Needs => "What people need",
            List::Areas => "Areas of life",
            List::Interests => "What people enjoy",
            List::Adjustments => "Reasonable adjustments",
            List::Delivery => "Ways to have it",
            List::Joining => "Ways to start",
            List::Space => "Whether there is space",
            List::Gender => "Who it is for, by gender",
            List::EntryKind => "Kind of entry",
            List::Facts => "What to know before you go",
            List::ServiceTypes => "English and Welsh services",
        }
    }
    fn description(self) -> &'static str {
        match self {
            List::Needs => "Kinds of need in the words of the people who have them.",
            List::Areas => "The six areas of life of a plan.",
            List::Interests => "Things people do together.",
            List::Adjustments => {
                "What can be made different so that somebody can take part. The value of the attribute is promised or cannot."
            }
            List::Delivery => "Ways to have a service besides going there.",
            List::Joining => "How somebody starts.",
            List::Space => {
                "Whether new people can come. For full, the value is the first day on which it may be asked again."
            }
            List::Gender => "Who is welcome by gender. The value is the stated policy.",
            List::EntryKind => "A service, or a group that meets.",
            List::Facts => "Single facts; the value of the attribute is what was said.",
            List::ServiceTypes => {
                "Service types kept by the Local Government Association, attributed to the LG Inform Plus programme, Open Government Licence v3.0. Only those that stand for a need here."
            }
        }
    }
    /// Its id.
    pub fn id(self) -> Uuid {
        stable_id(&["taxonomy", self.prefix()])
    }
    /// As the standard writes it.
    pub fn json(self) -> Value {
        let uri = (self == List::ServiceTypes).then_some("http://id.esd.org.uk/list/englishAndWelshServices");
        Object::with_id(self.id())
            .set("name", self.name())
            .set("description", self.description())
            .set("uri", uri.map_or(Value::Null, Value::from))
            .json()
    }
}

/// One term of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// Its list.
    pub list: List,
    /// Its code in that list.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The term above it.
    pub parent: Option<Uuid>,
    /// The address that names it.
    pub uri: Option<String>,
}

impl Term {
    /// Its id.
    pub fn id(&self) -> Uuid {
        stable_id(&["term", self.list.prefix(), &self.code])
    }
    /// As the standard writes it.
    pub fn json(&self) -> Value {
        Object::with_id(self.id())
            .set("code", format!("{}:{}", self.list.prefix(), self.code))
            .set("name", self.name.as_str())
            .set("description", self.name.as_str())
            .set("parent_id", self.parent.map_or(Value::Null, |p| p.to_string().into()))
            .set("taxonomy", self.list.name())
            .set("taxonomy_id", self.list.id().to_string())
            .set("term_uri", self.uri.as_deref().map_or(Value::Null, Value::from))
            .json()
    }
}

/// A single fact that travels as an attribute whose value is what was said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fact {
    /// May people come who drink or use drugs? yes, no
    SubstanceUseOk,
    /// Does a person need a diagnosis? yes, no
    NeedsDiagnosis,
    /// Who it says it is not for. Several.
    NotFor,
    /// Other words people look for. Several.
    Keyword,
    /// A note about the space.
    SpaceNote,
    /// When it was said whether there is space.
    SpaceSaidAt,
    /// Is it free? yes, no
    Free,
    /// The place is kept private for safety.
    PrivatePlace,
    /// Who runs a group.
    RunBy,
    /// Will someone meet you at the door? yes, no
    SomeoneMeetsYou,
    /// Who that is.
    WhoMeetsYou,
    /// About how many people come.
    UsualSize,
    /// Is it quiet? yes, no
    Quiet,
    /// Can you get in without steps? yes, no
    StepFree,
    /// May you bring someone? yes, no
    BringSomeone,
    /// May you just watch? yes, no
    JustWatch,
    /// May you leave at any time? yes, no
    LeaveAnyTime,
    /// The first visit in words.
    FirstVisit,
    /// What is written down about those who come.
    WrittenDown,
    /// Tell them before you come. yes, no
    TellFirst,
    /// A group does not meet on public holidays. yes, no
    ClosedOnHolidays,
    /// When and how long, for a role or work.
    Hours,
    /// A role can begin on a hospital ward. yes, no
    FromWard,
    /// Fares and meals are paid back. yes, no
    Expenses,
    /// Work is paid. yes, no
    Paid,
    /// What kind of work.
    WorkKind,
}

impl Fact {
    /// Every fact.
    pub const ALL: [Fact; 26] = [
        Fact::SubstanceUseOk,
        Fact::NeedsDiagnosis,
        Fact::NotFor,
        Fact::Keyword,
        Fact::SpaceNote,
        Fact::SpaceSaidAt,
        Fact::Free,
        Fact::PrivatePlace,
        Fact::RunBy,
        Fact::SomeoneMeetsYou,
        Fact::WhoMeetsYou,
        Fact::UsualSize,
        Fact::Quiet,
        Fact::StepFree,
        Fact::BringSomeone,
        Fact::JustWatch,
        Fact::LeaveAnyTime,
        Fact::FirstVisit,
        Fact::WrittenDown,
        Fact::TellFirst,
        Fact::ClosedOnHolidays,
        Fact::Hours,
        Fact::FromWard,
        Fact::Expenses,
        Fact::Paid,
        Fact::WorkKind,
    ];
    /// Its code.
    pub fn code(self) -> &'static str {
        self.both().0
    }
    fn name(self) -> &'static str {
        self.both().1
    }
    fn both(self) -> (&'static str, &'static str) {
        match self {
            Fact::SubstanceUseOk => ("substance-use-ok", "People who drink or use drugs are welcome"),
            Fact::NeedsDiagnosis => ("needs-diagnosis", "You need a diagnosis"),
            Fact::NotFor => ("not-for", "Who it says it is not for"),
            Fact::Keyword => ("keyword", "Other words for it"),
            Fact::SpaceNote => ("space-note", "A note about the space"),
            Fact::SpaceSaidAt => ("space-said-at", "When it was said whether there is space"),
            Fact::Free => ("free", "It is free"),
            Fact::PrivatePlace => ("private-place", "The address is kept private for safety"),
            Fact::RunBy => ("run-by", "Who runs it"),
            Fact::SomeoneMeetsYou => ("someone-meets-you", "Someone meets you at the door"),
            Fact::WhoMeetsYou => ("who-meets-you", "Who meets you"),
            Fact::UsualSize => ("usual-size", "About how many people come"),
            Fact::Quiet => ("quiet", "It is quiet"),
            Fact::StepFree => ("step-free", "You can get in without steps"),
            Fact::BringSomeone => ("bring-someone", "You may bring someone"),
            Fact::JustWatch => ("just-watch", "You may just watch"),
            Fact::LeaveAnyTime => ("leave-any-time", "You may leave at any time"),
            Fact::FirstVisit => ("first-visit", "What a first visit is like"),
            Fact::WrittenDown => ("written-down", "What is written down about those who come"),
            Fact::TellFirst => ("tell-first", "Tell them before you come"),
            Fact::ClosedOnHolidays => ("closed-on-holidays", "Not on public holidays"),
            Fact::Hours => ("hours", "When, and how long"),
            Fact::FromWard => ("from-ward", "You can begin while you are in hospital"),
            Fact::Expenses => ("expenses", "Fares and meals are paid back"),
            Fact::Paid => ("paid", "It is paid"),
            Fact::WorkKind => ("work-kind", "What kind of work"),
        }
    }
}

fn term(list: List, code: &str, name: &str) -> Term {
    Term { list, code: code.to_owned(), name: name.to_owned(), parent: None, uri: None }
}

fn every_term() -> Vec<Term> {
    let area = |a: Area| term(List::Areas, a.code(), a.title());
    let mut all: Vec<Term> = Area::SIX.into_iter().map(area).collect();
    all.extend(
        needs::ALL
            .iter()
            .map(|n| Term { parent: Some(area(n.area).id()), ..term(List::Needs, n.code, n.label) }),
    );
    all.extend(interests::ALL.iter().map(|i| term(List::Interests, i.code, i.label)));
    all.extend(adjustments::ALL.iter().map(|a| term(List::Adjustments, a.code, a.label)));
    all.extend(Delivery::ALL.iter().map(|d| term(List::Delivery, d.code(), d.words())));
    all.extend(Joining::ALL.iter().map(|j| term(List::Joining, j.code(), j.words())));
    for (code, words) in [
        ("open", "open to new people"),
        ("waiting_list", "has a waiting list"),
        ("full", "full"),
        ("assessment_first", "talks with you first to see if there is space"),
    ] {
        all.push(term(List::Space, code, words));
    }
    for (code, words) in
        [("everyone", "Everyone"), ("women", "Women"), ("men", "Men"), ("other", "As it says")]
    {
        all.push(term(List::Gender, code, words));
    }
    for (code, words) in [
        ("service", "A service"),
        ("group", "A group that meets"),
        ("volunteering", "A role for a volunteer"),
        ("work", "Work that an employer offers"),
    ] {
        all.push(term(List::EntryKind, code, words));
    }
    all.extend(Fact::ALL.iter().map(|f| term(List::Facts, f.code(), f.name())));
    all.extend(
        esd::ALL
            .iter()
            .map(|t| Term { uri: Some(t.uri()), ..term(List::ServiceTypes, &t.number.to_string(), t.label) }),
    );
    all
}

static TERMS: LazyLock<Vec<Term>> = LazyLock::new(every_term);
static BY_CODE: LazyLock<BTreeMap<(List, &'static str), &'static Term>> =
    LazyLock::new(|| TERMS.iter().map(|t| ((t.list, t.code.as_str()), t)).collect());
static BY_ID: LazyLock<BTreeMap<Uuid, &'static Term>> =
    LazyLock::new(|| TERMS.iter().map(|t| (t.id(), t)).collect());

/// Every term, list by list.
pub fn all() -> &'static [Term] {
    &TERMS
}

/// The term with this id.
pub fn by_id(id: Uuid) -> Option<&'static Term> {
    BY_ID.get(&id).copied()
}

/// The term with this code in a list.
pub fn by_code(list: List, code: &str) -> Option<&'static Term> {
    BY_CODE.get(&(list, code)).copied()
}

/// The term that a published code names: `kithNeed:money-debt`, `esdServiceType:651`.
pub fn by_curie(curie: &str) -> Option<&'static Term> {
    let (prefix, code) = curie.split_once(':')?;
    let list = List::ALL.into_iter().find(|l| l.prefix() == prefix)?;
    by_code(list, code.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_has_an_id_of_its_own_and_is_found_by_its_code() {
        assert_eq!(BY_ID.len(), all().len());
        assert_eq!(BY_CODE.len(), all().len());
        for term in all() {
            let json = term.json();
            let curie = json["code"].as_str().unwrap();
            assert_eq!(by_curie(curie), Some(term));
            if let Some(parent) = term.parent {
                assert!(by_id(parent).is_some());
            }
        }
    }
}

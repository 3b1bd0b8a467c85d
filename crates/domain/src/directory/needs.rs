//! Needs: what people ask for, in plain words, in the six areas of life. Each has the
//! other words people use for it ("bailiff", "somewhere dry"), so that a search in
//! somebody's own words finds it, and the needs that lie near it, so that a service for
//! one may be offered, lower down, for the other. The list is the project's own; a
//! mapping to published service types belongs to the import and the export.

use super::list_code;
use crate::area::Area;

/// One kind of need.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NeedKind {
    /// The stored form.
    pub code: &'static str,
    /// The area of life.
    pub area: Area,
    /// The plain words, as the person would say them.
    pub label: &'static str,
    /// Other words for it, lower case.
    pub words: &'static [&'static str],
    /// Codes of the needs that lie near it.
    pub near: &'static [&'static str],
}

list_code! {
    /// The code of a kind of need.
    NeedCode, "needs", find
}

impl NeedCode {
    /// What the list says about it, while it is on the list.
    pub fn kind(&self) -> Option<&'static NeedKind> {
        find(self.as_str())
    }
    /// The area of life, while it is on the list.
    pub fn area(&self) -> Option<Area> {
        self.kind().map(|k| k.area)
    }
}

/// The kind of need with this code.
pub fn find(code: &str) -> Option<&'static NeedKind> {
    ALL.iter().find(|n| n.code == code)
}

/// The needs of one area, in order.
pub fn of(area: Area) -> impl Iterator<Item = &'static NeedKind> {
    ALL.iter().filter(move |n| n.area == area)
}

const fn n(
    area: Area,
    code: &'static str,
    label: &'static str,
    words: &'static [&'static str],
    near: &'static [&'static str],
) -> NeedKind {
    NeedKind { code, area, label, words, near }
}

/// Every kind of need, in the order pages show them.
#[rustfmt::skip]
pub static ALL: &[NeedKind] = &[
    n(Area::HealthAndCare, "health-talk", "Someone to talk to about how I feel",
        &["counselling", "therapy", "talking therapy", "low mood", "feeling down", "depressed", "depression", "anxiety", "worry", "stress", "panic", "listening", "mental health", "feel low", "feeling low", "panic attacks", "counsellor", "therapist", "someone to listen"],
        &["health-trauma", "health-peer", "health-young"]),
    n(Area::HealthAndCare, "health-peer", "People who have been through the same",
        &["peer support", "lived experience", "support group", "self help", "recovery college", "hearing voices", "bipolar", "psychosis", "been through the same", "hear voices"],
        &["health-talk", "connection-company"]),
    n(Area::HealthAndCare, "health-crisis", "A place to go when things get too much",
        &["crisis", "safe haven", "crisis cafe", "sanctuary", "suicidal", "self harm", "cannot cope", "breakdown", "want to die", "kill myself", "end it all", "hurt myself", "go on living", "safe place"],
        &["health-talk"]),
    n(Area::HealthAndCare, "health-key-worker", "One worker who knows me",
        &["key worker", "community team", "cpn", "nurse", "care coordinator", "psychiatrist", "mental health team", "mental health nurse", "first episode", "early intervention", "psychosis"],
        &["health-care-act"]),
    n(Area::HealthAndCare, "health-medicine", "Help with my medicine",
        &["medication", "tablets", "injection", "depot", "side effects", "pharmacist", "pharmacy", "prescription", "chemist", "lithium", "clozapine"],
        &["physical-check"]),
    n(Area::HealthAndCare, "health-trauma", "Help after something terrible",
        &["trauma", "ptsd", "abuse", "assault", "violence", "rape", "survivor", "domestic abuse", "refuge", "hits me", "hit me", "hurts me", "violent", "beats me", "raped", "sexual violence", "abused", "attacked", "victim of crime", "afraid home", "scared home", "afraid of my partner", "afraid of my husband"],
        &["health-talk"]),
    n(Area::HealthAndCare, "health-drink-drugs", "Help with drink or drugs",
        &["alcohol", "drinking", "drug", "cannabis", "heroin", "cocaine", "addiction", "recovery", "detox", "methadone", "substance", "drunk", "sober", "booze"],
        &["health-talk"]),
    n(Area::HealthAndCare, "health-care-act", "Help with daily life at home",
        &["social care", "care act", "support worker", "home care", "personal care", "cleaning", "carer comes", "adult social care", "getting dressed", "getting washed"],
        &["housing-keep"]),
    n(Area::HealthAndCare, "health-advocate", "Someone on my side who speaks for me",
        &["advocate", "advocacy", "rights", "complaint", "imha", "imca", "tribunal", "section", "sectioned", "mental health act", "detained"],
        &["money-legal"]),
    n(Area::HealthAndCare, "health-carer", "Help for me as a carer",
        &["carer", "caring", "look after", "my son", "my mother", "my partner", "respite", "carers assessment", "family support", "my mum", "my husband has", "my wife has", "caring for", "worn out caring"],
        &["connection-company"]),
    n(Area::HealthAndCare, "health-grief", "Help after someone died",
        &["bereavement", "grief", "loss", "died", "death", "funeral", "bereaved", "passed away", "grieving"],
        &["health-talk"]),
    n(Area::HealthAndCare, "health-young", "Help for young adults",
        &["young", "youth", "teenager", "student", "16", "17", "18", "moving from camhs", "camhs", "transition"],
        &["health-talk"]),
    n(Area::HealthAndCare, "health-memory", "Help with memory or thinking",
        &["memory", "dementia", "brain injury", "concentration", "forget", "alzheimers", "confused"],
        &["physical-check"]),
    n(Area::HealthAndCare, "health-neuro", "Help with autism or ADHD",
        &["autism", "autistic", "adhd", "neurodivergent", "asperger", "sensory"],
        &["health-talk"]),
    n(Area::Housing, "housing-tonight", "Somewhere dry to sleep tonight",
        &["somewhere dry", "homeless", "rough sleeping", "street", "sofa", "hostel", "night shelter", "nowhere to go", "emergency accommodation", "roofless", "nowhere to sleep", "nowhere to stay", "sleep tonight", "sleeping rough", "on the streets", "thrown out"],
        &["housing-find"]),
    n(Area::Housing, "housing-find", "A place to live",
        &["house", "flat", "council house", "housing register", "housing list", "rent", "social housing", "tenancy", "move", "deposit", "landlord", "somewhere to live"],
        &["housing-tonight", "housing-supported"]),
    n(Area::Housing, "housing-supported", "A home with support",
        &["supported housing", "supported living", "sheltered", "shared house", "floating support", "extra care"],
        &["housing-find", "housing-keep"]),
    n(Area::Housing, "housing-keep", "Help to keep my home",
        &["eviction", "evicted", "rent arrears", "notice", "section 21", "section 8", "possession", "losing my home", "tenancy support", "notice to leave", "behind with rent", "landlord wants me out", "lose my home"],
        &["money-debt", "housing-supported"]),
    n(Area::Housing, "housing-repairs", "Getting my home repaired",
        &["repair", "damp", "mould", "broken", "heating", "boiler", "leak", "landlord will not"],
        &["housing-keep", "money-energy"]),
    n(Area::Housing, "housing-neighbours", "Trouble with neighbours",
        &["neighbour", "noise", "harassment", "antisocial", "anti-social", "cuckooing", "feel unsafe at home", "next door", "people upstairs", "noisy"],
        &["housing-keep"]),
    n(Area::Housing, "housing-set-up", "Things for my home",
        &["furniture", "bed", "cooker", "fridge", "carpet", "white goods", "moving in", "curtains", "bedding", "washing machine"],
        &["money-grants"]),
    n(Area::Housing, "housing-hoarding", "Help with a home that is too full",
        &["hoarding", "clutter", "clearing", "tidy", "declutter"],
        &["health-care-act"]),
    n(Area::Housing, "housing-adapt", "Changes to my home so I can get around",
        &["adaptation", "rail", "ramp", "stairlift", "occupational therapist", "wet room", "grab rail", "wheelchair at home"],
        &["health-care-act"]),
    n(Area::WorkAndLearning, "work-job", "Help to find paid work",
        &["job", "employment", "ips", "cv", "interview", "jobcentre", "job centre", "unemployed", "work coach", "employment support", "paid work", "looking for work", "find work", "back to work"],
        &["work-try", "work-keep"]),
    n(Area::WorkAndLearning, "work-keep", "Help to keep my job",
        &["sick leave", "off sick", "employer", "access to work", "return to work", "discrimination at work", "sacked", "occupational health", "lose my job", "sack me", "time off work"],
        &["work-job"]),
    n(Area::WorkAndLearning, "work-try", "Trying out work or volunteering",
        &["volunteer", "volunteering", "work experience", "placement", "trial", "charity shop", "try out work", "try out a job"],
        &["work-job", "connection-useful"]),
    n(Area::WorkAndLearning, "work-learn", "Learning something new",
        &["course", "college", "class", "training", "qualification", "university", "apprenticeship", "recovery college"],
        &["work-read", "work-computer"]),
    n(Area::WorkAndLearning, "work-read", "Reading, writing, numbers or English",
        &["literacy", "numeracy", "maths", "esol", "english class", "cannot read", "spelling", "read and write", "learn to read"],
        &["work-learn"]),
    n(Area::WorkAndLearning, "work-computer", "Getting online",
        &["computer", "internet", "online", "digital", "wifi", "phone data", "laptop", "e-mail", "library"],
        &["work-learn"]),
    n(Area::WorkAndLearning, "work-own", "Starting my own small business",
        &["self employed", "self-employment", "business", "enterprise"],
        &["work-job"]),
    n(Area::WorkAndLearning, "work-record", "Work after prison or a conviction",
        &["criminal record", "conviction", "dbs", "probation", "prison", "offending"],
        &["work-job"]),
    n(Area::PhysicalHealth, "physical-gp", "A GP practice",
        &["gp", "doctor", "surgery", "register", "practice", "medical centre", "health centre"],
        &["physical-check"]),
    n(Area::PhysicalHealth, "physical-check", "A yearly health check",
        &["annual health check", "blood test", "blood pressure", "ecg", "health check", "weight check", "diabetes", "heart"],
        &["physical-gp"]),
    n(Area::PhysicalHealth, "physical-move", "Moving more",
        &["exercise", "gym", "swimming", "walking", "sport", "football", "yoga", "fitness", "leisure", "tennis", "active", "running"],
        &["physical-weight", "connection-company"]),
    n(Area::PhysicalHealth, "physical-weight", "Eating well and my weight",
        &["food", "diet", "weight", "nutrition", "cooking", "obese", "dietitian", "healthy eating"],
        &["physical-move", "money-food"]),
    n(Area::PhysicalHealth, "physical-smoking", "Stopping smoking",
        &["smoking", "cigarettes", "vape", "quit", "tobacco", "nicotine", "smoker", "stop smoking"],
        &["physical-check"]),
    n(Area::PhysicalHealth, "physical-teeth", "A dentist",
        &["dentist", "teeth", "tooth", "mouth", "gums", "denture"],
        &["physical-gp"]),
    n(Area::PhysicalHealth, "physical-sleep", "Sleeping better",
        &["sleep", "insomnia", "tired", "nightmares", "cannot sleep", "awake at night"],
        &["health-talk"]),
    n(Area::PhysicalHealth, "physical-pain", "Living with pain or long illness",
        &["pain", "long term condition", "fibromyalgia", "copd", "diabetes", "cancer", "epilepsy", "arthritis", "illness"],
        &["physical-gp"]),
    n(Area::PhysicalHealth, "physical-feet-eyes", "Feet, eyes or hearing",
        &["feet", "podiatry", "optician", "glasses", "eyes", "hearing aid", "deaf", "hearing"],
        &["physical-gp"]),
    n(Area::PhysicalHealth, "physical-sexual", "Sexual health and contraception",
        &["contraception", "sti", "clinic", "pregnant", "pregnancy", "hiv", "sexual health"],
        &["physical-gp"]),
    n(Area::Connection, "connection-company", "Being with people",
        &["lonely", "loneliness", "alone", "isolated", "isolation", "friends", "company", "social group", "drop-in", "drop in", "meet people", "coffee", "no friends", "nobody to talk to", "drop in group"],
        &["connection-befriend", "connection-interest"]),
    n(Area::Connection, "connection-befriend", "Someone to visit or ring me",
        &["befriending", "befriender", "phone call", "visitor", "volunteer visitor", "someone to visit", "someone to ring"],
        &["connection-company"]),
    n(Area::Connection, "connection-interest", "Doing something I enjoy",
        &["hobby", "hobbies", "art", "arts", "music", "craft", "gardening", "allotment", "choir", "singing", "dance", "football", "creative", "painting", "drawing", "guitar", "poems", "board games", "woodwork"],
        &["connection-company", "physical-move"]),
    n(Area::Connection, "connection-useful", "Being useful to others",
        &["give back", "volunteering", "helping", "mentor", "involvement", "campaign"],
        &["work-try"]),
    n(Area::Connection, "connection-family", "Family and being a parent",
        &["children", "parent", "parenting", "family", "mum", "dad", "relationship", "contact with my children", "childcare", "children centre", "baby", "new mum", "toddler", "see my children", "my kids", "postnatal"],
        &["health-carer"]),
    n(Area::Connection, "connection-culture", "People who share my culture or language",
        &["black", "african", "caribbean", "south asian", "muslim", "refugee", "asylum", "migrant", "roma", "traveller", "community language", "interpreter", "asian", "my own language"],
        &["connection-company", "connection-faith"]),
    n(Area::Connection, "connection-faith", "Faith and meaning",
        &["faith", "church", "mosque", "temple", "gurdwara", "synagogue", "prayer", "spiritual", "chaplain", "pray", "priest", "imam"],
        &["connection-company"]),
    n(Area::Connection, "connection-lgbt", "LGBTQ+ company and support",
        &["lgbt", "lgbtq", "gay", "lesbian", "bisexual", "trans", "queer", "gender"],
        &["connection-company"]),
    n(Area::Connection, "connection-travel", "Getting there",
        &["transport", "bus pass", "lift", "taxi", "travel", "blue badge", "driving", "no bus", "hospital transport"],
        &["connection-company"]),
    n(Area::Money, "money-benefits", "Benefits advice",
        &["benefit", "benefits", "universal credit", "pip", "esa", "dla", "attendance allowance", "claim", "sanction", "assessment form", "appeal", "tribunal", "housing benefit", "get my money back", "money stopped", "welfare rights", "money was stopped", "disability benefit"],
        &["money-debt", "money-legal"]),
    n(Area::Money, "money-debt", "Help with debt",
        &["owe money", "bailiff", "bailiffs", "enforcement", "loan shark", "arrears", "credit card", "court letter", "council tax", "breathing space", "debt", "bills", "cannot pay", "loan", "debt collectors", "behind with bills", "owe"],
        &["money-benefits", "money-budget"]),
    n(Area::Money, "money-food", "Food today",
        &["food", "food bank", "foodbank", "hungry", "food parcel", "meal", "breakfast", "soup", "pantry", "nothing to eat", "starving", "free meal"],
        &["money-grants"]),
    n(Area::Money, "money-energy", "Heating and power",
        &["gas", "electric", "electricity", "meter", "fuel", "energy", "cold", "top up", "warm", "prepayment", "cannot heat"],
        &["money-debt"]),
    n(Area::Money, "money-budget", "Help to manage my money",
        &["budget", "budgeting", "bank account", "spending", "saving", "money management", "gambling", "appointee", "manage my money", "make ends meet"],
        &["money-debt"]),
    n(Area::Money, "money-grants", "A grant or help in kind",
        &["grant", "hardship", "clothes", "clothing", "shoes", "household support fund", "school uniform", "baby things"],
        &["money-food", "housing-set-up"]),
    n(Area::Money, "money-legal", "Legal help",
        &["legal", "solicitor", "legal aid", "court", "law", "immigration advice", "lawyer"],
        &["health-advocate", "money-benefits"]),
    n(Area::Money, "money-papers", "ID, post and papers",
        &["id", "passport", "birth certificate", "proof of address", "post", "letters", "forms", "national insurance"],
        &["money-benefits"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_area_of_life_has_needs_and_codes_are_used_once() {
        let codes: BTreeSet<&str> = ALL.iter().map(|n| n.code).collect();
        assert_eq!(codes.len(), ALL.len());
        assert!(Area::SIX.into_iter().all(|area| of(area).count() >= 6));
        assert!(ALL.iter().all(|n| Area::SIX.contains(&n.area)));
    }

    #[test]
    fn near_needs_exist_and_are_not_the_need_itself() {
        for need in ALL {
            for near in need.near {
                assert!(find(near).is_some() && *near != need.code, "{} near {near}", need.code);
            }
        }
    }

    #[test]
    fn other_words_are_lower_case() {
        assert!(ALL.iter().flat_map(|n| n.words).all(|w| *w == w.to_lowercase()));
    }
}

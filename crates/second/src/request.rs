//! One request, as a scenario writes it, and the file of scenarios around it.

use crate::decision::{Decision, Obligation};
use crate::time::Time;
use crate::words::{Action, Area, Change};
use crate::world::{World, is_false};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody asks for something, now, signed in so well and so long ago.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Who asks; none for a program that acts for nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// What for.
    pub action: Action,
    /// When.
    pub at: Time,
    /// Which item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Which version of it; the current one if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Whose record, where no item says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Which referral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<String>,
    /// For a new item, its area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Area>,
    /// For a new item, its sensitivity; S1 if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<u8>,
    /// For a new item, the organisation's part it goes into; for the audit, whose entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_org: Option<String>,
    /// Why, as the route and the role say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// 1 for one factor, 2 for two.
    pub aal: u8,
    /// Seconds since signing in.
    pub auth_age_s: i64,
    /// The paper code with which a person came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper_code: Option<PaperCode>,
    /// The program that asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Emergency access that was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_glass: Option<BreakGlass>,
    /// A written reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_text: Option<String>,
    /// NHS number, date of birth and surname all match.
    #[serde(skip_serializing_if = "is_false")]
    pub exact_match: bool,
    /// How often this worker looked somebody up in the hour before.
    #[serde(skip_serializing_if = "is_zero", alias = "lookups_last_hour")]
    pub lookups: u32,
    /// The smallest cell of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_cell: Option<u32>,
    /// By how many people this cohort differs from that of an earlier table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohort_difference: Option<u32>,
    /// How many people are in one export.
    #[serde(skip_serializing_if = "is_one", alias = "export_count")]
    pub count: u32,
    /// A second person approved the export.
    #[serde(skip_serializing_if = "is_false", deserialize_with = "truthy")]
    pub second_approver: bool,
    /// What a change of consent does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The reference under which a records officer acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_reference: Option<String>,
    /// Telling the person would put somebody in danger.
    #[serde(skip_serializing_if = "is_false")]
    pub suppress_notice: bool,
}

impl Default for Request {
    /// The scenarios' defaults: "aal=2, auth_age_s=60".
    fn default() -> Request {
        Request {
            actor: None,
            action: Action::View,
            at: Time(0),
            item: None,
            version: None,
            person: None,
            referral: None,
            domain: None,
            sensitivity: None,
            target_org: None,
            purpose: None,
            aal: 2,
            auth_age_s: 60,
            paper_code: None,
            client: None,
            break_glass: None,
            reason_text: None,
            exact_match: false,
            lookups: 0,
            min_cell: None,
            cohort_difference: None,
            count: 1,
            second_approver: false,
            change: None,
            case_reference: None,
            suppress_notice: false,
        }
    }
}

/// A code on paper, for people without a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCode {
    /// When it was printed.
    pub issued: Time,
    /// Whether it was used before this sign-in.
    #[serde(default)]
    pub used: bool,
    /// Whether the word that the person chose was given with it.
    #[serde(default)]
    pub word: bool,
}

/// Emergency access: "reason code and text".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakGlass {
    /// When it was opened.
    pub started: Time,
    /// The reason code.
    #[serde(default)]
    pub reason: String,
    /// The reason in words.
    #[serde(default)]
    pub text: String,
    /// Telling the person would put somebody in danger.
    #[serde(default, skip_serializing_if = "is_false")]
    pub suppress_notice: bool,
}

/// One request and what is expected of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its number.
    pub id: String,
    /// What it is about.
    #[serde(default)]
    pub title: String,
    /// The request.
    #[serde(flatten)]
    pub request: Request,
    /// The expected answer.
    pub expect: Expected,
    /// The rules that it shows.
    #[serde(default)]
    pub rules: Vec<String>,
}

/// The expected answer; what is not said is not compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Expected {
    /// `allow` or `deny`.
    pub decision: String,
    /// For a denial, `not_found` or `forbidden`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// What must be done besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obligations: Option<BTreeSet<Obligation>>,
    /// For an aggregate, whether it is suppressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<bool>,
    /// Whether break-glass would change the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_glass_offered: Option<bool>,
}

impl Expected {
    /// The answer of this evaluator, written as an expectation.
    #[must_use]
    pub fn from_decision(decision: &Decision) -> Expected {
        Expected {
            decision: decision.word().to_owned(),
            visibility: decision.visibility().map(str::to_owned),
            obligations: (!decision.obligations.is_empty()).then(|| decision.obligations.clone()),
            suppressed: decision.suppressed.then_some(true),
            break_glass_offered: decision.break_glass_offered.then_some(true),
        }
    }

    /// Each way in which a decision is not what was expected, in words.
    #[must_use]
    pub fn differences(&self, decision: &Decision) -> Vec<String> {
        let mut found = Vec::new();
        let mut compare = |what: &str, expected: String, got: String| {
            if expected != got {
                found.push(format!("{what}: expected {expected}, got {got}"));
            }
        };
        compare("decision", self.decision.clone(), decision.word().to_owned());
        if let Some(visibility) = &self.visibility {
            compare("visibility", visibility.clone(), decision.visibility().unwrap_or("seen").to_owned());
        }
        if let Some(obligations) = &self.obligations {
            compare("obligations", format!("{obligations:?}"), format!("{:?}", decision.obligations));
        }
        if let Some(suppressed) = self.suppressed {
            compare("suppressed", suppressed.to_string(), decision.suppressed.to_string());
        }
        if let Some(offered) = self.break_glass_offered {
            compare("break_glass_offered", offered.to_string(), decision.break_glass_offered.to_string());
        }
        found
    }
}

/// A file of that form: a world, the purposes of each role, and scenarios.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScenarioFile {
    /// What the file is.
    pub about: String,
    /// The version of the form.
    pub version: u32,
    /// The world that all its scenarios share.
    pub world: World,
    /// The requests.
    pub scenarios: Vec<Scenario>,
    /// Purposes by role.
    pub role_purposes: BTreeMap<String, Vec<String>>,
}

impl ScenarioFile {
    /// Reads a file's text; the purposes of roles become part of the world.
    ///
    /// # Errors
    /// When the text is not of that form, with the line and what was expected there.
    pub fn parse(text: &str) -> Result<ScenarioFile, serde_json::Error> {
        let mut file: ScenarioFile = serde_json::from_str(text)?;
        file.world.role_purposes.clone_from(&file.role_purposes);
        Ok(file)
    }

    /// A file with this world and these requests, expecting what this evaluator decides.
    #[must_use]
    pub fn of(about: &str, world: World, requests: Vec<Request>) -> ScenarioFile {
        let scenarios = requests.into_iter().enumerate().map(|(at, request)| {
            let decision = crate::decide(&world, &request);
            Scenario {
                id: format!("G{at:03}"),
                title: String::new(),
                expect: Expected::from_decision(&decision),
                rules: vec![decision.why()],
                request,
            }
        });
        let scenarios = scenarios.collect();
        let role_purposes = world.role_purposes.clone();
        ScenarioFile { about: about.to_owned(), version: 2, world, scenarios, role_purposes }
    }
}

/// `true`, or the name of whoever approved.
fn truthy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Flag(bool),
        Name(Option<String>),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::Flag(flag) => flag,
        Given::Name(name) => name.is_some_and(|name| !name.trim().is_empty()),
    })
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

fn is_one(value: &u32) -> bool {
    *value == 1
}

//! Who may receive anything at all: a list that is code (design, "Never"; `GOVERNANCE/`).
//!
//! Every sort of organisation names the decision that lets it in. A new sort does not compile
//! before it names one, and a test fails before that decision is in `GOVERNANCE/decisions`
//! and allows it. There is no sort for police, the Home Office, decisions on benefits, arrears
//! teams or employers' staff departments.

use crate::organisation::OrganisationKind;

/// A decision about who may receive something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Its number: the file in `GOVERNANCE/decisions` begins with it.
    pub number: u16,
    /// In one sentence.
    pub title: &'static str,
    /// The whole text, as it stands in the file.
    pub text: &'static str,
}

/// Every decision, in order.
pub const DECISIONS: [Decision; 5] = [
    Decision {
        number: 1,
        title: "The health service and the council's care may receive what a person shares",
        text: include_str!("../../../GOVERNANCE/decisions/0001-health-and-social-care.md"),
    },
    Decision {
        number: 2,
        title: "Charities, advice, learning and leisure may receive what a person shares",
        text: include_str!("../../../GOVERNANCE/decisions/0002-charities-and-community-groups.md"),
    },
    Decision {
        number: 3,
        title: "Providers of homes with support may receive what a person shares",
        text: include_str!("../../../GOVERNANCE/decisions/0003-homes-with-support.md"),
    },
    Decision {
        number: 4,
        title: "The partnership's office sees counts, and a listed service sees nothing",
        text: include_str!("../../../GOVERNANCE/decisions/0004-the-office-and-the-directory.md"),
    },
    Decision {
        number: 5,
        title: "The Jobcentre and employers receive nothing from Kith",
        text: include_str!("../../../GOVERNANCE/decisions/0005-jobcentre-and-employers.md"),
    },
];

/// The decisions with which Kith began. Those who began a place with them may go on while its own
/// panel has not spoken; whoever comes later waits for it ([`crate::panel::lets_in`]). A decision
/// after these lets nobody in while it is only put forward.
pub const FOUNDING: u16 = 5;

/// Whether a decision of the list lets anybody in at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stand {
    /// A founding decision that is put forward, or one that was agreed.
    Stands,
    /// It was not agreed, or a no, or ended.
    No,
}

/// The decision that lets this sort of organisation in. A new sort names one here first.
pub fn decision_of(kind: OrganisationKind) -> u16 {
    match kind {
        OrganisationKind::NhsTrust | OrganisationKind::GpPractice | OrganisationKind::Council => 1,
        OrganisationKind::Charity
        | OrganisationKind::Advice
        | OrganisationKind::EmploymentSupport
        | OrganisationKind::Learning
        | OrganisationKind::Leisure => 2,
        OrganisationKind::HousingProvider => 3,
        OrganisationKind::PartnershipOffice | OrganisationKind::Listed => 4,
    }
}

impl Decision {
    /// What stands behind a heading of the form: "State" or "Allows".
    fn line(&self, name: &str) -> Option<&'static str> {
        let line = self.text.lines().find(|l| l.starts_with(name))?;
        line.strip_prefix(name)?.strip_prefix(':').map(str::trim)
    }
    /// How it stands.
    pub fn state(&self) -> &'static str {
        self.line("State").unwrap_or_default()
    }
    /// Does it let anybody in?
    pub fn stand(&self) -> Stand {
        match self.state() {
            "agreed" => Stand::Stands,
            "put forward" if self.number <= FOUNDING => Stand::Stands,
            _ => Stand::No,
        }
    }
    /// The codes it lets in.
    pub fn allows(&self) -> Vec<&'static str> {
        let all = self.line("Allows").unwrap_or_default();
        all.split(',').map(str::trim).filter(|c| !c.is_empty() && *c != "nothing").collect()
    }
    /// The paragraphs under one heading of the form.
    pub fn part(&self, heading: &str) -> String {
        let lines = self.text.lines().skip_while(|l| l.strip_prefix("## ") != Some(heading)).skip(1);
        let under: Vec<&str> = lines.take_while(|l| !l.starts_with("## ")).collect();
        under.join("\n").trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every sort, once: the match does not compile when one is forgotten.
    const KINDS: [OrganisationKind; 11] = [
        OrganisationKind::NhsTrust,
        OrganisationKind::GpPractice,
        OrganisationKind::Council,
        OrganisationKind::Charity,
        OrganisationKind::HousingProvider,
        OrganisationKind::Advice,
        OrganisationKind::EmploymentSupport,
        OrganisationKind::Learning,
        OrganisationKind::Leisure,
        OrganisationKind::PartnershipOffice,
        OrganisationKind::Listed,
    ];

    #[test]
    fn every_recipient_names_a_decision_that_lets_it_in_and_no_decision_lets_in_more() {
        let mut let_in = BTreeSet::new();
        for kind in KINDS {
            let code = serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned();
            let decision = DECISIONS.iter().find(|d| d.number == decision_of(kind)).expect("a decision");
            assert!(decision.allows().contains(&code.as_str()), "{code} is not in {}", decision.number);
            let_in.insert(code);
        }
        let allowed: BTreeSet<String> =
            DECISIONS.iter().flat_map(|d| d.allows()).map(str::to_owned).collect();
        assert_eq!(allowed, let_in);
    }

    /// A decision that comes later lets in nobody before it is agreed, and a no lets in nobody.
    #[test]
    fn what_is_only_put_forward_stands_for_the_first_ones_alone() {
        let of = |number, state: &'static str| {
            let text: &'static str = Box::leak(format!("State: {state}\nAllows: charity").into_boxed_str());
            Decision { number, title: "", text }.stand()
        };
        assert_eq!(of(FOUNDING, "put forward"), Stand::Stands);
        assert_eq!(of(FOUNDING + 1, "put forward"), Stand::No);
        assert_eq!(of(FOUNDING + 1, "agreed"), Stand::Stands);
        assert_eq!(of(1, "said no"), Stand::No);
        assert_eq!(of(1, "ended"), Stand::No);
        assert_eq!(of(1, ""), Stand::No);
        for kind in KINDS {
            let decision = DECISIONS.iter().find(|d| d.number == decision_of(kind)).expect("a decision");
            assert_eq!(decision.stand(), Stand::Stands, "{kind:?} is let in by a decision nobody agreed");
        }
    }

    #[test]
    fn every_decision_is_in_the_form_and_nobody_else_is_let_in() {
        for (at, d) in DECISIONS.iter().enumerate() {
            assert_eq!(usize::from(d.number), at + 1);
            assert!(d.text.starts_with(&format!("# {:04}: {}", d.number, d.title)), "{}", d.number);
            assert!(["put forward", "agreed", "said no", "ended"].contains(&d.state()), "{}", d.number);
            for heading in [
                "What was asked",
                "What could go wrong, and for whom",
                "What was decided, and why",
                "Who decided",
                "Look again",
            ] {
                assert!(!d.part(heading).is_empty(), "{}: {heading}", d.number);
            }
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../GOVERNANCE/decisions");
        let files = std::fs::read_dir(folder).expect("the decisions").count();
        assert_eq!(files, DECISIONS.len() + 1, "each file but the form is in the list");
        for never in ["police", "home_office", "jobcentre", "employer"] {
            assert!(DECISIONS.iter().all(|d| !d.allows().contains(&never)));
        }
    }
}

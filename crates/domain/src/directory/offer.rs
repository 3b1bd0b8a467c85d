//! What an entry offers: help, a role for somebody who wants to be useful, or a way into
//! work. Being needed helps people too; some roles can begin while somebody is still on a
//! hospital ward.

use super::Known;
use serde::{Deserialize, Serialize};

/// What an entry offers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "offer")]
pub enum Offer {
    /// Help.
    #[default]
    Support,
    /// A role for a volunteer.
    Volunteering {
        /// When and how long, in words: "two hours on a Tuesday".
        hours: String,
        /// Can it begin while the person is on a hospital ward?
        from_ward: Known,
        /// Are fares and meals paid back?
        expenses: Known,
    },
    /// What an employer offers.
    Work {
        /// What kind.
        kind: WorkKind,
        /// When and how long, in words.
        hours: String,
        /// Is it paid?
        paid: Known,
    },
}

/// What kind of work an employer offers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// A visit, to see what it is like.
    Visit,
    /// A trial of some days or weeks.
    Trial,
    /// A placement with an end.
    Placement,
    /// A job.
    Job,
}

impl WorkKind {
    /// Every kind.
    pub const ALL: [WorkKind; 4] = [WorkKind::Visit, WorkKind::Trial, WorkKind::Placement, WorkKind::Job];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            WorkKind::Visit => "visit",
            WorkKind::Trial => "trial",
            WorkKind::Placement => "placement",
            WorkKind::Job => "job",
        }
    }
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            WorkKind::Visit => "A visit to see what the work is like",
            WorkKind::Trial => "A work trial",
            WorkKind::Placement => "A placement at work",
            WorkKind::Job => "A job",
        }
    }
    /// The kind with this stored form.
    pub fn from_code(code: &str) -> Option<WorkKind> {
        WorkKind::ALL.into_iter().find(|k| k.code() == code)
    }
}

impl Offer {
    /// Is it help, as most entries are?
    pub fn is_support(&self) -> bool {
        *self == Offer::Support
    }

    /// Lines for a page; none for help. What nobody said is not said here either.
    pub fn lines(&self) -> Vec<String> {
        let said = |known: Known, yes: &str, no: &str| match known {
            Known::Yes => Some(yes.to_owned()),
            Known::No => Some(no.to_owned()),
            Known::NotSaid => None,
        };
        let lines = match self {
            Offer::Support => Vec::new(),
            Offer::Volunteering { hours, from_ward, expenses } => vec![
                Some("A role for a volunteer".to_owned()),
                Some(hours.clone()),
                said(
                    *from_ward,
                    "You can begin while you are in hospital",
                    "It begins after you leave hospital",
                ),
                said(*expenses, "Fares and meals are paid back", "Fares and meals are not paid back"),
            ],
            Offer::Work { kind, hours, paid } => vec![
                Some(kind.words().to_owned()),
                Some(hours.clone()),
                said(*paid, "It is paid", "It is not paid"),
            ],
        };
        lines.into_iter().flatten().filter(|line| !line.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_said_is_not_said() {
        let role =
            Offer::Volunteering { hours: String::new(), from_ward: Known::Yes, expenses: Known::NotSaid };
        assert_eq!(role.lines(), ["A role for a volunteer", "You can begin while you are in hospital"]);
        assert!(Offer::default().lines().is_empty());
        for kind in WorkKind::ALL {
            assert_eq!(WorkKind::from_code(kind.code()), Some(kind));
        }
    }
}

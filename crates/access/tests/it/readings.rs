//! Where the two readings of the rule book differ and both are allowed to, and the words of
//! the second in the types of the first. Shared with `crates/trial`, which compares the two over
//! facts that came through a database.

#![allow(dead_code, missing_docs, reason = "two programs of tests use different parts of it")]

use kith_access as first;
use kith_access::Span;
use kith_domain::area::Category;
use kith_domain::time::Instant;
use kith_second::request::Request;
use kith_second::world::{ReferralState, World};
use kith_second::{Action, Area, Role, Time};
use std::collections::BTreeMap;

/// Where the two readings differ and both are allowed to: which, the number in
/// `crates/second/AMBIGUITIES.md`, and why this crate reads it so.
pub struct Known {
    pub ambiguity: u8,
    pub why: &'static str,
    pub holds: fn(&Asked<'_>) -> bool,
}

/// One question and both answers.
pub struct Asked<'a> {
    pub world: &'a World,
    pub request: &'a Request,
    pub first: &'a first::Decision,
    pub second: &'a kith_second::Decision,
}

impl Asked<'_> {
    fn role(&self) -> Option<Role> {
        Some(self.world.users.get(self.request.actor.as_ref()?)?.role)
    }
    fn item(&self) -> Option<&kith_second::world::Item> {
        self.world.items.get(self.request.item.as_ref()?)
    }
    fn rule(&self, id: &str) -> bool {
        self.first.rules.iter().any(|r| **r == *id)
    }
}

pub const KNOWN: &[Known] = &[
    Known {
        ambiguity: 2,
        why: "a list that names somebody whom it then shuts out would hide danger from the one who was to know it",
        holds: |a| a.first.allow && (a.rule("R06p") || a.rule("B1s")),
    },
    Known {
        ambiguity: 5,
        why: "what the panel enables for a supporter at work is for the panel to narrow",
        holds: |a| a.first.allow && a.role() == Some(Role::EmployerContact) && !about_adjustments(a),
    },
    Known {
        ambiguity: 7,
        why: "which service may keep safety items is written in its agreement, not guessed from its type",
        holds: |a| a.role() == Some(Role::VcseWorker) && area_asked(a) == Some(Area::Safety),
    },
    Known {
        ambiguity: 8,
        why: "a lead who is named in a care team or in the receiving team works there too",
        holds: |a| {
            let other = |r: &str| ["B4", "B5", "W1s", "W1u", "W1"].contains(&r);
            a.first.allow && a.role() == Some(Role::ServiceLead) && a.first.rules.iter().any(|r| other(r))
        },
    },
    Known {
        ambiguity: 29,
        why: "a relationship that was there and ended early still leaves one's own notes readable for a while",
        holds: |a| {
            let both_refuse = !a.first.allow && !a.second.is_allowed();
            (both_refuse || a.rule("B3c")) && withdrawn_after_a_yes(a)
        },
    },
    Known {
        ambiguity: 30,
        why: "both sides and both leads see where a referral stands: else a decline could be silent",
        holds: |a| a.first.allow && a.request.action == Action::ViewReferralStatus,
    },
    Known {
        ambiguity: 32,
        why: "a person's or supporter's words stand beside a line: they add, and nothing is written over",
        holds: |a| {
            let theirs = matches!(a.role(), Some(Role::Person | Role::Proxy));
            !a.first.allow && a.request.action == Action::Update && theirs
        },
    },
    Known {
        ambiguity: 33,
        why: "an authored note is edited or amended, a living record gets a version, and never the other way",
        holds: |a| {
            matches!(a.request.action, Action::Edit | Action::Amend | Action::Update)
                && a.item().is_some_and(|i| matches!(i.kind.as_str(), "safety_plan" | "risk_alert"))
                || a.request.action == Action::Edit && !a.first.allow && living(a)
        },
    },
    Known {
        ambiguity: 40,
        why: "a supporter whom the person let take things out may; the two words were given one by one",
        holds: |a| a.first.allow && a.role() == Some(Role::Proxy) && a.request.action == Action::Export,
    },
    Known {
        ambiguity: 51,
        why: "a program finds nobody and follows no referral: its scopes name areas and figures only",
        holds: |a| {
            let without_area = matches!(a.request.action, Action::FindToRefer | Action::ViewReferralStatus);
            !a.first.allow && a.request.client.is_some() && without_area
        },
    },
    Known {
        ambiguity: 53,
        why: "a program without a user has a role of its own, with its own purposes",
        holds: |a| !a.first.allow && a.request.actor.is_none(),
    },
    Known {
        ambiguity: 56,
        why: "a lead, and whoever broke the glass, knows of the person: a refusal may say that it is one",
        holds: |a| {
            let known_already = a.role() == Some(Role::ServiceLead) || a.request.break_glass.is_some();
            !a.first.allow && !a.second.is_allowed() && known_already
        },
    },
    Known {
        ambiguity: 58,
        why: "where nobody is asked about there is nobody to hide",
        holds: |a| {
            let r = a.request;
            let nobody = r.item.is_none() && r.person.is_none() && r.referral.is_none();
            !a.first.allow && !a.second.is_allowed() && nobody
        },
    },
    Known {
        ambiguity: 67,
        why: "an auditor or administrator never has a relationship, whatever list they stand on: less is shown",
        holds: |a| !a.first.allow && a.role().is_some_and(without_content),
    },
];

fn without_content(role: Role) -> bool {
    matches!(role, Role::IgAuditor | Role::Analyst | Role::OrgAdmin | Role::SystemAdmin)
}

fn about_adjustments(a: &Asked<'_>) -> bool {
    a.item().is_some_and(|i| i.kind.contains("adjustment"))
}

fn living(a: &Asked<'_>) -> bool {
    let kinds = ["plan_section", "goal", "step", "need", "referral"];
    a.item().is_some_and(|i| kinds.contains(&i.kind.as_str()))
}

fn area_asked(a: &Asked<'_>) -> Option<Area> {
    a.item().map(|i| i.domain).or(a.request.domain)
}

fn withdrawn_after_a_yes(a: &Asked<'_>) -> bool {
    let Some(actor) = &a.request.actor else { return false };
    let ours = |r: &&kith_second::world::Referral| r.team.contains(actor);
    a.world.referrals.iter().filter(ours).any(|r| {
        let states: Vec<ReferralState> = r.events.iter().map(|e| e.state).collect();
        states.contains(&ReferralState::Accepted) && states.contains(&ReferralState::Withdrawn)
    })
}

pub fn instant(t: Time) -> Instant {
    Instant(t.0 * Instant::SECOND)
}

pub fn span(from: Time, to: Option<Time>) -> Span {
    Span { from: instant(from), until: to.map(instant) }
}

pub fn area(a: Area) -> kith_domain::area::Area {
    use kith_domain::area::Area as Ours;
    match a {
        Area::HealthSocialCare => Ours::HealthAndCare,
        Area::Housing => Ours::Housing,
        Area::WorkEducation => Ours::WorkAndLearning,
        Area::PhysicalHealth => Ours::PhysicalHealth,
        Area::Social => Ours::Connection,
        Area::Money => Ours::Money,
        Area::Safety => Ours::Safety,
        Area::IdentityContact => Ours::Identity,
        Area::Unknown => panic!("worlds are made with known areas"),
    }
}

/// Eight names for the categories, so that naming one of them means that one.
pub fn category(word: &str) -> Category {
    match word {
        "suicide_risk" | "suicide" => Category::Suicide,
        "domestic_abuse" => Category::DomesticAbuse,
        "sexual_violence" => Category::SexualViolence,
        "substance_use" => Category::SubstanceUse,
        "sexual_health" => Category::SexualHealth,
        "gender_history" => Category::GenderHistory,
        "offending" => Category::Offending,
        "safeguarding" => Category::Safeguarding,
        "immigration" => Category::Immigration,
        other => panic!("unknown category {other}"),
    }
}

/// Differences, by what they look like, with how many and the first of each.
#[derive(Default)]
pub struct Differences {
    pub compared: usize,
    pub known: BTreeMap<u8, usize>,
    pub found: BTreeMap<String, (usize, String)>,
}

impl Differences {
    /// Compares one decision of the first with what the second decides.
    pub fn compare(
        &mut self,
        world: &World,
        request: &Request,
        first: &first::Decision,
        name: impl Fn() -> String,
    ) {
        let second = kith_second::decide(world, request);
        self.compared += 1;
        let visible = second.visibility().unwrap_or("");
        let same = first.allow == second.is_allowed() && (first.allow || first.visibility.code() == visible);
        if same {
            return;
        }
        let asked = Asked { world, request, first, second: &second };
        if let Some(known) = KNOWN.iter().find(|k| (k.holds)(&asked)) {
            *self.known.entry(known.ambiguity).or_default() += 1;
            return;
        }
        let show = |allow: bool, v: &str| if allow { "allow".to_owned() } else { v.to_owned() };
        let key = format!(
            "{:?} {:?}: first {} {:?}, second {} {}",
            asked.role(),
            request.action,
            show(first.allow, first.visibility.code()),
            first.rules,
            show(second.is_allowed(), visible),
            second.why(),
        );
        let entry = self.found.entry(key).or_insert_with(|| (0, name()));
        entry.0 += 1;
    }

    pub fn report(&self) -> String {
        let mut lines: Vec<(usize, String)> = self
            .found
            .iter()
            .map(|(key, (n, first))| (*n, format!("{n:>6}  {key}\n        {first}")))
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.0));
        lines.into_iter().map(|(_, l)| l).collect::<Vec<_>>().join("\n")
    }
}

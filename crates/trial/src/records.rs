//! The values that a described world is written as. A kind that Kith does not have becomes a note
//! of that kind; so does one whose label Kith's own kind cannot carry.

use crate::readings::{area, category, instant};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::{Asked, Consent, ConsentKind, HowGiven};
use kith_domain::guarding::{Guard, Hidden};
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::marks::HiddenReview;
use kith_domain::next_date::NextDate;
use kith_domain::organisation::{
    Agreement, ControllerRole, Holder, Membership, Organisation, OrganisationKind, OrganisationStatus, Team,
    WorkRole, Worker,
};
use kith_domain::plan::{Goal, GoalStatus, Note, NoteKind, Part, PlanSection, Step, StepOwner, StepStatus};
use kith_domain::supporter::{Supporter, SupporterKind};
use kith_domain::time::{Calendar, Day, plus_days};
use kith_second::world as told;
use kith_second::{Role, Time};
use std::sync::LazyLock;

/// Days and moments of the place: every day begins at midnight UTC, as in the published file.
pub fn calendar() -> &'static Calendar {
    static OF_THE_PLACE: LazyLock<Calendar> =
        LazyLock::new(|| Calendar::england().in_zone("UTC").expect("UTC is a zone"));
    &OF_THE_PLACE
}

/// The day of a moment.
pub fn day(at: Time) -> Day {
    calendar().day(instant(at))
}

/// The last whole day of a stretch that ends at this moment, as it is written down at `now`: one
/// that ends at midnight ends with the day before, and one that ended in the middle of a day is
/// written as over from the beginning of that day once it is.
pub fn last_day(end: Option<Time>, now: Time) -> Option<Day> {
    let end = end?;
    let midnight = end.0.rem_euclid(kith_second::time::DAY) == 0;
    Some(if midnight || end <= now { plus_days(day(end), -1) } else { day(end) })
}

/// The role as a worker's membership stores it. Two roles exist only by a decision of the panel,
/// and nobody can be made a member as one.
pub fn stored_role(role: Role) -> WorkRole {
    WorkRole::from_code(&role.word()).unwrap_or(WorkRole::Volunteer)
}

/// The first day of everything that has always been so.
pub fn always() -> Day {
    jiff::civil::date(2020, 1, 1)
}

/// An organisation with its agreement as it is at this moment.
pub fn organisation(name: &str, org: &told::Org, now: Time) -> Organisation {
    let lapsed = org.dsa_to.is_some_and(|to| to <= now);
    let until = last_day(org.dsa_to, now).unwrap_or(jiff::civil::date(2039, 12, 31));
    let agreement = (org.dsa && !lapsed).then(|| Agreement {
        reference: "DSA-1".into(),
        from: always(),
        until,
        areas: org.dsa_domains.iter().map(|a| area(*a)).collect(),
        ceiling: Sensitivity::S3,
        role: ControllerRole::Controller,
        purposes: vec!["support".into()],
        dpia: "DPIA-1".into(),
        caldicott: "Somebody".into(),
        data_protection_contact: "data@example.org".into(),
    });
    let suspended = org.status.as_deref().is_some_and(|s| s != "active");
    Organisation {
        name: name.into(),
        short: name.into(),
        kind: OrganisationKind::Charity,
        ods: None,
        charity_number: None,
        phone: None,
        email: None,
        website: None,
        agreement,
        status: if suspended {
            OrganisationStatus::Suspended { on: always() }
        } else {
            OrganisationStatus::Active
        },
        has_accounts: true,
        successors: Vec::new(),
        lead: None,
        access: Default::default(),
    }
}

/// A team.
pub fn team(organisation: OrganisationId, net: bool, lead: Option<WorkerId>) -> Team {
    Team {
        organisation,
        name: "A team".into(),
        lead,
        net,
        navigators: net,
        closed: None,
        email: None,
        phone: None,
        reply_working_days: 5,
    }
}

/// A worker in these teams of one organisation.
pub fn worker(user: &told::User, organisation: OrganisationId, teams: &[TeamId]) -> Worker {
    let member = |team: &TeamId| Membership {
        organisation,
        team: *team,
        role: stored_role(user.role),
        from: always(),
        until: None,
    };
    Worker {
        name: "A worker".into(),
        email: None,
        phone: None,
        memberships: teams.iter().map(member).collect(),
        absences: Vec::new(),
        suspended: user.status.as_deref().is_some_and(|s| s != "active").then(always),
        left: None,
    }
}

/// One item, as the kind that can carry it.
pub enum Thing {
    /// A note, or anything else that is authored.
    Note(Note),
    /// A goal.
    Goal(Goal),
    /// A step.
    Step(Step),
    /// A section of the plan.
    Section(PlanSection),
}

/// Can Kith's own kind carry this item, with its whole label?
pub fn carried(item: &told::Item) -> bool {
    match item.kind.as_str() {
        "goal" | "step" => true,
        "safety_plan" | "risk_alert" => area(item.domain) == Area::Safety,
        "plan_section" => area(item.domain) != Area::Safety,
        _ => false,
    }
}

/// How a line of the plan is guarded.
fn guard(item: &told::Item, allow: Vec<WorkerId>, holder: Holder, now: Time) -> Guard {
    let review = HiddenReview { on: plus_days(day(now), 5), holder };
    Guard {
        third_party: item.third_party.then(|| "What they want".into()),
        hidden: item.hidden_from_portal.then(|| Hidden { harm: "Somebody would be hurt".into(), review }),
        allow_list: allow,
        marked: Vec::new(),
    }
}

/// What an item is written as; `mark` stands in its words.
pub fn thing(item: &told::Item, allow: Vec<WorkerId>, holder: Holder, mark: &str, now: Time) -> Thing {
    let sensitivity = Sensitivity::from_level(i64::from(item.sensitivity)).unwrap_or(Sensitivity::S4);
    let area = area(item.domain);
    let words = format!("{}: {mark}", item.kind);
    let mut categories: Vec<_> =
        item.category.iter().chain(&item.categories).map(|word| category(word)).collect();
    categories.sort_unstable();
    categories.dedup();
    match item.kind.as_str() {
        "goal" if carried(item) => {
            let guard = guard(item, allow, holder, now);
            let status = GoalStatus::Open;
            Thing::Goal(Goal { area, words, sensitivity, categories, status, review_on: None, guard })
        }
        "step" if carried(item) => Thing::Step(Step {
            area,
            sensitivity,
            what: words,
            need: None,
            goal: None,
            owner: StepOwner::Person,
            by: plus_days(day(now), 5),
            asks: kith_domain::plan::Asks::ForInformation,
            accepted: None,
            said_no: None,
            holder,
            status: StepStatus::Open,
            moves_without_contact: 0,
            categories,
            guard: guard(item, allow, holder, now),
        }),
        "safety_plan" | "risk_alert" | "plan_section" if carried(item) => {
            let part = match area {
                Area::Safety => Part::Safety,
                Area::Identity => Part::AboutMe,
                _ => Part::Area,
            };
            let hidden = item.hidden_from_portal;
            let section = PlanSection::new(part, (part == Part::Area).then_some(area));
            let guard = guard(item, allow, holder, now);
            Thing::Section(PlanSection { sensitivity, categories, words, hidden, guard, ..section })
        }
        _ => Thing::Note(Note {
            area,
            sensitivity,
            categories,
            hidden: item.hidden_from_portal,
            hidden_reason: None,
            third_party: item.third_party,
            allow_list: allow,
            kind: if sensitivity == Sensitivity::S4 { NoteKind::SealedAddress } else { NoteKind::Story },
            words,
            on: day(item.created.unwrap_or(now)),
            contact_with: None,
            amends: None,
            hidden_review: None,
            marked: Vec::new(),
        }),
    }
}

/// A standing agreement as it is at this moment.
pub fn consent(c: &told::Consent, organisation: OrganisationId, now: Time) -> Consent {
    let end = [c.to, c.review_by].into_iter().flatten().min();
    Consent {
        organisation,
        areas: c.domains.iter().map(|a| area(*a)).collect(),
        purposes: c.purposes.clone(),
        max_sensitivity: Sensitivity::from_level(i64::from(c.max_sensitivity)).unwrap_or(Sensitivity::S3),
        categories: c.categories.iter().map(|word| category(word)).collect(),
        contribute: true,
        from: day(c.from),
        until: last_day(end, now).unwrap_or(jiff::civil::date(2039, 12, 31)),
        withdrawn: c.withdrawn.filter(|at| *at <= now).map(instant),
        end_told: None,
        made_for: None,
        kind: ConsentKind::Standing,
        given: HowGiven {
            asked_by: None,
            how: Asked::OnScreen,
            present: String::new(),
            offered_alone: true,
            said_no_to: Vec::new(),
            words: String::new(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at: instant(c.from),
        },
    }
}

/// A supporter.
pub fn supporter(p: &told::Proxy, now: Time) -> Supporter {
    Supporter {
        name: "A supporter".into(),
        relation: "sister".into(),
        kind: SupporterKind::Relative,
        contact: None,
        areas: p.domains.iter().map(|a| area(*a)).collect(),
        categories: p.categories.iter().map(|word| category(word)).collect(),
        agreed_at: p.accepted.then(|| instant(p.from)),
        proof: None,
        from: day(p.from),
        until: last_day(p.to, now),
        ended: Default::default(),
        given: Default::default(),
        seen: Default::default(),
    }
}

/// Something to do soon, for whatever needs a next date.
pub fn soon(now: Time) -> NextDate {
    NextDate::new("Ring and ask", plus_days(day(now), 5))
}

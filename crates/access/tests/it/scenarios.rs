//! The published scenarios, at rule level: their world is turned into facts by this
//! adapter, and each request is decided once.

use crate::cases::{DECIDER, uuid};
use kith_access::{
    About, Action, Actor, Agreement, Ask, Batch, Coercion, Conflict, ConflictKind, Decision, Draft, Glass,
    GlassReason, Involvement, Item, Obligation, Party, PersonWorld, Purpose, ReferralFacts, ReferralStage,
    Role, Scopes, Sharing, Side, Span, Standing, Support, Who,
};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, ReferralId, SupporterId, TeamId, WorkerId};
use kith_domain::record::{Author, Kind, Label};
use kith_domain::time::Instant;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

const FILE: &str = include_str!("../data/access_scenarios.json");

/// The file's world and everything needed to look things up in it.
struct Place {
    file: Value,
    panel: bool,
}

fn at(text: &str) -> Instant {
    let civil: jiff::civil::DateTime = text.parse().expect("the file holds times");
    civil.to_zoned(jiff::tz::TimeZone::UTC).expect("UTC has no gaps").timestamp().into()
}

fn moment(v: &Value, key: &str) -> Option<Instant> {
    v[key].as_str().map(at)
}

fn span(v: &Value) -> Span {
    Span { from: moment(v, "from").expect("spans start"), until: moment(v, "to") }
}

fn texts(v: &Value) -> impl Iterator<Item = &str> {
    v.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn area(code: &str) -> Area {
    match code {
        "health_social_care" => Area::HealthAndCare,
        "housing" => Area::Housing,
        "work_education" => Area::WorkAndLearning,
        "physical_health" => Area::PhysicalHealth,
        "social" => Area::Connection,
        "money" => Area::Money,
        "safety" => Area::Safety,
        "identity_contact" => Area::Identity,
        other => panic!("unknown domain {other}"),
    }
}

fn areas(v: &Value) -> BTreeSet<Area> {
    texts(v).map(area).collect()
}

fn category(code: &str) -> Category {
    match code {
        "suicide_risk" => Category::Suicide,
        "substance_use" => Category::SubstanceUse,
        "domestic_abuse" => Category::DomesticAbuse,
        other => panic!("unknown category {other}"),
    }
}

/// Kinds Kith does not have become notes of that kind.
fn kind(code: &str) -> Kind {
    match code {
        "safety_plan" | "risk_alert" => Kind::PlanSection,
        other => Kind::from_code(other).unwrap_or(Kind::Note),
    }
}

fn purpose(code: &str) -> Purpose {
    Purpose::from_code(code).unwrap_or_else(|| panic!("unknown purpose {code}"))
}

fn level(v: &Value) -> Sensitivity {
    Sensitivity::from_level(v.as_i64().expect("a level")).expect("0 to 4")
}

impl Place {
    fn read(panel: bool) -> Place {
        Place { file: serde_json::from_str(FILE).expect("the file is JSON"), panel }
    }

    /// An id for a name of the file: its place among all names in order.
    fn id(&self, group: &str, name: &str) -> Uuid {
        let names = self.file["world"][group].as_object().expect("a group of the world");
        let position = names.keys().position(|k| k == name).unwrap_or_else(|| panic!("no {name} in {group}"));
        let base = ["orgs", "users", "people", "items"].iter().position(|g| *g == group).expect("known");
        uuid(10_000 * (base as u128 + 1) + position as u128)
    }
    fn organisation(&self, name: &str) -> OrganisationId {
        OrganisationId(self.id("orgs", name))
    }
    fn worker(&self, name: &str) -> WorkerId {
        WorkerId(self.id("users", name))
    }
    fn person(&self, name: &str) -> PersonId {
        PersonId(self.id("people", name))
    }
    fn referral_number(&self, name: &str) -> u128 {
        let all = self.file["world"]["referrals"].as_array().expect("a list");
        all.iter().position(|r| r["id"] == name).expect("a known referral") as u128
    }
    fn referral(&self, name: &str) -> ReferralId {
        ReferralId(uuid(90_000 + self.referral_number(name)))
    }
    /// The teams on both sides of each referral are made up: one each.
    fn sides(&self, r: &Value) -> (Side, Side) {
        let n = self.referral_number(r["id"].as_str().expect("an id"));
        let side = |key: &str, n: u128| Side {
            organisation: self.organisation(r[key].as_str().expect("an organisation")),
            team: Some(TeamId(uuid(80_000 + n))),
        };
        (side("from_org", 2 * n), side("to_org", 2 * n + 1))
    }

    fn actor(&self, name: &str, scenario: &Value) -> Actor {
        let user = &self.file["world"]["users"][name];
        let role = Role::from_code(user["role"].as_str().expect("a role")).expect("a known role");
        let now = at(scenario["at"].as_str().expect("a time"));
        let signed_in = now.plus_seconds(-scenario["auth_age_s"].as_i64().unwrap_or(60));
        let aal = scenario["aal"].as_u64().unwrap_or(2) as u8;
        let mut actor = match role {
            Role::Person => {
                Actor::person(self.person(user["person"].as_str().expect("whose")), aal, signed_in)
            }
            Role::Proxy => Actor::supporter(SupporterId(self.id("users", name)), aal, signed_in),
            _ => {
                let organisation = self.organisation(user["org"].as_str().expect("staff act for one"));
                let mut teams = Vec::new();
                for r in self.file["world"]["referrals"].as_array().into_iter().flatten() {
                    let (sender, receiver) = self.sides(r);
                    teams.extend(texts(&r["from_team"]).any(|u| u == name).then_some(sender.team).flatten());
                    teams.extend(texts(&r["team"]).any(|u| u == name).then_some(receiver.team).flatten());
                }
                Actor { aal, ..Actor::worker(self.worker(name), organisation, role, teams, signed_in) }
            }
        };
        actor.suspended = user["status"] == "suspended";
        if let Who::Person(_) = actor.who {
            let person = &self.file["world"]["people"][user["person"].as_str().expect("whose")];
            actor.shared_device = person["shared_device"] == true;
        }
        actor
    }

    fn standing(&self, name: &str, now: Instant) -> Standing {
        let organisation = self.file["world"]["users"][name]["org"].as_str();
        let agreement = organisation.and_then(|o| {
            let o = &self.file["world"]["orgs"][o];
            (o["dsa"] == true).then(|| Agreement {
                areas: areas(&o["dsa_domains"]),
                from: Instant(0),
                until: None,
            })
        });
        let decided = self.file["world"]["panel_decisions"].as_array().into_iter().flatten();
        let panel = decided
            .filter(|d| self.panel && at(&format!("{}T00:00", d["decided"].as_str().expect("a day"))) <= now)
            .filter_map(|d| Role::from_code(d["enables_role"].as_str()?))
            .collect();
        Standing { agreement, panel, ..Standing::default() }
    }

    fn item(&self, name: &str) -> Item {
        let i = &self.file["world"]["items"][name];
        let owner = self.organisation(i["org"].as_str().expect("an owner"));
        let author = i["author"].as_str().map(|a| self.worker(a));
        Item {
            person: Some(self.person(i["person"].as_str().expect("a person"))),
            id: RecordId(self.id("items", name)),
            version: 1,
            kind: kind(i["kind"].as_str().expect("a kind")),
            owner,
            label: Label {
                area: area(i["domain"].as_str().expect("a domain")),
                sensitivity: level(&i["sensitivity"]),
                categories: i["category"].as_str().map(category).into_iter().collect(),
                hidden: i["hidden_from_portal"] == true,
                third_party: i["third_party"] == true,
                allow_list: texts(&i["allow"]).map(|u| self.worker(u)).collect(),
            },
            created_by: author
                .map_or(Author::Operator, |worker| Author::Worker { worker, organisation: owner }),
            created: moment(i, "created").unwrap_or(Instant(0)),
            addressed: Vec::new(),
        }
    }

    fn world(&self, person: &str, scenario: &Value) -> PersonWorld {
        let now = at(scenario["at"].as_str().expect("a time"));
        let file = &self.file["world"];
        let about = |group: &str| {
            file[group].as_array().into_iter().flatten().filter(|v| v["person"] == person).collect::<Vec<_>>()
        };
        let mut world = PersonWorld::of(self.person(person));
        for member in about("care_team") {
            let user = member["user"].as_str().expect("who");
            let organisation = self.organisation(file["users"][user]["org"].as_str().expect("staff"));
            let party = Party::Worker(self.worker(user));
            world.involvements.push(Involvement { party, organisation, span: span(member) });
        }
        world.sharings = about("consents").into_iter().map(|c| self.sharing(c)).collect();
        world.supporters = about("proxies").into_iter().map(|p| self.support(p)).collect();
        world.referrals = about("referrals").into_iter().map(|r| self.referral_facts(r, now)).collect();
        for c in about("conflicts") {
            let worker = self.worker(c["user"].as_str().expect("who"));
            world.conflicts.push(Conflict { worker, kind: ConflictKind::Relative, span: span(c) });
        }
        for (name, user) in file["users"].as_object().expect("users") {
            if user["person"] == person && user["role"] != "person" {
                let span = Span::since(Instant(0));
                world.conflicts.push(Conflict {
                    worker: self.worker(name),
                    kind: ConflictKind::OwnRecord,
                    span,
                });
            }
        }
        if let Some(from) = moment(&file["people"][person], "coercion_flag_from") {
            world.coercion.push(Coercion { span: Span::since(from), stops: None, frozen: BTreeSet::new() });
        }
        if let Some(glass) = scenario.get("break_glass") {
            world.glass.push(self.glass(scenario, glass));
        }
        world
    }

    fn sharing(&self, c: &Value) -> Sharing {
        Sharing {
            organisation: self.organisation(c["org"].as_str().expect("with whom")),
            areas: areas(&c["domains"]),
            purposes: texts(&c["purposes"]).map(purpose).collect(),
            most: level(&c["max_sensitivity"]),
            categories: texts(&c["categories"]).map(category).collect(),
            contribute: false,
            span: span(c),
            withdrawn: moment(c, "withdrawn"),
        }
    }

    fn support(&self, p: &Value) -> Support {
        Support {
            supporter: SupporterId(self.id("users", p["user"].as_str().expect("who"))),
            accepted: p["accepted"] == true,
            areas: areas(&p["domains"]),
            actions: texts(&p["actions"]).filter_map(Action::from_code).collect(),
            categories: texts(&p["categories"]).map(category).collect(),
            span: span(p),
        }
    }

    fn referral_facts(&self, r: &Value, now: Instant) -> ReferralFacts {
        let (sender, receiver) = self.sides(r);
        let sent = moment(r, "sent").expect("sent");
        let mut stage = if sent <= now { ReferralStage::Sent } else { ReferralStage::Draft };
        for event in r["events"].as_array().into_iter().flatten() {
            let when = moment(event, "at").expect("when");
            if when <= now {
                stage = match event["state"].as_str().expect("a state") {
                    "accepted" | "active" => ReferralStage::Accepted,
                    "completed" => ReferralStage::Completed(when),
                    "declined" | "withdrawn" => ReferralStage::Over(when),
                    other => panic!("unknown state {other}"),
                };
            }
        }
        ReferralFacts {
            id: self.referral(r["id"].as_str().expect("an id")),
            sender,
            receiver,
            stage,
            packet: texts(&r["packet"]).map(|i| (RecordId(self.id("items", i)), 1)).collect(),
            agreed: true,
            stopped: None,
            link: None,
            service: None,
        }
    }

    fn glass(&self, scenario: &Value, glass: &Value) -> Glass {
        let user = scenario["actor"].as_str().expect("who");
        let organisation = self.file["world"]["users"][user]["org"].as_str().expect("staff");
        Glass {
            worker: self.worker(user),
            organisation: self.organisation(organisation),
            started: moment(glass, "started").expect("when"),
            reason: match glass["reason"].as_str() {
                Some("life_at_risk") => GlassReason::LifeAtRisk,
                _ => GlassReason::CrisisPresentation,
            },
            letters: glass["text"].as_str().map_or(0, |t| t.chars().count() as u32),
            fresh: scenario["auth_age_s"].as_i64().unwrap_or(60) <= 300,
        }
    }

    fn ask(&self, scenario: &Value) -> Ask {
        let code = scenario["action"].as_str().expect("an action");
        let action = Action::from_code(code).unwrap_or_else(|| panic!("unknown action {code}"));
        let now = at(scenario["at"].as_str().expect("a time"));
        let mut ask = Ask::new(action, purpose(scenario["purpose"].as_str().expect("a purpose")), now);
        ask.reason = scenario["reason_text"].as_str().is_some_and(|t| !t.is_empty());
        ask.exact_match = scenario["exact_match"] == true;
        ask.referral = scenario["referral"].as_str().map(|r| self.referral(r));
        let user = &self.file["world"]["users"][scenario["actor"].as_str().expect("who")];
        ask.own_organisation = scenario["target_org"].is_string() && scenario["target_org"] == user["org"];
        ask.client = scenario["client"].as_str().map(|name| {
            let mut scopes = Scopes::default();
            for scope in texts(&self.file["world"]["clients"][name]["scopes"]) {
                match scope.strip_suffix(".read") {
                    Some(domain) => {
                        scopes.read.insert(area(domain));
                    }
                    None => scopes.aggregate |= scope == "aggregate",
                }
            }
            scopes
        });
        ask
    }

    fn decide(&self, scenario: &Value) -> Decision {
        let user = scenario["actor"].as_str().expect("who");
        let ask = self.ask(scenario);
        let (actor, standing) = (self.actor(user, scenario), self.standing(user, ask.now));
        let mut batch = Batch::new(&DECIDER, &actor, &standing, ask.now);
        let item = scenario["item"].as_str().map(|name| self.item(name));
        let whose = scenario["item"]
            .as_str()
            .and_then(|i| self.file["world"]["items"][i]["person"].as_str())
            .or(scenario["person"].as_str());
        let world = whose.map_or_else(PersonWorld::nobody, |p| self.world(p, scenario));
        match (&item, ask.action, whose) {
            (Some(item), ..) => batch.decide(&world, About::Item(item), &ask),
            (None, Action::Create, _) => {
                let owner = self.organisation(scenario["target_org"].as_str().expect("whose part"));
                let in_area = area(scenario["domain"].as_str().expect("an area"));
                let draft = Draft::new(Kind::Note, owner, in_area, Sensitivity::S1);
                batch.decide(&world, About::New(&draft), &ask)
            }
            (None, _, Some(_)) => batch.decide(&world, About::Person, &ask),
            (None, _, None) => batch.decide(&world, About::Nobody, &ask),
        }
    }
}

/// What is wrong with this decision, in words; nothing when it is as expected.
fn difference(scenario: &Value, decision: &Decision) -> Option<String> {
    let expect = &scenario["expect"];
    let allow = expect["decision"] == "allow";
    if decision.allow != allow {
        return Some(format!("decided {} by {:?}", decision.allow, decision.rules));
    }
    if !allow && expect["visibility"] != decision.visibility.code() {
        return Some(format!("looks like {}", decision.visibility.code()));
    }
    let named = |rule: &str| decision.rules.iter().any(|id| id.starts_with(rule));
    if allow && !texts(&scenario["rules"]).any(named) {
        return Some(format!("allowed by {:?}", decision.rules));
    }
    let found: BTreeSet<&str> = decision.obligations.iter().map(|o| o.code()).collect();
    if let Some(missing) = texts(&expect["obligations"]).find(|o| !found.contains(o)) {
        return Some(format!("does not demand {missing}"));
    }
    if expect["break_glass_offered"] == true && !decision.break_glass_offered {
        return Some("emergency access would not help".into());
    }
    if expect["suppressed"] == true && !decision.obligations.contains(&Obligation::DisclosureGate) {
        return Some("is not sent through the disclosure gate".into());
    }
    None
}

#[test]
fn every_published_scenario_is_decided_as_written() {
    let place = Place::read(true);
    let scenarios = place.file["scenarios"].as_array().expect("scenarios").clone();
    assert_eq!(scenarios.len(), 42);
    let differences: Vec<String> = scenarios
        .iter()
        .filter_map(|s| {
            let told = difference(s, &place.decide(s))?;
            Some(format!("{} {}: {told}", s["id"], s["title"]))
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn a_role_that_needs_a_panel_decision_does_not_exist_without_it() {
    let place = Place::read(false);
    let mut tried = 0;
    for s in place.file["scenarios"].as_array().expect("scenarios") {
        let role = &place.file["world"]["users"][s["actor"].as_str().expect("who")]["role"];
        if role == "work_coach" || role == "employer_contact" {
            let decision = place.decide(s);
            assert!(!decision.allow, "{}", s["id"]);
            assert_eq!(decision.visibility.code(), "not_found", "{}", s["id"]);
            tried += 1;
        }
    }
    assert_eq!(tried, 5);
}

#[test]
fn each_role_has_the_purposes_that_are_published() {
    let place = Place::read(true);
    for (role, purposes) in place.file["role_purposes"].as_object().expect("role_purposes") {
        let role = Role::from_code(role).unwrap_or_else(|| panic!("no role {role}"));
        let published: BTreeSet<Purpose> = texts(purposes).map(purpose).collect();
        let ours: BTreeSet<Purpose> = role.purposes().iter().copied().collect();
        assert_eq!(ours, published, "{}", role.code());
    }
}

//! Two readings of one rule book. `kith-second` was written from the text alone by somebody
//! who had not seen this crate; here each decides the same questions, and every difference is
//! either a fault or stands in [`KNOWN`] with the number of its ambiguity.
//!
//! `KITH_LONG` makes the long form: every cell of the matrix and a million random requests.

use crate::cases::{DECIDER, uuid};
use crate::readings::{Differences, KNOWN, area, category, instant, span};
use kith_access as first;
use kith_access::{About, Ask, Batch, Item, Party, PersonWorld, ReferralStage, Span, Standing, Who};
use kith_domain::area::Sensitivity;
use kith_domain::id::{OrganisationId, PersonId, RecordId, ReferralId, SupporterId, TeamId, WorkerId};
use kith_domain::record::{Author, Kind, Label};
use kith_domain::time::Instant;
use kith_second::request::Request;
use kith_second::world::{PacketEntry, ReferralState, World};
use kith_second::{Action, Area, Time, matrix, random};
use std::collections::{BTreeMap, BTreeSet};

/// A world with its names turned into ids.
struct Place<'a> {
    world: &'a World,
    ids: BTreeMap<(&'static str, &'a str), u128>,
}

impl<'a> Place<'a> {
    fn of(world: &'a World) -> Place<'a> {
        let groups: [(&'static str, Vec<&'a String>); 4] = [
            ("orgs", world.orgs.keys().collect()),
            ("users", world.users.keys().collect()),
            ("people", world.people.keys().collect()),
            ("items", world.items.keys().collect()),
        ];
        let mut ids = BTreeMap::new();
        for (n, (group, names)) in groups.into_iter().enumerate() {
            for (at, name) in names.into_iter().enumerate() {
                ids.insert((group, name.as_str()), 10_000 * (n as u128 + 1) + at as u128);
            }
        }
        Place { world, ids }
    }
    fn id(&self, group: &'static str, name: &str) -> uuid::Uuid {
        // A name that stands for nothing gets an id that stands for nothing.
        uuid(self.ids.iter().find(|((g, n), _)| *g == group && *n == name).map_or(9_999_999, |(_, id)| *id))
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
    fn referral(&self, name: &str) -> ReferralId {
        let at = self.world.referrals.iter().position(|r| r.id == name).unwrap_or(9_999);
        ReferralId(uuid(90_000 + at as u128))
    }
    fn sides(&self, at: usize) -> (first::Side, first::Side) {
        let r = &self.world.referrals[at];
        let side = |name: &str, n: usize| first::Side {
            organisation: self.organisation(name),
            team: Some(TeamId(uuid(80_000 + n as u128))),
        };
        (side(&r.from_org, 2 * at), side(&r.to_org, 2 * at + 1))
    }

    fn actor(&self, request: &Request) -> first::Actor {
        let now = instant(request.at);
        let signed_in = now.plus_seconds(-request.auth_age_s);
        let Some(name) = &request.actor else {
            return first::Actor { who: Who::Client, role: first::Role::Client, ..first::Actor::public(now) };
        };
        let user = &self.world.users[name];
        let role = first::Role::from_code(&user.role.word()).expect("a known role");
        let mut actor = match role {
            first::Role::Person => first::Actor::person(
                self.person(user.person.as_deref().unwrap_or("")),
                request.aal,
                signed_in,
            ),
            first::Role::Proxy => {
                first::Actor::supporter(SupporterId(self.id("users", name)), request.aal, signed_in)
            }
            _ => {
                let organisation = self.organisation(user.org.as_deref().unwrap_or(""));
                let mut teams = Vec::new();
                for (at, r) in self.world.referrals.iter().enumerate() {
                    let (sender, receiver) = self.sides(at);
                    teams.extend(r.from_team.contains(name).then_some(sender.team).flatten());
                    teams.extend(r.team.contains(name).then_some(receiver.team).flatten());
                }
                let worker = self.worker(name);
                first::Actor {
                    aal: request.aal,
                    ..first::Actor::worker(worker, organisation, role, teams, signed_in)
                }
            }
        };
        actor.suspended = user.status.as_deref() == Some("suspended");
        if let (Who::Person(_), Some(own)) = (actor.who, &user.person) {
            actor.shared_device = self.world.people.get(own).is_some_and(|p| p.shared_device);
        }
        actor
    }

    fn standing(&self, request: &Request) -> Standing {
        let user = request.actor.as_ref().map(|name| &self.world.users[name]);
        let org = user.and_then(|u| u.org.as_ref()).and_then(|o| self.world.orgs.get(o));
        let agreement = org.filter(|o| o.dsa).map(|o| first::Agreement {
            areas: o.dsa_domains.iter().map(|a| area(*a)).collect(),
            from: Instant(0),
            until: o.dsa_to.map(instant),
        });
        let suspended = org.is_some_and(|o| o.status.as_deref() == Some("suspended"));
        let panel = self
            .world
            .panel_decisions
            .iter()
            .filter(|d| request.at.within(d.decided, d.ended))
            .filter_map(|d| first::Role::from_code(&d.enables_role?.word()))
            .collect();
        Standing { agreement, panel, organisation_suspended: suspended, ..Standing::default() }
    }

    fn item(&self, name: &str, version: Option<u32>) -> Option<Item> {
        let i = self.world.items.get(name)?;
        let owner = self.organisation(&i.org);
        let categories: BTreeSet<&str> = i.category.iter().chain(&i.categories).map(String::as_str).collect();
        let kind = match i.kind.as_str() {
            "safety_plan" | "risk_alert" => Kind::PlanSection,
            "equality" => Kind::Equality,
            "plan_section" | "goal" | "step" | "need" | "referral" => {
                Kind::from_code(&i.kind).expect("a kind of ours")
            }
            _ => Kind::Note,
        };
        Some(Item {
            person: Some(self.person(&i.person)),
            id: RecordId(self.id("items", name)),
            version: version.unwrap_or(i.version),
            kind,
            owner,
            label: Label {
                area: area(i.domain),
                sensitivity: Sensitivity::from_level(i64::from(i.sensitivity)).expect("0 to 4"),
                categories: categories.into_iter().map(category).collect(),
                hidden: i.hidden_from_portal,
                third_party: i.third_party,
                allow_list: i.allow.iter().map(|u| self.worker(u)).collect(),
            },
            created_by: i
                .author
                .as_ref()
                .map_or(Author::Operator, |a| Author::Worker { worker: self.worker(a), organisation: owner }),
            created: i.created.map_or(Instant(0), instant),
            addressed: Vec::new(),
        })
    }

    fn world_of(&self, person: &str, request: &Request) -> PersonWorld {
        let mut world = PersonWorld::of(self.person(person));
        for m in self.world.care_team.iter().filter(|m| m.person == person) {
            let Some(org) = self.world.users.get(&m.user).and_then(|u| u.org.as_ref()) else { continue };
            world.involvements.push(first::Involvement {
                party: Party::Worker(self.worker(&m.user)),
                organisation: self.organisation(org),
                span: span(m.from, m.to),
            });
        }
        for c in self.world.consents.iter().filter(|c| c.person == person) {
            let end = [c.to, c.review_by].into_iter().flatten().min();
            world.sharings.push(first::Sharing {
                organisation: self.organisation(&c.org),
                areas: c.domains.iter().map(|a| area(*a)).collect(),
                purposes: c.purposes.iter().filter_map(|p| first::Purpose::from_code(p)).collect(),
                most: Sensitivity::from_level(i64::from(c.max_sensitivity)).expect("0 to 4"),
                categories: c.categories.iter().map(|w| category(w)).collect(),
                contribute: true,
                span: span(c.from, end),
                withdrawn: c.withdrawn.map(instant),
            });
        }
        for p in self.world.proxies.iter().filter(|p| p.person == person) {
            world.supporters.push(first::Support {
                supporter: SupporterId(self.id("users", &p.user)),
                accepted: p.accepted || p.proof_seen,
                areas: p.domains.iter().map(|a| area(*a)).collect(),
                actions: p.actions.iter().filter_map(|a| first::Action::from_code(a)).collect(),
                categories: p.categories.iter().map(|w| category(w)).collect(),
                span: span(p.from, p.to),
            });
        }
        for (at, r) in self.world.referrals.iter().enumerate().filter(|(_, r)| r.person == person) {
            world.referrals.push(self.referral_facts(at, r, request.at));
        }
        for c in self.world.conflicts.iter().filter(|c| c.person == person) {
            world.conflicts.push(first::Conflict {
                worker: self.worker(&c.user),
                kind: first::ConflictKind::Relative,
                span: span(c.from, c.to),
            });
        }
        for (name, user) in &self.world.users {
            if user.person.as_deref() == Some(person) && user.role.is_staff() {
                world.conflicts.push(first::Conflict {
                    worker: self.worker(name),
                    kind: first::ConflictKind::OwnRecord,
                    span: Span::since(Instant(0)),
                });
            }
        }
        let Some(p) = self.world.people.get(person) else { return world };
        world.dissent_emergency = p.dissent;
        world.suppress_notice = p.suppress_notice;
        if let Some(from) = p.coercion_flag_from {
            world.coercion.push(first::Coercion {
                span: span(from, p.coercion_flag_to),
                stops: p
                    .coercion_supporters
                    .as_ref()
                    .map(|all| all.iter().map(|s| SupporterId(self.id("users", s))).collect()),
                frozen: BTreeSet::new(),
            });
        }
        world.glass.extend(self.glass(request));
        world
    }

    fn referral_facts(&self, at: usize, r: &kith_second::world::Referral, now: Time) -> first::ReferralFacts {
        let (sender, receiver) = self.sides(at);
        let mut stage = if r.sent <= now { ReferralStage::Sent } else { ReferralStage::Draft };
        let mut accepted = false;
        for event in r.events.iter().filter(|e| e.at <= now) {
            let when = instant(event.at);
            stage = match event.state {
                ReferralState::Sent | ReferralState::Unknown => ReferralStage::Sent,
                ReferralState::Accepted | ReferralState::Active => ReferralStage::Accepted,
                ReferralState::Completed => ReferralStage::Completed(when),
                ReferralState::Declined => ReferralStage::Over(when),
                ReferralState::Withdrawn if accepted => ReferralStage::EndedEarly(when),
                ReferralState::Withdrawn => ReferralStage::Over(when),
            };
            accepted |= stage == ReferralStage::Accepted;
        }
        let packet = r.packet.iter().map(|entry| match entry {
            PacketEntry::Item(item) => (RecordId(self.id("items", item)), 1),
            PacketEntry::Version { item, version } => (RecordId(self.id("items", item)), *version),
        });
        first::ReferralFacts {
            id: self.referral(&r.id),
            sender,
            receiver,
            stage,
            packet: packet.collect(),
            agreed: true,
            stopped: None,
            link: None,
            service: None,
        }
    }

    fn glass(&self, request: &Request) -> Option<first::Glass> {
        let (glass, name) = (request.break_glass.as_ref()?, request.actor.as_ref()?);
        let organisation = self.organisation(self.world.users[name].org.as_deref()?);
        Some(first::Glass {
            worker: self.worker(name),
            organisation,
            started: instant(glass.started),
            reason: match glass.reason.as_str() {
                "life_at_risk" => first::GlassReason::LifeAtRisk,
                _ => first::GlassReason::CrisisPresentation,
            },
            letters: u32::try_from(glass.text.chars().count()).expect("a short text"),
            // The published form gives one sign-in: the one with which the glass was broken.
            fresh: request.auth_age_s <= 300 && request.aal >= 2,
        })
    }

    fn ask(&self, request: &Request) -> Option<Ask> {
        let action = match request.action {
            Action::ViewStub => first::Action::SeeStub,
            Action::ViewName => first::Action::SeeName,
            other => {
                let word = serde_json::to_value(other).expect("a word");
                first::Action::from_code(word.as_str().expect("a text"))?
            }
        };
        let purpose = match &request.purpose {
            Some(word) => first::Purpose::from_code(word)?,
            None => return None,
        };
        let mut ask = Ask::new(action, purpose, instant(request.at));
        ask.reason = request.reason_text.as_ref().is_some_and(|t| !t.trim().is_empty());
        ask.exact_match = request.exact_match;
        ask.lookups = request.lookups;
        ask.people = request.count;
        ask.second_approver = request.second_approver;
        ask.referral = request.referral.as_ref().map(|r| self.referral(r));
        let user = request.actor.as_ref().map(|name| &self.world.users[name]);
        ask.own_organisation =
            request.target_org.is_some() && user.is_some_and(|u| u.org == request.target_org);
        ask.client = request.client.as_ref().map(|name| {
            let mut scopes = first::Scopes::default();
            for scope in self.world.clients.get(name).into_iter().flat_map(|c| &c.scopes) {
                let word = scope.split('.').next().unwrap_or_default();
                let named = serde_json::from_value::<Area>(word.into()).ok().filter(|a| *a != Area::Unknown);
                match (named, scope.rsplit('.').next()) {
                    (Some(a), Some("read")) => drop(scopes.read.insert(area(a))),
                    (Some(a), Some("write")) => drop(scopes.write.insert(area(a))),
                    _ => scopes.aggregate |= scope == "aggregate",
                }
            }
            scopes
        });
        Some(ask)
    }

    fn decide(&self, request: &Request) -> Option<first::Decision> {
        let ask = self.ask(request)?;
        let (actor, standing) = (self.actor(request), self.standing(request));
        let mut batch = Batch::new(&DECIDER, &actor, &standing, ask.now);
        let item = match &request.item {
            Some(name) => Some(self.item(name, request.version)?),
            None => None,
        };
        let referral =
            request.referral.as_ref().and_then(|r| self.world.referrals.iter().find(|x| x.id == *r));
        let whose = item
            .as_ref()
            .and(request.item.as_ref())
            .map(|i| self.world.items[i].person.as_str())
            .or(request.person.as_deref())
            .or(referral.map(|r| r.person.as_str()));
        let world = whose.map_or_else(PersonWorld::nobody, |p| self.world_of(p, request));
        Some(match (&item, ask.action, whose) {
            (Some(item), ..) => batch.decide(&world, About::Item(item), &ask),
            (None, first::Action::Create, _) => {
                let owner = self.organisation(request.target_org.as_deref()?);
                let level = request.sensitivity.unwrap_or(1);
                let sensitivity = Sensitivity::from_level(i64::from(level)).expect("0 to 4");
                let draft = first::Draft::new(Kind::Note, owner, area(request.domain?), sensitivity);
                batch.decide(&world, About::New(&draft), &ask)
            }
            (None, _, Some(_)) => batch.decide(&world, About::Person, &ask),
            (None, _, None) => batch.decide(&world, About::Nobody, &ask),
        })
    }
}

fn long() -> bool {
    std::env::var_os("KITH_LONG").is_some()
}

#[test]
fn both_readings_agree_on_the_matrix() {
    let step = if long() { 1 } else { 29 };
    let mut d = Differences::default();
    for cell in matrix::cells().step_by(step) {
        let (world, request) = cell.build();
        let place = Place::of(&world);
        if let Some(first) = place.decide(&request) {
            d.compare(&world, &request, &first, || cell.to_string());
        }
    }
    println!("{} compared, by ambiguity {:?}", d.compared, d.known);
    assert!(d.compared > 15_000, "{} compared", d.compared);
    assert!(d.found.is_empty(), "{}", d.report());
}

#[test]
fn both_readings_agree_in_random_worlds() {
    let (worlds, each) = if long() { (10_000, 100) } else { (150, 100) };
    let mut d = Differences::default();
    for seed in 0..worlds {
        let (world, requests) = random::sample(seed, random::Shape::default(), each);
        let place = Place::of(&world);
        for (n, request) in requests.iter().enumerate() {
            if let Some(first) = place.decide(request) {
                d.compare(&world, request, &first, || format!("seed {seed}, request {n}"));
            }
        }
    }
    println!("{} compared, by ambiguity {:?}", d.compared, d.known);
    assert!(d.compared > 5_000, "{} compared", d.compared);
    assert!(d.found.is_empty(), "{}", d.report());
}

/// Every item of random worlds made into an answer about equality: whoever asks, for whatever, on
/// whatever basis, both readings say the same, and neither lets anybody but the person near it.
#[test]
fn both_readings_keep_answers_about_equality_to_the_person() {
    let mut d = Differences::default();
    let mut theirs = 0;
    for seed in 0..60 {
        let (mut world, requests) = random::sample(seed, random::Shape::default(), 100);
        world.items.values_mut().for_each(|i| {
            i.kind = "equality".into();
            i.sensitivity = i.sensitivity.min(3);
        });
        let place = Place::of(&world);
        for (n, request) in requests.iter().enumerate().filter(|(_, r)| r.item.is_some()) {
            let Some(first) = place.decide(request) else { continue };
            d.compare(&world, request, &first, || format!("seed {seed}, request {n}"));
            let own = request.actor.as_ref().and_then(|a| world.users.get(a)).is_some_and(|u| {
                u.person.is_some()
                    && u.person.as_deref()
                        == request.item.as_ref().and_then(|i| world.items.get(i)).map(|i| i.person.as_str())
            });
            theirs += usize::from(first.allow);
            assert!(!first.allow || own, "seed {seed}, request {n}: {request:?}");
        }
    }
    println!("{} compared, {theirs} allowed", d.compared);
    assert!(d.compared > 1_000 && theirs > 0, "{} compared, {theirs} allowed", d.compared);
    assert!(d.found.is_empty(), "{}", d.report());
}

#[test]
fn every_known_difference_says_why() {
    for known in KNOWN {
        assert!(known.ambiguity > 0 && known.why.len() > 20);
    }
}

//! From a raw world and a request to the few facts that the rules ask about: who asks, about what,
//! how they are signed in, and why. What ties them to the person is in [`crate::ties`].

use crate::request::{BreakGlass, Request};
use crate::ties::Ties;
use crate::time::{DAY, HOUR, Time};
use crate::words::{Action, Area, Change, NEVER_A_PURPOSE, Role, purposes_of};
use crate::world::{Item, Org, User, World};

/// R03 (reliability 3.3): "a fresh sign-in (<=300 s)".
pub const FRESH_SECONDS: i64 = 300;
/// Design 3, Levels: "a paper code works once, within 7 days".
pub const PAPER_CODE_SECONDS: i64 = 7 * DAY;
/// B7 (reliability 3.3): "lasts 4 hours".
pub const BREAK_GLASS_SECONDS: i64 = 4 * HOUR;

/// Everything that the rules look at for one request.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What is asked for.
    pub action: Action,
    /// When.
    pub now: Time,
    /// Who asks.
    pub who: Who,
    /// About what.
    pub thing: Thing,
    /// How they are signed in.
    pub sign_in: SignIn,
    /// Why.
    pub purpose: Purpose,
    /// What ties them to the person and the item.
    pub ties: Ties,
    /// Whether a program that asks for them has the scope; true when no program is between.
    pub in_scope: bool,
    /// Whether a program asks.
    pub by_program: bool,
    /// Emergency access that was opened less than four hours ago.
    pub glass: Option<BreakGlass>,
    /// The person said no to emergency access.
    pub dissent: bool,
    /// Telling the person would put somebody in danger.
    pub suppress_notice: bool,
    /// A reason in writing was given.
    pub reason_written: bool,
    /// What a change of consent does; the widest if not said.
    pub change: Change,
    /// NHS number, date of birth and surname match.
    pub exact_match: bool,
    /// Look-ups in the hour before.
    pub lookups: u32,
    /// People in one export.
    pub count: u32,
    /// A second person approved the export.
    pub second_approver: bool,
    /// The smallest cell of a table, and the difference from an earlier one.
    pub cells: (Option<u32>, Option<u32>),
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Who {
    /// The account; empty for the public, or a program that acts for nobody.
    pub id: String,
    /// The role; none for the public, or a program that acts for nobody.
    pub role: Option<Role>,
    /// Signs in for an organisation.
    pub staff: bool,
    /// The organisation.
    pub org: Option<String>,
    /// The kind of that organisation.
    pub org_kind: String,
    /// The areas of that organisation's agreement.
    pub agreed_areas: Vec<Area>,
    /// R02: the account, the organisation, its agreement and the partnership are as they must be.
    pub live: bool,
    /// A role that needs a decision of the panel has one.
    pub role_exists: bool,
}

/// What the request is about.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    /// The item, if there is one.
    pub item: Option<String>,
    /// The version that is asked for.
    pub version: u32,
    /// Whose record.
    pub person: Option<String>,
    /// The organisation's part of the record.
    pub org: Option<String>,
    /// What it is.
    pub kind: String,
    /// The area of life.
    pub area: Option<Area>,
    /// S0 to S4.
    pub sensitivity: u8,
    /// Why it is S3.
    pub categories: Vec<String>,
    /// Hidden from the person's pages.
    pub hidden: bool,
    /// About somebody else.
    pub third_party: bool,
    /// The users named on a sealed item.
    pub allow: Vec<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was written.
    pub created: Option<Time>,
    /// The person's device is shared.
    pub shared_device: bool,
}

/// How somebody is signed in.
#[derive(Clone, Copy, Debug)]
pub struct SignIn {
    /// 1 for one factor, 2 for two.
    pub level: u8,
    /// Within five minutes.
    pub fresh: bool,
    /// With a paper code alone.
    pub paper_only: bool,
    /// With a paper code that is used up, too old or not theirs: not signed in at all.
    pub paper_dead: bool,
}

/// Why somebody asks.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// The word.
    pub word: String,
    /// One of those that are never allowed.
    pub banned: bool,
    /// One of the role's own.
    pub own: bool,
}

impl Purpose {
    /// R06 (reliability 3.3): "purpose direct_care or safeguarding".
    #[must_use]
    pub fn is_care_or_safeguarding(&self) -> bool {
        matches!(self.word.as_str(), "direct_care" | "safeguarding")
    }
}

impl Facts {
    /// The facts of a request, or none when the user, item, referral or person does not exist.
    #[must_use]
    pub fn of(world: &World, request: &Request) -> Option<Facts> {
        let user = match &request.actor {
            Some(actor) => Some(world.users.get(actor)?),
            None => None,
        };
        let thing = Thing::of(world, request)?;
        let who = Who::of(world, request, user, &thing);
        let person = thing.person.as_ref().and_then(|id| world.people.get(id));
        let glass = request.break_glass.clone();
        Some(Facts {
            action: request.action,
            now: request.at,
            sign_in: SignIn::of(request, who.role),
            purpose: Purpose::of(world, request, who.role),
            ties: Ties::of(world, request, &who, &thing),
            in_scope: in_scope(world, request, &thing),
            by_program: request.client.is_some(),
            dissent: person.is_some_and(|person| person.dissent),
            suppress_notice: request.suppress_notice
                || person.is_some_and(|person| person.suppress_notice)
                || glass.as_ref().is_some_and(|glass| glass.suppress_notice),
            glass: glass.filter(|glass| request.at.within_seconds_of(glass.started, BREAK_GLASS_SECONDS)),
            reason_written: request.reason_text.as_ref().is_some_and(|text| !text.trim().is_empty()),
            change: request.change.unwrap_or(Change::Widen),
            exact_match: request.exact_match,
            lookups: request.lookups,
            count: request.count,
            second_approver: request.second_approver,
            cells: (request.min_cell, request.cohort_difference),
            who,
            thing,
        })
    }

    /// Whether the asker has this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.who.role == Some(role)
    }

    /// R06 (reliability 3.3): "Sealed items (S4: safe address, protected location, court-restricted)".
    #[must_use]
    pub fn sealed(&self) -> bool {
        self.thing.sensitivity >= 4
    }

    /// B3 (reliability 3.3): "the item belongs to the actor's organisation".
    #[must_use]
    pub fn own_organisation(&self) -> bool {
        self.who.org.is_some() && self.who.org == self.thing.org
    }

    /// R10 (reliability 3.3): "the data-sharing agreement of the recipient organisation (org.dsa_domains)".
    #[must_use]
    pub fn area_agreed(&self) -> bool {
        self.thing.area.is_some_and(|area| self.who.agreed_areas.contains(&area))
    }

    /// Design 3: "plan sections, needs, goals, steps and referrals are living".
    #[must_use]
    pub fn living(&self) -> bool {
        matches!(self.thing.kind.as_str(), "plan_section" | "need" | "goal" | "step" | "referral")
    }
}

impl Thing {
    /// What the request is about; none when it names something that does not exist.
    fn of(world: &World, request: &Request) -> Option<Thing> {
        let mut thing = if let Some(id) = &request.item {
            Thing::from_item(id, world.items.get(id)?, request)
        } else {
            Thing::from_request(world, request)?
        };
        if let Some(person) = &thing.person {
            thing.shared_device = world.people.get(person)?.shared_device;
        }
        if !request.action.is_about_an_item() {
            thing = thing.without_content();
        }
        Some(thing)
    }

    fn from_item(id: &str, item: &Item, request: &Request) -> Thing {
        let mut categories = item.categories.clone();
        categories.extend(item.category.clone());
        Thing {
            item: Some(id.to_owned()),
            version: request.version.unwrap_or(item.version),
            person: Some(item.person.clone()),
            org: Some(item.org.clone()),
            kind: item.kind.clone(),
            area: Some(item.domain),
            sensitivity: item.sensitivity,
            categories,
            hidden: item.hidden_from_portal,
            third_party: item.third_party,
            allow: item.allow.clone(),
            author: item.author.clone(),
            created: item.created,
            shared_device: false,
        }
    }

    fn from_request(world: &World, request: &Request) -> Option<Thing> {
        let person = match &request.referral {
            Some(id) => Some(world.referrals.iter().find(|referral| referral.id == *id)?.person.clone()),
            None => request.person.clone(),
        };
        Some(Thing {
            person,
            org: request.target_org.clone(),
            area: request.domain,
            sensitivity: request.sensitivity.unwrap_or(1),
            ..Thing::default()
        })
    }

    /// Questions that are not about an item say nothing that its sensitivity protects.
    fn without_content(self) -> Thing {
        Thing { sensitivity: 1, categories: Vec::new(), hidden: false, third_party: false, ..self }
    }
}

impl Who {
    fn of(world: &World, request: &Request, user: Option<&User>, thing: &Thing) -> Who {
        let org = user.and_then(|user| user.org.clone());
        let known_org = org.as_ref().and_then(|id| world.orgs.get(id));
        let role = user.map(|user| user.role);
        Who {
            id: request.actor.clone().unwrap_or_default(),
            role,
            staff: role.is_some_and(Role::is_staff),
            org_kind: known_org.map(|org| org.kind.clone()).unwrap_or_default(),
            agreed_areas: known_org.map(|org| org.dsa_domains.clone()).unwrap_or_default(),
            live: match user {
                Some(user) => is_live(world, user, known_org, thing, request.at),
                None => request.client.is_some(),
            },
            role_exists: role.is_none_or(|role| role_exists(world, role, request.at)),
            org,
        }
    }
}

/// R02 (reliability 3.3), its conditions: "Suspended user, suspended organisation, organisation
/// without an active data-sharing agreement, or another partnership (tenant)".
fn is_live(world: &World, user: &User, org: Option<&Org>, thing: &Thing, now: Time) -> bool {
    let active = |status: &Option<String>| status.as_deref().is_none_or(|status| status == "active");
    let works_for_one = user.role.is_staff() || user.role == Role::LinkHolder;
    let agreement = |org: &Org| active(&org.status) && org.dsa && org.dsa_to.is_none_or(|end| now < end);
    let person = thing.person.as_ref().and_then(|id| world.people.get(id));
    active(&user.status)
        && (!works_for_one || org.is_some_and(agreement))
        && person.is_none_or(|person| person.partnership == user.partnership)
}

/// Design 3: "`work_coach` and `employer_contact` [...] exist only after a recorded decision of the
/// lived-experience panel". Scenarios: "Without the panel decision that enables a role, the same
/// request is deny/not_found."
fn role_exists(world: &World, role: Role, now: Time) -> bool {
    !matches!(role, Role::WorkCoach | Role::EmployerContact)
        || world.panel_decisions.iter().any(|decision| {
            decision.enables_role == Some(role) && now.within(decision.decided, decision.ended)
        })
}

impl SignIn {
    /// Design 3, Levels: "a paper code works once, within 7 days [...]; with a word the person chose it
    /// counts as two factors."
    fn of(request: &Request, role: Option<Role>) -> SignIn {
        let fresh = (0..=FRESH_SECONDS).contains(&request.auth_age_s);
        let Some(code) = request.paper_code else {
            return SignIn { level: request.aal, fresh, paper_only: false, paper_dead: false };
        };
        let works = role == Some(Role::Person)
            && !code.used
            && request.at.within_seconds_of(code.issued, PAPER_CODE_SECONDS);
        SignIn { level: if code.word { 2 } else { 1 }, fresh, paper_only: !code.word, paper_dead: !works }
    }
}

impl Purpose {
    /// R04 (reliability 3.3), its conditions; the purposes of each role as the scenarios give them.
    fn of(world: &World, request: &Request, role: Option<Role>) -> Purpose {
        let word = request.purpose.clone().unwrap_or_default();
        Purpose {
            banned: NEVER_A_PURPOSE.contains(&word.as_str()),
            own: role.is_none_or(|role| match world.role_purposes.get(&role.word()) {
                Some(purposes) => purposes.contains(&word),
                None => purposes_of(role).contains(&word.as_str()),
            }),
            word,
        }
    }
}

/// W3 (reliability 3.3): "API clients act for a user: result is the intersection of client scopes
/// and the user's own decision". A scope is `area.read`, `area.write` or `area.export`, or the name of an
/// action that is not about an item.
fn in_scope(world: &World, request: &Request, thing: &Thing) -> bool {
    let Some(client) = &request.client else { return true };
    let Some(client) = world.clients.get(client) else { return false };
    let right = match request.action {
        Action::View | Action::ViewNext => "read",
        Action::Export | Action::Disclose => "export",
        _ => "write",
    };
    let scope = if request.action.is_about_an_item() {
        match thing.area {
            Some(area) => format!("{}.{right}", word_of(&area)),
            None => return false,
        }
    } else {
        word_of(&request.action)
    };
    client.scopes.contains(&scope)
}

/// A word as the scenarios spell it.
fn word_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .expect("a word without fields is written as a text")
}

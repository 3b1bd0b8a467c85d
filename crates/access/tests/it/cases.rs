//! A small made-up place for the tests, and short ways to change one thing in it.

use kith_access::{
    About, Action, Actor, Agreement, Ask, Batch, Decider, Decision, Draft, Holder, Involvement, Item, Party,
    PersonWorld, Purpose, ReferralFacts, ReferralStage, Role, Sharing, Side, Span, Standing,
};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, ReferralId, SupporterId, TeamId, WorkerId};
use kith_domain::record::{Author, Kind, Label};
use kith_domain::time::Instant;
use std::sync::LazyLock;
use uuid::Uuid;

/// The policies, read once for all tests: those of the program, or with `KITH_POLICIES` those of a
/// folder, by which `cargo xtask prove policies` finds out whether a change to them is noticed.
pub static DECIDER: LazyLock<Decider> = LazyLock::new(|| match std::env::var_os("KITH_POLICIES") {
    None => Decider::new().expect("the policies are valid"),
    Some(folder) => {
        let folder = std::path::PathBuf::from(folder);
        let names = Decider::texts().iter().map(|(name, _)| *name);
        let read =
            |name| std::fs::read_to_string(folder.join(format!("{name}.cedar"))).expect("a policy file");
        let texts: Vec<(&str, String)> = names.map(|name| (name, read(name))).collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        Decider::of_texts(&texts).expect("the changed policies are valid")
    }
});

/// 2026-06-10 10:00 UTC.
pub const NOW: Instant = Instant(1_781_085_600 * Instant::SECOND);

pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}
pub fn worker(n: u128) -> WorkerId {
    WorkerId(uuid(1_000 + n))
}
pub fn organisation(n: u128) -> OrganisationId {
    OrganisationId(uuid(2_000 + n))
}
pub fn team(n: u128) -> TeamId {
    TeamId(uuid(3_000 + n))
}
pub fn person(n: u128) -> PersonId {
    PersonId(uuid(4_000 + n))
}
pub fn record(n: u128) -> RecordId {
    RecordId(uuid(5_000 + n))
}
pub fn referral(n: u128) -> ReferralId {
    ReferralId(uuid(6_000 + n))
}
pub fn supporter(n: u128) -> SupporterId {
    SupporterId(uuid(7_000 + n))
}

/// The organisation the actor works for, and another.
pub fn ours() -> OrganisationId {
    organisation(1)
}
pub fn theirs() -> OrganisationId {
    organisation(2)
}

/// One question with everything around it. Tests change a field and decide again.
#[derive(Clone, Debug)]
pub struct Case {
    pub actor: Actor,
    pub standing: Standing,
    pub world: PersonWorld,
    pub item: Item,
    pub ask: Ask,
}

impl Case {
    /// A worker in this role, of our organisation, with two factors and a fresh sign-in,
    /// asks to view an ordinary goal in an area their role may see. Nobody knows anybody.
    pub fn of(role: Role) -> Case {
        let area = Area::ALL.into_iter().find(|a| role.ceiling(*a).is_some()).unwrap_or(Area::Connection);
        Case {
            actor: Actor::worker(worker(1), ours(), role, vec![team(1)], NOW),
            standing: Standing {
                agreement: Some(Agreement {
                    areas: Area::ALL.into(),
                    from: NOW.plus_days(-100),
                    until: Some(NOW.plus_days(100)),
                }),
                panel: [Role::WorkCoach, Role::EmployerContact].into(),
                ..Standing::default()
            },
            world: PersonWorld::of(person(1)),
            item: Item {
                person: Some(person(1)),
                id: record(1),
                version: 3,
                kind: Kind::Goal,
                owner: ours(),
                label: Label::of(area, Sensitivity::S1),
                created_by: Author::Worker { worker: worker(9), organisation: ours() },
                created: NOW.plus_hours(-1),
                addressed: Vec::new(),
            },
            ask: Ask::new(Action::View, role.purposes()[0], NOW),
        }
    }

    /// The person themselves, with two factors, on their own device.
    pub fn of_self() -> Case {
        let mut case = Case::of(Role::Navigator);
        case.actor = Actor::person(person(1), 2, NOW);
        case.ask.purpose = Purpose::OwnRecord;
        case
    }

    /// A link holder who has given their name, on a sent referral to our organisation whose
    /// packet holds the item.
    pub fn of_link() -> Case {
        let mut case = Case::of(Role::Navigator).owned_by(theirs());
        case.actor = Actor::link_holder(ours(), referral(1), true, NOW);
        case.ask.purpose = Purpose::Referral;
        case.world.referrals.push(sent(referral(1), ReferralStage::Sent, &case.item));
        case.world.referrals[0].link =
            Some(kith_access::LinkGrant { issued: NOW.plus_days(-1), ended: None });
        case
    }

    pub fn action(mut self, action: Action) -> Case {
        self.ask.action = action;
        self
    }
    pub fn purpose(mut self, purpose: Purpose) -> Case {
        self.ask.purpose = purpose;
        self
    }
    pub fn kind(mut self, kind: Kind) -> Case {
        self.item.kind = kind;
        self
    }
    pub fn label(mut self, area: Area, sensitivity: Sensitivity) -> Case {
        self.item.label =
            Label { allow_list: self.item.label.allow_list.clone(), ..Label::of(area, sensitivity) };
        self
    }
    pub fn owned_by(mut self, owner: OrganisationId) -> Case {
        self.item.owner = owner;
        self
    }
    /// The worker supports the person, since a month ago.
    pub fn involved(mut self) -> Case {
        self.world.involvements.push(involvement(Span::since(NOW.plus_days(-30))));
        self
    }
    /// The worker's support ended this many days ago.
    pub fn ended(mut self, days: i64) -> Case {
        let span = Span::between(NOW.plus_days(-200), NOW.plus_days(-days));
        self.world.involvements.push(involvement(span));
        self
    }
    /// The person agreed that our organisation sees everything up to S2.
    pub fn agreed(mut self) -> Case {
        self.world.sharings.push(sharing(self.ask.purpose));
        self
    }
    /// A referral to our team with exactly this item in its packet.
    pub fn referred(mut self, stage: ReferralStage) -> Case {
        self.world.referrals.push(sent(referral(1), stage, &self.item));
        self
    }
    /// The plan is held by our organisation's team.
    pub fn held(mut self) -> Case {
        self.world.holder =
            Some(Holder { organisation: ours(), team: Some(team(1)), lead: None, cover: Vec::new() });
        self
    }
    pub fn with(mut self, change: impl FnOnce(&mut Case)) -> Case {
        change(&mut self);
        self
    }

    pub fn decide(&self) -> Decision {
        self.about(About::Item(&self.item))
    }
    pub fn decide_new(&self) -> Decision {
        let draft = Draft { kind: self.item.kind, owner: self.item.owner, label: self.item.label.clone() };
        self.about(About::New(&draft))
    }
    pub fn decide_person(&self) -> Decision {
        self.about(About::Person)
    }
    pub fn decide_place(&self) -> Decision {
        let nobody = PersonWorld::nobody();
        Batch::new(&DECIDER, &self.actor, &self.standing, NOW).decide(&nobody, About::Nobody, &self.ask)
    }
    fn about(&self, about: About<'_>) -> Decision {
        Batch::new(&DECIDER, &self.actor, &self.standing, NOW).decide(&self.world, about, &self.ask)
    }

    pub fn allowed(&self) -> bool {
        self.decide().allow
    }
}

pub fn involvement(span: Span) -> Involvement {
    Involvement { party: Party::Worker(worker(1)), organisation: ours(), span }
}

pub fn sharing(purpose: Purpose) -> Sharing {
    Sharing {
        organisation: ours(),
        areas: Area::ALL.into(),
        purposes: [purpose].into(),
        most: Sensitivity::S2,
        categories: Default::default(),
        contribute: false,
        span: Span::between(NOW.plus_days(-30), NOW.plus_days(30)),
        withdrawn: None,
    }
}

pub fn sent(id: ReferralId, stage: ReferralStage, item: &Item) -> ReferralFacts {
    ReferralFacts {
        id,
        sender: Side { organisation: theirs(), team: Some(team(2)) },
        receiver: Side { organisation: ours(), team: Some(team(1)) },
        stage,
        packet: [(item.id, item.version)].into(),
        agreed: true,
        stopped: None,
        link: None,
        service: Some(record(50)),
    }
}

pub fn restricted(case: Case, category: Category) -> Case {
    case.with(|c| {
        c.item.label.sensitivity = Sensitivity::S3;
        c.item.label.categories = vec![category];
    })
}

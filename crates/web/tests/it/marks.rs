//! Marks that cannot be guessed, in what is ordinary, private, restricted, hidden, about somebody
//! else, and sealed, of one made-up person. Whom each mark is for is written down by hand here,
//! from the rule book, and computed by nothing.

use crate::harness::{Cast, Maker, World, start};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::consent::{Asked, Basis, Consent, ConsentKind, HowGiven};
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::guarding::{Guard, Hidden};
use kith_domain::id::{ConsentId, NeedId, PersonId, RecordId, ReferralId, ServiceId, SupporterId};
use kith_domain::marks::HiddenReview;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Holder;
use kith_domain::person::{CameBy, Known, Person};
use kith_domain::plan::{Asks, Step, StepOwner, StepStatus, Telling, ToldAbout};
use kith_domain::plan::{Goal, GoalStatus, Note, NoteKind, Part, PlanSection};
use kith_domain::record::{Author, Kind, Record};
use kith_domain::referral::{Business, End, MessageBack, Packet, PacketLine, Referral, Status};
use kith_domain::supporter::{Supporter, SupporterKind};
use kith_domain::time::{Calendar, Day, plus_days};
use kith_store::{NewRecord, Writing};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A mark, and who may ever meet it.
pub struct Mark {
    pub text: &'static str,
    pub for_whom: &'static [&'static str],
    /// Somebody who does meet it in the sweep, so that the sweep is not blind.
    pub met_by: Option<&'static str>,
}

const NAVIGATORS: &[&str] = &["aisha", "bola", "grace"];

/// Who each mark is for: the holder's team (B3) up to S2, the person but for what is hidden or
/// about somebody else (B1, R07), the receiving team of the packet (B5), those on the list and the person themselves (R06).
pub const MARKS: &[Mark] = &[
    Mark { text: "mk-called-7q1", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-phone-7q2", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-note-7q3", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-hidden-7q4", for_whom: NAVIGATORS, met_by: Some("aisha") },
    Mark { text: "mk-third-7q5", for_whom: NAVIGATORS, met_by: Some("aisha") },
    Mark { text: "mk-sealed-7q6", for_whom: &["sam", "pat"], met_by: Some("pat") },
    Mark { text: "mk-restricted-7q7", for_whom: &["pat"], met_by: None },
    Mark { text: "mk-private-7q8", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-matters-7q9", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-safety-7qa", for_whom: &["pat"], met_by: Some("pat") },
    Mark {
        text: "mk-packet-7qb",
        for_whom: &["aisha", "bola", "grace", "pat", "joan", "dev"],
        met_by: Some("joan"),
    },
    Mark { text: "mk-words-7qc", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark { text: "mk-goal-7qd", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-step-7qe", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("pat") },
    Mark { text: "mk-telling-7qf", for_whom: &["aisha", "bola", "grace", "pat"], met_by: Some("aisha") },
    Mark {
        text: "mk-garden-7qg",
        for_whom: &["aisha", "bola", "grace", "pat", "unnamed", "holder"],
        met_by: Some("unnamed"),
    },
    // What somebody is let in for whom Pat let in for housing, and for nothing else.
    Mark {
        text: "mk-beside-7qj",
        for_whom: &["aisha", "bola", "grace", "pat", "sana"],
        met_by: Some("sana"),
    },
    // Lines of the plan that are kept from Pat, about somebody else, and sealed to Sam.
    Mark { text: "mk-unshown-7qk", for_whom: NAVIGATORS, met_by: Some("aisha") },
    Mark { text: "mk-another-7qm", for_whom: NAVIGATORS, met_by: Some("aisha") },
    Mark { text: "mk-shut-7qn", for_whom: &["sam", "pat"], met_by: Some("pat") },
    // The name that goes with it: not before the link holder has given their own.
    Mark {
        text: "mk-named-7qh",
        for_whom: &["aisha", "bola", "grace", "pat", "holder"],
        met_by: Some("holder"),
    },
];

/// Everything of the one whose marks these are, and of somebody else whom Joan supports.
pub struct Marked {
    pub pat: PersonId,
    pub quin: PersonId,
    /// The requests to Joan's team and to the garden.
    pub asked: ReferralId,
    pub garden: ReferralId,
    /// Whom Pat let in for housing.
    pub sana: SupporterId,
    /// Ids that a path can ask for, by the name of the parameter.
    pub ids: BTreeMap<&'static str, Vec<Uuid>>,
}

/// Writes what one worker would have written about one person.
pub struct Writer<'a> {
    pub maker: Maker<'a>,
    pub by: Cast,
    pub person: PersonId,
    pub day: Day,
}

impl Writer<'_> {
    pub fn holder(&self) -> Holder {
        Holder { organisation: self.by.organisation, team: self.by.team, lead: Some(self.by.worker) }
    }

    pub fn next(&self) -> NextDate {
        NextDate::new("Ring and ask", plus_days(self.day, 5))
    }

    pub async fn put<T: Record>(&mut self, value: &T) -> Uuid {
        self.put_of(self.by, value).await
    }

    pub async fn put_of<T: Record>(&mut self, by: Cast, value: &T) -> Uuid {
        let id = if T::KIND == Kind::Person { self.person.into() } else { RecordId(Uuid::now_v7()) };
        let author = Author::Worker { worker: by.worker, organisation: by.organisation };
        let writing =
            Writing { at: self.maker.at, author, recorded_for: None, basis: "own_organisation".into() };
        let new = NewRecord { id, person: Some(self.person), owner: by.organisation };
        self.maker.tx.create(&writing, "made", new, value).await.expect("a record");
        id.0
    }

    pub async fn person(&mut self, called: &str, phone: &str) {
        let mut person = Person::new(called.into(), self.holder(), self.next(), CameBy::Met);
        person.phone = Known::Known(phone.into());
        person.heard_at = Some(self.maker.at);
        person.safe_contact = SafeContact {
            asked: Some(self.maker.at),
            ways: vec![SafeWay {
                channel: Channel::Phone,
                detail: phone.into(),
                voicemail_safe: Some(true),
                hours: None,
                shared: false,
                note: None,
            }],
            paper_safe: Some(true),
            ..SafeContact::default()
        };
        self.put(&person).await;
    }

    pub fn note(&self, words: &str) -> Note {
        Note {
            area: Area::Connection,
            sensitivity: Sensitivity::S1,
            categories: Vec::new(),
            hidden: false,
            hidden_reason: None,
            third_party: false,
            allow_list: Vec::new(),
            kind: NoteKind::Story,
            words: words.into(),
            on: self.day,
            contact_with: None,
            amends: None,
            hidden_review: None,
            marked: Vec::new(),
        }
    }

    pub fn need(&self, words: &str, area: Area, sensitivity: Sensitivity) -> Need {
        let restricted = sensitivity == Sensitivity::S3;
        Need {
            area,
            words: words.into(),
            code: Some("money-benefits".into()),
            sensitivity,
            categories: restricted.then_some(Category::SubstanceUse).into_iter().collect(),
            raised_at: self.maker.at,
            status: NeedStatus::Open,
            holder: self.holder(),
            next: self.next(),
            unmet: None,
            said_no_to: Vec::new(),
            follows_help: false,
            guard: Default::default(),
        }
    }

    pub fn section(&self, part: Part, words: &str) -> PlanSection {
        PlanSection { words: words.into(), by_person: true, ..PlanSection::new(part, None) }
    }

    pub async fn consent(&mut self, to: Cast, referral: ReferralId) -> ConsentId {
        let consent = Consent {
            organisation: to.organisation,
            areas: vec![Area::Money, Area::Connection],
            purposes: vec!["referral".into()],
            max_sensitivity: Sensitivity::S2,
            categories: Vec::new(),
            from: self.day,
            until: plus_days(self.day, 200),
            contribute: false,
            end_told: None,
            made_for: None,
            withdrawn: None,
            kind: ConsentKind::Packet { referral },
            given: HowGiven {
                asked_by: Some(self.by.worker),
                how: Asked::FaceToFace,
                present: String::new(),
                offered_alone: true,
                said_no_to: Vec::new(),
                words: "Yes".into(),
                capacity_doubt: None,
                clinician: None,
                interpreter: None,
                at: self.maker.at,
            },
        };
        ConsentId(self.put(&consent).await)
    }

    pub async fn referral(&mut self, to: Cast, service: ServiceId, need: Uuid, line: &str) -> (Uuid, Uuid) {
        let consent = self.consent(to, ReferralId(Uuid::nil())).await;
        let packet = Packet {
            call_them: if line == "mk-garden-7qg" { "mk-named-7qh" } else { "P" }.into(),
            contact: "Ring in the morning".into(),
            lines: vec![PacketLine {
                item: RecordId(need),
                version: 1,
                kind: Kind::Need,
                area: Area::Money,
                sensitivity: Sensitivity::S1,
                categories: Vec::new(),
                heading: "What they need".into(),
                words: line.into(),
            }],
        };
        let referral = Referral {
            need: NeedId(need),
            area: Area::Money,
            service,
            service_name: "A service".into(),
            sender: End {
                organisation: self.by.organisation,
                team: self.by.team,
                worker: Some(self.by.worker),
            },
            receiver: End { organisation: to.organisation, team: to.team, worker: None },
            parent: None,
            status: Status::Requested,
            business: Business::None,
            packet,
            basis: Basis::Agreement { consent },
            reply_by: plus_days(self.day, 7),
            offered: Vec::new(),
            agreed: None,
            question: None,
            decline: None,
            reason: None,
            could_not_come: 0,
            could_not_come_at: None,
            missed_on: None,
            outcome: None,
            requested_at: Some(self.maker.at),
            seen_at: None,
            accepted_at: None,
            first_came_at: None,
            started_at: None,
            ended_at: None,
            ended_by: None,
            held_next: self.next(),
            told_person: Some(self.maker.at),
            settled: None,
            spoken_at: None,
            receiver_moved_at: None,
            message_back: MessageBack::default(),
            untold: None,
            kept_on: None,
            none_good: None,
        };
        (self.put(&referral).await, consent.0)
    }
}

/// Somebody let in for housing.
fn sana(day: Day) -> Supporter {
    Supporter {
        name: "Sana".into(),
        relation: "sister".into(),
        kind: SupporterKind::Relative,
        contact: None,
        areas: vec![Area::Housing],
        categories: Vec::new(),
        agreed_at: Some(start().plus_days(-1)),
        proof: None,
        from: plus_days(day, -1),
        until: None,
        ended: Default::default(),
        given: Default::default(),
        seen: Default::default(),
    }
}

/// Writes the marks.
pub async fn mark(world: &World) -> Marked {
    let (pat, quin) = (PersonId(Uuid::now_v7()), PersonId(Uuid::now_v7()));
    let at = start().plus_days(-1);
    let day = Calendar::england().day(at);
    let mut tx = world.kith.store().write().await.unwrap();
    let mut w = Writer { maker: Maker { tx: &mut tx, at }, by: world.aisha, person: pat, day };
    w.person("mk-called-7q1", "mk-phone-7q2").await;
    let mut notes = Vec::new();
    notes.push(w.put(&w.note("mk-note-7q3")).await);
    notes.push(w.put(&Note { hidden: true, ..w.note("mk-hidden-7q4") }).await);
    notes.push(w.put(&Note { third_party: true, ..w.note("mk-third-7q5") }).await);
    let sealed = Note {
        area: Area::Identity,
        kind: NoteKind::SealedAddress,
        sensitivity: Sensitivity::S4,
        allow_list: vec![world.sam.worker],
        ..w.note("mk-sealed-7q6")
    };
    notes.push(w.put_of(world.sam, &sealed).await);
    let restricted = w.put(&w.need("mk-restricted-7q7", Area::HealthAndCare, Sensitivity::S3)).await;
    let private = w.put(&w.need("mk-private-7q8", Area::Money, Sensitivity::S2)).await;
    let matters = w.put(&w.section(Part::Matters, "mk-matters-7q9")).await;
    let safety = w.put(&w.section(Part::Safety, "mk-safety-7qa")).await;
    let (asked, consent) = w.referral(world.joan, world.benefits_advice, private, "mk-packet-7qb").await;
    let garden_team = world.garden_cast().await;
    let (garden, consent2) = w.referral(garden_team, world.garden, private, "mk-garden-7qg").await;
    let own = Message {
        kind: MessageKind::OwnWords,
        from: Author::Person { person: pat },
        to: MessageTo::Reader { holder: w.holder(), read_by: plus_days(day, 3) },
        words: "mk-words-7qc".into(),
        area: Area::Connection,
        sensitivity: Sensitivity::S2,
        about: None,
        written_at: at,
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    };
    let message = w.put(&own).await;
    let goal = Goal {
        area: Area::Connection,
        words: "mk-goal-7qd".into(),
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        status: GoalStatus::Open,
        review_on: None,
        guard: Default::default(),
    };
    let unshown = Guard {
        hidden: Some(Hidden {
            harm: "Somebody could be hurt".into(),
            review: HiddenReview { on: plus_days(day, 9), holder: w.holder() },
        }),
        ..Guard::default()
    };
    let unshown = w.put(&Goal { words: "mk-unshown-7qk".into(), guard: unshown, ..goal.clone() }).await;
    let shut = Guard { allow_list: vec![world.sam.worker], ..Guard::default() };
    let shut =
        Goal { words: "mk-shut-7qn".into(), sensitivity: Sensitivity::S4, guard: shut, ..goal.clone() };
    let shut = w.put_of(world.sam, &shut).await;
    let goal = w.put(&goal).await;
    let step = Step {
        area: Area::Connection,
        sensitivity: Sensitivity::S1,
        what: "mk-step-7qe".into(),
        need: None,
        goal: None,
        owner: StepOwner::Person,
        by: plus_days(day, 4),
        asks: Asks::ForInformation,
        accepted: None,
        said_no: None,
        holder: w.holder(),
        status: StepStatus::Open,
        moves_without_contact: 0,
        categories: Vec::new(),
        guard: Default::default(),
    };
    let owner = StepOwner::Worker {
        organisation: world.aisha.organisation,
        team: world.aisha.team,
        worker: world.aisha.worker,
    };
    let another = Guard { third_party: Some("Only for the team".into()), ..Guard::default() };
    let another = w.put(&Step { what: "mk-another-7qm".into(), owner, guard: another, ..step.clone() }).await;
    let step = w.put(&step).await;
    let telling = Telling {
        area: Area::Connection,
        need: None,
        about: ToldAbout::Other,
        name: "mk-telling-7qf".into(),
        told_by: world.aisha.worker,
        told_at: at,
        goes_along: None,
        ask_on: plus_days(day, 4),
        holder: w.holder(),
        outcome: None,
        words: None,
    };
    let telling = w.put(&telling).await;
    let housing = PlanSection {
        words: "mk-beside-7qj".into(),
        by_person: true,
        ..PlanSection::new(Part::Area, Some(Area::Housing))
    };
    let housing = w.put(&housing).await;
    let sana = w.put(&sana(day)).await;
    // Somebody whom Joan supports: her own foothold for reaching across.
    (w.person, w.by) = (quin, world.joan);
    w.person("Quin", "01632 960123").await;
    let quins_need = w.put(&w.need("Somewhere quiet", Area::Money, Sensitivity::S1)).await;
    tx.commit().await.unwrap();
    let records = [
        &notes[..],
        &[
            restricted, private, matters, safety, goal, step, telling, asked, garden, housing, unshown,
            another, shut,
        ],
    ]
    .concat();
    let ids = BTreeMap::from([
        ("person", vec![pat.0, quin.0]),
        ("need", vec![private, restricted, asked, quins_need]),
        ("goal", vec![goal, unshown, shut, notes[3]]),
        ("step", vec![step, another, notes[1]]),
        ("telling", vec![telling, notes[2]]),
        ("message", vec![message, notes[0]]),
        ("referral", vec![asked, garden]),
        ("consent", vec![consent, consent2]),
        ("worry", vec![notes[3], message]),
        ("hand_over", vec![message, restricted]),
        ("id", vec![world.benefits_advice.0, restricted, pat.0]),
        ("service", vec![world.benefits_advice.0, restricted]),
        ("organisation", vec![world.joan.organisation.0]),
        ("request", vec![asked]),
        ("record", records),
        ("supporter", vec![sana, restricted]),
        ("question", vec![message, asked]),
        ("glass", vec![message]),
        ("team", vec![world.amir.team.0]),
        ("worker", vec![world.amir.worker.0, pat.0]),
    ]);
    Marked { pat, quin, asked: ReferralId(asked), garden: ReferralId(garden), sana: SupporterId(sana), ids }
}

//! The town a history happens in: what the program would keep, and beside it a journal
//! kept independently, by which everything is checked.

mod changing;
mod checks;
mod concerns;
mod doing;
mod dying;
mod letting_go;
mod offering;
mod watch;

use std::collections::BTreeMap;

use kith_domain::consent::Consent;
use kith_domain::holding::{LooseFacts, PartnershipFacts, PersonFacts, net_stands};
use kith_domain::id::{ConsentId, PersonId, ReferralId};
use kith_domain::moves::MoveKind;
use kith_domain::need::NeedStatus;
use kith_domain::organisation::Agreement;
use kith_domain::referral::{Party, Referral, Status};
use kith_domain::time::{Day, Instant};

use super::commands::{Command, Event};
use crate::world::*;

/// One line of the journal: what was done to a referral, when, and for which moment.
pub struct Entry {
    pub referral: ReferralId,
    pub at: Instant,
    pub kind: MoveKind,
    pub party: Party,
    pub from: Status,
    pub to: Status,
    /// The moment said by "came" and "start".
    pub said: Option<Instant>,
}

/// What a referral rested on when it was sent.
pub struct Rested {
    pub referral: Referral,
    pub consent: Consent,
    pub agreement: Agreement,
}

pub struct Town {
    pub now: Instant,
    pub p: PartnershipFacts,
    pub people: Vec<PersonFacts>,
    pub loose: LooseFacts,
    pub consents: BTreeMap<ConsentId, Consent>,
    pub journal: Vec<Entry>,
    pub rested: BTreeMap<ReferralId, Rested>,
    watch: watch::Watch,
    at_death: BTreeMap<PersonId, dying::AtDeath>,
    reached: BTreeMap<&'static str, u32>,
    ids: u128,
    checks: u32,
}

/// What the histories have to reach.
pub const EVENTS: &[&str] = &[
    "draft",
    "requested",
    "accepted",
    "rejected",
    "cancelled",
    "in_progress",
    "on_hold",
    "failed",
    "completed",
    "entered_in_error",
    "packet refused",
    "illegal",
    "wrong party",
    "away",
    "could not come twice",
    "not coming",
    "no reply",
    "receiver out",
    "question",
    "took back",
    "died",
    "died by mistake",
    "told of a death",
    "asked after a death",
    "everyone told",
    "ended after a death",
    "open again after a mistake",
    "stopped",
    "left",
    "finished",
    "not now",
    "door open",
    "reopened",
    "spoken to",
    "home again",
    "kept on",
    "sent without agreement",
    "very private sent",
    "to tell",
    "look again",
    "tries used",
    "hospital",
    "prison",
    "moved",
    "organisation closed",
    "agreement lapsed",
    "agreement stopped",
    "away with cover",
    "away without cover",
    "worker left",
    "worker suspended",
    "team closed",
    "net refused",
    "offer accepted",
    "offer declined",
    "offer not taken",
    "offer taken back",
    "offer held elsewhere",
    "offer taken by the lead",
    "offered several",
    "accepted after they had gone",
    "taken on by another team",
    "held by a team's successor",
    "held by the net",
    "held by cover",
    "risen to the partnership",
    "unmet",
    "worry passed on",
    "concern raised",
    "concern made",
    "concern answered",
    "concern keeps it open",
    "silence",
    "check-in",
    "next date refused",
    "kept moving",
    "overdue",
];

impl Town {
    pub fn new() -> Town {
        let mut town = Town {
            now: morning(TODAY),
            p: with_second_team(partnership()),
            people: Vec::new(),
            loose: LooseFacts::default(),
            consents: BTreeMap::new(),
            journal: Vec::new(),
            rested: BTreeMap::new(),
            watch: watch::Watch::default(),
            at_death: BTreeMap::new(),
            reached: BTreeMap::new(),
            ids: 0x1000,
            checks: 0,
        };
        town.new_person();
        town
    }

    pub fn reached(self) -> BTreeMap<&'static str, u32> {
        self.reached
    }

    fn reach(&mut self, event: &'static str) {
        debug_assert!(EVENTS.contains(&event), "{event} is not in the list");
        *self.reached.entry(event).or_default() += 1;
    }

    fn today(&self) -> Day {
        self.p.calendar.day(self.now)
    }

    fn fresh(&mut self) -> u128 {
        self.ids += 1;
        self.ids
    }

    pub fn do_it(&mut self, command: Command) {
        let Command { minutes, event, a, b } = command;
        self.now = self.now.plus_seconds(minutes * 60);
        match event {
            Event::NewPerson => self.new_person(),
            Event::NewNeed => self.new_need(a),
            Event::NeedUnmet => self.need_unmet(a, b),
            Event::NeedCloses => {
                let on = self.today();
                self.each_need(a, b, |need| need.status = NeedStatus::Met { on, words: None });
            }
            Event::Send { areas, agreed, most, receiver } => self.send(a, b, areas, agreed, most, receiver),
            Event::Referral { kind, party } => self.referral_move(a, b, kind, party),
            Event::Tell | Event::GotThere => self.tell(a, b, matches!(event, Event::Tell)),
            Event::TellsHowItStands => self.tells_how_it_stands(a, b),
            Event::NewStep => self.new_step(a, b),
            Event::StepAccepted | Event::StepDone => self.step(a, b, matches!(event, Event::StepDone)),
            Event::Writes => self.writes(a),
            Event::Reads => self.reads(a),
            Event::Worry => self.worry(a, b),
            Event::WorryPassedOn => self.worry_passed_on(a),
            Event::WorryCloses => self.worry_closes(a),
            Event::WorryChecked => self.worry_checked(a),
            Event::Concern { step } => self.concern(a, step),
            Event::ComesIn => self.comes_in(),
            Event::ComingInAnswered => self.coming_in_answered(a),
            Event::OffersPerson => self.offers(a, b),
            Event::AnswersOffer { yes } => self.answers_offer(a, b, yes),
            Event::OfferTakenBack => self.offer_taken_back(a),
            Event::MovesNextDate { days } => self.moves_next_date(a, days),
            Event::SpokenTo
            | Event::Tried
            | Event::DoorOpen
            | Event::Dies
            | Event::DiedByMistake
            | Event::EveryoneTold
            | Event::Stops
            | Event::Leaves
            | Event::Finishes
            | Event::NotNow { .. }
            | Event::Reopens
            | Event::IsAt { .. } => self.life(a, b, &event),
            Event::StopsConsent => self.stops_consent(a),
            Event::OrganisationCloses { .. }
            | Event::OrganisationOpens
            | Event::AgreementLapses
            | Event::AgreementRenewed => self.organisation(a, b, &event),
            Event::WorkerAway { .. }
            | Event::WorkerBack
            | Event::WorkerLeaves
            | Event::WorkerReturns
            | Event::WorkerSuspended => self.worker(a, b, &event),
            Event::TeamCloses { .. } | Event::TeamOpens | Event::TeamLead => self.team(a, b, &event),
        }
    }

    /// A change to the partnership is made only if the net still stands afterwards.
    fn change(&mut self, change: impl FnOnce(&mut PartnershipFacts)) -> bool {
        let mut after = self.p.clone();
        change(&mut after);
        let stands = net_stands(&after, self.today());
        if stands.is_ok() {
            self.p = after;
        } else {
            self.reach("net refused");
        }
        stands.is_ok()
    }

    fn person_index(&self, a: usize) -> usize {
        a % self.people.len()
    }

    fn person_id(&self, index: usize) -> PersonId {
        self.people[index].id()
    }
}

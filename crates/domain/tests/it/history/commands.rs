//! What can happen in a history.

use kith_domain::area::{Area, Sensitivity};
use kith_domain::moves::MoveKind;
use kith_domain::referral::Party;
use proptest::prelude::*;

/// Something that happens, with the time that passed before it. Numbers choose among
/// what there is.
#[derive(Clone, Debug)]
pub struct Command {
    /// Minutes that pass before it; a clock that was set back when negative.
    pub minutes: i64,
    /// What.
    pub event: Event,
    /// Who or which.
    pub a: usize,
    /// Another choice.
    pub b: usize,
}

/// The kinds of event.
#[derive(Clone, Debug)]
pub enum Event {
    NewPerson,
    NewNeed,
    NeedUnmet,
    NeedCloses,
    Send { areas: Vec<Area>, agreed: Vec<Area>, most: Sensitivity, receiver: u128 },
    Referral { kind: MoveKind, party: Party },
    Tell,
    GotThere,
    TellsHowItStands,
    NewStep,
    StepAccepted,
    StepDone,
    Writes,
    Reads,
    Worry,
    WorryPassedOn,
    WorryCloses,
    WorryChecked,
    Concern { step: u8 },
    ComesIn,
    ComingInAnswered,
    OffersPerson,
    AnswersOffer { yes: bool },
    OfferTakenBack,
    MovesNextDate { days: i32 },
    SpokenTo,
    Tried,
    DoorOpen,
    Dies,
    DiedByMistake,
    EveryoneTold,
    Stops,
    Leaves,
    Finishes,
    NotNow { days: i32 },
    Reopens,
    IsAt { place: u8 },
    StopsConsent,
    OrganisationCloses { successor: bool },
    OrganisationOpens,
    AgreementLapses,
    AgreementRenewed,
    WorkerAway { days: Option<i32>, cover: bool },
    WorkerBack,
    WorkerLeaves,
    WorkerReturns,
    WorkerSuspended,
    TeamCloses { successor: bool },
    TeamOpens,
    TeamLead,
}

fn any_event() -> impl Strategy<Value = Event> {
    let areas = || proptest::sample::subsequence(Area::ALL.to_vec(), 0..=3);
    let level = (1..=3i64).prop_map(|l| Sensitivity::from_level(l).expect("1 to 3 are levels"));
    let party = prop_oneof![5 => Just(Party::Target), 3 => Just(Party::Requester), 1 => Just(Party::Person)];
    let kind = proptest::sample::select(MoveKind::ALL.to_vec());
    prop_oneof![
        4 => Just(Event::NewPerson),
        8 => Just(Event::NewNeed),
        2 => Just(Event::NeedUnmet),
        2 => Just(Event::NeedCloses),
        16 => (areas(), areas(), level, 0u128..5).prop_map(|(areas, more, most, receiver)| {
            // Mostly an agreement that covers, sometimes one that does not.
            let agreed = if more.len() < 3 { areas.clone() } else { more };
            Event::Send { areas, agreed, most, receiver }
        }),
        14 => Just(Event::Referral { kind: MoveKind::CouldNotCome, party: Party::Target }),
        8 => Just(Event::Referral { kind: MoveKind::Fail, party: Party::Target }),
        60 => (kind, party).prop_map(|(kind, party)| Event::Referral { kind, party }),
        2 => Just(Event::Tell),
        2 => Just(Event::GotThere),
        3 => Just(Event::TellsHowItStands),
        2 => Just(Event::NewStep),
        2 => Just(Event::StepAccepted),
        1 => Just(Event::StepDone),
        2 => Just(Event::Writes),
        2 => Just(Event::Reads),
        5 => Just(Event::Worry),
        2 => Just(Event::WorryPassedOn),
        1 => Just(Event::WorryCloses),
        3 => Just(Event::WorryChecked),
        14 => (0u8..3).prop_map(|step| Event::Concern { step }),
        2 => Just(Event::ComesIn),
        2 => Just(Event::ComingInAnswered),
        5 => Just(Event::OffersPerson),
        5 => proptest::bool::weighted(0.7).prop_map(|yes| Event::AnswersOffer { yes }),
        1 => Just(Event::OfferTakenBack),
        3 => (-3i32..40).prop_map(|days| Event::MovesNextDate { days }),
        3 => Just(Event::SpokenTo),
        10 => Just(Event::Tried),
        4 => Just(Event::DoorOpen),
        2 => Just(Event::Dies),
        6 => Just(Event::DiedByMistake),
        3 => Just(Event::EveryoneTold),
        1 => Just(Event::Stops),
        1 => Just(Event::Leaves),
        1 => Just(Event::Finishes),
        2 => (-1i32..400).prop_map(|days| Event::NotNow { days }),
        6 => Just(Event::Reopens),
        4 => (0u8..5).prop_map(|place| Event::IsAt { place }),
        2 => Just(Event::StopsConsent),
        2 => any::<bool>().prop_map(|successor| Event::OrganisationCloses { successor }),
        2 => Just(Event::OrganisationOpens),
        2 => Just(Event::AgreementLapses),
        2 => Just(Event::AgreementRenewed),
        4 => (proptest::option::of(0i32..60), any::<bool>())
            .prop_map(|(days, cover)| Event::WorkerAway { days, cover }),
        3 => Just(Event::WorkerBack),
        2 => Just(Event::WorkerLeaves),
        2 => Just(Event::WorkerReturns),
        1 => Just(Event::WorkerSuspended),
        2 => any::<bool>().prop_map(|successor| Event::TeamCloses { successor }),
        2 => Just(Event::TeamOpens),
        2 => Just(Event::TeamLead),
    ]
}

/// A history: mostly hours between events, sometimes weeks, sometimes a clock set back.
pub fn any_history() -> impl Strategy<Value = Vec<Command>> {
    let minutes = prop_oneof![
        10 => 0i64..60 * 8,
        4 => 0i64..60 * 24 * 4,
        1 => 0i64..60 * 24 * 45,
        1 => -60 * 12..0i64,
    ];
    let command = (minutes, any_event(), any::<usize>(), 0usize..1_000_000)
        .prop_map(|(minutes, event, a, b)| Command { minutes, event, a, b });
    proptest::collection::vec(command, 1..120)
}

//! A packet is never wider than its basis.

use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::consent::{Basis, Consent, ConsentKind, Decided, SaidNo};
use kith_domain::contact::{Channel, SafeWay};
use kith_domain::holding::PartnershipFacts;
use kith_domain::need::{Need, NeedStatus};
use kith_domain::organisation::OrganisationStatus;
use kith_domain::person::{Address, Known, Person};
use kith_domain::referral::{PacketLine, Referral};
use kith_domain::sending::{Checked, Problem, Sending, check_sending, latest_reply_by, says_where};
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Instant, plus_days};
use proptest::prelude::*;

use crate::world::*;

/// Everything a sending depends on, ready to be spoilt.
struct Try {
    facts: PartnershipFacts,
    person: Person,
    need: Option<Need>,
    consent: Option<Consent>,
    referral: Referral,
    versions: Vec<(kith_domain::id::RecordId, u32)>,
    ceiling: Option<Sensitivity>,
    shut: Option<&'static str>,
    now: Instant,
}

impl Try {
    fn ready() -> Try {
        let now = morning(TODAY);
        let lines = vec![
            line(5, Area::Money, Sensitivity::S2, vec![]),
            line(6, Area::Housing, Sensitivity::S1, vec![]),
        ];
        let versions = lines.iter().map(|l| (l.item, l.version)).collect();
        Try {
            facts: partnership(),
            person: badger(1, now).person.value,
            need: Some(need(now)),
            consent: Some(consent(id(9), CHARITY, vec![Area::Money, Area::Housing], now)),
            referral: draft(id(2), CHARITY, id(8), lines, TODAY),
            versions,
            ceiling: None,
            shut: None,
            now,
        }
    }
    fn check(&self) -> Result<Checked, Vec<Problem>> {
        let sending = Sending {
            id: id(9),
            referral: &self.referral,
            person: &self.person,
            need: self.need.as_ref(),
            service_shut: self.shut,
            receiver: &self.facts.organisations[&organisation_id(CHARITY)],
            receiver_team: &self.facts.teams[&team_id(CHARITY)],
            role_ceiling: self.ceiling,
            consent: self.consent.as_ref().map(|c| (id(8), c)),
            versions: &self.versions,
        };
        check_sending(&sending, self.now, &Calendar::england(), &Settings::default())
    }
    fn consent(&mut self) -> &mut Consent {
        self.consent.as_mut().unwrap()
    }
    fn receiver(&mut self) -> &mut kith_domain::organisation::Organisation {
        self.facts.organisations.get_mut(&organisation_id(CHARITY)).unwrap()
    }
}

/// The only problem after spoiling one thing.
fn problem(spoil: impl FnOnce(&mut Try)) -> Problem {
    let mut t = Try::ready();
    spoil(&mut t);
    let problems = t.check().unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.into_iter().next().unwrap()
}

#[test]
fn what_is_ready_may_go_and_goes_as_it_is() {
    let t = Try::ready();
    let checked = t.check().unwrap();
    assert_eq!(checked.packet(), &t.referral.packet);
    assert_eq!(checked.reply_by(), t.referral.reply_by);
}

#[test]
fn each_thing_that_is_missing_is_said() {
    let heading = |n| format!("Line {n}");
    assert_eq!(problem(|t| t.need = None), Problem::NoNeed);
    assert_eq!(
        problem(|t| t.need.as_mut().unwrap().status = NeedStatus::SaidNo { on: TODAY }),
        Problem::NeedNotOpen
    );
    assert_eq!(problem(|t| t.shut = Some("full until May")), Problem::ServiceShut("full until May".into()));
    assert_eq!(problem(|t| t.referral.packet.call_them.clear()), Problem::NoName);
    assert_eq!(problem(|t| t.person.safe_contact.asked = None), Problem::NoSafeWay);
    assert_eq!(problem(|t| t.person.safe_contact.ways.clear()), Problem::NoSafeWay);
    assert_eq!(problem(|t| t.consent = None), Problem::NoConsent);
    assert_eq!(problem(|t| t.consent().organisation = organisation_id(TRUST)), Problem::OtherConsent);
    assert_eq!(
        problem(|t| t.consent().kind = ConsentKind::Packet { referral: id(10) }),
        Problem::OtherConsent
    );
    assert_eq!(problem(|t| t.consent().purposes = vec!["audit".into()]), Problem::OtherConsent);
    assert_eq!(problem(|t| t.consent().until = plus_days(TODAY, -1)), Problem::ConsentEnded);
    assert_eq!(problem(|t| t.consent().withdrawn = Some(t.now)), Problem::ConsentEnded);
    assert_eq!(
        problem(|t| t.consent().areas = vec![Area::Money]),
        Problem::NotAgreed { heading: heading(6) }
    );
    assert_eq!(
        problem(|t| t.consent().max_sensitivity = Sensitivity::S1),
        Problem::NotAgreed { heading: heading(5) }
    );
    assert_eq!(
        problem(|t| t.ceiling = Some(Sensitivity::S1)),
        Problem::BeyondCeiling { heading: heading(5) }
    );
    assert_eq!(problem(|t| t.versions[0].1 = 2), Problem::Changed { heading: heading(5) });
    assert_eq!(
        problem(|t| t.receiver().agreement.as_mut().unwrap().areas = vec![Area::Money]),
        Problem::BeyondAgreement { heading: heading(6), area: Area::Housing }
    );
    assert_eq!(problem(|t| t.receiver().agreement = None), Problem::NoAgreement("Organisation 2".into()));
    let closed = problem(|t| t.receiver().status = OrganisationStatus::Closed { on: TODAY });
    assert_eq!(closed, Problem::ReceiverOut("Organisation 2".into()));
    assert!(matches!(
        problem(|t| t.person.stopped_organisations.push(organisation_id(CHARITY))),
        Problem::Person(_)
    ));
}

#[test]
fn where_somebody_lives_is_known_again_however_it_is_written() {
    let mut t = Try::ready();
    t.person.address = Known::Known(Address {
        lines: vec!["Flat 2, 14 Mill Lane".into(), "Brackenford".into()],
        postcode: Some("QB1 2AB".into()),
        place: None,
    });
    let letter = SafeWay {
        channel: Channel::Letter,
        detail: "c/o Sorrel, 9 Hope Row, Town".into(),
        ..t.person.safe_contact.ways[0].clone()
    };
    t.person.safe_contact.ways.push(letter);
    for said in ["Letter: FLAT 2, 14 MILL LANE.", "near qb12ab", "ask at 9 Hope  Row"] {
        assert!(says_where(&t.person, said), "{said}");
    }
    for other in ["Tuesday drop-in in Brackenford, ask Joan", "114 Mill Street", "Town"] {
        assert!(!says_where(&t.person, other), "{other}");
    }
    // Open, it may be said; sealed, neither as the way to reach them nor in a line.
    t.referral.packet.contact = "Letter: Flat 2, 14 Mill Lane".into();
    assert!(t.check().is_ok());
    t.person.address_sealed = true;
    assert!(matches!(t.check().unwrap_err().as_slice(), [Problem::NotSafe(why)] if why.contains("sealed")));
    t.referral.packet.contact = "Tuesday drop-in".into();
    assert!(t.check().is_ok());
    t.referral.packet.lines[0].words = "Lives at 9 Hope Row".into();
    assert!(t.check().is_err());
}

#[test]
fn what_the_person_said_no_to_is_in_no_packet() {
    let no = |area, item| SaidNo { words: "Not housing".into(), area, item };
    let by_area = problem(|t| t.consent().given.said_no_to.push(no(Some(Area::Housing), None)));
    assert_eq!(by_area, Problem::SaidNo { heading: "Line 6".into() });
    let by_item = problem(|t| t.consent().given.said_no_to.push(no(None, Some(id(5)))));
    assert_eq!(by_item, Problem::SaidNo { heading: "Line 5".into() });
    // Even an empty packet says which service is wanted, and so what for.
    let about = |item: u128| {
        problem(|t| {
            t.referral.packet.lines.clear();
            let area = (item == 0).then(|| t.need.as_ref().unwrap().area);
            t.consent().given.said_no_to.push(no(area, (item > 0).then(|| id(item))));
        })
    };
    assert_eq!((about(0), about(2)), (Problem::SaidNoToNeed, Problem::SaidNoToNeed));
}

#[test]
fn the_reply_by_is_from_tomorrow_to_the_longest() {
    let latest = latest_reply_by(TODAY, &Calendar::england(), &Settings::default());
    assert!(matches!(problem(|t| t.referral.reply_by = TODAY), Problem::ReplyBy { .. }));
    assert!(matches!(problem(|t| t.referral.reply_by = plus_days(latest, 1)), Problem::ReplyBy { .. }));
    let mut t = Try::ready();
    t.referral.reply_by = latest;
    assert!(t.check().is_ok());
}

#[test]
fn a_decision_without_the_person_names_who_why_least_and_review() {
    let decided = |by: &str, review_on| Decided {
        looked_again: Vec::new(),
        decided_by: by.into(),
        confirmed: None,
        worker: None,
        why: "She cannot weigh it up now".into(),
        least: "Name and the arrears".into(),
        review_on,
    };
    let mut t = Try::ready();
    t.consent = None;
    t.referral.basis = Basis::BestInterests(decided("Dr Osei, psychiatrist", plus_days(TODAY, 14)));
    assert!(t.check().is_ok());
    assert_eq!(
        problem(|t| t.referral.basis = Basis::Safeguarding(decided(" ", TODAY))),
        Problem::Decision("Say who decided")
    );
    assert!(matches!(
        problem(|t| t.referral.basis = Basis::LifeAtRisk(decided("Dr Osei", plus_days(TODAY, -1)))),
        Problem::Decision(_)
    ));
    // Not even then more than the receiver may be sent, and never what is sealed.
    assert!(matches!(
        problem(|t| {
            t.referral.basis = Basis::LifeAtRisk(decided("Dr Osei", TODAY));
            t.referral.packet.lines[0].sensitivity = Sensitivity::S4;
        }),
        Problem::Sealed { .. }
    ));
}

fn any_area() -> impl Strategy<Value = Area> {
    proptest::sample::select(Area::ALL.to_vec())
}
fn any_sensitivity() -> impl Strategy<Value = Sensitivity> {
    (0..=4i64).prop_map(|l| Sensitivity::from_level(l).unwrap())
}
fn any_categories() -> impl Strategy<Value = Vec<Category>> {
    let all = vec![Category::Suicide, Category::DomesticAbuse, Category::SubstanceUse];
    proptest::sample::subsequence(all, 0..=2)
}
prop_compose! {
    fn any_line()(n in 20u128..26, area in any_area(), sensitivity in any_sensitivity(), categories in any_categories()) -> PacketLine {
        line(n, area, sensitivity, categories)
    }
}

/// What covers a line, written down a second time: each rule a plain comparison.
fn covered(l: &PacketLine, consent: &Consent, agreement: &kith_domain::organisation::Agreement) -> bool {
    let no = |n: &SaidNo| n.area == Some(l.area) || n.item == Some(l.item);
    if l.sensitivity == Sensitivity::S4 || consent.given.said_no_to.iter().any(no) {
        return false;
    }
    if !consent.areas.contains(&l.area) || !agreement.areas.contains(&l.area) {
        return false;
    }
    if l.sensitivity.level() > consent.max_sensitivity.level().min(agreement.ceiling.level()) {
        return false;
    }
    if l.sensitivity == Sensitivity::S3 {
        return !l.categories.is_empty() && l.categories.iter().all(|c| consent.categories.contains(c));
    }
    true
}

proptest! {
    #[test]
    fn a_packet_goes_exactly_when_every_line_is_covered(
        lines in proptest::collection::vec(any_line(), 0..4),
        areas in proptest::sample::subsequence(Area::ALL.to_vec(), 5..=8),
        agreed_areas in proptest::sample::subsequence(Area::ALL.to_vec(), 5..=8),
        most in any_sensitivity(),
        ceiling in any_sensitivity(),
        categories in any_categories(),
        no in proptest::option::of((any_area(), 20u128..26, any::<bool>())),
    ) {
        let mut t = Try::ready();
        t.versions = lines.iter().map(|l| (l.item, l.version)).collect();
        t.referral.packet.lines = lines;
        t.consent().areas = areas;
        t.consent().max_sensitivity = most;
        t.consent().categories = categories;
        if let Some((area, item, whole)) = no {
            let said = SaidNo { words: "No".into(), area: whole.then_some(area), item: (!whole).then(|| id(item)) };
            t.consent().given.said_no_to.push(said);
        }
        let agreement = t.receiver().agreement.as_mut().unwrap();
        agreement.areas = agreed_areas;
        agreement.ceiling = ceiling;
        let agreement = t.receiver().agreement.clone().unwrap();
        let consent = t.consent.clone().unwrap();
        let asked = !consent.given.said_no_to.iter().any(|no| no.area == t.need.as_ref().map(|n| n.area));
        let all_covered = asked && t.referral.packet.lines.iter().all(|l| covered(l, &consent, &agreement));
        prop_assert_eq!(t.check().is_ok(), all_covered);
    }
}

//! The panel decides: by whom, until when, and what follows.

use super::*;
use crate::organisation::OrganisationKind;
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

const TODAY: Day = date(2026, 11, 24);

fn member(n: u128) -> WorkerId {
    WorkerId(Uuid::from_u128(n))
}

fn put(decision: Option<u16>) -> Put {
    Put {
        title: "Charities may receive what a person shares".into(),
        sort: Sort::Recipient,
        decision,
        who: "Charities of this town".into(),
        what: "What somebody shares with them".into(),
        why: "So that people can be helped near home".into(),
        wrong: "Everybody knows everybody here".into(),
        until: plus_days(TODAY, 400),
        answer_by: plus_days(TODAY, 21),
    }
}

fn asked(decision: Option<u16>) -> Proposal {
    propose(put(decision), &BTreeMap::new(), member(99), Instant(0), TODAY).expect("it is complete")
}

fn answers(p: Proposal, panel: &[WorkerId], of: &[Answer]) -> Proposal {
    panel
        .iter()
        .zip(of)
        .fold(p, |p, (m, a)| answer(&p, panel, *m, (*a, "because"), Instant(1)).expect("a member"))
}

fn settled(decision: u16, agreed: bool, at: i64) -> Proposal {
    let mut p = asked(Some(decision));
    p.settled = Some(Settled {
        by: member(1),
        at: Instant(at),
        agreed,
        words: "Yes".into(),
        members: 3,
        agree: 3,
        not_agree: 0,
        veto: 0,
    });
    p
}

#[test]
fn words_stand_beside_figures_while_the_panels_yes_to_them_holds() {
    let figures = |decision| {
        let words = "Ask who was told, and who was not.".into();
        propose(
            Put { sort: Sort::Figures, what: words, ..put(decision) },
            &BTreeMap::new(),
            member(99),
            Instant(0),
            TODAY,
        )
    };
    assert_eq!(figures(Some(5)), Err(CannotPropose::NoDecision), "words let nobody in");
    let open = figures(None).expect("it is complete");
    let yes = |at| Proposal { settled: settled(5, true, at).settled, ..open.clone() };
    let no = Proposal { settled: settled(5, false, 9).settled, ..open.clone() };
    let ended = Proposal { ended: Some(Said { by: member(1), at: Instant(9), words: "x".into() }), ..yes(8) };
    let other = Proposal { sort: Sort::Use, ..yes(7) };
    let newer = Proposal { what: "newer".into(), ..yes(6) };
    let all = [open.clone(), yes(5), no, ended, other, newer];
    let all = (1..).map(|n| ProposalId(Uuid::from_u128(n))).zip(all).collect();
    let words = beside_figures(&all, TODAY);
    assert_eq!(words, [(Instant(6), "newer"), (Instant(5), "Ask who was told, and who was not.")]);
    assert!(beside_figures(&all, plus_days(TODAY, 401)).is_empty(), "its time is over");
}

#[test]
fn a_proposal_says_who_what_why_and_until_when() {
    let none = BTreeMap::new();
    let of = |change: fn(&mut Put)| {
        let mut put = put(None);
        change(&mut put);
        propose(put, &none, member(1), Instant(0), TODAY)
    };
    assert_eq!(of(|p| p.who = "  ".into()), Err(CannotPropose::Empty("who")));
    assert_eq!(of(|p| p.wrong.clear()), Err(CannotPropose::Empty("wrong")));
    let (soonest, latest) = (plus_days(TODAY, 7), plus_days(TODAY, 56));
    assert_eq!(of(|p| p.answer_by = plus_days(TODAY, 6)), Err(CannotPropose::AnswerBy(soonest, latest)));
    assert_eq!(of(|p| p.answer_by = plus_days(TODAY, 57)), Err(CannotPropose::AnswerBy(soonest, latest)));
    let last = plus_days(TODAY, LONGEST_YES_DAYS);
    assert_eq!(of(|p| p.until = p.answer_by), Err(CannotPropose::Until(last)));
    assert_eq!(of(|p| p.until = plus_days(TODAY, LONGEST_YES_DAYS + 1)), Err(CannotPropose::Until(last)));
    assert_eq!(of(|p| p.decision = Some(77)), Err(CannotPropose::Decision));
    let waiting = BTreeMap::from([(ProposalId(Uuid::nil()), asked(Some(2)))]);
    let twice = propose(put(Some(2)), &waiting, member(1), Instant(0), TODAY);
    assert_eq!(twice, Err(CannotPropose::Already));
    assert!(propose(put(Some(3)), &waiting, member(1), Instant(0), TODAY).is_ok());
}

#[test]
fn a_no_has_a_reason_and_only_members_answer() {
    let panel = [member(1), member(2)];
    let p = asked(None);
    let of = |who, a, why| answer(&p, &panel, who, (a, why), Instant(1));
    assert_eq!(of(member(3), Answer::Agree, "x"), Err(NotSettled::NotMember));
    assert_eq!(of(member(1), Answer::Veto, " "), Err(NotSettled::NoWords));
    assert_eq!(of(member(1), Answer::NotAgree, ""), Err(NotSettled::NoWords));
    let once = of(member(1), Answer::Agree, "").expect("a yes needs no reason");
    let again =
        answer(&once, &panel, member(1), (Answer::Veto, "I thought again"), Instant(2)).expect("a member");
    assert_eq!(again.answers.len(), 1, "the last word counts");
    assert_eq!(again.answer_of(member(1)).map(|a| a.answer), Some(Answer::Veto));
}

#[test]
fn whoever_put_it_forward_does_not_write_down_the_decision() {
    let panel = [member(99), member(1), member(2)];
    let p = answers(asked(None), &panel, &[Answer::Agree, Answer::Agree]);
    let of = |by| decide(&p, &panel, by, (true, "Yes"), Instant(2), TODAY);
    assert_eq!(of(member(99)), Err(NotSettled::Own));
    assert_eq!(of(member(50)), Err(NotSettled::NotMember));
    assert!(of(member(1)).is_ok());
}

#[test]
fn one_person_is_no_panel_and_silence_is_no_yes() {
    let one = [member(1)];
    let p = answers(asked(None), &one, &[Answer::Agree]);
    assert_eq!(decide(&p, &one, member(1), (true, "Yes"), Instant(2), TODAY), Err(NotSettled::TooFew));
    let four = [member(1), member(2), member(3), member(4)];
    let half = answers(asked(None), &four, &[Answer::Agree, Answer::Agree]);
    assert_eq!(decide(&half, &four, member(1), (true, "Yes"), Instant(2), TODAY), Err(NotSettled::TooFew));
    assert_eq!(decide(&half, &four, member(1), (false, "No"), Instant(2), TODAY), Err(NotSettled::NoReason));
    let late = plus_days(half.answer_by, 1);
    assert!(decide(&half, &four, member(1), (false, "Too few of us"), Instant(2), late).is_ok());
    // Those who left the panel do not count any more.
    let left = [member(3), member(4)];
    assert_eq!(decide(&half, &left, member(3), (true, "Yes"), Instant(2), TODAY), Err(NotSettled::TooFew));
}

#[test]
fn a_yes_ends_with_one_reason_and_what_changed_comes_after_a_decision() {
    let p = asked(None);
    assert_eq!(add_change(&p, member(1), "More tea", Instant(3)), Err(NotSettled::Open));
    let yes = settled(2, true, 1);
    assert_eq!(add_change(&yes, member(1), " ", Instant(3)), Err(NotSettled::NoWords));
    assert_eq!(add_change(&yes, member(1), "More tea", Instant(3)).expect("decided").changed.len(), 1);
    assert_eq!(end(&yes, &[member(2)], member(1), "x", Instant(3)), Err(NotSettled::NotMember));
    let ended = end(&yes, &[member(1)], member(1), "It did harm", Instant(3)).expect("a yes");
    assert!(yes.holds(TODAY) && !ended.holds(TODAY));
    assert!(yes.holds(yes.until) && !yes.holds(plus_days(yes.until, 1)));
    assert_eq!(comment(&yes, member(1), "late", Instant(3)), Err(NotSettled::Over));
}

#[test]
fn a_recipient_that_comes_later_waits_for_the_panel() {
    let with = |all: Vec<Proposal>| {
        let all =
            all.into_iter().enumerate().map(|(n, p)| (ProposalId(Uuid::from_u128(n as u128)), p)).collect();
        lets_in(&all, OrganisationKind::Charity, TODAY).is_ok()
    };
    assert!(!with(vec![]), "what was only put forward lets in nobody later");
    assert!(!with(vec![asked(Some(2))]), "nor what is asked");
    assert!(with(vec![settled(2, true, 1)]));
    assert!(!with(vec![settled(3, true, 1)]), "nor what another decision lets in");
    assert!(!with(vec![settled(2, true, 1), settled(2, false, 2)]), "the newest word counts");
    assert!(with(vec![settled(2, false, 1), settled(2, true, 2)]));
    let over = |all: Vec<Proposal>, day| {
        let all = all.into_iter().map(|p| (ProposalId(Uuid::nil()), p)).collect();
        place_of(&all, 2, day)
    };
    assert_eq!(over(vec![settled(2, true, 1)], plus_days(TODAY, 401)), Place::Over);
    assert_eq!(over(vec![settled(2, false, 1)], TODAY), Place::No);
    assert_eq!(over(vec![], TODAY), Place::NotAsked);
}

proptest! {
    /// However the panel answers: a veto is never outvoted, a yes is never a minority's, and
    /// yes and no are never both possible while nothing else happens.
    #[test]
    fn a_veto_is_never_outvoted(
        votes in prop::collection::vec(0usize..4, 1..9),
        late in any::<bool>(),
    ) {
        let panel: Vec<WorkerId> = (1..=votes.len() as u128).map(member).collect();
        let said = panel.iter().zip(&votes).filter(|(_, v)| **v < 3);
        let p = said.fold(asked(None), |p, (m, v)| {
            answer(&p, &panel, *m, (Answer::ALL[*v], "because"), Instant(1)).expect("a member")
        });
        let day = if late { plus_days(p.answer_by, 1) } else { TODAY };
        let of = |agreed| decide(&p, &panel, panel[0], (agreed, "words"), Instant(2), day);
        let count = |v| votes.iter().filter(|x| **x == v).count();
        let (agree, not_agree, veto, silent) = (count(0), count(1), count(2), count(3));
        if let Ok(yes) = of(true) {
            prop_assert_eq!(veto, 0);
            prop_assert!(agree > not_agree && silent < panel.len() - silent && panel.len() >= 2);
            prop_assert!(yes.holds(TODAY));
            prop_assert!(late || of(false).is_err());
        }
        if veto > 0 {
            prop_assert!(of(false).is_ok(), "a veto can always be written down");
        }
        if let Ok(no) = of(false) {
            prop_assert!(!no.holds(TODAY) && !no.open());
        }
    }
}

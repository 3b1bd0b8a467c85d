//! What happens inside a state, exhaustively: every state, every business status that may stand in
//! it, every move, every side.

use std::collections::BTreeSet;

use kith_domain::moves::*;
use kith_domain::next_date::NextDate;
use kith_domain::referral::*;
use kith_domain::time::plus_days;

use crate::machine::{Bench, PARTIES};
use crate::tables::{COLUMNS, MOVES};
use crate::world::*;

/// Written down independently of the code it checks. Under each state stand the business statuses
/// that may stand in it: none, seen, waiting, a date offered, a date agreed, missed ("could not
/// come"), came, started; with `+` the person had come before. A move that is not in the rows of a
/// state is nobody's there. A row says into which state the move leads, and then for each business
/// status who may make it (`r` the side that asks, `t` the side that is asked, `b` both, `-` nobody)
/// and what becomes of the business status (`=` it stays). The person makes no move.
///
/// Nobody misses a day that was not agreed, unless help has begun; the side that asks agrees only
/// what is offered; and only what was missed twice is given back.
const TABLE: &str = "
Draft                           non
  Send          Requested       r=
  SetNext       Draft           r=
  EnterInError  EnteredInError  r=

Requested                       non   see
  See           Requested       t>see t>see
  Ask           Requested       t>see t>see
  Answer        Requested       r=    r=
  Accept        Accepted        t>see t>see
  Decline       Rejected        t=    t=
  Cancel        Cancelled       b=    b=
  EnterInError  EnteredInError  r=    r=

Accepted                        see   wai   off   agr   mis
  Ask           Accepted        t=    t=    t=    t=    t=
  Answer        Accepted        r=    r=    r=    r=    r=
  Wait          Accepted        t>wai t>wai t>wai t>wai t>wai
  OfferDates    Accepted        t>off t>off t>off t>off t>off
  AgreeDate     Accepted        t>agr t>agr b>agr t>agr t>agr
  Came          InProgress      t>cam t>cam t>cam t>cam t>cam
  CouldNotCome  Accepted        -     -     -     t>mis -
  Start         InProgress      t>sta t>sta t>sta t>sta t>sta
  GiveBack      Accepted        -     -     -     -     r>wai
  SetNext       Accepted        b=    b=    b=    b=    b=
  Hold          OnHold          t=    t=    t=    t=    t=
  End           Completed       t=    t=    t=    t=    t=
  Fail          Failed          t=    t=    t=    t=    t=
  Cancel        Cancelled       b=    b=    b=    b=    b=
  EnterInError  EnteredInError  r=    r=    r=    r=    r=

InProgress                      see   wai   off   agr   mis   off+  agr+  mis+  cam+  sta+
  Ask           InProgress      t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  Answer        InProgress      r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  OfferDates    InProgress      t>off t>off t>off t>off t>off t>off t>off t>off t>off t>off
  AgreeDate     InProgress      t>agr t>agr b>agr t>agr t>agr b>agr t>agr t>agr t>agr t>agr
  Came          InProgress      t>cam t>cam t>cam t>cam t>cam t>cam t>cam t>cam t>cam t>cam
  CouldNotCome  InProgress      -     -     -     t>mis -     t>mis t>mis t>mis t>mis t>mis
  Start         InProgress      t>sta t>sta t>sta t>sta t>sta t>sta t>sta t>sta t>sta t>sta
  GiveBack      InProgress      -     -     -     -     r>wai -     -     r>sta -     -
  SetNext       InProgress      b=    b=    b=    b=    b=    b=    b=    b=    b=    b=
  Hold          OnHold          t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  End           Completed       t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  Fail          Failed          t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  Cancel        Cancelled       b=    b=    b=    b=    b=    b=    b=    b=    b=    b=
  EnterInError  EnteredInError  r=    r=    r=    r=    r=    r=    r=    r=    r=    r=

OnHold                          see   wai   off   agr   mis   off+  agr+  mis+  cam+  sta+
  Ask           OnHold          t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  Answer        OnHold          r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  SetNext       OnHold          b=    b=    b=    b=    b=    b=    b=    b=    b=    b=
  Resume        InProgress      t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  End           Completed       t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  Fail          Failed          t=    t=    t=    t=    t=    t=    t=    t=    t=    t=
  Cancel        Cancelled       b=    b=    b=    b=    b=    b=    b=    b=    b=    b=
  EnterInError  EnteredInError  r=    r=    r=    r=    r=    r=    r=    r=    r=    r=

Rejected                        non   see
  Settle        Rejected        r=    r=
  SetNext       Rejected        r=    r=
  EnterInError  EnteredInError  r=    r=

Cancelled                       non   see   wai   off   agr   mis   off+  agr+  mis+  cam+  sta+
  Settle        Cancelled       r=    r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  SetNext       Cancelled       r=    r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  EnterInError  EnteredInError  r=    r=    r=    r=    r=    r=    r=    r=    r=    r=    r=

Failed                          see   wai   off   agr   mis   off+  agr+  mis+  cam+  sta+
  Settle        Failed          r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  SetNext       Failed          r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  EnterInError  EnteredInError  r=    r=    r=    r=    r=    r=    r=    r=    r=    r=

Completed                       see   wai   off   agr   mis   off+  agr+  mis+  cam+  sta+
  Tell          Completed       b=    b=    b=    b=    b=    b=    b=    b=    b=    b=
  Settle        Completed       r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  SetNext       Completed       r=    r=    r=    r=    r=    r=    r=    r=    r=    r=
  EnterInError  EnteredInError  r=    r=    r=    r=    r=    r=    r=    r=    r=    r=

EnteredInError                  non   see   wai   off   agr   mis   off+  agr+  mis+  cam+  sta+
";

/// A business status, and whether the person had come before.
type Inside = (Business, bool);

/// One state of [`TABLE`].
struct Standing {
    status: Status,
    inside: Vec<Inside>,
    /// The move, the state it leads to, and a cell for each of `inside`.
    moves: Vec<(MoveKind, Status, Vec<&'static str>)>,
}

fn status(name: &str) -> Status {
    Status::ALL.into_iter().find(|s| format!("{s:?}") == name).unwrap()
}

fn inside(name: &str) -> Inside {
    let business = match name.trim_end_matches('+') {
        "non" => Business::None,
        "see" => Business::Seen,
        "wai" => Business::Waiting,
        "off" => Business::DateOffered,
        "agr" => Business::DateAgreed,
        "mis" => Business::CouldNotCome,
        "cam" => Business::Came,
        "sta" => Business::Started,
        other => panic!("{other} is no business status"),
    };
    (business, name.ends_with('+'))
}

fn table() -> Vec<Standing> {
    let mut states: Vec<Standing> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        if !line.starts_with(' ') {
            let status = status(words.next().unwrap());
            states.push(Standing { status, inside: words.map(inside).collect(), moves: Vec::new() });
            continue;
        }
        let name = words.next().unwrap();
        let kind = MoveKind::ALL.into_iter().find(|k| format!("{k:?}") == name).unwrap();
        let (after, cells) = (status(words.next().unwrap()), words.collect::<Vec<_>>());
        let state = states.last_mut().unwrap();
        assert_eq!(cells.len(), state.inside.len(), "{line}");
        state.moves.push((kind, after, cells));
    }
    states
}

/// What a cell says to one side: refused, or the business status afterwards.
fn said(cell: &str, before: Business, party: Party) -> Option<Business> {
    let may = match (cell.as_bytes()[0], party) {
        (b'b', Party::Requester | Party::Target) | (b'r', Party::Requester) | (b't', Party::Target) => true,
        (b'-' | b'b' | b'r' | b't', _) => false,
        _ => panic!("{cell} is not a cell"),
    };
    may.then(|| if cell.ends_with('=') { before } else { inside(cell.split_once('>').unwrap().1).0 })
}

/// A referral in this state as a history leaves it, with a question that waits for its answer.
fn standing(bench: &Bench, status: Status, (business, begun): Inside) -> Referral {
    let days = |n| Some(bench.now.plus_days(n));
    let missed = business == Business::CouldNotCome;
    Referral {
        business,
        offered: if business == Business::DateOffered { vec![bench.date()] } else { Vec::new() },
        agreed: (business == Business::DateAgreed)
            .then(|| Offer { at: bench.now.plus_days(-1), ..bench.date() }),
        first_came_at: days(-5).filter(|_| begun),
        could_not_come: if missed { 2 } else { 0 },
        could_not_come_at: days(-2).filter(|_| missed),
        missed_on: missed.then(|| plus_days(TODAY, -2)),
        ..bench.at(status)
    }
}

/// The move with all it needs, a reason for another day included.
fn step(bench: &Bench, kind: MoveKind) -> Move {
    match bench.step(kind) {
        Move::Wait { next } => Move::Wait { next: NextDate { reason: Some("Because".into()), ..next } },
        step => step,
    }
}

#[test]
fn every_business_status_move_and_side_is_as_the_table_says() {
    let bench = Bench::new();
    let mut checked = 0;
    for state in table() {
        let column = COLUMNS.iter().position(|s| *s == state.status).unwrap();
        for (number, before) in state.inside.iter().enumerate() {
            let r = standing(&bench, state.status, *before);
            for kind in MoveKind::ALL {
                let row = state.moves.iter().find(|(k, _, _)| *k == kind);
                let (_, sides) = MOVES.iter().find(|(name, _)| *name == format!("{kind:?}")).unwrap();
                assert_eq!(row.is_some(), sides[column] != "-", "{kind:?} in {:?}", state.status);
                for party in PARTIES {
                    let expected = row.and_then(|(_, after, cells)| {
                        said(cells[number], before.0, party).map(|business| (*after, business))
                    });
                    let done = bench.apply(&r, &step(&bench, kind), party);
                    let theirs = matches!(
                        (sides[column], party),
                        ("b", Party::Requester | Party::Target)
                            | ("r", Party::Requester)
                            | ("t", Party::Target)
                    );
                    let right = match &done {
                        Ok(r) => expected == Some((r.status, r.business)),
                        // The move is theirs in this state, and what stands in it forbids it.
                        Err(Refused::Missing(_)) => expected.is_none() && theirs,
                        Err(Refused::Illegal { .. }) => expected.is_none() && row.is_none(),
                        Err(Refused::WrongParty { .. }) => expected.is_none() && row.is_some() && !theirs,
                        Err(_) => false,
                    };
                    let (status, before) = (state.status, before);
                    assert!(right, "{kind:?} in {status:?}, {before:?}, by {party:?}: {done:?}");
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, (1 + 2 + 5 + 10 + 10 + 2 + 11 + 10 + 10 + 11) * 22 * 3);
}

/// Whatever anybody does from a draft on, the person's answers to dates included, and however much
/// time passes in between: what stands in a state is what the table says may stand there.
#[test]
fn nothing_else_ever_stands_in_a_state() {
    let bench = Bench::new();
    let first = Referral { question: None, ..standing(&bench, Status::Draft, (Business::None, false)) };
    let mut met = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut ahead = vec![first];
    while let Some(r) = ahead.pop() {
        // Days pass: it was sent long ago, and the agreed day comes and goes.
        let yesterday = bench.now.plus_days(-1);
        let r = Referral {
            agreed: r.agreed.map(|date| Offer { at: yesterday, ..date }),
            could_not_come_at: r.could_not_come_at.map(|_| yesterday),
            requested_at: r.requested_at.map(|_| bench.now.plus_days(-9)),
            missed_on: None,
            ..r
        };
        let of_dates = (r.agreed.is_some(), r.offered.len(), r.could_not_come.min(2));
        let said = (r.question.as_ref().map(|q| q.answer.is_some()), r.closed(), r.outcome.is_some());
        let stands = (r.status, r.business, r.first_came_at.is_some());
        met.insert(stands);
        if !seen.insert((stands, of_dates, said)) {
            continue;
        }
        for kind in MoveKind::ALL {
            ahead.extend(PARTIES.into_iter().filter_map(|p| bench.apply(&r, &step(&bench, kind), p).ok()));
        }
        ahead.extend(no_date_good(&r, None, bench.around(&bench.badger)));
        ahead.extend(date_agreed_by_person(&r, bench.date().at, bench.around(&bench.badger)));
        ahead.extend(stopped_by_person(&r, bench.around(&bench.badger)));
    }
    let table: BTreeSet<_> = table()
        .iter()
        .flat_map(|s| s.inside.iter().map(|(b, begun)| (s.status, *b, *begun)).collect::<Vec<_>>())
        .collect();
    assert_eq!(met, table);
}

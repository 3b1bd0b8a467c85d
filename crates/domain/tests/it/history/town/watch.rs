//! What the histories remember of each referral beside the program: how often its date was
//! moved without contact, whether a missed time was talked about, what the person has not
//! been told, and every day somebody was in hospital or prison. By these the rules are held
//! that a longer way round would otherwise get past.

use std::collections::BTreeMap;

use kith_domain::id::{PersonId, ReferralId};
use kith_domain::moves::{Move, MoveKind};
use kith_domain::person::{Person, Whereabouts};
use kith_domain::referral::{Happened, Party, Referral, Status};
use kith_domain::time::{Day, Instant};

#[derive(Default)]
pub struct Watch {
    referrals: BTreeMap<ReferralId, Watched>,
    stays: BTreeMap<PersonId, Vec<(Day, Option<Day>)>>,
}

/// Of one referral.
#[derive(Clone, Default)]
pub struct Watched {
    moved: u8,
    /// The last contact known when the date was last moved.
    contact_at_move: Option<Instant>,
    /// The last contact known when they could not come, and when that was written down.
    missed: Option<(Option<Instant>, Instant)>,
    untold: bool,
}

/// A move that somebody made.
pub struct Made<'a> {
    pub id: ReferralId,
    pub who: PersonId,
    pub before: &'a Referral,
    pub after: &'a Referral,
    pub step: &'a Move,
    pub party: Party,
    pub person: &'a Person,
    pub now: Instant,
    /// The day of what was said to have happened.
    pub on: Option<Day>,
}

fn contact(r: &Referral, person: &Person) -> Option<Instant> {
    r.contact_at().max(person.heard_at)
}

fn goes_on(status: Status) -> bool {
    matches!(status, Status::Accepted | Status::InProgress | Status::OnHold)
}

impl Watch {
    pub fn is_at(&mut self, who: PersonId, at: &Whereabouts, today: Day) {
        let stays = self.stays.entry(who).or_default();
        let open = stays.iter_mut().find(|(_, until)| until.is_none());
        match (open, at.away()) {
            (None, true) => stays.push((today, None)),
            (Some(stay), false) => stay.1 = Some(today),
            _ => {}
        }
    }

    pub fn told(&mut self, id: ReferralId) {
        self.referrals.entry(id).or_default().untold = false;
    }

    pub fn untold(&self, id: ReferralId) -> bool {
        self.referrals.get(&id).is_some_and(|w| w.untold)
    }

    pub fn of(&self, id: ReferralId) -> Option<Watched> {
        self.referrals.get(&id).cloned()
    }

    /// It is as it was: what was remembered since is not so.
    pub fn put_back(&mut self, id: ReferralId, watched: Option<Watched>) {
        self.referrals.insert(id, watched.unwrap_or_default());
    }

    /// Takes down a move that was made, and says what may not have been.
    pub fn made(&mut self, m: &Made<'_>) {
        let watched = self.referrals.entry(m.id).or_default();
        let known = contact(m.before, m.person);
        let without_help = match m.step {
            Move::Cancel { .. } | Move::Fail { .. } => true,
            Move::End { outcome } => outcome.as_ref().is_none_or(|o| o.happened == Happened::No),
            _ => false,
        };
        // After a death nobody can speak to them, and a place may be given up: it is theirs again
        // when the death was a mistake.
        let lives = !m.person.died();
        if lives && m.party == Party::Target && without_help && goes_on(m.before.status) {
            assert!(!m.person.whereabouts.away(), "nobody's place goes because they are in hospital");
            let talked = |(then, at): (Option<Instant>, Instant)| known != then || known > Some(at);
            assert!(watched.missed.is_none_or(talked), "not coming alone ends nothing");
        }
        if let (MoveKind::CouldNotCome, Some(day)) = (m.step.kind(), m.on) {
            let stays = self.stays.get(&m.who).into_iter().flatten();
            let mut there = stays.filter(|(from, until)| *from <= day && until.is_none_or(|u| day <= u));
            assert!(there.next().is_none(), "a day in hospital or prison is never a missed time");
            let expected = m.before.agreed.is_some() || m.before.first_came_at.is_some();
            assert!(expected && m.before.missed_on != Some(day), "a day that was agreed, and once");
        }
        watched.date(m, known);
        match m.step.kind() {
            MoveKind::CouldNotCome => watched.missed = Some((known, m.now)),
            MoveKind::Came | MoveKind::Start | MoveKind::GiveBack => watched.missed = None,
            _ => {}
        }
        match (m.party, m.step.kind()) {
            // What went without their agreement is told on its own, by somebody who says so.
            (_, MoveKind::Settle) if m.before.basis.decided().is_none() || m.before.told_person.is_some() => {
                watched.untold = false;
            }
            (_, MoveKind::Settle) => {}
            (Party::Target, kind) if kind != MoveKind::See => watched.untold = true,
            _ => {}
        }
    }
}

impl Watched {
    fn date(&mut self, m: &Made<'_>, known: Option<Instant>) {
        let spoken = match m.step {
            Move::Came { .. } | Move::Start { .. } | Move::AgreeDate(_) | Move::GiveBack { .. } => true,
            Move::SetNext { spoken, .. } => *spoken,
            _ => false,
        };
        if spoken || !goes_on(m.before.status) || !goes_on(m.after.status) || m.after.could_not_come >= 2 {
            self.moved = 0;
        } else if matches!(
            m.step.kind(),
            MoveKind::Wait | MoveKind::OfferDates | MoveKind::Hold | MoveKind::Resume | MoveKind::SetNext
        ) {
            let later = m.after.held_next.on > m.before.held_next.on;
            self.moved = match () {
                () if known >= Some(m.now) => 0,
                () if known != self.contact_at_move => u8::from(later),
                () => self.moved + u8::from(later),
            };
        } else {
            return;
        }
        self.contact_at_move = contact(m.after, m.person);
        let hidden = self.moved >= 2 && !m.after.held_next.kept_moving();
        assert!(!hidden, "a date that is moved and moved shows: {:?}", m.step.kind());
    }
}

//! What goes over with a person to a colleague, in the same team and in another.

use super::*;
use kith_domain::message::{Message, MessageKind, MessageTo};

impl Story {
    /// Words to be read by this reader, from the person or about them.
    fn words(&mut self, n: u128, from: Author, holder: Holder) {
        let value = Message {
            kind: MessageKind::OwnWords,
            from,
            to: MessageTo::Reader { holder, read_by: days(1) },
            words: "Can we meet on Tuesday?".into(),
            area: Area::Connection,
            sensitivity: Sensitivity::S1,
            about: None,
            written_at: morning(TODAY),
            read_at: None,
            quiet: false,
            review: false,
            take_out: None,
        };
        self.facts.messages.push(saved(n, Some(id(1)), morning(TODAY), value));
    }

    /// The colleague takes them on: what moves is saved.
    fn taken_on(&mut self, to: Holder, today: Holder) {
        let taken = life::take_on(&self.facts, to, today);
        let f = &mut self.facts;
        f.person = taken.person;
        over(&mut f.needs, taken.needs);
        over(&mut f.steps, taken.steps);
        over(&mut f.tellings, taken.tellings);
        over(&mut f.messages, taken.messages);
        over(&mut f.referrals, taken.referrals);
    }

    /// Who holds what, by what it is about.
    fn with_whom(&self) -> Vec<(About, Holder)> {
        let all = holding(&self.p, &self.facts, morning(TODAY));
        let of = |h: &Held| Holder {
            organisation: h.holder.organisation,
            team: h.holder.team,
            lead: h.holder.lead,
        };
        all.iter().map(|h| (h.about, of(h))).collect()
    }
}

fn over<T>(kept: &mut [Saved<T>], new: Vec<Saved<T>>) {
    for version in new {
        let at = kept.iter().position(|k| k.meta.id == version.meta.id).unwrap();
        kept[at] = version;
    }
}

fn badger_wrote() -> Author {
    Author::Person { person: id(1) }
}

#[test]
fn words_that_nobody_has_read_are_read_by_whoever_takes_the_person_on() {
    let mut s = Story::with(Status::Rejected);
    let (bola, lead) = (holder(NAVIGATORS, Some(12)), holder(NAVIGATORS, Some(10)));
    s.words(20, badger_wrote(), aisha());
    // Written while Aisha is away, and so to her lead; what her lead was told as lead stays.
    s.words(21, badger_wrote(), lead);
    s.words(22, Author::Job, lead);
    s.taken_on(bola, lead);
    let read: Vec<_> = s.with_whom().into_iter().filter(|(about, _)| *about == About::Read).collect();
    assert_eq!(read, [(About::Read, bola), (About::Read, bola), (About::Read, lead)]);
}

#[test]
fn in_another_team_of_the_organisation_nothing_stays_behind() {
    use Status::*;
    for status in [Draft, Requested, Accepted, Rejected, Cancelled, Failed, Completed] {
        let mut s = Story::with(status);
        s.p.teams.insert(team_id(9), team(NAVIGATORS, Some(worker_id(12))));
        s.words(20, badger_wrote(), aisha());
        let to = Holder { team: team_id(9), ..holder(NAVIGATORS, Some(12)) };
        s.taken_on(to, aisha());
        let theirs = |(about, _): &(About, Holder)| !matches!(about, About::Reply | About::Help);
        let held: Vec<_> = s.with_whom().into_iter().filter(theirs).collect();
        assert!(held.iter().all(|(_, h)| *h == to), "{status:?}: {held:?}");
        assert_eq!(asking_side(s.referral().sender, to), to, "{status:?}");
        s.nothing_lost(days(60));
    }
}

#[test]
fn what_another_team_asked_for_stays_with_whoever_asked() {
    let mut s = Story::with(Status::Rejected);
    s.referral().sender = end_of(TRUST, Some(31));
    s.p.teams.insert(team_id(9), team(NAVIGATORS, Some(worker_id(12))));
    s.taken_on(Holder { team: team_id(9), ..holder(NAVIGATORS, Some(12)) }, aisha());
    assert_eq!(s.referral().sender, end_of(TRUST, Some(31)));
}

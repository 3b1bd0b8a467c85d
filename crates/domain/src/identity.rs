//! Who somebody is, where two records may be one person. Two named people decide, or one with
//! the person's agreement; the program never does. A link is a pointer from one record to the
//! other: nothing is moved, nobody sees more than before, and undoing it is taking the pointer
//! away. What was written while it stood is where it was written, and is looked at once.

use crate::holding::PartnershipFacts;
use crate::id::{PersonId, WorkerId};
use crate::matching::keeps_away;
use crate::organisation::{Holder, WorkRole};
use crate::person::Person;
use crate::record::{Kind, Meta};
use crate::supporter::{MatchDecision, MatchSaid, MatchUndone, PossibleMatch};
use crate::time::{Day, Instant};

/// Working days in which each of the two says what they think.
pub const DAYS: u32 = 10;

/// Why it is not decided, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotJoined {
    /// Decided before.
    #[error("This was decided already")]
    Decided,
    /// Said before.
    #[error("You have said what you think. Now the other person says it")]
    Said,
    /// No reason.
    #[error("Write how you know")]
    NoWords,
    /// Not linked.
    #[error("These two are not linked")]
    NotLinked,
    /// Linked to somebody else.
    #[error("One of them is linked to somebody else already. Undo that first")]
    LinkedElsewhere,
    /// Somebody must never know.
    #[error("These two are two people")]
    Apart,
}

/// The two who decide: the lead of the net, and the second named person.
pub fn resolvers(p: &PartnershipFacts, today: Day) -> Vec<Holder> {
    let net = (p.place.net_organisation, p.place.net_team);
    let lead = p.teams.get(&net.1).and_then(|t| t.lead);
    let holder = |worker: WorkerId| {
        let w = p.workers.get(&worker).filter(|w| w.active(today))?;
        let role = |m: &&crate::organisation::Membership| m.in_date(today) && m.role != WorkRole::Volunteer;
        let m = w.memberships.iter().filter(role).find(|m| m.organisation == net.0)?;
        Some(Holder { organisation: m.organisation, team: m.team, lead: Some(worker) })
    };
    let mut found: Vec<Holder> = Vec::new();
    for worker in lead.into_iter().chain([p.place.net_second]) {
        found.extend(holder(worker).filter(|h| !found.contains(h)));
    }
    found
}

/// Somebody says what they think. Two who say "one person" decide that it is one; a single
/// "two people" keeps them apart, and a single "one person" is enough where the person agreed.
///
/// # Errors
/// Why not.
pub fn say(
    m: &PossibleMatch,
    by: WorkerId,
    (what, words, agreed): (MatchDecision, &str, bool),
    now: Instant,
) -> Result<PossibleMatch, NotJoined> {
    let words = words.trim();
    match () {
        () if m.decided.is_some() => return Err(NotJoined::Decided),
        () if m.said.iter().any(|s| s.by == by) => return Err(NotJoined::Said),
        () if words.is_empty() => return Err(NotJoined::NoWords),
        () => {}
    }
    let mut after = m.clone();
    after.said.push(MatchSaid { by, at: now, what, words: words.to_owned(), agreed });
    let same = after.said.iter().filter(|s| s.what == MatchDecision::Same).count();
    after.decided = match what {
        MatchDecision::Different => Some(MatchDecision::Different),
        MatchDecision::Same if agreed || same >= 2 => Some(MatchDecision::Same),
        MatchDecision::Same => None,
    };
    after.decided_at = after.decided.map(|_| now);
    Ok(after)
}

/// Links the other record to the one that stands in front. Nothing is moved, and nobody's
/// access changes: only the pointer is written.
///
/// # Errors
/// Why not.
pub fn link(m: &PossibleMatch, one: &Person, other: &Person) -> Result<Person, NotJoined> {
    match () {
        () if m.decided != Some(MatchDecision::Same) => Err(NotJoined::NotLinked),
        () if apart(one, other) => Err(NotJoined::Apart),
        () if !other.also.is_empty() => Err(NotJoined::LinkedElsewhere),
        () => {
            let mut one = one.clone();
            one.also.insert(m.other);
            Ok(one)
        }
    }
}

/// Does one of them say that the other must never know? Then they are two, whatever is the same.
fn apart(one: &Person, other: &Person) -> bool {
    keeps_away(one, other) || keeps_away(other, one)
}

/// Undoes a link: the pointer goes, and the two are two people from now on. They are not held
/// as a possible match again.
///
/// # Errors
/// Why not.
pub fn undo(
    m: &PossibleMatch,
    one: &Person,
    by: WorkerId,
    words: &str,
    now: Instant,
) -> Result<(PossibleMatch, Person), NotJoined> {
    if m.decided != Some(MatchDecision::Same) || !one.also.contains(&m.other) {
        return Err(NotJoined::NotLinked);
    }
    if words.trim().is_empty() {
        return Err(NotJoined::NoWords);
    }
    let undone = Some(MatchUndone { by, at: now, words: words.trim().to_owned() });
    let after = PossibleMatch { decided: Some(MatchDecision::Different), undone, ..m.clone() };
    let mut one = one.clone();
    one.also.remove(&m.other);
    Ok((after, one))
}

/// What was written about either while they were linked: each is with the person it was
/// written for, and is looked at once, because whoever wrote it may have meant the other.
/// References and kinds only.
pub fn to_look_at<'a>(
    linked: Instant,
    until: Instant,
    metas: impl IntoIterator<Item = (Kind, &'a Meta)>,
) -> Vec<(PersonId, Kind, &'a Meta)> {
    let within = |m: &Meta| m.at >= linked && m.at <= until;
    let own = |kind: Kind| !matches!(kind, Kind::Person | Kind::PossibleMatch | Kind::Equality | Kind::Right);
    metas
        .into_iter()
        .filter(|(kind, m)| own(*kind) && within(m) && !m.entered_in_error)
        .filter_map(|(kind, m)| Some((m.person?, kind, m)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{OrganisationId, RecordId, TeamId};
    use crate::life;
    use crate::next_date::NextDate;
    use crate::person::{CameBy, Whereabouts};
    use crate::record::Author;
    use crate::settings::Settings;
    use crate::time::plus_days;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn worker(n: u128) -> WorkerId {
        WorkerId(Uuid::from_u128(n))
    }
    fn person_id(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }
    fn holder(n: u128) -> Holder {
        let id = Uuid::from_u128;
        Holder { organisation: OrganisationId(id(1)), team: TeamId(id(2)), lead: Some(worker(n)) }
    }
    fn called(name: &str) -> Person {
        Person::new(name.into(), holder(5), NextDate::new("Ring", date(2026, 11, 24)), CameBy::Met)
    }
    fn pair() -> PossibleMatch {
        PossibleMatch::new(person_id(11), person_id(12), vec!["same name".into()], vec![holder(1), holder(2)])
    }
    fn same(by: u128, agreed: bool) -> (WorkerId, (MatchDecision, &'static str, bool)) {
        (worker(by), (MatchDecision::Same, "I asked both", agreed))
    }

    #[test]
    fn two_say_one_person_or_one_with_their_agreement() {
        let (by, what) = same(1, false);
        let once = say(&pair(), by, what, Instant(1)).unwrap();
        assert_eq!((once.decided, once.waits_for().len()), (None, 1));
        assert_eq!(say(&once, by, what, Instant(2)), Err(NotJoined::Said), "nobody is two people");
        let (second, what) = same(2, false);
        assert_eq!(say(&once, second, what, Instant(2)).unwrap().decided, Some(MatchDecision::Same));
        let (by, what) = same(1, true);
        assert_eq!(say(&pair(), by, what, Instant(1)).unwrap().decided, Some(MatchDecision::Same));
        let apart = (MatchDecision::Different, "Twins", false);
        let two = say(&once, worker(2), apart, Instant(2)).unwrap();
        assert_eq!(two.decided, Some(MatchDecision::Different), "one who knows better is enough");
        assert!(say(&pair(), worker(1), (MatchDecision::Same, " ", true), Instant(1)).is_err());
    }

    #[test]
    fn never_linked_by_itself_nor_with_somebody_who_must_never_know() {
        let (ana, other) = (called("Ana"), called("Ana"));
        assert_eq!(link(&pair(), &ana, &other), Err(NotJoined::NotLinked), "nobody has decided");
        let (by, what) = same(1, true);
        let decided = say(&pair(), by, what, Instant(1)).unwrap();
        let mut afraid = called("Kerry");
        afraid.safe_contact.must_not_know.push(crate::contact::MustNotKnow {
            who: "Declan Quinegan".into(),
            organisation: None,
            supporter: None,
        });
        assert_eq!(link(&decided, &afraid, &called("Declan Quinegan")), Err(NotJoined::Apart));
        assert_eq!(link(&decided, &called("Declan Quinegan"), &afraid), Err(NotJoined::Apart));
    }

    #[test]
    fn what_was_written_while_linked_is_looked_at_once() {
        let meta = |at: i64, n: u128| Meta {
            id: RecordId(Uuid::from_u128(n)),
            version: 1,
            at: Instant(at),
            created: Instant(at),
            author: Author::Job,
            created_by: Author::Job,
            recorded_for: None,
            person: Some(person_id(n)),
            owner: OrganisationId(Uuid::from_u128(1)),
            entered_in_error: false,
        };
        let (before, within, late) = (meta(4, 11), meta(7, 12), meta(11, 11));
        let all =
            [(Kind::Note, &before), (Kind::Note, &within), (Kind::Person, &within), (Kind::Need, &late)];
        let found = to_look_at(Instant(5), Instant(10), all);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1), (person_id(12), Kind::Note));
    }

    /// Something that happens to one of the two.
    fn lives(p: &Person, what: u8, day: Day, now: Instant) -> Person {
        let s = Settings::default();
        let by = Author::Worker { worker: worker(5), organisation: OrganisationId(Uuid::from_u128(1)) };
        match what {
            0 => life::died(p, None, by, now, day).unwrap_or_else(|_| p.clone()),
            1 => life::not_died(p).unwrap_or_else(|_| p.clone()),
            2 => life::spoken_to(p, now).unwrap_or_else(|_| p.clone()),
            3 => Person { whereabouts: Whereabouts::default(), ..p.clone() },
            4 => Person { called: format!("{}x", p.called), ..p.clone() },
            5 => Person { holder: holder(6), ..p.clone() },
            6 => life::not_now(p, plus_days(day, 30), day, &s).unwrap_or_else(|_| p.clone()),
            _ => Person { heard_at: Some(now), ..p.clone() },
        }
    }

    proptest! {
        /// Link then undo equals before, for any history in between that touched both.
        #[test]
        fn undoing_gives_back_both_whatever_happened_in_between(
            before in proptest::collection::vec((any::<bool>(), 0u8..8), 0..8),
            between in proptest::collection::vec((any::<bool>(), 0u8..8), 0..12),
        ) {
            let (day, now) = (date(2026, 11, 23), Instant(1_795_359_600_000_000));
            let run = |people: &mut [Person; 2], history: &[(bool, u8)]| {
                for (n, (which, what)) in history.iter().enumerate() {
                    let at = usize::from(*which);
                    people[at] = lives(&people[at], *what, day, now.plus_seconds(n as i64));
                }
            };
            let mut never = [called("Ana"), called("Ana")];
            run(&mut never, &before);
            let mut people = never.clone();
            let (by, what) = same(1, true);
            let decided = say(&pair(), by, what, now).unwrap();
            people[0] = link(&decided, &people[0], &people[1]).unwrap();
            prop_assert!(people[0].also.contains(&person_id(12)));
            run(&mut never, &between);
            run(&mut people, &between);
            let (after, one) = undo(&decided, &people[0], worker(2), "Twins", now).unwrap();
            people[0] = one;
            prop_assert_eq!(&people, &never);
            prop_assert_eq!(after.decided, Some(MatchDecision::Different));
            prop_assert!(undo(&after, &people[0], worker(2), "Twins", now).is_err());
        }
    }
}

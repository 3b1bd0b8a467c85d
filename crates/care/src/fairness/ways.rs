//! From records to ways: everybody's first need of a period, and what came of it. Each person
//! is counted once. Whoever said no to being counted is in nothing here; nor is a need that is
//! very private or sealed.

use super::by::{By, Place};
use super::period::Period;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::equality::{Equality, EqualityAnswer, EqualityQuestion};
use kith_domain::id::{NeedId, OrganisationId, PersonId};
use kith_domain::need::Need;
use kith_domain::person::{Person, Standing};
use kith_domain::plan::{Telling, ToldAbout};
use kith_domain::record::Saved;
use kith_domain::referral::{Happened, Helped, Referral, Status};
use kith_domain::time::{Calendar, Day, Instant, days_between};
use kith_insight::fairness::{Group, Step, Way, end};
use kith_insight::waits::Spell;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one person and their first need of the period.
#[derive(Debug, Clone)]
pub struct Facts {
    need: NeedId,
    raised: Instant,
    /// The part of life.
    pub area: Area,
    /// Their age when the need was written down.
    pub age: Option<u8>,
    /// The code of the neighbourhood they live in.
    pub neighbourhood: Option<String>,
    said: Equality,
    died: Option<Day>,
    asked: Vec<Ask>,
    told: bool,
}

/// One request for the need.
#[derive(Debug, Clone)]
struct Ask {
    organisation: OrganisationId,
    sent: Instant,
    yes: bool,
    came: Option<Instant>,
    helped: bool,
    /// When it ended, and whether with a no.
    ended: Option<(Instant, bool)>,
}

/// Gathers records into people's ways. Give it every need first, then everything else.
#[derive(Debug)]
pub struct Gathering {
    from: Instant,
    to: Instant,
    calendar: Calendar,
    people: BTreeMap<PersonId, Facts>,
    of_need: BTreeMap<NeedId, PersonId>,
    out: BTreeSet<PersonId>,
}

impl Gathering {
    /// Nobody yet.
    pub fn new(period: Period, calendar: &Calendar) -> Gathering {
        Gathering {
            from: calendar.start(period.from),
            to: calendar.end(period.to),
            calendar: calendar.clone(),
            people: BTreeMap::new(),
            of_need: BTreeMap::new(),
            out: BTreeSet::new(),
        }
    }

    /// A need: the person's first of the period is the one that is followed.
    pub fn need(&mut self, need: &Saved<Need>) {
        let (Some(person), n) = (need.meta.person, &need.value) else { return };
        let counted = n.sensitivity < Sensitivity::S3 && !need.meta.entered_in_error;
        if !counted || n.raised_at < self.from || n.raised_at > self.to {
            return;
        }
        let facts = Facts {
            need: need.id(),
            raised: n.raised_at,
            area: n.area,
            age: None,
            neighbourhood: None,
            said: Equality::default(),
            died: None,
            asked: Vec::new(),
            told: false,
        };
        let before = self.people.get(&person).map(|f| (f.raised, f.need));
        if before.is_none_or(|before| (facts.raised, facts.need) < before) {
            before.map(|(_, need)| self.of_need.remove(&need));
            self.of_need.insert(facts.need, person);
            self.people.insert(person, facts);
        }
    }

    /// Who somebody is: their age, where they live, and whether they died.
    pub fn person(&mut self, person: &Saved<Person>) {
        let Some(facts) = self.people.get_mut(&person.id()) else { return };
        let p = &person.value;
        facts.age = p.birth.age(self.calendar.day(facts.raised));
        facts.neighbourhood = p.address.known().and_then(|a| a.place.clone()).filter(|_| !p.address_sealed);
        if let Standing::Died { on, recorded_at, .. } = &p.standing {
            facts.died = Some(on.unwrap_or_else(|| self.calendar.day(*recorded_at)));
        }
    }

    /// What somebody said of themselves, or that they are in no figure.
    pub fn equality(&mut self, said: &Saved<Equality>) {
        let Some(person) = said.meta.person else { return };
        if said.value.not_counted {
            self.out.insert(person);
        } else if let Some(facts) = self.people.get_mut(&person) {
            facts.said = said.value.clone();
        }
    }

    /// A request to a service for the need.
    pub fn referral(&mut self, referral: &Saved<Referral>) {
        let r = &referral.value;
        let mistake = referral.meta.entered_in_error || r.status == Status::EnteredInError;
        let (Some(sent), false) = (r.requested_at, mistake) else { return };
        let Some(facts) = self.of_need.get(&r.need).and_then(|p| self.people.get_mut(p)) else { return };
        let well = r
            .outcome
            .as_ref()
            .is_some_and(|o| o.happened != Happened::No && matches!(o.helped, Helped::Yes | Helped::ABit));
        facts.asked.push(Ask {
            organisation: r.receiver.organisation,
            sent,
            yes: r.accepted_at.is_some() || r.first_came_at.is_some(),
            came: r.first_came_at,
            helped: r.first_came_at.is_some() && well,
            ended: r.ended_at.map(|at| (at, r.status == Status::Rejected)),
        });
    }

    /// Somebody was told about a place to go for the need.
    pub fn telling(&mut self, telling: &Saved<Telling>) {
        let t = &telling.value;
        let group = matches!(t.about, ToldAbout::Group(_)) && !telling.meta.entered_in_error;
        let person = t.need.and_then(|need| self.of_need.get(&need));
        if let Some(facts) = person.and_then(|p| self.people.get_mut(p)) {
            facts.told |= group;
        }
    }

    /// Everybody who may be counted, with what is known of them.
    pub fn people(&self) -> impl Iterator<Item = (PersonId, &Facts)> {
        self.people.iter().filter(|(p, _)| !self.out.contains(p)).map(|(p, facts)| (*p, facts))
    }

    /// The organisations that were asked first for somebody.
    pub fn organisations(&self) -> BTreeSet<OrganisationId> {
        self.people().filter_map(|(_, facts)| facts.asked_first()).collect()
    }

    /// Somebody's way by these groups, at a moment.
    pub fn way(
        &self,
        facts: &Facts,
        (by, and): (By, Option<By>),
        groups: &[Group],
        place: &Place,
        now: Instant,
    ) -> Option<Way> {
        let first = by.of(facts, place);
        let code = and.map_or_else(|| first.clone(), |and| format!("{first}+{}", and.of(facts, place)));
        // A neighbourhood or organisation that the place no longer knows is "not known".
        let unknown = and.map_or("not_known", |_| "not_known+not_known");
        let at = |code: &str| groups.iter().position(|g| g.code == code);
        let group = at(&code).or_else(|| at(unknown))?;
        Some(Way {
            group,
            furthest: facts.furthest(),
            told: facts.told,
            wait: facts.wait(now, &self.calendar),
        })
    }
}

impl Facts {
    /// The answer to a question about equality.
    pub(super) fn said(&self, question: EqualityQuestion) -> Option<&EqualityAnswer> {
        self.said.answers.get(&question).map(|a| &a.answer)
    }

    /// The organisation that was asked first.
    pub(super) fn asked_first(&self) -> Option<OrganisationId> {
        self.asked.iter().min_by_key(|a| a.sent).map(|a| a.organisation)
    }

    fn furthest(&self) -> Step {
        let any = |with: &dyn Fn(&Ask) -> bool| self.asked.iter().any(with);
        match () {
            () if any(&|a| a.helped) => Step::Helped,
            () if any(&|a| a.came.is_some()) => Step::Came,
            () if any(&|a| a.yes) => Step::Yes,
            () if !self.asked.is_empty() => Step::Asked,
            () => Step::Need,
        }
    }

    /// From the first request to the day the person first came to anybody. While one request
    /// is open the wait goes on; it is over when they came, when the last one ended, or when
    /// the person died.
    fn wait(&self, now: Instant, calendar: &Calendar) -> Option<Spell> {
        let sent = calendar.day(self.asked.iter().map(|a| a.sent).min()?);
        let days = |to: Day| f64::from(days_between(sent, to).max(0));
        let came = self.asked.iter().filter_map(|a| a.came).min().map(|at| calendar.day(at));
        let ended: Option<Vec<(Instant, bool)>> = self.asked.iter().map(|a| a.ended).collect();
        let last = ended.and_then(|all| all.into_iter().max()).map(|(at, no)| (calendar.day(at), no));
        Some(match (came, self.died, last) {
            (Some(came), ..) => Spell::new(days(came), end::CAME),
            (None, Some(died), last) if last.is_none_or(|(at, _)| died <= at) => {
                Spell::new(days(died), end::DIED)
            }
            (None, _, Some((at, true))) => Spell::new(days(at), end::SAID_NO),
            (None, _, Some((at, false))) => Spell::new(days(at), end::WITHOUT),
            (None, ..) => Spell::new(days(calendar.day(now)), 0),
        })
    }
}

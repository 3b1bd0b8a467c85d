//! From records to ways: everybody's needs of a period, and how far they came. Each person is
//! counted once, with the furthest that any of these needs took them. Whoever said no to being
//! counted is in nothing here; nor is a need that is very private or sealed.

use super::by::{By, Place, crossed};
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

/// What is known of one person and their needs of the period.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// When each need was written down, and its part of life.
    needs: BTreeMap<NeedId, (Instant, Area)>,
    /// Their age when the first need was written down.
    pub age: Option<u8>,
    /// The code of the neighbourhood they live in.
    pub neighbourhood: Option<String>,
    said: Equality,
    died: Option<Day>,
    asked: Vec<Ask>,
    /// The needs for which somebody told them about a group.
    told: BTreeSet<NeedId>,
}

/// One request for a need.
#[derive(Debug, Clone)]
struct Ask {
    need: NeedId,
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

    /// A need of the period.
    pub fn need(&mut self, need: &Saved<Need>) {
        let (Some(person), n) = (need.meta.person, &need.value) else { return };
        let counted = n.sensitivity < Sensitivity::S3 && !need.meta.entered_in_error;
        if !counted || n.raised_at < self.from || n.raised_at > self.to {
            return;
        }
        self.of_need.insert(need.id(), person);
        self.people.entry(person).or_default().needs.insert(need.id(), (n.raised_at, n.area));
    }

    /// Who somebody is: their age, where they live, and whether they died.
    pub fn person(&mut self, person: &Saved<Person>) {
        let Some(facts) = self.people.get_mut(&person.id()) else { return };
        let p = &person.value;
        let first = facts.needs.values().map(|(raised, _)| *raised).min();
        facts.age = first.and_then(|at| p.birth.age(self.calendar.day(at)));
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

    /// A request to a service for one of the needs.
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
            need: r.need,
            organisation: r.receiver.organisation,
            sent,
            yes: r.accepted_at.is_some() || r.first_came_at.is_some(),
            came: r.first_came_at,
            helped: r.first_came_at.is_some() && well,
            ended: r.ended_at.map(|at| (at, r.status == Status::Rejected)),
        });
    }

    /// Somebody was told about a place to go for one of the needs.
    pub fn telling(&mut self, telling: &Saved<Telling>) {
        let t = &telling.value;
        let group = matches!(t.about, ToldAbout::Group(_)) && !telling.meta.entered_in_error;
        let Some(need) = t.need.filter(|_| group) else { return };
        if let Some(facts) = self.of_need.get(&need).and_then(|p| self.people.get_mut(p)) {
            facts.told.insert(need);
        }
    }

    /// Everybody who may be counted, with what is known of them and their needs; of one part
    /// of life only, where one is named.
    pub fn people(&self, area: Option<Area>) -> impl Iterator<Item = (PersonId, Facts)> {
        let counted = self.people.iter().filter(|(p, _)| !self.out.contains(p));
        let of = move |(p, facts): (&PersonId, &Facts)| Some((*p, facts.only(area)?));
        counted.filter_map(of)
    }

    /// The organisations that were asked first for somebody.
    pub fn organisations(&self) -> BTreeSet<OrganisationId> {
        self.people(None).filter_map(|(_, facts)| facts.organisation()).collect()
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
        let code = match and {
            Some(and) => format!("{}+{}", crossed(&first), crossed(&and.of(facts, place))),
            None => first,
        };
        // A neighbourhood or organisation that the place no longer knows is "not known".
        let unknown = and.map_or("not_known", |_| "not_known+not_known");
        let at = |code: &str| groups.iter().position(|g| g.code == code);
        let group = at(&code).or_else(|| at(unknown))?;
        Some(Way {
            group,
            furthest: facts.furthest(),
            told: !facts.told.is_empty(),
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
    pub(super) fn organisation(&self) -> Option<OrganisationId> {
        self.asked_first().map(|a| a.organisation)
    }

    /// The part of life of the first need.
    pub(super) fn area(&self) -> Option<Area> {
        self.needs.iter().min_by_key(|(id, (raised, _))| (*raised, **id)).map(|(_, (_, area))| *area)
    }

    fn asked_first(&self) -> Option<&Ask> {
        self.asked.iter().min_by_key(|a| (a.sent, a.need))
    }

    /// The same person with needs of one part of life only; nothing where there are none.
    fn only(&self, area: Option<Area>) -> Option<Facts> {
        let mut facts = self.clone();
        if let Some(area) = area {
            facts.needs.retain(|_, (_, of)| *of == area);
            facts.asked.retain(|a| facts.needs.contains_key(&a.need));
            facts.told.retain(|need| facts.needs.contains_key(need));
        }
        (!facts.needs.is_empty()).then_some(facts)
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

    /// From the first request to the day the person first came to anybody, for the need that
    /// was asked for first: another need has a wait of its own. While one request is open the
    /// wait goes on; it is over when they came, when the last one ended, or when the person died.
    fn wait(&self, now: Instant, calendar: &Calendar) -> Option<Spell> {
        let first = self.asked_first()?;
        let asked = || self.asked.iter().filter(|a| a.need == first.need);
        let sent = calendar.day(first.sent);
        let days = |to: Day| f64::from(days_between(sent, to).max(0));
        let came = asked().filter_map(|a| a.came).min().map(|at| calendar.day(at));
        let ended: Option<Vec<(Instant, bool)>> = asked().map(|a| a.ended).collect();
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

//! How the partnership is doing: who waits for what and how long, declines by reason,
//! unmet needs by area and neighbourhood, agreements, overdue, kept moving, lost.
//!
//! Counts of people pass the disclosure gate ([`kith_insight::disclosure`]) here, under the
//! partnership's own policy, before they leave; nothing uncounted and nobody's name does. On the lost list stand a reference and an organisation.
//!
//! Counting goes through everybody. A small place is counted for each page. A large one
//! is counted ahead, once an hour, and the page says when it was.

mod kept;
mod lost;

pub(crate) use kept::Kept;
pub use lost::{LOST_ON_A_PAGE, LostHere, LostOne};

use crate::error::CareError;
use crate::holding::check::{Checked, Depth, LostThing};
use crate::kith::Kith;
use crate::principal::Principal;
use crate::telling_outside::standing::MailStanding;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::clock::{Wait, WaitsOfPeople, came_at, got_there_at, honest_wait, journey};
use kith_domain::coming_in::{Answered, ComingIn};
use kith_domain::id::{NeedId, OrganisationId, PersonId, ServiceId};
use kith_domain::look_question::{LookCause, LookOutcome, LookQuestion};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::organisation::OrganisationStatus;
use kith_domain::plan::Telling;
use kith_domain::record::Saved;
use kith_domain::referral::{DeclineReason, Referral, Status};
use kith_domain::settings::Settings;
use kith_domain::time::{Day, Instant, plus_days};
use kith_insight::disclosure::{OneWay, Policy, count, one_way, two_way};
pub use kith_insight::disclosure::{Shown, TwoWay};
use std::collections::{BTreeMap, BTreeSet};

/// How far back declines and waits are counted, in days.
pub const PERIOD_DAYS: i32 = 365;

/// The partnership's figures.
#[derive(Debug)]
pub struct Figures {
    /// The first day of the period.
    pub from: Day,
    /// The day they were made.
    pub to: Day,
    /// The moment at which they were counted.
    pub counted_at: Instant,
    /// People with an open plan, through the gate.
    pub people: Shown,
    /// Services that people wait for, the most first.
    pub waits: Vec<WaitRow>,
    /// The whole journey by area, from first asking to help first happening.
    pub journeys: Vec<JourneyRow>,
    /// Declines by reason, through the gate, in the order of the reasons.
    pub declines: Vec<(DeclineReason, Shown)>,
    /// All declines.
    pub declines_total: Shown,
    /// Unmet needs: neighbourhoods by areas.
    pub unmet: Unmet,
    /// Members and their agreements.
    pub members: Vec<Member>,
    /// Late things by organisation. These are things, not people.
    pub overdue: Vec<(String, u64)>,
    /// Open things. These and the next two are things, not people.
    pub open: u64,
    /// Open things past their day.
    pub late: u64,
    /// Open things whose day was moved twice or more without contact.
    pub kept_moving: u64,
    /// What is lost, by reference. None for whoever may see counts only (rule R09l).
    pub lost: Option<Vec<LostThing>>,
    /// Emergency access of the period.
    pub emergency: Emergency,
    /// Whether messages leave.
    pub mail: MailStanding,
}

/// People whose plan was opened in an emergency, by how that was judged by somebody outside the
/// team. Through the gate; the rate is made of the two numbers that are shown and of nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Emergency {
    /// It was right.
    pub right: Shown,
    /// It was not.
    pub not_right: Shown,
    /// It is still to be looked at.
    pub waiting: Shown,
    /// All of them.
    pub all: Shown,
    /// For each thousand people with an open plan, where both numbers are shown.
    pub per_thousand: Option<u64>,
}

/// People waiting for one service.
#[derive(Debug, Clone)]
pub struct WaitRow {
    /// The service.
    pub service: String,
    /// People waiting now, through the gate.
    pub waiting: Shown,
    /// The honest range in days, from at least the settings' number of people. No upper
    /// end while too many still wait to know it.
    pub range: Option<(u32, Option<u32>)>,
}

/// The whole journey in one area of life, through whatever doors (`kith_domain::clock`).
#[derive(Debug, Clone)]
pub struct JourneyRow {
    /// The area.
    pub area: Area,
    /// People still waiting for help to happen first, through the gate.
    pub waiting: Shown,
    /// The honest range in days, as in [`WaitRow`].
    pub range: Option<(u32, Option<u32>)>,
}

/// Unmet needs by place and area.
#[derive(Debug)]
pub struct Unmet {
    /// Names of the neighbourhoods: the rows.
    pub places: Vec<String>,
    /// The areas: the columns.
    pub areas: Vec<Area>,
    /// The counts, through the gate.
    pub table: TwoWay,
}

/// A member organisation.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// The last day of its agreement.
    pub until: Option<Day>,
    /// How the agreement stands.
    pub state: Agreed,
}

/// How an agreement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// In date.
    InDate,
    /// In date, and ends within 60 days.
    EndsSoon,
    /// Out of date: nothing is shared with them.
    Lapsed,
    /// There is none.
    None,
    /// The organisation has shut or is suspended.
    Shut,
}

/// What was counted, before the gate.
#[derive(Default)]
pub(crate) struct Counts {
    at: Instant,
    checked: Checked,
    neighbourhoods: BTreeMap<String, String>,
    waiting: BTreeMap<ServiceId, BTreeSet<PersonId>>,
    waits: BTreeMap<ServiceId, WaitsOfPeople>,
    names: BTreeMap<ServiceId, String>,
    /// When help first happened for a need.
    helped: BTreeMap<NeedId, Instant>,
    /// When somebody first asked for a person.
    came_in: BTreeMap<PersonId, Instant>,
    /// Each person's latest need of the period in an area, and its whole journey.
    journeys: BTreeMap<Area, BTreeMap<PersonId, (Instant, Wait)>>,
    declines: BTreeMap<DeclineReason, BTreeSet<PersonId>>,
    unmet: BTreeMap<String, BTreeMap<Area, BTreeSet<PersonId>>>,
    /// Each person once, under the latest opening of the period: right, not right, waiting.
    emergency: BTreeMap<PersonId, (Instant, usize)>,
}

impl Kith {
    /// The partnership's figures, through the gate.
    ///
    /// # Errors
    /// This actor may not see figures, or the database could not be read.
    pub async fn figures(&self, who: &Principal) -> Result<Figures, CareError> {
        let mut look = self.look(who).await?;
        let permitted = look.place(Action::Aggregate);
        let sees_lost = look.may_place(Action::ViewLost);
        look.finish_with(permitted).await?;
        let counts = self.counts(who.now).await?;
        let partnership = &who.partnership;
        let to = self.calendar().day(counts.at);
        let settings = partnership.settings();
        let (declines, declines_total) = counts.declines(settings);
        Ok(Figures {
            from: plus_days(to, -PERIOD_DAYS),
            to,
            counted_at: counts.at,
            people: count(counts.checked.open_people, &policy(settings)),
            waits: counts.wait_rows(settings),
            journeys: counts.journey_rows(settings),
            declines,
            declines_total,
            unmet: counts.unmet(settings),
            members: members(&partnership.facts.organisations, self.calendar().day(who.now)),
            overdue: overdue(&counts.checked.overdue_by, |id| {
                partnership.organisation_name(id).unwrap_or_default()
            }),
            open: counts.checked.open,
            late: counts.checked.overdue,
            kept_moving: counts.checked.kept_moving,
            lost: sees_lost.then(|| counts.checked.lost.clone()),
            emergency: counts.emergency(settings),
            mail: self.mail_standing(&mut self.store().read().await?, who.now).await?,
        })
    }

    /// Goes through everybody and counts.
    async fn count_everybody(&self, now: Instant) -> Result<Counts, CareError> {
        let mut counts = Counts { at: now, ..Counts::default() };
        let since = self.calendar().start(plus_days(self.calendar().day(now), -PERIOD_DAYS));
        let mut tx = self.store().read().await?;
        self.for_every::<Referral>(&mut tx, now, |r| {
            if let Some(person) = r.meta.person {
                counts.referral(person, &r.value, self, now, since);
                counts.helped(Some(r.value.need), came_at(r));
            }
        })
        .await?;
        self.for_every::<Telling>(&mut tx, now, |t| counts.helped(t.value.need, got_there_at(t))).await?;
        self.for_every::<ComingIn>(&mut tx, now, |c| {
            if let Some(Answered::BecamePerson { person, .. }) = c.value.answered {
                let first = counts.came_in.entry(person).or_insert(c.value.arrived_at);
                *first = c.value.arrived_at.min(*first);
            }
        })
        .await?;
        self.for_every::<Need>(&mut tx, now, |n| {
            if let Some(person) = n.meta.person {
                counts.need(person, &n.value);
                counts.journey(person, n, self, now, since);
            }
        })
        .await?;
        self.for_every::<LookQuestion>(&mut tx, now, |q| {
            if let Some(person) = q.meta.person {
                counts.emergency_of(person, &q.value, since);
            }
        })
        .await?;
        let areas = tx.list_areas("neighbourhood").await?;
        drop(tx);
        counts.neighbourhoods = areas.into_iter().map(|a| (a.code, a.name)).collect();
        counts.checked = self.check_and(Depth::Listed, now, |_| {}).await?;
        Ok(counts)
    }
}

/// The partnership's own policy: members know their own numbers exactly, so it withstands
/// someone who knows everything that is shown.
fn policy(settings: &Settings) -> Policy {
    Policy::local(settings.suppress_under.into(), settings.round_to.into())
}

fn overdue(
    late: &BTreeMap<OrganisationId, u64>,
    name: impl Fn(OrganisationId) -> String,
) -> Vec<(String, u64)> {
    let mut rows: Vec<(String, u64)> = late.iter().map(|(id, n)| (name(*id), *n)).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows
}

impl Counts {
    fn referral(&mut self, person: PersonId, r: &Referral, kith: &Kith, now: Instant, since: Instant) {
        self.names.entry(r.service).or_insert_with(|| r.service_name.clone());
        let waits = r.first_came_at.is_none()
            && matches!(r.status, Status::Requested | Status::Accepted | Status::InProgress | Status::OnHold);
        if waits {
            self.waiting.entry(r.service).or_default().insert(person);
        }
        self.waits.entry(r.service).or_default().add(person, r, now, kith.calendar());
        let declined_lately = r.ended_at.is_some_and(|at| at >= since);
        if let Some(decline) = r.decline.as_ref().filter(|_| declined_lately) {
            self.declines.entry(decline.reason).or_default().insert(person);
        }
    }

    fn emergency_of(&mut self, person: PersonId, q: &LookQuestion, since: Instant) {
        let LookCause::Emergency { opened_at, .. } = q.cause else { return };
        let judged = match q.decided.as_ref().map(|d| d.outcome) {
            Some(LookOutcome::NotRight) => 1,
            Some(_) => 0,
            None => 2,
        };
        let latest = self.emergency.get(&person).is_none_or(|(at, _)| *at <= opened_at);
        if opened_at >= since && latest {
            self.emergency.insert(person, (opened_at, judged));
        }
    }

    fn emergency(&self, settings: &Settings) -> Emergency {
        let mut by = [0u64; 3];
        self.emergency.values().for_each(|(_, judged)| by[*judged] += 1);
        let policy = policy(settings);
        let shown = one_way(&by, &policy);
        let of = |n: usize| shown.cells.get(n).copied().unwrap_or(Shown::Hidden);
        let people = count(self.checked.open_people, &policy).number();
        let rate = |(opened, people): (u64, u64)| (people > 0).then(|| (opened * 1000 + people / 2) / people);
        Emergency {
            right: of(0),
            not_right: of(1),
            waiting: of(2),
            all: shown.total,
            per_thousand: shown.total.number().zip(people).and_then(rate),
        }
    }

    fn helped(&mut self, need: Option<NeedId>, at: Option<Instant>) {
        if let (Some(need), Some(at)) = (need, at) {
            let first = self.helped.entry(need).or_insert(at);
            *first = at.min(*first);
        }
    }

    fn journey(&mut self, person: PersonId, n: &Saved<Need>, kith: &Kith, now: Instant, since: Instant) {
        if n.value.raised_at < since {
            return;
        }
        let (came_in, first) = (self.came_in.get(&person).copied(), self.helped.get(&n.id()).copied());
        let wait = journey(&n.value, came_in, first, now, kith.calendar());
        let raised = n.value.raised_at;
        let known = self.journeys.entry(n.value.area).or_default().entry(person).or_insert((raised, wait));
        if raised >= known.0 {
            *known = (raised, wait);
        }
    }

    fn journey_rows(&self, settings: &Settings) -> Vec<JourneyRow> {
        type Of = BTreeMap<PersonId, (Instant, Wait)>;
        let waiting = |of: &Of| of.values().filter(|(_, w)| matches!(w, Wait::Still(_))).count() as u64;
        let areas: Vec<(&Area, _)> = self.journeys.iter().collect();
        let shown = one_way(&areas.iter().map(|(_, of)| waiting(of)).collect::<Vec<_>>(), &policy(settings));
        let row = |((area, of), waiting): ((&Area, &Of), Shown)| {
            let waits: Vec<Wait> = of.values().map(|(_, wait)| *wait).collect();
            let range = honest_wait(&waits, settings).map(|h| (h.from, h.to));
            JourneyRow { area: *area, waiting, range }
        };
        areas.into_iter().zip(shown.cells).map(row).collect()
    }

    fn need(&mut self, person: PersonId, n: &Need) {
        let Some(unmet) = n.unmet.as_ref().filter(|_| n.status == NeedStatus::Open) else { return };
        let place = unmet.place.clone().unwrap_or_default();
        self.unmet.entry(place).or_default().entry(n.area).or_default().insert(person);
    }

    fn wait_rows(&self, settings: &Settings) -> Vec<WaitRow> {
        let services: Vec<&ServiceId> = self.waiting.keys().collect();
        let numbers: Vec<u64> = services.iter().map(|s| self.waiting[*s].len() as u64).collect();
        let shown: OneWay = one_way(&numbers, &policy(settings));
        let mut rows: Vec<(u64, WaitRow)> = services
            .iter()
            .zip(numbers)
            .zip(shown.cells)
            .map(|((service, n), waiting)| {
                let known = self.waits.get(*service).and_then(|w| honest_wait(&w.waits(), settings));
                let range = known.map(|h| (h.from, h.to));
                let name = self.names.get(*service).cloned().unwrap_or_default();
                (n, WaitRow { service: name, waiting, range })
            })
            .collect();
        // Hidden rows stand last and by name: an order by hidden counts would say too much.
        rows.sort_by(|a, b| {
            let key = |r: &(u64, WaitRow)| match r.1.waiting {
                Shown::Hidden => (1, std::cmp::Reverse(0), r.1.service.clone()),
                shown => (0, std::cmp::Reverse(shown.number().unwrap_or(0)), r.1.service.clone()),
            };
            key(a).cmp(&key(b))
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn declines(&self, settings: &Settings) -> (Vec<(DeclineReason, Shown)>, Shown) {
        let numbers: Vec<u64> =
            DeclineReason::ALL.iter().map(|r| self.declines.get(r).map_or(0, |p| p.len() as u64)).collect();
        let shown = one_way(&numbers, &policy(settings));
        (DeclineReason::ALL.into_iter().zip(shown.cells).collect(), shown.total)
    }

    fn unmet(&self, settings: &Settings) -> Unmet {
        let places: Vec<&String> = self.unmet.keys().collect();
        let areas = Area::SIX.to_vec();
        let count = |place: &String, area: &Area| {
            self.unmet.get(place).and_then(|by| by.get(area)).map_or(0, |people| people.len() as u64)
        };
        let counts: Vec<Vec<u64>> =
            places.iter().map(|place| areas.iter().map(|area| count(place, area)).collect()).collect();
        let counts = if counts.is_empty() { vec![vec![0; areas.len()]] } else { counts };
        let named = |code: &&String| match self.neighbourhoods.get(*code) {
            Some(name) => name.clone(),
            None if code.is_empty() => "Neighbourhood not known".into(),
            None => "Outside the place".into(),
        };
        Unmet {
            places: places.iter().map(named).collect(),
            areas,
            table: two_way(&counts, &policy(settings)),
        }
    }
}

fn members(
    organisations: &BTreeMap<OrganisationId, kith_domain::organisation::Organisation>,
    today: Day,
) -> Vec<Member> {
    let mut members: Vec<Member> = organisations
        .values()
        .filter(|o| !o.listed_only())
        .map(|o| {
            let until = o.agreement.as_ref().map(|a| a.until);
            let state = match (&o.status, &o.agreement) {
                (OrganisationStatus::Active, Some(a))
                    if a.in_date(today) && a.until <= plus_days(today, 60) =>
                {
                    Agreed::EndsSoon
                }
                (OrganisationStatus::Active, Some(a)) if a.in_date(today) => Agreed::InDate,
                (OrganisationStatus::Active, Some(_)) => Agreed::Lapsed,
                (OrganisationStatus::Active, None) => Agreed::None,
                _ => Agreed::Shut,
            };
            Member { name: o.name.clone(), until, state }
        })
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    members
}

//! The nightly detectors of snooping: reads the looks of the days that are over, asks the
//! rules of [`kith_domain::snooping`], and writes what they find as questions held by the
//! information-governance lead. Safe to run twice: a finding has an id computed from its
//! rule, worker, organisation and day, and is written once, under the lease.

use crate::coming_in::id_of;
use crate::error::CareError;
use crate::holding::Checking;
use crate::kith::Kith;
use crate::look::About;
use crate::partnership::Partnership;
use crate::principal::Identity;
use kith_access::PersonWorld;
use kith_domain::id::{OrganisationId, PersonId, RecordId, WorkerId};
use kith_domain::look_question::{LookCause, LookQuestion, reviewer};
use kith_domain::person::{ConflictKind, Person};
use kith_domain::plan::{Step, StepOwner};
use kith_domain::record::Author;
use kith_domain::referral::Referral;
use kith_domain::snooping::{Facts, Finding, Looked, LookedAt, Looker, Seen, address_key, find};
use kith_domain::supporter::Involvement;
use kith_domain::time::{Day, Instant, plus_days};
use kith_store::chain::ChainKind;
use kith_store::lease::Lease;
use kith_store::look::LookRow;
use kith_store::{NewRecord, Tx, Writing};
use std::collections::{BTreeMap, BTreeSet};

/// The last day that was gone through.
const DONE: &str = "snooping_done";
/// The most days that are made up for when nothing ran.
const MOST_DAYS: i32 = 31;
/// Days before a day that the rules need to see what is usual.
const BEFORE: i32 = 28;
/// Looks that one question lists; how many there are in all stands beside them.
const LISTED: usize = 50;

/// The setting in which an organisation's lead keeps well-known names.
pub(crate) fn well_known_setting(organisation: OrganisationId) -> String {
    format!("well_known_names:{organisation}")
}

impl Kith {
    /// Goes through the looks of every day that is over and was not gone through. Gives back how
    /// many questions are new.
    ///
    /// # Errors
    /// The database could not do it.
    pub(super) async fn find_snooping(&self, lease: &Lease, now: Instant) -> Result<u64, CareError> {
        let yesterday = plus_days(self.calendar().day(now), -1);
        let mut tx = self.store().read().await?;
        let done: Option<Day> = tx.find_setting(DONE).await?.and_then(|text| text.parse().ok());
        let first = done.map_or(yesterday, |d| plus_days(d, 1)).max(plus_days(yesterday, -MOST_DAYS));
        if first > yesterday {
            return Ok(0);
        }
        let partnership = self.partnership(&mut tx).await?;
        let facts = self.snooping_facts(&mut tx, &partnership, first, now).await?;
        drop(tx);
        let mut new = 0;
        let mut day = first;
        while day <= yesterday {
            for finding in find(&facts, day) {
                new += u64::from(self.keep_finding(lease, &partnership, &finding, now).await?);
            }
            day = plus_days(day, 1);
        }
        let mut tx = self.store().write().await?;
        if tx.holds_lease(lease).await? {
            tx.save_setting(DONE, &yesterday.to_string()).await?;
            tx.commit().await?;
        }
        Ok(new)
    }

    async fn keep_finding(
        &self,
        lease: &Lease,
        partnership: &Partnership,
        f: &Finding,
        now: Instant,
    ) -> Result<bool, CareError> {
        let key = format!("snooping:{}:{}:{}:{}", f.detector.code(), f.worker, f.organisation, f.day);
        let id = RecordId(id_of(&key));
        let mut tx = self.store().write().await?;
        if !tx.holds_lease(lease).await? {
            return Ok(false);
        }
        tx.lock(ChainKind::Organisation, &[f.organisation.0]).await?;
        if tx.find::<LookQuestion>(id).await?.is_some() {
            return Ok(false);
        }
        let today = partnership.today(now);
        let question = LookQuestion {
            cause: LookCause::Found {
                detector: f.detector,
                explains: f.explains.clone(),
                looks: f.looks.iter().take(LISTED).cloned().collect(),
                all: u32::try_from(f.looks.len()).unwrap_or(u32::MAX),
            },
            worker: Some(f.worker),
            name: partnership.worker_name(f.worker),
            organisation: f.organisation,
            day: f.day,
            holder: reviewer(&partnership.facts, Some(f.worker), f.organisation, today),
            made_at: now,
            due_on: self.calendar().plus_working(today, partnership.settings().finding_working_days.into()),
            due_at: None,
            asked: None,
            decided: None,
        };
        let writing = Writing { at: now, author: Author::Job, recorded_for: None, basis: "audit".to_owned() };
        let new = NewRecord { id, person: None, owner: f.organisation };
        tx.create(&writing, "found among looks", new, &question).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn snooping_facts(
        &self,
        tx: &mut Tx,
        partnership: &Partnership,
        first: Day,
        now: Instant,
    ) -> Result<Facts, CareError> {
        let settings = partnership.settings().clone();
        let back = BEFORE.max(2 * i32::from(settings.later_work_days));
        let from = self.calendar().start(plus_days(first, -back));
        let rows = tx.list_looks_at_people((from, now)).await?;
        let looks: Vec<Looked> = rows.iter().filter_map(looked).collect();
        let (homes, known) = self.people_looked_at(tx, &looks, now).await?;
        let mut well_known = BTreeMap::new();
        for organisation in partnership.facts.organisations.keys() {
            if let Some(text) = tx.find_setting(&well_known_setting(*organisation)).await? {
                well_known.insert(*organisation, text.lines().map(str::to_owned).collect());
            }
        }
        let workers = partnership
            .facts
            .workers
            .iter()
            .map(|(id, w)| (*id, Looker { name: w.name.clone(), address: homes.get(id).cloned() }));
        let works_for = partnership
            .facts
            .workers
            .iter()
            .map(|(id, w)| (*id, w.memberships.iter().map(|m| m.organisation).collect()));
        Ok(Facts {
            workers: workers.collect(),
            works_for: works_for.collect(),
            people: known,
            looks,
            well_known,
            settings,
            calendar: self.calendar().clone(),
        })
    }

    /// Where those who work here live, as far as their own plan says, and what is known of each
    /// person who was looked at.
    async fn people_looked_at(
        &self,
        tx: &mut Tx,
        looks: &[Looked],
        now: Instant,
    ) -> Result<(BTreeMap<WorkerId, String>, BTreeMap<PersonId, LookedAt>), CareError> {
        let mut homes = BTreeMap::new();
        self.for_every::<Person>(tx, now, |p| {
            for worker in themselves(&p.value) {
                homes.extend(address(&p.value).map(|a| (worker, a)));
            }
        })
        .await?;
        let people: BTreeSet<PersonId> = looks.iter().map(|l| l.person).collect();
        let (actor, standing) = Kith::job(now);
        let mut checking = Checking::new(self, &actor, &standing, now);
        let mut known = BTreeMap::new();
        for person in people {
            let records = tx.list_of_person(person).await?;
            let about = About { person, world: PersonWorld::of(person), records };
            let them = checking.open_all(&about.world, about.records.of::<Person>()?)?;
            let Some(them) = them.into_iter().next() else { continue };
            let p = &them.value;
            let mut with: BTreeSet<WorkerId> = p.holder.lead.into_iter().collect();
            let involved = checking.open_all(&about.world, about.records.of::<Involvement>()?)?;
            with.extend(involved.iter().filter_map(|i| i.value.worker));
            for r in checking.open_all(&about.world, about.records.of::<Referral>()?)? {
                with.extend([r.value.sender.worker, r.value.receiver.worker].into_iter().flatten());
            }
            for s in checking.open_all(&about.world, about.records.of::<Step>()?)? {
                with.extend(s.value.holder.lead);
                if let StepOwner::Worker { worker, .. } = s.value.owner {
                    with.insert(worker);
                }
            }
            let names = p.names.iter().map(|n| n.text.clone()).chain([p.called.clone()]).collect();
            known.insert(person, LookedAt { names, address: address(p), is: themselves(p), with });
        }
        Ok((homes, known))
    }
}

fn themselves(p: &Person) -> BTreeSet<WorkerId> {
    p.conflicts.iter().filter(|c| c.kind == ConflictKind::Themselves).map(|c| c.worker).collect()
}

fn address(p: &Person) -> Option<String> {
    p.address.known().and_then(|a| address_key(&a.lines, a.postcode.as_deref()))
}

/// A worker's look; none for anybody else's.
fn looked(row: &LookRow) -> Option<Looked> {
    let Ok(Identity::Worker { worker, organisation, role }) = serde_json::from_str(&row.who) else {
        return None;
    };
    Some(Looked {
        at: Instant(row.at),
        worker,
        organisation,
        role,
        person: PersonId(row.person?),
        seen: match row.outcome.as_str() {
            "changed" => Seen::Changed,
            "denied" => Seen::Denied,
            _ => Seen::Opened,
        },
        close: row.basis.split([',', ' ']).any(|rule| rule == "R05"),
        emergency: row.basis.split(", ").any(|b| b == "break_glass"),
        parts: row.parts.clone(),
    })
}

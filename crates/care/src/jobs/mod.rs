//! What runs by itself. Jobs only tell people: who holds what never depends on them.
//!
//! Every job is safe to run twice and on several servers: it takes a lease by the
//! database's clock, checks the lease's fence in the transaction of its own writes, and
//! every message has a key under which it is told once.

mod by_link;
pub(crate) mod snoop;

use crate::error::CareError;
use crate::holding::check::{Depth, LostThing};
use crate::kith::Kith;
use crate::telling_outside::again::Guard;
use kith_domain::contact::{AboutNobody, MayLeave};
use kith_domain::holding::{Held, PartnershipFacts};
use kith_domain::id::{OrganisationId, WorkerId};
use kith_domain::organisation::{WorkRole, Worker};
use kith_domain::time::{Day, Instant};
use kith_store::lease::Lease;
use kith_store::outbox::NewMessage;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Seconds for which one run holds the lease. A run that takes longer loses it.
const LEASE_SECONDS: i64 = 600;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ran {
    /// Another server holds the lease: nothing was done.
    pub elsewhere: bool,
    /// Things past their day.
    pub overdue: u64,
    /// Things that are lost.
    pub lost: u64,
    /// Workers told about things for today or past their day.
    pub told: u64,
    /// Questions that the detectors of snooping found.
    pub found: u64,
    /// Leads told about what has risen to them.
    pub risen: u64,
    /// Receivers without an account told that an answer is due.
    pub by_link: u64,
    /// Entries of the directory about which whoever runs them was asked.
    pub listings: u64,
}

impl Kith {
    /// The nightly check and the day's reminders: each worker who has something for
    /// today or past its day is told so once, without content; each lead is told how
    /// many things have risen to them; check-ins while people wait are among what
    /// `holding` gives each holder. What is lost is told, as a number, to the two of the net
    /// and to the service leads of the organisation that lost it. Receivers without an account are reminded by a link.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn run_daily(&self, holder: Uuid, now: Instant) -> Result<Ran, CareError> {
        let Some(lease) = self.lease("daily", holder).await? else {
            return Ok(Ran { elsewhere: true, ..Ran::default() });
        };
        self.run_daily_under(&lease, now).await
    }

    /// The same under a lease that was taken. Where another server has taken it over
    /// meanwhile, nothing is written: each writer asks in its own transaction.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn run_daily_under(&self, lease: &Lease, now: Instant) -> Result<Ran, CareError> {
        let today = self.calendar().day(now);
        let mut mine: BTreeMap<WorkerId, u64> = BTreeMap::new();
        let mut risen: BTreeMap<WorkerId, u64> = BTreeMap::new();
        let mut replies = Vec::new();
        let checked = self
            .check_and(Depth::Lists, now, |h| {
                if h.next.on <= today
                    && let Some(worker) = h.holder.acts()
                {
                    *mine.entry(worker).or_default() += 1;
                }
                replies.extend(self.may_remind(h, today));
                if let Some(worker) = risen_to(h) {
                    *risen.entry(worker).or_default() += 1;
                }
            })
            .await?;
        let mut read = self.store().read().await?;
        let partnership = self.partnership(&mut read).await?;
        drop(read);
        let mut messages = Vec::new();
        for (worker, n) in &mine {
            messages.extend(self.reminder(&partnership, *worker, *n, "today", today, now));
        }
        for (worker, n) in &risen {
            messages.extend(self.reminder(&partnership, *worker, *n, "risen", today, now));
        }
        for (worker, n) in who_must_know(&partnership.facts, &checked.lost, today) {
            messages.extend(self.reminder(&partnership, worker, n, "lost", today, now));
        }
        self.tell(lease, &messages).await?;
        let by_link = self.remind_by_link(lease, &replies, now).await?;
        let found = self.find_snooping(lease, now).await?;
        let listings = self.ask_whether_right(lease, now).await?;
        Ok(Ran {
            elsewhere: false,
            found,
            overdue: checked.overdue,
            lost: checked.lost.len() as u64,
            told: mine.len() as u64,
            risen: risen.len() as u64,
            by_link,
            listings,
        })
    }

    async fn lease(&self, name: &str, holder: Uuid) -> Result<Option<Lease>, CareError> {
        let mut tx = self.store().write().await?;
        let lease = tx.take_lease(name, holder, LEASE_SECONDS).await?;
        tx.commit().await?;
        Ok(lease)
    }

    /// Puts messages in the outbox, unless the lease has gone to another.
    async fn tell(&self, lease: &Lease, messages: &[NewMessage]) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        if !tx.holds_lease(lease).await? {
            return Ok(());
        }
        for message in messages {
            tx.record_message(message, MayLeave::AboutNobody(AboutNobody::Reminder)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// A reminder to a worker's own work address. It names nobody and says how many
    /// things wait. One a worker, kind and day.
    fn reminder(
        &self,
        partnership: &crate::Partnership,
        worker: WorkerId,
        n: u64,
        kind: &str,
        day: Day,
        now: Instant,
    ) -> Option<NewMessage> {
        let address = partnership.worker(worker)?.email.clone()?;
        let things = if n == 1 { "1 thing".to_owned() } else { format!("{n} things") };
        let (subject, body) = match kind {
            "lost" => (
                "Kith: something is lost",
                format!(
                    "{things} without anybody who holds it, or without a day. Open Lost in Kith and put it \
                     right today. If you have no such page, ask your service lead or manager now."
                ),
            ),
            "risen" => (
                "Kith: late with somebody else",
                format!("{things} have risen to you. Open Today in Kith to see them."),
            ),
            _ => (
                "Kith: for today",
                format!("{things} are for today or past their day. Open Today in Kith to see them."),
            ),
        };
        Some(NewMessage {
            id: Uuid::now_v7(),
            at: now.0,
            person: None,
            channel: "email".into(),
            address,
            subject: subject.into(),
            body,
            dedupe: format!("{kind}:{worker}:{day}"),
            guard: Guard::Reminder { worker, about: day }.stored().ok()?,
        })
    }
}

/// Who is told that something is lost, and of how much: the two people of the net of all of it,
/// the service leads of an organisation, or its lead where it has none, of what it lost.
fn who_must_know(facts: &PartnershipFacts, lost: &[LostThing], today: Day) -> BTreeMap<WorkerId, u64> {
    let mut told = BTreeMap::new();
    if lost.is_empty() {
        return told;
    }
    let mut at: BTreeMap<OrganisationId, u64> = BTreeMap::new();
    for organisation in lost.iter().filter_map(|l| l.organisation_id) {
        *at.entry(organisation).or_default() += 1;
    }
    for (organisation, n) in at {
        let leads = |w: &Worker| w.roles(organisation, today).contains(&WorkRole::ServiceLead);
        let active = facts.workers.iter().filter(|(_, w)| w.active(today) && leads(w));
        let mut whom: Vec<WorkerId> = active.map(|(id, _)| *id).collect();
        if whom.is_empty() {
            whom.extend(facts.organisations.get(&organisation).and_then(|o| o.lead));
        }
        for worker in whom {
            *told.entry(worker).or_default() += n;
        }
    }
    let net = &facts.place;
    let lead = facts.teams.get(&net.net_team).and_then(|t| t.lead);
    for named in lead.into_iter().chain([net.net_second]) {
        let there = facts.acts_for(named, net.net_organisation, today).unwrap_or(named);
        told.insert(there, lost.len() as u64);
    }
    told
}

/// The lead to whom a late thing has risen.
fn risen_to(held: &Held) -> Option<WorkerId> {
    held.risen.as_ref().and_then(|r| r.worker)
}

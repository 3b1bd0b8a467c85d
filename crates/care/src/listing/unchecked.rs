//! Is all of it still right? Before three months are over, whoever runs a service or a group is sent
//! one message with a link. It opens that entry and nothing else, for three weeks, and needs no
//! account. When nobody answers, whoever keeps the directory has it with a date: there is no second
//! message.
//!
//! Opening the link changes nothing: mail programs open links by themselves. Answering ends it. The
//! secret is kept only as its hash, in the question that waits for the answer.

use super::correct::put_right;
use super::{Stored, stored};
use crate::error::CareError;
use crate::kith::Kith;
use crate::partnership::Partnership;
use crate::principal::Principal;
use crate::sign_in::session::{hash_of, secret};
use crate::telling_outside::SITE;
use crate::telling_outside::again::{Guard, hex_of};
use kith_domain::contact::{AboutNobody, MayLeave};
use kith_domain::directory::ServiceStatus;
use kith_domain::directory::correct::Correction;
use kith_domain::id::{ListingQuestionId, OrganisationId, RecordId};
use kith_domain::listing_question::{
    LINK_DAYS, Listed, ListingCause, ListingOutcome, ListingQuestion, REMIND_AFTER_DAYS, to_remind,
};
use kith_domain::next_date::{NextDate, words_of};
use kith_domain::record::{Author, Saved};
use kith_domain::text::is_email;
use kith_domain::time::{Day, Instant, plus_days};
use kith_store::chain::ChainKind;
use kith_store::lease::Lease;
use kith_store::outbox::NewMessage;
use kith_store::{NewRecord, WriteTx, Writing};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Entries that are asked about in one day at most, those that nobody checked for longest first:
/// so that whoever keeps the directory is never given more than they can ring.
const A_DAY: usize = 20;
/// Days that whoever runs it has before the keeper rings them.
const ANSWER_DAYS: i32 = 14;
/// What stands in the journal for an answer that came by the link of a reminder.
const BY_LINK: &str = "listing_link";

/// An entry as whoever runs it sees it by their link.
#[derive(Clone, Debug)]
pub struct ByLink {
    /// Which entry.
    pub about: Listed,
    /// The entry.
    pub entry: Stored,
    /// The link works until this day.
    pub until: Day,
}

/// An entry that may be asked about.
struct Entry {
    about: Listed,
    name: String,
    organisation: OrganisationId,
    address: Option<String>,
    checked: Option<Day>,
    running: bool,
}

impl Kith {
    /// Asks those who run an entry that nobody has checked for 80 days. One message each; none about
    /// an entry that was asked about in those days. Gives back how many were asked about.
    ///
    /// # Errors
    /// The database could not do it.
    pub(crate) async fn ask_whether_right(&self, lease: &Lease, now: Instant) -> Result<u64, CareError> {
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let due = self.due_for_asking(&mut tx, &partnership, now).await?;
        drop(tx);
        let mut asked = 0;
        for entry in due {
            let mut tx = self.store().write().await?;
            if !tx.holds_lease(lease).await? {
                return Ok(asked);
            }
            self.ask_one(&mut tx, &partnership, &entry, now).await?;
            tx.commit().await?;
            asked += 1;
        }
        Ok(asked)
    }

    async fn due_for_asking(
        &self,
        tx: &mut kith_store::Tx,
        partnership: &Partnership,
        now: Instant,
    ) -> Result<Vec<Entry>, CareError> {
        let today = self.calendar().day(now);
        let directory = self.directory(tx).await?;
        let lately = self.calendar().start(plus_days(today, -REMIND_AFTER_DAYS));
        let questions = tx.list_common::<ListingQuestion>().await?;
        let asked: BTreeSet<Listed> = questions
            .iter()
            .filter(|q| matches!(q.value.cause, ListingCause::Unchecked { .. }))
            .filter(|q| q.value.settled.is_none() || q.value.raised_at > lately)
            .map(|q| q.value.about)
            .collect();
        let services = directory.services.iter().map(|(id, s)| Entry {
            about: Listed::Service(*id),
            name: s.value.name.clone(),
            organisation: s.value.organisation,
            address: s.value.contact.email.clone(),
            checked: s.value.checked,
            running: s.value.status == ServiceStatus::Active,
        });
        let groups = directory.groups.iter().map(|(id, g)| Entry {
            about: Listed::Group(*id),
            name: g.value.name.clone(),
            organisation: g.value.organisation,
            address: g.value.contact.email.clone(),
            checked: g.value.checked,
            running: g.value.status == ServiceStatus::Active,
        });
        let mut due: Vec<Entry> = services
            .chain(groups)
            .filter(|e| to_remind(e.running, e.checked, today) && !asked.contains(&e.about))
            .collect();
        // An entry of a list that others keep is that list's to check, where nobody here can be written to.
        let mut seen: BTreeMap<OrganisationId, Option<String>> = BTreeMap::new();
        for e in &mut due {
            let own = seen
                .entry(e.organisation)
                .or_insert_with(|| partnership.organisation(e.organisation).and_then(|o| o.email.clone()));
            e.address = e.address.take().or_else(|| own.clone()).filter(|a| is_email(a));
        }
        due.sort_by_key(|one| (one.checked, one.about));
        let is_today = |q: &&Saved<ListingQuestion>| {
            matches!(q.value.cause, ListingCause::Unchecked { .. })
                && self.calendar().day(q.value.raised_at) == today
        };
        due.truncate(A_DAY.saturating_sub(questions.iter().filter(is_today).count()));
        Ok(due)
    }

    async fn ask_one(
        &self,
        tx: &mut WriteTx,
        partnership: &Partnership,
        entry: &Entry,
        now: Instant,
    ) -> Result<(), CareError> {
        let net = partnership.facts.place.net_organisation;
        tx.lock(ChainKind::Organisation, &[net.0]).await?;
        let today = self.calendar().day(now);
        let link = secret()?;
        let code = hex_of(&hash_of(&link));
        let until = now.plus_days(LINK_DAYS);
        // Whom nobody can write to, the keeper rings at once.
        let (until, on) = match entry.address {
            Some(_) => (until, plus_days(today, ANSWER_DAYS)),
            None => (now, plus_days(today, 7)),
        };
        let q = ListingQuestion {
            about: entry.about,
            name: entry.name.clone(),
            cause: ListingCause::Unchecked { code, until },
            words: String::new(),
            raised_by: Author::Job,
            raised_at: now,
            next: NextDate::new("Ring them and go through it", on),
            settled: None,
            undone: None,
        };
        let id = RecordId(Uuid::now_v7());
        let writing = Writing { at: now, author: Author::Job, recorded_for: None, basis: "telling".into() };
        tx.create(&writing, "asked whether it is right", NewRecord { id, person: None, owner: net }, &q)
            .await?;
        let Some(address) = entry.address.clone() else { return Ok(()) };
        let body = format!(
            "Hello,\n\n{} is in our directory of support. Is all of it still right?\n\
             It takes two minutes, and you need no account. Look here:\n{SITE}/check-listing/{id}/{link}\n\n\
             The link works until {}. We ask only once. After that somebody rings you.\n\n\
             Please do not answer this email.\n",
            entry.name,
            words_of(self.calendar().day(until)),
        );
        let message = NewMessage {
            id: Uuid::now_v7(),
            at: now.0,
            person: None,
            channel: "email".into(),
            address,
            subject: "Is this still right?".into(),
            body,
            dedupe: format!("listing:{id}"),
            guard: Guard::Listing { question: ListingQuestionId(id.0) }.stored()?,
        };
        tx.record_message(&message, MayLeave::AboutNobody(AboutNobody::Listing)).await?;
        Ok(())
    }

    /// What a link opens: its own entry, while it waits for an answer.
    ///
    /// # Errors
    /// The link is not one of ours, works no more, or the entry is gone.
    pub async fn listing_by_link(
        &self,
        who: &Principal,
        id: ListingQuestionId,
        link: &str,
    ) -> Result<ByLink, CareError> {
        let mut tx = self.store().read().await?;
        let saved = waiting(&mut tx, id, link, who.now).await?;
        let directory = self.directory(&mut tx).await?;
        let (about, entry) = stored(&directory, saved.value.about)?;
        let ListingCause::Unchecked { until, .. } = saved.value.cause else { return Err(CareError::Missing) };
        Ok(ByLink { about, entry, until: self.calendar().day(until) })
    }

    /// Keeps what whoever runs an entry says of it: all of it as they sent it, checked today.
    /// Afterwards the link opens nothing any more.
    ///
    /// # Errors
    /// The link works no more, a field needs another look, or the entry was changed since the page was
    /// opened (`version` is the one that it showed).
    pub async fn answer_by_link(
        &self,
        who: &Principal,
        id: ListingQuestionId,
        link: &str,
        (said, version): (&Correction, Option<u32>),
    ) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        let net = who.partnership.facts.place.net_organisation;
        let about = waiting(&mut tx, id, link, who.now).await?.value.about;
        let directory = self.directory(&mut tx).await?;
        let (about, entry) = stored(&directory, about)?;
        let mut chains = vec![net.0, entry.owner().0];
        chains.sort_unstable();
        chains.dedup();
        tx.lock(ChainKind::Organisation, &chains).await?;
        // Once more under the lock: two answers at once are one answer.
        let saved = waiting(&mut tx, id, link, who.now).await?;
        let directory = self.directory(&mut tx).await?;
        let (about, entry) = stored(&directory, about)?;
        if version != Some(entry.version()) {
            return Err(CareError::Conflict { expected: version.unwrap_or(0), now: entry.version() });
        }
        let author = Author::LinkHolder { organisation: entry.organisation() };
        let writing = Writing { at: who.now, author, recorded_for: None, basis: BY_LINK.into() };
        let today = self.calendar().day(who.now);
        let corrected = put_right(&mut tx, &writing, about, said, today).await?;
        let outcome = ListingOutcome::Checked { corrected };
        let after = saved.value.settled(author, outcome, "", who.now);
        tx.change(&writing, "question about an entry settled", &saved.meta, &after).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The question that a link answers, while it does.
async fn waiting(
    tx: &mut kith_store::Tx,
    id: ListingQuestionId,
    link: &str,
    now: Instant,
) -> Result<Saved<ListingQuestion>, CareError> {
    let found = tx.find_common::<ListingQuestion>(id).await?.ok_or(CareError::Missing)?;
    let opens = found.value.opens(&hex_of(&hash_of(link)), now);
    opens.then_some(found).ok_or(CareError::Missing)
}

//! "This is not right": said in one tap by anybody who works here, held by whoever keeps the
//! directory until somebody has looked, and shown beside the entry meanwhile.

use super::{Stored, stored};
use crate::change::loose::{BegunLoose, Loose};
use crate::error::CareError;
use crate::import::said::differences;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::directory::{Group, Service, ServiceStatus};
use kith_domain::holding::directory_keeper;
use kith_domain::id::{ListingQuestionId, OrganisationId, ServiceId};
use kith_domain::listing_question::{Doubt, Listed, ListingCause, ListingOutcome, ListingQuestion};
use kith_domain::record::{Author, Saved};
use kith_domain::text::{WORDS, words_or_none};
use kith_domain::time::{Day, Instant};
use kith_store::NewRecord;
use kith_store::chain::ChainKind;
use kith_store::versions::CommonVersion;
use uuid::Uuid;

/// What stands in the journal of an entry after a question about it was settled.
const LOOKED_AT: &str = "looked at, because somebody asked";
/// How many settled questions stand on the list.
const SETTLED: usize = 25;

/// What whoever keeps the directory has to look at.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Open ones, the soonest day first.
    pub open: Vec<(ListingQuestionId, ListingQuestion)>,
    /// The newest settled ones.
    pub settled: Vec<(ListingQuestionId, ListingQuestion)>,
    /// Who holds the open ones.
    pub keeper: Option<String>,
}

/// One question with the entry it is about.
#[derive(Clone, Debug)]
pub struct QuestionPage {
    /// The question as it is stored.
    pub saved: Saved<ListingQuestion>,
    /// The entry as it stands; none when it is gone.
    pub entry: Option<(Listed, Stored)>,
    /// Who holds it.
    pub keeper: Option<String>,
    /// Who said it: an organisation, or a list.
    pub from: String,
}

/// One change of an entry.
#[derive(Clone, Debug)]
pub struct Past {
    /// When.
    pub at: Instant,
    /// What was done.
    pub action: String,
    /// By whom: an organisation, a list, or whoever runs it.
    pub by: String,
    /// What was different, in words.
    pub what: Vec<String>,
}

/// How somebody settles what was said of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settle {
    /// It was put right.
    PutRight,
    /// It was right as it stood.
    WasRight,
    /// It has ended.
    Ended,
}

impl Kith {
    /// Says that something about an entry is not right. Saying it again while the same is open
    /// changes nothing.
    ///
    /// # Errors
    /// There is no such entry, or only those who work here may say so.
    pub async fn doubt_listing(
        &self,
        who: &Principal,
        about: Listed,
        (what, words): (Doubt, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        who.worker()?;
        let words =
            words_or_none(words, WORDS).map_err(|e| CareError::field("words", e))?.unwrap_or_default();
        let net = who.partnership.facts.place.net_organisation;
        let mut change = match self.change_beside(who, net, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let basis = change.permit_place(Action::BrowseDirectory)?;
        let directory = self.directory(&mut change.tx).await?;
        let (about, entry) = stored(&directory, about)?;
        let path = about.path();
        let partnership = self.partnership(&mut change.tx).await?;
        let same = |q: &ListingQuestion| {
            q.about == about && matches!(q.cause, ListingCause::Said { what: w } if w == what)
        };
        if words.is_empty() && partnership.facts.listing_questions.values().any(same) {
            return change.finish(&path).await;
        }
        let today = partnership.today(who.now);
        let q =
            ListingQuestion::said((about, entry.name()), (what, &words), who.actor.author(), who.now, today);
        ask(&mut change, &basis, net, &q).await?;
        change.finish(&path).await
    }

    /// What is open about an entry: shown beside it.
    pub fn open_doubts(&self, who: &Principal, about: Listed) -> Vec<ListingQuestion> {
        let all = who.partnership.facts.listing_questions.values();
        let mut found: Vec<_> = all
            .filter(|q| q.about == about && matches!(q.cause, ListingCause::Said { .. }))
            .cloned()
            .collect();
        found.sort_by_key(|q| q.raised_at);
        found
    }

    /// Everything to look at.
    ///
    /// # Errors
    /// It is not theirs to keep, or the database could not be read.
    pub async fn listing_queue(&self, who: &Principal) -> Result<Queue, CareError> {
        let mut look = self.look(who).await?;
        let permitted = look.place(Action::KeepListing);
        let all = match permitted {
            Ok(()) => look.tx.list_common::<ListingQuestion>().await.map_err(CareError::from),
            Err(no) => Err(no),
        };
        let all = look.finish_with(all).await?;
        let each = all.into_iter().map(|q| (q.id::<ListingQuestionId>(), q.value));
        let (mut open, mut settled): (Vec<_>, Vec<_>) = each.partition(|(_, q)| q.settled.is_none());
        open.sort_by_key(|(id, q)| (q.next.on, *id));
        settled.sort_by_key(|(id, q)| (q.settled.as_ref().map(|s| std::cmp::Reverse(s.at)), *id));
        settled.truncate(SETTLED);
        Ok(Queue { open, settled, keeper: keeper_name(who) })
    }

    /// One question.
    ///
    /// # Errors
    /// It is not there, or not theirs to keep.
    pub async fn listing_question(
        &self,
        who: &Principal,
        id: ListingQuestionId,
    ) -> Result<QuestionPage, CareError> {
        let mut look = self.look(who).await?;
        let found = match look.place(Action::KeepListing) {
            Ok(()) => match look.tx.find_common::<ListingQuestion>(id).await? {
                Some(saved) => {
                    let directory = look.kith.directory(&mut look.tx).await?;
                    let entry = stored(&directory, saved.value.about).ok();
                    let from = by_words(who, saved.value.raised_by);
                    Ok(QuestionPage { saved, entry, keeper: keeper_name(who), from })
                }
                None => Err(CareError::Missing),
            },
            // That there is a question is nobody's to know but those who keep the directory.
            Err(_) => Err(CareError::Missing),
        };
        look.finish_with(found).await
    }

    /// Settles what was said of an entry. When it has ended, the entry says so from now on; when it
    /// is right, it was checked today.
    ///
    /// # Errors
    /// It was settled before, or it is not theirs to do.
    pub async fn settle_doubt(
        &self,
        who: &Principal,
        id: ListingQuestionId,
        (how, words): (Settle, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let words =
            words_or_none(words, WORDS).map_err(|e| CareError::field("words", e))?.unwrap_or_default();
        let (mut change, saved) = match self.change_question(who, id, submission).await? {
            Err(answer) => return Ok(answer),
            Ok(begun) => begun,
        };
        let directory = self.directory(&mut change.tx).await?;
        if let Ok((about, entry)) = stored(&directory, saved.value.about) {
            change.tx.lock(ChainKind::Organisation, &[entry.owner().0]).await?;
            // Read again under the lock: somebody may have saved it meanwhile.
            let today = self.calendar().day(who.now);
            let ended = how == Settle::Ended;
            match about {
                Listed::Service(id) => {
                    let now = change.tx.find_common::<Service>(id).await?.ok_or(CareError::Missing)?;
                    let status = if ended { ServiceStatus::Defunct } else { now.value.status };
                    let after = Service { status, checked: Some(today), ..now.value.clone() };
                    let basis = change.permit_about_place(&now, Action::KeepListing)?;
                    let writing = change.writing(&basis);
                    change.tx.change(&writing, LOOKED_AT, &now.meta, &after).await?;
                }
                Listed::Group(id) => {
                    let now = change.tx.find_common::<Group>(id).await?.ok_or(CareError::Missing)?;
                    let status = if ended { ServiceStatus::Defunct } else { now.value.status };
                    let after = Group { status, checked: Some(today), ..now.value.clone() };
                    let basis = change.permit_about_place(&now, Action::KeepListing)?;
                    let writing = change.writing(&basis);
                    change.tx.change(&writing, LOOKED_AT, &now.meta, &after).await?;
                }
            }
        }
        let outcome = match how {
            Settle::PutRight => ListingOutcome::PutRight,
            Settle::WasRight => ListingOutcome::WasRight,
            Settle::Ended => ListingOutcome::Ended,
        };
        let after = saved.value.settled(who.actor.author(), outcome, &words, who.now);
        let writing = change.writing("directory");
        change.tx.change(&writing, "question about an entry settled", &saved.meta, &after).await?;
        change.finish("/directory").await
    }

    /// Chooses another day for a question, with a reason.
    ///
    /// # Errors
    /// The day cannot be a next date, no reason is given, or it is not theirs to do.
    pub async fn move_listing_question(
        &self,
        who: &Principal,
        id: ListingQuestionId,
        (on, reason): (Day, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (mut change, saved) = match self.change_question(who, id, submission).await? {
            Err(answer) => return Ok(answer),
            Ok(begun) => begun,
        };
        let (today, settings) = (self.calendar().day(who.now), who.partnership.settings());
        let after = saved.value.moved(on, reason, who.now, today, settings).map_err(|why| {
            let field =
                if matches!(why, kith_domain::next_date::BadNextDate::NoReason) { "reason" } else { "on" };
            CareError::field(field, format!("{why}."))
        })?;
        let writing = change.writing("directory");
        change.tx.change(&writing, "day moved", &saved.meta, &after).await?;
        change.finish(&format!("/directory/questions/{id}")).await
    }

    /// Begins a change of an open question. The inner error is the answer to a form sent before.
    pub(super) async fn change_question<'a>(
        &'a self,
        who: &'a Principal,
        id: ListingQuestionId,
        submission: Option<Uuid>,
    ) -> Result<Result<(Box<Loose<'a>>, Saved<ListingQuestion>), String>, CareError> {
        let net = who.partnership.facts.place.net_organisation;
        let mut change = match self.change_beside(who, net, submission).await? {
            BegunLoose::Before(answer) => return Ok(Err(answer)),
            BegunLoose::Go(change) => change,
        };
        change.permit_place(Action::KeepListing).map_err(|_| CareError::Missing)?;
        let saved = change.tx.find_common::<ListingQuestion>(id).await?.ok_or(CareError::Missing)?;
        if saved.value.settled.is_some() {
            return Err(CareError::refused("Somebody settled this already. Open the list again."));
        }
        Ok(Ok((change, saved)))
    }

    /// What was changed of an entry, newest first.
    ///
    /// # Errors
    /// There is no such entry, or only those who work here may read it.
    pub async fn listing_history(
        &self,
        who: &Principal,
        about: Listed,
    ) -> Result<(String, Vec<Past>), CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        look.place(Action::BrowseDirectory)?;
        let directory = look.kith.directory(&mut look.tx).await?;
        let found = match stored(&directory, about) {
            Ok((Listed::Service(id), entry)) => {
                let all = look.tx.list_versions_common::<Service>(id).await?;
                Ok((entry.name().to_owned(), past(who, &all, differences)))
            }
            Ok((Listed::Group(id), entry)) => {
                let all = look.tx.list_versions_common::<Group>(id).await?;
                Ok((entry.name().to_owned(), past(who, &all, differences)))
            }
            Err(no) => Err(no),
        };
        look.finish_with(found).await
    }

    /// The service that stands for this one, when another does.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn stands_for(&self, who: &Principal, id: ServiceId) -> Result<Option<ServiceId>, CareError> {
        let mut look = self.look(who).await?;
        let directory = look.kith.directory(&mut look.tx).await?;
        look.finish_with(Ok(directory.stands_for(id).filter(|other| *other != id))).await
    }
}

/// Writes a new question.
pub(super) async fn ask(
    change: &mut Loose<'_>,
    basis: &str,
    owner: OrganisationId,
    q: &ListingQuestion,
) -> Result<ListingQuestionId, CareError> {
    let id = kith_domain::id::RecordId(Uuid::now_v7());
    let writing = change.writing(basis);
    let saved =
        change.tx.create(&writing, "asked about an entry", NewRecord { id, person: None, owner }, q).await?;
    Ok(saved.id())
}

fn keeper_name(who: &Principal) -> Option<String> {
    let today = who.partnership.today(who.now);
    directory_keeper(&who.partnership.facts, today).map(|w| who.partnership.worker_name(w))
}

/// Who it was, by their organisation and never by name.
fn by_words(who: &Principal, author: Author) -> String {
    let of = |id| who.partnership.organisation_name(id).unwrap_or_else(|| "an organisation".into());
    match author {
        Author::Worker { organisation, .. } => format!("Somebody at {}", of(organisation)),
        Author::LinkHolder { organisation } => format!("Whoever runs it, at {}", of(organisation)),
        Author::Job => "Kith".to_owned(),
        Author::Operator => "A list that was brought in".to_owned(),
        Author::Person { .. } | Author::Supporter { .. } | Author::Public => "Somebody".to_owned(),
    }
}

fn past<T>(who: &Principal, all: &[CommonVersion<T>], differ: impl Fn(&T, &T) -> Vec<String>) -> Vec<Past> {
    let mut found: Vec<Past> = Vec::with_capacity(all.len());
    for (n, version) in all.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| all.get(n)).and_then(|v| v.value.as_ref());
        let what = match (before, &version.value) {
            (Some(before), Some(now)) => differ(before, now),
            _ => Vec::new(),
        };
        found.push(Past {
            at: version.at,
            action: version.action.clone(),
            by: by_words(who, version.author),
            what,
        });
    }
    found.reverse();
    found
}

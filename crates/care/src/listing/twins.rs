//! One of each: services that may be one, found by how much they agree (`kith_linkage`), each with
//! its reasons and their weight. Nothing is ever joined by itself. Somebody who keeps the directory
//! says: one service, two services, or one service at two places; and that two are one can be taken
//! back.
//!
//! What is joined leads to the one that stands: its page, requests, space and what people say of it
//! ([`kith_domain::directory::one`]).

use super::doubt::ask;
use crate::change::loose::{BegunLoose, Loose};
use crate::directory::Directory;
use crate::error::{CareError, Fault};
use crate::import::said::compared;
use crate::kith::Kith;
use crate::partnership::Partnership;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::directory::Service;
use kith_domain::directory::one::{self, CannotJoin};
use kith_domain::id::{ListingQuestionId, ServiceId};
use kith_domain::listing_question::{
    LOOK_DAYS, Listed, ListingCause, ListingOutcome, ListingQuestion, ListingUndone, Weighed,
};
use kith_domain::next_date::NextDate;
use kith_domain::record::Saved;
use kith_domain::text::{WORDS, words_or_none};
use kith_domain::time::plus_days;
use kith_linkage::{Band, Frequencies, Listing, Model, Prepared, Verdict, compare, suggestions};
use kith_store::chain::ChainKind;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// What more than so many listings share is no reason to compare them.
const TOO_COMMON: usize = 60;
/// Pairs on the page at once.
const SHOWN: usize = 25;

/// What was worked out last, and of which directory.
#[derive(Default)]
pub(crate) struct Twins(RwLock<Option<Arc<Known>>>);

/// The services of a directory, compared.
struct Known {
    directory: Arc<Directory>,
    ids: Vec<ServiceId>,
    prepared: Vec<Prepared>,
    frequencies: Frequencies,
    /// Those worth a look, the likeliest first.
    pairs: Vec<(usize, usize, Verdict)>,
}

/// Two services that may be one.
#[derive(Clone, Debug)]
pub struct TwinLine {
    /// The two, the lower id first.
    pub pair: (ServiceId, ServiceId),
    /// Their names and organisations.
    pub names: [(String, String); 2],
    /// Is it put forward, or only worth a look?
    pub likely: bool,
    /// The reasons, the weightiest first, in words.
    pub why: Vec<&'static str>,
}

/// Everything that may be one.
#[derive(Clone, Debug)]
pub struct TwinsPage {
    /// To be decided, the likeliest first.
    pub open: Vec<TwinLine>,
    /// How many more there are.
    pub more: usize,
    /// What was decided, newest first.
    pub decided: Vec<(ListingQuestionId, ListingQuestion)>,
}

/// Two services beside each other.
#[derive(Clone, Debug)]
pub struct TwinPage {
    /// The two, the lower id first.
    pub two: [(ServiceId, Service, String); 2],
    /// How likely it is that they are one, 0 to 1.
    pub probability: f64,
    /// Every reason with its weight in bits, the weightiest first.
    pub why: Vec<(&'static str, f64)>,
    /// What was decided about them, if anything, with its question.
    pub decided: Option<(ListingQuestionId, ListingQuestion)>,
}

/// What somebody says of two services.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TwinAnswer {
    /// They are one, and this one stands.
    One(ServiceId),
    /// They are two.
    Two,
    /// One service at two places: both stand.
    TwoPlaces,
}

/// A service as it is compared.
fn listing(s: &Service, partnership: &Partnership) -> Listing {
    compared(s, &partnership.organisation_name(s.organisation).unwrap_or_default())
}

fn work_out(directory: Arc<Directory>, partnership: &Partnership) -> Known {
    let ids: Vec<ServiceId> = directory.services.keys().copied().collect();
    let all: Vec<Listing> = directory.services.values().map(|s| listing(&s.value, partnership)).collect();
    let found = suggestions(&Model::default(), &all, TOO_COMMON);
    let prepared: Vec<Prepared> = all.iter().map(Prepared::of).collect();
    let frequencies = Frequencies::of(&prepared);
    let pairs = found.pairs.into_iter().map(|(p, verdict)| (p.one, p.other, verdict)).collect();
    Known { directory, ids, prepared, frequencies, pairs }
}

/// Two ids in the order in which a pair is kept.
fn ordered(a: ServiceId, b: ServiceId) -> (ServiceId, ServiceId) {
    if a <= b { (a, b) } else { (b, a) }
}

/// The pair that a question is about.
fn pair_of(q: &ListingQuestion) -> Option<(ServiceId, ServiceId)> {
    match (q.about, &q.cause) {
        (Listed::Service(one), ListingCause::MayBeOne { other, .. }) => Some(ordered(one, *other)),
        _ => None,
    }
}

impl Kith {
    /// What may be one in this directory: worked out once for each of its versions.
    async fn known_twins(&self, directory: Arc<Directory>, who: &Principal) -> Result<Arc<Known>, CareError> {
        let kept = self.twins_kept().0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = kept.filter(|k| Arc::ptr_eq(&k.directory, &directory)) {
            return Ok(known);
        }
        let partnership = who.partnership.clone();
        let fresh = tokio::task::spawn_blocking(move || Arc::new(work_out(directory, &partnership)))
            .await
            .map_err(|e| Fault::Broken(format!("comparing services: {e}")))?;
        *self.twins_kept().0.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }

    /// Services that may be one, and what was decided.
    ///
    /// # Errors
    /// It is not theirs to keep, or the database could not be read.
    pub async fn twins(&self, who: &Principal) -> Result<TwinsPage, CareError> {
        let mut look = self.look(who).await?;
        if let Err(no) = look.place(Action::KeepListing) {
            return look.finish_with(Err(no)).await;
        }
        let directory = look.kith.directory(&mut look.tx).await?;
        let questions = look.tx.list_common::<ListingQuestion>().await?;
        look.finish().await?;
        let mut decided: Vec<_> = questions
            .into_iter()
            .filter(|q| pair_of(&q.value).is_some() && q.value.settled.is_some())
            .map(|q| (q.id::<ListingQuestionId>(), q.value))
            .collect();
        decided.sort_by_key(|(id, q)| (q.settled.as_ref().map(|s| std::cmp::Reverse(s.at)), *id));
        // What was taken back may be asked again.
        let done: BTreeSet<_> =
            decided.iter().filter(|(_, q)| q.undone.is_none()).filter_map(|(_, q)| pair_of(q)).collect();
        let known = self.known_twins(directory, who).await?;
        let line = |(one, other, verdict): &(usize, usize, Verdict)| {
            let of = |at: usize| {
                let service = &known.directory.services.get(&known.ids[at])?.value;
                let by = who.partnership.organisation_name(service.organisation).unwrap_or_default();
                Some((service.name.clone(), by))
            };
            let pair = ordered(known.ids[*one], known.ids[*other]);
            let (mut first, mut second) = (of(*one)?, of(*other)?);
            if pair.0 != known.ids[*one] {
                std::mem::swap(&mut first, &mut second);
            }
            (!done.contains(&pair)).then(|| TwinLine {
                pair,
                names: [first, second],
                likely: verdict.band == Band::Suggest,
                why: verdict.reasons().into_iter().filter(|r| r.1 > 0.0).map(|r| r.0).collect(),
            })
        };
        let mut open: Vec<TwinLine> = known.pairs.iter().filter_map(line).collect();
        let more = open.len().saturating_sub(SHOWN);
        open.truncate(SHOWN);
        Ok(TwinsPage { open, more, decided })
    }

    /// How many pairs wait for somebody to look, for the page that leads there.
    ///
    /// # Errors
    /// As [`Kith::twins`].
    pub async fn count_twins(&self, who: &Principal) -> Result<usize, CareError> {
        let page = self.twins(who).await?;
        Ok(page.open.len() + page.more)
    }

    /// Two services beside each other, with every reason.
    ///
    /// # Errors
    /// One of them is not there, or it is not theirs to keep.
    pub async fn twin(
        &self,
        who: &Principal,
        one: ServiceId,
        other: ServiceId,
    ) -> Result<TwinPage, CareError> {
        let mut look = self.look(who).await?;
        if look.place(Action::KeepListing).is_err() || one == other {
            return look.finish_with(Err(CareError::Missing)).await;
        }
        let pair = ordered(one, other);
        let directory = look.kith.directory(&mut look.tx).await?;
        let questions = look.tx.list_common::<ListingQuestion>().await?;
        look.finish().await?;
        let newest =
            questions.into_iter().filter(|q| pair_of(&q.value) == Some(pair)).max_by_key(|q| q.meta.created);
        let decided = newest.map(|q| (q.id::<ListingQuestionId>(), q.value));
        let of = |id: ServiceId| {
            let saved = directory.services.get(&id).or_else(|| directory.replaced.get(&id));
            let service = saved.ok_or(CareError::Missing)?.value.clone();
            let by = who.partnership.organisation_name(service.organisation).unwrap_or_default();
            Ok::<_, CareError>((id, service, by))
        };
        let two = [of(pair.0)?, of(pair.1)?];
        let known = self.known_twins(directory.clone(), who).await?;
        // One that leads elsewhere is compared as it is; how common its values are is counted without it.
        let prepared = |(id, service, _): &(ServiceId, Service, String)| match known.ids.binary_search(id) {
            Ok(at) => known.prepared[at].clone(),
            Err(_) => Prepared::of(&listing(service, &who.partnership)),
        };
        let seen = compare(&prepared(&two[0]), &prepared(&two[1]), &known.frequencies);
        let verdict = Model::default().judge(&seen, known.ids.len());
        Ok(TwinPage { two, probability: verdict.probability, why: verdict.reasons(), decided })
    }

    /// Says what two services are. One of them then stands for both, or both stay as they are and
    /// nobody is asked again.
    ///
    /// # Errors
    /// It was decided before, they cannot be joined, or it is not theirs to do.
    pub async fn say_twins(
        &self,
        who: &Principal,
        (one, other): (ServiceId, ServiceId),
        (what, words): (TwinAnswer, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let words =
            words_or_none(words, WORDS).map_err(|e| CareError::field("words", e))?.unwrap_or_default();
        let page = self.twin(who, one, other).await?;
        let pair = ordered(one, other);
        let net = who.partnership.facts.place.net_organisation;
        let mut change = match self.change_beside(who, net, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let (a, b) = self.both_services(&mut change, pair).await?;
        let taken = |q: &Saved<ListingQuestion>| {
            pair_of(&q.value) == Some(pair) && q.value.settled.is_some() && q.value.undone.is_none()
        };
        if change.tx.list_common::<ListingQuestion>().await?.iter().any(taken) {
            return Err(CareError::refused("Somebody decided this already. Open the list again."));
        }
        let basis = change.permit_about_place(&a, Action::KeepListing)?;
        change.permit_about_place(&b, Action::KeepListing)?;
        let outcome = match what {
            TwinAnswer::One(stands) => join(&mut change, &basis, stands, (&a, &b)).await?,
            TwinAnswer::Two => ListingOutcome::Two,
            TwinAnswer::TwoPlaces => ListingOutcome::TwoPlaces,
        };
        let q = asked(who, (&a, &b), &page).settled(who.actor.author(), outcome, &words, who.now);
        ask(&mut change, &basis, net, &q).await?;
        change.finish("/directory/twins").await
    }

    /// Both entries under their locks.
    async fn both_services(
        &self,
        change: &mut Loose<'_>,
        (one, other): (ServiceId, ServiceId),
    ) -> Result<(Saved<Service>, Saved<Service>), CareError> {
        let mut owners = Vec::new();
        for id in [one, other] {
            owners.push(change.tx.find_common::<Service>(id).await?.ok_or(CareError::Missing)?.meta.owner.0);
        }
        owners.sort_unstable();
        owners.dedup();
        change.tx.lock(ChainKind::Organisation, &owners).await?;
        let a = change.tx.find_common::<Service>(one).await?.ok_or(CareError::Missing)?;
        let b = change.tx.find_common::<Service>(other).await?.ok_or(CareError::Missing)?;
        Ok((a, b))
    }

    /// Takes back that two are one: both are as they would be without it.
    ///
    /// # Errors
    /// They are not joined, no reason is given, or it is not theirs to do.
    pub async fn undo_twins(
        &self,
        who: &Principal,
        id: ListingQuestionId,
        words: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let words = words_or_none(words, WORDS).map_err(|e| CareError::field("words", e))?;
        let words =
            words.ok_or_else(|| CareError::field("words", "Write how you know that they are two."))?;
        let net = who.partnership.facts.place.net_organisation;
        let mut change = match self.change_beside(who, net, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        change.permit_place(Action::KeepListing).map_err(|_| CareError::Missing)?;
        let saved = change.tx.find_common::<ListingQuestion>(id).await?.ok_or(CareError::Missing)?;
        let Some((stands_id, gone_id, took)) = saved.value.one() else {
            return Err(CareError::refused("These two are not joined."));
        };
        let (stands, gone) = self.both_services(&mut change, (stands_id, gone_id)).await?;
        let (before, own) =
            one::part((stands_id, &stands.value), &gone.value, took).map_err(|why| cannot(&why))?;
        let basis = change.permit_about_place(&gone, Action::KeepListing)?;
        let writing = change.writing(&basis);
        change.tx.change(&writing, "taken apart again", &gone.meta, &own).await?;
        if before != stands.value {
            change.tx.change(&writing, "taken apart again", &stands.meta, &before).await?;
        }
        let undone = Some(ListingUndone { by: who.actor.author(), at: who.now, words });
        let after = ListingQuestion { undone, ..saved.value.clone() };
        change.tx.change(&writing, "taken apart again", &saved.meta, &after).await?;
        change.finish("/directory/twins").await
    }
}

async fn join(
    change: &mut Loose<'_>,
    basis: &str,
    stands: ServiceId,
    (a, b): (&Saved<Service>, &Saved<Service>),
) -> Result<ListingOutcome, CareError> {
    let (stands, gone) = if a.id::<ServiceId>() == stands { (a, b) } else { (b, a) };
    let joined =
        one::join((stands.id(), &stands.value), (gone.id(), &gone.value)).map_err(|why| cannot(&why))?;
    let writing = change.writing(basis);
    change.tx.change(&writing, "found to be one with another", &gone.meta, &joined.gone).await?;
    if joined.stands != stands.value {
        change.tx.change(&writing, "stands for another", &stands.meta, &joined.stands).await?;
    }
    Ok(ListingOutcome::One { stands: stands.id(), took: joined.took })
}

fn cannot(why: &CannotJoin) -> CareError {
    CareError::field("what", format!("{why}."))
}

/// The question as it was asked, with the reasons as they were seen.
fn asked(who: &Principal, (a, b): (&Saved<Service>, &Saved<Service>), page: &TwinPage) -> ListingQuestion {
    let today = who.partnership.today(who.now);
    let weighed = |(words, bits): &(&'static str, f64)| Weighed {
        words: (*words).to_owned(),
        tenths: (bits.clamp(-99.0, 99.0) * 10.0).round() as i32,
    };
    let cause = ListingCause::MayBeOne {
        other: b.id(),
        other_name: b.value.name.clone(),
        why: page.why.iter().map(weighed).collect(),
    };
    ListingQuestion {
        about: Listed::Service(a.id()),
        name: a.value.name.clone(),
        cause,
        words: String::new(),
        raised_by: who.actor.author(),
        raised_at: who.now,
        next: NextDate::new("Look whether they are one", plus_days(today, LOOK_DAYS)),
        settled: None,
        undone: None,
    }
}

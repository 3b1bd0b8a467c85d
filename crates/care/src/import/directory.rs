//! A spreadsheet of services becomes entries of the directory.
//!
//! An entry is the same as one that is here already when publisher, list and the
//! publisher's identifier are the same (`exchange` makes an identifier of name and
//! postcode where there is none). What people here have said since stays: the team that
//! takes requests and its organisation, whether there is space, a later day of checking,
//! and every field that was corrected here. To tell those, each entry keeps a fingerprint of
//! what its publisher last said in each field ([`super::said`]).
//! An organisation that Kith does not know is listed only: it has no agreement and no
//! accounts, so nothing can be sent to it and nothing can be held by it.

use super::said::{Listing, compared, differences, up_to_date};
use super::{Alone, How};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::directory::{Group, Location, Service, Source};
use kith_domain::id::{OrganisationId, RecordId};
use kith_domain::organisation::{Organisation, OrganisationKind, OrganisationStatus};
use kith_domain::record::Saved;
use kith_domain::text::fold;
use kith_exchange::directory_csv::{Draft, SourceMap};
use kith_exchange::oruk::feed::GroupDraft;
use kith_store::chain::ChainKind;
use kith_store::setting::{DIRECTORY_REVISION, PARTNERSHIP_REVISION};
use kith_store::{NewRecord, Tx, WriteTx, Writing};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Entries in one transaction.
const BATCH: usize = 500;
/// With more entries than this, those that may be one are looked for on the page alone.
const MOST_COMPARED: usize = 20_000;
/// What more than so many entries share is no reason to compare them.
const TOO_COMMON: usize = 60;
/// How often a batch is tried again when somebody saved one of its entries meanwhile.
const TRIES: usize = 3;

/// What came, or would come, of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DirectoryImported {
    /// Was it kept?
    pub written: bool,
    /// Organisations that were not here, by name.
    pub organisations_new: Vec<String>,
    /// Entries that were not here.
    pub services_new: Vec<NewService>,
    /// Entries that say something else now.
    pub services_changed: Vec<ChangedService>,
    /// Entries that are as they were.
    pub services_same: usize,
    /// Entries that came with this list before and are not among those that can be
    /// imported from it now. They stay.
    pub services_gone: Vec<GoneService>,
}

/// An entry that was not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewService {
    /// The row of the file.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// The publisher or list of an entry that may be the same service: with the same name and
    /// postcode, or so much alike that somebody has to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks_like_one_from: Option<String>,
    /// In what the two are alike, the weightiest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<String>,
}

/// An entry that says something else now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedService {
    /// The row of the file.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// What is different.
    pub what: Vec<String>,
    /// What the publisher says otherwise and was corrected here, so that it stays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
}

/// An entry that its list no longer has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GoneService {
    /// Its name.
    pub name: String,
    /// The identifier it came with.
    pub identifier: String,
}

/// An entry that came, before its organisation is known here.
pub(crate) trait Drafted: Clone + Sync {
    /// What it becomes.
    type Entry: Listing;
    fn row(&self) -> u32;
    fn organisation(&self) -> &str;
    fn preview(&self) -> &Self::Entry;
    fn into_entry(self, organisation: OrganisationId) -> Self::Entry;
}

impl Drafted for Draft {
    type Entry = Service;
    fn row(&self) -> u32 {
        self.row
    }
    fn organisation(&self) -> &str {
        &self.organisation
    }
    fn preview(&self) -> &Service {
        Draft::preview(self)
    }
    fn into_entry(self, organisation: OrganisationId) -> Service {
        self.into_service(organisation)
    }
}

impl Drafted for GroupDraft {
    type Entry = Group;
    fn row(&self) -> u32 {
        self.row
    }
    fn organisation(&self) -> &str {
        &self.organisation
    }
    fn preview(&self) -> &Group {
        GroupDraft::preview(self)
    }
    fn into_entry(self, organisation: OrganisationId) -> Group {
        self.into_group(organisation)
    }
}

impl Kith {
    /// Brings the entries of a list in, or says what that would change. `progress` is told
    /// how many entries are done.
    ///
    /// # Errors
    /// It is not allowed, another import is running, or the database could not do it. Then
    /// batches that were told as done stay, and running the import again does the rest.
    pub async fn import_directory(
        &self,
        who: &Principal,
        source: &SourceMap,
        drafts: &[Draft],
        how: How,
        progress: impl FnMut(usize) + Send,
    ) -> Result<DirectoryImported, CareError> {
        self.import_listed(who, source, drafts, how, progress).await
    }

    /// As [`Kith::import_directory`], for groups that meet.
    ///
    /// # Errors
    /// As [`Kith::import_directory`].
    pub async fn import_groups(
        &self,
        who: &Principal,
        source: &SourceMap,
        drafts: &[GroupDraft],
        how: How,
        progress: impl FnMut(usize) + Send,
    ) -> Result<DirectoryImported, CareError> {
        self.import_listed(who, source, drafts, how, progress).await
    }

    async fn import_listed<D: Drafted>(
        &self,
        who: &Principal,
        source: &SourceMap,
        drafts: &[D],
        how: How,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<DirectoryImported, CareError> {
        let basis = self.may_import(who, Action::KeepListing)?;
        let mut report = DirectoryImported { written: how == How::Write, ..DirectoryImported::default() };
        let here = match how {
            How::Dry => {
                let mut tx = self.store().read().await?;
                let mut here = Here::<D::Entry>::load(&mut tx).await?;
                for draft in drafts {
                    let decision = here.decide(self, draft);
                    report.note(draft, &decision, &here);
                }
                here
            }
            How::Write => {
                let alone = Alone::new(self);
                let writing = Writing { at: who.now, author: who.actor.author(), recorded_for: None, basis };
                let mut here = Here::<D::Entry>::load(&mut self.store().read().await?).await?;
                for batch in drafts.chunks(BATCH) {
                    let of_batch = self.keep_batch(&alone, &writing, batch, &mut here).await?;
                    report = report.and(of_batch);
                    progress(batch.len());
                }
                alone.end().await?;
                here
            }
        };
        report.services_gone = here.gone(source, drafts);
        if !report.services_new.is_empty() {
            let all = self.store().read().await?.list_common::<D::Entry>().await?;
            report.note_alike(&here, &all, drafts);
        }
        Ok(report)
    }

    /// Writes one batch whole. Somebody who changes one of its entries at the same moment
    /// goes first, and the batch is decided anew.
    async fn keep_batch<D: Drafted>(
        &self,
        alone: &Alone<'_>,
        writing: &Writing,
        batch: &[D],
        here: &mut Here<D::Entry>,
    ) -> Result<DirectoryImported, CareError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_batch(alone, writing, batch, here).await {
                // Whatever was decided on is not what is there: it is read again.
                Err(CareError::Conflict { .. }) if tries < TRIES => here.known = None,
                other => return other,
            }
        }
    }

    async fn try_batch<D: Drafted>(
        &self,
        alone: &Alone<'_>,
        writing: &Writing,
        batch: &[D],
        here: &mut Here<D::Entry>,
    ) -> Result<DirectoryImported, CareError> {
        let mut tx = alone.begin().await?;
        let now = Revisions::of(&mut tx).await?;
        if here.known.take() != Some(now) {
            *here = Here::load(&mut tx).await?;
            here.known = None;
        }
        let mut report = DirectoryImported::default();
        let mut decisions = Vec::with_capacity(batch.len());
        for draft in batch {
            let decision = here.decide(self, draft);
            report.note(draft, &decision, here);
            decisions.push(decision);
        }
        let owners: Vec<_> = decisions.iter().filter_map(|d| d.what.owner()).map(|o| o.0).collect();
        tx.lock(ChainKind::Organisation, &owners).await?;
        let mut saved = Vec::new();
        for decision in &decisions {
            saved.extend(decision.write(&mut tx, writing, self.new_id()).await?);
        }
        let listed = decisions.iter().any(|d| d.organisation_new.is_some());
        let changed = !saved.is_empty();
        tx.commit().await?;
        here.take_in(saved);
        // Only while nobody else changed anything does memory say what is there.
        here.known = Some(Revisions {
            directory: now.directory + i64::from(changed),
            partnership: now.partnership + i64::from(listed),
        });
        Ok(report)
    }
}

/// The revisions of what an import compares with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Revisions {
    directory: i64,
    partnership: i64,
}

impl Revisions {
    async fn of(tx: &mut Tx) -> Result<Revisions, CareError> {
        let directory = tx.revision(DIRECTORY_REVISION).await?;
        Ok(Revisions { directory, partnership: tx.revision(PARTNERSHIP_REVISION).await? })
    }
}

/// What tells an entry again next time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    publisher: String,
    list: String,
    identifier: String,
}

impl Key {
    /// None for an entry that was written here.
    fn of(source: &Source) -> Option<Key> {
        let identifier = source.identifier.clone().filter(|_| !source.publisher.is_empty())?;
        Some(Key { publisher: fold(&source.publisher), list: fold(&source.list), identifier })
    }
}

/// Name and postcode: two entries that share both may be one service.
fn looks<T: Listing>(entry: &T) -> (String, Option<String>) {
    let postcode = entry.first_place().and_then(Location::postcode).map(ToString::to_string);
    (fold(entry.name()), postcode)
}

/// What is here already.
struct Here<T> {
    organisations: BTreeMap<String, OrganisationId>,
    services: BTreeMap<Key, Saved<T>>,
    looks: BTreeMap<(String, Option<String>), String>,
    /// Of which revisions this is; none when it has to be read again before it is used.
    known: Option<Revisions>,
}

/// Whose an entry is, in words.
fn from_words(source: &Source) -> String {
    let from = [&source.list, &source.publisher].into_iter().find(|s| !s.is_empty());
    from.cloned().unwrap_or_else(|| "this partnership".into())
}

impl<T: Listing> Here<T> {
    async fn load(tx: &mut Tx) -> Result<Here<T>, CareError> {
        let known = Some(Revisions::of(tx).await?);
        let mut organisations = BTreeMap::new();
        for o in tx.list_common::<Organisation>().await? {
            organisations.entry(fold(&o.value.name)).or_insert(o.id());
        }
        let (mut services, mut seen) = (BTreeMap::new(), BTreeMap::new());
        for saved in tx.list_common::<T>().await? {
            let source = saved.value.source();
            seen.insert(looks(&saved.value), from_words(source));
            if let Some(key) = Key::of(source) {
                services.insert(key, saved);
            }
        }
        Ok(Here { organisations, services, looks: seen, known })
    }

    /// Remembers what was written, so that the next batch need not read everything again.
    fn take_in(&mut self, saved: Vec<Saved<T>>) {
        for saved in saved {
            if let Some(key) = Key::of(saved.value.source()) {
                self.services.insert(key, saved);
            }
        }
    }

    /// What is to be done with one entry.
    fn decide<D: Drafted<Entry = T>>(&mut self, kith: &Kith, draft: &D) -> Decision<T> {
        let known = Key::of(draft.preview().source()).and_then(|key| self.services.get(&key));
        // Where a team takes requests, its organisation is a partner by name or by another
        // name, and the list does not know that.
        let partner = known.filter(|old| old.value.takes_requests()).map(|old| old.value.organisation());
        let name = fold(draft.organisation());
        let (organisation, organisation_new) = match partner.or(self.organisations.get(&name).copied()) {
            Some(id) => (id, None),
            None => {
                let id: OrganisationId = kith.new_id();
                (id, Some(listed_only(draft.organisation())))
            }
        };
        let fresh = draft.clone().into_entry(organisation);
        let what = match known {
            None => What::New(Box::new(fresh.with_fingerprints())),
            Some(old) => {
                let (fresh, kept) = up_to_date(&old.value, fresh);
                if fresh == old.value {
                    What::Same
                } else {
                    What::Changed(Box::new(old.clone()), Box::new(fresh), kept)
                }
            }
        };
        if organisation_new.is_some() {
            self.organisations.insert(name, organisation);
        }
        Decision { organisation, organisation_new, what }
    }

    /// Entries of this list that are not among `drafts`.
    fn gone<D: Drafted<Entry = T>>(&self, source: &SourceMap, drafts: &[D]) -> Vec<GoneService> {
        let (publisher, list) = (fold(&source.publisher), fold(&source.name));
        let there: BTreeSet<Key> = drafts.iter().filter_map(|d| Key::of(d.preview().source())).collect();
        self.services
            .iter()
            .filter(|(key, _)| key.publisher == publisher && key.list == list && !there.contains(key))
            .map(|(key, saved)| GoneService {
                name: saved.value.name().to_owned(),
                identifier: key.identifier.clone(),
            })
            .collect()
    }
}

/// An organisation that is in the directory and nothing more. Its sort is said when it
/// joins.
fn listed_only(name: &str) -> Organisation {
    Organisation {
        name: name.to_owned(),
        short: name.to_owned(),
        kind: OrganisationKind::Listed,
        ods: None,
        charity_number: None,
        phone: None,
        email: None,
        website: None,
        agreement: None,
        status: OrganisationStatus::Active,
        has_accounts: false,
        successors: Vec::new(),
        access: Default::default(),
        lead: None,
    }
}

/// What is done with one entry.
struct Decision<T> {
    organisation: OrganisationId,
    organisation_new: Option<Organisation>,
    what: What<T>,
}

enum What<T> {
    New(Box<T>),
    /// What it was, what it is, and fields that were corrected here and stay.
    Changed(Box<Saved<T>>, Box<T>, Vec<String>),
    Same,
}

impl<T> What<T> {
    /// The organisation in whose journal an entry that is here already stands.
    fn owner(&self) -> Option<OrganisationId> {
        match self {
            What::New(_) | What::Same => None,
            What::Changed(old, ..) => Some(old.meta.owner),
        }
    }
}

impl<T: Listing> Decision<T> {
    /// Writes it. The answer is the entry, where there is a new version of it.
    async fn write(
        &self,
        tx: &mut WriteTx,
        writing: &Writing,
        id: RecordId,
    ) -> Result<Option<Saved<T>>, CareError> {
        let owner = self.organisation;
        if let Some(value) = &self.organisation_new {
            let new = NewRecord { id: owner.into(), person: None, owner };
            tx.create(writing, "organisation listed", new, value).await?;
        }
        match &self.what {
            What::New(service) => {
                let new = NewRecord { id, person: None, owner };
                Ok(Some(tx.create(writing, T::IMPORTED, new, service.as_ref()).await?))
            }
            What::Changed(old, fresh, _) => {
                Ok(Some(tx.change(writing, T::AGAIN, &old.meta, fresh.as_ref()).await?))
            }
            What::Same => Ok(None),
        }
    }
}

impl DirectoryImported {
    /// These and others together.
    #[must_use]
    pub fn and(mut self, other: DirectoryImported) -> DirectoryImported {
        self.organisations_new.extend(other.organisations_new);
        self.services_new.extend(other.services_new);
        self.services_changed.extend(other.services_changed);
        self.services_same += other.services_same;
        self.services_gone.extend(other.services_gone);
        self
    }

    fn note<D: Drafted>(&mut self, draft: &D, decision: &Decision<D::Entry>, here: &Here<D::Entry>) {
        self.organisations_new.extend(decision.organisation_new.as_ref().map(|o| o.name.clone()));
        let (row, name) = (draft.row(), draft.preview().name().to_owned());
        match &decision.what {
            What::New(service) => self.services_new.push(NewService {
                row,
                name,
                looks_like_one_from: here.looks.get(&looks(service.as_ref())).cloned(),
                alike: Vec::new(),
            }),
            What::Changed(old, fresh, kept) => {
                let what = differences(&old.value, fresh.as_ref());
                self.services_changed.push(ChangedService { row, name, what, kept: kept.clone() });
            }
            What::Same => self.services_same += 1,
        }
    }

    /// Notes which new entries may be here already. Nothing is joined: somebody looks, on the pages of
    /// whoever keeps the directory or before the list is brought in.
    fn note_alike<D: Drafted>(&mut self, here: &Here<D::Entry>, all: &[Saved<D::Entry>], drafts: &[D]) {
        let rows: BTreeSet<u32> = self.services_new.iter().map(|n| n.row).collect();
        let new: Vec<&D> = drafts.iter().filter(|d| rows.contains(&d.row())).collect();
        if new.is_empty() || all.len() + new.len() > MOST_COMPARED {
            return;
        }
        let own: BTreeSet<Key> = new.iter().filter_map(|d| Key::of(d.preview().source())).collect();
        let names: BTreeMap<OrganisationId, &String> =
            here.organisations.iter().map(|(name, id)| (*id, name)).collect();
        let name = |id: OrganisationId| names.get(&id).map_or("", |n| n.as_str());
        let before: Vec<&D::Entry> = all
            .iter()
            .map(|e| &e.value)
            .filter(|e| Key::of(e.source()).is_none_or(|k| !own.contains(&k)))
            .collect();
        let compared_all: Vec<kith_linkage::Listing> = before
            .iter()
            .map(|e| compared(*e, name(e.organisation())))
            .chain(new.iter().map(|d| compared(d.preview(), d.organisation())))
            .collect();
        let found = kith_linkage::suggestions(&kith_linkage::Model::default(), &compared_all, TOO_COMMON);
        for (pair, verdict) in found.pairs {
            let (Some(old), Some(fresh)) =
                (before.get(pair.one), pair.other.checked_sub(before.len()).and_then(|n| new.get(n)))
            else {
                continue;
            };
            let Some(noted) = self.services_new.iter_mut().find(|n| n.row == fresh.row()) else { continue };
            if noted.alike.is_empty() {
                noted.looks_like_one_from = Some(from_words(old.source()));
                let alike = verdict.reasons().into_iter().filter(|(_, bits)| *bits > 0.0);
                noted.alike = alike.map(|(words, _)| words.to_lowercase()).collect();
            }
        }
    }

    /// The report in plain text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{}: {} new services, {} brought up to date, {} as they were; {} new organisations, listed only.",
            if self.written { "Kept" } else { "This would make" },
            self.services_new.len(),
            self.services_changed.len(),
            self.services_same,
            self.organisations_new.len(),
        );
        for changed in &self.services_changed {
            let _ = writeln!(
                out,
                "Row {}: {}. Different: {}.",
                changed.row,
                changed.name,
                if changed.what.is_empty() { "nothing to see".to_owned() } else { changed.what.join(", ") }
            );
            if !changed.kept.is_empty() {
                let _ = writeln!(
                    out,
                    "Row {}: {} was corrected here and stays: {}. The list says otherwise.",
                    changed.row,
                    changed.name,
                    changed.kept.join(", ")
                );
            }
        }
        for new in &self.services_new {
            if let Some(from) = &new.looks_like_one_from {
                let alike = match new.alike.is_empty() {
                    true => "the name and postcode are the same".to_owned(),
                    false => new.alike.join(", "),
                };
                let _ =
                    writeln!(out, "Row {}: {} may be here already, from {from}: {alike}.", new.row, new.name);
            }
        }
        for gone in &self.services_gone {
            let _ = writeln!(
                out,
                "{} ({}) came with this list before and is not in it now, or its row could not be read. It stays: say \
                 that it ended if it did.",
                gone.name, gone.identifier
            );
        }
        out
    }
}

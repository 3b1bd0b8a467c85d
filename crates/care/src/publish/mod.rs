//! The directory for everybody else's programs: every list and every entry as Open
//! Referral UK writes it.
//!
//! The same entries as on the pages, in one snapshot, and nothing about anybody. What came
//! from a list that declares no licence is not passed on: only its publisher may allow
//! that.

use crate::directory::Directory;
use crate::error::CareError;
use crate::find::{UNKNOWN_POSTCODE, of_postcode};
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::{GroupId, OrganisationId, ServiceId};
use kith_domain::organisation::Organisation;
use kith_domain::place::Point;
use kith_exchange::oruk::publish::{self, Entry, Feed, What};
use kith_exchange::oruk::terms::{self, List};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

pub use kith_exchange::oruk::PROFILE;
pub use kith_exchange::oruk::ask::{Asked, BadParameter, Format};
pub use kith_exchange::oruk::page::Page;
pub use kith_exchange::oruk::publish::{Depth, root};

/// One of the published lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Collection {
    /// Services, and groups as services that meet.
    Services,
    /// The same at each of their places.
    ServiceAtLocations,
    /// Those who run them.
    Organizations,
    /// The lists of codes.
    Taxonomies,
    /// The codes.
    TaxonomyTerms,
}

/// What of a list was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// How many answer.
    pub total: usize,
    /// The page of them.
    pub contents: Vec<Value>,
}

impl Kith {
    /// The entries of a list that answer what is asked: one page, or all of them where they
    /// are written a line each and no page is asked for.
    ///
    /// # Errors
    /// The postcode is not known here, or the database could not be read.
    pub async fn published(
        &self,
        who: &Principal,
        list: Collection,
        asked: &Asked,
    ) -> Result<Listed, CareError> {
        let mut look = self.look(who).await?;
        let result = listed(&mut look, list, asked).await;
        look.finish_with(result).await
    }

    /// One entry of a list.
    ///
    /// # Errors
    /// There is none with this id, or the database could not be read.
    pub async fn published_one(
        &self,
        who: &Principal,
        list: Collection,
        id: Uuid,
        depth: Depth,
    ) -> Result<Value, CareError> {
        let mut look = self.look(who).await?;
        let result = one(&mut look, list, id, depth).await;
        look.finish_with(result).await
    }
}

/// Cuts the page out and writes only its entries.
fn page<T>(asked: &Asked, all: &[T], write: impl Fn(&T) -> Value) -> Listed {
    let cut = if asked.format == Format::NdJson && !asked.page_said { all } else { asked.page.cut(all) };
    Listed { total: all.len(), contents: cut.iter().map(write).collect() }
}

async fn listed(look: &mut Looking<'_>, list: Collection, asked: &Asked) -> Result<Listed, CareError> {
    look.place(Action::BrowseDirectory)?;
    match list {
        Collection::Taxonomies => {
            let all: Vec<List> = List::ALL.into_iter().filter(|l| takes_list(asked, *l)).collect();
            return Ok(page(asked, &all, |l| l.json()));
        }
        Collection::TaxonomyTerms => {
            let all: Vec<&terms::Term> = terms::all().iter().filter(|t| asked.takes_term(t)).collect();
            return Ok(page(asked, &all, |t| t.json()));
        }
        Collection::Services | Collection::ServiceAtLocations | Collection::Organizations => {}
    }
    let from = start(look, asked).await?;
    let directory = look.kith.directory(&mut look.tx).await?;
    let shelf = Shelf { look, directory: &directory };
    let feed = shelf.feed();
    let entries: Vec<Entry<'_>> = shelf.entries().filter(|e| asked.takes(e, from)).collect();
    Ok(match list {
        Collection::Services => page(asked, &entries, |e| publish::service(e, &feed, asked.depth)),
        Collection::ServiceAtLocations => {
            let near = |n: &usize, e: &Entry<'_>| e.location(*n).is_some_and(|l| asked.near(l, from));
            let places: Vec<(&Entry<'_>, usize)> = entries
                .iter()
                .flat_map(|e| (0..e.locations()).filter(move |n| near(n, e)).map(move |n| (e, n)))
                .collect();
            page(asked, &places, |(e, n)| publish::at_location(e, &feed, *n, Some(flatter(asked.depth))))
        }
        _ => {
            let all = shelf.organisations(entries.iter().filter_map(|e| e.organisation));
            page(asked, &all, |(id, o)| publish::organisation(*id, o))
        }
    })
}

/// A service inside another resource says less of itself, unless everything is asked for.
fn flatter(depth: Depth) -> Depth {
    if depth == Depth::Minimal { Depth::Minimal } else { Depth::Flat }
}

fn takes_list(asked: &Asked, list: List) -> bool {
    asked.taxonomy.is_none_or(|id| id == list.id())
        && asked.search.iter().all(|word| list.name().to_lowercase().contains(word.as_str()))
}

/// The middle of the postcode that is asked about.
async fn start(look: &mut Looking<'_>, asked: &Asked) -> Result<Option<Point>, CareError> {
    let Some(postcode) = &asked.postcode else { return Ok(None) };
    let origin = of_postcode(&mut look.tx, postcode).await?;
    let point = origin.and_then(|o| o.point);
    point.map(Some).ok_or_else(|| CareError::field("postcode", UNKNOWN_POSTCODE))
}

async fn one(look: &mut Looking<'_>, list: Collection, id: Uuid, depth: Depth) -> Result<Value, CareError> {
    look.place(Action::BrowseDirectory)?;
    let directory = look.kith.directory(&mut look.tx).await?;
    let shelf = Shelf { look, directory: &directory };
    let feed = shelf.feed();
    let found = match list {
        Collection::Taxonomies => List::ALL.into_iter().find(|l| l.id() == id).map(|l| l.json()),
        Collection::TaxonomyTerms => terms::by_id(id).map(|t| t.json()),
        Collection::Services => shelf.entry(id).map(|e| publish::service(&e, &feed, depth)),
        Collection::ServiceAtLocations => shelf.entries().find_map(|e| {
            let n = (0..e.locations()).find(|n| publish::at_location_id(e.id, *n) == id)?;
            Some(publish::at_location(&e, &feed, n, Some(depth)))
        }),
        Collection::Organizations => organisation(&shelf, &feed, OrganisationId(id)),
    };
    found.ok_or(CareError::Missing)
}

/// An organisation with what it runs.
fn organisation(shelf: &Shelf<'_, '_>, feed: &Feed<'_>, id: OrganisationId) -> Option<Value> {
    let own: Vec<Entry<'_>> =
        shelf.entries().filter(|e| e.organisation.is_some_and(|(o, _)| o == id)).collect();
    let (_, organisation) = own.first()?.organisation?;
    let mut json = publish::organisation(id, organisation);
    let services: Vec<Value> = own.iter().map(|e| publish::service(e, feed, Depth::Flat)).collect();
    if let Some(fields) = json.as_object_mut() {
        fields.insert("services".into(), services.into());
    }
    Some(json)
}

/// What may be published of this snapshot.
struct Shelf<'a, 'k> {
    look: &'a Looking<'k>,
    directory: &'a Directory,
}

impl<'a> Shelf<'a, '_> {
    fn feed(&self) -> Feed<'a> {
        let who = self.look.who;
        Feed { place: &who.partnership.facts.place.name, today: who.partnership.today(who.now) }
    }

    fn organisation(&self, id: OrganisationId) -> Option<(OrganisationId, &'a Organisation)> {
        self.look.who.partnership.organisation(id).map(|o| (id, o))
    }

    fn service(&self, id: ServiceId) -> Option<Entry<'a>> {
        let saved = self.directory.services.get(&id)?;
        publish::may_publish(&saved.value.source).then(|| Entry {
            id: id.0,
            modified: saved.meta.at,
            what: What::Service(&saved.value),
            organisation: self.organisation(saved.value.organisation),
        })
    }

    fn group(&self, id: GroupId) -> Option<Entry<'a>> {
        let saved = self.directory.groups.get(&id)?;
        let sessions = self.directory.sessions.iter().map(|s| &s.value).filter(|s| s.group == id);
        publish::may_publish(&saved.value.source).then(|| Entry {
            id: id.0,
            modified: saved.meta.at,
            what: What::Group(&saved.value, sessions.collect()),
            organisation: self.organisation(saved.value.organisation),
        })
    }

    fn entry(&self, id: Uuid) -> Option<Entry<'a>> {
        self.service(ServiceId(id)).or_else(|| self.group(GroupId(id)))
    }

    /// Every entry, always in the same order, so that pages do not overlap.
    fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        let services = self.directory.services.keys().filter_map(|id| self.service(*id));
        services.chain(self.directory.groups.keys().filter_map(|id| self.group(*id)))
    }

    fn organisations<'o>(
        &self,
        of_entries: impl Iterator<Item = (OrganisationId, &'o Organisation)>,
    ) -> Vec<(OrganisationId, &'o Organisation)> {
        let all: BTreeMap<OrganisationId, &Organisation> = of_entries.collect();
        all.into_iter().collect()
    }
}

//! Finding support: by need, interest, place and distance; why each result is there.
//!
//! The directory is public and so is the search: anybody may ask, nothing about them is
//! kept, and nothing of what they asked stands in an address or a log. From a person's
//! need the same search starts from what the worker may see of the person, and knows what
//! was tried for them before.

mod entry;
mod need;
mod origin;
mod shelf;
mod waits;

pub use entry::{GroupPage, Partner, ServicePage};
pub use need::{ForNeed, From, NeedSearch};
pub(crate) use origin::{UNKNOWN as UNKNOWN_POSTCODE, of_postcode};
pub(crate) use shelf::Shelf;
pub(crate) use waits::Waits;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::asking::{MayAsk, may_ask};
use kith_domain::directory::{NeedCode, Service, Weekday};
use kith_domain::find::{
    Candidate, Cause, Config, Entry, EntryId, Found, Index, Page, Query, Reason, Tier, Tried, When,
};
use kith_domain::place::Postcode;
use kith_domain::time::Day;
use std::collections::BTreeMap;

/// A question to the directory as somebody asks it.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What is asked for. The place it starts from is filled in here.
    pub query: Query,
    /// The postcode to start from.
    pub postcode: Option<Postcode>,
    /// Only what is open at this moment counts as fitting the time.
    pub open_now: bool,
    /// How much of the answer is wanted.
    pub page: Page,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct FoundSupport {
    /// What to offer, best first: as much as was asked for.
    pub offered: Vec<Offered>,
    /// How much there is to offer.
    pub offered_in_all: usize,
    /// What was asked before, and why it is not offered again.
    pub asked_already: Vec<LeftOut>,
    /// What else is about this but not offered, and why: as much as was asked for.
    pub left_out: Vec<LeftOut>,
    /// How much there is of what was asked before and what else is not offered.
    pub out_in_all: usize,
    /// How many entries are about something else.
    pub others: usize,
    /// Needs that were understood from the words.
    pub understood: Vec<NeedCode>,
}

/// Something to offer.
#[derive(Clone, Debug)]
pub struct Offered {
    /// Which entry.
    pub id: EntryId,
    /// Its name.
    pub name: String,
    /// Its organisation.
    pub organisation: String,
    /// What it is, in its own words.
    pub about: String,
    /// Where, in one line.
    pub place: Option<String>,
    /// Why it is here, in words.
    pub reasons: Vec<Reason>,
    /// Why it does not stand higher, in words; empty where it has nearly everything.
    pub not_higher: Vec<String>,
    /// Which shelf it stands on.
    pub tier: Tier,
    /// Whether a service can be asked through Kith today; none for a group.
    pub may_ask: Option<MayAsk>,
}

/// Something that is not offered.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Which entry.
    pub id: EntryId,
    /// Its name.
    pub name: String,
    /// Its organisation.
    pub organisation: String,
    /// Every reason, in words.
    pub causes: Vec<Cause>,
}

impl Kith {
    /// Services and groups for a question, best first, with reasons. For anybody.
    ///
    /// # Errors
    /// The postcode is not known here, or the database could not be read.
    pub async fn find_support(&self, who: &Principal, search: Search) -> Result<FoundSupport, CareError> {
        let mut look = self.look(who).await?;
        let result = found(&mut look, search).await;
        look.finish_with(result).await
    }
}

async fn found(look: &mut Looking<'_>, search: Search) -> Result<FoundSupport, CareError> {
    look.place(Action::BrowseDirectory)?;
    let mut query = search.query;
    if let Some(postcode) = &search.postcode {
        query.from = origin::of_postcode(&mut look.tx, postcode)
            .await?
            .ok_or_else(|| CareError::field("postcode", origin::UNKNOWN))?;
    }
    if search.open_now {
        query.times = vec![this_moment(look)];
    }
    let who = look.who;
    shelf::search(look, |index| answer(who, &query, &BTreeMap::new(), index, search.page)).await
}

/// The hour that it is here, as a part of the week.
fn this_moment(look: &Looking<'_>) -> When {
    let local = look.who.now.timestamp().to_zoned(look.kith.calendar().zone().clone()).datetime();
    let until = local.time().checked_add(jiff::Span::new().minutes(1)).unwrap_or(jiff::civil::Time::MAX);
    When { day: Weekday::of(local.date()), from: local.time(), to: until }
}

/// Searches the index, and puts each result into the words of a page. `tried` is what was tried for
/// the person before.
fn answer(
    who: &Principal,
    query: &Query,
    tried: &BTreeMap<EntryId, Vec<Tried>>,
    index: &Index,
    page: Page,
) -> FoundSupport {
    let today = who.partnership.today(who.now);
    let config = Config::of(who.partnership.settings());
    let found = index.search(query, tried, &config, today, page);
    let entry = |place: usize| {
        index.at(place).expect("the index found it a moment ago, and is not changed meanwhile")
    };
    let offer = |f: Found| offered(who, entry(f.index), f, today);
    let (mut asked_already, mut left_out) = (Vec::new(), Vec::new());
    for excluded in found.excluded {
        let (candidate, tried) = (entry(excluded.index), excluded.tried());
        let out = LeftOut {
            id: excluded.id,
            name: candidate.name().to_owned(),
            organisation: candidate.organisation_name.clone(),
            causes: excluded.causes,
        };
        if tried { asked_already.push(out) } else { left_out.push(out) }
    }
    FoundSupport {
        offered: found.ranked.into_iter().map(offer).collect(),
        offered_in_all: found.offered,
        asked_already,
        left_out,
        out_in_all: found.left_out,
        others: found.others,
        understood: found.understood,
    }
}

fn offered(who: &Principal, candidate: &Candidate, found: Found, today: Day) -> Offered {
    let (about, place, may_ask) = match &candidate.entry {
        Entry::Service(_, s) => {
            (s.description.clone(), s.locations.first().map(|l| l.words()), Some(can_be_asked(who, s, today)))
        }
        Entry::Group(_, g, _) => (g.description.clone(), Some(g.location.words()), None),
    };
    Offered {
        id: candidate.id(),
        name: candidate.name().to_owned(),
        organisation: candidate.organisation_name.clone(),
        about,
        place: place.filter(|p| !p.is_empty()),
        reasons: found.reasons,
        not_higher: found.not_higher,
        tier: found.tier,
        may_ask,
    }
}

/// Can this service be asked through Kith today?
fn can_be_asked(who: &Principal, service: &Service, today: Day) -> MayAsk {
    let organisation = who.partnership.organisation(service.organisation);
    let team = service.team.and_then(|t| who.partnership.team(t));
    may_ask(service, organisation, team, today)
}

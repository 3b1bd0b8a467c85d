//! What is lost at one organisation, for those who lead it. The manager's page names a
//! reference and an organisation; whoever has to put it right sees the person, as far as
//! the rules let them open that person's page. For anybody else it stays a reference.

use super::LostThing;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::PersonId;
use kith_domain::person::Person;
use kith_domain::time::Instant;
use std::collections::BTreeMap;

/// How many lost things stand on one page.
pub const LOST_ON_A_PAGE: usize = 25;

/// What is lost at the organisation of whoever asks.
#[derive(Debug)]
pub struct LostHere {
    /// The moment at which it was worked out.
    pub counted_at: Instant,
    /// What stands on this page.
    pub things: Vec<LostOne>,
    /// All that is lost there.
    pub all: usize,
    /// Which page this is, from 1.
    pub page: usize,
}

/// One lost thing.
#[derive(Debug)]
pub struct LostOne {
    /// The reference, the kind, and what is wrong.
    pub thing: LostThing,
    /// About whom, with the name they like to be called: where this reader may open their page.
    pub person: Option<(PersonId, String)>,
}

impl Kith {
    /// What is lost at the reader's own organisation: `page` from 1.
    ///
    /// # Errors
    /// This actor may not see the lost list, or the database could not be read.
    pub async fn lost_here(&self, who: &Principal, page: usize) -> Result<LostHere, CareError> {
        let (_, organisation) = who.worker()?;
        let mut look = self.look(who).await?;
        let permitted = look.place(Action::ViewLost);
        look.finish_with(permitted).await?;
        // Counting reads in a snapshot of its own: no page holds two.
        let counts = self.counts(who.now).await?;
        let ours = |l: &&LostThing| l.organisation_id == Some(organisation);
        let all: Vec<&LostThing> = counts.checked.lost.iter().filter(ours).collect();
        let page = page.clamp(1, all.len().div_ceil(LOST_ON_A_PAGE).max(1));
        let of_page = all.iter().skip((page - 1) * LOST_ON_A_PAGE).take(LOST_ON_A_PAGE);
        let mut look = self.look(who).await?;
        let things = opened(&mut look, of_page.map(|l| (*l).clone()).collect()).await;
        let things = look.finish_with(things).await?;
        Ok(LostHere { counted_at: counts.at, things, all: all.len(), page })
    }
}

/// Each with the person, where this reader may open their page.
async fn opened(look: &mut Looking<'_>, things: Vec<LostThing>) -> Result<Vec<LostOne>, CareError> {
    let mut names: BTreeMap<PersonId, Option<String>> = BTreeMap::new();
    for person in things.iter().filter_map(|l| l.person) {
        if let std::collections::btree_map::Entry::Vacant(entry) = names.entry(person) {
            entry.insert(name_of(look, person).await?);
        }
    }
    let with_name = |thing: LostThing| {
        let person = thing.person.and_then(|id| Some((id, names.get(&id)?.clone()?)));
        LostOne { thing, person }
    };
    Ok(things.into_iter().map(with_name).collect())
}

async fn name_of(look: &mut Looking<'_>, person: PersonId) -> Result<Option<String>, CareError> {
    let about = look.about(person).await?;
    let Some(guarded) = about.records.first::<Person>()? else { return Ok(None) };
    let ask = look.batch.ask(Action::View);
    let opens = look.batch.permit(&about.world, guarded.item(), &ask).is_ok();
    Ok(if opens { look.name(&about.world, guarded) } else { None })
}

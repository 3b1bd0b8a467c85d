//! Possible matches, quietly held for the identity queue. Nothing here is ever shown to
//! whoever adds somebody: making a person never says whether anyone else knows them.

use crate::change::Changing;
use crate::error::CareError;
use crate::kith::Kith;
use kith_access::{Action, Batch, Standing};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::identity::resolvers;
use kith_domain::link;
use kith_domain::matching::{keys, may_be_one};
use kith_domain::person::Person;
use kith_domain::record::{Kind, Record};
use kith_domain::supporter::PossibleMatch;
use kith_store::Tx;
use std::collections::BTreeSet;
use uuid::Uuid;

/// People who are compared by one thing they share; more share a very common name or day.
const MOST: u32 = 50;

impl Kith {
    /// Compares a person with those who share their name, NHS number, telephone or birthday, and
    /// holds what may be one person. For somebody new, and when what is known of them changes.
    ///
    /// # Errors
    /// The database could not do it.
    pub(crate) async fn note_possible_matches(
        &self,
        change: &mut Changing<'_>,
        id: PersonId,
        person: &Person,
    ) -> Result<(), CareError> {
        let (job, standing) = (kith_access::Actor::job(change.who.now), Standing::default());
        let mut batch = Batch::new(self.decider(), &job, &standing, change.who.now);
        let ask = batch.ask(Action::Check);
        let mut others = near(&mut change.tx, person).await?;
        others.remove(&id);
        let others: Vec<PersonId> = others.into_iter().collect();
        let worlds = change.tx.load_worlds(&others, self.calendar()).await?;
        for (other, world) in worlds {
            let Some(guarded) = change.tx.find::<Person>(other).await? else { continue };
            let Ok((found, _)) = batch.open(&world, guarded, &ask) else { continue };
            let why = may_be_one(person, &found.value);
            if why.is_empty() || noted(&mut change.tx, id, other).await? {
                continue;
            }
            let net = &change.who.partnership.place.value;
            let why = why.into_iter().map(str::to_owned).collect();
            let p = &change.who.partnership;
            let asked = resolvers(&p.facts, p.today(change.who.now));
            let held = PossibleMatch::new(id, other, why, asked);
            let at = RecordId(Uuid::now_v7());
            change
                .create_permitted(at, "possible match noted", net.net_organisation, &held, "check", None)
                .await?;
        }
        Ok(())
    }
}

/// Everybody who shares something with this person, by the index alone.
async fn near(tx: &mut Tx, person: &Person) -> Result<BTreeSet<PersonId>, CareError> {
    let mut found: BTreeSet<PersonId> =
        tx.list_people_named(&person.sort_key(), MOST).await?.into_iter().collect();
    for key in keys(person) {
        found.extend(tx.list_people_sharing(key.role, key.target, MOST).await?);
    }
    Ok(found)
}

/// Was this pair held before, whoever came first and whatever was decided?
async fn noted(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<bool, CareError> {
    for (first, second) in [(one, other), (other, one)] {
        let held = tx.list_people_of_kind(link::OTHER_PERSON, second, Kind::PossibleMatch).await?;
        if held.contains(&first) {
            return Ok(true);
        }
    }
    Ok(false)
}

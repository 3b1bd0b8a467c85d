//! Possible matches, quietly held for the identity queue. Nothing here is ever shown to
//! whoever adds somebody: making a person never says whether anyone else knows them.

use crate::change::Changing;
use crate::error::CareError;
use crate::kith::Kith;
use kith_access::{Action, Batch, Standing};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::person::Person;
use kith_domain::record::{Record, Saved};
use kith_domain::supporter::PossibleMatch;
use uuid::Uuid;

/// People with the same name who are compared; more share a very common name.
const MOST: u32 = 50;

impl Kith {
    /// Compares a new person with those of the same name, and holds what may match.
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
        let others = change.tx.list_people_named(&person.sort_key(), MOST).await?;
        let others: Vec<PersonId> = others.into_iter().filter(|other| *other != id).collect();
        let worlds = change.tx.load_worlds(&others, self.calendar()).await?;
        for (other, world) in worlds {
            let Some(guarded) = change.tx.find::<Person>(other).await? else { continue };
            let Ok((found, _)) = batch.open(&world, guarded, &ask) else { continue };
            let why = reasons(person, &found);
            if why.is_empty() {
                continue;
            }
            let net = &change.who.partnership.place.value;
            let held = PossibleMatch { one: id, other, why, decided: None };
            let at = RecordId(Uuid::now_v7());
            change
                .create_permitted(at, "possible match noted", net.net_organisation, &held, "check", None)
                .await?;
        }
        Ok(())
    }
}

/// Why two records may be one person: kinds of evidence, never the content.
fn reasons(new: &Person, other: &Saved<Person>) -> Vec<String> {
    let other = &other.value;
    let both = |same: bool, words: &str| same.then(|| words.to_owned());
    let known = |a: Option<&String>, b: Option<&String>| a.is_some() && a == b;
    let found: Vec<String> = [
        both(new.nhs_number.known().is_some() && new.nhs_number == other.nhs_number, "same NHS number"),
        both(
            matches!(new.birth, kith_domain::person::Birth::Exact(_)) && new.birth == other.birth,
            "same birthday",
        ),
        both(known(new.phone.known(), other.phone.known()), "same phone number"),
        both(new.address.known().is_some() && new.address == other.address, "same address"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match found.is_empty() {
        true => found,
        false => std::iter::once("same name".to_owned()).chain(found).collect(),
    }
}

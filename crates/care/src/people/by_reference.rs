//! Finding what somebody asks about who read a reference out: a receiver on the phone, a GP
//! practice with a message back. Only among what the worker's own teams have to do with, and
//! only what they may open: for anything else the answer is the same as for nothing.

use crate::coming_in::reference;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::coming_in::ComingIn;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::link;
use kith_domain::record::Kind;
use kith_domain::referral::Referral;
use uuid::Uuid;

/// What a reference stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Referred {
    /// Help that this side asked for.
    Asked(PersonId, RecordId),
    /// A request to this side.
    ToUs(RecordId),
    /// Somebody coming in.
    ComingIn(RecordId),
}

/// The reference as it is kept: eight letters and digits in two groups. None when what was
/// typed cannot be one.
pub fn typed(text: &str) -> Option<String> {
    let signs: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let signs = signs.to_ascii_uppercase();
    let fits = signs.len() == 8 && signs.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| format!("{} {}", &signs[..4], &signs[4..]))
}

impl Kith {
    /// What this reference stands for, among what this worker may open.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn find_by_reference(
        &self,
        who: &Principal,
        wanted: &str,
    ) -> Result<Option<Referred>, CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        let result = found(&mut look, wanted).await;
        look.finish_with(result).await
    }
}

async fn found(look: &mut Looking<'_>, wanted: &str) -> Result<Option<Referred>, CareError> {
    let (me, organisation) = look.who.worker()?;
    let mut from: Vec<(&'static str, Uuid)> =
        vec![(link::SENDER_WORKER, me.0), (link::RECEIVER_WORKER, me.0), (link::HOLDER_LEAD, me.0)];
    for team in look.who.actor.teams.iter() {
        from.extend([link::SENDER_TEAM, link::RECEIVER_TEAM, link::HOLDER_TEAM].map(|role| (role, team.0)));
    }
    for (role, target) in from {
        for kind in [Kind::Referral, Kind::ComingIn] {
            let ids = look.tx.list_ids_linked(role, target, kind).await?;
            for id in ids.into_iter().filter(|id| reference(*id) == wanted) {
                if let Some(found) = open(look, id, kind, organisation).await? {
                    return Ok(Some(found));
                }
            }
        }
    }
    Ok(None)
}

async fn open(
    look: &mut Looking<'_>,
    id: RecordId,
    kind: Kind,
    organisation: kith_domain::id::OrganisationId,
) -> Result<Option<Referred>, CareError> {
    let ask = look.batch.ask(Action::View);
    if kind == Kind::ComingIn {
        let world = look.beside(id).await?;
        let Some(guarded) = look.tx.find::<ComingIn>(id).await? else { return Ok(None) };
        return Ok(look.listed(&world, guarded, &ask).map(|_| Referred::ComingIn(id)));
    }
    let Some(person) = look.tx.find::<Referral>(id).await?.and_then(|g| g.item().person) else {
        return Ok(None);
    };
    let about = look.about(person).await?;
    let Some(guarded) = about.records.one::<Referral>(id)? else {
        return Ok(None);
    };
    let seen = look.listed(&about.world, guarded, &ask);
    Ok(seen.map(|saved| match saved.value.sender.organisation == organisation {
        true => Referred::Asked(person, id),
        false => Referred::ToUs(id),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_however_it_was_written_down() {
        for text in ["4567 89AB", "456789ab", " 4567-89ab "] {
            assert_eq!(typed(text).as_deref(), Some("4567 89AB"));
        }
        for text in ["", "4567", "4567 89AG", "4567 89AB 1", "４５６７８９ＡＢ"] {
            assert_eq!(typed(text), None, "{text}");
        }
        let id = RecordId(Uuid::from_u128(0x4567_89ab));
        assert_eq!(typed(&reference(id)), Some(reference(id)));
    }
}

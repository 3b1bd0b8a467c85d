//! How much space a service has, said by those who run it, in one tap. A receiver without an
//! account says it of the one service that their link is about.

use crate::change::Changing;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{Looking, refused};
use crate::principal::{Identity, Principal};
use crate::referral::link;
use kith_access::{Action, Batch, Item, PersonWorld, Proof};
use kith_domain::directory::{Capacity, Service, Space};
use kith_domain::id::ServiceId;
use kith_domain::record::Saved;
use kith_domain::text::{LINE, line_or_none};
use kith_domain::time::plus_days;
use kith_store::chain::ChainKind;
use kith_store::submission::Submitted;
use kith_store::{Tx, Writing};
use uuid::Uuid;

/// "Full until" can be at most this many days ahead; after that somebody asks again.
const FULL_DAYS: i32 = 366;

impl Kith {
    /// The services of the worker's organisation.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn our_services(&self, who: &Principal) -> Result<Vec<Saved<Service>>, CareError> {
        let (_, organisation) = who.worker()?;
        let mut look = self.look(who).await?;
        look.place(Action::BrowseDirectory)?;
        let directory = self.directory(&mut look.tx).await?;
        let ours = directory.services.values().filter(|s| s.value.organisation == organisation);
        let mut ours: Vec<Saved<Service>> = ours.map(|s| s.as_ref().clone()).collect();
        ours.sort_by(|a, b| a.value.name.cmp(&b.value.name));
        look.finish_with(Ok(ours)).await
    }

    /// The service that a link is about, for whoever came by it and gave their name.
    ///
    /// # Errors
    /// The link is dead, or they have not given their name and the code.
    pub async fn service_by_link(&self, who: &Principal) -> Result<Saved<Service>, CareError> {
        let mut look = self.look(who).await?;
        let world = self.world_by_link(&mut look.tx, who).await;
        let result = match world {
            Ok(world) => service_of(&mut look, &world).await,
            Err(error) => Err(error),
        };
        look.finish_with(result).await
    }

    /// The world in which it is decided: for a link holder, that of the request they came for,
    /// with their link in it. Anybody else's service belongs to nobody in particular.
    async fn world_by_link(&self, tx: &mut Tx, who: &Principal) -> Result<PersonWorld, CareError> {
        let Identity::LinkHolder { referral, .. } = who.identity else { return Ok(PersonWorld::nobody()) };
        let person = self.person_of_referral(tx, referral).await?.ok_or(CareError::Missing)?;
        let mut worlds = tx.load_worlds(&[person], self.calendar()).await?;
        let mut world = worlds.remove(&person).ok_or(CareError::Missing)?;
        link::add_grant(tx, &mut world, who).await?;
        Ok(world)
    }

    /// Says how much space a service has. `version` is the one of the entry that the page showed.
    ///
    /// # Errors
    /// It is another organisation's, somebody saved it in between, or the day cannot be.
    pub async fn set_space(
        &self,
        who: &Principal,
        (service, version): (ServiceId, u32),
        space: Space,
        note: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let answer = match who.identity {
            Identity::LinkHolder { .. } => "/link/request",
            _ => "/our-services",
        };
        let note = line_or_none(note, LINE).map_err(|e| CareError::field("note", e))?.unwrap_or_default();
        let today = self.calendar().day(who.now);
        if let Space::Full { until: Some(until) } = space
            && (until <= today || until > plus_days(today, FULL_DAYS))
        {
            return Err(CareError::field(
                "until",
                "Choose a day after today, at most a year ahead. Or leave it empty.",
            ));
        }
        let mut tx = self.store().write().await?;
        let owner = tx.find_common::<Service>(service).await?.ok_or(CareError::Missing)?.meta.owner;
        tx.lock(ChainKind::Organisation, &[owner.0]).await?;
        if let Some(id) = submission {
            match tx.find_submission(id, &who.key()).await? {
                Submitted::New => {}
                Submitted::Before(answer) => return Ok(answer),
                Submitted::Foreign => return Err(CareError::OutOfDate),
            }
        }
        // Under the lock: whoever was suspended, or left a team, since the session was read is so
        // for this decision.
        let who = who.as_of(&self.partnership(&mut tx).await?);
        let world = self.world_by_link(&mut tx, who).await?;
        let old = tx.find_common::<Service>(service).await?.ok_or(CareError::Missing)?;
        let mut batch = Batch::new(self.decider(), &who.actor, &who.standing, who.now);
        let ask = batch.ask(Action::SetCapacity);
        let item = Item::of_saved(&old);
        let permit =
            batch.permit(&world, &item, &ask).map_err(|denial| refused(who, None, &ask, &denial, "other"))?;
        Changing::expect_version(&old, version)?;
        let mut new = old.value.clone();
        let author = who.actor.author();
        new.capacity = Capacity { space, note, said_at: Some(who.now), said_by: Some(author) };
        let basis = permit.granted().basis().code().to_owned();
        let writing = Writing { at: who.now, author, recorded_for: None, basis };
        tx.change(&writing, "space said", &old.meta, &new).await?;
        if let Some(id) = submission {
            tx.record_submission(id, &who.key(), who.now, answer).await?;
        }
        tx.commit().await?;
        Ok(answer.to_owned())
    }
}

async fn service_of(look: &mut Looking<'_>, world: &PersonWorld) -> Result<Saved<Service>, CareError> {
    let Identity::LinkHolder { referral, .. } = look.who.identity else { return Err(CareError::Missing) };
    let asked = world.referrals.iter().find(|r| r.id == referral).and_then(|r| r.service);
    let service = look.tx.find_common::<Service>(asked.ok_or(CareError::Missing)?).await?;
    let service = service.ok_or(CareError::Missing)?;
    let ask = look.batch.ask(Action::SetCapacity);
    // By a link that is dead there is nothing, as on the request's own page.
    look.permit(world, &Item::of_saved(&service), &ask).map_err(|_| CareError::Missing)?;
    Ok(service)
}

//! With whom each thing is today, for the access rules: what a record names is not always
//! who has it. Somebody who covers, or stands in for a colleague who is not there, opens
//! and answers what has come to them.

use super::Checking;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::About;
use crate::principal::{Identity, Principal};
use kith_access::PersonWorld;
use kith_domain::holding::{About as What, Held, LooseFacts, holding, holding_loose};
use kith_domain::id::{RecordId, WorkerId};
use kith_domain::look_question::LookQuestion;
use kith_domain::near::stands_in;
use kith_domain::worry::Worry;
use kith_store::Tx;
use kith_store::read::PersonRecords;

/// Things that belong to no person, and the world to open them in.
pub(crate) struct Beside {
    /// The world: with whom each of them is.
    pub world: PersonWorld,
    /// The records, still closed.
    pub records: PersonRecords,
    /// Who holds each that is open.
    pub held: Vec<Held>,
}

impl Principal {
    /// Adds to a world with whom its open things are, when this worker may stand in for
    /// anybody, or may hold a thing of a plan that another holds.
    pub(crate) fn add_with(&self, world: &mut PersonWorld, held: &[Held]) {
        for h in held {
            world
                .with
                .entry(h.what.id)
                .or_default()
                .extend([h.holder.acts(), h.holder.lead].into_iter().flatten());
            if let (What::Worry, Some(second)) = (h.about, h.risen.and_then(|r| r.worker)) {
                world.beside.insert(h.what.id, second);
            }
        }
    }

    /// Does it matter to this worker who stands in for whom with this person?
    fn asks_with(&self, world: &PersonWorld) -> bool {
        let Identity::Worker { worker, .. } = self.identity else { return false };
        let holds = |lead: Option<WorkerId>| lead == Some(worker);
        !world.holder.as_ref().is_some_and(|h| holds(h.lead))
            || stands_in(&self.partnership.facts, worker, self.partnership.today(self.now))
    }
}

impl Kith {
    /// Completes the world of somebody whose records these are.
    pub(crate) fn complete(&self, who: &Principal, about: &mut About) -> Result<(), CareError> {
        who.partnership.add_holders(&mut about.world, who.now);
        if !who.asks_with(&about.world) {
            return Ok(());
        }
        let (actor, standing) = Kith::job(who.now);
        let facts = Checking::new(self, &actor, &standing, who.now).facts(about)?;
        if let Some(facts) = facts {
            let held = holding(&who.partnership.facts, &facts, who.now);
            who.add_with(&mut about.world, &held);
        }
        Ok(())
    }

    /// These things, that belong to no person, and who holds them.
    pub(crate) async fn beside(
        &self,
        tx: &mut Tx,
        who: &Principal,
        ids: &[RecordId],
    ) -> Result<Beside, CareError> {
        let records = tx.list_records(ids).await?;
        let (actor, standing) = Kith::job(who.now);
        let mut checking = Checking::new(self, &actor, &standing, who.now);
        let mut world = PersonWorld::nobody();
        let loose = |w: &kith_access::Guarded<kith_domain::record::Saved<Worry>>| w.item().person.is_none();
        let about_nobody =
            |q: &kith_access::Guarded<kith_domain::record::Saved<LookQuestion>>| q.item().person.is_none();
        let facts = LooseFacts {
            coming_ins: checking.open_all(&world, records.of()?)?,
            hand_overs: checking.open_all(&world, records.of()?)?,
            worries: checking.open_all(&world, records.of::<Worry>()?.into_iter().filter(loose).collect())?,
            looks: checking
                .open_all(&world, records.of::<LookQuestion>()?.into_iter().filter(about_nobody).collect())?,
        };
        let held = holding_loose(&who.partnership.facts, &facts, who.now);
        who.add_with(&mut world, &held);
        Ok(Beside { world, records, held })
    }
}

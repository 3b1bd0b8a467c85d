//! What would pass on, and to whom: shown before an organisation or a team closes, or somebody
//! leaves. Counts and teams, never people's names. Worked out by `holding` with the facts as
//! they would be, so that what is shown is what happens.

use crate::error::CareError;
use crate::kith::Kith;
use kith_domain::holding::{Held, HeldBy, PartnershipFacts, holding, holding_loose};
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::lost::breaches;
use kith_domain::time::{Day, Instant};
use std::collections::BTreeMap;

/// Whose open things are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// Everything that an organisation holds.
    Organisation(OrganisationId),
    /// Everything that a team holds.
    Team(TeamId),
    /// Everything of which this worker is the named lead.
    Worker(WorkerId),
}

impl Whose {
    fn holds(self, holder: &HeldBy) -> bool {
        match self {
            Whose::Organisation(id) => holder.organisation == id,
            Whose::Team(id) => holder.team == id,
            Whose::Worker(id) => holder.lead == Some(id),
        }
    }
}

/// What passes on.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct PassesOn {
    /// Open things that they hold now.
    pub open: u64,
    /// People whose plan is among them.
    pub plans: u64,
    /// To whom they go: team, organisation, the lead's name, and how many.
    pub to: Vec<(String, String, Option<String>, u64)>,
    /// Open things that nobody would hold. A change that leaves any is not made.
    pub lost: u64,
}

impl Kith {
    /// What would pass on from whom, were the partnership so from `on`.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn passes_on(
        &self,
        whose: Whose,
        after: &PartnershipFacts,
        on: Day,
        now: Instant,
    ) -> Result<PassesOn, CareError> {
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let before = &partnership.facts;
        let then = before.calendar.start(on).0.max(now.0);
        let then = Instant(then);
        let mut sum = Sum { whose, by: BTreeMap::new(), found: PassesOn::default() };
        let mut strays = Vec::new();
        let loose = self.loose_facts(&mut tx, now, &mut strays).await?;
        sum.add(after, &holding_loose(before, &loose, now), || holding_loose(after, &loose, then), then);
        let everybody = self.for_everybody(&mut tx, now, |person| {
            sum.add(after, &holding(before, person, now), || holding(after, person, then), then);
        });
        everybody.await?;
        let Sum { by, mut found, .. } = sum;
        let named = |(organisation, team, lead): (OrganisationId, TeamId, Option<WorkerId>)| {
            let place = partnership.organisation_name(organisation).unwrap_or_default();
            (partnership.team_name(team), place, lead.map(|w| partnership.worker_name(w)))
        };
        found.to = by
            .into_iter()
            .map(|(to, n)| {
                let (team, place, lead) = named(to);
                (team, place, lead, n)
            })
            .collect();
        found.to.sort_by(|a, b| (b.3, &a.0).cmp(&(a.3, &b.0)));
        Ok(found)
    }
}

struct Sum {
    whose: Whose,
    by: BTreeMap<(OrganisationId, TeamId, Option<WorkerId>), u64>,
    found: PassesOn,
}

impl Sum {
    fn add(&mut self, after: &PartnershipFacts, now: &[Held], then: impl FnOnce() -> Vec<Held>, at: Instant) {
        let theirs: Vec<&Held> = now.iter().filter(|h| self.whose.holds(&h.holder)).collect();
        if theirs.is_empty() {
            return;
        }
        let held_then = then();
        for held in theirs {
            self.found.open += 1;
            self.found.plans += u64::from(held.is_plan());
            // A request whose receiver is gone comes back as another thing about the same record.
            let same = |h: &&Held| h.what == held.what;
            let to = held_then.iter().find(|h| same(h) && h.about == held.about);
            let to = to.or_else(|| held_then.iter().find(same));
            let Some(to) = to else { continue };
            let key = (to.holder.organisation, to.holder.team, to.holder.acts());
            *self.by.entry(key).or_default() += 1;
            self.found.lost += u64::from(!breaches(after, std::slice::from_ref(to), at).is_empty());
        }
    }
}

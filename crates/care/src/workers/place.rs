//! A worker's places: one more, another from a day on, the last day, coming back. What they
//! hold passes on by itself; before it is done the page shows how much, and to whom.

use super::giver;
use super::invite::end_sessions;
use crate::change::loose::{BegunLoose, Loose};
use crate::error::CareError;
use crate::kith::Kith;
use crate::members::keep::at_field;
use crate::members::passing::{PassesOn, Whose};
use crate::principal::Principal;
use kith_access::{Action, Draft, Item, PersonWorld};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::holding::PartnershipFacts;
use kith_domain::id::{TeamId, WorkerId};
use kith_domain::joining::CannotJoin;
use kith_domain::keeping::CannotKeep;
use kith_domain::organisation::{Membership, WorkRole, Worker};
use kith_domain::placing::{self, CannotPlace, Giver};
use kith_domain::record::Kind;
use kith_domain::time::{Day, plus_days};
use uuid::Uuid;

/// What is done about a worker's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceChange {
    /// They get this place from this day on; in the place of another that ends the day before.
    Give {
        /// The team.
        team: TeamId,
        /// The role.
        role: WorkRole,
        /// From this day.
        from: Day,
        /// The place that ends, if one does.
        instead: Option<(TeamId, WorkRole)>,
    },
    /// A place ends with this last day.
    End {
        /// The team.
        team: TeamId,
        /// The role.
        role: WorkRole,
        /// The last day.
        last: Day,
    },
    /// They leave; their last day here.
    Leave(Day),
    /// They come back to this place.
    Back(TeamId, WorkRole),
    /// They have not gone yet, and stay.
    Stay,
}

fn told(why: CannotPlace) -> CareError {
    let words = format!("{why}.");
    match why {
        CannotPlace::Keep(CannotKeep::NotThen(_)) => CareError::field("from", words),
        CannotPlace::Keep(why) => at_field(&why),
        CannotPlace::Join(CannotJoin::Role) => CareError::field("role", words),
        CannotPlace::Join(CannotJoin::Team | CannotJoin::Organisation | CannotJoin::LinksOnly)
        | CannotPlace::Already => CareError::field("team", words),
        _ => CareError::refused(words),
    }
}

fn after(
    who: &Principal,
    facts: &PartnershipFacts,
    worker: WorkerId,
    what: PlaceChange,
) -> Result<Worker, CareError> {
    let role = giver(who).ok_or(CareError::Missing)?;
    let giver = Giver { worker: who.actor.worker_id(), role };
    let today = who.partnership.today(who.now);
    let place = |team: TeamId, role| {
        let t = facts.teams.get(&team).ok_or(CannotPlace::Join(CannotJoin::Team))?;
        Ok((t.organisation, team, role))
    };
    let done = match what {
        PlaceChange::Give { team, role, from, instead } => place(team, role)
            .and_then(|place| placing::placed(facts, worker, instead, place, from, giver, today)),
        PlaceChange::End { team, role, last } => {
            placing::ended(facts, worker, (team, role), last, giver, today)
        }
        PlaceChange::Leave(last) => placing::leaves(facts, worker, last, giver, today),
        PlaceChange::Back(team, role) => {
            place(team, role).and_then(|place| placing::comes_back(facts, worker, place, giver, today))
        }
        PlaceChange::Stay => placing::stays(facts, worker, giver, today),
    };
    done.map_err(told)
}

/// A worker and their places, for whoever keeps them.
#[derive(Clone, Debug)]
pub struct PlacesOf {
    /// Who.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// The places they have, or will have: team, role, what it is called.
    pub places: Vec<(TeamId, WorkRole, String)>,
    /// The first day they are no longer here.
    pub left: Option<Day>,
    /// It is the one who looks.
    pub oneself: bool,
}

impl Kith {
    /// A worker's places.
    ///
    /// # Errors
    /// It is not this administrator's to see.
    pub async fn places_of(&self, who: &Principal, worker: WorkerId) -> Result<PlacesOf, CareError> {
        let w = self.kept_worker(who, worker).await?;
        let today = who.partnership.today(who.now);
        let open = w.memberships.iter().filter(|m| m.until.is_none_or(|until| today <= until));
        let title = |m: &Membership| {
            let place = who.partnership.organisation_name(m.organisation).unwrap_or_default();
            format!("{}, {}, {place}", m.role.title(), who.partnership.team_name(m.team))
        };
        Ok(PlacesOf {
            worker,
            places: open.map(|m| (m.team, m.role, title(m))).collect(),
            left: w.left,
            oneself: who.actor.worker_id() == Some(worker),
            name: w.name,
        })
    }

    /// A worker whom this administrator keeps.
    async fn kept_worker(&self, who: &Principal, worker: WorkerId) -> Result<Worker, CareError> {
        let mut look = self.look(who).await?;
        let found = match look.tx.find_common::<Worker>(worker).await {
            Ok(found) => found.ok_or(CareError::Missing),
            Err(error) => Err(error.into()),
        };
        let permitted = found.and_then(|saved| {
            let ask = look.batch.ask(Action::Administer);
            let permit = look.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask);
            permit.map(|_| saved.value).map_err(|_| CareError::Missing)
        });
        look.finish_with(permitted).await
    }

    /// Those who left and whom this administrator kept, by name, with the first day on which
    /// they were gone.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn workers_who_left(&self, who: &Principal) -> Result<Vec<(WorkerId, String, Day)>, CareError> {
        let mut look = self.look(who).await?;
        let workers = look.tx.list_common::<Worker>().await;
        let ask = look.batch.ask(Action::Administer);
        let today = who.partnership.today(who.now);
        let found = workers.map_err(CareError::from).map(|all| {
            let mut gone = Vec::new();
            for saved in all {
                let Some(left) = saved.value.left.filter(|day| *day <= today) else { continue };
                if look.batch.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask).is_ok() {
                    gone.push((saved.id(), saved.value.name, left));
                }
            }
            gone.sort_by(|a: &(WorkerId, String, Day), b| a.1.cmp(&b.1));
            gone
        });
        look.finish_with(found).await
    }

    /// Changes a worker's places.
    ///
    /// # Errors
    /// It is themselves, it cannot be so, or it is not this administrator's to do.
    pub async fn change_places(
        &self,
        who: &Principal,
        worker: WorkerId,
        what: PlaceChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let known = who.partnership.worker(worker).ok_or(CareError::Missing)?;
        let owner = known.memberships.first().map(|m| m.organisation).ok_or(CareError::Missing)?;
        let (begun, partnership) = self.change_of_place(who, owner, submission).await?;
        let mut change = match begun {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let saved = change.tx.find_common::<Worker>(worker).await?.ok_or(CareError::Missing)?;
        let basis = change.permit_about_place(&saved, Action::Administer)?;
        may_place(&mut change, &partnership, what)?;
        let new = after(who, &partnership.facts, worker, what)?;
        let word = match what {
            PlaceChange::Give { .. } => "worker placed",
            PlaceChange::End { .. } => "worker's place ends",
            PlaceChange::Leave(_) => "worker leaves",
            PlaceChange::Back(..) => "worker is back",
            PlaceChange::Stay => "worker stays",
        };
        let writing = change.writing(&basis);
        change.tx.change(&writing, word, &saved.meta, &new).await?;
        // A session belongs to one role in one organisation: whatever changed, they sign in again.
        end_sessions(&mut change, worker).await?;
        change.finish(&format!("/workers/{worker}")).await
    }

    /// What would pass on, and to whom, if a worker's places were changed so.
    ///
    /// # Errors
    /// It cannot be so, or it is not this administrator's to do.
    pub async fn places_pass_on(
        &self,
        who: &Principal,
        worker: WorkerId,
        what: PlaceChange,
    ) -> Result<PassesOn, CareError> {
        self.kept_worker(who, worker).await?;
        let mut facts = who.partnership.facts.clone();
        let new = after(who, &facts, worker, what)?;
        facts.workers.insert(worker, new);
        let today = who.partnership.today(who.now);
        let on = match what {
            PlaceChange::Give { from, .. } => from,
            PlaceChange::End { last, .. } | PlaceChange::Leave(last) => plus_days(last, 1),
            PlaceChange::Back(..) | PlaceChange::Stay => today,
        };
        self.passes_on(Whose::Worker(worker), &facts, on, who.now).await
    }
}

/// An organisation's administrator gives places there only.
fn may_place(
    change: &mut Loose<'_>,
    partnership: &crate::Partnership,
    what: PlaceChange,
) -> Result<(), CareError> {
    let (PlaceChange::Give { team, .. } | PlaceChange::End { team, .. } | PlaceChange::Back(team, _)) = what
    else {
        return Ok(());
    };
    let organisation = partnership.team(team).map(|t| t.organisation).ok_or(CareError::Missing)?;
    let draft = Draft::new(Kind::Worker, organisation, Area::Identity, Sensitivity::S0);
    change.permit_place_new(&draft, Action::Administer).map(|_| ())
}

//! Changing the members: each change is in the organisation's own chain, with its line in the
//! access log, and none is made that leaves the net or the place itself to nobody.

use super::keeps_agreements;
use super::passing::{PassesOn, Whose};
use crate::change::Changing;
use crate::change::loose::{BegunLoose, Loose};
use crate::error::CareError;
use crate::kith::Kith;
use crate::partnership::Partnership;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Draft};
use kith_domain::holding::PartnershipFacts;
use kith_domain::id::{OrganisationId, RecordId, TeamId};
use kith_domain::keeping::{self, CannotKeep, Details, TeamDetails};
use kith_domain::organisation::{Agreement, Organisation, Team};
use kith_domain::time::{Day, Instant};
use kith_store::NewRecord;
use kith_store::chain::ChainKind;
use std::sync::Arc;
use uuid::Uuid;

/// What is done with an organisation.
#[derive(Clone, Debug)]
pub enum MemberChange {
    /// Other details.
    Details(Box<Details>),
    /// A new agreement in the place of the one before.
    Agreement(Box<Agreement>),
    /// It closes on this day; the team that takes over.
    Close(Day, Option<TeamId>),
    /// It is paused from today.
    Pause,
    /// It works again.
    Open,
}

/// What is done with a team.
#[derive(Clone, Debug)]
pub enum TeamChange {
    /// Other details.
    Details(Box<TeamDetails>),
    /// It closes on this day; the team that takes over.
    Close(Day, Option<TeamId>),
}

/// Where a form shows what is wrong.
pub(crate) fn at_field(why: &CannotKeep) -> CareError {
    let field = match why {
        CannotKeep::NoName | CannotKeep::Twice => "name",
        CannotKeep::Lacks(_) => "reference",
        CannotKeep::NoArea => "areas",
        CannotKeep::Backwards | CannotKeep::Over | CannotKeep::TooFar(_) | CannotKeep::NetShort(_) => "until",
        CannotKeep::NotThen(_) | CannotKeep::Gap => "from",
        CannotKeep::NotTheirs => "lead",
        CannotKeep::NoSuccessor => "successor",
        CannotKeep::ReplyDays => "reply",
        CannotKeep::Panel(_) | CannotKeep::PanelNo(_) => "kind",
        CannotKeep::Gone | CannotKeep::Organisation | CannotKeep::Net(_) | CannotKeep::NobodyKeeps => {
            return CareError::refused(format!("{why}."));
        }
    };
    CareError::field(field, format!("{why}."))
}

fn changed(
    facts: &PartnershipFacts,
    id: OrganisationId,
    change: &MemberChange,
    today: Day,
) -> Result<Organisation, CannotKeep> {
    match change {
        MemberChange::Details(details) => keeping::changed(facts, id, (**details).clone(), today),
        MemberChange::Agreement(signed) => keeping::renewed(facts, id, (**signed).clone(), today),
        MemberChange::Close(on, successor) => {
            let of = |team: TeamId| facts.teams.get(&team).map(|t| (t.organisation, team));
            let successor = match successor {
                Some(team) => Some(of(*team).ok_or(CannotKeep::NoSuccessor)?),
                None => None,
            };
            keeping::closed(facts, id, *on, successor, today)
        }
        MemberChange::Pause => keeping::paused(facts, id, today),
        MemberChange::Open => keeping::opened(facts, id),
    }
}

fn team_changed(
    facts: &PartnershipFacts,
    id: TeamId,
    change: &TeamChange,
    today: Day,
) -> Result<Team, CannotKeep> {
    match change {
        TeamChange::Details(details) => keeping::team_changed(facts, id, (**details).clone(), today),
        TeamChange::Close(on, successor) => keeping::team_closed(facts, id, *on, *successor, today),
    }
}

impl Kith {
    /// Begins a change of the place itself. The net's own head row makes such changes one after
    /// the other, so that two of them cannot together take away what each would leave.
    pub(crate) async fn change_of_place<'a>(
        &'a self,
        who: &'a Principal,
        organisation: OrganisationId,
        submission: Option<Uuid>,
    ) -> Result<(BegunLoose<'a>, Arc<Partnership>), CareError> {
        let begun = self.change_beside(who, organisation, submission).await?;
        let BegunLoose::Go(mut change) = begun else { return Ok((begun, who.partnership.clone())) };
        let net = who.partnership.facts.place.net_organisation;
        if net != organisation {
            change.tx.lock(ChainKind::Organisation, &[net.0]).await?;
        }
        let partnership = self.partnership(&mut change.tx).await?;
        Ok((BegunLoose::Go(change), partnership))
    }

    /// Adds a member with its agreement.
    ///
    /// # Errors
    /// A field needs another look, or it is not theirs to do.
    pub async fn add_member(
        &self,
        who: &Principal,
        (details, signed): (Details, Agreement),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        if !keeps_agreements(who) {
            return Err(CareError::Missing);
        }
        let id = OrganisationId(Uuid::now_v7());
        let net = who.partnership.facts.place.net_organisation;
        let (begun, partnership) = self.change_of_place(who, net, submission).await?;
        let mut change = match begun {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        change.tx.lock(ChainKind::Organisation, &[id.0]).await?;
        let today = partnership.today(who.now);
        let new = keeping::joins(&partnership.facts, details, signed, today).map_err(|why| at_field(&why))?;
        let basis = change.permit_place_new(&Draft::of(&new, id), Action::Administer)?;
        let writing = change.writing(&basis);
        let record = NewRecord { id: RecordId(id.0), person: None, owner: id };
        change.tx.create(&writing, "organisation joined", record, &new).await?;
        change.finish(&format!("/organisations/{id}")).await
    }

    /// Changes a member: details, agreement, closing, pausing, opening.
    ///
    /// # Errors
    /// A field needs another look, or it is not theirs to do.
    pub async fn change_member(
        &self,
        who: &Principal,
        id: OrganisationId,
        version: u32,
        what: MemberChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        // An organisation keeps its own details; agreements and closing are the partnership's.
        if !keeps_agreements(who) && !matches!(what, MemberChange::Details(_)) {
            return Err(CareError::Missing);
        }
        let (begun, partnership) = self.change_of_place(who, id, submission).await?;
        let mut change = match begun {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let saved = change.tx.find_common::<Organisation>(id).await?.ok_or(CareError::Missing)?;
        let basis = change.permit_about_place(&saved, Action::Administer)?;
        Changing::expect_version(&saved, version)?;
        let today = partnership.today(who.now);
        let after = changed(&partnership.facts, id, &what, today).map_err(|why| match (&what, &why) {
            (MemberChange::Agreement(_), CannotKeep::Panel(_) | CannotKeep::PanelNo(_)) => {
                CareError::field("reference", format!("{why}."))
            }
            _ => at_field(&why),
        })?;
        let word = match what {
            MemberChange::Details(_) => "organisation changed",
            MemberChange::Agreement(_) => "agreement recorded",
            MemberChange::Close(..) => "organisation closes",
            MemberChange::Pause => "organisation paused",
            MemberChange::Open => "organisation works again",
        };
        let writing = change.writing(&basis);
        change.tx.change(&writing, word, &saved.meta, &after).await?;
        if matches!(what, MemberChange::Pause | MemberChange::Close(..))
            && after.stopped_since(today).is_some()
        {
            end_sessions_of(&mut change, id).await?;
        }
        change.finish(&format!("/organisations/{id}")).await
    }

    /// Makes a team.
    ///
    /// # Errors
    /// A field needs another look, or it is not theirs to do.
    pub async fn add_team(
        &self,
        who: &Principal,
        organisation: OrganisationId,
        details: TeamDetails,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (begun, partnership) = self.change_of_place(who, organisation, submission).await?;
        let mut change = match begun {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let today = partnership.today(who.now);
        let made = keeping::team_made(&partnership.facts, organisation, details, today);
        let made = made.map_err(|why| at_field(&why))?;
        let basis = change.permit_place_new(&Draft::of(&made, organisation), Action::Administer)?;
        let writing = change.writing(&basis);
        let record = NewRecord { id: RecordId(Uuid::now_v7()), person: None, owner: organisation };
        change.tx.create(&writing, "team made", record, &made).await?;
        change.finish(&format!("/organisations/{organisation}")).await
    }

    /// Changes or closes a team.
    ///
    /// # Errors
    /// A field needs another look, or it is not theirs to do.
    pub async fn change_team(
        &self,
        who: &Principal,
        id: TeamId,
        version: u32,
        what: TeamChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let organisation = who.partnership.team(id).ok_or(CareError::Missing)?.organisation;
        let (begun, partnership) = self.change_of_place(who, organisation, submission).await?;
        let mut change = match begun {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let saved = change.tx.find_common::<Team>(id).await?.ok_or(CareError::Missing)?;
        let basis = change.permit_about_place(&saved, Action::Administer)?;
        Changing::expect_version(&saved, version)?;
        let today = partnership.today(who.now);
        let after = team_changed(&partnership.facts, id, &what, today).map_err(|why| at_field(&why))?;
        let word = match what {
            TeamChange::Details(_) => "team changed",
            TeamChange::Close(..) => "team closes",
        };
        let writing = change.writing(&basis);
        change.tx.change(&writing, word, &saved.meta, &after).await?;
        change.finish(&format!("/organisations/{organisation}")).await
    }

    /// What would pass on, and to whom, if a member were changed so.
    ///
    /// # Errors
    /// It cannot be changed so, or it is not theirs to do.
    pub async fn member_passes_on(
        &self,
        who: &Principal,
        id: OrganisationId,
        what: &MemberChange,
    ) -> Result<PassesOn, CareError> {
        self.member(who, id).await?;
        let mut after = who.partnership.facts.clone();
        let today = who.partnership.today(who.now);
        let new = changed(&after, id, what, today).map_err(|why| at_field(&why))?;
        let on = match what {
            MemberChange::Close(on, _) => *on,
            _ => today,
        };
        after.organisations.insert(id, new);
        self.passes_on(Whose::Organisation(id), &after, on, who.now).await
    }

    /// The same for a team.
    ///
    /// # Errors
    /// It cannot be changed so, or it is not theirs to do.
    pub async fn team_passes_on(
        &self,
        who: &Principal,
        id: TeamId,
        what: &TeamChange,
    ) -> Result<PassesOn, CareError> {
        self.team_of(who, id).await?;
        let mut after = who.partnership.facts.clone();
        let today = who.partnership.today(who.now);
        let new = team_changed(&after, id, what, today).map_err(|why| at_field(&why))?;
        let on = match what {
            TeamChange::Close(on, _) => *on,
            TeamChange::Details(_) => today,
        };
        after.teams.insert(id, new);
        self.passes_on(Whose::Team(id), &after, on, who.now).await
    }
}

/// Everybody of an organisation is signed out, in every window.
async fn end_sessions_of(change: &mut Loose<'_>, id: OrganisationId) -> Result<(), CareError> {
    let now: Instant = change.who.now;
    for account in change.tx.list_accounts().await? {
        let whose = serde_json::from_str::<Identity>(&account.who);
        if matches!(whose, Ok(Identity::Worker { organisation, .. }) if organisation == id) {
            change.tx.end_sessions_of(account.id, now).await?;
        }
    }
    Ok(())
}

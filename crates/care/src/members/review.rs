//! Looking at who has access: each place in an organisation is confirmed, or it ends. The look
//! is held by a named worker with a day, like anything else.

use super::keep::at_field;
use super::keeps_agreements;
use crate::change::loose::BegunLoose;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::{Identity, Principal};
use crate::workers::invite::end_sessions;
use kith_access::{Action, Item, PersonWorld};
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::organisation::{Organisation, WorkRole, Worker};
use kith_domain::placing::{CannotPlace, last_day_given};
use kith_domain::reviewing::{self, Line, NotReviewed, Reviewer, confirmed, may_review};
use kith_domain::time::{Day, Instant};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A place, as it is looked at.
#[derive(Clone, Debug)]
pub struct ReviewLine {
    /// The place, and by when somebody looks at it again.
    pub line: Line,
    /// The worker's name.
    pub name: String,
    /// The team's name.
    pub team: String,
    /// Who looked at it last.
    pub looked_by: Option<String>,
    /// When they were last signed in.
    pub signed_in: Option<Day>,
    /// Is it the reader's to confirm?
    pub mine: bool,
}

/// The access review of one organisation.
#[derive(Clone, Debug)]
pub struct Review {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// The version of its record.
    pub version: u32,
    /// Every place, the soonest due first.
    pub lines: Vec<ReviewLine>,
    /// Who looks at everybody's.
    pub reviewer: Option<String>,
}

/// What was said about one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// It is right.
    Right,
    /// It ends today.
    Ends,
}

/// A place: whose, in which team, as what.
pub type PlaceOf = (WorkerId, TeamId, WorkRole);

fn told(why: NotReviewed) -> CareError {
    match why {
        NotReviewed::Gone => CareError::OutOfDate,
        other => CareError::refused(format!("{other}.")),
    }
}

impl Kith {
    /// Who has which place in an organisation.
    ///
    /// # Errors
    /// It is not theirs to look at.
    pub async fn access_review(&self, who: &Principal, id: OrganisationId) -> Result<Review, CareError> {
        let mut look = self.look(who).await?;
        let result = review(&mut look, id).await;
        look.finish_with(result).await
    }

    /// Says of places that they are right, or that they end.
    ///
    /// # Errors
    /// One is not there any more, is the reader's own, or is not theirs to look at.
    pub async fn review_access(
        &self,
        who: &Principal,
        id: OrganisationId,
        said: &[(PlaceOf, Said)],
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let (begun, partnership) = self.change_of_place(who, id, submission).await?;
        let mut change = match begun {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let saved = change.tx.find_common::<Organisation>(id).await?.ok_or(CareError::Missing)?;
        let basis = change.permit_about_place(&saved, Action::ReviewAccess)?;
        let today = partnership.today(who.now);
        let by = (me, keeps_agreements(who));
        let mut facts = partnership.facts.clone();
        let all = reviewing::lines(&facts, id, today);
        if said.is_empty() {
            return Err(told(NotReviewed::Nothing));
        }
        let writing = change.writing(&basis);
        let ending = said.iter().filter(|(_, said)| *said == Said::Ends);
        for (place, _) in ending {
            may_review(&all, *place, by).map_err(told)?;
            let (worker, team, role) = *place;
            let old = change.tx.find_common::<Worker>(worker).await?.ok_or(CareError::OutOfDate)?;
            let new = last_day_given(&facts, worker, (team, role), today).map_err(refused)?;
            change.tx.change(&writing, "worker's place ends", &old.meta, &new).await?;
            end_sessions(&mut change, worker).await?;
            facts.workers.insert(worker, new);
        }
        let right: Vec<PlaceOf> =
            said.iter().filter(|(_, said)| *said == Said::Right).map(|(place, _)| *place).collect();
        if !right.is_empty() {
            let after = confirmed(&partnership.facts, id, &right, by, today).map_err(told)?;
            change.tx.change(&writing, "access looked at", &saved.meta, &after).await?;
        }
        change.finish(&format!("/organisations/{id}/access")).await
    }
}

fn refused(why: CannotPlace) -> CareError {
    match why {
        CannotPlace::Keep(why) => match at_field(&why) {
            CareError::Fields(_) => CareError::refused(format!("{why}.")),
            other => other,
        },
        other => CareError::refused(format!("{other}.")),
    }
}

async fn review(look: &mut Looking<'_>, id: OrganisationId) -> Result<Review, CareError> {
    let saved = look.tx.find_common::<Organisation>(id).await?.ok_or(CareError::Missing)?;
    let ask = look.batch.ask(Action::ReviewAccess);
    look.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask).map_err(|_| CareError::Missing)?;
    let (who, calendar) = (look.who, look.kith.calendar());
    let (me, _) = who.worker()?;
    let seen = look.tx.list_last_sessions().await?;
    let mut signed_in: BTreeMap<(WorkerId, WorkRole), Day> = BTreeMap::new();
    for (account, at) in seen {
        if let Ok(Identity::Worker { worker, organisation, role }) = serde_json::from_str(&account)
            && organisation == id
        {
            signed_in.insert((worker, role), calendar.day(Instant(at)));
        }
    }
    let facts = &who.partnership.facts;
    let today = who.partnership.today(who.now);
    let first = reviewing::reviewer(facts, id, today);
    let keeps = keeps_agreements(who);
    let mut lines: Vec<ReviewLine> = reviewing::lines(facts, id, today)
        .into_iter()
        .map(|line| ReviewLine {
            name: who.partnership.worker_name(line.worker),
            team: who.partnership.team_name(line.membership.team),
            looked_by: line.looked.map(|(_, by)| who.partnership.worker_name(by)),
            signed_in: signed_in.get(&(line.worker, line.membership.role)).copied(),
            mine: line.worker != me && (line.whose == Reviewer::Own || keeps),
            line,
        })
        .collect();
    lines.sort_by(|a, b| (a.line.due, &a.name).cmp(&(b.line.due, &b.name)));
    Ok(Review {
        organisation: id,
        name: saved.value.name.clone(),
        version: saved.meta.version,
        lines,
        reviewer: first.map(|w| who.partnership.worker_name(w)),
    })
}

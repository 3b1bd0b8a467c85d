//! My leave: a worker says from when until when they are away, and who covers. What they
//! hold passes to the cover by itself.

use crate::change::loose::BegunLoose;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_domain::leave::{self, BadLeave};
use kith_domain::organisation::{Absence, Worker};
use kith_domain::time::Day;
use kith_store::chain::ChainKind;
use uuid::Uuid;

/// What is done about leave.
#[derive(Clone, Copy, Debug)]
pub enum LeaveChange {
    /// Away on these days.
    Take(Absence),
    /// Back from the leave that begins on this day, or it is not taken.
    Back(Day),
}

fn at_field(why: &BadLeave) -> CareError {
    let field = match why {
        BadLeave::Backwards | BadLeave::Over => "until",
        BadLeave::Overlaps => "from",
        BadLeave::NoCover | BadLeave::Net(_) => "cover",
        BadLeave::NoWorker | BadLeave::NoLeave => return CareError::refused(format!("{why}.")),
    };
    CareError::field(field, format!("{why}."))
}

impl Kith {
    /// Writes down leave, or that one is back.
    ///
    /// # Errors
    /// The days or the cover cannot be, or the net would fall.
    pub async fn change_leave(
        &self,
        who: &Principal,
        what: LeaveChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let mut change = match self.change_beside(who, organisation, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let today = who.partnership.today(who.now);
        // The lead of the net and the second named person may do this in the same moment, for
        // different organisations: the net's own head row makes it one after the other, and
        // what the first has written is read after it.
        let net = who.partnership.facts.place.net_organisation;
        if net != organisation {
            change.tx.lock(ChainKind::Organisation, &[net.0]).await?;
        }
        let partnership = self.partnership(&mut change.tx).await?;
        let saved = change.tx.find_common::<Worker>(me).await?.ok_or(CareError::Missing)?;
        let basis = change.permit_about_place(&saved, kith_access::Action::HandOver)?;
        let facts = &partnership.facts;
        let (word, after) = match what {
            LeaveChange::Take(absence) => ("leave", leave::take_leave(facts, me, absence, today)),
            LeaveChange::Back(from) => ("back from leave", leave::back(facts, me, from, today)),
        };
        let after = after.map_err(|why| at_field(&why))?;
        let writing = change.writing(&basis);
        change.tx.change(&writing, word, &saved.meta, &after).await?;
        change.finish("/my-leave").await
    }
}

//! Who in the team answered a request that is no longer with them. After a no the receiver
//! sees nothing of it any more (rule B5), and a colleague, or the same worker in another
//! window, may still have a form for it open. They are told that it was answered, by whom
//! and when: what their own team did a moment ago, and nothing about the person. It is kept
//! for the team, beside the drafts, and told for a day.

use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::Principal;
use kith_domain::id::{PersonId, ReferralId, TeamId};
use kith_domain::moves::MoveKind;
use kith_domain::referral::Referral;
use kith_domain::time::Instant;
use kith_store::WriteTx;
use serde::{Deserialize, Serialize};

/// What the team did with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// They said no.
    SaidNo,
    /// They gave it back.
    GaveBack,
}

/// An answer that took a request from the team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// Who answered.
    pub by: String,
    /// It was the one who asks now.
    pub by_me: bool,
    /// What they did.
    pub answer: Answer,
    /// When.
    pub at: Instant,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    by: kith_domain::id::WorkerId,
    answer: Answer,
}

/// Under which names it is kept.
fn names(team: TeamId, referral: ReferralId) -> (String, String) {
    (format!("team:{team}"), format!("answered:{referral}"))
}

/// Keeps for the team that one of them answered, where it is not theirs after that.
pub(super) async fn keep(
    tx: &mut WriteTx,
    who: &Principal,
    (referral, person): (ReferralId, PersonId),
    (value, last): (&Referral, Option<MoveKind>),
) -> Result<(), CareError> {
    let answer = match last {
        Some(MoveKind::Decline) => Answer::SaidNo,
        Some(MoveKind::Cancel) => Answer::GaveBack,
        _ => return Ok(()),
    };
    let Ok((by, _)) = who.worker() else { return Ok(()) };
    let (whose, form) = names(value.receiver.team, referral);
    let body = serde_json::to_string(&Kept { by, answer }).map_err(|e| Fault::Broken(e.to_string()))?;
    tx.save_draft(&whose, &form, Some(person), who.now, &body).await?;
    Ok(())
}

impl Kith {
    /// What a team of this worker answered within a day, where the request is theirs no more.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_answered(
        &self,
        who: &Principal,
        referral: ReferralId,
    ) -> Result<Option<Answered>, CareError> {
        let Ok((me, _)) = who.worker() else { return Ok(None) };
        let mut teams = who.actor.teams.clone();
        for team in &who.actor.teams {
            teams.extend(who.partnership.teams_answered_by(*team, who.now));
        }
        let mut tx = self.store().read().await?;
        for team in teams {
            let (whose, form) = names(team, referral);
            let Some((at, body)) = tx.find_draft(&whose, &form).await? else { continue };
            if at.plus_days(1) < who.now {
                continue;
            }
            let kept: Kept = serde_json::from_str(&body).map_err(|e| Fault::Broken(e.to_string()))?;
            let by = who.partnership.worker_name(kept.by);
            return Ok(Some(Answered { by, by_me: kept.by == me, answer: kept.answer, at }));
        }
        Ok(None)
    }
}

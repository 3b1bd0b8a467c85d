//! Stopping, leaving and finishing, whoever writes it down: the person on their own page or
//! a worker beside them. What is shared ends and what is still with somebody is taken back
//! in the same moment, so that nobody goes on reading about somebody who has gone.

use crate::consent::Consent;
use crate::moves::{Surroundings, stopped_by_person};
use crate::record::Saved;
use crate::referral::{Referral, Status};
use crate::sharing::stopped;

/// What ends with it: each record as it was, and as it is afterwards.
#[derive(Debug, Default)]
pub struct LetGo<'a> {
    /// Requests that are taken back.
    pub referrals: Vec<(&'a Saved<Referral>, Referral)>,
    /// Agreements that are stopped.
    pub consents: Vec<(&'a Saved<Consent>, Consent)>,
}

/// Every request that is with somebody, taken back as the person's own decision with
/// nothing left to settle, and every agreement, stopped. What was sent to keep somebody from
/// harm, without agreement, is not ended by it.
pub fn let_go<'a>(
    referrals: &'a [Saved<Referral>],
    consents: &'a [Saved<Consent>],
    around: Surroundings<'_>,
) -> LetGo<'a> {
    let with_somebody = |r: &&Saved<Referral>| {
        r.value.status != Status::Draft && r.value.theirs_to_stop() && !r.meta.entered_in_error
    };
    LetGo {
        referrals: referrals
            .iter()
            .filter(with_somebody)
            .filter_map(|r| stopped_by_person(&r.value, around).ok().map(|after| (r, after)))
            .collect(),
        consents: consents
            .iter()
            .filter_map(|c| stopped(&c.value, around.now).ok().map(|after| (c, after)))
            .collect(),
    }
}

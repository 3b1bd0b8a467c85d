//! What came of asking a service for this person before.

use crate::error::CareError;
use crate::look::{About, Looking};
use kith_domain::asking;
use kith_domain::find::Tried;
use kith_domain::id::ServiceId;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use std::collections::BTreeMap;

/// What came of asking each service before, for the search: read with the reader's own
/// permit, so that it says nothing they could not see.
///
/// # Errors
/// A stored value could not be read.
pub fn tried(look: &mut Looking<'_>, about: &About) -> Result<BTreeMap<ServiceId, Vec<Tried>>, CareError> {
    let referrals = look.all::<Referral>(about)?;
    let calendar = look.kith.calendar().clone();
    let today = calendar.day(look.who.now);
    Ok(by_service(&referrals, |service| asking::tried(service, &referrals, today, &calendar)))
}

fn by_service(
    referrals: &[Saved<Referral>],
    of: impl Fn(ServiceId) -> Vec<Tried>,
) -> BTreeMap<ServiceId, Vec<Tried>> {
    let services: std::collections::BTreeSet<ServiceId> = referrals.iter().map(|r| r.value.service).collect();
    services.into_iter().map(|service| (service, of(service))).filter(|(_, t)| !t.is_empty()).collect()
}

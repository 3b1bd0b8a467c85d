//! What came of asking a service for this person before.

use crate::error::CareError;
use crate::look::{About, Looking};
use kith_domain::asking;
use kith_domain::find::Tried;
use kith_domain::id::ServiceId;
use kith_domain::need::Need;
use kith_domain::referral::Referral;
use std::collections::{BTreeMap, BTreeSet};

/// What came of asking each service before, for the search: read with the reader's own
/// permit, so that it says nothing they could not see.
///
/// # Errors
/// A stored value could not be read.
pub fn tried(look: &mut Looking<'_>, about: &About) -> Result<BTreeMap<ServiceId, Vec<Tried>>, CareError> {
    let referrals = look.all::<Referral>(about)?;
    let needs = look.all::<Need>(about)?;
    let calendar = look.kith.calendar().clone();
    let today = calendar.day(look.who.now);
    let nos = needs.iter().flat_map(|n| n.value.said_no_to.iter().map(|no| no.service));
    let services = referrals.iter().map(|r| r.value.service).chain(nos).collect();
    Ok(by_service(services, |service| {
        let mut all = asking::said_no_before(service, &needs);
        all.extend(asking::tried(service, &referrals, today, &calendar));
        all
    }))
}

fn by_service(
    services: BTreeSet<ServiceId>,
    of: impl Fn(ServiceId) -> Vec<Tried>,
) -> BTreeMap<ServiceId, Vec<Tried>> {
    services.into_iter().map(|service| (service, of(service))).filter(|(_, t)| !t.is_empty()).collect()
}

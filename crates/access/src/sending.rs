//! What may be sent to whom, asked before anything leaves: "sending refuses any item
//! beyond the receiver's agreement or ceiling, and says why" (design, Access).
//!
//! The same is decided again whenever the receiver looks; this only spares everybody a
//! packet that could not be read.

use crate::actor::Standing;
use crate::role::Role;
use kith_domain::area::Sensitivity;
use kith_domain::record::Label;
use kith_domain::time::Instant;

/// Why an item may not be sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum Beyond {
    /// The receiver has no agreement in date, or is stopped.
    #[error("the receiver has no agreement in date")]
    NoAgreement,
    /// The receiver's agreement does not cover this area.
    #[error("the receiver's agreement does not cover this area")]
    Area,
    /// Nobody in the receiving team may see something this sensitive in this area.
    #[error("nobody in the receiving team may see something this sensitive in this area")]
    Ceiling,
    /// Sealed items never leave.
    #[error("a sealed item never leaves")]
    Sealed,
}

/// May an item with this label go to a receiver with this standing, whose team has people
/// in these roles? Without an account the role is [`Role::LinkHolder`].
///
/// # Errors
/// The first reason why not.
pub fn may_receive(label: &Label, receiver: &Standing, roles: &[Role], now: Instant) -> Result<(), Beyond> {
    if label.sensitivity == Sensitivity::S4 {
        return Err(Beyond::Sealed);
    }
    let in_date = receiver.agreement.as_ref().filter(|a| {
        a.from <= now && a.until.is_none_or(|until| now < until) && !receiver.organisation_suspended
    });
    let agreement = in_date.ok_or(Beyond::NoAgreement)?;
    if !agreement.areas.contains(&label.area) {
        return Err(Beyond::Area);
    }
    let fits = |role: &Role| role.ceiling(label.area).is_some_and(|most| label.sensitivity <= most);
    if roles.iter().any(fits) { Ok(()) } else { Err(Beyond::Ceiling) }
}

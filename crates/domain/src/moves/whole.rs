//! One need, several services: what the parts say about the whole.

use crate::referral::Status;

/// What the parts say about the whole (one need, several services).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whole {
    /// The parts say nothing; it stays as it is.
    Stays,
    /// The whole is in this state.
    Is(Status),
    /// Every part has ended, some taken back and none with help: somebody decides. A
    /// whole is never silently taken back.
    Decide,
}

/// The state of a parent referral from its children: going on when any child is;
/// completed only when every child has ended and at least one is completed; failed when
/// all failed or were declined (HL7 SDOH workflows, "indirect").
pub fn parent_status(children: &[Status]) -> Whole {
    let parts: Vec<Status> = children.iter().copied().filter(|s| *s != Status::EnteredInError).collect();
    let any = |s: Status| parts.contains(&s);
    if parts.is_empty() {
        return Whole::Stays;
    }
    if parts.iter().all(|s| s.terminal()) {
        return match () {
            () if any(Status::Completed) => Whole::Is(Status::Completed),
            () if any(Status::Cancelled) => Whole::Decide,
            () => Whole::Is(Status::Failed),
        };
    }
    match () {
        () if any(Status::InProgress) || any(Status::Completed) => Whole::Is(Status::InProgress),
        () if any(Status::Accepted) => Whole::Is(Status::Accepted),
        () if any(Status::Requested) => Whole::Is(Status::Requested),
        () if any(Status::OnHold) => Whole::Is(Status::OnHold),
        () => Whole::Stays,
    }
}

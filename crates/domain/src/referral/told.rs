//! What the person was told of a referral, and what their own pages may show of it.

use super::{Referral, Status};

impl Referral {
    /// Has somebody spoken to the person about how it ended? A page tells them a no only
    /// afterwards.
    pub fn told_of_ending(&self) -> bool {
        let told = self.told_person.zip(self.ended_at).is_some_and(|(told, ended)| told >= ended);
        self.settled.is_some() || told
    }

    /// It went without the person's agreement, and somebody has yet to tell them, or to
    /// write down why not.
    pub fn to_be_told(&self) -> bool {
        let went = self.requested_at.is_some() && self.status != Status::EnteredInError;
        went && self.basis.decided().is_some() && self.told_person.is_none() && self.untold.is_none()
    }

    /// May the person's own pages show it? What went without their agreement is told by
    /// somebody, never by a page: others may see the screen.
    pub fn person_may_see(&self) -> bool {
        self.basis.decided().is_none() || (self.told_person.is_some() && self.untold.is_none())
    }
}

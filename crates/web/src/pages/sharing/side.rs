//! On whose side of the table a sharing page is: the person's own, or a worker's with them.

use crate::app::Oops;
use kith_care::Principal;
use kith_domain::id::PersonId;

/// Who is at the page, and about whom it is.
pub(in crate::pages) struct Side {
    pub who: Principal,
    pub person: PersonId,
    pub own: bool,
}

impl Side {
    /// The person at their own page.
    pub fn mine(who: Principal) -> Result<Side, Oops> {
        let person = who.person()?;
        Ok(Side { who, person, own: true })
    }

    /// A worker with the person.
    pub fn theirs(who: Principal, person: PersonId) -> Side {
        Side { who, person, own: false }
    }

    /// The address of "who can see what".
    pub fn base(&self) -> String {
        if self.own { "/mine/sharing".into() } else { format!("/people/{}/sharing", self.person) }
    }

    /// The address of who stands beside the person.
    pub fn supporters(&self) -> String {
        if self.own { "/mine/supporters".into() } else { format!("/people/{}/supporters", self.person) }
    }

    /// Where "back" leads from it.
    pub fn back(&self) -> String {
        if self.own { crate::paths::MINE.into() } else { format!("/people/{}", self.person) }
    }

    /// The frame of its pages.
    pub fn layout(&self) -> &'static str {
        if self.own { "layout/person.html" } else { "layout/staff.html" }
    }
}

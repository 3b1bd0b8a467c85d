//! A value that cannot be read without a permit.
//!
//! Storage wraps whatever it reads about a person. The wrapper can be taken apart only by
//! a permit for that very item and version, so a page that forgot to ask does not
//! compile. It has no `Deref`, no `Clone`, and shows nothing of its content when printed.
//!
//! ```compile_fail,E0616
//! fn peek<T>(guarded: kith_access::Guarded<T>) -> T {
//!     guarded.value
//! }
//! ```
//!
//! ```compile_fail,E0599
//! fn peek(guarded: &kith_access::Guarded<String>) -> usize {
//!     guarded.len()
//! }
//! ```
//!
//! ```compile_fail,E0451
//! fn forge(item: kith_access::Item) -> kith_access::Permit {
//!     kith_access::Permit { id: item.id, version: item.version }
//! }
//! ```

use crate::action::Action;
use crate::item::Item;
use crate::permit::{Permit, Proof};
use std::fmt;

/// How much of an item the wrapped value holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// All of it.
    Whole,
    /// A referral and its packet without the name and the way to reach the person.
    Packet,
    /// The name the person likes to be called, and nothing else.
    Name,
    /// Where a referral stands, and nothing else.
    Status,
    /// That it exists and whom to ask.
    Stub,
}

/// A value about a person, closed.
pub struct Guarded<T> {
    item: Item,
    extent: Extent,
    value: T,
}

/// The permit is for something else. A fault of the program, never shown to anyone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the permit is for another item or action")]
pub struct WrongPermit;

impl<T> Guarded<T> {
    /// The whole of an item, closed.
    pub fn new(item: Item, value: T) -> Guarded<T> {
        Guarded { item, extent: Extent::Whole, value }
    }

    /// A part of an item, closed.
    pub fn part(item: Item, extent: Extent, value: T) -> Guarded<T> {
        Guarded { item, extent, value }
    }

    /// What a decision needs to know of it: no content.
    pub fn item(&self) -> &Item {
        &self.item
    }

    /// How much of the item it holds.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// The same, keeping only a part of it. For [`crate::parts`] alone: a function from
    /// outside could carry the rest away.
    pub(crate) fn keep<U>(self, extent: Extent, part: fn(T) -> U) -> Guarded<U> {
        Guarded { item: self.item, extent, value: part(self.value) }
    }

    /// The value.
    ///
    /// # Errors
    /// The permit is for another item, another version, or an action that does not reach
    /// this much of it. The value is dropped unread.
    pub fn open(self, permit: &Permit) -> Result<T, WrongPermit> {
        let action = permit.granted().action();
        let reaches = action.opens_content()
            || match self.extent {
                Extent::Whole => false,
                Extent::Packet => action == Action::ViewPacket,
                Extent::Name => action == Action::SeeName,
                Extent::Status => action == Action::ViewReferralStatus,
                Extent::Stub => action == Action::SeeStub,
            };
        if reaches && permit.is_for(&self.item) { Ok(self.value) } else { Err(WrongPermit) }
    }
}

impl<T> fmt::Debug for Guarded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guarded({} {} v{})", self.item.kind.code(), self.item.id, self.item.version)
    }
}

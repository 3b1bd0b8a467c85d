//! Whether people's lives got better, as they say themselves: readings of an instrument or
//! of a goal, the first beside the latest.
//!
//! Who was asked twice comes before what they said: a group in which few have a second
//! reading can look as well as one likes. Every share therefore stands beside its bounds,
//! what it would be if nobody or everybody without a second reading had got better.
//! A change is of a group of people; nothing here looks at one person.

pub mod adjust;
pub mod bounds;
pub mod change;
pub mod command;
pub mod dialog;
pub mod therapies;
pub mod tools;

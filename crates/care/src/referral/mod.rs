//! Referrals: one need, one service, exactly the lines that were agreed, and an answer.
//!
//! [`start`] says before any form whether a service can be asked and why; [`packet`] is
//! what could go, line by line; [`draft`] keeps what was chosen between the pages;
//! [`agreement`] writes down how the person agreed, or why it goes without; [`send`]
//! checks everything once more in the transaction that sends. [`sender`] is the side that
//! asks: how it stands, answers, taking back, and what comes next when it comes back.
//! [`receiver`] is the side that is asked, with an account or by a [`link`]; [`fact`] is what
//! it asks the person for when it cannot go on without it, and [`answered`] who of them gave
//! an answer that took it from them. [`leads`]
//! shows declines that both leads see, [`capacity`] how much space a service has, and
//! [`tried`] what came of asking before. [`words`] says where a referral stands.

pub mod agreement;
pub mod answered;
pub mod capacity;
pub mod draft;
pub mod fact;
pub mod leads;
pub mod link;
pub mod packet;
pub mod receiver;
pub mod send;
pub mod sender;
pub mod settle;
pub mod start;
pub mod tried;
pub mod words;

pub use tried::tried;

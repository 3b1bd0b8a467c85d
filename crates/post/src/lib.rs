//! Messages leave the building: over SMTP, or into a folder.
//!
//! [`letter`] makes an e-mail of what the outbox holds; [`way`] carries it: to a mail
//! server with TLS, or as a file into a folder (for a place without a network, the demo and
//! tests); [`carry`] takes one message after another out of the outbox and writes down what
//! became of each. Whether a message may leave is not decided here: `kith_care` asks that
//! in the transaction in which it hands a message out.

pub mod carry;
pub mod fetch;
pub mod letter;
pub mod way;

pub use carry::{Carried, carry_all};
pub use way::{Encryption, Server, Stuck, Way};

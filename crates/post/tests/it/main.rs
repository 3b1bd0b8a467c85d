//! Messages leave: over real SMTP to servers that these tests start, and into a folder.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod ground;
mod leaving;
mod server;

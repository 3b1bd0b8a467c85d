//! Someone comes in: a request without an account, taken up by the navigator team.
//!
//! A request belongs to no person yet. It is sealed, addressed to the team that reads it,
//! and held by that team with the day by which whoever asked is answered. Nothing here
//! ever says whether anybody is known.

mod answer;
mod ask;

pub use answer::TakeUp;
pub use ask::{Asked, Sent, missing};

use kith_domain::id::RecordId;
use uuid::Uuid;

/// What people write down and say on the phone: short, and found only by whoever may open what
/// it stands for ([`crate::people::by_reference`]).
pub fn reference(id: RecordId) -> String {
    let text = id.0.simple().to_string().to_uppercase();
    let tail = &text[text.len() - 8..];
    format!("{} {}", &tail[..4], &tail[4..])
}

/// Under which name the answers to requests are kept: nobody is signed in.
const ASKED: &str = "asked for help";

/// An id computed from what makes two requests the same, so that the second finds the
/// answer to the first. Custom bits of a UUID version 8, from SHA-256.
pub(crate) fn id_of(fingerprint: &str) -> Uuid {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(fingerprint.as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_short_and_can_be_read_aloud() {
        let id = RecordId(Uuid::from_u128(0x0193_5a1e_7c00_7abc_9def_0123_4567_89ab));
        assert_eq!(reference(id), "4567 89AB");
    }

    #[test]
    fn the_same_words_make_the_same_id_and_others_do_not() {
        assert_eq!(id_of("a"), id_of("a"));
        assert_ne!(id_of("a"), id_of("b"));
        assert_eq!(id_of("a").get_version_num(), 8);
    }
}

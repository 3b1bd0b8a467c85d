//! The public half of a passkey, as authenticators write it (COSE, RFC 9052 and 9053), and
//! whether something was signed with the other half.

use super::cbor::{Cbor, whole};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

/// The ways of signing that are taken, best first, by their numbers in the COSE registry:
/// ES256, EdDSA, RS256.
pub const SIGNED_BY: [i64; 3] = [-7, -8, -257];

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// A point of P-256, uncompressed.
    Es256(Vec<u8>),
    /// A point of Ed25519.
    Ed25519(Vec<u8>),
    /// Modulus and exponent.
    Rs256(Vec<u8>, Vec<u8>),
}

impl PublicKey {
    /// Reads a key; none for one that is not taken.
    pub(super) fn read(cose: &[u8]) -> Option<PublicKey> {
        PublicKey::of(&whole(cose)?)
    }

    /// Labels: 1 is the kind of key, 3 the way of signing, the negative ones depend on the kind.
    pub(super) fn of(map: &Cbor<'_>) -> Option<PublicKey> {
        let number = |label| map.at(label).and_then(Cbor::number);
        let bytes = |label, length: usize| map.at(label).and_then(Cbor::bytes).filter(|b| b.len() == length);
        match (number(1)?, number(3)?) {
            (2, -7) if number(-1)? == 1 => {
                let (x, y) = (bytes(-2, 32)?, bytes(-3, 32)?);
                Some(PublicKey::Es256([&[4u8][..], x, y].concat()))
            }
            (1, -8) if number(-1)? == 6 => Some(PublicKey::Ed25519(bytes(-2, 32)?.to_vec())),
            (3, -257) => {
                let (n, e) = (map.at(-1)?.bytes()?, map.at(-2)?.bytes()?);
                Some(PublicKey::Rs256(n.to_vec(), e.to_vec()))
            }
            _ => None,
        }
    }

    /// Was it signed with the other half?
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature).is_ok()
            }
            PublicKey::Ed25519(point) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature).is_ok()
            }
            PublicKey::Rs256(n, e) => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}

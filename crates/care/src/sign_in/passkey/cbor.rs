//! As much of CBOR (RFC 8949) as authenticators write: whole numbers, bytes, text, lists,
//! maps, and the three plain words, all of known length (CTAP2 canonical form).

/// How deep lists and maps may lie in each other.
const DEEPEST: u8 = 8;
/// How many things lie in one list or map at most.
const MOST: u64 = 64;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cbor<'a> {
    /// A whole number, negative ones too.
    Number(i128),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// A list.
    List(Vec<Cbor<'a>>),
    /// A map, in the order in which it was written.
    Map(Vec<(Cbor<'a>, Cbor<'a>)>),
    /// True, false, nothing: none of them matters here.
    Plain,
}

impl<'a> Cbor<'a> {
    /// What a map holds under a number.
    pub(super) fn at(&self, key: i128) -> Option<&Cbor<'a>> {
        let Cbor::Map(pairs) = self else { return None };
        pairs.iter().find(|(k, _)| *k == Cbor::Number(key)).map(|(_, v)| v)
    }
    /// What a map holds under a word.
    pub(super) fn under(&self, key: &str) -> Option<&Cbor<'a>> {
        let Cbor::Map(pairs) = self else { return None };
        pairs.iter().find(|(k, _)| *k == Cbor::Text(key)).map(|(_, v)| v)
    }
    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        if let Cbor::Bytes(bytes) = self { Some(bytes) } else { None }
    }
    pub(super) fn number(&self) -> Option<i128> {
        if let Cbor::Number(n) = self { Some(*n) } else { None }
    }
}

/// Reads one value and says how many bytes it took. None for anything that an authenticator
/// does not write.
pub(super) fn read(bytes: &[u8]) -> Option<(Cbor<'_>, usize)> {
    let mut rest = bytes;
    let value = one(&mut rest, 0)?;
    Some((value, bytes.len() - rest.len()))
}

/// Reads one value that is all there is.
pub(super) fn whole(bytes: &[u8]) -> Option<Cbor<'_>> {
    read(bytes).filter(|(_, used)| *used == bytes.len()).map(|(value, _)| value)
}

fn take<'a>(rest: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(n)?;
    *rest = left;
    Some(taken)
}

fn one<'a>(rest: &mut &'a [u8], depth: u8) -> Option<Cbor<'a>> {
    let head = *take(rest, 1)?.first()?;
    let n = match head & 31 {
        n @ 0..=23 => u64::from(n),
        short @ 24..=27 => {
            let wide = take(rest, 1 << (short - 24))?;
            wide.iter().fold(0, |n, b| n << 8 | u64::from(*b))
        }
        _ => return None,
    };
    let length = || usize::try_from(n).ok();
    if matches!(head >> 5, 4 | 5) && n > MOST {
        return None;
    }
    match head >> 5 {
        0 => Some(Cbor::Number(i128::from(n))),
        1 => Some(Cbor::Number(-1 - i128::from(n))),
        2 => Some(Cbor::Bytes(take(rest, length()?)?)),
        3 => Some(Cbor::Text(std::str::from_utf8(take(rest, length()?)?).ok()?)),
        4 if depth < DEEPEST => {
            // Grown as values come: a length is only a claim.
            let mut list = Vec::new();
            for _ in 0..n {
                list.push(one(rest, depth + 1)?);
            }
            Some(Cbor::List(list))
        }
        5 if depth < DEEPEST => {
            let mut map = Vec::new();
            for _ in 0..n {
                let key = one(rest, depth + 1)?;
                if map.iter().any(|(k, _)| *k == key) {
                    return None;
                }
                map.push((key, one(rest, depth + 1)?));
            }
            Some(Cbor::Map(map))
        }
        7 if head & 31 < 24 => Some(Cbor::Plain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Examples of RFC 8949, appendix A.
    #[test]
    fn the_examples_of_the_standard() {
        for (hex, value) in [
            ("00", Cbor::Number(0)),
            ("1818", Cbor::Number(24)),
            ("1903e8", Cbor::Number(1000)),
            ("1bffffffffffffffff", Cbor::Number(18_446_744_073_709_551_615)),
            ("3bffffffffffffffff", Cbor::Number(-18_446_744_073_709_551_616)),
            ("3903e7", Cbor::Number(-1000)),
            ("4401020304", Cbor::Bytes(&[1, 2, 3, 4])),
            ("6161", Cbor::Text("a")),
            ("62c3bc", Cbor::Text("ü")),
            ("f5", Cbor::Plain),
            ("80", Cbor::List(vec![])),
            ("820102", Cbor::List(vec![Cbor::Number(1), Cbor::Number(2)])),
            ("a10102", Cbor::Map(vec![(Cbor::Number(1), Cbor::Number(2))])),
        ] {
            assert_eq!(whole(&bytes(hex)), Some(value), "{hex}");
        }
        for bad in [
            "",
            "18",
            "5f42010243030405ff",
            "9fff",
            "fb3ff199999999999a",
            "c074",
            "a201020103",
            "0000",
            "62ff",
        ] {
            assert_eq!(whole(&bytes(bad)), None, "{bad}");
        }
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>) {
            if let Some((_, used)) = read(&bytes) {
                prop_assert!(used <= bytes.len());
            }
        }
        #[test]
        fn a_claimed_length_costs_nothing(head in 0x80u8..0xc0, n: u64) {
            let mut bytes = vec![head & 0xe0 | 27];
            bytes.extend(n.to_be_bytes());
            prop_assert!(n == 0 || whole(&bytes).is_none());
        }
    }
}

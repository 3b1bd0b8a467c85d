//! Text in an address.

/// Names and values as the query of an address.
pub(super) fn query(pairs: &[(&str, String)]) -> String {
    let sign = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    let text = |t: &str| t.bytes().map(sign).collect::<String>();
    pairs.iter().map(|(n, v)| format!("{}={}", text(n), text(v))).collect::<Vec<_>>().join("&")
}

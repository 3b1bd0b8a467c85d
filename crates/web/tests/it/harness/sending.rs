//! What a browser sends, as text.

/// What a browser says that it takes when it opens a page.
pub const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A form filled in and not yet sent; sending it twice is sending it twice.
#[derive(Clone, Debug)]
pub struct Filling {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

/// One value of a form, as it travels.
pub fn encode(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
            b' ' => "+".into(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

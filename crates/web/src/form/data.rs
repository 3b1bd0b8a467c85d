//! A posted form as an ordered list of names and values.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;

/// The largest body read, in bytes. Larger than the 10 MB that a field may be fed by
/// mistake, so that the answer can still be about that field.
pub const BODY_MAX_BYTES: usize = 11 * 1024 * 1024;

/// How much of a larger body is thrown away before answering, so that a browser sees
/// our page rather than a broken connection.
const DRAIN_MAX_BYTES: usize = 64 * 1024 * 1024;

/// More fields than any page of ours has.
const FIELDS_MAX: usize = 2_000;

/// What was posted. Values are decoded but not yet trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormData {
    pairs: Vec<(String, String)>,
}

/// Why a body could not be read as a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Larger than [`BODY_MAX_BYTES`].
    #[error("the form is too large")]
    TooLarge,
    /// Not `application/x-www-form-urlencoded`.
    #[error("the body is not a form")]
    NotAForm,
    /// More fields than any page has.
    #[error("the form has too many fields")]
    TooManyFields,
    /// The connection broke while the form was on its way.
    #[error("the form did not arrive whole")]
    Broken,
}

impl IntoResponse for FormError {
    /// A bare status; the shell puts the page around it.
    fn into_response(self) -> Response {
        match self {
            FormError::TooLarge | FormError::TooManyFields => StatusCode::PAYLOAD_TOO_LARGE,
            FormError::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            FormError::Broken => StatusCode::BAD_REQUEST,
        }
        .into_response()
    }
}

impl FormData {
    /// Reads `a=1&b=2`. Never fails for what a browser can send: bytes that are not
    /// UTF-8 become U+FFFD, which reading the field then refuses.
    pub fn parse(body: &[u8]) -> Result<FormData, FormError> {
        let mut pairs = Vec::new();
        for part in body.split(|byte| *byte == b'&').filter(|part| !part.is_empty()) {
            if pairs.len() == FIELDS_MAX {
                return Err(FormError::TooManyFields);
            }
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default());
            let value = decode(halves.next().unwrap_or_default());
            pairs.push((name, value));
        }
        Ok(FormData { pairs })
    }

    /// The same from a string, for tests and examples.
    ///
    /// # Panics
    ///
    /// When there are more fields than a form may have.
    pub fn from_text(body: &str) -> FormData {
        FormData::parse(body.as_bytes()).expect("an example has few fields")
    }

    /// From names and values, for tests.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> FormData {
        FormData { pairs: pairs.into_iter().map(|(n, v)| (n.into(), v.into())).collect() }
    }

    /// The first value of a field, as it came; nothing when the field is absent.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All values of a field, in the order they came.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All names and values, in the order they came.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

impl<S: Send + Sync> FromRequest<S> for FormData {
    type Rejection = FormError;

    async fn from_request(request: Request, _state: &S) -> Result<FormData, FormError> {
        let is_form =
            request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(
                |kind| kind.trim().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"),
            );
        let body = read_body(request.into_body()).await?;
        if is_form || body.is_empty() { FormData::parse(&body) } else { Err(FormError::NotAForm) }
    }
}

async fn read_body(body: Body) -> Result<Vec<u8>, FormError> {
    let mut stream = body.into_data_stream();
    let mut kept = Vec::new();
    let mut arrived: usize = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| FormError::Broken)?;
        arrived += chunk.len();
        if arrived <= BODY_MAX_BYTES {
            kept.extend_from_slice(&chunk);
        } else if arrived > DRAIN_MAX_BYTES {
            break;
        } else {
            kept = Vec::new();
        }
    }
    if arrived > BODY_MAX_BYTES { Err(FormError::TooLarge) } else { Ok(kept) }
}

fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    // What needs no decoding is taken over whole: a field may hold megabytes.
    while let Some(plain) = rest.iter().position(|byte| matches!(byte, b'+' | b'%')) {
        let (before, from) = rest.split_at(plain);
        bytes.extend_from_slice(before);
        let escaped = from.get(1..3).filter(|_| from[0] == b'%').and_then(hex_pair);
        let (byte, taken) = match (from[0], escaped) {
            (_, Some(byte)) => (byte, 3),
            (b'+', None) => (b' ', 1),
            (other, None) => (other, 1),
        };
        bytes.push(byte);
        rest = &from[taken..];
    }
    bytes.extend_from_slice(rest);
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| (digit as char).to_digit(16);
    match digits {
        [high, low] => u8::try_from(value(*high)? * 16 + value(*low)?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_may_repeat_and_keep_their_order() {
        let form = FormData::from_text("a=1&b=2&a=3&c");
        assert_eq!(form.values("a").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(form.value("c"), Some(""));
        assert_eq!(form.value("d"), None);
    }

    #[test]
    fn odd_escapes_are_kept_as_they_are() {
        let form = FormData::from_text("a=100%&b=%zz&c=%e2%82%ac+%2B&d=%ff");
        assert_eq!(form.value("a"), Some("100%"));
        assert_eq!(form.value("b"), Some("%zz"));
        assert_eq!(form.value("c"), Some("\u{20ac} +"));
        assert_eq!(form.value("d"), Some("\u{fffd}"));
    }

    #[test]
    fn too_many_fields_are_refused() {
        let body = "a=1&".repeat(FIELDS_MAX + 1);
        assert_eq!(FormData::parse(body.as_bytes()), Err(FormError::TooManyFields));
    }

    fn encode(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(body: Vec<u8>) {
            let _ = FormData::parse(&body);
        }

        #[test]
        fn what_was_typed_arrives(name in "[a-z]{1,8}", value: String) {
            let form = FormData::from_text(&format!("{name}={}", encode(&value)));
            prop_assert_eq!(form.value(&name), Some(value.as_str()));
        }
    }
}

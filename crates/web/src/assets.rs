//! Style sheets, scripts and icons, compiled into the program and served under an
//! address that holds a hash of all of them, so that a browser may keep them for
//! ever and still gets new ones at once.
//!
//! Two folders: our own `assets/`, and the page components that
//! `cargo xtask components` fetched. The second may be empty in a build made before
//! that command; [`components_present`] tells, and `kith serve` stops with the one
//! command to run.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Our own style sheet, script and icons.
#[derive(RustEmbed)]
#[folder = "assets/"]
struct Ours;

/// The fetched page components: style sheet, script, icons, Jinja macros, licences.
#[derive(RustEmbed)]
#[folder = "../../components/embed/"]
#[allow_missing = true]
pub(crate) struct Components;

/// What to run when [`components_present`] is false.
pub const COMPONENTS_COMMAND: &str = "cargo xtask components";

/// True when the page components were there when this program was built.
pub fn components_present() -> bool {
    Components::get("nhsuk/nhsuk-frontend.min.css").is_some()
        && Components::get("templates/nhsuk/components/button/macro.jinja").is_some()
}

/// The folder of addresses of this build's assets, such as `/assets/1f0c...`.
pub fn base() -> &'static str {
    static BASE: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        for name in names() {
            if let Some(bytes) = find(&name) {
                hash.update(name.as_bytes());
                hash.update(&bytes);
            }
        }
        format!("/assets/{}", &hex::encode(hash.finalize())[..16])
    });
    &BASE
}

/// The address of one asset, such as `kith.css` or `nhsuk/nhsuk-frontend.min.css`.
pub fn url(name: &str) -> String {
    format!("{}/{name}", base())
}

/// The bytes of one asset. Templates are not assets.
pub fn find(name: &str) -> Option<Cow<'static, [u8]>> {
    let file = match name.strip_prefix("nhsuk/") {
        Some(_) => Components::get(name),
        None => Ours::get(name),
    };
    file.map(|f| f.data)
}

/// The names of all assets, in order.
pub fn names() -> Vec<String> {
    let theirs = Components::iter().filter(|name| name.starts_with("nhsuk/"));
    let mut names: Vec<String> = Ours::iter().chain(theirs).map(Cow::into_owned).collect();
    names.sort();
    names
}

/// `GET /assets/{hash}/{*name}`: one asset, to be kept for ever. Another hash than
/// this build's is not found, so that a cache never keeps a file under a wrong name.
pub(crate) async fn serve(Path((hash, name)): Path<(String, String)>) -> Response {
    let of_this_build = base().rsplit('/').next() == Some(hash.as_str());
    match find(&name) {
        Some(bytes) if of_this_build => {
            let kind = mime_guess::from_path(&name).first_or_octet_stream();
            let mut response = bytes.into_owned().into_response();
            let headers = response.headers_mut();
            if let Ok(kind) = HeaderValue::from_str(&content_type(kind.as_ref())) {
                headers.insert(header::CONTENT_TYPE, kind);
            }
            headers.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, max-age=31536000, immutable"),
            );
            response
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn content_type(mime: &str) -> String {
    if mime.starts_with("text/") || mime.ends_with("javascript") {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_the_hash_of_the_build() {
        assert!(url("kith.css").starts_with("/assets/"));
        assert_eq!(base().len(), "/assets/".len() + 16);
    }

    #[test]
    fn our_style_sheet_is_embedded() {
        assert!(find("kith.css").is_some());
        assert!(find("../Cargo.toml").is_none());
    }

    /// The licence of the font forbids it, and asking for it would tell another
    /// organisation who looks at these pages.
    #[test]
    fn nothing_embedded_asks_another_host_or_draws_the_logo() {
        for name in Components::iter().chain(Ours::iter()) {
            let file = Components::get(&name).or_else(|| Ours::get(&name)).expect("it was just listed");
            let text = String::from_utf8_lossy(&file.data).into_owned();
            for forbidden in ["assets.nhs.uk", "Frutiger", "@font-face", "@import"] {
                assert!(!text.contains(forbidden), "{name} holds {forbidden}");
            }
            let is_markup = name.ends_with(".jinja") || name.ends_with(".svg");
            assert!(!is_markup || !text.contains("header__logo"), "{name} draws the header logo");
            for branded in ["favicon.ico", "manifest.json", "opengraph", "icon-mask", "icon-180", "icon-512"]
            {
                assert!(!name.contains(branded), "{name} carries the NHS identity");
            }
        }
    }
}

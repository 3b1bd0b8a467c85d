//! The page that answers a form, kept for the way back.
//!
//! A browser that shows the answer to a form cannot show it again: going back or loading it
//! anew asks whether to send the form once more, or shows an error of the browser's own.
//! So no form is answered with a page. The page is kept for half an hour, and the browser is
//! sent on to an address under which it is shown, as often as somebody comes back to it:
//! what was typed, what was wrong, what was found.
//!
//! What is kept is sealed with a key that only this browser has, in a cookie of its own, and
//! shown only to whoever asked, signed in as then. The database, and every copy of it, holds
//! nothing that could be read. An address tells nothing but an id.

use super::App;
use crate::cookies::Cookie;
use crate::page::{PageContext, Site, cookie};
use crate::shell::{Asker, refused_page};
use crate::view::Html;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as TEXT;
use kith_care::sign_in::Opened;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The name in an address after which the id of a kept page stands.
pub const PARAMETER: &str = "shown";
/// A longer page is answered at once; none of ours is.
const LONGEST: u64 = 256 * 1024;
/// Letters of the cookie: 32 bytes.
const SECRET_LETTERS: usize = 43;

/// The browser's own secret: the key of its pages, and the name they are kept under.
#[derive(Clone)]
pub(super) struct Secret {
    text: String,
    bytes: Vec<u8>,
}

impl Secret {
    /// The one that a browser sent.
    pub(super) fn of(headers: &HeaderMap, site: &Site) -> Option<Secret> {
        let text = cookie(headers, Cookie::Pages.name(site)).filter(|text| text.len() == SECRET_LETTERS)?;
        Some(Secret { bytes: TEXT.decode(text).ok()?, text: text.to_owned() })
    }

    /// A new one.
    pub(super) fn new() -> Option<Secret> {
        let mut bytes = vec![0; 32];
        getrandom::fill(&mut bytes).ok()?;
        Some(Secret { text: TEXT.encode(&bytes), bytes })
    }

    fn derived(&self, purpose: &str) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update(&self.bytes).finalize().into()
    }

    /// Under which name the pages of this browser, for this actor, are kept.
    fn owner(&self, asker: &str) -> String {
        format!("{}:{asker}", hex::encode(&self.derived("kith pages: owner")[..16]))
    }

    fn key(&self) -> Option<LessSafeKey> {
        Some(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &self.derived("kith pages: key")).ok()?))
    }

    /// Seals something under what it is for: it opens only under the same.
    pub(super) fn seal(&self, for_what: &[u8], mut page: Vec<u8>) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let sealing = (Nonce::assume_unique_for_key(nonce), Aad::from(for_what));
        self.key()?.seal_in_place_append_tag(sealing.0, sealing.1, &mut page).ok()?;
        Some(TEXT.encode([nonce.as_slice(), &page].concat()))
    }

    /// Opens what was sealed for this.
    pub(super) fn unseal(&self, for_what: &[u8], sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = TEXT.decode(sealed).ok()?;
        let nonce = Nonce::try_assume_unique_for_key(bytes.get(..NONCE_LEN)?).ok()?;
        let page = self.key()?.open_within(nonce, Aad::from(for_what), &mut bytes, NONCE_LEN..).ok()?;
        Some(page.to_vec())
    }
}

/// Is it a browser that came here with a form, and will want to come back? Every browser says
/// that it takes XHTML when it opens a page; programs are answered at once.
fn comes_with_a_form(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    *request.method() == Method::POST && accepts.is_some_and(|text| text.contains("application/xhtml+xml"))
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let short = response.body().size_hint().exact().is_some_and(|size| size <= LONGEST);
    kind.is_some_and(|kind| kind.starts_with("text/html")) && !response.status().is_redirection() && short
}

/// Keeps the page that answers a form and sends the browser on to it, and shows what was kept.
pub(super) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(id) = id_in(request.uri()).filter(|_| *request.method() == Method::GET) {
        return show(&app, id, request, next).await;
    }
    if !comes_with_a_form(&request) {
        return next.run(request).await;
    }
    let secret = Secret::of(request.headers(), &app.site);
    let uri = request.uri().clone();
    let response = next.run(request).await;
    let secret = secret.or_else(|| response.extensions().get::<Given>().map(|given| given.0.clone()));
    match response.extensions().get::<Asker>().cloned().filter(|_| is_page(&response)) {
        Some(Asker(asker)) => kept(&app, &asker, secret, &uri, response).await,
        None => response,
    }
}

async fn kept(app: &App, asker: &str, secret: Option<Secret>, uri: &Uri, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(page) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let new = secret.is_none();
    let id = Uuid::now_v7();
    let sealed = secret.or_else(Secret::new).and_then(|secret| {
        let page = [parts.status.as_str().as_bytes(), once(&parts.headers).as_bytes(), &page].concat();
        Some((secret.seal(id.as_bytes(), page)?, secret))
    });
    let answer = |parts, page| Response::from_parts(parts, Body::from(page));
    let Some((sealed, secret)) = sealed else { return answer(parts, page) };
    if let Err(error) = app.kith.keep_shown_page(&secret.owner(asker), id, &sealed, app.now()).await {
        // Coming back to it will not work; that is no reason to take it away.
        tracing::warn!(cause = %error, "an answer could not be kept for the way back");
        return answer(parts, page);
    }
    let mut on = axum::response::Redirect::to(&address(uri, id)).into_response();
    for cookie in parts.headers.get_all(header::SET_COOKIE) {
        on.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    if new {
        give(&app.site, secret, &mut on);
    }
    on
}

/// Gives a browser its new secret, and says so to the layer that keeps the page.
pub(super) fn give(site: &Site, secret: Secret, answer: &mut Response) {
    Cookie::Pages.give(site, &secret.text, answer.headers_mut());
    answer.extensions_mut().insert(Given(secret));
}

/// The secret that an answer gives to its browser.
#[derive(Clone)]
struct Given(Secret);

const ONCE: &str = "1";
const OFTEN: &str = "n";

/// A page that says itself that nobody keeps it, such as one with a code on it, is shown once:
/// whoever comes back to it finds the form.
fn once(headers: &HeaderMap) -> &'static str {
    if headers.contains_key(header::CACHE_CONTROL) { ONCE } else { OFTEN }
}

/// The address under which a page is shown again: the form's own, with the id.
fn address(uri: &Uri, id: Uuid) -> String {
    let before = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let others = before.filter(|pair| !pair.starts_with("shown="));
    let query: Vec<String> = others.map(str::to_owned).chain([format!("{PARAMETER}={id}")]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

fn id_in(uri: &Uri) -> Option<Uuid> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("shown="))?.parse().ok()
}

/// Shows a kept page again. One that is kept no more is the page of that address as it is
/// now, or, where there is none, a word about it.
async fn show(app: &App, id: Uuid, request: Request, next: Next) -> Response {
    let session = cookie(request.headers(), Cookie::Session.name(&app.site));
    let asks = match app.kith.principal(session, Uuid::now_v7(), app.now()).await {
        Ok(Opened::SignedIn(principal) | Opened::Nobody(principal)) => principal,
        Err(error) => return super::Oops::from(error).into_response(),
    };
    if let Some(page) = find(app, &asks.key(), request.headers(), id).await {
        return page.into_response();
    }
    let context = app.site.page(request.headers(), request.uri());
    let response = next.run(request).await;
    match response.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => gone(&context),
        _ => response,
    }
}

async fn find(app: &App, asker: &str, headers: &HeaderMap, id: Uuid) -> Option<Html> {
    let secret = Secret::of(headers, &app.site)?;
    let sealed = match app.kith.find_shown_page(&secret.owner(asker), id, app.now()).await {
        Ok(sealed) => sealed?,
        Err(error) => {
            tracing::warn!(cause = %error, "an answer that was kept could not be read");
            return None;
        }
    };
    let text = String::from_utf8(secret.unseal(id.as_bytes(), &sealed)?).ok()?;
    let (status, page) = text.split_at_checked(3)?;
    let (often, page) = page.split_at_checked(1)?;
    if often == ONCE
        && let Err(error) = app.kith.forget_shown_page(&secret.owner(asker), id).await
    {
        tracing::warn!(cause = %error, "an answer that is shown once could not be forgotten");
        return None;
    }
    Some(Html { status: StatusCode::from_bytes(status.as_bytes()).ok()?, text: page.to_owned() })
}

fn gone(page: &PageContext) -> Response {
    let said = "This page showed an answer. We keep an answer for half an hour.";
    refused_page(page, StatusCode::GONE, "This page is not kept any more", said, "Open another page.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> Secret {
        let bytes = vec![byte; 32];
        Secret { text: TEXT.encode(&bytes), bytes }
    }

    #[test]
    fn only_the_browser_that_was_answered_can_read_what_is_kept() {
        let id = Uuid::from_u128(1);
        let sealed = secret(1).seal(id.as_bytes(), b"422<p>typed</p>".to_vec()).unwrap();
        assert!(!sealed.contains("typed"));
        assert_eq!(secret(1).unseal(id.as_bytes(), &sealed).unwrap(), b"422<p>typed</p>");
        assert_eq!(secret(2).unseal(id.as_bytes(), &sealed), None, "another browser");
        assert_eq!(secret(1).unseal(Uuid::from_u128(2).as_bytes(), &sealed), None, "another page's id");
        assert_ne!(secret(1).owner("worker:1"), secret(1).owner("worker:2"));
        assert_ne!(secret(1).owner("public"), secret(2).owner("public"));
        assert_eq!(secret(7).text.len(), SECRET_LETTERS);
    }

    #[test]
    fn the_address_is_the_forms_own_and_tells_nothing() {
        let id = Uuid::from_u128(0xabc);
        let at = |uri: &str| address(&uri.parse().unwrap(), id);
        assert_eq!(at("/find"), format!("/find?shown={id}"));
        assert_eq!(at("/people?page=2&shown=old"), format!("/people?page=2&shown={id}"));
        assert_eq!(id_in(&at("/find").parse().unwrap()), Some(id));
        assert_eq!(id_in(&"/find?shown=nonsense".parse().unwrap()), None);
    }
}

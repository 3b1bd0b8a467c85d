//! Signing in again on the way: what was sent waits on the page that asks for it.
//!
//! The rules ask for a fresh sign-in before something leaves, is shared or is unsealed (R03).
//! The page that asks stands at the same address; what was typed is in it, and it sends
//! both together. Once the factor was right the form does what it would have done; a page
//! that was asked for is shown. Nothing is typed twice and nothing is kept anywhere.

use super::who::{SessionCookie, visitor_of};
use super::{App, Oops};
use crate::cookies::Cookie;
use crate::form::{CSRF_FIELD, Filled, FormData, FormErrors, csrf};
use crate::page::{PageContext, Site};
use crate::view::{View, render};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::sign_in::again::{AgainBy, Shown};
use kith_care::sign_in::passkey::check::Us;
use kith_care::{CareError, Principal};
use kith_domain::time::Instant;
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};

/// The query that marks a form with a factor in it.
const MARK: &str = "signed-in-again";
/// The fields of the factor begin so. They reach no other handler.
pub(super) const OURS: &str = "again-";

/// The form of a request, kept beside it for the page that may have to ask.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Option<FormData>>>);

impl Kept {
    /// Keeps what was sent.
    pub(super) fn keep(&self, form: &FormData) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(form.clone());
    }
    /// Gives what was kept.
    pub(super) fn take(&self) -> Option<FormData> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// An answer that asks for a fresh sign-in.
#[derive(Clone)]
pub(super) struct Wanted;

/// Sign in again, and what waits for it.
#[derive(Debug, Serialize)]
pub struct AgainPage {
    heading: &'static str,
    said: &'static str,
    action: String,
    by: &'static str,
    /// What a passkey is asked, for the script.
    options: String,
    /// What was sent, name and value, unchanged.
    kept: Vec<(String, String)>,
    form: Filled,
}

impl View for AgainPage {
    const TEMPLATE: &'static str = "sign_in/again.html";

    fn title(&self) -> String {
        "Sign in again".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |by, words: &str, form| AgainPage {
            heading: "Sign in again",
            said: LONG_AGO,
            action: "/mine/sharing/give?signed-in-again=yes".into(),
            by,
            options: "{}".into(),
            kept: vec![("words".into(), words.into())],
            form,
        };
        let wrong =
            FormErrors::one("again-code", "The password or code is not right. Check them and try again.");
        vec![
            ("ordinary", page("password", "They may see money.", Filled::blank())),
            ("empty", page("made_up", "", Filled::blank())),
            ("passkey", page("passkey", "They may see money.", Filled::blank())),
            (
                "signed in in another window",
                AgainPage {
                    heading: "Send it now?",
                    said: IN_ANOTHER_WINDOW,
                    ..page("here", "", Filled::blank())
                },
            ),
            (
                "by no way of its own",
                AgainPage { said: SIGNED_OUT, ..page("elsewhere", "", Filled::blank()) },
            ),
            ("longest", page("paper", &"Many words that matter. ".repeat(160), Filled::blank())),
            (
                "difficult",
                page("password", "<b>\"x\" & 'y'</b>\nsecond line", {
                    Filled::of(&FormData::from_text(""), &wrong)
                }),
            ),
        ]
    }
}

const LONG_AGO: &str = "It was a while ago that you signed in. Before this is done, show that it is still you. \
                        What you wrote is kept: you do not have to write it again.";
const SIGNED_OUT: &str = "You are not signed in any more. A page only waits for so long, or you signed out in another \
                          window. What you wrote is kept, and nothing was sent yet. Sign in again and it goes on.";
const IN_ANOTHER_WINDOW: &str =
    "You signed in again after you opened this page. What you wrote is kept, and nothing was sent yet.";

impl AgainPage {
    /// The page that carries a form on whose session is over. `signed_in`: there is another
    /// session of the same person by now, and only a button is needed.
    pub(super) fn carrying(
        action: String,
        (signed_in, by): (bool, Option<AgainBy>),
        options: String,
        (kept, form): (Vec<(String, String)>, Filled),
    ) -> AgainPage {
        let (heading, said, by) = match (signed_in, by) {
            (true, _) => ("Send it now?", IN_ANOTHER_WINDOW, "here"),
            (false, Some(by)) => ("Sign in again", SIGNED_OUT, code_of(by)),
            (false, None) => ("Sign in again", SIGNED_OUT, "elsewhere"),
        };
        AgainPage { heading, said, action, by, options, kept, form }
    }
}

/// The page that asks, where the answer wanted a fresh sign-in and there is a way to one.
pub(super) async fn ask(
    app: &App,
    who: &Principal,
    page: PageContext,
    (kept, address, posted): (&Kept, &str, bool),
    answer: Response,
) -> Response {
    if answer.extensions().get::<Wanted>().is_none() {
        return answer;
    }
    let Some(by) = app.kith.again_by(who) else { return answer };
    let mut kept: Vec<(String, String)> = kept.take().map(|f| f.pairs().to_vec()).unwrap_or_default();
    kept.retain(|(name, _)| name != CSRF_FIELD);
    if !posted {
        kept.push((format!("{OURS}page"), "yes".into()));
    }
    let view = match again_page(app, who, by, (address, kept, Filled::blank())).await {
        Ok(view) => view,
        Err(error) => return Oops::from(error).into_response(),
    };
    render(&page, &view).with_status(StatusCode::FORBIDDEN).into_response()
}

/// The page, with a fresh challenge where a passkey answers it.
async fn again_page(
    app: &App,
    who: &Principal,
    by: AgainBy,
    (address, kept, form): (&str, Vec<(String, String)>, Filled),
) -> Result<AgainPage, CareError> {
    let options = options_of(app, Some(by), who.now).await?;
    let (heading, said) = ("Sign in again", LONG_AGO);
    Ok(AgainPage { heading, said, action: marked(address, MARK), by: code_of(by), options, kept, form })
}

/// What a passkey is asked; nothing for another way.
pub(super) async fn options_of(app: &App, by: Option<AgainBy>, now: Instant) -> Result<String, CareError> {
    match by {
        Some(AgainBy::Passkey) => app.kith.ask_passkey(&us(&app.site)?, None, now).await,
        _ => Ok(String::new()),
    }
}

/// The field beside which a wrong factor is told.
pub(super) fn field_of(by: Option<AgainBy>) -> &'static str {
    if by == Some(AgainBy::Passkey) { "again-passkey" } else { "again-code" }
}

/// Us, as passkeys know us.
pub(crate) fn us(site: &Site) -> Result<Us, CareError> {
    let settings = site.settings();
    Us::at(&settings.public_url, &format!("Kith {}", settings.place)).ok_or(CareError::Missing)
}

fn code_of(by: AgainBy) -> &'static str {
    match by {
        AgainBy::Password => "password",
        AgainBy::Paper => "paper",
        AgainBy::Passkey => "passkey",
        AgainBy::MadeUp => "made_up",
    }
}

/// The address with a mark of ours.
pub(super) fn marked(address: &str, mark: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{mark}=yes")
}

/// The address without our marks.
pub(super) fn unmarked(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let ours = |part: &&str| [MARK, super::carried::MARK].iter().any(|mark| is_mark(part, mark));
    let rest: Vec<&str> = query.split('&').filter(|q| !q.is_empty() && !ours(q)).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

fn is_mark(part: &str, mark: &str) -> bool {
    part.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}

/// Does an address carry this mark?
pub(super) fn has_mark(uri: &Uri, mark: &str) -> bool {
    uri.query().is_some_and(|q| q.split('&').any(|part| is_mark(part, mark)))
}

/// Does a form come with a factor in it?
pub(super) fn comes_with_factor(request: &Request) -> bool {
    *request.method() == Method::POST && has_mark(request.uri(), MARK)
}

/// What came of a form with a factor in it.
pub(super) enum Came {
    /// It was right: the request without it, and the new cookie where there is one.
    Right(Box<Request>, Option<String>),
    /// This is the answer.
    Answer(Box<Response>),
}

/// Checks the factor, and gives the form back without it.
pub(super) async fn check(app: &App, who: &Principal, page: PageContext, request: Request) -> Came {
    let answer = |response: Response| Came::Answer(Box::new(response));
    let address = unmarked(&request.uri().path_and_query().map(ToString::to_string).unwrap_or_default());
    let cookie = request.extensions().get::<SessionCookie>().map(|c| c.0.clone()).unwrap_or_default();
    let visitor = visitor_of(app, &request);
    let (parts, body) = request.into_parts();
    let form = match FormData::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(form) => form,
        Err(error) => return answer(error.into_response()),
    };
    if !csrf::matches(form.value(CSRF_FIELD).unwrap_or_default(), &who.csrf) {
        return answer(Oops::out_of_date(&app.site));
    }
    let Some(by) = app.kith.again_by(who) else {
        return answer(Oops::from(CareError::SignIn).into_response());
    };
    let (ours, theirs): (Vec<_>, Vec<_>) =
        form.pairs().iter().cloned().partition(|(name, _)| name.starts_with(OURS));
    let shown = match shown(app, by, &form) {
        Ok(shown) => shown,
        Err(error) => return answer(Oops::from(error).into_response()),
    };
    match app.kith.show_again(who, &cookie, shown, &visitor).await {
        Ok(session) if ours.iter().any(|(name, _)| name == "again-page") => {
            answer(with_new_cookie(app, Redirect::to(&address).into_response(), &session.cookie))
        }
        Ok(session) => {
            let request = Request::from_parts(parts, Body::from(encoded(&theirs)));
            Came::Right(Box::new(request), Some(session.cookie))
        }
        Err(CareError::Refused(why)) => {
            let mut kept = theirs;
            kept.retain(|(name, _)| name != CSRF_FIELD);
            kept.extend(ours.into_iter().filter(|(name, _)| name == "again-page"));
            let form = Filled::of(&FormData::from_text(""), &FormErrors::one(field_of(Some(by)), why));
            match again_page(app, who, by, (&address, kept, form)).await {
                Ok(view) => answer(render(&page, &view).into_response()),
                Err(error) => answer(Oops::from(error).into_response()),
            }
        }
        Err(other) => answer(Oops::from(other).into_response()),
    }
}

/// The answer with the new cookie of the session.
pub(super) fn with_new_cookie(app: &App, mut response: Response, cookie: &str) -> Response {
    Cookie::Session.give(&app.site, cookie, response.headers_mut());
    response
}

/// What came with a form, for the way it was asked by.
pub(super) fn shown(app: &App, by: AgainBy, form: &FormData) -> Result<Shown, CareError> {
    let typed = |name: &str| form.value(name).unwrap_or_default().to_owned();
    Ok(match by {
        AgainBy::Passkey => Shown::Passkey { answer: typed("again-passkey"), us: us(&app.site)? },
        AgainBy::Password => Shown::Password { password: typed("again-password"), code: typed("again-code") },
        AgainBy::Paper => Shown::Paper { code: typed("again-code"), word: typed("again-word") },
        AgainBy::MadeUp => Shown::MadeUp,
    })
}

/// A form as a browser sends it.
pub(super) fn encoded(pairs: &[(String, String)]) -> String {
    let sign = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    let text = |t: &str| t.bytes().map(sign).collect::<String>();
    pairs.iter().map(|(n, v)| format!("{}={}", text(n), text(v))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_typed_comes_back_letter_for_letter(pairs: Vec<(String, String)>) {
            let pairs: Vec<_> = pairs.into_iter().filter(|(n, v)| !(n.is_empty() && v.is_empty())).collect();
            let read = FormData::from_text(&encoded(&pairs));
            prop_assert_eq!(read.pairs(), &pairs[..]);
        }
    }

    #[test]
    fn the_mark_goes_as_it_came() {
        for address in ["/mine/plan/print", "/mine/plan/print?safe=yes&x=1"] {
            assert_eq!(unmarked(&marked(&marked(address, MARK), crate::app::carried::MARK)), address);
        }
    }
}

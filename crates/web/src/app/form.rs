//! A form that was posted to us from one of our own pages.

use super::{App, Oops};
use crate::form::{FormData, Reader, csrf};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kith_care::Principal;
use uuid::Uuid;

/// A form whose token belongs to the session that sends it. The only way handlers of
/// pages should read a form. (The shell has already refused forms of other sites.)
pub struct Posted {
    /// What was typed.
    pub data: FormData,
    /// The id that makes the form do its work once.
    pub submission: Option<Uuid>,
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Posted, Response> {
        let kept = request.extensions().get::<super::again::Kept>().cloned();
        let unsealed = request.extensions().get::<super::carried::Unsealed>().is_some();
        let token = request.extensions().get::<Principal>().map(|p| p.csrf.clone()).unwrap_or_default();
        let data = FormData::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        let given = data.value(crate::form::CSRF_FIELD).unwrap_or_default();
        // If a sign-in is needed first, the page that asks for it holds what was typed.
        if let Some(kept) = kept {
            kept.keep(&data);
        }
        if !token.is_empty() && !unsealed && !csrf::matches(given, &token) {
            // Signed out and in again in another tab: the form is out of date, not hostile.
            let mut answer = Oops::out_of_date(&app.site).into_response();
            answer.extensions_mut().insert(super::carried::SignedOut);
            return Err(answer);
        }
        let submission = Reader::new(&data).submission();
        Ok(Posted { data, submission })
    }
}

/// A bare status, where a page of our own is made by the shell.
pub fn bare(status: StatusCode) -> Response {
    status.into_response()
}

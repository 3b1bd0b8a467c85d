//! The second code for a receiver without an account, shown once to the side that asks.

use super::sent::{Ids, base};
use crate::app::{App, Oops};
use crate::page::PageContext;
use crate::view::{View, render};
use axum::response::{IntoResponse, Response};
use kith_care::Principal;
use serde::Serialize;

/// The second code, shown once.
#[derive(Debug, Serialize)]
pub struct CodePage {
    organisation: String,
    phone: Option<String>,
    code: String,
    back: String,
}

impl View for CodePage {
    const TEMPLATE: &'static str = "referral/code.html";
    fn title(&self) -> String {
        "The code to tell them".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, phone: Option<&str>| CodePage {
            organisation: words.into(),
            phone: phone.map(str::to_owned),
            code: "4F7K-9QXM".into(),
            back: "/x".into(),
        };
        vec![
            ("ordinary", sample("Green Hands", Some("01632 960001"))),
            ("empty", sample("", None)),
            ("longest", sample(&"A long name ".repeat(12), None)),
            ("difficult", sample("<b>\"'&", None)),
        ]
    }
}

/// Makes the code and shows it.
pub(super) async fn code(app: &App, who: &Principal, ids: Ids, page: &PageContext) -> Result<Response, Oops> {
    let code = app.kith.second_code(who, ids.0, ids.1).await?;
    let sent = app.kith.sent_referral(who, ids.0, ids.1).await?;
    let phone = sent.link.as_ref().and_then(|l| l.phone.clone());
    let view = CodePage { organisation: sent.organisation, phone, code, back: base(ids) };
    Ok(render(page, &view).into_response())
}

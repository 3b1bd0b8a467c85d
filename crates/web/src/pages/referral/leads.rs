//! Declines that both leads see.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_domain::id::{MessageId, PersonId};
use serde::Serialize;

/// The declines, the newest first. No names.
#[derive(Debug, Serialize)]
pub struct DeclinesPage {
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    service: String,
    reason: String,
    words: String,
    better_place: Option<String>,
    when: String,
    sender: String,
    receiver: String,
    reference: String,
    read: Option<String>,
}

impl View for DeclinesPage {
    const TEMPLATE: &'static str = "referral/declines.html";
    fn title(&self) -> String {
        "Said no".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |words: &str| Row {
            service: words.into(),
            reason: "Too complex for us".into(),
            words: words.into(),
            better_place: Some(words.into()),
            when: "Tuesday 24 November".into(),
            sender: words.into(),
            receiver: words.into(),
            reference: "0192".into(),
            read: Some("/declines/1/2/read".into()),
        };
        vec![
            ("ordinary", DeclinesPage { rows: vec![row("Harbour House")] }),
            ("empty", DeclinesPage { rows: Vec::new() }),
            ("longest", DeclinesPage { rows: (0..20).map(|_| row(&"We are sorry. ".repeat(12))).collect() }),
            ("difficult", DeclinesPage { rows: vec![row("<b>\"'&")] }),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    let declines = app.kith.declines_for_leads(&who).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let name = |id| who.partnership.organisation_name(id).unwrap_or_default();
    let rows = declines.into_iter().map(|d| Row {
        service: d.service,
        reason: d.reason,
        words: d.words,
        better_place: d.better_place,
        when: text::day(calendar.day(d.at), today),
        sender: name(d.sender),
        receiver: name(d.receiver),
        reference: d
            .referral
            .to_string()
            .chars()
            .rev()
            .take(6)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
        read: d.unread.map(|(person, message)| format!("/declines/{person}/{message}/read")),
    });
    Ok(render(&page, &DeclinesPage { rows: rows.take(60).collect() }).into_response())
}

pub(super) async fn read(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, message)): Path<(PersonId, MessageId)>,
    posted: Posted,
) -> Result<Response, Oops> {
    let path = app.kith.read_notice(&who, person, message, posted.submission).await?;
    Ok(Redirect::to(&path).into_response())
}

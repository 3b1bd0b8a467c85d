//! Stop sharing with one organisation: the first tap asks, the second stops. Then, apart
//! from it, whether the help is still wanted.

use super::side::Side;
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::page::PageContext;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::sharing::OrganisationSharing;
use kith_domain::id::{OrganisationId, PersonId, ReferralId};
use serde::Serialize;

/// The first tap: are you sure?
#[derive(Debug, Serialize)]
pub struct StopSharingPage {
    layout: &'static str,
    base: String,
    own: bool,
    name: String,
    action: String,
}

/// After the second: what it means, and the other question.
#[derive(Debug, Serialize)]
pub struct StoppedPage {
    layout: &'static str,
    base: String,
    own: bool,
    name: String,
    ask: Option<String>,
    still: Vec<StillView>,
}

#[derive(Clone, Debug, Serialize)]
struct StillView {
    service: String,
    keep: String,
    drop: String,
}

async fn found(app: &App, side: &Side, id: OrganisationId) -> Result<OrganisationSharing, Oops> {
    let data = app.kith.sharing(&side.who, side.person).await?;
    Ok(data.organisations.into_iter().find(|o| o.id == id).ok_or(CareError::Missing)?)
}

async fn ask(app: &App, side: Side, id: OrganisationId, page: &PageContext) -> Result<Html, Oops> {
    let organisation = found(app, &side, id).await?;
    let base = side.base();
    let action = format!("{base}/{id}/stop");
    let (layout, own) = (side.layout(), side.own);
    Ok(render(page, &StopSharingPage { layout, base, own, name: organisation.name, action }))
}

async fn save(app: &App, side: Side, id: OrganisationId, form: &Posted) -> Result<Response, Oops> {
    let answer = format!("{}/{id}/stopped", side.base());
    let to = app.kith.stop_sharing(&side.who, side.person, id, &answer, form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

async fn stopped(app: &App, side: Side, id: OrganisationId, page: &PageContext) -> Result<Html, Oops> {
    let o = found(app, &side, id).await?;
    let base = side.base();
    let still = o.sent.iter().filter(|s| s.referral_open && s.stopped.is_some());
    let view = StoppedPage {
        layout: side.layout(),
        own: side.own,
        still: still
            .map(|s| StillView {
                service: s.service_name.clone(),
                keep: format!("{base}/{id}/keep/{}", s.referral),
                drop: format!("{base}/{id}/drop/{}", s.referral),
            })
            .collect(),
        name: o.name,
        ask: o.ask,
        base,
    };
    Ok(render(page, &view))
}

/// Keeping a place changes nothing: it was kept already.
async fn keep(app: &App, side: Side, id: OrganisationId) -> Result<Response, Oops> {
    found(app, &side, id).await?;
    let to = if side.own { "/mine/referrals".to_owned() } else { side.base() };
    Ok(Redirect::to(&to).into_response())
}

async fn drop(app: &App, side: Side, referral: ReferralId, form: &Posted) -> Result<Response, Oops> {
    let answer = if side.own { "/mine/referrals".to_owned() } else { side.base() };
    let to = app.kith.stop_referral(&side.who, side.person, referral, &answer, form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

pub(super) async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Html, Oops> {
    ask(&app, Side::mine(who)?, organisation, &page).await
}

pub(super) async fn theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, organisation)): Path<(PersonId, OrganisationId)>,
    page: PageContext,
) -> Result<Html, Oops> {
    ask(&app, Side::theirs(who, person), organisation, &page).await
}

pub(super) async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(organisation): Path<OrganisationId>,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::mine(who)?, organisation, &form).await
}

pub(super) async fn save_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, organisation)): Path<(PersonId, OrganisationId)>,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side::theirs(who, person), organisation, &form).await
}

pub(super) async fn stopped_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Html, Oops> {
    stopped(&app, Side::mine(who)?, organisation, &page).await
}

pub(super) async fn stopped_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, organisation)): Path<(PersonId, OrganisationId)>,
    page: PageContext,
) -> Result<Html, Oops> {
    stopped(&app, Side::theirs(who, person), organisation, &page).await
}

pub(super) async fn keep_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path((organisation, _)): Path<(OrganisationId, ReferralId)>,
    _form: Posted,
) -> Result<Response, Oops> {
    keep(&app, Side::mine(who)?, organisation).await
}

pub(super) async fn keep_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, organisation, _)): Path<(PersonId, OrganisationId, ReferralId)>,
    _form: Posted,
) -> Result<Response, Oops> {
    keep(&app, Side::theirs(who, person), organisation).await
}

pub(super) async fn drop_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path((_, referral)): Path<(OrganisationId, ReferralId)>,
    form: Posted,
) -> Result<Response, Oops> {
    drop(&app, Side::mine(who)?, referral, &form).await
}

pub(super) async fn drop_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, _, referral)): Path<(PersonId, OrganisationId, ReferralId)>,
    form: Posted,
) -> Result<Response, Oops> {
    drop(&app, Side::theirs(who, person), referral, &form).await
}

impl View for StopSharingPage {
    const TEMPLATE: &'static str = "sharing/stop.html";

    fn title(&self) -> String {
        "Stop sharing".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, own| StopSharingPage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/sharing".into(),
            own,
            name: name.into(),
            action: "/mine/sharing/x/stop".into(),
        };
        vec![("ordinary", page("DebtHelp", true)), ("difficult", page("<b>x</b>", false))]
    }
}

impl View for StoppedPage {
    const TEMPLATE: &'static str = "sharing/stopped.html";

    fn title(&self) -> String {
        "Stopped".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, own, n: usize| StoppedPage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            base: "/mine/sharing".into(),
            own,
            name: name.into(),
            ask: (n > 0).then(|| "data@example.org".into()),
            still: vec![
                StillView {
                    service: "Benefits advice".into(),
                    keep: "/mine/sharing/x/keep/y".into(),
                    drop: "/mine/sharing/x/drop/y".into(),
                };
                n
            ],
        };
        vec![
            ("ordinary", page("DebtHelp", true, 1)),
            ("empty", page("DebtHelp", true, 0)),
            ("difficult", page("<b>x</b>", false, 2)),
        ]
    }
}

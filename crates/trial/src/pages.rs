//! The same requests over HTTP: the real site in this process, its sessions real rows, its clock
//! this crate's. One further route asks what no page asks by itself, an action on one item for one
//! purpose, through the same way in, the same facts and the same refusals as every page.
//!
//! Who asks, how well and how long ago they signed in, and which program acts for them are read
//! from the session's row; the time is the clock's. Nothing of that is taken from the request.

use crate::question::{self, Beside};
use crate::readings::instant;
use crate::records::stored_role;
use crate::town::Town;
use crate::{Failed, bulk};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Request as Http, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kith_access::{self as access, Action, Actor, Ask, Draft, Obligation, Visibility, Who};
use kith_care::sign_in::session::hash_of;
use kith_care::{CareError, Identity, Kith};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, ReferralId, SupporterId};
use kith_domain::record::Kind;
use kith_domain::time::Instant;
use kith_insight::disclosure::{Policy, Shown, count};
use kith_second::Role;
use kith_second::request::Request;
use kith_second::world::World;
use kith_store::session::SessionRow;
use kith_web::app::{Anyone, App, For, Oops, Routes};
use kith_web::page::{Site, SiteSettings};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;
use uuid::Uuid;

/// The name of the setting that holds the panel's decisions.
const PANEL: &str = "trial_panel";
/// The name of the setting that holds emergency access that was opened.
const GLASS: &str = "trial_glass";

/// Where a session's row says what Kith's own sessions do not.
const BESIDE: &str = "beside";

/// What a question names.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Asked {
    item: Option<Uuid>,
    version: Option<u32>,
    person: Option<Uuid>,
    referral: Option<Uuid>,
    part: Option<Uuid>,
    area: Option<String>,
    level: Option<i64>,
    reason: Option<String>,
    exact: Option<bool>,
    lookups: Option<u32>,
    people: Option<u32>,
    second: Option<bool>,
    cell: Option<u64>,
}

/// Emergency access as the setting keeps it.
#[derive(Debug, Deserialize, Serialize)]
struct KeptGlass {
    person: Uuid,
    worker: Uuid,
    organisation: Uuid,
    started: i64,
    life_at_risk: bool,
    letters: u32,
    fresh: bool,
}

fn routes() -> Routes {
    Routes::new().get("/trial/{purpose}/{action}", For::Anyone, Action::View, answer)
}

async fn session(app: &App, headers: &HeaderMap) -> Result<Option<SessionRow>, CareError> {
    let name = kith_web::cookies::Cookie::Session.name(&app.site);
    let Some(cookie) = kith_web::page::cookie(headers, name) else { return Ok(None) };
    let mut tx = app.kith.store().read().await?;
    Ok(tx.find_session(&hash_of(cookie)).await?.filter(|row| row.ended.is_none()))
}

fn beside(row: &SessionRow) -> Option<Beside> {
    let mut actor: serde_json::Value = serde_json::from_str(&row.actor).ok()?;
    serde_json::from_value(actor.get_mut(BESIDE)?.take()).ok()
}

/// Whoever the pages know; or a supporter or program, who have no way in yet and only a row.
fn actor_of(who: &Actor, row: Option<&SessionRow>, beside: &Beside, now: Instant) -> Actor {
    let Some(row) = row else { return who.clone() };
    let aal = u8::try_from(row.aal).unwrap_or(0);
    let mut actor = match (beside.supporter, who.who) {
        (Some(id), Who::Public) => Actor::supporter(SupporterId(id), aal, Instant(row.authenticated)),
        (None, Who::Public) if beside.client.is_some() => {
            Actor { who: Who::Client, role: access::Role::Client, ..Actor::public(now) }
        }
        _ => who.clone(),
    };
    if let (Some(role), Who::Worker(_)) =
        (beside.role.as_deref().and_then(access::Role::from_code), actor.who)
    {
        actor.role = role;
    }
    actor.shared_device |= beside.shared_device;
    actor
}

/// The action and the purpose are the route's, as on every page.
async fn answer(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path((purpose, action)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Oops> {
    let broken = |e: Failed| CareError::refused(e);
    let (Some(purpose), Some(action)) = (access::Purpose::from_code(&purpose), Action::from_code(&action))
    else {
        return Err(CareError::Missing.into());
    };
    let row = session(&app, &headers).await?;
    let beside = row.as_ref().and_then(beside).unwrap_or_default();
    let now = who.now;
    let actor = actor_of(&who.actor, row.as_ref(), &beside, now);
    let mut tx = app.kith.store().read().await.map_err(CareError::from)?;
    let person = asked.person.map(PersonId);
    let mut facts =
        question::load(&app.kith, &mut tx, person, asked.item.map(RecordId), now).await.map_err(broken)?;
    let kept = tx.find_setting(GLASS).await.map_err(CareError::from)?;
    facts.world.glass.extend(person.and_then(|p| opened(kept.as_deref(), p)));
    let mut standing = facts.partnership.standing(actor.organisation, now);
    standing.panel = enabled(tx.find_setting(PANEL).await.map_err(CareError::from)?.as_deref());
    drop(tx);
    if let (Some(item), Some(version)) = (&mut facts.item, asked.version) {
        item.version = version;
    }
    let ask = Ask {
        reason: asked.reason.as_ref().is_some_and(|r| !r.trim().is_empty()),
        referral: asked.referral.map(ReferralId),
        people: asked.people.unwrap_or(1),
        second_approver: asked.second.unwrap_or(false),
        exact_match: asked.exact.unwrap_or(false),
        lookups: asked.lookups.unwrap_or(0),
        client: beside.client.as_deref().map(question::scopes),
        own_organisation: asked.part.is_some() && asked.part == actor.organisation.map(|o| o.0),
        ..Ask::new(action, purpose, now)
    };
    if asked.item.is_some() && facts.item.is_none() {
        return Err(CareError::Missing.into());
    }
    let draft = draft(&asked, action);
    let (item, draft, whose) = (facts.item.as_ref(), draft.as_ref(), person.is_some());
    let decision = question::decide(&app.kith, &actor, &standing, &facts.world, item, draft, whose, &ask);
    if decision.allow {
        let settings = facts.partnership.settings();
        let policy = Policy::local(settings.suppress_under.into(), settings.round_to.into());
        let gated = decision.obligations.contains(&Obligation::DisclosureGate);
        let cell = asked.cell.filter(|_| gated).map(|n| matches!(count(n, &policy), Shown::Hidden));
        let obligations: Vec<&str> = decision.obligations.iter().map(|o| o.code()).collect();
        return Ok(
            format!("allowed; {}; suppressed: {}", obligations.join(" "), cell == Some(true)).into_response()
        );
    }
    Err(match decision.visibility {
        Visibility::NotFound => CareError::Missing,
        Visibility::Forbidden if decision.obligations.contains(&Obligation::StepUp) => {
            CareError::Forbidden("Sign in again to do this. It was a while ago.".into())
        }
        Visibility::Forbidden => CareError::Forbidden("You cannot do this here.".into()),
    }
    .into())
}

fn draft(asked: &Asked, action: Action) -> Option<Draft> {
    let area = Area::from_code(asked.area.as_deref()?).filter(|_| action == Action::Create)?;
    let level = Sensitivity::from_level(asked.level.unwrap_or(1))?;
    Some(Draft::new(Kind::Note, OrganisationId(asked.part?), area, level))
}

fn opened(kept: Option<&str>, person: PersonId) -> Option<access::Glass> {
    let kept: KeptGlass = serde_json::from_str(kept?).ok()?;
    (kept.person == person.0).then_some(access::Glass {
        worker: kith_domain::id::WorkerId(kept.worker),
        organisation: OrganisationId(kept.organisation),
        started: Instant(kept.started),
        reason: if kept.life_at_risk {
            access::GlassReason::LifeAtRisk
        } else {
            access::GlassReason::CrisisPresentation
        },
        letters: kept.letters,
        fresh: kept.fresh,
    })
}

fn enabled(kept: Option<&str>) -> std::collections::BTreeSet<access::Role> {
    kept.into_iter().flat_map(|k| k.split(' ')).filter_map(access::Role::from_code).collect()
}

/// The site of one database, with a clock that stands still.
pub struct Pages {
    kith: Kith,
    router: Router,
    clock: Arc<AtomicI64>,
}

/// What a request met.
pub struct Met {
    /// Its status.
    pub status: StatusCode,
    /// The page.
    pub body: String,
}

impl Pages {
    /// The whole site over this database, and the one further route.
    pub fn of(kith: &Kith) -> Pages {
        let clock = Arc::new(AtomicI64::new(0));
        let ticking = clock.clone();
        let site = Site::new(SiteSettings::default());
        let app = App::new(kith.clone(), site, move || Instant(ticking.load(Ordering::SeqCst)));
        Pages { kith: kith.clone(), router: app.router_with(routes()), clock }
    }

    /// The session row of whoever a request says asks; the value of its cookie.
    async fn sign_in(
        &self,
        town: &mut Town,
        world: &World,
        request: &Request,
    ) -> Result<Option<String>, Failed> {
        let now = instant(request.at);
        let program = request
            .client
            .as_ref()
            .map(|name| world.clients.get(name).map_or(Vec::new(), |c| c.scopes.clone()));
        let mut beside = Beside { client: program, ..Beside::default() };
        let user = request.actor.as_ref().and_then(|name| Some((name, world.users.get(name)?)));
        let identity = match user {
            None if request.actor.is_some() => return Ok(None),
            None => Identity::Public,
            Some((_, user)) if user.role == Role::Person => {
                let own = user.person.clone().unwrap_or_default();
                beside.shared_device = world.people.get(&own).is_some_and(|p| p.shared_device);
                Identity::Person { person: town.person(&own), paper_code: false }
            }
            Some((name, user)) if user.role == Role::Proxy => {
                let of = question::whose(world, request).unwrap_or_default().to_owned();
                beside.supporter = Some(town.supporter(name, &of).0);
                Identity::Public
            }
            Some((name, user)) => {
                let stored = stored_role(user.role);
                beside.role = (stored.code() != user.role.word()).then(|| user.role.word());
                let organisation = town.organisation(user.org.as_deref().unwrap_or_default());
                Identity::Worker { worker: town.worker(name), organisation, role: stored }
            }
        };
        let closed = user.is_some_and(|(_, u)| u.status.as_deref().is_some_and(|s| s != "active"));
        // No function begins a worker's session on one factor; the level asked about stands in the row.
        let new = self.kith.begin_session(&identity, None, request.aal.max(2), now).await?;
        let mut tx = self.kith.store().write().await?;
        let row = tx.find_session(&hash_of(&new.cookie)).await?.ok_or("a session that was begun is there")?;
        let mut actor: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&row.actor)?;
        actor.insert(BESIDE.into(), serde_json::to_value(&beside)?);
        let actor = serde_json::to_string(&actor)?;
        let authenticated = now.plus_seconds(-request.auth_age_s).0;
        let aal = i64::from(request.aal);
        tx.save_session(&SessionRow { actor, authenticated, aal, ended: closed.then_some(now.0), ..row })
            .await?;
        self.keep(&mut tx, town, world, request).await?;
        tx.commit().await?;
        Ok(Some(new.cookie))
    }

    /// What Kith has no record for.
    async fn keep(
        &self,
        tx: &mut kith_store::WriteTx,
        town: &mut Town,
        world: &World,
        request: &Request,
    ) -> Result<(), Failed> {
        let panel: Vec<&str> = question::panel(world, request).iter().map(|r| r.code()).collect();
        tx.save_setting(PANEL, &panel.join(" ")).await?;
        let person = question::whose(world, request).map(|name| town.person(name));
        let kept = question::glass(town, world, request).zip(person).map(|(glass, person)| KeptGlass {
            person: person.0,
            worker: glass.worker.0,
            organisation: glass.organisation.0,
            started: glass.started.0,
            life_at_risk: glass.reason == access::GlassReason::LifeAtRisk,
            letters: glass.letters,
            fresh: glass.fresh,
        });
        tx.save_setting(GLASS, &serde_json::to_string(&kept)?).await?;
        Ok(())
    }

    async fn get(&self, path: &str, cookie: Option<&str>) -> Result<Met, Failed> {
        let mut http = Http::builder().uri(path).header(header::HOST, "localhost:8417");
        if let Some(cookie) = cookie {
            http = http.header(header::COOKIE, format!("kith_session={cookie}"));
        }
        let http = http.body(Body::empty()).map_err(|e| Failed(e.to_string()))?;
        let answer = self.router.clone().oneshot(http).await.map_err(|e| Failed(e.to_string()))?;
        let status = answer.status();
        let bytes =
            axum::body::to_bytes(answer.into_body(), 1 << 22).await.map_err(|e| Failed(e.to_string()))?;
        Ok(Met { status, body: String::from_utf8_lossy(&bytes).into_owned() })
    }

    /// The answer to a request; none where Kith has no word for what is asked.
    ///
    /// # Errors
    /// The site could not be asked.
    pub async fn ask(
        &self,
        town: &mut Town,
        world: &World,
        request: &Request,
    ) -> Result<Option<Met>, Failed> {
        let (Some(purpose), Some(action)) = (request.purpose.as_deref(), question::action(request.action))
        else {
            return Ok(None);
        };
        self.clock.store(instant(request.at).0, Ordering::SeqCst);
        let cookie = self.sign_in(town, world, request).await?;
        let asked = Asked {
            item: request.item.as_ref().map(|i| town.id("items", i)),
            version: request.version,
            person: question::whose(world, request).map(|p| town.person(p).0),
            referral: request.referral.as_ref().map(|r| town.referral(r).0),
            part: request.target_org.as_ref().map(|o| town.organisation(o).0),
            area: request.domain.map(|a| crate::readings::area(a).code().to_owned()),
            level: request.sensitivity.map(i64::from),
            reason: request.reason_text.clone(),
            exact: Some(request.exact_match),
            lookups: Some(request.lookups),
            people: Some(request.count),
            second: Some(request.second_approver),
            cell: request.min_cell.map(u64::from),
        };
        let path = |asked: &Asked| format!("/trial/{purpose}/{}?{}", action.code(), bulk::query(asked));
        let met = self.get(&path(&asked), cookie.as_deref()).await?;
        if met.status == StatusCode::NOT_FOUND && asked.item.is_some() {
            let missing = Asked { item: Some(Uuid::now_v7()), ..asked };
            let missing = self.get(&path(&missing), cookie.as_deref()).await?;
            if without_token(&missing.body) != without_token(&met.body) || missing.status != met.status {
                return Err(Failed("a refusal is not the page of what is missing".into()));
            }
        }
        Ok(Some(met))
    }

    /// The pages that this user has about the item's person on which its words stand.
    ///
    /// # Errors
    /// The site could not be asked.
    pub async fn shown_on(
        &self,
        town: &mut Town,
        world: &World,
        request: &Request,
    ) -> Result<Vec<String>, Failed> {
        let (Some(item), Some(person)) = (&request.item, question::whose(world, request)) else {
            return Ok(Vec::new());
        };
        let (mark, cookie) = (town.mark(item), self.sign_in(town, world, request).await?);
        let id = town.person(person);
        let mut paths = vec![format!("/people/{id}"), format!("/people/{id}/plan")];
        paths.extend(["/mine", "/mine/plan"].map(str::to_owned));
        for r in world.referrals.iter().filter(|r| r.person == person) {
            paths.push(format!("/inbox/{}", town.referral(&r.id)));
        }
        let mut found = Vec::new();
        for path in paths {
            let met = self.get(&path, cookie.as_deref()).await?;
            if met.status.is_server_error() {
                return Err(Failed(format!("{path}: {}", met.status)));
            }
            if met.body.contains(&mark) {
                found.push(path);
            }
        }
        Ok(found)
    }
}

/// A page without what differs in each drawing of it.
fn without_token(body: &str) -> String {
    let mut parts = body.split("name=\"_csrf\" value=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    out
}

//! The lived-experience panel decides what Kith may be used for.
//!
//! Given a place whose panel has not spoken,
//! when the manager adds a charity, then it is not let in, and the page says whom to ask;
//! when the panel is asked, two members agree and one of them writes it down, then it is let in,
//! and everybody can read the decision; when the panel ends its yes, then nobody of that sort comes.
//!
//! Given a member who says a veto with a reason, then there is no yes, whatever the others say;
//! whoever put it forward does not write down the decision; an answer without a reason is no no.
//!
//! Given a day that passed without an answer, then it rises like anything held, and nothing is lost.
//!
//! Given a member of the panel, then no page about anybody opens, whatever they ask for, and
//! what the panel is asked is not there for anybody else before it is decided.

use crate::harness::{Browser, Cast, Maker, Shown, World, start};
use crate::mine::badger;
use axum::http::{Method, StatusCode};
use kith_care::panel::PanelAct;
use kith_domain::id::ProposalId;
use kith_domain::organisation::WorkRole;
use kith_domain::panel::{Answer, Put, Sort};
use kith_domain::time::{Day, plus_days};

fn today(world: &World) -> Day {
    world.kith.calendar().day(world.now())
}

/// Three members of the panel, in a team of the net's organisation.
pub async fn members(world: &World) -> [Cast; 3] {
    let mut tx = world.kith.store().write().await.unwrap();
    let mut m = Maker { tx: &mut tx, at: start().plus_days(-300) };
    let office = world.nadia.organisation;
    let team = m.team(office, "Lived-experience panel", false, false).await;
    let femi = m.worker("Femi Marlow", office, team, WorkRole::PanelMember).await;
    let ines = m.worker("Ines Marlow", office, team, WorkRole::PanelMember).await;
    let kofi = m.worker("Kofi Marlow", office, team, WorkRole::PanelMember).await;
    tx.commit().await.unwrap();
    [femi, ines, kofi]
}

fn put(world: &World, decision: Option<u16>) -> Put {
    Put {
        title: "May charities join?".into(),
        sort: Sort::Recipient,
        decision,
        who: "Charities of Brackenford".into(),
        what: "What somebody shares with them".into(),
        why: "Help near home".into(),
        wrong: "A small town".into(),
        until: plus_days(today(world), 500),
        answer_by: plus_days(today(world), 14),
    }
}

pub(crate) async fn asked(world: &World, decision: Option<u16>) -> ProposalId {
    let nadia = world.principal(world.nadia).await;
    let path = world.kith.put_to_panel(&nadia, put(world, decision), None).await.expect("it is put");
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// The panel is asked about a decision, and agrees.
pub async fn agrees(world: &World, panel: &[Cast; 3], decision: u16) {
    let id = asked(world, Some(decision)).await;
    for member in panel {
        let who = world.principal(*member).await;
        let yes = PanelAct::Answer(Answer::Agree, String::new());
        world.kith.change_proposal(&who, id, &yes, None).await.expect("a member answers");
    }
    let who = world.principal(panel[0]).await;
    world.kith.change_proposal(&who, id, &PanelAct::Decide(true, "Yes.".into()), None).await.expect("a yes");
}

fn days(name: &str, day: Day) -> [(String, String); 3] {
    [
        (format!("{name}-day"), day.day().to_string()),
        (format!("{name}-month"), day.month().to_string()),
        (format!("{name}-year"), day.year().to_string()),
    ]
}

async fn send(by: &mut Browser, page: &Shown, to: &str, fields: &[(String, String)]) -> Shown {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    by.submit(page, to, &fields).await
}

async fn add_charity(world: &World, name: &str) -> Shown {
    let mut nadia = world.worker(world.nadia).await;
    let page = nadia.get("/organisations/add").await;
    let said = [
        ("name", name),
        ("short", name),
        ("kind", "charity"),
        ("answers", "sign-in"),
        ("reference", "DSA-77"),
        ("role", "controller"),
        ("purposes", "Company"),
        ("areas", "connection"),
        ("ceiling", "1"),
        ("dpia", "DPIA-77"),
        ("contact", "Ruth"),
        ("caldicott", "Ruth"),
    ];
    let mut fields: Vec<(String, String)> = said.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    fields.extend(days("from", today(world)));
    fields.extend(days("until", plus_days(today(world), 300)));
    send(&mut nadia, &page, "/organisations/add", &fields).await
}

#[tokio::test]
async fn whoever_comes_later_waits_for_the_panel() {
    let world = World::new().await;
    let panel = members(&world).await;
    add_charity(&world, "Canal Boats")
        .await
        .says("has not agreed to this yet")
        .says("Put it to the panel first");

    let mut nadia = world.worker(world.nadia).await;
    let form = nadia.get("/panel/propose").await;
    let said = [
        ("title", "May charities join?"),
        ("sort", "recipient"),
        ("decision", "2"),
        ("who", "Charities of Brackenford"),
        ("what", "What somebody shares"),
        ("why", "Help near home"),
        ("wrong", "A small town"),
    ];
    let mut fields: Vec<(String, String)> = said.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    fields.extend(days("by", plus_days(today(&world), 3)));
    fields.extend(days("until", plus_days(today(&world), 500)));
    send(&mut nadia, &form, "/panel/propose", &fields).await.says("Choose a day from");
    fields.retain(|(n, _)| !n.starts_with("by-"));
    fields.extend(days("by", plus_days(today(&world), 14)));
    let put = send(&mut nadia, &form, "/panel/propose", &fields).await;
    put.is(StatusCode::OK).says("The panel is asked").never("Save my answer").never("Save the decision");
    let path = put.path.clone();
    world.assert_nothing_lost().await;
    // Not for everybody before it is decided, and not yet a yes.
    world.browser().get("/decisions").await.never("May charities join?");
    let missing = path.replace("/panel/", "/decisions/here/");
    world.browser().get(&missing).await.is(StatusCode::NOT_FOUND);
    add_charity(&world, "Canal Boats").await.says("has not agreed to this yet");

    let mut femi = world.worker(panel[0]).await;
    let on_today = femi.get("/today").await;
    on_today.says("The panel answers: May charities join?");
    assert!(on_today.links(&path).contains(&path));
    let page = femi.get(&path).await;
    let (answer, decide) = (format!("{path}/answer"), format!("{path}/decide"));
    femi.submit(&page, &answer, &[("answer", "agree")]).await.says("I agree");
    let yes = [("outcome", "yes"), ("decision", "We want help near home.")];
    femi.submit(&page, &decide, &yes).await.says("more than half of the panel");
    let mut ines = world.worker(panel[1]).await;
    let page = ines.get(&path).await;
    ines.submit(&page, &answer, &[("answer", "agree"), ("why", "With a check for cousins")]).await;
    let page = femi.get(&path).await;
    femi.submit(&page, &decide, &yes).await.says("The panel agreed").says("End the yes");
    world.browser().get("/decisions").await.says("May charities join?").says("The panel here agreed, until");
    let public = world.browser().get(&missing).await;
    public.says("We want help near home").says("Of 3 members, 2 agreed").never("Femi").never("cousins");
    add_charity(&world, "Canal Boats").await.is(StatusCode::OK).says("Canal Boats").says("DSA-77");

    let changed = format!("{path}/changed");
    let page = femi.get(&path).await;
    femi.submit(&page, &changed, &[("changed", "Cousins are checked for.")]).await;
    world.browser().get("/decisions/changed").await.says("Cousins are checked for.").never("Femi");

    let page = femi.get(&path).await;
    femi.submit(&page, &format!("{path}/end"), &[("end", "It did harm")]).await.says("The panel ended it");
    add_charity(&world, "Punts").await.says("said no to this");
    // A member that is here goes on until its agreement ends, and then it is not renewed.
    let debt = world.nadia.organisation;
    let at = format!("/organisations/{debt}/agreement");
    let page = nadia.get(&at).await;
    let said = [
        ("reference", "DSA-2"),
        ("role", "controller"),
        ("purposes", "Company"),
        ("areas", "connection"),
        ("ceiling", "1"),
        ("dpia", "DPIA"),
        ("contact", "Ruth"),
        ("caldicott", "Ruth"),
    ];
    let mut fields: Vec<(String, String)> = said.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    fields.extend(days("from", today(&world)));
    fields.extend(days("until", plus_days(today(&world), 300)));
    send(&mut nadia, &page, &at, &fields).await.says("said no to this");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn one_veto_is_enough_and_a_no_has_reasons() {
    let world = World::new().await;
    let panel = members(&world).await;
    let id = asked(&world, None).await;
    let (path, answer) = (format!("/panel/{id}"), format!("/panel/{id}/answer"));
    let mut kofi = world.worker(panel[2]).await;
    let page = kofi.get(&path).await;
    kofi.submit(&page, &answer, &[("answer", "veto")]).await.says("Write your reasons");
    let veto = [("answer", "veto"), ("why", "My neighbour works there")];
    kofi.submit(&page, &answer, &veto).await.says("My neighbour works there");
    for member in &panel[..2] {
        let mut b = world.worker(*member).await;
        let page = b.get(&path).await;
        b.submit(&page, &answer, &[("answer", "agree")]).await;
    }
    let page = kofi.get(&path).await;
    let yes = [("outcome", "yes"), ("decision", "We want it")];
    kofi.submit(&page, &format!("{path}/decide"), &yes).await.says("While it stands there is no yes");
    let no = [("outcome", "no"), ("decision", "One of us could not come any more.")];
    kofi.submit(&page, &format!("{path}/decide"), &no).await.says("The panel said no");
    world
        .browser()
        .get(&format!("/decisions/here/{id}"))
        .await
        .says("1 said a veto")
        .says("could not come any more");
    // Decided is decided.
    let mut ines = world.worker(panel[1]).await;
    ines.get(&path).await.never("Save my answer");
}

#[tokio::test]
async fn an_answer_that_is_late_rises_and_nothing_is_lost_without_a_panel() {
    let world = World::new().await;
    let id = asked(&world, None).await;
    world.assert_nothing_lost().await;
    // Nobody is on the panel: it is with whoever keeps the place.
    world.worker(world.nadia).await.get("/today").await.says("The panel answers");
    let panel = members(&world).await;
    world.worker(panel[0]).await.get("/today").await.says("The panel answers");
    world.pass_days(14 + 21);
    world.assert_nothing_lost().await;
    let checked = world.kith.check(world.now()).await.unwrap();
    assert!(checked.lost.is_empty());
    world.worker(world.nadia).await.get("/today").await.says("The panel answers");
    // Silence is no yes, and can be written down as a no.
    let mut femi = world.worker(panel[0]).await;
    let page = femi.get(&format!("/panel/{id}")).await;
    let no = [("outcome", "no"), ("decision", "We could not meet.")];
    femi.submit(&page, &format!("/panel/{id}/decide"), &no).await.says("The panel said no");
    world.assert_nothing_lost().await;
}

/// Nobody is on the panel, and it is late: it rises to a lead who may not read what the panel is asked.
/// They are told with whom it is, and no link on anybody's list leads nowhere.
#[tokio::test]
async fn what_has_risen_leads_to_no_page_that_is_not_theirs() {
    let world = World::new().await;
    asked(&world, None).await;
    world.pass_days(14 + 30);
    world.assert_nothing_lost().await;
    let page = world.worker(world.grace).await.get("/today").await;
    page.says("Something for the panel with").says("speak to Nadia Khan").never("May charities join?");
    let mut followed = 0;
    for cast in [world.grace, world.nadia, world.aisha, world.bola, world.dev, world.joan, world.amir] {
        let mut browser = world.worker(cast).await;
        let page = browser.get("/today").await;
        for link in page.links("/").into_iter().filter(|link| link != "/leave") {
            let shown = browser.get(&link).await;
            assert_ne!(shown.status, StatusCode::NOT_FOUND, "{link}, from {}", page.text());
            followed += 1;
        }
    }
    assert!(followed > 50, "{followed} links are no test");
}

#[tokio::test]
async fn the_panel_sees_nobody_and_nobody_else_sees_what_it_is_asked() {
    let world = World::new().await;
    let panel = members(&world).await;
    let (_, person) = badger(&world).await;
    let id = asked(&world, None).await;
    let mut femi = world.worker(panel[0]).await;
    for page in ["/panel", "/today", "/find"] {
        femi.get(page).await.is(StatusCode::OK).never("Badger");
    }
    femi.get("/panel").await.says("Femi Marlow").says("May charities join?");
    let routes = kith_web::pages::routes();
    let of_people = routes.declared().iter().filter(|r| r.path.starts_with("/people/{person}"));
    let mut tried = 0;
    for route in of_people.filter(|r| r.method == Method::GET && r.path.matches('{').count() == 1) {
        let shown = femi.once(&Method::GET, &route.path.replace("{person}", &person.to_string()), "").await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND, "{}", route.path);
        assert!(!shown.body.contains("Badger"), "{}", route.path);
        tried += 1;
    }
    assert!(tried > 10, "{tried} pages are no test");
    for page in ["/people", "/workers", "/organisations", "/audit", "/partnership"] {
        let shown = femi.get(page).await;
        assert!(!shown.body.contains("Badger"), "{page}");
    }
    for other in [world.aisha, world.dev, world.tony, world.sam] {
        let mut b = world.worker(other).await;
        b.get(&format!("/panel/{id}")).await.is(StatusCode::NOT_FOUND);
        b.get("/panel").await.is(StatusCode::NOT_FOUND);
    }
    // The manager reads it, and answers nothing.
    let nadia = world.principal(world.nadia).await;
    let yes = PanelAct::Answer(Answer::Agree, String::new());
    assert!(world.kith.change_proposal(&nadia, id, &yes, None).await.is_err());
    let said = PanelAct::Comment("A thought".into());
    assert!(world.kith.change_proposal(&nadia, id, &said, None).await.is_ok());
    let aisha = world.principal(world.aisha).await;
    assert!(world.kith.change_proposal(&aisha, id, &said, None).await.is_err());
}

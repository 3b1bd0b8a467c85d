//! A busy day: something open of every kind, so that every form is somewhere.

use super::forms::PageForm;
use crate::comes_and_goes::{by_the_link, second_code};
use crate::coming_in;
use crate::harness::{Browser, Cast, Shown, World};
use crate::people::add;
use crate::plan::sam_is_involved;
use crate::referral::{Asked, ask, inbox_link, need, person_of, save};
use kith_domain::area::Area;
use kith_domain::id::{PersonId, ServiceId};

/// Somebody with a browser, and where they begin.
pub struct Visitor {
    pub name: &'static str,
    pub browser: Browser,
    pub from: Vec<String>,
    /// Forms on answers to other forms, to which no address leads.
    pub more: Vec<PageForm>,
}

/// Opens a page, fills in its form to this address, and sends it.
pub async fn send(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Shown {
    let page = browser.get(page).await;
    let shown = browser.submit(&page, action, fields).await;
    assert!(shown.status.is_success(), "{action}: {} {}", shown.status, shown.text());
    shown
}

async fn asked(
    world: &World,
    aisha: &mut Browser,
    person: PersonId,
    area: Area,
    service: ServiceId,
) -> Shown {
    let need = need(world, person, area, "somebody to help with this").await;
    let base = format!("/people/{person}/needs/{need}/refer/{service}");
    ask(aisha, &Asked { person, need, base }).await
}

/// Makes the scene, and gives everybody who has a part in it.
pub async fn busy_day(world: &World) -> Vec<Visitor> {
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await;
    let person = person_of(&badger);
    let here = badger.path.clone();
    let safe = format!("{here}/safe-contact");
    send(&mut aisha, &safe, &safe, &[("paper", "yes")]).await;
    let goal = format!("{here}/goals/add");
    send(&mut aisha, &goal, &goal, &[("words", "Play in a band"), ("area", "connection")]).await;
    let tell = format!("{here}/tell");
    send(&mut aisha, &tell, &tell, &[("name", "Breakfast group"), ("area", "connection")]).await;
    let matters = format!("{here}/plan/matters");
    send(&mut aisha, &matters, &matters, &[("words", "My dog Biscuit"), ("own", "yes")]).await;
    // A step of his own, and one that asks Sam.
    sam_is_involved(world, &here).await;
    let step = format!("{here}/steps/add");
    send(&mut aisha, &step, &step, &[("what", "Ring the landlord"), ("area", "housing")]).await;
    let sams = format!("{}@{}", world.sam.worker, world.sam.team);
    let medicine =
        [("what", "Look at the medicine"), ("owner", &sams), ("asks", "asks"), ("area", "physical_health")];
    send(&mut aisha, &step, &step, &medicine).await;
    let met = need(world, person, Area::Money, "a bus pass").await;
    let over = format!("{here}/needs/{met}");
    send(&mut aisha, &over, &format!("{over}/change/ended"), &[("how", "over")]).await;
    let note = notes(world, &mut aisha, &here).await;
    let draft = a_draft(world, &mut aisha, person).await;
    sharing(world, &mut aisha, &here).await;
    let requests = referrals(world, &mut aisha, person).await;
    let beside = around(world, &mut aisha, person).await;
    let stopped = stopped_sharing(world, person).await;
    let mut public = world.browser();
    let link = public_link(&mut aisha, world, person).await;
    let named = named_link_holder(&mut aisha, world).await;
    let at = |paths: &[&str]| paths.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
    let mut aishas =
        at(&["/today", "/people", "/people/add", "/worried", "/my-leave", "/hand-over/new", "/find"]);
    aishas.extend(["/agreement", "/check", "/without-agreement"].map(|page| format!("{draft}{page}")));
    aishas.extend([draft, here.clone(), here.clone() + stopped.trim_start_matches("/mine")]);
    aishas.push(note);
    aishas.extend(requests);
    aishas.extend(beside);
    let worker = async |name, cast: Cast, paths: &[&str]| Visitor {
        name,
        browser: world.worker(cast).await,
        from: at(paths),
        more: Vec::new(),
    };
    let landing = public.get(&link).await;
    let mut green = world.browser();
    green.submit(&landing, &link, &[]).await;
    vec![
        Visitor { name: "Aisha", browser: aisha, from: aishas, more: Vec::new() },
        worker("Bola", world.bola, &["/today"]).await,
        worker("Grace", world.grace, &["/today", "/declines"]).await,
        worker("Sam", world.sam, &["/today", "/people", &badger.path]).await,
        worker("Joan", world.joan, &["/inbox", "/our-services"]).await,
        worker("Amir", world.amir, &["/inbox", "/our-services", "/declines"]).await,
        Visitor {
            name: "Badger",
            browser: world.person(person).await,
            from: at(&["/mine", &stopped]),
            more: Vec::new(),
        },
        Visitor {
            name: "a link holder",
            browser: green,
            from: at(&["/link/request", "/link/request/name"]),
            more: Vec::new(),
        },
        Visitor {
            name: "a named link holder",
            browser: named,
            from: at(&["/link/request", "/link/request/space"]),
            more: Vec::new(),
        },
        Visitor {
            name: "the public",
            browser: public,
            from: [at(&["/", "/find", "/ask-for-help", "/code", "/demo", "/sign-in"]), vec![link]].concat(),
            more: Vec::new(),
        },
    ]
}

/// Two notes: one that Grace is asked to take out, and one that nobody asks about yet. Gives the
/// page on which that is asked.
async fn notes(world: &World, aisha: &mut Browser, here: &str) -> String {
    let write = format!("{here}/note");
    let mut page = String::new();
    for words in ["Met at the library", "His brother owes money"] {
        let shown = send(aisha, &write, &write, &[("words", words), ("contact", "no")]).await;
        let notes = shown.links(&format!("{here}/notes/"));
        let new = notes.iter().map(|n| format!("{n}/take-out")).find(|n| *n != page);
        page = new.expect("the note just written");
        if words == "Met at the library" {
            let grace = world.grace.worker.to_string();
            let fields = [("why", "wrong_person"), ("words", "Another man of that name"), ("second", &grace)];
            send(aisha, &page, &page, &fields).await;
        }
    }
    page
}

/// A request that is being written: its pages of agreement and check are there.
async fn a_draft(world: &World, aisha: &mut Browser, person: PersonId) -> String {
    let money = need(world, person, Area::Money, "get my money back").await;
    let base = format!("/people/{person}/needs/{money}/refer/{}", world.benefits_advice);
    let what = aisha.get(&format!("{base}/what")).await;
    save(aisha, &what, &[]).await;
    let agreement = aisha.get(&format!("{base}/agreement")).await;
    save(aisha, &agreement, &[("how", "read_aloud"), ("presence", "alone")]).await;
    base
}

async fn sharing(world: &World, aisha: &mut Browser, here: &str) {
    let give = format!("{here}/sharing/give/{}", world.amir.organisation);
    let fields = [("areas", "housing"), ("how", "read_aloud"), ("presence", "alone"), ("confirm", "yes")];
    send(aisha, &give, &give, &fields).await;
}

/// Requests at every stage; gives their pages.
async fn referrals(world: &World, aisha: &mut Browser, person: PersonId) -> Vec<String> {
    let mut pages = Vec::new();
    // Sent and answered with a question.
    let page = asked(world, aisha, person, Area::Housing, world.harbour).await;
    let mut amir = world.worker(world.amir).await;
    let request = inbox_link(&amir.get("/inbox").await);
    let question = format!("{request}/ask");
    send(&mut amir, &question, &question, &[("question", "Where does he sleep?")]).await;
    pages.push(page.path);
    // Declined: "too complex".
    let page = asked(world, aisha, person, Area::Housing, world.larch).await;
    let mut lena = world.worker(world.lena).await;
    let no = format!("{}/decline", inbox_link(&lena.get("/inbox").await));
    send(&mut lena, &no, &no, &[("reason", "too_complex"), ("words", "We are sorry.")]).await;
    pages.push(page.path);
    // Accepted, with dates offered.
    let page = asked(world, aisha, person, Area::Housing, world.millrace).await;
    let mut cole = world.worker(world.cole).await;
    let yes = format!("{}/accept", inbox_link(&cole.get("/inbox").await));
    let date = [("date1-day", "1"), ("date1-month", "12"), ("date1-year", "2026"), ("time1", "10:30am")];
    send(&mut cole, &yes, &yes, &[&date[..], &[("place", "the office")]].concat()).await;
    pages.push(page.path);
    // Somebody else's, accepted and sent, so that Joan has both in her inbox.
    let marlon = person_of(&add(aisha, "Marlon").await);
    let page = asked(world, aisha, marlon, Area::Money, world.benefits_advice).await;
    let mut joan = world.worker(world.joan).await;
    let yes = format!("{}/accept", inbox_link(&joan.get("/inbox").await));
    send(&mut joan, &yes, &yes, &[]).await;
    pages.push(page.path);
    let dee = person_of(&add(aisha, "Dee").await);
    pages.push(asked(world, aisha, dee, Area::Money, world.benefits_advice).await.path);
    pages
}

/// He stops one organisation, which is asked to keep his place or not.
async fn stopped_sharing(world: &World, person: PersonId) -> String {
    let mut own = world.person(person).await;
    let organisation = world.cole.organisation;
    let stop = format!("/mine/sharing/{organisation}/stop");
    send(&mut own, &stop, &stop, &[]).await;
    format!("/mine/sharing/{organisation}/stopped")
}

/// What stands beside: people coming in, worries, words, a hand-over, leave. Gives the pages
/// that no list leads to any more.
async fn around(world: &World, aisha: &mut Browser, person: PersonId) -> Vec<String> {
    let mut public = world.browser();
    for (path, fields) in coming_in::THREE {
        send(&mut public, path, path, fields).await;
    }
    let worry = [("about", "The man by the hall"), ("words", "Very low today"), ("spoken", "no")];
    send(aisha, "/worried", "/worried", &worry).await;
    let mut own = world.person(person).await;
    send(&mut own, "/mine/words", "/mine/words", &[("words", "Can we meet on Friday?")]).await;
    let tony = person_of(&add(aisha, "Wren").await).to_string();
    let to = world.bola.worker.to_string();
    let (words, told) = (format!("words-{tony}"), format!("told-{tony}"));
    let fields = [("to", to.as_str()), ("people", &tony), (&words, "After lunch"), (&told, "yes")];
    let offered = send(aisha, "/hand-over/new", "/hand-over/new", &fields).await;
    // Leave, with Bola as cover; and one of those who came in has been answered.
    let away = [("from-day", "7"), ("from-month", "12"), ("from-year", "2026"), ("cover", to.as_str())];
    send(aisha, "/my-leave", "/my-leave", &away).await;
    let links = aisha.get("/today").await.links("/coming-in/");
    let answered = links.last().expect("somebody came in").clone();
    send(aisha, &answered, &format!("{answered}/close"), &[("words", "Ring us in the daytime.")]).await;
    vec![offered.path, answered]
}

/// The link that a charity without an account was sent.
/// Somebody without an account who has said who they are.
async fn named_link_holder(aisha: &mut Browser, world: &World) -> Browser {
    let robin = person_of(&add(aisha, "Robin").await);
    let sent = asked(world, aisha, robin, Area::Connection, world.garden).await;
    let link = sent.links("/link/").into_iter().next().expect("the made-up link");
    let code = second_code(aisha, &sent).await;
    by_the_link(world, &link, &code).await
}

async fn public_link(aisha: &mut Browser, world: &World, person: PersonId) -> String {
    let sent = asked(world, aisha, person, Area::Connection, world.garden).await;
    sent.links("/link/").into_iter().next().expect("the made-up link")
}

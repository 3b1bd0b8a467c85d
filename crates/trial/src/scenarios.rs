//! A file of scenarios, run both ways: each request is decided at rule level by `kith-access` over
//! facts from the store and by `kith-second` over the plain description, and asked for over HTTP.
//! Requests are taken in the order of their times, and the world is written on between them.

use crate::Failed;
use crate::pages::{Met, Pages};
use crate::question;
use crate::town::Town;
use kith_access::{Decision, Obligation, Role as FirstRole};
use kith_care::Kith;
use kith_second::request::{Scenario, ScenarioFile};
use kith_second::{Role, Time};
use kith_store::Store;
use std::collections::BTreeSet;

/// What came out.
#[derive(Default, Debug)]
pub struct Held {
    /// Requests.
    pub scenarios: usize,
    /// Of these, allowed items whose words were found on a real page.
    pub on_pages: usize,
    /// Each difference: scenario, by whom, what was expected and what came.
    pub differences: Vec<String>,
}

/// Writes the file's world into this database and runs its scenarios.
///
/// # Errors
/// The database could not be written, or the site not be asked.
pub async fn run(store: Store, file: &ScenarioFile) -> Result<Held, Failed> {
    let mut order: Vec<&Scenario> = file.scenarios.iter().collect();
    order.sort_by_key(|s| s.request.at);
    let first = order.first().map_or(Time(0), |s| s.request.at);
    let mut town = Town::default();
    town.write(&store, &file.world, first).await?;
    let kith = Kith::open(store).await?;
    let pages = Pages::of(&kith);
    let mut held = Held { scenarios: order.len(), ..Held::default() };
    for scenario in order {
        town.write(kith.store(), &file.world, scenario.request.at).await?;
        one(&kith, &pages, &mut town, file, scenario, &mut held).await?;
    }
    Ok(held)
}

async fn one(
    kith: &Kith,
    pages: &Pages,
    town: &mut Town,
    file: &ScenarioFile,
    scenario: &Scenario,
    held: &mut Held,
) -> Result<(), Failed> {
    let (world, request) = (&file.world, &scenario.request);
    let mut differ = |by: &str, what: String| {
        held.differences.push(format!("{} {} [{by}] {what}", scenario.id, scenario.title));
    };
    let second = kith_second::decide(world, request);
    for what in scenario.expect.differences(&second) {
        differ("second reading", what);
    }
    match question::decided(kith, town, world, request).await? {
        Some(decision) => of_rules(scenario, &decision).into_iter().for_each(|what| differ("rules", what)),
        None => differ("rules", "Kith has no word for this request".into()),
    }
    let met = match pages.ask(town, world, request).await {
        Ok(met) => met,
        Err(error) => {
            differ("HTTP", error.to_string());
            None
        }
    };
    match &met {
        Some(met) => of_page(scenario, met).into_iter().for_each(|what| differ("HTTP", what)),
        None => differ("HTTP", "no answer".into()),
    }
    if request.action == kith_second::Action::View && everyday(file, scenario) {
        let found = pages.shown_on(town, world, request).await?;
        if scenario.expect.decision == "allow" {
            held.on_pages += usize::from(!found.is_empty());
        } else if !found.is_empty() {
            differ("pages", format!("the words stand on {}", found.join(", ")));
        }
    }
    Ok(())
}

/// Is this asked as a page would ask it: for the role's own purpose, and by no program? A role
/// without a way in has no pages.
fn everyday(file: &ScenarioFile, scenario: &Scenario) -> bool {
    let request = &scenario.request;
    let user = request.actor.as_ref().and_then(|name| file.world.users.get(name));
    let own = user.filter(|u| u.role != Role::Proxy).and_then(|u| FirstRole::from_code(&u.role.word()));
    let purpose = own.map(|role| role.purpose_for(kith_access::Action::View).code());
    request.client.is_none() && purpose.is_some() && purpose == request.purpose.as_deref()
}

fn expected(scenario: &Scenario) -> String {
    let expect = &scenario.expect;
    match &expect.visibility {
        Some(visibility) if expect.decision != "allow" => format!("deny/{visibility}"),
        _ => expect.decision.clone(),
    }
}

fn obligations(scenario: &Scenario) -> BTreeSet<String> {
    let wanted = scenario.expect.obligations.iter().flatten();
    wanted.filter_map(|o| serde_json::to_value(o).ok()?.as_str().map(str::to_owned)).collect()
}

/// What is not as expected in a decision.
fn of_rules(scenario: &Scenario, decision: &Decision) -> Vec<String> {
    let visibility = scenario.expect.visibility.as_deref();
    let got =
        if decision.allow { "allow".to_owned() } else { format!("deny/{}", decision.visibility.code()) };
    let same = decision.allow == (scenario.expect.decision == "allow")
        && (decision.allow || visibility.is_none_or(|v| v == decision.visibility.code()));
    if !same {
        return vec![format!("expected {}, got {got} by {:?}", expected(scenario), decision.rules)];
    }
    let mut found = Vec::new();
    let has: BTreeSet<&str> = decision.obligations.iter().map(|o| o.code()).collect();
    for missing in obligations(scenario).iter().filter(|o| !has.contains(o.as_str())) {
        found.push(format!("expected the obligation {missing}, got {has:?}"));
    }
    if scenario.expect.break_glass_offered.is_some_and(|wanted| wanted != decision.break_glass_offered) {
        found.push(format!("emergency access would change it: got {}", decision.break_glass_offered));
    }
    let gated = decision.obligations.contains(&Obligation::DisclosureGate);
    if scenario.expect.suppressed == Some(true) && !gated {
        found.push("expected the disclosure gate, got none".into());
    }
    found
}

/// What is not as expected in an answer over HTTP.
fn of_page(scenario: &Scenario, met: &Met) -> Vec<String> {
    let got = match met.status.as_u16() {
        200 => "allow".to_owned(),
        403 => "deny/forbidden".to_owned(),
        404 => "deny/not_found".to_owned(),
        other => format!("status {other}"),
    };
    let denied = scenario.expect.decision != "allow";
    let as_expected = got == expected(scenario)
        || (denied && scenario.expect.visibility.is_none() && got.starts_with("deny"));
    if !as_expected {
        return vec![format!("expected {}, got {got}", expected(scenario))];
    }
    let mut found = Vec::new();
    for wanted in obligations(scenario) {
        let says = if denied {
            wanted != "step_up" || met.body.contains("Sign in again")
        } else {
            met.body.contains(&wanted)
        };
        if !says {
            found.push(format!("expected the obligation {wanted}, got a page without it"));
        }
    }
    if let Some(suppressed) = scenario.expect.suppressed.filter(|_| !denied) {
        let says = met.body.contains(&format!("suppressed: {suppressed}"));
        if !says {
            found.push(format!("expected suppressed: {suppressed}, got {}", met.body));
        }
    }
    found
}

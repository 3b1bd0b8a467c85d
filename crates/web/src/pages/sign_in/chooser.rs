//! The chooser of made-up users: who to be, and what to look for.

use super::{home_of, with_cookie};
use crate::app::{App, Oops, Posted};
use crate::page::PageContext;
use crate::view::{Html, View, render};
use axum::extract::State;
use axum::response::Response;
use kith_care::sign_in::demo::{Chooser, GuideUser};
use kith_care::sign_in::session::MadeUpUser;
use kith_care::{CareError, Identity};
use serde::Serialize;

/// The chooser.
#[derive(Debug, Serialize)]
pub struct ChooserPage {
    first: Vec<Choice>,
    people: Vec<Choice>,
    situations: Vec<Situation>,
    organisations: Vec<Organisation>,
    /// Situations that cannot be held yet, in words.
    later: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Choice {
    key: String,
    name: String,
    about: String,
}

#[derive(Debug, Serialize)]
struct Organisation {
    name: String,
    workers: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct Situation {
    title: String,
    look: String,
    sign_in: Option<Choice>,
}

impl ChooserPage {
    fn new(chooser: &Chooser) -> ChooserPage {
        let choice = |w: &kith_care::sign_in::demo::ChoiceWorker| Choice {
            key: w.key.clone(),
            name: w.name.clone(),
            about: format!("{}, {}", w.role, w.organisation),
        };
        let mut organisations: Vec<Organisation> = Vec::new();
        for w in &chooser.workers {
            let short = Choice { about: w.role.to_owned(), ..choice(w) };
            match organisations.last_mut().filter(|o| o.name == w.organisation) {
                Some(o) => o.workers.push(short),
                None => {
                    organisations.push(Organisation { name: w.organisation.clone(), workers: vec![short] })
                }
            }
        }
        let user = |u: &GuideUser| {
            u.form_key().map(|key| Choice { key, name: u.name.clone(), about: u.words.clone() })
        };
        let is_person = |u: &&GuideUser| matches!(u.identity, Identity::Person { .. });
        let people: Vec<Choice> = chooser.guide.users.iter().filter(is_person).filter_map(user).collect();
        let mut first: Vec<Choice> =
            chooser.guide.users.iter().filter(|u| !is_person(u)).filter_map(user).collect();
        if first.is_empty() {
            first = first_of(chooser, choice);
        }
        let situations = chooser
            .guide
            .situations
            .iter()
            .map(|s| Situation {
                title: match &s.called {
                    Some(called) => format!("{}: {called}", s.words),
                    None => s.words.clone(),
                },
                look: s.look.clone(),
                sign_in: chooser.guide.users.iter().find(|u| u.key == s.sign_in).and_then(user),
            })
            .collect();
        ChooserPage { first, people, situations, organisations, later: chooser.guide.later.clone() }
    }
}

/// Three to begin with: who holds plans, who receives a request, who sees the whole.
fn first_of(
    chooser: &Chooser,
    choice: impl Fn(&kith_care::sign_in::demo::ChoiceWorker) -> Choice,
) -> Vec<Choice> {
    let of = |role: &str, name: &str| {
        let in_role = || chooser.workers.iter().filter(|w| w.role == role);
        in_role().find(|w| w.name.starts_with(name)).or_else(|| in_role().next()).map(&choice)
    };
    [("Navigator", "Aisha"), ("Money adviser", "Joan"), ("Partnership manager", "Nadia")]
        .into_iter()
        .filter_map(|(role, name)| of(role, name))
        .collect()
}

impl View for ChooserPage {
    const TEMPLATE: &'static str = "sign_in/chooser.html";

    fn title(&self) -> String {
        "Choose who to be".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let choice = |name: &str, about: &str| Choice {
            key: "person.x".into(),
            name: name.into(),
            about: about.into(),
        };
        let ordinary = ChooserPage {
            first: vec![choice("Aisha Rahman", "Navigator, Brackenford Together")],
            people: vec![choice("Dee", "Waiting for help with money")],
            situations: vec![Situation {
                title: "A decline for being too complex".into(),
                look: "Open Today and look under Replies.".into(),
                sign_in: Some(choice("Aisha Rahman", "Navigator")),
            }],
            organisations: vec![Organisation {
                name: "DebtHelp".into(),
                workers: vec![choice("Joan Fisher", "Money adviser")],
            }],
            later: vec!["A wrong merge to undo: people cannot be joined yet".into()],
        };
        let empty = empty_page();
        let longest = ChooserPage {
            first: vec![choice(&"Long name ".repeat(8), &"A long line about them. ".repeat(6))],
            people: (0..20).map(|n| choice(&format!("Person {n}"), &"words ".repeat(20))).collect(),
            ..empty_page()
        };
        let difficult =
            ChooserPage { people: vec![choice("<b>O'Brien</b> & \"Co\"", "<script>")], ..empty_page() };
        vec![("ordinary", ordinary), ("empty", empty), ("longest", longest), ("difficult", difficult)]
    }
}

fn empty_page() -> ChooserPage {
    ChooserPage {
        first: Vec::new(),
        people: Vec::new(),
        situations: Vec::new(),
        organisations: Vec::new(),
        later: Vec::new(),
    }
}

pub(super) async fn show(State(app): State<App>, page: PageContext) -> Result<Html, Oops> {
    let chooser = app.kith.made_up_users(app.now()).await?;
    Ok(render(&page, &ChooserPage::new(&chooser)))
}

pub(super) async fn sign_in(State(app): State<App>, form: Posted) -> Result<Response, Oops> {
    let user = form.data.value("user").and_then(MadeUpUser::from_key);
    let user = user.ok_or_else(|| CareError::refused("Choose somebody from the list."))?;
    let session = app.kith.sign_in_made_up(&user, app.now()).await?;
    let identity = match user {
        MadeUpUser::Worker { worker, organisation, role } => Identity::Worker { worker, organisation, role },
        MadeUpUser::Person { person } => Identity::Person { person, paper_code: false },
    };
    Ok(with_cookie(&app.site, &session.cookie, home_of(&identity)))
}

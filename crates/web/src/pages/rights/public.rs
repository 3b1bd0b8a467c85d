//! My rights, for everybody: how information is used and who is responsible, what can be asked
//! for and by when it is answered, and whether anyone could be made to hand it over. And the
//! same on paper.

use super::about;
use crate::app::{Anyone, Oops};
use crate::page::PageContext;
use crate::view::{Html, View, render};
use kith_care::Principal;
use kith_domain::right::{RightKind, rule};
use kith_domain::settings::Settings;
use serde::Serialize;

/// The public page.
#[derive(Debug, Serialize)]
pub struct RightsPage {
    place: String,
    net: Option<String>,
    contact: Option<String>,
    rights: Vec<RightLine>,
    /// Somebody signed in at their own plan asks on their own pages.
    mine: bool,
    partners: usize,
}

/// The same on paper, to fill in by hand.
#[derive(Debug, Serialize)]
pub struct RightsFormPage {
    place: String,
    net: Option<String>,
    rights: Vec<RightLine>,
}

#[derive(Clone, Debug, Serialize)]
struct RightLine {
    code: &'static str,
    title: &'static str,
    about: &'static str,
    say: Option<String>,
    answer: String,
    source: &'static str,
    next: &'static str,
}

fn lines(settings: &Settings) -> Vec<RightLine> {
    let of = |kind: &RightKind| {
        let rule = rule(*kind, settings);
        RightLine {
            code: kind.code(),
            title: kind.title(),
            about: about(*kind),
            say: rule.say.map(kith_domain::right::days::Within::words),
            answer: rule.answer.words(),
            source: rule.source,
            next: rule.next,
        }
    };
    RightKind::ALL.iter().map(of).collect()
}

fn net(who: &Principal) -> (Option<String>, Option<String>) {
    let p = &who.partnership;
    let id = p.place.value.net_organisation;
    let contact = p.organisation(id).and_then(|o| o.agreement.as_ref());
    (p.organisation_name(id), contact.map(|a| a.data_protection_contact.clone()))
}

pub(super) async fn show(Anyone(who): Anyone, page: PageContext) -> Result<Html, Oops> {
    let (net, contact) = net(&who);
    let view = RightsPage {
        place: who.partnership.place.value.name.clone(),
        net,
        contact,
        rights: lines(who.partnership.settings()),
        mine: who.person().is_ok(),
        partners: who.partnership.facts.organisations.len(),
    };
    Ok(render(&page, &view))
}

pub(super) async fn form(Anyone(who): Anyone, page: PageContext) -> Result<Html, Oops> {
    let place = who.partnership.place.value.name.clone();
    Ok(render(&page, &RightsFormPage { place, net: net(&who).0, rights: lines(who.partnership.settings()) }))
}

fn sample_lines() -> Vec<RightLine> {
    lines(&Settings::default())
}

impl View for RightsPage {
    const TEMPLATE: &'static str = "rights/public.html";
    fn title(&self) -> String {
        "My rights".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |net: Option<&str>, contact: Option<&str>, mine| RightsPage {
            place: "Brackenford".into(),
            net: net.map(str::to_owned),
            contact: contact.map(str::to_owned),
            rights: sample_lines(),
            mine,
            partners: 14,
        };
        vec![
            ("ordinary", page(Some("Brackenford Together"), Some("data@together.example"), true)),
            ("empty", page(None, None, false)),
            ("longest", page(Some(&"Together ".repeat(12)), Some(&"data protection ".repeat(9)), true)),
            ("difficult", page(Some("<b>O'Neil</b> & Sons"), None, false)),
        ]
    }
}

impl View for RightsFormPage {
    const TEMPLATE: &'static str = "rights/form.html";
    fn title(&self) -> String {
        "My rights, on paper".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |net: Option<&str>| RightsFormPage {
            place: "Brackenford".into(),
            net: net.map(str::to_owned),
            rights: sample_lines(),
        };
        vec![("ordinary", page(Some("Brackenford Together"))), ("empty", page(None))]
    }
}

//! The front page, and who stands behind it.

use crate::app::{Anyone, App, Oops};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use kith_care::find::Partner;
use kith_domain::organisation::OrganisationKind;
use serde::Serialize;

/// What Kith is, and three doors.
#[derive(Debug, Serialize)]
pub struct HomePage {
    place: String,
    partners: String,
    net: Option<String>,
    signed_in: bool,
}

impl View for HomePage {
    const TEMPLATE: &'static str = "public/home.html";
    fn title(&self) -> String {
        "Support near you".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let home = |place: &str, net: Option<&str>, partners: &str| HomePage {
            place: place.into(),
            partners: partners.into(),
            net: net.map(str::to_owned),
            signed_in: false,
        };
        vec![
            ("ordinary", home("Brackenford", Some("Brackenford Together"), "14 organisations")),
            ("empty", home("Our place", None, "no organisations")),
            (
                "longest",
                home(
                    &"Brackenford-under-Lyne ".repeat(4),
                    Some(&"Together ".repeat(12)),
                    "1,400 organisations",
                ),
            ),
            ("difficult", home("<b>Brackenford</b>", Some("\"Quoted\" & Sons"), "1 organisation")),
        ]
    }
}

/// The organisations with an agreement in date.
#[derive(Debug, Serialize)]
pub struct PartnersPage {
    place: String,
    partners: Vec<PartnerLine>,
}

#[derive(Debug, Serialize)]
struct PartnerLine {
    name: String,
    kind: &'static str,
    net: bool,
    phone: Option<String>,
    website: Option<String>,
}

impl View for PartnersPage {
    const TEMPLATE: &'static str = "public/partners.html";
    fn title(&self) -> String {
        "Who runs this".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |name: &str, net: bool| PartnerLine {
            name: name.into(),
            kind: kind_words(OrganisationKind::Charity),
            net,
            phone: Some("01632 960000".into()),
            website: Some("https://example.org".into()),
        };
        let page = |partners| PartnersPage { place: "Brackenford".into(), partners };
        vec![
            ("ordinary", page(vec![line("Brackenford Together", true), line("DebtHelp", false)])),
            ("empty", page(Vec::new())),
            ("longest", page((0..60).map(|_| line(&"Long name ".repeat(9), false)).collect())),
            ("difficult", page(vec![line("<i>O'Neil</i> & \"Sons\"", false)])),
        ]
    }
}

impl PartnerLine {
    fn of(partner: &Partner) -> PartnerLine {
        let o = &partner.organisation;
        PartnerLine {
            name: o.name.clone(),
            kind: kind_words(o.kind),
            net: partner.net,
            phone: o.phone.clone(),
            website: o.website.clone().filter(|w| super::listing::is_web(w)),
        }
    }
}

fn kind_words(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::NhsTrust => "NHS trust",
        OrganisationKind::GpPractice => "GP practice",
        OrganisationKind::Council => "Council",
        OrganisationKind::Charity => "Charity or community group",
        OrganisationKind::HousingProvider => "Homes with support",
        OrganisationKind::Advice => "Advice on money and rights",
        OrganisationKind::EmploymentSupport => "Help with work",
        OrganisationKind::Learning => "Learning",
        OrganisationKind::Leisure => "Sport and leisure",
        OrganisationKind::PartnershipOffice => "The office of the partnership",
        OrganisationKind::Listed => "In the directory",
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
) -> Result<Html, Oops> {
    let partners = app.kith.list_partners(&who).await?;
    let count = i64::try_from(partners.len()).unwrap_or(i64::MAX);
    let view = HomePage {
        place: page.site().settings().place.clone(),
        partners: text::plural(count, "organisation", "organisations"),
        net: partners.iter().find(|p| p.net).map(|p| p.organisation.name.clone()),
        signed_in: page.who.is_some(),
    };
    Ok(render(&page, &view))
}

pub(super) async fn partners(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
) -> Result<Html, Oops> {
    let partners = app.kith.list_partners(&who).await?;
    let view = PartnersPage {
        place: page.site().settings().place.clone(),
        partners: partners.iter().map(PartnerLine::of).collect(),
    };
    Ok(render(&page, &view))
}

//! What every page knows beside its own content: the place, who is signed in, where
//! they can go, how they like pages to look.
//!
//! [`Site`] is the same for every request; [`PageContext`] is made per request. In a
//! template they are `site` and `page`, and the view model is `view`.

use std::sync::Arc;

use crate::cookies::LOOK;
use axum::http::{HeaderMap, Uri, header};
use minijinja::Value;
use serde::{Deserialize, Serialize};

use jiff::civil::Date;
use kith_domain::time::plus_days;

use crate::assets;
use crate::crisis::CrisisHelp;
use crate::paths;
use crate::templates::to_value;

/// The settings of one place that pages need. Made once by the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SiteSettings {
    /// The name of the partnership's place: "Brackenford".
    pub place: String,
    /// True when the people in this database are made up.
    pub demo: bool,
    /// True when the place's operator may use the NHS colours.
    pub nhs_host: bool,
    /// The address people use, without a path: `http://localhost:8417`.
    pub public_url: String,
    /// Where "leave this page" ends; nothing means a plain page of our own.
    pub leave_to: Option<String>,
    /// Numbers to call.
    pub crisis: CrisisHelp,
}

impl Default for SiteSettings {
    fn default() -> Self {
        SiteSettings {
            place: "Our place".into(),
            demo: false,
            nhs_host: false,
            public_url: "http://localhost:8417".into(),
            leave_to: None,
            crisis: CrisisHelp::england(),
        }
    }
}

/// The settings with what is derived from them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    inner: Arc<SiteParts>,
}

#[derive(Debug)]
struct SiteParts {
    settings: SiteSettings,
    template_value: Value,
}

impl Site {
    /// Prepares the settings for use by pages.
    pub fn new(settings: SiteSettings) -> Site {
        let template_value = minijinja::context! {
            place => settings.place.as_str(),
            demo => settings.demo,
            nhs_host => settings.nhs_host,
            crisis => to_value(&settings.crisis),
            assets => assets::base(),
        };
        Site { inner: Arc::new(SiteParts { settings, template_value }) }
    }

    /// The settings as given.
    pub fn settings(&self) -> &SiteSettings {
        &self.inner.settings
    }

    /// True when the address people use is https, so that cookies must be `Secure`.
    pub fn is_https(&self) -> bool {
        self.settings().public_url.starts_with("https://")
    }

    pub(crate) fn template_value(&self) -> Value {
        self.inner.template_value.clone()
    }

    /// The context of a page asked for with these headers and address, by nobody in
    /// particular. Add who is signed in with [`PageContext::signed_in`].
    pub fn page(&self, headers: &HeaderMap, uri: &Uri) -> PageContext {
        PageContext {
            appearance: Appearance::from_headers(headers),
            path: uri.path().to_owned(),
            who: None,
            nav: Vec::new(),
            csrf: String::new(),
            glass: Vec::new(),
            today: None,
            waits_minutes: 0,
            emergency: false,
            site: self.clone(),
        }
    }
}

/// How pages look. Chosen by a plain form, kept in a cookie, worn by `<html>`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Warm paper, deep teal.
    #[default]
    Neutral,
    /// The colours of an NHS host; offered only where the place allows it.
    Nhs,
    /// Black on white, thick lines.
    HighContrast,
    /// Quiet greys, nothing decorative.
    LowStimulation,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the form.
    pub const ALL: [Theme; 5] =
        [Theme::Neutral, Theme::Nhs, Theme::HighContrast, Theme::LowStimulation, Theme::Dark];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Theme::Neutral => "neutral",
            Theme::Nhs => "nhs",
            Theme::HighContrast => "high-contrast",
            Theme::LowStimulation => "low-stimulation",
            Theme::Dark => "dark",
        }
    }

    /// The name on pages.
    pub fn title(self) -> &'static str {
        match self {
            Theme::Neutral => "Warm",
            Theme::Nhs => "Blue and white",
            Theme::HighContrast => "High contrast",
            Theme::LowStimulation => "Quiet",
            Theme::Dark => "Dark",
        }
    }

    /// What it is like, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Theme::Neutral => "Cream paper and deep green-blue. This is how Kith starts.",
            Theme::Nhs => "The colours many health pages use.",
            Theme::HighContrast => "Black on white, with thicker lines.",
            Theme::LowStimulation => "Soft greys, few colours, nothing extra.",
            Theme::Dark => "Light words on a dark page.",
        }
    }

    /// Reads the stored form.
    pub fn parse(code: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// The theme and whether text is large.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Appearance {
    /// The colours.
    pub theme: Theme,
    /// Larger text, on the screen and on paper.
    pub large: bool,
}

impl Appearance {
    /// Reads the cookie; anything not understood is the default.
    pub fn from_headers(headers: &HeaderMap) -> Appearance {
        let Some(value) = cookie(headers, LOOK) else { return Appearance::default() };
        let (theme, large) = match value.strip_suffix("+large") {
            Some(theme) => (theme, true),
            None => (value, false),
        };
        Appearance { theme: Theme::parse(theme).unwrap_or_default(), large }
    }

    /// The value of the cookie.
    pub fn cookie_value(self) -> String {
        format!("{}{}", self.theme.code(), if self.large { "+large" } else { "" })
    }

    /// The classes of `<html>`.
    pub fn classes(self) -> String {
        format!("kith kith-theme-{}{}", self.theme.code(), if self.large { " kith-large" } else { "" })
    }
}

/// The value of a cookie in a request.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|line| {
        line.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
    })
}

/// The person who is signed in, as the page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Who {
    /// The name they like to be called.
    pub name: String,
    /// What they are here as, in words: "Navigator", "Your own plan".
    pub role: String,
    /// The organisation they act for, if any.
    pub organisation: Option<String>,
    /// In what way they are here, for what a page offers them.
    pub kind: WhoKind,
}

/// In what way somebody is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoKind {
    /// At their own pages, or in no way that matters to a page.
    #[default]
    Other,
    /// With an account, at work.
    Worker,
    /// By a link, for one request.
    LinkHolder,
}

/// What a session layer puts into the request's extensions when somebody is signed
/// in, so that every page shows it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who they are.
    pub who: Who,
    /// Where they can go.
    pub nav: Vec<NavItem>,
    /// The form token of their session, as it is; pages get it masked.
    pub csrf_token: String,
    /// Emergency access that is open for them.
    pub glass: Vec<GlassBar>,
    /// For how many minutes a page of theirs may stand before they have to sign in again.
    pub waits_minutes: u16,
}

/// The bar that stands on every page while emergency access is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GlassBar {
    /// Where the plan is.
    pub plan: String,
    /// Where "close now" posts to.
    pub close: String,
    /// Until when, in words.
    pub until: String,
}

/// One link of the navigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NavItem {
    /// The words of the link.
    pub text: String,
    /// Where it goes.
    pub href: String,
    /// A number worth showing beside it, such as replies not yet read.
    pub count: Option<u32>,
    /// True on the page itself or below it.
    pub current: bool,
}

impl NavItem {
    /// A link without a number.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> NavItem {
        NavItem { text: text.into(), href: href.into(), count: None, current: false }
    }

    /// With a number beside it; nought shows none.
    pub fn with_count(mut self, count: u32) -> NavItem {
        self.count = (count > 0).then_some(count);
        self
    }
}

/// What one page knows about its reader and its place in the site.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// Colours and size.
    pub appearance: Appearance,
    /// The path of this page, for the navigation and for coming back to it.
    pub path: String,
    /// Who is signed in, if anyone.
    pub who: Option<Who>,
    /// Where they can go.
    pub nav: Vec<NavItem>,
    /// The token to put into forms ([`crate::form::csrf::masked`]); empty when nobody
    /// is signed in.
    pub csrf: String,
    /// Emergency access that is open for whoever is signed in.
    pub glass: Vec<GlassBar>,
    /// The day it is, for examples of days; none on a page that is drawn without a request.
    pub today: Option<Date>,
    /// For how many minutes a form waits for whoever is signed in; nought where nobody is.
    pub waits_minutes: u16,
    /// On a page that says "not found": say how emergency access is opened.
    pub emergency: bool,
    site: Site,
}

impl PageContext {
    /// With the name, role and navigation of somebody signed in, and the (masked)
    /// form token of their session.
    pub fn signed_in(mut self, who: Who, nav: Vec<NavItem>, csrf: String) -> PageContext {
        self.who = Some(who);
        self.csrf = csrf;
        self.with_nav(nav)
    }

    /// With the emergency access that is open.
    pub fn with_glass(mut self, glass: Vec<GlassBar>) -> PageContext {
        self.glass = glass;
        self
    }

    /// On this day.
    pub fn on(mut self, today: Option<Date>) -> PageContext {
        self.today = today;
        self
    }

    /// With the minutes that a form waits for whoever is signed in.
    pub fn waiting(mut self, minutes: u16) -> PageContext {
        self.waits_minutes = minutes;
        self
    }

    /// With a navigation; the link that leads to this page is marked as current.
    pub fn with_nav(mut self, nav: Vec<NavItem>) -> PageContext {
        let path = self.path.clone();
        let leads_here = |href: &str| {
            path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
        };
        let best = nav.iter().filter(|item| leads_here(&item.href)).map(|item| item.href.len()).max();
        self.nav = nav
            .into_iter()
            .map(|mut item| {
                item.current = leads_here(&item.href) && Some(item.href.len()) == best;
                item
            })
            .collect();
        self
    }

    /// The site this page belongs to.
    pub fn site(&self) -> &Site {
        &self.site
    }

    pub(crate) fn template_value(&self) -> Value {
        minijinja::context! {
            classes => self.appearance.classes(),
            theme => self.appearance.theme.code(),
            large => self.appearance.large,
            path => self.path.as_str(),
            who => to_value(&self.who),
            nav => to_value(&self.nav),
            worker => self.who.as_ref().is_some_and(|w| w.kind == WhoKind::Worker),
            link_holder => self.who.as_ref().is_some_and(|w| w.kind == WhoKind::LinkHolder),
            csrf => self.csrf.as_str(),
            glass => to_value(&self.glass),
            waits_minutes => self.waits_minutes,
            example => examples(self.today),
            emergency => self.emergency,
            paths => paths::template_value(),
        }
    }
}

/// The day of a request, in its extensions.
#[derive(Clone, Copy, Debug)]
pub struct Today(pub Date);

/// Examples of days as people type them, each of a kind that its form takes.
fn examples(today: Option<Date>) -> Value {
    let day = |days: i32| {
        let on = plus_days(today?, days);
        Some(format!("For example, {} {} {}", on.day(), on.month(), on.year()))
    };
    minijinja::context! {
        past => day(0),
        coming => day(7),
        later => day(90),
        birth => "For example, 27 3 1984",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers
    }

    #[test]
    fn the_appearance_survives_its_cookie() {
        for theme in Theme::ALL {
            for large in [false, true] {
                let look = Appearance { theme, large };
                let cookie = format!("a=b; {LOOK}={}", look.cookie_value());
                assert_eq!(Appearance::from_headers(&headers(&cookie)), look);
            }
        }
    }

    #[test]
    fn a_cookie_that_makes_no_sense_is_the_default() {
        assert_eq!(Appearance::from_headers(&headers("kith_look=<script>")), Appearance::default());
    }

    #[test]
    fn the_most_exact_link_is_the_current_one() {
        let site = Site::new(SiteSettings::default());
        let page = site.page(&HeaderMap::new(), &"/people/new".parse().unwrap()).with_nav(vec![
            NavItem::new("Home", "/"),
            NavItem::new("People", "/people"),
            NavItem::new("Add", "/people/new"),
            NavItem::new("Peop", "/peop"),
        ]);
        let current: Vec<&str> = page.nav.iter().filter(|n| n.current).map(|n| n.text.as_str()).collect();
        assert_eq!(current, ["Add"]);
    }
}

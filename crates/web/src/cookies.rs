//! Every cookie that Kith sets, and what each carries with it. All are closed to scripts, go back
//! only with requests that begin here or follow a link, and hold for the whole site; on an https
//! site they are sent over https alone and, but for the one that says how pages look, bear the
//! `__Host-` prefix, with which a browser takes them from no neighbouring site (RFC 6265bis, section 4.1.3.2; ASVS 5.0, chapter 3.3).

use crate::page::Site;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// It says nothing about anyone, so that pages read it without knowing where they are.
pub const LOOK: &str = "kith_look";

/// A cookie of Kith.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Who is signed in: the secret of a session.
    Session,
    /// The session before this one: it opens nothing, and says whose the open forms are.
    Before,
    /// The key of the pages that are kept for a moment, to be shown after a form.
    Pages,
    /// A browser that went to sign in elsewhere: only it can come back.
    Away,
    /// A browser that is known again.
    Device,
    /// How pages look to whoever sits here.
    Look,
}

impl Cookie {
    /// All of them.
    pub const ALL: [Cookie; 6] =
        [Cookie::Session, Cookie::Before, Cookie::Pages, Cookie::Away, Cookie::Device, Cookie::Look];

    /// Its name on this site.
    pub fn name(self, site: &Site) -> &'static str {
        let (bound, plain) = match self {
            Cookie::Session => ("__Host-kith_session", "kith_session"),
            Cookie::Before => ("__Host-kith_before", "kith_before"),
            Cookie::Pages => ("__Host-kith_pages", "kith_pages"),
            Cookie::Away => ("__Host-kith_away", "kith_away"),
            Cookie::Device => ("__Host-kith_device", "kith_device"),
            Cookie::Look => (LOOK, LOOK),
        };
        if site.is_https() { bound } else { plain }
    }

    /// How long a browser keeps it, in seconds; none for as long as the browser is open.
    fn seconds(self) -> Option<u32> {
        match self {
            Cookie::Session | Cookie::Before | Cookie::Pages => None,
            Cookie::Away => Some(600),
            Cookie::Device | Cookie::Look => Some(31_536_000),
        }
    }

    /// Gives it to the browser with an answer.
    pub fn give(self, site: &Site, value: &str, headers: &mut HeaderMap) {
        self.put(site, value, self.seconds(), headers);
    }

    /// Takes it back with an answer.
    pub fn take_back(self, site: &Site, headers: &mut HeaderMap) {
        self.put(site, "", Some(0), headers);
    }

    fn put(self, site: &Site, value: &str, seconds: Option<u32>, headers: &mut HeaderMap) {
        let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
        let secure = if site.is_https() { "; Secure" } else { "" };
        let set = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", self.name(site));
        // What Kith puts into one is letters and digits: nothing else leaves.
        if let Ok(set) = HeaderValue::from_str(&set) {
            headers.append(SET_COOKIE, set);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::SiteSettings;

    fn set(https: bool, cookie: Cookie, value: Option<&str>) -> String {
        let url = if https { "https://kith.example" } else { "http://localhost:8417" };
        let settings = SiteSettings { public_url: url.to_owned(), ..SiteSettings::default() };
        let (site, mut headers) = (Site::new(settings), HeaderMap::new());
        match value {
            Some(value) => cookie.give(&site, value, &mut headers),
            None => cookie.take_back(&site, &mut headers),
        }
        headers[SET_COOKIE].to_str().unwrap().to_owned()
    }

    #[test]
    fn each_cookie_is_closed_to_scripts_and_to_other_sites() {
        for cookie in Cookie::ALL {
            for value in [Some("a1"), None] {
                let bound = set(true, cookie, value);
                let parts: Vec<&str> = bound.split("; ").collect();
                assert!(cookie == Cookie::Look || parts[0].starts_with("__Host-kith_"), "{bound}");
                for needed in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
                    assert!(parts.contains(&needed), "{needed}: {bound}");
                }
                assert!(!bound.contains("Domain"), "{bound}");
                assert_eq!(parts.contains(&"Max-Age=0"), value.is_none(), "{bound}");
                let plain = set(false, cookie, value);
                assert!(plain.starts_with("kith_") && plain.contains("HttpOnly; SameSite=Lax"), "{plain}");
            }
        }
    }

    #[test]
    fn what_could_end_a_header_does_not_leave() {
        let (site, mut headers) = (Site::new(SiteSettings::default()), HeaderMap::new());
        Cookie::Look.give(&site, "nhs\r\nSet-Cookie: kith_session=theirs", &mut headers);
        assert!(headers.is_empty());
    }
}

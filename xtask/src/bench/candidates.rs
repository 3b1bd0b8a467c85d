//! Whom and what the measurements are about, found as a worker would find it: by opening pages and
//! following links. Referrals are written up to the last page, so that the sending itself can be measured.

use super::rows::{NAVIGATOR, RECEIVER};
use crate::http::{Form, Visitor};
use crate::load;
use std::collections::BTreeSet;
use std::time::Duration;

/// People whose pages are opened: more only take longer to find.
const MOST_PEOPLE: usize = 60;

/// Pages and forms of the place as it is.
pub struct Candidates {
    /// Pages of people whom the navigator supports.
    pub people: Vec<String>,
    /// Pages that find support for a need.
    pub needs: Vec<String>,
    /// Last pages of referrals that are ready to send.
    pub sendable: Vec<String>,
    /// Pages of requests that the receiver can accept.
    pub requests: Vec<String>,
}

/// Opens pages until there are as many as are wanted, or no more.
pub fn find(port: u16, wanted: usize) -> Result<Candidates, String> {
    let mut navigator = signed_in(port, NAVIGATOR)?;
    let mut found =
        Candidates { people: Vec::new(), needs: Vec::new(), sendable: Vec::new(), requests: Vec::new() };
    for list in ["/people", "/people?team=yes", "/people?team=yes&page=2", "/people?team=yes&page=3"] {
        for person in people_of(&mut navigator, list)? {
            let enough = found.people.len() >= MOST_PEOPLE && found.sendable.len() >= wanted;
            if !enough && !found.people.contains(&person) {
                add_person(&mut navigator, person, wanted, &mut found)?;
            }
        }
    }
    if found.people.is_empty() {
        return Err(format!("{NAVIGATOR} supports nobody in this place"));
    }
    let mut receiver = signed_in(port, RECEIVER)?;
    for request in links(&open(&mut receiver, "/inbox")?, "/inbox/") {
        if found.requests.len() < wanted && can_be_accepted(&open(&mut receiver, &request)?, &request) {
            found.requests.push(request);
        }
    }
    for (what, none) in [
        ("an open need", found.needs.is_empty()),
        ("a referral to send", found.sendable.len() < 4),
        ("a request to accept", found.requests.len() < 4),
    ] {
        if none {
            return Err(format!("this place is too small to measure {what}"));
        }
    }
    Ok(found)
}

/// The pages of the people on a list.
fn people_of(visitor: &mut Visitor, list: &str) -> Result<Vec<String>, String> {
    let is_page = |href: &String| href.strip_prefix("/people/").is_some_and(|id| id.len() == 36);
    Ok(links(&open(visitor, list)?, "/people/").into_iter().filter(is_page).collect())
}

/// A person, the needs for which somebody can be asked, and one referral: what is sent changes
/// next dates, and with them what any other of the same person would say.
fn add_person(
    visitor: &mut Visitor,
    person: String,
    wanted: usize,
    found: &mut Candidates,
) -> Result<(), String> {
    let page = open(visitor, &person)?;
    let needs = links(&page, &format!("{person}/needs/"));
    let mut written = found.sendable.len() >= wanted;
    for need in needs.into_iter().filter(|href| href.ends_with("/find")) {
        let services = services_of(visitor, &need)?;
        if services.is_empty() {
            continue;
        }
        for service in services {
            if !written && let Some(check) = write_referral(visitor, &service)? {
                found.sendable.push(check);
                written = true;
            }
        }
        found.needs.push(need);
    }
    found.people.push(person);
    Ok(())
}

/// A receiver who asked something waits for the answer before they say yes.
fn can_be_accepted(page: &str, request: &str) -> bool {
    page.contains(&format!("href=\"{request}/accept\"")) && !page.contains("No answer yet.")
}

fn signed_in(port: u16, user: &str) -> Result<Visitor, String> {
    let mut visitor = Visitor::new(port, Duration::from_secs(60));
    load::sign_in(&mut visitor, user)?;
    Ok(visitor)
}

/// The text of a page that has to be there.
fn open(visitor: &mut Visitor, path: &str) -> Result<String, String> {
    let answer = visitor.get(path).map_err(|cause| cause.to_string())?;
    if answer.status == 200 { Ok(answer.text()) } else { Err(format!("{path}: status {}", answer.status)) }
}

/// Where the links of a page go that begin so, each once.
fn links(page: &str, beginning: &str) -> Vec<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let ours: BTreeSet<&str> = all.filter(|href| href.starts_with(beginning)).collect();
    ours.into_iter().map(str::to_owned).collect()
}

/// Where the search for a need leads: the first pages of referrals to services that can be asked.
fn services_of(visitor: &mut Visitor, need: &str) -> Result<Vec<String>, String> {
    let start = format!("{}/refer/", need.strip_suffix("/find").unwrap_or(need));
    Ok(links(&open(visitor, need)?, &start))
}

/// What goes, read aloud, agreed: the page that sends it. None where this service cannot be asked.
fn write_referral(visitor: &mut Visitor, service: &str) -> Result<Option<String>, String> {
    let what = format!("{service}/what");
    if !open(visitor, service)?.contains(&format!("href=\"{what}\"")) {
        return Ok(None);
    }
    let page = open(visitor, &what)?;
    let Some(mut form) = Form::find(&page, "/what") else { return Ok(None) };
    if form.value("contact").is_none_or(str::is_empty) {
        form.fill("contact", "Ask at the drop-in");
    }
    if form.value("line").is_none()
        && let Some(line) = first_line(&page)
    {
        form.fill("line", line);
    }
    if !went_on(visitor, &form)? {
        return Ok(None);
    }
    let agreement = format!("{service}/agreement");
    let Some(mut form) = Form::find(&open(visitor, &agreement)?, "/agreement") else { return Ok(None) };
    form.fill("how", "read_aloud").fill("presence", "alone").fill("alone", "yes");
    if !went_on(visitor, &form)? {
        return Ok(None);
    }
    let check = format!("{service}/check");
    Ok((!open(visitor, &check)?.contains("It cannot go yet")).then_some(check))
}

/// The first line that may be ticked.
fn first_line(page: &str) -> Option<&str> {
    let tag = page.split("name=\"line\"").nth(1)?;
    tag.split("value=\"").nth(1)?.split('"').next()
}

/// Sends a form; false when it was shown again.
fn went_on(visitor: &mut Visitor, form: &Form) -> Result<bool, String> {
    let answer = visitor.post(&form.action, &form.fields).map_err(|cause| cause.to_string())?;
    Ok((300..400).contains(&answer.status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_once_and_in_order() {
        let page = "<a href=\"/b/2\">x</a><a href=\"/b/1\">y</a><a href=\"/b/2\">z</a><a href=\"/c\">c</a>";
        assert_eq!(links(page, "/b/"), ["/b/1", "/b/2"]);
        let request = "<a href=\"/inbox/1/accept\">Yes</a>";
        assert!(can_be_accepted(request, "/inbox/1") && !can_be_accepted(request, "/inbox/2"));
        assert!(!can_be_accepted(&format!("{request}<p>No answer yet. You are not late.</p>"), "/inbox/1"));
        let ticked = "<input type=\"checkbox\" name=\"line\" id=\"line-0\" value=\"need:1\" checked>";
        assert_eq!(first_line(ticked), Some("need:1"));
    }
}

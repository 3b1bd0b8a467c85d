//! What somebody who runs a service or a group can put right in two minutes: whether it is there,
//! how to reach it, when, what it costs and what it is. The rest stays as it is.

use super::{Group, Known, Service, ServiceStatus};
use crate::text::{BadText, LINE, WORDS, is_email, line_or_none, words_or_none};
use crate::time::Day;

/// What somebody says of an entry, as they typed it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Correction {
    /// Whether it is running.
    pub status: ServiceStatus,
    /// What it is.
    pub about: String,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Web page.
    pub url: String,
    /// When, in words; beside the hours or the rhythm that are data.
    pub times: String,
    /// Who it is for, in words.
    pub who_for: String,
    /// Is it free?
    pub free: Known,
    /// What it costs, in words.
    pub cost: String,
}

/// A field that cannot be so.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{problem}")]
pub struct NotSo {
    /// Which field, as in [`Correction`].
    pub field: &'static str,
    /// What to do about it.
    pub problem: String,
}

/// The parts of an entry that can be corrected.
struct Parts<'a> {
    status: &'a mut ServiceStatus,
    about: &'a mut String,
    phone: &'a mut Option<String>,
    email: &'a mut Option<String>,
    url: &'a mut Option<String>,
    times: &'a mut String,
    who_for: &'a mut String,
    free: &'a mut Known,
    cost: &'a mut String,
    checked: &'a mut Option<Day>,
}

fn of_service(s: &mut Service) -> Parts<'_> {
    Parts {
        status: &mut s.status,
        about: &mut s.description,
        phone: &mut s.contact.phone,
        email: &mut s.contact.email,
        url: &mut s.contact.url,
        times: &mut s.opening.text,
        who_for: &mut s.eligibility.text,
        free: &mut s.cost.free,
        cost: &mut s.cost.text,
        checked: &mut s.checked,
    }
}

fn of_group(g: &mut Group) -> Parts<'_> {
    Parts {
        status: &mut g.status,
        about: &mut g.description,
        phone: &mut g.contact.phone,
        email: &mut g.contact.email,
        url: &mut g.contact.url,
        times: &mut g.rhythm.note,
        who_for: &mut g.eligibility.text,
        free: &mut g.cost.free,
        cost: &mut g.cost.text,
        checked: &mut g.checked,
    }
}

impl Correction {
    /// How a service stands now, for the form.
    pub fn service(s: &Service) -> Correction {
        Correction::of(&of_service(&mut s.clone()))
    }

    /// How a group stands now, for the form.
    pub fn group(g: &Group) -> Correction {
        Correction::of(&of_group(&mut g.clone()))
    }

    fn of(p: &Parts<'_>) -> Correction {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        Correction {
            status: *p.status,
            about: p.about.clone(),
            phone: text(p.phone),
            email: text(p.email),
            url: text(p.url),
            times: p.times.clone(),
            who_for: p.who_for.clone(),
            free: *p.free,
            cost: p.cost.clone(),
        }
    }

    /// Where an entry stands otherwise than this says, once more than one has written: each field
    /// (as in [`Correction`]) with what the entry says, in words.
    pub fn beside(&self, stands: &Correction) -> Vec<(&'static str, String)> {
        let free = |known: Known| match known {
            Known::Yes => "Yes",
            Known::No => "No",
            Known::NotSaid => "",
        };
        let running = |c: &Correction| match c.status {
            ServiceStatus::Active => "Yes",
            ServiceStatus::TemporarilyClosed => "Not now: it is closed for a while",
            ServiceStatus::Inactive => "No: it is not running",
            ServiceStatus::Defunct => "No: it has ended",
        };
        // Line ends differ by where something was typed.
        let same = |a: &str, b: &str| a.split_whitespace().eq(b.split_whitespace());
        [
            ("status", running(self), running(stands)),
            ("phone", &*self.phone, &*stands.phone),
            ("email", &*self.email, &*stands.email),
            ("url", &*self.url, &*stands.url),
            ("times", &*self.times, &*stands.times),
            ("about", &*self.about, &*stands.about),
            ("who_for", &*self.who_for, &*stands.who_for),
            ("free", free(self.free), free(stands.free)),
            ("cost", &*self.cost, &*stands.cost),
        ]
        .into_iter()
        .filter(|(_, mine, now)| !same(mine, now))
        .map(|(field, _, now)| (field, now.to_owned()))
        .collect()
    }

    /// The service as it is with this, checked today; and what is different, in words.
    ///
    /// # Errors
    /// The fields that cannot be so.
    pub fn correct_service(&self, s: &Service, today: Day) -> Result<(Service, Vec<String>), Vec<NotSo>> {
        let mut after = s.clone();
        let changed = self.put(of_service(&mut after), today)?;
        Ok((after, changed))
    }

    /// The group as it is with this, checked today; and what is different, in words.
    ///
    /// # Errors
    /// The fields that cannot be so.
    pub fn correct_group(&self, g: &Group, today: Day) -> Result<(Group, Vec<String>), Vec<NotSo>> {
        let mut after = g.clone();
        let changed = self.put(of_group(&mut after), today)?;
        Ok((after, changed))
    }

    fn put(&self, p: Parts<'_>, today: Day) -> Result<Vec<String>, Vec<NotSo>> {
        let mut bad = Vec::new();
        let mut changed = Vec::new();
        let mut one_line = |field: &'static str, text: &str| match line_or_none(text, LINE) {
            Ok(text) => text,
            Err(why) => {
                bad.push(not_so(field, &why));
                None
            }
        };
        let (phone, email) = (one_line("phone", &self.phone), one_line("email", &self.email));
        let (url, times) = (one_line("url", &self.url), one_line("times", &self.times));
        let cost = one_line("cost", &self.cost);
        let mut lines = |field: &'static str, text: &str| match words_or_none(text, WORDS) {
            Ok(text) => text,
            Err(why) => {
                bad.push(not_so(field, &why));
                None
            }
        };
        let (about, who_for) = (lines("about", &self.about), lines("who_for", &self.who_for));
        let mut wrong = |field, problem: &str| bad.push(NotSo { field, problem: problem.to_owned() });
        if email.as_deref().is_some_and(|e| !is_email(e)) {
            wrong("email", "Enter an email address, like name@example.org. Or leave it empty.");
        }
        if phone.as_deref().is_some_and(|p| p.chars().filter(char::is_ascii_digit).count() < 3) {
            wrong("phone", "Enter a phone number. Or leave it empty.");
        }
        let web = |u: &str| u.starts_with("https://") || u.starts_with("http://");
        if url.as_deref().is_some_and(|u| !web(u) || u.contains(char::is_whitespace)) {
            wrong("url", "Enter a web address that begins with https://. Or leave it empty.");
        }
        if phone.is_none() && email.is_none() && url.is_none() && self.status == ServiceStatus::Active {
            wrong("phone", "Enter a phone number, an email address or a website. People need one of them.");
        }
        if !bad.is_empty() {
            return Err(bad);
        }
        let mut note = |differs: bool, words: &str| {
            if differs {
                changed.push(words.to_owned());
            }
        };
        note(set(p.status, self.status), "Whether it is running");
        note(set(p.about, about.unwrap_or_default()), "What it is");
        note(set(p.phone, phone), "Phone");
        note(set(p.email, email), "Email");
        note(set(p.url, url), "Website");
        note(set(p.times, times.unwrap_or_default()), "When");
        note(set(p.who_for, who_for.unwrap_or_default()), "Who it is for");
        note(set(p.free, self.free), "Whether it is free");
        note(set(p.cost, cost.unwrap_or_default()), "What it costs");
        *p.checked = Some(today);
        Ok(changed)
    }
}

fn not_so(field: &'static str, why: &BadText) -> NotSo {
    NotSo { field, problem: format!("{why}.") }
}

/// Sets a value and says whether it is another one.
fn set<T: PartialEq>(at: &mut T, value: T) -> bool {
    let differs = *at != value;
    *at = value;
    differs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::OrganisationId;
    use jiff::civil::date;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 24);

    fn service() -> Service {
        let mut s = Service::new("Advice", OrganisationId(Uuid::from_u128(1)));
        s.contact.phone = Some("01632 960000".into());
        s.description = "Help with letters.".into();
        s
    }

    #[test]
    fn what_is_sent_back_unchanged_changes_only_the_day_of_checking() {
        let before = service();
        let (after, changed) = Correction::service(&before).correct_service(&before, TODAY).unwrap();
        assert!(changed.is_empty());
        assert_eq!(after, Service { checked: Some(TODAY), ..before });
    }

    #[test]
    fn what_is_corrected_is_named() {
        let before = service();
        let said = Correction {
            phone: "01632 960001".into(),
            status: ServiceStatus::TemporarilyClosed,
            ..Correction::service(&before)
        };
        let (after, changed) = said.correct_service(&before, TODAY).unwrap();
        assert_eq!(changed, ["Whether it is running", "Phone"]);
        assert_eq!(
            (after.contact.phone.as_deref(), after.status),
            (Some("01632 960001"), ServiceStatus::TemporarilyClosed)
        );
    }

    #[test]
    fn what_cannot_be_is_refused_field_by_field_and_nothing_is_changed() {
        let before = service();
        let said = Correction {
            email: "no address".into(),
            url: "javascript:alert(1)".into(),
            phone: "ring us".into(),
            about: "a\u{1b}b".into(),
            ..Correction::service(&before)
        };
        let bad = said.correct_service(&before, TODAY).unwrap_err();
        let fields: Vec<&str> = bad.iter().map(|b| b.field).collect();
        assert_eq!(fields, ["about", "email", "phone", "url"]);
        let nothing = Correction { phone: String::new(), ..Correction::service(&before) };
        assert_eq!(nothing.correct_service(&before, TODAY).unwrap_err()[0].field, "phone");
    }
}

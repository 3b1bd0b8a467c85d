//! What a search found, ready for a page: one card for each service or group, with its
//! reasons in words; what is not offered, and why.

use kith_care::find::{LeftOut, Offered};
use kith_domain::asking::MayAsk;
use kith_domain::find::{EntryId, Reason, ReasonKind, Tier, Tone};
use serde::Serialize;

/// How much of what a place says of itself stands on its card, in characters.
const ABOUT_MOST: usize = 180;

/// One service or group that is offered.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Card {
    pub href: String,
    pub name: String,
    pub kind: &'static str,
    pub organisation: String,
    pub about: String,
    pub place: Option<String>,
    /// Full or closed for a while, said at the top.
    pub not_now: Option<&'static str>,
    pub reasons: Vec<Line>,
    pub actions: Vec<Link>,
    /// Why it cannot be asked through Kith, for those who would ask.
    pub why_not: Option<String>,
}

/// One reason. The mark says for, against or not known; the words do too.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub mark: &'static str,
    pub words: String,
}

/// A link that does the next thing.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    pub href: String,
    pub text: &'static str,
    pub main: bool,
}

/// One that is not offered.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Out {
    pub href: String,
    pub name: String,
    pub organisation: String,
    pub why: Vec<String>,
}

/// The address of an entry's page.
pub(super) fn href(id: EntryId) -> String {
    match id {
        EntryId::Service(id) => format!("/services/{id}"),
        EntryId::Group(id) => format!("/groups/{id}"),
    }
}

impl Card {
    pub fn of(found: &Offered) -> Card {
        Card {
            href: href(found.id),
            name: found.name.clone(),
            kind: match found.id {
                EntryId::Service(_) => "Service",
                EntryId::Group(_) => "Group",
            },
            organisation: found.organisation.clone(),
            about: cut(&found.about, ABOUT_MOST),
            place: found.place.clone(),
            not_now: match found.tier {
                Tier::Now => None,
                Tier::Full => Some("Full now"),
                Tier::Closed => Some("Closed for a while"),
            },
            reasons: found.reasons.iter().map(line).chain(not_higher(found)).collect(),
            actions: Vec::new(),
            why_not: None,
        }
    }

    /// With what a worker can do about it for a person's need. Only opaque ids stand in
    /// the addresses.
    pub fn for_need(found: &Offered, person: &str, need: &str) -> Card {
        let mut card = Card::of(found);
        let tell = |kind: &str, id: String| Link {
            href: format!("/people/{person}/tell?{kind}={id}&need={need}"),
            text: "Tell and go along",
            main: false,
        };
        match found.id {
            EntryId::Service(id) => {
                let refer = Link {
                    href: format!("/people/{person}/needs/{need}/refer/{id}"),
                    text: "Refer",
                    main: true,
                };
                let asked = found.may_ask == Some(MayAsk::Yes);
                card.actions.extend(asked.then_some(refer));
                card.actions.push(tell("service", id.to_string()));
                card.why_not = found.may_ask.as_ref().and_then(MayAsk::why_not).map(|why| format!("{why}."));
            }
            EntryId::Group(id) => card.actions.push(Link { main: true, ..tell("group", id.to_string()) }),
        }
        card
    }

    pub fn sample(name: &str, reasons: &[(&'static str, &str)]) -> Card {
        Card {
            href: "/services/0192f0c1-0000-7000-8000-000000000000".into(),
            name: name.into(),
            kind: "Service",
            organisation: "DebtHelp".into(),
            about: "Free advice about money and benefits.".into(),
            place: Some("1 High Street, Brackenford, QB1 1AA".into()),
            not_now: None,
            reasons: reasons.iter().map(|(mark, words)| Line { mark, words: (*words).into() }).collect(),
            actions: Vec::new(),
            why_not: None,
        }
    }
}

fn line(reason: &Reason) -> Line {
    let mark = match reason.tone {
        Tone::For => "for",
        Tone::Against => "against",
        Tone::Unknown => "unknown",
    };
    // What it is for reads better first and without a mark of praise.
    let mark = if reason.kind == ReasonKind::Checked && mark == "for" { "plain" } else { mark };
    Line { mark, words: reason.words.clone() }
}

/// What keeps it from standing higher: the last line of its card.
fn not_higher(found: &Offered) -> Option<Line> {
    let words = || format!("Not higher up: {}", found.not_higher.join("; "));
    (!found.not_higher.is_empty()).then(|| Line { mark: "plain", words: words() })
}

impl Out {
    pub fn of(out: &LeftOut) -> Out {
        Out {
            href: href(out.id),
            name: out.name.clone(),
            organisation: out.organisation.clone(),
            why: out.causes.iter().map(|c| c.words.clone()).collect(),
        }
    }

    pub fn sample(name: &str, why: &str) -> Out {
        Out {
            href: "/services/0192f0c1-0000-7000-8000-000000000000".into(),
            name: name.into(),
            organisation: "Harbour House".into(),
            why: vec![why.into()],
        }
    }
}

/// The text up to a number of characters, ending at a word.
fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let whole = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..whole].trim_end_matches([',', ';', ':', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_end_at_a_word() {
        assert_eq!(cut("one two, three", 9), "one two…");
        assert_eq!(cut("one\n two", 9), "one two");
        assert_eq!(cut("ünbröken", 3), "ünb…");
    }
}

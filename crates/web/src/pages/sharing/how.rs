//! How the person's yes was really given, as a worker writes it down with them: who asked, how,
//! who else was there, their own words, any doubt. And where they cannot decide, who decides.

use super::side::Side;
use crate::form::{Reader, TextRule};
use crate::pages::plan::Item;
use kith_domain::consent::{Asked, HowGiven, MadeFor, Power, Present};
use kith_domain::id::SupporterId;

/// The ways to ask, for a worker to choose from.
pub(super) fn ways() -> Vec<Item> {
    let asked = Asked::ALL.into_iter().filter(|a| *a != Asked::OnScreen);
    asked.map(|a| Item::new(a.code(), crate::text::capitalised(a.title()))).collect()
}

/// They decide this themselves.
pub(super) const THEMSELVES: &str = "themselves";
/// It is decided in their best interests.
const BEST_INTERESTS: &str = "best_interests";

/// Who can decide: the person; an attorney or deputy whose power was seen; or, where there is
/// none, whoever decides in their best interests.
pub(super) fn deciders(attorneys: &[(SupporterId, String)]) -> Vec<Item> {
    let own = Item::new(THEMSELVES, "They decide this themselves");
    let powers = attorneys.iter().map(|(id, name)| Item::new(id.to_string(), name.clone()));
    let best = Item::new(BEST_INTERESTS, "It is decided in their best interests");
    std::iter::once(own).chain(powers).chain(std::iter::once(best)).collect()
}

/// A decision made for the person, where somebody else than they themselves was chosen. What it
/// lacks is for the rules to say.
pub(super) fn read_made_for(read: &mut Reader<'_>) -> Option<MadeFor> {
    let decides = read.optional_choice("decides", "who decides this", |code| match code {
        THEMSELVES | BEST_INTERESTS => Some(code.to_owned()),
        id => id.parse::<SupporterId>().ok().map(|_| id.to_owned()),
    })?;
    let mut words = |name: &str, what| read.optional_text(name, TextRule::lines(what).max(1000));
    let decision = words("decision", "the decision").unwrap_or_default();
    let found = words("found", "how it was found").unwrap_or_default();
    let consulted = words("consulted", "who was consulted").unwrap_or_default();
    let least = words("least", "the least that is needed").unwrap_or_default();
    let decided_by = words("decided_by", "who decides").unwrap_or_default();
    let power = match decides.as_str() {
        THEMSELVES => return None,
        BEST_INTERESTS => Power::BestInterests { decided_by },
        id => Power::Representative { supporter: id.parse().ok()?, name: String::new() },
    };
    Some(MadeFor { power, decision, found, consulted, least })
}

/// Who else could be there.
pub(in crate::pages) fn present_choices() -> [(&'static str, &'static str); 3] {
    [("alone", "No, we were alone"), ("somebody", "Yes"), ("not_known", "On the phone: I do not know")]
}

pub(super) fn present_items() -> Vec<Item> {
    present_choices().map(|(value, text)| Item::new(value, text)).into()
}

/// Who else was there, from its two fields: asked each time, never taken for granted.
pub(in crate::pages) fn read_present(read: &mut Reader<'_>) -> Option<Present> {
    let which = read.required_choice("presence", "whether anybody else was there", |code| {
        present_choices().into_iter().map(|(value, _)| value).find(|value| *value == code)
    })?;
    match which {
        "alone" => Some(Present::Nobody),
        "somebody" => {
            let who = read.required_text("present", TextRule::line("who else was there").max(200))?;
            Some(Present::Somebody(who))
        }
        _ => Some(Present::NotKnown),
    }
}

/// Who interpreted, when somebody did.
pub(in crate::pages) fn read_interpreter(read: &mut Reader<'_>, how: Option<Asked>) -> Option<String> {
    let rule = || TextRule::line("who interpreted").max(200);
    match how {
        Some(Asked::Interpreter) => read.required_text("interpreter", rule()),
        _ => read.optional_text("interpreter", rule()),
    }
}

/// By the person, on the screen.
pub(in crate::pages) fn on_screen(side: &Side) -> HowGiven {
    HowGiven {
        asked_by: None,
        how: Asked::OnScreen,
        present: String::new(),
        offered_alone: false,
        said_no_to: Vec::new(),
        words: String::new(),
        capacity_doubt: None,
        clinician: None,
        interpreter: None,
        at: side.who.now,
    }
}

/// How the person gave their yes, as a worker writes it down.
pub(in crate::pages) fn read_how(read: &mut Reader<'_>, side: &Side) -> Option<HowGiven> {
    let how = read.required_choice("how", "how you asked", |code| {
        Asked::from_code(code).filter(|a| *a != Asked::OnScreen)
    });
    let present = read_present(read);
    let interpreter = read_interpreter(read, how);
    let clinician =
        read.optional_text("clinician", TextRule::line("the clinician, and what they said").max(500));
    let words = read.optional_text("words", TextRule::lines("what they said").max(2000));
    let doubt = read.optional_text("doubt", TextRule::line("any doubt").max(300));
    if doubt.is_some() && clinician.is_none() {
        read.problem(
            "clinician",
            "Say which clinician you spoke to, and what they said, before it is shared.",
        );
    }
    Some(HowGiven {
        asked_by: side.who.worker().ok().map(|(worker, _)| worker),
        how: how?,
        present: present?.stored(),
        interpreter,
        clinician,
        offered_alone: read.ticked("alone"),
        words: words.unwrap_or_default(),
        capacity_doubt: doubt,
        ..on_screen(side)
    })
}

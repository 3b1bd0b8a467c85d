//! Reasonable adjustments: what people ask for, in seven moments. The list is the
//! project's own, the same as the `reasonable-adjustment` code system it publishes.
//! People ask for them in these words, services promise them in these words, and
//! afterwards both can say whether it happened.

use super::list_code;

/// The moment an adjustment belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Moment {
    /// Before you come.
    BeforeYouCome,
    /// Time.
    Time,
    /// Place.
    Place,
    /// People.
    People,
    /// How we talk.
    HowWeTalk,
    /// At sports and leisure.
    Leisure,
    /// At work or job interviews.
    Work,
}

impl Moment {
    /// Every moment, in the order pages show them.
    pub const ALL: [Moment; 7] = [
        Moment::BeforeYouCome,
        Moment::Time,
        Moment::Place,
        Moment::People,
        Moment::HowWeTalk,
        Moment::Leisure,
        Moment::Work,
    ];
    /// The heading on a page.
    pub fn title(self) -> &'static str {
        match self {
            Moment::BeforeYouCome => "Before you come",
            Moment::Time => "Time",
            Moment::Place => "Place",
            Moment::People => "People",
            Moment::HowWeTalk => "How we talk",
            Moment::Leisure => "At sports and leisure",
            Moment::Work => "At work or job interviews",
        }
    }
}

/// One adjustment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Adjustment {
    /// The stored form, the same as in the published code system.
    pub code: &'static str,
    /// In the words of the person who asks.
    pub label: &'static str,
    /// The moment it belongs to.
    pub moment: Moment,
}

list_code! {
    /// The code of an adjustment.
    AdjustmentCode, "adjustments", find
}

/// The adjustment with this code.
pub fn find(code: &str) -> Option<&'static Adjustment> {
    ALL.iter().find(|a| a.code == code)
}

/// The adjustments of one moment, in order.
pub fn of(moment: Moment) -> impl Iterator<Item = &'static Adjustment> {
    ALL.iter().filter(move |a| a.moment == moment)
}

const fn a(code: &'static str, moment: Moment, label: &'static str) -> Adjustment {
    Adjustment { code, label, moment }
}

/// Every adjustment, in the order pages show them.
pub static ALL: &[Adjustment] = &[
    a("adj-info-ahead", Moment::BeforeYouCome, "Tell me what will happen, where, and who I will meet"),
    a("adj-photos", Moment::BeforeYouCome, "Send photos of the place and the person"),
    a("adj-visit", Moment::BeforeYouCome, "Let me visit first when it is quiet"),
    a("adj-reminder", Moment::BeforeYouCome, "Remind me the day before"),
    a("adj-reminder-format", Moment::BeforeYouCome, "Send reminders in the way I choose"),
    a("adj-choice-gender", Moment::BeforeYouCome, "Let me choose the gender of the person I see"),
    a("adj-same-person", Moment::BeforeYouCome, "Let me see the same person each time"),
    a("adj-longer", Moment::Time, "Give me a longer appointment"),
    a(
        "adj-later",
        Moment::Time,
        "Offer a time later in the day (for example because medicine makes mornings hard)",
    ),
    a("adj-first-last", Moment::Time, "Offer the first or last slot"),
    a("adj-breaks", Moment::Time, "Let me take breaks"),
    a("adj-late-ok", Moment::Time, "Do not cancel if I am late"),
    a("adj-missed-ok", Moment::Time, "If I miss it, check I am OK and offer another"),
    a("adj-private", Moment::Place, "A private room"),
    a("adj-quiet", Moment::Place, "A quiet place to wait, or wait outside"),
    a("adj-near-exit", Moment::Place, "Sit near the door"),
    a("adj-home", Moment::Place, "Come to my home or a place I choose"),
    a("adj-remote", Moment::Place, "Phone or video instead"),
    a("adj-step-free", Moment::Place, "Step-free access"),
    a("adj-no-uniform", Moment::Place, "No uniforms where possible"),
    a("adj-companion", Moment::People, "Let me bring someone"),
    a("adj-companion-free", Moment::People, "Free entry for the person who comes with me"),
    a("adj-buddy", Moment::People, "A buddy for the first time"),
    a("adj-small-group", Moment::People, "A small group or one to one"),
    a("adj-interpreter", Moment::People, "An interpreter"),
    a("adj-bsl", Moment::People, "A BSL interpreter"),
    a("adj-plain", Moment::HowWeTalk, "Plain words, one thing at a time"),
    a("adj-written", Moment::HowWeTalk, "Write it down for me afterwards"),
    a("adj-easy-read", Moment::HowWeTalk, "Easy read"),
    a("adj-large-print", Moment::HowWeTalk, "Large print"),
    a("adj-language", Moment::HowWeTalk, "Another language"),
    a("adj-no-phone", Moment::HowWeTalk, "Do not ring me"),
    a("adj-no-unknown", Moment::HowWeTalk, "Tell me the number you will ring from"),
    a("adj-ask-touch", Moment::HowWeTalk, "Ask before touching me or standing close"),
    a("adj-dont-repeat", Moment::HowWeTalk, "Read my notes so I do not have to repeat things"),
    a("adj-induction", Moment::Leisure, "A friendly first tour, no pressure"),
    a("adj-quiet-session", Moment::Leisure, "Quiet times"),
    a("adj-same-gender-session", Moment::Leisure, "Women-only or men-only sessions"),
    a("adj-clothing", Moment::Leisure, "Wear what I feel comfortable in"),
    a("adj-medicine-aware", Moment::Leisure, "Staff who know medicine can affect heat, balance and energy"),
    a("adj-pause", Moment::Leisure, "Pause membership without charge when I am unwell"),
    a("adj-cost", Moment::Leisure, "Reduced price"),
    a("adj-questions-ahead", Moment::Work, "See the questions beforehand"),
    a("adj-work-trial", Moment::Work, "A work trial instead of an interview"),
    a("adj-alt-application", Moment::Work, "Another way to apply than the online form"),
    a("adj-gap-ok", Moment::Work, "Do not ask about gaps caused by illness"),
    a("adj-flex", Moment::Work, "Flexible or part-time hours"),
    a("adj-phased", Moment::Work, "A phased start"),
    a("adj-time-off", Moment::Work, "Time off for appointments"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_used_once_and_every_moment_has_some() {
        let codes: BTreeSet<&str> = ALL.iter().map(|a| a.code).collect();
        assert_eq!(codes.len(), ALL.len());
        assert_eq!(ALL.len(), 49);
        assert!(Moment::ALL.into_iter().all(|m| of(m).count() > 0));
    }
}

//! Where to get help at once: shown on every page, in the same place, and printed on
//! every paper. The numbers are configuration, because they differ by country and
//! place and somebody has to ring them every month to see that they still answer.

use serde::{Deserialize, Serialize};

/// One way to get help now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrisisLine {
    /// Who answers: "Samaritans".
    pub label: String,
    /// What to do, in words: "Call 116 123", "Text SHOUT to 85258".
    pub how: String,
    /// Where a link goes: `tel:116123`, `sms:85258?body=SHOUT` or `https://...`.
    pub link: String,
    /// When, and for what: "Any time, day or night".
    pub when: String,
    /// True for the line to use when somebody's life is in danger.
    #[serde(default)]
    pub emergency: bool,
}

/// The help-now block of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrisisHelp {
    /// The lines, the emergency one first.
    pub lines: Vec<CrisisLine>,
}

impl Default for CrisisHelp {
    fn default() -> Self {
        CrisisHelp::england()
    }
}

impl CrisisHelp {
    /// What holds for all of England. Sources: NHS 111 mental health option (NHS
    /// England), Samaritans, Shout, the National Domestic Abuse
    /// Helpline (Refuge), SignVideo's NHS 111 service in BSL, and 999 BSL, which
    /// every telephone company has to carry since June 2022 (Ofcom).
    pub fn england() -> CrisisHelp {
        let line = |label: &str, how: &str, link: &str, when: &str, emergency| CrisisLine {
            label: label.into(),
            how: how.into(),
            link: link.into(),
            when: when.into(),
            emergency,
        };
        CrisisHelp {
            lines: vec![
                line(
                    "Life in danger now",
                    "Call 999 or go to A&E",
                    "tel:999",
                    "If you or someone else is badly hurt, or may not stay safe",
                    true,
                ),
                line(
                    "NHS mental health crisis line",
                    "Call 111 and choose option 2",
                    "tel:111",
                    "Any time, day or night, any age",
                    false,
                ),
                line(
                    "Samaritans",
                    "Call 116 123",
                    "tel:116123",
                    "Any time, free, to talk about anything",
                    false,
                ),
                line(
                    "Shout",
                    "Text SHOUT to 85258",
                    "sms:85258?body=SHOUT",
                    "Any time, free, by text",
                    false,
                ),
                line(
                    "National Domestic Abuse Helpline",
                    "Call 0808 2000 247",
                    "tel:08082000247",
                    "Any time, free, if you are afraid of somebody at home",
                    false,
                ),
                line(
                    "NHS 111 in British Sign Language",
                    "Video call by SignVideo",
                    "https://signvideo.co.uk/nhs111/",
                    "Any time, for Deaf people",
                    false,
                ),
                line(
                    "999 in British Sign Language",
                    "Video call by 999 BSL",
                    "https://999bsl.co.uk",
                    "Any time, for Deaf people, if life is in danger",
                    false,
                ),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_begins_with_the_emergency_line() {
        let help = CrisisHelp::default();
        assert!(help.lines[0].emergency);
        for number in ["999", "111 and choose option 2", "116 123", "85258", "0808 2000 247"] {
            assert!(help.lines.iter().any(|line| line.how.contains(number)), "{number}");
        }
        // Deaf people reach both 111 and 999 in their own language.
        for label in ["NHS 111 in British Sign Language", "999 in British Sign Language"] {
            assert!(
                help.lines.iter().any(|line| line.label == label && line.link.starts_with("https://")),
                "{label}"
            );
        }
    }
}

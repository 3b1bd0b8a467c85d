//! The numbers a partnership may choose, each with bounds outside of which the promises
//! of Kith would no longer hold. A value of [`Settings`] always lies within them.

use serde::{Deserialize, Serialize};

/// The numbers as somebody wrote them; [`Settings::new`] checks them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbers {
    /// A next date is at most this many days ahead (7 to 42).
    pub next_date_days: u16,
    /// Working days past due after which a thing rises to the team lead (1 to 5).
    pub rise_team_days: u16,
    /// Working days past due after which it rises to the organisation's lead (2 to 10).
    pub rise_organisation_days: u16,
    /// Working days past due after which it rises to the partnership (3 to 20).
    pub rise_partnership_days: u16,
    /// Nothing said to a person for this many days is shown and held (7 to 60).
    pub silent_days: u16,
    /// A receiver is asked to reply within this many working days (1 to 20).
    pub reply_working_days: u16,
    /// The longest reply-by anybody may set, in working days (5 to 30).
    pub reply_working_days_most: u16,
    /// While waiting, somebody says something to the person this often, in days (3 to 28).
    pub check_in_days: u16,
    /// What a person writes is read within this many working days (1 to 3).
    pub read_working_days: u16,
    /// Someone coming in is answered within this many working days (1 to 5).
    pub answer_working_days: u16,
    /// Nothing is sent from this hour on (18 to 22)...
    pub quiet_from: i8,
    /// ...until this hour (7 to 10).
    pub quiet_until: i8,
    /// An honest wait needs at least this many people's real waits (10 to 50).
    pub wait_people_least: u16,
    /// An unmet need is looked at again within this many days (7 to 92).
    pub unmet_review_days: u16,
    /// An agreement ends after at most this many months (1 to 12).
    pub consent_months: u16,
    /// The person is reminded this many days before an agreement ends (14 to 60).
    pub consent_reminder_days: u16,
    /// "Not now" asks again after at most this many days (28 to 366).
    pub not_now_days: u16,
    /// Tries to reach somebody, when they have not said how many they want (1 to 5).
    pub tries: u8,
    /// A hand-over is accepted within this many working days (1 to 10).
    pub hand_over_working_days: u16,
    /// A worry is checked by a named clinician or manager within this many hours (1 to 12).
    pub worry_hours: u16,
    /// Counts of people below this are not shown (5 to 20).
    pub suppress_under: u16,
    /// Counts that are shown are rounded to this (5 or 10).
    pub round_to: u16,
    /// Emergency access lasts this many hours (1 to 4).
    pub glass_hours: u16,
    /// The reason for emergency access has at least this many letters (10 to 200).
    pub glass_letters: u16,
    /// Emergency access is looked at by somebody outside the team within this many hours (24 to 72).
    pub glass_review_hours: u16,
    /// For emergency access, after this many names in a day that are nobody's, no more are looked for (3 to 20).
    pub glass_wrong_names: u16,
    /// Days for which an organisation may still read its own part after its relationship ended (0 to 90).
    pub after_close_days: u16,
    /// Days for which a packet may still be read after the help was completed (0 to 30).
    pub packet_after_days: u16,
    /// An author may edit a note for this many hours (1 to 24).
    pub edit_hours: u16,
    /// A sign-in counts as fresh for this many seconds (30 to 300).
    pub fresh_seconds: u16,
    /// A link for a receiver without an account lives this many days (1 to 14).
    pub link_days: u16,
    /// A code on paper lives this many days (1 to 7).
    pub paper_code_days: u16,
    /// "Why did you look?" is answered within this many working days (1 to 10).
    pub ask_why_working_days: u16,
    /// What a detector found among looks is worked within this many working days (1 to 10).
    pub finding_working_days: u16,
    /// A look is followed by work within this many days, or it is asked about (7 to 60).
    pub later_work_days: u16,
    /// Opening the plans of at least this many people... (10 to 300)
    pub bulk_people: u16,
    /// ...within this many minutes... (10 to 240)
    pub bulk_minutes: u16,
    /// ...and so many times what is usual for the worker and the role is asked about (2 to 10).
    pub bulk_times: u16,
    /// Usual work begins at this hour (5 to 9)...
    pub work_from: i8,
    /// ...and ends at this hour (17 to 23).
    pub work_until: i8,
    /// The youngest age (16, 17 or 18). Below 18 only where the partnership decided so.
    pub youngest: u8,
    /// Who has which place in an organisation is looked at again within this many days (28 to 366).
    pub access_review_days: u16,
    /// The end of an organisation's agreement is told this many days before (30 to 180).
    pub agreement_notice_days: u16,
    /// A worker who does nothing for this many minutes is signed out (5 to 15).
    pub worker_idle_minutes: u16,
    /// A worker signs in again after at most this many hours (1 to 10).
    pub worker_longest_hours: u16,
    /// A person who does nothing for this many minutes is signed out (5 to 30).
    pub person_idle_minutes: u16,
    /// A person signs in again after at most this many hours (1 to 12).
    pub person_longest_hours: u16,
    /// A request by right is said to be there within this many working days (1 to 5).
    pub right_say_working_days: u16,
    /// A copy or a correction within this many months (1): UK GDPR, article 12(3).
    pub right_months: u16,
    /// A complaint about care is said to be there within this many working days (1 to 3):
    /// the NHS and social care complaints regulations 2009, 13(3).
    pub care_complaint_working_days: u16,
    /// It is answered within this many months (1 to 6): the same, 14(3).
    pub care_complaint_months: u16,
    /// A complaint about information is said to be there within this many days (1 to 30):
    /// Data Protection Act 2018, section 164A.
    pub data_complaint_days: u16,
    /// It is answered within this many months (1 to 3): the place's own promise.
    pub data_complaint_months: u16,
    /// An advocate or an answer to a question within this many working days (1 to 10).
    pub right_answer_working_days: u16,
    /// Of a hundred parts of what orders support that was found: fitting what was asked for (10 to 60).
    pub find_fits: u8,
    /// Having the same words (5 to 50).
    pub find_words: u8,
    /// Being near (0 to 40).
    pub find_near: u8,
    /// Space, wait and times (0 to 40).
    pub find_space: u8,
    /// Promised adjustments and languages (0 to 40).
    pub find_adjusts: u8,
    /// Having been checked lately (0 to 30).
    pub find_checked: u8,
    /// What it costs (0 to 20). The seven are 100 together.
    pub find_cost: u8,
    /// At most so many of one organisation among the first ten found (1 to 10).
    pub find_of_one: u8,
}

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers {
            next_date_days: 28,
            rise_team_days: 2,
            rise_organisation_days: 5,
            rise_partnership_days: 10,
            silent_days: 28,
            reply_working_days: 5,
            reply_working_days_most: 20,
            check_in_days: 14,
            read_working_days: 1,
            answer_working_days: 2,
            quiet_from: 20,
            quiet_until: 8,
            wait_people_least: 10,
            unmet_review_days: 28,
            consent_months: 12,
            consent_reminder_days: 30,
            not_now_days: 366,
            tries: 3,
            hand_over_working_days: 3,
            worry_hours: 4,
            suppress_under: 5,
            round_to: 5,
            glass_hours: 4,
            glass_letters: 20,
            glass_review_hours: 72,
            glass_wrong_names: 5,
            after_close_days: 90,
            packet_after_days: 30,
            edit_hours: 24,
            fresh_seconds: 300,
            link_days: 14,
            paper_code_days: 7,
            ask_why_working_days: 3,
            finding_working_days: 5,
            later_work_days: 14,
            bulk_people: 40,
            bulk_minutes: 60,
            bulk_times: 3,
            work_from: 7,
            work_until: 20,
            youngest: 18,
            access_review_days: 90,
            agreement_notice_days: 90,
            worker_idle_minutes: 15,
            worker_longest_hours: 10,
            person_idle_minutes: 30,
            person_longest_hours: 12,
            right_say_working_days: 3,
            right_months: 1,
            care_complaint_working_days: 3,
            care_complaint_months: 6,
            data_complaint_days: 30,
            data_complaint_months: 3,
            right_answer_working_days: 5,
            find_fits: 30,
            find_words: 30,
            find_near: 10,
            find_space: 10,
            find_adjusts: 8,
            find_checked: 7,
            find_cost: 5,
            find_of_one: 2,
        }
    }
}

/// Checked numbers. Reading one from storage checks it again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Numbers", into = "Numbers")]
pub struct Settings(Numbers);

impl std::ops::Deref for Settings {
    type Target = Numbers;
    fn deref(&self) -> &Numbers {
        &self.0
    }
}

impl From<Settings> for Numbers {
    fn from(settings: Settings) -> Numbers {
        settings.0
    }
}

impl TryFrom<Numbers> for Settings {
    type Error = BadSettings;
    fn try_from(numbers: Numbers) -> Result<Settings, BadSettings> {
        Settings::new(numbers)
    }
}

/// The numbers that cannot be taken, each in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct BadSettings(pub Vec<String>);

impl Settings {
    /// Checks every number against its bounds and against the others.
    ///
    /// # Errors
    /// Every number that is out of bounds, in words.
    pub fn new(n: Numbers) -> Result<Settings, BadSettings> {
        let bounds: [(&str, i64, i64, i64); 62] = [
            ("next date, days", n.next_date_days.into(), 7, 42),
            ("rise to the team lead, working days", n.rise_team_days.into(), 1, 5),
            ("rise to the organisation, working days", n.rise_organisation_days.into(), 2, 10),
            ("rise to the partnership, working days", n.rise_partnership_days.into(), 3, 20),
            ("nothing said, days", n.silent_days.into(), 7, 60),
            ("reply by, working days", n.reply_working_days.into(), 1, 20),
            ("longest reply by, working days", n.reply_working_days_most.into(), 5, 30),
            ("check-in while waiting, days", n.check_in_days.into(), 3, 28),
            ("read what a person wrote, working days", n.read_working_days.into(), 1, 3),
            ("answer someone coming in, working days", n.answer_working_days.into(), 1, 5),
            ("quiet from, hour", n.quiet_from.into(), 18, 22),
            ("quiet until, hour", n.quiet_until.into(), 7, 10),
            ("people in an honest wait", n.wait_people_least.into(), 10, 50),
            ("look at an unmet need again, days", n.unmet_review_days.into(), 7, 92),
            ("agreement, months", n.consent_months.into(), 1, 12),
            ("reminder before an agreement ends, days", n.consent_reminder_days.into(), 14, 60),
            ("not now, days", n.not_now_days.into(), 28, 366),
            ("tries", n.tries.into(), 1, 5),
            ("accept a hand-over, working days", n.hand_over_working_days.into(), 1, 10),
            ("check a worry, hours", n.worry_hours.into(), 1, 12),
            ("smallest count shown", n.suppress_under.into(), 5, 20),
            ("round counts to", n.round_to.into(), 5, 10),
            ("emergency access, hours", n.glass_hours.into(), 1, 4),
            ("reason for emergency access, letters", n.glass_letters.into(), 10, 200),
            ("review of emergency access, hours", n.glass_review_hours.into(), 24, 72),
            ("wrong names for emergency access in a day", n.glass_wrong_names.into(), 3, 20),
            ("read one's own part after a relationship ended, days", n.after_close_days.into(), 0, 90),
            ("read a packet after the help was completed, days", n.packet_after_days.into(), 0, 30),
            ("edit one's own note, hours", n.edit_hours.into(), 1, 24),
            ("a sign-in is fresh, seconds", n.fresh_seconds.into(), 30, 300),
            ("a link without an account, days", n.link_days.into(), 1, 14),
            ("a code on paper, days", n.paper_code_days.into(), 1, 7),
            ("answer why somebody looked, working days", n.ask_why_working_days.into(), 1, 10),
            ("work what was found among looks, working days", n.finding_working_days.into(), 1, 10),
            ("work after a look, days", n.later_work_days.into(), 7, 60),
            ("people opened at once", n.bulk_people.into(), 10, 300),
            ("at once, minutes", n.bulk_minutes.into(), 10, 240),
            ("times what is usual", n.bulk_times.into(), 2, 10),
            ("work begins, hour", n.work_from.into(), 5, 9),
            ("work ends, hour", n.work_until.into(), 17, 23),
            ("youngest age", n.youngest.into(), 16, 18),
            ("look at who has access again, days", n.access_review_days.into(), 28, 366),
            ("notice before an organisation's agreement ends, days", n.agreement_notice_days.into(), 30, 180),
            ("a worker does nothing, minutes", n.worker_idle_minutes.into(), 5, 15),
            ("a worker is signed in, hours", n.worker_longest_hours.into(), 1, 10),
            ("a person does nothing, minutes", n.person_idle_minutes.into(), 5, 30),
            ("a person is signed in, hours", n.person_longest_hours.into(), 1, 12),
            ("say that a request by right is there, working days", n.right_say_working_days.into(), 1, 5),
            ("a copy or a correction, months", n.right_months.into(), 1, 1),
            (
                "say that a complaint about care is there, working days",
                n.care_complaint_working_days.into(),
                1,
                3,
            ),
            ("answer a complaint about care, months", n.care_complaint_months.into(), 1, 6),
            ("say that a complaint about information is there, days", n.data_complaint_days.into(), 1, 30),
            ("answer a complaint about information, months", n.data_complaint_months.into(), 1, 3),
            ("an advocate or an answer, working days", n.right_answer_working_days.into(), 1, 10),
            ("what counts in finding: fitting", n.find_fits.into(), 10, 60),
            ("what counts in finding: words", n.find_words.into(), 5, 50),
            ("what counts in finding: near", n.find_near.into(), 0, 40),
            ("what counts in finding: space", n.find_space.into(), 0, 40),
            ("what counts in finding: adjustments", n.find_adjusts.into(), 0, 40),
            ("what counts in finding: checked", n.find_checked.into(), 0, 30),
            ("what counts in finding: cost", n.find_cost.into(), 0, 20),
            ("found of one organisation", n.find_of_one.into(), 1, 10),
        ];
        let mut wrong: Vec<String> = bounds
            .iter()
            .filter(|(_, value, least, most)| value < least || value > most)
            .map(|(name, value, least, most)| format!("{name}: {value} is not from {least} to {most}"))
            .collect();
        if !matches!(n.round_to, 5 | 10) {
            wrong.push("round counts to: use 5 or 10".into());
        }
        if !(n.rise_team_days < n.rise_organisation_days
            && n.rise_organisation_days < n.rise_partnership_days)
        {
            wrong.push(
                "a thing rises to the team lead first, then the organisation, then the partnership".into(),
            );
        }
        if n.reply_working_days > n.reply_working_days_most {
            wrong.push("reply by cannot be longer than the longest reply by".into());
        }
        let finding = [n.find_fits, n.find_words, n.find_near, n.find_space, n.find_adjusts, n.find_checked];
        if finding.iter().chain([&n.find_cost]).map(|part| u32::from(*part)).sum::<u32>() != 100 {
            wrong.push("what counts in finding has to be 100 together".into());
        }
        if wrong.is_empty() { Ok(Settings(n)) } else { Err(BadSettings(wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_bounds() {
        assert!(Settings::new(Numbers::default()).is_ok());
    }

    #[test]
    fn numbers_that_would_break_a_promise_are_refused() {
        let n =
            Numbers { next_date_days: 3650, rise_team_days: 6, wait_people_least: 3, ..Numbers::default() };
        assert_eq!(Settings::new(n).unwrap_err().0.len(), 4);
        assert!(serde_json::from_str::<Settings>(r#"{"suppress_under": 1}"#).is_err());
        assert!(serde_json::from_str::<Settings>(r#"{"find_near": 20}"#).is_err(), "110 parts of a hundred");
        assert!(serde_json::from_str::<Settings>(r#"{"find_near": 15, "find_cost": 0}"#).is_ok());
        for longer in [r#"{"worker_idle_minutes": 60}"#, r#"{"person_longest_hours": 24}"#] {
            assert!(serde_json::from_str::<Settings>(longer).is_err(), "{longer}");
        }
    }

    /// The rule book's own numbers are the widest that a partnership may choose.
    #[test]
    fn no_place_opens_more_than_the_rule_book() {
        let most = [
            ("after_close_days", 90),
            ("packet_after_days", 30),
            ("edit_hours", 24),
            ("fresh_seconds", 300),
            ("link_days", 14),
            ("paper_code_days", 7),
            ("glass_hours", 4),
            ("glass_review_hours", 72),
        ];
        for (name, book) in most {
            let read = |n: i64| serde_json::from_str::<Settings>(&format!("{{\"{name}\": {n}}}"));
            assert!(read(book).is_ok(), "{name}");
            assert!(read(book + 1).is_err(), "{name} goes beyond the rule book");
            assert!(read(-1).is_err(), "{name}");
        }
    }
}

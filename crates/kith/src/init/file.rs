//! The file that says what a new partnership is. TOML, written by hand, checked whole
//! before anything is made.

use jiff::civil::Date;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::organisation::{ControllerRole, OrganisationKind, WorkRole};
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Instant};
use kith_web::crisis::CrisisHelp;
use serde::Deserialize;
use std::collections::BTreeSet;

/// An example, which is also a test.
pub(super) const EXAMPLE: &str = include_str!("example.toml");

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceFile {
    /// The name of the place.
    pub name: String,
    /// Its zone.
    #[serde(default = "zone")]
    pub zone: String,
    /// Who holds whatever has lost its holder.
    pub net: Net,
    /// Organisations.
    pub organisations: Vec<OrganisationLine>,
    /// Teams.
    pub teams: Vec<TeamLine>,
    /// Workers.
    pub workers: Vec<WorkerLine>,
    /// Numbers that differ from the usual ones.
    #[serde(default)]
    pub numbers: Settings,
    /// Numbers to call now, in place of those for England.
    #[serde(default)]
    pub crisis: Option<CrisisHelp>,
}

fn zone() -> String {
    "Europe/London".into()
}

/// The net: no partnership starts without one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Net {
    /// The team that has agreed in writing.
    pub team: String,
    /// The second named person.
    pub second: String,
    /// Who keeps the members and their agreements.
    #[serde(default)]
    pub keeper: Option<String>,
}

/// An organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationLine {
    /// How the rest of the file calls it.
    pub key: String,
    /// Its full name.
    pub name: String,
    /// A short name.
    #[serde(default)]
    pub short: Option<String>,
    /// What sort.
    pub kind: OrganisationKind,
    /// ODS code.
    #[serde(default)]
    pub ods: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Website.
    #[serde(default)]
    pub website: Option<String>,
    /// Its workers sign in; otherwise it answers by links.
    #[serde(default = "yes")]
    pub accounts: bool,
    /// The worker who leads it.
    #[serde(default)]
    pub lead: Option<String>,
    /// The data-sharing agreement; without one nothing can be sent to it.
    #[serde(default)]
    pub agreement: Option<AgreementLine>,
}

fn yes() -> bool {
    true
}

/// A data-sharing agreement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreementLine {
    /// Its reference.
    pub reference: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Areas of life.
    pub areas: Vec<Area>,
    /// The most sensitive thing it may be sent.
    pub ceiling: Sensitivity,
    /// Whom to ask about data protection.
    pub contact: String,
    /// Who decides how the data is used; a controller of its own unless it says otherwise.
    #[serde(default)]
    pub role: Option<ControllerRole>,
    /// What they may use it for. Nothing is shared before this and the next two are there.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// The reference of the impact assessment.
    #[serde(default)]
    pub dpia: String,
    /// The Caldicott Guardian, or whoever does that work.
    #[serde(default)]
    pub caldicott: String,
}

/// A team.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamLine {
    /// How the rest of the file calls it.
    pub key: String,
    /// Of which organisation.
    pub organisation: String,
    /// Its name.
    pub name: String,
    /// Its lead.
    #[serde(default)]
    pub lead: Option<String>,
    /// Holds plans; people coming in arrive here.
    #[serde(default)]
    pub navigators: bool,
    /// Where a link is sent.
    #[serde(default)]
    pub email: Option<String>,
    /// Working days within which it replies.
    #[serde(default = "five")]
    pub reply_working_days: u16,
}

fn five() -> u16 {
    5
}

/// A worker.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkerLine {
    /// How the rest of the file calls them.
    pub key: String,
    /// Their name.
    pub name: String,
    /// E-mail at work.
    #[serde(default)]
    pub email: Option<String>,
    /// In which team.
    pub team: String,
    /// As what.
    pub role: WorkRole,
    /// The name they sign in with, as a proposal; without it they are not invited now.
    #[serde(default)]
    pub login: Option<String>,
}

impl PlaceFile {
    /// Reads and checks the file, as of this moment.
    ///
    /// # Errors
    /// Every mistake in it, each in words; of a file that is no TOML of this form, the first.
    pub(super) fn parse(text: &str, now: Instant) -> Result<PlaceFile, Vec<String>> {
        let file: PlaceFile = toml::from_str(text).map_err(|e| vec![e.to_string().trim().to_owned()])?;
        let mut mistakes = file.mistakes();
        let calendar = Calendar::england().in_zone(&file.zone);
        let today = calendar.as_ref().unwrap_or(&Calendar::england()).day(now);
        mistakes.extend(calendar.err().map(|e| format!("zone: {e}")));
        mistakes.extend(file.agreements_out_of_date(today));
        if mistakes.is_empty() { Ok(file) } else { Err(mistakes) }
    }

    /// Agreements that do not hold on this day, in words.
    fn agreements_out_of_date(&self, today: Date) -> Vec<String> {
        let agreed = self.organisations.iter().filter_map(|o| o.agreement.as_ref().map(|a| (o, a)));
        agreed
            .filter(|(_, a)| today < a.from || a.until < today)
            .map(|(o, a)| {
                format!(
                    "organisation {}: its agreement holds from {} to {}, and today is {today}. Renew it first, or \
                     leave the agreement out: then nothing can be sent to it",
                    o.key, a.from, a.until
                )
            })
            .collect()
    }

    fn mistakes(&self) -> Vec<String> {
        let mut wrong: Vec<String> = Vec::new();
        let organisations =
            keys("organisation", self.organisations.iter().map(|o| o.key.as_str()), &mut wrong);
        let teams = keys("team", self.teams.iter().map(|t| t.key.as_str()), &mut wrong);
        let workers = keys("worker", self.workers.iter().map(|w| w.key.as_str()), &mut wrong);
        let mut need = |there: bool, words: String| {
            if !there {
                wrong.push(words);
            }
        };
        for t in &self.teams {
            let named = organisations.contains(t.organisation.as_str());
            need(named, format!("team {}: there is no organisation {}", t.key, t.organisation));
            let lead = t.lead.as_deref().is_none_or(|lead| workers.contains(lead));
            need(
                lead,
                format!("team {}: there is no worker {}", t.key, t.lead.as_deref().unwrap_or_default()),
            );
        }
        for o in &self.organisations {
            let lead = o.lead.as_deref().is_none_or(|lead| workers.contains(lead));
            need(lead, format!("organisation {}: its lead is no worker of this file", o.key));
        }
        for w in &self.workers {
            need(teams.contains(w.team.as_str()), format!("worker {}: there is no team {}", w.key, w.team));
        }
        need(teams.contains(self.net.team.as_str()), format!("net: there is no team {}", self.net.team));
        need(
            workers.contains(self.net.second.as_str()),
            format!("net: there is no worker {}", self.net.second),
        );
        wrong.extend(self.lead_mistakes());
        wrong.extend(self.net_mistakes());
        let mut need = |there: bool, words: String| {
            if !there {
                wrong.push(words);
            }
        };
        let keeper = self.net.keeper.as_deref().is_none_or(|k| workers.contains(k));
        need(keeper, "net: its keeper is no worker of this file".into());
        need(
            self.teams.iter().any(|t| t.navigators),
            "one team needs navigators = true: people coming in arrive there".into(),
        );
        let no_lines = self.crisis.as_ref().is_some_and(|c| !c.lines.iter().any(|l| l.emergency));
        need(!no_lines, "crisis: one line needs emergency = true, the one for when life is in danger".into());
        let admin = |w: &WorkerLine| w.role == WorkRole::SystemAdmin && w.login.is_some();
        need(
            self.workers.iter().any(admin),
            "one worker needs role = \"system_admin\" and a login: the first administrator".into(),
        );
        wrong
    }

    /// Does this worker of the file work for another organisation than this one? Such a lead could
    /// hold nothing for it, and what comes to them would be lost.
    fn works_elsewhere(&self, worker: &str, organisation: &str) -> bool {
        let worker = self.workers.iter().find(|w| w.key == worker);
        let team = worker.and_then(|w| self.teams.iter().find(|t| t.key == w.team));
        team.is_some_and(|t| t.organisation != organisation)
    }

    /// Leads who work for another organisation than the one, or the one of the team, that they lead.
    fn lead_mistakes(&self) -> Vec<String> {
        let teams = self.teams.iter().filter_map(|t| {
            let lead = t.lead.as_deref().filter(|lead| self.works_elsewhere(lead, &t.organisation))?;
            let words = "works for another organisation";
            // The net's own lead is named as that.
            (t.key != self.net.team).then(|| format!("team {}: its lead, {lead}, {words}", t.key))
        });
        let organisations = self.organisations.iter().filter_map(|o| {
            let lead = o.lead.as_deref().filter(|lead| self.works_elsewhere(lead, &o.key))?;
            Some(format!("organisation {}: its lead, {lead}, works for another organisation", o.key))
        });
        teams.chain(organisations).collect()
    }

    /// What the net lacks: two people of one organisation, its team's lead and somebody else.
    fn net_mistakes(&self) -> Vec<String> {
        let net = &self.net;
        let Some(team) = self.teams.iter().find(|t| t.key == net.team) else { return Vec::new() };
        let elsewhere = |key: &str| self.works_elsewhere(key, &team.organisation);
        let second = net.second.as_str();
        let mut wrong = Vec::new();
        match team.lead.as_deref() {
            None => wrong.push(format!("net: team {} needs a lead", team.key)),
            Some(lead) if lead == second => wrong.push(format!(
                "[net] second is {second}, who is also the team's lead: name somebody else as the second named person"
            )),
            Some(lead) if elsewhere(lead) => {
                wrong.push(format!("net: the lead of team {}, {lead}, works for another organisation", team.key));
            }
            Some(_) => {}
        }
        if elsewhere(second) {
            wrong.push(format!("[net] second is {second}, who works for another organisation than the net"));
        }
        wrong
    }
}

/// The keys of one kind; a doubled one is a mistake.
fn keys<'a>(what: &str, keys: impl Iterator<Item = &'a str>, wrong: &mut Vec<String>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            wrong.push(format!("two have the key {key}: each {what} needs its own"));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file as it is read on 23 November 2026.
    fn parse(text: &str) -> Result<PlaceFile, Vec<String>> {
        PlaceFile::parse(text, Calendar::england().moment(jiff::civil::date(2026, 11, 23), 10, 30))
    }

    #[test]
    fn the_example_names_every_role() {
        for role in WorkRole::ALL {
            let named = |line: &str| line.starts_with('#') && line.contains(role.code());
            assert!(EXAMPLE.lines().any(named), "{}", role.code());
        }
    }

    #[test]
    fn the_example_is_right() {
        let file = parse(EXAMPLE).unwrap();
        assert_eq!(file.organisations.len(), 3);
    }

    #[test]
    fn an_agreement_that_has_ended_is_told_before_anything_is_made() {
        let file = parse(EXAMPLE).unwrap();
        assert_eq!(file.agreements_out_of_date(jiff::civil::date(2026, 11, 23)), Vec::<String>::new());
        assert_eq!(file.agreements_out_of_date(jiff::civil::date(2029, 1, 1)).len(), 3);
    }

    #[test]
    fn numbers_to_call_need_the_one_for_when_life_is_in_danger() {
        let lines = "\n[[crisis.lines]]\nlabel = \"Samaritans\"\nhow = \"Call 116 123\"\nlink = \"tel:116123\"\nwhen = \"Any time\"\n";
        assert!(parse(&format!("{EXAMPLE}{lines}")).is_err());
        let danger = format!("{EXAMPLE}{lines}emergency = true\n");
        assert!(parse(&danger).unwrap().crisis.is_some());
    }

    #[test]
    fn mistakes_are_told_all_at_once() {
        let text = EXAMPLE
            .replace("team = \"navigators\"\nrole", "team = \"nobody\"\nrole")
            .replace("second = \"dee\"", "second = \"x\"");
        let mistakes = parse(&text).unwrap_err();
        assert!(mistakes.len() >= 2, "{mistakes:?}");
        assert!(parse(&EXAMPLE.replace("navigators = true", "navigators = false")).is_err());
        assert!(parse("name = 1").is_err());
    }

    #[test]
    fn a_lead_who_works_elsewhere_is_told_of_each_organisation_and_team() {
        let file = parse(EXAMPLE).unwrap();
        let place_of = |w: &WorkerLine| file.teams.iter().find(|t| t.key == w.team).map(|t| &t.organisation);
        let mut tried = 0;
        for organisation in &file.organisations {
            let stranger = file.workers.iter().find(|w| place_of(w) != Some(&organisation.key)).unwrap();
            let mut wrong = parse(EXAMPLE).unwrap();
            let theirs = wrong.organisations.iter_mut().find(|o| o.key == organisation.key).unwrap();
            theirs.lead = Some(stranger.key.clone());
            let mistakes = wrong.mistakes();
            let told = format!("organisation {}: its lead, {}", organisation.key, stranger.key);
            assert!(mistakes.len() == 1 && mistakes[0].starts_with(&told), "{mistakes:?}");
            tried += 1;
        }
        for team in &file.teams {
            let stranger = file.workers.iter().find(|w| place_of(w) != Some(&team.organisation)).unwrap();
            let mut wrong = parse(EXAMPLE).unwrap();
            wrong.teams.iter_mut().find(|t| t.key == team.key).unwrap().lead = Some(stranger.key.clone());
            let mistakes = wrong.mistakes();
            let told = format!("team {}", team.key);
            assert!(mistakes.len() == 1 && mistakes[0].contains(&told), "{mistakes:?}");
            assert!(mistakes[0].contains("another organisation"), "{mistakes:?}");
            tried += 1;
        }
        assert!(tried >= 6, "{tried}");
    }

    #[test]
    fn an_ended_agreement_and_the_same_second_are_told_together() {
        let text = EXAMPLE
            .replace("second = \"dee\"", "second = \"rosa\"")
            .replacen("until = \"2028-12-31\"", "until = \"2026-01-02\"", 1)
            .replace("key = \"kit\"", "key = \"dee\"");
        let mistakes = parse(&text).unwrap_err();
        for part in ["who is also the team's lead", "its agreement holds from", "two have the key dee"] {
            assert!(mistakes.iter().any(|m| m.contains(part)), "{part}: {mistakes:?}");
        }
        let elsewhere = parse(&EXAMPLE.replace("second = \"dee\"", "second = \"ines\"")).unwrap_err();
        assert!(elsewhere[0].contains("another organisation"), "{elsewhere:?}");
        let nowhere = parse(&EXAMPLE.replace("Europe/London", "Europe/Nowhere")).unwrap_err();
        assert!(nowhere[0].starts_with("zone:"), "{nowhere:?}");
    }
}

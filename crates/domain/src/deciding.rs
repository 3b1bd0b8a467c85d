//! Who can decide for somebody who cannot decide something themselves: a clinician, a social
//! worker or a team lead who is a member here today (design, "The closed loop": best interests
//! under the Mental Capacity Act, with who decided). And who can never interpret when somebody
//! says yes: a relative or a friend.

use crate::holding::PartnershipFacts;
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::organisation::WorkRole;
use crate::time::Day;

/// The roles that decide in somebody's best interests.
const DECIDE: [WorkRole; 3] = [WorkRole::Clinician, WorkRole::SocialWorker, WorkRole::TeamLead];

/// A member who can decide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decider {
    /// Who.
    pub worker: WorkerId,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// In which team.
    pub team: TeamId,
    /// Name, role and organisation, in words.
    pub words: String,
}

/// Why nobody is named by these words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotNamed {
    /// No member with such a role is called that.
    #[error(
        "No clinician, social worker or team lead of that name is a member here. Write their full name as it stands \
         among the workers"
    )]
    Nobody,
    /// More than one is.
    #[error(
        "More than one member is called that. Add the organisation, as in \u{201c}Sam Okafor, Harbour Trust\u{201d}"
    )]
    Several,
}

/// The member who is named as the one who decides: by full name, and after a comma by role or
/// organisation where that is needed to tell two apart.
///
/// # Errors
/// Nobody with such a role is called so, or more than one.
pub fn decider(facts: &PartnershipFacts, words: &str, today: Day) -> Result<Decider, NotNamed> {
    let mut parts = words.split(',').map(plain);
    let name = parts.next().unwrap_or_default();
    let more: Vec<String> = parts.collect();
    let mut found: Vec<(Decider, String)> = Vec::new();
    for (id, worker) in facts.workers.iter().filter(|(_, w)| w.active(today) && plain(&w.name) == name) {
        for m in worker.memberships.iter().filter(|m| m.in_date(today) && DECIDE.contains(&m.role)) {
            let Some(organisation) = facts.organisations.get(&m.organisation) else { continue };
            if !organisation.active(today) || found.iter().any(|(d, _)| d.worker == *id) {
                continue;
            }
            let role = m.role.title();
            let words = format!("{}, {}, {}", worker.name, crate::text::lower(role), organisation.short);
            let all = plain(&format!("{role} {} {}", organisation.name, organisation.short));
            found.push((Decider { worker: *id, organisation: m.organisation, team: m.team, words }, all));
        }
    }
    if found.len() > 1 {
        found.retain(|(_, all)| more.iter().all(|part| all.contains(part.as_str())) && !more.is_empty());
        if found.len() != 1 {
            return Err(NotNamed::Several);
        }
    }
    found.pop().map(|(decider, _)| decider).ok_or(NotNamed::Nobody)
}

fn plain(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What people are to each other who never interpret for one another when a yes is asked for.
const CLOSE: [&str; 44] = [
    "relative",
    "relation",
    "family",
    "son",
    "daughter",
    "child",
    "husband",
    "wife",
    "spouse",
    "partner",
    "boyfriend",
    "girlfriend",
    "fiance",
    "fiancee",
    "mother",
    "mum",
    "mom",
    "father",
    "dad",
    "parent",
    "brother",
    "sister",
    "sibling",
    "aunt",
    "auntie",
    "uncle",
    "cousin",
    "niece",
    "nephew",
    "grandson",
    "granddaughter",
    "grandmother",
    "grandfather",
    "gran",
    "grandma",
    "grandad",
    "stepson",
    "stepdaughter",
    "friend",
    "mate",
    "neighbour",
    "carer",
    "ex",
    "in-law",
];

/// Is this interpreter somebody close: by what they are, or because they are among the people
/// who stand beside the person?
pub fn interpreter_is_close<'a>(words: &str, beside: impl IntoIterator<Item = &'a str>) -> bool {
    let said = plain(words);
    let kin = said
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .any(|word| CLOSE.contains(&word) || CLOSE.contains(&word.trim_end_matches("-in-law")));
    kin || beside.into_iter().map(plain).any(|name| !name.is_empty() && said.contains(&name))
}

/// What is said of such an interpreter.
pub const CLOSE_INTERPRETER: &str = "A relative or friend cannot interpret for this. Ask again with an interpreter, and write their name and where they work.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_is_no_interpreter_by_any_word() {
        for words in ["his son", "Her SISTER-in-law", "Imran (son)", "a friend of the family", "the partner"]
        {
            assert!(interpreter_is_close(words, []), "{words}");
        }
        for words in ["Imran Malik, Language Line", "Sonia Masonry, interpreter", "Dadvar Motherwell"] {
            assert!(!interpreter_is_close(words, []), "{words}");
        }
        assert!(interpreter_is_close("Imran  malik, by phone", ["Imran Malik"]));
        assert!(!interpreter_is_close("Language Line", ["Imran Malik", ""]));
    }
}

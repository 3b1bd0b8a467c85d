//! The names that somebody is chosen from: the worker's own people, and of their teams whoever is
//! looked for by name. A team may support many hundreds, and no page grows with them.

use crate::app::App;
use crate::form::Filled;
use crate::text;
use kith_care::people::{PersonLine, Whose};
use kith_care::{CareError, Principal};
use kith_domain::id::PersonId;
use kith_domain::text::fold;
use uuid::Uuid;

/// The most names in one list to choose from. Whoever is not on it is found by name.
pub(super) const MOST_NAMES: usize = 120;

/// What looking for somebody gave, in words.
pub(super) fn found_words(n: usize) -> String {
    match n {
        0 => "Nobody whom your team supports is called so.".into(),
        n => {
            let people = text::plural(i64::try_from(n).unwrap_or(i64::MAX), "person", "people");
            format!("{people} found. Choose in the list of names.")
        }
    }
}

/// The names to choose from: one's own people, and of the team whoever was looked for (field
/// `find`) or was chosen before (`field`). Whoever has nobody of their own works through their
/// team. With it, what looking for somebody gave.
pub(super) async fn names(
    app: &App,
    who: &Principal,
    form: &Filled,
    field: &str,
) -> Result<(Vec<PersonLine>, Option<String>), CareError> {
    let mut people = app.kith.list_people(who, Whose::Mine).await?;
    people.truncate(MOST_NAMES);
    let wanted = fold(form.value("find").unwrap_or_default().trim());
    let chosen = form.value(field).and_then(|id| Uuid::try_parse(id).ok()).map(PersonId);
    let chosen = chosen.filter(|id| people.iter().all(|p| p.person != *id));
    if wanted.is_empty() && chosen.is_none() && !people.is_empty() {
        return Ok((people, None));
    }
    let team = app.kith.list_people(who, Whose::TheirTeams).await?;
    if wanted.is_empty() && chosen.is_none() {
        return Ok((team.into_iter().take(MOST_NAMES).collect(), None));
    }
    let called = |p: &PersonLine| !wanted.is_empty() && fold(&p.called).contains(&wanted);
    let found: Vec<PersonLine> = team.into_iter().filter(|p| called(p) || Some(p.person) == chosen).collect();
    let said = (!wanted.is_empty()).then(|| found_words(found.iter().filter(|p| called(p)).count()));
    // Who was looked for comes first.
    let others =
        people.into_iter().filter(|p| found.iter().all(|f| f.person != p.person)).collect::<Vec<_>>();
    Ok((found.into_iter().chain(others).take(MOST_NAMES).collect(), said))
}

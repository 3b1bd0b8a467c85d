//! `kith init`: begins a real partnership in an empty database. It asks nothing: a file
//! says what the place is. The net is checked before anything is written, and whoever
//! works here gets an invitation that is printed once, to be handed over in person.

mod file;
mod make;

use crate::cli::Init;
use crate::error::{Answer, CliError};
use crate::{open, show};
use file::{EXAMPLE, PlaceFile};
use kith_care::Identity;
use kith_care::sign_in::join::record_invitation;
use kith_domain::next_date::words_of;
use kith_domain::organisation::{Place, WorkRole};
use kith_domain::time::Instant;
use kith_store::{Store, reindex};
use make::Made;
use serde_json::json;
use std::path::Path;

/// Begins a partnership.
///
/// # Errors
/// The file is not right, the database is not empty, or the net would not stand.
pub(crate) async fn run(options: &Init, now: Instant) -> Result<Answer, CliError> {
    if options.example {
        show::line(EXAMPLE.trim_end());
        return Ok(Answer::Fine);
    }
    let path =
        options.file.as_deref().ok_or_else(|| CliError::new("Name the file of the place with --place."))?;
    let file = read(path, now)?;
    let made = make::make(&file, now)?;
    let store = open::store(&options.place).await?;
    empty(&store, &file).await?;
    let sheets = begin(&store, &made, &file, now).await?;
    store.close().await;
    if options.json {
        show::json(
            &json!({ "place": made.place.name, "partnership": made.place.partnership, "invitations": sheets }),
        )?;
    } else {
        say(options, &made, &sheets);
    }
    Ok(Answer::Fine)
}

fn read(path: &Path, now: Instant) -> Result<PlaceFile, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|cause| CliError::because(format!("{} could not be read.", path.display()), &cause))?;
    PlaceFile::parse(&text, now).map_err(|mistakes| {
        let list = mistakes.join("\n  ");
        CliError::new(format!(
            "{} is not right yet:\n  {list}\nPrint an example with: kith init --example",
            path.display()
        ))
    })
}

/// Nothing is written over. A place that has begun and whose invitations nobody has seen is
/// gone on with by new ones.
async fn empty(store: &Store, file: &PlaceFile) -> Result<(), CliError> {
    let mut tx = store.read().await?;
    let place = tx.list_common::<Place>().await?.into_iter().next();
    if place.is_none() && tx.list_chains().await?.is_empty() {
        return Ok(());
    }
    let Some(place) = place.filter(|p| p.value.name == file.name) else {
        return Err(CliError::new(
            "This database already holds a partnership, and kith init never writes over one. Choose an empty \
             folder with --data, or an empty database.",
        ));
    };
    let admins = file.workers.iter().filter(|w| w.role == WorkRole::SystemAdmin && w.login.is_some());
    let commands: Vec<String> = admins.map(|w| format!("  kith invite \"{}\"", w.name)).collect();
    Err(CliError::new(format!(
        "{} has begun already: all of it is here, and kith init never writes over one. If you have not seen its invitations (the program \
         was stopped before it showed them), make a new one for the administrator, who can then invite everybody:\n{}\n\
         Add the same --data or --database.",
        place.value.name,
        commands.join("\n")
    )))
}

/// The place and everybody's invitation, in one transaction: there is all of it or nothing.
async fn begin(store: &Store, made: &Made, file: &PlaceFile, now: Instant) -> Result<Vec<Sheet>, CliError> {
    let mut tx = store.write().await?;
    made.write(&mut tx, file.crisis.as_ref(), now).await?;
    let mut sheets = Vec::new();
    for (login, identity) in made.invited(file) {
        let Identity::Worker { role, .. } = &identity else { continue };
        let invitation = record_invitation(&mut tx, &identity, &login, now).await?;
        let until = words_of(made.calendar.day(invitation.until));
        let (name, role) = (made.name_of(&identity), *role);
        sheets.push(Sheet { name, login, code: invitation.code, until, role: role.code() });
    }
    tx.commit().await?;
    reindex::is_done(store).await?;
    // Whoever lets the others in comes first.
    sheets.sort_by_key(|s| s.role != WorkRole::SystemAdmin.code());
    Ok(sheets)
}

/// What one worker is handed, once.
#[derive(serde::Serialize)]
struct Sheet {
    name: String,
    login: String,
    code: String,
    until: String,
    role: &'static str,
}

/// Who somebody is, and for the administrator what that means.
fn role_words(title: &str, code: &str) -> String {
    match code == WorkRole::SystemAdmin.code() {
        true => format!("{title}: lets everybody else in, so hand this one over first"),
        false => title.to_owned(),
    }
}

fn say(options: &Init, made: &Made, sheets: &[Sheet]) {
    show::line(&format!("{} has begun. Partnership {}.", made.place.name, made.place.partnership));
    show::line(
        "\nThese invitations are shown once. Tell each to its worker in person or by phone, never by e-mail.",
    );
    show::line(
        "Each works once, for 7 days, on the page /join. There they choose a password and set up a code app.",
    );
    for sheet in sheets {
        let role = WorkRole::from_code(sheet.role).map_or("", WorkRole::title);
        show::line(&format!("\n{}", sheet.name));
        show::table(&[
            ("is".into(), role_words(role, sheet.role)),
            ("code".into(), sheet.code.clone()),
            ("works until".into(), sheet.until.clone()),
            ("signs in as".into(), format!("{} (they may choose another)", sheet.login)),
        ]);
    }
    show::line(&format!("\nNext:  kith serve --data {}", options.place.data.display()));
    show::line("Then bring in the place's lists: kith import place and kith import directory.");
    show::line("An invitation ran out, or nobody can sign in: kith invite NAME makes a new one.");
}

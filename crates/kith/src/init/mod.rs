//! `kith init`: begins a real partnership in an empty database. It asks nothing: a file
//! says what the place is. The net is checked before anything is written, and whoever
//! works here gets an invitation that is printed once, to be handed over in person.

mod file;
mod make;

use crate::cli::Init;
use crate::error::{Answer, CliError};
use crate::{open, show};
use file::{EXAMPLE, PlaceFile};
use kith_care::Kith;
use kith_domain::next_date::words_of;
use kith_domain::organisation::Place;
use kith_domain::time::Instant;
use kith_store::Store;
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
    let file = read(path)?;
    let made = make::make(&file, now)?;
    let store = open::store(&options.place).await?;
    empty(&store).await?;
    made.write(&store, file.crisis.as_ref(), now).await?;
    let kith = Kith::open(store).await?;
    let sheets = invite_all(&kith, &made, &file, now).await?;
    kith.store().close().await;
    if options.json {
        show::json(
            &json!({ "place": made.place.name, "partnership": made.place.partnership, "invitations": sheets }),
        )?;
    } else {
        say(options, &made, &sheets);
    }
    Ok(Answer::Fine)
}

fn read(path: &Path) -> Result<PlaceFile, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|cause| CliError::because(format!("{} could not be read.", path.display()), &cause))?;
    PlaceFile::parse(&text).map_err(|mistakes| {
        let list = mistakes.join("\n  ");
        CliError::new(format!(
            "{} is not right yet:\n  {list}\nPrint an example with: kith init --example",
            path.display()
        ))
    })
}

async fn empty(store: &Store) -> Result<(), CliError> {
    let mut tx = store.read().await?;
    if tx.list_common::<Place>().await?.is_empty() && tx.list_chains().await?.is_empty() {
        return Ok(());
    }
    Err(CliError::new(
        "This database already holds a partnership, and kith init never writes over one. Choose an empty folder \
         with --data, or an empty database.",
    ))
}

/// What one worker is handed, once.
#[derive(serde::Serialize)]
struct Sheet {
    name: String,
    login: String,
    code: String,
    until: String,
}

async fn invite_all(
    kith: &Kith,
    made: &Made,
    file: &PlaceFile,
    now: Instant,
) -> Result<Vec<Sheet>, CliError> {
    let mut sheets = Vec::new();
    let mut tx = kith.store().write().await?;
    for (login, identity) in made.invited(file) {
        let invitation = kith.make_invitation(&mut tx, &identity, &login, now).await?;
        let until = words_of(kith.calendar().day(invitation.until));
        sheets.push(Sheet { name: made.name_of(&identity), login, code: invitation.code, until });
    }
    tx.commit().await?;
    Ok(sheets)
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
        show::line(&format!("\n{}", sheet.name));
        show::table(&[
            ("code".into(), sheet.code.clone()),
            ("works until".into(), sheet.until.clone()),
            ("signs in as".into(), format!("{} (they may choose another)", sheet.login)),
        ]);
    }
    show::line(&format!("\nNext:  kith serve --data {}", options.place.data.display()));
    show::line("Then bring in the place's lists: kith import place and kith import directory.");
    show::line("An invitation ran out, or nobody can sign in: kith invite NAME makes a new one.");
}

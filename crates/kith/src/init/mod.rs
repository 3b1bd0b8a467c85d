//! `kith init`: begins a real partnership in an empty database. It asks nothing: a file
//! says what the place is. The net is checked before anything is written, and whoever
//! gets an account gets it printed once, to be handed over in person.

mod file;
mod make;

use crate::cli::Init;
use crate::error::{Answer, CliError};
use crate::{open, show};
use file::{EXAMPLE, PlaceFile};
use kith_care::{Identity, Kith};
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
    made.write(&store, now).await?;
    let kith = Kith::open(store).await?;
    let mut sheets = Vec::new();
    for (login, identity) in made.accounts(&file) {
        sheets.push(account(&kith, &made, &login, &identity, now).await?);
    }
    kith.store().close().await;
    if options.json {
        show::json(
            &json!({ "place": made.place.name, "partnership": made.place.partnership, "accounts": sheets }),
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
    password: String,
    code_app_secret: String,
    code_app_link: String,
}

async fn account(
    kith: &Kith,
    made: &Made,
    login: &str,
    identity: &Identity,
    now: Instant,
) -> Result<Sheet, CliError> {
    let password = kith_care::sign_in::session::secret()?;
    let secret = kith.make_account(identity, login, password.clone(), now).await?;
    let place: String = made.place.name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    Ok(Sheet {
        name: made.name_of(identity),
        login: login.to_owned(),
        password,
        code_app_link: format!("otpauth://totp/Kith-{place}:{login}?secret={secret}&issuer=Kith-{place}"),
        code_app_secret: secret,
    })
}

fn say(options: &Init, made: &Made, sheets: &[Sheet]) {
    show::line(&format!("{} has begun. Partnership {}.", made.place.name, made.place.partnership));
    show::line("\nThese are shown once. Hand each to its worker in person, never by e-mail:");
    for sheet in sheets {
        show::line(&format!("\n{}", sheet.name));
        show::table(&[
            ("sign in as".into(), sheet.login.clone()),
            ("password".into(), sheet.password.clone()),
            ("code app".into(), sheet.code_app_secret.clone()),
            ("as a link".into(), sheet.code_app_link.clone()),
        ]);
    }
    show::line(&format!("\nNext:  kith serve --data {}", options.place.data.display()));
    show::line("Then bring in the place's lists: kith import place and kith import directory.");
}

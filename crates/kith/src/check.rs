//! `kith check`, `kith verify` and `kith checkpoint`: is anything lost, was anything
//! altered, and a signed copy of where the chains stand.

use crate::cli::{Check, Checkpoint, Verify};
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_care::holding::check::Checked;
use kith_domain::time::Instant;
use kith_store::chain::ChainKind;
use kith_store::checkpoint::{self, PublicKey, SigningFile};
use kith_store::verify::{Progress, Report};
use serde_json::json;
use std::path::Path;

/// Looks whether anything is lost.
///
/// # Errors
/// The database could not be read.
pub(crate) async fn check(options: &Check, now: Instant) -> Result<Answer, CliError> {
    let kith = open::kith(&options.place).await?;
    let checked = kith.check(now).await?;
    if options.json {
        show::json(&checked)?;
    } else {
        say_checked(&checked);
    }
    Ok(if checked.lost.is_empty() { Answer::Fine } else { Answer::Found })
}

fn say_checked(checked: &Checked) {
    match checked.lost.len() {
        0 => show::line("Nobody is lost: every open thing has a holder and a next date."),
        n => show::line(&format!(
            "{} lost:",
            if n == 1 { "One thing is".into() } else { format!("{n} things are") }
        )),
    }
    for lost in &checked.lost {
        let what = lost.kind.replace('_', " ");
        show::line(&format!(
            "  {what} {}: {}. To put right: {}.",
            lost.reference, lost.words, lost.organisation
        ));
    }
    show::table(&[
        ("people".into(), show::number(checked.people)),
        ("open things".into(), show::number(checked.open)),
        ("past their date".into(), show::number(checked.overdue)),
        ("moved again and again".into(), show::number(checked.kept_moving)),
    ]);
}

/// Proves that nothing was altered.
///
/// # Errors
/// The database or the checkpoint could not be read.
pub(crate) async fn verify(options: &Verify) -> Result<Answer, CliError> {
    let checkpoint = options.checkpoint.as_deref().map(checkpoint::Checkpoint::load).transpose()?;
    let key = options.key.as_deref().map(PublicKey::parse).transpose()?;
    let store = open::existing(&options.place).await?;
    let bar = show::bar(0, "Verifying");
    let mut progress = |p: Progress| {
        bar.set_message(p.stage);
        bar.set_length(p.total);
        bar.set_position(p.done);
    };
    let report = kith_store::verify::verify(&store, checkpoint.as_ref(), key.as_ref(), &mut progress).await;
    bar.finish_and_clear();
    let report = report?;
    if options.json {
        verified_as_json(&report)?
    } else {
        say_verified(&report)
    }
    Ok(if report.is_clean() { Answer::Fine } else { Answer::Found })
}

fn verified_as_json(report: &Report) -> Result<(), CliError> {
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|f| {
            json!({
                "wrong": format!("{:?}", f.wrong),
                "words": f.words,
                "chain": f.chain,
                "number": f.number,
                "record": f.record,
            })
        })
        .collect();
    show::json(&json!({
        "clean": report.is_clean(),
        "wrong": report.wrong,
        "findings": findings,
        "chains": report.chains,
        "entries": report.entries,
        "records": report.records,
        "links": report.links,
        "looks": report.looks,
        "taken_out": report.taken_out.len(),
        "checkpoint": report.checkpoint,
        "proves": report.proves(),
    }))
}

fn say_verified(report: &Report) {
    match report.wrong {
        0 => show::line(report.proves()),
        1 => show::line("One thing is wrong:"),
        n => show::line(&format!("{n} things are wrong:")),
    }
    for finding in &report.findings {
        show::line(&format!("  {finding}"));
    }
    let more = report.wrong.saturating_sub(report.findings.len() as u64);
    if more > 0 {
        show::line(&format!("  and {} more", show::number(more)));
    }
    show::table(&[
        ("chains of the journal".into(), show::number(report.chains)),
        ("journal entries".into(), show::number(report.entries)),
        ("records".into(), show::number(report.records)),
        ("looks".into(), show::number(report.looks)),
    ]);
}

/// Writes a signed checkpoint.
///
/// # Errors
/// There is no partnership yet, or a file cannot be written.
pub(crate) async fn checkpoint(options: &Checkpoint, now: Instant) -> Result<Answer, CliError> {
    let store = open::existing(&options.place).await?;
    let path = options.key_file.clone().ok_or_else(|| {
        CliError::new(
            "Say where the key is, or is to be made: --key-file FILE (or KITH_KEY). Keep it on another disk or \
             machine than the database.",
        )
    })?;
    outside(&path, &options.place.data)?;
    let (key, fresh) = key(&path)?;
    let checkpoint = checkpoint::make(&store, &key, now).await?;
    checkpoint.save(&options.out)?;
    show::line(&format!("{} is signed:", options.out.display()));
    show::table(&signed_rows(&checkpoint));
    show::line("Send a copy to another organisation.");
    show::line(&format!("Public key: {}", key.public()));
    if fresh {
        show::line(&format!(
            "A new key was made in {}. Keep it away from the database. Give its public half to those who keep \
             checkpoints: they check with --key.",
            path.display()
        ));
    }
    Ok(Answer::Fine)
}

/// The same counts under the same words as `kith verify` has them, with the log of looks apart.
fn signed_rows(checkpoint: &checkpoint::Checkpoint) -> [(String, String); 4] {
    let (looks, journal): (Vec<_>, Vec<_>) =
        checkpoint.heads.iter().partition(|head| head.kind == ChainKind::Looks.code());
    let count = |heads: &[&checkpoint::Seen]| {
        let entries = heads.iter().fold(0_i64, |sum, head| sum.saturating_add(head.number));
        (show::number(heads.len() as u64), show::number(entries.unsigned_abs()))
    };
    let (journal, looks) = (count(&journal), count(&looks));
    [
        ("chains of the journal".into(), journal.0),
        ("journal entries".into(), journal.1),
        ("chains of the log of looks".into(), looks.0),
        ("looks".into(), looks.1),
    ]
}

/// Whoever can rewrite the database must not be able to sign what they made of it.
fn outside(key: &Path, data: &Path) -> Result<(), CliError> {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let folder = key.parent().filter(|f| *f != Path::new("")).unwrap_or(Path::new("."));
    match (whole(folder), whole(data)) {
        (Ok(folder), Ok(data)) if folder.starts_with(&data) => Err(CliError::new(format!(
            "{} lies in the folder of the database. Whoever can change the database could sign what they made of it. \
             Choose a place outside.",
            key.display()
        ))),
        _ => Ok(()),
    }
}

fn key(path: &Path) -> Result<(SigningFile, bool), CliError> {
    if path.exists() {
        return Ok((SigningFile::load(path)?, false));
    }
    let mut random = [0u8; 32];
    getrandom::fill(&mut random)
        .map_err(|cause| CliError::new(format!("The system gives no randomness for a key: {cause}.")))?;
    let key = SigningFile::from_random(random);
    if let Some(folder) = path.parent().filter(|f| *f != Path::new("")) {
        std::fs::create_dir_all(folder)
            .map_err(|cause| CliError::because(format!("{} cannot be made.", folder.display()), &cause))?;
    }
    key.save(path)?;
    Ok((key, true))
}

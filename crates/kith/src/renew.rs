//! `kith renew`: an organisation's agreement goes on, written down by whoever runs the program.
//! For a place whose own managers cannot sign in any more, because the agreement of the
//! organisation they work for has ended.

use crate::cli::Renew;
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_care::members::keep::MemberChange;
use kith_domain::id::OrganisationId;
use kith_domain::keeping;
use kith_domain::next_date::words_of;
use kith_domain::organisation::Agreement;
use kith_domain::text::fold;
use kith_domain::time::Instant;
use serde_json::json;

/// Renews the agreement, with everything it said before but its days and, if given, its reference.
///
/// # Errors
/// Nobody, or more than one, has this name; there is none to renew; or its days cannot be.
pub(crate) async fn run(options: &Renew, now: Instant) -> Result<Answer, CliError> {
    let kith = open::kith(&options.place).await?;
    let who = kith.operator(now).await?;
    let called = fold(&options.name);
    let mut found: Vec<OrganisationId> = Vec::new();
    for (id, o) in &who.partnership.facts.organisations {
        if !o.listed_only() && (fold(&o.name) == called || fold(&o.short) == called) {
            found.push(*id);
        }
    }
    let [id] = found.as_slice() else {
        return Err(CliError::new(format!("There is not one organisation called {}.", options.name)));
    };
    let today = kith.calendar().day(now);
    let old = who.partnership.organisation(*id).and_then(|o| o.agreement.clone()).ok_or_else(|| {
        CliError::new("There is no agreement to renew. Write it down on the organisation's page.")
    })?;
    let signed = Agreement {
        from: options.from.unwrap_or(today),
        until: options.until,
        reference: options.reference.clone().unwrap_or(old.reference),
        purposes: if old.purposes.is_empty() {
            options.purpose.iter().cloned().collect()
        } else {
            old.purposes
        },
        dpia: options.dpia.clone().unwrap_or(old.dpia),
        caldicott: options.caldicott.clone().unwrap_or(old.caldicott),
        ..old
    };
    // In words before anything is begun, so that every field is named as the command names it.
    keeping::renewed(&who.partnership.facts, *id, signed.clone(), today)
        .map_err(|why| CliError::new(format!("{why}.")))?;
    let version = who.partnership.metas.get(&(*id).into()).map_or(0, |meta| meta.version);
    let change = MemberChange::Agreement(Box::new(signed));
    kith.change_member(&who, *id, version, change, None).await?;
    let name = who.partnership.organisation_name(*id).unwrap_or_default();
    kith.store().close().await;
    if options.json {
        show::json(&json!({ "organisation": name, "until": options.until.to_string() }))?;
    } else {
        show::line(&format!(
            "The agreement with {name} holds until {}. Who works there can sign in again now.",
            words_of(options.until)
        ));
    }
    Ok(Answer::Fine)
}

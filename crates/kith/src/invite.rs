//! `kith invite`: a new invitation for somebody who works here, from whoever runs the
//! program: for the first administrator whose code ran out, or when nobody can get in.

use crate::cli::Invite;
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_care::Kith;
use kith_care::workers::invite::Handed;
use kith_domain::id::WorkerId;
use kith_domain::next_date::words_of;
use kith_domain::organisation::WorkRole;
use kith_domain::text::fold;
use kith_domain::time::Instant;
use serde_json::json;

/// Makes an invitation and prints its code.
///
/// # Errors
/// Nobody, or more than one, has this name; or they cannot be invited.
pub(crate) async fn run(options: &Invite, now: Instant) -> Result<Answer, CliError> {
    let kith = open::kith(&options.place).await?;
    let who = kith.operator(now).await?;
    let (worker, role) = find(&kith, options, now).await?;
    let Handed::Now { name, invitation, .. } = kith.invite_again(&who, worker, role, None).await? else {
        return Err(CliError::new("That invitation was made before."));
    };
    let until = words_of(kith.calendar().day(invitation.until));
    kith.store().close().await;
    if options.json {
        show::json(&json!({ "name": name, "code": invitation.code, "until": until }))?;
    } else {
        show::line(&format!(
            "Tell {name} this code in person or by phone. It works once, until {until}, on /join:"
        ));
        show::line(&format!("\n  {}", invitation.code));
    }
    Ok(Answer::Fine)
}

/// The one worker with this name, and their role.
async fn find(kith: &Kith, options: &Invite, now: Instant) -> Result<(WorkerId, WorkRole), CliError> {
    let mut tx = kith.store().read().await?;
    let partnership = kith.partnership(&mut tx).await?;
    drop(tx);
    let today = kith.calendar().day(now);
    let called = fold(&options.name);
    let mut found: Vec<(WorkerId, WorkRole)> = Vec::new();
    for (id, w) in
        partnership.facts.workers.iter().filter(|(_, w)| w.active(today) && fold(&w.name) == called)
    {
        let roles = w.memberships.iter().filter(|m| m.in_date(today)).map(|m| (*id, m.role));
        found.extend(roles.filter(|(_, role)| options.role.as_deref().is_none_or(|r| role.code() == r)));
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(CliError::new(format!("Nobody called {} works here now.", options.name))),
        several => {
            let roles: Vec<&str> = several.iter().map(|(_, role)| role.code()).collect();
            Err(CliError::new(format!(
                "More than one fits {}. Say which with --role: {}.",
                options.name,
                roles.join(", ")
            )))
        }
    }
}

//! After a refusal: it is logged before the answer leaves, also when it was a change that
//! was rolled back, and information governance is told when somebody asked for the record of
//! a person close to them (rule R05).

use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use crate::telling_outside::again::Guard;
use kith_domain::contact::{AboutNobody, MayLeave};
use kith_domain::id::WorkerId;
use kith_domain::organisation::WorkRole;
use kith_store::outbox::NewMessage;
use uuid::Uuid;

impl Kith {
    /// Logs what was refused in this request. The answer may leave when this has returned.
    ///
    /// # Errors
    /// The access log could not be written: no answer may leave.
    pub async fn log_refusals(&self, who: &Principal) -> Result<(), CareError> {
        let (looks, alert) = who.refusals.take();
        self.store().looks().record(looks).await?;
        if alert {
            self.alert_governance(who).await?;
        }
        Ok(())
    }

    /// One message a day and worker, to the information governance lead of their
    /// organisation, or to its lead where there is none. It names nobody: the log does.
    async fn alert_governance(&self, who: &Principal) -> Result<(), CareError> {
        let Some(organisation) = who.actor.organisation else { return Ok(()) };
        let today = who.partnership.today(who.now);
        let facts = &who.partnership.facts;
        let auditors = facts
            .workers
            .iter()
            .filter(|(_, w)| w.active(today) && w.roles(organisation, today).contains(&WorkRole::IgAuditor));
        let mut told: Vec<WorkerId> = auditors.map(|(id, _)| *id).collect();
        if told.is_empty() {
            told.extend(who.partnership.organisation(organisation).and_then(|o| o.lead));
        }
        let key = who.key();
        let addresses = told.iter().filter_map(|id| Some((id, facts.workers.get(id)?.email.clone()?)));
        let messages: Vec<NewMessage> = addresses
            .map(|(id, address)| NewMessage {
                id: Uuid::now_v7(),
                at: who.now.0,
                person: None,
                channel: "email".into(),
                address,
                subject: "Kith: somebody was not let in".into(),
                body: format!(
                    "Somebody in your organisation asked for a record that they must not open. \
                     Nothing was shown to them. The access log of Kith says who and when. \
                     Its reference is {}.",
                    who.request
                ),
                dedupe: format!("r05:{key}:{id}:{today}"),
                // Asked again when it is about to leave: are they still there?
                guard: Guard::Reminder { worker: *id, about: today }.stored().ok().flatten(),
            })
            .collect();
        if messages.is_empty() {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        for message in &messages {
            tx.record_message(message, MayLeave::AboutNobody(AboutNobody::NotLetIn)).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

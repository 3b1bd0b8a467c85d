//! Somebody close may be pressing the person (rule R08 as amended). Written down quietly by a
//! worker, from something said, without any words of it; looked at again by a day; on no page
//! of the person's or of a supporter's.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::{Action, Item};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{PersonId, RecordId, SupporterId};
use kith_domain::letting_in::{self, NotLetIn, View};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::person::{Coercion, Person};
use kith_domain::record::Saved;
use kith_domain::supporter::Supporter;
use kith_domain::time::Day;
use uuid::Uuid;

/// What the quiet page says.
#[derive(Debug)]
pub struct QuietPage {
    /// The name the person likes to be called.
    pub called: String,
    /// Who is let in: id, name and what they are to the person.
    pub supporters: Vec<(SupporterId, String)>,
    /// What is written down.
    pub flag: Option<Coercion>,
}

impl Kith {
    /// The quiet page: for those who may change the person's record, and nobody else.
    ///
    /// # Errors
    /// It may not be seen by this reader.
    pub async fn quiet_page(&self, who: &Principal, person: PersonId) -> Result<QuietPage, CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = look.person(&about).and_then(|p| {
            let ask = look.batch.ask(Action::Update);
            look.permit(&about.world, &Item::of_saved(&p), &ask)?;
            let all = look.all::<Supporter>(&about)?;
            Ok(page(&look, &p, &all))
        });
        look.finish_with(result).await
    }

    /// Writes down that somebody may be pressing the person, or looks at it again.
    ///
    /// # Errors
    /// The day cannot be, or it is not this worker's to do.
    pub async fn press(
        &self,
        who: &Principal,
        person: PersonId,
        (which, view, review_on): (Vec<SupporterId>, View, Day),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (worker, _) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::Update)?;
        let supporters = change.all::<Supporter>(Action::View)?;
        let today = who.partnership.today(who.now);
        let when = (who.now, today);
        let after = letting_in::pressed(&saved.value, &supporters, &which, view, (review_on, worker), when)
            .map_err(|e| match e {
            NotLetIn::LookAgain(_) => CareError::field("review", format!("{e}.")),
            other => CareError::refused(format!("{other}.")),
        })?;
        change.save("safety looked at", &saved, &after, None).await?;
        close_review(&mut change, person).await?;
        let holder = who.partnership.holder_today(&saved.value.holder, true, who.now);
        let message = Message {
            kind: MessageKind::Notice,
            from: who.actor.author(),
            to: MessageTo::Reader { holder, read_by: review_on },
            words: "Talk with them, alone. Is what was quietly written down still right?".into(),
            area: Area::Identity,
            sensitivity: Sensitivity::S2,
            about: Some(RecordId(person.0)),
            written_at: who.now,
            read_at: None,
            quiet: true,
            review: true,
            take_out: None,
        };
        let ask = change.batch.ask(Action::StopSharing);
        let basis = change.permit_person(&ask)?;
        let id = RecordId(Uuid::now_v7());
        change.create_permitted(id, "to look at again", holder.organisation, &message, &basis, None).await?;
        change.finish(&format!("/people/{person}/quiet")).await
    }

    /// It is over, as far as the person says, alone.
    ///
    /// # Errors
    /// It is not this worker's to do.
    pub async fn unpress(
        &self,
        who: &Principal,
        person: PersonId,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::Update)?;
        change.save("safety looked at", &saved, &letting_in::no_longer_pressed(&saved.value), None).await?;
        close_review(&mut change, person).await?;
        change.finish(&format!("/people/{person}/quiet")).await
    }
}

/// What was to be looked at again has been.
async fn close_review(change: &mut Changing<'_>, person: PersonId) -> Result<(), CareError> {
    for m in change.all::<Message>(Action::Update)? {
        let open = m.value.review && m.value.read_at.is_none();
        if open && m.value.about == Some(RecordId(person.0)) {
            let after = Message { read_at: Some(change.who.now), ..m.value.clone() };
            change.save("looked at again", &m, &after, None).await?;
        }
    }
    Ok(())
}

fn page(look: &Looking<'_>, person: &Saved<Person>, all: &[Saved<Supporter>]) -> QuietPage {
    let today = look.who.partnership.today(look.who.now);
    let holding = all.iter().filter(|s| s.value.holds(look.who.now, today));
    QuietPage {
        called: person.value.called.clone(),
        supporters: holding.map(|s| (s.id(), format!("{}, {}", s.value.name, s.value.relation))).collect(),
        flag: person.value.coercion.clone(),
    }
}

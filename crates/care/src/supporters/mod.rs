//! Who stands beside a person: letting somebody in by area, with a preview of what they would
//! see today, changing it, ending it at once; by the person, or with them by a worker who
//! writes down how. [`pressed`] is the quiet page for when somebody close may be pressing them.

pub mod pressed;

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::mine::word_needed;
use crate::principal::{Identity, Principal};
use crate::sharing::preview::{Heading, headings};
use crate::sign_in::join::Invitation;
use kith_access::{Action, Actor, Ask, Batch, Standing};
use kith_domain::area::{Area, Category};
use kith_domain::consent::HowGiven;
use kith_domain::id::{PersonId, RecordId, SupporterId};
use kith_domain::letting_in::{self, LettingIn, NotLetIn};
use kith_domain::may_send::{Content, Outgoing, To, may_send};
use kith_domain::record::{Author, Kind, Saved};
use kith_domain::supporter::{Proof, Supporter, SupporterKind};
use kith_domain::time::Day;
use kith_store::world::support_of;
use uuid::Uuid;

/// Somebody to let in, as it was asked.
#[derive(Clone, Debug)]
pub struct NewSupporter {
    /// Their name.
    pub name: String,
    /// What they are to the person.
    pub relation: String,
    /// What kind.
    pub kind: SupporterKind,
    /// How to reach them.
    pub contact: Option<String>,
    /// Which areas.
    pub areas: Vec<Area>,
    /// Which restricted categories.
    pub categories: Vec<Category>,
    /// The last day.
    pub until: Option<Day>,
    /// How the yes was given.
    pub given: HowGiven,
    /// The paper a worker saw.
    pub proof: Option<String>,
}

/// Somebody who stands beside the person.
#[derive(Debug)]
pub struct Beside {
    /// Their record.
    pub saved: Saved<Supporter>,
    /// May they see anything now?
    pub holds: bool,
    /// The headings of what they would see today.
    pub would_see: Vec<String>,
}

/// Everybody who stands beside the person.
#[derive(Debug)]
pub struct SupportersPage {
    /// The name the person likes to be called.
    pub called: String,
    /// Everybody, those who may see first.
    pub people: Vec<Beside>,
}

impl Kith {
    /// Who stands beside the person.
    ///
    /// # Errors
    /// It may not be seen by this reader.
    pub async fn supporters(&self, who: &Principal, person: PersonId) -> Result<SupportersPage, CareError> {
        let mut look = self.look(who).await?;
        let mut about = look.about(person).await?;
        let result = page(&mut look, &mut about);
        look.finish_with(word_needed(who, result)).await
    }

    /// What somebody would see today if they were let in so.
    ///
    /// # Errors
    /// It cannot be so, in words, or it may not be seen by this reader.
    pub async fn would_let_in(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewSupporter,
    ) -> Result<Vec<String>, CareError> {
        let supporter = made(who, new)?;
        let mut look = self.look(who).await?;
        let mut about = look.about(person).await?;
        let id = SupporterId(Uuid::now_v7());
        let result = match look.person(&about) {
            Ok(_) => {
                as_if_nothing(who, &mut about);
                about.world.supporters.extend(support_of(id, &supporter, self.calendar()));
                headings(&mut look, &about).map(|all| sees(&look, &about, &all, id))
            }
            Err(e) => Err(e),
        };
        look.finish_with(result).await
    }

    /// Lets somebody in.
    ///
    /// # Errors
    /// It cannot be so, in words, or it is not this actor's to do.
    pub async fn let_in(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewSupporter,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let supporter = made(who, new)?;
        let saved = change.open_person(Action::StopSharing)?;
        let holder = who.partnership.holder_today(&saved.value.holder, true, who.now);
        let ask = asks(&change);
        let id = RecordId(Uuid::now_v7());
        let for_whom = recorded_for(who, person);
        change.create_for(id, "supporter let in", holder.organisation, &supporter, &ask, for_whom).await?;
        change.finish(answer).await
    }

    /// Changes what somebody may see.
    ///
    /// # Errors
    /// It cannot be so, somebody saved in between, or it is not this actor's to do.
    pub async fn change_supporter(
        &self,
        who: &Principal,
        (person, supporter): (PersonId, SupporterId),
        (areas, categories, until): (Vec<Area>, Vec<Category>, Option<Day>),
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let ask = asks(&change);
        let saved = change.open_for::<Supporter>(supporter, &ask)?;
        let (today, settings) = (who.partnership.today(who.now), who.partnership.settings());
        let after = letting_in::changed(&saved.value, areas, categories, until, today, settings)
            .map_err(|e| field_of(&e))?;
        change.save("supporter changed", &saved, &after, recorded_for(who, person)).await?;
        change.finish(answer).await
    }

    /// Ends what somebody may see, at once.
    ///
    /// # Errors
    /// It was ended before, or it is not this actor's to do.
    pub async fn end_supporter(
        &self,
        who: &Principal,
        (person, supporter): (PersonId, SupporterId),
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Supporter>(supporter, Action::StopSharing)?;
        let after = letting_in::ended(&saved.value, who.now).map_err(|e| field_of(&e))?;
        change.save("supporter ended", &saved, &after, recorded_for(who, person)).await?;
        change.finish(answer).await
    }

    /// A code with which a supporter makes an account of their own. Shown once.
    ///
    /// # Errors
    /// They may see nothing now, or it is not this actor's to do.
    pub async fn invite_supporter(
        &self,
        who: &Principal,
        (person, supporter): (PersonId, SupporterId),
        submission: Option<Uuid>,
    ) -> Result<Option<(String, Invitation)>, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(_) => return Ok(None),
            Begun::Go(change) => change,
        };
        let ask = asks(&change);
        let saved = change.open_for::<Supporter>(supporter, &ask)?;
        if !saved.value.holds(who.now, who.partnership.today(who.now)) {
            return Err(CareError::refused("They may see nothing now, so there is nothing to sign in for."));
        }
        // A worker hands it over, so that the guard of everything that leaves is asked. On the
        // person's own page it is theirs to give, and nothing there says that somebody is paused.
        if who.worker().is_ok() {
            let them = change.open_person(Action::View)?;
            let what = Outgoing {
                asked_for: true,
                ..Outgoing::new(To::Supporter(supporter), Content::Free, who.now)
            };
            may_send(&them.value, &what, self.calendar(), who.partnership.settings())
                .map_err(CareError::refused)?;
        }
        let identity = Identity::Supporter { supporter, person };
        let invitation = self.make_invitation(&mut change.tx, &identity, "", who.now).await?;
        change.finish("").await?;
        Ok(Some((saved.value.name, invitation)))
    }
}

/// The question for widening: the person's own, or a worker's who writes down how.
fn asks(change: &Changing<'_>) -> Ask {
    match change.who.identity {
        Identity::Person { .. } => change.batch.ask(Action::ManageProxy),
        _ => change.batch.ask(Action::ManageConsent).with_reason(),
    }
}

fn recorded_for(who: &Principal, person: PersonId) -> Option<Author> {
    matches!(who.identity, Identity::Worker { .. }).then_some(Author::Person { person })
}

fn made(who: &Principal, new: &NewSupporter) -> Result<Supporter, CareError> {
    let (today, settings) = (who.partnership.today(who.now), who.partnership.settings());
    // Only a worker can say that they saw a paper.
    let seen_by = who.worker().ok().map(|(worker, _)| worker);
    let proof = new.proof.clone().filter(|_| new.kind.needs_proof()).zip(seen_by);
    let letting = LettingIn {
        name: new.name.clone(),
        relation: new.relation.clone(),
        kind: new.kind,
        contact: new.contact.clone(),
        areas: new.areas.clone(),
        categories: new.categories.clone(),
        until: new.until,
        given: new.given.clone(),
        proof: proof.map(|(what, seen_by)| Proof { what, seen_by, on: today }),
    };
    letting_in::let_in(letting, who.now, today, settings).map_err(|e| field_of(&e))
}

fn field_of(why: &NotLetIn) -> CareError {
    let field = match why {
        NotLetIn::NoAreas | NotLetIn::BeyondPower(_) => "areas",
        NotLetIn::NoProof => "proof",
        NotLetIn::End(_) => "until",
        NotLetIn::LookAgain(_) => "review",
        NotLetIn::Ended => return CareError::refused(format!("{why}.")),
    };
    CareError::field(field, format!("{why}."))
}

/// The person's own page may be read over their shoulder: it says what a supporter was let into,
/// and nothing of what is quietly otherwise.
fn as_if_nothing(who: &Principal, about: &mut About) {
    if matches!(who.identity, Identity::Person { .. }) {
        about.world.coercion.clear();
    }
}

fn page(look: &mut Looking<'_>, about: &mut About) -> Result<SupportersPage, CareError> {
    let person = look.person(about)?;
    let all = look.all::<Supporter>(about)?;
    let who = look.who;
    as_if_nothing(who, about);
    let headings = headings(look, about)?;
    let today = who.partnership.today(who.now);
    let mut people: Vec<Beside> = all
        .into_iter()
        .map(|saved| {
            let holds = saved.value.holds(who.now, today);
            let would_see = if holds { sees(look, about, &headings, saved.id()) } else { Vec::new() };
            Beside { holds, would_see, saved }
        })
        .collect();
    people.sort_by(|a, b| {
        (a.saved.value.ended.is_some(), &a.saved.value.name)
            .cmp(&(b.saved.value.ended.is_some(), &b.saved.value.name))
    });
    Ok(SupportersPage { called: person.value.called, people })
}

/// The headings that this supporter could open now, of the parts their page shows.
fn sees(look: &Looking<'_>, about: &About, all: &[Heading], supporter: SupporterId) -> Vec<String> {
    let actor = Actor::supporter(supporter, 2, look.who.now);
    let standing = Standing::default();
    let mut batch = Batch::new(look.kith.decider(), &actor, &standing, look.who.now);
    let ask = batch.ask(Action::View);
    let shown = |k: Kind| matches!(k, Kind::PlanSection | Kind::Need | Kind::Goal | Kind::Step);
    let mut texts: Vec<String> = all
        .iter()
        .filter(|h| shown(h.item.kind) && batch.permit(&about.world, &h.item, &ask).is_ok())
        .map(|h| h.text.clone())
        .collect();
    texts.dedup();
    texts
}

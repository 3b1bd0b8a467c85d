//! The people a worker supports: adding someone, the person's page, contact, the story so
//! far, what has changed in their life, and words they wrote.

pub mod add;
pub mod apart;
pub mod by_reference;
pub mod close;
pub mod details;
pub mod disclose;
pub mod keep;
pub mod life;
pub mod marks;
pub mod matches;
pub mod messages;
pub mod notes;
mod place;
pub mod taking_out;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::holding::{Held, PersonFacts, holding};
use kith_domain::id::{PersonId, RecordId, WorkerId};
use kith_domain::link;
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Note, PlanSection};
use kith_domain::record::{Kind, Saved};
use kith_domain::supporter::{Involvement, Supporter};

/// A line of "people I support".
#[derive(Clone, Debug)]
pub struct PersonLine {
    /// Who.
    pub person: PersonId,
    /// The name they like to be called.
    pub called: String,
    /// How they stand to Kith, as a short word.
    pub state: &'static str,
    /// What happens next, when the reader may see it.
    pub next: Option<kith_domain::next_date::NextDate>,
    /// The last time anything was said to them.
    pub heard_at: Option<kith_domain::time::Instant>,
    /// Who holds the plan today.
    pub lead: Option<WorkerId>,
}

/// Whose people a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// The worker's own: those they hold, work with, or do something for.
    Mine,
    /// Those of their teams too.
    TheirTeams,
}

/// People on one page of the list.
pub const PAGE: usize = 100;

/// A page of the list of people.
#[derive(Clone, Debug)]
pub struct PeoplePage {
    /// Who is on it, by name.
    pub lines: Vec<PersonLine>,
    /// Whose people.
    pub whose: Whose,
    /// Its number, from 1.
    pub page: usize,
    /// Is there another after it?
    pub more: bool,
}

/// Everything on a person's page that this reader may see.
#[derive(Debug)]
pub struct PersonPage {
    /// The person and everything open.
    pub facts: PersonFacts,
    /// The plan's sections.
    pub sections: Vec<Saved<PlanSection>>,
    /// Goals.
    pub goals: Vec<Saved<Goal>>,
    /// The story, oldest first.
    pub notes: Vec<Saved<Note>>,
    /// Who is involved.
    pub involved: Vec<Saved<Involvement>>,
    /// Who stands beside them.
    pub supporters: Vec<Saved<Supporter>>,
    /// Every open thing, who holds it and by when.
    pub held: Vec<Held>,
    /// May this reader change the plan?
    pub may_change: bool,
    /// Other records of theirs whose names this reader may see.
    pub also: Vec<(PersonId, String)>,
}

impl Kith {
    /// All the people this worker supports, by name, to choose from.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn list_people(&self, who: &Principal, whose: Whose) -> Result<Vec<PersonLine>, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let result = lines(&mut look, me, whose).await;
        look.finish_with(result).await
    }

    /// A page of the people this worker supports, by name: their own, or everybody whom
    /// their teams support too. Only who is on the page is read, and only they are looked
    /// at.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn people_page(
        &self,
        who: &Principal,
        whose: Whose,
        page: usize,
    ) -> Result<PeoplePage, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let result = people_page(&mut look, me, whose, page.max(1)).await;
        look.finish_with(result).await
    }

    /// One person's page.
    ///
    /// # Errors
    /// [`CareError::Missing`] when there is no such person, or none that this reader may
    /// know of.
    pub async fn person_page(&self, who: &Principal, person: PersonId) -> Result<PersonPage, CareError> {
        let mut look = self.look(who).await?;
        let result = page(&mut look, person).await;
        look.finish_with(result).await
    }
}

/// How people are found from a worker, or from a team of theirs.
fn links_to(look: &Looking<'_>, me: WorkerId, whose: Whose) -> Vec<(&'static str, RecordId, Option<Kind>)> {
    let mut links = Vec::new();
    for role in [link::HOLDER_LEAD, link::RECEIVER_WORKER, link::OWNER_WORKER, link::KEY_WORKER] {
        links.push((role, me.into(), None));
    }
    for team in look.who.partnership.teams_passed_to(me, look.who.now) {
        links.push((link::HOLDER_TEAM, team.into(), None));
    }
    links.push((link::WORKER, me.into(), Some(Kind::Involvement)));
    if whose == Whose::TheirTeams {
        let teams = look.who.actor.teams.iter();
        links.extend(teams.map(|team| (link::TEAM, (*team).into(), Some(Kind::Involvement))));
    }
    links
}

async fn people_page(
    look: &mut Looking<'_>,
    me: WorkerId,
    whose: Whose,
    page: usize,
) -> Result<PeoplePage, CareError> {
    let links = links_to(look, me, whose);
    let people = look.tx.list_people_in_order(&links).await?;
    let of_page: Vec<PersonId> = people.iter().skip((page - 1) * PAGE).take(PAGE).copied().collect();
    let lines = lines_of(look, &of_page).await?;
    Ok(PeoplePage { lines, whose, page, more: people.len() > page * PAGE })
}

async fn lines(look: &mut Looking<'_>, me: WorkerId, whose: Whose) -> Result<Vec<PersonLine>, CareError> {
    let links = links_to(look, me, whose);
    let people = look.tx.list_people_in_order(&links).await?;
    lines_of(look, &people).await
}

async fn lines_of(look: &mut Looking<'_>, people: &[PersonId]) -> Result<Vec<PersonLine>, CareError> {
    let mut lines = Vec::new();
    for About { person, world, records } in look.worlds_and_open(people).await? {
        let Some(guarded) = records.first::<Person>()? else { continue };
        let item = guarded.item().clone();
        let ask = look.batch.ask(Action::View);
        if look.batch.permit(&world, &item, &ask).is_ok() {
            if let Some(p) = look.listed(&world, guarded, &ask) {
                lines.push(PersonLine {
                    person,
                    called: p.value.called.clone(),
                    state: kith_domain::record::Record::state(&p.value),
                    next: Some(p.value.next.clone()),
                    heard_at: p.value.heard_at,
                    lead: look.who.partnership.holder_today(&p.value.holder, true, look.who.now).lead,
                });
            }
        } else if let Some(called) = look.name(&world, guarded) {
            lines.push(PersonLine { person, called, state: "open", next: None, heard_at: None, lead: None });
        }
    }
    lines.sort_by(|a, b| {
        (kith_domain::text::fold(&a.called), a.person).cmp(&(kith_domain::text::fold(&b.called), b.person))
    });
    Ok(lines)
}

async fn page(look: &mut Looking<'_>, person: PersonId) -> Result<PersonPage, CareError> {
    let about = look.about(person).await?;
    let facts = look.facts(&about)?;
    let held = holding(&look.who.partnership.facts, &facts, look.who.now);
    let may_change = look.may_open::<Person>(&about, person, Action::Update);
    let also = look.kith.also_here(look, &facts.person).await?;
    Ok(PersonPage {
        also,
        sections: look.all(&about)?,
        goals: look.all(&about)?,
        notes: look.all(&about)?,
        involved: look.all(&about)?,
        supporters: look.all(&about)?,
        held,
        may_change,
        facts,
    })
}

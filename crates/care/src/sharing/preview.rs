//! What an organisation would see today, by asking the rules as its workers would. Only
//! what the reader of the page may see themselves is asked about, so that a preview never
//! tells more than the page.

use crate::error::CareError;
use crate::look::{About, Looking};
use crate::principal::{Identity, Principal, access_role};
use kith_access::{Action, Actor, Batch, Item, PersonWorld};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::OrganisationId;
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Note, Part, PlanSection, Step};
use kith_domain::record::{Record, Saved};
use kith_domain::supporter::Supporter;

/// Something that can be seen, as a heading.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    pub item: Item,
    pub text: String,
}

/// Everything of a person that this reader may see, as headings.
pub(crate) fn headings(look: &mut Looking<'_>, about: &About) -> Result<Vec<Heading>, CareError> {
    let own = matches!(look.who.identity, Identity::Person { .. });
    let said = |mine: &str, theirs: &str| if own { mine.to_owned() } else { theirs.to_owned() };
    let mut all = Vec::new();
    let mut add = |item: Item, text: String| all.push(Heading { item, text });
    for p in look.all::<Person>(about)? {
        add(Item::of_saved(&p), said("Your name and how to reach you", "Their name and how to reach them"));
    }
    for s in look.all::<PlanSection>(about)? {
        let text = match (s.value.part, s.value.area) {
            (Part::Area, Some(area)) => area.title().to_owned(),
            (part, _) => part.title().to_owned(),
        };
        add(Item::of_saved(&s), text);
    }
    for n in look.all::<Need>(about)? {
        add(Item::of_saved(&n), format!("{}: {}", said("What you need", "What they need"), n.value.words));
    }
    for g in look.all::<Goal>(about)? {
        add(Item::of_saved(&g), format!("{}: {}", said("What you want", "What they want"), g.value.words));
    }
    for s in look.all::<Step>(about)? {
        add(Item::of_saved(&s), format!("A step: {}", s.value.what));
    }
    for n in look.all::<Note>(about)? {
        add(
            of_note(&n),
            said("A note that a worker wrote about you. You can ask to read it", "A note in their story"),
        );
    }
    for s in look.all::<Supporter>(about)? {
        add(Item::of_saved(&s), said("Somebody who stands beside you", "Somebody who stands beside them"));
    }
    Ok(all)
}

fn of_note(note: &Saved<Note>) -> Item {
    Item::of(Note::KIND, &note.meta, note.value.label())
}

/// The headings that at least one worker of this organisation could open now. Equal
/// headings are shown once.
pub(crate) fn would_see(
    look: &Looking<'_>,
    world: &PersonWorld,
    all: &[Heading],
    organisation: OrganisationId,
) -> Vec<String> {
    let who = look.who;
    let standing = who.partnership.standing(Some(organisation), who.now);
    let mut seen = vec![false; all.len()];
    for actor in actors_of(who, organisation) {
        let mut batch = Batch::new(look.kith.decider(), &actor, &standing, who.now);
        let ask = batch.ask(Action::View);
        for (heading, seen) in all.iter().zip(&mut seen) {
            *seen = *seen || batch.permit(world, &heading.item, &ask).is_ok();
        }
    }
    let mut texts: Vec<String> =
        all.iter().zip(seen).filter(|(_, seen)| *seen).map(|(h, _)| h.text.clone()).collect();
    texts.dedup();
    texts
}

/// Every worker of an organisation in every role they have there today.
pub(crate) fn actors_of(who: &Principal, organisation: OrganisationId) -> Vec<Actor> {
    let partnership = &who.partnership;
    let today = partnership.today(who.now);
    let workers = partnership.facts.workers.iter().filter(|(_, w)| w.active(today));
    workers
        .flat_map(|(id, worker)| {
            let here =
                worker.memberships.iter().filter(|m| m.organisation == organisation && m.in_date(today));
            here.map(|m| {
                let teams = partnership.teams_of(*id, organisation, who.now);
                Actor::worker(*id, organisation, access_role(m.role), teams, who.now)
            })
        })
        .collect()
}

/// The purposes of an organisation's own work, as its workers' roles have them: what a
/// standing agreement with it is for.
pub fn purposes_of(who: &Principal, organisation: OrganisationId) -> Vec<String> {
    let mut purposes: Vec<String> = actors_of(who, organisation)
        .into_iter()
        .filter(|a| Area::SIX.into_iter().any(|area| a.role.ceiling(area).is_some()))
        .map(|a| a.role.purpose_for(Action::View).code().to_owned())
        .collect();
    purposes.sort_unstable();
    purposes.dedup();
    purposes
}

/// The most that anybody of an organisation may see in each area, by the ceiling of their role.
pub fn most_there(who: &Principal, organisation: OrganisationId) -> Vec<(Area, Sensitivity)> {
    let there = actors_of(who, organisation);
    let most = |area| there.iter().filter_map(|a| a.role.ceiling(area)).max();
    Area::ALL.into_iter().filter_map(|area| Some((area, most(area)?))).collect()
}

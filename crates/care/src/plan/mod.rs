//! The plan: sections in the person's words, needs, goals, steps, next dates, drafts and
//! two editors of one section.

pub mod drafts;
pub mod goals;
pub mod guarding;
pub mod needs;
pub mod rewrite;
pub mod sections;
pub mod steps;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::Principal;
use kith_access::{Action, SafetyStub};
use kith_domain::area::Area;
use kith_domain::id::PersonId;
use kith_domain::need::Need;
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Part, PlanSection, Step, Telling};
use kith_domain::planning::NotPlanned;
use kith_domain::record::{Kind, Saved};
use kith_domain::referral::Referral;
use kith_domain::time::Instant;
use std::collections::BTreeMap;

/// Which section: a part, and for the six areas of life which one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SectionKey {
    /// The part.
    pub part: Part,
    /// The area, for [`Part::Area`].
    pub area: Option<Area>,
}

impl SectionKey {
    /// Every section a plan has, in its order.
    pub fn all() -> Vec<SectionKey> {
        let mut keys = Vec::new();
        for part in Part::ALL {
            match part {
                Part::Area => keys.extend(Area::SIX.map(|a| SectionKey { part, area: Some(a) })),
                _ => keys.push(SectionKey { part, area: None }),
            }
        }
        keys
    }

    /// Is this the section?
    pub fn is(&self, section: &PlanSection) -> bool {
        section.part == self.part && section.area == self.area
    }

    /// The heading on pages.
    pub fn title(&self) -> &'static str {
        self.area.map_or(self.part.title(), Area::title)
    }

    /// The end of its path: `matters`, `area/housing`.
    pub fn slug(&self) -> String {
        match self.area {
            Some(area) => format!("area/{}", area.code()),
            None => self.part.code().to_owned(),
        }
    }

    /// The name under which what is typed into its form is kept.
    pub fn form(&self, person: PersonId) -> String {
        format!("plan/{person}/{}", self.slug())
    }
}

/// A plan as a list of things to do together.
#[derive(Debug)]
pub struct PlanPage {
    /// Whose it is.
    pub person: Saved<Person>,
    /// The sections this reader may see.
    pub sections: Vec<Saved<PlanSection>>,
    /// That there is a safety plan which this reader may not see, and whom to ask.
    pub safety: Option<SafetyStub>,
    /// Needs.
    pub needs: Vec<Saved<Need>>,
    /// Help that was asked for.
    pub referrals: Vec<Saved<Referral>>,
    /// Goals.
    pub goals: Vec<Saved<Goal>>,
    /// Steps.
    pub steps: Vec<Saved<Step>>,
    /// What the person was told about.
    pub tellings: Vec<Saved<Telling>>,
    /// Sections this reader had begun to write and not saved, and when.
    pub begun: Vec<(SectionKey, Instant)>,
    /// Needs, goals and steps this reader had begun to put in other words, and when.
    pub rewriting: Vec<(String, Instant)>,
    /// May this reader change the plan?
    pub may_change: bool,
}

impl Kith {
    /// The parts of life in which this reader may write something new of this kind about a person: what
    /// the form for it offers.
    ///
    /// # Errors
    /// In none, or there is no such person for this reader.
    pub async fn areas_to_add(
        &self,
        who: &Principal,
        person: PersonId,
        kind: Kind,
    ) -> Result<Vec<Area>, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = look.person(&about).and_then(|_| look.areas_to_add(&about, kind));
        look.finish_with(result).await
    }

    /// The plan of a person.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn plan(&self, who: &Principal, person: PersonId) -> Result<PlanPage, CareError> {
        let mut look = self.look(who).await?;
        let result = plan(&mut look, person).await;
        look.finish_with(result).await
    }
}

async fn plan(look: &mut Looking<'_>, person: PersonId) -> Result<PlanPage, CareError> {
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    let sections: Vec<Saved<PlanSection>> = look.all(&about)?;
    let kept = look.tx.list_drafts(&look.who.key(), person).await?;
    let kept = kept.iter().filter_map(|(name, at)| Some((drafts::parts_of(name)?.0, *at)));
    // Of several in one form, the newest.
    let mut newest: BTreeMap<String, Instant> = BTreeMap::new();
    for (form, at) in kept {
        let last = newest.entry(form.to_owned()).or_insert(at);
        *last = at.max(*last);
    }
    let begun = SectionKey::all()
        .into_iter()
        .filter_map(|key| {
            let form = key.form(person);
            newest.get(&form).map(|at| (key, *at))
        })
        .collect();
    let rewriting = newest
        .iter()
        .filter_map(|(name, at)| Some((name.strip_prefix(&format!("plan/{person}/"))?.to_owned(), *at)))
        .filter(|(slug, _)| ["needs/", "goals/", "steps/"].iter().any(|kind| slug.starts_with(kind)))
        .collect();
    let may_change = look.may_open::<Person>(&about, person, Action::Update);
    Ok(PlanPage {
        rewriting,
        safety: safety_stub(look, &about, &sections)?,
        needs: look.all(&about)?,
        referrals: look.all(&about)?,
        goals: look.all(&about)?,
        steps: look.all(&about)?,
        tellings: look.all(&about)?,
        person: saved,
        sections,
        begun,
        may_change,
    })
}

/// That a safety plan exists and whom to ask, for a reader who may know that and no more.
pub(crate) fn safety_stub(
    look: &mut Looking<'_>,
    about: &About,
    seen: &[Saved<PlanSection>],
) -> Result<Option<SafetyStub>, CareError> {
    if seen.iter().any(|s| s.value.part == Part::Safety) {
        return Ok(None);
    }
    let ask = look.batch.ask(Action::SeeStub);
    for guarded in about.records.of::<PlanSection>()? {
        if guarded.item().label.area != Area::Safety {
            continue;
        }
        let item = guarded.item().clone();
        let Ok(permit) = look.permit(&about.world, &item, &ask) else { continue };
        if let Ok(stub) = guarded.stub().open(&permit) {
            return Ok(Some(stub));
        }
    }
    Ok(None)
}

/// Who holds what this worker begins: they themselves, in the team that holds plans if
/// they are in one.
pub(crate) fn own_holder(who: &Principal) -> Result<Holder, CareError> {
    let (me, organisation) = who.worker()?;
    let today = who.partnership.today(who.now);
    let team = who.partnership.navigating_team(who, today).or_else(|| who.actor.teams.first().copied());
    let team = team.ok_or_else(|| CareError::refused("You are in no team at the moment. Ask your lead."))?;
    Ok(Holder { organisation, team, lead: Some(me) })
}

/// A refusal of the rules, at the field it is about.
pub(crate) fn at_field(field: &'static str) -> impl Fn(NotPlanned) -> CareError {
    move |why| match &why {
        NotPlanned::NextDate(bad) => {
            let name = match crate::people::details::next_field(bad) {
                "on" => field,
                other => other,
            };
            CareError::field(name, format!("{why}."))
        }
        NotPlanned::Future | NotPlanned::Until { .. } => CareError::field(field, format!("{why}.")),
        _ => CareError::refused(format!("{why}.")),
    }
}

/// Somebody spoke to the person: written down on their own record, where this worker may.
pub(crate) async fn spoken_to(change: &mut crate::change::Changing<'_>) -> Result<(), CareError> {
    let Ok(saved) = change.open_person(Action::Update) else { return Ok(()) };
    let Ok(after) = kith_domain::life::spoken_to(&saved.value, change.who.now) else { return Ok(()) };
    change.save("spoken to", &saved, &after, None).await?;
    Ok(())
}

//! Tell and go along: support without a referral. Who told whom about what, who will go
//! with them, and a day to ask "did you get there?". No packet is made and no name leaves.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::plan::{at_field, own_holder, spoken_to};
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::id::{NeedId, PersonId, RecordId, TellingId};
use kith_domain::need::Need;
use kith_domain::next_date::check_day;
use kith_domain::person::Person;
use kith_domain::plan::{Telling, TellingOutcome, ToldAbout};
use kith_domain::planning::telling_answered;
use kith_domain::record::{Author, Kind, Saved};
use kith_domain::time::Day;
use uuid::Uuid;

/// What somebody is told about, before it is written down.
#[derive(Debug)]
pub struct TellPage {
    /// Whom.
    pub person: Saved<Person>,
    /// Something of the directory, with its name and area; none for a free name.
    pub about: Option<(ToldAbout, String, Area)>,
    /// The need it is for.
    pub need: Option<Saved<Need>>,
    /// The parts of life in which this reader may write it down.
    pub areas: Vec<Area>,
}

/// A telling to be written down.
#[derive(Clone, Debug)]
pub struct NewTelling {
    /// A service or group of the directory, or something else.
    pub about: ToldAbout,
    /// Its name, when it is not in the directory.
    pub name: Option<String>,
    /// In which area of life, when neither directory nor need says.
    pub area: Option<Area>,
    /// For which need.
    pub need: Option<NeedId>,
    /// Who will go with them.
    pub goes_along: Option<String>,
    /// The day to ask: did you get there?
    pub ask_on: Day,
}

/// A telling for reading.
#[derive(Debug)]
pub struct TellingPage {
    /// Whom.
    pub person: Saved<Person>,
    /// What they were told.
    pub telling: Saved<Telling>,
    /// The need it was for, where this reader may see that.
    pub need: Option<NeedId>,
    /// May this reader answer for them?
    pub may_change: bool,
}

impl Kith {
    /// What the form for telling somebody needs.
    ///
    /// # Errors
    /// The person may not be seen.
    pub async fn tell_page(
        &self,
        who: &Principal,
        person: PersonId,
        about: ToldAbout,
        need: Option<NeedId>,
    ) -> Result<TellPage, CareError> {
        let mut look = self.look(who).await?;
        let result = tell_page(&mut look, person, about, need).await;
        look.finish_with(result).await
    }

    /// Writes down that somebody was told about something.
    ///
    /// # Errors
    /// The day cannot be, nothing is named, or it is refused.
    pub async fn tell_about(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewTelling,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let today = who.partnership.today(who.now);
        check_day(new.ask_on, today, who.partnership.settings())
            .map_err(|why| CareError::field("ask", format!("{why}.")))?;
        let holder = own_holder(who)?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let listed = self.directory(&mut change.tx).await.map(|d| listed(&d, new.about))?;
        let need = match new.need {
            Some(need) => Some(change.open::<Need>(need, Action::View)?),
            None => None,
        };
        let Some(name) = listed.as_ref().map(|(name, _)| name.clone()).or_else(|| new.name.clone()) else {
            return Err(CareError::field("name", "Say what you told them about."));
        };
        let area = need.as_ref().map(|n| n.value.area).or(new.area).or(listed.map(|(_, area)| area));
        let telling = Telling {
            area: area.unwrap_or(Area::Connection),
            need: new.need,
            about: new.about,
            name,
            told_by: me,
            told_at: who.now,
            goes_along: new.goes_along.clone(),
            ask_on: new.ask_on,
            holder,
            outcome: None,
            words: None,
        };
        let id: TellingId = self.new_id();
        change.create_with_id(id, "told about it", organisation, &telling, Action::Create, None).await?;
        spoken_to(&mut change).await?;
        change.finish(&format!("/people/{person}/tellings/{id}")).await
    }

    /// What somebody was told about, and how it went.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn telling(
        &self,
        who: &Principal,
        person: PersonId,
        telling: TellingId,
    ) -> Result<TellingPage, CareError> {
        let mut look = self.look(who).await?;
        let result = telling_page(&mut look, person, telling).await;
        look.finish_with(result).await
    }

    /// Writes down what the person said when they were asked.
    ///
    /// # Errors
    /// It has ended already, a day cannot be, or it is refused.
    pub async fn answer_telling(
        &self,
        who: &Principal,
        person: PersonId,
        (telling, version): (TellingId, u32),
        (outcome, words, again): (TellingOutcome, Option<String>, Option<Day>),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let today = who.partnership.today(who.now);
        let settings = who.partnership.settings();
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Telling>(telling, Action::Update)?;
        Changing::expect_version(&saved, version)?;
        let after = telling_answered(&saved.value, outcome, words, again, today, settings)
            .map_err(at_field("again"))?;
        let word = match outcome {
            TellingOutcome::GotThere => "got there",
            TellingOutcome::NotYet => "not there yet",
            TellingOutcome::NoThanks => "said no thanks",
        };
        change.save(word, &saved, &after, Some(Author::Person { person })).await?;
        spoken_to(&mut change).await?;
        change.finish(&format!("/people/{person}/tellings/{telling}")).await
    }
}

/// The name and first area of something in the directory.
fn listed(directory: &crate::directory::Directory, about: ToldAbout) -> Option<(String, Area)> {
    let found = match about {
        ToldAbout::Service(id) => {
            directory.services.get(&id).map(|s| (s.value.name.clone(), s.value.areas.first().copied()))
        }
        ToldAbout::Group(id) => {
            directory.groups.get(&id).map(|g| (g.value.name.clone(), g.value.areas.first().copied()))
        }
        ToldAbout::Other => None,
    };
    found.map(|(name, area)| (name, area.unwrap_or(Area::Connection)))
}

async fn tell_page(
    look: &mut Looking<'_>,
    person: PersonId,
    about: ToldAbout,
    need: Option<NeedId>,
) -> Result<TellPage, CareError> {
    let records = look.about(person).await?;
    let saved = look.person(&records)?;
    let directory = look.kith.directory(&mut look.tx).await?;
    let about = listed(&directory, about).map(|(name, area)| (about, name, area));
    let need = match need {
        Some(need) => {
            let ask = look.batch.ask(Action::View);
            look.one::<Need>(&records, need, &ask).ok()
        }
        None => None,
    };
    let areas = look.areas_to_add(&records, Kind::Telling)?;
    // For a need, or something of the directory, the part of life is settled.
    let settled = need.as_ref().map(|n| n.value.area).or(about.as_ref().map(|(_, _, area)| *area));
    if settled.is_some_and(|area| !areas.contains(&area)) {
        return Err(CareError::Forbidden(
            "You cannot write this down in this part of life. Tell whoever holds their plan.".into(),
        ));
    }
    Ok(TellPage { person: saved, about, need, areas })
}

async fn telling_page(
    look: &mut Looking<'_>,
    person: PersonId,
    telling: TellingId,
) -> Result<TellingPage, CareError> {
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    let ask = look.batch.ask(Action::View);
    let found = look.one::<Telling>(&about, telling, &ask)?;
    let may_change = look.may_open::<Telling>(&about, found.meta.id, Action::Update);
    let needs: Vec<Saved<Need>> = look.all(&about)?;
    let need = found.value.need.filter(|id| needs.iter().any(|n| n.meta.id == RecordId::from(*id)));
    Ok(TellingPage { person: saved, telling: found, need, may_change })
}

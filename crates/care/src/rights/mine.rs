//! What a person asks for by right, from their own pages: to ask, to see how it goes, to take
//! it back.

use super::hidden;
use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::About;
use crate::mine::{Reader, plan_reader, reader, word_needed};
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::id::{OrganisationId, RecordId};
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::right::deal::{take_back, who_answers};
use kith_domain::right::{AnswerWay, CameAs, Right, RightKind, RightRule, answer_day, rule};
use kith_domain::supporter::Involvement;
use kith_domain::time::Day;
use uuid::Uuid;

/// Something asked for, before it is held.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What.
    pub kind: RightKind,
    /// In their words.
    pub words: Option<String>,
    /// How they want the answer.
    pub way: AnswerWay,
    /// How it came.
    pub came: CameAs,
    /// The day it was asked: today on the person's own pages.
    pub asked_on: Day,
    /// Which organisations are asked. Each answers for what it keeps.
    pub organisations: Vec<OrganisationId>,
}

/// A request of the person's, and who answers it.
#[derive(Clone, Debug)]
pub struct MyRight {
    /// The request.
    pub right: Saved<Right>,
    /// Who answers.
    pub reader: Reader,
    /// The name of the organisation that is asked.
    pub organisation: String,
    /// The days, and where they come from.
    pub rule: RightRule,
}

/// What a page to ask needs: whom to ask, and who reads it.
#[derive(Clone, Debug)]
pub struct Heard {
    /// How the person is called.
    pub called: String,
    /// The organisations that help them, by name; the one that holds the plan first.
    pub organisations: Vec<(OrganisationId, String)>,
    /// Whom to ask about data at each of them.
    pub contacts: Vec<(String, String)>,
    /// Who holds the plan.
    pub holds_plan: Reader,
}

/// The person's rights page.
#[derive(Clone, Debug)]
pub struct MyRights {
    /// What they asked for, the newest first.
    pub asked: Vec<MyRight>,
    /// Whom they can ask.
    pub heard: Heard,
}

impl Kith {
    /// What the person asked for, and whom they can ask.
    ///
    /// # Errors
    /// It is not a person who asks, or a code alone does not reach this far.
    pub async fn my_rights(&self, who: &Principal) -> Result<MyRights, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = match heard(&mut look, &about) {
            Ok(heard) => look.all::<Right>(&about).map(|all| MyRights { asked: asked(who, all), heard }),
            Err(e) => Err(e),
        };
        look.finish_with(word_needed(who, result)).await
    }

    /// Asks. Each organisation that is asked answers for itself.
    ///
    /// # Errors
    /// A field needs another look, or a code alone does not reach this far.
    pub async fn ask_by_right(
        &self,
        who: &Principal,
        asking: &Asking,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let them = change.open_person(Action::Contribute)?;
        for right in made(who, &them, asking)? {
            let owner = right.holder.organisation;
            change.create("asked by right", owner, &right, Action::Contribute, None).await?;
        }
        change.finish(answer).await
    }

    /// Takes it back. No reason is asked.
    ///
    /// # Errors
    /// It is over, or it is not theirs.
    pub async fn take_back_right(
        &self,
        who: &Principal,
        id: RecordId,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Right>(id, Action::Contribute).map_err(hidden)?;
        let after = take_back(&saved.value, who.now).map_err(|e| CareError::refused(format!("{e}.")))?;
        change.save("taken back", &saved, &after, None).await?;
        change.finish(answer).await
    }
}

fn asked(who: &Principal, mut all: Vec<Saved<Right>>) -> Vec<MyRight> {
    all.sort_by_key(|r| std::cmp::Reverse((r.value.made_at, r.meta.id)));
    let p = &who.partnership;
    let of = |right: Saved<Right>| {
        let holder = p.holder_today(&right.value.holder, false, who.now);
        let reader = Reader { by: right.value.next_day(), ..reader(who, &holder) };
        let organisation = p.organisation_name(right.value.organisation).unwrap_or_default();
        let rule = rule(right.value.kind, p.settings());
        MyRight { right, reader, organisation, rule }
    };
    all.into_iter().map(of).collect()
}

/// Whom the person can ask: who holds their plan, who supports them, who was sent something.
/// Only what the asker may see of it counts, so that the list tells nothing new.
pub(super) fn heard(look: &mut crate::Looking<'_>, about: &About) -> Result<Heard, CareError> {
    let person = look.person(about)?;
    let who = look.who;
    let p = &who.partnership;
    let plan = p.holder_today(&person.value.holder, true, who.now);
    let involved = look.all::<Involvement>(about)?;
    let sent = look.all::<Referral>(about)?;
    let mut ids = vec![plan.organisation, person.value.holder.organisation];
    ids.extend(involved.iter().map(|i| i.value.organisation));
    ids.extend(sent.iter().map(|r| r.value.receiver.organisation));
    let mut organisations: Vec<(OrganisationId, String)> = Vec::new();
    for id in ids {
        let known = organisations.iter().any(|(o, _)| *o == id);
        if let (false, Some(name)) = (known, p.organisation_name(id)) {
            organisations.push((id, name));
        }
    }
    let contact = |(id, name): &(OrganisationId, String)| {
        let agreement = p.organisation(*id)?.agreement.as_ref()?;
        Some((name.clone(), agreement.data_protection_contact.clone()))
    };
    let contacts = organisations.iter().filter_map(contact).collect();
    let holds_plan = plan_reader(who, &person.value);
    Ok(Heard { called: person.value.called.clone(), organisations, contacts, holds_plan })
}

/// The requests as they are held: one for each organisation that is asked.
pub(super) fn made(who: &Principal, them: &Saved<Person>, asking: &Asking) -> Result<Vec<Right>, CareError> {
    let p = &who.partnership;
    let today = p.today(who.now);
    if asking.kind.needs_words() && asking.words.is_none() {
        return Err(CareError::field("words", "Write what it is about, in a few words."));
    }
    if asking.asked_on > today {
        return Err(CareError::field("asked_on", "The day it was asked is not in the future."));
    }
    let plan = p.holder_today(&them.value.holder, true, who.now);
    // An advocate is looked for by whoever holds the plan: there is one to ask.
    let organisations = match asking.kind {
        RightKind::Advocate => vec![plan.organisation],
        _ => asking.organisations.clone(),
    };
    if organisations.is_empty() {
        return Err(CareError::field("organisations", "Choose who is asked."));
    }
    if organisations.iter().any(|o| p.organisation(*o).is_none()) {
        return Err(CareError::Missing);
    }
    let (say_by, answer_by) = answer_day(asking.kind, asking.asked_on, p.settings(), &p.facts.calendar);
    let of = |organisation: OrganisationId| Right {
        kind: asking.kind,
        called: them.value.called.clone(),
        words: asking.words.clone(),
        organisation,
        asked_on: asking.asked_on,
        made_at: who.now,
        came: asking.came,
        way: asking.way,
        holder: who_answers(&p.facts, asking.kind, organisation, plan, today),
        say_by,
        answer_by,
        said: None,
        more_time: None,
        second: None,
        lines: Vec::new(),
        release: None,
        went: None,
        ended: None,
    };
    Ok(organisations.into_iter().map(of).collect())
}

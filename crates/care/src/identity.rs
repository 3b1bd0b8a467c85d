//! Who somebody is: pairs that may be one person, for the two who are named to decide. What they
//! open are reasons, references and whom to ask; nothing of anybody's plan. A link moves
//! nothing and lets nobody see more.

use crate::change::Begun;
use crate::coming_in::reference;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use crate::telling_outside::person_as_job;
use kith_access::{Action, Guarded, PersonWorld};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::identity::{NotJoined, link, say, to_look_at, undo};
use kith_domain::link as links;
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Note, PlanSection, Step, Telling};
use kith_domain::record::{Kind, Meta, Record, Saved};
use kith_domain::referral::Referral;
use kith_domain::supporter::{MatchDecision, PossibleMatch};
use kith_store::Personal;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Pairs on one list.
const MOST: u32 = 100;

/// One of the two, as those who decide see it.
#[derive(Clone, Debug)]
pub struct OneOfTwo {
    /// The short reference.
    pub reference: String,
    /// Who holds the plan: whom to ask.
    pub ask: String,
    /// Of which organisation.
    pub organisation: String,
    /// The team's number.
    pub phone: Option<String>,
}

/// Something that was written while two records were linked.
#[derive(Clone, Debug)]
pub struct WrittenSince {
    /// On whose record.
    pub reference: String,
    /// What kind.
    pub kind: &'static str,
    /// Its own reference.
    pub item: String,
}

/// A pair.
#[derive(Debug)]
pub struct Pair {
    /// The pair.
    pub saved: Saved<PossibleMatch>,
    /// The two.
    pub two: [OneOfTwo; 2],
    /// Has the reader said what they think?
    pub said: bool,
    /// Are they linked now?
    pub linked: bool,
    /// What was written on either since they were linked, or until that was undone.
    pub since: Vec<WrittenSince>,
}

fn at_field(why: NotJoined) -> CareError {
    match why {
        NotJoined::NoWords => CareError::field("words", format!("{why}.")),
        _ => CareError::refused(format!("{why}.")),
    }
}

/// That there is a pair is nobody's to know but those who decide (rule K1).
fn hidden(error: CareError) -> CareError {
    match error {
        CareError::Forbidden(_) => CareError::Missing,
        other => other,
    }
}

impl Kith {
    /// The pairs of whoever asks: open ones first.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn pairs_with_me(&self, who: &Principal) -> Result<Vec<Saved<PossibleMatch>>, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let ask = look.batch.ask(Action::ResolveMatch);
        let mut found: BTreeMap<RecordId, Saved<PossibleMatch>> = BTreeMap::new();
        let near: Vec<Guarded<Saved<PossibleMatch>>> =
            look.tx.list_linked(links::OWNER_WORKER, me, false, MOST).await?;
        for guarded in near {
            let Some(person) = guarded.item().person else { continue };
            let world = look.about(person).await?.world;
            let Some(pair) = look.listed(&world, guarded, &ask) else { continue };
            found.insert(pair.meta.id, pair);
        }
        look.finish().await?;
        let mut all: Vec<Saved<PossibleMatch>> = found.into_values().collect();
        all.sort_by_key(|m| (!m.value.open(), std::cmp::Reverse(m.meta.created), m.meta.id));
        Ok(all)
    }

    /// One pair.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn pair(&self, who: &Principal, id: RecordId) -> Result<Pair, CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        let result = pair(&mut look, id).await.map_err(hidden);
        look.finish_with(result).await
    }

    /// Says what one thinks. When that decides that they are one person, the link is written in
    /// the same transaction; never otherwise.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn say_who(
        &self,
        who: &Principal,
        id: RecordId,
        what: (MatchDecision, &str, bool),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let person = self.whose_pair(id).await?.ok_or(CareError::Missing)?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<PossibleMatch>(id, Action::ResolveMatch).map_err(hidden)?;
        let after = say(&saved.value, me, what, who.now).map_err(at_field)?;
        change.save("said whether two records are one person", &saved, &after, None).await?;
        if after.decided == Some(MatchDecision::Same) {
            let (one, other) = self.both(&mut change, &after).await?;
            let linked = link(&after, &one.value, &other.value).map_err(at_field)?;
            change.save("linked as one person", &one, &linked, None).await?;
        }
        change.finish(&format!("/identity/{id}")).await
    }

    /// Undoes a link. Both are as they would be without it.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn undo_link(
        &self,
        who: &Principal,
        id: RecordId,
        words: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let person = self.whose_pair(id).await?.ok_or(CareError::Missing)?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<PossibleMatch>(id, Action::ResolveMatch).map_err(hidden)?;
        let world = change.world.clone();
        let one = person_as_job(self, &mut change.tx, &world, person, who.now).await?;
        let (after, alone) = undo(&saved.value, &one.value, me, words, who.now).map_err(at_field)?;
        change.save("link undone", &saved, &after, None).await?;
        change.save("link undone", &one, &alone, None).await?;
        change.finish(&format!("/identity/{id}")).await
    }

    /// Both people, read for this decision by the program: neither page is shown to anybody.
    async fn both(
        &self,
        change: &mut crate::Changing<'_>,
        m: &PossibleMatch,
    ) -> Result<(Saved<Person>, Saved<Person>), CareError> {
        let now = change.who.now;
        let world = change.world.clone();
        let one = person_as_job(self, &mut change.tx, &world, m.one, now).await?;
        let other = PersonWorld::of(m.other);
        let other = person_as_job(self, &mut change.tx, &other, m.other, now).await?;
        Ok((one, other))
    }

    async fn whose_pair(&self, id: RecordId) -> Result<Option<PersonId>, CareError> {
        let mut tx = self.store().read().await?;
        Ok(tx.find::<PossibleMatch>(id).await?.and_then(|g| g.item().person))
    }

    /// The other records of somebody, as far as whoever looks may see the name on each: a link
    /// opens nothing.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn also_here(
        &self,
        look: &mut Looking<'_>,
        person: &Saved<Person>,
    ) -> Result<Vec<(PersonId, String)>, CareError> {
        let mut found = Vec::new();
        for other in person.value.also.iter().copied() {
            let about = look.about(other).await?;
            let Some(guarded) = about.records.first::<Person>()? else { continue };
            found.extend(look.name(&about.world, guarded).map(|name| (other, name)));
        }
        Ok(found)
    }
}

async fn pair(look: &mut Looking<'_>, id: RecordId) -> Result<Pair, CareError> {
    let (me, _) = look.who.worker()?;
    let ask = look.batch.ask(Action::ResolveMatch);
    let Some(guarded) = look.tx.find::<PossibleMatch>(id).await? else {
        look.batch.missing(&ask);
        return Err(CareError::Missing);
    };
    let person = guarded.item().person.ok_or(CareError::Missing)?;
    let world = look.about(person).await?.world;
    let saved = look.open(&world, guarded, &ask)?;
    let m = &saved.value;
    let linked = m.decided == Some(MatchDecision::Same);
    let until = m.undone.as_ref().map_or(look.who.now, |u| u.at);
    let was_linked = m.decided_at.filter(|_| linked || m.undone.is_some());
    let since = match was_linked {
        Some(from) => since(look, m, (from, until)).await?,
        None => Vec::new(),
    };
    let two = [one_of(look, m.one).await?, one_of(look, m.other).await?];
    let said = m.said.iter().any(|s| s.by == me);
    Ok(Pair { two, said, linked, since, saved })
}

/// Whom to ask about one of them: who holds the plan today. Read from the world around the
/// person, which every decision needs, and not from their record.
async fn one_of(look: &mut Looking<'_>, person: PersonId) -> Result<OneOfTwo, CareError> {
    let world = look.about(person).await?.world;
    let p = &look.who.partnership;
    let holder = world.passed_on.as_ref().map(|x| &x.to).or(world.holder.as_ref());
    let team = holder.and_then(|h| h.team);
    let lead = holder.and_then(|h| h.lead).map(|w| p.worker_name(w));
    Ok(OneOfTwo {
        reference: reference(person.into()),
        ask: lead.or_else(|| team.map(|t| p.team_name(t))).unwrap_or_default(),
        organisation: holder.and_then(|h| p.organisation_name(h.organisation)).unwrap_or_default(),
        phone: team.and_then(|t| p.team(t)).and_then(|t| t.phone.clone()),
    })
}

/// What was written on either while they were linked: kinds and references, never content.
async fn since(
    look: &mut Looking<'_>,
    m: &PossibleMatch,
    (from, until): (kith_domain::time::Instant, kith_domain::time::Instant),
) -> Result<Vec<WrittenSince>, CareError> {
    let mut found = Vec::new();
    for person in [m.one, m.other] {
        let records = look.tx.list_of_person(person).await?;
        let mut metas: Vec<(Kind, Meta)> = Vec::new();
        macro_rules! each {
            ($($kind:ty),+) => { $( metas.extend(metas_of::<$kind>(&records)?); )+ };
        }
        each!(PlanSection, Need, Goal, Step, Referral, Telling, Note);
        let within = to_look_at(from, until, metas.iter().map(|(kind, meta)| (*kind, meta)));
        found.extend(within.into_iter().map(|(person, kind, meta)| WrittenSince {
            reference: reference(person.into()),
            kind: words_of(kind),
            item: reference(meta.id),
        }));
    }
    Ok(found)
}

fn metas_of<T: Personal>(records: &kith_store::read::PersonRecords) -> Result<Vec<(Kind, Meta)>, CareError> {
    let of = |g: &Guarded<Saved<T>>| {
        let i = g.item();
        let meta = Meta {
            id: i.id,
            version: i.version,
            at: i.created,
            created: i.created,
            author: i.created_by,
            created_by: i.created_by,
            recorded_for: None,
            person: i.person,
            owner: i.owner,
            entered_in_error: false,
        };
        (i.kind, meta)
    };
    Ok(records.of::<T>()?.iter().map(of).collect())
}

fn words_of(kind: Kind) -> &'static str {
    match kind {
        Kind::PlanSection => "A part of the plan",
        Kind::Need => "A need",
        Kind::Goal => "A goal",
        Kind::Step => "A step",
        Kind::Referral => "A request",
        Kind::Telling => "A place they were told about",
        _ => "A note",
    }
}

//! The pages of a supporter: what the person lets them see, who holds what next, and a way to
//! tell the team something, which needs nobody's agreement.
//!
//! What they saw is kept with them, each record with its version, whenever it has changed. When
//! somebody may be pressing the person, that is exactly what they go on seeing (rule R08 as
//! amended): the same page, by the same function, over the versions of then.

use crate::change::Begun;
use crate::error::CareError;
use crate::holding::Checking;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::mine::reader;
use crate::principal::Principal;
use kith_access::{Action, PersonWorld};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{PersonId, RecordId, SupporterId};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::need::Need;
use kith_domain::organisation::Holder;
use kith_domain::plan::{Goal, Part, PlanSection, Step};
use kith_domain::record::{Author, Record, Saved};
use kith_domain::supporter::{Seen, Supporter};
use kith_domain::time::{Day, Instant};
use kith_store::chain::ChainKind;
use kith_store::look::Outcome;
use kith_store::read::PersonRecords;
use kith_store::{Personal, Tx, Writing};
use uuid::Uuid;

/// What a supporter may see.
#[derive(Debug)]
pub struct BesidePage {
    /// Parts of the plan: heading and lines.
    pub parts: Vec<(String, Vec<String>)>,
    /// What happens next, on which day, and who holds it.
    pub next: Vec<(String, Day, String)>,
}

/// What a supporter told the team, without the words: they wrote them.
#[derive(Debug)]
pub struct ToldPage {
    /// When, read by which day, and when it was read.
    pub told: Vec<(Instant, Day, Option<Instant>)>,
    /// Which team reads it.
    pub team: String,
    /// By when.
    pub by: Day,
    /// How to ring them.
    pub phone: Option<String>,
}

/// What was read for one page.
#[derive(Default)]
struct Found {
    sections: Vec<Saved<PlanSection>>,
    needs: Vec<Saved<Need>>,
    goals: Vec<Saved<Goal>>,
    steps: Vec<Saved<Step>>,
}

impl Found {
    fn items(&self) -> Vec<(RecordId, u32)> {
        let sections = self.sections.iter().map(|s| &s.meta);
        let needs = self.needs.iter().map(|s| &s.meta);
        let goals = self.goals.iter().map(|s| &s.meta);
        let steps = self.steps.iter().map(|s| &s.meta);
        let all = sections.chain(needs).chain(goals).chain(steps);
        let mut items: Vec<_> = all.map(|m| (m.id, m.version)).collect();
        items.sort_unstable();
        items
    }
}

impl Kith {
    /// A supporter's own record, read as the program itself: whether they may come in, and what
    /// they had seen. Nothing of it is shown by this.
    pub(crate) async fn supporter_of(
        &self,
        tx: &mut Tx,
        person: PersonId,
        supporter: SupporterId,
        now: Instant,
    ) -> Result<Option<Saved<Supporter>>, CareError> {
        let records = tx.list_of_person(person).await?;
        let world = records.world(person, self.calendar())?;
        Ok(as_job::<Supporter>(self, &world, &records, now)?
            .into_iter()
            .find(|s| s.id::<SupporterId>() == supporter))
    }

    /// What the supporter may see now.
    ///
    /// # Errors
    /// It is not a supporter who asks, or the database could not do it.
    pub async fn beside_page(&self, who: &Principal) -> Result<BesidePage, CareError> {
        let (me, person) = who.supporter()?;
        loop {
            let mut look = self.look(who).await?;
            let about = look.about(person).await?;
            let record = as_job::<Supporter>(self, &about.world, &about.records, who.now)?;
            let record = record.into_iter().find(|s| s.id::<SupporterId>() == me);
            let stopped = stopped(&about.world, me, who.now);
            let found = match stopped {
                false => current(&mut look, &about),
                true => frozen(&mut look, &about, me).await,
            };
            let found = look.finish_with(found).await?;
            let items = found.items();
            let before = record.and_then(|s| s.value.seen).map(|s| s.items).unwrap_or_default();
            // What is about to be shown is written down first, under the lock, and only while
            // nothing is frozen.
            if stopped || items == before || self.keep_seen(who, (me, person), items).await? {
                return Ok(page(who, &found));
            }
        }
    }

    async fn keep_seen(
        &self,
        who: &Principal,
        (me, person): (SupporterId, PersonId),
        items: Vec<(RecordId, u32)>,
    ) -> Result<bool, CareError> {
        let mut tx = self.store().write().await?;
        tx.lock(ChainKind::Person, &[person.0]).await?;
        let records = tx.list_of_person(person).await?;
        let world = records.world(person, self.calendar())?;
        if stopped(&world, me, who.now) {
            return Ok(false);
        }
        let all = as_job::<Supporter>(self, &world, &records, who.now)?;
        let Some(saved) = all.into_iter().find(|s| s.id::<SupporterId>() == me) else { return Ok(true) };
        let writing = Writing {
            at: who.now,
            author: who.actor.author(),
            recorded_for: None,
            basis: "supporter".to_owned(),
        };
        let after = Supporter { seen: Some(Seen { at: who.now, items }), ..saved.value.clone() };
        tx.change(&writing, "looked", &saved.meta, &after).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What they told the team before, and who reads what they tell now.
    ///
    /// # Errors
    /// It is not a supporter who asks.
    pub async fn told_team(&self, who: &Principal) -> Result<ToldPage, CareError> {
        let (me, person) = who.supporter()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let messages = as_job::<Message>(self, &about.world, &about.records, who.now)?;
        look.finish().await?;
        let mine = messages.iter().filter(|m| m.value.from == Author::Supporter { supporter: me });
        let mut told: Vec<_> = mine
            .filter_map(|m| match m.value.to {
                MessageTo::Reader { read_by, .. } => Some((m.value.written_at, read_by, m.value.read_at)),
                _ => None,
            })
            .collect();
        told.sort_by_key(|t| std::cmp::Reverse(t.0));
        let reads = reader(who, &holder(who, &about.world));
        Ok(ToldPage { told, team: reads.team, by: reads.by, phone: reads.phone })
    }

    /// Tells the team something. Nobody has to agree that it is received; it is acknowledged,
    /// held until a day, and stands on no page of the person.
    ///
    /// # Errors
    /// It is not a supporter who asks.
    pub async fn tell_team(
        &self,
        who: &Principal,
        words: &str,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, person) = who.supporter()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let basis = change.permit_place(Action::AskForHelp)?;
        let known = self.supporter_of(&mut change.tx, person, me, who.now).await?;
        let who_told = known.map_or_else(
            || "Somebody who stands beside them".to_owned(),
            |s| format!("{} ({})", s.value.name, s.value.relation),
        );
        let to = holder(who, &change.world);
        let message = Message {
            kind: MessageKind::Notice,
            from: who.actor.author(),
            to: MessageTo::Reader { holder: to, read_by: reader(who, &to).by },
            words: format!("{who_told} told us: {words}"),
            area: Area::Identity,
            sensitivity: Sensitivity::S2,
            about: None,
            written_at: who.now,
            read_at: None,
            quiet: true,
            review: false,
            take_out: None,
        };
        let id = RecordId(Uuid::now_v7());
        change.create_permitted(id, "told by a supporter", to.organisation, &message, &basis, None).await?;
        change.finish(answer).await
    }
}

fn as_job<T: Personal>(
    kith: &Kith,
    world: &PersonWorld,
    records: &PersonRecords,
    now: Instant,
) -> Result<Vec<Saved<T>>, CareError> {
    let (actor, standing) = Kith::job(now);
    Checking::new(kith, &actor, &standing, now).open_all(world, records.of::<T>()?)
}

/// Is this supporter's view frozen or ended because somebody may be pressing the person?
fn stopped(world: &PersonWorld, me: SupporterId, now: Instant) -> bool {
    world.coercion.iter().any(|c| c.span.holds(now) && c.stops.as_ref().is_none_or(|who| who.contains(&me)))
}

/// Who holds the plan today, or the net.
fn holder(who: &Principal, world: &PersonWorld) -> Holder {
    let holds = world.passed_on.as_ref().map(|p| &p.to).or(world.holder.as_ref());
    let place = &who.partnership.place.value;
    let named = holds
        .and_then(|h| h.team.map(|team| Holder { organisation: h.organisation, team, lead: h.lead }))
        .unwrap_or(Holder { organisation: place.net_organisation, team: place.net_team, lead: None });
    who.partnership.holder_today(&named, true, who.now)
}

fn current(look: &mut Looking<'_>, about: &About) -> Result<Found, CareError> {
    Ok(Found {
        sections: look.all(about)?,
        needs: look.all(about)?,
        goals: look.all(about)?,
        steps: look.all(about)?,
    })
}

async fn frozen(look: &mut Looking<'_>, about: &About, me: SupporterId) -> Result<Found, CareError> {
    let all = about.world.coercion.iter().flat_map(|c| &c.frozen);
    let mut items: Vec<(RecordId, u32)> =
        all.filter(|(who, _, _)| *who == me).map(|(_, id, version)| (*id, *version)).collect();
    items.sort_unstable();
    items.dedup();
    if items.is_empty() {
        return Ok(Found::default());
    }
    let versions = look.tx.list_exactly(&items).await?;
    let ask = look.batch.ask(Action::View);
    let mut found = Found::default();
    for g in versions.of::<PlanSection>()? {
        found.sections.extend(look.quietly(&about.world, g, &ask, Outcome::Opened));
    }
    for g in versions.of::<Need>()? {
        found.needs.extend(look.quietly(&about.world, g, &ask, Outcome::Opened));
    }
    for g in versions.of::<Goal>()? {
        found.goals.extend(look.quietly(&about.world, g, &ask, Outcome::Opened));
    }
    for g in versions.of::<Step>()? {
        found.steps.extend(look.quietly(&about.world, g, &ask, Outcome::Opened));
    }
    Ok(found)
}

/// The page over these versions, whether they are the newest or those of then.
fn page(who: &Principal, found: &Found) -> BesidePage {
    let mut parts: Vec<(u8, String, Vec<String>)> = Vec::new();
    let mut add = |order: u8, title: &str, line: String| {
        if line.trim().is_empty() {
            return;
        }
        match parts.iter_mut().find(|(_, t, _)| t == title) {
            Some((_, _, lines)) => lines.push(line),
            None => parts.push((order, title.to_owned(), vec![line])),
        }
    };
    let place = |area: Area| Area::ALL.iter().position(|a| *a == area).unwrap_or(9) as u8 + 10;
    for s in &found.sections {
        let v = &s.value;
        let (order, title) = match (v.part, v.area) {
            (Part::Area, Some(area)) => (place(area), area.title()),
            (part, _) => (part as u8, part.title()),
        };
        add(order, title, v.words.clone());
        if !v.going_well.trim().is_empty() {
            add(order, title, format!("Going well: {}", v.going_well));
        }
        if !v.want_different.trim().is_empty() {
            add(order, title, format!("They want to be different: {}", v.want_different));
        }
    }
    for n in found.needs.iter().filter(|n| n.value.open()) {
        add(place(n.value.area), n.value.area.title(), format!("They need: {}", n.value.words));
    }
    for g in found.goals.iter().filter(|g| g.value.open()) {
        add(place(g.value.area), g.value.area.title(), format!("They want: {}", g.value.words));
    }
    parts.sort_by_key(|(order, _, _)| *order);
    let name = |h: &Holder| match h.lead {
        Some(lead) => who.partnership.worker_name(lead),
        None => who.partnership.team_name(h.team),
    };
    let needs = found.needs.iter().filter(|n| n.value.open());
    let steps = found.steps.iter().filter(|s| s.value.open());
    let mut next: Vec<(String, Day, String)> = needs
        .map(|n| (n.value.next.what.clone(), n.value.next.on, name(&n.value.holder)))
        .chain(steps.map(|s| (s.value.what.clone(), s.value.by, name(&s.value.holder))))
        .collect();
    next.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    BesidePage { parts: parts.into_iter().map(|(_, title, lines)| (title, lines)).collect(), next }
}

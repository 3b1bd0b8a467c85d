//! Who may read a line of the plan: a need, a goal, a step or a section. What each mark does is
//! decided by the access rules over the line's label, on every page alike; here it is put on
//! and taken off, by a worker who may change the line or by the person whose words it is.
//!
//! What quotes a line goes with it: words the person wrote about it, what the story says of a
//! step that moved, and what somebody had begun to write over it.

use super::SectionKey;
use super::rewrite::Living;
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::mine::word_needed;
use crate::people::marks::{
    at_marks, called, check_names, look_again, names_of, reviewed, sealed_ask, signed_in_lately,
};
use crate::principal::Principal;
use crate::sharing::preview::actors_of;
use kith_access::{Action, Ask, Batch, Draft, Item, Party, PersonWorld, Role};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::guarding::{
    LINE_HIDDEN, Line, LineMarked, Marker, NotGuarded, Wanted, guarded, marks_of, may_keep_from_them,
    stricter,
};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::marks::{HiddenReview, Marks};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::need::Need;
use kith_domain::organisation::Holder;
use kith_domain::plan::{Goal, Note, NoteKind, PlanSection, Step};
use kith_domain::record::{Kind, Label, Meta, Record, Saved};
use kith_domain::referral::{PacketLine, Referral};
use kith_store::Personal;
use kith_store::look::Outcome;
use kith_store::read::PersonRecords;
use uuid::Uuid;

/// Why a line waits to be guarded more.
const UNREAD: &str = "What was said about this still waits to be read, and would not be. Choose this once somebody has read it.";

/// A line of the plan, and how it is guarded.
#[derive(Debug)]
pub struct LinePage {
    /// The name the person likes to be called, where this reader may know it.
    pub called: Option<String>,
    /// What sort of line it is.
    pub kind: Kind,
    /// In which part of life.
    pub area: Area,
    /// What it says.
    pub says: String,
    /// Version, author and time.
    pub meta: Meta,
    /// How it is guarded now.
    pub marks: Marks,
    /// About somebody else: what they want to happen with it.
    pub wish: Option<String>,
    /// What was changed before, the oldest first.
    pub marked: Vec<LineMarked>,
    /// What this reader may do about it.
    pub may: May,
    /// Who could be named on it.
    pub could_be_named: Vec<(WorkerId, String)>,
}

/// What somebody may do about who reads a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct May {
    /// Mark it at all.
    pub mark: bool,
    /// Keep it from the person: hidden, or about somebody else.
    pub keep_from_them: bool,
    /// Seal it.
    pub seal: bool,
    /// It is a safety plan, which stays very private.
    pub only_very_private: bool,
}

/// A sealed line that names this reader; for the person, one of theirs.
#[derive(Debug)]
pub struct SealedLine {
    /// Which record.
    pub record: RecordId,
    /// What sort of line it is.
    pub kind: Kind,
    /// What it says.
    pub says: String,
    /// When it was last written.
    pub meta: Meta,
    /// Who can open it.
    pub names: Vec<String>,
}

/// Does this for whichever kind of line the record is; otherwise the other thing.
macro_rules! for_kind {
    ($there:expr, $what:ident => $do:expr, $other:expr) => {
        match $there {
            Some(Kind::Need) => {
                type $what = Need;
                $do
            }
            Some(Kind::Goal) => {
                type $what = Goal;
                $do
            }
            Some(Kind::Step) => {
                type $what = Step;
                $do
            }
            Some(Kind::PlanSection) => {
                type $what = PlanSection;
                $do
            }
            _ => $other,
        }
    };
}

/// Which kind of line a record is, before anything of it is opened.
pub(crate) fn kind_there(records: &PersonRecords, id: RecordId) -> Result<Option<Kind>, CareError> {
    Ok(match () {
        () if records.one::<Need>(id)?.is_some() => Some(Kind::Need),
        () if records.one::<Goal>(id)?.is_some() => Some(Kind::Goal),
        () if records.one::<Step>(id)?.is_some() => Some(Kind::Step),
        () if records.one::<PlanSection>(id)?.is_some() => Some(Kind::PlanSection),
        () => None,
    })
}

/// How a line is asked for: one that is sealed, under the rule for what is sealed.
fn asked(look: &Looking<'_>, about: &About, id: RecordId) -> Result<(Option<Kind>, Ask), CareError> {
    let kind = kind_there(&about.records, id)?;
    let sealed = sealed_at(about, id)?;
    let ask = if sealed { sealed_ask(look.who, Action::View) } else { look.batch.ask(Action::View) };
    Ok((kind, ask))
}

fn sealed_at(about: &About, id: RecordId) -> Result<bool, CareError> {
    for_kind!(kind_there(&about.records, id)?, T => sealed_there::<T>(about, id), Ok(false))
}

fn sealed_there<T: Personal>(about: &About, id: RecordId) -> Result<bool, CareError> {
    let found = about.records.one::<T>(id)?;
    Ok(found.is_some_and(|g| g.item().label.sensitivity == Sensitivity::S4))
}

impl Kith {
    /// A line of the plan for a worker who helps, and how it is guarded.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn line_marks(
        &self,
        who: &Principal,
        person: PersonId,
        record: RecordId,
    ) -> Result<LinePage, CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = page(&mut look, &about, record);
        look.finish_with(result).await
    }

    /// A line of one's own plan, and how it is guarded.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn my_line_marks(&self, who: &Principal, record: RecordId) -> Result<LinePage, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = page(&mut look, &about, record);
        look.finish_with(word_needed(who, result)).await
    }

    /// Guards a line in another way: a worker who may change it, or the person for their own
    /// words.
    ///
    /// # Errors
    /// It is refused, something is missing, or somebody changed it in between.
    pub async fn mark_line(
        &self,
        who: &Principal,
        person: PersonId,
        (record, version): (RecordId, u32),
        wanted: &Wanted,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        if wanted.marks.sensitivity == Sensitivity::S4 {
            signed_in_lately(who)?;
        }
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let kind = change.line_there(record)?;
        for_kind!(
            kind,
            T => put::<T>(&mut change, (record, version), wanted).await?,
            change.nothing_there()?
        );
        let own = who.person().is_ok();
        let back = match wanted.marks.sensitivity == Sensitivity::S4 {
            _ if own => "/mine/plan".to_owned(),
            true => format!("/people/{person}/sealed"),
            false => format!("/people/{person}/plan"),
        };
        change.finish(&back).await
    }
}

fn page(look: &mut Looking<'_>, about: &About, record: RecordId) -> Result<LinePage, CareError> {
    let (kind, ask) = asked(look, about, record)?;
    // A page of the plan: whoever was only sent a line in a request has the request. Whom a sealed
    // line names finds it all the same.
    if look.who.worker().is_ok() && !sealed_at(about, record)? {
        look.person(about)?;
    }
    for_kind!(kind, T => line_page::<T>(look, about, record, &ask), look.one::<Need>(about, record, &ask).and(Err(CareError::Missing)))
}

fn line_page<T: Line + Personal>(
    look: &mut Looking<'_>,
    about: &About,
    record: RecordId,
    ask: &Ask,
) -> Result<LinePage, CareError> {
    let saved = look.one::<T>(about, record, ask)?;
    let may = may(look, &about.world, &saved);
    let could_be_named = if may.seal { names_of(look, about)? } else { Vec::new() };
    let (_, _, guard) = saved.value.privacy();
    Ok(LinePage {
        called: called(look, about)?,
        kind: T::KIND,
        area: saved.value.label().area,
        says: saved.value.says(),
        marks: marks_of(&saved.value),
        wish: guard.third_party.clone(),
        marked: guard.marked.clone(),
        may,
        could_be_named,
        meta: saved.meta,
    })
}

/// What this reader may do, decided as the change itself is.
fn may<T: Line>(look: &mut Looking<'_>, world: &PersonWorld, saved: &Saved<T>) -> May {
    let who = look.who;
    let sealed = saved.value.label().sensitivity == Sensitivity::S4;
    let ask = match who.person() {
        Ok(_) => look.batch.ask(Action::Contribute),
        Err(_) if sealed => sealed_ask(who, Action::Seal),
        Err(_) => look.batch.ask(Action::Update),
    };
    let allowed = look.batch.permit(world, &Item::of_saved(saved), &ask).is_ok();
    let Ok((me, _)) = who.worker() else {
        let mark = allowed && saved.value.in_their_words() && !sealed;
        return May { mark, only_very_private: saved.value.must_be_found(), ..May::default() };
    };
    let mut label = saved.value.label();
    label.sensitivity = Sensitivity::S4;
    label.allow_list = vec![me];
    let draft = Draft { kind: T::KIND, owner: saved.meta.owner, label };
    // Signed in again they may, where they may at all: that is asked for when it is saved.
    let could_seal = match look.batch.permit_new(world, &draft, &sealed_ask(who, Action::Seal)) {
        Ok(_) => true,
        Err(denial) => denial.step_up(),
    };
    May {
        mark: allowed,
        keep_from_them: may_keep_from_them(saved),
        seal: allowed && could_seal && saved.value.with().is_empty() && !saved.value.must_be_found(),
        only_very_private: saved.value.must_be_found(),
    }
}

async fn put<T: Line + Personal>(
    change: &mut Changing<'_>,
    (record, version): (RecordId, u32),
    wanted: &Wanted,
) -> Result<(), CareError> {
    let who = change.who;
    let seal = sealed_ask(who, Action::Seal);
    let saved = match (who.person(), change.is_sealed::<T>(record)?) {
        (Ok(_), _) => change.open::<T>(record, Action::Contribute)?,
        (Err(_), true) => change.open_for::<T>(record, &seal)?,
        (Err(_), false) => change.open::<T>(record, Action::Update)?,
    };
    Changing::expect_version(&saved, version)?;
    let holder = match who.worker() {
        Ok((me, organisation)) => Some(holder_here(who, me, organisation)?),
        Err(_) => None,
    };
    let marker = Marker {
        by: who.actor.author(),
        holder,
        leads: matches!(who.actor.role, Role::TeamLead | Role::ServiceLead),
        still_read: still_read(change, &saved, wanted),
    };
    let when = (who.now, who.partnership.today(who.now));
    let after = guarded(&saved, wanted, &marker, when).map_err(|e| at_line(&e))?;
    if wanted.marks.sensitivity == Sensitivity::S4 {
        change.permit_new(&Draft::of(&after, saved.meta.owner), &seal)?;
        let (_, _, before) = saved.value.privacy();
        let (_, _, now) = after.privacy();
        check_names(change, &now.allow_list, &before.allow_list)?;
    }
    change.save("who may read it changed", &saved, &after, saved.meta.recorded_for).await?;
    again(change, &saved, &after).await?;
    quoted(change, &saved, &after).await
}

/// Whoever hides something looks at it again, in a team of theirs.
fn holder_here(who: &Principal, me: WorkerId, organisation: OrganisationId) -> Result<Holder, CareError> {
    let team = who.partnership.teams_of(me, organisation, who.now).first().copied();
    let team = team.ok_or_else(|| CareError::refused("You are in no team here today."))?;
    Ok(Holder { organisation, team, lead: Some(me) })
}

/// Could everybody who has something to do about the line read it as it is wanted? Decided for
/// each of them by the rules themselves.
fn still_read<T: Line>(change: &Changing<'_>, saved: &Saved<T>, wanted: &Wanted) -> bool {
    let item = Item { label: wanted.label(&saved.value), ..Item::of_saved(saved) };
    saved.value.with().into_iter().all(|party| reads(change, &item, party))
}

/// Could they read this: whoever is named, or where nobody is who is there, anybody of the team?
fn reads(
    change: &Changing<'_>,
    item: &Item,
    (organisation, team, lead): (OrganisationId, TeamId, Option<WorkerId>),
) -> bool {
    let who = change.who;
    let standing = who.partnership.standing(Some(organisation), who.now);
    let there = actors_of(who, organisation);
    let lead = lead.filter(|w| there.iter().any(|a| a.worker_id() == Some(*w)));
    let item = item.clone().addressed_to([lead.map_or(Party::Team(team), Party::Worker)]);
    there.iter().filter(|a| lead.map_or(a.teams.contains(&team), |w| a.worker_id() == Some(w))).any(|a| {
        let mut batch = Batch::new(change.kith.decider(), a, &standing, who.now);
        let ask = batch.ask(Action::View);
        batch.permit(&change.world, &item, &ask).is_ok()
    })
}

/// What is hidden from the person comes back on its day; what is not any more has been looked at.
async fn again<T: Line>(change: &mut Changing<'_>, saved: &Saved<T>, after: &T) -> Result<(), CareError> {
    let review = |line: &T| -> Option<HiddenReview> {
        let (_, _, guard) = line.privacy();
        guard.hidden.as_ref().map(|h| h.review.clone())
    };
    let (before, now) = (review(&saved.value), review(after));
    if before == now {
        return Ok(());
    }
    reviewed(change, saved.meta.id).await?;
    match now {
        Some(review) => look_again(change, saved.meta.id, &review, LINE_HIDDEN).await,
        None => Ok(()),
    }
}

/// What quotes the line is guarded with it, and what was begun over it is forgotten.
async fn quoted<T: Line + Personal>(
    change: &mut Changing<'_>,
    saved: &Saved<T>,
    after: &T,
) -> Result<(), CareError> {
    let (then, now) = (saved.value.label(), after.label());
    if now.sensitivity > then.sensitivity {
        for m in change.all_there_are::<Message>()? {
            let quotes = m.value.kind == MessageKind::OwnWords && m.value.about == Some(saved.meta.id);
            if quotes && m.value.sensitivity < now.sensitivity {
                let value = Message { sensitivity: now.sensitivity, ..m.value.clone() };
                // Words that wait to be read must be readable.
                if let (None, MessageTo::Reader { holder, .. }) = (m.value.read_at, m.value.to) {
                    let item = Item { label: value.label(), ..Item::of_saved(&m) };
                    if !reads(change, &item, (holder.organisation, holder.team, holder.lead)) {
                        return Err(CareError::field("level", UNREAD));
                    }
                }
                change.save("who may read it changed", &m, &value, m.meta.recorded_for).await?;
            }
        }
    }
    if T::KIND == Kind::Step {
        story(change, saved, after).await?;
    }
    let form = form_of(change.person, saved.meta.id, after);
    change.tx.clear_drafts_of(&form).await?;
    Ok(())
}

/// How the story begins to tell that a step moved.
fn moved<T: Line>(step: &T) -> String {
    format!("“{}” was moved to ", step.says())
}

/// What the story says of a step that moved.
async fn story<T: Line + Personal>(
    change: &mut Changing<'_>,
    saved: &Saved<T>,
    after: &T,
) -> Result<(), CareError> {
    // In every wording that it ever had.
    let mut begins = vec![moved(&saved.value)];
    for version in change.tx.list_versions::<T>(saved.meta.id).await? {
        let there = version.value.and_then(|v| change.as_the_program(v).ok());
        begins.extend(there.map(|then| moved(&then.value)));
    }
    let (_, _, guard) = after.privacy();
    let label = after.label();
    for note in change.all_there_are::<Note>()? {
        if note.value.kind == NoteKind::Story && begins.iter().any(|b| note.value.words.starts_with(b)) {
            let value = Note {
                sensitivity: label.sensitivity,
                categories: label.categories.clone(),
                hidden: label.hidden,
                hidden_reason: guard.hidden.as_ref().map(|h| h.harm.clone()),
                hidden_review: guard.hidden.as_ref().map(|h| h.review.clone()),
                third_party: label.third_party,
                allow_list: label.allow_list.clone(),
                ..note.value.clone()
            };
            change.save("who may read it changed", &note, &value, note.meta.recorded_for).await?;
        }
    }
    Ok(())
}

/// The name under which what is typed over this line is kept.
fn form_of<T: Line>(person: PersonId, id: RecordId, line: &T) -> String {
    match (T::KIND, line.section()) {
        (_, Some((part, area))) => SectionKey { part, area }.form(person),
        (Kind::Need, _) => Living::Need(id.into()).form(person),
        (Kind::Goal, _) => Living::Goal(id.into()).form(person),
        _ => Living::Step(id.into()).form(person),
    }
}

/// The lines of a request as they may stand on a page of whoever asked, or of the person: each
/// as private as it was then or as its record is today, whichever is more. Whoever was asked
/// keeps what they were sent.
pub(crate) fn lines_today(
    look: &mut Looking<'_>,
    about: &About,
    referral: &Saved<Referral>,
    ask: &Ask,
) -> Result<Vec<PacketLine>, CareError> {
    let item = Item::of_saved(referral);
    let mut kept = Vec::new();
    for line in &referral.value.packet.lines {
        let today = for_kind!(Some(line.kind), T => label_there::<T>(about, line.item)?, None);
        let allowed = today.is_none_or(|today| {
            let then =
                Label { categories: line.categories.clone(), ..Label::of(line.area, line.sensitivity) };
            // As it went, it is the request's; what was marked since is decided anew.
            let label = stricter(&then, &today);
            let of_line = Item::of_line(&item, line.item, line.version, line.kind, label.clone());
            // What is sealed stands with the sealed notes, also for those it names.
            let sealed = label.sensitivity == Sensitivity::S4;
            label == then || !sealed && look.batch.permit(&about.world, &of_line, ask).is_ok()
        });
        if allowed {
            kept.push(line.clone());
        }
    }
    Ok(kept)
}

fn label_there<T: Personal>(about: &About, id: RecordId) -> Result<Option<Label>, CareError> {
    Ok(about.records.one::<T>(id)?.map(|g| g.item().label.clone()))
}

/// The sealed lines of a plan that this reader may open.
pub(crate) fn sealed_lines(look: &mut Looking<'_>, about: &About) -> Result<Vec<SealedLine>, CareError> {
    let mut found = Vec::new();
    for kind in [Kind::PlanSection, Kind::Goal, Kind::Need, Kind::Step] {
        for_kind!(Some(kind), T => sealed_of::<T>(look, about, &mut found)?, ());
    }
    Ok(found)
}

fn sealed_of<T: Line + Personal>(
    look: &mut Looking<'_>,
    about: &About,
    found: &mut Vec<SealedLine>,
) -> Result<(), CareError> {
    let ask = sealed_ask(look.who, Action::View);
    for guarded in about.records.of::<T>()? {
        if guarded.item().label.sensitivity != Sensitivity::S4 {
            continue;
        }
        if let Some(saved) = look.quietly(&about.world, guarded, &ask, Outcome::Opened) {
            let names = saved.value.label().allow_list;
            found.push(SealedLine {
                record: saved.meta.id,
                kind: T::KIND,
                says: saved.value.says(),
                names: names.iter().map(|w| look.who.partnership.worker_name(*w)).collect(),
                meta: saved.meta,
            });
        }
    }
    Ok(())
}

fn at_line(why: &NotGuarded) -> CareError {
    let field = match why {
        NotGuarded::Marks(why) => return at_marks(why),
        NotGuarded::NoHarm => "hidden_reason",
        NotGuarded::NoWish => "wish",
        NotGuarded::Theirs => "hide",
        NotGuarded::Held
        | NotGuarded::Unread
        | NotGuarded::MustBeFound
        | NotGuarded::NotYours
        | NotGuarded::NotOwnWords
        | NotGuarded::WithAWorker
        | NotGuarded::Same => "level",
    };
    CareError::field(field, format!("{why}."))
}

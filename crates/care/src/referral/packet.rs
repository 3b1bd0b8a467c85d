//! What could go to a service, line by line: each with exactly the words that would
//! leave and the version they stand in, or why it cannot go.

use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::partnership::Partnership;
use crate::principal::access_role;
use kith_access::{Beyond, Role, Standing, may_receive};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::consent::Consent;
use kith_domain::directory::{AdjustmentCode, Service};
use kith_domain::guarding::may_be_asked_with;
use kith_domain::id::{OrganisationId, RecordId, ServiceId, TeamId};
use kith_domain::need::Need;
use kith_domain::organisation::{Organisation, Team};
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Part, PlanSection, Step};
use kith_domain::record::{Kind, Label, Record, Saved};
use kith_domain::referral::PacketLine;
use kith_domain::sending::may_stand_in_packet;
use kith_domain::time::{Calendar, Instant};
use kith_store::Tx;

/// Where a line comes from, for the headings of the form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum From {
    /// The need this is for.
    Need,
    /// What helps them to be helped: what matters, adjustments, an interpreter.
    Helps,
    /// The rest of this area of life.
    Area,
    /// Other areas of life.
    Elsewhere,
}

/// One line that could go.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The key that the form carries: item, version and place.
    pub key: String,
    /// Where it comes from.
    pub from: From,
    /// The line, in the version it stands in now.
    pub line: PacketLine,
    /// Why it cannot go to this receiver; none when it can.
    pub why_not: Option<String>,
    /// Something to know, such as an earlier no.
    pub note: Option<String>,
}

/// The person's records that lines are made of, as far as the sender may see them.
pub(crate) struct Parts {
    pub person: Saved<Person>,
    pub needs: Vec<Saved<Need>>,
    pub goals: Vec<Saved<Goal>>,
    pub steps: Vec<Saved<Step>>,
    pub sections: Vec<Saved<PlanSection>>,
    pub consents: Vec<Saved<Consent>>,
}

/// Who is asked, and what may be sent to them.
pub(crate) struct Receiver {
    pub service_id: ServiceId,
    pub service: Saved<Service>,
    pub organisation_id: OrganisationId,
    pub organisation: Option<Organisation>,
    pub team_id: Option<TeamId>,
    pub team: Option<Team>,
    pub standing: Standing,
    pub roles: Vec<Role>,
    /// Somebody found that it is one with another entry: the name of the one that stands.
    pub one_with: Option<String>,
}

impl Receiver {
    /// The service and who stands behind it, in this snapshot.
    pub(crate) async fn load(
        kith: &Kith,
        tx: &mut Tx,
        id: ServiceId,
        now: Instant,
    ) -> Result<Receiver, CareError> {
        let directory = kith.directory(tx).await?;
        let partnership = kith.partnership(tx).await?;
        // What was written about an entry that has been joined to another is still there to be read.
        let service = directory.services.get(&id).or_else(|| directory.replaced.get(&id));
        let service = service.map(|s| s.as_ref().clone()).ok_or(CareError::Missing)?;
        let stands = directory.stands_for(id).filter(|stands| *stands != id);
        let one_with =
            stands.and_then(|stands| directory.services.get(&stands)).map(|s| s.value.name.clone());
        let organisation_id = service.value.organisation;
        let organisation = partnership.organisation(organisation_id).cloned();
        let team_id = service.value.team;
        let team = team_id.and_then(|t| partnership.team(t)).cloned();
        let roles = match (&organisation, team_id) {
            (Some(o), Some(team)) if o.has_accounts => roles_of(&partnership, organisation_id, team, now),
            _ => vec![Role::LinkHolder],
        };
        let standing = partnership.standing(Some(organisation_id), now);
        Ok(Receiver {
            service_id: id,
            service,
            organisation_id,
            organisation,
            team_id,
            team,
            standing,
            roles,
            one_with,
        })
    }

    /// Does it answer by links only?
    pub(crate) fn by_link(&self) -> bool {
        self.organisation.as_ref().is_some_and(|o| !o.has_accounts)
    }

    /// A short name for sentences.
    pub(crate) fn name(&self) -> String {
        self.organisation.as_ref().map_or_else(|| self.service.value.name.clone(), |o| o.short.clone())
    }

    /// Why something with this label cannot go to them; none when it can.
    pub(crate) fn beyond(&self, label: &Label, now: Instant) -> Option<String> {
        let ceiling = self.organisation.as_ref().and_then(|o| o.agreement.as_ref()).map(|a| a.ceiling);
        if ceiling.is_some_and(|most| label.sensitivity > most) {
            return Some("It is more private than their agreement allows".into());
        }
        match may_receive(label, &self.standing, &self.roles, now).err()? {
            Beyond::NoAgreement => Some("They have no data-sharing agreement in date".into()),
            Beyond::Area => {
                Some(format!("Their agreement does not cover {}", label.area.title().to_lowercase()))
            }
            Beyond::Ceiling => Some("Nobody in their team may see something this private".into()),
            Beyond::Sealed => Some("It is sealed, and never leaves".into()),
        }
    }
}

fn roles_of(
    partnership: &Partnership,
    organisation: OrganisationId,
    team: TeamId,
    now: Instant,
) -> Vec<Role> {
    let day = partnership.today(now);
    let members = partnership.members(team, day);
    let roles = members.iter().flat_map(|(_, w)| w.roles(organisation, day)).map(access_role);
    let mut roles: Vec<Role> = roles.collect();
    roles.sort_unstable_by_key(|r| r.code());
    roles.dedup();
    roles
}

/// Every line that could go, the need first.
pub(crate) fn choices(
    parts: &Parts,
    need: &Saved<Need>,
    to: &Receiver,
    now: Instant,
    calendar: &Calendar,
) -> Vec<Choice> {
    let mut all = Vec::new();
    if may_go(need) {
        all.push(line(From::Need, "", need, "What I need help with", &need.value.words));
    }
    all.extend(helps(parts, need));
    let sections = parts.sections.iter().filter(|s| s.value.part == Part::Area && may_go(s));
    for section in sections {
        let words = section_words(&section.value);
        if !words.is_empty() {
            let heading = section.value.area.map_or("My life", Area::title);
            all.push(line(place(section.value.area, need), "", section, heading, &words));
        }
    }
    for goal in parts.goals.iter().filter(|g| g.value.open() && may_go(g)) {
        all.push(line(place(Some(goal.value.area), need), "", goal, "What I want", &goal.value.words));
    }
    for other in parts.needs.iter().filter(|n| n.value.open() && n.meta.id != need.meta.id && may_go(n)) {
        all.push(line(
            place(Some(other.value.area), need),
            "",
            other,
            "Something else I need",
            &other.value.words,
        ));
    }
    for step in parts.steps.iter().filter(|s| s.value.open() && may_go(s)) {
        all.push(line(place(Some(step.value.area), need), "", step, "A step we agreed", &step.value.what));
    }
    for choice in &mut all {
        let label = Label {
            categories: choice.line.categories.clone(),
            ..Label::of(choice.line.area, choice.line.sensitivity)
        };
        choice.why_not = to.beyond(&label, now);
        choice.note = earlier_no(parts, to.organisation_id, &choice.line, calendar);
    }
    all.sort_by_key(|c| c.from);
    all
}

/// What the person does not read themselves is offered to nobody, nor what is about somebody else.
fn may_go<T: Record>(saved: &Saved<T>) -> bool {
    may_be_asked_with(&saved.value.label())
}

fn place(area: Option<Area>, need: &Saved<Need>) -> From {
    if area == Some(need.value.area) { From::Area } else { From::Elsewhere }
}

/// What matters, adjustments and an interpreter. The last two stand on the person's own
/// record, which never goes; they go beside the need, in its version.
fn helps(parts: &Parts, need: &Saved<Need>) -> Vec<Choice> {
    let person = &parts.person.value;
    let mut found = Vec::new();
    for section in parts.sections.iter().filter(|s| s.value.part == Part::Matters && may_go(s)) {
        if !section.value.words.trim().is_empty() {
            found.push(line(From::Helps, "", section, "What matters to me", &section.value.words));
        }
    }
    let mut adjustments: Vec<String> = person
        .adjustments
        .iter()
        .filter_map(|c| AdjustmentCode::parse(c).ok())
        .map(|c| c.label().to_owned())
        .collect();
    adjustments.extend(person.adjustment_words.clone().filter(|w| !w.trim().is_empty()));
    if !adjustments.is_empty() {
        found.push(beside(need, "adjustments", "What makes it easier for me", &adjustments.join("\n")));
    }
    if let Some(interpreter) = &person.interpreter {
        let note = interpreter.note.as_deref().map(|n| format!(" ({n})")).unwrap_or_default();
        let words = format!("I need an interpreter: {}{note}", interpreter.language);
        found.push(beside(need, "interpreter", "Interpreter", &words));
    }
    found
}

fn section_words(section: &PlanSection) -> String {
    let parts = [
        ("", section.words.trim()),
        ("Going well: ", section.going_well.trim()),
        ("I want different: ", section.want_different.trim()),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(_, w)| !w.is_empty()).map(|(head, w)| format!("{head}{w}")).collect();
    said.join("\n")
}

fn line<T: Record>(from: From, slot: &str, saved: &Saved<T>, heading: &str, words: &str) -> Choice {
    let label = saved.value.label();
    debug_assert!(
        may_stand_in_packet(T::KIND, None, label.third_party),
        "only kinds that may go are offered"
    );
    make(
        from,
        slot,
        saved.meta.id,
        saved.meta.version,
        T::KIND,
        (label.area, label.sensitivity, label.categories),
        heading,
        words,
    )
}

fn beside(need: &Saved<Need>, slot: &str, heading: &str, words: &str) -> Choice {
    let (id, version) = (need.meta.id, need.meta.version);
    make(
        From::Helps,
        slot,
        id,
        version,
        Kind::Need,
        (need.value.area, Sensitivity::S1, Vec::new()),
        heading,
        words,
    )
}

#[expect(clippy::too_many_arguments, reason = "the fields of one line, named where it is made")]
fn make(
    from: From,
    slot: &str,
    item: RecordId,
    version: u32,
    kind: Kind,
    (area, sensitivity, categories): (Area, Sensitivity, Vec<Category>),
    heading: &str,
    words: &str,
) -> Choice {
    let line = PacketLine {
        item,
        version,
        kind,
        area,
        sensitivity,
        categories,
        heading: heading.into(),
        words: words.trim().into(),
    };
    Choice { key: format!("{item}.{version}.{slot}"), from, line, why_not: None, note: None }
}

/// An earlier no to this line, with the same organisation. It does not bind a person who
/// says yes now; it is there to be asked about.
fn earlier_no(
    parts: &Parts,
    organisation: OrganisationId,
    line: &PacketLine,
    calendar: &Calendar,
) -> Option<String> {
    let mut nos = parts.consents.iter().filter(|c| c.value.organisation == organisation);
    let no = nos.find(|c| c.value.said_no(line.area, line.item))?;
    let on = kith_domain::next_date::words_of(calendar.day(no.value.given.at));
    Some(format!("They said no to this on {on}. Ask again before you tick it"))
}

/// The lines with these keys. A line that is no longer there in that version was changed
/// since it was shown.
///
/// # Errors
/// How many are not there any more.
pub(crate) fn chosen(all: &[Choice], keys: &[String]) -> Result<Vec<Choice>, usize> {
    let found: Vec<Choice> = all.iter().filter(|c| keys.contains(&c.key)).cloned().collect();
    let missing = keys.iter().filter(|k| !all.iter().any(|c| c.key == **k)).count();
    if missing == 0 { Ok(found) } else { Err(missing) }
}

impl Parts {
    /// The version of each item as it is now.
    pub(crate) fn versions(&self) -> Vec<(RecordId, u32)> {
        fn of<T>(all: &[Saved<T>]) -> impl Iterator<Item = (RecordId, u32)> + '_ {
            all.iter().map(|s| (s.meta.id, s.meta.version))
        }
        of(&self.needs).chain(of(&self.goals)).chain(of(&self.steps)).chain(of(&self.sections)).collect()
    }

    pub(crate) fn need(&self, id: RecordId) -> Result<Saved<Need>, CareError> {
        self.needs.iter().find(|n| n.meta.id == id).cloned().ok_or(CareError::Missing)
    }
}

pub(crate) fn broken(what: &str) -> CareError {
    CareError::Fault(Fault::Broken(what.to_owned()))
}

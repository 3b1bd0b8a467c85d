//! How what is late rises: past due by two working days to the team lead, by five to
//! the organisation's lead, by ten to the partnership (the partnership's own numbers).

use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::time::{Day, Instant};

use super::HeldBy;
use super::due::{About, Due};
use super::facts::PartnershipFacts;
use super::place::keeper_holder;

/// How far something has risen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// To the team lead.
    Team,
    /// To the organisation's lead.
    Organisation,
    /// To the partnership: the net.
    Partnership,
}

impl Level {
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Level::Team => "with the team lead too",
            Level::Organisation => "with the organisation's lead too",
            Level::Partnership => "with the partnership too",
        }
    }
}

/// To whom something has risen. They stand beside the holder, not in their place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Risen {
    /// How far.
    pub level: Level,
    /// The second named person; never the one who holds it. None is a breach once it
    /// has reached the partnership.
    pub worker: Option<WorkerId>,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// In which team.
    pub team: TeamId,
    /// Working days past due.
    pub working_days_late: u32,
}

pub(super) fn risen(
    partnership: &PartnershipFacts,
    holder: &HeldBy,
    due: &Due,
    now: Instant,
    today: Day,
) -> Option<Risen> {
    let late = partnership.calendar.working_between(due.next.on, today);
    let level = match due.about {
        About::Worry => worry_level(due, now),
        _ => level(partnership, late)?,
    };
    let keeper = match due.about {
        About::PanelAnswer | About::PanelAgain => keeper_beside(partnership, holder, today),
        _ => None,
    };
    let (organisation, team, worker) = keeper.unwrap_or_else(|| second(partnership, holder, level, today));
    Some(Risen { level, worker, organisation, team, working_days_late: late })
}

fn level(partnership: &PartnershipFacts, late: u32) -> Option<Level> {
    let s = partnership.settings();
    match late {
        n if n >= s.rise_partnership_days.into() => Some(Level::Partnership),
        n if n >= s.rise_organisation_days.into() => Some(Level::Organisation),
        n if n >= s.rise_team_days.into() => Some(Level::Team),
        _ => None,
    }
}

/// A worry has two named people from the start, and rises by hours: at its hour to the
/// organisation's lead, a day later to the partnership.
fn worry_level(due: &Due, now: Instant) -> Level {
    match due.next.at {
        Some(at) if at.plus_hours(24) < now => Level::Partnership,
        Some(at) if at < now => Level::Organisation,
        _ => Level::Team,
    }
}

/// Whoever keeps the place, beside the panel: what the panel is asked is not for every lead to read.
fn keeper_beside(
    partnership: &PartnershipFacts,
    holder: &HeldBy,
    today: Day,
) -> Option<(OrganisationId, TeamId, Option<WorkerId>)> {
    let keeper = keeper_holder(partnership, today);
    let acts = partnership.acts_for(keeper.lead?, keeper.organisation, today)?;
    (Some(acts) != holder.acts()).then_some((keeper.organisation, keeper.team, Some(acts)))
}

/// The first lead from this level upwards who is there and does not hold it already.
fn second(
    partnership: &PartnershipFacts,
    holder: &HeldBy,
    level: Level,
    today: Day,
) -> (OrganisationId, TeamId, Option<WorkerId>) {
    let own = (holder.organisation, holder.team);
    let net = (partnership.place.net_organisation, partnership.place.net_team);
    let team_lead = |team: TeamId| partnership.teams.get(&team).and_then(|t| t.lead);
    let organisation_lead = partnership.organisations.get(&own.0).and_then(|o| o.lead);
    let ladder = [
        (Level::Team, own, team_lead(own.1)),
        (Level::Organisation, own, organisation_lead),
        (Level::Partnership, net, team_lead(net.1)),
        (Level::Partnership, net, Some(partnership.place.net_second)),
    ];
    let found = ladder.into_iter().filter(|(at, ..)| *at >= level).find_map(|(_, place, worker)| {
        let acts = partnership.acts_for(worker?, place.0, today)?;
        (Some(acts) != holder.acts()).then_some((place.0, place.1, Some(acts)))
    });
    found.unwrap_or((net.0, net.1, None))
}

//! From the file to records, with the net checked by the domain before any is written.

use super::file::{OrganisationLine, PlaceFile, TeamLine, WorkerLine};
use crate::error::CliError;
use kith_care::Identity;
use kith_domain::holding::PartnershipFacts;
use kith_domain::holding::assign::net_stands;
use kith_domain::id::{OrganisationId, RecordId, TeamId, WorkerId};
use kith_domain::organisation::{
    AccessReview, Agreement, ControllerRole, Membership, Organisation, OrganisationStatus, Place, Team,
    Worker,
};
use kith_domain::record::{Author, Record};
use kith_domain::time::{Calendar, Day, Instant};
use kith_store::setting::CRISIS;
use kith_store::{NewRecord, WriteTx, Writing};
use kith_web::crisis::CrisisHelp;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Everything that will be written.
pub(super) struct Made {
    pub place: Place,
    pub calendar: Calendar,
    organisations: BTreeMap<String, (OrganisationId, Organisation)>,
    teams: BTreeMap<String, (TeamId, Team)>,
    workers: BTreeMap<String, (WorkerId, Worker)>,
}

/// Makes the records of a place.
///
/// # Errors
/// The zone is unknown, or the net would not stand.
pub(super) fn make(file: &PlaceFile, now: Instant) -> Result<Made, CliError> {
    let calendar = Calendar::england().in_zone(&file.zone).map_err(|e| CliError::new(format!("{e}.")))?;
    let today = calendar.day(now);
    let organisation_ids: BTreeMap<&str, OrganisationId> =
        file.organisations.iter().map(|o| (o.key.as_str(), OrganisationId(Uuid::now_v7()))).collect();
    let team_ids: BTreeMap<&str, TeamId> =
        file.teams.iter().map(|t| (t.key.as_str(), TeamId(Uuid::now_v7()))).collect();
    let worker_ids: BTreeMap<&str, WorkerId> =
        file.workers.iter().map(|w| (w.key.as_str(), WorkerId(Uuid::now_v7()))).collect();
    let ids = Ids { organisations: organisation_ids, teams: team_ids, workers: worker_ids };
    let organisations = file
        .organisations
        .iter()
        .map(|o| (o.key.clone(), (ids.organisations[o.key.as_str()], organisation(o, &ids, today))));
    let teams = file
        .teams
        .iter()
        .map(|t| (t.key.clone(), (ids.teams[t.key.as_str()], team(t, &ids, t.key == file.net.team))));
    let workers = file
        .workers
        .iter()
        .map(|w| (w.key.clone(), (ids.workers[w.key.as_str()], worker(w, file, &ids, today))));
    let net = file.teams.iter().find(|t| t.key == file.net.team);
    let net_organisation = net.map(|t| ids.organisations[t.organisation.as_str()]);
    let place = Place {
        name: file.name.clone(),
        partnership: Uuid::now_v7(),
        net_organisation: net_organisation
            .ok_or_else(|| CliError::new("The file names no team as the net."))?,
        net_team: ids.teams[file.net.team.as_str()],
        net_second: ids.workers[file.net.second.as_str()],
        demo: false,
        zone: file.zone.clone(),
        made_at: now,
        keeper: ids.worker(file.net.keeper.as_ref()),
        settings: file.numbers.clone(),
    };
    let made = Made {
        place,
        calendar,
        organisations: organisations.collect(),
        teams: teams.collect(),
        workers: workers.collect(),
    };
    net_stands(&made.facts(), today)
        .map_err(|e| CliError::new(format!("{e}. Change the [net] part of the file, and try again.")))?;
    Ok(made)
}

/// The ids that the keys of the file stand for.
struct Ids<'f> {
    organisations: BTreeMap<&'f str, OrganisationId>,
    teams: BTreeMap<&'f str, TeamId>,
    workers: BTreeMap<&'f str, WorkerId>,
}

impl Ids<'_> {
    fn worker(&self, key: Option<&String>) -> Option<WorkerId> {
        key.and_then(|key| self.workers.get(key.as_str()).copied())
    }
}

fn organisation(line: &OrganisationLine, ids: &Ids<'_>, today: Day) -> Organisation {
    let agreement = line.agreement.as_ref().map(|a| Agreement {
        reference: a.reference.clone(),
        from: a.from,
        until: a.until,
        areas: a.areas.clone(),
        ceiling: a.ceiling,
        role: a.role.unwrap_or(ControllerRole::Controller),
        data_protection_contact: a.contact.clone(),
        purposes: a.purposes.clone(),
        dpia: a.dpia.clone(),
        caldicott: a.caldicott.clone(),
    });
    Organisation {
        name: line.name.clone(),
        short: line.short.clone().unwrap_or_else(|| line.name.clone()),
        kind: line.kind,
        ods: line.ods.clone(),
        charity_number: None,
        phone: line.phone.clone(),
        email: line.email.clone(),
        website: line.website.clone(),
        agreement,
        status: OrganisationStatus::Active,
        has_accounts: line.accounts,
        successors: Vec::new(),
        lead: ids.worker(line.lead.as_ref()),
        access: AccessReview { since: line.accounts.then_some(today), looked: Vec::new() },
    }
}

fn team(line: &TeamLine, ids: &Ids<'_>, net: bool) -> Team {
    Team {
        organisation: ids.organisations[line.organisation.as_str()],
        name: line.name.clone(),
        lead: ids.worker(line.lead.as_ref()),
        net,
        navigators: line.navigators,
        closed: None,
        email: line.email.clone(),
        phone: None,
        reply_working_days: line.reply_working_days,
    }
}

fn worker(line: &WorkerLine, file: &PlaceFile, ids: &Ids<'_>, today: Day) -> Worker {
    let team = file.teams.iter().find(|t| t.key == line.team);
    let memberships = team
        .map(|t| Membership {
            organisation: ids.organisations[t.organisation.as_str()],
            team: ids.teams[t.key.as_str()],
            role: line.role,
            from: today,
            until: None,
        })
        .into_iter()
        .collect();
    Worker {
        name: line.name.clone(),
        email: line.email.clone(),
        phone: None,
        memberships,
        absences: Vec::new(),
        suspended: None,
        left: None,
    }
}

impl Made {
    fn facts(&self) -> PartnershipFacts {
        PartnershipFacts {
            place: self.place.clone(),
            organisations: self.organisations.values().cloned().collect(),
            teams: self.teams.values().cloned().collect(),
            workers: self.workers.values().cloned().collect(),
            proposals: std::collections::BTreeMap::new(),
            listing_questions: std::collections::BTreeMap::new(),
            calendar: self.calendar.clone(),
        }
    }

    /// Writes everything.
    ///
    /// # Errors
    /// The database could not do it; then nothing is kept.
    pub(super) async fn write(
        &self,
        tx: &mut WriteTx,
        crisis: Option<&CrisisHelp>,
        now: Instant,
    ) -> Result<(), CliError> {
        let writing =
            Writing { at: now, author: Author::Operator, recorded_for: None, basis: "set-up".into() };
        if let Some(crisis) = crisis {
            let text = serde_json::to_string(crisis)
                .map_err(|cause| CliError::because("The numbers to call could not be kept.", &cause))?;
            tx.save_setting(CRISIS, &text).await?;
        }
        let net = self.place.net_organisation;
        create(tx, &writing, "place made", RecordId(self.place.partnership), net, &self.place).await?;
        for (id, value) in self.organisations.values() {
            create(tx, &writing, "organisation joined", (*id).into(), *id, value).await?;
        }
        for (id, value) in self.teams.values() {
            create(tx, &writing, "team made", (*id).into(), value.organisation, value).await?;
        }
        for (id, value) in self.workers.values() {
            let owner = value.memberships.first().map_or(net, |m| m.organisation);
            create(tx, &writing, "worker joined", (*id).into(), owner, value).await?;
        }
        Ok(())
    }

    /// Who is invited: the name to sign in with, and who they are.
    pub(super) fn invited(&self, file: &PlaceFile) -> Vec<(String, Identity)> {
        let with_login = file.workers.iter().filter_map(|w| w.login.clone().map(|login| (w, login)));
        with_login
            .filter_map(|(line, login)| {
                let (worker, value) = self.workers.get(&line.key)?;
                let organisation = value.memberships.first()?.organisation;
                Some((login, Identity::Worker { worker: *worker, organisation, role: line.role }))
            })
            .collect()
    }

    /// The name of the worker with this identity.
    pub(super) fn name_of(&self, identity: &Identity) -> String {
        let Identity::Worker { worker, .. } = identity else { return String::new() };
        self.workers.values().find(|(id, _)| id == worker).map_or_else(String::new, |(_, w)| w.name.clone())
    }
}

async fn create<T: Record>(
    tx: &mut WriteTx,
    writing: &Writing,
    action: &str,
    id: RecordId,
    owner: OrganisationId,
    value: &T,
) -> Result<(), CliError> {
    tx.create(writing, action, NewRecord { id, person: None, owner }, value).await?;
    Ok(())
}

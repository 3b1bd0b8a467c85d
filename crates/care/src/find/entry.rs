//! One service, one group, and who the partners are. All of it is public.

use super::{can_be_asked, shelf};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::asking::MayAsk;
use kith_domain::directory::{Group, Meeting, Service, Session};
use kith_domain::id::{GroupId, ServiceId};
use kith_domain::organisation::Organisation;

/// How many next sessions a group's page shows.
const SESSIONS: usize = 5;

/// A service as its page shows it.
#[derive(Clone, Debug)]
pub struct ServicePage {
    /// Its id.
    pub id: ServiceId,
    /// The entry.
    pub service: Service,
    /// The organisation that runs it.
    pub organisation: Option<Organisation>,
    /// Can it be asked through Kith today?
    pub may_ask: MayAsk,
}

/// A group as its page shows it.
#[derive(Clone, Debug)]
pub struct GroupPage {
    /// Its id.
    pub id: GroupId,
    /// The entry.
    pub group: Group,
    /// The organisation behind it.
    pub organisation: Option<Organisation>,
    /// The next sessions that are not over, cancelled ones marked.
    pub meetings: Vec<Meeting>,
}

/// A partner with an agreement in date.
#[derive(Clone, Debug)]
pub struct Partner {
    /// The organisation.
    pub organisation: Organisation,
    /// It holds whatever has lost its holder.
    pub net: bool,
}

impl Kith {
    /// One service.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn service_page(&self, who: &Principal, id: ServiceId) -> Result<ServicePage, CareError> {
        let mut look = self.look(who).await?;
        let result = service(&mut look, id).await;
        look.finish_with(result).await
    }

    /// One group with its next sessions.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn group_page(&self, who: &Principal, id: GroupId) -> Result<GroupPage, CareError> {
        let mut look = self.look(who).await?;
        let result = group(&mut look, id).await;
        look.finish_with(result).await
    }

    /// The working organisations with an agreement in date, by name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_partners(&self, who: &Principal) -> Result<Vec<Partner>, CareError> {
        let mut look = self.look(who).await?;
        let result = look.place(Action::BrowseDirectory).map(|()| partners(who));
        look.finish_with(result).await
    }
}

async fn service(look: &mut Looking<'_>, id: ServiceId) -> Result<ServicePage, CareError> {
    look.place(Action::BrowseDirectory)?;
    let directory = look.kith.directory(&mut look.tx).await?;
    let service = directory.services.get(&id).ok_or(CareError::Missing)?.value.clone();
    let today = look.who.partnership.today(look.who.now);
    Ok(ServicePage {
        id,
        organisation: look.who.partnership.organisation(service.organisation).cloned(),
        may_ask: can_be_asked(look.who, &service, today),
        service,
    })
}

async fn group(look: &mut Looking<'_>, id: GroupId) -> Result<GroupPage, CareError> {
    look.place(Action::BrowseDirectory)?;
    let directory = look.kith.directory(&mut look.tx).await?;
    let group = directory.groups.get(&id).ok_or(CareError::Missing)?.value.clone();
    let own = directory.sessions.iter().filter(|s| s.value.group == id);
    let sessions: Vec<Session> = own.map(|s| s.value.clone()).collect();
    Ok(GroupPage {
        id,
        organisation: look.who.partnership.organisation(group.organisation).cloned(),
        meetings: shelf::meetings(&group, &sessions, look.kith.calendar(), look.who.now, SESSIONS),
        group,
    })
}

fn partners(who: &Principal) -> Vec<Partner> {
    let today = who.partnership.today(who.now);
    let facts = &who.partnership.facts;
    let mut partners: Vec<Partner> = facts
        .organisations
        .iter()
        .filter(|(id, _)| facts.works(**id, today))
        .map(|(id, o)| Partner { organisation: o.clone(), net: *id == facts.place.net_organisation })
        .collect();
    partners.sort_by(|a, b| a.organisation.name.cmp(&b.organisation.name));
    partners
}

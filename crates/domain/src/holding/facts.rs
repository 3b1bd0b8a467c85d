//! The facts holding is computed from.

use std::collections::BTreeMap;

use crate::coming_in::ComingIn;
use crate::consent::Consent;
use crate::hand_over::HandOver;
use crate::id::{ListingQuestionId, OrganisationId, PersonId, ProposalId, TeamId, WorkerId};
use crate::listing_question::ListingQuestion;
use crate::look_question::LookQuestion;
use crate::message::Message;
use crate::need::Need;
use crate::organisation::{Organisation, Place, Team, Worker};
use crate::panel::Proposal;
use crate::person::Person;
use crate::plan::{Step, Telling};
use crate::record::Saved;
use crate::referral::Referral;
use crate::right::Right;
use crate::settings::Settings;
use crate::supporter::PossibleMatch;
use crate::time::Calendar;
use crate::worry::Worry;

/// The place, its organisations, teams and workers.
#[derive(Clone, Debug)]
pub struct PartnershipFacts {
    /// The place, with the net and the numbers.
    pub place: Place,
    /// Every organisation.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// Every team.
    pub teams: BTreeMap<TeamId, Team>,
    /// Every worker.
    pub workers: BTreeMap<WorkerId, Worker>,
    /// What was put to the lived-experience panel.
    pub proposals: BTreeMap<ProposalId, Proposal>,
    /// Open questions about entries of the directory.
    pub listing_questions: BTreeMap<ListingQuestionId, ListingQuestion>,
    /// The calendar of the place.
    pub calendar: Calendar,
}

impl PartnershipFacts {
    /// The numbers of the partnership.
    pub fn settings(&self) -> &Settings {
        &self.place.settings
    }
}

/// A person with everything of theirs that can be open. What is closed may be left out: it
/// changes nothing. Only a request whose end is still to be spoken about counts with what is
/// open.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonFacts {
    /// The person.
    pub person: Saved<Person>,
    /// Their needs.
    pub needs: Vec<Saved<Need>>,
    /// Their steps.
    pub steps: Vec<Saved<Step>>,
    /// Their referrals.
    pub referrals: Vec<Saved<Referral>>,
    /// What they were told about.
    pub tellings: Vec<Saved<Telling>>,
    /// Messages to and from them.
    pub messages: Vec<Saved<Message>>,
    /// Worries about them.
    pub worries: Vec<Saved<Worry>>,
    /// What they agreed that organisations may go on seeing.
    pub consents: Vec<Saved<Consent>>,
    /// Questions about who looked at their plan.
    pub looks: Vec<Saved<LookQuestion>>,
    /// What they asked for by right.
    pub rights: Vec<Saved<Right>>,
    /// Records that may be theirs as well.
    pub matches: Vec<Saved<PossibleMatch>>,
}

impl PersonFacts {
    /// A person of whom nothing else is open.
    pub fn new(person: Saved<Person>) -> PersonFacts {
        PersonFacts {
            person,
            needs: Vec::new(),
            steps: Vec::new(),
            referrals: Vec::new(),
            tellings: Vec::new(),
            messages: Vec::new(),
            worries: Vec::new(),
            consents: Vec::new(),
            looks: Vec::new(),
            rights: Vec::new(),
            matches: Vec::new(),
        }
    }
    /// The person's id.
    pub fn id(&self) -> PersonId {
        self.person.id()
    }
}

/// Open things that belong to no person yet.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LooseFacts {
    /// People coming in.
    pub coming_ins: Vec<Saved<ComingIn>>,
    /// Hand-overs.
    pub hand_overs: Vec<Saved<HandOver>>,
    /// Worries about somebody Kith does not know.
    pub worries: Vec<Saved<Worry>>,
    /// What was found among looks.
    pub looks: Vec<Saved<LookQuestion>>,
}

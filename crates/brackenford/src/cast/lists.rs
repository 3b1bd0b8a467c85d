//! The organisations, teams and workers of Brackenford, as lists. Everybody is made up.

use kith_domain::organisation::{OrganisationKind, WorkRole};

/// One organisation.
pub(super) struct OrganisationLine {
    pub key: &'static str,
    pub name: &'static str,
    pub short: &'static str,
    pub kind: OrganisationKind,
    /// The worker who leads it.
    pub lead: &'static str,
    /// Its workers sign in; if not, it answers by links.
    pub accounts: bool,
}

const fn o(
    key: &'static str,
    name: &'static str,
    short: &'static str,
    kind: OrganisationKind,
    lead: &'static str,
) -> OrganisationLine {
    OrganisationLine { key, name, short, kind, lead, accounts: true }
}

/// The organisations.
#[rustfmt::skip]
pub(super) const ORGANISATIONS: &[OrganisationLine] = &[
    o("kindred", "Kindred Brackenford", "Kindred", OrganisationKind::Charity, "gwen"),
    o("office", "Brackenford Partnership Office", "Partnership Office", OrganisationKind::PartnershipOffice, "nadia"),
    o("trust", "Bracken Vale Mental Health NHS Trust", "Bracken Vale", OrganisationKind::NhsTrust, "ifeoma"),
    o("practices", "Brackenford GP Practices", "GP Practices", OrganisationKind::GpPractice, "sunita"),
    o("council", "Brackenford Council", "Council", OrganisationKind::Council, "graham"),
    o("harbour", "Harbour House", "Harbour House", OrganisationKind::HousingProvider, "shona"),
    o("larch", "Larch Court Supported Living", "Larch Court", OrganisationKind::HousingProvider, "moira"),
    o("millrace", "Millrace Homes", "Millrace", OrganisationKind::HousingProvider, "andrei"),
    o("debthelp", "DebtHelp Brackenford", "DebtHelp", OrganisationKind::Advice, "farzana"),
    o("advice", "Brackenford Advice Shop", "Advice Shop", OrganisationKind::Advice, "colm"),
    o("stride", "Stride into Work", "Stride", OrganisationKind::EmploymentSupport, "yetunde"),
    o("leisure", "Brackenford Leisure Trust", "Leisure Trust", OrganisationKind::Leisure, "hamish"),
    o("sorrel", "Sorrel House Women's Refuge", "Sorrel House", OrganisationKind::Charity, "bernadette"),
    o("tidewell", "Tidewell Recovery", "Tidewell", OrganisationKind::Charity, "craig"),
    o("aldrics", "St Aldric's Breakfast", "St Aldric's", OrganisationKind::Charity, "joan_pell"),
    o("carers", "Carers' Circle", "Carers' Circle", OrganisationKind::Charity, "parveen"),
    o("college", "Vale Adult Learning College", "Vale College", OrganisationKind::Learning, "owen"),
    OrganisationLine { key: "plot", name: "Plot and Pot", short: "Plot and Pot", kind: OrganisationKind::Charity, lead: "hazel", accounts: false },
    o("northside", "Northside Befrienders", "Northside", OrganisationKind::Charity, "una"),
    o("beacon", "The Beacon Drop-in", "Beacon", OrganisationKind::Charity, "trevor"),
    o("board_old", "Vale and Fen Integrated Care Board", "Vale and Fen ICB", OrganisationKind::PartnershipOffice, "lakshmi"),
    o("board_new", "Mid Counties Integrated Care Board", "Mid Counties ICB", OrganisationKind::PartnershipOffice, "lakshmi"),
];

/// One team.
pub(super) struct TeamLine {
    pub key: &'static str,
    pub organisation: &'static str,
    pub name: &'static str,
    /// Its lead; empty: none.
    pub lead: &'static str,
    pub reply_days: u16,
    /// Is it made again for each further part of a large place?
    pub copied: bool,
}

const fn t(
    key: &'static str,
    organisation: &'static str,
    name: &'static str,
    lead: &'static str,
    reply_days: u16,
) -> TeamLine {
    TeamLine { key, organisation, name, lead, reply_days, copied: true }
}

/// The teams.
#[rustfmt::skip]
pub(super) const TEAMS: &[TeamLine] = &[
    TeamLine { copied: false, ..t("net", "kindred", "The net", "gwen", 2) },
    t("navigators", "kindred", "Navigators", "ruth", 2),
    t("peers", "kindred", "Peer support", "josie", 5),
    TeamLine { copied: false, ..t("office", "office", "Partnership office", "nadia", 5) },
    TeamLine { copied: false, ..t("panel", "office", "Lived-experience panel", "odette", 5) },
    t("community", "trust", "Community mental health team", "sam", 5),
    TeamLine { copied: false, ..t("crisis", "trust", "Crisis and home treatment", "ifeoma", 1) },
    t("ward", "trust", "Alder hospital ward", "beata", 5),
    t("talking", "trust", "Talking therapies", "wei", 10),
    t("physical", "trust", "Physical health clinic", "arjun", 5),
    t("practices", "practices", "Practice nurses", "sunita", 5),
    t("social_care", "council", "Adult social care", "graham", 10),
    t("housing_options", "council", "Housing options", "kirsty", 5),
    TeamLine { copied: false, ..t("safeguarding", "council", "Safeguarding adults", "deborah", 1) },
    TeamLine { copied: false, ..t("duty", "council", "Duty desk", "", 2) },
    t("harbour", "harbour", "Harbour House support", "shona", 5),
    t("larch", "larch", "Larch Court support", "moira", 5),
    t("millrace", "millrace", "Millrace support", "andrei", 5),
    t("debthelp", "debthelp", "Advisers", "joan", 5),
    t("advice", "advice", "Advice desk", "colm", 5),
    t("stride", "stride", "Work coaches", "yetunde", 5),
    t("sport", "leisure", "Active for life", "mel", 5),
    TeamLine { copied: false, ..t("sorrel", "sorrel", "Refuge and outreach", "bernadette", 1) },
    t("tidewell", "tidewell", "Recovery workers", "craig", 5),
    t("breakfast", "aldrics", "Breakfast team", "joan_pell", 5),
    t("carers", "carers", "Carer support", "parveen", 5),
    t("college", "college", "Learner support", "owen", 5),
    TeamLine { copied: false, ..t("plot", "plot", "Hazel and Ted", "hazel", 5) },
    TeamLine { copied: false, ..t("northside", "northside", "Befrienders", "una", 5) },
    TeamLine { copied: false, ..t("beacon", "beacon", "Drop-in team", "trevor", 5) },
    TeamLine { copied: false, ..t("board_old", "board_old", "Commissioning", "lakshmi", 10) },
    TeamLine { copied: false, ..t("board_new", "board_new", "Commissioning", "lakshmi", 10) },
];

/// One worker: key, name, team, role.
pub(super) struct WorkerLine {
    pub key: &'static str,
    pub name: &'static str,
    pub team: &'static str,
    pub role: WorkRole,
}

const fn w(key: &'static str, name: &'static str, team: &'static str, role: WorkRole) -> WorkerLine {
    WorkerLine { key, name, team, role }
}

/// The workers and volunteers.
#[rustfmt::skip]
pub(super) const WORKERS: &[WorkerLine] = &[
    w("aisha", "Aisha Rahman", "navigators", WorkRole::Navigator),
    w("dominic", "Dominic Petherwade", "navigators", WorkRole::Navigator),
    w("halina", "Halina Sosnowek", "navigators", WorkRole::Navigator),
    w("marcus", "Marcus Forrbourne", "navigators", WorkRole::Navigator),
    w("rosaleen", "Rosaleen O'Garavan", "navigators", WorkRole::Navigator),
    w("temitope", "Temitope Adelakun", "navigators", WorkRole::Navigator),
    w("priya", "Priya Lakhani", "navigators", WorkRole::Navigator),
    w("gethin", "Gethin Underbarrow", "navigators", WorkRole::Navigator),
    w("filsan", "Filsan Warfaye", "navigators", WorkRole::Navigator),
    w("bryony", "Bryony Holmgarth", "navigators", WorkRole::Navigator),
    w("ruth", "Ruth Calderwade", "navigators", WorkRole::TeamLead),
    w("gwen", "Gwen Penhurst", "net", WorkRole::ServiceLead),
    w("delroy", "Delroy Fernsford", "net", WorkRole::Navigator),
    w("josie", "Josie Thornley", "peers", WorkRole::PeerWorker),
    w("callum", "Callum Reddale", "peers", WorkRole::PeerWorker),
    w("tony", "Tony Beckford", "peers", WorkRole::Volunteer),
    w("nadia", "Nadia Siddiq", "office", WorkRole::PartnershipManager),
    w("miriam", "Miriam Zaytoun", "office", WorkRole::IgAuditor),
    w("alasdair", "Alasdair Inverneil", "net", WorkRole::RecordsOfficer),
    w("bela", "Bela Orchwright", "office", WorkRole::Analyst),
    w("pat", "Pat Sedgeley", "office", WorkRole::SystemAdmin),
    w("ifeoma", "Ifeoma Okaforji", "crisis", WorkRole::ServiceLead),
    w("sam", "Sam Larkwell", "community", WorkRole::Clinician),
    w("anneka", "Anneka Willowmere", "community", WorkRole::Clinician),
    w("kwesi", "Kwesi Obengfo", "community", WorkRole::Clinician),
    w("declan", "Declan McArarty", "crisis", WorkRole::CrisisWorker),
    w("beata", "Beata Brzezicz", "ward", WorkRole::Clinician),
    w("wei", "Wei Tsang", "talking", WorkRole::Clinician),
    w("arjun", "Arjun Thakkar", "physical", WorkRole::Clinician),
    w("sunita", "Sunita Mistry", "practices", WorkRole::Clinician),
    w("graham", "Graham Northgate", "social_care", WorkRole::SocialWorker),
    w("keisha", "Keisha Montford", "social_care", WorkRole::SocialWorker),
    w("kirsty", "Kirsty Glenneil", "housing_options", WorkRole::HousingOfficer),
    w("deborah", "Deborah Ashcombe", "safeguarding", WorkRole::SafeguardingLead),
    w("jerome", "Jerome Stirville", "duty", WorkRole::SocialWorker),
    w("leroy", "Leroy Bayldine", "harbour", WorkRole::HousingOfficer),
    w("shona", "Shona Kilroy", "harbour", WorkRole::ServiceLead),
    w("moira", "Moira Strathcaskie", "larch", WorkRole::TeamLead),
    w("imran", "Imran Yousaf", "larch", WorkRole::HousingOfficer),
    w("andrei", "Andrei Paltinescu", "millrace", WorkRole::HousingOfficer),
    w("joan", "Joan Whitcombe", "debthelp", WorkRole::DebtAdviser),
    w("farzana", "Farzana Hafeez", "debthelp", WorkRole::ServiceLead),
    w("stefan", "Stefan Lakato", "debthelp", WorkRole::DebtAdviser),
    w("colm", "Colm O'Finegan", "advice", WorkRole::DebtAdviser),
    w("harjit", "Harjit Dhaliwal", "advice", WorkRole::DebtAdviser),
    w("yetunde", "Yetunde Fadahunsi", "stride", WorkRole::VcseWorker),
    w("rebwar", "Rebwar Galalay", "stride", WorkRole::VcseWorker),
    w("mel", "Mel Swinhurst", "sport", WorkRole::SportCoach),
    w("hamish", "Hamish Drumfarlane", "sport", WorkRole::ServiceLead),
    w("bernadette", "Bernadette Riorarty", "sorrel", WorkRole::VcseWorker),
    w("craig", "Craig Copphurst", "tidewell", WorkRole::VcseWorker),
    w("luminita", "Luminita Demeta", "tidewell", WorkRole::PeerWorker),
    w("joan_pell", "Joan Pellworth", "breakfast", WorkRole::Volunteer),
    w("parveen", "Parveen Ishaq", "carers", WorkRole::VcseWorker),
    w("owen", "Owen Wetherland", "college", WorkRole::VcseWorker),
    w("hazel", "Hazel Whinstead", "plot", WorkRole::Volunteer),
    w("ted", "Ted Clayshaw", "plot", WorkRole::Volunteer),
    w("una", "Una Quinegan", "northside", WorkRole::VcseWorker),
    w("trevor", "Trevor Walcroft", "beacon", WorkRole::VcseWorker),
    w("lakshmi", "Lakshmi Goswami", "board_new", WorkRole::PartnershipManager),
    w("odette", "Odette Fernbourne", "panel", WorkRole::PanelMember),
    w("winston", "Winston Palford", "panel", WorkRole::PanelMember),
    w("sian", "Sian Holmcaster", "panel", WorkRole::PanelMember),
    w("rafiq", "Rafiq Mirza", "panel", WorkRole::PanelMember),
];

/// The navigators among them who hold plans, Aisha first.
pub const NAVIGATORS: [&str; 10] =
    ["aisha", "dominic", "halina", "marcus", "rosaleen", "temitope", "priya", "gethin", "filsan", "bryony"];

/// Names for the further parts of a place larger than Brackenford.
pub(super) const PARTS: [&str; 10] = [
    "Harrowmere",
    "Copsley",
    "Withyford",
    "Stanlow Cross",
    "Eddering",
    "Marlcombe",
    "Tethering",
    "Ousedale End",
    "Pinwick",
    "Long Sallow",
];

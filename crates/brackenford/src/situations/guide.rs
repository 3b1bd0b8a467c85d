//! What can be found, as whom, and where: the text of the demo's sign-in page.

use super::{id_of, special};
use crate::guide::{DemoGuide, DemoIdentity, DemoUser, Situation};
use crate::story::Town;
use kith_domain::organisation::WorkRole;

/// Key of the user, their role, and what they do in words.
#[rustfmt::skip]
const USERS: &[(&str, &str, WorkRole, &str)] = &[
    ("aisha", "navigators", WorkRole::Navigator, "Navigator at Kindred. Start here"),
    ("joan", "debthelp", WorkRole::DebtAdviser, "Money adviser at DebtHelp: an inbox of referrals"),
    ("nadia", "office", WorkRole::PartnershipManager, "Partnership manager: waits, declines and unmet needs, in counts"),
    ("ruth", "navigators", WorkRole::TeamLead, "Lead of the navigators: what is late rises to her"),
    ("gwen", "net", WorkRole::ServiceLead, "Lead of Kindred and of the net"),
    ("dominic", "navigators", WorkRole::Navigator, "Navigator"),
    ("halina", "navigators", WorkRole::Navigator, "Navigator"),
    ("marcus", "navigators", WorkRole::Navigator, "Navigator"),
    ("rosaleen", "navigators", WorkRole::Navigator, "Navigator"),
    ("temitope", "navigators", WorkRole::Navigator, "Navigator"),
    ("priya", "navigators", WorkRole::Navigator, "Navigator"),
    ("bryony", "navigators", WorkRole::Navigator, "Navigator, who covers for Gethin"),
    ("filsan", "navigators", WorkRole::Navigator, "Navigator"),
    ("leroy", "harbour", WorkRole::HousingOfficer, "Harbour House, supported housing (door A)"),
    ("shona", "harbour", WorkRole::ServiceLead, "Lead of Harbour House: sees what was said no to, without names"),
    ("moira", "larch", WorkRole::TeamLead, "Larch Court, supported housing (door B)"),
    ("andrei", "millrace", WorkRole::HousingOfficer, "Millrace Homes, supported housing (door C, full)"),
    ("sam", "community", WorkRole::Clinician, "Nurse in the community mental health team"),
    ("graham", "social_care", WorkRole::SocialWorker, "Social worker at the council; the duty desk has no lead, so it comes to him"),
    ("mel", "sport", WorkRole::SportCoach, "Coach at the sports centre"),
    ("yetunde", "stride", WorkRole::VcseWorker, "Work coach at Stride"),
    ("tony", "peers", WorkRole::Volunteer, "Volunteer"),
    ("josie", "peers", WorkRole::PeerWorker, "Peer worker, with a plan of her own"),
    ("alasdair", "net", WorkRole::RecordsOfficer, "Records officer: copies, complaints"),
    ("miriam", "office", WorkRole::IgAuditor, "Information governance: who looked, never what it says"),
    ("bela", "office", WorkRole::Analyst, "Analyst: counts only"),
    ("pat", "office", WorkRole::SystemAdmin, "System administrator"),
    ("ifeoma", "crisis", WorkRole::ServiceLead, "Lead at the trust: looks at emergency access of other teams"),
    ("odette", "panel", WorkRole::PanelMember, "On the lived-experience panel: decides what Kith may be used for, sees nobody"),
    ("winston", "panel", WorkRole::PanelMember, "On the lived-experience panel: has not answered yet"),
];

/// People who can be signed in as.
const PEOPLE: &[(&str, &str)] = &[
    ("benefit_stopped", "Adrian, who waits for an answer about his money"),
    ("son_interprets", "Nasreen, who wants to speak for herself"),
    ("unread_words", "Amira, who wrote something last night"),
    ("neighbour", "Tracey, who saw who looked"),
    ("shared_phone", "Shabana, whose phone is not only hers"),
];

/// Key, words, as whom to sign in, where to look. The key is that of the person, up to a
/// second part after a slash.
#[rustfmt::skip]
const SITUATIONS: &[(&str, &str, &str, &str)] = &[
    ("marlon", "Marlon needs a home with support. Three places could be asked", "aisha", "People I support"),
    ("nickname", "Sleeps rough, known by a nickname, with no phone, NHS number or date of birth", "aisha", "People I support"),
    ("same_name_one", "Two people with one name and one birthday", "dominic", "People I support"),
    ("same_name_two", "Two people with one name and one birthday: the other", "halina", "People I support"),
    ("three_times_one", "One person entered three times", "marcus", "People I support"),
    ("never_meet_her", "Must never meet her ex-partner; his sister works at a member charity", "aisha", "Her safe contact, and her sealed notes: Halina finds nothing there"),
    ("never_meet_him", "The ex-partner, whom nobody must tell anything", "temitope", "People I support"),
    ("shared_phone", "A partner who shares the phone, and a mother she trusts", "aisha", "Her safe contact"),
    ("peer_worker", "A peer worker with her own plan", "halina", "People I support. Josie cannot open it as a worker"),
    ("refuses", "Does not want to be in Kith, and still gets help", "dominic", "People I support"),
    ("left", "Stopped everything, and is not chased", "priya", "People I support"),
    ("unreachable", "Not reached after five tries: the door is open", "marcus", "People I support"),
    ("out_of_area", "In a hospital far away; her place at the gym is kept", "aisha", "Her referrals"),
    ("prison", "Comes out of prison on a Friday", "temitope", "Today: before release"),
    ("no_benefits", "Has no right to benefits; a note about it goes nowhere", "filsan", "People I support"),
    ("died", "Died yesterday; the coroner asks for everything about him to be kept", "bryony", "Today; something has changed: keep everything"),
    ("died_by_mistake", "A death recorded by mistake, and taken back", "dominic", "The story so far"),
    ("bereaved", "A carer whose son died, and a note that is not on her own pages until somebody looks again", "rosaleen", "The story so far"),
    ("deaf", "Deaf, uses British Sign Language", "halina", "People I support"),
    ("son_interprets", "Speaks Urdu; her son always interprets, and she has asked that he does not", "aisha", "People I support"),
    ("cannot_read", "Cannot read; everything is read aloud. He lets the trust see one very private thing, named", "marcus", "How he agreed: who can see what"),
    ("attorney", "Her niece is attorney for money only", "priya", "People around her"),
    ("imha", "On the hospital ward, with an independent mental health advocate", "temitope", "People around him"),
    ("best_interests", "A best-interests decision to look at again in three days", "rosaleen", "Her referral, and who can see what"),
    ("trans_woman", "A trans woman with former records", "aisha", "Her name"),
    ("trans_woman/circle", "A women-only group with a stated policy", "", "Find support: Thursday women's circle"),
    ("afraid_mother", "A mother who is afraid of losing her children", "bryony", "What matters"),
    ("three_doors", "Told \u{201c}too complex\u{201d}, then \u{201c}not complex enough\u{201d}", "dominic", "His referrals"),
    ("silent", "A receiver that does not answer", "halina", "Today: came back to you"),
    ("email_only", "Referred to a two-person charity that has only e-mail", "aisha", "His referral: answered by a link"),
    ("lapsed", "The befriending charity's agreement lapsed yesterday", "filsan", "Today: came back to you"),
    ("beacon_1", "A drop-in that shut while it helped nine people: it is all back with who asked", "ruth", "Today: came back to you"),
    ("sick_leave", "Her navigator is on long sick leave; Bryony covers", "bryony", "Today"),
    ("neighbour", "A worker looked at her neighbour's plan, and is shut out of it since", "neighbour", "Who looked"),
    ("duty", "A desk with no lead took something on", "graham", "Today"),
    ("safeguarding", "A safeguarding concern that the council has not answered", "rosaleen", "Today: somebody is worried"),
    ("complaint", "A complaint at day 28 and a copy request at day 27", "alasdair", "Rights"),
    ("benefit_stopped", "A benefit stopped last week", "aisha", "His referral to DebtHelp"),
    ("bailiff", "A bailiff is due tomorrow", "aisha", "Today"),
    ("office/board", "An integrated care board was replaced on 1 April", "nadia", "Members"),
    ("seventeen_one", "Seventeen, moving to adult services", "bryony", "People I support"),
    ("seventeen_two", "Seventeen, moving to adult services", "temitope", "People I support"),
    ("child_at_home", "A child at home helps more than a child ought to", "priya", "About me"),
    ("hand_over_late", "Offered to a colleague who has not answered: it rose to the lead", "ruth", "Today: hand-overs"),
    ("hand_over_now", "Offered to Aisha by a colleague", "aisha", "Today: hand-overs"),
    ("kept_moving", "A next date that was moved again and again", "temitope", "People I support"),
    ("silence", "Nothing said to her for five weeks", "filsan", "Today"),
    ("glass/waiting", "Emergency access that somebody has to look at within three days", "ifeoma", "Today: a question about looks"),
    ("same_name_one/glass", "Emergency access that was found wrong; she reads the answer in who looked", "ifeoma", "Questions about looks, done"),
    ("office/panel", "Something waits for the panel's answer; something it said no to", "odette", "The panel"),
    ("unmet", "A need that nothing here meets", "halina", "Her needs"),
    ("identity/link", "Two cousins with one name were linked by mistake: a link to undo", "gwen", "Who somebody is"),
    ("question", "A receiver asked something first", "aisha", "Today"),
    ("unread_words", "Wrote something last night that nobody has read yet", "aisha", "Today: words waiting to be read"),
    ("requests/new", "Five new requests, one from somebody who gave one letter", "aisha", "Today: new requests"),
];

/// What the design asks for and Kith cannot hold yet.
const LATER: &[&str] = &[];

/// The guide to this place.
pub fn guide(town: &Town) -> DemoGuide {
    let users = USERS.iter().map(|(key, team, role, words)| {
        let worker = town.cast.worker(key);
        let organisation = town.cast.seat(team, 0).organisation;
        DemoUser {
            key: (*key).into(),
            name: town.cast.name(worker).to_owned(),
            words: (*words).into(),
            identity: DemoIdentity::Worker { worker, organisation, role: *role },
        }
    });
    let people = PEOPLE.iter().map(|(key, words)| DemoUser {
        key: (*key).into(),
        name: called(key).unwrap_or_default(),
        words: (*words).into(),
        identity: DemoIdentity::Person { person: id_of(town, key), paper_code: false },
    });
    let situations = SITUATIONS.iter().map(|(key, words, sign_in, look)| {
        let person = (!key.contains('/')).then_some(*key);
        Situation {
            key: (*key).into(),
            words: (*words).into(),
            sign_in: (*sign_in).into(),
            person: person.map(|key| id_of(town, key)),
            called: person.and_then(called),
            look: (*look).into(),
        }
    });
    DemoGuide {
        users: users.chain(people).collect(),
        situations: situations.collect(),
        later: LATER.iter().map(|l| (*l).to_owned()).collect(),
    }
}

/// The name of a person by hand, where it is not drawn.
fn called(key: &str) -> Option<String> {
    let name = special(super::number(key)).map(|s| s.name)?;
    (!name.is_empty()).then(|| name.to_owned())
}

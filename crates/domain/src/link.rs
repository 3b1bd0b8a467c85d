//! The roles of the reverse index, in one place, so that the record that writes a link
//! and the query that reads it use the same word.

/// The organisation that holds it.
pub const HOLDER_ORGANISATION: &str = "holder_organisation";
/// The team that holds it.
pub const HOLDER_TEAM: &str = "holder_team";
/// The named lead who holds it.
pub const HOLDER_LEAD: &str = "holder_lead";
/// The organisation that sent it.
pub const SENDER_ORGANISATION: &str = "sender_organisation";
/// The team that sent it.
pub const SENDER_TEAM: &str = "sender_team";
/// The worker who sent it.
pub const SENDER_WORKER: &str = "sender_worker";
/// The organisation it was sent to.
pub const RECEIVER_ORGANISATION: &str = "receiver_organisation";
/// The team it was sent to.
pub const RECEIVER_TEAM: &str = "receiver_team";
/// The team it was sent to, while that has not answered: an inbox is read without the rest.
pub const ASKED_TEAM: &str = "asked_team";
/// The worker who took it on.
pub const RECEIVER_WORKER: &str = "receiver_worker";
/// The worker who asked, while there is news for the person that nobody passed on.
pub const NEWS: &str = "news";
/// An organisation this record belongs to or is about.
pub const ORGANISATION: &str = "organisation";
/// A team this record belongs to or is about.
pub const TEAM: &str = "team";
/// A worker this record belongs to or is about.
pub const WORKER: &str = "worker";
/// The key worker.
pub const KEY_WORKER: &str = "key_worker";
/// The worker who covers.
pub const COVER: &str = "cover";
/// The need it is for.
pub const NEED: &str = "need";
/// The goal it is for.
pub const GOAL: &str = "goal";
/// The service it is to.
pub const SERVICE: &str = "service";
/// The group it is to.
pub const GROUP: &str = "group";
/// The referral it belongs to.
pub const REFERRAL: &str = "referral";
/// The referral it is part of.
pub const PARENT: &str = "parent";
/// The agreement it rests on.
pub const CONSENT: &str = "consent";
/// The entry of the directory that stands for it.
pub const REPLACED_BY: &str = "replaced_by";
/// The person it is about, where the record is not the person's own.
pub const PERSON: &str = "person";
/// The record it amends or answers.
pub const ABOUT: &str = "about";
/// Who is to do it.
pub const OWNER_WORKER: &str = "owner_worker";
/// The team that is to do it.
pub const OWNER_TEAM: &str = "owner_team";
/// From whom people are handed over.
pub const FROM_WORKER: &str = "from_worker";
/// The team from which people are handed over.
pub const FROM_TEAM: &str = "from_team";
/// To whom people are handed over.
pub const TO_WORKER: &str = "to_worker";
/// An item in a packet.
pub const ITEM: &str = "item";
/// The NHS number, as a number: where records of one person meet.
pub const SAME_NHS_NUMBER: &str = "same_nhs_number";
/// The telephone number, as a number.
pub const SAME_PHONE: &str = "same_phone";
/// The day of birth, as a number.
pub const SAME_BIRTHDAY: &str = "same_birthday";
/// Somebody this person must not meet.
pub const APART: &str = "apart";
/// The other person of a possible match.
pub const OTHER_PERSON: &str = "other_person";
/// Another record of the same person.
pub const SAME_PERSON: &str = "same_person";

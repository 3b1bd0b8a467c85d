//! What ties the one who asks to the person and to the item at this moment: the care team, referrals,
//! consent, supporters' links, conflicts. Each is computed from the raw rows of the world and from
//! the time of the request, so nothing that has ended lingers (T1).

use crate::ceilings;
use crate::facts::{Thing, Who};
use crate::request::Request;
use crate::time::{DAY, Time};
use crate::words::{Action, Role};
use crate::world::{
    Consent, ConsentKind, Link, Person, Proxy, Referral, ReferralState, SuspendedView, World,
};

/// B3 (reliability 3.3): "For 90 days after the relationship closes view only; then deny."
pub const AFTER_CLOSING_SECONDS: i64 = 90 * DAY;
/// B5 (reliability 3.3): "and 30 days after completion".
pub const AFTER_COMPLETION_SECONDS: i64 = 30 * DAY;
/// Design 3, Link holder: "dead at 14 days".
pub const LINK_SECONDS: i64 = 14 * DAY;

/// What ties the one who asks to the person and the item.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ties {
    /// It is their own record, in their own account.
    pub is_self: bool,
    /// It is their own record, asked for with a staff account.
    pub own_record_as_staff: bool,
    /// A conflict of interest.
    pub conflict: bool,
    /// In the person's care team.
    pub care_team: bool,
    /// On the team of an accepted referral to their own organisation.
    pub accepted_referral: bool,
    /// A relationship closed less than 90 days ago.
    pub closed_lately: bool,
    /// On the team of a referral whose packet is open.
    pub open_packet: bool,
    /// This version of this item is in such a packet.
    pub item_in_open_packet: bool,
    /// On the sending team of the referral.
    pub sender: bool,
    /// A standing consent covers this item for this organisation and purpose.
    pub consent: bool,
    /// The person gave this item to them by name.
    pub given: bool,
    /// What ties a supporter.
    pub supporter: SupporterTie,
    /// What ties a link holder.
    pub link: LinkTie,
    /// A records officer's approved and open matter about this person.
    pub record_case: bool,
}

/// What ties a supporter to the person.
#[derive(Clone, Copy, Debug, Default)]
pub struct SupporterTie {
    /// The person has let them in, and it has not ended.
    pub current: bool,
    /// That covers this action on this item.
    pub covers: bool,
    /// Suspended by the coercion flag.
    pub suspended: bool,
    /// Suspended, but this item they had seen before, and the person chose that they keep it.
    pub keeps_this: bool,
}

/// What ties a link holder to a packet.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkTie {
    /// The link works.
    pub live: bool,
    /// This version of this item is in its packet.
    pub item_in_packet: bool,
    /// The second code, "we can probably help" and a name were given.
    pub name_open: bool,
}

impl Ties {
    /// The ties between the asker and what they ask for.
    pub(crate) fn of(world: &World, request: &Request, who: &Who, thing: &Thing) -> Ties {
        let Some(person) = thing.person.as_deref() else { return Ties::default() };
        let account = world.users.get(&who.id);
        let is_them = account.is_some_and(|user| user.person.as_deref() == Some(person));
        let asker = Asker { world, request, who, thing, person, now: request.at };
        Ties {
            is_self: who.role == Some(Role::Person) && is_them,
            own_record_as_staff: who.staff && is_them,
            conflict: who.staff && asker.conflict(),
            care_team: who.staff && asker.care_team(),
            accepted_referral: who.staff && asker.accepted_referral(),
            closed_lately: who.staff && asker.closed_lately(),
            open_packet: who.staff && asker.open_packets().next().is_some(),
            item_in_open_packet: who.staff && asker.item_in_open_packet(),
            sender: who.staff && asker.sender(),
            consent: who.staff && asker.consent(),
            given: who.staff && asker.given(),
            supporter: if who.role == Some(Role::Proxy) {
                asker.supporter()
            } else {
                SupporterTie::default()
            },
            link: if who.role == Some(Role::LinkHolder) { asker.link() } else { LinkTie::default() },
            record_case: who.role == Some(Role::RecordsOfficer) && asker.record_case(),
        }
    }

    /// B3 (reliability 3.3): "a current legitimate relationship (care team, caseload, accepted
    /// referral to that organisation)".
    #[must_use]
    pub fn current(&self) -> bool {
        self.care_team || self.accepted_referral
    }

    /// V1 (reliability 3.3): whether the asker has a "relationship with the person", so that a
    /// denial may be seen. Somebody whose relationship closed lately still has one (scenario S17), and
    /// so has a supporter who is suspended (S25) or asks beyond their scope (S24).
    #[must_use]
    pub fn relationship(&self) -> bool {
        self.is_self || self.current() || self.closed_lately || self.open_packet || self.supporter.current
    }
}

/// Somebody who asks about a person, and the rows to look through.
struct Asker<'a> {
    world: &'a World,
    request: &'a Request,
    who: &'a Who,
    thing: &'a Thing,
    person: &'a str,
    now: Time,
}

impl<'a> Asker<'a> {
    /// R05 (reliability 3.3): "Declared or detected conflict (same household, relative,
    /// current/former partner, alleged perpetrator, friend) between worker and person". A declared
    /// conflict of any other kind counts too.
    fn conflict(&self) -> bool {
        self.world.conflicts.iter().any(|conflict| {
            conflict.user == self.who.id
                && conflict.person == self.person
                && self.now.within(conflict.from, conflict.to)
        })
    }

    /// The asker's rows of the person's care team.
    fn team_rows(&self) -> impl Iterator<Item = (Time, Option<Time>)> {
        self.world
            .care_team
            .iter()
            .filter(|row| row.user == self.who.id && row.person == self.person)
            .map(|row| (row.from, row.to))
    }

    fn care_team(&self) -> bool {
        self.team_rows().any(|(from, to)| self.now.within(from, to))
    }

    /// The person's referrals to the asker's organisation on whose team the asker is, with their states.
    fn received(&self) -> impl Iterator<Item = (&'a Referral, ReferralState, Time)> {
        self.world
            .referrals
            .iter()
            .filter(|referral| referral.person == self.person)
            .filter(|referral| {
                self.who.org.as_ref() == Some(&referral.to_org) && referral.team.contains(&self.who.id)
            })
            .filter_map(|referral| {
                state_at(referral, self.now).map(|(state, since)| (referral, state, since))
            })
    }

    fn accepted_referral(&self) -> bool {
        self.received().any(|(_, state, _)| is_accepted(state))
    }

    /// A relationship that closed within 90 days: a care team left, or an accepted referral completed.
    fn closed_lately(&self) -> bool {
        let lately = |end: Time| self.now.within_seconds_of(end, AFTER_CLOSING_SECONDS);
        self.team_rows().any(|(from, to)| to.is_some_and(|end| from <= end && lately(end)))
            || self.received().any(|(_, state, since)| state == ReferralState::Completed && lately(since))
    }

    /// B5 (reliability 3.3): "while the referral is sent, accepted or active, and 30 days after
    /// completion; after decline or withdrawal nothing".
    fn open_packets(&self) -> impl Iterator<Item = &'a Referral> {
        self.received().filter_map(|(referral, state, since)| {
            let open = match state {
                ReferralState::Sent | ReferralState::Accepted | ReferralState::Active => true,
                ReferralState::Completed => self.now.within_seconds_of(since, AFTER_COMPLETION_SECONDS),
                ReferralState::Declined | ReferralState::Withdrawn | ReferralState::Unknown => false,
            };
            open.then_some(referral)
        })
    }

    /// Design 3: "B5 opens only the packet's versions; a newer version needs a new preview."
    fn item_in_open_packet(&self) -> bool {
        self.open_packets().any(|referral| self.packet_holds_thing(referral))
    }

    fn packet_holds_thing(&self, referral: &Referral) -> bool {
        let Some(item) = &self.thing.item else { return false };
        referral.packet.iter().any(|entry| entry.holds(item, self.thing.version))
    }

    /// B5 (reliability 3.3): "The sender always sees the referral's status and outcome".
    fn sender(&self) -> bool {
        self.world
            .referrals
            .iter()
            .filter(|referral| referral.person == self.person && referral.sent <= self.now)
            .filter(|referral| self.request.referral.as_ref().is_none_or(|asked| *asked == referral.id))
            .any(|referral| {
                self.who.org.as_ref() == Some(&referral.from_org) && referral.from_team.contains(&self.who.id)
            })
    }

    /// B4 (reliability 3.3): "an active consent names the actor's organisation, the domain, the
    /// purpose, and max sensitivity >= the item's; S3 additionally needs the item's category named
    /// in the consent."
    fn consent(&self) -> bool {
        let purpose = self.request.purpose.as_deref().unwrap_or_default();
        self.world.consents.iter().any(|consent| {
            consent.person == self.person
                && self.who.org.as_ref() == Some(&consent.org)
                && is_active(consent, self.now)
                && self.thing.area.is_some_and(|area| consent.domains.contains(&area))
                && consent.purposes.iter().any(|named| named == purpose)
                && consent.max_sensitivity >= self.thing.sensitivity
                && (self.thing.sensitivity < 3 || self.thing.categories_named_in(&consent.categories))
        })
    }

    /// Design 3, Safety plan: "A person may give it, or one named item, to a named worker of any
    /// organisation with an agreement, whatever the role's ceiling". They cannot give what they
    /// cannot see, nor what is sealed.
    fn given(&self) -> bool {
        let theirs = !self.thing.hidden && !self.thing.third_party && self.thing.sensitivity <= 3;
        theirs
            && self.world.gifts.iter().any(|gift| {
                gift.user == self.who.id
                    && self.thing.item.as_ref() == Some(&gift.item)
                    && self.now.within(gift.from, gift.to)
            })
    }

    fn supporter(&self) -> SupporterTie {
        let rows: Vec<&Proxy> = self
            .world
            .proxies
            .iter()
            .filter(|row| row.user == self.who.id && row.person == self.person)
            .filter(|row| (row.accepted || row.proof_seen) && self.now.within(row.from, row.to))
            .collect();
        let person = self.world.people.get(self.person);
        let suspended = person.is_some_and(|person| is_suspended(person, &self.who.id, self.now));
        let frozen = person.is_some_and(|person| person.coercion_view == SuspendedView::Frozen);
        SupporterTie {
            current: !rows.is_empty(),
            covers: rows.iter().any(|row| self.supporter_row_covers(row)),
            suspended,
            keeps_this: suspended
                && frozen
                && self.request.action == Action::View
                && rows
                    .iter()
                    .any(|row| self.thing.item.as_ref().is_some_and(|item| row.seen.contains(item))),
        }
    }

    /// B2 (reliability 3.3): "active, unexpired, accepted by the person, domain in scope, S<=2 (S3
    /// only if the category is named), action in scope". Export has the basis of view (W2), so it needs
    /// both words.
    fn supporter_row_covers(&self, row: &Proxy) -> bool {
        let named = self.thing.categories_named_in(&row.categories);
        let allows = |word: &str| row.actions.iter().any(|action| action == word);
        let action = match self.request.action {
            Action::View => allows("view"),
            Action::Export => allows("view") && allows("export"),
            Action::Contribute => allows("contribute"),
            Action::Update => allows("update"),
            _ => false,
        };
        action
            && self.thing.area.is_some_and(|area| {
                row.domains.contains(&area) && self.thing.sensitivity <= ceilings::of_supporter(area, named)
            })
    }

    /// Design 3, Link holder: "packet only, no name until "we can probably help" and their own name are
    /// given with a second code sent another way; [...] dead at 14 days, on answer, decline, expiry
    /// or recall."
    fn link(&self) -> LinkTie {
        let mine = |link: &&Link| link.user == self.who.id && self.link_is_live(link);
        self.world.links.iter().filter(mine).fold(LinkTie::default(), |tie, link| {
            let referral = self.referral_of(link);
            LinkTie {
                live: true,
                item_in_packet: tie.item_in_packet
                    || referral.is_some_and(|referral| self.packet_holds_thing(referral)),
                name_open: tie.name_open || link.can_probably_help.is_some_and(|given| given <= self.now),
            }
        })
    }

    fn link_is_live(&self, link: &Link) -> bool {
        let ended = [link.answered, link.recalled].into_iter().flatten().any(|end| end <= self.now);
        let standing = self.referral_of(link).and_then(|referral| state_at(referral, self.now));
        !ended
            && self.now.within_seconds_of(link.issued, LINK_SECONDS)
            && standing.is_some_and(|(state, _)| state == ReferralState::Sent || is_accepted(state))
    }

    /// The referral of a link: about this person, to the link holder's organisation.
    fn referral_of(&self, link: &Link) -> Option<&'a Referral> {
        self.world.referrals.iter().find(|referral| {
            referral.id == link.referral
                && referral.person == self.person
                && self.who.org.as_ref() == Some(&referral.to_org)
        })
    }

    /// Design 3, B10: "a named records officer of the owning organisation, purpose subject access,
    /// complaint, incident review, legal claim or coroner, case reference, fresh sign-in, a second
    /// person's approval; view and disclose only that person and case".
    fn record_case(&self) -> bool {
        self.world.record_cases.iter().any(|case| {
            case.officer == self.who.id
                && case.person == self.person
                && self.who.org.as_ref() == Some(&case.org)
                && self.request.case_reference.as_ref() == Some(&case.reference)
                && self.request.purpose.as_ref() == Some(&case.purpose)
                && case.approved_by.as_ref().is_some_and(|second| *second != case.officer)
                && self.now.within(case.from, case.to)
        })
    }
}

impl Thing {
    /// B4 and B2 (reliability 3.3): the item's category is named. An item without a category cannot be.
    fn categories_named_in(&self, named: &[String]) -> bool {
        !self.categories.is_empty() && self.categories.iter().all(|category| named.contains(category))
    }
}

/// Consent states (reliability 3.4): "expired/withdrawn: as none from that second;
/// best-interests/LPA: active until review date". Packet consent is not standing consent (design 3, B5).
fn is_active(consent: &Consent, now: Time) -> bool {
    consent.kind == ConsentKind::Standing
        && now.within(consent.from, consent.to)
        && [consent.withdrawn, consent.review_by].into_iter().flatten().all(|end| now < end)
}

/// R08 (reliability 3.3): "coercion_flag on the person suspends every proxy", as amended (design 3):
/// "suspends the supporters the person names, all of them if they cannot yet say."
fn is_suspended(person: &Person, supporter: &str, now: Time) -> bool {
    let flagged = person.coercion_flag_from.is_some_and(|from| now.within(from, person.coercion_flag_to));
    let named =
        person.coercion_supporters.as_ref().is_none_or(|named| named.iter().any(|user| user == supporter));
    flagged && named
}

/// How a referral stands at a moment and since when; none before it is sent.
fn state_at(referral: &Referral, now: Time) -> Option<(ReferralState, Time)> {
    if now < referral.sent {
        return None;
    }
    let last = referral.events.iter().filter(|event| event.at <= now).max_by_key(|event| event.at);
    Some(last.map_or((ReferralState::Sent, referral.sent), |event| (event.state, event.at)))
}

fn is_accepted(state: ReferralState) -> bool {
    matches!(state, ReferralState::Accepted | ReferralState::Active)
}

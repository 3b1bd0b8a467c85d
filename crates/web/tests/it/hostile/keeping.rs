//! What keeping the directory needs: something that is said to be wrong, two entries that may be one and
//! two that were joined, a group with a day that is not on, and an entry that nobody checked for long.

use super::another::{at, visitor};
use super::scene::{Visitor, send};
use crate::directory::{asked_by_mail, link_in, night, with_phone};
use crate::finding::with_a_group;
use crate::harness::{Browser, Maker, World, start};
use crate::referral::{alter, today};
use kith_domain::directory::Service;
use kith_domain::id::{GroupId, ServiceId};
use kith_domain::time::plus_days;

/// Who has a part in it.
pub const KEEPING: [&str; 4] =
    ["Nadia and the directory", "Aisha and the directory", "Tony and the group", "whoever runs it"];

/// Makes the scene, and gives everybody who has a part in it.
pub async fn the_directory(world: &World) -> Vec<Visitor> {
    let group: GroupId = with_a_group(world).await.into();
    let group = format!("/groups/{group}");
    let mut nadia = world.worker(world.nadia).await;
    let mut aisha = world.worker(world.aisha).await;
    doubled(world, world.harbour, "01632 960124").await;
    joined(&mut nadia, world.harbour).await;
    doubled(world, world.benefits_advice, "01632 960123").await;
    let service = format!("/services/{}", world.millrace);
    send(&mut aisha, &service, &format!("{service}/not-right"), &[("what", "gone")]).await;
    let old = plus_days(today(world), -81);
    alter::<Service>(world, world.larch, |s| s.checked = Some(old)).await;
    assert!(night(world).await >= 1, "whoever runs it is asked");
    let messages = asked_by_mail(world).await;
    let link = link_in(messages.iter().find(|m| m.body.contains("Larch Court")).expect("one about it"));
    let other = format!("/services/{}", world.benefits_advice);
    let of_tony = at(&[&group, &format!("{group}/days"), &format!("{group}/correct")]);
    vec![
        visitor(KEEPING[0], nadia, at(&["/directory", "/directory/twins"])),
        visitor(KEEPING[1], aisha, vec![group, other]),
        visitor(KEEPING[2], world.worker(world.tony).await, of_tony),
        visitor(KEEPING[3], world.browser(), vec![link]),
    ]
}

/// Another entry of the same organisation, with the same telephone.
async fn doubled(world: &World, service: ServiceId, phone: &str) {
    let first = with_phone(world, service, phone).await;
    let mut double = Service::new(format!("{} Ltd", first.name), first.organisation);
    double.contact = first.contact.clone();
    double.areas = first.areas.clone();
    double.checked = first.checked;
    let mut tx = world.kith.store().write().await.unwrap();
    Maker { tx: &mut tx, at: start().plus_days(-10) }.put(first.organisation, &double).await;
    tx.commit().await.unwrap();
}

/// The keeper says that the two are one, so that this can be taken back.
async fn joined(nadia: &mut Browser, service: ServiceId) {
    let pair = nadia.get("/directory/twins").await.links("/directory/twins/").remove(0);
    let stands = match pair.starts_with(&format!("/directory/twins/{service}")) {
        true => "first",
        false => "second",
    };
    send(nadia, &pair, &pair, &[("what", stands), ("words", "One phone, one door.")]).await;
}

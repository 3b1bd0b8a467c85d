//! What is asked, of the panel and by right: proposals that wait and that were agreed to, two people who may
//! be one and two who are said to be, a copy that is being read line by line, and who may read a note.

use super::another::{at, visitor};
use super::scene::{Visitor, send};
use crate::consent::{involve, note};
use crate::harness::{Browser, World};
use crate::identity::two;
use crate::mine::{badger, id, put};
use crate::panel::{agrees, asked, members};
use crate::rights::{ask_by_right, copy_asked, officer};
use crate::sealed::seal;
use kith_domain::area::Sensitivity;

/// Who has a part in it.
pub const ASKED: [&str; 6] =
    ["Femi", "Nadia and the panel", "Grace and pairs", "Alasdair", "Badger and rights", "Aisha and notes"];

/// Makes the scene, and gives everybody who has a part in it.
pub async fn what_is_asked(world: &World) -> Vec<Visitor> {
    let panel = members(world).await;
    agrees(world, &panel, 2).await;
    asked(world, None).await;
    let mut visitors = vec![
        visitor("Femi", world.worker(panel[0]).await, at(&["/panel"])),
        visitor("Nadia and the panel", world.worker(world.nadia).await, at(&["/panel", "/panel/propose"])),
        pairs(world).await,
    ];
    visitors.extend(by_right(world).await);
    visitors
}

/// One pair that waits, and one that two people said is one person.
async fn pairs(world: &World) -> Visitor {
    let (mut grace, mut nadia) = (world.worker(world.grace).await, world.worker(world.nadia).await);
    two(world, "Ana Lagoeiro", "07700 900417").await;
    let linked = grace.get("/identity").await.links("/identity/").remove(0);
    for browser in [&mut grace, &mut nadia] {
        let fields = [("what", "same"), ("words", "We rang.")];
        send(browser, &linked, &format!("{linked}/say"), &fields).await;
    }
    two(world, "Ben Tarn", "07700 900418").await;
    visitor("Grace and pairs", grace, vec!["/identity".to_owned(), linked])
}

/// A copy that a second person has agreed to, a question, and notes that are guarded.
async fn by_right(world: &World) -> [Visitor; 3] {
    let (mut aisha, person) = badger(world).await;
    let here = format!("/people/{person}");
    put(world, person, id(), &note(world, "An ordinary note", Sensitivity::S1, &[])).await;
    let sealed = seal(world, &mut aisha, person, false).await;
    let of_sealed = sealed.links(&format!("{here}/sealed/")).pop().expect("the sealed note");
    involve(world, person, world.sam).await;
    let sam = world.sam.worker.to_string();
    let close = format!("{here}/close");
    send(&mut aisha, &close, &close, &[("worker", &sam), ("kind", "friend")]).await;
    let alasdair = officer(world).await;
    let (mut own, mut officer, copy) = copy_asked(world, person, &alasdair).await;
    let second = world.grace.worker.to_string();
    send(&mut officer, &copy, &format!("{copy}/second"), &[("second", &second)]).await;
    let mut grace: Browser = world.worker(world.grace).await;
    send(&mut grace, &copy, &format!("{copy}/open"), &[]).await;
    let question = [("way", "screen"), ("words", "Can the council see this?")];
    ask_by_right(&mut own, "question", &question).await.says("Can the council see this?");
    [
        visitor("Alasdair", officer, vec!["/rights".to_owned(), format!("{copy}/copy")]),
        visitor("Badger and rights", own, at(&["/mine/rights", "/my-rights"])),
        visitor("Aisha and notes", aisha, vec![here.clone(), close, format!("{here}/sealed"), of_sealed]),
    ]
}

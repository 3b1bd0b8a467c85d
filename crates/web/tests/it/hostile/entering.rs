//! Ways in, in a place that is not made up: passkeys, a place elsewhere, a colleague who lost their phone.

use super::another::{at, visitor};
use super::forms::PageForm;
use super::scene::Visitor;
use crate::elsewhere::{Place, joins, world as with_cis2};
use crate::harness::World;
use crate::ways_in::{Phone, makes};
use kith_care::Identity;
use kith_care::sign_in::join::Invitation;

/// Who has a part in it.
pub const ENTERING: [&str; 4] = ["Aisha's ways in", "Bola's ways in", "Nadia lets in", "nobody yet"];

/// A place with another one to sign in at.
pub async fn place() -> (Place, World) {
    with_cis2().await
}

/// Makes the scene, and gives everybody who has a part in it.
pub async fn ways_in(cis2: &Place, world: &World) -> Vec<Visitor> {
    let mut aisha = world.worker(world.aisha).await;
    makes(&mut aisha, &mut Phone::new(1), "My phone").await.says("My phone");
    joins(cis2, world, &mut aisha, "s1").await.says("You can come in with NHS CIS2");
    let bola = world.worker(world.bola).await;
    let nadia = world.worker(world.nadia).await;
    let back_in = format!("/workers/{}/back-in/navigator", world.bola.worker);
    // Sam has an invitation and has not used it.
    let sam = world.sam;
    let identity = Identity::Worker { worker: sam.worker, organisation: sam.organisation, role: sam.role };
    let mut tx = world.kith.store().write().await.unwrap();
    let made = world.kith.make_invitation(&mut tx, &identity, "sam", world.now()).await.unwrap();
    tx.commit().await.unwrap();
    let Invitation { code, .. } = made;
    let mut nobody = world.browser();
    let join = nobody.get("/join").await;
    let invited = nobody.submit(&join, "/join", &[("code", &code)]).await;
    let page = nobody.get("/sign-in").await;
    let asked = nobody.submit(&page, "/sign-in/passkey/ask", &[]).await;
    let more = [PageForm::all(&invited), PageForm::all(&asked)].concat();
    vec![
        visitor("Aisha's ways in", aisha, at(&["/passkeys", "/passkeys/new"])),
        visitor("Bola's ways in", bola, at(&["/passkeys"])),
        visitor("Nadia lets in", nadia, vec![back_in]),
        Visitor { more, ..visitor("nobody yet", nobody, at(&["/sign-in", "/join"])) },
    ]
}

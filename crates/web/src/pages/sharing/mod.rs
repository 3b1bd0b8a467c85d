//! Who can see what: for the person at their own pages, and for a worker together with
//! them. Stop is two taps; giving says until when; who looked is a list in plain words.

mod give;
mod how;
mod less;
mod looked;
mod page;
mod side;
mod stop;

use crate::app::{For, Routes};
use kith_access::Action;

pub use give::{GiveCheckPage, GivePage, GiveWhomPage};
pub(in crate::pages) use how::{on_screen, present_choices, read_how, read_interpreter, read_present};
pub use less::NarrowPage;
pub use looked::{LookedPage, WhyPage};
pub use page::SharingView;
pub(in crate::pages) use side::Side;
pub use stop::{StopSharingPage, StoppedPage};

crate::views! { SharingView, StopSharingPage, StoppedPage, GiveWhomPage, GivePage, GiveCheckPage, NarrowPage, LookedPage, WhyPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    let (me, them) = (For::People, For::Workers);
    Routes::new()
        .get("/mine/sharing", me, Action::View, page::mine)
        .get("/mine/sharing/give", me, Action::ManageConsent, give::whom_mine)
        .get("/mine/sharing/give/{organisation}", me, Action::ManageConsent, give::mine)
        .post("/mine/sharing/give/{organisation}", me, Action::ManageConsent, give::save_mine)
        .get("/mine/sharing/less/{consent}", me, Action::StopSharing, less::mine)
        .post("/mine/sharing/less/{consent}", me, Action::StopSharing, less::save_mine)
        .get("/mine/sharing/{organisation}/stop", me, Action::StopSharing, stop::mine)
        .post("/mine/sharing/{organisation}/stop", me, Action::StopSharing, stop::save_mine)
        .get("/mine/sharing/{organisation}/stopped", me, Action::StopSharing, stop::stopped_mine)
        .post("/mine/sharing/{organisation}/keep/{referral}", me, Action::View, stop::keep_mine)
        .post("/mine/sharing/{organisation}/drop/{referral}", me, Action::StopSharing, stop::drop_mine)
        .get("/mine/looked", me, Action::ViewAudit, looked::show)
        .get("/mine/looked/{request}/why", me, Action::ViewAudit, looked::why)
        .post("/mine/looked/{request}/why", me, Action::Contribute, looked::ask)
        .get("/people/{person}/sharing", them, Action::View, page::theirs)
        .get("/people/{person}/sharing/give", them, Action::ManageConsent, give::whom_theirs)
        .get("/people/{person}/sharing/give/{organisation}", them, Action::ManageConsent, give::theirs)
        .post("/people/{person}/sharing/give/{organisation}", them, Action::ManageConsent, give::save_theirs)
        .get("/people/{person}/sharing/less/{consent}", them, Action::StopSharing, less::theirs)
        .post("/people/{person}/sharing/less/{consent}", them, Action::StopSharing, less::save_theirs)
        .post("/people/{person}/sharing/ends/{consent}", them, Action::StopSharing, page::told_theirs)
        .get("/people/{person}/sharing/{organisation}/stop", them, Action::StopSharing, stop::theirs)
        .post("/people/{person}/sharing/{organisation}/stop", them, Action::StopSharing, stop::save_theirs)
        .get(
            "/people/{person}/sharing/{organisation}/stopped",
            them,
            Action::StopSharing,
            stop::stopped_theirs,
        )
        .post(
            "/people/{person}/sharing/{organisation}/keep/{referral}",
            them,
            Action::View,
            stop::keep_theirs,
        )
        .post(
            "/people/{person}/sharing/{organisation}/drop/{referral}",
            them,
            Action::StopSharing,
            stop::drop_theirs,
        )
}

//! Words and flows that must not harm.
//!
//! - Given a no, then no page tells it before somebody has spoken to the person.
//! - Given "stop everything", then the help is kept unless they end it too, whoever holds
//!   the plan is told, and a code alone ends no help.
//! - Given a safe contact that is saved again, then no protection is lost.
//! - Given a request without agreement, then no page of theirs shows it until somebody told
//!   them, the leads are told, and telling is due.
//! - Given agreement, then who else was there is asked, and a doubt stops the sending.
//! - Given "no", then it is written down, and the service is not offered again.
//! - Given a question about a look, then it is not held by the one who looked.
//! - Given a request that was closed, then it stays open until the one who asked is told.
//! - Given more to share, then what they could open is shown first, and nothing is shared
//!   where somebody must not know.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use crate::referral::{Asked, ask, badger, day, inbox_link, need, need_now, save, with};
use axum::http::StatusCode;
use kith_domain::area::Area;
use kith_domain::need::NeedStatus;
use kith_domain::time::plus_days;

/// Tells them and chooses a next step.
async fn settle(world: &World, aisha: &mut Browser, path: &str, what: &str) -> Shown {
    let page = aisha.get(&format!("{path}/next")).await;
    let soon = day("next", plus_days(world.kith.calendar().day(world.now()), 5));
    let fields = with(&[("told", "Face to face. He was fed up."), ("choice", "date"), ("what", what)], &soon);
    save(aisha, &page, &fields).await
}

async fn declined(world: &World, aisha: &mut Browser) -> (Asked, Shown) {
    let asked = badger(world, aisha, world.benefits_advice).await;
    let sent = ask(aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    let page = joan.get(&format!("{path}/decline")).await;
    let fields = [("reason", "not_what_we_do"), ("words", "We do not help with this here.")];
    save(&mut joan, &page, &fields).await.is(StatusCode::OK);
    (asked, sent)
}

#[tokio::test]
async fn a_no_is_told_by_somebody_before_a_page_tells_it() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (asked, sent) = declined(&world, &mut aisha).await;
    let mut own = world.person(asked.person).await;
    let page = own.get("/mine/referrals").await;
    page.says("They have answered").says("talks with you about it").never("We do not help with this");
    own.get("/mine").await.says("They have answered").never("could not say yes");
    settle(&world, &mut aisha, &sent.path, "Look for another way").await.is(StatusCode::OK);
    own.get("/mine/referrals").await.says("They could not say yes").says("It is not your fault");
    // How they were told stands in the story.
    aisha.get(&format!("/people/{}", asked.person)).await.says("Told about Benefits advice").says("In touch");
}

#[tokio::test]
async fn stopping_everything_keeps_help_unless_it_is_ended_and_tells_the_holder() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let mut own = world.person(asked.person).await;
    let page = own.get("/mine/stop").await;
    page.says("not safe or cannot go on").says("Who reads this: Aisha Rahman").never("is taken back");
    let done = own.submit(&page, "/mine/stop", &[("stop", "everything")]).await;
    done.says("You stopped everything").says("Your places are kept");
    aisha.get(&sent.path).await.never("Taken back");
    let today = aisha.get("/today").await;
    today.says("Words waiting to be read");
    let notice = today.links(&format!("/people/{}/messages/", asked.person)).remove(0);
    aisha
        .get(&notice)
        .await
        .says("A notice from Kith")
        .says("They stopped everything. Do not contact them about their plan")
        .never("kith-own-words\"");
    // The one who was asked keeps the place and sees nothing of the person.
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.never("Badger");
    world.assert_nothing_lost().await;
    world.pass_days(60);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_goodbye_is_read_and_help_can_be_ended_too() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let mut own = world.person(asked.person).await;
    let page = own.get("/mine/stop").await;
    let fields = [("stop", "finished"), ("help", "end"), ("words", "Thank you, Aisha. I am all right now.")];
    own.submit(&page, "/mine/stop", &fields).await.says("You have given up your places");
    aisha.get(&sent.path).await.says("Taken back");
    let links = aisha.get("/today").await.links(&format!("/people/{}/messages/", asked.person));
    let mut read = String::new();
    for link in links {
        read.push_str(&aisha.get(&link).await.text());
    }
    assert!(read.contains("Thank you, Aisha"), "the goodbye is read by somebody: {read}");
}

#[tokio::test]
async fn a_code_alone_ends_no_help_and_the_holder_knows_how_it_was_stopped() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let safe = format!("/people/{}/safe-contact", asked.person);
    let form = aisha.get(&safe).await;
    aisha.submit(&form, &safe, &[("paper", "yes")]).await.is(StatusCode::OK);
    let action = format!("/people/{}/code", asked.person);
    let form = aisha.get(&action).await;
    let slip = aisha.submit(&form, &action, &[]).await;
    let code = slip.body.split("kith-slip__code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut phone = world.browser();
    let page = phone.get("/code").await;
    phone.submit(&page, "/code", &[("code", &code)]).await.is(StatusCode::OK);
    let page = phone.get("/mine/stop").await;
    page.says("The help you asked for is kept");
    let tried = phone.submit(&page, "/mine/stop", &[("stop", "everything"), ("help", "end")]).await;
    tried.is(StatusCode::UNPROCESSABLE_ENTITY).says("With a code alone your places are kept");
    phone.submit(&page, "/mine/stop", &[("stop", "everything")]).await.says("You stopped everything");
    aisha.get(&sent.path).await.never("Taken back");
    let link = aisha.get("/today").await.links(&format!("/people/{}/messages/", asked.person)).remove(0);
    aisha.get(&link).await.says("with a paper code and no word");
}

#[tokio::test]
async fn saving_safe_contact_again_loses_no_protection() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let action = format!("{person}/safe-contact");
    let debt = world.joan.organisation.to_string();
    let form = aisha.get(&action).await;
    let fields = [
        ("channel_1", "phone"),
        ("detail_1", "07700 900123"),
        ("voicemail_1", "no"),
        ("note_1", "Let it ring twice"),
        ("must_who_1", "My brother"),
        ("must_org_1", debt.as_str()),
        ("must_who_2", "The lodger"),
    ];
    aisha.submit(&form, &action, &fields).await.is(StatusCode::OK);
    // Opened and saved again, with nothing changed.
    let form = aisha.get(&action).await;
    let page = aisha.submit(&form, &action, &[]).await;
    page.says("My brother").says("The lodger").says("no voicemail").says("Let it ring twice");
    let who = world.principal(world.aisha).await;
    let id = person.rsplit('/').next().unwrap().parse().unwrap();
    let safe = world.kith.person_details(&who, id).await.unwrap().value.safe_contact;
    assert_eq!(safe.must_not_know[0].organisation, Some(world.joan.organisation));

    let form = aisha.get(&action).await;
    let one = aisha.submit(&form, &action, &[("from_1", "9")]).await;
    one.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter both hours, or leave both empty");
    let loose = aisha.submit(&form, &action, &[("detail_2", "01632 960000")]).await;
    loose.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose what kind of way this is");

    // Two write at once: the other's change is shown and kept.
    let mut bola = world.worker(world.bola).await;
    let his = bola.get(&action).await;
    aisha.submit(&form, &action, &[("must_who_3", "My neighbour")]).await.is(StatusCode::OK);
    let merge = bola.submit(&his, &action, &[("note_1", "Not on Fridays")]).await;
    merge.is(StatusCode::CONFLICT).says("Two people wrote this at the same time");
    bola.submit(&merge, &action, &[]).await.says("My neighbour").says("Not on Fridays");
}

#[tokio::test]
async fn an_empty_form_is_no_answer_about_safety() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/people/add").await;
    let person = aisha.submit(&page, "/people/add", &[("called", "Badger")]).await.path;
    let action = format!("{person}/safe-contact");
    let form = aisha.get(&action).await;
    aisha.submit(&form, &action, &[]).await.says("Nobody has asked for a safe way to reach them yet");
}

#[tokio::test]
async fn a_carers_word_is_not_the_persons_and_a_sealed_address_shows() {
    let world = World::new().await;
    let mut public = world.browser();
    let path = "/ask-for-help/for-someone";
    let form = public.get(path).await;
    let fields = [
        ("name", "Maureen"),
        ("contact", "01632 960 123"),
        ("knows", "yes"),
        ("called", "Dee"),
        ("way1-channel", "phone"),
        ("way1-detail", "07700 900 982"),
        ("voicemail", "no"),
        ("must-not-know", "Her landlord"),
    ];
    public.submit(&form, path, &fields).await.says("they answer you first");
    let mut aisha = world.worker(world.aisha).await;
    let link = aisha.get("/today").await.links("/coming-in/").remove(0);
    let request = aisha.get(&link).await;
    let take = format!("{link}/take-up");
    let page = aisha.submit(&request, &take, &[]).await;
    page.is(StatusCode::OK)
        .says("Said by whoever asked, not yet by them")
        .says("Nobody has asked for a safe way")
        .says("no voicemail")
        .says("Her landlord")
        .says("Phone (use only if it is a safe way)");
    let action = format!("{}/details", page.path);
    let form = aisha.get(&action).await;
    aisha.submit(&form, &action, &[("sealed", "yes")]).await.says("Sealed: it never leaves Kith");
    // Whoever asked is still to be told: it stays on the list, and says no more than is true.
    let open = aisha.get("/today").await;
    assert_eq!(open.links(&link).len(), 1, "{}", open.text());
    let request = aisha.get(&link).await;
    request.says("A navigator has taken this up").never("We have been in touch");
    let none = format!("{link}/not-told");
    aisha.submit(&request, &none, &[]).await.says("The one who asked is not told");
    assert!(aisha.get("/today").await.links(&link).is_empty());
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_went_without_agreement_is_told_by_somebody_and_by_no_page() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    save(&mut aisha, &what, &[]).await;
    let page = aisha.get(&format!("{}/without-agreement", asked.base)).await;
    page.says("Who reads this: Grace Mensah").never("safeguarding lead, by");
    let fields = [
        ("by", "safeguarding"),
        ("decided_by", "Grace Mensah, team lead"),
        ("why", "Somebody takes his money"),
        ("least", "The need alone"),
    ];
    let check = save(&mut aisha, &page, &fields).await;
    let sent = save(&mut aisha, &check, &[]).await;
    sent.is(StatusCode::OK).says("tell them, or write why not");

    let mut own = world.person(asked.person).await;
    for path in ["/mine", "/mine/referrals", "/mine/sharing"] {
        own.get(path).await.never("Benefits advice");
    }
    let mut grace = world.worker(world.grace).await;
    let today = grace.get("/today").await;
    let notice = today.links(&format!("/people/{}/messages/", asked.person)).remove(0);
    grace.get(&notice).await.says("without the person’s agreement").says("Somebody takes his money");
    world.assert_nothing_lost().await;

    // Looked at again, with a next day.
    let again = aisha.get(&format!("{}/look-again", sent.path)).await;
    let next = day("review", plus_days(world.kith.calendar().day(world.now()), 14));
    save(&mut aisha, &again, &with(&[("found", "Still needed")], &next)).await.says("Still needed");

    // Not told, with a reason; then told.
    let page = aisha.get(&format!("{}/not-told", sent.path)).await;
    save(&mut aisha, &page, &[("why", "Whoever takes it reads his phone")]).await.says("Whoever takes it");
    own.get("/mine/referrals").await.never("Benefits advice");
    let told = aisha.get(&sent.path).await;
    let told = match told.body.contains(&format!("{}/told", sent.path)) {
        true => told,
        false => return,
    };
    aisha.submit(&told, &format!("{}/told", sent.path), &[]).await.is(StatusCode::OK);
    own.get("/mine/referrals").await.says("Benefits advice");
}

#[tokio::test]
async fn agreement_says_who_was_there_and_a_doubt_stops_the_sending() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    let aloud = save(&mut aisha, &what, &[]).await;
    aloud
        .says("This is what they would be told:")
        .says("They also see that we asked")
        .says("and, if you say yes, that you agreed")
        .says("they may have to keep what we told them")
        .never("This is all they would be told");
    let agreement = aisha.get(&format!("{}/agreement", asked.base)).await;
    let untouched = save(&mut aisha, &agreement, &[("how", "phone")]).await;
    untouched.is(StatusCode::UNPROCESSABLE_ENTITY).says("whether anybody else was there");
    let alone = save(&mut aisha, &agreement, &[("how", "interpreter"), ("presence", "alone")]).await;
    alone.is(StatusCode::UNPROCESSABLE_ENTITY).says("who interpreted");
    // A relative is none, also where it was read aloud.
    for (how, who) in [("interpreter", "his son Imran"), ("read_aloud", "a friend of his")] {
        let fields = [("how", how), ("presence", "alone"), ("interpreter", who)];
        let close = save(&mut aisha, &agreement, &fields).await;
        close.is(StatusCode::UNPROCESSABLE_ENTITY).says("A relative or friend cannot interpret for this");
    }
    let fields = [("how", "phone"), ("presence", "not_known"), ("doubt", "He seemed confused")];
    let check = save(&mut aisha, &agreement, &fields).await;
    check.says("not known who else was there").says("You wrote a doubt whether they could decide this");
    save(&mut aisha, &check, &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("which clinician");
    let agreement = aisha.get(&format!("{}/agreement", asked.base)).await;
    let fields = [("clinician", "Sam Okafor: he can decide this today")];
    let check = save(&mut aisha, &agreement, &fields).await;
    save(&mut aisha, &check, &[]).await.is(StatusCode::OK).says("Sent.");
}

#[tokio::test]
async fn no_is_an_answer_without_a_day() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    let aloud = save(&mut aisha, &what, &[]).await;
    let no = format!("{}/no", asked.base);
    let found = aisha.submit(&aloud, &no, &[]).await;
    found.is(StatusCode::OK).says("Asked already, and why not offered again");
    aisha.get(&asked.base).await.says("said no");

    let other = need(&world, asked.person, Area::Housing, "somewhere dry").await;
    let base = format!("/people/{}/needs/{other}/refer/{}", asked.person, world.harbour);
    let page = aisha.get(&format!("{base}/not-now")).await;
    let empty = [("until-day", ""), ("until-month", ""), ("until-year", "")];
    save(&mut aisha, &page, &empty).await.is(StatusCode::OK);
    let value = need_now(&world, asked.person, other).await.value;
    assert!(matches!(value.status, NeedStatus::SaidNo { .. }), "{:?}", value.status);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn why_is_not_asked_of_the_one_who_looked() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let person = page.path.rsplit('/').next().unwrap().parse().unwrap();
    aisha.get(&page.path).await.is(StatusCode::OK);
    let mut own = world.person(person).await;
    let looked = own.get("/mine/looked").await;
    looked.says("Who looked at your plan lately").says("Aisha Rahman").never("Everybody who looked");
    let why = looked.links("/mine/looked/").remove(0);
    let page = own.get(&why).await;
    page.says("Who reads this: Grace Mensah").says("You can also ask data@example.org");
    own.submit(&page, &why, &[("words", "I did not know you read this")]).await.is(StatusCode::OK);
    let mut grace = world.worker(world.grace).await;
    let link = crate::glass::questions_on(&grace.get("/today").await).remove(0);
    grace.get(&link).await.says("I did not know you read this").says("Aisha Rahman");
    aisha.get(&link).await.is(StatusCode::NOT_FOUND);
    assert!(crate::glass::questions_on(&aisha.get("/today").await).is_empty());
}

#[tokio::test]
async fn a_closed_request_stays_until_whoever_asked_is_told() {
    let world = World::new().await;
    let mut public = world.browser();
    let path = "/ask-for-help/for-me";
    let form = public.get(path).await;
    let fields = [("called", "Badger"), ("way1-channel", "phone"), ("way1-detail", "07700 900 982")];
    public.submit(&form, path, &fields).await.is(StatusCode::OK);
    let mut aisha = world.worker(world.aisha).await;
    let link = aisha.get("/today").await.links("/coming-in/").remove(0);
    let request = aisha.get(&link).await;
    request.says("Say or send these words yourself on the next page");
    let close = format!("{link}/close");
    let closed = aisha.submit(&request, &close, &[("words", "Ring the library about the group.")]).await;
    assert_eq!(aisha.get("/today").await.links(&link).len(), 1);
    aisha.submit(&closed, &format!("{link}/told"), &[]).await.says("was told");
    assert!(aisha.get("/today").await.links(&link).is_empty());
}

#[tokio::test]
async fn what_they_could_open_is_shown_before_it_is_shared() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let person = page.path.rsplit('/').next().unwrap().parse().unwrap();
    need(&world, person, Area::Money, "get my money back").await;
    let mut own = world.person(person).await;
    let give = format!("/mine/sharing/give/{}", world.joan.organisation);
    let form = own.get(&give).await;
    let look = own.submit(&form, &give, &[("areas", "money")]).await;
    look.is(StatusCode::OK).says("DebtHelp could open").says("What you need: get my money back");
    own.get("/mine/sharing").await.never("May go on seeing");
    own.submit(&look, &give, &[]).await.says("May go on seeing").says("Money");

    let action = format!("{}/safe-contact", page.path);
    let form = aisha.get(&action).await;
    let amir = world.amir.organisation.to_string();
    aisha
        .submit(&form, &action, &[("must_who_1", "My ex-partner"), ("must_org_1", amir.as_str())])
        .await
        .is(StatusCode::OK);
    let give = format!("/mine/sharing/give/{amir}");
    let form = own.get(&give).await;
    let no = own.submit(&form, &give, &[("areas", "housing")]).await;
    no.is(StatusCode::UNPROCESSABLE_ENTITY).says("Somebody there must not know");
}

#[tokio::test]
async fn where_to_turn_is_true_for_everybody() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/nowhere").await.says("call 999 now").never("use “I am worried about someone”");
    aisha.get("/find").await.says("I am worried about someone").says("0808 2000 247");
    let page = add(&mut aisha, "Badger").await;
    aisha
        .get(&format!("{}/note", page.path))
        .await
        .says("They have a right to ask to read this")
        .never("They can read this");
    let person = page.path.rsplit('/').next().unwrap().parse().unwrap();
    let company = need(&world, person, Area::Connection, "some company").await;
    let base = format!("/people/{person}/needs/{company}/refer/{}", world.garden);
    let sent = ask(&mut aisha, &Asked { person, need: company, base }).await;
    let link = sent.links("/link/").remove(0);
    let mut green = world.browser();
    let landing = green.get(&link).await;
    let request = green.submit(&landing, &link, &[]).await;
    request.says("Worried about someone? Help now").says("Then ring Navigators");
    assert!(request.links("/worried").is_empty(), "a dead end");
    green.get("/link/not-a-link").await.says("01632 960001");
}

#[tokio::test]
async fn what_was_typed_counts_and_a_death_is_asked_once_more() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/people/add").await;
    let odd = aisha.submit(&page, "/people/add", &[("called", "Badger"), ("safe_way", "07700 900123")]).await;
    odd.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose what kind of way this is");
    let none = [("called", "Badger"), ("phone_known", "none"), ("phone", "07700 900123")];
    aisha
        .submit(&page, "/people/add", &none)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("or clear the box");
    // "Not asked yet" is what the form begins with: what is typed counts.
    let typed = [("called", "Badger"), ("phone", "07700 900123")];
    let person = aisha.submit(&page, "/people/add", &typed).await;
    person.is(StatusCode::OK).says("900123");

    let action = format!("{}/life", person.path);
    let form = aisha.get(&action).await;
    let sure = aisha.submit(&form, &action, &[("change", "died")]).await;
    sure.says("Has Badger died?");
    aisha.get(&person.path).await.never("It is recorded that they have died");
    aisha.submit(&sure, &action, &[]).await.says("It is recorded that they have died");
}

#[tokio::test]
async fn the_details_of_two_writers_are_put_together() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let action = format!("{person}/details");
    let mut bola = world.worker(world.bola).await;
    let (hers, his) = (aisha.get(&action).await, bola.get(&action).await);
    aisha.submit(&hers, &action, &[("gp", "Oak Street Surgery"), ("language", "Urdu")]).await;
    let merge = bola.submit(&his, &action, &[("email", "badger@example.org"), ("language", "Polish")]).await;
    merge.is(StatusCode::CONFLICT).says("Urdu").says("Polish");
    bola.submit(&merge, &action, &[]).await.is(StatusCode::OK).says("Oak Street Surgery").says("Polish");
}

#[tokio::test]
async fn all_of_them_are_handed_over_with_two_ticks() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    for called in ["Badger", "Marlon"] {
        add(&mut aisha, called).await;
    }
    let page = aisha.get("/hand-over/new").await;
    let to = world.bola.worker.to_string();
    let fields = [("to", to.as_str()), ("all", "yes"), ("all-told", "yes")];
    let offered = aisha.submit(&page, "/hand-over/new", &fields).await;
    offered.is(StatusCode::OK).says("Badger").says("Marlon").says("They were told about this");
    offered.never("They were not told yet");
}

//! Asking for help: for oneself, for somebody one cares for, or as a worker. One page
//! each, no account, only what is needed to make contact safely.

use crate::app::{Anyone, App, Oops, Posted};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::coming_in::{Asked, Sent, missing};
use kith_care::{CareError, Principal};
use kith_domain::arriving::{Asking, WORKERS};
use kith_domain::coming_in::PersonKnows;
use kith_domain::contact::{Channel, Hours, MustNotKnow, SafeContact, SafeWay};
use kith_domain::id::RecordId;
use kith_domain::person::CameBy;
use serde::Serialize;
use uuid::Uuid;

/// Who is this for?
#[derive(Debug, Serialize)]
pub struct WhoForPage {
    reader: ReaderView,
}

/// The page of one of the three ways.
#[derive(Debug, Serialize)]
pub struct AskPage {
    /// me, carer or worker.
    way: &'static str,
    action: &'static str,
    form: Filled,
    reader: ReaderView,
    channels: Vec<Choice>,
    times: Vec<Choice>,
    workers: Vec<Choice>,
}

/// It has arrived.
#[derive(Debug, Serialize)]
pub struct SentPage {
    reference: String,
    by: String,
    reader: ReaderView,
}

/// Who reads it, and by when.
#[derive(Clone, Debug, Serialize)]
struct ReaderView {
    team: String,
    by: String,
    phone: Option<String>,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
    hint: Option<&'static str>,
}

impl ReaderView {
    fn of(asked: &Asked, today: Date) -> ReaderView {
        let team = match asked.organisation.is_empty() {
            true => asked.team.clone(),
            false => format!("{} at {}", asked.team, asked.organisation),
        };
        ReaderView { team, by: text::day(asked.answer_by, today), phone: asked.phone.clone() }
    }

    fn sample() -> ReaderView {
        ReaderView {
            team: "Navigators at Brackenford Together".into(),
            by: "Thursday 26 November".into(),
            phone: Some("01632 960001".into()),
        }
    }
}

/// Which of the three ways.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Me,
    Carer,
    Worker,
}

impl Way {
    fn code(self) -> &'static str {
        match self {
            Way::Me => "me",
            Way::Carer => "carer",
            Way::Worker => "worker",
        }
    }
    fn path(self) -> &'static str {
        match self {
            Way::Me => "/ask-for-help/for-me",
            Way::Carer => "/ask-for-help/for-someone",
            Way::Worker => "/ask-for-help/as-a-worker",
        }
    }
}

impl AskPage {
    fn new(way: Way, form: Filled, reader: ReaderView) -> AskPage {
        let choice = |value, text| Choice { value, text, hint: None };
        AskPage {
            way: way.code(),
            action: way.path(),
            form,
            reader,
            channels: Channel::ALL.iter().map(|c| choice(c.code(), channel_words(*c, way))).collect(),
            times: TIMES.iter().map(|(value, text, _)| choice(value, text)).collect(),
            workers: WORKERS.iter().map(|by| choice(worker_code(*by), worker_words(*by))).collect(),
        }
    }
}

fn channel_words(channel: Channel, way: Way) -> &'static str {
    match (channel, way) {
        (Channel::Phone, _) => "Phone call",
        (Channel::Text, _) => "Text message",
        (Channel::Email, _) => "Email",
        (Channel::Letter, _) => "Letter",
        (Channel::InPerson, _) => "Meet at a place",
        (Channel::Through, Way::Me) => "Through someone I trust",
        (Channel::Through, _) => "Through someone they trust",
    }
}

/// A part of the day: its code, its words, from and until which hour.
type PartOfDay = (&'static str, &'static str, Option<(i8, i8)>);

/// Parts of the day in which a way is safe.
const TIMES: [PartOfDay; 4] = [
    ("any", "Any time of day", None),
    ("morning", "Mornings, 9 to 12", Some((9, 12))),
    ("afternoon", "Afternoons, 12 to 5", Some((12, 17))),
    ("evening", "Early evenings, 5 to 8", Some((17, 20))),
];

fn worker_code(by: CameBy) -> &'static str {
    match by {
        CameBy::GpPractice => "gp_practice",
        CameBy::HospitalWard => "hospital_ward",
        CameBy::CommunityTeam => "community_team",
        CameBy::Housing => "housing",
        CameBy::Prison => "prison",
        _ => "charity",
    }
}

/// The kind of work in the words of the page.
pub(crate) fn worker_words(by: CameBy) -> &'static str {
    match by {
        CameBy::Themselves => "The person themselves",
        CameBy::Carer => "Somebody close to them",
        CameBy::GpPractice => "A GP practice",
        CameBy::HospitalWard => "A hospital ward",
        CameBy::CommunityTeam => "A community mental health team",
        CameBy::Housing => "Housing",
        CameBy::Prison => "A prison",
        CameBy::Charity => "A charity or community group",
        CameBy::Met => "A navigator met them",
    }
}

impl View for WhoForPage {
    const TEMPLATE: &'static str = "coming_in/who_for.html";
    fn title(&self) -> String {
        "Ask for help".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let odd = ReaderView { team: "<b>\"Odd\"</b>".into(), phone: None, ..ReaderView::sample() };
        let long = ReaderView { team: "Navigators of ".repeat(20), ..ReaderView::sample() };
        vec![
            ("ordinary", WhoForPage { reader: ReaderView::sample() }),
            ("empty", WhoForPage { reader: ReaderView { phone: None, ..ReaderView::sample() } }),
            ("longest", WhoForPage { reader: long }),
            ("difficult", WhoForPage { reader: odd }),
        ]
    }
}

impl View for AskPage {
    const TEMPLATE: &'static str = "coming_in/ask.html";
    fn title(&self) -> String {
        "Ask for help".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |way, form| AskPage::new(way, form, ReaderView::sample());
        let filled = Filled::with([
            ("called", "Badger"),
            ("way1-channel", "in_person"),
            ("way1-detail", "Tuesday drop-in, ask Joan"),
            ("voicemail", "no"),
        ]);
        let wrong = Filled::of(
            &FormData::from_text(
                "called=%3Cb%3E&name=%22O%27Neil%22&words=%3Cscript%3Ealert(1)%3C/script%3E",
            ),
            &FormErrors::one("contact", "Tell us how we can answer you."),
        );
        let long = Filled::with([("called", "Name ".repeat(16)), ("words", "Words. ".repeat(300))]);
        vec![
            ("ordinary", page(Way::Me, filled)),
            ("empty", page(Way::Carer, Filled::blank())),
            ("empty worker", page(Way::Worker, Filled::blank())),
            ("longest", page(Way::Carer, long)),
            ("difficult", page(Way::Worker, wrong)),
        ]
    }
}

impl SentPage {
    fn of(sent: &Sent, today: Date) -> SentPage {
        SentPage {
            reference: sent.reference.clone(),
            by: text::day(sent.answer_by, today),
            reader: ReaderView::of(&sent.asked, today),
        }
    }
}

impl View for SentPage {
    const TEMPLATE: &'static str = "coming_in/sent.html";
    fn title(&self) -> String {
        "Your message has arrived".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sent =
            |reader| SentPage { reference: "4567 89AB".into(), by: "Thursday 26 November".into(), reader };
        vec![
            ("ordinary", sent(ReaderView::sample())),
            ("empty", sent(ReaderView { phone: None, ..ReaderView::sample() })),
            ("longest", sent(ReaderView { team: "Navigators of ".repeat(20), ..ReaderView::sample() })),
            ("difficult", sent(ReaderView { team: "<b>\"Odd\"</b>".into(), ..ReaderView::sample() })),
        ]
    }
}

fn reader_of(app: &App, who: &Principal) -> ReaderView {
    ReaderView::of(&app.kith.asking(who), app.kith.calendar().day(who.now))
}

pub(super) async fn who_for(State(app): State<App>, Anyone(who): Anyone, page: PageContext) -> Html {
    render(&page, &WhoForPage { reader: reader_of(&app, &who) })
}

pub(super) async fn for_me(State(app): State<App>, Anyone(who): Anyone, page: PageContext) -> Html {
    render(&page, &AskPage::new(Way::Me, Filled::blank(), reader_of(&app, &who)))
}

pub(super) async fn for_someone(State(app): State<App>, Anyone(who): Anyone, page: PageContext) -> Html {
    render(&page, &AskPage::new(Way::Carer, Filled::blank(), reader_of(&app, &who)))
}

pub(super) async fn as_a_worker(State(app): State<App>, Anyone(who): Anyone, page: PageContext) -> Html {
    render(&page, &AskPage::new(Way::Worker, Filled::blank(), reader_of(&app, &who)))
}

pub(super) async fn send_for_me(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    send(&app, &who, &page, &form, Way::Me).await
}

pub(super) async fn send_for_someone(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    send(&app, &who, &page, &form, Way::Carer).await
}

pub(super) async fn send_as_a_worker(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    send(&app, &who, &page, &form, Way::Worker).await
}

async fn send(
    app: &App,
    who: &Principal,
    page: &PageContext,
    form: &Posted,
    way: Way,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    if let Some((asking, once)) = read_asking(&mut read, way) {
        match app.kith.ask_for_help(who, asking, once).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                for problem in problems {
                    read.problem(&problem.field, problem.problem);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let again = Filled::of(&form.data, read.errors());
    Ok(render(page, &AskPage::new(way, again, reader_of(app, who))).into_response())
}

/// Reads the form; none when something needs another look.
fn read_asking(read: &mut Reader<'_>, way: Way) -> Option<(Asking, Uuid)> {
    let other = way != Way::Me;
    let by = match way {
        Way::Me => Some(CameBy::Themselves),
        Way::Carer => Some(CameBy::Carer),
        Way::Worker => read.required_choice("by", "where you work", worker_of),
    };
    let organisation = (way == Way::Worker)
        .then(|| read.optional_text("organisation", TextRule::line("the name of where you work").max(120)))
        .flatten();
    let name = other.then(|| read.optional_text("name", TextRule::line("your name").max(80))).flatten();
    let contact = other
        .then(|| read.optional_text("contact", TextRule::line("how we can answer you").max(120)))
        .flatten();
    let knows = if other { read.required_choice("knows", "whether they know", knows_of) } else { None };
    let called = read.required_text(
        "called",
        TextRule::line("the name to use").max(80).missing(if other {
            "Enter the name they like to be called. A nickname is fine."
        } else {
            "Enter the name you like to be called. A nickname is fine."
        }),
    );
    let safe_contact = read_safe_contact(read);
    let words = read.optional_text("words", TextRule::lines("what would help").max(2_000));
    let once = read.submission();
    let asking = Asking {
        by: by.unwrap_or(CameBy::Charity),
        name,
        organisation,
        contact,
        knows: knows.unwrap_or(PersonKnows::Themselves),
        may_be_told: read.ticked("may-be-told"),
        called: called.unwrap_or_default(),
        safe_contact,
        words,
    };
    // What is missing is asked together with what is wrong, and not on another try.
    let way_wrong = read.errors().iter().any(|error| error.name.starts_with("way"));
    for lacks in missing(&asking).into_iter().filter(|lacks| !(way_wrong && lacks.field.starts_with("way"))) {
        read.problem(&lacks.field, lacks.problem);
    }
    once.filter(|_| read.is_ok()).map(|once| (asking, once))
}

fn worker_of(code: &str) -> Option<CameBy> {
    WORKERS.into_iter().find(|by| worker_code(*by) == code)
}

fn knows_of(code: &str) -> Option<PersonKnows> {
    match code {
        "yes" => Some(PersonKnows::Yes),
        "no" => Some(PersonKnows::No),
        "not_sure" => Some(PersonKnows::NotSure),
        _ => None,
    }
}

/// Yes, no, or not sure: what is not sure is not known, and so not safe.
fn yes_no(code: &str) -> Option<Option<bool>> {
    match code {
        "yes" => Some(Some(true)),
        "no" => Some(Some(false)),
        "not_sure" => Some(None),
        _ => None,
    }
}

fn read_safe_contact(read: &mut Reader<'_>) -> SafeContact {
    let voicemail = read.optional_choice("voicemail", "whether a message is safe", yes_no).flatten();
    let paper = read.optional_choice("paper", "whether paper is safe", yes_no).flatten();
    let hours = read
        .optional_choice("times", "when it is safe", |code| {
            TIMES.iter().find(|(value, _, _)| *value == code).map(|(_, _, hours)| *hours)
        })
        .flatten()
        .map(|(from, until)| Hours { from, until });
    let note = read.optional_text("times-note", TextRule::line("when it is safe").max(200));
    let shared = read.ticked("shared");
    let must_not = read.optional_text("must-not-know", TextRule::line("who must not know").max(200));
    let mut ways = Vec::new();
    for (channel, detail) in [("way1-channel", "way1-detail"), ("way2-channel", "way2-detail")] {
        if let Some((channel, detail)) = read_way(read, channel, detail) {
            let spoken = channel == Channel::Phone;
            ways.push(SafeWay {
                channel,
                detail,
                voicemail_safe: voicemail.filter(|_| spoken),
                hours,
                shared,
                note: note.clone(),
            });
        }
    }
    // Two answers that cannot both be: a letter is paper. What is not safe, or not sure, is asked.
    if paper != Some(true) && ways.iter().any(|way| way.channel == Channel::Letter) {
        read.problem("paper", "You chose a letter. Say that a letter is safe, or choose another way.");
    }
    SafeContact {
        asked: None,
        ways,
        paper_safe: paper,
        must_not_know: must_not
            .map(|who| MustNotKnow { who, organisation: None, supporter: None })
            .into_iter()
            .collect(),
        name_service_ok: false,
    }
}

/// One way: how, and the number or place. Either without the other is asked for.
fn read_way(read: &mut Reader<'_>, channel_field: &str, detail_field: &str) -> Option<(Channel, String)> {
    let channel = read.optional_choice(channel_field, "the way", Channel::from_code);
    let detail = read.optional_text(detail_field, TextRule::line("the number, address or place").max(200));
    match (channel, detail) {
        (None, None) => None,
        (Some(_), None) => {
            read.problem(detail_field, "Enter the number, address or place for this way.");
            None
        }
        (None, Some(_)) => {
            read.problem(channel_field, "Choose what kind of way this is.");
            None
        }
        (Some(channel), Some(detail)) => match unfit(channel, &detail) {
            Some(problem) => {
                read.problem(detail_field, problem);
                None
            }
            None => Some((channel, detail)),
        },
    }
}

/// What is wrong with a detail, if it plainly cannot work. A number may have words around
/// it: "07700 900123, ask for Dee".
fn unfit(channel: Channel, detail: &str) -> Option<&'static str> {
    let digits = detail.chars().filter(char::is_ascii_digit).count();
    match channel {
        Channel::Phone | Channel::Text if digits < 9 => {
            Some("Enter the whole phone number, like 07700 900 982.")
        }
        Channel::Email if !detail.split_once('@').is_some_and(|(_, host)| host.contains('.')) => {
            Some("Enter an email address like name@example.org.")
        }
        _ => None,
    }
}

pub(super) async fn sent(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(id): Path<String>,
    page: PageContext,
) -> Result<Html, Oops> {
    let id: RecordId = id.parse().map_err(|_| CareError::Missing)?;
    let sent = app.kith.sent(&who, id).await?;
    Ok(render(&page, &SentPage::of(&sent, app.kith.calendar().day(who.now))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(way: Way, form: &str) -> (Option<Asking>, Vec<String>) {
        let form = FormData::from_text(&format!("{form}&_submission=0192f0c1-0000-4000-8000-000000000000"));
        let mut reader = Reader::new(&form);
        let asking = read_asking(&mut reader, way).map(|(asking, _)| asking);
        (asking, reader.errors().iter().map(|e| e.name.clone()).collect())
    }

    #[test]
    fn a_nickname_and_a_drop_in_are_enough() {
        let (asking, wrong) =
            read(Way::Me, "called=B&way1-channel=in_person&way1-detail=Tuesday+drop-in,+ask+Joan");
        assert!(wrong.is_empty());
        let asking = asking.unwrap();
        assert_eq!(asking.safe_contact.ways[0].detail, "Tuesday drop-in, ask Joan");
        assert_eq!((asking.words, asking.name), (None, None));
    }

    #[test]
    fn half_a_way_is_asked_for_again() {
        assert_eq!(read(Way::Me, "called=B&way1-channel=phone").1, ["way1-detail"]);
        assert_eq!(read(Way::Me, "called=B&way2-detail=here").1, ["way2-channel"]);
        assert_eq!(read(Way::Me, "called=B&way1-channel=text&way1-detail=later").1, ["way1-detail"]);
        assert_eq!(read(Way::Me, "called=B&way1-channel=email&way1-detail=joan").1, ["way1-detail"]);
        assert_eq!(read(Way::Me, "called=B&way1-channel=pigeon&way1-detail=x").1, ["way1-channel"]);
    }

    #[test]
    fn what_is_not_sure_is_not_safe() {
        let (asking, _) = read(
            Way::Me,
            "called=B&way1-channel=phone&way1-detail=07700+900982&voicemail=not_sure&paper=no&times=morning",
        );
        let safe = asking.unwrap().safe_contact;
        assert_eq!((safe.ways[0].voicemail_safe, safe.paper_safe), (None, Some(false)));
        assert_eq!(safe.ways[0].hours, Some(Hours { from: 9, until: 12 }));
    }

    #[test]
    fn a_letter_is_asked_about_unless_paper_is_safe() {
        let letter = "called=B&way1-channel=letter&way1-detail=4+Mill+Lane";
        for (paper, wrong) in [("&paper=no", 1), ("&paper=not_sure", 1), ("", 1), ("&paper=yes", 0)] {
            let (_, names) = read(Way::Me, &format!("{letter}{paper}"));
            assert_eq!(names, ["paper"][..wrong], "{paper}");
        }
        assert!(read(Way::Me, "called=B&way1-channel=text&way1-detail=07700+900982&paper=no").1.is_empty());
    }

    #[test]
    fn those_who_ask_for_another_say_whether_they_know() {
        assert_eq!(read(Way::Carer, "called=B&name=M&contact=x").1, ["knows"]);
        assert_eq!(read(Way::Worker, "called=B&knows=yes").1, ["by", "name", "organisation", "contact"]);
        let (asking, _) =
            read(Way::Worker, "called=B&knows=no&by=prison&organisation=HMP&name=S&contact=s@example.org");
        assert_eq!(asking.unwrap().by, CameBy::Prison);
    }
}

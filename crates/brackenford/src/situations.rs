//! The people whose stories are written by hand: each situation that the design asks for
//! and that Kith can hold, with a stable key, so that it can be found from the demo's
//! sign-in page and in tests.

mod begin;
mod first;
mod guide;
mod loose;
mod second;

pub use guide::guide;
pub use loose::{looks, loose};

use crate::names::{Gender, Heritage, Name, draw};
use crate::pen::BrackenfordError;
use crate::story::{Story, Told, Town, Who, Write};
use crate::when::When;
use kith_domain::id::PersonId;
use kith_domain::time::{Day, Instant, plus_days};

/// One person by hand.
pub struct Special {
    /// A stable key.
    pub key: &'static str,
    /// Their name; drawn when empty.
    name: &'static str,
    gender: Gender,
    heritage: Heritage,
    age: u8,
    /// How many days ago they began.
    began: i32,
    /// The navigator who holds their plan.
    pub navigator: &'static str,
    script: fn(&mut Story<'_>) -> Told,
}

#[expect(clippy::too_many_arguments, reason = "a row of a table, read across")]
const fn p(
    key: &'static str,
    name: &'static str,
    gender: Gender,
    heritage: Heritage,
    age: u8,
    began: i32,
    navigator: &'static str,
    script: fn(&mut Story<'_>) -> Told,
) -> Special {
    Special { key, name, gender, heritage, age, began, navigator, script }
}

use Gender::{Man, Woman};
use Heritage as H;

/// The people by hand. Their numbers are their places in this list.
#[rustfmt::skip]
pub const SPECIALS: &[Special] = &[
    p("marlon", "Marlon Camperman", Man, H::Caribbean, 34, 20, "aisha", first::marlon),
    p("nickname", "Magpie", Man, H::English, 50, 35, "aisha", first::nickname),
    p("same_name_one", "Ana Lagoeiro", Woman, H::Portuguese, 45, 200, "dominic", first::same_name),
    p("same_name_two", "Ana Lagoeiro", Woman, H::Portuguese, 45, 40, "halina", first::same_name),
    p("three_times_one", "Piotr Olszanek", Man, H::Polish, 36, 120, "marcus", first::three_times),
    p("three_times_two", "Peter Olszanek", Man, H::Polish, 36, 60, "rosaleen", first::three_times),
    p("three_times_three", "Pete O.", Man, H::Polish, 36, 15, "priya", first::three_times),
    p("never_meet_her", "Kerry Thistleden", Woman, H::English, 31, 90, "aisha", first::never_meet_her),
    p("never_meet_him", "Declan Quinegan", Man, H::Irish, 35, 70, "temitope", first::never_meet_him),
    p("shared_phone", "Shabana Mirza", Woman, H::Pakistani, 28, 75, "aisha", first::shared_phone),
    p("peer_worker", "Josie Thornley", Woman, H::English, 41, 140, "halina", first::peer_worker),
    p("refuses", "Ron Castleford", Man, H::English, 63, 45, "dominic", first::refuses),
    p("left", "Folake Afolarin", Woman, H::Nigerian, 39, 150, "priya", first::left),
    p("unreachable", "Dean Rookhurst", Man, H::English, 27, 110, "marcus", first::unreachable),
    p("out_of_area", "Halimat Ilesanmide", Woman, H::Nigerian, 33, 100, "aisha", first::out_of_area),
    p("prison", "Kyle Marshgate", Man, H::English, 24, 60, "temitope", first::prison),
    p("no_benefits", "Dawit Kahsaye", Man, H::Eritrean, 29, 50, "filsan", first::no_right_to_benefits),
    p("died", "Vernon Walcley", Man, H::Caribbean, 71, 300, "bryony", second::died),
    p("died_by_mistake", "Norman Applecroft", Man, H::English, 68, 95, "dominic", second::died_by_mistake),
    p("bereaved", "Pauline Stanwell", Woman, H::English, 58, 130, "rosaleen", second::bereaved),
    p("deaf", "Colin Meadowcroft", Man, H::English, 52, 65, "halina", first::deaf),
    p("son_interprets", "Nasreen Yaqub", Woman, H::Pakistani, 61, 80, "aisha", first::son_interprets),
    p("cannot_read", "Les Thornham", Man, H::English, 47, 85, "marcus", first::cannot_read),
    p("attorney", "Dorothy Elderstead", Woman, H::English, 84, 160, "priya", second::attorney),
    p("imha", "Obinna Ezeobiora", Man, H::Nigerian, 37, 45, "temitope", second::imha),
    p("best_interests", "Maura McGarean", Woman, H::Irish, 73, 120, "rosaleen", second::best_interests),
    p("trans_woman", "Lucy Fernton", Woman, H::English, 30, 55, "aisha", first::trans_woman),
    p("afraid_mother", "Gemma Rushden", Woman, H::English, 32, 70, "bryony", first::afraid_mother),
    p("three_doors", "Everton Palford", Man, H::Caribbean, 44, 70, "dominic", second::three_doors),
    p("silent", "Sheila Larkton", Woman, H::English, 49, 60, "halina", second::silent),
    p("email_only", "Ray Heathland", Man, H::English, 66, 40, "aisha", second::email_only),
    p("lapsed", "Agnes Auchneil", Woman, H::Scottish, 77, 200, "filsan", second::lapsed),
    p("beacon_1", "", Man, H::English, 51, 150, "ruth", second::beacon),
    p("beacon_2", "", Woman, H::English, 46, 140, "ruth", second::beacon),
    p("beacon_3", "", Man, H::Polish, 39, 130, "ruth", second::beacon),
    p("beacon_4", "", Woman, H::Caribbean, 57, 120, "ruth", second::beacon),
    p("beacon_5", "", Man, H::Indian, 62, 110, "ruth", second::beacon),
    p("beacon_6", "", Woman, H::Somali, 35, 100, "ruth", second::beacon),
    p("beacon_7", "", Man, H::English, 28, 90, "ruth", second::beacon),
    p("beacon_8", "", Woman, H::Irish, 69, 80, "ruth", second::beacon),
    p("beacon_9", "", Man, H::Romanian, 43, 70, "ruth", second::beacon),
    p("sick_leave", "Olive Brookhurst", Woman, H::English, 59, 150, "gethin", second::sick_leave),
    p("neighbour", "Tracey Wellgate", Woman, H::English, 43, 100, "bryony", second::neighbour),
    p("duty", "Hodan Adanle", Woman, H::Somali, 54, 25, "filsan", second::duty),
    p("safeguarding", "Sandra Underhurst", Woman, H::English, 61, 90, "rosaleen", second::safeguarding),
    p("complaint", "Alan Quarrstall", Man, H::English, 55, 120, "dominic", second::complaint),
    p("benefit_stopped", "Adrian Stejarescu", Man, H::Romanian, 38, 30, "aisha", second::benefit_stopped),
    p("bailiff", "Lorna Calarrow", Woman, H::Scottish, 40, 28, "aisha", second::bailiff),
    p("seventeen_one", "Jade Fieldham", Woman, H::English, 17, 45, "bryony", first::seventeen),
    p("seventeen_two", "Hamza Khalil", Man, H::Pakistani, 17, 35, "temitope", first::seventeen),
    p("child_at_home", "Donna Wickstead", Woman, H::English, 36, 50, "priya", first::child_at_home),
    p("hand_over_late", "Bill Sandgate", Man, H::English, 64, 90, "dominic", second::offered),
    p("hand_over_now", "Bukola Odewumi", Woman, H::Nigerian, 48, 85, "marcus", second::offered),
    p("kept_moving", "Jim Coppstall", Man, H::English, 50, 17, "temitope", first::kept_moving),
    p("silence", "Edna Brathon", Woman, H::Caribbean, 70, 45, "filsan", first::silence),
    p("unmet", "Winnie Kwan", Woman, H::Chinese, 66, 60, "halina", second::unmet),
    p("question", "Ciaran O'Mulihy", Man, H::Irish, 42, 30, "aisha", second::question),
    p("unread_words", "Amira Kanaan", Woman, H::Arab, 34, 60, "aisha", second::unread_words),
];

/// How many people are written by hand.
pub fn count() -> u32 {
    u32::try_from(SPECIALS.len()).expect("a short list")
}

/// The person by hand with this number.
pub fn special(number: u32) -> Option<&'static Special> {
    SPECIALS.get(number as usize)
}

/// The number of the person with this key.
///
/// # Panics
/// There is none, which is a mistake in the lists of this crate.
pub fn number(key: &str) -> u32 {
    let at = SPECIALS.iter().position(|s| s.key == key).unwrap_or_else(|| panic!("no situation {key}"));
    u32::try_from(at).expect("a short list")
}

/// The id of the person with this key: the same for the same seed and day.
pub fn id_of(town: &Town, key: &str) -> PersonId {
    let number = number(key);
    let began = began(town, &SPECIALS[number as usize]);
    PersonId(town.seed.stream("person", number.into()).id(began))
}

/// Whoever the person by hand is to the generator.
fn who(town: &Town, number: u32, special: &Special) -> Who {
    let name = match special.name.split_once(' ') {
        _ if special.name.is_empty() => {
            draw(&mut town.seed.stream("special", number.into()), special.heritage, special.gender)
        }
        Some((given, family)) => Name { given: given.into(), family: family.into() },
        None => Name { given: special.name.into(), family: String::new() },
    };
    Who { number, name, gender: special.gender, heritage: special.heritage, age: special.age }
}

fn began(town: &Town, special: &Special) -> Instant {
    town.when.at_day(town.when.working(-special.began), 10).min(town.when.now)
}

/// The story of the person with this number, if it is written by hand.
///
/// # Errors
/// A rule refused a step: a mistake in this crate.
pub fn story(town: &Town, number: u32) -> Result<Option<Vec<Write>>, BrackenfordError> {
    let Some(special) = special(number) else { return Ok(None) };
    let chance = town.seed.stream("by hand", number.into());
    let began = began(town, special);
    let mut s = Story::new(town, who(town, number, special), chance, began);
    s.at(began, special.script);
    s.tell().map(Some)
}

/// A Friday four to ten days ahead.
fn next_friday(when: &When) -> Day {
    let mut day = plus_days(when.today(), 4);
    while day.weekday() != jiff::civil::Weekday::Friday {
        day = plus_days(day, 1);
    }
    day
}

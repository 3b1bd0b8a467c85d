//! What people of Brackenford say about themselves, where they are asked for the sake of
//! fairness: most answer, some would rather not say, some later, a few want to be in no figure.
//! Drawn apart from everything else, so that no story takes another way for it.

use super::{Story, Told, Who};
use crate::names::{Gender, Heritage};
use kith_domain::equality::{Answered, Equality, EqualityAnswer, EqualityQuestion};
use kith_domain::record::Author;

/// The person answers, or does not.
///
/// # Errors
/// None today.
pub fn answers(s: &mut Story<'_>) -> Told {
    let mut chance = s.town.seed.stream("fairness", s.who.number.into());
    if chance.percent(18) {
        return Ok(());
    }
    let mut said = Equality { not_counted: chance.percent(3), at: Some(s.now), ..Equality::default() };
    for question in EqualityQuestion::ALL {
        let answer = match chance.weighted(&[84, 10, 6]) {
            0 => chosen(question, &s.who, chance.percent(30)).map(|code| EqualityAnswer::Chosen(code.into())),
            1 => Some(EqualityAnswer::RatherNotSay),
            _ => Some(EqualityAnswer::Later),
        };
        if let Some(answer) = answer {
            said.answers.insert(question, Answered { answer, words: None });
        }
    }
    let id = kith_domain::id::RecordId(chance.id(s.now));
    s.write(id, Author::Person { person: s.id }, "equality answered", said);
    Ok(())
}

fn chosen(question: EqualityQuestion, who: &Who, some: bool) -> Option<&'static str> {
    match question {
        EqualityQuestion::Ethnicity => Some(ethnicity(who.heritage)),
        EqualityQuestion::Gender => Some(match who.gender {
            Gender::Woman => "woman",
            Gender::Man => "man",
            Gender::NonBinary => "non_binary",
        }),
        EqualityQuestion::Disability => Some(if some { "yes" } else { "no" }),
        EqualityQuestion::Religion => some.then_some("none"),
        EqualityQuestion::Orientation => (!some).then_some("straight"),
    }
}

fn ethnicity(heritage: Heritage) -> &'static str {
    match heritage {
        Heritage::English | Heritage::Scottish => "white_british",
        Heritage::Irish => "white_irish",
        Heritage::Roma => "white_roma",
        Heritage::Polish | Heritage::Romanian | Heritage::Ukrainian | Heritage::Portuguese => "white_other",
        Heritage::Pakistani => "asian_pakistani",
        Heritage::Bangladeshi => "asian_bangladeshi",
        Heritage::Indian => "asian_indian",
        Heritage::Chinese => "asian_chinese",
        Heritage::Vietnamese => "asian_other",
        Heritage::Caribbean => "black_caribbean",
        Heritage::Nigerian | Heritage::Ghanaian | Heritage::Somali | Heritage::Eritrean => "black_african",
        Heritage::Arab => "arab",
        Heritage::Kurdish => "other",
    }
}

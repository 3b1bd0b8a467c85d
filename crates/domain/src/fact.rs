//! One fact, asked for by a service that says it cannot go on without it (issue "The person
//! decides who sees what"): stopping takes nobody off a list, and a service that needs to know
//! something says which fact, and why. The person answers yes or no. A yes gives exactly the
//! words that come with it; a no leaves their place, and the service says what it does now.

use crate::referral::{FactAsked, FactSaid, Question, Referral};
use crate::time::Instant;

/// What stands as the answer when the person said no.
pub const SAID_NO: &str = "They said no to this. Their place is theirs. Say whether you can help without it.";

/// Why a fact cannot be asked for or answered, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoFact {
    /// Which fact was not said.
    #[error("Say which one fact you need")]
    What,
    /// Why was not said.
    #[error("Say why you cannot go on without it")]
    Why,
    /// Nothing was asked, or it was answered.
    #[error("There is nothing to answer. It was answered, or taken back")]
    Nothing,
    /// A yes without the fact.
    #[error("Write down what they may know, in your words")]
    Words,
}

/// The question of a receiver, made into a question for one fact. The referral is the one
/// after the receiver's question, whose move it stays.
///
/// # Errors
/// The fact or the reason is missing, or there is no open question.
pub fn asked(after: &Referral, what: &str, why: &str) -> Result<Referral, NoFact> {
    let (what, why) = (what.trim(), why.trim());
    if what.is_empty() {
        return Err(NoFact::What);
    }
    if why.is_empty() {
        return Err(NoFact::Why);
    }
    let question = after.question.clone().filter(|q| q.answer.is_none()).ok_or(NoFact::Nothing)?;
    let fact = FactAsked { what: what.to_owned(), why: why.to_owned(), said: None };
    Ok(Referral { question: Some(Question { fact: Some(fact), ..question }), ..after.clone() })
}

/// What a question for one fact says, for whoever reads the request.
pub fn question_words(what: &str, why: &str) -> String {
    format!("May we know this: {}? We need it because: {}", what.trim(), why.trim())
}

/// Does this question wait for the person's own yes or no?
pub fn waits_for_person(question: &Question) -> bool {
    question.answer.is_none() && question.fact.as_ref().is_some_and(|f| f.said.is_none())
}

/// Did the person say yes, so that the answer is exactly what they gave?
pub fn given(question: &Question) -> bool {
    question.fact.as_ref().and_then(|f| f.said).is_some_and(|said| said.yes)
}

/// The words of the answer: what the person gives, or that they said no.
///
/// # Errors
/// Nothing waits for them, or a yes came without words.
pub fn answer_words(r: &Referral, yes: bool, words: Option<&str>) -> Result<String, NoFact> {
    r.question.as_ref().filter(|q| waits_for_person(q)).ok_or(NoFact::Nothing)?;
    match (yes, words.map(str::trim).filter(|w| !w.is_empty())) {
        (true, Some(words)) => Ok(words.to_owned()),
        (true, None) => Err(NoFact::Words),
        (false, _) => Ok(SAID_NO.to_owned()),
    }
}

/// The referral after the answer, with what the person said beside it.
pub fn said(after: &Referral, yes: bool, now: Instant) -> Referral {
    let mut r = after.clone();
    if let Some(fact) = r.question.as_mut().and_then(|q| q.fact.as_mut()) {
        fact.said = Some(FactSaid { yes, at: now });
    }
    r
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(said: Option<bool>) -> Question {
        let said = said.map(|yes| FactSaid { yes, at: Instant(2) });
        let fact = FactAsked { what: "The year of birth".into(), why: "A grant needs it".into(), said };
        Question { words: "?".into(), asked_at: Instant(1), answer: None, fact: Some(fact) }
    }

    #[test]
    fn only_a_yes_gives_and_only_an_open_question_waits() {
        assert!(waits_for_person(&question(None)) && !given(&question(None)));
        assert!(!waits_for_person(&question(Some(false))) && !given(&question(Some(false))));
        assert!(given(&question(Some(true))));
        assert!(!waits_for_person(&Question { fact: None, ..question(None) }));
    }

    #[test]
    fn the_question_names_the_fact_and_the_reason() {
        let words = question_words(" the year of birth ", " a grant needs it ");
        assert_eq!(words, "May we know this: the year of birth? We need it because: a grant needs it");
    }
}

//! What somebody wants in an emergency, said by them beforehand: what helps, whom not to call, and
//! whether their plan may be opened in an emergency at all. Whoever opens it reads this first.

use super::word_needed;
use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::person::{EmergencyWish, Person};
use uuid::Uuid;

/// What the person said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MyEmergency {
    /// What helps, and whom not to call.
    pub wish: Option<EmergencyWish>,
    /// They said no to emergency access, except when somebody may die.
    pub said_no: bool,
}

fn given(words: Option<String>) -> Option<String> {
    words.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty())
}

impl Kith {
    /// What I said beforehand.
    ///
    /// # Errors
    /// It is not a person who asks, or a code alone does not reach this far.
    pub async fn my_emergency(&self, who: &Principal) -> Result<MyEmergency, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = look
            .person(&about)
            .map(|p| MyEmergency { wish: p.value.emergency, said_no: p.value.emergency_dissent });
        look.finish_with(word_needed(who, result)).await
    }

    /// Says it, or changes it. Nothing said takes it back.
    ///
    /// # Errors
    /// It is not a person who asks, or a code alone does not reach this far.
    pub async fn say_emergency(
        &self,
        who: &Principal,
        (words, not_call, said_no): (Option<String>, Option<String>, bool),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = word_needed(who, change.open_person(Action::Contribute))?;
        let (words, not_call) = (given(words), given(not_call));
        let emergency = (words.is_some() || not_call.is_some()).then_some(EmergencyWish {
            words,
            not_call,
            said_at: who.now,
        });
        let after = Person { emergency, emergency_dissent: said_no, ..saved.value.clone() };
        change.save("what they want in an emergency", &saved, &after, None).await?;
        change.finish("/mine/emergency").await
    }
}

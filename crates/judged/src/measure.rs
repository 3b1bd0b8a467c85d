//! What a way of finding is worth: nDCG@5, questions without any result, and results that say that they
//! are not for the person.
//!
//! nDCG as in Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with the
//! gain 2^grade − 1 and the discount log2(place + 1); the ideal order is that of everything judged.

use crate::JudgedError;
use crate::ask::Asked;
use crate::corpus::Corpus;
use crate::judge::{Grade, Judgements};
use crate::rankers::{Rankers, Way};
use kith_domain::find::Config;

/// How many results count.
pub const FIRST: usize = 5;

/// A directory with its questions and judgements.
pub struct Set {
    /// The directory.
    pub corpus: Corpus,
    /// The questions.
    pub asked: Vec<Asked>,
    /// The judgements.
    pub judgements: Judgements,
}

impl Set {
    /// The set of a directory, out of the files of this crate.
    ///
    /// # Errors
    /// They do not fit the directory.
    pub fn of(corpus: Corpus) -> Result<Set, JudgedError> {
        let (asked, judged) = match corpus.name {
            "Brackenford" => {
                (include_str!("../data/brackenford.toml"), include_str!("../data/brackenford.judged"))
            }
            _ => (include_str!("../data/trafford.toml"), include_str!("../data/trafford.judged")),
        };
        let judgements = Judgements::read(judged, &corpus)?;
        Ok(Set { asked: crate::ask::read(asked)?, judgements, corpus })
    }
}

/// What came of one question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Which.
    pub id: String,
    /// Held out?
    pub held_out: bool,
    /// Its nDCG@5; none where nothing that was judged answers it.
    pub ndcg: Option<f64>,
    /// How many of the first five there were.
    pub shown: usize,
    /// How many of them say that they are not for the person.
    pub wrong: usize,
    /// How many of them help at least in part.
    pub good: usize,
}

/// Asks every question.
///
/// # Errors
/// A question cannot be asked of this directory.
pub fn answers(set: &Set, way: Way, config: &Config) -> Result<Vec<Answer>, JudgedError> {
    let rankers = Rankers::new(&set.corpus, config);
    set.asked.iter().map(|asked| answer(set, &rankers, way, asked)).collect()
}

fn answer(set: &Set, rankers: &Rankers<'_>, way: Way, asked: &Asked) -> Result<Answer, JudgedError> {
    let query = asked.query(&set.corpus)?;
    let first = rankers.first(way, &query, FIRST);
    let judged = |n: &usize| set.judgements.grade(&asked.id, &set.corpus.keys[*n]);
    let grades: Vec<u8> = first.iter().map(|n| judged(n).map_or(0, Grade::worth)).collect();
    let count = |is: &dyn Fn(Option<Grade>) -> bool| first.iter().filter(|n| is(judged(n))).count();
    let best = gain(&set.judgements.best(&asked.id));
    Ok(Answer {
        id: asked.id.clone(),
        held_out: asked.held_out(),
        ndcg: (best > 0.0).then(|| gain(&grades) / best),
        shown: first.len(),
        wrong: count(&|grade| grade == Some(Grade::NotForThem)),
        good: grades.iter().filter(|grade| **grade >= 2).count(),
    })
}

/// The discounted gain of the first five grades.
fn gain(grades: &[u8]) -> f64 {
    let at = |(n, grade): (usize, &u8)| (f64::from(1u32 << grade) - 1.0) / (n as f64 + 2.0).log2();
    grades.iter().take(FIRST).enumerate().map(at).sum()
}

/// What many questions come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    /// How many questions.
    pub questions: usize,
    /// The mean of nDCG@5 over those that something answers.
    pub ndcg: f64,
    /// The share of questions without any result, among those that something answers.
    pub nothing: f64,
    /// The share of the results shown that say that they are not for the person.
    pub wrong: f64,
}

impl Total {
    /// Of these answers.
    pub fn of<'a>(answers: impl IntoIterator<Item = &'a Answer>) -> Total {
        let answers: Vec<&Answer> = answers.into_iter().collect();
        let ndcg: Vec<f64> = answers.iter().filter_map(|a| a.ndcg).collect();
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let sum = |of: &dyn Fn(&Answer) -> usize| answers.iter().map(|a| of(a)).sum::<usize>();
        let shown = sum(&|a| a.shown);
        Total {
            questions: answers.len(),
            ndcg: ndcg.iter().sum::<f64>() / ndcg.len().max(1) as f64,
            nothing: share(sum(&|a| usize::from(a.shown == 0 && a.ndcg.is_some())), ndcg.len()),
            wrong: share(sum(&|a| a.wrong), shown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gain_is_the_published_one() {
        // Grades 3, 2, 3, 0, 1: 7/1 + 3/log2(3) + 7/2 + 0 + 1/log2(6).
        let expected = 7.0 + 3.0 / 3f64.log2() + 3.5 + 1.0 / 6f64.log2();
        assert!((gain(&[3, 2, 3, 0, 1]) - expected).abs() < 1e-12);
        assert!((gain(&[3, 2, 3, 0, 1, 3]) - expected).abs() < 1e-12, "the sixth does not count");
        assert!(gain(&[0, 3]) < gain(&[3, 0]) && gain(&[]) == 0.0);
    }

    #[test]
    fn shares_are_of_what_was_shown_and_of_what_can_be_answered() {
        let answer =
            |ndcg, shown, wrong| Answer { id: "b01".into(), held_out: false, ndcg, shown, wrong, good: 0 };
        let total = Total::of(&[answer(Some(1.0), 5, 1), answer(Some(0.0), 0, 0), answer(None, 5, 0)]);
        assert_eq!((total.questions, total.ndcg, total.nothing), (3, 0.5, 0.5));
        assert!((total.wrong - 0.1).abs() < 1e-12);
    }
}

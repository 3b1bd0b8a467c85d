//! DIALOG: eleven questions, each answered from 1 (totally dissatisfied) to 7 (totally
//! satisfied), 4 being neither. The first eight are about life, the last three about help.
//!
//! Source: Priebe and others, Br J Psychiatry 191 (2007); the scale as published by East
//! London NHS Foundation Trust.

/// What the eleven questions are about, in their order.
pub const ITEMS: [&str; 11] = [
    "mental health",
    "physical health",
    "job situation",
    "accommodation",
    "leisure activities",
    "relationship with partner or family",
    "friendships",
    "personal safety",
    "medication",
    "practical help",
    "meetings with professionals",
];

/// How many of the questions are about life; the others are about help.
pub const LIFE: usize = 8;

/// The answers of one person on one day: nothing where a question was not answered.
pub type Answers = [Option<f64>; 11];

/// An answer is a whole step from 1 to 7.
pub fn valid(answer: f64) -> Option<f64> {
    Some(answer).filter(|a| (1.0..=7.0).contains(a) && a.fract() == 0.0)
}

/// A mean over questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The mean, when every question was answered.
    pub strict: Option<f64>,
    /// The mean of those that were answered, when any was.
    pub available: Option<f64>,
    /// How many were answered.
    pub answered: usize,
}

fn score(answers: &[Option<f64>]) -> Score {
    let known: Vec<f64> = answers.iter().flatten().copied().collect();
    let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
    Score { strict: mean.filter(|_| known.len() == answers.len()), available: mean, answered: known.len() }
}

/// Quality of life: the mean of the eight questions about life.
pub fn life(answers: &Answers) -> Score {
    score(&answers[..LIFE])
}

/// Satisfaction with help: the mean of the three questions about help.
pub fn help(answers: &Answers) -> Score {
    score(&answers[LIFE..])
}

/// The questions (counted from one) whose answer is below the middle.
pub fn dissatisfied(answers: &Answers) -> Vec<usize> {
    (0..answers.len()).filter(|&i| answers[i].is_some_and(|a| a < 4.0)).map(|i| i + 1).collect()
}

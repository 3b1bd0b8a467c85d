//! A person's own pages: next thing, plan, referrals, words, paper codes.

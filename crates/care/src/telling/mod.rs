//! Support without a referral: tell, and go along.

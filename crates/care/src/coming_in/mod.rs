//! Someone comes in: a request without an account, taken up by the navigator team.

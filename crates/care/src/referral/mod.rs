//! Referrals: preview, agreement, sending, answering, ending, settling.

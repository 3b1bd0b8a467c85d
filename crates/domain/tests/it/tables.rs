//! Tables written down independently of the code they check.

use kith_domain::referral::{Party, Status};

use Party::{Requester as R, Target as T};
use Status::{
    Accepted, Cancelled, Completed, Draft, EnteredInError, Failed, InProgress, OnHold, Rejected, Requested,
};

/// HL7 SDOH Clinical Care, referral task, IG 3.0.0: every change of state and who may
/// make it. `accepted` to `accepted` and the like are not changes of state.
pub const STATE_CHANGES: &[(Status, Status, Party)] = &[
    (Draft, Requested, R),
    (Requested, Accepted, T),
    (Requested, Rejected, T),
    (Requested, Cancelled, R),
    (Requested, Cancelled, T),
    (Accepted, InProgress, T),
    (Accepted, OnHold, T),
    (Accepted, Completed, T),
    (Accepted, Failed, T),
    (Accepted, Cancelled, R),
    (Accepted, Cancelled, T),
    (InProgress, Completed, T),
    (InProgress, Failed, T),
    (InProgress, Cancelled, R),
    (InProgress, Cancelled, T),
    (OnHold, InProgress, T),
    (OnHold, Completed, T),
    (OnHold, Failed, T),
    (OnHold, Cancelled, R),
    (OnHold, Cancelled, T),
    (InProgress, OnHold, T),
    (Draft, EnteredInError, R),
    (Requested, EnteredInError, R),
    (Accepted, EnteredInError, R),
    (Rejected, EnteredInError, R),
    (Cancelled, EnteredInError, R),
    (InProgress, EnteredInError, R),
    (OnHold, EnteredInError, R),
    (Failed, EnteredInError, R),
    (Completed, EnteredInError, R),
];

/// Who may make each move in each state: columns are draft, requested, accepted,
/// in progress, on hold, rejected, cancelled, failed, completed, entered in error; `b` is
/// both sides, `-` nobody.
pub const MOVES: &[(&str, [&str; 10])] = &[
    //                  dra  req  acc  inp  onh  rej  can  fai  com  err
    ("Send", ["r", "-", "-", "-", "-", "-", "-", "-", "-", "-"]),
    ("See", ["-", "t", "-", "-", "-", "-", "-", "-", "-", "-"]),
    ("Ask", ["-", "t", "t", "t", "t", "-", "-", "-", "-", "-"]),
    ("Answer", ["-", "r", "r", "r", "r", "-", "-", "-", "-", "-"]),
    ("Accept", ["-", "t", "-", "-", "-", "-", "-", "-", "-", "-"]),
    ("Wait", ["-", "-", "t", "-", "-", "-", "-", "-", "-", "-"]),
    ("OfferDates", ["-", "-", "t", "t", "-", "-", "-", "-", "-", "-"]),
    ("AgreeDate", ["-", "-", "b", "b", "-", "-", "-", "-", "-", "-"]),
    ("Came", ["-", "-", "t", "t", "-", "-", "-", "-", "-", "-"]),
    ("CouldNotCome", ["-", "-", "t", "t", "-", "-", "-", "-", "-", "-"]),
    ("Start", ["-", "-", "t", "t", "-", "-", "-", "-", "-", "-"]),
    ("Decline", ["-", "t", "-", "-", "-", "-", "-", "-", "-", "-"]),
    ("Cancel", ["-", "b", "b", "b", "b", "-", "-", "-", "-", "-"]),
    ("Hold", ["-", "-", "t", "t", "-", "-", "-", "-", "-", "-"]),
    ("Resume", ["-", "-", "-", "-", "t", "-", "-", "-", "-", "-"]),
    ("End", ["-", "-", "t", "t", "t", "-", "-", "-", "-", "-"]),
    ("Fail", ["-", "-", "t", "t", "t", "-", "-", "-", "-", "-"]),
    ("Tell", ["-", "-", "-", "-", "-", "-", "-", "-", "b", "-"]),
    ("Settle", ["-", "-", "-", "-", "-", "r", "r", "r", "r", "-"]),
    ("GiveBack", ["-", "-", "r", "r", "-", "-", "-", "-", "-", "-"]),
    ("SetNext", ["r", "-", "b", "b", "b", "r", "r", "r", "r", "-"]),
    ("EnterInError", ["r", "r", "r", "r", "r", "r", "r", "r", "r", "-"]),
];

/// The columns of [`MOVES`].
pub const COLUMNS: [Status; 10] =
    [Draft, Requested, Accepted, InProgress, OnHold, Rejected, Cancelled, Failed, Completed, EnteredInError];

//! The integration tests of `kith-access`, in one binary.

mod policies;

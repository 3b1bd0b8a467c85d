//! The policy files themselves.

use kith_access::{Decider, decide_cost};

#[test]
fn the_policies_pass_strict_validation() {
    let decider = Decider::new().expect("the policies are part of the program");
    assert_eq!(decide_cost(&decider, 12), 12);
}

//! Who can see what: agreements, stopping, who looked.

//! What runs by itself: the nightly check, reminders, check-ins. Jobs only tell people.

//! The people a worker supports: adding someone, the person's page, contact, the story so far, what has changed in their life.

//! Tests of the pages as a browser would meet them.

mod coming_in;
mod components;
mod every_page;
mod finding;
mod harness;
mod mine;
mod partnership;
mod people;
mod shell;
mod sign_in;

//! Tests of the pages as a browser would meet them.

mod components;
mod every_page;
mod harness;
mod partnership;
mod people;
mod shell;
mod sign_in;

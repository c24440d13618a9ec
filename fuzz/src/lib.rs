//! What is done with bytes that a fuzzer, or nobody in particular, has made up: each target is
//! a function that panics where a promise is broken.

pub mod mailbox;
pub mod printer;

#[path = "../../tests/laws/page.rs"]
mod page;

//! The ways in which the core is reached from outside.

#[cfg(feature = "browser")]
pub mod browser;

//! The ways in which the core is reached from outside.

mod allocator;

#[cfg(feature = "browser")]
pub mod browser;

#[cfg(feature = "relay")]
#[expect(
    unsafe_code,
    reason = "exported by their names, which no other crate here has"
)]
pub mod relay;

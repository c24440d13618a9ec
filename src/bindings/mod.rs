//! The ways in which the core is reached from outside.

#[cfg(target_arch = "wasm32")]
mod allocator;

#[cfg(all(target_arch = "wasm32", feature = "browser"))]
pub mod browser;

#[cfg(feature = "server")]
#[expect(
    unsafe_code,
    reason = "exported by their names, which no other crate here has"
)]
pub mod server;

//! How long a 3D printer's heaters still need.
//!
//! [`core`] calculates and knows no browser, clock or file; the bindings pass it OctoPrint's
//! messages and return what the page shows or the server publishes.

pub mod core;

#[cfg(any(target_arch = "wasm32", feature = "server"))]
pub mod bindings;

//! How long a 3D printer's heaters still need.
//!
//! [`core`] calculates and knows no browser, clock or file; the bindings hand it what
//! OctoPrint's socket says and hand out what the page shows.

pub mod core;

#[cfg(any(target_arch = "wasm32", feature = "server"))]
pub mod bindings;

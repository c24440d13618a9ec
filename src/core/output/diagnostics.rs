//! How much is kept, and how long estimates take.

use crate::core::ensemble::Times;

/// What the core keeps, and how long estimates took while they were timed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Diagnostics {
    /// Readings in all histories together.
    pub samples: usize,
    /// Points in all graph histories together.
    pub points: usize,
    /// Heaters that are followed.
    pub heaters: usize,
    /// Empty while estimates are not timed.
    pub estimates: Times,
}

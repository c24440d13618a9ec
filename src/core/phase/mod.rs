//! What a heater is doing, and where that leads.

mod climb;
mod goal;
mod machine;
mod plateau;
mod soak;
mod thresholds;
mod trend;

pub use climb::{Climb, has_risen};
pub use goal::{Goal, to_ambient};
pub use machine::Phase;
pub use plateau::Plateau;
pub use soak::{STEADY_FOR, Soak, Soaking};
pub use thresholds::Thresholds;
pub use trend::{MINUTE, Range, STALLED, Trend};

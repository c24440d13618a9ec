//! The readings of one heater: the last minute of them, and the shape of a whole transient.

mod history;
mod outlier_gate;
mod repetition;
mod trajectory;

pub use history::{CAPACITY, GAP, History, STANDSTILL_SHOWS, WINDOW};
pub use outlier_gate::OutlierGate;
pub use repetition::Repetition;
pub use trajectory::{Segment, Start, Trajectory};

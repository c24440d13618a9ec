//! The calculation: samples in, remaining times out. Time is an argument everywhere.
//!
//! ```text
//! Message -> Printer -> Heaters -> Tracker: History, Phase, Way -> Estimator -> Countdown
//!                    -> Snapshot                        Way, at its end -> Memory
//! ```
//!
//! Temperatures are °C, times and durations are seconds, all `f64`.
#![forbid(unsafe_code)]

mod clock;
mod countdown;
pub mod course;
pub mod estimator;
pub mod fit;
mod growth;
mod heaters;
pub mod history;
pub mod learning;
mod memory;
pub mod phase;
pub mod plant;
mod printer;
mod room;
pub mod sample;
pub mod scorecard;
mod settings;
mod snapshot;
mod tracker;
mod way;

pub use clock::ServerClock;
pub use countdown::Countdown;
pub use heaters::Heaters;
pub use memory::{Memory, Taught};
pub use printer::{Printer, Profile};
pub use room::Room;
pub use settings::{Cooldown, CooldownMode, Settings};
pub use snapshot::{HeaterRow, Score, Skipped, Snapshot};
pub use tracker::Tracker;

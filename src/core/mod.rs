//! The calculation: samples in, remaining times out. Time is an argument everywhere.
//!
//! ```text
//! Message -> Printer -> Tracker (one a heater): History, Phase -> Estimator -> Countdown
//!                    -> Snapshot
//! ```
//!
//! Temperatures are °C, times and durations are seconds, all `f64`.
#![forbid(unsafe_code)]

mod clock;
mod countdown;
pub mod estimator;
pub mod fit;
pub mod history;
pub mod phase;
mod printer;
pub mod sample;
mod settings;
mod snapshot;
mod tracker;

pub use clock::ServerClock;
pub use countdown::Countdown;
pub use printer::{Printer, Profile};
pub use settings::Settings;
pub use snapshot::{HeaterRow, Skipped, Snapshot};
pub use tracker::Tracker;

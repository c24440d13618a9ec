//! The calculation: messages in, remaining times out. Time is an argument everywhere.
//!
//! ```text
//! Message -> input -> Printer -> Heaters -> Tracker, for each sample:
//!     OutlierGate -> Phase -> Transient -> Ensemble (Estimator -> EtaFilter) -> HeaterRow
//!                             Transient, completed -> LearnedModel, Scores -> StateUpdate
//!                             -> Snapshot, Graph, Arrival, Learned
//! ```
//!
//! The folders are in the order in which data passes. Each uses only those above it:
//!
//! ```text
//! math -> input -> settings -> readings -> phase -> model -> learning -> ensemble -> heater
//!      -> output -> printer
//! ```
//!
//! Temperatures are °C, times and durations are seconds, all `f64`.
#![forbid(unsafe_code)]
#![deny(clippy::dbg_macro, clippy::print_stderr, clippy::print_stdout)]

pub mod math;

pub mod input;

pub mod settings;

pub mod readings;

pub mod phase;

pub mod model;

pub mod learning;

pub mod ensemble;

pub mod heater;

pub mod output;

mod printer;

pub use printer::Printer;

//! The calculation: messages in, remaining times out. Time is an argument everywhere.
//!
//! ```text
//! Message -> input -> Printer -> Heaters -> Tracker, for each sample:
//!     OutlierGate -> Phase -> Transient -> Ensemble (Estimator -> EtaFilter) -> HeaterRow
//!                             Transient, completed -> LearnedModel, Scores -> StateUpdate
//!                             -> Snapshot, Graph, Arrival, Learned
//! ```
//!
//! The modules are in order of dependency, which is nearly the order in which data passes: each
//! uses only those to its left.
//!
//! ```text
//! math, codec, input, settings, readings, phase, model, learning, ensemble, heater, output, printer
//! ```
//!
//! Temperatures are °C, times and durations are seconds, all `f64`.
#![forbid(unsafe_code)]
#![deny(clippy::dbg_macro, clippy::print_stderr, clippy::print_stdout)]

// In the order above, which tests/architecture.rs reads; blank lines keep them in it.
pub mod math;

pub mod codec;

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

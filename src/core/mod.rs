//! The calculation: samples in, remaining times out. Time is an argument everywhere.
//!
//! ```text
//! Message -> Printer -> Heaters -> Tracker: History, Phase, Transient
//!                                          -> Ensemble -> Estimator, PluginAlgorithm
//!                                                      -> ModelState: EtaFilter
//!                                  Transient, completed -> HeaterState: LearnedModel; Arrival
//!                    -> Snapshot, Graph, Learned
//! ```
//!
//! Temperatures are °C, times and durations are seconds, all `f64`.
#![forbid(unsafe_code)]
#![deny(clippy::dbg_macro, clippy::print_stderr, clippy::print_stdout)]

mod ambient;
pub mod arrival;
mod clock;
mod diagnostics;
mod divergence;
mod ensemble;
pub mod estimator;
mod eta_filter;
pub mod fit;
pub mod forecast;
mod goal;
pub mod graph_history;
mod heater_state;
mod heaters;
pub mod history;
pub mod job;
mod learned;
pub mod learning;
mod model_state;
pub mod phase;
pub mod plant;
mod plugin_algorithms;
mod plugin_scores;
mod plugin_states;
mod printer;
pub mod sample;
pub mod scorecard;
mod settings;
mod snapshot;
mod tracker;
pub mod trajectory;
mod transient;

pub use ambient::AmbientEstimator;
pub use arrival::Arrival;
pub use clock::ServerClock;
pub use diagnostics::{Diagnostics, Stopwatch, Times};
pub use eta_filter::EtaFilter;
pub use heater_state::{HeaterState, StateUpdate};
pub use heaters::Heaters;
pub use learned::Learned;
pub use plugin_algorithms::{
    AlgorithmKey, MAX_PLUGIN_ALGORITHMS, PluginAlgorithm, PluginAlgorithms, RegisterError,
};
pub use plugin_scores::PluginScores;
pub use printer::{Graph, Printer, Profile};
pub use settings::{Cooldown, CooldownMode, Settings};
pub use snapshot::{HeaterRow, PrinterRow, Score, Skipped, Snapshot};
pub use tracker::Tracker;

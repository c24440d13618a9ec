//! Each heater of a printer: what it is doing, and what is known of it.

mod arrival_latch;
mod doubted;
mod heater_row;
mod heaters;
mod observation;
mod state;
mod tracker;
mod transient;

pub use heater_row::HeaterRow;
pub use heaters::{Heaters, MAX_HEATERS};
pub use state::{HeaterState, StateUpdate};
pub use tracker::{Course, SampleOutcome, Tracker};

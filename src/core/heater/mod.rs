//! Each heater of a printer: what it is doing, and what is known of it.

mod arrival_latch;
mod heaters;
mod observation;
mod row;
mod state;
mod tracker;
mod transient;

pub use heaters::{Heaters, MAX_HEATERS};
pub use row::HeaterRow;
pub use state::{HeaterState, StateUpdate};
pub use tracker::{SampleOutcome, Tracker};

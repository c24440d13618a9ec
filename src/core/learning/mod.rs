//! What is learned from a heater, and the form in which it is kept.

mod ambient;
mod completed;
mod curve;
mod learned_model;
mod past_transients;
mod start_offsets;
mod taper;

pub use ambient::AmbientEstimator;
pub use completed::CompletedTransient;
pub use learned_model::LearnedModel;

//! Where a transient leads and where it ends.

use super::machine::Phase;
use super::thresholds::Thresholds;
use crate::core::input::Sample;
use crate::core::settings::{CooldownMode, Settings};

/// Where a transient leads and where it ends.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// Temperature that the controller or the user aims at, in °C.
    pub setpoint: f64,
    /// Temperature at which the transient ends, in °C.
    pub threshold: f64,
}

impl Goal {
    /// The goal of a heater in `phase` at `sample`, if it has one.
    #[must_use]
    pub fn of(phase: Phase, sample: Sample, thresholds: Thresholds) -> Option<Self> {
        Some(Self {
            setpoint: thresholds.setpoint(sample.target),
            threshold: phase.threshold(sample.target, thresholds)?,
        })
    }
}

/// Whether the set point of `sample` is the ambient temperature.
#[must_use]
pub fn to_ambient(sample: Sample, settings: &Settings) -> bool {
    sample.target <= 0.0 && settings.cooldown_mode == CooldownMode::Ambient
}

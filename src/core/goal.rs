//! Where a transient leads and where it ends.

use super::phase::{Phase, Thresholds};
use super::sample::{HeaterId, Sample};
use super::settings::{CooldownMode, Settings};

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

/// Where the transients of `heater` end at an ambient temperature of `ambient` °C.
#[must_use]
pub fn thresholds(heater: &HeaterId, ambient: f64, settings: &Settings) -> Thresholds {
    Thresholds {
        band: settings.target_band,
        cooldown: settings.cooldown.setpoint(heater, ambient),
        hysteresis: settings.cooldown.hysteresis_c,
    }
}

/// Whether the set point of `sample` is the ambient temperature.
#[must_use]
pub fn to_ambient(sample: Sample, settings: &Settings) -> bool {
    sample.target <= 0.0 && settings.cooldown.mode == CooldownMode::Ambient
}

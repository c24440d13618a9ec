//! Where a heater is going.

use super::phase::{Phase, Thresholds};
use super::sample::{HeaterId, Sample};
use super::settings::{CooldownMode, Settings};

/// Where a heater is going.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// Where the controller or the user aims, in °C.
    pub setpoint: f64,
    /// Where the transient ends, in °C.
    pub threshold: f64,
}

impl Goal {
    /// The aim of a heater in `phase` at `sample`, if it has one.
    #[must_use]
    pub fn of(
        phase: Phase,
        sample: Sample,
        thresholds: Thresholds,
        settings: &Settings,
    ) -> Option<Self> {
        let threshold = phase.threshold(sample.target, thresholds)?;
        let cooled = threshold - settings.cooldown.hysteresis_c;
        let setpoint = setpoint_of(sample, cooled);
        Some(Self {
            setpoint,
            threshold,
        })
    }
}

/// Where the transients of `heater` end in a room of `ambient` °C.
#[must_use]
pub fn thresholds(heater: &HeaterId, ambient: f64, settings: &Settings) -> Thresholds {
    Thresholds {
        band: settings.target_band,
        cooled: settings.cooldown.setpoint(heater, ambient) + settings.cooldown.hysteresis_c,
    }
}

/// Whether `sample` leads to the temperature of the room.
#[must_use]
pub fn to_ambient(sample: Sample, settings: &Settings) -> bool {
    sample.target <= 0.0 && settings.cooldown.mode == CooldownMode::Ambient
}

/// Where `sample` leads, in °C; `cooled` if it is switched off.
#[must_use]
pub fn setpoint_of(sample: Sample, cooled: f64) -> f64 {
    if sample.target > 0.0 {
        sample.target
    } else {
        cooled
    }
}

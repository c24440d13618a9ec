//! Where a heater is going.

use super::phase::{Edges, Phase};
use super::sample::{HeaterId, Sample};
use super::settings::{CooldownMode, Settings};

/// Where a heater is going.
#[derive(Debug, Clone, Copy)]
pub struct Aim {
    /// Where the controller or the user aims, in °C.
    pub goal: f64,
    /// Where the transient ends, in °C.
    pub edge: f64,
}

impl Aim {
    /// The aim of a heater in `phase` at `sample`, if it has one.
    #[must_use]
    pub fn of(phase: Phase, sample: Sample, ends: Edges, settings: &Settings) -> Option<Self> {
        let edge = phase.goal(sample.target, ends)?;
        let cooled = edge - settings.cooldown.hysteresis_c;
        let goal = destination(sample, cooled);
        Some(Self { goal, edge })
    }
}

/// Where the transients of `heater` end in a room of `room` °C.
#[must_use]
pub fn edges(heater: &HeaterId, room: f64, settings: &Settings) -> Edges {
    Edges {
        band: settings.target_band,
        cooled: settings.cooldown.goal(heater, room) + settings.cooldown.hysteresis_c,
    }
}

/// Whether `sample` leads to the temperature of the room.
#[must_use]
pub fn to_room(sample: Sample, settings: &Settings) -> bool {
    sample.target <= 0.0 && settings.cooldown.mode == CooldownMode::Ambient
}

/// Where `sample` leads, in °C; `cooled` if it is switched off.
#[must_use]
pub fn destination(sample: Sample, cooled: f64) -> f64 {
    if sample.target > 0.0 {
        sample.target
    } else {
        cooled
    }
}

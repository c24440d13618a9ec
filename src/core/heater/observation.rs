//! The newest readings of one heater.

use crate::core::input::{Sample, same};
use crate::core::math::{Line, Point};
use crate::core::model::{FEWEST_READINGS, recent};
use crate::core::readings::History;

/// Time between reports before there were two, in seconds: what most firmware does.
const USUAL_REPORTS: f64 = 2.0;

/// Longest time between reports, in seconds.
const SLOWEST_REPORTS: f64 = 20.0;

/// The newest readings of one heater.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Readings since the target changed.
    pub history: History,
    /// The newest sample.
    pub last: Sample,
    /// Seconds between reports.
    pub interval: f64,
}

/// A sample, compared with the one before.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The sample.
    pub sample: Sample,
    /// The one before.
    pub last: Sample,
    /// Whether the target has changed.
    pub retargeted: bool,
    /// Whether it repeats the last temperature because the target was set, and measures nothing.
    pub repeated: bool,
}

impl Step {
    /// The sample's time and temperature.
    #[must_use]
    pub fn point(&self) -> Point {
        Point {
            time: self.sample.time,
            temperature: self.sample.actual,
        }
    }

    /// The sample before, if the target has changed since.
    #[must_use]
    pub fn before_change(&self) -> Option<Sample> {
        self.retargeted.then_some(self.last)
    }
}

impl Observation {
    /// Begins with the first sample.
    #[must_use]
    pub fn from(sample: Sample) -> Self {
        Self {
            history: History::default(),
            last: sample,
            interval: USUAL_REPORTS,
        }
    }

    /// Compares the next sample with the last one.
    #[must_use]
    pub fn step(&self, sample: Sample) -> Step {
        let last = self.last;
        let retargeted = !same(sample.target, last.target);
        Step {
            sample,
            last,
            retargeted,
            repeated: retargeted && same(sample.actual, last.actual),
        }
    }

    /// Measures the time since the last report.
    pub fn measure_interval(&mut self, step: &Step) {
        let elapsed = step.sample.time - step.last.time;
        if !step.repeated && elapsed > 0.0 && elapsed <= SLOWEST_REPORTS {
            self.interval = elapsed;
        }
    }

    /// How the temperature has moved lately, in °C/s.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (self.history.len() >= FEWEST_READINGS)
            .then(|| Line::fit(recent(&self.history)))
            .flatten()
            .map(|line| line.rate)
    }
}

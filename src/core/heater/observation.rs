//! The newest readings of one heater.

use crate::core::input::{Sample, same};
use crate::core::math::{Line, Point};
use crate::core::model::{FEWEST_READINGS, recent};
use crate::core::readings::{History, Repetition, STANDSTILL_SHOWS};

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
    /// Whether the newest value is a measurement.
    pub repetition: Repetition,
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
    /// Whether the temperature is the same to the last digit.
    pub unchanged: bool,
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
            repetition: Repetition::new(sample.time),
        }
    }

    /// Compares the next sample with the last one.
    #[must_use]
    pub fn step(&self, sample: Sample) -> Step {
        let last = self.last;
        let retargeted = !same(sample.target, last.target);
        let unchanged = same(sample.actual, last.actual);
        Step {
            sample,
            last,
            retargeted,
            unchanged,
            repeated: retargeted && unchanged,
        }
    }

    /// Measures the time since the last report.
    pub fn measure_interval(&mut self, step: &Step) {
        let elapsed = step.sample.time - step.last.time;
        if !step.repeated && elapsed > 0.0 && elapsed <= SLOWEST_REPORTS {
            self.interval = elapsed;
        }
    }

    /// Tells whether the step is a measurement or repeats an old value, while `others` report new ones
    /// or not. A heater that has not moved yet should `begin` at a time (s) and a rate (°C/s).
    pub fn hear(&mut self, step: &Step, others: bool, begin: Option<(f64, f64)>) {
        let time = step.sample.time;
        if step.retargeted {
            self.repetition.retarget(time);
        } else if step.unchanged {
            self.repetition.repeat(time, others, begin);
        } else {
            let moved = (step.sample.actual - step.last.actual).abs();
            self.repetition.change(time, moved, self.rate());
        }
        if self.repetition.is_old() {
            self.history.forget_after(self.repetition.since());
        }
    }

    /// Whether the value has been the same for nearly a minute, as a coarse sensor's may be.
    #[must_use]
    pub fn stands(&self) -> bool {
        let same_for = self.last.time - self.repetition.since();
        self.history.span().min(same_for) >= STANDSTILL_SHOWS
    }

    /// How the temperature has moved lately, in °C/s.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (!self.repetition.is_old() && self.history.len() >= FEWEST_READINGS)
            .then(|| Line::fit(recent(&self.history)))
            .flatten()
            .map(|line| line.rate)
    }
}

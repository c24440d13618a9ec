//! A constant rate.

use super::estimator::{Estimate, Estimator, EstimatorInput, FEWEST_READINGS, Reason, Remaining};
use super::newton::newton;
use crate::core::math::Line;
use crate::core::math::Point;
use crate::core::readings::History;

/// Shortest window, in seconds. A heater slows down as it gets hot, so an old slope
/// misleads; but fewer reports than come in 6 s do not average out their noise.
const SHORTEST_WINDOW: f64 = 6.0;

/// Rise or fall that the window holds at least, in °C, where the history reaches back far
/// enough. A slow heater with a coarse sensor (0.25 °C a step) needs this much for a rate
/// within some 10 %.
const LEAST_CHANGE: f64 = 3.0;

/// How short a history may be for its heater to be still gathering speed, in seconds:
/// several lags of the slowest sensors.
const START: f64 = 30.0;

/// How many times faster than the window the newest readings must be for the heater to be
/// gathering speed. Smaller takes noise for it, larger shows times that are several times
/// too long.
const QUICKENING: f64 = 1.4;

/// Assumes that the rate stays what it has been over the recent window.
///
/// # Model
///
/// ```text
/// T(t) = T_now + r·t    ⇒    t = (goal - T_now) / r
/// ```
///
/// where `r` (°C/s) and `T_now` (°C) are the least-squares line's. Right for a heater far
/// from its limit; too short where losses or a controller slow the last part.
#[derive(Debug, Clone, Copy)]
pub struct Linear;

impl Estimator for Linear {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        input.measured()?;
        // Towards ambient no rate is constant, not even nearly.
        if let Some(asymptote) = input.asymptote {
            return newton(input, asymptote);
        }
        let line = Line::fit(recent(input.history)).ok_or(Reason::Measuring)?;
        let rate = gathered(input.history, line.rate);
        input.passable(rate)?;
        Ok(Remaining::bare(
            ((input.threshold - line.now) / rate).max(0.0),
        ))
    }
}

/// The rate that a heater has gathered so far, in °C/s: `rate`, that of the window, unless
/// it was switched on a short time ago and the newest readings are much faster, because the
/// sensor trails behind.
fn gathered(history: &History, rate: f64) -> f64 {
    let newest = history.len().div_ceil(2).min(FEWEST_READINGS);
    let newest = Line::fit(history.newest(newest));
    newest
        .map(|newest| newest.rate)
        .filter(|newest| history.span() < START && newest / rate > QUICKENING)
        .unwrap_or(rate)
}

/// The newest readings: at least three, six seconds and, if there are so many, three
/// degrees.
#[must_use]
pub fn recent(history: &History) -> &[Point] {
    let Some(last) = history.last() else {
        return &[];
    };
    let belongs = |point: &&Point| {
        last.time - point.time <= SHORTEST_WINDOW
            || (last.temperature - point.temperature).abs() < LEAST_CHANGE
    };
    let window = history.points().iter().rev().take_while(belongs);
    history.newest(window.count().max(FEWEST_READINGS))
}

#[cfg(test)]
mod tests;

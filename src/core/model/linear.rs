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
mod tests {
    use super::*;
    use crate::core::input::HeaterId;
    use crate::core::model::fixture::EstimatorFixture;

    fn remaining(readings: &[(f64, f64)], threshold: f64) -> Result<f64, Reason> {
        let fixture =
            EstimatorFixture::new(&HeaterId::Bed, readings.iter().copied(), threshold, 0.0);
        fixture.remaining(&Linear).map(|left| left.seconds)
    }

    #[test]
    fn a_constant_rate_is_extrapolated_exactly() {
        let up: Vec<_> = (0..10)
            .map(|i| (f64::from(i) * 2.0, 20.0 + f64::from(i)))
            .collect();
        assert!((remaining(&up, 59.0).unwrap() - 60.0).abs() < 1e-9);
        let down: Vec<_> = up.iter().map(|&(t, y)| (t, 220.0 - y)).collect();
        assert!((remaining(&down, 51.0).unwrap() - 280.0).abs() < 1e-9);
    }

    /// Readings every 3 s, `step` °C apart.
    fn steps(count: u32, step: f64) -> Vec<(f64, f64)> {
        (0..count)
            .map(|i| (f64::from(i) * 3.0, 20.0 + step * f64::from(i)))
            .collect()
    }

    #[test]
    fn each_refusal_has_its_reason() {
        let rows = [
            (steps(0, 1.0), Reason::Measuring),
            (steps(2, 1.0), Reason::Measuring),
            (steps(7, 0.0), Reason::Measuring),
            (steps(8, 0.0), Reason::NoProgress),
            (steps(8, 0.02), Reason::NoProgress),
            (steps(8, 0.05), Reason::TooSlow),
            (steps(7, 0.2), Reason::Measuring),
            (steps(8, 0.2), Reason::TooSlow),
            (steps(7, -1.0), Reason::Measuring),
            (steps(8, -1.0), Reason::MovingAway),
        ];
        for (readings, reason) in rows {
            assert_eq!(remaining(&readings, 59.0), Err(reason), "{readings:?}");
        }
    }

    #[test]
    fn slow_cooling_is_cooling() {
        let cooling = |step: f64| {
            let readings = (0..20).map(|i| (f64::from(i) * 3.0, 32.0 - step * f64::from(i)));
            remaining(&readings.collect::<Vec<_>>(), 31.0)
        };
        assert!(cooling(0.03).is_ok());
        assert_eq!(cooling(0.01), Err(Reason::TooSlow), "0.003 °C/s");
        assert_eq!(cooling(0.001), Err(Reason::NoProgress));
        let coarse: Vec<_> = (0..20)
            .map(|i| (f64::from(i) * 3.0, if i < 12 { 32.5 } else { 32.0 }))
            .collect();
        assert_eq!(
            remaining(&coarse, 31.0),
            Err(Reason::TooSlow),
            "one step of the sensor"
        );
    }

    #[test]
    fn a_heater_that_gathers_speed_is_taken_at_its_newest_rate() {
        // A sensor with a lag of 8 s on a heater of 0.5 °C/s.
        let sensor = |t: f64| 20.0 + 0.5 * (t - 8.0 * (1.0 - (-t / 8.0).exp()));
        let until = |seconds: u32| -> Vec<_> {
            (0..=seconds)
                .step_by(2)
                .map(f64::from)
                .map(|t| (t, sensor(t)))
                .collect()
        };
        let early = remaining(&until(8), 59.0).unwrap();
        assert!(
            (76.0..160.0).contains(&early),
            "{early}, the window says 205"
        );
        let steady = remaining(&until(24), 59.0).unwrap();
        assert!((steady - 61.6).abs() < 6.0, "{steady}");
    }

    #[test]
    fn a_slow_heater_is_seen_through_a_longer_window() {
        let mut history = History::default();
        for i in 0..30 {
            history.push(Point {
                time: f64::from(i) * 2.0,
                temperature: 20.0 + 0.2 * f64::from(i),
            });
        }
        assert_eq!(recent(&history).len(), 15, "three degrees at 0.2 a reading");
    }
}

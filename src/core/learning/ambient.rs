//! The ambient temperature, learned from heaters that are off.

use crate::core::codec::{Reader, Writer};
use crate::core::math::{Line, quantile};
use crate::core::readings::History;

/// Lowest and highest ambient temperature, in °C. Printers are not used in a room that is colder:
/// firmware does not heat below its `MINTEMP`, 0 to 5 °C, and what reads less is a sensor that is
/// broken or not connected. An attic in summer lies within.
const COLDEST: f64 = 5.0;
const WARMEST: f64 = 45.0;

/// Lowest ambient temperature that was ever stored, in °C: earlier versions took it for one.
const COLDEST_STORED: f64 = -10.0;

/// How long a heater must have been watched at rest, in seconds.
const WATCHED: f64 = 50.0;

/// Fastest change of a heater at rest, in °C/s. A bed with this rate is within some three
/// degrees of ambient; a tool is much nearer.
const AT_REST: f64 = 0.002;

/// Time that counts as one observation, in seconds: half a day, so that a night is one
/// observation, whatever happens in it.
const PERIOD: f64 = 12.0 * 3600.0;

/// How many observations are kept.
const MAX_OBSERVATIONS: usize = 7;

/// The lowest temperature at rest in each of the last half-days in which there was one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AmbientEstimator {
    observations: Vec<(f64, f64)>,
    /// Their median, which is asked for with each reading of each heater.
    median: Option<f64>,
}

impl AmbientEstimator {
    /// Takes the readings of a heater that is off.
    pub fn observe(&mut self, history: &History) {
        let Some(newest) = history.last().filter(|_| history.span() >= WATCHED) else {
            return;
        };
        let rests = Line::fit(history.points()).is_some_and(|line| line.rate.abs() < AT_REST);
        if !rests || !(COLDEST..=WARMEST).contains(&newest.temperature) {
            return;
        }
        let period = (newest.time / PERIOD).floor();
        let same = |(known, _): &&mut (f64, f64)| (*known - period).abs() < 0.5;
        if let Some((_, lowest)) = self.observations.iter_mut().find(same) {
            *lowest = lowest.min(newest.temperature);
        } else {
            if self.observations.len() == MAX_OBSERVATIONS {
                self.observations.remove(0);
            }
            self.observations.push((period, newest.temperature));
        }
        self.median = median(&self.observations);
    }

    /// The median of the observations in °C, so that neither one cold night nor a printer that was
    /// switched on while hot decides; `None` before the first.
    #[must_use]
    pub fn temperature(&self) -> Option<f64> {
        self.median
    }

    /// Writes it.
    pub fn write(&self, to: &mut Writer) {
        #[expect(clippy::cast_precision_loss, reason = "at most 7")]
        to.put(self.observations.len() as f64);
        for (period, lowest) in &self.observations {
            to.put(*period);
            to.put(*lowest);
        }
    }

    /// Reads what [`Self::write`] has written, in earlier versions too; `None` if it cannot have.
    /// What is no ambient temperature any more is left out.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let count = from.count(MAX_OBSERVATIONS)?;
        let mut observations = Vec::new();
        for _ in 0..count {
            let (period, lowest) = (from.take(0.0, 1e9)?, from.take(COLDEST_STORED, WARMEST)?);
            if lowest >= COLDEST {
                observations.push((period, lowest));
            }
        }
        Some(Self {
            median: median(&observations),
            observations,
        })
    }
}

fn median(observations: &[(f64, f64)]) -> Option<f64> {
    let lows: Vec<_> = observations.iter().map(|(_, lowest)| *lowest).collect();
    quantile(&lows, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::math::Point;

    /// What is learned from a minute of readings, beginning at each of `days`.
    fn learned(days: &[(f64, &dyn Fn(f64) -> f64)]) -> Option<f64> {
        let mut ambient = AmbientEstimator::default();
        for (day, temperature) in days {
            let mut history = History::default();
            for second in (0..60).step_by(2).map(f64::from) {
                let time = 1.7e9 + day * 86_400.0 + second;
                let temperature = temperature(second);
                history.push(Point { time, temperature });
                ambient.observe(&history);
            }
        }
        ambient.temperature()
    }

    #[test]
    fn a_heater_at_rest_shows_the_ambient() {
        let noisy = |t: f64| 21.0 + 0.05 * (t * 1.3).sin();
        let ambient = learned(&[(0.0, &noisy)]).unwrap();
        assert!((ambient - 21.0).abs() < 0.1, "{ambient}");
    }

    #[test]
    fn a_hot_start_shows_nothing() {
        assert_eq!(learned(&[(0.0, &|t: f64| 44.0 - 0.01 * t)]), None);
        assert_eq!(learned(&[(0.0, &|_| 80.0)]), None);
    }

    #[test]
    fn a_sensor_that_is_not_there_is_not_the_room() {
        assert_eq!(learned(&[(0.0, &|_| -1.0)]), None);
        assert_eq!(learned(&[(0.0, &|_| 4.9)]), None);
    }

    #[test]
    fn what_was_stored_as_colder_is_read_and_left_out() {
        let read = |numbers: &[f64]| AmbientEstimator::read(&mut Reader::new(numbers));
        let known = read(&[3.0, 1.0, -10.0, 2.0, 21.0, 3.0, -1.0]).unwrap();
        assert_eq!(known.temperature(), Some(21.0));
        assert_eq!(read(&[1.0, 1.0, 4.0]), Some(AmbientEstimator::default()));
        assert_eq!(read(&[1.0, 1.0, -11.0]), None);
    }

    #[test]
    fn one_cold_night_does_not_decide() {
        let (cold, usual): (&dyn Fn(f64) -> f64, &dyn Fn(f64) -> f64) = (&|_| 5.0, &|_| 21.0);
        let days = [(0.0, usual), (1.0, usual), (1.5, cold), (2.0, usual)];
        assert_eq!(learned(&days), Some(21.0));
        let autumn: Vec<_> = (0..9).map(|day| (f64::from(day), cold)).collect();
        let seasons = [&days[..], &autumn].concat();
        assert_eq!(learned(&seasons), Some(5.0), "but a season does");
    }
}

//! Tells a heater that is heated without a target.

use super::trend::fall;
use crate::core::input::HeaterId;
use crate::core::math::{Line, Point};
use crate::core::readings::History;

/// How far a heater must have risen since it was off, in °C: more than the ambient's ups and downs.
const RISE: f64 = 5.0;

/// How far it must have risen within the last minute, in °C: what the slowest bed does.
const RISE_IN_A_MINUTE: f64 = 2.0;

/// The same in falls that are no noise, where the sensor is a bad one.
const RISE_IN_FALLS: f64 = 2.0;

/// Fewest readings in which it must have done so: first reports may be 0 °C.
const FEWEST: usize = 4;

/// How many readings are averaged to tell a rise from noise.
const AVERAGED: usize = 4;

/// What a kind of heater does without a target.
#[derive(Debug, Clone, Copy)]
pub struct Climb {
    /// How fast it must rise, in °C/s, to be heated by its own power: nothing beside it warms it
    /// as fast.
    rate: f64,
    /// For how many seconds after it was switched off it may still be heated by what it has stored.
    afterglow: f64,
    /// How long it may fall, in seconds, before it is not heated any more: firmware that tunes its
    /// controller swings between hot and cold.
    longest_swing: f64,
    /// How far, in °C.
    deepest_swing: f64,
}

impl Climb {
    /// Of `heater`; `None` of a chamber, which the bed warms as its own heater would.
    #[must_use]
    pub fn of(heater: &HeaterId) -> Option<Self> {
        match heater {
            HeaterId::Chamber => None,
            HeaterId::Bed => Some(Self {
                rate: 0.04,
                afterglow: 120.0,
                longest_swing: 240.0,
                deepest_swing: 20.0,
            }),
            HeaterId::Tool(_) | HeaterId::Custom(_) => Some(Self {
                rate: 0.1,
                afterglow: 20.0,
                longest_swing: 150.0,
                deepest_swing: 45.0,
            }),
        }
    }

    /// Whether it climbs at its newest reading `last`, from `coldest` (°C) on since it was switched
    /// off, `off_for` seconds ago.
    #[must_use]
    pub fn climbs(self, history: &History, last: Point, coldest: f64, off_for: f64) -> bool {
        let points = history.points();
        let by_temperature = |a: &&Point, b: &&Point| a.temperature.total_cmp(&b.temperature);
        let Some(lowest) = points.iter().min_by(by_temperature) else {
            return false;
        };
        let rise = last.temperature - lowest.temperature;
        let steps = points.windows(2).filter_map(|pair| {
            let &[from, to] = pair else { return None };
            Some(to.temperature - from.temperature)
        });
        let highest_step = steps.fold(0.0, f64::max);
        let rises = |line: Line| line.rate >= self.rate;
        off_for >= self.afterglow
            && points.len() >= FEWEST
            && last.temperature - coldest >= RISE
            && rise >= RISE_IN_A_MINUTE.max(RISE_IN_FALLS * fall(history))
            && rise >= self.rate * (last.time - lowest.time)
            && highest_step <= rise / 2.0
            && Line::fit(history.newest(AVERAGED)).is_some_and(rises)
    }

    /// Whether a heater that has not risen for `seconds`, and has fallen by `depth` °C since it was
    /// warmest, may be heated again.
    #[must_use]
    pub fn swings(self, seconds: f64, depth: f64) -> bool {
        seconds <= self.longest_swing && depth < self.deepest_swing
    }
}

/// Whether the temperature is above what it was at some time in the last minute, by more than noise.
#[must_use]
pub fn has_risen(history: &History) -> bool {
    let sum = |points: &[Point]| points.iter().map(|point| point.temperature).sum::<f64>();
    #[expect(clippy::cast_precision_loss, reason = "4")]
    let rise = fall(history) * AVERAGED as f64;
    let mut sums = history.points().windows(AVERAGED).map(sum);
    let now = sums.clone().next_back();
    now.is_some_and(|now| sums.any(|then| now >= then + rise))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `heater`, off for ten minutes, climbs at the end of these readings every 2 s.
    fn climbs(heater: &HeaterId, temperature: impl Fn(f64) -> f64, seconds: u32) -> bool {
        let mut history = History::default();
        let mut coldest = f64::INFINITY;
        let mut climbs = false;
        for time in (0..=seconds).step_by(2).map(f64::from) {
            let temperature = temperature(time);
            let point = Point { time, temperature };
            coldest = coldest.min(temperature);
            let climb = Climb::of(heater);
            climbs = climb.is_some_and(|it| it.climbs(&history, point, coldest, 600.0 + time));
            history.push(point);
        }
        climbs
    }

    #[test]
    fn its_own_power_makes_a_heater_climb() {
        let noise = |t: f64| 0.3 * (t * 12.9898).sin();
        assert!(climbs(&HeaterId::Tool(0), |t| 21.0 + 1.5 * t, 10));
        assert!(climbs(&HeaterId::Bed, |t| 21.0 + 0.06 * t + noise(t), 200));
        assert!(
            !climbs(&HeaterId::Tool(0), |t| 21.0 + 0.05 * t, 200),
            "above a hot bed"
        );
        assert!(!climbs(&HeaterId::Chamber, |t| 21.0 + 0.5 * t, 60));
        assert!(
            !climbs(&HeaterId::Bed, |t| 50.0 + 4.0 * noise(t), 600),
            "noise"
        );
        let first_is_zero = |t: f64| if t < 1.0 { 0.0 } else { 13.0 + noise(t) };
        assert!(!climbs(&HeaterId::Tool(0), first_is_zero, 20));
    }

    #[test]
    fn a_heater_that_was_just_switched_off_glows_on() {
        let mut history = History::default();
        for time in (0..20).step_by(2).map(f64::from) {
            let temperature = 60.0 + 0.3 * time;
            history.push(Point { time, temperature });
        }
        let last = history.last().unwrap();
        let bed = Climb::of(&HeaterId::Bed).unwrap();
        assert!(!bed.climbs(&history, last, 55.0, 20.0));
        assert!(bed.climbs(&history, last, 55.0, 130.0));
    }

    #[test]
    fn a_swing_ends_when_it_is_too_long_or_too_deep() {
        let tool = Climb::of(&HeaterId::Tool(0)).unwrap();
        assert!(tool.swings(100.0, 30.0));
        assert!(!tool.swings(160.0, 30.0));
        assert!(!tool.swings(10.0, 50.0));
    }
}

//! Which way a temperature goes.

use crate::core::math::{Line, Point};
use crate::core::readings::{History, STANDSTILL_SHOWS};

/// How far a switched-off heater must have fallen, in °C, to count as cooling: a chamber
/// that the bed warms, or an enclosure on a summer's day, is warm and does not cool down.
/// Little enough to be over in seconds for what is hot.
const FALL: f64 = 1.0;

/// The same in standard deviations of a reading, where the sensor is a bad one. Fewer, and its noise
/// is a fall now and then.
const FALL_IN_NOISE: f64 = 4.0;

/// The most that noise makes it, in °C: no sensor is so bad that a fall of that much means nothing.
const WIDEST_FALL: f64 = 4.0;

/// How fast it must fall if that takes more than a minute, in °C/s: less is the ambient's ups
/// and downs.
const SLOWEST_FALL: f64 = 0.005;

/// How long a fall or a rise must have been watched to go by its rate, in seconds.
const WATCHED: f64 = 30.0;

/// How far a cooling, switched-off heater may warm up again, in °C, before it counts as
/// warmed by something else.
const REWARMED: f64 = 4.0;

/// How little a heater with its power on may gain in a minute, in °C, before it counts as
/// stalled. The slowest chambers gain three times as much; a coarse sensor shows half a degree a
/// step.
pub const STALLED: f64 = 0.2;

/// The same for a heater that has not begun to get warmer: a standstill at the start is no creeping
/// towards an end.
const STALLED_AT_START: f64 = 0.3;

/// How far it must have moved to have begun, in °C: more than noise.
const BEGUN: f64 = 1.0;

/// How much a stalled heater must gain in a minute, in °C, before it counts as heating again. Much
/// more, and slow chambers would never do so.
const RESUMED: f64 = 0.3;

/// How far it must have risen by then, in bands around a target: noise stays within one.
const RESUMED_BANDS: f64 = 2.0;

/// How little a heater that is to get cooler may lose in a minute, in °C, before it counts as not
/// begun. The slowest chambers lose twice as much.
const STANDSTILL: f64 = 0.15;

/// Seconds in one minute, in which gains are counted.
pub const MINUTE: f64 = 60.0;

/// The temperatures a heater has had since its phase began, in °C.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lowest.
    pub coldest: f64,
    /// The highest.
    pub warmest: f64,
}

impl Range {
    /// The range of a phase that begins at `actual`.
    #[must_use]
    pub fn from(actual: f64) -> Self {
        Self {
            coldest: actual,
            warmest: actual,
        }
    }

    /// The same range, with `actual` in it.
    #[must_use]
    pub fn with(self, actual: f64) -> Self {
        Self {
            coldest: self.coldest.min(actual),
            warmest: self.warmest.max(actual),
        }
    }
}

/// Direction of a temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Down, by more than noise.
    Falling,
    /// Neither clearly down nor clearly up.
    Level,
    /// Up, by more than the heat that had not reached the sensor yet.
    Rising,
    /// Up, as only its own power makes it.
    Climbing,
}

impl Trend {
    /// The trend of a heater that is to get warmer, with `range` since the phase began.
    #[must_use]
    pub fn of_heating(history: &History, range: Range) -> Self {
        let begun = range.warmest - range.coldest >= BEGUN;
        let least = if begun { STALLED } else { STALLED_AT_START };
        let line = Line::fit(history.points());
        let gains = line.is_none_or(|line| MINUTE * line.rate >= least);
        if gains || history.span() < STANDSTILL_SHOWS {
            Self::Rising
        } else {
            Self::Level
        }
    }

    /// The trend of a heater that is to get warmer and has stalled at `level` (°C), while its target
    /// counts as reached within `band` (°C).
    #[must_use]
    pub fn of_stalled(history: &History, level: f64, band: f64) -> Self {
        let resumes =
            |line: Line| MINUTE * line.rate >= RESUMED && line.now >= level + RESUMED_BANDS * band;
        if Line::fit(history.points()).is_some_and(resumes) {
            Self::Rising
        } else {
            Self::Level
        }
    }

    /// The trend of a heater that is off, from readings that end at `actual`; `range` is
    /// that of the whole phase.
    #[must_use]
    pub fn of_cooling(history: &History, range: Range, actual: f64) -> Self {
        let watched = history.span() >= WATCHED;
        let fall = fall(history);
        let recent = |point: &Point| point.temperature >= actual + fall;
        let slowly = || {
            let rate = Line::fit(history.points()).map_or(0.0, |line| line.rate);
            watched && range.warmest >= actual + fall && rate <= -SLOWEST_FALL
        };
        if history.points().iter().any(recent) || slowly() {
            Self::Falling
        } else if watched && actual > range.coldest + REWARMED {
            Self::Rising
        } else {
            Self::Level
        }
    }

    /// Whether a heater that is to get cooler has not begun to, with `range` since the phase began:
    /// its goal is below what is around it. `stood` says whether it had not before.
    #[must_use]
    pub fn stands_still(history: &History, range: Range, stood: bool) -> bool {
        let moved = range.warmest - range.coldest;
        let (most, slowest) = if stood {
            (4.0 * fall(history), 4.0 * STANDSTILL)
        } else {
            (2.0 * fall(history), STANDSTILL)
        };
        let falls = |line: Line| MINUTE * line.rate <= -slowest;
        history.span() >= STANDSTILL_SHOWS
            && moved < most
            && !Line::fit(history.points()).is_some_and(falls)
    }
}

/// How far a temperature must have fallen for that to be more than noise, in °C.
pub(super) fn fall(history: &History) -> f64 {
    let noise = history.noise().unwrap_or_default();
    (FALL_IN_NOISE * noise).clamp(FALL, WIDEST_FALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heater_is_watched_for_a_minute_before_it_counts_as_stalled() {
        let trend = |seconds: u32, rate: f64| {
            let mut history = History::default();
            for time in (0..=seconds).step_by(3).map(f64::from) {
                history.push(Point {
                    time,
                    temperature: 40.0 + rate * time,
                });
            }
            Trend::of_heating(&history, Range::from(40.0))
        };
        assert_eq!(trend(48, 0.0), Trend::Rising);
        assert_eq!(trend(51, 0.0), Trend::Level);
        assert_eq!(trend(51, -0.1), Trend::Level);
        assert_eq!(trend(60, 0.01), Trend::Rising, "a slow chamber");
    }

    #[test]
    fn a_trend_is_more_than_noise_and_than_the_drift_of_ambient() {
        type Curve<'a> = &'a dyn Fn(f64) -> f64;
        let trend = |temperature: Curve, seconds: u32| {
            let mut history = History::default();
            let mut range = Range::from(temperature(0.0));
            let mut actual = 0.0;
            for time in (0..=seconds).step_by(3).map(f64::from) {
                actual = temperature(time);
                range = range.with(actual);
                history.push(Point {
                    time,
                    temperature: actual,
                });
            }
            Trend::of_cooling(&history, range, actual)
        };
        let noise = |t: f64| 0.2 * (t * 1.7).sin();
        let rows: [(Curve, u32, Trend); 7] = [
            (&|t| 200.0 - t, 3, Trend::Falling),
            (&|t| 60.0 - 0.01 * t + noise(t), 150, Trend::Falling),
            (&|t| 60.0 - 0.01 * t + noise(t), 30, Trend::Level),
            (
                &|t| 45.0 + 0.8 * (t / 180.0).sin() + noise(t),
                900,
                Trend::Level,
            ),
            (&|t| 45.0 + noise(t), 900, Trend::Level),
            (&|t| 150.0 + 0.5 * t, 12, Trend::Level),
            (&|t| 30.0 + 0.1 * t, 60, Trend::Rising),
        ];
        for (i, (temperature, seconds, expected)) in rows.into_iter().enumerate() {
            assert_eq!(trend(temperature, seconds), expected, "row {i}");
        }
    }
}

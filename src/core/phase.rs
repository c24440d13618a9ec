//! What a heater is doing, from its target and its temperature.

use serde::{Serialize, Serializer};

use super::fit::Line;
use super::history::{History, Point};

/// How far a heater may sag below a target it had reached, in °C, before it counts as
/// heating again: a part fan or a fast print takes two or three, a new heat-up more.
const SAG: f64 = 4.0;

/// The same below the limit of a wide band, in °C: less, and a heater that rests on the limit
/// arrives again and again.
const SAG_BELOW_BAND: f64 = 3.0;

/// How far a heater may overshoot a target it has reached, in °C, before it counts as
/// cooling towards it. Untuned controllers overshoot by several degrees.
const OVERSHOOT: f64 = 10.0;

/// How far a switched-off heater must have fallen, in °C, to count as cooling: a chamber
/// that the bed warms, or an enclosure on a summer's day, is warm and does not cool down.
/// More than a sensor's noise, little enough to be over in seconds for what is hot.
const FALL: f64 = 1.0;

/// How fast it must fall if that takes more than a minute, in °C/s: less is the ambient's ups
/// and downs.
const SLOWEST_FALL: f64 = 0.005;

/// How long a fall or a rise must have been watched to go by its rate, in seconds.
const WATCHED: f64 = 30.0;

/// How far a cooling, switched-off heater may warm up again, in °C, before it counts as
/// warmed by something else.
const REWARMED: f64 = 4.0;

/// How little a heater with its power on may gain in a minute, in °C, before it counts as
/// stalled. The slowest chambers gain twice as much; a coarse sensor shows half a degree a
/// step.
const STALLED: f64 = 0.3;

/// How long a heater must have been watched to count as stalled, in seconds: nearly the
/// whole history, so that a sensor's lag after switching on is over.
const STALLED_WATCHED: f64 = 50.0;

/// How long a heater counts as cooled down, in seconds, before it counts as idle.
pub const COOLED_DOWN_FOR: f64 = 600.0;

/// What a heater is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Switched off and cool.
    Idle,
    /// Heats up to the target.
    Heating,
    /// Below the target with its power on, and not getting warmer.
    Stalled,
    /// Holding the target.
    AtTarget,
    /// Cools down to a lower target, or to the cool-down set point when switched off.
    Cooling,
    /// Switched off, and the cool-down goal has been reached.
    CooledDown,
}

/// As the page's name.
impl Serialize for Phase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Where transients end, in °C.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Within this distance of the target it counts as reached.
    pub band: f64,
    /// Set point of a heater that is off.
    pub cooldown: f64,
    /// Within this distance above that set point it has cooled down.
    pub hysteresis: f64,
}

impl Thresholds {
    /// The set point with `target` (0 is off), in °C.
    #[must_use]
    pub fn setpoint(self, target: f64) -> f64 {
        if target > 0.0 { target } else { self.cooldown }
    }

    /// The temperature at which a heater that is off has cooled down, in °C.
    #[must_use]
    pub fn cooled(self) -> f64 {
        self.cooldown + self.hysteresis
    }
}

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
}

impl Trend {
    /// The trend of a heater that is to get warmer.
    #[must_use]
    pub fn of_heating(history: &History) -> Self {
        let ends = history.points().first().zip(history.last());
        let gain = ends.map_or(0.0, |(first, last)| last.temperature - first.temperature);
        if gain >= STALLED || history.span() < STALLED_WATCHED {
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
        let recent = |point: &Point| point.temperature >= actual + FALL;
        let slowly = || {
            let rate = Line::fit(history.points()).map_or(0.0, |line| line.rate);
            watched && range.warmest >= actual + FALL && rate <= -SLOWEST_FALL
        };
        if history.points().iter().any(recent) || slowly() {
            Self::Falling
        } else if watched && actual > range.coldest + REWARMED {
            Self::Rising
        } else {
            Self::Level
        }
    }
}

impl Phase {
    /// What the page calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Heating => "heating",
            Self::Stalled => "stalled",
            Self::AtTarget => "at_target",
            Self::Cooling => "cooling",
            Self::CooledDown => "cooled_down",
        }
    }

    /// The phase of a heater that has just been given `target` (0 is off), and `heated`
    /// until then or not.
    #[must_use]
    pub fn begin(actual: f64, target: f64, heated: bool, thresholds: Thresholds) -> Self {
        if target > 0.0 {
            if actual < target - thresholds.band {
                Self::Heating
            } else if actual > target + thresholds.band {
                Self::Cooling
            } else {
                Self::AtTarget
            }
        } else if heated && actual > thresholds.cooled() {
            Self::Cooling
        } else {
            Self::Idle
        }
    }

    /// The phase that follows `self` while the target stays the same.
    #[must_use]
    pub fn next(self, actual: f64, target: f64, trend: Trend, thresholds: Thresholds) -> Self {
        if target > 0.0 {
            self.next_towards(actual, target, trend, thresholds.band)
        } else {
            self.next_off(actual, trend, thresholds.cooled())
        }
    }

    fn next_towards(self, actual: f64, target: f64, trend: Trend, band: f64) -> Self {
        let sag = SAG.max(band + SAG_BELOW_BAND);
        match self {
            Self::Heating | Self::Stalled if actual >= target - band => Self::AtTarget,
            Self::Heating if trend == Trend::Level => Self::Stalled,
            Self::Stalled if trend == Trend::Rising => Self::Heating,
            Self::Cooling if actual <= target + band => Self::AtTarget,
            Self::AtTarget if actual < target - sag => Self::Heating,
            Self::AtTarget if actual > target + OVERSHOOT => Self::Cooling,
            same => same,
        }
    }

    fn next_off(self, actual: f64, trend: Trend, cooled: f64) -> Self {
        match (self, trend) {
            (Self::Cooling, _) if actual <= cooled => Self::CooledDown,
            (Self::Cooling, Trend::Rising) => Self::Idle,
            (Self::Idle | Self::CooledDown, Trend::Falling) if actual > cooled => Self::Cooling,
            (same, _) => same,
        }
    }

    /// Whether the power is on and the target not reached.
    #[must_use]
    pub fn heats(self) -> bool {
        matches!(self, Self::Heating | Self::Stalled)
    }

    /// Whether it ends at a goal.
    #[must_use]
    pub fn has_goal(self) -> bool {
        self.heats() || self == Self::Cooling
    }

    /// The temperature at which this phase ends, in °C: the limit of the band around the target,
    /// or of the cool-down. `None` without a transient.
    #[must_use]
    pub fn threshold(self, target: f64, thresholds: Thresholds) -> Option<f64> {
        match self {
            Self::Heating | Self::Stalled => Some(target - thresholds.band),
            Self::Cooling if target > 0.0 => Some(target + thresholds.band),
            Self::Cooling => Some(thresholds.cooled()),
            Self::Idle | Self::AtTarget | Self::CooledDown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Phase::{AtTarget, CooledDown, Cooling, Heating, Idle, Stalled};
    use super::*;

    const THRESHOLDS: Thresholds = Thresholds {
        band: 1.0,
        cooldown: 40.0,
        hysteresis: 1.0,
    };

    #[test]
    fn a_new_target_begins_the_phase_it_asks_for() {
        let rows = [
            (21.0, 60.0, false, Heating),
            (58.9, 60.0, false, Heating),
            (59.2, 60.0, false, AtTarget),
            (60.9, 60.0, true, AtTarget),
            (120.0, 60.0, true, Cooling),
            (120.0, 0.0, true, Cooling),
            (120.0, 0.0, false, Idle),
            (30.0, 0.0, true, Idle),
        ];
        for (actual, target, heated, expected) in rows {
            let phase = Phase::begin(actual, target, heated, THRESHOLDS);
            assert_eq!(phase, expected, "{actual} / {target}");
        }
    }

    #[test]
    fn phases_follow_the_temperature() {
        let rows = [
            (Heating, 58.9, 60.0, Heating),
            (Heating, 59.0, 60.0, AtTarget),
            (Heating, 75.0, 60.0, AtTarget),
            (AtTarget, 56.1, 60.0, AtTarget),
            (AtTarget, 55.9, 60.0, Heating),
            (AtTarget, 69.9, 60.0, AtTarget),
            (AtTarget, 70.1, 60.0, Cooling),
            (Cooling, 61.5, 60.0, Cooling),
            (Cooling, 61.0, 60.0, AtTarget),
        ];
        for (phase, actual, target, expected) in rows {
            let next = phase.next(actual, target, Trend::Rising, THRESHOLDS);
            assert_eq!(next, expected, "{phase:?} {actual} / {target}");
        }
    }

    #[test]
    fn a_heater_that_does_not_get_warmer_is_stalled_until_it_does() {
        use Trend::{Level, Rising};
        let rows = [
            (Heating, 40.0, Rising, Heating),
            (Heating, 40.0, Level, Stalled),
            (Stalled, 40.0, Level, Stalled),
            (Stalled, 41.0, Rising, Heating),
            (Stalled, 59.5, Level, AtTarget),
            (AtTarget, 60.0, Level, AtTarget),
        ];
        for (phase, actual, trend, expected) in rows {
            let next = phase.next(actual, 60.0, trend, THRESHOLDS);
            assert_eq!(next, expected, "{phase:?} {actual} {trend:?}");
        }
        assert_eq!(
            Stalled.threshold(60.0, THRESHOLDS),
            Heating.threshold(60.0, THRESHOLDS)
        );
    }

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
            Trend::of_heating(&history)
        };
        assert_eq!(trend(48, 0.0), Trend::Rising);
        assert_eq!(trend(51, 0.0), Trend::Level);
        assert_eq!(trend(51, -0.1), Trend::Level);
        assert_eq!(trend(60, 0.01), Trend::Rising, "a slow chamber");
    }

    #[test]
    fn what_is_off_cools_only_while_it_falls() {
        use Trend::{Falling, Level, Rising};
        let rows = [
            (Cooling, 41.5, Level, Cooling),
            (Cooling, 41.0, Falling, CooledDown),
            (Cooling, 49.0, Rising, Idle),
            (Idle, 46.0, Level, Idle),
            (Idle, 46.0, Rising, Idle),
            (Idle, 46.0, Falling, Cooling),
            (Idle, 40.5, Falling, Idle),
            (CooledDown, 43.0, Rising, CooledDown),
            (CooledDown, 43.0, Falling, Cooling),
        ];
        for (phase, actual, trend, expected) in rows {
            let next = phase.next(actual, 0.0, trend, THRESHOLDS);
            assert_eq!(next, expected, "{phase:?} {actual} {trend:?}");
        }
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

    #[test]
    fn a_wide_band_ends_a_transient_sooner_and_for_good() {
        let wide = Thresholds {
            band: 5.0,
            ..THRESHOLDS
        };
        let rows = [
            (Heating, 54.9, Heating),
            (Heating, 55.0, AtTarget),
            (AtTarget, 54.0, AtTarget),
            (AtTarget, 51.9, Heating),
            (Cooling, 65.1, Cooling),
            (Cooling, 65.0, AtTarget),
        ];
        for (phase, actual, expected) in rows {
            let next = phase.next(actual, 60.0, Trend::Rising, wide);
            assert_eq!(next, expected, "{phase:?} {actual}");
        }
        assert_eq!(Phase::begin(56.0, 60.0, false, wide), AtTarget);
    }

    #[test]
    fn a_phase_ends_exactly_at_its_threshold() {
        for (phase, target) in [(Heating, 60.0), (Cooling, 60.0), (Cooling, 0.0)] {
            let threshold = phase.threshold(target, THRESHOLDS).unwrap();
            assert_ne!(
                phase.next(threshold, target, Trend::Rising, THRESHOLDS),
                phase
            );
        }
        assert_eq!(AtTarget.threshold(60.0, THRESHOLDS), None);
    }
}

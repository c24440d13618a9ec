//! What a heater is doing, from its target and its temperature.

use serde::{Serialize, Serializer};

use super::thresholds::Thresholds;
use super::trend::Trend;
use crate::core::settings::Settings;

/// How far a heater may overshoot a target it has reached, in °C, before it counts as
/// cooling towards it. Untuned controllers overshoot by several degrees.
const OVERSHOOT: f64 = 10.0;

/// How far above its cool-down goal a heater must be, in °C, before it counts as cooling, unless it
/// was just switched off: less is noise, or what is still warm around it.
const COOLING: f64 = 3.0;

/// How long a heater counts as cooled down, in seconds, before it counts as idle.
const COOLED_DOWN_FOR: f64 = 600.0;

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
    /// Gets warmer although it has no target: the firmware tunes its controller, or somebody heats
    /// at the printer's own display.
    Untargeted,
    /// Holding the target until it counts as ready. Transients end with [`Self::AtTarget`]; only
    /// what is shown is this.
    Soaking,
}

/// As the page's name.
impl Serialize for Phase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
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
            Self::Untargeted => "untargeted",
            Self::Soaking => "soaking",
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
            self.next_towards(actual, target, trend, thresholds)
        } else {
            self.next_off(actual, trend, thresholds.cooled())
        }
    }

    /// The phase that `self` has become after it has `lasted` for so many seconds: what cooled down
    /// long ago is idle.
    #[must_use]
    pub fn aged(self, lasted: f64) -> Self {
        match self {
            Self::CooledDown if lasted > COOLED_DOWN_FOR => Self::Idle,
            same => same,
        }
    }

    /// The phase that `self` becomes when the user changes the `thresholds`.
    #[must_use]
    pub fn under(self, thresholds: Thresholds, actual: f64, target: f64) -> Self {
        match self {
            Self::Cooling | Self::CooledDown if target <= 0.0 && actual > thresholds.cooled() => {
                Self::Cooling
            }
            Self::Cooling if target <= 0.0 => Self::CooledDown,
            same => same,
        }
    }

    fn next_towards(self, actual: f64, target: f64, trend: Trend, thresholds: Thresholds) -> Self {
        let (band, sag) = (thresholds.band, thresholds.sag());
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
            (_, Trend::Climbing) => Self::Untargeted,
            (Self::Cooling, _) if actual <= cooled => Self::CooledDown,
            (_, Trend::Falling) if actual > cooled + COOLING => Self::Cooling,
            (Self::Untargeted, _) | (Self::Cooling, Trend::Rising) => Self::Idle,
            (same, _) => same,
        }
    }

    /// Whether the power is on and the target not reached.
    #[must_use]
    pub fn heats(self) -> bool {
        matches!(self, Self::Heating | Self::Stalled)
    }

    /// Whether `settings` want it to be counted down.
    #[must_use]
    pub fn is_counted_down(self, settings: &Settings) -> bool {
        match self {
            Self::Heating | Self::Stalled | Self::Soaking => settings.enable_heating_eta,
            Self::Cooling => settings.enable_cooldown_eta,
            Self::Idle | Self::AtTarget | Self::CooledDown | Self::Untargeted => true,
        }
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
            Self::Idle | Self::AtTarget | Self::CooledDown | Self::Untargeted | Self::Soaking => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Phase::{AtTarget, CooledDown, Cooling, Heating, Idle, Stalled, Untargeted};
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
    fn what_is_off_cools_only_while_it_falls() {
        use Trend::{Climbing, Falling, Level, Rising};
        let rows = [
            (Cooling, 41.5, Level, Cooling),
            (Cooling, 41.0, Falling, CooledDown),
            (Cooling, 49.0, Rising, Idle),
            (Idle, 46.0, Level, Idle),
            (Idle, 46.0, Rising, Idle),
            (Idle, 46.0, Falling, Cooling),
            (Idle, 40.5, Falling, Idle),
            (CooledDown, 43.0, Rising, CooledDown),
            (CooledDown, 43.0, Falling, CooledDown),
            (CooledDown, 44.5, Falling, Cooling),
            (Idle, 44.5, Climbing, Untargeted),
            (Cooling, 200.0, Climbing, Untargeted),
            (Untargeted, 200.0, Climbing, Untargeted),
            (Untargeted, 180.0, Falling, Cooling),
            (Untargeted, 39.0, Falling, Idle),
            (Untargeted, 180.0, Level, Idle),
        ];
        for (phase, actual, trend, expected) in rows {
            let next = phase.next(actual, 0.0, trend, THRESHOLDS);
            assert_eq!(next, expected, "{phase:?} {actual} {trend:?}");
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
    fn what_cooled_down_long_ago_is_idle() {
        assert_eq!(CooledDown.aged(COOLED_DOWN_FOR), CooledDown);
        assert_eq!(CooledDown.aged(COOLED_DOWN_FOR + 1.0), Idle);
        assert_eq!(Cooling.aged(1e6), Cooling);
    }

    #[test]
    fn other_thresholds_end_a_cool_down_or_take_it_up_again() {
        let rows = [
            (Cooling, 45.0, 0.0, Cooling),
            (Cooling, 40.5, 0.0, CooledDown),
            (CooledDown, 45.0, 0.0, Cooling),
            (CooledDown, 40.5, 0.0, CooledDown),
            (Cooling, 60.5, 60.0, Cooling),
            (Heating, 45.0, 60.0, Heating),
        ];
        for (phase, actual, target, expected) in rows {
            let under = phase.under(THRESHOLDS, actual, target);
            assert_eq!(under, expected, "{phase:?} {actual} / {target}");
        }
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

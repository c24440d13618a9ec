//! The user's settings that the calculation takes.

mod table;

use super::input::HeaterId;

pub use table::{CooldownMode, Options, SettingKind, Settings, SoakModeChamber};

/// What ends a heat soak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SoakPlan {
    /// So many seconds at the target.
    For(f64),
    /// A temperature that has changed by less than so many °C in ten minutes.
    UntilSteady(f64),
}

impl Settings {
    /// The same settings with every number inside its range; NaN becomes the default.
    #[must_use]
    pub fn clamped(self) -> Self {
        let mut numbers = self.numbers();
        let defaults = Self::default().numbers();
        let known = defaults.into_iter().zip(Self::LIMITS);
        for (number, (default, &[least, most])) in numbers.iter_mut().zip(known) {
            // Where a number may be missing, an infinite one counts as missing.
            let none = number.is_nan() || (default.is_nan() && number.is_infinite());
            *number = if none {
                default
            } else {
                number.max(least).min(most)
            };
        }
        Self::from_numbers(numbers)
    }

    /// The same settings with the default of each that takes effect without starting the countdowns
    /// anew.
    #[must_use]
    pub fn calculation(self) -> Self {
        let mut numbers = self.numbers();
        let defaults = Self::default().numbers();
        for ((number, default), live) in numbers.iter_mut().zip(defaults).zip(Self::LIVE) {
            if *live {
                *number = default;
            }
        }
        Self::from_numbers(numbers)
    }

    /// The temperature in °C that `heater` cools down to when it is switched off, at an
    /// ambient temperature of `ambient` °C.
    #[must_use]
    pub fn cooldown_setpoint(&self, heater: &HeaterId, ambient: f64) -> f64 {
        match (self.cooldown_mode, heater) {
            (CooldownMode::Ambient, _) => self.cooldown_ambient_temp.unwrap_or(ambient),
            (CooldownMode::Threshold, HeaterId::Tool(_)) => self.cooldown_target_tool0,
            (CooldownMode::Threshold, HeaterId::Chamber) => self.cooldown_target_chamber,
            (CooldownMode::Threshold, HeaterId::Bed | HeaterId::Custom(_)) => {
                self.cooldown_target_bed
            }
        }
    }

    /// The heat soak of `heater`, if its owner wants one.
    #[must_use]
    pub fn soak(&self, heater: &HeaterId) -> Option<SoakPlan> {
        let minutes = match (heater, self.soak_mode_chamber) {
            (HeaterId::Bed, _) => self.soak_time_bed,
            (HeaterId::Chamber, SoakModeChamber::Time) => self.soak_time_chamber,
            (HeaterId::Chamber, SoakModeChamber::Steady) => {
                return Some(SoakPlan::UntilSteady(self.soak_steady_change));
            }
            (HeaterId::Tool(_) | HeaterId::Custom(_), _) => 0.0,
        };
        (minutes > 0.0).then_some(SoakPlan::For(60.0 * minutes))
    }

    /// `history_size` as a count.
    #[must_use]
    pub fn most_readings(&self) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number from 10 to 300"
        )]
        let most = self.history_size.round() as usize;
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_brought_into_range() {
        let default = Settings::default();
        let wild = Settings {
            update_interval: 99.0,
            min_rate: -1.0,
            cooldown_target_bed: 1e9,
            cooldown_ambient_temp: Some(-3.0),
            cooldown_hysteresis_c: f64::NAN,
            ..default
        };
        let tame = Settings {
            update_interval: 5.0,
            min_rate: 0.01,
            cooldown_target_bed: 200.0,
            cooldown_ambient_temp: Some(0.0),
            ..default
        };
        assert_eq!(wild.clamped(), tame);
        let nan = Settings {
            update_interval: f64::NAN,
            ..default
        };
        assert_eq!(nan.clamped(), default);
    }

    #[test]
    fn cool_down_set_points_are_those_of_the_documentation() {
        let rows = [
            ("tool0", 50.0),
            ("tool3", 50.0),
            ("bed", 40.0),
            ("chamber", 30.0),
            ("dryer", 40.0),
        ];
        let threshold = Settings::default();
        let ambient = Settings {
            cooldown_mode: CooldownMode::Ambient,
            ..threshold
        };
        let said = Settings {
            cooldown_ambient_temp: Some(18.0),
            ..ambient
        };
        for (name, expected) in rows {
            let heater = HeaterId::parse(name).unwrap();
            let setpoints =
                [threshold, ambient, said].map(|it| it.cooldown_setpoint(&heater, 23.0));
            assert_eq!(
                setpoints.map(f64::to_bits),
                [expected, 23.0, 18.0].map(f64::to_bits)
            );
        }
    }
}

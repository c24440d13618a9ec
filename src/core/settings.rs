//! The user's settings that the calculation needs.

use super::input::{AlgorithmKey, HeaterId};

/// Settings by the names they have in OctoPrint's `config.yaml`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the settings page"
)]
pub struct Settings {
    /// Whether anything is shown at all.
    pub enabled: bool,
    /// Which algorithm is shown: one of ours, or a plugin's while that is registered.
    pub algorithm: AlgorithmKey,
    /// Seconds from one snapshot to the next.
    pub update_interval: f64,
    /// Slowest heating that `linear` and `exponential` extrapolate, in °C/s.
    pub min_rate: f64,
    /// Longest time that is counted down, in seconds.
    pub max_eta: f64,
    /// How many readings a heater's history has at most, a whole number. With few of them a
    /// slow or stalled heater takes longer to be recognized as such, or is not at all.
    pub history_size: f64,
    /// Whether heat-ups are counted down.
    pub enable_heating_eta: bool,
    /// Whether cool-downs are counted down.
    pub enable_cooldown_eta: bool,
    /// How far from the target a heat-up must begin to be counted down, in °C: shorter ones
    /// are over before a countdown helps.
    pub threshold_start: f64,
    /// Within this distance of the target, in °C, the target counts as reached. Printers wait
    /// for about the default; a smaller one counts the controller's last creeping.
    pub target_band: f64,
    /// Where a heater that is switched off is going.
    pub cooldown: Cooldown,
    /// Whether times are kept back during a print job, unless it waits for temperature.
    pub suppress_while_printing: bool,
}

/// What counts as cooled down; the keys begin with `cooldown_`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cooldown {
    /// To a fixed temperature, or to ambient.
    pub mode: CooldownMode,
    /// Every tool's fixed temperature, in °C: safe to touch.
    pub target_tool0: f64,
    /// The bed's, in °C: parts come off. A heater of unknown kind is treated as a bed.
    pub target_bed: f64,
    /// The chamber's, in °C.
    pub target_chamber: f64,
    /// Ambient temperature in °C, if the user has set it.
    pub ambient_temp: Option<f64>,
    /// How far above its goal a heater counts as cooled down, in °C. The last degree takes
    /// longest and nobody waits for it.
    pub hysteresis_c: f64,
    /// How many seconds of readings the curve of a cooling heater is fitted to.
    pub fit_window_seconds: f64,
}

/// Which temperature a heater that is switched off cools down to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CooldownMode {
    /// A fixed one.
    #[default]
    Threshold,
    /// Ambient temperature.
    Ambient,
}

impl CooldownMode {
    /// The mode that the settings call `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "threshold" => Some(Self::Threshold),
            "ambient" => Some(Self::Ambient),
            _ => None,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: true,
            algorithm: AlgorithmKey::of("linear"),
            update_interval: 1.0,
            min_rate: 0.1,
            max_eta: 3600.0,
            history_size: 120.0,
            enable_heating_eta: true,
            enable_cooldown_eta: true,
            threshold_start: 5.0,
            target_band: 1.0,
            cooldown: Cooldown::default(),
            suppress_while_printing: false,
        }
    }
}

impl Default for Cooldown {
    fn default() -> Self {
        Self {
            mode: CooldownMode::Threshold,
            target_tool0: 50.0,
            target_bed: 40.0,
            target_chamber: 30.0,
            ambient_temp: None,
            hysteresis_c: 1.0,
            fit_window_seconds: 120.0,
        }
    }
}

impl Settings {
    /// The same settings with every number inside its range; NaN becomes the default.
    #[must_use]
    pub fn clamped(self) -> Self {
        let default = Self::default();
        Self {
            update_interval: within(self.update_interval, 0.1, 5.0, default.update_interval),
            min_rate: within(self.min_rate, 0.01, 1.0, default.min_rate),
            max_eta: within(self.max_eta, 60.0, 86_400.0, default.max_eta),
            history_size: within(self.history_size.round(), 10.0, 300.0, default.history_size),
            threshold_start: within(self.threshold_start, 1.0, 50.0, default.threshold_start),
            target_band: within(self.target_band, 0.2, 5.0, default.target_band),
            cooldown: self.cooldown.clamped(),
            ..self
        }
    }

    /// The same settings as far as they decide how times are calculated; what only decides
    /// what is shown of them is as it is by default.
    #[must_use]
    pub fn calculation(self) -> Self {
        Self {
            min_rate: self.min_rate,
            threshold_start: self.threshold_start,
            target_band: self.target_band,
            cooldown: self.cooldown,
            ..Self::default()
        }
    }

    /// `history_size` as a count.
    #[must_use]
    pub fn most_readings(&self) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number from 10 to 300"
        )]
        let most = self.history_size as usize;
        most
    }
}

impl Cooldown {
    fn clamped(self) -> Self {
        let default = Self::default();
        Self {
            mode: self.mode,
            target_tool0: within(self.target_tool0, 0.0, 400.0, default.target_tool0),
            target_bed: within(self.target_bed, 0.0, 200.0, default.target_bed),
            target_chamber: within(self.target_chamber, 0.0, 100.0, default.target_chamber),
            ambient_temp: self
                .ambient_temp
                .filter(|ambient| ambient.is_finite())
                .map(|ambient| within(ambient, 0.0, 80.0, 0.0)),
            hysteresis_c: within(self.hysteresis_c, 0.1, 20.0, default.hysteresis_c),
            fit_window_seconds: within(
                self.fit_window_seconds,
                10.0,
                1800.0,
                default.fit_window_seconds,
            ),
        }
    }

    /// The temperature in °C that `heater` cools down to when it is switched off, at an
    /// ambient temperature of `ambient` °C.
    #[must_use]
    pub fn setpoint(&self, heater: &HeaterId, ambient: f64) -> f64 {
        match (self.mode, heater) {
            (CooldownMode::Ambient, _) => self.ambient_temp.unwrap_or(ambient),
            (CooldownMode::Threshold, HeaterId::Tool(_)) => self.target_tool0,
            (CooldownMode::Threshold, HeaterId::Chamber) => self.target_chamber,
            (CooldownMode::Threshold, HeaterId::Bed | HeaterId::Custom(_)) => self.target_bed,
        }
    }
}

fn within(value: f64, least: f64, most: f64, default: f64) -> f64 {
    if value.is_nan() {
        default
    } else {
        value.max(least).min(most)
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
            cooldown: Cooldown {
                target_bed: 1e9,
                ambient_temp: Some(-3.0),
                hysteresis_c: f64::NAN,
                ..default.cooldown
            },
            ..default
        };
        let tame = Settings {
            update_interval: 5.0,
            min_rate: 0.01,
            cooldown: Cooldown {
                target_bed: 200.0,
                ambient_temp: Some(0.0),
                ..default.cooldown
            },
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
        let threshold = Cooldown::default();
        let ambient = Cooldown {
            mode: CooldownMode::Ambient,
            ..threshold
        };
        let said = Cooldown {
            ambient_temp: Some(18.0),
            ..ambient
        };
        for (name, expected) in rows {
            let heater = HeaterId::parse(name).unwrap();
            let setpoints = [threshold, ambient, said].map(|c| c.setpoint(&heater, 23.0));
            assert_eq!(
                setpoints.map(f64::to_bits),
                [expected, 23.0, 18.0].map(f64::to_bits)
            );
        }
    }
}

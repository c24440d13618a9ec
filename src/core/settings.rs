//! The user's settings that the calculation needs.

use super::estimator::Algorithm;

/// Settings by the names they have in OctoPrint's `config.yaml`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Whether anything is shown at all.
    pub enabled: bool,
    /// Which model is shown.
    pub algorithm: Algorithm,
    /// Seconds from one snapshot to the next.
    pub update_interval: f64,
    /// Slowest heating that is extrapolated, in °C/s.
    pub min_rate: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: true,
            algorithm: Algorithm::Linear,
            update_interval: 1.0,
            min_rate: 0.1,
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
            ..self
        }
    }
}

fn within(value: f64, least: f64, most: f64, default: f64) -> f64 {
    if value.is_nan() {
        default
    } else {
        value.clamp(least, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_brought_into_range() {
        let wild = Settings {
            update_interval: 99.0,
            min_rate: -1.0,
            ..Settings::default()
        };
        let tame = Settings {
            update_interval: 5.0,
            min_rate: 0.01,
            ..Settings::default()
        };
        assert_eq!(wild.clamped(), tame);
        let nan = Settings {
            update_interval: f64::NAN,
            ..Settings::default()
        };
        assert_eq!(nan.clamped(), Settings::default());
    }
}

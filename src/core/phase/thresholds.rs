//! Where transients end.

use crate::core::input::HeaterId;
use crate::core::settings::Settings;

/// How far a heater may sag below a target it had reached, in °C: a part fan or a fast print takes two
/// or three, a new heat-up more.
const SAG: f64 = 4.0;

/// The same below the limit of a wide band, in °C: less, and a heater that rests on the limit
/// arrives again and again.
const SAG_BELOW_BAND: f64 = 3.0;

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
    /// Those of `heater` at an ambient temperature of `ambient` °C.
    #[must_use]
    pub fn of(heater: &HeaterId, ambient: f64, settings: &Settings) -> Self {
        Self {
            band: settings.target_band,
            cooldown: settings.cooldown_setpoint(heater, ambient),
            hysteresis: settings.cooldown_hysteresis_c,
        }
    }

    /// How far a heater may sag below a target it had reached, in °C, before it counts as heating
    /// again; and rise above it while it is soaked.
    #[must_use]
    pub fn sag(self) -> f64 {
        SAG.max(self.band + SAG_BELOW_BAND)
    }

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

//! Model of one heater: the prior of its kind, corrected by what was learned from it.

use super::correction_table::CorrectionTable;
use super::past_transient::PastTransient;
use super::prior::{HeaterPrior, Law};
use super::recall::Recall;
use super::sensor_lag::SensorLag;
use super::taper::{NEAREST, Taper};
use super::travel::{Moment, travel};
use crate::core::phase::Goal;
use crate::core::readings::Start;

/// Ambient temperature while none has been measured, in °C.
pub const DEFAULT_AMBIENT: f64 = 24.0;

/// Share of the full rate that a heater has whose start was not observed.
const UNSEEN: f64 = 0.5;

/// Smallest share at the start: one that is carried on in the other direction.
const AGAINST: f64 = -0.3;

/// Spread of a tilt that has been learned, per span.
const LEARNED_TILT_SD: f64 = 0.069;

/// Spread of the logarithm of a lag between printers, and from one transient to the next.
const LAG_SD: f64 = 0.64;
const LEARNED_LAG_SD: f64 = 0.26;

/// How many steps a travel time is added up in. Twice as many change it by a thousandth.
pub const STEPS: u32 = 16;

/// How many steps the usual time is added up in: it is compared with itself only.
const USUAL_STEPS: u32 = 8;

/// What was learned from a heater, as numbers that correct its prior for one transient.
#[derive(Debug, Clone)]
pub struct Corrections {
    /// How much faster it is at each temperature, as logarithms.
    pub curve: Box<CorrectionTable>,
    /// Level of the transient, as a logarithm.
    pub level: f64,
    /// Spread of the level.
    pub level_sd: f64,
    /// Its lag in seconds, if that was measured.
    pub lag: Option<f64>,
    /// What its controller costs before the target.
    pub taper: Taper,
}

/// The speed to be expected of a heater, at every temperature of its transient.
///
/// # Model
///
/// ```text
/// ln r(T, s) = P(T) + Λ(T) + F·e^(-s/t_F)
/// ```
///
/// with `P` the law of its [`HeaterPrior`], `Λ` learned from earlier transients and the last term
/// what is not yet soaked with heat `s` seconds after the start. Being a logarithm, the rate stays
/// positive. The live fit adds `α + β·v`.
#[derive(Debug, Clone)]
pub struct Plant {
    prior: &'static HeaterPrior,
    heating: bool,
    /// Logarithm of the law's rate.
    log_full: f64,
    ambient: f64,
    curve: Option<Box<CorrectionTable>>,
    taper: Taper,
    /// Share of the learned taper that a transient over this rise has.
    pub taper_share: f64,
    /// Level expected of this transient (`α` before any reading).
    pub level: f64,
    /// Spread of the level.
    pub level_sd: f64,
    /// Spread of the tilt (`β`).
    pub tilt_sd: f64,
    /// How the rate builds up.
    pub sensor_lag: SensorLag,
    /// Spread of the logarithm of the lag.
    pub lag_sd: f64,
    /// What similar transients before took.
    pub recall: Option<Recall>,
}

impl Plant {
    /// A heater of `prior`, with `corrections` if anything has been learned from it, that starts
    /// as `start` says in surroundings of `ambient` (°C).
    #[must_use]
    pub fn new(
        prior: &'static HeaterPrior,
        corrections: Option<Corrections>,
        start: &Start,
        ambient: f64,
    ) -> Self {
        let (heating, rate) = match prior.law {
            Law::Heating { rate, .. } => (true, rate),
            Law::Cooling { rate, .. } => (false, rate),
        };
        let mut plant = Self {
            prior,
            heating,
            log_full: rate.ln(),
            ambient,
            curve: None,
            taper: Taper::default(),
            taper_share: 1.0,
            level: 0.0,
            level_sd: prior.level_sd,
            tilt_sd: prior.tilt_sd,
            sensor_lag: SensorLag {
                lag: prior.lag,
                order: prior.order,
                deficit: 1.0,
            },
            lag_sd: LAG_SD,
            recall: None,
        };
        if let Some(corrections) = corrections {
            plant.correct(corrections);
        }
        let full = plant.start_rate(start.temperature);
        let share = match (start.slope_before, start.seen) {
            (Some(slope), _) => (slope * plant.direction() / full).clamp(AGAINST, 1.0),
            (None, true) => 0.0,
            (None, false) => UNSEEN,
        };
        plant.sensor_lag.deficit = 1.0 - share;
        plant
    }

    fn correct(&mut self, corrections: Corrections) {
        let Corrections {
            curve,
            level,
            level_sd,
            lag,
            taper,
        } = corrections;
        self.curve = Some(curve);
        self.taper = taper;
        (self.level, self.level_sd) = (level, level_sd);
        self.tilt_sd = LEARNED_TILT_SD;
        self.sensor_lag.lag = lag.unwrap_or(self.sensor_lag.lag);
        self.lag_sd = LEARNED_LAG_SD;
    }

    /// Takes into account how the `past` transients of the heater went, the oldest first; the present one
    /// starts at `start` (°C).
    #[must_use]
    pub fn recalling(mut self, past: &[PastTransient], start: f64) -> Self {
        self.recall = (!past.is_empty()).then(|| Recall::new(&self, start, past));
        self
    }

    /// Expects a transient over `rise` (°C): the shorter it is, the less the controller throttles,
    /// compared with what was learned:
    ///
    /// ```text
    /// E ← E·rise/(rise + h)
    /// ```
    ///
    /// Found in recordings: what was learned from a cold start made re-heating by some 10 °C seem twice as
    /// long.
    #[must_use]
    pub fn over(mut self, rise: f64) -> Self {
        if self.prior.taper_rise > 0.0 {
            self.taper_share = rise / (rise + self.prior.taper_rise);
        }
        self
    }

    /// The prior of its kind.
    #[must_use]
    pub fn prior(&self) -> &'static HeaterPrior {
        self.prior
    }

    /// Whether it gets warmer.
    #[must_use]
    pub fn heating(&self) -> bool {
        self.heating
    }

    /// 1 for heating, -1 for cooling.
    #[must_use]
    pub fn direction(&self) -> f64 {
        if self.heating { 1.0 } else { -1.0 }
    }

    /// Assumed ambient temperature, in °C.
    #[must_use]
    pub fn ambient(&self) -> f64 {
        self.ambient
    }

    /// Whether it is corrected by what was learned.
    #[must_use]
    pub fn is_learned(&self) -> bool {
        self.curve.is_some()
    }

    /// `P(T)`: logarithm of the rate (°C/s) that the law of its class has at `temperature` (°C).
    #[must_use]
    pub fn population(&self, temperature: f64) -> f64 {
        match self.prior.law {
            Law::Heating { scale, .. } => self.log_full - (temperature - 25.0) / scale,
            Law::Cooling { power, .. } => {
                let above = (temperature - self.ambient).max(1.0);
                self.log_full + power * (above / 100.0).ln()
            }
        }
    }

    /// What not being soaked with heat adds to the logarithm of the rate, `since` seconds after
    /// the start.
    #[must_use]
    pub fn soak(&self, since: f64) -> f64 {
        let HeaterPrior {
            soak_boost,
            soak_tau,
            ..
        } = *self.prior;
        if soak_boost > 0.0 {
            soak_boost * (-since / soak_tau).exp()
        } else {
            0.0
        }
    }

    /// `ln r(T, s)`, with `r` in °C/s, at `temperature` (°C) and `since` seconds after the start.
    #[must_use]
    pub fn log_rate(&self, temperature: f64, since: f64) -> f64 {
        let curve = self.curve.as_ref();
        let learned = curve.map_or(0.0, |curve| curve.at(temperature));
        self.population(temperature) + learned + self.soak(since)
    }

    /// °C/s along the transient that are expected at `temperature` (°C) right after the start, once
    /// the sensor follows.
    #[must_use]
    pub fn start_rate(&self, temperature: f64) -> f64 {
        (self.log_rate(temperature, 0.0) + self.level).exp()
    }

    /// Seconds that the controller's throttling costs from `distance` (°C) before the target
    /// on, for a heater that would get there with `rate` (°C/s).
    ///
    /// ```text
    /// E(x) = E∞·(1 - e^(-(x - 1)/(r·t_E)))
    /// ```
    ///
    /// where nothing better has been learned.
    #[must_use]
    pub fn taper(&self, distance: f64, rate: f64) -> f64 {
        if !self.heating {
            return 0.0;
        }
        let scale = (rate * self.prior.taper_reach).max(2.0);
        let usual = |x: f64| self.prior.taper_cost * (1.0 - (-(x - 1.0).max(0.0) / scale).exp());
        self.taper.seconds(distance, self.taper_share, usual)
    }

    /// Seconds that the controller's throttling costs from `temperature` (°C) to `goal`: that after the
    /// edge of a wide band does not count.
    #[must_use]
    pub fn taper_before(&self, temperature: f64, goal: Goal, rate: f64) -> f64 {
        let distance = (goal.setpoint - temperature) * self.direction();
        let band = (goal.setpoint - goal.threshold) * self.direction();
        let beyond = if band > NEAREST + 1e-6 {
            self.taper(band, rate)
        } else {
            0.0
        };
        self.taper(distance, rate) - beyond
    }

    /// Seconds from the moment `at` to `goal` that are to be expected with `sensor_lag`, whatever the
    /// present transient shows.
    #[must_use]
    pub fn usual(&self, at: Moment, goal: Goal, sensor_lag: SensorLag) -> f64 {
        let ahead = (goal.threshold - at.temperature) * self.direction() > 0.0;
        let steps = if ahead { USUAL_STEPS } else { 0 };
        let rate = |temperature, since| self.log_rate(temperature, since).exp();
        let seconds = travel(at, goal.threshold, steps, rate);
        let arrival_rate = rate(goal.threshold, at.since + seconds);
        seconds + sensor_lag.loss(at.since) + self.taper_before(at.temperature, goal, arrival_rate)
    }

    /// By how much the throttling slows the heater down at `distance` (°C) before the target, in
    /// s/°C, if it would get there with `rate` (°C/s).
    #[must_use]
    pub fn taper_slope(&self, distance: f64, rate: f64) -> f64 {
        let (far, near) = (distance + 0.5, (distance - 0.5).max(0.0));
        ((self.taper(far, rate) - self.taper(near, rate)) / (far - near)).max(0.0)
    }
}

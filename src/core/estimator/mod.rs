//! Models of how a heater gets to its goal; one a file.
//!
//! To add one: a file with a type that implements [`Estimator`], and a variant of
//! [`Algorithm`]. The laws and traces of the tests then run it.

mod exponential;
mod linear;

use serde::Serialize;

use super::history::History;

pub use exponential::Exponential;
pub use linear::Linear;
pub(crate) use linear::recent;

/// Fewest different readings an estimate rests on: two always lie on a line.
pub const FEWEST_READINGS: usize = 3;

/// Slowest cooling that is extrapolated, in °C/s. A degree in three minutes: slower, the
/// room decides what happens next.
const SLOWEST_COOLING: f64 = 0.005;

/// Seconds from the newest reading until the goal, or why there is no telling.
pub type Estimate = Result<f64, Reason>;

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing is on its way: the heater is off, holds its target or has cooled down.
    NoGoal,
    /// The heat-up began too near the target for a countdown.
    NearTarget,
    /// Fewer than three different readings since the target changed.
    TooFewReadings,
    /// Slower than `min_rate`.
    TooSlow,
    /// The temperature moves away from the goal.
    MovingAway,
    /// The temperature levels off before the goal.
    LevelsOff,
    /// Longer than anybody counts down.
    TooLong,
    /// The printer has not reported for a while.
    NoRecentReading,
}

/// One heater's way to its goal: what an estimator sees.
#[derive(Debug, Clone, Copy)]
pub struct Approach<'a> {
    /// Readings since the target changed.
    pub history: &'a History,
    /// Where the way ends, in °C.
    pub goal: f64,
    /// Whether it leads upwards.
    pub heating: bool,
    /// Slowest heating that is extrapolated, in °C/s.
    pub min_rate: f64,
}

impl Approach<'_> {
    /// Checks that there is enough evidence.
    ///
    /// # Errors
    ///
    /// [`Reason::TooFewReadings`] below three different readings in a row.
    pub fn measured(&self) -> Result<(), Reason> {
        let mut previous = f64::NAN;
        let different = self
            .history
            .iter()
            .filter(|point| {
                let differs = !super::history::same(point.temperature, previous);
                previous = point.temperature;
                differs
            })
            .count();
        if different < FEWEST_READINGS {
            Err(Reason::TooFewReadings)
        } else {
            Ok(())
        }
    }

    /// Checks that `rate` (°C/s) leads to the goal, and fast enough to be extrapolated.
    ///
    /// # Errors
    ///
    /// [`Reason::MovingAway`] or [`Reason::TooSlow`].
    pub fn passable(&self, rate: f64) -> Result<(), Reason> {
        let (towards, slowest) = if self.heating {
            (rate, self.min_rate)
        } else {
            (-rate, SLOWEST_COOLING)
        };
        if towards <= -slowest {
            Err(Reason::MovingAway)
        } else if towards < slowest {
            Err(Reason::TooSlow)
        } else {
            Ok(())
        }
    }
}

/// A model of how a heater gets to its goal.
pub trait Estimator {
    /// Seconds from the newest reading until the goal, never negative.
    ///
    /// # Errors
    ///
    /// [`Reason`] says why there is no estimate.
    fn remaining(&self, approach: &Approach) -> Estimate;
}

/// Which model is displayed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// [`Linear`]
    #[default]
    Linear,
    /// [`Exponential`]
    Exponential,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 2] = [Self::Linear, Self::Exponential];

    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Exponential => "exponential",
        }
    }

    /// The algorithm that the settings call `name`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// The model itself.
    #[must_use]
    pub fn estimator(self) -> &'static dyn Estimator {
        match self {
            Self::Linear => &Linear,
            Self::Exponential => &Exponential,
        }
    }
}

//! What a model of how a heater reaches its goal is given, and what it answers.
//!
//! To add one: a file with a type that implements [`Estimator`], a line in
//! [`BUILT_IN`](super::BUILT_IN) and its words in the settings. The laws of the
//! tests then run it. Other plugins and crates can register theirs.

use super::plant::Plant;
use crate::core::input::same;
use crate::core::math::Point;
use crate::core::phase::{MINUTE, STALLED};
use crate::core::readings::{History, STANDSTILL_SHOWS, Trajectory, WINDOW};

/// Fewest different readings an estimate rests on: two always lie on a line.
pub const FEWEST_READINGS: usize = 3;

/// How long a transient must have been observed before a reason other than measuring is given,
/// in seconds. A sensor trails behind its heater by up to some ten seconds; until then
/// a heater that has just been switched on seems to stand still or to heat slowly.
const WATCHED: f64 = 20.0;

/// Slowest heating that counts as movement, in °C/s: with its power on, a heater that gains
/// less than that is not getting anywhere. That is where its phase becomes stalled.
const HEATING_STANDSTILL: f64 = STALLED / MINUTE;

/// How far it must have moved for that to be long enough, in °C; until then, it may be standing still.
const MUCH: f64 = 1.0;

/// Slowest cooling that counts as movement, in °C/s: near ambient everything
/// is slow, but below this it is a sensor's noise.
const COOLING_STANDSTILL: f64 = 0.001;

/// Slowest cooling that is extrapolated, in °C/s. A degree in three minutes: slower, the
/// ambient decides what happens next.
const SLOWEST_COOLING: f64 = 0.005;

/// Seconds from the newest reading to the threshold, or why there is no estimate.
pub type Estimate = Result<Remaining, Reason>;

/// A remaining time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remaining {
    /// Seconds from the newest reading to the threshold, never negative.
    pub seconds: f64,
    /// Standard deviation of its logarithm, if the model knows it.
    pub spread: Option<f64>,
}

impl Remaining {
    /// Without a spread.
    #[must_use]
    pub fn bare(seconds: f64) -> Self {
        Self {
            seconds,
            spread: None,
        }
    }
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No transient: the heater is off, holds its target or has cooled down.
    NoGoal,
    /// The heat-up began too near the target for a countdown.
    NearTarget,
    /// Too little has been seen since the target changed.
    Measuring,
    /// The temperature stands still.
    NoProgress,
    /// Slower than `min_rate`.
    TooSlow,
    /// The temperature moves away from the goal.
    MovingAway,
    /// The temperature levels off before the goal.
    LevelsOff,
    /// Longer than `max_eta`.
    TooLong,
    /// The printer has not reported for a while.
    NoRecentReading,
    /// There is a time, but it is not to be shown during a print job.
    Printing,
    /// There is a time, but the user wants none of this direction.
    Disabled,
    /// The newest reading makes no sense.
    Implausible,
    /// The temperature is not steady yet.
    Unsteady,
}

impl Reason {
    /// What the page calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoGoal => "no_goal",
            Self::NearTarget => "near_target",
            Self::Measuring => "measuring",
            Self::NoProgress => "no_progress",
            Self::TooSlow => "too_slow",
            Self::MovingAway => "moving_away",
            Self::LevelsOff => "levels_off",
            Self::TooLong => "too_long",
            Self::NoRecentReading => "no_recent_reading",
            Self::Printing => "printing",
            Self::Disabled => "disabled",
            Self::Implausible => "implausible",
            Self::Unsteady => "unsteady",
        }
    }
}

/// What an estimator is given of one transient.
#[derive(Debug, Clone, Copy)]
pub struct EstimatorInput<'a> {
    /// Readings since the target changed.
    pub history: &'a History,
    /// The whole transient so far.
    pub trajectory: &'a Trajectory,
    /// What is known of the heater.
    pub plant: &'a Plant,
    /// Seconds between reports.
    pub interval: f64,
    /// Temperature that the controller or the user aims at, in °C.
    pub setpoint: f64,
    /// Temperature at which the transient ends, in °C.
    pub threshold: f64,
    /// Whether it leads upwards.
    pub heating: bool,
    /// Slowest heating that is extrapolated, in °C/s.
    pub min_rate: f64,
    /// Where a cooling heater would end, in °C, if that is known.
    pub asymptote: Option<f64>,
    /// How many seconds of readings the curve of a cooling heater is fitted to.
    pub cooling_window: f64,
}

impl EstimatorInput<'_> {
    /// The readings that a curve is fitted to, oldest first: the history, and for a cooling
    /// heater breakpoints of the trajectory before it, as far as the window reaches.
    #[must_use]
    pub fn curve(&self) -> Vec<Point> {
        let newest = self.trajectory.newest().time;
        let window = if self.heating {
            WINDOW
        } else {
            self.cooling_window
        };
        let history = self.history.recent(newest, window, usize::MAX);
        let kept = history.first().map_or(newest, |first| first.time);
        let before = |point: &&Point| point.time < kept && newest - point.time <= window;
        let before = self.trajectory.points().iter().filter(before);
        before.chain(history).copied().collect()
    }

    /// Checks that there is enough evidence to extrapolate from.
    ///
    /// # Errors
    ///
    /// [`Reason::Measuring`] below three different readings in a row, and if that is still
    /// so when the transient has been watched for a while, [`Reason::TooSlow`] or
    /// [`Reason::NoProgress`].
    pub fn measured(&self) -> Result<(), Reason> {
        let mut previous = f64::NAN;
        let differs = |point: &&Point| {
            let differs = !same(point.temperature, previous);
            previous = point.temperature;
            differs
        };
        if self.history.points().iter().filter(differs).count() >= FEWEST_READINGS {
            return Ok(());
        }
        // A step or two of a coarse sensor in a minute is slow, but it is something.
        let change = self.history.last().zip(self.history.points().first());
        let change = change.map_or(0.0, |(last, first)| last.temperature - first.temperature);
        let towards = if self.heating {
            change > 0.0
        } else {
            change < 0.0
        };
        Err(if towards {
            self.watched(Reason::TooSlow, 0.0)
        } else if self.heating && change == 0.0 {
            // A value that is merely repeated is no standstill.
            Reason::Measuring
        } else {
            self.watched(Reason::NoProgress, 0.0)
        })
    }

    /// Checks that `rate` (°C/s) leads to the goal, and fast enough to be extrapolated.
    ///
    /// # Errors
    ///
    /// [`Reason::MovingAway`], [`Reason::NoProgress`] or [`Reason::TooSlow`], but
    /// [`Reason::Measuring`] before the transient has been watched for a while.
    pub fn passable(&self, rate: f64) -> Result<(), Reason> {
        let (towards, slowest, standstill) = if self.heating {
            (rate, self.min_rate, HEATING_STANDSTILL)
        } else {
            (-rate, SLOWEST_COOLING, COOLING_STANDSTILL)
        };
        if towards >= slowest {
            Ok(())
        } else if towards <= -standstill {
            Err(self.watched(Reason::MovingAway, rate))
        } else if towards < standstill {
            Err(self.watched(Reason::NoProgress, rate))
        } else {
            Err(self.watched(Reason::TooSlow, rate))
        }
    }

    /// `reason`, once the transient with its `rate` (°C/s) has been observed long enough; until then
    /// measuring.
    fn watched(&self, reason: Reason, rate: f64) -> Reason {
        let span = self.history.span();
        let watched = if rate.abs() * span >= MUCH {
            WATCHED
        } else {
            STANDSTILL_SHOWS
        };
        if span < watched {
            Reason::Measuring
        } else {
            reason
        }
    }
}

/// A model of how a heater reaches its goal.
pub trait Estimator {
    /// Seconds from the newest reading to the threshold, never negative.
    ///
    /// # Errors
    ///
    /// [`Reason`] if there is no estimate.
    fn remaining(&self, input: &EstimatorInput) -> Estimate;
}

impl<E: Estimator + ?Sized> Estimator for &E {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        (**self).remaining(input)
    }
}

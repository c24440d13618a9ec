//! What is shown of one heater: plain data, with codes instead of texts.

use crate::core::input::{HeaterId, Implausible, same};
use crate::core::model::Reason;
use crate::core::phase::Phase;

/// One heater.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaterRow {
    /// Which one.
    pub heater: HeaterId,
    /// What it is doing.
    pub phase: Phase,
    /// Newest temperature in °C. What makes no sense stays as it is reported, NaN if that is no
    /// number.
    pub actual: f64,
    /// Target in °C; 0 is off.
    pub target: f64,
    /// Where it is going, in °C: the target, or the cool-down goal when switched off.
    /// `None` where it is not going anywhere.
    pub goal: Option<f64>,
    /// Seconds left; if there is no estimate, `reason` says why.
    pub remaining: Option<f64>,
    /// 80 % interval of the seconds left, if the algorithm gives one.
    pub interval: Option<[f64; 2]>,
    /// Why `remaining` is missing.
    pub reason: Option<Reason>,
    /// °C/s over the recent window.
    pub rate: Option<f64>,
    /// Share of the transient, or of the heat soak, that is done, 0 to 1.
    pub progress: Option<f64>,
    /// Seconds of heat soak that follow the arrival.
    pub soak: f64,
}

impl HeaterRow {
    /// The row of a `heater` of which nothing is known.
    #[must_use]
    pub fn unknown(heater: HeaterId) -> Self {
        Self {
            heater,
            phase: Phase::Idle,
            actual: f64::NAN,
            target: 0.0,
            goal: None,
            remaining: None,
            interval: None,
            reason: None,
            rate: None,
            progress: None,
            soak: 0.0,
        }
    }

    /// Says that the `newest` reading makes no sense, and nothing that was measured before. What the
    /// heater was doing is kept unless its target has changed since.
    pub fn doubt(&mut self, newest: Implausible) {
        if !same(self.target, newest.target) {
            (self.phase, self.goal) = (Phase::Idle, None);
        }
        if newest.target > 0.0 {
            self.goal = Some(newest.target);
        }
        (self.actual, self.target) = (newest.actual, newest.target);
        (self.remaining, self.interval) = (None, None);
        (self.rate, self.progress) = (None, None);
        self.reason = Some(Reason::Implausible);
    }

    /// The same row without a heat soak: nobody waits for one in a print.
    #[must_use]
    pub fn unsoaked(self) -> Self {
        if self.phase != Phase::Soaking {
            return Self { soak: 0.0, ..self };
        }
        Self {
            phase: Phase::AtTarget,
            goal: None,
            remaining: None,
            reason: Some(Reason::NoGoal),
            progress: None,
            ..self
        }
    }

    /// The same row without a time, which is kept back for `reason`.
    #[must_use]
    pub fn kept_back(self, reason: Reason) -> Self {
        if self.goal.is_none() {
            return self;
        }
        Self {
            remaining: None,
            interval: None,
            reason: Some(reason),
            progress: None,
            ..self
        }
    }
}

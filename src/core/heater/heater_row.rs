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
    /// Share of the transient that is done, 0 to 1.
    pub progress: Option<f64>,
}

impl HeaterRow {
    /// The row of a heater whose `newest` reading makes no sense. Until then it was `known`, or
    /// there was none: then nobody knows what the heater is doing. Nothing that was measured earlier
    /// is in it.
    #[must_use]
    pub fn implausible(heater: HeaterId, newest: Implausible, known: Option<&Self>) -> Self {
        let Implausible { actual, target } = newest;
        let known = known.filter(|row| same(row.target, target));
        let setpoint = Some(target).filter(|target| *target > 0.0);
        Self {
            heater,
            phase: known.map_or(Phase::Idle, |row| row.phase),
            actual,
            target,
            goal: setpoint.or(known.and_then(|row| row.goal)),
            remaining: None,
            interval: None,
            reason: Some(Reason::Implausible),
            rate: None,
            progress: None,
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

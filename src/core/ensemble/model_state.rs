//! What one algorithm shows for a heater: a filtered ETA, or why there is none.

use super::divergence::DivergenceDetector;
use super::eta_filter::EtaFilter;
use crate::core::model::{Estimate, Reason};

/// The conditions in which an estimate was made.
#[derive(Debug, Clone, Copy)]
pub struct Conditions {
    /// Seconds of server time.
    pub time: f64,
    /// Whether the heater and what it carries are soaked: a remaining time that grows now means
    /// that the threshold will not be reached.
    pub soaked: bool,
    /// Longest time that is counted down, in seconds.
    pub longest: f64,
}

/// Filtered ETA of one algorithm, or why there is none.
#[derive(Debug, Clone, Copy)]
pub struct ModelState {
    eta: EtaFilter,
    divergence: DivergenceDetector,
    reason: Reason,
}

impl ModelState {
    /// Without an ETA, for `reason`.
    #[must_use]
    pub fn none(reason: Reason) -> Self {
        Self {
            eta: EtaFilter::default(),
            divergence: DivergenceDetector::default(),
            reason,
        }
    }

    /// Forgets all estimates.
    pub fn restart(&mut self) {
        *self = Self::none(self.reason);
    }

    /// Takes the present ETA back at once; the reason stays.
    pub fn clear(&mut self) {
        self.eta.clear();
    }

    /// Lets the countdown run on at `time` (s), as nothing is heard of the heater.
    pub fn hold(&mut self, time: f64) {
        self.eta.hold(time);
    }

    /// The filtered ETA, which may be empty.
    #[must_use]
    pub fn eta(&self) -> &EtaFilter {
        &self.eta
    }

    /// Why there is no ETA, if there is none.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Takes the next estimate.
    pub fn take(&mut self, estimate: Estimate, at: Conditions) {
        match estimate {
            Ok(it) if at.soaked && self.divergence.diverges(it.seconds, at.time) => {
                self.eta.miss(at.time);
                self.reason = Reason::LevelsOff;
            }
            Ok(it) if it.seconds <= at.longest => self.eta.update(it, at.time),
            Ok(_) => {
                self.eta.clear();
                self.reason = Reason::TooLong;
            }
            Err(reason) => {
                self.eta.miss(at.time);
                self.reason = reason;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::model::Remaining;

    #[test]
    fn a_time_is_counted_down_and_what_takes_too_long_is_not() {
        let at = |time: f64| Conditions {
            time,
            soaked: false,
            longest: 60.0,
        };
        let mut model = ModelState::none(Reason::Measuring);
        model.take(Ok(Remaining::bare(60.0)), at(0.0));
        assert_eq!(model.eta().remaining(1.0), Some(59.0));
        model.take(Ok(Remaining::bare(61.0)), at(2.0));
        assert_eq!(model.eta().remaining(2.0), None);
        assert_eq!(model.reason(), Reason::TooLong);
        model.take(Err(Reason::TooSlow), at(4.0));
        assert_eq!(model.reason(), Reason::TooSlow);
    }
}

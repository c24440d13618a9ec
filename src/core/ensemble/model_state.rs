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
    /// Another reason, and how many times in a row it was given since.
    next: (Reason, u32),
    /// How often the ETA was taken back.
    losses: u32,
    /// How many estimates in a row it takes to show one again.
    due: u32,
}

/// How many estimates in a row it takes, for each time but the first that an ETA was taken back, to
/// show one again: one that comes and goes cannot be read.
const PER_LOSS: u32 = 4;

/// How many times in a row another reason must be given to be shown. Fewer, and words change as fast
/// as a sensor's noise; more, and they are late.
const SAID: u32 = 4;

/// Most estimates in a row that it takes.
const MOST_DUE: u32 = 16;

impl ModelState {
    /// Without an ETA, for `reason`.
    #[must_use]
    pub fn none(reason: Reason) -> Self {
        Self {
            eta: EtaFilter::default(),
            divergence: DivergenceDetector::default(),
            reason,
            next: (reason, 0),
            losses: 0,
            due: 0,
        }
    }

    /// Forgets all estimates.
    pub fn restart(&mut self) {
        *self = Self::none(self.reason);
    }

    /// Takes the present ETA back at once, for a `reason` that holds for all algorithms.
    pub fn refuse(&mut self, reason: Reason) {
        let lost = self.eta.clear();
        self.require_more(lost);
        self.reason = reason;
    }

    fn miss(&mut self, reason: Reason, time: f64) {
        let lost = self.eta.miss(time);
        self.require_more(lost);
        let (next, times) = self.next;
        let times = if next == reason { times + 1 } else { 1 };
        self.next = (reason, times);
        let first = matches!(
            self.reason,
            Reason::Measuring | Reason::NoGoal | Reason::NearTarget | Reason::TooLong
        );
        if first || times >= SAID || lost || self.eta.remaining(time).is_some() {
            self.reason = reason;
        }
    }

    fn require_more(&mut self, lost: bool) {
        self.losses += u32::from(lost);
        if lost || self.due > 0 {
            let losses = self.losses.saturating_sub(1);
            self.due = PER_LOSS.saturating_mul(losses).min(MOST_DUE);
        }
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
                self.miss(Reason::LevelsOff, at.time);
            }
            Ok(it) if it.seconds <= at.longest => {
                self.due = self.due.saturating_sub(1);
                if self.due == 0 {
                    self.eta.update(it, at.time);
                }
            }
            Ok(_) => self.refuse(Reason::TooLong),
            Err(reason) => self.miss(reason, at.time),
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

    #[test]
    fn what_comes_and_goes_is_shown_ever_less() {
        let mut model = ModelState::none(Reason::Measuring);
        let shown = |model: &ModelState, time| model.eta().remaining(time).is_some();
        let mut changes = 0;
        for time in (0..200).map(f64::from) {
            let before = shown(&model, time);
            let seconds = if time % 4.0 < 0.5 { 70.0 } else { 50.0 };
            let at = Conditions {
                time,
                soaked: false,
                longest: 60.0,
            };
            model.take(Ok(Remaining::bare(seconds)), at);
            changes += u32::from(shown(&model, time) != before);
        }
        assert_eq!(changes, 4);
        assert!(!shown(&model, 199.0));
    }
}

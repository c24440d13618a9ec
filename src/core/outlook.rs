//! What one algorithm says of a heater's way: a countdown, or why there is none.

use super::countdown::Countdown;
use super::estimator::{Estimate, Reason};
use super::growth::Growth;

/// The circumstances in which an estimate was made.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// Seconds of server time.
    pub time: f64,
    /// Whether all that the heater carries is warm: a goal that recedes now is not reached.
    pub soaked: bool,
    /// Longest time that is counted down, in seconds.
    pub longest: f64,
}

/// What one algorithm says.
#[derive(Debug, Clone, Copy)]
pub struct Outlook {
    countdown: Countdown,
    growth: Growth,
    reason: Reason,
}

impl Outlook {
    /// No countdown, for `reason`.
    #[must_use]
    pub fn none(reason: Reason) -> Self {
        Self {
            countdown: Countdown::default(),
            growth: Growth::default(),
            reason,
        }
    }

    /// Starts anew: nothing of what was said holds any more.
    pub fn restart(&mut self) {
        *self = Self::none(self.reason);
    }

    /// The countdown, which may be none.
    #[must_use]
    pub fn countdown(&self) -> &Countdown {
        &self.countdown
    }

    /// Why there is no countdown, if there is none.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Takes the next estimate.
    pub fn take(&mut self, estimate: Estimate, at: Circumstances) {
        match estimate {
            Ok(it) if at.soaked && self.growth.recedes(it.seconds, at.time) => {
                self.countdown.miss(at.time);
                self.reason = Reason::LevelsOff;
            }
            Ok(it) if it.seconds <= at.longest => self.countdown.update(it, at.time),
            Ok(_) => {
                self.countdown.clear();
                self.reason = Reason::TooLong;
            }
            Err(reason) => {
                self.countdown.miss(at.time);
                self.reason = reason;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::estimator::Remaining;
    use super::*;

    #[test]
    fn a_time_is_counted_down_and_what_takes_too_long_is_not() {
        let at = |time: f64| Circumstances {
            time,
            soaked: false,
            longest: 60.0,
        };
        let mut outlook = Outlook::none(Reason::Measuring);
        outlook.take(Ok(Remaining::bare(60.0)), at(0.0));
        assert_eq!(outlook.countdown().remaining(1.0), Some(59.0));
        outlook.take(Ok(Remaining::bare(61.0)), at(2.0));
        assert_eq!(outlook.countdown().remaining(2.0), None);
        assert_eq!(outlook.reason(), Reason::TooLong);
        outlook.take(Err(Reason::TooSlow), at(4.0));
        assert_eq!(outlook.reason(), Reason::TooSlow);
    }
}

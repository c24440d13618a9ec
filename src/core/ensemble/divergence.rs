//! Detects a remaining time that grows: the heater will not reach its target.

/// How far apart the checks are, in seconds. A bed whose first times were too short by half is
/// over that within one.
const APART: f64 = 60.0;

/// How often in a row there must be no less left than at the check before.
const TIMES: u32 = 3;

/// What was left at the last check, and how often that was no less than before.
#[derive(Debug, Clone, Copy, Default)]
pub struct DivergenceDetector {
    last: Option<(f64, f64)>,
    times: u32,
}

impl DivergenceDetector {
    /// Takes an estimate made at `time`, both in seconds; returns whether the estimates diverge.
    pub fn diverges(&mut self, remaining: f64, time: f64) -> bool {
        match self.last {
            Some((then, _)) if time - then < APART => {}
            last => {
                let grows = last.is_some_and(|(_, left)| remaining >= left);
                self.times = if grows { self.times + 1 } else { 0 };
                self.last = Some((time, remaining));
            }
        }
        self.times >= TIMES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diverges(remaining: impl Fn(f64) -> f64, seconds: u32) -> bool {
        let mut divergence = DivergenceDetector::default();
        let times = (0..=seconds).step_by(2).map(f64::from);
        times.fold(false, |_, time| divergence.diverges(remaining(time), time))
    }

    #[test]
    fn estimates_diverge_when_there_is_more_left_each_minute() {
        assert!(!diverges(|t| 600.0 - t, 300));
        assert!(!diverges(|t| 600.0 - 0.2 * t, 300), "slowly, but it comes");
        assert!(!diverges(|t| if t < 10.0 { 100.0 } else { 600.0 - t }, 400));
        assert!(!diverges(|t| 300.0 + 0.2 * t, 160), "too early to tell");
        assert!(diverges(|t| 300.0 + 0.2 * t, 190));
    }

    #[test]
    fn a_heater_that_comes_nearer_again_is_counted_down_again() {
        assert!(!diverges(
            |t| 300.0 + 0.2 * t.min(180.0) - (t - 180.0).max(0.0),
            260
        ));
    }
}

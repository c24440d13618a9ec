//! Holds back single readings that are far off.

use super::history::GAP;
use crate::core::input::Sample;

/// How fast a reading may move to be accepted at once, in °C/s: the fastest heads heat by
/// 16 °C/s. A sensor that is knocked jumps further.
const JUMP_RATE: f64 = 20.0;

/// How far a reading may move in any case, in °C: less would hold back noise.
const JUMP: f64 = 8.0;

/// Lets a reading pass that is far off the last one only if the next one confirms it.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutlierGate {
    suspect: bool,
}

impl OutlierGate {
    /// Whether `sample`, with the same target as the `last` one before it, is to be held back.
    pub fn holds_back(&mut self, sample: Sample, last: Sample) -> bool {
        let elapsed = sample.time - last.time;
        let most = JUMP.max(JUMP_RATE * elapsed);
        let far = (sample.actual - last.actual).abs() > most;
        self.suspect = far && !self.suspect && elapsed < GAP;
        self.suspect
    }

    /// Lets a reading pass: it has come with a new target.
    pub fn open(&mut self) {
        self.suspect = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_passes_when_it_is_confirmed() {
        let at = |time: f64, actual: f64| Sample {
            time,
            actual,
            target: 60.0,
        };
        let last = at(0.0, 20.0);
        let mut gate = OutlierGate::default();
        assert!(!gate.holds_back(at(2.0, 50.0), last), "15 °C/s");
        assert!(gate.holds_back(at(2.0, 70.0), last));
        assert!(!gate.holds_back(at(4.0, 70.0), last), "confirmed");
        assert!(gate.holds_back(at(2.0, 70.0), last));
        gate.open();
        assert!(gate.holds_back(at(4.0, 140.0), last), "not the one before");
        assert!(!gate.holds_back(at(50.0, 1000.0), last), "after a gap");
    }
}

//! One arrival per target.

use crate::core::phase::Phase;

/// Lets one arrival through per target: a heater that a fan cools by some degrees does not arrive
/// again.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArrivalLatch(bool);

impl ArrivalLatch {
    /// The latch of a heater that begins with `phase` after a new target.
    #[must_use]
    pub fn after(phase: Phase) -> Self {
        // A heater that is at its target already does not arrive.
        Self(phase != Phase::AtTarget)
    }

    /// Whether a heater that has come to `phase`, after a transient of `distance` °C, has arrived.
    /// Transients too short for a countdown, less than `least` °C, are too short for an alert.
    pub fn arrives(&mut self, phase: Phase, distance: f64, least: f64) -> bool {
        let there = matches!(phase, Phase::AtTarget | Phase::CooledDown);
        let arrives = there && self.0 && distance >= least;
        self.0 &= !there;
        arrives
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Phase::{AtTarget, CooledDown, Cooling, Heating};

    const LEAST: f64 = 5.0;

    #[test]
    fn a_heater_arrives_once_a_target() {
        let mut latch = ArrivalLatch::after(Heating);
        assert!(!latch.arrives(Heating, 40.0, LEAST));
        assert!(latch.arrives(AtTarget, 40.0, LEAST));
        assert!(!latch.arrives(Heating, 5.0, LEAST));
        assert!(!latch.arrives(AtTarget, 5.0, LEAST), "a fan has cooled it");
        assert!(ArrivalLatch::after(Cooling).arrives(CooledDown, 150.0, LEAST));
    }

    #[test]
    fn what_is_there_or_near_does_not_arrive() {
        assert!(!ArrivalLatch::after(AtTarget).arrives(AtTarget, 40.0, LEAST));
        assert!(!ArrivalLatch::after(Heating).arrives(AtTarget, 3.0, LEAST));
        assert!(!ArrivalLatch::after(Cooling).arrives(AtTarget, 3.0, LEAST));
    }
}

//! One arrival and one stall per target.

use crate::core::phase::Phase;

/// Lets one arrival and one stall through per target: a heater that a fan cools by some degrees does
/// not arrive again.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArrivalLatch {
    /// Whether it may still arrive.
    arrival: bool,
    /// Whether it may still stall.
    stall: bool,
}

impl ArrivalLatch {
    /// The latch of a heater that begins with `phase` after a new target.
    #[must_use]
    pub fn after(phase: Phase) -> Self {
        Self {
            // A heater that is at its target already does not arrive.
            arrival: phase != Phase::AtTarget,
            stall: true,
        }
    }

    /// Whether a heater that has come to `phase`, after a transient of `distance` °C, has arrived.
    /// Transients too short for a countdown, less than `least` °C, are too short for an alert.
    pub fn arrives(&mut self, phase: Phase, distance: f64, least: f64) -> bool {
        let there = matches!(phase, Phase::AtTarget | Phase::CooledDown);
        let arrives = there && self.arrival && distance >= least;
        self.arrival &= !there;
        arrives
    }

    /// Whether a heater that has come to `phase` has stalled.
    pub fn stalls(&mut self, phase: Phase) -> bool {
        let stalls = phase == Phase::Stalled && self.stall;
        self.stall &= !stalls;
        stalls
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Phase::{AtTarget, CooledDown, Cooling, Heating, Stalled};

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
    fn a_heater_stalls_once_a_target() {
        let mut latch = ArrivalLatch::after(Heating);
        let seen = [Heating, Stalled, Stalled, Heating, Stalled].map(|it| latch.stalls(it));
        assert_eq!(seen, [false, true, false, false, false]);
        assert!(ArrivalLatch::after(Heating).stalls(Stalled));
    }

    #[test]
    fn what_is_there_or_near_does_not_arrive() {
        assert!(!ArrivalLatch::after(AtTarget).arrives(AtTarget, 40.0, LEAST));
        assert!(!ArrivalLatch::after(Heating).arrives(AtTarget, 3.0, LEAST));
        assert!(!ArrivalLatch::after(Cooling).arrives(AtTarget, 3.0, LEAST));
    }
}

//! A heater has reached its goal: the reason of an alert.

use serde::Serialize;

use super::phase::Phase;
use super::sample::{HeaterId, Sample};

/// Greatest age of an arrival that is reported, in seconds. A page that wakes up after an hour
/// does not report what happened meanwhile.
const RECENT: f64 = 60.0;

/// One heater has reached its goal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrival {
    /// Which one.
    pub heater: HeaterId,
    /// [`Phase::AtTarget`] or [`Phase::CooledDown`].
    pub phase: Phase,
    /// Last measured temperature in °C.
    pub actual: f64,
    /// Target in °C; 0 is off.
    pub target: f64,
    /// Server time in seconds.
    pub time: f64,
}

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

/// Separates recent arrivals from those before the page was opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct ArrivalWindow {
    opened: Option<f64>,
}

impl ArrivalWindow {
    /// Opens with a message made at `server_time` (s), if it is not open yet; returns the time (s)
    /// from which arrivals in that message are recent.
    pub fn open(&mut self, server_time: f64) -> f64 {
        match self.opened {
            None => {
                self.opened = Some(server_time);
                f64::INFINITY
            }
            Some(opened) => opened.floor().max(server_time - RECENT),
        }
    }

    /// Closes: the server's clock was set.
    pub fn close(&mut self) {
        self.opened = None;
    }
}

impl Arrival {
    /// The arrival of `heater` at `sample`.
    #[must_use]
    pub fn of(heater: &HeaterId, phase: Phase, sample: Sample) -> Self {
        Self {
            heater: heater.clone(),
            phase,
            actual: sample.actual,
            target: sample.target,
            time: sample.time,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Phase::{AtTarget, CooledDown, Cooling, Heating};
    use super::*;

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

    #[test]
    fn an_arrival_is_recent_while_the_page_is_open() {
        let mut window = ArrivalWindow::default();
        assert!(window.open(1000.4) > 1000.0, "the history");
        assert!((999.5..=1000.0).contains(&window.open(1002.0)));
        assert!(window.open(5000.0) > 4900.0, "the page has slept");
        window.close();
        assert!(window.open(300.0) > 300.0);
    }
}

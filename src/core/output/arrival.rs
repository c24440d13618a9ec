//! A heater has reached its goal: the reason of an alert.

use serde::Serialize;

use crate::core::input::{HeaterId, Sample};
use crate::core::phase::Phase;

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

/// The arrivals that have not been reported yet, without those from before the page was opened.
#[derive(Debug, Clone, Default)]
pub struct Arrivals {
    opened: Option<f64>,
    /// From when on (s) arrivals in the present message are recent.
    since: f64,
    pending: Vec<Arrival>,
}

impl Arrivals {
    /// Begins with a message made at `server_time` (s). What has arrived before the first message
    /// is no news.
    pub fn begin(&mut self, server_time: f64) {
        self.since = match self.opened {
            None => f64::INFINITY,
            Some(opened) => opened.floor().max(server_time - RECENT),
        };
        self.opened.get_or_insert(server_time);
        self.pending.retain(|arrival| arrival.time >= self.since);
    }

    /// Adds an arrival, if it is recent.
    pub fn add(&mut self, arrival: Arrival) {
        if arrival.time >= self.since {
            self.pending.push(arrival);
        }
    }

    /// Begins anew: the server's clock was set.
    pub fn restart(&mut self) {
        self.opened = None;
    }

    /// Those since the last call.
    pub fn take(&mut self) -> Vec<Arrival> {
        std::mem::take(&mut self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether what has arrived at `time` (s) is reported after a message of `message` (s).
    fn reports(arrivals: &mut Arrivals, message: f64, time: f64) -> bool {
        let sample = Sample {
            time,
            actual: 60.0,
            target: 60.0,
        };
        arrivals.begin(message);
        arrivals.add(Arrival::of(&HeaterId::Bed, Phase::AtTarget, sample));
        !arrivals.take().is_empty()
    }

    #[test]
    fn an_arrival_is_recent_while_the_page_is_open() {
        let mut arrivals = Arrivals::default();
        assert!(!reports(&mut arrivals, 1000.4, 1000.0), "the history");
        assert!(reports(&mut arrivals, 1002.0, 1000.0));
        assert!(!reports(&mut arrivals, 1002.0, 999.0));
        let slept = reports(&mut arrivals, 5000.0, 4900.0);
        assert!(!slept, "the page has slept");
        arrivals.restart();
        assert!(!reports(&mut arrivals, 300.0, 300.0), "a history again");
    }
}

//! What has just happened: the reason of alerts, of OctoPrint's events and of MQTT's.

use serde::{Serialize, Serializer};

use crate::core::heater::SampleOutcome;
use crate::core::input::{HeaterId, JobPhase, Sample};

/// Greatest age of an event that is reported, in seconds. A page that wakes up after an hour
/// does not report what happened meanwhile.
const RECENT: f64 = 60.0;

/// What has happened. The server's module passes the place in this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A heater has reached its target.
    TargetReached,
    /// A heater that is off has reached its cool-down goal.
    CooledDown,
    /// The heat soak of a heater is complete.
    Soaked,
    /// A heater does not get warmer.
    HeaterStalled,
    /// Every heater with a target has reached it, and all heat soaks are complete.
    PrinterReady,
}

impl EventKind {
    /// What hosts call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TargetReached => "target_reached",
            Self::CooledDown => "cooled_down",
            Self::Soaked => "soaked",
            Self::HeaterStalled => "heater_stalled",
            Self::PrinterReady => "printer_ready",
        }
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Something that has happened to a heater, or to the printer as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// To which heater; `None` if to the printer.
    pub heater: Option<HeaterId>,
    /// Its last measured temperature in °C; NaN for the printer.
    pub actual: f64,
    /// Its target in °C; 0 is off, NaN is for the printer.
    pub target: f64,
    /// Server time in seconds.
    pub time: f64,
    /// How long it took in seconds, if that is known.
    pub duration: Option<f64>,
    /// How long it was first shown to take.
    pub predicted: Option<f64>,
}

/// The events that have not been reported yet, without those from before the page was opened.
#[derive(Debug, Clone, Default)]
pub struct Events {
    opened: Option<f64>,
    /// From when on (s) events in the present message are recent.
    since: f64,
    pending: Vec<Event>,
    /// Whether somebody has waited for a heater that has arrived or was soaked, and may wait for
    /// others.
    awaited: bool,
    /// Whether there was a print job at the last message.
    in_job: bool,
}

impl Events {
    /// Begins with a message made at `server_time` (s). What has happened before the first message
    /// is no news.
    pub fn begin(&mut self, server_time: f64) {
        self.since = match self.opened {
            None => f64::INFINITY,
            Some(opened) => opened.floor().max(server_time - RECENT),
        };
        self.opened.get_or_insert(server_time);
        self.pending.retain(|event| event.time >= self.since);
    }

    /// Adds what has come of `sample`, if it is recent. Once a job is under way, nobody waits for a
    /// heater.
    pub fn add(
        &mut self,
        heater: &HeaterId,
        sample: Sample,
        outcome: SampleOutcome,
        job: JobPhase,
    ) {
        if sample.time < self.since {
            return;
        }
        let awaited = !job.is_under_way();
        let arrival = if sample.target > 0.0 {
            EventKind::TargetReached
        } else {
            EventKind::CooledDown
        };
        let soaked = outcome.soaked.filter(|_| awaited);
        for (kind, course) in [
            (arrival, outcome.arrived),
            (EventKind::Soaked, soaked),
            (EventKind::HeaterStalled, outcome.stalled),
        ] {
            let Some(course) = course else { continue };
            let arrives = matches!(kind, EventKind::TargetReached | EventKind::Soaked);
            self.awaited |= arrives && awaited;
            self.pending.push(Event {
                kind,
                heater: Some(heater.clone()),
                actual: sample.actual,
                target: sample.target,
                time: sample.time,
                duration: course.duration,
                predicted: course.predicted,
            });
        }
    }

    /// Judges at `server_time` (s) whether the printer is ready: `ready` says whether all heaters
    /// with a target are; `None` if there are none. In the start of a job one wait may follow
    /// another, so it is over only when that prints; and never in a job that was canceled.
    pub fn settle(
        &mut self,
        server_time: f64,
        ready: impl FnOnce() -> Option<bool>,
        job: JobPhase,
    ) {
        let ended = self.in_job && job == JobPhase::None;
        self.in_job = job != JobPhase::None;
        self.awaited &= !ended;
        if !self.awaited || job == JobPhase::Start {
            return;
        }
        let ready = ready();
        if ready == Some(true) {
            self.pending.push(Event {
                kind: EventKind::PrinterReady,
                heater: None,
                actual: f64::NAN,
                target: f64::NAN,
                time: server_time,
                duration: None,
                predicted: None,
            });
        }
        self.awaited = ready == Some(false) && job == JobPhase::None;
    }

    /// Begins anew: the server's clock was set.
    pub fn restart(&mut self) {
        (self.opened, self.awaited) = (None, false);
    }

    /// Those since the last call.
    pub fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::heater::Course;

    /// Whether what has happened at `time` (s) is reported after a message of `message` (s).
    fn reports(events: &mut Events, message: f64, time: f64) -> bool {
        let sample = Sample {
            time,
            actual: 60.0,
            target: 60.0,
        };
        let arrived = SampleOutcome {
            arrived: Some(Course::default()),
            ..SampleOutcome::default()
        };
        events.begin(message);
        events.add(&HeaterId::Bed, sample, arrived, JobPhase::None);
        !events.take().is_empty()
    }

    #[test]
    fn an_event_is_recent_while_the_page_is_open() {
        let mut events = Events::default();
        assert!(!reports(&mut events, 1000.4, 1000.0), "the history");
        assert!(reports(&mut events, 1002.0, 1000.0));
        assert!(!reports(&mut events, 1002.0, 999.0));
        let slept = reports(&mut events, 5000.0, 4900.0);
        assert!(!slept, "the page has slept");
        events.restart();
        assert!(!reports(&mut events, 300.0, 300.0), "a history again");
    }
}

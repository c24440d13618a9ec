//! The server's clock, seen from the page.

/// Largest disagreement, in seconds, between the server time a message states and the
/// one expected from the page's own elapsed time. Network delay and a busy page stay
/// below; a clock that was set (NTP on a Raspberry Pi) or a laptop that slept is above.
const STEP: f64 = 5.0;

/// Longest delay from a measurement to the message that first carries it, in seconds:
/// OctoPrint sends at once, but at most every half second.
const LONGEST_TRANSIT: f64 = 0.5;

/// Maps the page's elapsed time to server time. Neither clock needs to be right.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerClock {
    /// Server time minus local time at the last message, in seconds.
    offset: Option<f64>,
}

impl ServerClock {
    /// Takes the server time of a message that arrived at `local` seconds; true if the
    /// server's clock has jumped since the last one.
    pub fn observe(&mut self, server_time: f64, local: f64) -> bool {
        let offset = server_time - local;
        let stepped = self.offset.is_some_and(|last| (offset - last).abs() > STEP);
        self.offset = Some(offset);
        stepped
    }

    /// Server time at `local` seconds; `None` before the first message.
    #[must_use]
    pub fn now(&self, local: f64) -> Option<f64> {
        self.offset.map(|offset| local + offset)
    }
}

/// When a sample stamped with whole second `time` was most likely taken, if the message
/// that carries it was made at `server_time`: the middle of what is possible.
///
/// OctoPrint cuts the stamp to whole seconds, so the truth lies in `[time, time + 1)`. A
/// message that is fresh was made at most half a second after it.
pub(crate) fn moment(time: f64, server_time: f64) -> f64 {
    let age = server_time - time;
    let (earliest, latest) = if age > 1.0 + LONGEST_TRANSIT {
        (0.0, 1.0)
    } else {
        ((age - LONGEST_TRANSIT).max(0.0), age.clamp(0.0, 1.0))
    };
    time + f64::midpoint(earliest, latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_time_follows_the_last_message() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.now(5.0), None);
        assert!(!clock.observe(1_000_000.0, 10.0));
        assert_eq!(clock.now(12.5), Some(1_000_002.5));
    }

    #[test]
    fn a_jump_is_told_from_a_late_message() {
        let mut clock = ServerClock::default();
        clock.observe(1000.0, 10.0);
        assert!(!clock.observe(1002.0, 14.0), "two seconds late");
        assert!(clock.observe(4604.0, 15.0), "an hour forward");
        assert!(clock.observe(1005.0, 16.0), "and back");
        assert!(!clock.observe(1006.0, 17.0));
    }

    #[test]
    fn a_stamp_is_refined_within_its_second() {
        let rows = [
            (99.5, 100.0),
            (100.2, 100.1),
            (100.6, 100.35),
            (101.5, 101.0),
            (101.6, 100.5),
            (160.0, 100.5),
        ];
        for (server_time, expected) in rows {
            assert!(
                (moment(100.0, server_time) - expected).abs() < 1e-9,
                "{server_time}"
            );
        }
    }
}

//! One message of OctoPrint's socket.

use super::job::Progress;
use super::sample::Reading;
use super::time::ServerTime;

/// Latest time that can be one, in seconds since 1970: the year 5138. Milliseconds would
/// be beyond.
const LATEST: f64 = 1e11;

/// All heaters at one moment: an entry of OctoPrint's `temps`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// In whole seconds.
    pub time: ServerTime,
    /// Empty when the printer has disconnected.
    pub readings: Vec<Reading>,
}

/// One message of OctoPrint's socket, history and current alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// When the message was made.
    pub server_time: ServerTime,
    /// Whether a printer is connected, if the message contains it.
    pub operational: Option<bool>,
    /// The print job, if the message contains it.
    pub job: Option<Progress>,
    /// Oldest first.
    pub rows: Vec<Row>,
}

/// Whether `time` can be a server time in seconds.
#[must_use]
pub fn is_time(time: f64) -> bool {
    (0.0..LATEST).contains(&time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_seconds_since_1970() {
        assert!(is_time(0.0) && is_time(1.8e9));
        for time in [f64::NAN, f64::INFINITY, -1.0, 1.8e12, 1e300] {
            assert!(!is_time(time), "{time}");
        }
    }
}

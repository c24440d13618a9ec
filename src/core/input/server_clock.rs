//! The server's clock, seen from the page.

use super::time::{HostTime, ServerTime};

/// How far ahead of what was expected a server time may be, in seconds, before the clock
/// counts as set. A message can only be late, and the least late one so far sets what to
/// expect, so being ahead by more than a moment is a set clock (NTP on a Raspberry Pi) or a
/// page that slept.
const AHEAD: f64 = 1.5;

/// The same for the first messages, which come while the page is still busy starting, so
/// that even the least late one may be late by some seconds.
const AHEAD_AT_START: f64 = 5.0;

/// How many messages count as the first.
const START: u32 = 10;

/// How long messages may keep being late by the same, in seconds, before the clock counts as
/// set back. A page that was busy or frozen gets its messages late too, but all at once, each
/// less late than the one before; a clock that was set stays set.
const STAYS_LATE: f64 = 10.0;

/// What counts as late by the same, in seconds.
const SAME: f64 = 1.0;

/// How far server times may go backwards from one message to the next, in seconds: a clock
/// that is being corrected gently does so by milliseconds.
const BACK: f64 = 0.5;

/// How fast the two clocks may drift apart, in s/s; quartz is ten times better. The
/// least late message counts that much less each second.
const DRIFT: f64 = 0.001;

/// Maps the host's time to the server's.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerClock {
    state: Option<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// Server time minus host time, in seconds, by the least late message.
    offset: f64,
    /// Of the last message.
    server_time: f64,
    /// Of the last message.
    host_time: f64,
    /// How many there were since the clock was set.
    messages: u32,
    /// The first of those that were late by the same, up to the last one.
    late: Option<Late>,
}

/// A message that was late.
#[derive(Debug, Clone, Copy)]
struct Late {
    /// In seconds.
    by: f64,
    /// Host time at which it arrived.
    since: f64,
}

impl ServerClock {
    /// Takes the server time of a message that arrived at `now`; returns by how much, in seconds,
    /// the server's clock was set since the last one, if it was.
    pub fn observe(&mut self, server_time: ServerTime, now: HostTime) -> Option<f64> {
        let (ServerTime(server_time), HostTime(host_time)) = (server_time, now);
        let offset = server_time - host_time;
        let new = State {
            offset,
            server_time,
            host_time,
            messages: 1,
            late: None,
        };
        let last = self.state.replace(new)?;
        let ahead = offset - last.offset;
        let most = if last.messages < START {
            AHEAD_AT_START
        } else {
            AHEAD
        };
        let late = (ahead < -AHEAD).then(|| {
            let this = Late {
                by: -ahead,
                since: host_time,
            };
            let first = last.late.filter(|late| (late.by - this.by).abs() < SAME);
            first.unwrap_or(this)
        });
        let stays_late = late.is_some_and(|late| host_time - late.since >= STAYS_LATE);
        let back = server_time < last.server_time - BACK;
        if ahead > most || stays_late || back {
            return Some(ahead);
        }
        let drifted = last.offset - DRIFT * (host_time - last.host_time).max(0.0);
        let messages = last.messages.saturating_add(1);
        self.state = Some(State {
            offset: offset.max(drifted),
            messages,
            late,
            ..new
        });
        None
    }

    /// Server time at `now`; `None` before the first message.
    #[must_use]
    pub fn now(&self, HostTime(now): HostTime) -> Option<ServerTime> {
        self.state.map(|state| ServerTime(now + state.offset))
    }
}

/// When a sample stamped with whole second `time` was taken, as far as that is known: in
/// the middle of it.
///
/// A prompt message would be more exact, but a page that gets the same sample in its history does
/// not have that: both are to show the same. On recorded heat-ups
/// nothing is lost, as regular reports with regular stamps give truer rates than times that
/// are better guessed one by one.
#[must_use]
pub fn moment(time: f64) -> f64 {
    time + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observe(clock: &mut ServerClock, server_time: f64, now: f64) -> bool {
        let jump = clock.observe(ServerTime(server_time), HostTime(now));
        jump.is_some()
    }

    fn now(clock: &ServerClock, now: f64) -> Option<f64> {
        clock.now(HostTime(now)).map(|ServerTime(seconds)| seconds)
    }

    #[test]
    fn server_time_follows_the_last_message() {
        let mut clock = ServerClock::default();
        assert_eq!(now(&clock, 5.0), None);
        assert!(!observe(&mut clock, 1_000_000.0, 10.0));
        assert_eq!(now(&clock, 12.5), Some(1_000_002.5));
    }

    /// A clock that has seen a message a second, the last at 20 s local, 1020 s server time.
    fn running() -> ServerClock {
        let mut clock = ServerClock::default();
        for second in 0..=20 {
            assert!(!observe(
                &mut clock,
                1000.0 + f64::from(second),
                f64::from(second)
            ));
        }
        clock
    }

    #[test]
    fn late_messages_do_not_set_the_clock_back() {
        for frozen in [4, 8, 60] {
            let mut clock = running();
            let awake = f64::from(20 + frozen);
            for second in 1..=frozen {
                let server_time = 1020.0 + f64::from(second);
                assert!(
                    !observe(&mut clock, server_time, awake),
                    "they come all at once after {frozen} s"
                );
                let now = now(&clock, awake).unwrap();
                assert!((now - (1000.0 + awake)).abs() < 0.1, "{now}");
            }
            assert!(
                !observe(&mut clock, 1001.0 + awake, 1.0 + awake),
                "and a prompt one after them"
            );
        }
    }

    #[test]
    fn a_page_that_freezes_again_and_again_is_no_set_clock() {
        let mut clock = running();
        for second in 21..200 {
            let frozen_until = f64::from(20 + (second - 20_u32).div_ceil(7) * 7);
            let server_time = 1000.0 + f64::from(second);
            assert!(
                !observe(&mut clock, server_time, frozen_until),
                "{second} s"
            );
        }
    }

    #[test]
    fn a_clock_that_was_set_is_noticed() {
        for step in [3600.0, 4.0, 2.0, -2.0, -4.0, -3600.0] {
            let mut clock = running();
            assert!(observe(&mut clock, 1021.0 + step, 21.0), "{step} s");
            assert_eq!(now(&clock, 22.0), Some(1022.0 + step));
            assert!(!observe(&mut clock, 1022.0 + step, 22.0), "only once");
        }
    }

    #[test]
    fn a_clock_set_back_by_less_than_the_time_between_messages_is_noticed_later() {
        let mut clock = running();
        let noticed: Vec<_> = (1..=10)
            .map(|message| 2.0 * f64::from(message))
            .filter(|seconds| observe(&mut clock, 1018.0 + seconds, 20.0 + seconds))
            .collect();
        assert_eq!(
            noticed,
            [12.0],
            "10 s after the first late one, and only once"
        );
    }

    #[test]
    fn late_messages_at_the_start_are_no_set_clock() {
        let mut clock = ServerClock::default();
        observe(&mut clock, 1000.0, 3.0);
        assert!(
            !observe(&mut clock, 1003.0, 3.5),
            "the page was busy for two and a half seconds"
        );
        assert_eq!(now(&clock, 4.0), Some(1003.5));
    }

    #[test]
    fn drift_is_followed() {
        let mut clock = running();
        for second in 21..2000 {
            let local = f64::from(second);
            assert!(!observe(&mut clock, 1000.0 + local * (1.0 - 1e-4), local));
        }
        let now = now(&clock, 2000.0).unwrap();
        assert!(
            (now - (1000.0 + 2000.0 * (1.0 - 1e-4))).abs() < 0.01,
            "{now}"
        );
    }
}

//! The two clocks, so that nobody mixes them up. Neither needs to be right.

/// Seconds since 1970 on the server's clock: the time of messages and readings.
///
/// Where only readings are calculated with, as in all of [`heater`](crate::core::heater), plain
/// numbers stand for it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct ServerTime(pub f64);

/// Seconds that have passed for the host (a page, or MQTT publishing) since any moment.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct HostTime(pub f64);

//! The two clocks, so that messages do not mix them up. Neither needs to be right.

/// Seconds since 1970 on the server's clock: the time of messages and readings.
///
/// The types guard the door. Past it there is only this clock, and plain numbers stand for it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct ServerTime(pub f64);

/// Seconds that have passed for the host (a page, or MQTT publishing) since an arbitrary moment.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct HostTime(pub f64);

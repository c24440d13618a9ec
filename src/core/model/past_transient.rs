//! An earlier transient of the heater, as it went.

/// Shares of the distance that were left, from the start on, at which the time is kept: close together
/// where the controller throttles. Seven or eleven of them make no difference.
pub const SHARES_LEFT: [f64; 7] = [1.0, 0.88, 0.7, 0.5, 0.3, 0.14, 0.05];

/// An earlier transient: from where to where, and when it had come how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PastTransient {
    /// The first reading, in °C.
    pub start: f64,
    /// Temperature at which it ended, in °C.
    pub threshold: f64,
    /// Temperature that the controller aimed at, in °C.
    pub setpoint: f64,
    /// `1 - φ0`: share of the rate that the sensor did not show at the start.
    pub deficit: f64,
    /// Duration in seconds.
    pub duration: f64,
    /// Seconds after the start at which each of [`SHARES_LEFT`] was left; the first is 0.
    pub times: [f64; SHARES_LEFT.len()],
}

impl PastTransient {
    /// Change of the temperature, in °C.
    #[must_use]
    pub fn rise(&self) -> f64 {
        (self.threshold - self.start).abs()
    }

    /// Temperature at which `share` of the distance was left, in °C.
    #[must_use]
    pub fn temperature(&self, share: f64) -> f64 {
        self.threshold - share * (self.threshold - self.start)
    }
}

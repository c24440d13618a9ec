//! How long a heater takes from one temperature to another.

/// A point on the way: when and where.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Seconds since the transient began.
    pub since: f64,
    /// °C.
    pub temperature: f64,
}

/// Seconds from the moment `from` to the temperature `to` (°C) at a `speed` (°C/s) that depends on the
/// temperature and on the seconds since the start, added up in so many `steps`.
pub fn travel(from: Moment, to: f64, steps: u32, speed: impl Fn(f64, f64) -> f64) -> f64 {
    let step = (to - from.temperature) / f64::from(steps);
    let arrived = (0..steps).fold(from.since, |since, i| {
        let middle = from.temperature + step * (f64::from(i) + 0.5);
        since + step.abs() / speed(middle, since)
    });
    arrived - from.since
}

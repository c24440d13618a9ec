//! A temperature at a time.

/// One reading, as a curve is fitted to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Seconds.
    pub time: f64,
    /// °C.
    pub temperature: f64,
}

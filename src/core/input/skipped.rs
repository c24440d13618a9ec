//! Readings that could not be used, or not as they were.

use super::sample::BadReading;

/// How many readings were not used as they were, by what was wrong with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Rows and messages whose time stamps cannot be true.
    pub time: u32,
    /// Names that no heater has.
    pub heater: u32,
    /// Measured temperatures that cannot be true.
    pub actual: u32,
    /// Targets that cannot be true, and count as off.
    pub target: u32,
}

impl Skipped {
    /// Counts one more.
    pub fn count(&mut self, bad: BadReading) {
        let counter = match bad {
            BadReading::Time => &mut self.time,
            BadReading::Heater => &mut self.heater,
            BadReading::Actual => &mut self.actual,
            BadReading::Target => &mut self.target,
        };
        *counter = counter.saturating_add(1);
    }
}

//! What the page shows: plain data, with codes instead of texts.

use crate::core::heater::HeaterRow;
use crate::core::input::Skipped;
use crate::core::model::Reason::{self, Disabled, NearTarget};
use crate::core::phase::Phase;

/// Everything the page shows, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Server time in seconds; `None` before the first message.
    pub time: Option<f64>,
    /// In OctoPrint's order: tools, bed, chamber, others by name.
    pub heaters: Vec<HeaterRow>,
    /// The printer as a whole, when two or more heaters have a transient.
    pub printer: Option<PrinterRow>,
    /// Readings that could not be used since the start.
    pub skipped: Skipped,
}

/// The printer as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrinterRow {
    /// [`Phase::Heating`] if a target is to be reached, [`Phase::Cooling`] if all are off.
    pub phase: Phase,
    /// Seconds until the last heater has arrived, or else `reason` says why there is no
    /// telling.
    pub remaining: Option<f64>,
    /// Why `remaining` is missing.
    pub reason: Option<Reason>,
}

impl PrinterRow {
    /// The row above `heaters`. The printer is ready when every target is reached; heaters
    /// that are switched off count only if all of them are.
    #[must_use]
    pub fn of(heaters: &[HeaterRow]) -> Option<Self> {
        let waited = |row: &&HeaterRow| {
            row.goal.is_some() && !matches!(row.reason, Some(NearTarget | Disabled))
        };
        if heaters.iter().filter(waited).count() < 2 {
            return None;
        }
        let on = |row: &&HeaterRow| row.target > 0.0;
        let heating = heaters.iter().filter(waited).any(|row| on(&row));
        if !heating && heaters.iter().any(|row| on(&row)) {
            return None;
        }
        let last = heaters
            .iter()
            .filter(|row| waited(row) && (on(row) || !heating))
            // A heater without a time counts as the last one.
            .max_by(|a, b| {
                let left = |row: &HeaterRow| row.remaining.unwrap_or(f64::INFINITY);
                left(a).total_cmp(&left(b))
            })?;
        Some(Self {
            phase: if heating {
                Phase::Heating
            } else {
                Phase::Cooling
            },
            remaining: last.remaining,
            reason: last.reason,
        })
    }
}

#[cfg(test)]
mod tests;

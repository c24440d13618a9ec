//! What the page shows: plain data, with codes instead of texts.

use crate::core::heater::HeaterRow;
use crate::core::input::{HeaterId, Skipped};
use crate::core::model::Reason::{self, Disabled, NearTarget, TooLong};
use crate::core::phase::Phase;

/// Everything the page shows, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Server time in seconds; `None` before the first message.
    pub time: Option<f64>,
    /// In OctoPrint's order: tools, bed, chamber, others by name.
    pub heaters: Vec<HeaterRow>,
    /// The printer as a whole, when a heater is waited for.
    pub printer: Option<PrinterRow>,
    /// Readings that could not be used since the start.
    pub skipped: Skipped,
}

/// The printer as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct PrinterRow {
    /// [`Phase::Heating`] if a target is to be reached, [`Phase::Cooling`] if everything cools down.
    pub phase: Phase,
    /// Seconds until the last heater whose time is known has arrived and is soaked; if none is,
    /// `reason` says why.
    pub remaining: Option<f64>,
    /// Why `remaining` is missing.
    pub reason: Option<Reason>,
    /// The heaters that `remaining` leaves out, as their time is not known.
    pub without: Vec<HeaterId>,
    /// Whether it says no more than the row of the only heater that is waited for.
    pub alone: bool,
}

impl PrinterRow {
    /// The row above `heaters`. The printer is ready when every target is reached; while one is to
    /// be reached by heating, or is held, heaters that are switched off do not count.
    #[must_use]
    pub fn of(heaters: &[HeaterRow]) -> Option<Self> {
        let waited = |row: &HeaterRow| {
            row.goal.is_some() && !matches!(row.reason, Some(NearTarget | Disabled))
        };
        let waiting: Vec<_> = heaters.iter().filter(|row| waited(row)).collect();
        let soaks = |row: &&HeaterRow| row.soak > 0.0 || row.phase == Phase::Soaking;
        let alone = waiting.len() < 2 && !waiting.iter().any(soaks);
        let on = |row: &HeaterRow| row.target > 0.0;
        let heats = |row: &HeaterRow| on(row) && (row.phase != Phase::Cooling || !waited(row));
        let heating = heaters.iter().any(heats);
        let counts = |row: &&HeaterRow| waited(row) && (on(row) || !heating);
        let is_known = |row: &&HeaterRow| row.remaining.is_some() || row.reason == Some(TooLong);
        let (known, unknown): (Vec<&HeaterRow>, Vec<_>) =
            heaters.iter().filter(counts).partition(is_known);
        let left = |row: &HeaterRow| row.remaining.map_or(f64::INFINITY, |left| left + row.soak);
        let last = known.iter().max_by(|a, b| left(a).total_cmp(&left(b)));
        let shown = last.or(unknown.first())?;
        let left_out = unknown.iter().filter(|_| last.is_some());
        Some(Self {
            phase: if heating {
                Phase::Heating
            } else {
                Phase::Cooling
            },
            remaining: shown.remaining.map(|left| left + shown.soak),
            reason: shown.reason,
            without: left_out.map(|row| row.heater.clone()).collect(),
            alone,
        })
    }
}

#[cfg(test)]
mod tests;

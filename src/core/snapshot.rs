//! What the page is told: plain data, codes instead of words.

use serde::Serialize;

use super::estimator::{Algorithm, Reason};
use super::phase::Phase;
use super::sample::BadReading;
use super::scorecard::Scorecard;

/// Everything the page shows, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Server time in seconds; `None` before the first message.
    pub time: Option<f64>,
    /// In OctoPrint's order: tools, bed, chamber, others by name.
    pub heaters: Vec<HeaterRow>,
    /// Readings that could not be used since the start.
    pub skipped: Skipped,
}

/// One heater.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeaterRow {
    /// OctoPrint's name.
    pub heater: String,
    /// What it is doing.
    pub phase: Phase,
    /// Last measured temperature in °C.
    pub actual: f64,
    /// Target in °C; 0 is off.
    pub target: f64,
    /// Where it is going, in °C: the target, or the cool-down goal when switched off.
    /// `None` where it is not going anywhere.
    pub goal: Option<f64>,
    /// Seconds left, or else `reason` says why there is no telling.
    pub remaining: Option<f64>,
    /// Between these many seconds it is in four of five cases, if the algorithm can tell.
    pub interval: Option<[f64; 2]>,
    /// Why `remaining` is missing.
    pub reason: Option<Reason>,
    /// °C/s over the recent window.
    pub rate: Option<f64>,
    /// Share of the way that is done, 0 to 1.
    pub progress: Option<f64>,
    /// How good each algorithm was on this heater's ways so far; empty before the first.
    pub scores: Vec<Score>,
}

/// How good an algorithm was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Its name in the settings.
    pub algorithm: &'static str,
    /// Mean error as a share of the way; saying nothing counts as wrong by all that was left.
    pub error: f64,
    /// Ways that were scored.
    pub ways: f64,
}

impl Score {
    pub(crate) fn of(scorecard: &Scorecard) -> Vec<Self> {
        let score = |algorithm: Algorithm| {
            scorecard.error(algorithm).map(|error| Self {
                algorithm: algorithm.name(),
                error,
                ways: scorecard.ways(),
            })
        };
        Algorithm::ALL.into_iter().filter_map(score).collect()
    }
}

/// How many readings were not used, by what was wrong with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// Rows and messages whose time stamps cannot be true.
    pub time: u32,
    /// Names that no heater has.
    pub heater: u32,
    /// Measured temperatures that cannot be true.
    pub actual: u32,
    /// Targets that cannot be true.
    pub target: u32,
}

impl Skipped {
    pub(crate) fn count(&mut self, bad: BadReading) {
        let counter = match bad {
            BadReading::Time => &mut self.time,
            BadReading::Heater => &mut self.heater,
            BadReading::Actual => &mut self.actual,
            BadReading::Target => &mut self.target,
        };
        *counter = counter.saturating_add(1);
    }
}

//! What the page shows: plain data, with codes instead of texts.

use std::rc::Rc;

use serde::Serialize;

use super::estimator::Reason::{Disabled, NearTarget};
use super::estimator::{Algorithm, Reason};
use super::heater_state::HeaterState;
use super::phase::Phase;
use super::plugin_algorithms::PluginAlgorithm;
use super::sample::{BadReading, HeaterId};

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

/// One heater.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaterRow {
    /// Which one.
    pub heater: HeaterId,
    /// What it is doing.
    pub phase: Phase,
    /// Last measured temperature in °C.
    pub actual: f64,
    /// Target in °C; 0 is off.
    pub target: f64,
    /// Where it is going, in °C: the target, or the cool-down goal when switched off.
    /// `None` where it is not going anywhere.
    pub goal: Option<f64>,
    /// Seconds left; if there is no estimate, `reason` says why.
    pub remaining: Option<f64>,
    /// 80 % interval of the seconds left, if the algorithm gives one.
    pub interval: Option<[f64; 2]>,
    /// Why `remaining` is missing.
    pub reason: Option<Reason>,
    /// °C/s over the recent window.
    pub rate: Option<f64>,
    /// Share of the transient that is done, 0 to 1.
    pub progress: Option<f64>,
    /// How good each algorithm was on this heater's transients so far; empty before the first.
    pub scores: Vec<Score>,
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
    pub(crate) fn of(heaters: &[HeaterRow]) -> Option<Self> {
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

impl HeaterRow {
    /// The same row without a time, which is kept back for `reason`.
    pub(crate) fn kept_back(self, reason: Reason) -> Self {
        if self.goal.is_none() {
            return self;
        }
        Self {
            remaining: None,
            interval: None,
            reason: Some(reason),
            progress: None,
            ..self
        }
    }
}

/// How good an algorithm was.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Its name in the settings.
    pub algorithm: String,
    /// Mean error as a share of the transient; saying nothing counts as wrong by all that was left.
    pub error: f64,
    /// Transients that were scored.
    #[serde(rename = "ways")]
    pub transients: f64,
}

impl Score {
    /// The scores of ours and then of `plugin_algorithms`.
    pub(crate) fn of<'a>(
        state: &HeaterState,
        plugin_algorithms: impl Iterator<Item = &'a Rc<PluginAlgorithm>>,
    ) -> Vec<Self> {
        let mut scores = Vec::new();
        let mut add = |name: &str, error: Option<f64>, transients: f64| {
            scores.extend(error.map(|error| Self {
                algorithm: name.into(),
                error,
                transients,
            }));
        };
        let ours = &state.scorecard;
        for algorithm in Algorithm::ALL {
            add(algorithm.name(), ours.error(algorithm), ours.transients());
        }
        for algorithm in plugin_algorithms {
            if let Some(scorecard) = state.plugin_scores.of(algorithm.key()) {
                let [error] = scorecard.errors();
                add(algorithm.id(), error, scorecard.transients());
            }
        }
        scores
    }
}

/// How many readings were not used, by what was wrong with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(target: f64, goal: Option<f64>, remaining: Result<f64, Reason>) -> HeaterRow {
        HeaterRow {
            heater: HeaterId::Bed,
            phase: Phase::Heating,
            actual: 55.0,
            target,
            goal,
            remaining: remaining.ok(),
            interval: None,
            reason: remaining.err(),
            rate: None,
            progress: Some(0.5),
            scores: Vec::new(),
        }
    }

    fn printer(rows: &[HeaterRow]) -> Option<(Phase, Result<f64, Reason>)> {
        PrinterRow::of(rows)
            .map(|row| (row.phase, row.remaining.ok_or_else(|| row.reason.unwrap())))
    }

    #[test]
    fn the_printer_waits_for_the_last_target() {
        let (bed, tool) = (
            row(60.0, Some(60.0), Ok(90.0)),
            row(200.0, Some(200.0), Ok(40.0)),
        );
        let off = row(0.0, Some(50.0), Ok(500.0));
        let there = row(60.0, None, Err(Reason::NoGoal));
        let near = row(60.0, Some(60.0), Err(Reason::NearTarget));
        let ready = Some((Phase::Heating, Ok(90.0)));
        assert_eq!(printer(&[bed.clone(), tool.clone()]), ready);
        assert_eq!(printer(&[bed.clone(), tool.clone(), off.clone()]), ready);
        assert_eq!(printer(&[bed.clone(), off.clone()]), ready);
        assert_eq!(
            printer(&[bed.clone(), there]),
            None,
            "one alone is its own row"
        );
        assert_eq!(printer(&[bed.clone(), near]), None);
        let disabled = tool.clone().kept_back(Reason::Disabled);
        assert_eq!(printer(&[bed.clone(), disabled.clone()]), None);
        assert_eq!(
            printer(&[disabled, off.clone(), off.clone()]),
            None,
            "not all of it cools down"
        );
        assert_eq!(
            printer(&[off.clone(), off.clone()]),
            Some((Phase::Cooling, Ok(500.0)))
        );
        let holding = row(200.0, None, Err(Reason::NoGoal));
        assert_eq!(
            printer(&[holding, off.clone(), off]),
            None,
            "not all of it cools down"
        );
        assert_eq!(printer(&[]), None);
    }

    #[test]
    fn the_printer_does_not_know_what_one_heater_does_not() {
        let (bed, tool) = (
            row(60.0, Some(60.0), Ok(90.0)),
            row(200.0, Some(200.0), Err(Reason::Measuring)),
        );
        let unknown = Some((Phase::Heating, Err(Reason::Measuring)));
        assert_eq!(printer(&[bed, tool]), unknown);
    }

    #[test]
    fn only_a_row_with_a_goal_has_a_time_to_keep_back() {
        let holding = row(60.0, None, Err(Reason::NoGoal));
        assert_eq!(holding.clone().kept_back(Reason::Printing), holding);
        let kept = row(60.0, Some(60.0), Ok(90.0)).kept_back(Reason::Printing);
        assert_eq!(
            (kept.remaining, kept.reason),
            (None, Some(Reason::Printing))
        );
    }
}

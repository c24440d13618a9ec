//! What is drawn of the heaters: their readings, and what is ahead.

use super::forecast;
use super::graph_history::{GraphHistory, GraphPoint};
use crate::core::heater::{HeaterRow, MAX_HEATERS};
use crate::core::input::{HeaterId, Sample};

/// What is drawn of one heater; all times in seconds from now, the past negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// Which one.
    pub heater: HeaterId,
    /// Its readings.
    pub past: Vec<GraphPoint>,
    /// Points (s, °C) of the forecast; empty if there is none.
    pub forecast: Vec<(f64, f64)>,
}

/// The readings of all heaters, for as long as they can be drawn.
#[derive(Debug, Clone, Default)]
pub struct GraphHistories(Vec<(HeaterId, GraphHistory)>);

impl GraphHistories {
    /// Adds a reading of `heater`.
    pub fn push(&mut self, heater: &HeaterId, sample: Sample) {
        let full = self.0.len() >= MAX_HEATERS;
        match self.0.iter_mut().find(|(known, _)| known == heater) {
            Some((_, history)) => history.push(sample),
            None if full => {}
            None => self.0.push((heater.clone(), GraphHistory::from(sample))),
        }
    }

    /// Interrupts the line of `heater` at `time` (s): the reading makes no sense. Where nothing is
    /// drawn yet, nothing is interrupted.
    pub fn interrupt(&mut self, heater: &HeaterId, time: f64, target: f64) {
        if let Some((_, history)) = self.0.iter_mut().find(|(known, _)| known == heater) {
            history.push(Sample {
                time,
                actual: f64::NAN,
                target,
            });
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Forgets the heaters that are not `wanted` any more.
    pub fn retain(&mut self, wanted: impl Fn(&HeaterId) -> bool) {
        self.0.retain(|(heater, _)| wanted(heater));
    }

    /// How many readings there are.
    #[must_use]
    pub fn points(&self) -> usize {
        self.0.iter().map(|(_, history)| history.len()).sum()
    }

    /// What is drawn of the heater of `row`, which is about server time `now` (s) and leads to
    /// `threshold` (°C): the last `window` seconds and what is ahead.
    #[must_use]
    pub fn graph(
        &self,
        row: HeaterRow,
        threshold: Option<f64>,
        now: f64,
        window: f64,
    ) -> Option<Graph> {
        let (_, history) = self.0.iter().find(|(known, _)| *known == row.heater)?;
        let points = history.since(now - window);
        let begun = points.clone().next_back()?.time - now;
        let ahead = row.remaining.zip(threshold);
        let forecast = ahead.map_or_else(Vec::new, |(remaining, threshold)| {
            let curve = forecast::curve(row.actual, threshold, remaining - begun, row.rate);
            let seen_from_now = |(time, temperature)| (time + begun, temperature);
            curve.into_iter().map(seen_from_now).collect()
        });
        let seen_from_now = |point: GraphPoint| GraphPoint {
            time: point.time - now,
            ..point
        };
        Some(Graph {
            heater: row.heater,
            past: points.map(seen_from_now).collect(),
            forecast,
        })
    }
}

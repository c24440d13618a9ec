//! What was learned from a heater, as the page shows it.

use serde::Serialize;

use crate::core::ensemble::{PREDICTED, Registry, ScoredTransient, WAY};
use crate::core::heater::HeaterState;
use crate::core::input::{AlgorithmKey, HeaterId};

/// What was learned from one heater.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Learned {
    /// Which one.
    pub heater: HeaterId,
    /// Number of heat-ups that were learned from.
    pub heat_ups: f64,
    /// Number of cool-downs that were learned from.
    pub cool_downs: f64,
    /// Server time of the first of them in seconds, if it is known.
    pub since: Option<f64>,
    /// How good each algorithm was.
    pub scores: Vec<AlgorithmScore>,
    /// The newest transients, the oldest first: as in the scorecard, with the error and three predictions
    /// for each of `scores`.
    pub transients: Vec<Vec<f64>>,
}

/// How good an algorithm was.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlgorithmScore {
    /// Its id in the settings.
    pub algorithm: String,
    /// Mean error as a share of the transient; saying nothing counts as wrong by all that was left.
    pub error: f64,
    /// Transients that were scored.
    #[serde(rename = "ways")]
    pub transients: f64,
}

impl Learned {
    /// What `state` holds for `heater`; `None` if nothing was learned. Scores are included for the
    /// algorithms of `registry`.
    #[must_use]
    pub fn of(heater: &HeaterId, state: &HeaterState, registry: &Registry) -> Option<Self> {
        let scores = registry.iter().filter_map(|algorithm| {
            let score = state.scores.of(algorithm.key())?;
            Some(AlgorithmScore {
                algorithm: algorithm.id().into(),
                error: score.error(),
                transients: score.transients(),
            })
        });
        let scores: Vec<_> = scores.collect();
        let transients = state.scorecard.transients().iter();
        let transients = transients.map(|it| numbers(it, &scores)).collect();
        (!state.is_empty() || !scores.is_empty()).then(|| Self {
            heater: heater.clone(),
            heat_ups: state.heating.transients(),
            cool_downs: state.cooling.transients(),
            since: state.since,
            scores,
            transients,
        })
    }
}

/// The way of a transient, and what each of the scored algorithms predicted; NaN for those that were not
/// there.
fn numbers(transient: &ScoredTransient, scores: &[AlgorithmScore]) -> Vec<f64> {
    let (way, predicted) = transient.split_at(WAY);
    let mut numbers = way.to_vec();
    for score in scores {
        let key = AlgorithmKey::of(&score.algorithm).number();
        let mut all = predicted.chunks_exact(PREDICTED);
        let known = all.find(|it| it.first() == Some(&key));
        numbers.extend(known.map_or(&[f64::NAN; PREDICTED - 1][..], |it| &it[1..]));
    }
    numbers
}

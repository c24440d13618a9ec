//! What was learned from a heater, as the page shows it.

use serde::Serialize;

use super::heater_state::HeaterState;
use super::plugin_algorithms::PluginAlgorithms;
use super::sample::HeaterId;
use super::snapshot::Score;

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
    pub scores: Vec<Score>,
}

impl Learned {
    /// What `state` holds for `heater`; `None` if nothing was learned. Scores are included for our
    /// algorithms and for `plugin_algorithms`.
    pub(crate) fn of(
        heater: &HeaterId,
        state: &HeaterState,
        plugin_algorithms: &PluginAlgorithms,
    ) -> Option<Self> {
        let scores = Score::of(state, plugin_algorithms.iter());
        (!state.is_empty() || !scores.is_empty()).then(|| Self {
            heater: heater.clone(),
            heat_ups: state.heating.transients(),
            cool_downs: state.cooling.transients(),
            since: state.since,
            scores,
        })
    }
}

//! What a heater has taught, as the page shows it.

use serde::Serialize;

use super::heater_state::HeaterState;
use super::plugin_algorithms::PluginAlgorithms;
use super::sample::HeaterId;
use super::snapshot::Score;

/// What one heater has taught.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Learned {
    /// Which one.
    pub heater: HeaterId,
    /// Heat-ups that taught something.
    pub heat_ups: f64,
    /// Cool-downs that did.
    pub cool_downs: f64,
    /// Server time of the first lesson in seconds, if that is known.
    pub since: Option<f64>,
    /// How good each algorithm was.
    pub scores: Vec<Score>,
}

impl Learned {
    /// What `state` says of `heater`; `None` if that has taught nothing. Of the plugin algorithms' scores
    /// only those of `plugin_algorithms` are told.
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

//! The plugin algorithms of one heater: what each shows, and has shown in this transient.

use std::rc::Rc;

use super::estimator::Reason;
use super::model_state::ModelState;
use super::plugin_algorithms::{AlgorithmKey, PluginAlgorithm};
use super::scorecard::{Prediction, Predictions};

/// One plugin algorithm of one heater.
#[derive(Debug, Clone)]
struct PluginState {
    algorithm: Rc<PluginAlgorithm>,
    model: ModelState,
    predictions: Predictions<1>,
    /// Whether it was registered during the transient: its estimates of the rest are not comparable
    /// with those that others made of the whole.
    late: bool,
}

/// All plugin algorithms of one heater.
#[derive(Debug, Clone, Default)]
pub struct PluginStates(Vec<PluginState>);

impl PluginStates {
    /// Adds `algorithm`, in place of the one with the same id; it has no estimate for `reason`
    /// until the first query.
    pub fn register(&mut self, algorithm: Rc<PluginAlgorithm>, reason: Reason) {
        let key = algorithm.key();
        let state = PluginState {
            algorithm,
            model: ModelState::none(reason),
            predictions: Predictions::default(),
            late: true,
        };
        match self.find(key) {
            Some(known) => *known = state,
            None => self.0.push(state),
        }
    }

    /// Removes a plugin algorithm.
    pub fn unregister(&mut self, key: AlgorithmKey) {
        self.0.retain(|state| state.algorithm.key() != key);
    }

    /// All of them, in order of registration.
    pub fn plugin_algorithms(&self) -> impl Iterator<Item = &Rc<PluginAlgorithm>> {
        self.0.iter().map(|state| &state.algorithm)
    }

    /// What the plugin algorithm shows, if it is registered.
    #[must_use]
    pub fn model(&self, key: AlgorithmKey) -> Option<&ModelState> {
        let state = self.0.iter().find(|state| state.algorithm.key() == key);
        state.map(|state| &state.model)
    }

    /// The same, mutable.
    pub fn model_mut(&mut self, key: AlgorithmKey) -> Option<&mut ModelState> {
        self.find(key).map(|state| &mut state.model)
    }

    /// What all of them show, mutable.
    pub fn models_mut(&mut self) -> impl Iterator<Item = &mut ModelState> {
        self.0.iter_mut().map(|state| &mut state.model)
    }

    /// Begins a new transient for all of them.
    pub fn begin(&mut self) {
        for state in &mut self.0 {
            state.predictions = Predictions::default();
            state.late = false;
        }
    }

    /// Records what all of them show at `time` (s).
    pub fn note(&mut self, time: f64) {
        for state in &mut self.0 {
            state.predictions.add(Prediction {
                time,
                remaining: [state.model.eta().remaining(time)],
                spread: None,
            });
        }
    }

    /// Error of each that was registered for the whole transient, which ended at `arrival` (s).
    pub fn errors(&self, arrival: f64) -> impl Iterator<Item = (AlgorithmKey, [f64; 1])> {
        let in_time = self.0.iter().filter(|state| !state.late);
        in_time.filter_map(move |state| {
            let errors = state.predictions.errors(arrival)?;
            Some((state.algorithm.key(), errors))
        })
    }

    fn find(&mut self, key: AlgorithmKey) -> Option<&mut PluginState> {
        let mut plugin_states = self.0.iter_mut();
        plugin_states.find(|state| state.algorithm.key() == key)
    }
}

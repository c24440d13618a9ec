//! The plugin algorithms at one heater: what each says of it, and what it said on this transient.

use std::rc::Rc;

use super::estimator::Reason;
use super::model_state::ModelState;
use super::plugin_algorithms::{AlgorithmKey, PluginAlgorithm};
use super::scorecard::{Prediction, Predictions};

/// One plugin algorithm at one heater.
#[derive(Debug, Clone)]
struct PluginState {
    algorithm: Rc<PluginAlgorithm>,
    model: ModelState,
    predictions: Predictions<1>,
    /// Whether it came when the transient had begun: what it has said of the rest is not to be
    /// compared with what others said of all of it.
    late: bool,
}

/// All plugin algorithms at one heater.
#[derive(Debug, Clone, Default)]
pub struct PluginStates(Vec<PluginState>);

impl PluginStates {
    /// Lets `algorithm` in, in place of the one that was called so; until it is asked, it says
    /// nothing for `reason`.
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

    /// Lets a plugin algorithm go, if it is there.
    pub fn unregister(&mut self, key: AlgorithmKey) {
        self.0.retain(|state| state.algorithm.key() != key);
    }

    /// Who is there, in the order in which they came.
    pub fn plugin_algorithms(&self) -> impl Iterator<Item = &Rc<PluginAlgorithm>> {
        self.0.iter().map(|state| &state.algorithm)
    }

    /// What the plugin algorithm says, if it is there.
    #[must_use]
    pub fn model(&self, key: AlgorithmKey) -> Option<&ModelState> {
        let state = self.0.iter().find(|state| state.algorithm.key() == key);
        state.map(|state| &state.model)
    }

    /// The same, to be changed.
    pub fn model_mut(&mut self, key: AlgorithmKey) -> Option<&mut ModelState> {
        self.find(key).map(|state| &mut state.model)
    }

    /// What all of them say, to be changed.
    pub fn models_mut(&mut self) -> impl Iterator<Item = &mut ModelState> {
        self.0.iter_mut().map(|state| &mut state.model)
    }

    /// A transient begins, and everybody is there.
    pub fn begin(&mut self) {
        for state in &mut self.0 {
            state.predictions = Predictions::default();
            state.late = false;
        }
    }

    /// Takes note of what everybody says at `time` (s).
    pub fn note(&mut self, time: f64) {
        for state in &mut self.0 {
            state.predictions.add(Prediction {
                time,
                remaining: [state.model.eta().remaining(time)],
                spread: None,
            });
        }
    }

    /// How wrong each was that was there all the transient, which ended at `arrival` (s).
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

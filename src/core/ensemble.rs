//! All algorithms of one heater, ours and other plugins': queried together, one is shown.

use std::rc::Rc;

use super::diagnostics::Stopwatch;
use super::estimator::{Algorithm, Estimate, Estimator, EstimatorInput, Reason};
use super::model_state::{Conditions, ModelState};
use super::plugin_algorithms::{AlgorithmKey, PluginAlgorithm};
use super::plugin_states::PluginStates;
use super::settings::Settings;

/// Number of our algorithms.
const OURS: usize = Algorithm::ALL.len();

/// What the algorithms are queried with.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// What they are given.
    pub input: EstimatorInput<'a>,
    /// Why nothing is to be estimated, if so: they are not queried then.
    pub refused: Option<Reason>,
    /// Time and conditions of the query.
    pub at: Conditions,
}

/// All algorithms of one heater.
#[derive(Debug, Clone)]
pub struct Ensemble {
    ours: [ModelState; OURS],
    plugin_states: PluginStates,
    stopwatch: Option<Rc<Stopwatch>>,
}

impl Ensemble {
    /// Our algorithms, without an estimate for `reason` until the first query.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self {
            ours: [ModelState::none(reason); OURS],
            plugin_states: PluginStates::default(),
            stopwatch: None,
        }
    }

    /// Times estimates with `stopwatch`; `None` stops that.
    pub fn set_timing(&mut self, stopwatch: Option<Rc<Stopwatch>>) {
        self.stopwatch = stopwatch;
    }

    /// Adds `algorithm`, in place of the one with the same id; it has no estimate for `reason`
    /// until the first query.
    pub fn register(&mut self, algorithm: &Rc<PluginAlgorithm>, reason: Reason) {
        self.plugin_states.register(Rc::clone(algorithm), reason);
    }

    /// Removes a plugin algorithm.
    pub fn unregister(&mut self, key: AlgorithmKey) {
        self.plugin_states.unregister(key);
    }

    /// The plugin algorithms, in order of registration.
    pub fn plugin_algorithms(&self) -> impl Iterator<Item = &Rc<PluginAlgorithm>> {
        self.plugin_states.plugin_algorithms()
    }

    /// Begins a new transient for all algorithms.
    pub fn begin(&mut self) {
        self.plugin_states.begin();
    }

    /// Clears all estimates; there is none for `reason` until the next query.
    pub fn clear(&mut self, reason: Reason) {
        self.models_mut()
            .for_each(|model| *model = ModelState::none(reason));
    }

    /// Clears all estimates but keeps the reasons why there were none.
    pub fn restart(&mut self) {
        self.models_mut().for_each(ModelState::restart);
    }

    /// The state that is shown: of the chosen plugin algorithm if it is registered, else of ours.
    #[must_use]
    pub fn shown(&self, settings: &Settings) -> Option<&ModelState> {
        let algorithm = settings
            .plugin_algorithm
            .and_then(|key| self.plugin_states.model(key));
        algorithm.or_else(|| self.ours.get(settings.algorithm as usize))
    }

    /// The estimate of `estimator`.
    // Not inlined: each call would have every model in it, and the module would be larger.
    #[inline(never)]
    pub fn query(&self, estimator: &dyn Estimator, query: &Query) -> Estimate {
        let Query { input, refused, .. } = query;
        match (refused, &self.stopwatch) {
            (Some(reason), _) => Err(*reason),
            (None, Some(stopwatch)) => stopwatch.time(|| estimator.remaining(input)),
            (None, None) => estimator.remaining(input),
        }
    }

    /// Queries all algorithms and returns the estimates of ours.
    pub fn query_all(&mut self, query: &Query) -> [Estimate; OURS] {
        let estimates = Algorithm::ALL.map(|it| self.query(it.estimator(), query));
        for (model, estimate) in self.ours.iter_mut().zip(estimates) {
            model.take(estimate, query.at);
        }
        let plugin_algorithms: Vec<_> = self.plugin_algorithms().cloned().collect();
        for algorithm in plugin_algorithms {
            self.query_plugin(&algorithm, query);
        }
        estimates
    }

    /// Queries one plugin algorithm.
    pub fn query_plugin(&mut self, algorithm: &PluginAlgorithm, query: &Query) {
        let estimate = self.query(algorithm, query);
        if let Some(model) = self.plugin_states.model_mut(algorithm.key()) {
            model.take(estimate, query.at);
        }
    }

    /// Records what each plugin algorithm shows at `time` (s), and returns what ours show.
    pub fn note(&mut self, time: f64) -> [Option<f64>; OURS] {
        self.plugin_states.note(time);
        self.ours.map(|model| model.eta().remaining(time))
    }

    /// Error of each plugin algorithm in the transient that ended at `arrival` (s).
    pub fn errors(&self, arrival: f64) -> impl Iterator<Item = (AlgorithmKey, [f64; 1])> {
        self.plugin_states.errors(arrival)
    }

    fn models_mut(&mut self) -> impl Iterator<Item = &mut ModelState> {
        self.ours.iter_mut().chain(self.plugin_states.models_mut())
    }
}

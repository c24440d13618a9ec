//! All algorithms at one heater, ours and plugin algorithms: asked together, heard one by one.

use std::rc::Rc;

use super::diagnostics::Stopwatch;
use super::estimator::{Algorithm, Estimate, Estimator, EstimatorInput, Reason};
use super::model_state::{Conditions, ModelState};
use super::plugin_algorithms::{AlgorithmKey, PluginAlgorithm};
use super::plugin_states::PluginStates;
use super::settings::Settings;

/// Number of our algorithms.
const OURS: usize = Algorithm::ALL.len();

/// What the algorithms are asked.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// What they see.
    pub input: EstimatorInput<'a>,
    /// Why there is nothing to be estimated, if there is not: they are not asked then.
    pub refused: Option<Reason>,
    /// When and of what they are asked.
    pub at: Conditions,
}

/// All algorithms at one heater.
#[derive(Debug, Clone)]
pub struct Ensemble {
    ours: [ModelState; OURS],
    plugin_states: PluginStates,
    stopwatch: Option<Rc<Stopwatch>>,
}

impl Ensemble {
    /// Ours, which say nothing for `reason` until they are asked.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self {
            ours: [ModelState::none(reason); OURS],
            plugin_states: PluginStates::default(),
            stopwatch: None,
        }
    }

    /// Has estimates timed by `stopwatch`, or not.
    pub fn set_timing(&mut self, stopwatch: Option<Rc<Stopwatch>>) {
        self.stopwatch = stopwatch;
    }

    /// Lets `algorithm` in, in place of the one that was called so; until it is asked, it says
    /// nothing for `reason`.
    pub fn register(&mut self, algorithm: &Rc<PluginAlgorithm>, reason: Reason) {
        self.plugin_states.register(Rc::clone(algorithm), reason);
    }

    /// Lets a plugin algorithm go, if it is there.
    pub fn unregister(&mut self, key: AlgorithmKey) {
        self.plugin_states.unregister(key);
    }

    /// The plugin algorithms, in the order in which they came.
    pub fn plugin_algorithms(&self) -> impl Iterator<Item = &Rc<PluginAlgorithm>> {
        self.plugin_states.plugin_algorithms()
    }

    /// A transient begins, and everybody is there.
    pub fn begin(&mut self) {
        self.plugin_states.begin();
    }

    /// Takes back what was said; nobody says anything for `reason` until asked again.
    pub fn silence(&mut self, reason: Reason) {
        self.models_mut()
            .for_each(|model| *model = ModelState::none(reason));
    }

    /// Takes back what was said, but not why nothing was said.
    pub fn restart(&mut self) {
        self.models_mut().for_each(ModelState::restart);
    }

    /// What is shown: what the chosen plugin algorithm says, if it is there, or else one of ours.
    #[must_use]
    pub fn shown(&self, settings: &Settings) -> Option<&ModelState> {
        let algorithm = settings
            .plugin_algorithm
            .and_then(|key| self.plugin_states.model(key));
        algorithm.or_else(|| self.ours.get(settings.algorithm as usize))
    }

    /// What `estimator` says.
    // Not inlined: each call would have every model in it, and the module would be larger.
    #[inline(never)]
    pub fn ask(&self, estimator: &dyn Estimator, query: &Query) -> Estimate {
        let Query { input, refused, .. } = query;
        match (refused, &self.stopwatch) {
            (Some(reason), _) => Err(*reason),
            (None, Some(stopwatch)) => stopwatch.time(|| estimator.remaining(input)),
            (None, None) => estimator.remaining(input),
        }
    }

    /// Asks everybody, and tells what ours have said.
    pub fn ask_all(&mut self, query: &Query) -> [Estimate; OURS] {
        let estimates = Algorithm::ALL.map(|it| self.ask(it.estimator(), query));
        for (model, estimate) in self.ours.iter_mut().zip(estimates) {
            model.take(estimate, query.at);
        }
        let plugin_algorithms: Vec<_> = self.plugin_algorithms().cloned().collect();
        for algorithm in plugin_algorithms {
            self.ask_plugin(&algorithm, query);
        }
        estimates
    }

    /// Asks one of the plugin algorithms.
    pub fn ask_plugin(&mut self, algorithm: &PluginAlgorithm, query: &Query) {
        let estimate = self.ask(algorithm, query);
        if let Some(model) = self.plugin_states.model_mut(algorithm.key()) {
            model.take(estimate, query.at);
        }
    }

    /// Takes note of what is shown of everybody at `time` (s), and tells ours.
    pub fn note(&mut self, time: f64) -> [Option<f64>; OURS] {
        self.plugin_states.note(time);
        self.ours.map(|model| model.eta().remaining(time))
    }

    /// How wrong each plugin algorithm was on the transient that ended at `arrival` (s).
    pub fn errors(&self, arrival: f64) -> impl Iterator<Item = (AlgorithmKey, [f64; 1])> {
        self.plugin_states.errors(arrival)
    }

    fn models_mut(&mut self) -> impl Iterator<Item = &mut ModelState> {
        self.ours.iter_mut().chain(self.plugin_states.models_mut())
    }
}

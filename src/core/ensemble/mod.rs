//! All algorithms of one heater: queried together, scored together, one is shown.

mod divergence;
mod eta_filter;
mod model_state;
mod predictions;
mod registry;
mod scorecard;
mod scores;
mod stopwatch;

use std::rc::Rc;

use crate::core::input::AlgorithmKey;
use crate::core::model::{EstimatorInput, Reason, Remaining};
use crate::core::settings::Settings;
use predictions::{Prediction, Predictions};

pub use eta_filter::TIMEOUT;
pub use model_state::{Conditions, ModelState};
pub use registry::{Algorithm, MAX_ALGORITHMS, RegisterError, Registry, key_of_setting};
pub use scorecard::{PREDICTED, Scorecard, ScoredTransient, WAY};
pub use scores::{Score, Scores};
pub use stopwatch::{Stopwatch, Times};

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

/// One algorithm of one heater.
#[derive(Debug, Clone)]
struct Member {
    algorithm: Rc<Algorithm>,
    model: ModelState,
    /// Its newest estimate, if there is one.
    newest: Option<Remaining>,
    predictions: Predictions,
    /// Whether it was registered during the transient: its estimates of the rest are not comparable
    /// with those that others made of the whole.
    late: bool,
}

impl Member {
    fn new(algorithm: &Rc<Algorithm>, reason: Reason) -> Self {
        Self {
            algorithm: Rc::clone(algorithm),
            model: ModelState::none(reason),
            newest: None,
            predictions: Predictions::default(),
            late: true,
        }
    }

    fn query(&mut self, query: &Query, stopwatch: Option<&Stopwatch>) {
        if let Some(reason) = query.refused {
            self.newest = None;
            self.model.refuse(reason);
            return;
        }
        let remaining = || self.algorithm.estimator().remaining(&query.input);
        let estimate = match stopwatch {
            Some(stopwatch) => stopwatch.time(remaining),
            None => remaining(),
        };
        self.newest = estimate.ok();
        self.model.take(estimate, query.at);
    }
}

/// All algorithms of one heater.
#[derive(Debug, Clone)]
pub struct Ensemble {
    members: Vec<Member>,
    stopwatch: Option<Rc<Stopwatch>>,
}

impl Ensemble {
    /// The algorithms of `registry`, without an estimate for `reason` until the first query.
    #[must_use]
    pub fn new(registry: &Registry, reason: Reason) -> Self {
        let member = |algorithm| Member::new(algorithm, reason);
        Self {
            members: registry.iter().map(member).collect(),
            stopwatch: None,
        }
    }

    /// Times estimates with `stopwatch`; `None` stops that.
    pub fn set_timing(&mut self, stopwatch: Option<Rc<Stopwatch>>) {
        self.stopwatch = stopwatch;
    }

    /// Uses the algorithms of `registry` from now on. New ones are queried with `query`; without
    /// one they have no estimate for `reason`.
    pub fn use_registry(&mut self, registry: &Registry, reason: Reason, query: Option<&Query>) {
        let mut known = std::mem::take(&mut self.members);
        for algorithm in registry.iter() {
            let same = |it: &Member| Rc::ptr_eq(&it.algorithm, algorithm);
            self.members
                .push(if let Some(place) = known.iter().position(same) {
                    known.remove(place)
                } else {
                    let mut new = Member::new(algorithm, reason);
                    if let Some(query) = query {
                        new.query(query, self.stopwatch.as_deref());
                    }
                    new
                });
        }
    }

    /// Begins a new transient. There are no estimates for `reason` until the next query.
    pub fn begin(&mut self, reason: Reason) {
        self.clear(reason);
        for member in &mut self.members {
            member.predictions = Predictions::default();
            member.late = false;
        }
    }

    /// Clears all estimates; there is none for `reason` until the next query.
    pub fn clear(&mut self, reason: Reason) {
        for member in &mut self.members {
            member.model = ModelState::none(reason);
        }
    }

    /// Clears all estimates but keeps the reasons why there were none.
    pub fn restart(&mut self) {
        for member in &mut self.members {
            member.model.restart();
        }
    }

    /// What is shown of the algorithm `key`, or of the default one while that is not registered.
    #[must_use]
    pub fn shown(&self, key: AlgorithmKey) -> Option<&ModelState> {
        self.shown_member(key).map(|it| &it.model)
    }

    /// When the shown algorithm first gave a remaining time in the transient, and which one, in
    /// seconds.
    #[must_use]
    pub fn first_shown(&self, key: AlgorithmKey) -> Option<(f64, f64)> {
        self.shown_member(key)?.predictions.first()
    }

    fn shown_member(&self, key: AlgorithmKey) -> Option<&Member> {
        let chosen = self.member(key);
        chosen.or_else(|| self.member(Settings::default().algorithm))
    }

    /// The newest estimate of the algorithm `key`, if it has one.
    #[must_use]
    pub fn newest(&self, key: AlgorithmKey) -> Option<Remaining> {
        self.member(key)?.newest
    }

    fn member(&self, key: AlgorithmKey) -> Option<&Member> {
        self.members.iter().find(|it| it.algorithm.key() == key)
    }

    /// Queries all algorithms.
    pub fn query(&mut self, query: &Query) {
        for member in &mut self.members {
            member.query(query, self.stopwatch.as_deref());
        }
    }

    /// Lets the countdowns run on at `time` (s), as nothing is heard of the heater.
    pub fn hold(&mut self, time: f64) {
        for member in &mut self.members {
            member.model.hold(time);
        }
    }

    /// Records what each algorithm shows at `time` (s), with intervals of `width` spreads on either side.
    pub fn note(&mut self, time: f64, width: f64) {
        for member in &mut self.members {
            member.predictions.add(Prediction {
                time,
                remaining: member.model.eta().remaining(time),
                interval: member.model.eta().interval(time, width),
            });
        }
    }

    /// Error of each algorithm that was there for the whole transient, which ended at `arrival` (s),
    /// as a share of its duration.
    pub fn errors(&self, arrival: f64) -> impl Iterator<Item = (AlgorithmKey, f64)> {
        let in_time = self.in_time();
        in_time.filter_map(move |it| Some((it.algorithm.key(), it.predictions.error(arrival)?)))
    }

    /// Adds to `scorecard` what each of these algorithms predicted in the transient that came from
    /// `start` and led to `setpoint` (°C).
    pub fn score(&self, arrival: f64, start: f64, setpoint: f64, scorecard: &mut Scorecard) {
        let mut transient: ScoredTransient = [0.0; _];
        let (way, predicted) = transient.split_at_mut(WAY);
        let mut longest = 0.0_f64;
        for (place, it) in predicted.chunks_exact_mut(PREDICTED).zip(self.in_time()) {
            let predictions = &it.predictions;
            let duration = predictions.duration(arrival).unwrap_or_default();
            let error = predictions.error(arrival).unwrap_or_default() * duration;
            let [first, second, third] = predictions.at_moments(arrival);
            place.copy_from_slice(&[it.algorithm.key().number(), error, first, second, third]);
            longest = longest.max(duration);
        }
        way.copy_from_slice(&[arrival, start, setpoint, longest]);
        if longest > 0.0 {
            scorecard.add(transient);
        }
    }

    /// Those that were there for the whole transient.
    fn in_time(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|it| !it.late)
    }

    /// Share of the intervals of the algorithm `key` that missed, if the transient ended at `arrival` (s)
    /// and it gives any.
    #[must_use]
    pub fn missed(&self, key: AlgorithmKey, arrival: f64) -> Option<f64> {
        self.member(key)?.predictions.missed(arrival)
    }
}

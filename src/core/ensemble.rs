//! All algorithms at one heater, ours and guests: asked together, heard one by one.

use std::rc::Rc;

use super::diagnostics::Stopwatch;
use super::estimator::{Algorithm, Estimate, Estimator, EstimatorInput, Reason};
use super::guests::{Guest, GuestKey};
use super::model_state::{Conditions, ModelState};
use super::settings::Settings;
use super::visit::Visits;

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
    visits: Visits,
    stopwatch: Option<Rc<Stopwatch>>,
}

impl Ensemble {
    /// Ours, which say nothing for `reason` until they are asked.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self {
            ours: [ModelState::none(reason); OURS],
            visits: Visits::default(),
            stopwatch: None,
        }
    }

    /// Has estimates timed by `stopwatch`, or not.
    pub fn watch(&mut self, stopwatch: Option<Rc<Stopwatch>>) {
        self.stopwatch = stopwatch;
    }

    /// Lets `guest` in, in place of the one that was called so; until it is asked, it says
    /// nothing for `reason`.
    pub fn host(&mut self, guest: &Rc<Guest>, reason: Reason) {
        self.visits.host(Rc::clone(guest), reason);
    }

    /// Lets a guest go, if it is there.
    pub fn dismiss(&mut self, key: GuestKey) {
        self.visits.dismiss(key);
    }

    /// The guests, in the order in which they came.
    pub fn guests(&self) -> impl Iterator<Item = &Rc<Guest>> {
        self.visits.guests()
    }

    /// A transient begins, and everybody is there.
    pub fn begin(&mut self) {
        self.visits.begin();
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

    /// What is shown: what the chosen guest says, if it is there, or else one of ours.
    #[must_use]
    pub fn shown(&self, settings: &Settings) -> Option<&ModelState> {
        let guest = settings.guest.and_then(|key| self.visits.model(key));
        guest.or_else(|| self.ours.get(settings.algorithm as usize))
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
        let guests: Vec<_> = self.guests().cloned().collect();
        for guest in guests {
            self.ask_guest(&guest, query);
        }
        estimates
    }

    /// Asks one of the guests.
    pub fn ask_guest(&mut self, guest: &Guest, query: &Query) {
        let estimate = self.ask(guest, query);
        if let Some(model) = self.visits.model_mut(guest.key()) {
            model.take(estimate, query.at);
        }
    }

    /// Takes note of what is shown of everybody at `time` (s), and tells ours.
    pub fn note(&mut self, time: f64) -> [Option<f64>; OURS] {
        self.visits.note(time);
        self.ours.map(|model| model.eta().remaining(time))
    }

    /// How wrong each guest was on the transient that ended at `arrival` (s).
    pub fn errors(&self, arrival: f64) -> impl Iterator<Item = (GuestKey, [f64; 1])> {
        self.visits.errors(arrival)
    }

    fn models_mut(&mut self) -> impl Iterator<Item = &mut ModelState> {
        self.ours.iter_mut().chain(self.visits.models_mut())
    }
}

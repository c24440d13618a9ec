//! Follows one heater: a sample passes through the outlier gate, the phase, the transient and the
//! algorithms; a row shows what has come of it.

mod row;
mod stages;

use std::rc::Rc;

use super::arrival_latch::ArrivalLatch;
use super::observation::Observation;
use super::state::HeaterState;
use super::transient::{Transient, TransientStart};
use crate::core::ensemble::{Ensemble, Registry, Stopwatch};
use crate::core::input::{HeaterId, Sample};
use crate::core::model::{DEFAULT_AMBIENT, Reason};
use crate::core::phase::{Goal, Phase, Soak, Thresholds, to_ambient};
use crate::core::readings::{History, OutlierGate};
use crate::core::settings::Settings;

/// Follows one heater from sample to sample.
#[derive(Debug, Clone)]
pub struct Tracker {
    heater: HeaterId,
    gate: OutlierGate,
    observation: Observation,
    transient: Transient,
    ensemble: Ensemble,
    state: HeaterState,
    borrowed: Option<Box<HeaterState>>,
    /// Ambient temperature in °C, if it is known.
    ambient: Option<f64>,
    /// When the last sample came, unless the clock was set since.
    last_seen: Option<f64>,
    latch: ArrivalLatch,
    soak: Soak,
}

/// What a sample has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SampleOutcome {
    /// Something was learned.
    pub learned: bool,
    /// The heater has reached its goal.
    pub arrived: Option<Course>,
    /// Its heat soak is complete.
    pub soaked: Option<Course>,
    /// It does not get warmer any more.
    pub stalled: Option<Course>,
}

/// How long something took, in seconds, as far as that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Course {
    /// From the change of the target or the begin of the soak until now.
    pub duration: Option<f64>,
    /// How long the whole was first shown to take.
    pub predicted: Option<f64>,
}

impl Tracker {
    /// A tracker for `heater`, whose first sample is `sample`, with its stored state, the
    /// ambient temperature (°C), if it is known, and the algorithms of `registry`.
    #[must_use]
    pub fn new(
        heater: HeaterId,
        sample: Sample,
        state: HeaterState,
        ambient: Option<f64>,
        registry: &Registry,
        settings: &Settings,
    ) -> Self {
        let thresholds = Thresholds::of(&heater, ambient.unwrap_or(DEFAULT_AMBIENT), settings);
        let phase = Phase::begin(sample.actual, sample.target, false, thresholds);
        let transient = Transient::begin(TransientStart {
            heater: &heater,
            phase,
            sample,
            before: None,
            history: &History::default(),
            state: &state,
            setpoint: thresholds.setpoint(sample.target),
            ambient,
            to_ambient: to_ambient(sample, settings),
            seen: false,
        });
        let mut tracker = Self {
            heater,
            gate: OutlierGate::default(),
            observation: Observation::from(sample),
            ensemble: Ensemble::new(registry, unasked(phase)),
            state,
            borrowed: None,
            transient,
            ambient,
            last_seen: Some(sample.time),
            latch: ArrivalLatch::after(phase),
            soak: Soak::default(),
        };
        let first = tracker.observation.step(sample);
        tracker.estimate(&first, settings);
        tracker
    }

    /// Takes the next sample, beside which the printer reports new values of `others` or not.
    pub fn ingest(&mut self, sample: Sample, others: bool, settings: &Settings) -> SampleOutcome {
        let step = self.observation.step(sample);
        let mut outcome = SampleOutcome::default();
        self.observation
            .history
            .set_capacity(settings.most_readings());
        if self.admits(&step) {
            self.bridge_gap(&step);
            self.observation.measure_interval(&step);
            self.transient.widen(sample.actual);
            self.hear(&step, others);
            let phase = self.next_phase(&step, settings);
            let course = self.course(sample.time, settings);
            let arrived = self.arrives(&step, phase, settings);
            outcome.arrived = arrived.then_some(course);
            outcome.stalled = self.latch.stalls(phase).then_some(course);
            let before = self.transient.phase;
            outcome.learned = self.proceed(&step, phase, settings);
            outcome.soaked = self.follow_soak(&step, before, settings);
            self.observation.last = sample;
            self.estimate(&step, settings);
        }
        self.last_seen = Some(sample.time);
        outcome
    }

    /// Forgets the readings and starts the countdown anew, from the phase it is in: the
    /// time stamps to come are ahead of those so far by `jump` (s). The soak goes on: after a sleep it
    /// takes too long, unless the history has its begin, but never too short.
    pub fn restart(&mut self, jump: f64) {
        self.soak.shift(jump);
        self.observation.history.clear();
        self.last_seen = None;
        self.ensemble.clear(unasked(self.transient.phase));
    }

    /// Follows changed settings: estimates made with those `before` are cleared.
    pub fn configure(&mut self, before: &Settings, settings: &Settings) {
        self.ensemble.restart();
        let led_to = self.threshold(before);
        let last = self.observation.last;
        let thresholds = self.thresholds(settings);
        let phase = self.transient.phase;
        self.transient.phase = phase.under(thresholds, last.actual, last.target);
        if self.threshold(settings) != led_to {
            self.transient.mark_unlearnable();
        }
        self.query(settings);
    }

    /// Uses the algorithms of `registry` from now on.
    pub fn use_registry(&mut self, registry: &Registry, settings: &Settings) {
        let query = |goal| {
            self.transient
                .compose_query(&self.observation, goal, settings)
        };
        let query = self.goal(settings).map(query);
        let reason = unasked(self.transient.phase);
        self.ensemble.use_registry(registry, reason, query.as_ref());
    }

    /// Uses `state` from now on, and nothing borrowed.
    pub fn load(&mut self, state: HeaterState) {
        self.state = state;
        self.borrowed = None;
        self.transient.set_prior(&self.state);
    }

    /// Uses the learned model of a similar heater until there is one of its own.
    pub fn borrow(&mut self, state: &HeaterState) {
        self.borrowed = Some(Box::new(state.clone()));
    }

    /// Times its estimates with `stopwatch`; `None` stops that.
    pub fn set_timing(&mut self, stopwatch: Option<Rc<Stopwatch>>) {
        self.ensemble.set_timing(stopwatch);
    }

    /// Compares the state with the server's time, in seconds.
    pub fn see(&mut self, server_time: f64) {
        self.state.see(server_time);
    }

    /// Sets the ambient temperature, in °C.
    pub fn set_ambient(&mut self, ambient: Option<f64>) {
        self.ambient = ambient;
    }

    /// The heater that is followed.
    #[must_use]
    pub fn heater(&self) -> &HeaterId {
        &self.heater
    }

    /// What is kept of the heater.
    #[must_use]
    pub fn state(&self) -> &HeaterState {
        &self.state
    }

    /// What is kept of the heater when it is not followed any more.
    #[must_use]
    pub fn into_state(self) -> HeaterState {
        self.state
    }

    /// The present phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.transient.phase
    }

    /// Whether it is at its target, and `soaked` if it is to be; `None` if it has no target.
    #[must_use]
    pub fn is_ready(&self, soaked: bool) -> Option<bool> {
        let soaks = soaked && self.soak.is_in_progress();
        let ready = self.phase() == Phase::AtTarget && !soaks;
        (self.observation.last.target > 0.0).then_some(ready)
    }

    /// Temperature at which its transient ends, in °C, if it has one.
    #[must_use]
    pub fn threshold(&self, settings: &Settings) -> Option<f64> {
        self.goal(settings).map(|goal| goal.threshold)
    }

    /// How many readings its history has.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.observation.history.len()
    }

    fn thresholds(&self, settings: &Settings) -> Thresholds {
        let ambient = self.ambient.unwrap_or(DEFAULT_AMBIENT);
        Thresholds::of(&self.heater, ambient, settings)
    }

    fn goal(&self, settings: &Settings) -> Option<Goal> {
        let thresholds = self.thresholds(settings);
        Goal::of(self.transient.phase, self.observation.last, thresholds)
    }
}

/// Why there is no estimate before the first query in `phase`.
fn unasked(phase: Phase) -> Reason {
    if phase.has_goal() {
        Reason::Measuring
    } else {
        Reason::NoGoal
    }
}

#[cfg(test)]
mod tests;

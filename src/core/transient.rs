//! One heat-up or cool-down, from a target change to its end.

use super::estimator::{EstimatorInput, Remaining};
use super::fit::Line;
use super::goal::{Goal, to_ambient};
use super::heater_state::HeaterState;
use super::history::{GAP, History, Point};
use super::learning::CompletedTransient;
use super::phase::{Phase, Range};
use super::plant::{DEFAULT_AMBIENT, HeaterPrior, Plant, SensorLag};
use super::sample::{HeaterId, Sample};
use super::scorecard::{Prediction, Predictions};
use super::settings::Settings;
use super::trajectory::{Start, Trajectory};

/// How far back the slope before a change is measured, in seconds, and from how many
/// readings at most.
const SLOPE_WINDOW: f64 = 12.0;
const SLOPE_READINGS: usize = 3;

/// Longest time between two reports in which a change can be placed, in seconds.
const REPORTS: f64 = 10.0;

/// How far below its set point the ambient of a cooling heater is assumed to be at least, in °C:
/// otherwise it would never get there.
const BELOW_SETPOINT: f64 = 4.0;

/// How long the temperature may go on in the old direction, in lags.
const CARRIED: f64 = 3.0;

/// How near in time an arrival must be to one that was learned from to be the same, in
/// seconds: a history that is sent again has other fractions of seconds.
const SAME_ARRIVAL: f64 = 5.0;

/// A heat-up, a cool-down or the rest between them.
#[derive(Debug, Clone)]
pub struct Transient {
    /// The present phase.
    pub phase: Phase,
    /// Coldest and warmest temperature so far.
    pub range: Range,
    /// The readings so far.
    pub trajectory: Trajectory,
    /// What is expected of the heater.
    pub plant: Plant,
    /// What would be expected without the learned model, if there is one.
    untrained: Option<Plant>,
    /// The first estimates with the learned model and without, in seconds, and when they were made.
    first: Option<(f64, f64, f64)>,
    predictions: Predictions,
    learnable: bool,
}

/// The situation at the start of a transient.
#[derive(Debug, Clone, Copy)]
pub struct TransientStart<'a> {
    /// The heater.
    pub heater: &'a HeaterId,
    /// The phase that begins.
    pub phase: Phase,
    /// The first reading of the transient.
    pub sample: Sample,
    /// The sample before, if the target has changed since.
    pub before: Option<Sample>,
    /// Readings before.
    pub history: &'a History,
    /// The state of the heater, or of a similar one.
    pub state: &'a HeaterState,
    /// Set point in °C.
    pub setpoint: f64,
    /// Ambient temperature in °C, if it is known.
    pub ambient: Option<f64>,
    /// Whether the ambient temperature is the set point.
    pub to_ambient: bool,
    /// Whether the change was observed: the very first sample may be from any moment of a
    /// transient.
    pub seen: bool,
}

/// The newest readings of the heater.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Readings since the target changed.
    pub history: History,
    /// The newest sample.
    pub last: Sample,
    /// Seconds between reports.
    pub interval: f64,
}

impl Transient {
    /// Begins a transient.
    #[must_use]
    pub fn begin(at: TransientStart) -> Self {
        let TransientStart { sample, .. } = at;
        let heating = at.phase.heats();
        let prior = HeaterPrior::of(at.heater, heating);
        let elapsed = at.before.map(|before| sample.time - before.time);
        let recent = |elapsed: &f64| at.seen && (0.0..=REPORTS).contains(elapsed);
        let slope_before = elapsed
            .filter(recent)
            .and_then(|elapsed| slope(at.history, sample.time - elapsed));
        let mut start = Start {
            begun: sample.time,
            temperature: sample.actual,
            slope_before,
            seen: at.seen,
            direction: if heating { 1.0 } else { -1.0 },
        };
        let learned_model = at.state.learned_model(heating);
        let ambient = if at.to_ambient {
            at.setpoint
        } else {
            let ambient = learned_model
                .ambient()
                .or(at.ambient)
                .unwrap_or(DEFAULT_AMBIENT);
            ambient.min(at.setpoint - BELOW_SETPOINT)
        };
        let plant = Plant::new(prior, learned_model, &start, ambient);
        // A sample made because the target was set repeats the reading before it at
        // that moment; otherwise the change was some time since the last report.
        let before = at.before.filter(|before| {
            before.actual.to_bits() != sample.actual.to_bits()
                && recent(&(sample.time - before.time))
        });
        if let Some(before) = before {
            let elapsed = sample.time - before.time;
            let carried = slope_before.unwrap_or(0.0) * elapsed;
            let moved = (sample.actual - before.actual - carried) * start.direction;
            let unmoved = SensorLag {
                deficit: 1.0,
                ..plant.sensor_lag
            };
            start.begun -= unmoved.onset(plant.start_rate(sample.actual), moved, elapsed);
        }
        let settling = CARRIED * plant.sensor_lag.lag;
        let untrained = (!learned_model.is_empty()).then(|| {
            let nothing = HeaterState::default();
            Plant::new(prior, nothing.learned_model(heating), &start, ambient)
        });
        Self {
            phase: at.phase,
            range: Range::from(sample.actual),
            trajectory: Trajectory::new(start, sample.time, prior.spacing, settling),
            plant,
            untrained,
            first: None,
            predictions: Predictions::default(),
            learnable: at.seen && elapsed.is_some_and(|elapsed| (0.0..=GAP).contains(&elapsed)),
        }
    }

    /// Goes on from `point` after a gap or a set clock, by which the transient began at `begun`
    /// (s): the readings before are no evidence any more, and nothing will be learned.
    pub fn resume(&mut self, point: Point, begun: f64) {
        self.learnable = false;
        let start = Start {
            begun,
            temperature: point.temperature,
            ..self.trajectory.start()
        };
        let (spacing, lag) = (self.plant.prior().spacing, self.plant.sensor_lag.lag);
        self.trajectory = Trajectory::new(start, point.time, spacing, CARRIED * lag);
        self.predictions = Predictions::default();
    }

    /// Expects what `state` holds from now on: that of another printer, or from another page.
    pub fn set_prior(&mut self, state: &HeaterState) {
        let (prior, start) = (self.plant.prior(), self.trajectory.start());
        let learned_model = state.learned_model(self.plant.heating());
        self.plant = Plant::new(prior, learned_model, &start, self.plant.ambient());
        (self.untrained, self.first) = (None, None);
    }

    /// Excludes the transient from learning: its threshold has changed meanwhile.
    pub fn mark_unlearnable(&mut self) {
        self.learnable = false;
    }

    /// What an estimator is given, with `plant` as the model.
    #[must_use]
    pub fn input<'a>(
        &'a self,
        plant: &'a Plant,
        observation: &'a Observation,
        goal: Goal,
        settings: &Settings,
    ) -> EstimatorInput<'a> {
        EstimatorInput {
            history: &observation.history,
            trajectory: &self.trajectory,
            plant,
            setpoint: goal.setpoint,
            threshold: goal.threshold,
            heating: self.phase.heats(),
            min_rate: settings.min_rate,
            interval: observation.interval,
            asymptote: to_ambient(observation.last, settings).then_some(goal.setpoint),
            cooling_window: settings.cooldown.fit_window_seconds,
        }
    }

    /// What would be expected without the learned model, until a first estimate was made with it.
    #[must_use]
    pub fn untrained(&self) -> Option<&Plant> {
        self.untrained.as_ref().filter(|_| self.first.is_none())
    }

    /// Records the first estimates with the learned model and without, made at `time` (s).
    pub fn compare(&mut self, with: Remaining, without: Remaining, time: f64) {
        self.first = Some((with.seconds, without.seconds, time));
    }

    /// Records what was predicted.
    pub fn note(&mut self, prediction: Prediction) {
        self.predictions.add(prediction);
    }

    /// Learns from this transient, which has just reached `threshold` (°C) between the samples
    /// `before` and `last`; returns when that was (s), if it was learned from.
    pub fn complete(
        &self,
        state: &mut HeaterState,
        before: Sample,
        last: Sample,
        threshold: f64,
        setpoint: f64,
    ) -> Option<f64> {
        let share = (threshold - before.actual) / (last.actual - before.actual);
        let share = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            1.0
        };
        let arrival = before.time + share * (last.time - before.time);
        if !self.learnable || arrival < state.until + SAME_ARRIVAL {
            return None;
        }
        let completed = CompletedTransient {
            plant: &self.plant,
            trajectory: &self.trajectory,
            setpoint,
            threshold,
            arrival,
        };
        if let Some(errors) = self.predictions.errors(arrival) {
            state.scorecard.add(errors);
        }
        let learned_model = state.learned_model_mut(self.plant.heating());
        if let Some((with, without, time)) = self.first {
            learned_model.check(with, without, arrival - time);
        }
        if learned_model.learn(&completed)
            && let Some(surprise) = self.predictions.surprise(arrival)
        {
            learned_model.calibrate(surprise);
        }
        state.date(arrival);
        Some(arrival)
    }
}

/// How the temperature was moving at `time` (s), in °C/s.
fn slope(history: &History, time: f64) -> Option<f64> {
    Line::fit(history.recent(time, SLOPE_WINDOW, SLOPE_READINGS)).map(|line| line.rate)
}

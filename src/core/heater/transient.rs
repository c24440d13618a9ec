//! One heat-up or cool-down, from a target change to its end.

use super::observation::Observation;
use super::state::HeaterState;
use crate::core::ensemble::{Conditions, Query};
use crate::core::input::{HeaterId, Sample};
use crate::core::learning::{CompletedTransient, LearnedModel};
use crate::core::math::{Line, Point};
use crate::core::model::{
    DEFAULT_AMBIENT, EstimatorInput, HeaterPrior, LEARNER, Plant, Reason, Remaining, SensorLag,
};
use crate::core::phase::{Goal, Phase, Plateau, Range, Trend, to_ambient};
use crate::core::readings::{GAP, History, STANDSTILL_SHOWS, Start, Trajectory};
use crate::core::settings::Settings;

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

/// How far a heater must have come, in °C, to level off rather than not to get warmer at all: as far
/// as a heat-up that is counted down.
const CAME_FAR: f64 = 5.0;

/// How far it may have fallen back from there, in °C: more is no level, less would be noise.
const FELL_BACK: f64 = 3.0;

/// Longest lag that excuses a standstill, in seconds. Slow sensors of chambers are often on a fan, not
/// a heater.
const MOST_LAG: f64 = 8.0;

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
    /// Where they end.
    plateau: Plateau,
    /// Temperature at which it has stalled last, in °C.
    pub stalled_at: f64,
    /// Whether it had come far when it stalled, and levels off.
    levels_off: bool,
    /// Whether it is to get cooler and has not begun to.
    stands_still: bool,
    /// When a heater without a target was last seen to get warmer, in seconds.
    pub risen_at: f64,
    /// How far it was from the set point at first, in °C.
    rise: f64,
    /// What is expected of the heater.
    pub plant: Plant,
    /// Half the width of the 80 % interval, in spreads.
    pub interval_half_width: f64,
    /// What would be expected without the learned model, if there is one.
    untrained: Option<Plant>,
    first: Option<FirstEstimates>,
    learnable: bool,
}

/// The first estimates of a transient, which show whether the learned model is of any use.
#[derive(Debug, Clone, Copy)]
pub struct FirstEstimates {
    /// With the learned model, in seconds.
    with: f64,
    /// Without it, in seconds.
    without: f64,
    /// When they were made, in seconds.
    time: f64,
}

/// What is expected of a heater of `prior` that starts so and has `rise` (°C) before it, with what was
/// learned from it.
fn expected(
    prior: &'static HeaterPrior,
    learned_model: &LearnedModel,
    start: &Start,
    ambient: f64,
    rise: f64,
) -> Plant {
    let corrections = learned_model.corrections(prior, start.temperature);
    Plant::new(prior, corrections, start, ambient)
        .over(rise)
        .recalling(learned_model.past(), start.temperature)
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
        let rise = (at.setpoint - sample.actual).abs();
        let plant = expected(prior, learned_model, &start, ambient, rise);
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
        let untrained = (!learned_model.is_blank())
            .then(|| Plant::new(prior, None, &start, ambient).over(rise));
        Self {
            phase: at.phase,
            range: Range::from(sample.actual),
            trajectory: Trajectory::new(
                start,
                sample.time,
                prior.spacing,
                settling,
                at.history.noise().unwrap_or(0.0),
            ),
            plateau: Plateau::new(sample.time, heating),
            stalled_at: sample.actual,
            levels_off: false,
            stands_still: false,
            risen_at: sample.time,
            rise,
            plant,
            untrained,
            first: None,
            interval_half_width: learned_model.interval_half_width(prior),
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
        let noise = self.trajectory.noise();
        self.trajectory = Trajectory::new(start, point.time, spacing, CARRIED * lag, noise);
        self.plateau = Plateau::new(begun, self.plant.heating());
    }

    /// Expects what `state` holds from now on: that of another printer, or from another page.
    pub fn set_prior(&mut self, state: &HeaterState) {
        let (prior, start) = (self.plant.prior(), self.trajectory.start());
        let learned_model = state.learned_model(self.plant.heating());
        self.plant = expected(
            prior,
            learned_model,
            &start,
            self.plant.ambient(),
            self.rise,
        );
        self.interval_half_width = learned_model.interval_half_width(prior);
        (self.untrained, self.first) = (None, None);
    }

    /// Excludes the transient from learning: its threshold has changed meanwhile.
    pub fn mark_unlearnable(&mut self) {
        self.learnable = false;
    }

    /// Adds a reading; the transient ends at `threshold` (°C), if it has a goal.
    pub fn push(&mut self, point: Point, threshold: Option<f64>) {
        self.trajectory.push(point);
        if let Some(threshold) = threshold {
            self.plateau.push(point, threshold);
        }
    }

    /// When the temperature should begin to move from `actual` (°C) at the latest, in seconds, and
    /// how fast, in °C/s.
    #[must_use]
    pub fn expected_begin(&self, actual: f64) -> Option<(f64, f64)> {
        let lag = CARRIED * self.plant.sensor_lag.lag;
        let begin = (self.trajectory.begun() + lag, self.plant.start_rate(actual));
        self.phase.heats().then_some(begin)
    }

    /// Takes `actual` (°C) into its range.
    pub fn widen(&mut self, actual: f64) {
        self.range = self.range.with(actual);
    }

    /// The temperature from which the transient leads to its end, in °C: a heater may be carried
    /// past where it was when its target changed, or sag further before it recovers.
    #[must_use]
    pub fn start(&self) -> f64 {
        if self.phase.heats() {
            self.range.coldest
        } else {
            self.range.warmest
        }
    }

    /// When it began, in seconds, if that was seen.
    #[must_use]
    pub fn seen_since(&self) -> Option<f64> {
        let start = self.trajectory.start();
        start.seen.then_some(start.begun)
    }

    /// Share of the way to `goal` that is done at `actual` (°C), 0 to 1.
    #[must_use]
    pub fn progress(&self, actual: f64, goal: Goal) -> f64 {
        let start = self.start();
        let share = (actual - start) / (goal.threshold - start);
        if share.is_nan() {
            0.0
        } else {
            share.clamp(0.0, 1.0)
        }
    }

    /// What the algorithms are queried with at the newest reading.
    #[must_use]
    pub fn compose_query<'a>(
        &'a self,
        observation: &'a Observation,
        goal: Goal,
        settings: &Settings,
    ) -> Query<'a> {
        let last = observation.last;
        // Until what it carries is warm, a heater that gets there slows down as well.
        let soaking = self.plant.prior().soak_tau;
        let since = last.time - self.trajectory.begun();
        let near = last.target - self.start() < settings.threshold_start;
        Query {
            input: EstimatorInput {
                history: &observation.history,
                trajectory: &self.trajectory,
                plant: &self.plant,
                setpoint: goal.setpoint,
                threshold: goal.threshold,
                heating: self.phase.heats(),
                min_rate: settings.min_rate,
                interval: observation.interval,
                asymptote: to_ambient(last, settings).then_some(goal.setpoint),
                cooling_window: settings.cooldown_fit_window_seconds,
            },
            refused: match self.phase {
                Phase::Heating if near => Some(Reason::NearTarget),
                Phase::Stalled if !self.levels_off => Some(Reason::NoProgress),
                Phase::Stalled => Some(Reason::LevelsOff),
                _ if self.plateau.ends_short() => Some(Reason::LevelsOff),
                Phase::Heating if observation.stands() && self.has_come_far(last.actual) => {
                    Some(Reason::LevelsOff)
                }
                Phase::Heating if observation.stands() => Some(Reason::NoProgress),
                Phase::Cooling if self.stands_still => Some(Reason::NoProgress),
                _ => None,
            },
            at: Conditions {
                time: last.time,
                soaked: self.phase.heats() && since > soaking,
                longest: settings.max_eta,
            },
        }
    }

    /// Takes note that it has stalled, at `actual` (°C).
    pub fn stall(&mut self, history: &History, actual: f64) {
        let now = Line::fit(history.points()).map_or(actual, |line| line.now);
        self.stalled_at = now;
        self.levels_off = self.has_come_far(now);
    }

    /// Judges from the newest readings whether it has begun to get cooler.
    pub fn judge(&mut self, observation: &Observation) {
        let history = &observation.history;
        self.stands_still = self.phase == Phase::Cooling
            && Trend::stands_still(history, self.range, self.stands_still);
    }

    /// Whether it should have moved long enough ago for a standstill to show, at `time` (s).
    #[must_use]
    pub fn should_have_moved(&self, time: f64) -> bool {
        let lag = self.plant.sensor_lag.lag.min(MOST_LAG);
        time - self.trajectory.begun() >= lag + STANDSTILL_SHOWS
    }

    /// Whether it has come far before it stood still, and still is there at `actual` (°C).
    fn has_come_far(&self, actual: f64) -> bool {
        self.range.warmest - self.range.coldest >= CAME_FAR
            && self.range.warmest - actual < FELL_BACK
    }

    /// The first estimates, if there is a learned model and they have not been made yet: `with` it,
    /// as it was made for `query`, and without it.
    #[must_use]
    pub fn first_estimates(
        &self,
        query: &Query,
        with: Option<Remaining>,
    ) -> Option<FirstEstimates> {
        let plant = self.untrained.as_ref()?;
        let with = with.filter(|_| self.first.is_none())?;
        let (_, learner) = LEARNER;
        let untrained = EstimatorInput {
            plant,
            ..query.input
        };
        Some(FirstEstimates {
            with: with.seconds,
            without: learner.remaining(&untrained).ok()?.seconds,
            time: query.at.time,
        })
    }

    /// Keeps the first estimates until it has turned out which was better.
    pub fn keep(&mut self, first: FirstEstimates) {
        self.first = Some(first);
    }

    /// When the transient reached `threshold` (°C), which was between the samples `before` and
    /// `last`, in seconds; `None` if it is no evidence, or is known to `state` already.
    #[must_use]
    pub fn arrival(
        &self,
        before: Sample,
        last: Sample,
        threshold: f64,
        state: &HeaterState,
    ) -> Option<f64> {
        let share = (threshold - before.actual) / (last.actual - before.actual);
        let share = if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            1.0
        };
        let arrival = before.time + share * (last.time - before.time);
        (self.learnable && arrival >= state.until + SAME_ARRIVAL).then_some(arrival)
    }

    /// Teaches `state` this transient, which has reached its goal at `arrival` (s). `missed` is
    /// the share of the learning algorithm's intervals that missed.
    pub fn teach(&self, state: &mut HeaterState, goal: Goal, arrival: f64, missed: Option<f64>) {
        let learned_model = state.learned_model_mut(self.plant.heating());
        if let Some(first) = self.first {
            learned_model.check(first.with, first.without, arrival - first.time);
        }
        let completed = CompletedTransient {
            plant: &self.plant,
            trajectory: &self.trajectory,
            setpoint: goal.setpoint,
            threshold: goal.threshold,
            arrival,
        };
        if learned_model.learn(&completed)
            && let Some(missed) = missed
        {
            learned_model.calibrate(missed);
        }
        state.date(arrival);
    }
}

/// How the temperature was moving at `time` (s), in °C/s.
fn slope(history: &History, time: f64) -> Option<f64> {
    Line::fit(history.recent(time, SLOPE_WINDOW, SLOPE_READINGS)).map(|line| line.rate)
}

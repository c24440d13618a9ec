//! One heater: history, phase, estimates, countdowns.

use std::rc::Rc;

use super::arrival::ArrivalLatch;
use super::diagnostics::Stopwatch;
use super::ensemble::{Ensemble, Query};
use super::estimator::{Algorithm, FEWEST_READINGS, Reason, recent};
use super::eta_filter::TIMEOUT;
use super::fit::Line;
use super::goal::{Goal, thresholds, to_ambient};
use super::heater_state::HeaterState;
use super::history::{GAP, History, Point, same};
use super::model_state::{Conditions, ModelState};
use super::phase::{COOLED_DOWN_FOR, Phase, Thresholds, Trend};
use super::plant::DEFAULT_AMBIENT;
use super::plugin_algorithms::{AlgorithmKey, PluginAlgorithm};
use super::sample::{HeaterId, Sample};
use super::scorecard::Prediction;
use super::settings::Settings;
use super::snapshot::{HeaterRow, Score};
use super::transient::{Observation, Transient, TransientStart};

/// How fast a reading may move to be accepted at once, in °C/s, and how far in any case, in
/// °C: the fastest heads heat by 16 °C/s. A sensor that is knocked jumps further.
const JUMP_RATE: f64 = 20.0;
const JUMP: f64 = 8.0;

/// Time between reports before there were two, in seconds: what most firmware does.
const USUAL_REPORTS: f64 = 2.0;

/// Longest time between reports, in seconds.
const SLOWEST_REPORTS: f64 = 20.0;

/// Follows one heater from sample to sample.
#[derive(Debug, Clone)]
pub struct Tracker {
    heater: HeaterId,
    observation: Observation,
    ensemble: Ensemble,
    state: HeaterState,
    borrowed: Option<Box<HeaterState>>,
    transient: Transient,
    suspect: bool,
    /// Ambient temperature in °C, if it is known.
    ambient: Option<f64>,
    /// When the last sample came, unless the clock was set since.
    last_seen: Option<f64>,
    latch: ArrivalLatch,
}

/// What a sample has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleOutcome {
    /// Something was learned.
    pub learned: bool,
    /// The heater has reached its goal.
    pub arrived: bool,
}

impl Tracker {
    /// A tracker for `heater`, whose first sample is `sample`, with its stored state and the
    /// ambient temperature (°C), if it is known.
    #[must_use]
    pub fn new(
        heater: HeaterId,
        sample: Sample,
        state: HeaterState,
        ambient: Option<f64>,
        settings: &Settings,
    ) -> Self {
        let thresholds = thresholds(&heater, ambient.unwrap_or(DEFAULT_AMBIENT), settings);
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
            observation: Observation {
                history: History::default(),
                last: sample,
                interval: USUAL_REPORTS,
            },
            ensemble: Ensemble::new(Reason::NoGoal),
            state,
            borrowed: None,
            transient,
            suspect: false,
            ambient,
            last_seen: None,
            latch: ArrivalLatch::after(phase),
        };
        tracker.restart();
        tracker.last_seen = Some(sample.time);
        tracker.follow(sample, settings);
        tracker
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

    /// Temperature at which its transient ends, in °C, if it has one.
    #[must_use]
    pub fn threshold(&self, settings: &Settings) -> Option<f64> {
        self.goal(settings).map(|goal| goal.threshold)
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

    /// Asks `algorithm` as well from now on, in place of the one that was called so.
    pub fn register(&mut self, algorithm: &Rc<PluginAlgorithm>, settings: &Settings) {
        self.ensemble.register(algorithm, self.unasked());
        if let Some(goal) = self.goal(settings) {
            let (refused, at) = self.conditions(self.observation.last.time, settings);
            let transient = &self.transient;
            let query = Query {
                input: transient.input(&transient.plant, &self.observation, goal, settings),
                refused,
                at,
            };
            self.ensemble.query_plugin(algorithm, &query);
        }
    }

    /// Unregisters a plugin algorithm.
    pub fn unregister(&mut self, key: AlgorithmKey) {
        self.ensemble.unregister(key);
    }

    /// Times its estimates with `stopwatch`; `None` stops that.
    pub fn set_timing(&mut self, stopwatch: Option<Rc<Stopwatch>>) {
        self.ensemble.set_timing(stopwatch);
    }

    /// How many readings its history has.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.observation.history.len()
    }

    /// Compares the state with the server's time, in seconds.
    pub fn see(&mut self, server_time: f64) {
        self.state.see(server_time);
    }

    /// Sets the ambient temperature, in °C.
    pub fn set_ambient(&mut self, ambient: Option<f64>) {
        self.ambient = ambient;
    }

    /// Takes the next sample.
    pub fn ingest(&mut self, sample: Sample, settings: &Settings) -> SampleOutcome {
        self.observation
            .history
            .set_capacity(settings.most_readings());
        let last = self.observation.last;
        let retargeted = !same(sample.target, last.target);
        if self.last_seen.is_none() {
            let elapsed = last.time - self.transient.trajectory.begun();
            self.transient.resume(point(sample), sample.time - elapsed);
        } else if self.jumps(sample, retargeted) {
            self.last_seen = Some(sample.time);
            return SampleOutcome::default();
        } else if sample.time - last.time > GAP && !retargeted {
            self.transient
                .resume(point(sample), self.transient.trajectory.begun());
        }
        let before = self.transient.phase;
        self.transient.range = self.transient.range.with(sample.actual);
        let phase = if retargeted {
            let heated = last.target > 0.0;
            Phase::begin(
                sample.actual,
                sample.target,
                heated,
                self.thresholds(settings),
            )
        } else {
            let trend = self.trend(sample);
            before.next(
                sample.actual,
                sample.target,
                trend,
                self.thresholds(settings),
            )
        };
        let for_long = sample.time - self.transient.trajectory.begun() > COOLED_DOWN_FOR;
        let phase = match phase {
            Phase::CooledDown if before == phase && for_long => Phase::Idle,
            phase => phase,
        };
        let repeated = retargeted && same(sample.actual, last.actual);
        let elapsed = sample.time - last.time;
        if !repeated && elapsed > 0.0 && elapsed <= SLOWEST_REPORTS {
            self.observation.interval = elapsed;
        }
        let mut outcome = SampleOutcome::default();
        if retargeted {
            self.latch = ArrivalLatch::after(phase);
        } else if let Some(goal) = self.goal(settings) {
            let distance = (goal.setpoint - self.start()).abs();
            let least = settings.threshold_start;
            outcome.arrived = self.latch.arrives(phase, distance, least);
        }
        if phase.heats() && before.heats() && !retargeted {
            if before == Phase::Stalled && phase == Phase::Heating {
                // The standstill is no evidence of how it goes on.
                self.transient
                    .resume(point(sample), self.transient.trajectory.begun());
            }
            self.transient.phase = phase;
        } else if retargeted || phase != before {
            if matches!(phase, Phase::AtTarget | Phase::CooledDown) && !retargeted {
                outcome.learned = self.arrive(sample, settings);
            }
            self.enter(phase, sample, retargeted.then_some(last), settings);
        }
        self.observation.last = sample;
        self.last_seen = Some(sample.time);
        if repeated {
            self.estimate(sample.time, settings);
        } else {
            self.follow(sample, settings);
        }
        outcome
    }

    /// Forgets the readings and starts the countdown anew, from the phase it is in: the
    /// time stamps to come have nothing to do with those so far.
    pub fn restart(&mut self) {
        self.observation.history.clear();
        self.last_seen = None;
        self.ensemble.clear(self.unasked());
    }

    /// Follows changed settings: estimates made with those `before` are cleared.
    pub fn configure(&mut self, before: &Settings, settings: &Settings) {
        self.ensemble.restart();
        let led_to = self.threshold(before);
        let cooled = self.thresholds(settings).cooled();
        let (actual, target) = (self.observation.last.actual, self.observation.last.target);
        let phase = match self.transient.phase {
            Phase::Cooling | Phase::CooledDown if target <= 0.0 && actual > cooled => {
                Phase::Cooling
            }
            Phase::Cooling if target <= 0.0 => Phase::CooledDown,
            same => same,
        };
        self.transient.phase = phase;
        if self.threshold(settings) != led_to {
            self.transient.mark_unlearnable();
        }
        self.estimate(self.observation.last.time, settings);
    }

    /// What the page shows at server time `now` (s).
    #[must_use]
    pub fn row(&self, now: f64, settings: &Settings) -> HeaterRow {
        let (phase, last) = (self.transient.phase, self.observation.last);
        let goal = self.goal(settings);
        let silent = self
            .last_seen
            .is_some_and(|last_seen| now - last_seen > TIMEOUT);
        let model = self.ensemble.shown(settings);
        let eta = model.map(ModelState::eta);
        let left = eta.and_then(|eta| eta.remaining(now));
        let remaining = left.filter(|left| *left <= settings.max_eta);
        let reason = match model {
            Some(_) if silent && goal.is_some() => Reason::NoRecentReading,
            Some(_) if left.is_some() => Reason::TooLong,
            Some(model) => model.reason(),
            None => Reason::NoGoal,
        };
        let calibration = self.transient.plant.learned_model().calibration();
        let rate = (self.observation.history.len() >= FEWEST_READINGS)
            .then(|| Line::fit(recent(&self.observation.history)))
            .flatten()
            .map(|line| line.rate);
        HeaterRow {
            heater: self.heater.clone(),
            phase,
            actual: last.actual,
            target: last.target,
            goal: goal.map(|goal| goal.setpoint),
            remaining,
            interval: eta
                .filter(|_| remaining.is_some() && self.knows_its_spread())
                .and_then(|eta| eta.interval(now, calibration)),
            reason: remaining.is_none().then_some(reason),
            rate,
            progress: goal.map(|goal| self.progress(goal)),
            scores: Score::of(&self.state, self.ensemble.plugin_algorithms()),
        }
    }

    /// Why there is no estimate before the first query.
    fn unasked(&self) -> Reason {
        if self.transient.phase.has_goal() {
            Reason::Measuring
        } else {
            Reason::NoGoal
        }
    }

    /// Whether the interval is worth showing: the prior of chambers is too vague for one.
    fn knows_its_spread(&self) -> bool {
        self.heater != HeaterId::Chamber || !self.transient.plant.learned_model().is_empty()
    }

    /// Whether a reading is so far off that the next one must confirm it.
    fn jumps(&mut self, sample: Sample, retargeted: bool) -> bool {
        let elapsed = sample.time - self.observation.last.time;
        let most = JUMP.max(JUMP_RATE * elapsed);
        let far = (sample.actual - self.observation.last.actual).abs() > most;
        self.suspect = far && !self.suspect && !retargeted && elapsed < GAP;
        self.suspect
    }

    fn trend(&self, sample: Sample) -> Trend {
        if sample.target > 0.0 {
            Trend::of_heating(&self.observation.history)
        } else {
            Trend::of_cooling(
                &self.observation.history,
                self.transient.range,
                sample.actual,
            )
        }
    }

    fn thresholds(&self, settings: &Settings) -> Thresholds {
        thresholds(
            &self.heater,
            self.ambient.unwrap_or(DEFAULT_AMBIENT),
            settings,
        )
    }

    fn goal(&self, settings: &Settings) -> Option<Goal> {
        Goal::of(
            self.transient.phase,
            self.observation.last,
            self.thresholds(settings),
        )
    }

    /// The temperature from which the transient leads to its end, in °C: a heater may be carried
    /// past where it was when its target changed, or sag further before it recovers.
    fn start(&self) -> f64 {
        if self.transient.phase.heats() {
            self.transient.range.coldest
        } else {
            self.transient.range.warmest
        }
    }

    fn progress(&self, goal: Goal) -> f64 {
        let start = self.start();
        let share = (self.observation.last.actual - start) / (goal.threshold - start);
        if share.is_nan() {
            0.0
        } else {
            share.clamp(0.0, 1.0)
        }
    }

    fn enter(&mut self, phase: Phase, sample: Sample, before: Option<Sample>, settings: &Settings) {
        let heating = phase.heats();
        let borrowed = self.borrowed.as_deref();
        let state = borrowed
            .filter(|_| self.state.learned_model(heating).is_empty())
            .unwrap_or(&self.state);
        self.transient = Transient::begin(TransientStart {
            heater: &self.heater,
            phase,
            sample,
            before,
            history: &self.observation.history,
            state,
            setpoint: self.thresholds(settings).setpoint(sample.target),
            ambient: self.ambient,
            to_ambient: to_ambient(sample, settings),
            seen: self.last_seen.is_some(),
        });
        self.ensemble.begin();
        self.observation.last = sample;
        self.restart();
        self.last_seen = Some(sample.time);
    }

    fn arrive(&mut self, sample: Sample, settings: &Settings) -> bool {
        let Some(goal) = self.goal(settings) else {
            return false;
        };
        self.transient.trajectory.push(point(sample));
        let before = self.observation.last;
        let learned_at = self.transient.complete(
            &mut self.state,
            before,
            sample,
            goal.threshold,
            goal.setpoint,
        );
        for (key, errors) in learned_at
            .into_iter()
            .flat_map(|at| self.ensemble.errors(at))
        {
            self.state.plugin_scores.add(key, errors);
        }
        learned_at.is_some()
    }

    /// Takes in a reading, if it is evidence.
    fn follow(&mut self, sample: Sample, settings: &Settings) {
        let point = point(sample);
        if self.observation.history.push(point) {
            if sample.time > self.transient.trajectory.newest().time {
                self.transient.trajectory.push(point);
            }
            if sample.target <= 0.0 {
                self.state.ambient.observe(&self.observation.history);
            }
            self.estimate(sample.time, settings);
        }
    }

    fn estimate(&mut self, time: f64, settings: &Settings) {
        let Some(goal) = self.goal(settings) else {
            return;
        };
        let (refused, at) = self.conditions(time, settings);
        let transient = &self.transient;
        let query = Query {
            input: transient.input(&transient.plant, &self.observation, goal, settings),
            refused,
            at,
        };
        let [.., adaptive] = self.ensemble.query_all(&query);
        let untrained = transient.untrained().map(|plant| {
            let adaptive = Algorithm::Adaptive.estimator();
            let input = transient.input(plant, &self.observation, goal, settings);
            let query = Query { input, ..query };
            self.ensemble.query(adaptive, &query)
        });
        if let (Ok(with), Some(Ok(without))) = (adaptive, untrained) {
            self.transient.compare(with, without, time);
        }
        if refused == Some(Reason::NearTarget) {
            return;
        }
        self.transient.note(Prediction {
            time,
            remaining: self.ensemble.note(time),
            spread: adaptive.ok().and_then(|it| it.spread),
        });
    }

    /// Why there is nothing to be estimated at `time` (s), if there is not, and how what is
    /// estimated is to be taken.
    fn conditions(&self, time: f64, settings: &Settings) -> (Option<Reason>, Conditions) {
        // Until what it carries is warm, a heater that gets there slows down as well.
        let soaking = self.transient.plant.prior().soak_tau;
        let since = time - self.transient.trajectory.begun();
        let at = Conditions {
            time,
            soaked: self.transient.phase.heats() && since > soaking,
            longest: settings.max_eta,
        };
        let near = self.observation.last.target - self.start() < settings.threshold_start;
        let refused = match self.transient.phase {
            Phase::Stalled => Some(Reason::NoProgress),
            Phase::Heating if near => Some(Reason::NearTarget),
            _ => None,
        };
        (refused, at)
    }
}

fn point(sample: Sample) -> Point {
    Point {
        time: sample.time,
        temperature: sample.actual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::settings::{Cooldown, CooldownMode};

    fn tracker(first: Sample) -> Tracker {
        let settings = Settings::default();
        Tracker::new(
            HeaterId::Bed,
            first,
            HeaterState::default(),
            None,
            &settings,
        )
    }

    /// Feeds `(seconds, actual, target)` and returns the row at the last of them.
    fn row(samples: &[(f64, f64, f64)]) -> HeaterRow {
        let mut samples = samples.iter().map(|&(time, actual, target)| Sample {
            time,
            actual,
            target,
        });
        let first = samples.next().unwrap();
        let mut tracker = tracker(first);
        let mut now = first.time;
        for sample in samples {
            now = sample.time;
            tracker.ingest(sample, &Settings::default());
        }
        tracker.row(now, &Settings::default())
    }

    fn climb(from: f64, target: f64, count: u32) -> Vec<(f64, f64, f64)> {
        (0..count)
            .map(|i| (f64::from(i) * 2.0, from + f64::from(i), target))
            .collect()
    }

    #[test]
    fn counts_down_to_the_limit_of_the_band() {
        let row = row(&climb(20.0, 60.0, 10));
        assert_eq!(row.phase, Phase::Heating);
        assert!(
            (row.remaining.unwrap() - 60.0).abs() < 1e-6,
            "30 °C at half a degree a second"
        );
        assert_eq!((row.reason, row.goal), (None, Some(60.0)));
        assert!((row.rate.unwrap() - 0.5).abs() < 1e-9);
        assert!((row.progress.unwrap() - 9.0 / 39.0).abs() < 1e-9);
    }

    #[test]
    fn a_target_change_forgets_the_old_transient_at_once() {
        let mut samples = climb(20.0, 60.0, 10);
        samples.push((19.0, 29.0, 80.0));
        let changed = row(&samples);
        assert_eq!(
            (changed.remaining, changed.reason),
            (None, Some(Reason::Measuring))
        );
        samples.extend([(20.0, 30.0, 80.0), (22.0, 31.0, 80.0)]);
        let repeated = row(&samples);
        assert_eq!(
            repeated.reason,
            Some(Reason::Measuring),
            "the repeated 29 °C is none"
        );
        samples.push((24.0, 32.0, 80.0));
        assert!(row(&samples).remaining.is_some());
    }

    #[test]
    fn a_short_transient_to_the_target_is_not_counted_but_a_begun_one_is_to_the_end() {
        let short = row(&climb(56.0, 60.0, 3));
        assert_eq!(
            (short.phase, short.reason),
            (Phase::Heating, Some(Reason::NearTarget))
        );
        let begun = row(&climb(20.0, 60.0, 39));
        assert!(
            (begun.remaining.unwrap() - 2.0).abs() < 0.1,
            "58 °C of 60 °C"
        );
    }

    #[test]
    fn a_heater_that_sags_and_recovers_is_counted_from_its_coldest() {
        let sag = |i: u32| (f64::from(i) * 2.0, 60.0 - 2.0 * f64::from(i), 60.0);
        let mut samples: Vec<_> = (0..15).map(sag).collect();
        let fallen = row(&samples);
        assert_eq!((fallen.phase, fallen.progress), (Phase::Heating, Some(0.0)));
        assert_eq!(fallen.reason, Some(Reason::MovingAway));
        samples.extend(
            climb(33.0, 60.0, 12)
                .into_iter()
                .map(|(t, y, g)| (t + 30.0, y, g)),
        );
        let recovering = row(&samples);
        assert!(
            (recovering.remaining.unwrap() - 30.0).abs() < 2.0,
            "{recovering:?}"
        );
        assert!(recovering.progress.unwrap() > 0.4);
    }

    #[test]
    fn a_heater_that_stops_loses_its_countdown_and_says_so() {
        let mut samples = climb(20.0, 100.0, 30);
        assert!(row(&samples).remaining.is_some());
        let mut stopped = |until: u32| {
            samples.push((f64::from(until), 49.0, 100.0));
            row(&samples)
        };
        let rows: Vec<_> = (60..180).step_by(3).map(&mut stopped).collect();
        assert_eq!(rows[10].remaining, None, "after 30 s");
        assert_eq!(
            rows[39].reason,
            Some(Reason::NoProgress),
            "after two minutes"
        );
    }

    #[test]
    fn the_last_degrees_keep_their_countdown_though_the_heater_slows_down() {
        let mut samples = climb(20.0, 60.0, 35);
        samples
            .extend((0..6).map(|i| (70.0 + f64::from(i) * 2.0, 54.1 + 0.1 * f64::from(i), 60.0)));
        let slow = row(&samples);
        assert!(slow.remaining.is_some(), "{slow:?}");
    }

    #[test]
    fn a_chamber_that_the_bed_warms_is_not_cooling() {
        let warmed: Vec<_> = (0..30)
            .map(|i| (f64::from(i) * 3.0, 30.0 + f64::from(i), 0.0))
            .collect();
        assert_eq!(row(&warmed).phase, Phase::Idle);
        let mut then = warmed;
        then.extend((0..8).map(|i| (90.0 + f64::from(i) * 3.0, 59.0 - 0.5 * f64::from(i), 0.0)));
        let cooling = row(&then);
        assert_eq!((cooling.phase, cooling.goal), (Phase::Cooling, Some(40.0)));
        assert!(cooling.remaining.is_some());
    }

    #[test]
    fn a_heater_switched_off_in_the_middle_cools_though_its_sensor_still_rises() {
        let mut samples = climb(100.0, 200.0, 30);
        samples.extend((0..6).map(|i| (60.0 + f64::from(i), 130.0 + f64::from(i), 0.0)));
        assert_eq!(row(&samples).phase, Phase::Cooling);
    }

    #[test]
    fn what_takes_too_long_says_so_until_the_clock_is_set() {
        let settings = Settings::default();
        let hot = Sample {
            time: -3.0,
            actual: 200.0,
            target: 200.0,
        };
        let mut tracker = tracker(hot);
        for i in 0..20 {
            let (time, fallen) = (f64::from(i) * 3.0, 0.03 * f64::from(i));
            tracker.ingest(
                Sample {
                    time,
                    actual: 200.0 - fallen,
                    target: 0.0,
                },
                &settings,
            );
        }
        let row = tracker.row(60.0, &Settings::default());
        assert_eq!((row.remaining, row.reason), (None, Some(Reason::TooLong)));
        tracker.restart();
        assert_eq!(
            tracker.row(4000.0, &Settings::default()).reason,
            Some(Reason::Measuring)
        );
    }

    #[test]
    fn a_silent_printer_leaves_a_blank_with_its_reason() {
        let mut tracker = tracker(Sample {
            time: 0.0,
            actual: 20.0,
            target: 60.0,
        });
        for (time, actual, target) in climb(20.0, 60.0, 10) {
            tracker.ingest(
                Sample {
                    time,
                    actual,
                    target,
                },
                &Settings::default(),
            );
        }
        assert!((tracker.row(30.0, &Settings::default()).remaining.unwrap() - 48.0).abs() < 1e-6);
        let silent = tracker.row(40.0, &Settings::default());
        assert_eq!(
            (silent.remaining, silent.reason),
            (None, Some(Reason::NoRecentReading))
        );
    }

    #[test]
    fn a_heater_too_weak_for_its_target_is_not_counted_down_for_ever() {
        let weak = |t: f64| 22.0 + 68.0 * (1.0 - (-t / 200.0).exp());
        let settings = Settings {
            algorithm: Algorithm::Adaptive,
            ..Settings::default()
        };
        let at = |time: f64| Sample {
            time,
            actual: weak(time),
            target: 100.0,
        };
        let mut tracker = tracker(at(0.0));
        let rows: Vec<_> = (1..900)
            .map(|i| {
                let time = 2.0 * f64::from(i);
                tracker.ingest(at(time), &settings);
                tracker.row(time, &settings)
            })
            .collect();
        assert!(rows[100].remaining.is_some());
        let levels_off = |row: &HeaterRow| row.reason == Some(Reason::LevelsOff);
        assert!(rows.iter().take(400).any(levels_off));
        let end = rows.last().unwrap();
        assert_eq!((end.phase, end.remaining), (Phase::Stalled, None));
        assert_eq!(end.reason, Some(Reason::NoProgress));
    }

    #[test]
    fn one_reading_far_off_must_be_confirmed() {
        let mut samples = climb(20.0, 100.0, 20);
        let before = row(&samples);
        samples.push((40.0, 95.0, 100.0));
        let held = row(&samples);
        assert!((held.actual - before.actual).abs() < 1e-9);
        assert!((held.remaining.unwrap() - before.remaining.unwrap()).abs() < 2.1);
        samples.push((42.0, 96.0, 100.0));
        assert!(
            (row(&samples).actual - 96.0).abs() < 1e-9,
            "it was no mistake"
        );
    }

    #[test]
    fn the_ambient_temperature_can_be_the_set_point() {
        let settings = Settings {
            cooldown: Cooldown {
                mode: CooldownMode::Ambient,
                ambient_temp: Some(21.0),
                ..Cooldown::default()
            },
            ..Settings::default()
        };
        let bed = |t: f64| 21.0 + 49.0 * (-t / 600.0).exp();
        let first = Sample {
            time: -2.0,
            actual: 70.0,
            target: 70.0,
        };
        let mut tracker = tracker(first);
        tracker.set_ambient(Some(21.0));
        for i in 0..90 {
            let time = 2.0 * f64::from(i);
            let sample = Sample {
                time,
                actual: bed(time),
                target: 0.0,
            };
            tracker.ingest(sample, &settings);
        }
        let row = tracker.row(178.0, &settings);
        assert_eq!((row.phase, row.goal), (Phase::Cooling, Some(21.0)));
        let truth = 600.0 * 49.0_f64.ln() - 178.0;
        let left = row.remaining.unwrap();
        assert!((left - truth).abs() < 0.03 * truth, "{left} of {truth}");
    }

    #[test]
    fn arrival_ends_the_countdown() {
        let row = row(&climb(20.0, 60.0, 41));
        assert_eq!((row.phase, row.remaining), (Phase::AtTarget, None));
        assert_eq!(
            (row.reason, row.goal, row.progress),
            (Some(Reason::NoGoal), None, None)
        );
    }

    #[test]
    fn a_heater_that_cooled_down_long_ago_is_off() {
        let mut samples = vec![(0.0, 60.0, 60.0), (2.0, 60.0, 0.0)];
        samples.extend((2..20).map(|i| (f64::from(i) * 2.0, 62.0 - f64::from(i) * 1.2, 0.0)));
        let held = |until: u32| {
            let rest = (20..until).map(|i| (f64::from(i) * 2.0, 38.0, 0.0));
            row(&[samples.clone(), rest.collect()].concat()).phase
        };
        assert_eq!(held(200), Phase::CooledDown);
        assert_eq!(held(400), Phase::Idle);
    }
}

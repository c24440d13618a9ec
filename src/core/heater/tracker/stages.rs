//! What a tracker does with a sample, stage by stage.

use super::{Course, Tracker, unasked};
use crate::core::heater::arrival_latch::ArrivalLatch;
use crate::core::heater::observation::Step;
use crate::core::heater::transient::{Transient, TransientStart};
use crate::core::input::{AlgorithmKey, Sample};
use crate::core::model::{LEARNER, Reason};
use crate::core::phase::{Climb, Phase, Thresholds, Trend, has_risen, to_ambient};
use crate::core::readings::GAP;
use crate::core::settings::{Settings, SoakPlan};

/// The key of the algorithm that uses what was learned.
const LEARNER_KEY: AlgorithmKey = AlgorithmKey::of(LEARNER.0);

impl Tracker {
    /// Whether the sample may pass. After the clock was set, and with a new target, there is
    /// nothing to compare it with.
    pub(super) fn admits(&mut self, step: &Step) -> bool {
        if step.retargeted {
            self.gate.open();
        }
        let comparable = self.last_seen.is_some() && !step.retargeted;
        !(comparable && self.gate.holds_back(step.sample, self.measured(step)))
    }

    /// Carries the transient over a set clock or a gap between two reports.
    pub(super) fn bridge_gap(&mut self, step: &Step) {
        let (sample, last) = (step.sample, self.measured(step));
        let begun = self.transient.trajectory.begun();
        if self.last_seen.is_none() {
            let elapsed = last.time - begun;
            self.transient.resume(step.point(), sample.time - elapsed);
        } else if sample.time - last.time > GAP && !step.retargeted {
            self.transient.resume(step.point(), begun);
        }
        if let Some(seen) = self.last_seen.filter(|seen| sample.time - seen > GAP) {
            self.soak.interrupt(sample.time - seen);
        }
    }

    /// The sample before, as of when its value was measured.
    fn measured(&self, step: &Step) -> Sample {
        let time = self.observation.repetition.measured(step.last.time);
        Sample { time, ..step.last }
    }

    /// Tells whether the sample is a measurement, or only repeats an old value.
    pub(super) fn hear(&mut self, step: &Step, others: bool) {
        let begin = self.transient.expected_begin(step.sample.actual);
        self.observation.hear(step, others, begin);
        if self.observation.repetition.hides_too_much() {
            self.transient.mark_unlearnable();
        }
    }

    /// The phase that the sample leads to.
    pub(super) fn next_phase(&mut self, step: &Step, settings: &Settings) -> Phase {
        let Sample { actual, target, .. } = step.sample;
        let thresholds = self.thresholds(settings);
        if step.retargeted {
            let heated = step.last.target > 0.0;
            return Phase::begin(actual, target, heated, thresholds);
        }
        let trend = if target > 0.0 {
            self.trend_towards(step, thresholds)
        } else {
            self.trend_without_target(step)
        };
        let lasted = step.sample.time - self.transient.trajectory.begun();
        let present = self.transient.phase.aged(lasted);
        present.next(actual, target, trend, thresholds)
    }

    fn trend_towards(&self, step: &Step, thresholds: Thresholds) -> Trend {
        let history = &self.observation.history;
        match self.transient.phase {
            Phase::Stalled => {
                Trend::of_stalled(history, self.transient.stalled_at, thresholds.band)
            }
            // A value that is merely repeated says nothing, nor does a sensor that trails behind.
            _ if step.unchanged || !self.transient.should_have_moved(step.sample.time) => {
                Trend::Rising
            }
            _ => Trend::of_heating(history, self.transient.range),
        }
    }

    fn trend_without_target(&mut self, step: &Step) -> Trend {
        let history = &self.observation.history;
        let Sample { time, actual, .. } = step.sample;
        let transient = &mut self.transient;
        let untargeted = transient.phase == Phase::Untargeted;
        if untargeted && has_risen(history) {
            transient.risen_at = time;
        }
        let climbs = |climb: Climb| {
            if untargeted {
                let fallen = transient.range.warmest - actual;
                climb.swings(time - transient.risen_at, fallen)
            } else {
                let off_for = time - transient.trajectory.begun();
                climb.climbs(history, step.point(), transient.range.coldest, off_for)
            }
        };
        if Climb::of(&self.heater).is_some_and(climbs) {
            Trend::Climbing
        } else {
            Trend::of_cooling(history, transient.range, actual)
        }
    }

    /// Whether the heater has reached its goal, which it does once per target.
    pub(super) fn arrives(&mut self, step: &Step, phase: Phase, settings: &Settings) -> bool {
        if step.retargeted {
            self.latch = ArrivalLatch::after(phase);
            return false;
        }
        if phase == Phase::Untargeted {
            self.latch = ArrivalLatch::after(phase);
        }
        self.goal(settings).is_some_and(|goal| {
            let distance = (goal.setpoint - self.transient.start()).abs();
            let least = settings.threshold_start;
            self.latch.arrives(phase, distance, least)
        })
    }

    /// How long the transient has taken at `time` (s), and was first shown to take.
    pub(super) fn course(&self, time: f64, settings: &Settings) -> Course {
        let begun = self.transient.seen_since();
        let first = self.ensemble.first_shown(settings.algorithm);
        Course {
            duration: begun.map(|begun| time - begun),
            predicted: begun
                .zip(first)
                .map(|(begun, (time, remaining))| time + remaining - begun),
        }
    }

    /// Follows the heat soak of the heater, which was in phase `before`; returns how long that took
    /// if it is complete.
    pub(super) fn follow_soak(
        &mut self,
        step: &Step,
        before: Phase,
        settings: &Settings,
    ) -> Option<Course> {
        let Sample { time, actual, .. } = step.sample;
        match (before, self.transient.phase) {
            (Phase::AtTarget, Phase::AtTarget) => {
                let apart = actual - step.sample.target;
                if apart > self.thresholds(settings).sag() {
                    self.soak.begin_again(time);
                }
            }
            (_, Phase::AtTarget) => self.soak.begin(time),
            _ => self.soak.end(),
        }
        let plan = settings.soak(&self.heater);
        let took = self.soak.observe(time, actual, plan)?;
        Some(Course {
            duration: Some(took),
            predicted: match plan? {
                SoakPlan::For(seconds) => Some(seconds),
                SoakPlan::UntilSteady(_) => None,
            },
        })
    }

    /// Carries the transient on, or ends it and begins the next one; returns whether something was
    /// learned from it.
    pub(super) fn proceed(&mut self, step: &Step, phase: Phase, settings: &Settings) -> bool {
        let before = self.transient.phase;
        let mut learned = false;
        if phase.heats() && before.heats() && !step.retargeted {
            if before == Phase::Stalled && phase == Phase::Heating {
                // The standstill is no evidence of how it goes on.
                let begun = self.transient.trajectory.begun();
                self.transient.resume(step.point(), begun);
            }
            if before == Phase::Heating && phase == Phase::Stalled {
                self.transient
                    .stall(&self.observation.history, step.sample.actual);
            }
            self.transient.phase = phase;
        } else if step.retargeted || phase != before {
            if matches!(phase, Phase::AtTarget | Phase::CooledDown) && !step.retargeted {
                learned = self.learn(step, settings);
            }
            self.enter(step, phase, settings);
        }
        learned
    }

    /// Learns from the transient that the sample ends, if it is evidence.
    fn learn(&mut self, step: &Step, settings: &Settings) -> bool {
        let Some(goal) = self.goal(settings) else {
            return false;
        };
        self.transient.trajectory.push(step.point());
        let transient = &self.transient;
        let arrival = transient.arrival(step.last, step.sample, goal.threshold, &self.state);
        let Some(arrival) = arrival else {
            return false;
        };
        let missed = self.ensemble.missed(LEARNER_KEY, arrival);
        transient.teach(&mut self.state, goal, arrival, missed);
        for (key, error) in self.ensemble.errors(arrival) {
            self.state.scores.add(key, error);
        }
        let start = self.transient.start();
        let scorecard = &mut self.state.scorecard;
        self.ensemble
            .score(arrival, start, goal.setpoint, scorecard);
        true
    }

    /// Begins the transient of `phase`.
    fn enter(&mut self, step: &Step, phase: Phase, settings: &Settings) {
        let sample = step.sample;
        let borrowed = self.borrowed.as_deref();
        let state = borrowed
            .filter(|_| self.state.learned_model(phase.heats()).is_empty())
            .unwrap_or(&self.state);
        self.transient = Transient::begin(TransientStart {
            heater: &self.heater,
            phase,
            sample,
            before: step.before_change(),
            history: &self.observation.history,
            state,
            setpoint: self.thresholds(settings).setpoint(sample.target),
            ambient: self.ambient,
            to_ambient: to_ambient(sample, settings),
            seen: self.last_seen.is_some(),
        });
        self.observation.history.clear();
        self.ensemble.begin(unasked(phase));
    }

    /// Queries the algorithms, if the sample is evidence or has changed the goal.
    pub(super) fn estimate(&mut self, step: &Step, settings: &Settings) {
        if self.observation.repetition.is_old() && !step.repeated {
            self.ensemble.hold(step.sample.time);
        } else if self.observe(step, settings) || step.repeated {
            self.transient.judge(&self.observation);
            self.query(settings);
        }
    }

    /// Takes in a reading; returns whether it is evidence.
    fn observe(&mut self, step: &Step, settings: &Settings) -> bool {
        let threshold = self.threshold(settings);
        let (point, history) = (step.point(), &mut self.observation.history);
        let evidence = !step.repeated && history.push(point);
        if evidence && point.time > self.transient.trajectory.newest().time {
            self.transient.push(point, threshold);
        }
        if evidence && step.sample.target <= 0.0 {
            self.state.ambient.observe(history);
        }
        evidence
    }

    /// Queries the algorithms at the newest reading, and takes note of what they say.
    pub(super) fn query(&mut self, settings: &Settings) {
        let Some(goal) = self.goal(settings) else {
            return;
        };
        let query = self
            .transient
            .compose_query(&self.observation, goal, settings);
        self.ensemble.query(&query);
        if query.refused != Some(Reason::NearTarget) {
            self.ensemble
                .note(query.at.time, self.transient.interval_half_width);
        }
        let trained = self.ensemble.newest(LEARNER_KEY);
        if let Some(first) = self.transient.first_estimates(&query, trained) {
            self.transient.keep(first);
        }
    }
}

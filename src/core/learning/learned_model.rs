//! What is learned from the transients of a heater, for one direction.

mod stored;

use super::completed::CompletedTransient;
use super::curve::Curve;
use super::past_transients::PastTransients;
use super::start_offsets::StartOffsets;
use super::taper;
use crate::core::math::RunningMean;
use crate::core::model::{Corrections, HeaterPrior, PastTransient, Taper};

/// Shortest transient that is learned from, in °C and in seconds: less is mostly the sensor's lag.
const MIN_RISE: f64 = 6.0;
const MIN_DURATION: f64 = 6.0;

/// How far the temperature may fall back in a transient that is learned from, in °C. An open lid, a
/// fan or a pause of the power costs more than any sensor's noise.
const FURTHEST_BACK: f64 = 2.0;

/// How many standard deviations of a reading it may fall back further: as far as the noise of a hundred
/// readings reaches in both directions.
const NOISE_BACK: f64 = 4.0;

/// A transient over this many spans has full weight. A shorter one weighs less, by the square of its
/// rise: its rate is less certain, and it says less about other temperatures.
const WHOLE: f64 = 1.2;

/// Share of the newest transient in the lag.
const NEWEST: f64 = 0.4;

/// By how much a prediction with the learned model must be worse than one without to be a miss,
/// in logarithms, and how many misses in a row discard the model.
const MISSED: f64 = 0.2;
const MISSES: f64 = 2.0;

/// Half the width of the 80 % interval, in spreads and relative to the prior's: before it was measured,
/// and its bounds.
const CALIBRATION: f64 = 1.6;
const MIN_CALIBRATION: f64 = 0.6;
const MAX_CALIBRATION: f64 = 4.0;

/// Share of the intervals that may miss.
const MISSING: f64 = 0.2;

/// How fast the width follows: its logarithm changes by this much of the share that missed beyond what
/// may. More makes it swing, less is still too narrow when a heater is no longer used.
const ADAPTION: f64 = 0.8;

/// Most transients that are counted.
const MAX_TRANSIENTS: f64 = 1e6;

/// What was learned about one heater in one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnedModel {
    curve: Curve,
    start_offsets: StartOffsets,
    taper: Taper,
    lag: RunningMean,
    transients: f64,
    misses: f64,
    calibration: f64,
    ambient: Option<f64>,
    past: PastTransients,
}

impl Default for LearnedModel {
    fn default() -> Self {
        Self {
            curve: Curve::default(),
            start_offsets: StartOffsets::default(),
            taper: Taper::default(),
            lag: RunningMean::default(),
            transients: 0.0,
            misses: 0.0,
            calibration: CALIBRATION,
            ambient: None,
            past: PastTransients::default(),
        }
    }
}

impl LearnedModel {
    /// Whether nothing has been learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.transients < 1.0
    }

    /// Whether it expects no more than the prior does.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.is_empty() && self.past().is_empty()
    }

    /// Number of transients learned from.
    #[must_use]
    pub fn transients(&self) -> f64 {
        self.transients
    }

    /// The ambient temperature that the curve was measured against, in °C.
    #[must_use]
    pub fn ambient(&self) -> Option<f64> {
        self.ambient
    }

    /// What a transient that starts at `temperature` (°C) is expected to have different from
    /// `prior`; `None` if nothing has been learned.
    #[must_use]
    pub fn corrections(&self, prior: &HeaterPrior, temperature: f64) -> Option<Corrections> {
        let (level, level_sd) = self.start_offsets.level(prior, temperature);
        (!self.is_empty()).then(|| Corrections {
            curve: Box::new(self.curve.table(prior)),
            level,
            level_sd,
            lag: self.lag.known(),
            taper: self.taper,
        })
    }

    /// The newest transients as they went, the oldest first.
    #[must_use]
    pub fn past(&self) -> &[PastTransient] {
        self.past.kept()
    }

    /// Half the width of the 80 % interval of a heater of `prior`, in spreads.
    #[must_use]
    pub fn interval_half_width(&self, prior: &HeaterPrior) -> f64 {
        self.calibration * prior.interval_width
    }

    /// Learns from a transient, unless it was disturbed; returns whether it did. From one that is too
    /// short to show a rate it learns no more than how it went.
    pub fn learn(&mut self, completed: &CompletedTransient) -> bool {
        let CompletedTransient {
            plant, trajectory, ..
        } = *completed;
        let (rise, duration) = (completed.rise(), completed.arrival - trajectory.begun());
        let noise = NOISE_BACK * trajectory.noise();
        if trajectory.furthest_back() > FURTHEST_BACK + noise {
            return false;
        }
        let Ok(evidence) = completed.evidence() else {
            return false;
        };
        self.past.learn(completed);
        let fair = rise >= MIN_RISE && duration >= MIN_DURATION;
        let Some(evidence) = evidence.filter(|_| fair) else {
            return true;
        };
        self.ambient.get_or_insert(plant.ambient());
        let prior = plant.prior();
        let weight = (rise / (WHOLE * prior.span)).min(1.0).powi(2);
        let offset = self.curve.learn(prior, &evidence, weight);
        self.start_offsets
            .learn(trajectory.start().temperature, offset);
        self.transients = (self.transients + 1.0).min(MAX_TRANSIENTS);
        if plant.heating() {
            let line = self.curve.line(prior);
            let speed = |temperature: f64, since: f64| {
                let learned = self.curve.correction(prior, line, temperature) + offset;
                (plant.population(temperature) + learned + plant.soak(since)).exp()
            };
            let (costs, lag) = (completed.taper(&speed), completed.lag(&speed));
            let taper_weight = rise / (rise + prior.span);
            for (index, seconds) in costs {
                taper::learn(
                    &mut self.taper,
                    index,
                    seconds / plant.taper_share,
                    taper_weight,
                );
            }
            if let Some(lag) = lag {
                let share = if self.lag.weight > 0.0 { NEWEST } else { 1.0 };
                self.lag.value += share * (lag - self.lag.value);
                self.lag.weight = 1.0;
            }
        }
        true
    }

    /// Compares the predictions made at the start of a transient, with this model and without it,
    /// with its duration, all in seconds. A model that was worse twice in a row is discarded.
    pub fn check(&mut self, with: f64, without: f64, truth: f64) {
        if self.is_blank() {
            return;
        }
        let error = |seconds: f64| (seconds.max(1.0) / truth.max(1.0)).ln().abs();
        let missed = error(with) > error(without) + MISSED;
        self.misses = if missed { self.misses + 1.0 } else { 0.0 };
        if self.misses >= MISSES {
            *self = Self::default();
        }
    }

    /// Adjusts the interval to a transient in which the share `missed` of them did not contain the truth.
    ///
    /// ```text
    /// k ← k·e^(0.8·(missed - 0.2))
    /// ```
    ///
    /// Adaptive conformal inference: Gibbs & Candès, *Adaptive Conformal Inference Under Distribution
    /// Shift*, 2021, on the logarithm of the width.
    pub fn calibrate(&mut self, missed: f64) {
        let new = self.calibration * (ADAPTION * (missed - MISSING)).exp();
        self.calibration = new.clamp(MIN_CALIBRATION, MAX_CALIBRATION);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_misses_in_a_row_refute_the_learned_model() {
        let (truth, wrong, right) = (60.0, 90.0, 65.0);
        let trained = || LearnedModel {
            transients: 5.0,
            ..LearnedModel::default()
        };
        let mut learned_model = trained();
        for (with, without) in [(wrong, right), (right, wrong), (wrong, right)] {
            learned_model.check(with, without, truth);
            assert!(!learned_model.is_empty());
        }
        learned_model.check(wrong, right, truth);
        assert!(learned_model.is_empty());

        let mut learned_model = trained();
        for _ in 0..9 {
            learned_model.check(wrong, wrong, truth);
        }
        assert_eq!(learned_model, trained(), "no better without them");
    }

    #[test]
    fn an_interval_gets_as_wide_as_it_takes_to_hold() {
        let width = |missed: f64| {
            let mut learned_model = LearnedModel::default();
            for _ in 0..30 {
                learned_model.calibrate(missed);
            }
            learned_model.calibration
        };
        assert!((width(MISSING) - CALIBRATION).abs() < 1e-9);
        assert!((width(0.0) - MIN_CALIBRATION).abs() < 1e-9);
        assert!((width(1.0) - MAX_CALIBRATION).abs() < 1e-9);
    }
}

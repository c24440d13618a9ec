//! Predictions against what happened: each algorithm's error on this printer.

use super::estimator::Algorithm;
use super::fit::quantile;
use super::learning::{Reader, RunningMean, Writer};

/// Number of our algorithms; each plugin algorithm has a scorecard of its own.
const OURS: usize = Algorithm::ALL.len();

/// Most predictions kept of one transient; beyond that every second one goes.
const MAX_PREDICTIONS: usize = 64;

/// A transient counts for this many others at most: the score follows a printer that changes.
const MAX_TRANSIENTS: f64 = 20.0;

/// Shortest remaining time whose logarithm is meaningful, in seconds.
const NEAR: f64 = 3.0;

/// Share of the errors that the interval must cover: 80 %, and some for the next time.
const COVERED: f64 = 0.85;

/// Fewest errors that an interval is judged by.
const FEWEST: usize = 3;

/// Estimates of several algorithms at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction<const N: usize = OURS> {
    /// Seconds.
    pub time: f64,
    /// What was shown, in seconds; ours by [`Algorithm::ALL`].
    pub remaining: [Option<f64>; N],
    /// Spread that `adaptive` claimed for its logarithm.
    pub spread: Option<f64>,
}

/// What was predicted on one transient.
#[derive(Debug, Clone, Default)]
pub struct Predictions<const N: usize = OURS> {
    kept: Vec<Prediction<N>>,
    every: u32,
    passed: u32,
}

impl<const N: usize> Predictions<N> {
    /// Takes note of a prediction.
    pub fn add(&mut self, prediction: Prediction<N>) {
        self.passed += 1;
        if self.passed <= self.every {
            return;
        }
        self.passed = 0;
        if self.kept.len() == MAX_PREDICTIONS {
            let mut even = false;
            self.kept.retain(|_| {
                even = !even;
                even
            });
            self.every = 2 * self.every + 1;
        }
        self.kept.push(prediction);
    }

    /// The mean error of each algorithm as a share of the transient, if that ended at `arrival`
    /// (s). Where there was no prediction the error is all of what was left.
    ///
    /// ```text
    /// error = mean of |shown_i - left_i| / duration
    /// ```
    #[must_use]
    pub fn errors(&self, arrival: f64) -> Option<[f64; N]> {
        let duration = arrival - self.kept.first()?.time;
        let mut sums = [0.0; N];
        for prediction in &self.kept {
            let left = (arrival - prediction.time).max(0.0);
            for (sum, said) in sums.iter_mut().zip(prediction.remaining) {
                *sum += said.map_or(left, |said| (said - left).abs());
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 64")]
        let count = self.kept.len() as f64;
        (duration > 0.0).then(|| sums.map(|sum| sum / count / duration))
    }
}

impl Predictions {
    /// By how many of its own spreads `adaptive` was wrong in the worst cases that its interval
    /// should still have covered, if the transient ended at `arrival` (s): the 85 % quantile of
    /// `|ln(left/shown)| / spread`.
    #[must_use]
    pub fn surprise(&self, arrival: f64) -> Option<f64> {
        let adaptive = Algorithm::Adaptive as usize;
        let off = |prediction: &Prediction| {
            let left = arrival - prediction.time;
            let said = prediction.remaining.get(adaptive).copied().flatten()?;
            let spread = prediction.spread?;
            (left > NEAR).then(|| (left / said.max(0.1)).ln().abs() / spread)
        };
        let off: Vec<_> = self.kept.iter().filter_map(off).collect();
        let enough = off.len() >= FEWEST;
        quantile(&off, COVERED).filter(|_| enough)
    }
}

/// Each algorithm's error on one heater.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scorecard<const N: usize = OURS> {
    errors: [RunningMean; N],
    transients: f64,
}

impl<const N: usize> Default for Scorecard<N> {
    fn default() -> Self {
        Self {
            errors: [RunningMean::default(); N],
            transients: 0.0,
        }
    }
}

impl<const N: usize> Scorecard<N> {
    /// Takes in the errors of a transient, as shares of it.
    pub fn add(&mut self, errors: [f64; N]) {
        for (mean, error) in self.errors.iter_mut().zip(errors) {
            mean.add(error.min(1.0), 1.0, MAX_TRANSIENTS);
        }
        self.transients += 1.0;
    }

    /// Mean errors as shares of the transient, once a transient has been scored; ours by
    /// [`Algorithm::ALL`].
    #[must_use]
    pub fn errors(&self) -> [Option<f64>; N] {
        self.errors.map(RunningMean::known)
    }

    /// How many transients were scored.
    #[must_use]
    pub fn transients(&self) -> f64 {
        self.transients
    }

    /// Writes it.
    pub fn write(&self, to: &mut Writer) {
        to.put(self.transients);
        for mean in self.errors {
            to.put(mean.value);
            to.put(mean.weight);
        }
    }

    /// Reads what [`Self::write`] has written; `None` if it cannot have.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let mut scorecard = Self {
            transients: from.take(0.0, 1e6)?,
            ..Self::default()
        };
        for mean in &mut scorecard.errors {
            mean.value = from.take(0.0, 1.0)?;
            mean.weight = from.take(0.0, MAX_TRANSIENTS)?;
        }
        Some(scorecard)
    }
}

impl Scorecard {
    /// Mean error of `algorithm` as a share of the transient, if a transient has been scored.
    #[must_use]
    pub fn error(&self, algorithm: Algorithm) -> Option<f64> {
        self.errors().get(algorithm as usize).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicted(said: impl Fn(f64) -> [Option<f64>; OURS]) -> Predictions {
        let mut predictions: Predictions = Predictions::default();
        for i in 0..100 {
            let left = 100.0 - f64::from(i);
            predictions.add(Prediction {
                time: f64::from(i),
                remaining: said(left),
                spread: Some(0.1),
            });
        }
        predictions
    }

    #[test]
    fn an_error_is_a_share_of_the_transient_and_silence_is_all_of_it() {
        let predictions = predicted(|left| [Some(left), Some(left + 10.0), None]);
        let [exact, late, silent] = predictions.errors(100.0).unwrap();
        assert!(exact.abs() < 1e-9);
        assert!((late - 0.1).abs() < 1e-9);
        assert!((silent - 0.5).abs() < 0.02, "{silent}");
        assert_eq!(Predictions::<1>::default().errors(100.0), None);
    }

    #[test]
    fn a_long_transient_keeps_a_bounded_number_of_predictions_from_all_of_it() {
        let mut predictions: Predictions = Predictions::default();
        for i in 0..10_000 {
            predictions.add(Prediction {
                time: f64::from(i),
                remaining: [None; OURS],
                spread: None,
            });
        }
        assert!(predictions.kept.len() <= MAX_PREDICTIONS);
        assert!(predictions.kept.len() >= MAX_PREDICTIONS / 2);
        let last = predictions.kept.last().unwrap().time;
        assert!(last > 9000.0, "{last}");
    }

    #[test]
    fn a_surprise_is_measured_in_spreads() {
        let double = predicted(|left| [None, None, Some(left * 1.2)]);
        let surprise = double.surprise(100.0).unwrap();
        assert!((surprise - 1.2_f64.ln() / 0.1).abs() < 0.05, "{surprise}");
        assert_eq!(predicted(|_| [None; OURS]).surprise(100.0), None);
    }

    #[test]
    fn a_scorecard_follows_and_survives_being_written() {
        let mut scorecard: Scorecard = Scorecard::default();
        assert_eq!(scorecard.error(Algorithm::Linear), None);
        for _ in 0..50 {
            scorecard.add([0.3, 0.2, 7.0]);
        }
        assert!((scorecard.error(Algorithm::Linear).unwrap() - 0.3).abs() < 1e-9);
        assert!((scorecard.error(Algorithm::Adaptive).unwrap() - 1.0).abs() < 1e-9);
        let mut writer = Writer::default();
        scorecard.write(&mut writer);
        let numbers = writer.finish();
        assert_eq!(Scorecard::read(&mut Reader::new(&numbers)), Some(scorecard));
        assert_eq!(
            Scorecard::<OURS>::read(&mut Reader::new(&numbers[1..])),
            None
        );
    }
}

//! What one algorithm has predicted in one transient, compared with what happened.

use crate::core::math::quantile;

/// Most predictions kept of one transient; beyond that every second one goes.
const MAX_PREDICTIONS: usize = 64;

/// Shortest remaining time whose logarithm is meaningful, in seconds.
const NEAR: f64 = 3.0;

/// Share of the errors that the interval must cover: 80 %, and some for the next time.
const COVERED: f64 = 0.85;

/// Fewest errors that an interval is judged by.
const FEWEST: usize = 3;

/// What an algorithm showed at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// Seconds.
    pub time: f64,
    /// Remaining seconds, if there were any.
    pub remaining: Option<f64>,
    /// Spread that the algorithm claimed for their logarithm.
    pub spread: Option<f64>,
}

/// What one algorithm has predicted in one transient.
#[derive(Debug, Clone, Default)]
pub struct Predictions {
    kept: Vec<Prediction>,
    every: u32,
    passed: u32,
}

impl Predictions {
    /// Takes note of a prediction.
    pub fn add(&mut self, prediction: Prediction) {
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

    /// The mean error as a share of the transient, if that ended at `arrival` (s). Where there was
    /// no prediction the error is all of what was left.
    ///
    /// ```text
    /// error = mean of |shown_i - left_i| / duration
    /// ```
    #[must_use]
    pub fn error(&self, arrival: f64) -> Option<f64> {
        let duration = arrival - self.kept.first()?.time;
        let error = |prediction: &Prediction| {
            let left = (arrival - prediction.time).max(0.0);
            let shown = prediction.remaining;
            shown.map_or(left, |shown| (shown - left).abs())
        };
        let sum: f64 = self.kept.iter().map(error).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most 64")]
        let count = self.kept.len() as f64;
        (duration > 0.0).then(|| sum / count / duration)
    }

    /// By how many of its own spreads the algorithm was wrong in the worst cases that its interval
    /// should still have covered, if the transient ended at `arrival` (s): the 85 % quantile of
    /// `|ln(left/shown)| / spread`. `None` for an algorithm without spreads.
    #[must_use]
    pub fn surprise(&self, arrival: f64) -> Option<f64> {
        let off = |prediction: &Prediction| {
            let left = arrival - prediction.time;
            let (shown, spread) = prediction.remaining.zip(prediction.spread)?;
            (left > NEAR).then(|| (left / shown.max(0.1)).ln().abs() / spread)
        };
        let off: Vec<_> = self.kept.iter().filter_map(off).collect();
        let enough = off.len() >= FEWEST;
        quantile(&off, COVERED).filter(|_| enough)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicted(shown: impl Fn(f64) -> Option<f64>) -> Predictions {
        let mut predictions = Predictions::default();
        for i in 0..100 {
            let left = 100.0 - f64::from(i);
            predictions.add(Prediction {
                time: f64::from(i),
                remaining: shown(left),
                spread: Some(0.1),
            });
        }
        predictions
    }

    #[test]
    fn an_error_is_a_share_of_the_transient_and_silence_is_all_of_it() {
        let error = |shown: fn(f64) -> Option<f64>| predicted(shown).error(100.0).unwrap();
        assert!(error(Some).abs() < 1e-9);
        assert!((error(|left| Some(left + 10.0)) - 0.1).abs() < 1e-9);
        let silent = error(|_| None);
        assert!((silent - 0.5).abs() < 0.02, "{silent}");
        assert_eq!(Predictions::default().error(100.0), None);
    }

    #[test]
    fn a_long_transient_keeps_a_bounded_number_of_predictions_from_all_of_it() {
        let mut predictions = Predictions::default();
        for i in 0..10_000 {
            predictions.add(Prediction {
                time: f64::from(i),
                remaining: None,
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
        let double = predicted(|left| Some(left * 1.2));
        let surprise = double.surprise(100.0).unwrap();
        assert!((surprise - 1.2_f64.ln() / 0.1).abs() < 0.05, "{surprise}");
        assert_eq!(predicted(|_| None).surprise(100.0), None);
    }
}

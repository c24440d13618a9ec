//! What one algorithm has predicted in one transient, compared with what happened.

use super::scorecard::{MOMENTS, NOTHING};

/// Most predictions kept of one transient; beyond that every second one goes.
const MAX_PREDICTIONS: usize = 64;

/// Shortest remaining time that intervals are judged by, in seconds: below, they are wider than what is
/// left.
const NEAR: f64 = 3.0;

/// Fewest predictions that intervals are judged by.
const FEWEST: u32 = 3;

/// What an algorithm showed at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// Seconds.
    pub time: f64,
    /// Remaining seconds, if there were any.
    pub remaining: Option<f64>,
    /// The seconds between which they should lie in four of five cases, if it knew.
    pub interval: Option<[f64; 2]>,
}

/// What one algorithm has predicted in one transient.
#[derive(Debug, Clone, Default)]
pub struct Predictions {
    /// Time of the first remaining time, and that, in seconds.
    first: Option<(f64, f64)>,
    kept: Vec<Prediction>,
    every: u32,
    passed: u32,
}

impl Predictions {
    /// Takes note of a prediction.
    pub fn add(&mut self, prediction: Prediction) {
        let shown = prediction.remaining.map(|left| (prediction.time, left));
        self.first = self.first.or(shown);
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

    /// When a remaining time was first shown, and which one, in seconds.
    #[must_use]
    pub fn first(&self) -> Option<(f64, f64)> {
        self.first
    }

    /// The mean error as a share of the transient, if that ended at `arrival` (s). Where there was
    /// no prediction the error is all of what was left.
    ///
    /// ```text
    /// error = mean of |shown_i - left_i| / duration
    /// ```
    #[must_use]
    pub fn error(&self, arrival: f64) -> Option<f64> {
        let duration = self.duration(arrival)?;
        let error = |prediction: &Prediction| {
            let left = (arrival - prediction.time).max(0.0);
            let shown = prediction.remaining;
            shown.map_or(left, |shown| (shown - left).abs())
        };
        let sum: f64 = self.kept.iter().map(error).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most 64")]
        let count = self.kept.len() as f64;
        Some(sum / count / duration)
    }

    /// Seconds from the first prediction to `arrival` (s), if there are any.
    #[must_use]
    pub fn duration(&self, arrival: f64) -> Option<f64> {
        let duration = arrival - self.kept.first()?.time;
        (duration > 0.0).then_some(duration)
    }

    /// Remaining seconds that were shown at each of the [`MOMENTS`] of the transient, if that ended at
    /// `arrival` (s): the last prediction, counted down to that moment, or [`NOTHING`].
    #[must_use]
    pub fn at_moments(&self, arrival: f64) -> [f64; MOMENTS.len()] {
        let duration = self.duration(arrival).unwrap_or_default();
        MOMENTS.map(|moment| {
            let time = arrival - (1.0 - moment) * duration;
            let last = self.kept.iter().rfind(|it| it.time <= time);
            let shown = last.and_then(|it| Some((it.remaining? - (time - it.time)).max(0.0)));
            shown.unwrap_or(NOTHING)
        })
    }

    /// Share of the intervals that did not contain what was left, if the transient ended at `arrival`
    /// (s); `None` for an algorithm without intervals.
    #[must_use]
    pub fn missed(&self, arrival: f64) -> Option<f64> {
        let (mut missed, mut count) = (0.0, 0);
        for prediction in &self.kept {
            let left = arrival - prediction.time;
            if let Some([low, high]) = prediction.interval.filter(|_| left > NEAR) {
                missed += f64::from(!(low..=high).contains(&left));
                count += 1;
            }
        }
        (count >= FEWEST).then(|| missed / f64::from(count))
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
                interval: shown(left).map(|shown| [0.9 * shown, 1.1 * shown]),
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
    fn what_was_shown_at_a_moment_is_counted_down_to_it() {
        let near = |predictions: &Predictions, expected: [f64; 3]| {
            let shown = predictions.at_moments(100.0);
            let mut pairs = shown.into_iter().zip(expected);
            // Of a hundred predictions every second one is kept.
            let near = pairs.all(|(shown, expected)| (shown - expected).abs() < 2.0);
            assert!(near, "{shown:?}");
        };
        near(&predicted(Some), [75.0, 50.0, 25.0]);
        let late = |left| (left < 60.0).then_some(2.0 * left);
        near(&predicted(late), [NOTHING, 100.0, 50.0]);
        near(&Predictions::default(), [NOTHING; 3]);
    }

    #[test]
    fn a_long_transient_keeps_a_bounded_number_of_predictions_from_all_of_it() {
        let mut predictions = Predictions::default();
        for i in 0..10_000 {
            predictions.add(Prediction {
                time: f64::from(i),
                remaining: None,
                interval: None,
            });
        }
        assert!(predictions.kept.len() <= MAX_PREDICTIONS);
        assert!(predictions.kept.len() >= MAX_PREDICTIONS / 2);
        let last = predictions.kept.last().unwrap().time;
        assert!(last > 9000.0, "{last}");
    }

    #[test]
    fn an_interval_that_misses_is_counted() {
        let missed = |shown: fn(f64) -> Option<f64>| predicted(shown).missed(100.0);
        assert_eq!(missed(Some), Some(0.0));
        assert_eq!(missed(|left| Some(left * 1.2)), Some(1.0));
        let late = missed(|left| Some(if left > 50.0 { left } else { left * 1.2 }));
        assert!((late.unwrap() - 0.5).abs() < 0.05, "{late:?}");
        assert_eq!(missed(|_| None), None);
    }
}

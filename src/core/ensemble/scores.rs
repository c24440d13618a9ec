//! The error of each algorithm on one heater, kept also while it is not registered.

use super::registry::MAX_ALGORITHMS;
use crate::core::codec::{Reader, Writer};
use crate::core::input::AlgorithmKey;
use crate::core::math::RunningMean;

/// A transient counts for this many others at most: the score follows a printer that changes.
const MAX_TRANSIENTS: f64 = 20.0;

/// Most transients that are counted.
const MAX_COUNT: f64 = 1e6;

/// The algorithms that version 1 of the stored form knew, in its order.
const ALGORITHMS_1: [&str; 3] = ["linear", "exponential", "adaptive"];

/// How good one algorithm was.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    error: RunningMean,
    transients: f64,
}

impl Score {
    /// Mean error as a share of the transient; saying nothing counts as wrong by all that was left.
    #[must_use]
    pub fn error(&self) -> f64 {
        self.error.value
    }

    /// How many transients were scored.
    #[must_use]
    pub fn transients(&self) -> f64 {
        self.transients
    }

    fn add(&mut self, error: f64) {
        self.error.add(error.min(1.0), 1.0, MAX_TRANSIENTS);
        self.transients = (self.transients + 1.0).min(MAX_COUNT);
    }

    fn write(&self, to: &mut Writer) {
        to.put(self.transients);
        to.put(self.error.value);
        to.put(self.error.weight);
    }

    fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            transients: from.take(0.0, MAX_COUNT)?,
            error: mean(from)?,
        })
    }
}

fn mean(from: &mut Reader) -> Option<RunningMean> {
    Some(RunningMean {
        value: from.take(0.0, 1.0)?,
        weight: from.take(0.0, MAX_TRANSIENTS)?,
    })
}

/// The scores of the algorithms that were scored last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores(Vec<(AlgorithmKey, Score)>);

impl Scores {
    /// Adds an error in a transient, as a share of its duration; if there are too many algorithms,
    /// the one that was not scored for longest is dropped.
    pub fn add(&mut self, key: AlgorithmKey, error: f64) {
        let mut score = self.of(key).copied().unwrap_or_default();
        score.add(error);
        self.0.retain(|(known, _)| *known != key);
        if self.0.len() == MAX_ALGORITHMS {
            self.0.remove(0);
        }
        self.0.push((key, score));
    }

    /// The score of one algorithm, if it has one.
    #[must_use]
    pub fn of(&self, key: AlgorithmKey) -> Option<&Score> {
        let known = self.0.iter().find(|(known, _)| *known == key);
        known.map(|(_, score)| score)
    }

    /// Writes them.
    pub fn write(&self, to: &mut Writer) {
        #[expect(clippy::cast_precision_loss, reason = "at most 7")]
        to.put(self.0.len() as f64);
        for (key, score) in &self.0 {
            to.put(key.number());
            score.write(to);
        }
    }

    /// Reads what [`Self::write`] has written, in addition to what there is; `None` if it cannot
    /// have.
    pub fn read(&mut self, from: &mut Reader) -> Option<()> {
        let count = from.count(MAX_ALGORITHMS - self.0.len())?;
        for _ in 0..count {
            let key = AlgorithmKey::from_number(from.take(0.0, f64::MAX)?)?;
            self.0.push((key, Score::read(from)?));
        }
        Some(())
    }

    /// Reads the scores of the three algorithms of version 1, which had no keys.
    pub fn read_version_1(from: &mut Reader) -> Option<Self> {
        let transients = from.take(0.0, MAX_COUNT)?;
        let mut scores = Self::default();
        for id in ALGORITHMS_1 {
            let error = mean(from)?;
            if error.weight > 0.0 {
                let score = Score { error, transients };
                scores.0.push((AlgorithmKey::of(id), score));
            }
        }
        Some(scores)
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "at most 8")]
mod tests {
    use super::*;

    fn key(id: &str) -> AlgorithmKey {
        AlgorithmKey::of(id)
    }

    #[test]
    fn a_score_follows_what_happens() {
        let mut scores = Scores::default();
        assert_eq!(scores.of(key("linear")), None);
        for _ in 0..50 {
            scores.add(key("linear"), 0.3);
            scores.add(key("adaptive"), 7.0);
        }
        let error = |id: &str| scores.of(key(id)).unwrap().error();
        assert!((error("linear") - 0.3).abs() < 1e-9);
        assert!((error("adaptive") - 1.0).abs() < 1e-9, "all of it, no more");
    }

    #[test]
    fn the_last_are_kept_and_survive_being_written() {
        let mut scores = Scores::default();
        let ids: Vec<_> = (0..=MAX_ALGORITHMS).map(|i| i.to_string()).collect();
        let (first, rest) = ids.split_first().unwrap();
        let (again, others) = rest.split_first().unwrap();
        for id in [first, again].into_iter().chain(others).chain([again]) {
            scores.add(key(id), 0.25);
        }
        assert_eq!(scores.of(key(first)), None, "the others were scored since");
        let twice = scores.of(key(again)).unwrap();
        assert!((twice.transients() - 2.0).abs() < 1e-9);
        assert!((twice.error() - 0.25).abs() < 1e-9);
        let mut writer = Writer::default();
        scores.write(&mut writer);
        let numbers = writer.finish();
        let read = |numbers: &[f64]| {
            let mut scores = Scores::default();
            let read = scores.read(&mut Reader::new(numbers));
            read.map(|()| scores)
        };
        assert_eq!(read(&numbers), Some(scores));
        assert_eq!(read(&numbers[1..]), None);
        assert_eq!(read(&[1.0, 0.5, 1.0, 0.1, 1.0]), None, "no key");
        let entry = [key("linear").number(), 1.0, 0.1, 1.0];
        let entries = |count: usize| [&[count as f64][..], &entry.repeat(count)].concat();
        assert!(read(&entries(MAX_ALGORITHMS)).is_some());
        assert_eq!(read(&entries(MAX_ALGORITHMS + 1)), None, "too many");
    }
}

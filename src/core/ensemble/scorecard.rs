//! The newest transients of a heater, with what each algorithm said on the way.

use super::registry::MAX_ALGORITHMS;
use crate::core::codec::{Reader, Writer};

/// How many transients are kept.
const MAX_KEPT: usize = 6;

/// The parts of a transient's duration after which predictions are compared with what happened.
pub const MOMENTS: [f64; 3] = [0.25, 0.5, 0.75];

/// Largest number that is stored: times are seconds since 1970.
const MAX_NUMBER: f64 = 1e11;

/// How finely numbers are kept, in parts of a degree or a second.
const TENTHS: f64 = 10.0;

/// Stands for no prediction, where there can only be numbers.
pub const NOTHING: f64 = -1.0;

/// How many numbers say where a transient went: server time of its end in seconds, the temperatures in
/// °C that it came from and led to, and its duration in seconds.
pub const WAY: usize = 4;

/// How many numbers say what one algorithm predicted: that of its key, its mean error in seconds, and the
/// remaining seconds at each of the moments, -1 for none.
pub const PREDICTED: usize = 2 + MOMENTS.len();

/// One transient: its way, and what up to seven algorithms predicted; the rest is 0.
pub type ScoredTransient = [f64; WAY + PREDICTED * MAX_ALGORITHMS];

/// The newest transients of a heater, the oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scorecard(Vec<ScoredTransient>);

impl Scorecard {
    /// Adds a transient, in place of the oldest if there are too many.
    pub fn add(&mut self, transient: ScoredTransient) {
        if self.0.len() == MAX_KEPT {
            self.0.remove(0);
        }
        self.0
            .push(transient.map(|number| (number * TENTHS).round() / TENTHS));
    }

    /// The transients, the oldest first.
    #[must_use]
    pub fn transients(&self) -> &[ScoredTransient] {
        &self.0
    }

    /// Writes them.
    pub fn write(&self, to: &mut Writer) {
        #[expect(clippy::cast_precision_loss, reason = "at most 6")]
        to.put(self.0.len() as f64);
        for transient in &self.0 {
            to.list(transient);
        }
    }

    /// Reads what [`Self::write`] has written; `None` if it cannot have.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let mut scorecard = Self::default();
        for _ in 0..from.count(MAX_KEPT)? {
            let mut transient = [0.0; WAY + PREDICTED * MAX_ALGORITHMS];
            from.list(&mut transient, MAX_NUMBER)?;
            scorecard.0.push(transient);
        }
        Some(scorecard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scorecard(transients: u32, algorithms: usize) -> Scorecard {
        let mut scorecard = Scorecard::default();
        for end in 0..transients {
            let mut transient = [0.0; _];
            let (way, predicted) = transient.split_at_mut(WAY);
            way.copy_from_slice(&[end.into(), 20.52, 60.0, 100.0]);
            for place in predicted.chunks_exact_mut(PREDICTED).take(algorithms) {
                place.copy_from_slice(&[7.0, 3.5, 75.0, NOTHING, 0.1]);
            }
            scorecard.add(transient);
        }
        scorecard
    }

    fn numbers(scorecard: &Scorecard) -> Vec<f64> {
        let mut writer = Writer::default();
        scorecard.write(&mut writer);
        writer.finish()
    }

    #[test]
    fn the_newest_are_kept() {
        let ends = |scorecard: &Scorecard| -> Vec<_> {
            let ends = scorecard.transients().iter().map(|it| it[0].to_string());
            ends.collect()
        };
        assert_eq!(ends(&scorecard(2, 1)), ["0", "1"]);
        assert_eq!(ends(&scorecard(8, 1)), ["2", "3", "4", "5", "6", "7"]);
    }

    #[test]
    fn they_survive_being_written() {
        let read = |numbers: &[f64]| Scorecard::read(&mut Reader::new(numbers));
        for full in [scorecard(0, 0), scorecard(6, MAX_ALGORITHMS)] {
            assert_eq!(read(&numbers(&full)), Some(full));
        }
        let written = numbers(&scorecard(1, 1));
        let expected = [
            1.0, 9.0, 0.0, 20.5, 60.0, 100.0, 7.0, 3.5, 75.0, NOTHING, 0.1,
        ];
        assert_eq!(written, expected);
        assert_eq!(read(&written[..10]), None, "too short");
        for (place, number) in [(0, 7.0), (1, 40.0), (1, -1.0), (2, 1e12), (5, f64::NAN)] {
            let mut wrong = written.clone();
            wrong[place] = number;
            assert_eq!(read(&wrong), None, "{number} at {place}");
        }
    }
}

//! Numbers written and read one after the other: the one form that every store can keep.

use super::math::RunningMean;

/// How finely numbers are kept: a hundredth of a percent of a rate, a tenth of a
/// millisecond, and short in JSON.
const FINEST: f64 = 1e4;

/// Collects numbers.
#[derive(Debug, Default)]
pub struct Writer(Vec<f64>);

impl Writer {
    /// Writes one.
    pub fn put(&mut self, number: f64) {
        self.0.push(rounded(number));
    }

    /// Writes one, rounded to a whole number of `parts`: nothing is gained by more digits.
    pub fn put_rounded(&mut self, number: f64, parts: f64) {
        self.put((number * parts).round() / parts);
    }

    /// Writes a count and then what it counts, without the zeros at the end.
    pub fn list(&mut self, numbers: &[f64]) {
        let kept = numbers
            .iter()
            .rposition(|x| rounded(*x) != 0.0)
            .map_or(0, |i| i + 1);
        #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
        self.put(kept as f64);
        numbers.iter().take(kept).for_each(|x| self.put(*x));
    }

    /// Writes a count and then values and weights.
    pub fn means(&mut self, means: &[RunningMean]) {
        let pairs: Vec<_> = means.iter().flat_map(|m| [m.value, m.weight]).collect();
        self.list(&pairs);
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> Vec<f64> {
        self.0
    }
}

fn rounded(number: f64) -> f64 {
    (number * FINEST).round() / FINEST
}

/// Reads numbers; `None` as soon as one is missing or out of range.
#[derive(Debug)]
pub struct Reader<'a>(std::slice::Iter<'a, f64>);

impl<'a> Reader<'a> {
    /// Reads `numbers` from the start.
    #[must_use]
    pub fn new(numbers: &'a [f64]) -> Self {
        Self(numbers.iter())
    }

    /// The next number, if it lies within `least` and `most`.
    pub fn take(&mut self, least: f64, most: f64) -> Option<f64> {
        let number = *self.0.next()?;
        (least..=most).contains(&number).then_some(number)
    }

    /// The next number, whatever it is.
    pub fn unchecked(&mut self) -> Option<f64> {
        self.0.next().copied()
    }

    /// The next number as a count of at most `most`.
    pub fn count(&mut self, most: usize) -> Option<usize> {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most a hundred"
        )]
        let count = self.take(0.0, most as f64)? as usize;
        Some(count)
    }

    /// Reads a list of at most as many numbers as `into` has, none beyond `most`, and returns its
    /// count.
    pub fn list(&mut self, into: &mut [f64], most: f64) -> Option<usize> {
        let count = self.count(into.len())?;
        for number in into.iter_mut().take(count) {
            *number = self.take(-most, most)?;
        }
        Some(count)
    }

    /// Reads means with at most these values and weights.
    pub fn means<const N: usize>(&mut self, value: f64, weight: f64) -> Option<[RunningMean; N]> {
        let mut pairs = vec![0.0; 2 * N];
        self.list(&mut pairs, value.max(weight))?;
        let mut means = [RunningMean::default(); N];
        for (mean, pair) in means.iter_mut().zip(pairs.chunks_exact(2)) {
            let &[value, weight] = pair else { return None };
            *mean = RunningMean { value, weight };
        }
        let sound =
            |mean: &RunningMean| mean.value.abs() <= value && (0.0..=weight).contains(&mean.weight);
        means.iter().all(sound).then_some(means)
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.0.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_read_is_written_as_it_was() {
        let mut writer = Writer::default();
        // What is rounded to nothing is nothing.
        writer.list(&[1.5, 0.0, 2.0, 0.000_04, 0.0]);
        let numbers = writer.finish();
        assert_eq!(numbers, [3.0, 1.5, 0.0, 2.0]);
        let mut read = [0.0; 5];
        let count = Reader::new(&numbers).list(&mut read, 10.0);
        assert_eq!((count, read), (Some(3), [1.5, 0.0, 2.0, 0.0, 0.0]));
    }
}

//! A learned model as a list of numbers: the one form that every store can keep.

use super::LearnedModel;
use super::running_mean::RunningMean;

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

    /// Writes a count and then what it counts, without the zeros at the end.
    fn list(&mut self, numbers: &[f64]) {
        let kept = numbers
            .iter()
            .rposition(|x| rounded(*x) != 0.0)
            .map_or(0, |i| i + 1);
        #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
        self.put(kept as f64);
        numbers.iter().take(kept).for_each(|x| self.put(*x));
    }

    fn means(&mut self, means: &[RunningMean]) {
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

    fn list(&mut self, into: &mut [f64], most: f64) -> Option<usize> {
        let count = self.count(into.len())?;
        for number in into.iter_mut().take(count) {
            *number = self.take(-most, most)?;
        }
        Some(count)
    }

    fn means<const N: usize>(&mut self, value: f64, weight: f64) -> Option<[RunningMean; N]> {
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

/// Largest sum, °C, logarithm and time that a learned model may hold.
const MAX_SUM: f64 = 1e6;
const MAX_CELSIUS: f64 = 1000.0;
pub(super) const MAX_LOG: f64 = 5.0;
const MAX_SECONDS: f64 = 20_000.0;

/// By how much sums that are rounded may be out.
const ROUNDED: f64 = 1.001;

impl LearnedModel {
    /// Writes the learned model.
    pub fn write(&self, to: &mut Writer) {
        to.put(self.transients);
        to.put(self.misses);
        to.put(self.calibration);
        to.list(&self.ambient.map_or([0.0; 2], |ambient| [ambient, 1.0]));
        if self.is_empty() {
            return;
        }
        self.curve.sums.iter().for_each(|sum| to.put(*sum));
        to.put(self.curve.coldest);
        to.put(self.curve.warmest);
        to.means(&self.curve.bins);
        to.means(&self.taper.costs);
        to.means(&[self.lag]);
        let start_offsets: Vec<_> = self
            .start_offsets
            .offsets
            .iter()
            .flat_map(|&(start, offset)| [start, offset])
            .collect();
        to.list(&start_offsets);
    }

    /// Reads what [`Self::write`] has written; `None` if it cannot have.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let mut learned_model = Self {
            transients: from.take(0.0, super::MAX_TRANSIENTS)?,
            misses: from.take(0.0, super::MISSES)?,
            calibration: from.take(super::MIN_CALIBRATION, super::MAX_CALIBRATION)?,
            ..Self::default()
        };
        let mut ambient = [0.0; 2];
        learned_model.ambient = match from.list(&mut ambient, MAX_CELSIUS)? {
            0 => None,
            _ => Some(ambient[0]),
        };
        if learned_model.is_empty() {
            return Some(learned_model);
        }
        for sum in &mut learned_model.curve.sums {
            *sum = from.take(-MAX_SUM, MAX_SUM)?;
        }
        let coldest = from.take(-MAX_CELSIUS, MAX_CELSIUS)?;
        learned_model.curve.coldest = coldest;
        learned_model.curve.warmest = from.take(coldest, MAX_CELSIUS)?;
        learned_model.curve.bins = from.means(MAX_LOG, MAX_CELSIUS)?;
        learned_model.taper.costs = from.means(MAX_SECONDS, MAX_CELSIUS)?;
        [learned_model.lag] = from.means(MAX_SECONDS, 1.0)?;
        let mut start_offsets = [0.0; 2 * super::start_offsets::MAX_OFFSETS];
        let count = from.list(&mut start_offsets, MAX_CELSIUS)?;
        let pairs = start_offsets.chunks_exact(2).take(count.div_ceil(2));
        learned_model.start_offsets.offsets = pairs.map(|pair| (pair[0], pair[1])).collect();
        // No weighted mean is further out than the mean of squares allows, but for rounding.
        let [w, wv, wvv, wz, wvz] = learned_model.curve.sums;
        let sound = w >= 0.0
            && wvv >= 0.0
            && wv * wv <= ROUNDED * w * wvv + 1e-2
            && wz.abs() <= MAX_LOG * w + 1e-2
            && wvz * wvz <= MAX_LOG * MAX_LOG * ROUNDED * w * wvv + 1e-2
            && learned_model
                .lag
                .known()
                .is_none_or(|lag| lag >= super::completed::SHORTEST_LAG)
            && learned_model
                .start_offsets
                .offsets
                .iter()
                .all(|(_, offset)| offset.abs() <= MAX_LOG);
        sound.then_some(learned_model)
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

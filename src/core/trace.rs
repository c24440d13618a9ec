//! What a heater's temperature has been, for the graph: longer and coarser than what is
//! calculated with.

use super::sample::Sample;

/// How long a reading is kept, in seconds: as long as OctoPrint's own graph goes back.
pub const KEPT: f64 = 1800.0;

/// Shortest time between two readings that are kept, in seconds: a little less than from one
/// report to the next on most printers.
const SPACING: f64 = 1.8;

/// Most readings kept: half an hour of them. Changes of the target come on top, so a target
/// that is changed all the time costs the oldest.
const MOST: usize = 1000;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Server time in seconds.
    pub time: f64,
    /// °C
    pub actual: f32,
    /// °C; 0 is off.
    pub target: f32,
}

/// Readings of one heater in rising order of time, bounded by age and by count.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    marks: Vec<Mark>,
}

impl Trace {
    /// Begins with a reading.
    #[must_use]
    pub fn from(sample: Sample) -> Self {
        let mut trace = Self::default();
        trace.push(sample);
        trace
    }

    /// Adds a reading. The newest is always there, however soon it came.
    pub fn push(&mut self, sample: Sample) {
        #[expect(clippy::cast_possible_truncation, reason = "a pixel is wider")]
        let mark = Mark {
            time: sample.time,
            actual: sample.actual as f32,
            target: sample.target as f32,
        };
        if self.marks.last().is_some_and(|last| mark.time < last.time) {
            return;
        }
        if let [.., before, last] = self.marks.as_slice() {
            let same_target = mark.target.to_bits() == last.target.to_bits();
            if same_target && last.time - before.time < SPACING {
                self.marks.pop();
            }
        }
        self.marks.push(mark);
        let old = self
            .marks
            .partition_point(|kept| mark.time - kept.time > KEPT);
        let too_many = self.marks.len().saturating_sub(MOST);
        self.marks.drain(..old.max(too_many));
    }

    /// How many readings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether there is no reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// The readings from `time` (s) on, and the one before them.
    #[must_use]
    pub fn since(&self, time: f64) -> &[Mark] {
        let first = self.marks.partition_point(|mark| mark.time < time);
        self.marks
            .get(first.saturating_sub(1)..)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(samples: impl IntoIterator<Item = (f64, f64, f64)>) -> Trace {
        let mut trace = Trace::default();
        for (time, actual, target) in samples {
            trace.push(Sample {
                time,
                actual,
                target,
            });
        }
        trace
    }

    fn times(trace: &Trace) -> Vec<f64> {
        trace.since(0.0).iter().map(|mark| mark.time).collect()
    }

    #[test]
    fn readings_in_quick_succession_are_one_but_a_new_target_is_seen() {
        let quick = [0.0, 0.4, 0.8, 1.2, 1.6, 2.0].map(|time| (time, 20.0, 0.0));
        assert_eq!(times(&trace(quick)), [0.0, 2.0]);
        let retargeted = [(0.0, 20.0, 0.0), (0.4, 20.0, 0.0), (0.5, 20.0, 60.0)];
        assert_eq!(times(&trace(retargeted)), [0.0, 0.4, 0.5]);
        let backward = [(5.0, 20.0, 0.0), (6.0, 20.0, 0.0), (3.0, 20.0, 0.0)];
        assert_eq!(times(&trace(backward)), [5.0, 6.0]);
    }

    #[test]
    fn half_an_hour_is_kept_however_often_the_printer_reports() {
        for seconds in [0.5, 1.0, 2.0, 5.0] {
            let trace = trace((0..9000).map(|i| (f64::from(i) * seconds, 20.0, 0.0)));
            let times = times(&trace);
            assert!(times.len() <= MOST, "{seconds}: {}", times.len());
            let (first, last) = (times[0], times[times.len() - 1]);
            assert!(
                last - first <= KEPT && last - first > KEPT - 10.0,
                "{seconds}"
            );
            let newest = &times[times.len() - 60..];
            assert!(
                newest
                    .windows(2)
                    .all(|pair| pair[1] - pair[0] <= seconds.max(2.0))
            );
        }
    }

    #[test]
    fn a_window_begins_at_its_edge() {
        let trace = trace((0..50).map(|i| (f64::from(i) * 2.0, f64::from(i), 0.0)));
        assert_eq!(trace.since(51.0).len(), 25, "one leads into the window");
        assert_eq!(trace.since(-5.0).len(), 50);
        assert_eq!(trace.since(1000.0).len(), 1);
        assert!(Trace::default().since(0.0).is_empty());
    }
}

//! What a heater's temperature has been, for the graph: longer and coarser than what is
//! calculated with.

use crate::core::input::Sample;

/// How long a reading is kept, in seconds: as long as OctoPrint's own graph goes back.
pub const KEPT: f64 = 1800.0;

/// Shortest time between two readings that are kept, in seconds: a little less than from one
/// report to the next on most printers.
const SPACING: f64 = 1.8;

/// Most readings kept: half an hour of them. Changes of the target come on top, so a target
/// that is changed all the time costs the oldest.
const MAX_POINTS: usize = 1000;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GraphPoint {
    /// Server time in seconds.
    pub time: f64,
    /// °C; NaN interrupts the line.
    pub actual: f32,
    /// °C; 0 is off.
    pub target: f32,
}

/// Readings of one heater in rising order of time, bounded by age and by count.
#[derive(Debug, Clone, Default)]
pub struct GraphHistory {
    /// What times are counted from, in seconds.
    begun: f64,
    kept: Vec<Kept>,
}

/// A [`GraphPoint`] in three quarters of the memory.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// Seconds, below an hour or two, so that they are right to a millisecond.
    since_begun: f32,
    actual: f32,
    target: f32,
}

// As docs/benchmarks.md counts them.
const _: () = assert!(size_of::<Kept>() == 12);

impl GraphHistory {
    /// Begins with a reading.
    #[must_use]
    pub fn from(sample: Sample) -> Self {
        let mut graph_history = Self::default();
        graph_history.push(sample);
        graph_history
    }

    /// Adds a reading, or an interruption. The newest is always there, however soon it came.
    #[expect(clippy::cast_possible_truncation, reason = "a pixel is wider")]
    pub fn push(&mut self, sample: Sample) {
        let Sample { time, actual, .. } = sample;
        let target = sample.target as f32;
        if self.kept.last().is_some_and(|last| time < self.time(last)) {
            return;
        }
        if let [.., before, last] = self.kept.as_slice() {
            let alike = target.to_bits() == last.target.to_bits()
                && actual.is_nan() == last.actual.is_nan();
            if alike && f64::from(last.since_begun - before.since_begun) < SPACING {
                self.kept.pop();
            }
        }
        self.forget(time - KEPT, MAX_POINTS - 1);
        if time - self.begun > 2.0 * KEPT {
            self.begin_at(self.kept.first().map_or(time, |first| self.time(first)));
        }
        self.kept.push(Kept {
            since_begun: (time - self.begun) as f32,
            actual: actual as f32,
            target,
        });
    }

    /// Forgets what is from before `time` (s), and what is more than `most`.
    fn forget(&mut self, time: f64, most: usize) {
        let old = self.kept.partition_point(|kept| self.time(kept) < time);
        let too_many = self.kept.len().saturating_sub(most);
        self.kept.drain(..old.max(too_many));
    }

    /// Counts from `time` (s) on, which is not after the first reading.
    fn begin_at(&mut self, time: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "at most an hour")]
        let later = (time - self.begun) as f32;
        for kept in &mut self.kept {
            kept.since_begun -= later;
        }
        self.begun = time;
    }

    fn time(&self, kept: &Kept) -> f64 {
        self.begun + f64::from(kept.since_begun)
    }

    /// How many readings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there is no reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The readings from `time` (s) on, and the one before them.
    #[must_use]
    pub fn since(&self, time: f64) -> impl DoubleEndedIterator<Item = GraphPoint> + Clone {
        let first = self.kept.partition_point(|kept| self.time(kept) < time);
        let kept = self.kept.iter().skip(first.saturating_sub(1));
        kept.map(|kept| GraphPoint {
            time: self.time(kept),
            actual: kept.actual,
            target: kept.target,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph_history(samples: impl IntoIterator<Item = (f64, f64, f64)>) -> GraphHistory {
        let mut graph_history = GraphHistory::default();
        for (time, actual, target) in samples {
            graph_history.push(Sample {
                time,
                actual,
                target,
            });
        }
        graph_history
    }

    fn times(graph_history: &GraphHistory) -> Vec<f64> {
        graph_history.since(0.0).map(|point| point.time).collect()
    }

    #[test]
    fn readings_in_quick_succession_are_one_but_a_new_target_is_seen() {
        let quick = [0.0, 0.4, 0.8, 1.2, 1.6, 2.0].map(|time| (time, 20.0, 0.0));
        assert_eq!(times(&graph_history(quick)), [0.0, 2.0]);
        let retargeted = [(0.0, 20.0, 0.0), (0.5, 20.0, 0.0), (0.75, 20.0, 60.0)];
        assert_eq!(times(&graph_history(retargeted)), [0.0, 0.5, 0.75]);
        let backward = [(5.0, 20.0, 0.0), (6.0, 20.0, 0.0), (3.0, 20.0, 0.0)];
        assert_eq!(times(&graph_history(backward)), [5.0, 6.0]);
    }

    #[test]
    fn half_an_hour_is_kept_however_often_the_printer_reports() {
        for seconds in [0.5, 1.0, 2.0, 5.0] {
            let graph_history =
                graph_history((0..9000).map(|i| (f64::from(i) * seconds, 20.0, 0.0)));
            let times = times(&graph_history);
            assert!(times.len() <= MAX_POINTS, "{seconds}: {}", times.len());
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
    fn times_stay_right_for_weeks_and_over_any_leap() {
        let start = 1.8e9 + 0.5;
        for leap in [0.0, 50.0, 1e6, 9e10] {
            let time = |i: u32| start + f64::from(i) * 2.0 + if i < 300_000 { 0.0 } else { leap };
            let graph_history = graph_history((0..300_100).map(|i| (time(i), 20.0, 0.0)));
            for (point, i) in graph_history
                .since(0.0)
                .collect::<Vec<_>>()
                .iter()
                .rev()
                .zip(0..)
            {
                assert!(
                    (point.time - time(300_099 - i)).abs() < 1e-3,
                    "{leap}: {point:?}"
                );
            }
        }
    }

    #[test]
    fn a_window_begins_at_its_limit() {
        let graph_history = graph_history((0..50).map(|i| (f64::from(i) * 2.0, f64::from(i), 0.0)));
        let count = |time| graph_history.since(time).count();
        assert_eq!(count(51.0), 25, "one leads into the window");
        assert_eq!(count(-5.0), 50);
        assert_eq!(count(1000.0), 1);
        assert_eq!(GraphHistory::default().since(0.0).count(), 0);
    }
}

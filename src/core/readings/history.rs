//! The recent readings of one heater.

use crate::core::input::same;
use crate::core::math::{Point, quantile};

/// How long a reading is kept, in seconds (spec: one rolling minute).
pub const WINDOW: f64 = 60.0;

/// How long a heater must have been watched for a standstill to show, in seconds: nearly all of that
/// minute, so that a sensor's lag after switching on is over.
pub const STANDSTILL_SHOWS: f64 = 50.0;

/// How many readings are kept at most, unless the user sets another number: a minute at
/// OctoPrint's fastest rate, 2 Hz.
pub const CAPACITY: usize = 120;

/// How long an unchanged reading counts as a repetition rather than as a measurement, in
/// seconds. While one heater is waited for, OctoPrint repeats the others' last values
/// once a second; a real report comes at least every 2 s on printers that report by
/// themselves. Shorter lets repetitions flatten the slope, longer drops real readings of
/// a coarse sensor.
const REPEATED: f64 = 2.5;

/// Half of all normally distributed errors are smaller than so many standard deviations.
const PROBABLE_ERROR: f64 = 0.6745;

/// A gap after which older readings are no evidence any more, in seconds:
/// several reports at the slowest polling (5 s) may be lost before that.
pub const GAP: f64 = 45.0;

/// Readings of one heater in rising order of time, bounded by age and by count.
#[derive(Debug, Clone)]
pub struct History {
    points: Vec<Point>,
    most: usize,
}

impl Default for History {
    fn default() -> Self {
        Self {
            points: Vec::new(),
            most: CAPACITY,
        }
    }
}

impl History {
    /// Keeps `most` readings from now on; the oldest go if there are more.
    pub fn set_capacity(&mut self, most: usize) {
        self.most = most;
        let too_many = self.points.len().saturating_sub(most);
        self.points.drain(..too_many);
    }

    /// Adds a reading if it is evidence; returns whether it was. Repeated and backward
    /// stamps are not, nor is a value repeated within 2.5 s.
    pub fn push(&mut self, point: Point) -> bool {
        if let Some(&last) = self.points.last() {
            let age = point.time - last.time;
            if age > GAP {
                self.points.clear();
            } else if age <= 0.0 || (age < REPEATED && same(point.temperature, last.temperature)) {
                return false;
            }
        }
        self.points.push(point);
        let too_many = self.points.len().saturating_sub(self.most);
        let too_old = self
            .points
            .partition_point(|p| point.time - p.time > WINDOW);
        self.points.drain(..too_many.max(too_old));
        true
    }

    /// Forgets what came after `time` (s).
    pub fn forget_after(&mut self, time: f64) {
        self.points.retain(|point| point.time <= time);
    }

    /// Noise of a reading, in °C: the standard deviation that the median of second differences hints
    /// at, so that a bend or two do not count. `None` with fewer than three readings.
    #[must_use]
    pub fn noise(&self) -> Option<f64> {
        let curvatures = self.points.windows(3).filter_map(|three| {
            let &[a, b, c] = three else { return None };
            Some((c.temperature - 2.0 * b.temperature + a.temperature).abs())
        });
        let curvatures: Vec<_> = curvatures.collect();
        // Second differences are √6 times as wide.
        quantile(&curvatures, 0.5).map(|median| median / (PROBABLE_ERROR * 6_f64.sqrt()))
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.points.clear();
    }

    /// All of them, oldest first.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Those of the last `seconds` before `now` (s), but no more than the newest `count`.
    #[must_use]
    pub fn recent(&self, now: f64, seconds: f64, count: usize) -> &[Point] {
        let old = self
            .points
            .partition_point(|point| now - point.time > seconds);
        self.newest(count.min(self.points.len() - old))
    }

    /// The newest `count`.
    #[must_use]
    pub fn newest(&self, count: usize) -> &[Point] {
        let skipped = self.points.len().saturating_sub(count);
        self.points.get(skipped..).unwrap_or_default()
    }

    /// The newest reading.
    #[must_use]
    pub fn last(&self) -> Option<Point> {
        self.points.last().copied()
    }

    /// Seconds from the oldest reading to the newest.
    #[must_use]
    pub fn span(&self) -> f64 {
        match (self.points.first(), self.points.last()) {
            (Some(first), Some(last)) => last.time - first.time,
            _ => 0.0,
        }
    }

    /// How many readings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is no reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(points: &[(f64, f64)]) -> Vec<f64> {
        let mut history = History::default();
        for &(time, temperature) in points {
            history.push(Point { time, temperature });
        }
        history.points().iter().map(|point| point.time).collect()
    }

    #[test]
    fn repeated_and_backward_stamps_are_no_evidence() {
        assert_eq!(
            filled(&[(1.0, 20.0), (1.0, 21.0), (0.0, 22.0), (2.0, 23.0)]),
            [1.0, 2.0]
        );
    }

    #[test]
    fn a_stale_repetition_is_no_evidence_but_a_standstill_is() {
        assert_eq!(
            filled(&[(0.0, 20.0), (1.0, 20.0), (2.0, 20.0), (3.0, 20.0)]),
            [0.0, 3.0]
        );
    }

    #[test]
    fn noise_is_measured_on_a_slope_as_well() {
        let mut history = History::default();
        assert_eq!(history.noise(), None);
        for time in (0..40).map(f64::from) {
            let noise = if time % 2.0 < 0.5 { 0.1 } else { -0.1 };
            let temperature = 20.0 + 2.0 * time + noise;
            history.push(Point { time, temperature });
        }
        let noise = history.noise().unwrap();
        assert!((0.1..0.3).contains(&noise), "{noise}");
        history.forget_after(10.0);
        assert_eq!(history.last().map(|point| point.time), Some(10.0));
    }

    #[test]
    fn bounded_by_age() {
        let times = filled(&[(0.0, 20.0), (30.0, 30.0), (60.0, 40.0), (61.0, 41.0)]);
        assert_eq!(times, [30.0, 60.0, 61.0]);
    }

    #[test]
    fn bounded_by_count() {
        let fast: Vec<_> = (0..500)
            .map(|i| (f64::from(i) * 0.1, f64::from(i)))
            .collect();
        assert_eq!(filled(&fast).len(), CAPACITY);
    }

    #[test]
    fn a_new_bound_keeps_what_still_fits() {
        let mut history = History::default();
        let push = |history: &mut History, second: u32| {
            history.push(Point {
                time: f64::from(second),
                temperature: f64::from(second),
            });
        };
        (0..30).for_each(|second| push(&mut history, second));
        history.set_capacity(300);
        assert_eq!(history.len(), 30);
        history.set_capacity(10);
        assert_eq!(history.points(), history.clone().newest(10));
        assert_eq!(history.points().first().map(|point| point.time), Some(20.0));
        push(&mut history, 30);
        assert_eq!(history.len(), 10);
    }

    #[test]
    fn a_gap_starts_anew() {
        assert_eq!(filled(&[(0.0, 20.0), (1.0, 21.0), (47.0, 30.0)]), [47.0]);
    }

    #[test]
    fn the_recent_ones_are_bounded_by_time_and_count() {
        let mut history = History::default();
        for second in 0..10 {
            history.push(Point {
                time: f64::from(second),
                temperature: f64::from(second),
            });
        }
        assert_eq!(history.recent(9.0, 3.0, 99).len(), 4);
        assert_eq!(history.recent(9.0, 3.0, 2).len(), 2);
        assert_eq!(history.recent(99.0, 3.0, 2).len(), 0);
        assert_eq!(history.newest(3).first().map(|point| point.time), Some(7.0));
        assert_eq!(history.newest(99).len(), 10);
    }
}

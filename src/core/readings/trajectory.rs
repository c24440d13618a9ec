//! The readings of a whole transient, thinned out to breakpoints that keep its shape.

use crate::core::math::Point;

/// Most breakpoints kept of a transient. More cost time in each estimate, fewer blur the taper at
/// the end of a long one.
pub const BREAKPOINTS: usize = 64;

/// How many steps of the sensor two breakpoints are apart at least, so that the slope between
/// them is more than quantisation.
const STEPS: f64 = 2.5;

/// After how many times the least spacing a breakpoint is set although the temperature stands
/// still.
const PATIENCE: f64 = 6.0;

/// Smallest and largest step of a sensor, in °C: below is arithmetic, above is movement.
const SMALLEST_STEP: f64 = 0.01;
const LARGEST_STEP: f64 = 0.5;

/// How many standard deviations of noise count as a step of the sensor: two readings of the same
/// temperature differ by √2 on average. Three make the first slopes of quiet sensors late, one leaves
/// noisy ones twice as wrong.
const NOISE_STEP: f64 = 1.5;

/// Share of the newest reading in the variance of the noise: the last sixteen readings or so.
const NEWEST_NOISE: f64 = 0.06;

/// How many standard deviations of the noise so far a reading counts for at most: a bend is no noise.
const MOST_NOISY: f64 = 3.0;

/// Largest noise that is believed, in °C.
const MOST_NOISE: f64 = 3.0;

/// How a transient began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    /// When the heater was switched, in seconds; it may lie before the first reading.
    pub begun: f64,
    /// The first reading, in °C.
    pub temperature: f64,
    /// How the temperature moved just before, in °C/s, if that is known.
    pub slope_before: Option<f64>,
    /// Whether the switching was seen; otherwise the transient may have begun long ago.
    pub seen: bool,
    /// 1 for a heat-up, -1 for a cool-down.
    pub direction: f64,
}

/// A stretch between two breakpoints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Its middle, in seconds since the transient began.
    pub since: f64,
    /// Its middle, in °C.
    pub temperature: f64,
    /// Duration in seconds.
    pub duration: f64,
    /// °C/s.
    pub rate: f64,
}

impl Segment {
    /// Its start, in seconds since the transient began.
    #[must_use]
    pub fn from(&self) -> f64 {
        self.since - self.duration / 2.0
    }

    /// Its end, in seconds since the transient began.
    #[must_use]
    pub fn to(&self) -> f64 {
        self.since + self.duration / 2.0
    }
}

/// Breakpoints of a transient, from its start on.
#[derive(Debug, Clone)]
pub struct Trajectory {
    start: Start,
    spacing: f64,
    step: f64,
    /// Standard deviation of a reading, in °C.
    noise: f64,
    /// The reading before the newest.
    before: Option<Point>,
    points: Vec<Point>,
    /// Whether the last point is no breakpoint and goes with the next.
    open: bool,
    settling: f64,
    furthest: f64,
    furthest_back: f64,
}

impl Trajectory {
    /// Begins with `start`, whose reading was made at `time` (s) by a sensor with so much `noise` (°C, a
    /// standard deviation). Breakpoints are
    /// `spacing` seconds apart or more; for `settling` seconds the temperature may still be
    /// carried on in the old direction.
    #[must_use]
    pub fn new(start: Start, time: f64, spacing: f64, settling: f64, noise: f64) -> Self {
        let first = Point {
            time,
            temperature: start.temperature,
        };
        Self {
            start,
            spacing,
            step: LARGEST_STEP,
            noise: noise.clamp(SMALLEST_STEP, MOST_NOISE),
            before: None,
            points: vec![first],
            open: false,
            settling,
            furthest: first.temperature,
            furthest_back: 0.0,
        }
    }

    /// Adds a reading.
    pub fn push(&mut self, point: Point) {
        let moved = (point.temperature - self.newest().temperature).abs();
        if moved > 0.0 {
            self.step = self.step.min(moved).max(SMALLEST_STEP);
        }
        self.listen(point);
        self.look_back(point);
        if self.open {
            self.points.pop();
        }
        let last = self.newest();
        let age = point.time - last.time;
        let change = (point.temperature - last.temperature).abs();
        let far = age >= self.spacing && change >= STEPS * self.step();
        self.open = !far && age < PATIENCE * self.spacing;
        if !self.open && self.points.len() == BREAKPOINTS {
            self.thin();
        }
        self.points.push(point);
    }

    /// Follows the noise: how far off the line between its neighbours the reading before `point` was.
    ///
    /// ```text
    /// σ² ← σ² + 0.06·(min(d²/(1 + w² + (1 - w)²), 9·σ²) - σ²)
    /// ```
    ///
    /// with `d` that distance and `w` where it lies between them in time, 0 to 1.
    fn listen(&mut self, point: Point) {
        let newest = self.newest();
        if let Some(before) = self.before {
            let share = (newest.time - before.time) / (point.time - before.time);
            let line = before.temperature + share * (point.temperature - before.temperature);
            let off = newest.temperature - line;
            let square = off * off / (1.0 + share * share + (1.0 - share) * (1.0 - share));
            let known = self.noise * self.noise;
            let square = square.min(MOST_NOISY * MOST_NOISY * known);
            if square.is_finite() {
                let variance = known + NEWEST_NOISE * (square - known);
                self.noise = variance.sqrt().clamp(SMALLEST_STEP, MOST_NOISE);
            }
        }
        self.before = Some(newest);
    }

    fn look_back(&mut self, point: Point) {
        let ahead = (point.temperature - self.furthest) * self.start.direction;
        if ahead > 0.0 || point.time - self.start.begun < self.settling {
            self.furthest = point.temperature;
        } else {
            self.furthest_back = self.furthest_back.max(-ahead);
        }
    }

    /// Every second breakpoint of the older half goes.
    fn thin(&mut self) {
        let mut index = 0;
        self.points.retain(|_| {
            index += 1;
            index > BREAKPOINTS / 2 || index % 2 == 1
        });
    }

    /// How it began.
    #[must_use]
    pub fn start(&self) -> Start {
        self.start
    }

    /// When it began, in seconds.
    #[must_use]
    pub fn begun(&self) -> f64 {
        self.start.begun
    }

    /// Its newest reading.
    #[must_use]
    pub fn newest(&self) -> Point {
        self.points.last().copied().unwrap_or(Point {
            time: self.start.begun,
            temperature: self.start.temperature,
        })
    }

    /// Difference of two readings that may be nothing, in °C: the smallest step that the sensor has shown, or
    /// its noise.
    #[must_use]
    pub fn step(&self) -> f64 {
        self.step.max(NOISE_STEP * self.noise)
    }

    /// Standard deviation of a reading, in °C.
    #[must_use]
    pub fn noise(&self) -> f64 {
        self.noise
    }

    /// How far the temperature has fallen back on the way, in °C.
    #[must_use]
    pub fn furthest_back(&self) -> f64 {
        self.furthest_back
    }

    /// The breakpoints and the newest reading, oldest first.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The stretches between them, oldest first.
    pub fn segments(&self) -> impl Iterator<Item = Segment> {
        self.points.windows(2).filter_map(|pair| {
            let &[from, to] = pair else { return None };
            Some(self.segment(from, to))
        })
    }

    /// The same, joined to stretches of no less than `share` of their age, and how many went
    /// into each; one that was cut short counts as less. What is long ago need not be known
    /// to the second.
    #[must_use]
    pub fn joined(&self, share: f64) -> Vec<(Segment, f64)> {
        let newest = self.newest();
        let (mut to, mut next, mut count) = (newest, newest, 0.0);
        let mut joined = Vec::with_capacity(self.points.len());
        for &from in self.points.iter().rev().skip(1) {
            count += ((next.time - from.time) / self.spacing).min(1.0);
            next = from;
            let age = newest.time - f64::midpoint(from.time, to.time);
            if to.time - from.time >= share * age {
                joined.push((self.segment(from, to), count));
                (to, count) = (from, 0.0);
            }
        }
        if count > 0.0 {
            joined.push((self.segment(next, to), count));
        }
        joined.reverse();
        joined
    }

    fn segment(&self, from: Point, to: Point) -> Segment {
        let duration = to.time - from.time;
        Segment {
            since: f64::midpoint(from.time, to.time) - self.start.begun,
            temperature: f64::midpoint(from.temperature, to.temperature),
            duration,
            rate: (to.temperature - from.temperature) / duration,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trajectory(readings: impl Iterator<Item = (f64, f64)>) -> Trajectory {
        let start = Start {
            begun: 0.0,
            temperature: 20.0,
            slope_before: None,
            seen: true,
            direction: 1.0,
        };
        let mut trajectory = Trajectory::new(start, 0.0, 2.0, 10.0, 0.0);
        for (time, temperature) in readings {
            trajectory.push(Point { time, temperature });
        }
        trajectory
    }

    #[test]
    fn breakpoints_are_apart_in_time_and_in_temperature() {
        let fast = trajectory((1..100).map(f64::from).map(|t| (t * 0.5, 20.0 + t)));
        let durations: Vec<_> = fast.segments().map(|s| s.duration).collect();
        assert!(
            durations
                .iter()
                .rev()
                .skip(1)
                .all(|d| (*d - 2.0).abs() < 1e-9)
        );
        let slow = trajectory((1..100).map(f64::from).map(|t| (t, 20.0 + 0.01 * t)));
        let durations: Vec<_> = slow.segments().map(|s| s.duration).collect();
        assert!(
            durations.iter().rev().skip(1).all(|d| *d >= 2.5),
            "{durations:?}"
        );
    }

    #[test]
    fn what_is_long_ago_is_joined() {
        let steady = trajectory((1..120).map(f64::from).map(|t| (t, 20.0 + t)));
        let (all, joined) = (steady.segments().count(), steady.joined(0.1));
        assert!(joined.len() < all / 2, "{} of {all}", joined.len());
        let seconds: f64 = joined.iter().map(|(segment, _)| segment.duration).sum();
        assert!((seconds - 119.0).abs() < 1e-9);
        let count: f64 = joined.iter().map(|(_, count)| count).sum();
        assert!((count - 59.5).abs() < 1e-9, "{count}");
        assert!(joined.is_sorted_by(|a, b| a.0.since < b.0.since));
        assert!(
            joined
                .iter()
                .all(|(segment, _)| (segment.rate - 1.0).abs() < 1e-9)
        );
    }

    #[test]
    fn a_long_transient_keeps_its_ends_and_its_shape() {
        let long = trajectory((1..5000).map(f64::from).map(|t| (t, 20.0 + 0.05 * t)));
        assert!(long.points().len() <= BREAKPOINTS + 1);
        assert_eq!(long.points().first().map(|p| p.time), Some(0.0));
        assert_eq!(long.points().last().map(|p| p.time), Some(4999.0));
        assert!(long.segments().all(|s| (s.rate - 0.05).abs() < 1e-9));
    }

    #[test]
    fn noise_is_measured_and_makes_breakpoints_rarer() {
        let noisy = |noise: f64| {
            // Evenly spread over ±√3 standard deviations, by the golden ratio.
            let off = |t: f64| noise * 12_f64.sqrt() * ((t * 0.618_034).fract() - 0.5);
            trajectory(
                (1..200)
                    .map(f64::from)
                    .map(|t| (t, 20.0 + 0.3 * t + off(t))),
            )
        };
        let (quiet, loud) = (noisy(0.0), noisy(1.0));
        assert!(quiet.noise() < 0.03, "{}", quiet.noise());
        assert!((0.6..1.8).contains(&loud.noise()), "{}", loud.noise());
        let count = |it: &Trajectory| it.segments().count();
        let counts = (count(&loud), count(&quiet));
        assert!(4 * counts.0 < 3 * counts.1, "{counts:?}");
    }

    #[test]
    fn falling_back_is_noticed_once_the_start_is_over() {
        let dip = |at: f64| {
            trajectory((1..60).map(f64::from).map(move |t| {
                let back = if t > at && t < at + 8.0 { 5.0 } else { 0.0 };
                (t, 20.0 + t - back)
            }))
        };
        assert!(
            dip(1.0).furthest_back() < 1.0,
            "still carried in the old direction"
        );
        assert!((dip(30.0).furthest_back() - 4.0).abs() < 1e-9);
        assert!(dip(100.0).furthest_back() < 1e-9);
    }
}

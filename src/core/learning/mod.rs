//! What earlier ways of a heater taught, in one direction.

mod curve;
mod mean;
mod numbers;
mod starts;
mod taper;

pub use mean::Mean;
pub use numbers::{Reader, Writer};

use super::course::{Course, Segment};
use super::fit::quantile;
use super::plant::{Class, Plant};
use curve::{Curve, Evidence};
use starts::Starts;
use taper::{GRID, Taper};

/// Shortest way that teaches anything, in °C and in seconds: less is mostly the sensor's lag.
const SHORTEST: (f64, f64) = (6.0, 6.0);

/// How far the temperature may fall back on a way that teaches, in °C. An open lid, a fan or
/// a pause of the power costs more than any sensor's noise.
const FURTHEST_BACK: f64 = 2.0;

/// Share of the rate that the lag must let through for a stretch to be evidence.
const WARMED_UP: f64 = 0.9;

/// Fewest stretches of evidence. Fast heads that are polled every 5 s have no more.
const FEWEST: usize = 2;

/// Share of the way before the target where the controller throttles, so that it is no
/// evidence of the heater, and the bounds of it, in °C: for hotends and for others.
const THROTTLED: (f64, f64, f64, f64) = (0.25, 4.0, 20.0, 8.0);

/// Above this reference, in °C, a class is a hotend's.
const HOTEND: f64 = 100.0;

/// How far a stretch may lie from the median of its way, in logarithms; how much slower it is a
/// standstill; and the share of the way that may stand still, noise of coarse sensors included.
const OUTLIER: f64 = 0.8;
const STANDSTILL: f64 = 1.2;
const STOOD_STILL: f64 = 0.2;

/// A way over this many spans counts as a whole one; a shorter one is little evidence for
/// all the other temperatures.
const WHOLE: f64 = 0.7;

/// Share of the way up to which the taper is measured.
const TAPERED: f64 = 0.6;

/// Most that the taper and the lag may cost, as shares of the whole duration.
const MOST_TAPER: (f64, f64) = (0.35, 0.5);
const MOST_LAG: f64 = 0.25;

/// Most that the taper and the lag may cost, against the class's. A dead controller or a
/// pause is more, and nothing to be learned.
const WORST_TAPER: f64 = 3.0;
const WORST_LAG: f64 = 4.0;

/// Shortest lag, in s.
const SHORTEST_LAG: f64 = 0.5;

/// Share of the way at which the lag is over and measured, and the most `φ0` of a way that
/// shows it.
const LAG_SHOWN: (f64, f64) = (0.35, 0.7);

/// Share of the newest way in the lag, and the most weight of it.
const NEWEST: f64 = 0.4;

/// How many steps a travel time is added up in.
const STEPS: u32 = 12;

/// By how much a prediction with lessons must be worse than one without to be a miss, in
/// logarithms, and how many misses in a row refute the lessons.
const MISSED: f64 = 0.2;
const MISSES: f64 = 2.0;

/// How many spreads the 80 % interval is wide on either side before that was measured, the
/// share of the newest way when it is, and the bounds.
const CALIBRATION: f64 = 1.6;
const NEWEST_CALIBRATION: f64 = 0.25;
const CALIBRATED: (f64, f64) = (0.6, 4.0);

/// Most ways that are counted.
const MOST_WAYS: f64 = 1e6;

/// The lessons of one heater in one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Lessons {
    curve: Curve,
    starts: Starts,
    taper: Taper,
    lag: Mean,
    ways: f64,
    misses: f64,
    calibration: f64,
    ambient: Option<f64>,
}

impl Default for Lessons {
    fn default() -> Self {
        Self {
            curve: Curve::default(),
            starts: Starts::default(),
            taper: Taper::default(),
            lag: Mean::default(),
            ways: 0.0,
            misses: 0.0,
            calibration: CALIBRATION,
            ambient: None,
        }
    }
}

/// A way that has come to its end.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// What was expected of it.
    pub plant: &'a Plant,
    /// How it went.
    pub course: &'a Course,
    /// Where the controller aimed, in °C.
    pub target: f64,
    /// When it arrived, in seconds.
    pub arrival: f64,
}

impl Lessons {
    /// Whether nothing has been learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ways < 1.0
    }

    /// How many ways taught this.
    #[must_use]
    pub fn ways(&self) -> f64 {
        self.ways
    }

    /// The ambient temperature that the curve was measured against, in °C.
    #[must_use]
    pub fn ambient(&self) -> Option<f64> {
        self.ambient
    }

    /// The heater's lag in seconds, if it was measured.
    #[must_use]
    pub fn lag(&self) -> Option<f64> {
        self.lag.known()
    }

    /// The line of the curve, for [`Self::correction`].
    #[must_use]
    pub fn line(&self, class: &Class) -> (f64, f64) {
        self.curve.line(class)
    }

    /// How much faster the heater is than its class at `temperature`, as a logarithm.
    #[must_use]
    pub fn correction(&self, class: &Class, line: (f64, f64), temperature: f64) -> f64 {
        if self.is_empty() {
            0.0
        } else {
            self.curve.correction(class, line, temperature)
        }
    }

    /// Level of a way that starts at `temperature`, and its spread.
    #[must_use]
    pub fn level(&self, class: &Class, temperature: f64) -> (f64, f64) {
        self.starts.level(class, temperature)
    }

    /// Seconds that the controller costs from `distance` (°C) on; `usual` is its class's.
    #[must_use]
    pub fn taper(&self, distance: f64, usual: impl Fn(f64) -> f64) -> f64 {
        self.taper.seconds(distance, usual)
    }

    /// Half the width of the 80 % interval, in spreads.
    #[must_use]
    pub fn calibration(&self) -> f64 {
        self.calibration
    }

    /// Learns from a way, unless it shows nothing or something else; says whether it did.
    pub fn learn(&mut self, taken: &Taken) -> bool {
        let Taken { plant, course, .. } = *taken;
        let (rise, duration) = (taken.rise(), taken.arrival - course.begun());
        let fair = rise >= SHORTEST.0 && duration >= SHORTEST.1;
        if !fair || course.furthest_back() > FURTHEST_BACK {
            return false;
        }
        let Some(evidence) = taken.evidence() else {
            return false;
        };
        self.ambient.get_or_insert(plant.ambient());
        let class = plant.class();
        let weight = (rise / (WHOLE * class.span)).min(1.0);
        let offset = self.curve.learn(class, &evidence, weight);
        self.starts.learn(course.start().temperature, offset);
        self.ways = (self.ways + 1.0).min(MOST_WAYS);
        if plant.heating() {
            let line = self.line(class);
            let speed = |temperature: f64, since: f64| {
                let learned = self.curve.correction(class, line, temperature) + offset;
                (plant.population(temperature) + learned + plant.fresh(since)).exp()
            };
            let (costs, lag) = (taken.taper(&speed), taken.lag(&speed));
            for (index, seconds) in costs {
                self.taper.learn(index, seconds);
            }
            if let Some(lag) = lag {
                let share = if self.lag.weight > 0.0 { NEWEST } else { 1.0 };
                self.lag.value += share * (lag - self.lag.value);
                self.lag.weight = 1.0;
            }
        }
        true
    }

    /// Compares the predictions made at the start of a way with and without these lessons
    /// with what came, all in seconds. Lessons that were worse twice in a row are forgotten.
    pub fn check(&mut self, with: f64, without: f64, truth: f64) {
        let error = |seconds: f64| (seconds.max(1.0) / truth.max(1.0)).ln().abs();
        let missed = error(with) > error(without) + MISSED;
        self.misses = if missed { self.misses + 1.0 } else { 0.0 };
        if self.misses >= MISSES {
            *self = Self::default();
        }
    }

    /// Adjusts the interval to a way whose predictions were wrong by up to `spreads` in 85 of
    /// 100 cases.
    pub fn calibrate(&mut self, spreads: f64) {
        let new = self.calibration + NEWEST_CALIBRATION * (spreads - self.calibration);
        self.calibration = new.clamp(CALIBRATED.0, CALIBRATED.1);
    }
}

impl Taken<'_> {
    fn rise(&self) -> f64 {
        let (start, end) = (self.course.start(), self.course.newest());
        (end.temperature - start.temperature).abs()
    }

    /// The stretches at full power, against what the class would do; `None` if there are too
    /// few, or if the heater stood still on the way.
    fn evidence(&self) -> Option<Vec<Evidence>> {
        let (plant, class) = (self.plant, self.plant.class());
        let (share, least, hotend, other) = THROTTLED;
        let most = if class.reference > HOTEND {
            hotend
        } else {
            other
        };
        let throttled = if plant.heating() {
            (share * self.rise()).max(least).min(most)
        } else {
            0.0
        };
        let far = |s: &Segment| (self.target - s.temperature).abs() >= throttled;
        let (mut evidence, mut stood_still) = (Vec::new(), 0.0);
        for s in self.course.segments().filter(far) {
            let warm_up = plant.warm_up.0.share(s.from(), s.to());
            let warm_up = warm_up.map_or(1.0, |share| share.value);
            let speed = s.rate * plant.direction() / warm_up;
            let usual = plant.population(s.temperature) + plant.fresh(s.since);
            if warm_up < WARMED_UP {
                continue;
            }
            if speed > 0.0 {
                evidence.push(Evidence {
                    temperature: s.temperature,
                    log_ratio: speed.ln() - usual,
                    duration: s.duration,
                });
            } else {
                stood_still += s.duration;
            }
        }
        let ratios: Vec<_> = evidence.iter().map(|e| e.log_ratio).collect();
        let median = quantile(&ratios, 0.5)?;
        let slow = evidence
            .iter()
            .filter(|e| e.log_ratio < median - STANDSTILL);
        stood_still += slow.map(|e| e.duration).sum::<f64>();
        for e in &mut evidence {
            e.log_ratio = median + (e.log_ratio - median).clamp(-OUTLIER, OUTLIER);
        }
        let watched: f64 = evidence.iter().map(|e| e.duration).sum();
        let moved = stood_still <= STOOD_STILL * (watched + stood_still);
        (moved && evidence.len() >= FEWEST).then_some(evidence)
    }

    /// When the way passed `temperature`, in seconds.
    fn passed(&self, temperature: f64) -> Option<f64> {
        let sign = self.plant.direction();
        let ahead = |at: f64| (temperature - at) * sign;
        self.course.points().windows(2).find_map(|pair| {
            let &[from, to] = pair else { return None };
            let passes = ahead(from.temperature) >= 0.0 && ahead(to.temperature) < 0.0;
            let share = (temperature - from.temperature) / (to.temperature - from.temperature);
            passes.then_some(from.time + share * (to.time - from.time))
        })
    }

    /// What the way has lost to the controller, by index of [`GRID`].
    fn taper(&self, speed: &impl Fn(f64, f64) -> f64) -> Vec<(usize, f64)> {
        let (plant, begun) = (self.plant, self.course.begun());
        let sign = plant.direction();
        let duration = self.arrival - begun;
        let most = (WORST_TAPER * plant.class().taper.0)
            .max(MOST_TAPER.0 * duration)
            .min(MOST_TAPER.1 * duration);
        let reachable = GRID.into_iter().take_while(|x| *x <= TAPERED * self.rise());
        let mut least = 0.0;
        let lost = reachable.enumerate().filter_map(|(index, x)| {
            let from = self.target - sign * x;
            let at = self.passed(from)?;
            let travel = travel(speed, from, self.target - sign * GRID[0], at - begun);
            let lost = (self.arrival - at - travel).max(least).min(most);
            least = lost;
            Some((index, lost))
        });
        lost.collect()
    }

    /// The lag in seconds, if the start shows it.
    fn lag(&self, speed: &impl Fn(f64, f64) -> f64) -> Option<f64> {
        let (plant, begun) = (self.plant, self.course.begun());
        let missing = plant.warm_up.0.missing;
        if 1.0 - missing >= LAG_SHOWN.1 {
            return None;
        }
        let (start, end) = (self.course.start(), self.course.newest());
        let rise = end.temperature - start.temperature;
        let over = start.temperature + LAG_SHOWN.0 * rise;
        let took = self.passed(over)? - begun;
        let lag = (took - travel(speed, start.temperature, over, 0.0)) / missing;
        let most = (WORST_LAG * plant.class().lag).min(MOST_LAG * (self.arrival - begun));
        Some(lag.min(most).max(SHORTEST_LAG))
    }
}

/// Seconds from one temperature to another at a `speed` that depends on the temperature and
/// on the seconds since the start.
fn travel(speed: &impl Fn(f64, f64) -> f64, from: f64, to: f64, since: f64) -> f64 {
    let step = (to - from) / f64::from(STEPS);
    let arrived = (0..STEPS).fold(since, |since, i| {
        let middle = from + step * (f64::from(i) + 0.5);
        since + step.abs() / speed(middle, since)
    });
    arrived - since
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_misses_in_a_row_refute_the_lessons() {
        let (truth, wrong, right) = (60.0, 90.0, 65.0);
        let taught = || Lessons {
            ways: 5.0,
            ..Lessons::default()
        };
        let mut lessons = taught();
        for (with, without) in [(wrong, right), (right, wrong), (wrong, right)] {
            lessons.check(with, without, truth);
            assert!(!lessons.is_empty());
        }
        lessons.check(wrong, right, truth);
        assert!(lessons.is_empty());

        let mut lessons = taught();
        for _ in 0..9 {
            lessons.check(wrong, wrong, truth);
        }
        assert_eq!(lessons, taught(), "no better without them");
    }

    #[test]
    fn an_interval_follows_what_surprises() {
        let mut lessons = Lessons::default();
        for _ in 0..30 {
            lessons.calibrate(1.0);
        }
        assert!((lessons.calibration() - 1.0).abs() < 0.01);
        lessons.calibrate(1e9);
        assert!((lessons.calibration() - CALIBRATED.1).abs() < 1e-9);
    }
}

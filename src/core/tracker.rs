//! One heater: history, phase, estimate, countdown.

use super::countdown::{Countdown, SILENCE};
use super::estimator::{Approach, FEWEST_READINGS, Reason, recent};
use super::fit::Line;
use super::history::{History, Point, same};
use super::phase::{Phase, Range, THRESHOLD_START, Trend, cooldown_goal};
use super::sample::{HeaterId, Sample};
use super::settings::Settings;
use super::snapshot::HeaterRow;

/// Longest time that is counted down, in seconds; what takes longer is not waited for.
const LONGEST: f64 = 3600.0;

/// Follows one heater from sample to sample.
#[derive(Debug, Clone)]
pub struct Tracker {
    heater: HeaterId,
    history: History,
    countdown: Countdown,
    reason: Reason,
    /// When the last sample came, unless the clock was set since.
    heard: Option<f64>,
    way: Way,
}

/// What the heater is doing, and what it has been like since.
#[derive(Debug, Clone, Copy)]
struct Way {
    phase: Phase,
    last: Sample,
    range: Range,
}

impl Tracker {
    /// A tracker for `heater`, whose first sample is `sample`.
    #[must_use]
    pub fn new(heater: HeaterId, sample: Sample) -> Self {
        let phase = Phase::begin(sample.actual, sample.target, false, cooldown_goal(&heater));
        let mut tracker = Self {
            heater,
            history: History::default(),
            countdown: Countdown::default(),
            reason: Reason::NoGoal,
            heard: None,
            way: Way {
                phase,
                last: sample,
                range: Range::from(sample.actual),
            },
        };
        tracker.enter(phase, sample);
        tracker.heard = Some(sample.time);
        tracker.history.push(Point {
            time: sample.time,
            temperature: sample.actual,
        });
        tracker
    }

    /// Takes the next sample.
    pub fn ingest(&mut self, sample: Sample, settings: &Settings) {
        let Sample {
            time,
            actual,
            target,
        } = sample;
        let Way {
            phase: before,
            last,
            range,
        } = self.way;
        let range = range.with(actual);
        let goal = cooldown_goal(&self.heater);
        let retargeted = !same(target, last.target);
        let phase = if retargeted {
            Phase::begin(actual, target, last.target > 0.0, goal)
        } else {
            let trend = if target > 0.0 {
                Trend::Level
            } else {
                Trend::of(&self.history, range, actual)
            };
            before.next(actual, target, trend, goal)
        };
        if retargeted || phase != before {
            self.enter(phase, sample);
        } else {
            self.way = Way {
                phase,
                last: sample,
                range,
            };
        }
        self.heard = Some(time);
        // A sample made because the target was set repeats the reading before it.
        let repeated = retargeted && same(actual, last.actual);
        if !repeated
            && self.history.push(Point {
                time,
                temperature: actual,
            })
        {
            self.estimate(settings);
        }
    }

    /// Forgets the readings and starts the countdown anew, from the phase it is in: the
    /// time stamps to come have nothing to do with those so far.
    pub fn restart(&mut self) {
        self.history.clear();
        self.countdown.clear();
        self.heard = None;
        self.reason = match self.end() {
            Some(_) => Reason::Measuring,
            None => Reason::NoGoal,
        };
    }

    /// Starts the countdown anew with other settings.
    pub fn configure(&mut self, settings: &Settings) {
        self.countdown.clear();
        self.estimate(settings);
    }

    /// What the page is told at server time `now` (s).
    #[must_use]
    pub fn row(&self, now: f64) -> HeaterRow {
        let Way { phase, last, .. } = self.way;
        let silent = self.heard.is_some_and(|heard| now - heard > SILENCE);
        let remaining = self.countdown.remaining(now);
        let (start, end) = (self.start(), self.end());
        let reason = if silent && end.is_some() {
            Reason::NoRecentReading
        } else {
            self.reason
        };
        HeaterRow {
            heater: self.heater.to_string(),
            phase,
            actual: last.actual,
            target: last.target,
            goal: end.map(|_| {
                if last.target > 0.0 {
                    last.target
                } else {
                    cooldown_goal(&self.heater)
                }
            }),
            remaining,
            reason: remaining.is_none().then_some(reason),
            rate: (self.history.len() >= FEWEST_READINGS)
                .then(|| Line::fit(recent(&self.history)))
                .flatten()
                .map(|line| line.rate),
            progress: end
                .map(|end| (last.actual - start) / (end - start))
                .map(|share| {
                    if share.is_nan() {
                        0.0
                    } else {
                        share.clamp(0.0, 1.0)
                    }
                }),
        }
    }

    fn enter(&mut self, phase: Phase, sample: Sample) {
        self.way = Way {
            phase,
            last: sample,
            range: Range::from(sample.actual),
        };
        self.restart();
    }

    /// The temperature from which the way leads to its end, in °C: a heater may be carried
    /// past where it was when its target changed, or sag further before it recovers.
    fn start(&self) -> f64 {
        match self.way.phase {
            Phase::Heating => self.way.range.coldest,
            _ => self.way.range.warmest,
        }
    }

    /// The temperature at which the phase is over, in °C.
    fn end(&self) -> Option<f64> {
        self.way
            .phase
            .goal(self.way.last.target, cooldown_goal(&self.heater))
    }

    /// Whether the heat-up began too near its target for a countdown.
    fn short(&self) -> bool {
        self.way.phase == Phase::Heating && self.way.last.target - self.start() < THRESHOLD_START
    }

    fn estimate(&mut self, settings: &Settings) {
        let (Some(goal), Some(newest)) = (self.end(), self.history.last()) else {
            return;
        };
        let approach = Approach {
            history: &self.history,
            goal,
            heating: self.way.phase == Phase::Heating,
            min_rate: settings.min_rate,
        };
        let estimate = if self.short() {
            Err(Reason::NearTarget)
        } else {
            settings.algorithm.estimator().remaining(&approach)
        };
        match estimate {
            Ok(seconds) if seconds <= LONGEST => self.countdown.update(seconds, newest.time),
            Ok(_) => {
                self.countdown.clear();
                self.reason = Reason::TooLong;
            }
            Err(reason) => {
                self.countdown.miss(newest.time);
                self.reason = reason;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `(seconds, actual, target)` and returns the row at the last of them.
    fn row(samples: &[(f64, f64, f64)]) -> HeaterRow {
        let mut samples = samples.iter().map(|&(time, actual, target)| Sample {
            time,
            actual,
            target,
        });
        let first = samples.next().unwrap();
        let mut tracker = Tracker::new(HeaterId::Bed, first);
        let mut now = first.time;
        for sample in samples {
            now = sample.time;
            tracker.ingest(sample, &Settings::default());
        }
        tracker.row(now)
    }

    fn climb(from: f64, target: f64, count: u32) -> Vec<(f64, f64, f64)> {
        (0..count)
            .map(|i| (f64::from(i) * 2.0, from + f64::from(i), target))
            .collect()
    }

    #[test]
    fn counts_down_to_the_edge_of_the_band() {
        let row = row(&climb(20.0, 60.0, 10));
        assert_eq!(row.phase, Phase::Heating);
        assert!(
            (row.remaining.unwrap() - 60.0).abs() < 1e-6,
            "30 °C at half a degree a second"
        );
        assert_eq!((row.reason, row.goal), (None, Some(60.0)));
        assert!((row.rate.unwrap() - 0.5).abs() < 1e-9);
        assert!((row.progress.unwrap() - 9.0 / 39.0).abs() < 1e-9);
    }

    #[test]
    fn a_target_change_forgets_the_old_way_at_once() {
        let mut samples = climb(20.0, 60.0, 10);
        samples.push((19.0, 29.0, 80.0));
        let changed = row(&samples);
        assert_eq!(
            (changed.remaining, changed.reason),
            (None, Some(Reason::Measuring))
        );
        samples.extend([(20.0, 30.0, 80.0), (22.0, 31.0, 80.0)]);
        let repeated = row(&samples);
        assert_eq!(
            repeated.reason,
            Some(Reason::Measuring),
            "the repeated 29 °C is none"
        );
        samples.push((24.0, 32.0, 80.0));
        assert!(row(&samples).remaining.is_some());
    }

    #[test]
    fn a_short_way_to_the_target_is_not_counted_but_a_begun_one_is_to_the_end() {
        let short = row(&climb(56.0, 60.0, 3));
        assert_eq!(
            (short.phase, short.reason),
            (Phase::Heating, Some(Reason::NearTarget))
        );
        let begun = row(&climb(20.0, 60.0, 39));
        assert!(
            (begun.remaining.unwrap() - 2.0).abs() < 0.1,
            "58 °C of 60 °C"
        );
    }

    #[test]
    fn a_heater_that_sags_and_recovers_is_counted_from_its_coldest() {
        let sag = |i: u32| (f64::from(i) * 2.0, 60.0 - 2.0 * f64::from(i), 60.0);
        let mut samples: Vec<_> = (0..15).map(sag).collect();
        let fallen = row(&samples);
        assert_eq!((fallen.phase, fallen.progress), (Phase::Heating, Some(0.0)));
        assert_eq!(fallen.reason, Some(Reason::MovingAway));
        samples.extend(
            climb(33.0, 60.0, 12)
                .into_iter()
                .map(|(t, y, g)| (t + 30.0, y, g)),
        );
        let recovering = row(&samples);
        assert!(
            (recovering.remaining.unwrap() - 30.0).abs() < 2.0,
            "{recovering:?}"
        );
        assert!(recovering.progress.unwrap() > 0.4);
    }

    #[test]
    fn a_heater_that_stops_loses_its_countdown_and_says_so() {
        let mut samples = climb(20.0, 100.0, 30);
        assert!(row(&samples).remaining.is_some());
        let mut stopped = |until: u32| {
            samples.push((f64::from(until), 49.0, 100.0));
            row(&samples)
        };
        let rows: Vec<_> = (60..180).step_by(3).map(&mut stopped).collect();
        assert_eq!(rows[10].remaining, None, "after 30 s");
        assert_eq!(
            rows[39].reason,
            Some(Reason::NoProgress),
            "after two minutes"
        );
    }

    #[test]
    fn the_last_degrees_keep_their_countdown_though_the_heater_slows_down() {
        let mut samples = climb(20.0, 60.0, 35);
        samples
            .extend((0..6).map(|i| (70.0 + f64::from(i) * 2.0, 54.1 + 0.1 * f64::from(i), 60.0)));
        let slow = row(&samples);
        assert!(slow.remaining.is_some(), "{slow:?}");
    }

    #[test]
    fn a_chamber_that_the_bed_warms_is_not_cooling() {
        let warmed: Vec<_> = (0..30)
            .map(|i| (f64::from(i) * 3.0, 30.0 + f64::from(i), 0.0))
            .collect();
        assert_eq!(row(&warmed).phase, Phase::Idle);
        let mut then = warmed;
        then.extend((0..8).map(|i| (90.0 + f64::from(i) * 3.0, 59.0 - 0.5 * f64::from(i), 0.0)));
        let cooling = row(&then);
        assert_eq!((cooling.phase, cooling.goal), (Phase::Cooling, Some(40.0)));
        assert!(cooling.remaining.is_some());
    }

    #[test]
    fn a_heater_switched_off_in_the_middle_cools_though_its_sensor_still_rises() {
        let mut samples = climb(100.0, 200.0, 30);
        samples.extend((0..6).map(|i| (60.0 + f64::from(i), 130.0 + f64::from(i), 0.0)));
        assert_eq!(row(&samples).phase, Phase::Cooling);
    }

    #[test]
    fn what_takes_too_long_says_so_until_the_clock_is_set() {
        let settings = Settings::default();
        let hot = Sample {
            time: -3.0,
            actual: 200.0,
            target: 200.0,
        };
        let mut tracker = Tracker::new(HeaterId::Bed, hot);
        for i in 0..20 {
            let (time, fallen) = (f64::from(i) * 3.0, 0.03 * f64::from(i));
            tracker.ingest(
                Sample {
                    time,
                    actual: 200.0 - fallen,
                    target: 0.0,
                },
                &settings,
            );
        }
        let row = tracker.row(60.0);
        assert_eq!((row.remaining, row.reason), (None, Some(Reason::TooLong)));
        tracker.restart();
        assert_eq!(tracker.row(4000.0).reason, Some(Reason::Measuring));
    }

    #[test]
    fn a_silent_printer_leaves_a_blank_with_its_reason() {
        let mut tracker = Tracker::new(
            HeaterId::Bed,
            Sample {
                time: 0.0,
                actual: 20.0,
                target: 60.0,
            },
        );
        for (time, actual, target) in climb(20.0, 60.0, 10) {
            tracker.ingest(
                Sample {
                    time,
                    actual,
                    target,
                },
                &Settings::default(),
            );
        }
        assert!((tracker.row(30.0).remaining.unwrap() - 48.0).abs() < 1e-6);
        let silent = tracker.row(40.0);
        assert_eq!(
            (silent.remaining, silent.reason),
            (None, Some(Reason::NoRecentReading))
        );
    }

    #[test]
    fn arrival_ends_the_countdown() {
        let row = row(&climb(20.0, 60.0, 41));
        assert_eq!((row.phase, row.remaining), (Phase::AtTarget, None));
        assert_eq!(
            (row.reason, row.goal, row.progress),
            (Some(Reason::NoGoal), None, None)
        );
    }
}

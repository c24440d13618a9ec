//! The learned model: it helps, it survives the page, and it cannot be poisoned.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::ops::Range;

use proptest::prelude::*;
use temp_eta::core::ensemble::{PREDICTED, Registry, Scores, WAY};
use temp_eta::core::heater::{HeaterState, Heaters, Tracker};
use temp_eta::core::input::{AlgorithmKey, HeaterId, Sample};
use temp_eta::core::learning::LearnedModel;
use temp_eta::core::model::{BUILT_IN, HeaterPrior};
use temp_eta::core::output::Learned;
use temp_eta::core::phase::Phase;
use temp_eta::core::settings::{CooldownMode, Settings};

#[path = "learning/scored.rs"]
mod scored;
#[path = "learning/stored.rs"]
mod stored;

/// A bed: its power in °C/s, its lag in s, and what goes wrong on the way.
#[derive(Debug, Clone, Copy)]
struct Bed {
    power: f64,
    lag: f64,
    mishap: Mishap,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mishap {
    None,
    /// Seconds without power or with the lid open, in the middle.
    Stall(f64),
    /// Seconds without a word, in the middle.
    Gap(f64),
}

const BED: Bed = Bed {
    power: 0.45,
    lag: 6.0,
    mishap: Mishap::None,
};

fn settings() -> Settings {
    Settings {
        algorithm: AlgorithmKey::of("adaptive"),
        ..Settings::default()
    }
}

impl Bed {
    /// Feeds a heat-up from 20 to `target` °C that begins at `start` (s); returns the mean error
    /// of the countdown as a share of the duration.
    fn heat(self, tracker: &mut Tracker, start: f64, target: f64) -> f64 {
        let settings = settings();
        let mut time = start;
        let feed = |time: f64, actual: f64, target: f64, tracker: &mut Tracker| {
            let actual = (actual * 100.0).round() / 100.0;
            tracker.ingest(
                Sample {
                    time,
                    actual,
                    target,
                },
                false,
                &settings,
            );
        };
        for _ in 0..10 {
            feed(time, 20.0, 0.0, tracker);
            time += 2.0;
        }
        let (mut body, mut sensor, begun) = (20.0, 20.0, time);
        let mut said = Vec::new();
        let mut mishap = 0.0;
        while sensor < target - 1.0 {
            let middle = sensor > f64::midpoint(20.0, target);
            let stalls = middle && matches!(self.mishap, Mishap::Stall(s) if mishap < s);
            let silent = middle && matches!(self.mishap, Mishap::Gap(s) if mishap < s);
            let power = if stalls {
                -0.1
            } else {
                self.power - (body - 20.0) / 400.0
            };
            mishap += if stalls || silent { 2.0 } else { 0.0 };
            body += 2.0 * power;
            sensor += (body - sensor) * (1.0 - (-2.0 / self.lag).exp());
            if !silent {
                feed(time, sensor, target, tracker);
                let row = tracker.row(time, &settings);
                if row.phase == Phase::Heating {
                    said.push((time, row.remaining));
                }
            }
            time += 2.0;
        }
        for _ in 0..5 {
            feed(time, target, target, tracker);
            time += 2.0;
        }
        let arrival = time - 10.0;
        let error = |(time, said): &(f64, Option<f64>)| {
            let left = arrival - time;
            said.map_or(left, |said| (said - left).abs())
        };
        let count = u32::try_from(said.len()).map_or(1.0, f64::from);
        said.iter().map(error).sum::<f64>() / count / (arrival - begun)
    }
}

fn tracker(state: HeaterState) -> Tracker {
    let cold = Sample {
        time: 0.0,
        actual: 20.0,
        target: 0.0,
    };
    Tracker::new(
        HeaterId::Bed,
        cold,
        state,
        None,
        &Registry::default(),
        &settings(),
    )
}

/// A tracker that has seen `transients` good heat-ups, an hour apart, and the time after them.
fn trained(transients: u32) -> (Tracker, f64) {
    let mut tracker = tracker(HeaterState::default());
    let mut start = 1e6;
    for _ in 0..transients {
        BED.heat(&mut tracker, start, 60.0);
        start += 3600.0;
    }
    (tracker, start)
}

#[test]
fn each_transient_is_learned_from_and_the_next_is_estimated_better() {
    let mut tracker = tracker(HeaterState::default());
    let errors: Vec<_> = (0..5)
        .map(|i| BED.heat(&mut tracker, 1e6 + 3600.0 * f64::from(i), 60.0))
        .collect();
    assert!(errors[1] < 0.6 * errors[0], "{errors:?}");
    assert!(errors[4] < 0.03, "{errors:?}");
    let elsewhere = BED.heat(&mut tracker, 2e6, 90.0);
    assert!(elsewhere < 0.1, "another target: {elsewhere}");
    assert!((tracker.state().heating.transients() - 6.0).abs() < 1e-9);
}

/// Seconds that the controller of a bed costs from 10 °C before the target on, if it costs an
/// unknown bed nothing.
fn taper(model: &LearnedModel) -> f64 {
    let prior = HeaterPrior::of(&HeaterId::Bed, true);
    let corrections = model.corrections(prior, 20.0).unwrap();
    corrections.taper.seconds(10.0, 1.0, |_| 0.0)
}

#[test]
fn poison_does_not_take() {
    let poisons = [
        ("a gap", BED, Mishap::Gap(120.0)),
        ("a short gap", BED, Mishap::Gap(50.0)),
        ("a stall", BED, Mishap::Stall(120.0)),
        ("an open lid", BED, Mishap::Stall(40.0)),
    ];
    for (name, bed, mishap) in poisons {
        let (mut tracker, mut next) = trained(4);
        let known = tracker.state().heating.clone();
        for _ in 0..3 {
            Bed { mishap, ..bed }.heat(&mut tracker, next, 60.0);
            next += 3600.0;
        }
        assert_eq!(
            tracker.state().heating.transients().to_bits(),
            known.transients().to_bits(),
            "{name}"
        );
        assert_eq!(tracker.state().heating.past(), known.past(), "{name}");
        let after = BED.heat(&mut tracker, next, 60.0);
        assert!(after < 0.04, "{name}: {after}");
    }
}

#[test]
fn what_was_done_before_is_known_at_its_first_reading() {
    let (mut tracker, mut next) = trained(5);
    // The same heat-up to another target in between.
    BED.heat(&mut tracker, next, 100.0);
    next += 3600.0;
    let settings = settings();
    let cold = |seconds: f64, target: f64| Sample {
        time: next + seconds,
        actual: 20.0,
        target,
    };
    tracker.ingest(cold(0.0, 0.0), false, &settings);
    tracker.ingest(cold(2.0, 60.0), false, &settings);
    let shown = tracker.row(next + 2.0, &settings).remaining.unwrap();
    let before = tracker.state().heating.past();
    let took = before[before.len() - 2].duration;
    assert!((shown / took - 1.0).abs() < 0.03, "{shown} of {took}");
}

#[test]
fn a_step_too_short_to_show_a_rate_is_remembered_as_it_went() {
    let (mut tracker, start) = trained(1);
    let known = tracker.state().heating.transients();
    let settings = settings();
    let mut errors = Vec::new();
    for step in 0..4 {
        let begun = start + 1000.0 * f64::from(step);
        // Half a minute for five degrees, with ten seconds until they begin.
        let actual = |on: f64| 60.0 + ((on - 10.0).max(0.0) / 4.0).min(5.0);
        let mut off = Vec::new();
        for on in (-10..60).step_by(2).map(f64::from) {
            let sample = Sample {
                time: begun + on,
                actual: actual(on),
                target: if on < 0.0 { 60.0 } else { 65.5 },
            };
            tracker.ingest(sample, false, &settings);
            let shown = tracker.row(sample.time, &settings).remaining;
            off.extend(shown.map(|shown| (shown - (28.0 - on)).abs()));
        }
        let count = u32::try_from(off.len()).map_or(1.0, f64::from);
        errors.push(off.iter().sum::<f64>() / count);
        tracker.ingest(
            Sample {
                time: begun + 100.0,
                actual: 60.0,
                target: 60.0,
            },
            false,
            &settings,
        );
    }
    assert!((tracker.state().heating.transients() - known).abs() < 1e-9);
    assert!(errors[3] < 0.5 * errors[0], "{errors:?}");
}

#[test]
fn another_hotend_is_learned_within_a_few_transients() {
    let (mut tracker, mut next) = trained(6);
    // Somebody mounts a heater three times as strong.
    let strong = Bed { power: 1.35, ..BED };
    let errors: Vec<_> = (0..4)
        .map(|_| {
            let error = strong.heat(&mut tracker, next, 60.0);
            next += 3600.0;
            error
        })
        .collect();
    let untrained = strong.heat(&mut self::tracker(HeaterState::default()), next, 60.0);
    assert!(errors[1] < untrained, "{errors:?} {untrained}");
    assert!(errors[3] < 0.07, "{errors:?}");
}

#[test]
fn a_clock_that_is_set_back_does_not_end_learning() {
    let (mut tracker, next) = trained(2);
    let earlier = next - 1e5;
    tracker.see(earlier);
    BED.heat(&mut tracker, earlier, 60.0);
    assert!((tracker.state().heating.transients() - 3.0).abs() < 1e-9);
}

#[test]
fn a_history_that_is_seen_again_is_not_learned_from() {
    let (mut tracker, next) = trained(2);
    let state = tracker.state().clone();
    let mut reloaded = self::tracker(state.clone());
    for start in [next - 7200.0, next - 3600.0] {
        BED.heat(&mut reloaded, start, 60.0);
    }
    assert_eq!(reloaded.state().heating, state.heating);
    assert_eq!(reloaded.state().scores, state.scores);
    BED.heat(&mut tracker, next, 60.0);
    assert_ne!(tracker.state().heating, state.heating);
}

#[test]
fn a_transient_that_began_in_a_gap_is_not_learned_from() {
    let (mut tracker, next) = trained(4);
    let known = tracker.state().heating.clone();
    let quiet = Sample {
        time: next - 120.0,
        actual: 40.0,
        target: 0.0,
    };
    tracker.ingest(quiet, false, &settings());
    for i in 0..60 {
        let time = next + 2.0 * f64::from(i);
        let actual = (40.0 + 0.5 * f64::from(i)).min(60.0);
        let sample = Sample {
            time,
            actual,
            target: 60.0,
        };
        tracker.ingest(sample, false, &settings());
    }
    assert_eq!(
        tracker.row(next + 118.0, &settings()).phase,
        Phase::AtTarget
    );
    assert_eq!(tracker.state().heating, known);
}

#[test]
fn the_taper_is_learned_from_whole_degrees_too() {
    let mut tracker = tracker(HeaterState::default());
    for transient in 0..3 {
        for i in 0..120 {
            let time = 1e6 + 3600.0 * f64::from(transient) + 2.0 * f64::from(i);
            let on = f64::from((i - 10).max(0));
            // Slower before the target: a degree a reading, then one in three.
            let actual = (20.0 + on)
                .min(50.0 + (on - 30.0).max(0.0) / 3.0)
                .floor()
                .min(60.0);
            let sample = Sample {
                time,
                actual,
                target: if i < 10 { 0.0 } else { 60.0 },
            };
            tracker.ingest(sample, false, &settings());
        }
    }
    let state = tracker.state();
    assert!((state.heating.transients() - 3.0).abs() < 1e-9);
    assert!(taper(&state.heating) > 10.0, "half a minute is lost there");
}

#[test]
fn a_wide_band_is_reached_before_the_controllers_last_degrees() {
    let settings = Settings {
        target_band: 5.0,
        ..settings()
    };
    // A transient that slows down in its last 10 °C, learned with the usual band.
    let actual = |on: f64| (20.0 + on).min(50.0 + (on - 30.0).max(0.0) / 3.0).min(60.0);
    let feed = |tracker: &mut Tracker, start: f64, seconds: Range<u32>, settings: &Settings| {
        for time in seconds.step_by(2).map(f64::from) {
            let sample = Sample {
                time: start + time,
                actual: actual((time - 20.0).max(0.0) / 2.0),
                target: if time < 20.0 { 0.0 } else { 60.0 },
            };
            tracker.ingest(sample, false, settings);
        }
    };
    let mut tracker = tracker(HeaterState::default());
    for transient in 0..4 {
        let start = 1e6 + 3600.0 * f64::from(transient);
        feed(&mut tracker, start, 0..240, &self::settings());
    }
    let learned = tracker.state().heating.clone();
    feed(&mut tracker, 2e6, 0..72, &settings);
    // From 45 °C: ten seconds at half a degree a second, thirty at a sixth.
    let left = tracker.row(2e6 + 70.0, &settings).remaining.unwrap();
    assert!((left - 40.0).abs() < 4.0, "{left}");
    feed(&mut tracker, 2e6, 72..142, &settings);
    assert_eq!(
        tracker.row(2e6 + 140.0, &settings).phase,
        Phase::AtTarget,
        "it counts as reached"
    );
    let taper = self::taper(&tracker.state().heating);
    let known = self::taper(&learned);
    assert!((taper - known).abs() < 1e-9, "{taper} {known}");
}

#[test]
fn adaptive_knows_the_ambient_that_is_its_set_point() {
    let mut settings = settings();
    settings.cooldown_mode = CooldownMode::Ambient;
    settings.cooldown_ambient_temp = Some(22.0);
    let bed = |t: f64| 22.0 + 38.0 * (-t / 900.0).exp();
    let hot = Sample {
        time: -2.0,
        actual: 60.0,
        target: 60.0,
    };
    let mut tracker = Tracker::new(
        HeaterId::Bed,
        hot,
        HeaterState::default(),
        Some(22.0),
        &Registry::default(),
        &settings,
    );
    for i in 0..300 {
        let time = 2.0 * f64::from(i);
        let sample = Sample {
            time,
            actual: bed(time),
            target: 0.0,
        };
        tracker.ingest(sample, false, &settings);
    }
    let truth = 900.0 * 38.0_f64.ln() - 598.0;
    let left = tracker.row(598.0, &settings).remaining.unwrap();
    // Its prior slows down a little more near ambient than this bed; 4 °C off were twice that.
    assert!((left / truth - 1.0).abs() < 0.3, "{left} of {truth}");
}

proptest! {
    #[test]
    fn whatever_is_stored_is_refused_or_harmless(
        mut numbers in prop::collection::vec(
            prop_oneof![-10.0..100.0_f64, any::<f64>(), Just(0.0), Just(1.0)],
            0..400,
        ),
        sound in any::<bool>(),
        spoiled in prop::collection::vec((0..300_usize, any::<f64>()), 0..3),
    ) {
        if sound {
            numbers = trained(1).0.state().numbers();
            for (index, value) in spoiled {
                if let Some(number) = numbers.get_mut(index) {
                    *number = value;
                }
            }
        }
        if let Some(state) = HeaterState::from_numbers(&numbers) {
            let mut tracker = tracker(state);
            let error = BED.heat(&mut tracker, 1e10, 60.0);
            prop_assert!(error.is_finite());
        }
    }
}

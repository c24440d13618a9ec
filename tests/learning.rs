//! What a heater teaches: that it helps, that it survives, and that it cannot be poisoned.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use temp_eta::core::estimator::Algorithm;
use temp_eta::core::phase::Phase;
use temp_eta::core::sample::{HeaterId, Sample};
use temp_eta::core::{Memory, Settings, Tracker};

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
        algorithm: Algorithm::Adaptive,
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

fn tracker(memory: Memory) -> Tracker {
    let cold = Sample {
        time: 0.0,
        actual: 20.0,
        target: 0.0,
    };
    Tracker::new(HeaterId::Bed, cold, memory, None, &settings())
}

/// A tracker that has seen `ways` good heat-ups, an hour apart, and the time after them.
fn taught(ways: u32) -> (Tracker, f64) {
    let mut tracker = tracker(Memory::default());
    let mut start = 1e6;
    for _ in 0..ways {
        BED.heat(&mut tracker, start, 60.0);
        start += 3600.0;
    }
    (tracker, start)
}

#[test]
fn each_way_teaches_and_the_next_is_told_better() {
    let mut tracker = tracker(Memory::default());
    let errors: Vec<_> = (0..5)
        .map(|i| BED.heat(&mut tracker, 1e6 + 3600.0 * f64::from(i), 60.0))
        .collect();
    assert!(errors[1] < 0.6 * errors[0], "{errors:?}");
    assert!(errors[4] < 0.03, "{errors:?}");
    let elsewhere = BED.heat(&mut tracker, 2e6, 90.0);
    assert!(elsewhere < 0.1, "another target: {elsewhere}");
    assert!((tracker.memory().heating.ways() - 6.0).abs() < 1e-9);
}

#[test]
fn it_survives_being_stored() {
    let (mut tracker, next) = taught(4);
    let numbers = tracker.memory().numbers();
    let text = serde_json::to_string(&numbers).unwrap();
    assert!(text.len() < 2000, "{} bytes", text.len());
    let memory = Memory::from_numbers(&numbers).unwrap();
    assert_eq!(memory.numbers(), numbers);
    let mut restored = self::tracker(memory);
    let [with, without] = [&mut tracker, &mut restored].map(|t| BED.heat(t, next, 60.0));
    assert!((with - without).abs() < 1e-3, "{with} {without}");
}

#[test]
fn a_full_memory_stays_small() {
    let mut tracker = tracker(Memory::default());
    let mut start = 1e6;
    for i in 0..40 {
        BED.heat(&mut tracker, start, 55.0 + f64::from(i % 8) * 8.0);
        start += 7200.0;
    }
    let text = serde_json::to_string(&tracker.memory().numbers()).unwrap();
    assert!(text.len() < 2000, "{} bytes", text.len());
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
        let (mut tracker, mut next) = taught(4);
        let known = tracker.memory().heating.clone();
        for _ in 0..3 {
            Bed { mishap, ..bed }.heat(&mut tracker, next, 60.0);
            next += 3600.0;
        }
        assert_eq!(
            tracker.memory().heating.ways().to_bits(),
            known.ways().to_bits(),
            "{name}"
        );
        let after = BED.heat(&mut tracker, next, 60.0);
        assert!(after < 0.04, "{name}: {after}");
    }
}

#[test]
fn another_hotend_is_learned_within_a_few_ways() {
    let (mut tracker, mut next) = taught(6);
    // Somebody mounts a heater three times as strong.
    let strong = Bed { power: 1.35, ..BED };
    let errors: Vec<_> = (0..4)
        .map(|_| {
            let error = strong.heat(&mut tracker, next, 60.0);
            next += 3600.0;
            error
        })
        .collect();
    let untaught = strong.heat(&mut self::tracker(Memory::default()), next, 60.0);
    assert!(errors[1] < untaught, "{errors:?} {untaught}");
    assert!(errors[3] < 0.07, "{errors:?}");
}

#[test]
fn a_clock_that_is_set_back_does_not_end_learning() {
    let (mut tracker, next) = taught(2);
    let earlier = next - 1e5;
    tracker.see(earlier);
    BED.heat(&mut tracker, earlier, 60.0);
    assert!((tracker.memory().heating.ways() - 3.0).abs() < 1e-9);
}

#[test]
fn a_history_that_is_seen_again_teaches_nothing() {
    let (mut tracker, next) = taught(2);
    let memory = tracker.memory().clone();
    let mut reloaded = self::tracker(memory.clone());
    for start in [next - 7200.0, next - 3600.0] {
        BED.heat(&mut reloaded, start, 60.0);
    }
    assert_eq!(reloaded.memory().heating, memory.heating);
    assert_eq!(reloaded.memory().scorecard, memory.scorecard);
    BED.heat(&mut tracker, next, 60.0);
    assert_ne!(tracker.memory().heating, memory.heating);
}

#[test]
fn every_algorithm_is_scored() {
    let (tracker, _) = taught(5);
    let scorecard = &tracker.memory().scorecard;
    let error = |algorithm| scorecard.error(algorithm).unwrap();
    assert!((scorecard.ways() - 5.0).abs() < 1e-9);
    assert!(error(Algorithm::Adaptive) < error(Algorithm::Linear));
    assert!((0.02..0.6).contains(&error(Algorithm::Linear)));
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
            numbers = taught(1).0.memory().numbers();
            for (index, value) in spoiled {
                if let Some(number) = numbers.get_mut(index) {
                    *number = value;
                }
            }
        }
        if let Some(memory) = Memory::from_numbers(&numbers) {
            let mut tracker = tracker(memory);
            let error = BED.heat(&mut tracker, 1e10, 60.0);
            prop_assert!(error.is_finite());
        }
    }
}

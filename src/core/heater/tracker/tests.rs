use super::*;
use crate::core::heater::HeaterRow;
use crate::core::input::AlgorithmKey;
use crate::core::settings::CooldownMode;

fn tracker(first: Sample) -> Tracker {
    let settings = Settings::default();
    Tracker::new(
        HeaterId::Bed,
        first,
        HeaterState::default(),
        None,
        &Registry::default(),
        &settings,
    )
}

/// Feeds `(seconds, actual, target)` and returns the row at the last of them.
fn row(samples: &[(f64, f64, f64)]) -> HeaterRow {
    let mut samples = samples.iter().map(|&(time, actual, target)| Sample {
        time,
        actual,
        target,
    });
    let first = samples.next().unwrap();
    let mut tracker = tracker(first);
    let mut now = first.time;
    for sample in samples {
        now = sample.time;
        // As if the printer had a tool that is never quite still.
        tracker.ingest(sample, true, &Settings::default());
    }
    tracker.row(now, &Settings::default())
}

fn climb(from: f64, target: f64, count: u32) -> Vec<(f64, f64, f64)> {
    (0..count)
        .map(|i| (f64::from(i) * 2.0, from + f64::from(i), target))
        .collect()
}

#[test]
fn counts_down_to_the_limit_of_the_band() {
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
fn a_state_that_is_loaded_on_the_way_is_told_how_far_it_is() {
    let mut tracker = tracker(Sample {
        time: 0.0,
        actual: 50.0,
        target: 0.0,
    });
    let heating = Sample {
        time: 2.0,
        actual: 50.0,
        target: 60.0,
    };
    tracker.ingest(heating, false, &Settings::default());
    let known = tracker.transient.plant.taper_share;
    assert!(known < 0.6, "10 °C are a short way for a bed: {known}");
    tracker.load(HeaterState::default());
    assert_eq!(
        tracker.transient.plant.taper_share.to_bits(),
        known.to_bits()
    );
}

#[test]
fn a_target_change_forgets_the_old_transient_at_once() {
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
fn a_short_transient_to_the_target_is_not_counted_but_a_begun_one_is_to_the_end() {
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
        let noise = 0.1 * f64::from(until % 2);
        samples.push((f64::from(until), 49.0 + noise, 100.0));
        row(&samples)
    };
    let rows: Vec<_> = (60..180).step_by(3).map(&mut stopped).collect();
    assert_eq!(rows[10].remaining, None, "after 30 s");
    assert_eq!(rows[39].phase, Phase::Stalled, "after two minutes");
    assert_eq!(rows[39].reason, Some(Reason::LevelsOff));
}

#[test]
fn a_value_that_is_merely_repeated_is_no_stall() {
    let mut samples = climb(20.0, 100.0, 30);
    let mut repeated = |until: u32| {
        samples.push((f64::from(until), 49.0, 100.0));
        row(&samples)
    };
    let rows: Vec<_> = (60..240).step_by(2).map(&mut repeated).collect();
    assert!(rows.iter().all(|row| row.phase == Phase::Heating));
    let width = |row: &HeaterRow| row.interval.map(|[low, high]| high - low).unwrap();
    let (soon, late) = (&rows[5], &rows[20]);
    assert!(soon.remaining.unwrap() - late.remaining.unwrap() > 25.0);
    assert!(
        width(soon) < width(late),
        "{:?} {:?}",
        soon.interval,
        late.interval
    );
    let end = rows.last().unwrap();
    assert_eq!(end.reason, Some(Reason::NoRecentReading));
}

#[test]
fn the_last_degrees_keep_their_countdown_though_the_heater_slows_down() {
    let mut samples = climb(20.0, 60.0, 35);
    samples.extend((0..6).map(|i| (70.0 + f64::from(i) * 2.0, 54.1 + 0.1 * f64::from(i), 60.0)));
    let slow = row(&samples);
    assert!(slow.remaining.is_some(), "{slow:?}");
}

#[test]
fn a_chamber_that_the_bed_warms_is_not_cooling() {
    let warmed: Vec<_> = (0..30)
        .map(|i| (f64::from(i) * 3.0, 45.0 + 0.25 * f64::from(i), 0.0))
        .collect();
    assert_eq!(row(&warmed).phase, Phase::Idle);
    let mut then = warmed;
    then.extend((0..8).map(|i| (90.0 + f64::from(i) * 3.0, 52.0 - 0.5 * f64::from(i), 0.0)));
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
    let mut tracker = tracker(hot);
    for i in 0..20 {
        let (time, fallen) = (f64::from(i) * 3.0, 0.03 * f64::from(i));
        tracker.ingest(
            Sample {
                time,
                actual: 200.0 - fallen,
                target: 0.0,
            },
            false,
            &settings,
        );
    }
    let row = tracker.row(60.0, &Settings::default());
    assert_eq!((row.remaining, row.reason), (None, Some(Reason::TooLong)));
    tracker.restart(0.0);
    assert_eq!(
        tracker.row(4000.0, &Settings::default()).reason,
        Some(Reason::Measuring)
    );
}

#[test]
fn a_silent_printer_leaves_a_blank_with_its_reason() {
    let mut tracker = tracker(Sample {
        time: 0.0,
        actual: 20.0,
        target: 60.0,
    });
    for (time, actual, target) in climb(20.0, 60.0, 10) {
        tracker.ingest(
            Sample {
                time,
                actual,
                target,
            },
            false,
            &Settings::default(),
        );
    }
    assert!((tracker.row(30.0, &Settings::default()).remaining.unwrap() - 48.0).abs() < 1e-6);
    let silent = tracker.row(40.0, &Settings::default());
    assert_eq!(
        (silent.remaining, silent.reason),
        (None, Some(Reason::NoRecentReading))
    );
}

#[test]
fn a_heater_too_weak_for_its_target_is_not_counted_down_for_ever() {
    let weak = |t: f64| 22.0 + 68.0 * (1.0 - (-t / 200.0).exp());
    let settings = Settings {
        algorithm: AlgorithmKey::of("adaptive"),
        ..Settings::default()
    };
    let at = |time: f64| Sample {
        time,
        actual: weak(time),
        target: 100.0,
    };
    let mut tracker = tracker(at(0.0));
    let rows: Vec<_> = (1..900)
        .map(|i| {
            let time = 2.0 * f64::from(i);
            tracker.ingest(at(time), false, &settings);
            tracker.row(time, &settings)
        })
        .collect();
    assert!(rows[100].remaining.is_some());
    let levels_off = |row: &HeaterRow| row.reason == Some(Reason::LevelsOff);
    assert!(rows.iter().take(400).any(levels_off));
    let end = rows.last().unwrap();
    assert_eq!((end.phase, end.remaining), (Phase::Stalled, None));
    assert_eq!(end.reason, Some(Reason::LevelsOff));
}

#[test]
fn one_reading_far_off_must_be_confirmed() {
    let mut samples = climb(20.0, 100.0, 20);
    let before = row(&samples);
    samples.push((40.0, 95.0, 100.0));
    let held = row(&samples);
    assert!((held.actual - before.actual).abs() < 1e-9);
    assert!((held.remaining.unwrap() - before.remaining.unwrap()).abs() < 2.1);
    samples.push((42.0, 96.0, 100.0));
    assert!(
        (row(&samples).actual - 96.0).abs() < 1e-9,
        "it was no mistake"
    );
}

#[test]
fn the_ambient_temperature_can_be_the_set_point() {
    let settings = Settings {
        cooldown_mode: CooldownMode::Ambient,
        cooldown_ambient_temp: Some(21.0),
        ..Settings::default()
    };
    let bed = |t: f64| 21.0 + 49.0 * (-t / 600.0).exp();
    let first = Sample {
        time: -2.0,
        actual: 70.0,
        target: 70.0,
    };
    let mut tracker = tracker(first);
    tracker.set_ambient(Some(21.0));
    for i in 0..90 {
        let time = 2.0 * f64::from(i);
        let sample = Sample {
            time,
            actual: bed(time),
            target: 0.0,
        };
        tracker.ingest(sample, false, &settings);
    }
    let row = tracker.row(178.0, &settings);
    assert_eq!((row.phase, row.goal), (Phase::Cooling, Some(21.0)));
    let truth = 600.0 * 49.0_f64.ln() - 178.0;
    let left = row.remaining.unwrap();
    assert!((left - truth).abs() < 0.03 * truth, "{left} of {truth}");
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

#[test]
fn a_heater_that_cooled_down_long_ago_is_off() {
    let mut samples = vec![(0.0, 60.0, 60.0), (2.0, 60.0, 0.0)];
    samples.extend((2..20).map(|i| (f64::from(i) * 2.0, 62.0 - f64::from(i) * 1.2, 0.0)));
    let held = |until: u32| {
        let rest = (20..until).map(|i| (f64::from(i) * 2.0, 38.0, 0.0));
        row(&[samples.clone(), rest.collect()].concat()).phase
    };
    assert_eq!(held(200), Phase::CooledDown);
    assert_eq!(held(400), Phase::Idle);
}

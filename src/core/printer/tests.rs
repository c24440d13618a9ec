use super::super::heater::MAX_HEATERS;
use super::super::input::{AlgorithmKey, Progress, Reading};
use super::super::phase::Phase;
use super::*;

fn reading(heater: &str, actual: f64, target: f64) -> Reading {
    Reading {
        heater: HeaterId::parse(heater),
        actual: Field::Number(actual),
        target: Field::Number(target),
    }
}

fn row(time: f64, readings: Vec<Reading>) -> Row {
    let time = ServerTime(time);
    Row { time, readings }
}

fn message(server_time: f64, rows: Vec<Row>) -> Message {
    Message {
        server_time: ServerTime(server_time),
        operational: Some(true),
        job: None,
        rows,
    }
}

/// A bed that climbs by half a degree a second from 20 °C at `start`.
fn climb(start: f64, seconds: std::ops::Range<u32>) -> Vec<Row> {
    seconds
        .step_by(2)
        .map(f64::from)
        .map(|s| row(start + s, vec![reading("bed", 20.0 + 0.5 * s, 60.0)]))
        .collect()
}

fn remaining(printer: &Printer, local: f64) -> Option<f64> {
    printer
        .snapshot(HostTime(local))
        .heaters
        .first()
        .and_then(|row| row.remaining)
}

#[test]
fn a_history_message_gives_an_estimate_at_once() {
    let mut printer = Printer::default();
    printer.ingest(message(1018.75, climb(1000.0, 0..20)), HostTime(5.0));
    let shown = remaining(&printer, 5.0).unwrap();
    assert!((shown - 59.75).abs() < 0.1, "{shown}");
    assert!((remaining(&printer, 8.0).unwrap() - shown + 3.0).abs() < 1e-9);
}

#[test]
fn a_history_sent_again_changes_nothing() {
    let mut printer = Printer::default();
    let mut rows = climb(1000.0, 0..20);
    rows.insert(0, row(1000.0, vec![reading("bed", 20.0, 0.0)]));
    printer.ingest(message(1019.0, rows.clone()), HostTime(5.0));
    let once = printer.snapshot(HostTime(5.0));
    printer.ingest(message(1019.0, rows), HostTime(5.0));
    assert_eq!(printer.snapshot(HostTime(5.0)), once);
}

#[test]
fn two_targets_in_one_second_both_count() {
    let mut printer = Printer::default();
    let rows = vec![
        row(1000.0, vec![reading("bed", 20.0, 0.0)]),
        row(1000.0, vec![reading("bed", 20.0, 60.0)]),
    ];
    printer.ingest(message(1000.4, rows), HostTime(5.0));
    assert_eq!(
        printer.snapshot(HostTime(5.0)).heaters[0].phase,
        Phase::Heating
    );
}

#[test]
fn the_servers_clock_may_jump_either_transient() {
    for jump in [-3600.0, 3600.0] {
        let mut printer = Printer::default();
        printer.ingest(message(10_019.0, climb(10_000.0, 0..20)), HostTime(5.0));
        for s in (20..30).step_by(2).map(f64::from) {
            let now = 10_000.0 + jump + s;
            let rows = vec![row(now, vec![reading("bed", 20.0 + 0.5 * s, 60.0)])];
            printer.ingest(message(now + 0.3, rows), HostTime(s - 14.0));
        }
        let shown = remaining(&printer, 14.0).unwrap();
        assert!((shown - 50.0).abs() < 2.0, "{jump}: {shown}");
    }
}

#[test]
fn a_history_from_before_the_clock_was_set_back_does_not_block() {
    let mut printer = Printer::default();
    let mut rows = climb(5000.0, 0..10);
    rows.extend(climb(1000.0, 0..20));
    printer.ingest(message(1019.0, rows), HostTime(5.0));
    assert!(remaining(&printer, 5.0).is_some());
}

#[test]
fn a_disconnected_printer_has_no_heaters() {
    let connected = || {
        let mut printer = Printer::default();
        printer.ingest(message(1019.0, climb(1000.0, 0..20)), HostTime(5.0));
        printer
    };
    let mut printer = connected();
    printer.ingest(message(1020.0, vec![row(1020.0, vec![])]), HostTime(6.0));
    assert!(
        printer.snapshot(HostTime(6.0)).heaters.is_empty(),
        "by the row without heaters"
    );

    let mut printer = connected();
    printer.ingest(
        Message {
            operational: Some(false),
            ..message(1020.0, vec![])
        },
        HostTime(6.0),
    );
    assert!(
        printer.snapshot(HostTime(6.0)).heaters.is_empty(),
        "by the state"
    );

    printer.ingest(message(1080.0, climb(1060.0, 0..20)), HostTime(66.0));
    assert!(
        remaining(&printer, 66.0).is_some(),
        "and is back after reconnecting"
    );
}

#[test]
fn sensors_are_no_heaters_and_the_profile_decides() {
    let sensor = Reading {
        target: Field::Absent,
        ..reading("pi", 48.0, 0.0)
    };
    let rows = vec![row(
        1000.0,
        vec![
            reading("chamber", 21.0, 0.0),
            reading("bed", 21.0, 0.0),
            reading("tool1", 21.0, 0.0),
            reading("tool0", 21.0, 0.0),
            reading("dryer", 21.0, 50.0),
            sensor,
        ],
    )];
    let mut printer = Printer::default();
    printer.ingest(message(1000.5, rows), HostTime(5.0));
    let names = |printer: &Printer| -> Vec<_> {
        printer
            .snapshot(HostTime(5.0))
            .heaters
            .into_iter()
            .map(|row| row.heater.to_string())
            .collect()
    };
    assert_eq!(
        names(&printer),
        ["tool0", "tool1", "bed", "chamber", "dryer"]
    );
    printer.set_profile(Profile {
        tools: 1,
        bed: true,
        chamber: false,
    });
    assert_eq!(names(&printer), ["tool0", "bed", "dryer"]);
}

#[test]
fn bad_readings_are_counted_and_the_rest_is_used() {
    let mut printer = Printer::default();
    let bad = Reading {
        actual: Field::Junk,
        ..reading("bed", 0.0, 0.0)
    };
    let rows = vec![
        row(
            1000.0,
            vec![
                bad,
                reading("tool0", 21.0, f64::NAN),
                reading("chamber", 21.0, 0.0),
            ],
        ),
        row(f64::NAN, vec![reading("bed", 21.0, 0.0)]),
    ];
    printer.ingest(message(1000.5, rows), HostTime(5.0));
    printer.ingest(message(f64::NAN, vec![]), HostTime(5.0));
    printer.ingest(message(1.8e12, vec![]), HostTime(5.0));
    let snapshot = printer.snapshot(HostTime(5.0));
    assert_eq!(
        snapshot.skipped,
        Skipped {
            time: 3,
            heater: 0,
            actual: 1,
            target: 1
        }
    );
    assert_eq!(snapshot.heaters.len(), 1);
}

#[test]
fn junk_names_do_not_fill_the_heater_state() {
    let mut printer = Printer::default();
    let readings = (0..1000)
        .map(|i| reading(&format!("junk{i}"), 20.0, 30.0))
        .collect();
    printer.ingest(message(1000.5, vec![row(1000.0, readings)]), HostTime(5.0));
    assert_eq!(printer.snapshot(HostTime(5.0)).heaters.len(), MAX_HEATERS);
}

#[test]
fn a_message_handled_late_does_not_move_the_countdown() {
    let mut printer = Printer::default();
    for s in (0..40).step_by(2).map(f64::from) {
        let bed = reading("bed", 20.0 + 0.5 * s, 60.0);
        printer.ingest(
            message(1000.5 + s, vec![row(1000.0 + s, vec![bed])]),
            HostTime(s),
        );
    }
    let shown = remaining(&printer, 38.0).unwrap();
    printer.ingest(message(1039.0, vec![]), HostTime(42.5));
    assert!((remaining(&printer, 42.5).unwrap() - (shown - 4.5)).abs() < 0.05);
}

#[test]
fn a_clock_set_by_seconds_leaves_a_blank_and_no_wrong_number() {
    for step in [-4.0, 2.0, 4.0] {
        let mut printer = Printer::default();
        for s in (0..60).step_by(2).map(f64::from) {
            let set = if s < 40.0 { 0.0 } else { step };
            let stamp = 1000.0 + s + set;
            let rows = vec![row(stamp, vec![reading("bed", 20.0 + 0.5 * s, 60.0)])];
            printer.ingest(message(stamp + 0.5, rows), HostTime(s));
            if s >= 20.0 {
                let truth = 78.0 - s;
                let shown = remaining(&printer, s);
                let wrong = shown.is_some_and(|shown| (shown - truth).abs() > 2.0);
                assert!(!wrong, "{step} s: {shown:?} at {s} s, truth {truth}");
            }
        }
        assert!(remaining(&printer, 58.0).is_some(), "{step} s");
    }
}

#[test]
fn many_rows_of_one_second_are_known_again() {
    let mut printer = Printer::default();
    let rows: Vec<_> = [0.0, 60.0, 60.0]
        .iter()
        .zip([20.0, 20.0, 20.5])
        .map(|(target, actual)| row(1000.0, vec![reading("bed", actual, *target)]))
        .collect();
    printer.ingest(message(1000.9, rows.clone()), HostTime(5.0));
    let once = printer.snapshot(HostTime(5.0));
    printer.ingest(message(1000.9, rows), HostTime(5.0));
    assert_eq!(printer.snapshot(HostTime(5.0)), once);
}

#[test]
fn settings_are_clamped_and_the_same_ones_change_nothing() {
    let mut printer = Printer::default();
    printer.configure(Settings {
        update_interval: 99.0,
        ..Settings::default()
    });
    assert!((printer.settings().update_interval - 5.0).abs() < f64::EPSILON);
    for s in (0..40).step_by(2).map(f64::from) {
        let bed = reading("bed", 20.0 + 0.5 * s + (s * 7.0).sin(), 60.0);
        printer.ingest(
            message(1000.5 + s, vec![row(1000.0 + s, vec![bed])]),
            HostTime(s),
        );
    }
    let before = printer.snapshot(HostTime(38.0));
    printer.configure(Settings {
        update_interval: 0.1,
        ..Settings::default()
    });
    assert_eq!(printer.snapshot(HostTime(38.0)), before);
}

#[test]
fn settings_take_effect_at_once() {
    let mut printer = Printer::default();
    printer.ingest(message(1019.0, climb(1000.0, 0..20)), HostTime(5.0));
    printer.configure(Settings {
        algorithm: AlgorithmKey::of("exponential"),
        ..Settings::default()
    });
    assert!(remaining(&printer, 5.0).is_some());
    printer.configure(Settings {
        min_rate: 1.0,
        ..Settings::default()
    });
    assert_eq!(remaining(&printer, 5.0), None);
    printer.configure(Settings {
        enabled: false,
        ..Settings::default()
    });
    assert!(printer.snapshot(HostTime(5.0)).heaters.is_empty());
}

#[test]
fn a_direction_that_is_switched_off_keeps_all_but_its_time() {
    let mut printer = Printer::with_graphs();
    printer.ingest(message(1039.0, climb(1000.0, 0..40)), HostTime(5.0));
    let [shown] = printer.snapshot(HostTime(5.0)).heaters.try_into().unwrap();
    printer.configure(Settings {
        enable_heating_eta: false,
        ..Settings::default()
    });
    let [disabled] = printer.snapshot(HostTime(5.0)).heaters.try_into().unwrap();
    assert_eq!(disabled, shown.clone().kept_back(Reason::Disabled));
    assert_eq!(disabled.reason, Some(Reason::Disabled));
    assert!(printer.graph(HostTime(5.0), 60.0)[0].forecast.is_empty());
    printer.configure(Settings {
        enable_cooldown_eta: false,
        ..Settings::default()
    });
    let [other] = printer.snapshot(HostTime(5.0)).heaters.try_into().unwrap();
    assert_eq!(other, shown, "its countdown has gone on");
}

#[test]
fn a_shorter_patience_hides_a_countdown_and_a_longer_one_brings_it_back() {
    let mut printer = Printer::default();
    let limited = |max_eta: f64| Settings {
        max_eta,
        ..Settings::default()
    };
    for s in (0..40).step_by(2).map(f64::from) {
        let bed = reading("bed", 20.0 + 0.5 * s, 200.0);
        printer.ingest(
            message(1000.5 + s, vec![row(1000.0 + s, vec![bed])]),
            HostTime(s),
        );
    }
    let before = printer.snapshot(HostTime(38.0));
    printer.configure(limited(60.0));
    let [hidden] = printer.snapshot(HostTime(38.0)).heaters.try_into().unwrap();
    let said = (hidden.remaining, hidden.interval, hidden.reason);
    assert_eq!(said, (None, None, Some(Reason::TooLong)));
    printer.configure(limited(3600.0));
    assert_eq!(printer.snapshot(HostTime(38.0)), before);
}

#[test]
fn what_is_near_and_what_is_there_are_the_users_choice() {
    let settings = Settings {
        threshold_start: 45.0,
        ..Settings::default()
    };
    let mut printer = Printer::default();
    printer.configure(settings);
    printer.ingest(message(1019.0, climb(1000.0, 0..20)), HostTime(5.0));
    let [near] = printer.snapshot(HostTime(5.0)).heaters.try_into().unwrap();
    assert_eq!(near.reason, Some(Reason::NearTarget));
    printer.configure(Settings {
        target_band: 5.0,
        ..Settings::default()
    });
    let left = remaining(&printer, 5.0).unwrap();
    assert!((left - 51.5).abs() < 0.1, "{left}");
}

#[test]
fn a_larger_history_changes_no_countdown() {
    let mut printer = Printer::with_graphs();
    printer.ingest(message(1039.0, climb(1000.0, 0..40)), HostTime(5.0));
    let before = printer.snapshot(HostTime(5.0));
    assert_eq!(printer.diagnostics().samples, 20);
    let sized = |history_size: f64| Settings {
        history_size,
        ..Settings::default()
    };
    printer.configure(sized(300.0));
    assert_eq!(printer.snapshot(HostTime(5.0)), before);
    printer.configure(sized(10.0));
    printer.ingest(message(1042.0, climb(1000.0, 40..42)), HostTime(8.0));
    let kept = printer.diagnostics();
    assert_eq!((kept.samples, kept.points, kept.heaters), (10, 21, 1));
    assert!(remaining(&printer, 8.0).is_some());
}

#[test]
fn estimates_are_timed_only_while_somebody_watches() {
    let count = |printer: &Printer| printer.diagnostics().estimates.count;
    let mut printer = Printer::default();
    printer.ingest(message(1019.0, climb(1000.0, 0..20)), HostTime(5.0));
    assert_eq!(count(&printer), 0);
    printer.set_timing(Some(|| 1.0));
    printer.ingest(message(1021.0, climb(1000.0, 20..22)), HostTime(7.0));
    let once = count(&printer);
    assert_eq!(once, 3, "each algorithm");
    printer.set_timing(Some(|| 1.0));
    assert_eq!(count(&printer), once, "it was on already");
    printer.set_timing(None);
    printer.set_timing(Some(|| 1.0));
    assert_eq!(count(&printer), 0);
}

/// A bed at `actual` with `target`, at `time`.
fn bed(printer: &mut Printer, time: f64, actual: f64, target: f64) -> Vec<Arrival> {
    let rows = vec![row(time, vec![reading("bed", actual, target)])];
    printer.ingest(message(time + 0.3, rows), HostTime(time - 1000.0));
    printer.arrivals()
}

/// Where the bed arrived in a session of temperatures two seconds apart.
fn arrivals(session: &[(f64, f64)]) -> Vec<(Phase, f64)> {
    let mut printer = Printer::default();
    let mut arrivals = Vec::new();
    for (i, &(actual, target)) in (0_u32..).zip(session) {
        arrivals.extend(bed(
            &mut printer,
            1000.0 + 2.0 * f64::from(i),
            actual,
            target,
        ));
    }
    let place = |arrival: Arrival| (arrival.phase, arrival.actual);
    arrivals.into_iter().map(place).collect()
}

#[test]
fn a_heater_arrives_once() {
    let up = [(20.0, 60.0), (40.0, 60.0), (59.5, 60.0), (60.0, 60.0)];
    assert_eq!(arrivals(&up), [(Phase::AtTarget, 59.5)]);
    let sagged = [&up[..], &[(54.0, 60.0), (56.0, 60.0), (59.8, 60.0)]].concat();
    assert_eq!(arrivals(&sagged).len(), 1);
    let again = [&up[..], &[(60.0, 70.0), (69.5, 70.0)]].concat();
    assert_eq!(arrivals(&again).len(), 2);
}

#[test]
fn a_lowered_target_is_reached_when_it_is_reached() {
    let lowered = [(90.0, 100.0), (90.0, 60.0), (80.0, 60.0), (70.0, 60.0)];
    assert_eq!(arrivals(&lowered), []);
    let there = [&lowered[..], &[(60.5, 60.0), (60.0, 60.0)]].concat();
    assert_eq!(arrivals(&there), [(Phase::AtTarget, 60.5)]);
}

#[test]
fn heating_again_during_a_cool_down_is_no_arrival() {
    let up = [(60.0, 100.0), (99.5, 100.0)];
    let off = [&up[..], &[(99.0, 0.0), (80.0, 0.0), (70.0, 0.0)]].concat();
    let again = [&off[..], &[(69.0, 100.0), (80.0, 100.0)]].concat();
    assert_eq!(arrivals(&again), [(Phase::AtTarget, 99.5)]);
    let cold = [&off[..], &[(50.0, 0.0), (40.5, 0.0), (40.0, 0.0)]].concat();
    let down = (Phase::CooledDown, 40.5);
    assert_eq!(arrivals(&cold), [(Phase::AtTarget, 99.5), down]);
}

#[test]
fn a_disconnect_is_no_arrival() {
    let mut printer = Printer::default();
    for (time, actual, target) in [(1000.0, 99.0, 100.0), (1002.0, 98.0, 0.0)] {
        bed(&mut printer, time, actual, target);
    }
    printer.ingest(message(1004.0, vec![row(1004.0, vec![])]), HostTime(4.0));
    assert_eq!(bed(&mut printer, 1010.0, 30.0, 0.0), []);
    assert_eq!(bed(&mut printer, 1012.0, 29.0, 0.0), []);
}

#[test]
fn a_heater_that_is_not_shown_does_not_arrive() {
    let heat = |printer: &mut Printer| -> usize {
        let temperatures = (0_u32..).zip([20.0, 40.0, 59.5]);
        let arrivals = temperatures
            .map(|(i, actual)| bed(printer, 1000.0 + 2.0 * f64::from(i), actual, 60.0).len());
        arrivals.sum()
    };
    let mut other = Printer::default();
    other.set_profile(Profile {
        tools: 1,
        bed: false,
        chamber: false,
    });
    assert_eq!(heat(&mut other), 0);
    let mut off = Printer::default();
    off.configure(Settings {
        enabled: false,
        ..Settings::default()
    });
    assert_eq!(heat(&mut off), 0);
    assert_eq!(heat(&mut Printer::default()), 1);
}

#[test]
fn what_arrived_before_the_page_was_opened_or_while_it_slept_is_not_reported() {
    let mut printer = Printer::default();
    let history = climb(1000.0, 0..100);
    printer.ingest(message(1099.0, history.clone()), HostTime(99.0));
    assert_eq!(printer.arrivals(), [], "opened");
    printer.ingest(message(1101.0, history), HostTime(101.0));
    assert_eq!(printer.arrivals(), [], "connected again");

    let mut printer = Printer::default();
    printer.ingest(message(1011.0, climb(1000.0, 0..10)), HostTime(11.0));
    printer.ingest(message(1090.0, climb(1000.0, 0..90)), HostTime(90.0));
    assert_eq!(printer.arrivals().len(), 1, "missed by seconds");

    let mut printer = Printer::default();
    printer.ingest(message(1011.0, climb(1000.0, 0..10)), HostTime(11.0));
    printer.ingest(message(1400.0, climb(1000.0, 0..400)), HostTime(400.0));
    assert_eq!(printer.arrivals(), [], "slept for minutes");
}

#[test]
fn the_graph_goes_from_the_window_to_the_threshold() {
    let mut printer = Printer::with_graphs();
    printer.ingest(message(1039.0, climb(1000.0, 0..40)), HostTime(5.0));
    let [graph] = printer.graph(HostTime(5.0), 20.0).try_into().unwrap();
    let (first, last) = (graph.past[0], graph.past[graph.past.len() - 1]);
    assert!((-24.0..=-18.0).contains(&first.time), "{first:?}");
    assert!((-1.0..=0.0).contains(&last.time), "{last:?}");
    assert!((last.actual - 39.0).abs() < 1e-6);
    let start = graph.forecast[0];
    assert!((start.0 - last.time).abs() < 1e-9 && (start.1 - 39.0).abs() < 1e-6);
    let (end, goal) = graph.forecast[graph.forecast.len() - 1];
    assert!((end - remaining(&printer, 5.0).unwrap()).abs() < 1e-9);
    assert!(
        (goal - 59.0).abs() < 1e-9,
        "the edge of the band around the target"
    );
}

#[test]
fn the_graph_outlives_a_disconnected_printer() {
    let mut printer = Printer::with_graphs();
    printer.ingest(message(1039.0, climb(1000.0, 0..40)), HostTime(5.0));
    printer.ingest(message(1040.0, vec![row(1040.0, vec![])]), HostTime(6.0));
    assert!(printer.graph(HostTime(6.0), 180.0).is_empty());
    printer.ingest(message(1050.5, climb(1050.0, 0..1)), HostTime(16.5));
    let [graph] = printer.graph(HostTime(16.5), 180.0).try_into().unwrap();
    assert_eq!(graph.past.len(), 21);
    assert!(graph.forecast.is_empty(), "nobody knows yet");
}

#[test]
fn times_are_kept_back_while_the_file_is_read_on() {
    let mut printer = Printer::with_graphs();
    printer.configure(Settings {
        suppress_while_printing: true,
        ..Settings::default()
    });
    let rows = climb(1000.0, 0..40);
    printer.ingest(message(1039.0, rows), HostTime(5.0));
    let printing = |printer: &mut Printer, seconds: f64, position: f64| {
        let job = Some(Progress {
            printing: true,
            position: Some(position),
        });
        let time = 1039.0 + seconds;
        let said = Message {
            job,
            ..message(time, vec![])
        };
        printer.ingest(said, HostTime(5.0 + seconds));
        let row = printer.snapshot(HostTime(5.0 + seconds)).heaters.remove(0);
        (row.remaining.is_some(), row.reason)
    };
    assert!(printing(&mut printer, 0.0, 100.0).0, "it may be waiting");
    let kept_back = (false, Some(Reason::Printing));
    assert_eq!(printing(&mut printer, 0.5, 200.0), kept_back);
    assert!(printer.graph(HostTime(5.5), 60.0)[0].forecast.is_empty());
    printer.configure(Settings::default());
    assert!(printing(&mut printer, 1.0, 300.0).0);
}

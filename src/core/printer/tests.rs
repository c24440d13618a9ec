use super::super::heater::MAX_HEATERS;
use super::super::input::{AlgorithmKey, Field, Progress, Reading};
use super::super::phase::Phase;
use super::*;

mod bad_readings;
mod events;
mod graph;
mod settings;

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
fn the_servers_clock_may_jump_either_way() {
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
    assert_eq!(names(&printer), ["tool0", "tool1", "bed", "chamber"]);
    printer.set_profile(Profile {
        tools: 1,
        bed: true,
        chamber: false,
    });
    assert_eq!(names(&printer), ["tool0", "bed"]);
    let reported = printer.reported().iter();
    let reported: Vec<_> = reported
        .map(|it| (it.heater.to_string(), it.had_target))
        .collect();
    assert_eq!(reported.len(), 6);
    assert_eq!(
        reported[4..],
        [("dryer".into(), true), ("pi".into(), false)]
    );
}

#[test]
fn the_owner_decides_what_is_counted() {
    let mut printer = Printer::default();
    let id = |name: &str| HeaterId::parse(name).unwrap();
    let counted = |printer: &mut Printer, time: f64| -> Vec<_> {
        let readings = ["bed", "tool0", "dryer", "pi"].map(|name| reading(name, 40.0, 0.0));
        let rows = vec![row(time, readings.into())];
        printer.ingest(message(time + 0.5, rows), HostTime(time));
        let heaters = printer.snapshot(HostTime(time)).heaters.into_iter();
        heaters.map(|row| row.heater.to_string()).collect()
    };
    printer.set_choices(vec![(id("dryer"), true), (id("tool0"), false)]);
    assert_eq!(counted(&mut printer, 1000.0), ["bed", "dryer"]);
    printer.set_choices(vec![(id("bed"), false)]);
    assert_eq!(
        printer.snapshot(HostTime(1000.0)).heaters.len(),
        0,
        "at once"
    );
    assert_eq!(counted(&mut printer, 1002.0), ["tool0"]);
}

#[test]
fn junk_names_do_not_fill_the_heater_state() {
    let mut printer = Printer::default();
    let name = |i: u32| format!("junk{i}");
    let choice = |i| (HeaterId::parse(&name(i)).unwrap(), true);
    printer.set_choices((0..1000).map(choice).collect());
    let readings = (0..1000).map(|i| reading(&name(i), 20.0, 30.0)).collect();
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
fn a_page_that_is_frozen_for_seconds_learns_the_same() {
    let learned = |frozen: std::ops::Range<f64>| {
        let mut printer = Printer::default();
        for s in (0..120).step_by(2).map(f64::from) {
            let actual = (20.0 + 0.5 * s).min(60.0);
            let target = if s > 0.0 { 60.0 } else { 0.0 };
            let rows = vec![row(1000.0 + s, vec![reading("bed", actual, target)])];
            let arrives = if frozen.contains(&s) { frozen.end } else { s };
            printer.ingest(message(1000.5 + s, rows), HostTime(arrives));
        }
        let [update] = printer.state_updates().try_into().unwrap();
        update.state
    };
    let awake = learned(0.0..0.0);
    assert!(awake.heating.transients() > 0.0);
    for seconds in [5.0, 8.0, 31.0] {
        assert_eq!(learned(30.5..30.5 + seconds), awake, "{seconds} s");
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

//! Readings that cannot be true.

use super::*;

fn junk(heater: &str, target: f64) -> Reading {
    Reading {
        actual: Field::Junk,
        ..reading(heater, 0.0, target)
    }
}

/// A bed that climbs, except for the readings at `odd` seconds, which are `actual`.
fn climb_with(odd: &[f64], actual: f64, seconds: std::ops::Range<u32>) -> Printer {
    let mut printer = Printer::with_graphs();
    let off = row(999.0, vec![reading("bed", 20.0, 0.0)]);
    printer.ingest(message(999.5, vec![off]), HostTime(999.0));
    for mut row in climb(1000.0, seconds) {
        let ServerTime(time) = row.time;
        if odd.contains(&(time - 1000.0)) {
            row.readings = vec![reading("bed", actual, 60.0)];
        }
        printer.ingest(message(time + 0.5, vec![row]), HostTime(time));
    }
    printer
}

fn rows(printer: &Printer, time: f64) -> Vec<HeaterRow> {
    printer.snapshot(HostTime(time)).heaters
}

#[test]
fn bad_readings_are_counted_and_the_rest_is_used() {
    let mut printer = Printer::default();
    let readings = vec![
        junk("bed", 0.0),
        reading("tool0", 32.11, -28416.0),
        reading("chamber", 21.0, 0.0),
    ];
    let no_time = row(f64::NAN, vec![reading("bed", 21.0, 0.0)]);
    printer.ingest(
        message(1000.5, vec![row(1000.0, readings), no_time]),
        HostTime(5.0),
    );
    printer.ingest(message(f64::NAN, vec![]), HostTime(5.0));
    printer.ingest(message(1.8e12, vec![]), HostTime(5.0));
    let expected = Skipped {
        time: 3,
        heater: 0,
        actual: 1,
        target: 1,
    };
    assert_eq!(printer.snapshot(HostTime(5.0)).skipped, expected);
    let rows = rows(&printer, 5.0);
    let shown: Vec<_> = rows.iter().map(|row| row.heater.to_string()).collect();
    assert_eq!(shown, ["tool0", "bed", "chamber"]);
    assert_eq!((rows[0].actual, rows[0].target), (32.11, 0.0));
    assert_eq!(rows[0].phase, Phase::Idle);
}

#[test]
fn an_old_value_is_not_shown_as_the_present_one() {
    let printer = climb_with(&[38.0], 1023.75, 0..40);
    let [bed] = rows(&printer, 1038.0).try_into().unwrap();
    let expected = HeaterRow {
        heater: HeaterId::Bed,
        phase: Phase::Heating,
        actual: 1023.75,
        target: 60.0,
        goal: Some(60.0),
        remaining: None,
        interval: None,
        reason: Some(Reason::Implausible),
        rate: None,
        progress: None,
        soak: 0.0,
    };
    assert_eq!(bed, expected);
}

#[test]
fn good_readings_end_it_and_the_countdown_goes_on() {
    let (good, odd) = (
        climb_with(&[], 0.0, 0..44),
        climb_with(&[38.0], -273.0, 0..44),
    );
    let [expected, shown] = [good, odd].map(|printer| remaining(&printer, 1042.0).unwrap());
    assert!((expected - shown).abs() < 1.0, "{expected} {shown}");
}

#[test]
fn a_loose_wire_is_told_once() {
    let every_other: Vec<_> = (10..40).step_by(4).map(f64::from).collect();
    let doubted = |until: u32| {
        let printer = climb_with(&every_other, 1023.75, 0..until);
        rows(&printer, 1000.0 + f64::from(until) - 2.0)[0].reason == Some(Reason::Implausible)
    };
    assert!((12..=42).step_by(2).all(doubted));
}

#[test]
fn a_heater_without_any_good_reading_has_a_row() {
    let mut printer = Printer::with_graphs();
    let readings = vec![
        junk("bed", 0.0),
        reading("tool0", 1023.75, 200.0),
        reading("tool1", 21.0, 0.0),
        reading("W", 4_294_967.0, 0.0),
    ];
    printer.ingest(message(1000.5, vec![row(1000.0, readings)]), HostTime(5.0));
    let shown = rows(&printer, 5.0);
    let names: Vec<_> = shown.iter().map(|row| row.heater.to_string()).collect();
    assert_eq!(names, ["tool0", "tool1", "bed"]);
    let [tool, _, bed] = shown.try_into().unwrap();
    assert_eq!((tool.phase, tool.goal), (Phase::Idle, Some(200.0)));
    assert!(bed.actual.is_nan());
    assert_eq!((bed.goal, bed.reason), (None, Some(Reason::Implausible)));
    for time in [1002.0, 1004.0] {
        let readings = vec![reading("bed", 21.0, 0.0)];
        let now = HostTime(time - 995.0);
        printer.ingest(message(time + 0.5, vec![row(time, readings)]), now);
    }
    assert_eq!(rows(&printer, 9.0)[2].reason, Some(Reason::NoGoal));
    printer.ingest(message(1006.5, vec![row(1006.0, vec![])]), HostTime(11.0));
    assert!(rows(&printer, 11.0).is_empty(), "the printer is gone");
}

#[test]
fn a_target_that_changes_meanwhile_is_shown() {
    let mut printer = climb_with(&[38.0], 1023.75, 0..40);
    let off = vec![row(1040.0, vec![reading("bed", 1023.75, 0.0)])];
    printer.ingest(message(1040.5, off), HostTime(1040.0));
    let [bed] = rows(&printer, 1040.0).try_into().unwrap();
    assert_eq!((bed.phase, bed.goal), (Phase::Idle, None));
    assert_eq!(bed.reason, Some(Reason::Implausible));
}

#[test]
fn the_printers_line_says_which_heater_it_leaves_out() {
    let mut printer = Printer::default();
    for s in (0..40).step_by(2).map(f64::from) {
        let bed = reading("bed", 20.0 + 0.5 * s, 60.0);
        let tool = reading("tool0", 1023.75, 200.0);
        let rows = vec![row(1000.0 + s, vec![tool, bed])];
        printer.ingest(message(1000.5 + s, rows), HostTime(s));
    }
    let line = printer.snapshot(HostTime(38.0)).printer.unwrap();
    assert_eq!(line.without, [HeaterId::Tool(0)]);
    assert_eq!(line.phase, Phase::Heating);
    assert_eq!(line.remaining, remaining_of(&printer, "bed"));
}

fn remaining_of(printer: &Printer, heater: &str) -> Option<f64> {
    let rows = rows(printer, 38.0);
    let row = rows.iter().find(|row| row.heater.to_string() == heater);
    row.and_then(|row| row.remaining)
}

#[test]
fn a_heater_that_is_on_and_makes_no_sense_is_no_cool_down() {
    let mut printer = Printer::default();
    for s in (0..60).step_by(2).map(f64::from) {
        let target = if s < 2.0 { 100.0 } else { 0.0 };
        let bed = reading("bed", 100.0 - 0.3 * s, target);
        let tool = reading("tool0", 1023.75, 200.0);
        let rows = vec![row(1000.0 + s, vec![tool, bed])];
        printer.ingest(message(1000.5 + s, rows), HostTime(s));
    }
    let line = printer.snapshot(HostTime(58.0)).printer.unwrap();
    assert_eq!((line.phase, line.remaining), (Phase::Heating, None));
    assert_eq!(line.reason, Some(Reason::Implausible));
}

#[test]
fn readings_that_make_no_sense_do_not_change_what_is_learned() {
    let with_lessons = |odd: &[f64]| {
        let mut taught = climb_with(odd, 2000.0, 0..120);
        let [update] = taught.state_updates().try_into().unwrap();
        assert!(update.state.heating.transients() > 0.0);
        let mut printer = Printer::default();
        printer.configure(Settings {
            algorithm: AlgorithmKey::of("adaptive"),
            ..Settings::default()
        });
        printer.load(vec![(update.heater, update.state)]);
        printer.ingest(message(1010.5, climb(1000.0, 0..10)), HostTime(5.0));
        remaining(&printer, 5.0).unwrap()
    };
    let (good, odd) = (with_lessons(&[]), with_lessons(&[30.0, 60.0]));
    assert!((good - odd).abs() < 0.05 * good, "{good} {odd}");
}

#[test]
fn the_graph_has_a_gap() {
    let printer = climb_with(&[20.0], 1023.75, 0..40);
    let [graph] = printer.graph(HostTime(1038.0), 180.0).try_into().unwrap();
    let gaps: Vec<_> = graph.past.iter().map(|it| it.actual.is_nan()).collect();
    assert_eq!(gaps.iter().filter(|gap| **gap).count(), 1);
    assert!(gaps[10], "in its place");
    assert!(!graph.forecast.is_empty());
    let printer = climb_with(&[38.0], 1023.75, 0..40);
    let [graph] = printer.graph(HostTime(1038.0), 180.0).try_into().unwrap();
    assert!(graph.forecast.is_empty(), "nothing is known");
}

#[test]
fn the_room_is_what_the_printers_own_heaters_are_at_rest() {
    let mut printer = Printer::default();
    let fridge = HeaterId::parse("fridge").unwrap();
    printer.set_choices(vec![(fridge.clone(), true)]);
    for s in (0..120).step_by(2).map(f64::from) {
        let readings = vec![
            reading("tool0", 22.0, 0.0),
            reading("tool1", -1.0, 0.0),
            reading("bed", 21.0, 0.0),
            reading("fridge", 6.0, 0.0),
        ];
        printer.ingest(
            message(1000.5 + s, vec![row(1000.0 + s, readings)]),
            HostTime(s),
        );
    }
    assert_eq!(printer.heaters.ambient(), Some(21.0));
    let of_fridge = printer.heaters.state(&fridge).ambient.temperature();
    assert_eq!(of_fridge, Some(6.0), "its own affair");
}

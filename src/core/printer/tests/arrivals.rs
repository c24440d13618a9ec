//! What counts as an arrival, and is reported.

use super::*;

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

//! What is reported as an event, and when the printer is ready.

use super::*;
use crate::core::output::EventKind::{
    self, CooledDown, HeaterStalled, PrinterReady, Soaked, TargetReached,
};

/// All events of a message with `readings`, made at `time`.
fn report(printer: &mut Printer, time: f64, readings: Vec<Reading>) -> Vec<Event> {
    let rows = vec![row(time, readings)];
    printer.ingest(message(time + 0.3, rows), HostTime(time - 1000.0));
    printer.events()
}

/// The arrivals among the events since the last call.
fn arrived(printer: &mut Printer) -> Vec<Event> {
    let events = printer.events().into_iter();
    events.filter(|it| it.kind != PrinterReady).collect()
}

/// The arrivals of a bed at `actual` with `target`, at `time`.
fn bed(printer: &mut Printer, time: f64, actual: f64, target: f64) -> Vec<Event> {
    let events = report(printer, time, vec![reading("bed", actual, target)]);
    let arrivals = events.into_iter().filter(|it| it.kind != PrinterReady);
    arrivals.collect()
}

/// Where the bed arrived in a session of temperatures two seconds apart.
fn arrivals(session: &[(f64, f64)]) -> Vec<(EventKind, f64)> {
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
    let place = |event: Event| (event.kind, event.actual);
    arrivals.into_iter().map(place).collect()
}

#[test]
fn a_heater_arrives_once() {
    let up = [(20.0, 60.0), (40.0, 60.0), (59.5, 60.0), (60.0, 60.0)];
    assert_eq!(arrivals(&up), [(TargetReached, 59.5)]);
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
    assert_eq!(arrivals(&there), [(TargetReached, 60.5)]);
}

#[test]
fn heating_again_during_a_cool_down_is_no_arrival() {
    let up = [(60.0, 100.0), (99.5, 100.0)];
    let off = [&up[..], &[(99.0, 0.0), (80.0, 0.0), (70.0, 0.0)]].concat();
    let again = [&off[..], &[(69.0, 100.0), (80.0, 100.0)]].concat();
    assert_eq!(arrivals(&again), [(TargetReached, 99.5)]);
    let cold = [&off[..], &[(50.0, 0.0), (40.5, 0.0), (40.0, 0.0)]].concat();
    let down = (CooledDown, 40.5);
    assert_eq!(arrivals(&cold), [(TargetReached, 99.5), down]);
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
    assert_eq!(arrived(&mut printer), [], "opened");
    printer.ingest(message(1101.0, history), HostTime(101.0));
    assert_eq!(arrived(&mut printer), [], "connected again");

    let mut printer = Printer::default();
    printer.ingest(message(1011.0, climb(1000.0, 0..10)), HostTime(11.0));
    printer.ingest(message(1090.0, climb(1000.0, 0..90)), HostTime(90.0));
    assert_eq!(arrived(&mut printer).len(), 1, "missed by seconds");

    let mut printer = Printer::default();
    printer.ingest(message(1011.0, climb(1000.0, 0..10)), HostTime(11.0));
    printer.ingest(message(1400.0, climb(1000.0, 0..400)), HostTime(400.0));
    assert_eq!(arrived(&mut printer), [], "slept for minutes");
}

/// A printer that is told its temperatures every two seconds, and remembers all events.
#[derive(Default)]
struct Session {
    printer: Printer,
    time: f64,
    seen: Vec<(EventKind, f64)>,
}

impl Session {
    fn new(settings: Settings) -> Self {
        let mut session = Self::default();
        session.printer.configure(settings);
        session
    }

    /// `bed` and `tool` are temperature and target in °C, for `steps` reports.
    fn hold(&mut self, steps: u32, bed: (f64, f64), tool: (f64, f64)) {
        for _ in 0..steps {
            let readings = vec![
                reading("tool0", tool.0, tool.1),
                reading("bed", bed.0, bed.1),
            ];
            let events = report(&mut self.printer, 1000.0 + self.time, readings);
            self.seen
                .extend(events.iter().map(|it| (it.kind, self.time)));
            self.time += 2.0;
        }
    }

    /// Reports a job at `position` of its file, or none.
    fn job(&mut self, position: impl Into<Option<f64>>) {
        let position = position.into();
        let job = Some(Progress {
            printing: position.is_some(),
            position,
        });
        let told = Message {
            job,
            ..message(1000.0 + self.time, Vec::new())
        };
        self.printer.ingest(told, HostTime(self.time));
    }

    fn bed(&self) -> HeaterRow {
        let heaters = self.printer.snapshot(HostTime(self.time - 2.0)).heaters;
        heaters.last().unwrap().clone()
    }

    fn kinds(&mut self) -> Vec<EventKind> {
        self.seen.drain(..).map(|(kind, _)| kind).collect()
    }
}

fn ten_minutes() -> Settings {
    Settings {
        soak_time_bed: 10.0,
        ..Settings::default()
    }
}

const OFF: (f64, f64) = (25.0, 0.0);

#[test]
fn the_printer_is_ready_once_all_targets_are_reached() {
    let mut session = Session::new(Settings::default());
    session.hold(2, (20.0, 60.0), (20.0, 200.0));
    session.hold(2, (60.0, 60.0), (90.0, 200.0));
    assert_eq!(session.kinds(), [TargetReached]);
    session.hold(5, (60.0, 60.0), (200.0, 200.0));
    assert_eq!(session.kinds(), [TargetReached, PrinterReady]);
    session.hold(2, (60.0, 0.0), (200.0, 0.0));
    session.hold(2, (39.0, 0.0), (49.0, 0.0));
    assert_eq!(session.kinds(), [CooledDown, CooledDown]);
}

#[test]
fn a_bed_is_soaked_before_the_printer_is_ready() {
    let mut session = Session::new(ten_minutes());
    session.hold(5, (20.0, 60.0), OFF);
    let printer = session.printer.snapshot(HostTime(8.0)).printer;
    assert_eq!(session.bed().soak.to_bits(), 600.0_f64.to_bits());
    assert!(!printer.unwrap().alone, "the soak comes on top");
    session.hold(1, (60.0, 60.0), OFF);
    assert_eq!(session.kinds(), [TargetReached]);
    let begun = session.bed();
    assert_eq!((begun.phase, begun.goal), (Phase::Soaking, Some(60.0)));
    assert!((begun.remaining.unwrap() - 600.0).abs() < 1.0, "{begun:?}");
    session.hold(150, (60.0, 60.0), OFF);
    let half = session.bed();
    assert!((half.remaining.unwrap() - 300.0).abs() < 1.0, "{half:?}");
    assert!((half.progress.unwrap() - 0.5).abs() < 0.01, "{half:?}");
    let printer = session
        .printer
        .snapshot(HostTime(session.time - 2.0))
        .printer;
    let printer = printer.unwrap();
    assert_eq!((printer.remaining, printer.alone), (half.remaining, false));
    session.hold(151, (60.0, 60.0), OFF);
    assert_eq!(session.seen, [(Soaked, 610.0), (PrinterReady, 610.0)]);
    assert_eq!(session.bed().phase, Phase::AtTarget);
}

#[test]
fn leaving_the_target_begins_the_soak_anew() {
    let mut session = Session::new(ten_minutes());
    session.hold(2, (20.0, 60.0), OFF);
    session.hold(200, (60.0, 60.0), OFF);
    session.hold(5, (57.0, 60.0), OFF);
    let swung = session.bed();
    assert!(
        swung.remaining.unwrap() < 200.0,
        "a fan is no reason: {swung:?}"
    );
    session.hold(2, (54.0, 60.0), OFF);
    assert_eq!(session.bed().phase, Phase::Heating);
    session.hold(1, (60.0, 60.0), OFF);
    let anew = session.bed().remaining.unwrap();
    assert!((anew - 600.0).abs() < 1.0, "{anew}");
    session.hold(301, (60.0, 60.0), OFF);
    assert_eq!(session.kinds(), [TargetReached, Soaked, PrinterReady]);
}

#[test]
fn what_was_at_its_target_before_anybody_looked_is_not_soaked() {
    let mut session = Session::new(ten_minutes());
    session.hold(400, (60.0, 60.0), OFF);
    assert_eq!(session.bed().phase, Phase::AtTarget);
    assert_eq!(session.kinds(), []);
}

/// A job that has waited for the bed and prints, in which the soak was not complete.
fn printing() -> Session {
    let mut session = Session::new(ten_minutes());
    session.job(None);
    session.job(10.0);
    session.hold(2, (20.0, 60.0), OFF);
    session.hold(5, (60.0, 60.0), OFF);
    assert_eq!(session.bed().phase, Phase::Soaking);
    // Another wait may follow.
    assert_eq!(session.kinds(), [TargetReached]);
    session.hold(2, (60.0, 60.0), (30.0, 200.0));
    session.hold(2, (60.0, 60.0), (200.0, 200.0));
    assert_eq!(session.kinds(), [TargetReached]);
    for i in 0..10 {
        session.job(20.0 + f64::from(i));
        session.hold(1, (60.0, 60.0), (200.0, 200.0));
    }
    session
}

#[test]
fn in_a_job_the_printer_is_ready_once_when_that_prints() {
    let mut session = printing();
    assert_eq!(
        session.bed().phase,
        Phase::AtTarget,
        "nobody waits for a soak"
    );
    assert_eq!(session.kinds(), [PrinterReady]);
    session.hold(5, (60.0, 60.0), (200.0, 200.0));
    assert_eq!(
        session.bed().phase,
        Phase::AtTarget,
        "the file stands still"
    );
    session.hold(3, (60.0, 60.0), (190.0, 230.0));
    session.hold(3, (60.0, 60.0), (230.0, 230.0));
    assert_eq!(session.kinds(), [TargetReached], "a change of the tool");
    for i in 0..400 {
        session.job(100.0 + f64::from(i));
        session.hold(1, (60.0, 60.0), (230.0, 230.0));
    }
    assert_eq!(session.kinds(), [], "the soak went on unseen");
}

#[test]
fn a_job_that_is_canceled_while_it_waits_makes_no_printer_ready() {
    let mut session = Session::new(Settings::default());
    session.job(None);
    session.job(10.0);
    session.hold(2, (20.0, 60.0), (20.0, 200.0));
    session.hold(2, (60.0, 60.0), (90.0, 200.0));
    session.job(None);
    session.hold(3, (60.0, 60.0), (90.0, 0.0));
    assert_eq!(session.kinds(), [TargetReached]);
}

/// A bed that has soaked for 400 s of ten minutes.
fn soaking() -> Session {
    let mut session = Session::new(ten_minutes());
    session.hold(2, (20.0, 60.0), OFF);
    session.hold(200, (60.0, 60.0), OFF);
    assert_eq!(session.kinds(), [TargetReached]);
    session
}

#[test]
fn a_silent_printer_does_not_complete_a_soak() {
    let mut session = soaking();
    session.time += 1000.0;
    let silent = session.bed();
    let reason = Some(Reason::NoRecentReading);
    assert_eq!((silent.phase, silent.reason), (Phase::Soaking, reason));
    session.hold(1, (60.0, 60.0), OFF);
    let left = session.bed().remaining.unwrap();
    assert!((left - 200.0).abs() < 5.0, "{left}");
    assert_eq!(session.kinds(), []);
}

#[test]
fn a_soak_goes_on_over_a_set_clock_or_a_sleep() {
    for jump in [3600.0, -3600.0] {
        let mut session = soaking();
        let report = |session: &mut Session, time: f64| {
            let rows = vec![row(1000.0 + time + jump, vec![reading("bed", 60.0, 60.0)])];
            let told = message(1000.3 + time + jump, rows);
            session.printer.ingest(told, HostTime(time));
            session.printer.snapshot(HostTime(time)).heaters[1].clone()
        };
        let time = session.time;
        report(&mut session, time);
        let left = report(&mut session, time + 2.0).remaining.unwrap();
        assert!((left - 200.0).abs() < 6.0, "{jump}: {left}");
    }
}

#[test]
fn too_hot_is_no_soak_either() {
    let mut session = soaking();
    session.hold(2, (66.0, 60.0), OFF);
    session.hold(1, (60.0, 60.0), OFF);
    let anew = session.bed().remaining.unwrap();
    assert!(anew > 590.0, "{anew}");
}

#[test]
fn a_soak_is_complete_once_an_arrival() {
    let mut session = soaking();
    let minutes = |soak_time_bed| Settings {
        soak_time_bed,
        ..ten_minutes()
    };
    session.printer.configure(minutes(5.0));
    session.hold(2, (60.0, 60.0), OFF);
    assert_eq!(session.kinds(), [Soaked, PrinterReady]);
    session.printer.configure(minutes(20.0));
    session.hold(800, (60.0, 60.0), OFF);
    assert_eq!(session.kinds(), []);
}

#[test]
fn a_stall_is_told_once() {
    let mut session = Session::new(Settings::default());
    session.hold(2, (20.0, 60.0), OFF);
    for i in 0..200 {
        let noise = 0.1 * f64::from(i % 2);
        session.hold(1, (30.0 + noise, 60.0), (25.0 + noise, 0.0));
    }
    assert_eq!(session.bed().phase, Phase::Stalled);
    assert_eq!(session.kinds(), [HeaterStalled]);
}

#[test]
fn an_event_says_how_long_it_took_and_was_shown_to_take() {
    let mut printer = Printer::default();
    let mut events = bed(&mut printer, 998.0, 20.0, 0.0);
    for s in (0_u32..100).step_by(2).map(f64::from) {
        events.extend(bed(&mut printer, 1000.0 + s, 20.0 + 0.5 * s, 60.0));
    }
    let event = &events[0];
    assert_eq!((events.len(), event.kind), (1, TargetReached));
    assert!((event.duration.unwrap() - 78.0).abs() < 2.0, "{event:?}");
    assert!((event.predicted.unwrap() - 78.0).abs() < 4.0, "{event:?}");
}

//! What settings change, and when.

use super::*;

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
    let algorithms = printer.heaters.registry().iter().count();
    assert_eq!(usize::try_from(once), Ok(algorithms), "each once");
    printer.set_timing(Some(|| 1.0));
    assert_eq!(count(&printer), once, "it was on already");
    printer.set_timing(None);
    printer.set_timing(Some(|| 1.0));
    assert_eq!(count(&printer), 0);
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

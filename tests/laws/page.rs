//! What holds for every snapshot, whatever came before.

use temp_eta::core::Printer;
use temp_eta::core::heater::HeaterRow;
use temp_eta::core::input::HostTime;
use temp_eta::core::model::Reason;

/// Most heaters there may be, and most seconds any of them may be said to need.
const MOST_HEATERS: usize = 32;

/// Most readings of a heater that are calculated with, and most that are drawn.
const MOST_SAMPLES: usize = 300;
const MOST_MARKS: usize = 1000;

/// Panics if what `printer` says or draws at `local` seconds of the page's own time is not
/// true or honestly blank, or if it keeps more than it may.
pub fn check(printer: &Printer, local: f64) {
    let snapshot = printer.snapshot(HostTime(local));
    assert!(snapshot.heaters.len() <= MOST_HEATERS);
    let most = printer.settings().max_eta;
    for row in &snapshot.heaters {
        check_row(row, most);
    }
    if let Some(row) = snapshot.printer {
        assert_eq!(row.remaining.is_some(), row.reason.is_none());
        assert!(row.remaining.is_none_or(|s| (0.0..=most).contains(&s)));
    }
    check_scores(printer);
    check_graph(printer, local, &snapshot.heaters);
    let kept = printer.diagnostics();
    assert!(kept.heaters <= MOST_HEATERS);
    assert!(kept.samples <= MOST_SAMPLES * MOST_HEATERS);
    assert!(kept.points <= MOST_MARKS * MOST_HEATERS);
}

fn check_row(row: &HeaterRow, most: f64) {
    let implausible = row.reason == Some(Reason::Implausible);
    let measured = (-10.0..=600.0).contains(&row.actual);
    assert!(measured || implausible, "{row:?}");
    assert!(!implausible || row.rate.is_none(), "{row:?}");
    assert!((0.0..=600.0).contains(&row.target), "{row:?}");
    assert!(row.goal.is_none_or(f64::is_finite), "{row:?}");
    assert_eq!(row.remaining.is_some(), row.reason.is_none(), "{row:?}");
    let shown = 0.0..=most;
    assert!(row.remaining.is_none_or(|s| shown.contains(&s)), "{row:?}");
    let share = 0.0..=1.0;
    assert!(row.progress.is_none_or(|s| share.contains(&s)), "{row:?}");
    assert!(row.rate.is_none_or(f64::is_finite), "{row:?}");
    if let (Some(remaining), Some([low, high])) = (row.remaining, row.interval) {
        assert!(0.0 <= low && low <= remaining, "{row:?}");
        assert!(remaining <= high && high.is_finite(), "{row:?}");
    }
    let kept_back = matches!(row.reason, Some(Reason::Printing | Reason::Disabled));
    let has_progress = row.goal.is_some() && !kept_back && !implausible;
    assert_eq!(has_progress, row.progress.is_some(), "{row:?}");
}

/// Scores are shares of a transient, of as many as there were.
fn check_scores(printer: &Printer) {
    let scores = printer.learned().into_iter().flat_map(|it| it.scores);
    for score in scores {
        assert!((0.0..=1.0).contains(&score.error), "{score:?}");
        assert!(
            score.transients.is_finite() && score.transients >= 0.0,
            "{score:?}"
        );
    }
}

/// What is drawn ends where it is said to, and is drawn in order.
fn check_graph(printer: &Printer, local: f64, rows: &[HeaterRow]) {
    for graph in printer.graph(HostTime(local), 180.0) {
        let row = rows.iter().find(|row| row.heater == graph.heater);
        let pairs = graph.past.windows(2);
        assert!(pairs.into_iter().all(|it| it[0].time <= it[1].time));
        let real = |actual: f32| actual.is_nan() || (-10.0..=600.0).contains(&actual);
        assert!(graph.past.iter().all(|point| real(point.actual)));
        let remaining = row.and_then(|row| row.remaining);
        let end = graph.forecast.last().map(|&(time, _)| time);
        assert_eq!(end.is_some(), remaining.is_some(), "{graph:?}");
        if let (Some(end), Some(remaining)) = (end, remaining) {
            assert!((end - remaining).abs() < 1e-3, "{end} {remaining}");
        }
        let finite = |&(time, celsius): &(f64, f64)| time.is_finite() && celsius.is_finite();
        assert!(graph.forecast.iter().all(finite), "{graph:?}");
    }
}

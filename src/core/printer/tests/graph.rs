//! What is drawn.

use super::*;

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

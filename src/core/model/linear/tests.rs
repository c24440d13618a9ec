use super::*;
use crate::core::input::HeaterId;
use crate::core::model::fixture::EstimatorFixture;

fn remaining(readings: &[(f64, f64)], threshold: f64) -> Result<f64, Reason> {
    let fixture = EstimatorFixture::new(&HeaterId::Bed, readings.iter().copied(), threshold, 0.0);
    fixture.remaining(&Linear).map(|left| left.seconds)
}

#[test]
fn a_constant_rate_is_extrapolated_exactly() {
    let up: Vec<_> = (0..10)
        .map(|i| (f64::from(i) * 2.0, 20.0 + f64::from(i)))
        .collect();
    assert!((remaining(&up, 59.0).unwrap() - 60.0).abs() < 1e-9);
    let down: Vec<_> = up.iter().map(|&(t, y)| (t, 220.0 - y)).collect();
    assert!((remaining(&down, 51.0).unwrap() - 280.0).abs() < 1e-9);
}

/// Readings every 3 s, `step` °C apart.
fn steps(count: u32, step: f64) -> Vec<(f64, f64)> {
    (0..count)
        .map(|i| (f64::from(i) * 3.0, 20.0 + step * f64::from(i)))
        .collect()
}

#[test]
fn each_refusal_has_its_reason() {
    let rows = [
        (steps(0, 1.0), Reason::Measuring),
        (steps(2, 1.0), Reason::Measuring),
        (steps(7, 0.0), Reason::Measuring),
        (steps(30, 0.0), Reason::Measuring),
        (steps(17, 0.005), Reason::Measuring),
        (steps(18, 0.005), Reason::NoProgress),
        (steps(18, 0.02), Reason::TooSlow),
        (steps(7, 0.2), Reason::Measuring),
        (steps(8, 0.2), Reason::TooSlow),
        (steps(7, -1.0), Reason::Measuring),
        (steps(8, -1.0), Reason::MovingAway),
    ];
    for (readings, reason) in rows {
        assert_eq!(remaining(&readings, 59.0), Err(reason), "{readings:?}");
    }
}

#[test]
fn slow_cooling_is_cooling() {
    let cooling = |step: f64| {
        let readings = (0..20).map(|i| (f64::from(i) * 3.0, 32.0 - step * f64::from(i)));
        remaining(&readings.collect::<Vec<_>>(), 31.0)
    };
    assert!(cooling(0.03).is_ok());
    assert_eq!(cooling(0.01), Err(Reason::TooSlow), "0.003 °C/s");
    assert_eq!(cooling(0.001), Err(Reason::NoProgress));
    let coarse: Vec<_> = (0..20)
        .map(|i| (f64::from(i) * 3.0, if i < 12 { 32.5 } else { 32.0 }))
        .collect();
    assert_eq!(
        remaining(&coarse, 31.0),
        Err(Reason::TooSlow),
        "one step of the sensor"
    );
}

#[test]
fn a_heater_that_gathers_speed_is_taken_at_its_newest_rate() {
    // A sensor with a lag of 8 s on a heater of 0.5 °C/s.
    let sensor = |t: f64| 20.0 + 0.5 * (t - 8.0 * (1.0 - (-t / 8.0).exp()));
    let until = |seconds: u32| -> Vec<_> {
        (0..=seconds)
            .step_by(2)
            .map(f64::from)
            .map(|t| (t, sensor(t)))
            .collect()
    };
    let early = remaining(&until(8), 59.0).unwrap();
    assert!(
        (76.0..160.0).contains(&early),
        "{early}, the window says 205"
    );
    let steady = remaining(&until(24), 59.0).unwrap();
    assert!((steady - 61.6).abs() < 6.0, "{steady}");
}

#[test]
fn a_slow_heater_is_seen_through_a_longer_window() {
    let mut history = History::default();
    for i in 0..30 {
        history.push(Point {
            time: f64::from(i) * 2.0,
            temperature: 20.0 + 0.2 * f64::from(i),
        });
    }
    assert_eq!(recent(&history).len(), 15, "three degrees at 0.2 a reading");
}

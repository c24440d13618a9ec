use super::*;
use crate::core::input::HeaterId;
use crate::core::model::fixture::EstimatorFixture;

fn remaining(curve: Lag, count: u32, threshold: f64) -> Result<f64, Reason> {
    let readings = (0..count).map(f64::from);
    let readings = readings.map(|time| (time, curve.temperature_at(time)));
    let fixture = EstimatorFixture::new(&HeaterId::Bed, readings, threshold, 0.0);
    fixture.remaining(&Exponential).map(|left| left.seconds)
}

#[test]
fn its_own_curve_is_extrapolated() {
    let hotend = Lag {
        asymptote: 320.0,
        tau: 100.0,
        now: 21.0,
    };
    let truth = hotend.remaining(209.0).unwrap() - 39.0;
    assert!((remaining(hotend, 40, 209.0).unwrap() - truth).abs() < 0.1);

    let cooling = Lag {
        asymptote: 22.0,
        tau: 150.0,
        now: 210.0,
    };
    let truth = cooling.remaining(51.0).unwrap() - 39.0;
    assert!((remaining(cooling, 40, 51.0).unwrap() - truth).abs() < 0.2);
}

#[test]
fn newtons_law_leads_to_a_known_ambient() {
    let bed = Lag {
        asymptote: 22.0,
        tau: 900.0,
        now: 60.0,
    };
    let readings = (0..30).map(|i| 2.0 * f64::from(i));
    let readings = readings.map(|time| (time, bed.temperature_at(time)));
    let mut fixture = EstimatorFixture::new(&HeaterId::Bed, readings, 22.0, 1.0);
    fixture.asymptote = Some(22.0);
    let truth = bed.remaining(23.0).unwrap() - 58.0;
    let estimators: [&dyn Estimator; 2] = [&Linear, &Exponential];
    for estimator in estimators {
        let left = fixture.remaining(estimator).unwrap().seconds;
        assert!((left - truth).abs() < 1.0, "{left}");
    }
    fixture.asymptote = Some(50.0);
    assert_eq!(fixture.remaining(&Exponential), Err(Reason::LevelsOff));
}

#[test]
fn a_heater_too_weak_for_its_target_levels_off() {
    let weak = Lag {
        asymptote: 90.0,
        tau: 50.0,
        now: 21.0,
    };
    assert!(remaining(weak, 40, 99.0).is_ok(), "too early to tell");
    assert_eq!(remaining(weak, 60, 99.0), Err(Reason::LevelsOff));
}

#[test]
fn slower_than_min_rate_is_refused() {
    let slow = Lag {
        asymptote: 60.0,
        tau: 450.0,
        now: 21.0,
    };
    assert_eq!(remaining(slow, 60, 40.0), Err(Reason::TooSlow));
}

#[test]
fn a_straight_climb_is_a_line() {
    let straight = Lag {
        asymptote: 1e6,
        tau: 1e6,
        now: 20.0,
    };
    let seconds = remaining(straight, 30, 60.0).unwrap();
    assert!((seconds - 11.0).abs() < 0.01, "{seconds}");
}

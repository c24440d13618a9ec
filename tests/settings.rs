//! The settings as the server defines them are those that the core knows.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use serde_json::Value;
use temp_eta::core::Settings;
use temp_eta::core::estimator::Algorithm;

fn defined() -> Value {
    serde_json::from_str(include_str!("data/settings.json")).unwrap()
}

#[test]
fn defaults_are_the_servers() {
    let (defined, default) = (defined(), Settings::default());
    assert_eq!(defined["enabled"]["default"], default.enabled);
    assert_eq!(defined["algorithm"]["default"], default.algorithm.name());
    assert_eq!(
        defined["update_interval"]["default"],
        default.update_interval
    );
    assert_eq!(defined["min_rate"]["default"], default.min_rate);
}

#[test]
fn algorithms_are_the_servers() {
    let names: Vec<Value> = Algorithm::ALL.iter().map(|a| a.name().into()).collect();
    assert_eq!(defined()["algorithm"]["values"], Value::from(names));
}

#[test]
fn ranges_are_the_servers() {
    let defined = defined();
    for (bound, extreme) in [("least", f64::NEG_INFINITY), ("most", f64::INFINITY)] {
        let wild = Settings {
            update_interval: extreme,
            min_rate: extreme,
            ..Settings::default()
        };
        let tame = wild.clamped();
        assert_eq!(defined["update_interval"][bound], tame.update_interval);
        assert_eq!(defined["min_rate"][bound], tame.min_rate);
    }
}

//! The settings as the server defines them are those that the core knows.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use serde_json::{Value, json};
use temp_eta::core::estimator::Algorithm;
use temp_eta::core::{Cooldown, CooldownMode, Settings};

fn defined() -> Value {
    serde_json::from_str(include_str!("data/settings.json")).unwrap()
}

/// Every number of the core's settings, by the server's key.
fn numbers(settings: &Settings) -> Value {
    let cooldown = settings.cooldown;
    json!({
        "update_interval": settings.update_interval,
        "min_rate": settings.min_rate,
        "cooldown_target_tool0": cooldown.target_tool0,
        "cooldown_target_bed": cooldown.target_bed,
        "cooldown_target_chamber": cooldown.target_chamber,
        "cooldown_ambient_temp": cooldown.ambient_temp,
        "cooldown_hysteresis_c": cooldown.hysteresis_c,
        "cooldown_fit_window_seconds": cooldown.fit_window_seconds,
    })
}

#[test]
fn defaults_are_the_servers() {
    let (defined, default) = (defined(), Settings::default());
    assert_eq!(defined["enabled"]["default"], default.enabled);
    assert_eq!(defined["algorithm"]["default"], default.algorithm.name());
    let mode = defined["cooldown_mode"]["default"].as_str().unwrap();
    assert_eq!(CooldownMode::parse(mode), Some(default.cooldown.mode));
    for (key, value) in numbers(&default).as_object().unwrap() {
        assert_eq!(defined[key]["default"], *value, "{key}");
    }
}

#[test]
fn choices_are_the_servers() {
    let names: Vec<Value> = Algorithm::ALL.iter().map(|a| a.name().into()).collect();
    assert_eq!(defined()["algorithm"]["values"], Value::from(names));
    for mode in defined()["cooldown_mode"]["values"].as_array().unwrap() {
        assert!(
            CooldownMode::parse(mode.as_str().unwrap()).is_some(),
            "{mode}"
        );
    }
}

#[test]
fn ranges_are_the_servers() {
    let defined = defined();
    for (bound, extreme) in [("least", -1e300), ("most", 1e300)] {
        let wild = Settings {
            update_interval: extreme,
            min_rate: extreme,
            cooldown: Cooldown {
                target_tool0: extreme,
                target_bed: extreme,
                target_chamber: extreme,
                ambient_temp: Some(extreme),
                hysteresis_c: extreme,
                fit_window_seconds: extreme,
                ..Cooldown::default()
            },
            ..Settings::default()
        };
        for (key, value) in numbers(&wild.clamped()).as_object().unwrap() {
            assert_eq!(defined[key][bound], *value, "{key}");
        }
    }
}

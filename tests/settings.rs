//! The settings as the server defines them are those that the core knows.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use temp_eta::core::input::AlgorithmKey;
use temp_eta::core::model::BUILT_IN;
use temp_eta::core::settings::{Cooldown, CooldownMode, Settings};

fn defined() -> Value {
    serde_json::from_str(include_str!("../src/settings.json")).unwrap()
}

/// Every switch of the core's settings, by the server's key.
fn switches(settings: &Settings) -> Value {
    json!({
        "enabled": settings.enabled,
        "enable_heating_eta": settings.enable_heating_eta,
        "enable_cooldown_eta": settings.enable_cooldown_eta,
        "suppress_while_printing": settings.suppress_while_printing,
    })
}

/// Every number of the core's settings, by the server's key.
fn numbers(settings: &Settings) -> Value {
    let cooldown = settings.cooldown;
    json!({
        "update_interval": settings.update_interval,
        "min_rate": settings.min_rate,
        "max_eta": settings.max_eta,
        "history_size": settings.history_size,
        "threshold_start": settings.threshold_start,
        "target_band": settings.target_band,
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
    for (key, value) in switches(&default).as_object().unwrap() {
        assert_eq!(defined[key]["default"], *value, "{key}");
    }
    let algorithm = defined["algorithm"]["default"].as_str().unwrap();
    assert_eq!(AlgorithmKey::of(algorithm), default.algorithm);
    let mode = defined["cooldown_mode"]["default"].as_str().unwrap();
    assert_eq!(CooldownMode::parse(mode), Some(default.cooldown.mode));
    for (key, value) in numbers(&default).as_object().unwrap() {
        assert_eq!(defined[key]["default"].as_f64(), value.as_f64(), "{key}");
    }
}

#[test]
fn choices_are_the_servers() {
    let names: Vec<Value> = BUILT_IN.iter().map(|(id, _)| (*id).into()).collect();
    assert_eq!(defined()["algorithm"]["options"], Value::from(names));
    for mode in defined()["cooldown_mode"]["options"].as_array().unwrap() {
        assert!(
            CooldownMode::parse(mode.as_str().unwrap()).is_some(),
            "{mode}"
        );
    }
}

#[test]
fn other_plugins_algorithms_have_the_names_that_the_server_takes() {
    let names: Value = serde_json::from_str(include_str!("data/algorithm-ids.json")).unwrap();
    for (kind, right) in [("good", true), ("bad", false)] {
        for name in names[kind].as_array().unwrap() {
            let key = AlgorithmKey::of_plugin(name.as_str().unwrap());
            assert_eq!(key.is_some(), right, "{name}");
        }
    }
}

#[test]
fn ranges_are_the_servers() {
    let defined = defined();
    for (bound, extreme) in [("least", -1e300), ("most", 1e300)] {
        let wild = Settings {
            update_interval: extreme,
            min_rate: extreme,
            max_eta: extreme,
            history_size: extreme,
            threshold_start: extreme,
            target_band: extreme,
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
            assert_eq!(defined[key][bound].as_f64(), value.as_f64(), "{key}");
        }
    }
}

#[test]
fn the_pages_settings_are_those_that_are_read() {
    let types = include_str!("../src/bindings/browser/types.d.ts");
    let (_, interface) = types.split_once("interface Settings {").unwrap();
    let (interface, _) = interface.split_once("\n}").unwrap();
    let typed = interface
        .lines()
        .filter_map(|line| line.trim().split_once("?:"));
    let typed: BTreeSet<_> = typed.map(|(key, _)| key).collect();

    let convert = include_str!("../src/bindings/browser/convert.rs");
    let (_, read) = convert.split_once("pub fn settings(").unwrap();
    let (read, _) = read.split_once("\n}").unwrap();
    let texts = read.split('"').skip(1).step_by(2);
    let read: BTreeSet<_> = texts.filter(|text| *text != "settings").collect();
    assert_eq!(typed, read);

    let defined = defined();
    let default = Settings::default();
    let (numbers, switches) = (numbers(&default), switches(&default));
    for key in typed {
        assert!(defined.get(key).is_some(), "{key} is no setting");
        let chosen = ["algorithm", "cooldown_mode"].contains(&key);
        let checked = chosen || numbers.get(key).or(switches.get(key)).is_some();
        assert!(checked, "{key} is compared with nothing here");
    }
}

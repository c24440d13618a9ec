//! What `build.rs` makes of the settings is what `src/settings.json` says, and what the core needs.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use serde_json::{Map, Value};
use temp_eta::core::input::AlgorithmKey;
use temp_eta::core::model::BUILT_IN;
use temp_eta::core::settings::{CooldownMode, SettingKind, Settings};

fn defined() -> Map<String, Value> {
    let table: Map<_, _> = serde_json::from_str(include_str!("../src/settings.json")).unwrap();
    let core = table.into_iter().filter(|(_, it)| it["core"] == true);
    core.collect()
}

/// The values of all switches and numbers by the server's keys.
fn values(settings: &Settings) -> impl Iterator<Item = (&'static str, Value)> {
    let entries = Settings::KEYS.iter().zip(settings.numbers());
    entries.filter_map(|(&(key, kind), number)| match kind {
        SettingKind::Switch => Some((key, Value::from(number > 0.0))),
        SettingKind::Number | SettingKind::Optional => Some((key, Value::from(number))),
        SettingKind::Choice(..) | SettingKind::Algorithm => None,
    })
}

#[test]
fn keys_are_the_servers() {
    let keys: Vec<_> = Settings::KEYS.iter().map(|(key, _)| key).collect();
    assert!(keys.is_sorted());
    assert_eq!(keys, defined().keys().collect::<Vec<_>>());
}

#[test]
fn defaults_are_the_servers() {
    let (defined, default) = (defined(), Settings::default());
    for (key, value) in values(&default) {
        let expected = &defined[key]["default"];
        match expected {
            Value::Number(_) => assert_eq!(expected.as_f64(), value.as_f64(), "{key}"),
            _ => assert_eq!(*expected, value, "{key}"),
        }
    }
    let algorithm = defined["algorithm"]["default"].as_str().unwrap();
    assert_eq!(AlgorithmKey::of(algorithm), default.algorithm);
    assert_eq!(defined["cooldown_mode"]["default"], "threshold");
    assert_eq!(default.cooldown_mode, CooldownMode::Threshold);
}

#[test]
fn each_value_has_the_name_of_its_field() {
    let settings = Settings {
        min_rate: 0.25,
        suppress_while_printing: true,
        algorithm: AlgorithmKey::of("adaptive"),
        cooldown_mode: CooldownMode::Ambient,
        cooldown_ambient_temp: Some(21.5),
        ..Settings::default()
    };
    let before = Settings::default().numbers();
    let now = Settings::KEYS.iter().zip(settings.numbers());
    let changed: Vec<_> = now
        .zip(before)
        .filter(|((_, now), before)| now.to_bits() != before.to_bits())
        .map(|((&(key, _), number), _)| (key, number))
        .collect();
    let expected = [
        ("algorithm", AlgorithmKey::of("adaptive").number()),
        ("cooldown_ambient_temp", 21.5),
        ("cooldown_mode", 1.0),
        ("min_rate", 0.25),
        ("suppress_while_printing", 1.0),
    ];
    assert_eq!(changed, expected);
    assert_eq!(Settings::from_numbers(settings.numbers()), settings);
}

#[test]
fn choices_are_the_servers() {
    let defined = defined();
    let names: Vec<Value> = BUILT_IN.iter().map(|(id, _)| (*id).into()).collect();
    assert_eq!(defined["algorithm"]["options"], Value::from(names));
    for &(key, kind) in Settings::KEYS {
        if let SettingKind::Choice(options) = kind {
            assert_eq!(defined[key]["options"], Value::from(options.names), "{key}");
            assert_eq!(options.one_of, options.names.join(" or "));
        }
    }
    let mode = |number| {
        let mut numbers = Settings::default().numbers();
        let place = Settings::KEYS.iter().position(|it| it.0 == "cooldown_mode");
        numbers[place.unwrap()] = number;
        Settings::from_numbers(numbers).cooldown_mode
    };
    assert_eq!(mode(0.0), CooldownMode::Threshold);
    assert_eq!(mode(1.0), CooldownMode::Ambient);
    assert_eq!(mode(f64::NAN), CooldownMode::Threshold);
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
    for (name, key) in names["keys"].as_object().unwrap() {
        let number = AlgorithmKey::of(name).number();
        assert_eq!(key.as_f64(), Some(number), "{name}");
    }
}

#[test]
fn ranges_are_the_servers() {
    let defined = defined();
    for (bound, extreme) in [("least", -1e300), ("most", 1e300)] {
        let wild = Settings::from_numbers([extreme; Settings::COUNT]);
        for (key, value) in values(&wild.clamped()) {
            if !value.is_boolean() {
                assert_eq!(defined[key][bound].as_f64(), value.as_f64(), "{key}");
            }
        }
    }
    let nothing = Settings::from_numbers([f64::NAN; Settings::COUNT]).clamped();
    for (key, value) in values(&nothing).filter(|(_, value)| !value.is_boolean()) {
        assert_eq!(defined[key]["default"].as_f64(), value.as_f64(), "{key}");
    }
    for endless in [f64::INFINITY, f64::NEG_INFINITY] {
        let settings = Settings {
            cooldown_ambient_temp: Some(endless),
            ..Settings::default()
        };
        assert_eq!(settings.clamped(), Settings::default());
    }
}

//! The class that the page talks to, in a real browser.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use js_sys::{Array, BigInt, Error, Float64Array, Function, JSON, Object, Promise, RangeError};
use js_sys::{Reflect, Symbol, TypeError};
use temp_eta::bindings::browser::TempEta;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "web/algorithms.rs"]
mod algorithms;
#[path = "web/learned.rs"]
mod learned;
#[path = "web/messages.rs"]
mod messages;

wasm_bindgen_test_configure!(run_in_browser);

/// Messages of a real OctoPrint whose bed and tool heat.
const HISTORY: &str = include_str!("data/socket/history.json");
const CURRENT: &str = include_str!("data/socket/current.json");

const PROFILE: &str = r#"{"tools": 1, "bed": true, "chamber": false}"#;

fn parse(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |at, key| {
        Reflect::get(&at, &key.into()).unwrap()
    })
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).unwrap();
}

fn ignoring() -> Function {
    Function::new_no_args("")
}

fn calculation() -> TempEta {
    TempEta::new(&ignoring()).unwrap()
}

fn heater(snapshot: &JsValue, name: &str) -> JsValue {
    let rows: Array = get(snapshot, "heaters").unchecked_into();
    rows.iter().find(|row| get(row, "heater") == name).unwrap()
}

/// A message that says `actual` and `target` of the bed at `time`.
fn message(time: &JsValue, server_time: &JsValue, actual: &JsValue, target: &JsValue) -> JsValue {
    let message = parse(r#"{"temps": [{"bed": {}}]}"#);
    set(&message, "serverTime", server_time);
    set(&get(&message, "temps.0"), "time", time);
    set(&get(&message, "temps.0.bed"), "actual", actual);
    set(&get(&message, "temps.0.bed"), "target", target);
    message
}

async fn wait(ms: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms)
            .unwrap();
    });
    JsFuture::from(timer).await.unwrap();
}

fn error<T: std::fmt::Debug>(result: Result<T, JsValue>) -> Error {
    result.unwrap_err().unchecked_into()
}

#[wasm_bindgen_test]
fn the_history_of_a_real_octoprint_gives_an_estimate_at_once() {
    let mut calculation = calculation();
    calculation.ingest(&parse(HISTORY), 1000.0).unwrap();
    let snapshot = calculation.snapshot(1000.0).unwrap();
    for name in ["tool0", "bed"] {
        let row = heater(&snapshot, name);
        assert_eq!(get(&row, "phase"), "heating");
        assert!(get(&row, "remaining").as_f64().unwrap() > 1.0, "{name}");
        assert!(get(&row, "reason").is_null());
        assert!(get(&row, "rate").as_f64().unwrap() > 0.1);
    }
    assert_eq!(get(&heater(&snapshot, "chamber"), "phase"), "idle");
    assert_eq!(get(&heater(&snapshot, "chamber"), "reason"), "no_goal");
    for field in ["time", "actual", "target"] {
        assert_eq!(get(&snapshot, &format!("skipped.{field}")), 0);
    }

    calculation.ingest(&parse(CURRENT), 3000.0).unwrap();
    let later = calculation.snapshot(3000.0).unwrap();
    let actual = |snapshot| get(&heater(snapshot, "bed"), "actual").as_f64().unwrap();
    assert!(
        actual(&later) > actual(&snapshot),
        "the current message is taken as well"
    );
}

#[wasm_bindgen_test]
fn a_snapshot_is_a_plain_object() {
    let mut calculation = calculation();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();
    let snapshot = calculation.snapshot(0.0).unwrap();
    let copy = parse(&String::from(JSON::stringify(&snapshot).unwrap()));
    assert_eq!(Reflect::own_keys(&snapshot).unwrap().length(), 4);
    assert_eq!(
        get(&copy, "heaters.length"),
        get(&snapshot, "heaters.length")
    );
    assert_eq!(
        get(&copy, "heaters.0.remaining"),
        get(&snapshot, "heaters.0.remaining")
    );
}

#[wasm_bindgen_test]
fn a_wrong_call_says_what_was_wrong() {
    let type_error = |error: &Error| error.is_instance_of::<TypeError>();
    let text = |error: &Error| String::from(error.message());

    let refused = TempEta::new(&JsValue::from(5)).map(drop);
    let refused = error(refused);
    assert!(type_error(&refused) && text(&refused).contains("onTick"));

    let mut calculation = calculation();
    assert!(type_error(&error(calculation.ingest(&JsValue::NULL, 0.0))));
    assert!(type_error(&error(calculation.ingest(&"text".into(), 0.0))));
    assert!(type_error(&error(calculation.ingest(&Array::new(), 0.0))));
    let refused = error(calculation.ingest(&Object::new(), f64::NAN));
    assert!(refused.is_instance_of::<RangeError>() && text(&refused).contains("now"));

    let type_errors = [
        ("[]", "settings"),
        (r#"{"min_rate": "0.1"}"#, "min_rate"),
        (r#"{"update_interval": null}"#, "update_interval"),
        (r#"{"enabled": 1}"#, "enabled"),
        (r#"{"algorithm": "magic"}"#, "algorithm"),
    ];
    for (json, key) in type_errors {
        let refused = error(calculation.configure(&parse(json)));
        assert!(
            type_error(&refused) && text(&refused).contains(key),
            "{json}"
        );
    }
    let endless = Object::new();
    set(&endless, "min_rate", &f64::NAN.into());
    assert!(error(calculation.configure(&endless)).is_instance_of::<RangeError>());

    let profiles = [
        ("{}", "tools"),
        (r#"{"tools": "two", "bed": true, "chamber": true}"#, "tools"),
        (r#"{"tools": 2, "chamber": true}"#, "bed"),
        (r#"{"tools": 2, "bed": true, "chamber": 0}"#, "chamber"),
        (r#"{"tools": -1, "bed": true, "chamber": true}"#, "tools"),
        (r#"{"tools": 1e9, "bed": true, "chamber": true}"#, "tools"),
    ];
    for (json, key) in profiles {
        assert!(
            text(&error(calculation.equip(&parse(json)))).contains(key),
            "{json}"
        );
    }

    let bed = JsValue::from("bed");
    for (heater, numbers, key) in [
        (JsValue::NULL, "[]", "heater"),
        (5.into(), "[]", "heater"),
        (bed.clone(), "null", "numbers"),
        (bed.clone(), r#""1""#, "numbers"),
        (bed.clone(), r#"{"a": 1}"#, "numbers"),
        (bed.clone(), "[1, null]", "numbers"),
    ] {
        let refused = error(calculation.recall(&heater, &parse(numbers)));
        assert!(
            type_error(&refused) && text(&refused).contains(key),
            "{numbers}"
        );
    }
    for (heater, numbers, key) in [
        ("", "[]", "heater"),
        (&*"x".repeat(65), "[]", "heater"),
        ("bed", "[]", "numbers"),
        ("bed", "[1, 2, 3]", "numbers"),
        ("bed", "[1e999]", "numbers"),
        ("bed", "[9]", "numbers"),
    ] {
        let refused = error(calculation.recall(&heater.into(), &parse(numbers)));
        let range_error = refused.is_instance_of::<RangeError>();
        assert!(range_error && text(&refused).contains(key), "{numbers}");
    }
    assert_eq!(Array::from(&calculation.learned().unwrap()).length(), 0);
}

#[wasm_bindgen_test]
fn settings_and_profile_take_effect() {
    let mut calculation = calculation();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();
    calculation
        .configure(&parse(r#"{"min_rate": 0.1, "show_in_sidebar": false}"#))
        .unwrap();
    calculation.equip(&parse(PROFILE)).unwrap();
    assert_eq!(
        get(&calculation.snapshot(0.0).unwrap(), "heaters.length"),
        2
    );
    calculation
        .configure(&parse(r#"{"enabled": false}"#))
        .unwrap();
    assert_eq!(
        get(&calculation.snapshot(0.0).unwrap(), "heaters.length"),
        0
    );
}

#[wasm_bindgen_test]
fn a_graph_is_pairs_of_numbers_from_the_past_to_the_threshold() {
    let mut calculation = calculation();
    calculation.ingest(&parse(HISTORY), 1000.0).unwrap();
    let graphs = Array::from(&calculation.graph(1000.0, 180.0).unwrap());
    assert_eq!(graphs.length(), 3);
    let bed = graphs.get(1);
    assert_eq!(get(&bed, "heater"), "bed");
    let numbers = |key| Float64Array::from(get(&bed, key)).to_vec();
    let (actual, target, forecast) = (numbers("actual"), numbers("target"), numbers("forecast"));
    assert_eq!(actual.len(), target.len());
    assert!(actual.len() > 4 && actual.len() % 2 == 0);
    let (time, celsius) = (actual[actual.len() - 2], actual[actual.len() - 1]);
    assert!(time <= 0.0 && time > -5.0, "{time}");
    assert!((forecast[0] - time).abs() < 1e-9 && (forecast[1] - celsius).abs() < 1e-3);
    assert!(forecast[forecast.len() - 2] > 1.0);

    let refused = error(calculation.graph(0.0, f64::NAN));
    assert!(refused.is_instance_of::<RangeError>());
}

#[wasm_bindgen_test]
fn an_arrival_is_reported_once() {
    let mut calculation = calculation();
    let mut bed = |time: f64, actual: f64| {
        let [time, actual, target] = [time, actual, 60.0].map(JsValue::from_f64);
        let made = JsValue::from_f64(time.as_f64().unwrap() + 0.3);
        let message = message(&time, &made, &actual, &target);
        let now = 1000.0 * (time.as_f64().unwrap() - 1.8e9);
        Array::from(&calculation.ingest(&message, now).unwrap())
    };
    assert_eq!(bed(1.8e9, 40.0).length(), 0);
    assert_eq!(bed(1.8e9 + 2.0, 50.0).length(), 0);
    let arrivals = bed(1.8e9 + 4.0, 59.5);
    assert_eq!(
        arrivals.length(),
        2,
        "it has arrived, and the printer is ready"
    );
    for (key, value) in [("actual", 59.5), ("target", 60.0)] {
        assert_eq!(get(&arrivals.get(0), key), value);
    }
    for (key, value) in [("heater", "bed"), ("kind", "target_reached")] {
        assert_eq!(get(&arrivals.get(0), key), value);
    }
    assert_eq!(bed(1.8e9 + 6.0, 60.0).length(), 0);
}

const ALGORITHM: &str = "my_plugin.algorithm";

#[wasm_bindgen_test]
fn diagnostics_count_always_and_time_while_watched() {
    let mut calculation = calculation();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();
    let diagnostics = calculation.diagnostics();
    assert_eq!(get(&diagnostics, "heaters"), 3);
    for key in ["samples", "marks"] {
        assert!(get(&diagnostics, key).as_f64().unwrap() > 10.0, "{key}");
    }
    let times = |calculation: &TempEta| {
        let keys = ["count", "mean", "worst"].map(|key| format!("estimates.{key}"));
        keys.map(|key| {
            get(&calculation.diagnostics(), &key)
                .as_f64()
                .unwrap()
                .to_bits()
        })
    };
    assert_eq!(times(&calculation), [0.0_f64.to_bits(); 3]);
    let slow = "const end = performance.now() + 3; while (performance.now() < end); return 60;";
    let slow = Function::new_no_args(slow);
    calculation.register(&ALGORITHM.into(), &slow).unwrap();
    calculation.watch(true);
    calculation.ingest(&parse(CURRENT), 2000.0).unwrap();
    let measured = times(&calculation);
    let [count, mean, worst] = measured.map(f64::from_bits);
    assert!(count >= 4.0, "{count}");
    assert!(worst >= 2.5 && mean <= worst, "{mean} {worst}");
    for (what, times) in [("messages", 1), ("snapshots", 0)] {
        let count = get(&calculation.diagnostics(), &format!("{what}.count"));
        assert_eq!(count, times, "{what}");
    }
    calculation.snapshot(2100.0).unwrap();
    assert_eq!(get(&calculation.diagnostics(), "snapshots.count"), 1);
    calculation.watch(true);
    assert_eq!(times(&calculation), measured, "it was on");
    calculation.watch(false);
    assert_eq!(times(&calculation), [0.0_f64.to_bits(); 3]);
}

#[wasm_bindgen_test]
fn settings_of_the_display_reach_the_page() {
    let mut calculation = calculation();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();
    let mut reason = |settings: &str| {
        calculation.configure(&parse(settings)).unwrap();
        let snapshot = calculation.snapshot(0.0).unwrap();
        get(&heater(&snapshot, "bed"), "reason")
    };
    assert_eq!(reason(r#"{"enable_heating_eta": false}"#), "disabled");
    assert!(reason(r#"{"enable_cooldown_eta": false}"#).is_null());
    assert!(reason(r#"{"history_size": 10, "target_band": 2, "max_eta": 86400}"#).is_null());
    assert_eq!(reason(r#"{"threshold_start": 50}"#), "near_target");
    for (settings, key) in [
        (r#"{"enable_heating_eta": 1}"#, "enable_heating_eta"),
        (r#"{"max_eta": "60"}"#, "max_eta"),
        (r#"{"algorithm": "a.b.c"}"#, "algorithm"),
    ] {
        let refused = error(calculation.configure(&parse(settings)));
        assert!(refused.is_instance_of::<TypeError>());
        assert!(String::from(refused.message()).contains(key));
    }
}

#[wasm_bindgen_test]
async fn ticks_at_the_update_interval_until_it_is_freed() {
    let ticks = Array::new();
    let push = Function::new_with_args("", "this.push(performance.now())").bind0(&ticks);
    let mut calculation = TempEta::new(&push).unwrap();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();

    calculation
        .configure(&parse(r#"{"update_interval": 0.1}"#))
        .unwrap();
    wait(750).await;
    let fast = ticks.length();
    assert!((3..=15).contains(&fast), "{fast} ticks in 0.75 s");

    calculation
        .configure(&parse(r#"{"update_interval": 5}"#))
        .unwrap();
    wait(500).await;
    assert!(
        ticks.length() <= fast + 1,
        "a new interval replaces the old one"
    );

    calculation
        .configure(&parse(r#"{"update_interval": 0.1}"#))
        .unwrap();
    drop(calculation);
    let freed = ticks.length();
    wait(500).await;
    assert_eq!(ticks.length(), freed);
}

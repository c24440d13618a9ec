//! The class that the page talks to, in a real browser.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use js_sys::{Array, BigInt, Error, Float64Array, Function, JSON, Object, Promise, RangeError};
use js_sys::{Reflect, Symbol, TypeError};
use temp_eta::bindings::browser::TempEta;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Messages of a real OctoPrint whose bed and tool heat.
const HISTORY: &str = include_str!("data/socket/history.json");
const CURRENT: &str = include_str!("data/socket/current.json");

/// The state of a bed, as version 0.1.0 has stored it.
const STORED: &str = include_str!("data/state-0.1.0.json");

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
fn odd_values_inside_a_message_are_skipped_and_counted() {
    let now = JsValue::from(1000.0);
    // A value; whether it stands for no reading, and whether for no target.
    let odd: [(JsValue, bool, bool); 12] = [
        (JsValue::NULL, true, true),
        (JsValue::UNDEFINED, true, true),
        ("off".into(), false, true),
        (f64::NAN.into(), false, false),
        (f64::INFINITY.into(), false, false),
        (1e308.into(), false, false),
        ("21".into(), false, false),
        (true.into(), false, false),
        (BigInt::from(21).into(), false, false),
        (Symbol::iterator().into(), false, false),
        (Array::new().into(), false, false),
        (ignoring().into(), false, false),
    ];
    for (value, silent, off) in odd {
        let mut calculation = calculation();
        let mut skipped = |message: JsValue, field: &str| {
            calculation.ingest(&message, 0.0).unwrap();
            get(
                &calculation.snapshot(0.0).unwrap(),
                &format!("skipped.{field}"),
            )
        };
        let count = |harmless: bool| u32::from(!harmless);
        let good = JsValue::from(21);
        assert_eq!(
            skipped(message(&now, &now, &value, &good), "actual"),
            count(silent)
        );
        assert_eq!(
            skipped(message(&now, &now, &good, &value), "target"),
            count(off)
        );
        if value.as_f64() != Some(1e308) {
            assert_eq!(skipped(message(&value, &now, &good, &good), "time"), 1);
            assert_eq!(skipped(message(&now, &value, &good, &good), "time"), 2);
        }
    }
}

#[wasm_bindgen_test]
fn odd_shapes_inside_a_message_do_no_harm() {
    let mut calculation = calculation();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();
    let before = get(&calculation.snapshot(0.0).unwrap(), "heaters.length");
    let server_time = get(&parse(HISTORY), "serverTime").as_f64().unwrap();
    let odd = [
        "{}".to_string(),
        r#"{"temps": null, "state": 3}"#.to_string(),
        r#"{"temps": {"length": 5}}"#.to_string(),
        r#"{"temps": [null, 1, "x", [], [[]], {}]}"#.to_string(),
        format!(
            r#"{{"serverTime": {server_time}, "temps": [{{"time": {server_time}, "bed": 5}}]}}"#
        ),
        format!(
            r#"{{"serverTime": {server_time}, "temps": [{{"time": {server_time},
            "__proto__": {{"actual": 1, "target": 2}}, "constructor": null}}]}}"#
        ),
    ];
    for json in odd {
        calculation.ingest(&parse(&json), 0.0).unwrap();
    }
    let snapshot = calculation.snapshot(0.0).unwrap();
    let after = get(&snapshot, "heaters.length");
    // `__proto__` is a name like any other, and that row states a target for it.
    assert_eq!(after.as_f64(), before.as_f64().map(|count| count + 1.0));
    // Four messages without a server time; a bed that is 5.
    assert_eq!(get(&snapshot, "skipped.time"), 4);
    assert_eq!(get(&snapshot, "skipped.actual"), 1);
    let polluted = get(&Object::new(), "actual");
    assert!(polluted.is_undefined());
}

#[wasm_bindgen_test]
fn what_is_left_out_of_a_row_is_counted() {
    let mut calculation = calculation();
    let row = Object::new();
    set(&row, "time", &1000.into());
    let heater = parse(r#"{"actual": 21, "target": 60}"#);
    set(&row, &"x".repeat(65), &heater);
    for i in 0..64 {
        set(&row, &format!("heater{i}"), &heater);
    }
    let message = parse(r#"{"serverTime": 1000, "temps": [null, 5, [], "x"]}"#);
    get(&message, "temps").unchecked_into::<Array>().push(&row);
    calculation.ingest(&message, 0.0).unwrap();
    let snapshot = calculation.snapshot(0.0).unwrap();
    assert_eq!(
        get(&snapshot, "skipped.heater"),
        2,
        "the overlong name, the 65th key"
    );
    assert_eq!(get(&snapshot, "skipped.time"), 4, "what is no row");
    assert_eq!(get(&snapshot, "heaters.length"), 32);
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
    assert_eq!(arrivals.length(), 1);
    for (key, value) in [("actual", 59.5), ("target", 60.0)] {
        assert_eq!(get(&arrivals.get(0), key), value);
    }
    for (key, value) in [("heater", "bed"), ("phase", "at_target")] {
        assert_eq!(get(&arrivals.get(0), key), value);
    }
    assert_eq!(bed(1.8e9 + 6.0, 60.0).length(), 0);
}

/// Heats a bed from cold, beginning at `start` (s): at rest, then up to 60 °C.
fn heat_up(calculation: &mut TempEta, start: f64) {
    let number = JsValue::from_f64;
    for second in (0..160).step_by(2).map(f64::from) {
        let target = if second < 10.0 { 0.0 } else { 60.0 };
        let actual = 20.0 + (second - 12.0).clamp(0.0, 100.0) * 0.4;
        let time = start + second;
        let message = message(
            &number(time),
            &number(time + 0.5),
            &number(actual),
            &number(target),
        );
        calculation.ingest(&message, second * 1000.0).unwrap();
    }
}

fn equipped() -> TempEta {
    let mut calculation = calculation();
    calculation.equip(&parse(PROFILE)).unwrap();
    calculation
}

fn ways(calculation: &TempEta) -> Option<f64> {
    let entries = Array::from(&calculation.learned().unwrap());
    let bed = entries.iter().find(|entry| get(entry, "heater") == "bed")?;
    get(&bed, "scores.0.ways").as_f64()
}

/// What the bed has learned since the last call.
fn update(calculation: &mut TempEta) -> JsValue {
    let updates = Array::from(&calculation.taught());
    assert_eq!(updates.length(), 1);
    updates.get(0)
}

fn recall(calculation: &mut TempEta, update: &JsValue) {
    let (heater, numbers) = (get(update, "heater"), get(update, "numbers"));
    calculation.recall(&heater, &numbers).unwrap();
}

#[wasm_bindgen_test]
fn what_was_learned_is_handed_out_and_taken_back() {
    let mut one = equipped();
    assert_eq!(Array::from(&one.taught()).length(), 0);
    heat_up(&mut one, 1000.0);
    let first = update(&mut one);
    assert_eq!(Array::from(&one.taught()).length(), 0, "only once");
    assert_eq!(Reflect::own_keys(&first).unwrap().length(), 3);
    assert_eq!(get(&first, "heater"), "bed");
    assert_eq!(get(&first, "since"), 0);
    let text = String::from(JSON::stringify(&get(&first, "numbers")).unwrap());
    assert!(text.len() < 2000, "{} characters", text.len());
    let at = |update: &JsValue| get(update, "numbers.1").as_f64().unwrap();
    assert!((1000.0..1160.0).contains(&at(&first)), "{}", at(&first));

    heat_up(&mut one, 5000.0);
    let second = update(&mut one);
    let since = get(&second, "since").as_f64().unwrap();
    assert!(
        (since - at(&first)).abs() < 1e-3,
        "it says what it builds on"
    );
    heat_up(&mut one, 9000.0);
    let third = update(&mut one);

    // Another page that slept knows one of three.
    let mut other = equipped();
    heat_up(&mut other, 9000.0);
    assert_eq!(get(&update(&mut other), "since"), 0);
    recall(&mut other, &third);
    assert_eq!(ways(&other), Some(3.0), "it has learned what it missed");
}

/// What a plugin algorithm made of `body` says of the history's bed, if it is chosen.
fn shown_of_plugin_algorithm(body: &str) -> (JsValue, JsValue) {
    let mut calculation = calculation();
    let plugin_algorithm = Function::new_with_args("samples, phase", body);
    calculation
        .register(&ALGORITHM.into(), &plugin_algorithm)
        .unwrap();
    calculation
        .configure(&parse(r#"{"algorithm": "my_plugin.algorithm"}"#))
        .unwrap();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();
    let bed = heater(&calculation.snapshot(0.0).unwrap(), "bed");
    (get(&bed, "remaining"), get(&bed, "reason"))
}

const ALGORITHM: &str = "my_plugin.algorithm";

#[wasm_bindgen_test]
fn another_plugins_algorithm_is_asked_and_shown() {
    let (remaining, reason) = shown_of_plugin_algorithm(
        "const last = samples[samples.length - 1];
        const first = samples[0];
        if (phase !== 'heating' || !(first.time < last.time)) return null;
        if (Object.keys(last).join() !== 'time,actual,target') return null;
        return 10 * (last.target - last.actual) / (last.actual - first.actual);",
    );
    assert!(remaining.as_f64().unwrap() > 1.0 && reason.is_null());

    let (remaining, _) = shown_of_plugin_algorithm("return 1234;");
    // It says so again and again while the countdown runs down.
    assert!((1100.0..=1235.0).contains(&remaining.as_f64().unwrap()));
    for body in [
        "return null;",
        "",
        "return NaN;",
        "return -1;",
        "return Infinity;",
        "return '60';",
        "return {};",
        "return 60n;",
        "throw new Error('broken');",
        "throw null;",
    ] {
        let (remaining, reason) = shown_of_plugin_algorithm(body);
        assert!(remaining.is_null(), "{body}");
        assert_eq!(reason, "measuring", "{body}");
    }
}

#[wasm_bindgen_test]
fn an_algorithm_may_come_and_go_at_any_time() {
    let mut calculation = calculation();
    calculation
        .configure(&parse(r#"{"algorithm": "my_plugin.algorithm"}"#))
        .unwrap();
    calculation.ingest(&parse(HISTORY), 0.0).unwrap();
    let bed = |calculation: &TempEta| {
        let snapshot = calculation.snapshot(0.0).unwrap();
        get(&heater(&snapshot, "bed"), "remaining")
            .as_f64()
            .unwrap()
    };
    let linear = bed(&calculation);
    let plugin_algorithm = Function::new_no_args("return 1234");
    calculation
        .register(&ALGORITHM.into(), &plugin_algorithm)
        .unwrap();
    assert!(bed(&calculation) > 1200.0);
    calculation.dismiss(&ALGORITHM.into()).unwrap();
    assert_eq!(bed(&calculation).to_bits(), linear.to_bits());
    calculation.dismiss(&"never.registered".into()).unwrap();
    calculation.dismiss(&"nonsense".into()).unwrap();

    let text = |error: &Error| String::from(error.message());
    for id in ["algorithm", "My.algorithm", "a.b.c", ""] {
        let refused = error(calculation.register(&id.into(), &plugin_algorithm));
        assert!(refused.is_instance_of::<RangeError>() && text(&refused).contains("id"));
    }
    let refused = error(calculation.register(&5.into(), &plugin_algorithm));
    assert!(refused.is_instance_of::<TypeError>() && text(&refused).contains("id"));
    let refused = error(calculation.register(&ALGORITHM.into(), &JsValue::NULL));
    assert!(refused.is_instance_of::<TypeError>() && text(&refused).contains("estimate"));
    assert!(error(calculation.dismiss(&JsValue::NULL)).is_instance_of::<TypeError>());
    for i in 0..4 {
        let id = format!("my_plugin.algorithm{i}");
        calculation.register(&id.into(), &plugin_algorithm).unwrap();
    }
    let refused = error(calculation.register(&ALGORITHM.into(), &plugin_algorithm));
    assert!(refused.is_instance_of::<RangeError>() && text(&refused).contains('4'));
}

#[wasm_bindgen_test]
fn an_algorithm_that_calls_back_is_refused_and_harms_nothing() {
    let calculation = JsValue::from(calculation());
    let call = |method: &str, arguments: &[JsValue]| {
        let method: Function = get(&calculation, method).unchecked_into();
        let arguments: Array = arguments.iter().collect();
        method.apply(&calculation, &arguments)
    };
    let caught = Array::new();
    let calling_back = Function::new_with_args(
        "calculation, caught, samples, phase",
        "const calls = [
            () => calculation.snapshot(0),
            () => calculation.ingest({}, 0),
            () => calculation.dismiss('my_plugin.algorithm'),
            () => calculation.register('my_plugin.other', () => 1),
            () => calculation.forget(),
        ];
        for (const call of calls) {
            try {
                call();
                caught.push(null);
            } catch (error) {
                caught.push(error);
            }
        }
        return calculation.graph(0, 60);",
    );
    let plugin_algorithm = calling_back.bind2(&JsValue::NULL, &calculation, &caught);
    call("register", &[ALGORITHM.into(), plugin_algorithm.into()]).unwrap();
    call("ingest", &[parse(HISTORY), 0.into()]).unwrap();
    assert!(caught.length() >= 5);
    assert!(caught.iter().all(|error| error.is_instance_of::<Error>()));

    call(
        "configure",
        &[parse(r#"{"algorithm": "my_plugin.algorithm"}"#)],
    )
    .unwrap();
    call("ingest", &[parse(CURRENT), 2000.into()]).unwrap();
    let snapshot = call("snapshot", &[2000.into()]).unwrap();
    let bed = heater(&snapshot, "bed");
    assert_eq!(
        get(&bed, "reason"),
        "measuring",
        "its last call throws as well"
    );
    call("dismiss", &[ALGORITHM.into()]).unwrap();
    let snapshot = call("snapshot", &[2000.into()]).unwrap();
    let bed = heater(&snapshot, "bed");
    assert!(get(&bed, "remaining").as_f64().unwrap() > 1.0);
}

/// `heatUps` and the names of the scores of the bed.
fn learned(calculation: &TempEta) -> Option<(f64, String)> {
    let entries = Array::from(&calculation.learned().unwrap());
    let bed = entries.iter().find(|entry| get(entry, "heater") == "bed")?;
    let scores: Array = get(&bed, "scores").unchecked_into();
    let names: Array = scores.iter().map(|it| get(&it, "algorithm")).collect();
    Some((
        get(&bed, "heatUps").as_f64().unwrap(),
        names.join(",").into(),
    ))
}

#[wasm_bindgen_test]
fn what_was_learned_is_listed_and_outlives_the_page() {
    let mut calculation = equipped();
    assert_eq!(learned(&calculation), None);
    let plugin_algorithm = Function::new_no_args("return 60");
    calculation
        .register(&ALGORITHM.into(), &plugin_algorithm)
        .unwrap();
    heat_up(&mut calculation, 1000.0);
    let all = "linear,exponential,adaptive,my_plugin.algorithm".to_string();
    assert_eq!(learned(&calculation), Some((1.0, all.clone())));

    let update = update(&mut calculation);
    let mut later = equipped();
    recall(&mut later, &update);
    let entry = Array::from(&later.learned().unwrap()).get(0);
    assert_eq!(get(&entry, "heater"), "bed");
    assert_eq!(get(&entry, "coolDowns"), 0);
    let since = get(&entry, "since").as_f64().unwrap();
    assert!((1000.0..1160.0).contains(&since), "{since}");
    let ours = "linear,exponential,adaptive".to_string();
    assert_eq!(learned(&later), Some((1.0, ours)), "loaded only");
    later
        .register(&ALGORITHM.into(), &plugin_algorithm)
        .unwrap();
    assert_eq!(learned(&later), Some((1.0, all)));

    // A state as it was written before there were dates and plugin algorithms.
    let numbers: Array = parse(STORED).unchecked_into();
    numbers.set_length(numbers.length() - 6);
    later.recall(&"bed".into(), &numbers).unwrap();
    let entry = Array::from(&later.learned().unwrap()).get(0);
    assert!(get(&entry, "since").is_null());
    assert_eq!(get(&entry, "heatUps"), 4);
}

#[wasm_bindgen_test]
fn what_is_forgotten_can_be_learned_again() {
    let mut calculation = equipped();
    heat_up(&mut calculation, 1000.0);
    heat_up(&mut calculation, 5000.0);
    assert_eq!(learned(&calculation).map(|it| it.0), Some(2.0));
    calculation.forget();
    assert_eq!(learned(&calculation), None);
    assert_eq!(Array::from(&calculation.taught()).length(), 0);
    heat_up(&mut calculation, 9000.0);
    assert_eq!(
        learned(&calculation).map(|it| it.0),
        Some(1.0),
        "a new transient"
    );
    assert_eq!(get(&update(&mut calculation), "since"), 0);
}

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

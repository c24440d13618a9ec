//! The class that the page talks to, in a real browser.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use js_sys::{Array, BigInt, Error, Float64Array, Function, JSON, Object, Promise, RangeError};
use js_sys::{Reflect, Symbol, TypeError};
use temp_eta::bindings::browser::TempEta;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Storage;

wasm_bindgen_test_configure!(run_in_browser);

/// Messages of a real OctoPrint whose bed and tool heat.
const HISTORY: &str = include_str!("data/socket/history.json");
const CURRENT: &str = include_str!("data/socket/current.json");

const PROFILE: &str = r#"{"id": "test", "tools": 1, "bed": true, "chamber": false}"#;

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
        ("{}", "id"),
        (
            r#"{"id": 1, "tools": 2, "bed": true, "chamber": true}"#,
            "id",
        ),
        (
            r#"{"id": "", "tools": "two", "bed": true, "chamber": true}"#,
            "tools",
        ),
        (r#"{"id": "", "tools": 2, "chamber": true}"#, "bed"),
        (
            r#"{"id": "", "tools": 2, "bed": true, "chamber": 0}"#,
            "chamber",
        ),
        (
            r#"{"id": "", "tools": -1, "bed": true, "chamber": true}"#,
            "tools",
        ),
        (
            r#"{"id": "", "tools": 1e9, "bed": true, "chamber": true}"#,
            "tools",
        ),
    ];
    for (json, key) in profiles {
        assert!(
            text(&error(calculation.equip(&parse(json)))).contains(key),
            "{json}"
        );
    }
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

fn store() -> Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
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

#[wasm_bindgen_test]
fn learned_model_survive_the_page_and_no_page_destroys_anothers() {
    const BED: &str = "temp_eta/1/test/bed";
    store().clear().unwrap();
    let (mut one, mut other) = (equipped(), equipped());
    heat_up(&mut one, 1000.0);
    let first = store().get_item(BED).unwrap().unwrap();
    assert!(first.len() < 2000, "{} characters", first.len());

    heat_up(&mut other, 1000.0);
    assert_eq!(
        store().get_item(BED).unwrap().unwrap(),
        first,
        "the same transient twice"
    );

    heat_up(&mut one, 5000.0);
    heat_up(&mut one, 9000.0);
    let third = store().get_item(BED).unwrap().unwrap();
    assert_ne!(third, first);
    // The other page slept, and knows one of three.
    heat_up(&mut other, 9000.0);
    assert_eq!(store().get_item(BED).unwrap().unwrap(), third);
    assert_eq!(ways(&other), Some(3.0), "it has learned what it missed");

    let mut later = equipped();
    heat_up(&mut later, 9000.0);
    assert_eq!(
        ways(&later),
        Some(3.0),
        "a history seen again is not learned from"
    );
    let mut elsewhere = calculation();
    let profile = PROFILE.replace("test", "elsewhere");
    elsewhere.equip(&parse(&profile)).unwrap();
    heat_up(&mut elsewhere, 9000.0);
    assert_eq!(ways(&elsewhere), Some(1.0), "another printer");
    store().clear().unwrap();
}

#[wasm_bindgen_test]
fn what_cannot_be_read_is_set_aside_and_foreign_entries_stay() {
    store().clear().unwrap();
    let spoiled = [
        "",
        "{",
        "null",
        "[1, 2, 3]",
        "[1, null]",
        r#"{"a": 1}"#,
        "[9]",
    ];
    for (i, text) in spoiled.iter().enumerate() {
        let key = format!("temp_eta/1/test/junk{i}");
        store().set_item(&key, text).unwrap();
    }
    store().set_item("temp_eta/1/test/bed", "[1e999]").unwrap();
    store().set_item("octoprint", "mine").unwrap();
    store()
        .set_item("temp_eta/2/test/bed", "of a newer version")
        .unwrap();
    let mut calculation = equipped();
    let aside = |name: &str| store().get_item(&format!("temp_eta/aside/1/test/{name}"));
    assert_eq!(aside("bed").unwrap().as_deref(), Some("[1e999]"));
    assert_eq!(aside("junk1").unwrap().as_deref(), Some("{"));
    heat_up(&mut calculation, 1000.0);
    assert_eq!(ways(&calculation), Some(1.0));
    let kept = |key: &str| store().get_item(key).unwrap();
    assert_eq!(kept("octoprint").as_deref(), Some("mine"));
    assert_eq!(
        kept("temp_eta/2/test/bed").as_deref(),
        Some("of a newer version")
    );
    store().clear().unwrap();
}

#[wasm_bindgen_test]
fn all_learned_model_together_are_bounded() {
    store().clear().unwrap();
    for i in 0..100 {
        let key = format!("temp_eta/1/other{i}/bed");
        let text = format!("[1,{i},{}]", "0,".repeat(400) + "0");
        store().set_item(&key, &text).unwrap();
    }
    heat_up(&mut equipped(), 1000.0);
    let storage = store();
    let keys = (0..storage.length().unwrap()).map(|i| storage.key(i).unwrap().unwrap());
    let all: usize = keys
        .map(|key| key.len() + storage.get_item(&key).unwrap().unwrap().len())
        .sum();
    assert!(all < 64_000, "{all} characters");
    let kept = |key: &str| storage.get_item(key).unwrap().is_some();
    assert!(kept("temp_eta/1/test/bed") && kept("temp_eta/1/other99/bed"));
    assert!(!kept("temp_eta/1/other0/bed"), "the oldest goes first");
    store().clear().unwrap();
}

#[wasm_bindgen_test]
fn a_full_store_costs_the_learned_model_and_not_the_page() {
    store().clear().unwrap();
    let mut block = "x".repeat(1_000_000);
    for i in 0.. {
        if store().set_item(&format!("full{i}"), &block).is_err() {
            if block.len() == 1 {
                break;
            }
            block.truncate(block.len() / 10);
        }
    }
    let mut calculation = equipped();
    heat_up(&mut calculation, 1000.0);
    assert_eq!(ways(&calculation), Some(1.0));
    store().clear().unwrap();
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
    store().clear().unwrap();
    let mut calculation = equipped();
    assert_eq!(learned(&calculation), None);
    let plugin_algorithm = Function::new_no_args("return 60");
    calculation
        .register(&ALGORITHM.into(), &plugin_algorithm)
        .unwrap();
    heat_up(&mut calculation, 1000.0);
    let all = "linear,exponential,adaptive,my_plugin.algorithm".to_string();
    assert_eq!(learned(&calculation), Some((1.0, all.clone())));

    let mut later = equipped();
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

    // An entry as it was written before there were dates and plugin algorithms.
    let key = "temp_eta/1/test/bed";
    let text = store().get_item(key).unwrap().unwrap();
    let numbers: Array = parse(&text).unchecked_into();
    numbers.set_length(numbers.length() - 6);
    let old = String::from(JSON::stringify(&numbers).unwrap());
    store().set_item(key, &old).unwrap();
    later.recall();
    let entry = Array::from(&later.learned().unwrap()).get(0);
    assert!(get(&entry, "since").is_null());
    assert_eq!(get(&entry, "heatUps"), 1);
    store().clear().unwrap();
}

#[wasm_bindgen_test]
fn what_is_forgotten_is_forgotten_by_every_page_that_recalls() {
    store().clear().unwrap();
    let foreign = [
        "octoprint",
        "temp_eta/1/test2/bed",
        "temp_eta/1/test/2/bed",
        "temp_eta/2/test/bed",
    ];
    for key in foreign {
        store().set_item(key, "[1]").unwrap();
    }
    let own = ["temp_eta/1/test/dryer", "temp_eta/aside/1/test/tool0"];
    for key in own {
        store().set_item(key, "[1]").unwrap();
    }
    let (mut one, mut other) = (equipped(), equipped());
    heat_up(&mut one, 1000.0);
    heat_up(&mut one, 5000.0);
    heat_up(&mut other, 5000.0);
    assert_eq!(learned(&other).map(|it| it.0), Some(2.0));

    one.forget();
    assert_eq!(learned(&one), None);
    for key in foreign {
        assert!(store().get_item(key).unwrap().is_some(), "{key}");
    }
    for key in own.into_iter().chain(["temp_eta/1/test/bed"]) {
        assert!(store().get_item(key).unwrap().is_none(), "{key}");
    }
    other.recall();
    assert_eq!(learned(&other), None);
    heat_up(&mut other, 9000.0);
    assert_eq!(learned(&other).map(|it| it.0), Some(1.0), "a new transient");
    one.recall();
    assert_eq!(learned(&one).map(|it| it.0), Some(1.0));

    let mut unequipped = calculation();
    heat_up(&mut unequipped, 1000.0);
    unequipped.recall();
    assert_eq!(learned(&unequipped).map(|it| it.0), Some(1.0));
    unequipped.forget();
    assert_eq!(learned(&unequipped), None);
    assert!(store().get_item("temp_eta/1/test/bed").unwrap().is_some());
    store().clear().unwrap();
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

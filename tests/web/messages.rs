//! Messages in which anything may be.

use super::*;

#[wasm_bindgen_test]
fn odd_values_inside_a_message_are_skipped_and_counted() {
    let now = JsValue::from(1000.0);
    // A value; whether it stands for no reading, and whether for no target.
    let odd: [(JsValue, bool, bool); 17] = [
        (JsValue::NULL, true, true),
        (JsValue::UNDEFINED, true, true),
        ("off".into(), false, true),
        (" OFF ".into(), false, true),
        ("None".into(), false, true),
        ("-".into(), false, true),
        ("".into(), false, true),
        ("21".into(), true, true),
        ("60°".into(), false, false),
        (f64::NAN.into(), false, false),
        (f64::INFINITY.into(), false, false),
        (1e308.into(), false, false),
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
    // `__proto__` is a name like any other, of a sensor that nobody wants counted.
    assert_eq!(after.as_f64(), before.as_f64());
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
    assert_eq!(get(&snapshot, "heaters.length"), 0, "sensors, all of them");
}

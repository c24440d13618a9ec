//! Algorithms of other plugins.

use super::*;

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

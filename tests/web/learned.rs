//! What was learned, handed out and taken back.

use super::*;
use temp_eta::core::model::BUILT_IN;

/// The state of a bed, as version 0.1.0 has stored it.
const STORED: &str = include_str!("../data/state-0.1.0.json");

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

/// The ids of our algorithms.
fn built_in() -> String {
    let ids: Vec<_> = BUILT_IN.iter().map(|(id, _)| *id).collect();
    ids.join(",")
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
    assert_eq!(get(&first, "basedOn"), 0);
    let text = String::from(JSON::stringify(&get(&first, "numbers")).unwrap());
    assert!(text.len() < 2000, "{} characters", text.len());
    let at = |update: &JsValue| get(update, "numbers.1").as_f64().unwrap();
    assert!((1000.0..1160.0).contains(&at(&first)), "{}", at(&first));

    heat_up(&mut one, 5000.0);
    let second = update(&mut one);
    let based_on = get(&second, "basedOn").as_f64().unwrap();
    assert!(
        (based_on - at(&first)).abs() < 1e-3,
        "it says what it builds on"
    );
    heat_up(&mut one, 9000.0);
    let third = update(&mut one);
    let (heater, numbers) = (get(&third, "heater"), get(&third, "numbers"));

    // Another page that slept knows one of three.
    let mut other = equipped();
    heat_up(&mut other, 9000.0);
    assert_eq!(get(&update(&mut other), "basedOn"), 0);
    let experience = other.experience(&heater, &numbers).unwrap();
    assert_eq!(get(&experience, "heatUps"), 3);
    assert_eq!(get(&experience, "coolDowns"), 0);
    assert_eq!(ways(&other), Some(1.0), "it is only looked at");
    recall(&mut other, &third);
    assert_eq!(ways(&other), Some(3.0), "it has learned what it missed");
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
    let all = [&built_in()[..], ALGORITHM].join(",");
    assert_eq!(learned(&calculation), Some((1.0, all.clone())));

    let update = update(&mut calculation);
    let mut later = equipped();
    recall(&mut later, &update);
    let entry = Array::from(&later.learned().unwrap()).get(0);
    assert_eq!(get(&entry, "heater"), "bed");
    assert_eq!(get(&entry, "coolDowns"), 0);
    let since = get(&entry, "since").as_f64().unwrap();
    assert!((1000.0..1160.0).contains(&since), "{since}");
    let ours = built_in();
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
    assert_eq!(get(&update(&mut calculation), "basedOn"), 0);
}

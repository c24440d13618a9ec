//! A snapshot as plain objects. It is told several times a second: setters that take a number
//! as it is cost a third of what serde's values do.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::core::estimator::Reason;
use crate::core::{HeaterRow, PrinterRow, Score, Skipped, Snapshot};

#[wasm_bindgen]
extern "C" {
    /// A plain object of ours.
    #[wasm_bindgen(js_name = Object)]
    type Told;

    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Told;

    #[wasm_bindgen(method, setter)]
    fn set_time(this: &Told, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_heaters(this: &Told, value: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_printer(this: &Told, value: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_skipped(this: &Told, value: &Told);

    #[wasm_bindgen(method, setter)]
    fn set_heater(this: &Told, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_phase(this: &Told, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_actual(this: &Told, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_target(this: &Told, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_goal(this: &Told, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_remaining(this: &Told, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_interval(this: &Told, value: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_reason(this: &Told, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_rate(this: &Told, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_progress(this: &Told, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_scores(this: &Told, value: &Array);

    #[wasm_bindgen(method, setter)]
    fn set_algorithm(this: &Told, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_error(this: &Told, value: f64);
    #[wasm_bindgen(method, setter, js_name = ways)]
    fn set_transients(this: &Told, value: f64);

    #[wasm_bindgen(method, setter, js_name = heater)]
    fn set_heater_count(this: &Told, value: f64);

    #[wasm_bindgen(method, setter, js_name = time)]
    fn no_time(this: &Told, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = goal)]
    fn no_goal(this: &Told, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = remaining)]
    fn no_remaining(this: &Told, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = interval)]
    fn no_interval(this: &Told, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = reason)]
    fn no_reason(this: &Told, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = rate)]
    fn no_rate(this: &Told, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = progress)]
    fn no_progress(this: &Told, null: &JsValue);
}

/// As the page's `Snapshot`, with `null` for what there is not.
pub fn snapshot(snapshot: &Snapshot) -> JsValue {
    let told = Told::new();
    told.number(snapshot.time, Told::set_time, Told::no_time);
    told.set_heaters(&snapshot.heaters.iter().map(heater).collect());
    match &snapshot.printer {
        Some(row) => told.set_printer(&printer(row)),
        None => told.set_printer(&JsValue::NULL),
    }
    told.set_skipped(&skipped(snapshot.skipped));
    told.into()
}

fn heater(row: &HeaterRow) -> Told {
    let told = Told::new();
    told.set_heater(&row.heater.to_string());
    told.set_phase(row.phase.name());
    told.set_actual(row.actual);
    told.set_target(row.target);
    told.number(row.goal, Told::set_goal, Told::no_goal);
    told.number(row.remaining, Told::set_remaining, Told::no_remaining);
    match row.interval {
        Some([low, high]) => told.set_interval(&Array::of2(&low.into(), &high.into())),
        None => told.no_interval(&JsValue::NULL),
    }
    told.reason(row.reason);
    told.number(row.rate, Told::set_rate, Told::no_rate);
    told.number(row.progress, Told::set_progress, Told::no_progress);
    told.set_scores(&row.scores.iter().map(score).collect());
    told
}

fn printer(row: &PrinterRow) -> JsValue {
    let told = Told::new();
    told.set_phase(row.phase.name());
    told.number(row.remaining, Told::set_remaining, Told::no_remaining);
    told.reason(row.reason);
    told.into()
}

fn score(score: &Score) -> Told {
    let told = Told::new();
    told.set_algorithm(&score.algorithm);
    told.set_error(score.error);
    told.set_transients(score.transients);
    told
}

fn skipped(skipped: Skipped) -> Told {
    let told = Told::new();
    told.set_time(skipped.time.into());
    told.set_heater_count(skipped.heater.into());
    told.set_actual(skipped.actual.into());
    told.set_target(skipped.target.into());
    told
}

impl Told {
    fn number(&self, value: Option<f64>, set: fn(&Self, f64), none: fn(&Self, &JsValue)) {
        match value {
            Some(value) => set(self, value),
            None => none(self, &JsValue::NULL),
        }
    }

    fn reason(&self, reason: Option<Reason>) {
        match reason {
            Some(reason) => self.set_reason(reason.name()),
            None => self.no_reason(&JsValue::NULL),
        }
    }
}

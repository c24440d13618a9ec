//! A snapshot as plain objects. There are several a second: setters that take plain numbers cost
//! a third of what serde's values do.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::core::heater::HeaterRow;
use crate::core::input::{HeaterId, Skipped};
use crate::core::model::Reason;
use crate::core::output::{PrinterRow, Snapshot};

#[wasm_bindgen]
extern "C" {
    /// A plain object of ours.
    #[wasm_bindgen(js_name = Object)]
    type JsObject;

    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> JsObject;

    #[wasm_bindgen(method, setter)]
    fn set_time(this: &JsObject, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_heaters(this: &JsObject, value: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_printer(this: &JsObject, value: &JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_skipped(this: &JsObject, value: &JsObject);

    #[wasm_bindgen(method, setter)]
    fn set_heater(this: &JsObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_phase(this: &JsObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_actual(this: &JsObject, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_target(this: &JsObject, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_goal(this: &JsObject, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_remaining(this: &JsObject, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_interval(this: &JsObject, value: &Array);
    #[wasm_bindgen(method, setter)]
    fn set_reason(this: &JsObject, value: &str);
    #[wasm_bindgen(method, setter)]
    fn set_rate(this: &JsObject, value: f64);
    #[wasm_bindgen(method, setter)]
    fn set_progress(this: &JsObject, value: f64);

    #[wasm_bindgen(method, setter)]
    fn set_without(this: &JsObject, value: &Array);

    #[wasm_bindgen(method, setter, js_name = heater)]
    fn set_heater_count(this: &JsObject, value: f64);

    #[wasm_bindgen(method, setter, js_name = time)]
    fn no_time(this: &JsObject, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = goal)]
    fn no_goal(this: &JsObject, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = remaining)]
    fn no_remaining(this: &JsObject, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = interval)]
    fn no_interval(this: &JsObject, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = reason)]
    fn no_reason(this: &JsObject, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = rate)]
    fn no_rate(this: &JsObject, null: &JsValue);
    #[wasm_bindgen(method, setter, js_name = progress)]
    fn no_progress(this: &JsObject, null: &JsValue);
}

/// As the page's `Snapshot`, with `null` for what there is not.
pub fn snapshot(snapshot: &Snapshot) -> JsValue {
    let object = JsObject::new();
    object.number(snapshot.time, JsObject::set_time, JsObject::no_time);
    object.set_heaters(&snapshot.heaters.iter().map(heater).collect());
    match &snapshot.printer {
        Some(row) if !row.alone => object.set_printer(&printer(row)),
        _ => object.set_printer(&JsValue::NULL),
    }
    object.set_skipped(&skipped(snapshot.skipped));
    object.into()
}

fn heater(row: &HeaterRow) -> JsObject {
    let object = JsObject::new();
    object.set_heater(&row.heater.to_string());
    object.set_phase(row.phase.name());
    object.set_actual(row.actual);
    object.set_target(row.target);
    object.number(row.goal, JsObject::set_goal, JsObject::no_goal);
    object.number(
        row.remaining,
        JsObject::set_remaining,
        JsObject::no_remaining,
    );
    match row.interval {
        Some([low, high]) => object.set_interval(&Array::of2(&low.into(), &high.into())),
        None => object.no_interval(&JsValue::NULL),
    }
    object.reason(row.reason);
    object.number(row.rate, JsObject::set_rate, JsObject::no_rate);
    object.number(row.progress, JsObject::set_progress, JsObject::no_progress);
    object
}

fn printer(row: &PrinterRow) -> JsValue {
    let object = JsObject::new();
    object.set_phase(row.phase.name());
    object.number(
        row.remaining,
        JsObject::set_remaining,
        JsObject::no_remaining,
    );
    object.reason(row.reason);
    let without = row.without.iter();
    let name = |heater: &HeaterId| JsValue::from_str(&heater.to_string());
    object.set_without(&without.map(name).collect());
    object.into()
}

fn skipped(skipped: Skipped) -> JsObject {
    let object = JsObject::new();
    object.set_time(skipped.time.into());
    object.set_heater_count(skipped.heater.into());
    object.set_actual(skipped.actual.into());
    object.set_target(skipped.target.into());
    object
}

impl JsObject {
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

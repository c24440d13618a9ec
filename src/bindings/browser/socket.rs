//! Decodes OctoPrint's socket messages, whose content may be anything.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

use super::convert::object;
use super::error::Error;
use crate::core::input::{Field, HeaterId, Message, Progress, Reading, Row, ServerTime};

/// Most keys of one row that are looked at: more than any printer with all its sensors
/// has, few enough that a row of junk costs nothing.
const MAX_KEYS: usize = 64;

/// Most rows of one message that are looked at, the newest: ten times what OctoPrint keeps
/// by default.
const MAX_ROWS: i32 = 10_000;

/// How firmware and plugins spell that a heater has no target.
const OFF: [&str; 4] = ["off", "none", "-", ""];

/// What a property is; reading it may throw, if whoever has the message as well wants that.
type Result<T> = std::result::Result<T, JsValue>;

#[wasm_bindgen]
extern "C" {
    /// An object of a message. Its properties are read as JavaScript does, which costs a
    /// tenth of `Reflect.get` with a name that must be handed over each time.
    type Part;

    #[wasm_bindgen(method, getter, catch, js_name = serverTime)]
    fn server_time(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn temps(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn state(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn progress(this: &Part) -> Result<JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn flags(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn operational(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn printing(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn pausing(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn paused(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn resuming(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn cancelling(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn finishing(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn filepos(this: &Part) -> Result<JsValue>;

    /// Of an array that is a part.
    #[wasm_bindgen(method, catch)]
    fn slice(this: &Part, start: i32) -> Result<Array>;

    #[wasm_bindgen(method, getter, catch)]
    fn time(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn actual(this: &Part) -> Result<JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn target(this: &Part) -> Result<JsValue>;
}

/// The flags of `state` that say that a job is under way.
const JOB: [fn(&Part) -> Result<JsValue>; 6] = [
    Part::printing,
    Part::pausing,
    Part::paused,
    Part::resuming,
    Part::cancelling,
    Part::finishing,
];

/// A message of `fromHistoryData` or `fromCurrentData`.
pub fn message(message: &JsValue) -> std::result::Result<Message, Error> {
    object("message", message)?;
    let message: &Part = message.unchecked_ref();
    let state = message.state().unwrap_or_default();
    let flags = part(&state).map(|state| state.flags().unwrap_or_default());
    let flags = flags.as_ref().and_then(part);
    let temps = message.temps().unwrap_or(JsValue::NULL);
    let rows = match part(&temps).filter(|_| Array::is_array(&temps)) {
        Some(temps) => temps
            .slice(-MAX_ROWS)
            .unwrap_or_default()
            .iter()
            .map(|it| row(&it))
            .collect(),
        None if temps.is_undefined() => Vec::new(),
        None => vec![row(&JsValue::NULL)],
    };
    Ok(Message {
        server_time: ServerTime(number(&message.server_time())),
        operational: flags.and_then(|flags| flags.operational().ok()?.as_bool()),
        job: flags.map(|flags| job(flags, &message.progress().unwrap_or_default())),
        rows,
    })
}

fn job(flags: &Part, progress: &JsValue) -> Progress {
    Progress {
        printing: JOB
            .iter()
            .any(|flag| flag(flags).is_ok_and(|it| it == true)),
        position: part(progress).and_then(|progress| progress.filepos().ok()?.as_f64()),
    }
}

/// A row without a time, which the core counts, for what is no row.
fn row(row: &JsValue) -> Row {
    let keys = Reflect::own_keys(row).unwrap_or_default();
    let named: Vec<_> = keys
        .iter()
        .filter_map(|key| key.as_string().map(|name| (key, name)))
        .filter(|(_, name)| name != "time")
        .take(MAX_KEYS + 1)
        .collect();
    let mut readings: Vec<_> = named
        .iter()
        .take(MAX_KEYS)
        .map(|(key, name)| reading(name, &Reflect::get(row, key).unwrap_or_default()))
        .collect();
    if named.len() > MAX_KEYS {
        // No heater's name, so that the core counts what is left out.
        readings.push(reading("", &JsValue::UNDEFINED));
    }
    Row {
        time: ServerTime(part(row).map_or(f64::NAN, |row| number(&row.time()))),
        readings,
    }
}

fn reading(name: &str, value: &JsValue) -> Reading {
    let (actual, target) = match part(value) {
        Some(value) => (field(value.actual()), field(value.target())),
        None if value.is_null() => (Field::Absent, Field::Absent),
        None => (Field::Junk, Field::Absent),
    };
    Reading {
        heater: HeaterId::parse(name),
        actual,
        target,
    }
}

fn field(value: Result<JsValue>) -> Field {
    let Ok(value) = value else { return Field::Junk };
    if let Some(number) = value.as_f64() {
        finite(number)
    } else if value.is_null() || value.is_undefined() {
        Field::Absent
    } else if let Some(text) = value.as_string() {
        let is = |off: &&str| text.trim_ascii().eq_ignore_ascii_case(off);
        if OFF.iter().any(is) {
            Field::Off
        } else {
            // As JavaScript does: Rust's parser would be a tenth of the module.
            finite(value.unchecked_into_f64())
        }
    } else {
        Field::Junk
    }
}

fn finite(number: f64) -> Field {
    if number.is_finite() {
        Field::Number(number)
    } else {
        Field::Junk
    }
}

/// `value`, if it has properties.
fn part(value: &JsValue) -> Option<&Part> {
    value.is_object().then(|| value.unchecked_ref())
}

/// NaN for what is no number; the core refuses it by name.
fn number(value: &Result<JsValue>) -> f64 {
    value
        .as_ref()
        .ok()
        .and_then(JsValue::as_f64)
        .unwrap_or(f64::NAN)
}

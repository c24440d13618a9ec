//! OctoPrint's socket shapes and JavaScript's units, from and to the core's types.

use js_sys::{Array, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

use super::error::Error;
use crate::core::estimator::Algorithm;
use crate::core::sample::{Field, Message, Reading, Row};
use crate::core::{Profile, Settings, Snapshot};

/// Most keys of one row that are looked at: more than any printer with all its sensors
/// has, few enough that a row of junk costs nothing.
const MOST_KEYS: usize = 64;

/// A message of `fromHistoryData` or `fromCurrentData`.
pub fn message(message: &JsValue) -> Result<Message, Error> {
    if !message.is_object() {
        return Err(Error::NoObject);
    }
    let operational = get(&get(&get(message, "state"), "flags"), "operational").as_bool();
    let rows = match get(message, "temps").dyn_into::<Array>() {
        Ok(temps) => temps
            .iter()
            .filter(JsValue::is_object)
            .map(|row| self::row(&row))
            .collect(),
        Err(_) => Vec::new(),
    };
    Ok(Message {
        server_time: number(message, "serverTime"),
        operational,
        rows,
    })
}

/// Milliseconds of the page to seconds.
pub fn seconds(now: f64) -> Result<f64, Error> {
    if now.is_finite() {
        Ok(now / 1000.0)
    } else {
        Err(Error::Range("now"))
    }
}

/// The plugin's settings, as OctoPrint's settings view model has them.
pub fn settings(settings: &JsValue) -> Result<Settings, Error> {
    let default = Settings::default();
    let algorithm = |value: &JsValue| value.as_string().as_deref().and_then(Algorithm::parse);
    Ok(Settings {
        enabled: given(settings, "enabled", JsValue::as_bool)?.unwrap_or(default.enabled),
        algorithm: given(settings, "algorithm", algorithm)?.unwrap_or(default.algorithm),
        update_interval: given(settings, "update_interval", JsValue::as_f64)?
            .unwrap_or(default.update_interval),
        min_rate: given(settings, "min_rate", JsValue::as_f64)?.unwrap_or(default.min_rate),
    })
}

/// `{tools, bed, chamber}`
pub fn profile(profile: &JsValue) -> Result<Profile, Error> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    let tools = |value: &JsValue| value.as_f64().map(|tools| tools as u8);
    Ok(Profile {
        tools: given(profile, "tools", tools)?.unwrap_or_default(),
        bed: given(profile, "bed", JsValue::as_bool)?.unwrap_or_default(),
        chamber: given(profile, "chamber", JsValue::as_bool)?.unwrap_or_default(),
    })
}

/// Plain objects, with `null` for what there is not.
pub fn snapshot(snapshot: &Snapshot) -> Result<JsValue, JsValue> {
    Ok(snapshot.serialize(&Serializer::new().serialize_missing_as_null(true))?)
}

/// The value of `key`, if there is one; it must be of the type that `read` reads.
fn given<T>(
    object: &JsValue,
    key: &'static str,
    read: impl Fn(&JsValue) -> Option<T>,
) -> Result<Option<T>, Error> {
    if !object.is_object() {
        return Err(Error::NoObject);
    }
    let value = get(object, key);
    if value.is_undefined() {
        return Ok(None);
    }
    read(&value).map(Some).ok_or(Error::Type(key))
}

fn row(row: &JsValue) -> Row {
    let readings = Reflect::own_keys(row)
        .unwrap_or_default()
        .iter()
        .filter_map(|key| key.as_string())
        .filter(|key| key != "time")
        .take(MOST_KEYS)
        .map(|key| reading(key, row))
        .collect();
    Row {
        time: number(row, "time"),
        readings,
    }
}

fn reading(heater: String, row: &JsValue) -> Reading {
    let value = get(row, &heater);
    let (actual, target) = if value.is_object() {
        (field(&get(&value, "actual")), field(&get(&value, "target")))
    } else if value.is_null() {
        (Field::Absent, Field::Absent)
    } else {
        (Field::Junk, Field::Absent)
    };
    Reading {
        heater,
        actual,
        target,
    }
}

fn field(value: &JsValue) -> Field {
    if value.is_null() || value.is_undefined() {
        Field::Absent
    } else if let Some(number) = value.as_f64() {
        Field::Number(number)
    } else if value.as_string().as_deref() == Some("off") {
        Field::Off
    } else {
        Field::Junk
    }
}

/// NaN for what is no number; the core refuses it by name.
fn number(object: &JsValue, key: &str) -> f64 {
    get(object, key).as_f64().unwrap_or(f64::NAN)
}

/// `undefined` for what is not there or cannot be read.
fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

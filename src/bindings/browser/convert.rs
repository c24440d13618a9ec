//! Converts values of the page to the core's types and back.

use js_sys::{Array, Float64Array, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

use super::error::Error;
use crate::core::ensemble::{Times, key_of_setting};
use crate::core::heater::{HeaterState, StateUpdate};
use crate::core::input::{AlgorithmKey, HeaterId, HostTime, Profile};
use crate::core::math::Point;
use crate::core::model::EstimatorInput;
use crate::core::output::{Diagnostics, Graph, GraphPoint};
use crate::core::settings::{SettingKind, Settings};

/// What a value must be.
struct Kind<T> {
    /// As in error messages.
    description: &'static str,
    /// Reads a value that is of this kind.
    read: fn(&JsValue) -> Option<T>,
}

const BOOLEAN: Kind<bool> = Kind {
    description: "true or false",
    read: JsValue::as_bool,
};
const NUMBER: Kind<f64> = Kind {
    description: "a number",
    read: JsValue::as_f64,
};
const TEXT: Kind<String> = Kind {
    description: "a text",
    read: JsValue::as_string,
};

/// The page's elapsed milliseconds.
pub fn elapsed(now: f64) -> Result<HostTime, Error> {
    finite("now", now).map(|now| HostTime(now / 1000.0))
}

/// The plugin's settings, as OctoPrint's settings view model has them.
pub fn settings(settings: &JsValue) -> Result<Settings, Error> {
    object("settings", settings)?;
    let mut numbers = Settings::default().numbers();
    for (number, &(key, kind)) in numbers.iter_mut().zip(Settings::KEYS) {
        let value = get(settings, key);
        if !value.is_undefined() {
            *number = setting(key, kind, &value)?;
        }
    }
    Ok(Settings::from_numbers(numbers))
}

/// The value of a setting as a number.
fn setting(key: &'static str, kind: SettingKind, value: &JsValue) -> Result<f64, Error> {
    let text = value.as_string();
    let number = |number: Option<f64>| {
        let number = number.ok_or(Error::Type(key, NUMBER.description))?;
        finite(key, number)
    };
    match kind {
        SettingKind::Switch => {
            let on = value.as_bool().map(f64::from);
            on.ok_or(Error::Type(key, BOOLEAN.description))
        }
        SettingKind::Optional if value.is_null() => Ok(f64::NAN),
        SettingKind::Optional | SettingKind::Number => number(value.as_f64()),
        SettingKind::Choice(options) => {
            let mut places = (0_u32..).zip(options.names);
            let place = places.find(|(_, name)| text.as_deref() == Some(name));
            let place = place.map(|(place, _)| place.into());
            place.ok_or(Error::Type(key, options.one_of))
        }
        SettingKind::Algorithm => {
            let algorithm = text.as_deref().and_then(key_of_setting);
            let algorithm = algorithm.map(AlgorithmKey::number);
            algorithm.ok_or(Error::Type(key, "the name of an algorithm"))
        }
    }
}

/// `{tools, bed, chamber}`
pub fn profile(profile: &JsValue) -> Result<Profile, Error> {
    object("profile", profile)?;
    let tools = needed(profile, "tools", &NUMBER)?;
    if !(0.0..=f64::from(u8::MAX)).contains(&tools) {
        return Err(Error::Range("tools", "from 0 to 255"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in range"
    )]
    let tools = tools as u8;
    Ok(Profile {
        tools,
        bed: needed(profile, "bed", &BOOLEAN)?,
        chamber: needed(profile, "chamber", &BOOLEAN)?,
    })
}

/// The setting `heaters`.
pub fn choices(choices: &JsValue) -> Result<Vec<(HeaterId, bool)>, Error> {
    let list = choices.dyn_ref::<Array>();
    let list = list.ok_or(Error::Type("choices", "a list"))?.iter();
    let choice = |choice: JsValue| {
        object("choices", &choice)?;
        let heater = HeaterId::parse(&needed(&choice, "heater", &TEXT)?);
        let counted = needed(&choice, "counted", &BOOLEAN)?;
        Ok(heater.map(|heater| (heater, counted)))
    };
    list.map(choice).filter_map(Result::transpose).collect()
}

/// A stored state.
pub fn state(heater: &JsValue, numbers: &JsValue) -> Result<(HeaterId, HeaterState), Error> {
    let heater = HeaterId::parse(&text("heater", heater)?)
        .ok_or(Error::Range("heater", "the name of a heater"))?;
    let numbers: Vec<_> = numbers
        .dyn_ref::<Array>()
        .and_then(|list| list.iter().map(|number| number.as_f64()).collect())
        .ok_or(Error::Type("numbers", "a list of numbers"))?;
    let state = HeaterState::from_numbers(&numbers)
        .ok_or(Error::Range("numbers", "the state of a heater"))?;
    Ok((heater, state))
}

/// As the page's `Experience`.
pub fn experience(state: &HeaterState) -> JsValue {
    plain(&[
        ("heatUps", state.heating.transients().into()),
        ("coolDowns", state.cooling.transients().into()),
    ])
}

/// As the page's `StateUpdate`s.
pub fn state_updates(updates: Vec<StateUpdate>) -> JsValue {
    let encoded = |update: StateUpdate| {
        let numbers = update.state.numbers().into_iter().map(JsValue::from_f64);
        plain(&[
            ("heater", JsValue::from_str(&update.heater.to_string())),
            ("numbers", numbers.collect::<Array>().into()),
            ("basedOn", update.based_on.into()),
        ])
    };
    updates.into_iter().map(encoded).collect::<Array>().into()
}

/// As a list of plain objects, with `null` for what there is not.
pub fn plain_list<T: Serialize>(list: &[T]) -> Result<JsValue, JsValue> {
    Ok(list.serialize(&Serializer::new().serialize_missing_as_null(true))?)
}

/// As the page's `Graph`s: pairs of a time and a temperature, one after the other.
pub fn graphs(graphs: Vec<Graph>) -> JsValue {
    let graph = |graph: Graph| {
        let past = |temperature: fn(&GraphPoint) -> f32| {
            let pair = |point: &GraphPoint| [point.time, f64::from(temperature(point))];
            numbers(&graph.past.iter().flat_map(pair).collect::<Vec<_>>())
        };
        let forecast: Vec<_> = graph.forecast.iter().flat_map(|&(t, c)| [t, c]).collect();
        plain(&[
            ("heater", JsValue::from_str(&graph.heater.to_string())),
            ("actual", past(|point| point.actual)),
            ("target", past(|point| point.target)),
            ("forecast", numbers(&forecast)),
        ])
    };
    graphs.into_iter().map(graph).collect::<Array>().into()
}

/// As the page's `Diagnostics`, with times in milliseconds.
pub fn diagnostics(diagnostics: &Diagnostics, messages: Times, snapshots: Times) -> JsValue {
    let count = |count: usize| JsValue::from(u32::try_from(count).unwrap_or(u32::MAX));
    let milliseconds = |seconds: f64| JsValue::from(1000.0 * seconds);
    let timing = |times: Times| {
        plain(&[
            ("count", times.count.into()),
            ("mean", milliseconds(times.mean())),
            ("worst", milliseconds(times.worst)),
        ])
    };
    plain(&[
        ("samples", count(diagnostics.samples)),
        ("marks", count(diagnostics.points)),
        ("heaters", count(diagnostics.heaters)),
        ("messages", timing(messages)),
        ("estimates", timing(diagnostics.estimates)),
        ("snapshots", timing(snapshots)),
    ])
}

/// As a plugin algorithm's `AlgorithmSample`s.
pub fn samples(input: &EstimatorInput) -> JsValue {
    // Once, not for each of a hundred samples.
    let [time, actual, target] = ["time", "actual", "target"].map(JsValue::from_str);
    let setpoint = JsValue::from(input.setpoint);
    let sample = |point: &Point| {
        let object = Object::new();
        for (key, value) in [
            (&time, &point.time.into()),
            (&actual, &point.temperature.into()),
            (&target, &setpoint),
        ] {
            let _ = Reflect::set(&object, key, value);
        }
        object
    };
    let points = input.history.points().iter();
    points.map(sample).collect::<Array>().into()
}

fn plain(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a key of an object of our own cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
}

fn numbers(numbers: &[f64]) -> JsValue {
    Float64Array::from(numbers).into()
}

/// `value`, if it is a text.
pub fn text(name: &'static str, value: &JsValue) -> Result<String, Error> {
    (TEXT.read)(value).ok_or(Error::Type(name, TEXT.description))
}

/// Refuses what is no plain object.
pub fn object(name: &'static str, value: &JsValue) -> Result<(), Error> {
    let plain = value.is_object() && !Array::is_array(value);
    if plain {
        Ok(())
    } else {
        Err(Error::Type(name, "an object"))
    }
}

/// `number`, if it is one.
pub fn finite(name: &'static str, number: f64) -> Result<f64, Error> {
    if number.is_finite() {
        Ok(number)
    } else {
        Err(Error::Range(name, "finite"))
    }
}

/// The value of `key`, if there is one.
fn given<T>(object: &JsValue, key: &'static str, kind: &Kind<T>) -> Result<Option<T>, Error> {
    let value = get(object, key);
    if value.is_undefined() {
        return Ok(None);
    }
    (kind.read)(&value)
        .map(Some)
        .ok_or(Error::Type(key, kind.description))
}

/// The value of `key`, which there must be.
fn needed<T>(object: &JsValue, key: &'static str, kind: &Kind<T>) -> Result<T, Error> {
    given(object, key, kind)?.ok_or(Error::Type(key, kind.description))
}

/// `undefined` for what is not there or cannot be read.
fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

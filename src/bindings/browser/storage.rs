//! Heater states in the browser's local storage.
//!
//! One entry a heater, a list of numbers in JSON under `temp_eta/1/<printer>/<heater>`. A
//! printer's name may have slashes in it; a heater with one in its name is not kept. Pages
//! that are open at the same time write one after the other, and only what is newer than what
//! is there. Without storage the states are lost with the page, and nothing else.

use js_sys::{Array, JSON};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

use crate::core::heater::{HeaterState, StateUpdate};
use crate::core::input::HeaterId;

/// What all our entries begin with.
const OURS: &str = "temp_eta/";

/// What the entries of this form begin with.
const PREFIX: &str = "temp_eta/1/";

/// Where an entry goes that cannot be read.
const ASIDE: &str = "temp_eta/aside/";

/// Longest entry, in characters of one byte each.
const LONGEST: usize = 2_000;

/// Most characters of all entries together, names included.
const MAX_LENGTH: usize = 60_000;

/// All states of the heaters of `printer`.
pub fn load(printer: &str) -> Vec<(HeaterId, HeaterState)> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let start = [PREFIX, printer, "/"].concat();
    let mut states = Vec::new();
    for key in keys(&storage) {
        let heater = heater_of(&start, &key).and_then(HeaterId::parse);
        if let (Some(heater), Some(text)) = (heater, item(&storage, &key)) {
            match read(&text) {
                Some(state) => states.push((heater, state)),
                None => set_aside(&storage, &key, &text),
            }
        }
    }
    states
}

/// Stores the new state of a heater of `printer`, unless a newer one is stored, which it returns.
pub fn save(printer: &str, update: &StateUpdate) -> Option<HeaterState> {
    let storage = storage()?;
    let start = [PREFIX, printer, "/"].concat();
    let key = [&start, &*update.heater.to_string()].concat();
    heater_of(&start, &key)?;
    let stored = item(&storage, &key).and_then(|text| {
        let state = read(&text);
        if state.is_none() {
            set_aside(&storage, &key, &text);
        }
        state
    });
    if let Some(newer) = stored.filter(|stored| update.is_older_than(stored)) {
        return Some(newer);
    }
    let text = write(&update.state.numbers())?;
    if text.len() <= LONGEST {
        make_room(&storage, &key, key.len() + text.len());
        // A full or forbidden store: the state lasts as long as the page.
        let _ = storage.set_item(&key, &text);
    }
    None
}

/// Removes all states of the heaters of `printer`, also those that could not be read.
pub fn forget(printer: &str) {
    let Some(storage) = storage() else { return };
    let start = [PREFIX, printer, "/"].concat();
    let aside = [ASIDE, start.strip_prefix(OURS).unwrap_or(&start)].concat();
    let of_printer = |key: &String| {
        let heater = heater_of(&start, key).or_else(|| heater_of(&aside, key));
        heater.is_some()
    };
    for key in keys(&storage).iter().filter(|key| of_printer(key)) {
        let _ = storage.remove_item(key);
    }
}

/// The heater of the printer whose keys begin with `start`; `None` for another printer's.
fn heater_of<'a>(start: &str, key: &'a str) -> Option<&'a str> {
    key.strip_prefix(start).filter(|name| !name.contains('/'))
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn keys(storage: &Storage) -> Vec<String> {
    let count = storage.length().unwrap_or(0);
    let key = |index| storage.key(index).ok().flatten();
    let keys = (0..count).filter_map(key);
    keys.filter(|key| key.starts_with(OURS)).collect()
}

fn item(storage: &Storage, key: &str) -> Option<String> {
    storage.get_item(key).ok().flatten()
}

fn read(text: &str) -> Option<HeaterState> {
    HeaterState::from_numbers(&numbers(text)?)
}

fn numbers(text: &str) -> Option<Vec<f64>> {
    let array = JSON::parse(text).ok()?.dyn_into::<Array>().ok()?;
    array.iter().map(|number| number.as_f64()).collect()
}

fn write(numbers: &[f64]) -> Option<String> {
    let array: Array = numbers.iter().copied().map(JsValue::from_f64).collect();
    JSON::stringify(&array).ok()?.as_string()
}

/// Keeps what cannot be read where it does no harm, as far as it is not endless.
fn set_aside(storage: &Storage, key: &str, text: &str) {
    let short: String = text.chars().take(LONGEST).collect();
    let aside = [ASIDE, key.strip_prefix(OURS).unwrap_or(key)].concat();
    make_room(storage, &aside, aside.len() + short.len());
    let _ = storage.set_item(&aside, &short);
    let _ = storage.remove_item(key);
}

/// Removes the oldest entries until there is room for another `length` characters.
fn make_room(storage: &Storage, key: &str, length: usize) {
    let others = keys(storage).into_iter().filter(|other| other != key);
    let others = others.filter_map(|other| item(storage, &other).map(|text| (other, text)));
    let mut others: Vec<_> = others.collect();
    let size = |(key, text): &(String, String)| key.len() + text.len();
    let mut total = length + others.iter().map(size).sum::<usize>();
    while total > MAX_LENGTH {
        let oldest = (0..others.len()).min_by(|a, b| {
            let age = |index: &usize| others.get(*index).map_or(0.0, |(_, text)| age(text));
            age(a).total_cmp(&age(b))
        });
        let Some(oldest) = oldest else { return };
        let other = others.swap_remove(oldest);
        total -= size(&other);
        let (key, _) = other;
        let _ = storage.remove_item(&key);
    }
}

/// The time of the newest update in an entry: its second number. What is no entry is oldest.
fn age(text: &str) -> f64 {
    let numbers = numbers(text).unwrap_or_default();
    numbers.get(1).copied().unwrap_or(0.0)
}

//! OctoPrint's page: one class, which decodes, calls the core and encodes.

mod convert;
mod error;
mod panic;
mod storage;
mod ticker;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::core::Printer;
use error::Error;
use ticker::Ticker;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen(start)]
fn start() {
    panic::install_hook();
}

/// Calls `callback` with a text, once, when the calculation has broken down. Nothing of
/// this module may be called after that.
///
/// # Errors
///
/// `TypeError` if `callback` is no function.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(
    #[wasm_bindgen(unchecked_param_type = "(message: string) => void")] callback: &JsValue,
) -> Result<(), JsValue> {
    panic::report_to(function(callback, "callback")?);
    Ok(())
}

/// Follows a printer and says how long its heaters still need.
#[wasm_bindgen]
pub struct TempEta {
    printer: Rc<RefCell<Printer>>,
    /// By which name the lessons of this printer are stored.
    stored_as: Option<String>,
    ticker: Ticker,
}

#[wasm_bindgen]
impl TempEta {
    /// Hands a snapshot to `onSnapshot` each `update_interval`, until it is freed.
    ///
    /// # Errors
    ///
    /// `TypeError` if `onSnapshot` is no function.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "(snapshot: Snapshot) => void")]
        on_snapshot: &JsValue,
    ) -> Result<TempEta, JsValue> {
        let on_snapshot = function(on_snapshot, "onSnapshot")?;
        let printer = Rc::new(RefCell::new(Printer::default()));
        let ticker = Ticker::new(Rc::clone(&printer), on_snapshot);
        Ok(Self {
            printer,
            stored_as: None,
            ticker,
        })
    }

    /// Takes a message of OctoPrint's socket, history or current, whole, and returns the
    /// heaters that have just got where they were sent. What makes no sense inside it is
    /// passed over and counted in the next snapshot's `skipped`.
    ///
    /// `now` is the page's own elapsed time in milliseconds (`performance.now()`).
    ///
    /// # Errors
    ///
    /// `TypeError` if `message` is no object, `RangeError` if `now` is no finite number.
    #[wasm_bindgen(unchecked_return_type = "Arrival[]")]
    pub fn ingest(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "object")] message: &JsValue,
        now: f64,
    ) -> Result<JsValue, JsValue> {
        let (message, now) = (convert::message(message)?, convert::seconds(now)?);
        let mut printer = self.printer.borrow_mut();
        printer.ingest(message, now);
        if let Some(name) = &self.stored_as {
            for taught in printer.taught() {
                if let Some(newer) = storage::save(name, &taught) {
                    printer.correct(&taught.heater, newer);
                }
            }
        }
        convert::arrivals(&printer.arrivals())
    }

    /// Follows the plugin's settings from now on; keys that are not for the calculation
    /// are ignored.
    ///
    /// # Errors
    ///
    /// `TypeError` if a setting is of the wrong type or an unknown algorithm, `RangeError`
    /// if a number is not finite; others are brought into their range.
    pub fn configure(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<(), JsValue> {
        let settings = convert::settings(settings)?;
        self.printer.borrow_mut().configure(settings);
        self.ticker
            .tick_every(self.printer.borrow().settings().update_interval);
        Ok(())
    }

    /// Shows only the heaters of a printer profile, and recalls what they have taught: lessons
    /// are kept by the profile's `id`.
    ///
    /// # Errors
    ///
    /// `TypeError` if `profile` is not of the form `{id, tools, bed, chamber}`, `RangeError` if
    /// there cannot be so many tools.
    pub fn equip(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Profile")] profile: &JsValue,
    ) -> Result<(), JsValue> {
        let (id, profile) = convert::profile(profile)?;
        let mut printer = self.printer.borrow_mut();
        printer.equip(profile);
        if self.stored_as.as_ref() != Some(&id) {
            printer.recall(storage::load(&id));
            self.stored_as = Some(id);
        }
        Ok(())
    }

    /// What there is to show at `now`, the page's own elapsed time in milliseconds.
    ///
    /// # Errors
    ///
    /// `RangeError` if `now` is no finite number.
    #[wasm_bindgen(unchecked_return_type = "Snapshot")]
    pub fn snapshot(&self, now: f64) -> Result<JsValue, JsValue> {
        convert::snapshot(&self.printer.borrow().snapshot(convert::seconds(now)?))
    }

    /// What there is to draw at `now`, the page's own elapsed time in milliseconds, of the
    /// last `window` seconds and of what is ahead.
    ///
    /// # Errors
    ///
    /// `RangeError` if one of them is no finite number.
    #[wasm_bindgen(unchecked_return_type = "Graph[]")]
    pub fn graph(&self, now: f64, window: f64) -> Result<JsValue, JsValue> {
        let (now, window) = (convert::seconds(now)?, convert::finite("window", window)?);
        Ok(convert::graphs(self.printer.borrow().graph(now, window)))
    }
}

fn function(value: &JsValue, name: &'static str) -> Result<Function, Error> {
    value
        .dyn_ref()
        .cloned()
        .ok_or(Error::Type(name, "a function"))
}

//! OctoPrint's page: one class, which decodes, calls the core and encodes.

mod clock;
mod convert;
mod error;
mod panic;
mod plugin_algorithm;
mod snapshot_js;
mod socket;
mod ticker;
mod timing;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::core::Printer;
use error::Error;
use plugin_algorithm::JsAlgorithm;
use ticker::Ticker;
use timing::Timing;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// The plugin's settings; what is missing has its default, what is unknown is ignored.
#[wasm_bindgen(typescript_custom_section)]
const SETTINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/settings.d.ts"));

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

/// Follows a printer and estimates how long its heaters still need.
#[wasm_bindgen]
pub struct TempEta {
    printer: Printer,
    messages: Timing,
    snapshots: Timing,
    ticker: Ticker,
}

#[wasm_bindgen]
impl TempEta {
    /// Calls `onTick` each `update_interval`, until it is freed: then a new snapshot is due.
    ///
    /// # Errors
    ///
    /// `TypeError` if `onTick` is no function.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "() => void")] on_tick: &JsValue,
    ) -> Result<TempEta, JsValue> {
        Ok(Self {
            printer: Printer::with_graphs(),
            messages: Timing::default(),
            snapshots: Timing::default(),
            ticker: Ticker::new(function(on_tick, "onTick")?),
        })
    }

    /// Takes a message of OctoPrint's socket, history or current, whole, and returns the
    /// heaters that have just reached their goal. Values that make no sense are skipped and counted
    /// in the next snapshot's `skipped`.
    ///
    /// `now` is the page's own elapsed time in milliseconds (`performance.now()`).
    ///
    /// # Errors
    ///
    /// `TypeError` if `message` is no object, `RangeError` if `now` is no finite number.
    #[wasm_bindgen(unchecked_return_type = "PrinterEvent[]")]
    pub fn ingest(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "object")] message: &JsValue,
        now: f64,
    ) -> Result<JsValue, JsValue> {
        self.messages.time(|| {
            let (message, now) = (socket::message(message)?, convert::elapsed(now)?);
            self.printer.ingest(message, now);
            convert::plain_list(&self.printer.events())
        })
    }

    /// The states to be stored: those of heaters that have learned something since the last call.
    #[must_use]
    #[wasm_bindgen(unchecked_return_type = "StateUpdate[]")]
    pub fn taught(&mut self) -> JsValue {
        convert::state_updates(self.printer.state_updates())
    }

    /// Takes the stored state of a heater in place of what was learned from it.
    ///
    /// # Errors
    ///
    /// `TypeError` if `heater` is no text or `numbers` no list of numbers, `RangeError` if no
    /// heater has that name, or if the state is implausible or another version's.
    pub fn recall(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] heater: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number[]")] numbers: &JsValue,
    ) -> Result<(), JsValue> {
        let (heater, state) = convert::state(heater, numbers)?;
        self.printer.replace_state(&heater, state);
        Ok(())
    }

    /// What a stored state has been learned from, without taking it.
    ///
    /// # Errors
    ///
    /// As of [`Self::recall`].
    #[wasm_bindgen(unchecked_return_type = "Experience")]
    pub fn experience(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] heater: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number[]")] numbers: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (_, state) = convert::state(heater, numbers)?;
        Ok(convert::experience(&state))
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
        self.printer.configure(settings);
        self.ticker
            .tick_every(self.printer.settings().update_interval);
        Ok(())
    }

    /// Lets a whole `update_interval` pass before the next tick: the page has just shown what a
    /// tick would show.
    #[wasm_bindgen(js_name = restartTicker)]
    pub fn restart_ticker(&mut self) {
        self.ticker.restart();
    }

    /// Counts only the heaters of a printer profile. What was learned stays.
    ///
    /// # Errors
    ///
    /// `TypeError` if `profile` is not of the form `{tools, bed, chamber}`, `RangeError` if there
    /// cannot be so many tools.
    pub fn equip(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Profile")] profile: &JsValue,
    ) -> Result<(), JsValue> {
        self.printer.set_profile(convert::profile(profile)?);
        Ok(())
    }

    /// Counts what the owner has decided from now on: the setting `heaters`. An entry whose heater
    /// no heater can have is passed over.
    ///
    /// # Errors
    ///
    /// `TypeError` if `choices` is not a list of the form `{heater, counted}`.
    pub fn choose(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Choice[]")] choices: &JsValue,
    ) -> Result<(), JsValue> {
        self.printer.set_choices(convert::choices(choices)?);
        Ok(())
    }

    /// The heaters and sensors that the printer has reported so far, counted or not.
    ///
    /// # Errors
    ///
    /// None of our own.
    #[wasm_bindgen(unchecked_return_type = "Reported[]")]
    pub fn reported(&self) -> Result<JsValue, JsValue> {
        convert::plain_list(self.printer.reported())
    }

    /// What there is to show at `now`, the page's own elapsed time in milliseconds.
    ///
    /// # Errors
    ///
    /// `RangeError` if `now` is no finite number.
    #[wasm_bindgen(unchecked_return_type = "Snapshot")]
    pub fn snapshot(&self, now: f64) -> Result<JsValue, JsValue> {
        let now = convert::elapsed(now)?;
        Ok(self
            .snapshots
            .time(|| snapshot_js::snapshot(&self.printer.snapshot(now))))
    }

    /// What there is to draw at `now`, the page's own elapsed time in milliseconds, of the
    /// last `window` seconds and of what is ahead.
    ///
    /// # Errors
    ///
    /// `RangeError` if one of them is no finite number.
    #[wasm_bindgen(unchecked_return_type = "Graph[]")]
    pub fn graph(&self, now: f64, window: f64) -> Result<JsValue, JsValue> {
        let (now, window) = (convert::elapsed(now)?, convert::finite("window", window)?);
        Ok(convert::graphs(self.printer.graph(now, window)))
    }

    /// Registers another plugin's algorithm under `id`, of the form `my_plugin.my_algorithm`, in
    /// place of an earlier one with that id; the setting `algorithm` chooses it by its id. It is
    /// called for every reading of every transient, and must not call back.
    ///
    /// # Errors
    ///
    /// `TypeError` if `id` is no text or `estimate` no function, `RangeError` if `id` is not of
    /// that form or there are four algorithms already.
    pub fn register(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "AlgorithmEstimate")] estimate: &JsValue,
    ) -> Result<(), JsValue> {
        let id = convert::text("id", id)?;
        let algorithm = JsAlgorithm::new(function(estimate, "estimate")?);
        let registered = self.printer.register(&id, Box::new(algorithm));
        Ok(registered.map_err(Error::from)?)
    }

    /// Unregisters the plugin algorithm `id`; its scores are kept.
    ///
    /// # Errors
    ///
    /// `TypeError` if `id` is no text.
    pub fn dismiss(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] id: &JsValue,
    ) -> Result<(), JsValue> {
        self.printer.unregister(&convert::text("id", id)?);
        Ok(())
    }

    /// What was learned from the heaters of this printer so far.
    ///
    /// # Errors
    ///
    /// None of our own.
    #[wasm_bindgen(unchecked_return_type = "Learned[]")]
    pub fn learned(&self) -> Result<JsValue, JsValue> {
        convert::plain_list(&self.printer.learned())
    }

    /// Forgets what was learned from all heaters.
    pub fn forget(&mut self) {
        self.printer.forget();
    }

    /// Times every message, estimate and snapshot from now on; `false` stops that.
    pub fn watch(&mut self, on: bool) {
        let clock: fn() -> f64 = || clock::now().unwrap_or_default();
        let clock = on.then_some(clock);
        self.printer.set_timing(clock);
        self.messages.set(clock);
        self.snapshots.set(clock);
    }

    /// How much is kept, and how long messages, estimates and snapshots take.
    #[must_use]
    #[wasm_bindgen(unchecked_return_type = "Diagnostics")]
    pub fn diagnostics(&self) -> JsValue {
        let (messages, snapshots) = (self.messages.times(), self.snapshots.times());
        convert::diagnostics(&self.printer.diagnostics(), messages, snapshots)
    }
}

fn function(value: &JsValue, name: &'static str) -> Result<Function, Error> {
    value
        .dyn_ref()
        .cloned()
        .ok_or(Error::Type(name, "a function"))
}

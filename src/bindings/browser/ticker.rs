//! The tick that keeps the countdown running between samples.
//!
//! It does no more than call the page, which asks for a snapshot: an exception of the core is
//! caught there, but not here.

use gloo_timers::callback::Interval;
use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::core::settings::Settings;

/// Calls the page at a steady rate; dropping it stops that.
pub struct Ticker {
    on_tick: Function,
    running: Option<(Interval, u32)>,
}

impl Ticker {
    /// A ticker that starts with the settings' defaults.
    pub fn new(on_tick: Function) -> Self {
        let mut ticker = Self {
            on_tick,
            running: None,
        };
        ticker.tick_every(Settings::default().update_interval);
        ticker
    }

    /// Ticks every `interval` seconds from now on.
    pub fn tick_every(&mut self, interval: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0.1 to 5 s"
        )]
        let interval_ms = (interval * 1000.0) as u32;
        if self
            .running
            .as_ref()
            .is_none_or(|(_, current)| *current != interval_ms)
        {
            self.start(interval_ms);
        }
    }

    /// Lets a whole interval pass before the next tick.
    pub fn restart(&mut self) {
        if let Some((_, interval_ms)) = self.running {
            self.start(interval_ms);
        }
    }

    fn start(&mut self, interval_ms: u32) {
        let on_tick = self.on_tick.clone();
        let tick = move || {
            // A fault of the page, which catches its own; the next tick may work.
            let _ = on_tick.call0(&JsValue::NULL);
        };
        self.running = Some((Interval::new(interval_ms, tick), interval_ms));
    }
}

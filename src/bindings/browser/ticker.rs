//! The tick that keeps the countdown running between samples.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use js_sys::Function;
use wasm_bindgen::JsValue;

use super::watch::Watch;
use super::{clock, panic, told};
use crate::core::Printer;

/// Hands snapshots to the page at a steady rate; dropping it stops them.
pub struct Ticker {
    printer: Rc<RefCell<Printer>>,
    on_snapshot: Function,
    watch: Rc<Watch>,
    running: Option<(Interval, u32)>,
}

impl Ticker {
    /// A ticker that starts with the printer's settings.
    pub fn new(printer: Rc<RefCell<Printer>>, on_snapshot: Function, watch: Rc<Watch>) -> Self {
        let interval = printer.borrow().settings().update_interval;
        let mut ticker = Self {
            printer,
            on_snapshot,
            watch,
            running: None,
        };
        ticker.tick_every(interval);
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
            .is_some_and(|(_, current)| *current == interval_ms)
        {
            return;
        }
        let (printer, on_snapshot) = (Rc::clone(&self.printer), self.on_snapshot.clone());
        let watch = Rc::clone(&self.watch);
        let tick = move || emit(&printer, &on_snapshot, &watch);
        self.running = Some((Interval::new(interval_ms, tick), interval_ms));
    }
}

fn emit(printer: &RefCell<Printer>, on_snapshot: &Function, watch: &Watch) {
    if panic::has_panicked() {
        return;
    }
    let Some(now) = clock::now() else {
        return;
    };
    let snapshot = watch.time(|| told::snapshot(&printer.borrow().snapshot(now)));
    if let Err(error) = on_snapshot.call1(&JsValue::NULL, &snapshot) {
        // The page's fault, reported where its own errors go; the next tick may work.
        wasm_bindgen::throw_val(error);
    }
}

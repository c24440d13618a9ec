//! How long messages and snapshots take, conversion included, while they are timed.

use std::cell::RefCell;

use crate::core::ensemble::{Stopwatch, Times};

/// A stopwatch that can be off.
#[derive(Default)]
pub struct Timing(RefCell<Option<Stopwatch>>);

impl Timing {
    /// Measures by `clock` (s) from now on, or not any more.
    pub fn set(&self, clock: Option<fn() -> f64>) {
        let mut stopwatch = self.0.borrow_mut();
        match clock {
            Some(clock) if stopwatch.is_none() => *stopwatch = Some(Stopwatch::new(clock)),
            Some(_) => {}
            None => *stopwatch = None,
        }
    }

    /// Does `what`, which must not call back into the page.
    pub fn time<T>(&self, what: impl FnOnce() -> T) -> T {
        match &*self.0.borrow() {
            Some(stopwatch) => stopwatch.time(what),
            None => what(),
        }
    }

    /// What was measured; empty while it is off.
    pub fn times(&self) -> Times {
        let stopwatch = self.0.borrow();
        stopwatch.as_ref().map(Stopwatch::times).unwrap_or_default()
    }
}

//! How long estimates take. Times come from a clock that is handed in.

use std::cell::Cell;

/// How long something took, each time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// How often.
    pub count: u32,
    /// All together, in seconds.
    pub total: f64,
    /// The longest, in seconds.
    pub worst: f64,
}

impl Times {
    /// The mean in seconds; 0 before the first.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.total / f64::from(self.count.max(1))
    }
}

/// Measures how long something takes.
#[derive(Debug, Clone)]
pub struct Stopwatch {
    clock: fn() -> f64,
    times: Cell<Times>,
}

impl Stopwatch {
    /// Measures by `clock`, which tells seconds.
    #[must_use]
    pub fn new(clock: fn() -> f64) -> Self {
        Self {
            clock,
            times: Cell::default(),
        }
    }

    /// Does `what` and takes its time.
    pub fn time<T>(&self, what: impl FnOnce() -> T) -> T {
        let begun = (self.clock)();
        let done = what();
        let seconds = ((self.clock)() - begun).max(0.0);
        let times = self.times.get();
        self.times.set(Times {
            count: times.count.saturating_add(1),
            total: times.total + seconds,
            worst: times.worst.max(seconds),
        });
        done
    }

    /// What was measured so far.
    #[must_use]
    pub fn times(&self) -> Times {
        self.times.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_measures_mean_and_worst() {
        thread_local!(static NOW: Cell<f64> = const { Cell::new(0.0) });
        let stopwatch = Stopwatch::new(|| NOW.get());
        assert!(stopwatch.times().mean().abs() < 1e-9);
        for seconds in [1.0, 5.0, -3.0] {
            let done = stopwatch.time(|| {
                NOW.set(NOW.get() + seconds);
                "done"
            });
            assert_eq!(done, "done");
        }
        let times = stopwatch.times();
        assert_eq!((times.count, times.worst.to_bits()), (3, 5.0_f64.to_bits()));
        assert!((times.mean() - 2.0).abs() < 1e-9);
    }
}

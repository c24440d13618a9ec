//! What one heater's controller costs before its target.

use super::mean::Mean;

/// Distances from the target, in °C, at which the cost is kept: close together where the
/// throttling happens.
pub const GRID: [f64; 11] = [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0, 30.0];

/// Weight of what the class says, in ways.
const USUAL: f64 = 0.5;

/// Share of the newest way in the mean.
const NEWEST: f64 = 0.4;

/// Most weight, in ways.
const MOST: f64 = 8.0;

/// Seconds lost from each distance of [`GRID`] on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Taper {
    /// By distance.
    pub costs: [Mean; GRID.len()],
}

impl Taper {
    /// Seconds lost from `distance` (°C) on, where `usual` says what the class loses.
    #[must_use]
    pub fn seconds(&self, distance: f64, usual: impl Fn(f64) -> f64) -> f64 {
        let known = self.costs.iter().zip(GRID);
        let known = known.take_while(|(cost, _)| cost.weight > 0.0);
        let blended = known.map(|(cost, x)| {
            let share = cost.weight / (cost.weight + USUAL);
            (x, share * cost.value + (1.0 - share) * usual(x))
        });
        let mut below = (0.0, 0.0);
        let mut any = false;
        for (x, seconds) in blended {
            if distance <= x {
                let share = (distance - below.0) / (x - below.0);
                return below.1 + share.max(0.0) * (seconds - below.1);
            }
            (below, any) = ((x, seconds), true);
        }
        if any { below.1 } else { usual(distance) }
    }

    /// Takes in what a way has lost from `GRID[index]` on.
    pub fn learn(&mut self, index: usize, seconds: f64) {
        if let Some(cost) = self.costs.get_mut(index) {
            let share = if cost.weight > 0.0 { NEWEST } else { 1.0 };
            cost.value += share * (seconds - cost.value);
            cost.weight = (cost.weight + 1.0).min(MOST);
        }
    }
}

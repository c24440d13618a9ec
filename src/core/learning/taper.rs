//! Learns what one heater's controller costs before its target.

use crate::core::model::Taper;

/// Share of the newest transient in the mean.
const NEWEST: f64 = 0.5;

/// Most weight, in transients.
const MAX_WEIGHT: f64 = 8.0;

/// Takes in how many `seconds` a transient has lost from distance `index` of the grid on.
pub fn learn(taper: &mut Taper, index: usize, seconds: f64) {
    if let Some(cost) = taper.costs.get_mut(index) {
        let share = if cost.weight > 0.0 { NEWEST } else { 1.0 };
        cost.value += share * (seconds - cost.value);
        cost.weight = (cost.weight + 1.0).min(MAX_WEIGHT);
    }
}

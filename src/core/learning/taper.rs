//! Learns what one heater's controller costs before its target.

use crate::core::model::Taper;

/// Most weight, in transients.
const MAX_WEIGHT: f64 = 8.0;

/// Takes in how many `seconds` a transient of `weight` has lost from distance `index` of the grid on:
/// it makes up `weight / (weight + min(1, n))` of the mean, where the earlier ones weigh `n`.
pub fn learn(taper: &mut Taper, index: usize, seconds: f64, weight: f64) {
    if let Some(cost) = taper.costs.get_mut(index) {
        let share = weight / (weight + cost.weight.min(1.0));
        cost.value += share * (seconds - cost.value);
        cost.weight = (cost.weight + weight).min(MAX_WEIGHT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_transient_says_little_about_the_controller() {
        let after = |weight| {
            let mut taper = Taper::default();
            learn(&mut taper, 3, 10.0, 1.0);
            learn(&mut taper, 3, 40.0, weight);
            taper.costs[3].value
        };
        assert!((after(1.0) - 25.0).abs() < 1e-9, "half of the mean");
        assert!(after(0.1) < 13.0, "{}", after(0.1));
    }
}

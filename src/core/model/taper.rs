//! What one heater's controller costs before its target.

use crate::core::math::RunningMean;

/// Up to which distance from the target costs are reckoned, in °C: nearer, the controller's
/// last creeping is no loss any more. It is the limit of the target band that most users have, and
/// the same for all bands, so that what was learned with one holds for the others.
pub const NEAREST: f64 = 1.0;

/// Distances from the target, in °C, at which the cost is kept: close together where the
/// throttling happens.
pub const GRID: [f64; 11] = [
    NEAREST, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0, 30.0,
];

/// Weight of the prior.
const USUAL: f64 = 0.5;

/// Seconds lost from each distance of [`GRID`] on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Taper {
    /// By distance.
    pub costs: [RunningMean; GRID.len()],
}

impl Taper {
    /// Seconds lost from `distance` (°C) on in a transient that has a `part` of what was learned, where
    /// `usual` is the prior's loss. With a mean `m` of weight `n` at a distance of the grid, and straight
    /// lines between those:
    ///
    /// ```text
    /// E = (n·m·part + 0.5·usual) / (n + 0.5)
    /// ```
    #[must_use]
    pub fn seconds(&self, distance: f64, part: f64, usual: impl Fn(f64) -> f64) -> f64 {
        let known = self.costs.iter().zip(GRID);
        let known = known.filter(|(cost, _)| cost.weight > 0.0);
        let blended = |cost: &RunningMean, x: f64| {
            let share = cost.weight / (cost.weight + USUAL);
            share * part * cost.value + (1.0 - share) * usual(x)
        };
        let mut below: Option<(&RunningMean, f64)> = None;
        for (cost, x) in known {
            if distance <= x {
                let (near, from) = below.map_or((0.0, 0.0), |(cost, x)| (blended(cost, x), x));
                let share = ((distance - from) / (x - from)).max(0.0);
                return near + share * (blended(cost, x) - near);
            }
            below = Some((cost, x));
        }
        below.map_or_else(|| usual(distance), |(cost, _)| blended(cost, distance))
    }
}

//! A mean that can be carried on.

/// A running mean and the weight behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RunningMean {
    /// The mean.
    pub value: f64,
    /// How much went into it.
    pub weight: f64,
}

impl RunningMean {
    /// Takes `value` in; the weight never exceeds `most`, so that the mean keeps following.
    pub fn add(&mut self, value: f64, weight: f64, most: f64) {
        if weight > 0.0 {
            self.value += weight / (self.weight + weight) * (value - self.value);
            self.weight = (self.weight + weight).min(most);
        }
    }

    /// The mean, if there is one.
    #[must_use]
    pub fn known(self) -> Option<f64> {
        (self.weight > 0.0).then_some(self.value)
    }
}

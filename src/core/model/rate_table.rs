//! Rates over temperature, in bins.

/// How many bins a curve has. With the widest bins it reaches to 460 °C.
pub const BINS: usize = 48;

/// Lower edge of the first bin, in °C.
const COLDEST: f64 = -20.0;

/// A curve over temperature as a table, ready to be looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct RateTable {
    values: [f64; BINS],
    /// Bins per °C.
    per_celsius: f64,
}

impl RateTable {
    /// The curve that has `value` at a temperature (°C), in bins of `width` °C.
    #[must_use]
    pub fn new(width: f64, value: impl Fn(f64) -> f64) -> Self {
        let mut middle = COLDEST - width / 2.0;
        Self {
            values: [0.0; BINS].map(|_: f64| {
                middle += width;
                value(middle)
            }),
            per_celsius: 1.0 / width,
        }
    }

    /// `Λ(T)` at `temperature` (°C), interpolated.
    #[must_use]
    pub fn at(&self, temperature: f64) -> f64 {
        interpolated(&self.values, self.per_celsius, temperature, |value| *value)
    }
}

/// The `value` at `temperature`, between the middles of the two nearest bins.
#[must_use]
pub fn interpolated<T>(
    bins: &[T; BINS],
    per_celsius: f64,
    temperature: f64,
    value: impl Fn(&T) -> f64,
) -> f64 {
    let (index, share) = place(per_celsius, temperature);
    let at = |index: usize| bins.get(index).map_or(0.0, &value);
    at(index) * (1.0 - share) + at(index + 1) * share
}

/// The bin whose middle is at or below `temperature`, and the fraction of the distance to the
/// next one; `per_celsius` is the number of bins per °C.
#[must_use]
pub fn place(per_celsius: f64, temperature: f64) -> (usize, f64) {
    #[expect(clippy::cast_precision_loss, reason = "46")]
    const LAST: f64 = (BINS - 2) as f64;
    let middle = ((temperature - COLDEST) * per_celsius - 0.5).clamp(0.0, LAST);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 46"
    )]
    let index = middle as usize;
    (index, middle.fract())
}

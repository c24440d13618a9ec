//! Corrections over temperature, in bins.

/// How many bins a curve has. With the widest bins it reaches to 460 °C.
pub const BINS: usize = 48;

/// Lower edge of the first bin, in °C.
const COLDEST: f64 = -20.0;

/// Temperatures divided into [`BINS`] bins of one width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bins {
    per_celsius: f64,
}

impl Bins {
    /// Bins of `width` °C.
    #[must_use]
    pub fn new(width: f64) -> Self {
        let per_celsius = 1.0 / width;
        Self { per_celsius }
    }

    /// The bin whose middle is at or below `temperature` (°C), and the fraction of the distance to
    /// the next one.
    #[must_use]
    pub fn place(self, temperature: f64) -> (usize, f64) {
        #[expect(clippy::cast_precision_loss, reason = "46")]
        const LAST: f64 = (BINS - 2) as f64;
        let middle = ((temperature - COLDEST) * self.per_celsius - 0.5).clamp(0.0, LAST);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 46"
        )]
        let index = middle as usize;
        (index, middle.fract())
    }

    /// The `value` at `temperature` (°C), between the middles of the two nearest bins.
    #[must_use]
    pub fn interpolate<T>(
        self,
        bins: &[T; BINS],
        temperature: f64,
        value: impl Fn(&T) -> f64,
    ) -> f64 {
        let (index, share) = self.place(temperature);
        let at = |index: usize| bins.get(index).map_or(0.0, &value);
        at(index) * (1.0 - share) + at(index + 1) * share
    }
}

/// How much faster a heater is than its prior at each temperature, as logarithms, ready to be looked
/// up.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectionTable {
    values: [f64; BINS],
    bins: Bins,
}

impl CorrectionTable {
    /// The table of a curve that has `value` at a temperature (°C), in bins of `width` °C.
    #[must_use]
    pub fn new(width: f64, value: impl Fn(f64) -> f64) -> Self {
        let mut middle = COLDEST - width / 2.0;
        Self {
            values: [0.0; BINS].map(|_: f64| {
                middle += width;
                value(middle)
            }),
            bins: Bins::new(width),
        }
    }

    /// `Λ(T)` at `temperature` (°C), interpolated.
    #[must_use]
    pub fn at(&self, temperature: f64) -> f64 {
        self.bins
            .interpolate(&self.values, temperature, |value| *value)
    }
}

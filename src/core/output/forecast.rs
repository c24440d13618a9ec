//! The curve that a heater is expected to follow from now to its threshold.

/// Pieces the curve is drawn in: no corner is seen at the width of a page.
const PIECES: u32 = 12;

/// How much sooner than at the present rate the goal may be reached for a straight line, as
/// a ratio: less bend than this is not seen.
const STRAIGHT: f64 = 1.02;

/// Sharpest bend, as the time left in time constants: beyond it the curve is level nearly
/// all the rise, which is the noise of the rate and no forecast.
const SHARPEST: f64 = 6.0;

/// Points (s, °C) from `(0, actual)` to `(remaining, threshold)`.
///
/// # Model
///
/// The first-order lag that starts with the present rate and reaches the threshold in time:
///
/// ```text
/// T(t) = T0 + (G - T0)·(1 - e^(-k·t/R)) / (1 - e^(-k)),    k / (1 - e^(-k)) = r·R / (G - T0)
/// ```
///
/// where `T0` is `actual`, `G` is `threshold` (°C), `R` is `remaining` (s), `r` is `rate` (°C/s)
/// and `k` is the time left in time constants. Lumped capacitance: Incropera et al., *Fundamentals
/// of Heat and Mass Transfer*, §5.1.
///
/// A heater that is still gaining speed (`r·R < G - T0`), or whose rate is not known, is given
/// a straight line.
///
/// ```
/// use temp_eta::core::output::forecast::curve;
///
/// assert_eq!(curve(20.0, 60.0, 80.0, None), [(0.0, 20.0), (80.0, 60.0)]);
/// let bent = curve(20.0, 60.0, 80.0, Some(0.8));
/// assert!(bent.iter().any(|&(t, temperature)| temperature > 20.0 + 0.5 * t + 3.0));
/// assert_eq!(bent.last(), Some(&(80.0, 60.0)));
/// ```
#[must_use]
pub fn curve(actual: f64, threshold: f64, remaining: f64, rate: Option<f64>) -> Vec<(f64, f64)> {
    let rise = threshold - actual;
    let ahead = rate.map_or(1.0, |rate| rate * remaining / rise);
    if ahead.is_nan() || ahead <= STRAIGHT {
        return vec![(0.0, actual), (remaining, threshold)];
    }
    let bend = bend(ahead);
    let done = |share: f64| (1.0 - (-bend * share).exp()) / (1.0 - (-bend).exp());
    let point = |piece: u32| {
        let share = f64::from(piece) / f64::from(PIECES);
        (share * remaining, actual + rise * done(share))
    };
    let mut points: Vec<_> = (0..PIECES).map(point).collect();
    points.push((remaining, threshold));
    points
}

/// Solves `k / (1 - e^(-k)) = ahead` for `k`, by halving.
fn bend(ahead: f64) -> f64 {
    let (mut low, mut high) = (0.0, SHARPEST);
    for _ in 0..20 {
        let middle = f64::midpoint(low, high);
        if middle / (1.0 - (-middle).exp()) < ahead {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bed that would end at 90 °C with a time constant of 100 s.
    fn bed(time: f64) -> f64 {
        90.0 - 70.0 * (-time / 100.0).exp()
    }

    #[test]
    fn it_is_the_very_curve_of_a_first_order_heater() {
        let remaining = 100.0 * (70.0_f64 / 30.0).ln();
        for (time, temperature) in curve(20.0, 60.0, remaining, Some(0.7)) {
            assert!(
                (temperature - bed(time)).abs() < 0.01,
                "{time} s: {temperature}"
            );
        }
    }

    #[test]
    fn a_fall_is_a_rise_upside_down() {
        let up = curve(20.0, 60.0, 100.0, Some(0.9));
        let down = curve(60.0, 20.0, 100.0, Some(-0.9));
        for (up, down) in up.into_iter().zip(down) {
            assert!((up.1 + down.1 - 80.0).abs() < 1e-9);
        }
    }

    #[test]
    fn it_stays_between_its_ends_whatever_the_rate() {
        for rate in [
            -1e9,
            -1.0,
            0.0,
            1e-9,
            0.4,
            0.5,
            1.0,
            1e9,
            f64::NAN,
            f64::INFINITY,
        ] {
            for remaining in [0.0, 1e-6, 80.0, 3600.0] {
                let curve = curve(20.0, 60.0, remaining, Some(rate));
                let inside = |(_, it): &(f64, f64)| (20.0..=60.0).contains(it);
                assert!(curve.iter().all(inside), "{rate}, {remaining} s: {curve:?}");
                assert_eq!(curve.last(), Some(&(remaining, 60.0)));
            }
        }
    }
}

//! A first-order lag through readings.

use super::line::{Line, count};
use super::point::Point;

/// A first-order lag through readings: a curve that runs ever more slowly towards an end.
///
/// # Model
///
/// ```text
/// T(t) = A - (A - T0)·e^(-t/τ)    ⇔    dT/dt = (A - T) / τ
/// ```
///
/// where `A` is `asymptote` and `T0` is `now` (°C), and `τ` is `tau` (s). Lumped
/// capacitance: Incropera et al., *Fundamentals of Heat and Mass Transfer*, §5.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Where the curve would end, in °C.
    pub asymptote: f64,
    /// Time constant in seconds.
    pub tau: f64,
    /// The curve's temperature at the newest reading, in °C.
    pub now: f64,
}

/// How many standard errors the curvature must differ from none to count. Fewer
/// lets the noise of a nearly straight climb bend it; more throws a real bend away.
const SIGNIFICANCE: f64 = 3.0;

/// Longest time constant that readings of one minute can tell from a straight line, in s.
const LONGEST_TAU: f64 = 20_000.0;

impl Lag {
    /// The lag with the least squared distance from `points` (oldest first), found
    /// without iteration; `None` where the readings do not bend towards an end beyond
    /// their error, so that a straight line says all there is.
    ///
    /// Integrating the model gives an equation that is linear in `a` and `b`:
    ///
    /// ```text
    /// y(t) = c + a·t + b·∫y dt,    τ = -1/b,    A = T_last - a/b
    /// ```
    ///
    /// with `y = T - T_last` and the integral by trapezoids. J. Jacquelin, *Régressions et
    /// équations intégrales* (2009).
    #[must_use]
    pub fn fit(points: &[Point]) -> Option<Self> {
        let last = points.last()?;
        let count = count(points.len());
        // Sums of t, ∫y and y and of their products, relative to the newest reading.
        let (mut sums, mut squares) = ([0.0; 3], [0.0; 6]);
        let mut row = [0.0; 3];
        for point in points.iter().rev() {
            let t = point.time - last.time;
            let y = point.temperature - last.temperature;
            let integral = row[1] + (t - row[0]) * (y + row[2]) / 2.0;
            row = [t, integral, y];
            let products = [
                t * t,
                t * integral,
                integral * integral,
                t * y,
                integral * y,
                y * y,
            ];
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            squares
                .iter_mut()
                .zip(products)
                .for_each(|(sum, x)| *sum += x);
        }
        let means = sums.map(|sum| sum / count);
        let about = |product: f64, i: f64, j: f64| product - i * j / count;
        let ([t, i, y], [tt, ti, ii, ty, iy, yy]) = (sums, squares);
        let (stt, sti, sii) = (about(tt, t, t), about(ti, t, i), about(ii, i, i));
        let (sty, siy, syy) = (about(ty, t, y), about(iy, i, y), about(yy, y, y));
        let determinant = stt * sii - sti * sti;
        let a = (sty * sii - siy * sti) / determinant;
        let b = (siy * stt - sty * sti) / determinant;
        let variance = ((syy - a * sty - b * siy) / (count - 3.0)).max(0.0);
        let error = (variance * stt / determinant).sqrt();
        let bends = -b > (SIGNIFICANCE * error).max(1.0 / LONGEST_TAU);
        // Written so that NaN, from too few readings or a flat line, fails as well.
        if !(count > 3.0 && bends) {
            return None;
        }
        let offset = means[2] - a * means[0] - b * means[1];
        Some(Self {
            asymptote: last.temperature - a / b,
            tau: -1.0 / b,
            now: last.temperature + offset,
        })
    }

    /// The lag towards an end that is known, with the least squared distance from the
    /// logarithm of `points` (oldest first): Newton's law of cooling. `None` unless they
    /// approach it.
    ///
    /// ```text
    /// ln|T - A| = c - t/τ
    /// ```
    #[must_use]
    pub fn towards(asymptote: f64, points: &[Point]) -> Option<Self> {
        let above = points.last()?.temperature > asymptote;
        let distance = |point: &Point| point.temperature - asymptote;
        let same_side = points
            .iter()
            .filter(|point| (distance(point) > 0.0) == above);
        let logarithms = same_side.map(|point| Point {
            temperature: distance(point).abs().ln(),
            ..*point
        });
        let line = Line::fit(&logarithms.collect::<Vec<_>>())?;
        let away = line.now.exp() * if above { 1.0 } else { -1.0 };
        (line.rate < 0.0 && away.is_finite()).then(|| Self {
            asymptote,
            tau: -1.0 / line.rate,
            now: asymptote + away,
        })
    }

    /// °C/s at the newest reading.
    #[must_use]
    pub fn rate(&self) -> f64 {
        (self.asymptote - self.now) / self.tau
    }

    /// °C at `seconds` after the newest reading.
    #[must_use]
    pub fn temperature_at(&self, seconds: f64) -> f64 {
        self.asymptote - (self.asymptote - self.now) * (-seconds / self.tau).exp()
    }

    /// Seconds from the newest reading until the curve meets `goal`; negative where it
    /// has passed it, `None` where it never does.
    ///
    /// ```text
    /// t = τ·ln((A - T_now) / (A - goal))
    /// ```
    ///
    /// ```
    /// use temp_eta::core::math::Lag;
    /// let lag = Lag { asymptote: 100.0, tau: 60.0, now: 20.0 };
    /// let seconds = lag.remaining(60.0).unwrap();
    /// assert!((seconds - 60.0 * 2.0_f64.ln()).abs() < 1e-9);
    /// assert_eq!(lag.remaining(100.0), None);
    /// ```
    #[must_use]
    pub fn remaining(&self, temperature: f64) -> Option<f64> {
        let seconds =
            self.tau * ((self.asymptote - self.now) / (self.asymptote - temperature)).ln();
        seconds.is_finite().then_some(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::math::line::tests::sampled;

    #[test]
    fn a_lag_is_found_within_the_error_of_trapezoids() {
        for (start, asymptote, tau) in [
            (21.0, 300.0, 90.0),
            (210.0, 22.0, 150.0),
            (20.0, 75.0, 200.0),
        ] {
            let truth = Lag {
                asymptote,
                tau,
                now: start,
            };
            let points = sampled(|t| truth.temperature_at(t), 30);
            let lag = Lag::fit(&points).unwrap();
            assert!((lag.asymptote - asymptote).abs() < 0.1, "{lag:?}");
            assert!((lag.tau / tau - 1.0).abs() < 1e-3, "{lag:?}");
            assert!(
                (lag.now - truth.temperature_at(58.0)).abs() < 0.01,
                "{lag:?}"
            );
        }
    }

    #[test]
    fn newtons_law_is_found_where_the_end_is_known() {
        let truth = Lag {
            asymptote: 22.0,
            tau: 900.0,
            now: 60.0,
        };
        let points = sampled(|t| truth.temperature_at(t), 20);
        let lag = Lag::towards(22.0, &points).unwrap();
        assert!((lag.tau - 900.0).abs() < 0.1, "{lag:?}");
        assert!((lag.remaining(25.0).unwrap() - truth.remaining(25.0).unwrap() + 38.0).abs() < 0.1);
        assert_eq!(Lag::towards(22.0, &sampled(|t| 60.0 + t, 20)), None);
        assert_eq!(Lag::towards(22.0, &sampled(|_| 22.0, 20)), None);
    }

    #[test]
    fn what_does_not_bend_towards_an_end_is_no_lag() {
        assert_eq!(Lag::fit(&sampled(|t| 20.0 + 0.5 * t, 30)), None);
        assert_eq!(Lag::fit(&sampled(|t| 20.0 + 0.01 * t * t, 30)), None);
        assert_eq!(Lag::fit(&sampled(|_| 20.0, 30)), None);
        assert_eq!(Lag::fit(&sampled(|t| 20.0 + t, 3)), None);
    }

    #[test]
    fn noise_neither_bends_a_line_nor_hides_a_bend() {
        // Quantised to a quarter of a degree, the worst that sensors in use do.
        let coarse = |t: f64| (t * 4.0).round() / 4.0;
        let line = sampled(|t| coarse(20.0 + 0.73 * t), 30);
        assert_eq!(Lag::fit(&line), None);
        let curve = Lag {
            asymptote: 300.0,
            tau: 90.0,
            now: 21.0,
        };
        let bend = sampled(|t| coarse(curve.temperature_at(t)), 30);
        assert!((Lag::fit(&bend).unwrap().tau / 90.0 - 1.0).abs() < 0.1);
    }

    #[test]
    fn remaining_is_the_inverse_of_temperature_at() {
        let lag = Lag {
            asymptote: 280.0,
            tau: 95.0,
            now: 60.0,
        };
        for seconds in [0.0, 1.0, 30.0, 300.0] {
            let back = lag.remaining(lag.temperature_at(seconds)).unwrap();
            assert!((back - seconds).abs() < 1e-6);
        }
        assert_eq!(lag.remaining(281.0), None);
    }
}

//! A straight line through readings.

use super::point::Point;

/// A straight line through readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// °C/s.
    pub rate: f64,
    /// The line's temperature at the newest reading, in °C.
    pub now: f64,
}

impl Line {
    /// The line with the least squared distance from `points` (oldest first); `None`
    /// unless they span some time.
    ///
    /// ```text
    /// rate = Σ(t - t̄)(T - T̄) / Σ(t - t̄)²
    /// ```
    #[must_use]
    pub fn fit(points: &[Point]) -> Option<Self> {
        let last = points.last()?;
        let count = count(points.len());
        let relative = points.iter();
        let relative = relative.map(|point| (point.time - last.time, point.temperature));
        let mean_t = relative.clone().map(|(t, _)| t).sum::<f64>() / count;
        let mean_temperature = relative.clone().map(|(_, y)| y).sum::<f64>() / count;
        let (mut stt, mut sty) = (0.0, 0.0);
        for (t, temperature) in relative {
            stt += (t - mean_t).powi(2);
            sty += (t - mean_t) * (temperature - mean_temperature);
        }
        let rate = sty / stt;
        rate.is_finite().then_some(Self {
            rate,
            now: mean_temperature - rate * mean_t,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most some hundred readings")]
pub(super) fn count(items: usize) -> f64 {
    items as f64
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// `count` readings of `temperature`, two seconds apart.
    pub fn sampled(temperature: impl Fn(f64) -> f64, count: u32) -> Vec<Point> {
        (0..count)
            .map(|i| f64::from(i) * 2.0)
            .map(|t| Point {
                time: 1.8e9 + t,
                temperature: temperature(t),
            })
            .collect()
    }

    #[test]
    fn a_line_is_found_exactly() {
        let points = sampled(|t| 20.0 + 0.75 * t, 10);
        let line = Line::fit(&points).unwrap();
        assert!((line.rate - 0.75).abs() < 1e-9);
        assert!((line.now - 33.5).abs() < 1e-9);
    }

    #[test]
    fn a_line_needs_two_moments() {
        assert_eq!(Line::fit(&[]), None);
        assert_eq!(Line::fit(&sampled(|_| 20.0, 1)), None);
    }
}

//! Quantiles of a few numbers.

/// The value below which a `share` of `values` lies; `None` for no values.
///
/// ```
/// use temp_eta::core::math::quantile;
/// assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
#[must_use]
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index of what is in memory"
    )]
    let wanted = (share * values.len().saturating_sub(1) as f64) as usize;
    // For the few values that there are, counting is as good as sorting and a tenth as long.
    let below = |x: &f64| values.iter().filter(|y| *y < x).count();
    let not_above = |x: &f64| values.iter().filter(|y| *y <= x).count();
    let mut values = values.iter();
    values
        .find(|x| below(x) <= wanted && wanted < not_above(x))
        .copied()
}

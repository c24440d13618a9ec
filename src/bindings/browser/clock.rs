//! The page's own elapsed time.

/// Seconds since the page was opened; `None` where the browser has no such clock.
pub fn now() -> Option<f64> {
    let performance = web_sys::window()?.performance()?;
    Some(performance.now() / 1000.0)
}

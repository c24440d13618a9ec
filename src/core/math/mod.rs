//! Mathematics that knows no heater: least squares, first-order lags, quantiles, running means.

mod lag;
mod line;
mod point;
mod quantile;
mod running_mean;

pub use lag::Lag;
pub use line::Line;
pub use point::Point;
pub use quantile::quantile;
pub use running_mean::RunningMean;

//! Models of how a heater reaches its goal, and what they know of it.

mod adaptive;
mod estimator;
mod exponential;
mod fixture;
mod linear;
mod newton;
mod plant;
mod prior;
mod rate_table;
mod sensor_lag;
mod taper;

pub use adaptive::Adaptive;
pub use estimator::{Estimate, Estimator, EstimatorInput, FEWEST_READINGS, Reason, Remaining};
pub use exponential::Exponential;
pub use fixture::EstimatorFixture;
pub use linear::{Linear, recent};
pub use plant::{Corrections, DEFAULT_AMBIENT, Plant};
pub use prior::{HeaterPrior, Law, Order};
pub use rate_table::{BINS, RateTable, interpolated, place};
pub use sensor_lag::{ResponseFraction, SensorLag};
pub use taper::{GRID, NEAREST, Taper};

/// Our algorithms by their ids in the settings. The first one is used while the chosen one is
/// not there.
pub const BUILT_IN: [(&str, &dyn Estimator); 3] = [
    ("linear", &Linear),
    ("exponential", &Exponential),
    ("adaptive", &Adaptive),
];

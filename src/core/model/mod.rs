//! Models of how a heater reaches its goal, and what they know of it.

mod adaptive;
mod correction_table;
mod estimator;
mod exponential;
mod fixture;
mod linear;
mod newton;
mod past_transient;
mod plant;
mod prior;
mod recall;
mod sensor_lag;
mod taper;
mod travel;

pub use adaptive::Adaptive;
pub use correction_table::{BINS, Bins, CorrectionTable};
pub use estimator::{Estimate, Estimator, EstimatorInput, FEWEST_READINGS, Reason, Remaining};
pub use exponential::Exponential;
pub use fixture::EstimatorFixture;
pub use linear::{Linear, recent};
pub use past_transient::{PastTransient, SHARES_LEFT};
pub use plant::{Corrections, DEFAULT_AMBIENT, Plant};
pub use prior::{HeaterPrior, Law, Order};
pub use sensor_lag::{ResponseFraction, SensorLag};
pub use taper::{GRID, NEAREST, Taper};
pub use travel::{Moment, travel};

/// Our algorithms by their ids in the settings.
pub const BUILT_IN: &[(&str, &dyn Estimator)] = &[
    // A constant rate.
    ("linear", &Linear),
    // A fitted curve.
    ("exponential", &Exponential),
    // What was learned.
    LEARNER,
];

/// The algorithm that uses what was learned: its estimates tell whether that was of any use, and
/// its spreads how wide its interval must be.
pub const LEARNER: (&str, &dyn Estimator) = ("adaptive", &Adaptive);

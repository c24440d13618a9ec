//! What the host is told.

mod arrival;
mod diagnostics;
pub mod forecast;
mod graph;
mod graph_history;
mod learned;
mod snapshot;

pub use arrival::{Arrival, Arrivals};
pub use diagnostics::Diagnostics;
pub use graph::{Graph, GraphHistories};
pub use graph_history::{GraphHistory, GraphPoint};
pub use learned::{AlgorithmScore, Learned};
pub use snapshot::{PrinterRow, Snapshot};

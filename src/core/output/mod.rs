//! What the host is told.

mod diagnostics;
mod event;
pub mod forecast;
mod graph;
mod graph_history;
mod learned;
mod snapshot;

pub use diagnostics::Diagnostics;
pub use event::{Event, EventKind, Events};
pub use graph::{Graph, GraphHistories};
pub use graph_history::{GraphHistory, GraphPoint};
pub use learned::{AlgorithmScore, Learned};
pub use snapshot::{PrinterRow, Snapshot};

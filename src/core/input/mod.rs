//! What OctoPrint reports, decoded and checked.

mod algorithm_key;
mod counted;
mod heater_id;
mod job;
mod known_rows;
mod message;
mod profile;
mod reported;
mod sample;
mod server_clock;
mod skipped;
mod time;

pub use algorithm_key::AlgorithmKey;
pub use counted::Counted;
pub use heater_id::HeaterId;
pub use job::{Job, JobPhase, Progress};
pub use known_rows::KnownRows;
pub use message::{Message, Row, is_time};
pub use profile::Profile;
pub use reported::{Reported, ReportedHeaters};
pub use sample::{BadReading, Field, Implausible, Reading, Sample, same};
pub use server_clock::{ServerClock, moment};
pub use skipped::Skipped;
pub use time::{HostTime, ServerTime};

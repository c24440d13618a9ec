//! Recognizes rows that were sent before.

use super::message::Row;
use super::sample::same;
use super::time::ServerTime;

/// Most rows of one second that are remembered in order to know them again. OctoPrint
/// makes two or three while a heater is waited for.
const MAX_ROWS_A_SECOND: usize = 8;

/// The rows of the newest second, so that a history that is sent again changes nothing.
#[derive(Debug, Clone, Default)]
pub struct KnownRows {
    time: Option<ServerTime>,
    rows: Vec<Row>,
}

impl KnownRows {
    /// Whether `row` is older than the newest second, or was kept in it already.
    #[must_use]
    pub fn knows(&self, row: &Row) -> bool {
        self.time.is_some_and(|time| {
            row.time < time || (same(row.time.0, time.0) && self.rows.contains(row))
        })
    }

    /// Remembers a row that was not known.
    pub fn keep(&mut self, row: Row) {
        let another = self.time.is_none_or(|time| row.time > time);
        if another || self.rows.len() == MAX_ROWS_A_SECOND {
            self.rows.clear();
        }
        self.time = Some(row.time);
        self.rows.push(row);
    }
}

//! A learned model as numbers.

use super::{LearnedModel, MAX_CALIBRATION, MAX_TRANSIENTS, MIN_CALIBRATION, MISSES};
use crate::core::codec::{Reader, Writer};
use crate::core::learning::completed::SHORTEST_LAG;
use crate::core::learning::curve::MAX_LOG;
use crate::core::learning::past_transients::PastTransients;
use crate::core::learning::start_offsets::MAX_OFFSETS;

/// Largest sum, °C and time that a learned model may hold.
const MAX_SUM: f64 = 1e6;
const MAX_CELSIUS: f64 = 1000.0;
const MAX_SECONDS: f64 = 20_000.0;

/// By how much sums that are rounded may be out.
const ROUNDED: f64 = 1.001;

impl LearnedModel {
    /// Writes the learned model.
    pub fn write(&self, to: &mut Writer) {
        to.put(self.transients);
        to.put(self.misses);
        to.put(self.calibration);
        to.list(&self.ambient.map_or([0.0; 2], |ambient| [ambient, 1.0]));
        if self.is_empty() {
            return;
        }
        self.curve.sums.iter().for_each(|sum| to.put(*sum));
        to.put(self.curve.coldest);
        to.put(self.curve.warmest);
        to.means(&self.curve.bins);
        to.means(&self.taper.costs);
        to.means(&[self.lag]);
        let start_offsets: Vec<_> = self
            .start_offsets
            .offsets
            .iter()
            .flat_map(|&(start, offset)| [start, offset])
            .collect();
        to.list(&start_offsets);
    }

    /// Writes how the newest transients went.
    pub fn write_past(&self, to: &mut Writer) {
        self.past.write(to);
    }

    /// Forgets how they went.
    pub fn forget_past(&mut self) {
        self.past = PastTransients::default();
    }

    /// Reads what [`Self::write_past`] has written; `None` if that is not known to be all.
    pub fn read_past(&mut self, from: &mut Reader) -> Option<()> {
        self.past = PastTransients::read(from)?;
        Some(())
    }

    /// Reads what [`Self::write`] has written; `None` if it cannot have.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let mut learned_model = Self {
            transients: from.take(0.0, MAX_TRANSIENTS)?,
            misses: from.take(0.0, MISSES)?,
            calibration: from.take(MIN_CALIBRATION, MAX_CALIBRATION)?,
            ..Self::default()
        };
        let mut ambient = [0.0; 2];
        learned_model.ambient = match from.list(&mut ambient, MAX_CELSIUS)? {
            0 => None,
            _ => Some(ambient[0]),
        };
        if learned_model.is_empty() {
            return Some(learned_model);
        }
        for sum in &mut learned_model.curve.sums {
            *sum = from.take(-MAX_SUM, MAX_SUM)?;
        }
        let coldest = from.take(-MAX_CELSIUS, MAX_CELSIUS)?;
        learned_model.curve.coldest = coldest;
        learned_model.curve.warmest = from.take(coldest, MAX_CELSIUS)?;
        learned_model.curve.bins = from.means(MAX_LOG, MAX_CELSIUS)?;
        learned_model.taper.costs = from.means(MAX_SECONDS, MAX_CELSIUS)?;
        [learned_model.lag] = from.means(MAX_SECONDS, 1.0)?;
        let mut start_offsets = [0.0; 2 * MAX_OFFSETS];
        let count = from.list(&mut start_offsets, MAX_CELSIUS)?;
        let pairs = start_offsets.chunks_exact(2).take(count.div_ceil(2));
        learned_model.start_offsets.offsets = pairs.map(|pair| (pair[0], pair[1])).collect();
        // No weighted mean is further out than the mean of squares allows, but for rounding.
        let [w, wv, wvv, wz, wvz] = learned_model.curve.sums;
        let sound = w >= 0.0
            && wvv >= 0.0
            && wv * wv <= ROUNDED * w * wvv + 1e-2
            && wz.abs() <= MAX_LOG * w + 1e-2
            && wvz * wvz <= MAX_LOG * MAX_LOG * ROUNDED * w * wvv + 1e-2
            && learned_model
                .lag
                .known()
                .is_none_or(|lag| lag >= SHORTEST_LAG)
            && learned_model
                .start_offsets
                .offsets
                .iter()
                .all(|(_, offset)| offset.abs() <= MAX_LOG);
        sound.then_some(learned_model)
    }
}

//! What heaters of a kind are like before anything is known of one.
//!
//! The figures of hotends and beds were fitted to recorded heat-ups and cool-downs of real
//! printers, with printers left out to check; those of chambers come from a simulation. Each
//! is a point in a wide valley: none of them changed by a third makes other printers' errors
//! consistently smaller. Spreads are standard deviations between printers. They are where
//! `adaptive` starts; after a minute the readings count more.

use crate::core::input::HeaterId;

/// How a heater's speed depends on its temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// At full power: `r = rate·e^(-(T - 25 °C)/scale)`. Losses bend the curve; written so,
    /// the rate never reaches zero, however far it is extrapolated.
    Heating {
        /// °C/s at 25 °C.
        rate: f64,
        /// °C in which the rate falls to 1/e.
        scale: f64,
    },
    /// Switched off: `r = rate·((T - ambient)/100 °C)^power`.
    Cooling {
        /// °C/s at 100 °C above ambient.
        rate: f64,
        /// 1 is Newton's law; convection and radiation make it a little more.
        power: f64,
    },
}

/// How the measured rate builds up after the power was switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// At once, ever more slowly: a sensor in the plate.
    First,
    /// With a delay: block and sensor in series, as in a hotend.
    Second,
}

/// A kind of heater in one direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeaterPrior {
    /// Its speed once everything has warmed through.
    pub law: Law,
    /// By how much the logarithm of the rate is higher at the start, while heater and sensor
    /// are warm and what they carry (plate, glass, block) is not yet.
    pub soak_boost: f64,
    /// Seconds in which that fades to 1/e.
    pub soak_tau: f64,
    /// Seconds by which the measured temperature trails behind.
    pub lag: f64,
    /// How it does so.
    pub order: Order,
    /// What the controller's throttling before the target costs in all, in seconds.
    pub taper_cost: f64,
    /// How many seconds before the target it sets in.
    pub taper_reach: f64,
    /// Over which rise, in °C, the controller throttles half as much as what it is known to over a long one:
    /// a heater that was hot just before needs no winding up. 0 where that was not found.
    pub taper_rise: f64,
    /// From how many °C before the target on the controller may throttle, at most.
    pub throttled: f64,
    /// °C over which the tilt of the rate curve is measured.
    pub span: f64,
    /// °C at which its level is measured: the middle of what heaters of this kind do.
    pub reference: f64,
    /// Fewest seconds between two breakpoints of a trajectory. Shorter is all noise, longer is
    /// late.
    pub spacing: f64,
    /// Width of the bins of a learned curve, in °C.
    pub bin: f64,
    /// Spread of the logarithm of the rate between printers.
    pub level_sd: f64,
    /// Spread of its tilt, per span.
    pub tilt_sd: f64,
    /// Seconds of readings that the present temperature is averaged from.
    pub smoothing: f64,
    /// For how many seconds a slope is fresh evidence, at least.
    pub recent: f64,
    /// Within how many °C another start is a similar one.
    pub kernel: f64,
    /// Additional spread where no similar start has been seen.
    pub far: f64,
    /// Within how many °C the start of another transient is similar.
    pub start_kernel: f64,
    /// Within how many °C its end is similar.
    pub end_kernel: f64,
    /// Spread of the logarithm of the duration from one transient to its repetition.
    pub repeat_sd: f64,
    /// By how much a live estimate gets less certain for each span that it is carried forward, in
    /// logarithms.
    pub ahead_sd: f64,
    /// Factor of the width of the 80 % interval: where spreads are claimed too large or too small.
    pub interval_width: f64,
}

/// For cooling: the power is off, so nothing throttles, and all of it cools together.
const OFF: HeaterPrior = HeaterPrior {
    law: Law::Cooling {
        rate: 0.6,
        power: 1.11,
    },
    soak_boost: 0.0,
    soak_tau: 1.0,
    lag: 3.4,
    order: Order::First,
    taper_cost: 0.0,
    taper_reach: 1.0,
    taper_rise: 0.0,
    throttled: 0.0,
    span: 60.0,
    reference: 150.0,
    spacing: 3.0,
    bin: 10.0,
    level_sd: 0.375,
    tilt_sd: 0.11,
    smoothing: 6.65,
    recent: 25.0,
    kernel: 40.0,
    far: 0.0435,
    start_kernel: 60.0,
    end_kernel: 15.0,
    repeat_sd: 0.08,
    ahead_sd: 0.03,
    interval_width: 1.1,
};

const TOOL_COOLING: HeaterPrior = OFF;

const BED_COOLING: HeaterPrior = HeaterPrior {
    law: Law::Cooling {
        rate: 0.18,
        power: 1.13,
    },
    lag: 13.1,
    span: 20.0,
    reference: 60.0,
    spacing: 8.0,
    bin: 4.0,
    level_sd: 0.6,
    tilt_sd: 0.2,
    smoothing: 28.9,
    recent: 67.5,
    kernel: 12.0,
    start_kernel: 20.0,
    end_kernel: 8.0,
    repeat_sd: 0.1,
    ahead_sd: 0.06,
    interval_width: 1.7,
    ..OFF
};

const CHAMBER_COOLING: HeaterPrior = HeaterPrior {
    law: Law::Cooling {
        rate: 0.06,
        power: 1.2,
    },
    lag: 40.0,
    span: 8.0,
    reference: 40.0,
    spacing: 20.0,
    bin: 2.0,
    level_sd: 0.9,
    tilt_sd: 0.3,
    smoothing: 20.0,
    recent: 240.0,
    kernel: 8.0,
    start_kernel: 20.0,
    end_kernel: 8.0,
    repeat_sd: 0.12,
    ahead_sd: 0.1,
    interval_width: 1.0,
    ..OFF
};

const TOOL_HEATING: HeaterPrior = HeaterPrior {
    law: Law::Heating {
        rate: 4.2,
        scale: 330.0,
    },
    soak_boost: 0.3,
    soak_tau: 45.4,
    lag: 4.2,
    order: Order::Second,
    taper_cost: 2.6,
    taper_reach: 1.4,
    taper_rise: 0.0,
    throttled: 20.0,
    span: 60.0,
    reference: 150.0,
    spacing: 1.5,
    bin: 10.0,
    level_sd: 0.45,
    tilt_sd: 0.072,
    smoothing: 2.5,
    recent: 7.2,
    kernel: 40.0,
    far: 0.1,
    start_kernel: 75.0,
    end_kernel: 25.0,
    repeat_sd: 0.045,
    ahead_sd: 0.08,
    interval_width: 0.7,
};

const BED_HEATING: HeaterPrior = HeaterPrior {
    law: Law::Heating {
        rate: 0.27,
        scale: 93.1,
    },
    soak_boost: 0.734,
    soak_tau: 159.0,
    lag: 4.6,
    order: Order::First,
    taper_cost: 9.5,
    taper_reach: 6.38,
    taper_rise: 8.0,
    throttled: 8.0,
    span: 25.0,
    reference: 60.0,
    spacing: 3.0,
    bin: 4.0,
    level_sd: 0.9,
    tilt_sd: 0.104,
    smoothing: 5.75,
    recent: 9.5,
    kernel: 17.6,
    far: 0.5,
    start_kernel: 30.0,
    end_kernel: 10.0,
    repeat_sd: 0.08,
    ahead_sd: 0.15,
    interval_width: 1.0,
};

const CHAMBER_HEATING: HeaterPrior = HeaterPrior {
    law: Law::Heating {
        rate: 0.1,
        scale: 30.0,
    },
    soak_boost: 0.8,
    soak_tau: 300.0,
    lag: 20.0,
    order: Order::First,
    taper_cost: 20.0,
    taper_reach: 30.0,
    taper_rise: 0.0,
    throttled: 8.0,
    span: 12.0,
    reference: 40.0,
    spacing: 10.0,
    bin: 2.0,
    level_sd: 0.9,
    tilt_sd: 0.3,
    smoothing: 10.0,
    recent: 80.0,
    kernel: 8.0,
    far: 0.0435,
    start_kernel: 20.0,
    end_kernel: 8.0,
    repeat_sd: 0.12,
    ahead_sd: 0.1,
    interval_width: 1.0,
};

impl HeaterPrior {
    /// The prior of `heater`; one of unknown kind is treated as a bed.
    #[must_use]
    pub fn of(heater: &HeaterId, heating: bool) -> &'static Self {
        match (heater, heating) {
            (HeaterId::Tool(_), true) => &TOOL_HEATING,
            (HeaterId::Tool(_), false) => &TOOL_COOLING,
            (HeaterId::Bed | HeaterId::Custom(_), true) => &BED_HEATING,
            (HeaterId::Bed | HeaterId::Custom(_), false) => &BED_COOLING,
            (HeaterId::Chamber, true) => &CHAMBER_HEATING,
            (HeaterId::Chamber, false) => &CHAMBER_COOLING,
        }
    }
}

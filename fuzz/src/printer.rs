//! The whole calculation: sessions of a printer, a page and other plugins that do what they
//! like.

use arbitrary::{Arbitrary, Unstructured};
use temp_eta::core::Printer;
use temp_eta::core::heater::{HeaterState, StateUpdate};
use temp_eta::core::input::{
    Field, HeaterId, HostTime, Message, Profile, Progress, Reading, Row, ServerTime,
};
use temp_eta::core::model::{Estimate, Estimator, EstimatorInput, Reason, Remaining};

use crate::page;

mod step;

use step::{AgedRow, Number, Step, Value};

/// Longest session, in steps: a fuzzer's input ends sooner.
const MAX_STEPS: usize = 400;

/// Names that a heater may be called by, and some that nothing should be called by.
const NAMES: [&str; 12] = [
    "tool0",
    "tool1",
    "bed",
    "chamber",
    "tool255",
    "tool256",
    "W",
    "",
    "__proto__",
    "constructor",
    "time",
    "ä\u{0}/\u{202e}",
];

/// A plugin algorithm's name.
const ALGORITHM: &str = "my_plugin.wild";

/// Another plugin's algorithm that returns anything.
struct Wild(f64);

impl Estimator for Wild {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        let count = u32::try_from(input.history.len()).map_or(0.0, f64::from);
        if self.0 < -100.0 {
            return Err(Reason::Measuring);
        }
        let spread = (self.0 > 100.0).then_some(self.0);
        Ok(Remaining {
            seconds: self.0 * count,
            spread,
        })
    }
}

/// A printer, its two clocks, and what its heaters have got to.
struct Session {
    printer: Printer,
    server: f64,
    local: f64,
    actual: [f64; NAMES.len()],
    sent: Vec<Row>,
    stored: Vec<StateUpdate>,
}

/// Lets the calculation follow the session that `data` says.
///
/// # Panics
///
/// If a snapshot has what is neither true nor honestly blank, if more is kept than may be, or
/// if what was stored cannot be read.
pub fn run(data: &[u8]) {
    let mut session = Session {
        printer: Printer::with_graphs(),
        server: 1.8e9,
        local: 0.0,
        actual: [21.0; NAMES.len()],
        sent: Vec::new(),
        stored: Vec::new(),
    };
    let mut data = Unstructured::new(data);
    for _ in 0..MAX_STEPS {
        if data.is_empty() {
            break;
        }
        let Ok(step) = Step::arbitrary(&mut data) else {
            break;
        };
        session.take(step);
        page::check(&session.printer, session.local);
    }
    page::check(&session.printer, session.local + 30.0);
}

impl Session {
    fn take(&mut self, step: Step) {
        match step {
            Step::Run {
                heater,
                target,
                slope,
                reports,
                every,
            } => {
                for _ in 0..reports {
                    self.report(heater, f64::from(target), f64::from(slope) / 16.0, every);
                }
            }
            Step::Message {
                step,
                elapsed,
                rows,
                operational,
                job,
            } => {
                self.server += step.value();
                self.pass(elapsed.value());
                let rows = rows.into_iter().map(|AgedRow { age, readings }| Row {
                    time: ServerTime((self.server - age.value()).floor()),
                    readings: readings.into_iter().map(reading).collect(),
                });
                let job = job.map(|(printing, position)| Progress {
                    printing,
                    position: position.map(Number::value),
                });
                self.ingest(Message {
                    server_time: ServerTime(self.server),
                    operational,
                    job,
                    rows: rows.collect(),
                });
                if !self.server.is_finite() {
                    self.server = 1.8e9;
                }
            }
            Step::TooMany {
                forties,
                actual,
                target,
            } => {
                let count = 40 * u16::from(forties);
                self.ingest(Message {
                    server_time: ServerTime(self.server),
                    operational: Some(true),
                    job: None,
                    rows: vec![Row {
                        time: ServerTime(self.server.floor()),
                        readings: (0..count).map(|it| junk(it, actual, target)).collect(),
                    }],
                });
            }
            Step::Again { step } => {
                let sent = std::mem::take(&mut self.sent);
                let server_time = ServerTime(self.server + step.value());
                self.ingest(Message {
                    server_time,
                    operational: Some(true),
                    job: None,
                    rows: sent,
                });
            }
            Step::Configure(wishes) => self.printer.configure(wishes.settings()),
            Step::SetProfile {
                tools,
                bed,
                chamber,
            } => {
                self.printer.set_profile(Profile {
                    tools,
                    bed,
                    chamber,
                });
            }
            Step::Load { heater, changed } => self.load(heater, &changed),
            Step::Forget => self.printer.forget(),
            Step::Register { says } => {
                let known = self
                    .printer
                    .register(ALGORITHM, Box::new(Wild(says.value())));
                assert!(known.is_ok(), "there is room for one");
            }
            Step::Unregister => self.printer.unregister(ALGORITHM),
            Step::Sleep(time) => self.pass(time.value()),
        }
    }

    /// The page's own clock neither stands nor leaps to the end of time.
    fn pass(&mut self, time: f64) {
        let later = self.local + time.abs();
        if later < 1e9 {
            self.local = later;
        }
    }

    fn report(&mut self, heater: u8, target: f64, slope: f64, every: u8) {
        let heater = usize::from(heater) % NAMES.len();
        let every = f64::from(every % 16) / 2.0;
        self.server += every;
        self.local += every;
        self.actual[heater] = (self.actual[heater] + slope).clamp(-60.0, 1000.0);
        let row = Row {
            time: ServerTime(self.server.floor()),
            readings: vec![Reading {
                heater: HeaterId::parse(NAMES[heater]),
                actual: Field::Number(self.actual[heater]),
                target: Field::Number(target * 2.0),
            }],
        };
        self.ingest(Message {
            server_time: ServerTime(self.server),
            operational: Some(true),
            job: None,
            rows: vec![row],
        });
    }

    fn ingest(&mut self, message: Message) {
        let small = |row: &&Row| row.readings.len() < 40;
        let rows = message.rows.iter().filter(small).cloned();
        self.sent.extend(rows);
        let old = self.sent.len().saturating_sub(300);
        self.sent.drain(..old);
        self.printer.ingest(message, HostTime(self.local));
        for update in self.printer.state_updates() {
            let numbers = update.state.numbers();
            let read = HeaterState::from_numbers(&numbers);
            let read = read.unwrap_or_else(|| panic!("cannot be read: {numbers:?}"));
            assert_eq!(read.numbers(), numbers, "is another when it was read");
            self.stored.push(update);
        }
        let old = self.stored.len().saturating_sub(8);
        self.stored.drain(..old);
        let _ = self.printer.events();
    }

    fn load(&mut self, heater: u8, changed: &[(u8, Number)]) {
        let heater = NAMES[usize::from(heater) % NAMES.len()];
        let Some(heater) = HeaterId::parse(heater) else {
            return;
        };
        let mut numbers = self.stored.last().map_or_else(
            || HeaterState::default().numbers(),
            |update| update.state.numbers(),
        );
        let count = numbers.len();
        for (index, (place, number)) in changed.iter().enumerate() {
            // From either end in turn: what is written last is further than a byte from the start.
            let place = usize::from(*place) % count;
            let place = if index % 2 == 0 {
                place
            } else {
                count - 1 - place
            };
            numbers[place] = number.value();
        }
        if let Some(state) = HeaterState::from_numbers(&numbers) {
            self.printer.replace_state(&heater, state);
        }
    }
}

fn junk(number: u16, actual: Value, target: Value) -> Reading {
    Reading {
        heater: HeaterId::parse(&format!("junk {number}")),
        actual: actual.into(),
        target: target.into(),
    }
}

fn reading((heater, actual, target): (u8, Value, Value)) -> Reading {
    let name = NAMES.get(usize::from(heater) % (NAMES.len() + 1));
    // One more: names without end.
    let heater = name.map_or_else(
        || HeaterId::parse(&"x".repeat(100)),
        |name| HeaterId::parse(name),
    );
    Reading {
        heater,
        actual: actual.into(),
        target: target.into(),
    }
}

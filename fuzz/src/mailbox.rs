//! The decoding of the server's binding: any numbers in its mailbox, any count of them, any call.

use arbitrary::{Arbitrary, Unstructured};
use temp_eta::bindings::server;
use temp_eta::core::input::same;
use temp_eta::core::model::Reason;

/// Longest session, in calls.
const MAX_CALLS: usize = 200;

/// Numbers per heater in a snapshot.
const ROW: usize = 11;
const EVENT: usize = 7;

/// A call of the host, with its numbers.
#[derive(Arbitrary, Debug)]
struct Call {
    what: What,
    numbers: Vec<Number>,
    /// The host passes another count than it has written.
    count: Option<u16>,
}

#[derive(Arbitrary, Debug)]
enum What {
    Configure,
    SetProfile,
    Load,
    /// What was written last by `eta_taught`, as it is.
    LoadUpdate,
    Ingest,
    /// Plausible messages, so that there are heaters to show.
    Report {
        heater: u16,
        target: u8,
        /// Sixteenths of a degree from one report to the next.
        slope: i8,
        reports: u8,
    },
    StateUpdate(u8),
    Snapshot,
    Printer,
    Events,
}

/// A number that matters in some place, or any at all.
#[derive(Arbitrary, Debug, Clone, Copy)]
enum Number {
    Whole(u8),
    Heater(u16),
    /// Seconds around now.
    Time(i8),
    Celsius(i16),
    Any(f64),
    Nothing,
    Junk,
}

impl Number {
    fn value(self) -> f64 {
        match self {
            Self::Whole(number) => f64::from(number),
            Self::Heater(number) => f64::from(number % 300),
            Self::Time(seconds) => 1.8e9 + f64::from(seconds),
            Self::Celsius(sixteenths) => f64::from(sixteenths) / 16.0,
            Self::Any(number) => number,
            Self::Nothing => f64::NAN,
            Self::Junk => f64::INFINITY,
        }
    }
}

/// Lets a host call as `data` says.
///
/// # Panics
///
/// If a call writes or says what it may not.
pub fn run(data: &[u8]) {
    // State is per thread: every input begins anew.
    let host = std::thread::scope(|scope| scope.spawn(|| host(data)).join());
    assert!(host.is_ok(), "a call panicked");
}

fn host(data: &[u8]) {
    let mut data = Unstructured::new(data);
    let mut update = Vec::new();
    let (mut second, mut celsius) = (0.0, 21.0_f64);
    for _ in 0..MAX_CALLS {
        if data.is_empty() {
            break;
        }
        let Ok(Call {
            what,
            numbers,
            count,
        }) = Call::arbitrary(&mut data)
        else {
            break;
        };
        let written = write(&numbers.iter().map(|it| it.value()).collect::<Vec<_>>());
        let count = count.map_or(written, usize::from);
        match what {
            What::Configure => assert!(server::eta_configure(count) <= 1),
            What::SetProfile => assert!(server::eta_equip(count) <= 1),
            What::Load => assert!(server::eta_recall(count) <= 1),
            What::LoadUpdate => {
                if !update.is_empty() {
                    let written = write(&update);
                    assert_eq!(
                        server::eta_recall(written),
                        1,
                        "its own numbers: {update:?}"
                    );
                }
            }
            What::Ingest => assert!(server::eta_ingest(count) <= 32),
            What::Report {
                heater,
                target,
                slope,
                reports,
            } => {
                for _ in 0..reports {
                    second += 2.0;
                    celsius = (celsius + f64::from(slope) / 16.0).clamp(-60.0, 1000.0);
                    let reading = [f64::from(heater % 300), celsius, 2.0 * f64::from(target)];
                    let time = 1.8e9 + second;
                    let said = [time, second, 1.0, f64::NAN, f64::NAN, time.floor(), 1.0];
                    let count = server::eta_ingest(write(&[&said[..], &reading[..]].concat()));
                    assert!(count <= 32);
                    if count > 0 {
                        update = update_at(0);
                    }
                }
            }
            What::StateUpdate(index) => {
                let said = update_at(usize::from(index));
                if !said.is_empty() {
                    update = said;
                }
            }
            What::Snapshot => check(&read(server::eta_snapshot(second))),
            What::Printer => check_printer(&read(server::eta_printer(second))),
            What::Events => check_events(&read(server::eta_events())),
        }
    }
    check(&read(server::eta_snapshot(second)));
}

fn update_at(index: usize) -> Vec<f64> {
    let said = read(server::eta_taught(index));
    assert!(said.iter().all(|number| number.is_finite()), "{said:?}");
    said
}

/// The numbers of each heater are finite, and never negative.
fn check(said: &[f64]) {
    let (rows, rest) = said.as_chunks::<ROW>();
    assert!(rest.is_empty() && rows.len() <= 32, "{said:?}");
    for row in rows {
        let [
            heater,
            phase,
            actual,
            target,
            goal,
            remaining,
            low,
            high,
            reason,
            rate,
            soak,
        ] = *row;
        assert!((0.0..=1_114_111.0).contains(&heater), "{row:?}");
        assert!((0.0..8.0).contains(&phase), "{row:?}");
        let implausible = same(reason, f64::from(Reason::Implausible as u8));
        assert!(implausible || (-10.0..=600.0).contains(&actual), "{row:?}");
        assert!((0.0..=600.0).contains(&target), "{row:?}");
        assert!(goal.is_nan() || goal.is_finite(), "{row:?}");
        assert_ne!(remaining.is_nan(), reason.is_nan(), "{row:?}");
        assert!(
            remaining.is_nan() || (0.0..=86_400.0).contains(&remaining),
            "{row:?}"
        );
        assert_eq!(low.is_nan(), high.is_nan(), "{row:?}");
        assert!(
            low.is_nan() || (low >= 0.0 && high >= low && high.is_finite()),
            "{row:?}"
        );
        assert!(rate.is_nan() || rate.is_finite(), "{row:?}");
        assert!((0.0..=14_400.0).contains(&soak), "{row:?}");
    }
}

/// What the print job does, and the printer's line if there is one.
fn check_printer(said: &[f64]) {
    let (&job, line) = said.split_first().expect("what a job is doing");
    assert!((0.0..4.0).contains(&job), "{said:?}");
    if let [phase, remaining, reason, without @ ..] = line {
        assert!((0.0..8.0).contains(phase), "{said:?}");
        assert_ne!(remaining.is_nan(), reason.is_nan(), "{said:?}");
        assert!(remaining.is_nan() || *remaining >= 0.0, "{said:?}");
        assert!(without.iter().all(|it| it.is_finite()), "{said:?}");
    } else {
        assert!(line.is_empty(), "{said:?}");
    }
}

/// Each event is of a heater, with numbers, or of the printer.
fn check_events(said: &[f64]) {
    let (events, rest) = said.as_chunks::<EVENT>();
    assert!(rest.is_empty(), "{said:?}");
    for event in events {
        let [kind, heater, actual, target, time, duration, predicted] = *event;
        assert!((0.0..5.0).contains(&kind) && time.is_finite(), "{event:?}");
        let whole = heater.is_nan();
        assert_eq!(actual.is_nan() && target.is_nan(), whole, "{event:?}");
        assert!(duration.is_nan() || duration >= 0.0, "{event:?}");
        assert!(predicted.is_nan() || predicted.is_finite(), "{event:?}");
    }
}

/// Writes `numbers` into the mailbox, as many as it holds, and returns their count.
fn write(numbers: &[f64]) -> usize {
    let count = numbers.len().min(server::eta_capacity());
    let mailbox = server::eta_mailbox().cast_mut();
    // SAFETY: the mailbox holds eta_capacity() numbers, and this thread alone has it.
    unsafe { std::ptr::copy_nonoverlapping(numbers.as_ptr(), mailbox, count) };
    count
}

fn read(count: usize) -> Vec<f64> {
    assert!(count <= server::eta_capacity());
    // SAFETY: as above.
    unsafe { std::slice::from_raw_parts(server::eta_mailbox(), count) }.to_vec()
}

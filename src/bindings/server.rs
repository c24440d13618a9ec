//! OctoPrint's server: plain functions and numbers, for any host that runs wasm. The module
//! imports nothing.
//!
//! ```text
//! the host writes numbers into the mailbox, calls with their count -> decode, call the core
//! the host reads as many as the call returns                       <- encode the result
//! ```
//!
//! The mailbox is one array of `f64`. NaN stands for what there is not, infinity for what should
//! be a number and is none, 1 for true. Heaters are numbers: `tool0` is 0, the bed 256, the
//! chamber 257, and from 258 on they are those that the host has named so. The other side is
//! `octoprint_temp_eta/calculation/core_abi.py`.

use std::cell::RefCell;

use crate::core::Printer;
use crate::core::heater::{HeaterRow, HeaterState, StateUpdate};
use crate::core::input::{
    Field, HeaterId, HostTime, Message, Profile, Progress, Reading, Row, ServerTime,
};
use crate::core::model::Reason;
use crate::core::output::{Event, PrinterRow};
use crate::core::settings::Settings;

/// Version of all that is agreed on with the host: names of functions, order and meaning of
/// numbers.
const ABI: u32 = 5;

/// How many numbers the mailbox holds: the state of a heater, or some minutes of readings.
const CAPACITY: usize = 4096;

const BED: u32 = 256;
const CHAMBER: u32 = 257;
const FIRST_NAMED: u32 = 258;

#[derive(Default)]
struct Server {
    printer: Printer,
    updates: Vec<StateUpdate>,
}

thread_local! {
    static MAILBOX: RefCell<[f64; CAPACITY]> = const { RefCell::new([0.0; CAPACITY]) };
    static SERVER: RefCell<Server> = RefCell::default();
}

/// The version of this form; a host that knows another one must not go on.
#[unsafe(no_mangle)]
pub extern "C" fn eta_abi() -> u32 {
    ABI
}

/// Where in the module's memory the mailbox begins.
#[unsafe(no_mangle)]
pub extern "C" fn eta_mailbox() -> *const f64 {
    MAILBOX.with(|mailbox| mailbox.as_ptr().cast())
}

/// How many numbers it holds.
#[unsafe(no_mangle)]
pub extern "C" fn eta_capacity() -> usize {
    CAPACITY
}

/// Takes the settings, all of them, in alphabetical order; see `settings`. 0 if they are not.
#[unsafe(no_mangle)]
pub extern "C" fn eta_configure(count: usize) -> u32 {
    done(receive(count, settings).map(|settings| with(|it| it.printer.configure(settings))))
}

/// Takes a printer profile: number of tools, whether there are a bed and a chamber. 0 if it is
/// none.
#[unsafe(no_mangle)]
pub extern "C" fn eta_equip(count: usize) -> u32 {
    done(receive(count, profile).map(|profile| with(|it| it.printer.set_profile(profile))))
}

/// Takes what the owner has decided: for each heater its number, and whether it is counted. 0 if
/// it is none.
#[unsafe(no_mangle)]
pub extern "C" fn eta_choose(count: usize) -> u32 {
    done(receive(count, choices).map(|choices| with(|it| it.printer.set_choices(choices))))
}

/// Takes the stored state of a heater: its number, then what [`eta_taught`] wrote. 0 if that is
/// implausible.
#[unsafe(no_mangle)]
pub extern "C" fn eta_recall(count: usize) -> u32 {
    let state = receive(count, |numbers| {
        let heater = heater(numbers.next()?)?;
        Some((heater, HeaterState::from_numbers(numbers.rest())?))
    });
    done(state.map(|(heater, state)| with(|it| it.printer.replace_state(&heater, state))))
}

/// Forgets everything learned, from all heaters. The host stores nothing of it.
#[unsafe(no_mangle)]
pub extern "C" fn eta_forget() {
    with(|it| it.printer.forget());
}

/// Takes a message, in the order of `message`, and returns how many heaters have learned
/// something from it.
#[unsafe(no_mangle)]
pub extern "C" fn eta_ingest(count: usize) -> usize {
    let message = receive(count, message);
    with(|it| {
        if let Some((message, local)) = message {
            it.printer.ingest(message, HostTime(local));
        }
        it.updates = it.printer.state_updates();
        it.updates.len()
    })
}

/// Writes the new state of one of them: its number, then numbers to be stored.
#[unsafe(no_mangle)]
pub extern "C" fn eta_taught(index: usize) -> usize {
    let update = with(|it| {
        let update = it.updates.get(index)?;
        Some((number(&update.heater), update.state.numbers()))
    });
    let numbers = update
        .into_iter()
        .flat_map(|(heater, state)| std::iter::once(heater).chain(state));
    send(numbers)
}

/// Writes the snapshot at `local` seconds of the host's own elapsed time: for each
/// heater the numbers of `row`.
#[unsafe(no_mangle)]
pub extern "C" fn eta_snapshot(local: f64) -> usize {
    let snapshot = with(|it| it.printer.snapshot(HostTime(local)));
    send(snapshot.heaters.iter().flat_map(row))
}

/// Writes what a print job is doing at `local`, by its place in `JobPhase`; and, if there is a row
/// of the printer as a whole, the numbers of `printer_row`.
#[unsafe(no_mangle)]
pub extern "C" fn eta_printer(local: f64) -> usize {
    let now = HostTime(local);
    let (job, row) = with(|it| (it.printer.job(now), it.printer.snapshot(now).printer));
    let job = f64::from(job as u8);
    send(std::iter::once(job).chain(row.iter().flat_map(printer_row)))
}

/// Writes what has happened since the last call: for each event the numbers of `event`.
#[unsafe(no_mangle)]
pub extern "C" fn eta_events() -> usize {
    let events = with(|it| it.printer.events());
    send(events.iter().flat_map(event))
}

/// The numbers of [`Settings::from_numbers`].
fn settings(numbers: &mut Numbers<'_>) -> Option<Settings> {
    Some(Settings::from_numbers(numbers.rest().try_into().ok()?))
}

fn profile(numbers: &mut Numbers<'_>) -> Option<Profile> {
    Some(Profile {
        tools: u8::try_from(index(numbers.next()?)?).ok()?,
        bed: flag(numbers.next()?),
        chamber: flag(numbers.next()?),
    })
}

fn choices(numbers: &mut Numbers<'_>) -> Option<Vec<(HeaterId, bool)>> {
    let mut choices = Vec::new();
    while let Some(number) = numbers.next() {
        choices.push((heater(number)?, flag(numbers.next()?)));
    }
    Some(choices)
}

/// Server time and the host's own elapsed time in seconds; whether a printer is connected;
/// whether a job is under way, and how far its file has been read in bytes; then row by row its
/// time, how many heaters it has, and for each the number, `actual` and `target`.
fn message(numbers: &mut Numbers<'_>) -> Option<(Message, f64)> {
    let (server_time, local) = (ServerTime(numbers.next()?), numbers.next()?);
    let operational = given(numbers.next()?).map(flag);
    let (printing, position) = (given(numbers.next()?), given(numbers.next()?));
    let job = printing.map(|printing| Progress {
        printing: flag(printing),
        position,
    });
    let mut rows = Vec::new();
    while let Some(time) = numbers.next() {
        let count = index(numbers.next()?)?;
        let readings: Option<_> = (0..count).map(|_| reading(numbers)).collect();
        rows.push(Row {
            time: ServerTime(time),
            readings: readings?,
        });
    }
    let message = Message {
        server_time,
        operational,
        job,
        rows,
    };
    Some((message, local))
}

fn reading(numbers: &mut Numbers<'_>) -> Option<Reading> {
    Some(Reading {
        heater: heater(numbers.next()?),
        actual: field(numbers.next()?),
        target: field(numbers.next()?),
    })
}

/// Number, phase, actual, target, goal, remaining, both ends of the interval, reason, rate, soak;
/// the phase and the reason by their place in their enums.
fn row(row: &HeaterRow) -> [f64; 11] {
    let [low, high] = row.interval.unwrap_or([f64::NAN; 2]);
    [
        number(&row.heater),
        f64::from(row.phase as u8),
        row.actual,
        row.target,
        or_none(row.goal),
        or_none(row.remaining),
        low,
        high,
        code(row.reason),
        or_none(row.rate),
        row.soak,
    ]
}

/// Phase, remaining, reason, and the number of each heater whose time is not known.
fn printer_row(row: &PrinterRow) -> impl Iterator<Item = f64> {
    let head = [
        f64::from(row.phase as u8),
        or_none(row.remaining),
        code(row.reason),
    ];
    head.into_iter().chain(row.without.iter().map(number))
}

/// Kind by its place in its enum, number of the heater, actual, target, time, duration, predicted.
fn event(event: &Event) -> [f64; 7] {
    [
        f64::from(event.kind as u8),
        event.heater.as_ref().map_or(f64::NAN, number),
        event.actual,
        event.target,
        event.time,
        or_none(event.duration),
        or_none(event.predicted),
    ]
}

fn or_none(number: Option<f64>) -> f64 {
    number.unwrap_or(f64::NAN)
}

fn code(reason: Option<Reason>) -> f64 {
    or_none(reason.map(|reason| f64::from(reason as u8)))
}

/// Numbers of the mailbox that have not been read yet.
struct Numbers<'a>(std::slice::Iter<'a, f64>);

impl Numbers<'_> {
    fn next(&mut self) -> Option<f64> {
        self.0.next().copied()
    }

    fn rest(&mut self) -> &[f64] {
        std::mem::take(&mut self.0).as_slice()
    }
}

/// What the first `count` numbers of the mailbox say, all of them; `None` if they are not of
/// that form.
fn receive<T>(count: usize, decode: impl FnOnce(&mut Numbers<'_>) -> Option<T>) -> Option<T> {
    MAILBOX.with_borrow(|mailbox| {
        let mut numbers = Numbers(mailbox.get(..count)?.iter());
        let decoded = decode(&mut numbers)?;
        numbers.next().is_none().then_some(decoded)
    })
}

/// Writes numbers into the mailbox, as many as it holds, and returns their count.
fn send(numbers: impl Iterator<Item = f64>) -> usize {
    MAILBOX.with_borrow_mut(|mailbox| {
        let places = mailbox.iter_mut().zip(numbers);
        places.map(|(place, number)| *place = number).count()
    })
}

fn with<T>(work: impl FnOnce(&mut Server) -> T) -> T {
    SERVER.with_borrow_mut(work)
}

fn done(outcome: Option<()>) -> u32 {
    u32::from(outcome.is_some())
}

/// The heater with a number; what the host has named has that character for a name in here.
fn heater(number: f64) -> Option<HeaterId> {
    let number = u32::try_from(index(number)?).ok()?;
    Some(match number {
        BED => HeaterId::Bed,
        CHAMBER => HeaterId::Chamber,
        FIRST_NAMED.. => {
            let name = char::from_u32(number)?;
            HeaterId::Custom(name.encode_utf8(&mut [0; 4]).to_owned().into_boxed_str())
        }
        _ => HeaterId::Tool(u8::try_from(number).ok()?),
    })
}

fn number(heater: &HeaterId) -> f64 {
    let number = match heater {
        HeaterId::Tool(index) => u32::from(*index),
        HeaterId::Bed => BED,
        HeaterId::Chamber => CHAMBER,
        HeaterId::Custom(name) => name.chars().next().map_or(FIRST_NAMED, u32::from),
    };
    f64::from(number)
}

fn field(number: f64) -> Field {
    if number.is_nan() {
        Field::Absent
    } else if number.is_finite() {
        Field::Number(number)
    } else {
        Field::Junk
    }
}

fn given(number: f64) -> Option<f64> {
    Some(number).filter(|number| !number.is_nan())
}

fn flag(number: f64) -> bool {
    number > 0.0
}

/// `number` as a count or a place, if it is one.
fn index(number: f64) -> Option<usize> {
    let whole = (0.0..f64::from(u32::MAX)).contains(&number) && number.fract() == 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number in range"
    )]
    let index = number as usize;
    whole.then_some(index)
}

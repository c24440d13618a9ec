use super::*;
use crate::core::input::HeaterId;

fn row(target: f64, goal: Option<f64>, remaining: Result<f64, Reason>) -> HeaterRow {
    HeaterRow {
        heater: HeaterId::Bed,
        phase: Phase::Heating,
        actual: 55.0,
        target,
        goal,
        remaining: remaining.ok(),
        interval: None,
        reason: remaining.err(),
        rate: None,
        progress: Some(0.5),
    }
}

fn printer(rows: &[HeaterRow]) -> Option<(Phase, Result<f64, Reason>)> {
    PrinterRow::of(rows).map(|row| (row.phase, row.remaining.ok_or_else(|| row.reason.unwrap())))
}

#[test]
fn the_printer_waits_for_the_last_target() {
    let (bed, tool) = (
        row(60.0, Some(60.0), Ok(90.0)),
        row(200.0, Some(200.0), Ok(40.0)),
    );
    let off = row(0.0, Some(50.0), Ok(500.0));
    let there = row(60.0, None, Err(Reason::NoGoal));
    let near = row(60.0, Some(60.0), Err(Reason::NearTarget));
    let ready = Some((Phase::Heating, Ok(90.0)));
    assert_eq!(printer(&[bed.clone(), tool.clone()]), ready);
    assert_eq!(printer(&[bed.clone(), tool.clone(), off.clone()]), ready);
    assert_eq!(printer(&[bed.clone(), off.clone()]), ready);
    assert_eq!(
        printer(&[bed.clone(), there]),
        None,
        "one alone is its own row"
    );
    assert_eq!(printer(&[bed.clone(), near]), None);
    let disabled = tool.clone().kept_back(Reason::Disabled);
    assert_eq!(printer(&[bed.clone(), disabled.clone()]), None);
    assert_eq!(
        printer(&[disabled, off.clone(), off.clone()]),
        None,
        "not all of it cools down"
    );
    assert_eq!(
        printer(&[off.clone(), off.clone()]),
        Some((Phase::Cooling, Ok(500.0)))
    );
    let holding = row(200.0, None, Err(Reason::NoGoal));
    assert_eq!(
        printer(&[holding, off.clone(), off]),
        None,
        "not all of it cools down"
    );
    assert_eq!(printer(&[]), None);
}

#[test]
fn the_printer_does_not_know_what_one_heater_does_not() {
    let (bed, tool) = (
        row(60.0, Some(60.0), Ok(90.0)),
        row(200.0, Some(200.0), Err(Reason::Measuring)),
    );
    let unknown = Some((Phase::Heating, Err(Reason::Measuring)));
    assert_eq!(printer(&[bed, tool]), unknown);
}

#[test]
fn only_a_row_with_a_goal_has_a_time_to_keep_back() {
    let holding = row(60.0, None, Err(Reason::NoGoal));
    assert_eq!(holding.clone().kept_back(Reason::Printing), holding);
    let kept = row(60.0, Some(60.0), Ok(90.0)).kept_back(Reason::Printing);
    assert_eq!(
        (kept.remaining, kept.reason),
        (None, Some(Reason::Printing))
    );
}

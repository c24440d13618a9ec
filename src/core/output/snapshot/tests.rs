use super::*;

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
        soak: 0.0,
    }
}

fn printer(rows: &[HeaterRow]) -> Option<(Phase, Result<f64, Reason>)> {
    let row = PrinterRow::of(rows).filter(|row| !row.alone)?;
    Some((row.phase, row.remaining.ok_or_else(|| row.reason.unwrap())))
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
fn a_heater_without_a_time_is_left_out_and_named() {
    let bed = row(60.0, Some(60.0), Ok(90.0));
    let chamber = HeaterRow {
        heater: HeaterId::Chamber,
        ..row(45.0, Some(45.0), Err(Reason::NoProgress))
    };
    let without = |rows: &[HeaterRow]| PrinterRow::of(rows).unwrap().without;
    let rows = [bed.clone(), chamber.clone()];
    assert_eq!(printer(&rows), Some((Phase::Heating, Ok(90.0))));
    assert_eq!(without(&rows), [HeaterId::Chamber]);
    let too_long = row(200.0, Some(200.0), Err(Reason::TooLong));
    let rows = [bed, chamber.clone(), too_long];
    assert_eq!(
        printer(&rows),
        Some((Phase::Heating, Err(Reason::TooLong))),
        "the last one is known to be late"
    );
    assert_eq!(without(&rows), [HeaterId::Chamber]);
    let rows = [chamber.clone(), chamber];
    assert_eq!(
        printer(&rows),
        Some((Phase::Heating, Err(Reason::NoProgress)))
    );
    assert_eq!(without(&rows), []);
}

#[test]
fn a_printer_on_which_everything_cools_is_cooling_down_also_to_targets() {
    let cooling = |target: f64, remaining: f64| HeaterRow {
        phase: Phase::Cooling,
        ..row(target, Some(target.max(30.0)), Ok(remaining))
    };
    let (bed, tool) = (cooling(30.0, 280.0), cooling(0.0, 400.0));
    let rows = [bed.clone(), tool.clone()];
    assert_eq!(printer(&rows), Some((Phase::Cooling, Ok(400.0))));
    let heats = row(200.0, Some(200.0), Ok(40.0));
    let rows = [bed, tool, heats];
    assert_eq!(printer(&rows), Some((Phase::Heating, Ok(280.0))));
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

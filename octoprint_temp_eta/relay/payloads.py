"""What is published, as JSON that every parser takes: no NaN, null for what there is not.

Times are seconds since 1970, or to go; temperatures are °C.
"""

import json
from datetime import datetime, timezone

VERSION = 1

# A clock time that comes out a little differently with each reading would be news each
# time.
FINISH_STEP_S = 5

# What has a time, and what for.
KINDS = {"heating": "heating", "stalled": "heating", "cooling": "cooling"}


def eta(row, wall):
    """What is known of a heater (a `calculation.Row`) at `wall`."""
    kind = KINDS.get(row.phase)
    finish = None if row.remaining is None else wall + row.remaining
    return {
        "heater": row.heater,
        "eta_seconds": _rounded(row.remaining),
        "eta_kind": None if row.remaining is None else kind,
        "target": row.target,
        "actual": row.actual,
        "cooldown_target": row.goal if kind == "cooling" else None,
        "timestamp": round(wall, 3),
        "state": row.phase,
        "finish_at": None if finish is None else _clock_time(finish),
        "reason": row.reason,
        "source": "server",
        "v": VERSION,
    }


def nothing_known(heater, wall):
    """The same when the printer has gone, or the heater."""
    keys = ["eta_seconds", "eta_kind", "target", "actual", "cooldown_target"]
    return {
        "heater": heater,
        **dict.fromkeys(keys),
        "timestamp": round(wall, 3),
        **dict.fromkeys(["state", "finish_at", "reason"]),
        "source": "server",
        "v": VERSION,
    }


def state_change(row, before, wall):
    """A heater (a `calculation.Row`) does something else than `before`."""
    return {
        "heater": row.heater,
        "state": row.phase,
        "previous_state": before,
        "timestamp": round(wall, 3),
        "actual": row.actual,
        "target": row.target,
    }


def encoded(payload):
    """`payload` as one line of JSON.

    Raises `ValueError` for what JSON cannot say.
    """
    return json.dumps(payload, allow_nan=False, separators=(",", ":"))


def _rounded(seconds):
    return None if seconds is None else round(seconds, 1)


def _clock_time(wall):
    step = FINISH_STEP_S
    whole = int(wall / step + 0.5) * step
    return datetime.fromtimestamp(whole, timezone.utc).isoformat()

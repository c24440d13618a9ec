"""The JSON of all outlets. It contains no NaN; what is unknown is null.

Times are in s since 1970 or in s to go, temperatures in °C.
"""

import json
from datetime import datetime, timezone

from ..calculation.core_abi import Line

VERSION = 1

# The finish time is rounded to this, in s. Otherwise it would change with each reading.
FINISH_STEP_S = 5

# The kind of ETA in each phase that has one.
KINDS = {
    "heating": "heating",
    "stalled": "heating",
    "soaking": "soaking",
    "cooling": "cooling",
}

# The reason of a heater whose reading makes no sense. It is not published, so that nobody
# takes it for a temperature.
IMPLAUSIBLE = "implausible"

# The line of a printer that is not waited for.
IDLE = Line(phase=None, remaining=None, reason=None, without=[])


def eta(row, wall):
    """Return the payload for a heater (a `core_abi.Row`) at the time `wall`."""
    kind = KINDS.get(row.phase)
    return {
        "heater": row.heater,
        "eta_seconds": _rounded(row.remaining),
        "eta_kind": None if row.remaining is None else kind,
        "target": row.target,
        "actual": _actual(row),
        "cooldown_target": row.goal if kind == "cooling" else None,
        "timestamp": round(wall, 3),
        "state": row.phase,
        "finish_at": _finish_time(row.remaining, wall),
        "soak_seconds": _rounded(row.soak),
        "reason": row.reason,
        "source": "server",
        "v": VERSION,
    }


def printer(line, wall):
    """Return the payload for the whole printer (a `core_abi.Line`) at the time `wall`."""
    return {
        "eta_seconds": _rounded(line.remaining),
        "state": line.phase,
        "without": line.without,
        "timestamp": round(wall, 3),
        "finish_at": _finish_time(line.remaining, wall),
        "reason": line.reason,
        "source": "server",
        "v": VERSION,
    }


def idle_printer(wall):
    """Return the payload for a printer that is waited for no longer."""
    return printer(IDLE, wall)


def event(event, name):
    """Return the payload for a `core_abi.Event` of what has this `name`."""
    timestamp = round(event.at, 3)
    if event.heater is None:
        return {"name": name, "timestamp": timestamp}
    return {
        "heater": event.heater,
        "name": name,
        "actual": event.actual,
        "target": event.target,
        "duration": _rounded(event.duration),
        "predicted": _rounded(event.predicted),
        "timestamp": timestamp,
    }


def unknown(heater, wall):
    """Return the payload for a heater or printer that is gone."""
    keys = ["eta_seconds", "eta_kind", "target", "actual", "cooldown_target"]
    return {
        "heater": heater,
        **dict.fromkeys(keys),
        "timestamp": round(wall, 3),
        **dict.fromkeys(["state", "finish_at", "soak_seconds", "reason"]),
        "source": "server",
        "v": VERSION,
    }


def state_change(row, previous, wall):
    """Return the payload for a heater (a `core_abi.Row`) that left phase `previous`."""
    return {
        "heater": row.heater,
        "state": row.phase,
        "previous_state": previous,
        "timestamp": round(wall, 3),
        "actual": _actual(row),
        "target": row.target,
    }


def encode(payload):
    """Return `payload` as one line of JSON.

    Raises `ValueError` for NaN and infinity.
    """
    return json.dumps(payload, allow_nan=False, separators=(",", ":"))


def _actual(row):
    return None if row.reason == IMPLAUSIBLE else row.actual


def _rounded(seconds):
    return None if seconds is None else round(seconds, 1)


def _finish_time(remaining, wall):
    if remaining is None:
        return None
    step = FINISH_STEP_S
    whole = int((wall + remaining) / step + 0.5) * step
    return datetime.fromtimestamp(whole, timezone.utc).isoformat()

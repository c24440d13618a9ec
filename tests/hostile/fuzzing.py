"""Generated inputs for the server's side, and the search for one that fails.

A test calls `search` with a property, a function that takes generated inputs and asserts.
With TEMP_ETA_FUZZ, as `npm run fuzz` sets it, it searches for so many seconds and prints
how many inputs there were; otherwise it is a few inputs, the same each time.
"""

import os
import time

import hypothesis
from hypothesis import strategies as st

SECONDS = float(os.environ.get("TEMP_ETA_FUZZ") or 0)

# Inputs between two looks at the clock.
ROUND = 200

TEXTS = st.text(max_size=80) | st.sampled_from(
    ["", "#", "+/#", "\0", "\ud800", "null", "NaN", "tool0", "bed", "__proto__", "$SYS"]
)

NUMBERS = (
    st.integers()
    | st.floats()
    | st.sampled_from([-1, 0, 2**53, -(2**63), 10**400, 1e308, 5e-324])
)

SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS

# What json.loads makes of any text, NaN and infinity included.
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=15,
)


@st.composite
def nearly(draw, valid, others=ANYTHING):
    """Draw `valid` with any part of it replaced, left out or added.

    A part of `valid` may be a strategy itself.
    """
    what = draw(st.integers(0, 11))
    if what == 0:
        return draw(others)
    if isinstance(valid, st.SearchStrategy):
        return draw(valid)
    if isinstance(valid, dict):
        drawn = {key: draw(nearly(it, others)) for key, it in valid.items()}
        if what == 1:
            drawn[draw(TEXTS)] = draw(others)
        elif what == 2 and drawn:
            del drawn[draw(st.sampled_from(list(drawn)))]
        return drawn
    if isinstance(valid, list):
        drawn = [draw(nearly(it, others)) for it in valid]
        return drawn + draw(st.lists(others, max_size=3)) if what == 1 else drawn
    return valid


def search(check, *, examples, known=(), **inputs):
    """Call `check` with `known` inputs, which failed once, and with generated ones."""
    for case in known:
        check(**case)
    usual = {
        "deadline": None,
        "suppress_health_check": list(hypothesis.HealthCheck),
        "print_blob": True,
    }
    given = hypothesis.given(**inputs)
    if not SECONDS:
        how = hypothesis.settings(
            max_examples=examples, derandomize=True, database=None, **usual
        )
        how(given(check))()
        return
    count, end = 0, time.monotonic() + SECONDS
    how = hypothesis.settings(max_examples=ROUND, **usual)

    def counted(**case):
        nonlocal count
        count += 1
        check(**case)

    while time.monotonic() < end:
        how(given(counted))()
    print(f"\n{check.__qualname__.split('.')[0]}: {count} inputs")

"""What is accepted as settings, from the form and from OctoPrint's config.yaml."""

from .settings import DEFINITIONS, DERIVED, DESTINATION, SECRETS


def validate(data):
    """Split `data` from the form into accepted values and refused keys with reasons."""
    if not isinstance(data, dict):
        return {}, {"temp_eta": "must be settings with their values"}
    accepted, refused = {}, {}
    for key, value in data.items():
        definition = DEFINITIONS.get(key)
        try:
            if definition is None:
                if key not in DERIVED:
                    raise ValueError("is not a setting of this plugin")
            # None for a secret means unchanged: it is never sent to the browser.
            elif key not in SECRETS or value is not None:
                accept = getattr(definition, "accept", definition.check)
                accepted[key] = accept(value)
        except ValueError as error:
            refused[key] = str(error)
    return accepted, refused


def sends_password_elsewhere(new, stored):
    """Whether saving `new` would send the `stored` password to another broker."""
    moved = any(new.get(key, stored[key]) != stored[key] for key in DESTINATION)
    return moved and bool(stored["mqtt_password"]) and "mqtt_password" not in new


def sanitize(stored):
    """Split `stored` settings into usable values and refused keys with reasons.

    Unlike `validate`, this accepts unknown keys, and files that cannot be read now: their
    disk may return.
    """
    if not isinstance(stored, dict):
        return {}, {"temp_eta": "must be settings with their values"}
    usable, refused = {}, {}
    for key, value in stored.items():
        try:
            known = DEFINITIONS.get(key)
            usable[key] = known.check(value) if known else value
        except ValueError as error:
            refused[key] = str(error)
    return usable, refused


def describe(refused):
    """Return refused keys and reasons as one line for the log, without the values."""
    reasons = [
        f"{str(key)[:60]!r} {reason}" for key, reason in list(refused.items())[:20]
    ]
    if len(refused) > len(reasons):
        reasons.append(f"and {len(refused) - len(reasons)} more")
    return "; ".join(reasons)

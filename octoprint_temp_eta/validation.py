"""What is accepted as settings, from the form and from OctoPrint's config.yaml."""

from .settings import DEFAULTS, DEFINITIONS, DERIVED, DESTINATION, SECRETS, TOPICS


def validate(data, stored=DEFAULTS):
    """Split `data` from the form into accepted values and refused keys with reasons.

    `stored` are all settings as they are now: some values do not go together.
    """
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
    refused.update(_withdraw_topics(accepted, stored))
    return accepted, refused


def _withdraw_topics(values, others):
    """Remove topics from `values` that collide, also with `others`; return why."""
    base, prefix, discovers = (values.get(key, others[key]) for key in TOPICS)
    given = [key for key in TOPICS if key in values]
    if not given or not discovers or not f"{prefix}/".startswith(f"{base}/"):
        return {}
    for key in given:
        del values[key]
    return {"mqtt_discovery_prefix": DEFINITIONS["mqtt_discovery_prefix"].hint}


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
    refused.update(_withdraw_topics(usable, DEFAULTS))
    return usable, refused


def describe(refused):
    """Return refused keys and reasons as one line for the log, without the values."""
    reasons = [
        f"{str(key)[:60]!r} {reason}" for key, reason in list(refused.items())[:20]
    ]
    if len(refused) > len(reasons):
        reasons.append(f"and {len(refused) - len(reasons)} more")
    return "; ".join(reasons)

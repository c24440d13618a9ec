"""Heaters by OctoPrint's names for them, and what the owner has said about them.

The setting `heaters` is a list of dicts: `heater`, `counted`, and the owner's `name`,
which may be empty.
"""

# No printer has more tools; a number above is part of a custom name.
MAX_TOOLS = 256

# Longest name of a heater, in bytes of UTF-8.
MAX_NAME_BYTES = 64


def tool_index(heater):
    """Return the index of the tool that OctoPrint calls `heater`; None for others."""
    digits = heater[4:] if isinstance(heater, str) and heater.startswith("tool") else ""
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 3:
        return None
    index = int(digits)
    return index if str(index) == digits and index < MAX_TOOLS else None


def is_custom(heater):
    """Whether `heater` is a name of the firmware or a plugin: no tool, bed or chamber."""
    return heater not in ("bed", "chamber") and tool_index(heater) is None


def is_valid(heater):
    """Whether a heater can have this name."""
    try:
        return 0 < len(heater.encode("utf-8")) <= MAX_NAME_BYTES
    # Not a string, or one with half a surrogate pair.
    except (AttributeError, UnicodeError):
        return False


def choices(entries):
    """Return whether heaters are counted, by heater, from the setting."""
    return {entry["heater"]: entry["counted"] for entry in entries}


def name(heater, tools, entries):
    """Return the name of `heater` in a printer with this number of `tools`, in English.

    It is the owner's, if there is one in the setting.
    """
    own = next((it["name"] for it in entries if it["heater"] == heater), "")
    index = tool_index(heater)
    if own or index is None:
        return own or {"bed": "Bed", "chamber": "Chamber"}.get(heater, heater)
    return f"Tool {index}" if tools > 1 else "Tool"

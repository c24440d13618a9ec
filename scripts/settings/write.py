"""Writes what follows from the definitions of the settings.

`tests/data/settings.json` is what Rust's and the form's view are compared with,
`docs/settings.md` is for people.
"""

import json
import pathlib

from octoprint_temp_eta import settings, values

ROOT = pathlib.Path(__file__).parent.parent.parent

WORDS = ("label", "help", "right")

INTRODUCTION = """# Settings

<!-- Written by `npm run settings` from octoprint_temp_eta/settings.py. -->

They are in OctoPrint's *Settings*, *Temperature ETA*, and below `plugins.temp_eta` of
its `config.yaml` by these keys. A value that is not possible is refused, wherever it
comes from: the old one stays (the default, if it stands in `config.yaml` at the start),
the others are saved, and both the page and `octoprint.log` say which it was. Temperatures
are stored in °C, whatever unit they are entered in.

| Key | In the form | Values | Default |
|---|---|---|---|
"""

OUTRO = """
`algorithm` can also be that of another plugin, as `plugin.algorithm`; as long as that is
not there, *Linear* is shown. The password is never read back: not by the page, not by the
API; and it goes to the broker it was entered for only: who changes host, port or
encryption enters it again.
"""


def data():
    """All of the definitions but their words, as JSON's types."""

    def plain(definition):
        attributes = {
            name: list(value) if isinstance(value, dict) else value
            for name, value in vars(definition).items()
            if name not in WORDS
        }
        return {"type": type(definition).__name__.lower(), **attributes}

    return {key: plain(it) for key, it in settings.DEFINITIONS.items()}


def page():
    """The documentation's page."""
    rows = []
    for key, definition in settings.DEFINITIONS.items():
        words = f"**{definition.label}** {definition.help}".strip()
        default = shown(definition.default)
        rows.append(f"| `{key}` | {words} | {possible(definition)} | {default} |\n")
    return INTRODUCTION + "".join(rows) + OUTRO


def possible(definition):
    """The values of a setting in words."""
    if isinstance(definition, values.Switch):
        return "on, off"
    if isinstance(definition, values.Choice):
        return ", ".join(f"`{option}`" for option in definition.options)
    if isinstance(definition, values.Number):
        number = "whole number " if definition.whole else ""
        empty = ", or empty" if definition.default is None else ""
        limits = f"{number}{definition.least:g} to {definition.most:g} {definition.unit}"
        return limits.strip() + empty
    if isinstance(definition, values.Colour):
        return "CSS hex colour"
    kind = "path" if isinstance(definition, values.File) else "text"
    return kind + (f"; {definition.right}" if definition.right else "")


def shown(value):
    """A default as the form shows it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if value in (None, ""):
        return "–"
    return f"{value:g}" if isinstance(value, (int, float)) else f"`{value}`"


FILES = {
    ROOT / "tests/data/settings.json": lambda: (
        json.dumps(data(), indent=4, ensure_ascii=False) + "\n"
    ),
    ROOT / "docs/settings.md": page,
}

if __name__ == "__main__":
    for path, write in FILES.items():
        path.write_text(write(), encoding="utf-8")

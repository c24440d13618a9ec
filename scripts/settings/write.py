"""Writes what follows from the table of the settings.

`src/settings.json` is what the build and the tests in other languages read. It has all
but the labels of options. `docs/settings.md` is for people.
"""

import json
import pathlib
import sys

from octoprint_temp_eta import form, settings, values

ROOT = pathlib.Path(__file__).parent.parent.parent

INTRODUCTION = """# Settings

<!-- Written by `npm run settings` from octoprint_temp_eta/settings.py. -->

Find these settings in OctoPrint under *Settings*, *Temperature ETA*, in the same panes
and order as below. Settings that depend on a switch or a choice are shown only while it
is active.

The key below each name is the one under `plugins.temp_eta` in OctoPrint's
`config.yaml`. An invalid value is rejected, wherever it comes from: the previous value
stays (at startup, the default), all other settings are saved, and the page and
`octoprint.log` name the rejected one. Temperatures are stored in °C, whatever unit they
are entered in.
"""

TABLE = """
| Setting | Values |
|---|---|
"""

# What there is to say of a pane, with the labels of the keys.
NOTES = {
    "calculation": """
*{algorithm}* can also be one that another plugin registers, as `plugin.algorithm`.
While it is unavailable, *Linear* is used.
""",
    "alerts": """
*{sound_enabled}* and *{notification_enabled}* have no effect on their own: also switch
on *{sound_target_reached}* or *{sound_cooldown_finished}* below them. Both are off by
default.
""",
    "server": """
The password cannot be read back, neither in the page nor through the API, and is sent
only to the broker it was entered for. After changing the host, port or TLS settings,
enter it again.
""",
}


def data():
    """The settings, as JSON's types; without what is empty or false."""

    def plain(definition):
        said = {
            name: list(value) if isinstance(value, dict) else value
            for name, value in vars(definition).items()
            if name == "default" or not (value is False or value in (None, ""))
        }
        for name in ("key", "control"):
            said.pop(name, None)
        return {"type": definition.kind, **said}

    groups = {
        definition.key: group or heading
        for pane in settings.FORM
        for heading, group, definition in controls(pane.parts)
        if group or heading
    }
    return {
        key: {**plain(it), **({"group": groups[key]} if key in groups else {})}
        for key, it in settings.DEFINITIONS.items()
    }


def page():
    """The documentation's page."""
    labels = {key: definition.label for key, definition in settings.DEFINITIONS.items()}
    text = INTRODUCTION
    for pane in settings.FORM:
        text += f"\n## {pane.title}\n" + NOTES.get(pane.id, "").format(**labels)
        before = None
        for heading, group, definition in controls(pane.parts):
            if heading != before:
                text += (f"\n### {heading}\n" if heading else "") + TABLE
                before = heading
            # A group that is called like its pane says nothing more.
            text += row(definition, group if group != pane.title else "")
    return text


def controls(parts, heading="", group=""):
    """Of each setting in `parts`: the heading and the group it is below, and itself."""
    for part in parts:
        if isinstance(part, values.Setting):
            yield heading, group, part
        elif isinstance(part, form.Section):
            yield from controls(part.parts, part.title, group)
        elif isinstance(part, form.Group):
            yield from controls(part.parts, heading, part.label)
        else:
            yield from controls(part.parts, heading, group)


def row(definition, group):
    """The row of a setting."""
    name = f"{group}: **{definition.label}**" if group else f"**{definition.label}**"
    text = f"{definition.help} {sentence(getattr(definition, 'hint', ''))}".strip()
    left = "<br>".join(filter(None, (name, f"`{definition.key}`", text)))
    return f"| {left} | {possible(definition)}<br>Default: {default(definition)} |\n"


def sentence(words):
    """Words as a sentence, if there are any."""
    return words and f"{words[0].upper()}{words[1:]}."


def possible(definition):
    """The values of a setting in words."""
    if isinstance(definition, values.Switch):
        return "on, off"
    if isinstance(definition, values.Choice):
        options = definition.options.items()
        return "<br>".join(f"`{option}` {label}" for option, label in options)
    if isinstance(definition, values.Number):
        number = "whole number " if definition.whole else ""
        empty = ", or empty" if definition.default is None else ""
        limits = f"{number}{definition.least:g} to {definition.most:g} {definition.unit}"
        return limits.strip() + empty
    if isinstance(definition, values.Heaters):
        return (
            "list of entries with `heater`, `counted` (true or false) and `name`; "
            "see [What is counted](heaters.md)"
        )
    if isinstance(definition, values.Color):
        return "CSS hex color"
    return "path" if isinstance(definition, values.File) else "text"


def default(definition):
    """The default of a setting in words."""
    value = definition.default
    if isinstance(value, bool):
        return "on" if value else "off"
    if value in (None, "", []):
        return "empty"
    if isinstance(definition, values.Number):
        return f"{value:g} {definition.unit}".strip()
    return f"`{value}`"


FILES = {
    ROOT / "src/settings.json": lambda: (
        json.dumps(data(), indent=4, ensure_ascii=False, allow_nan=False) + "\n"
    ),
    ROOT / "docs/settings.md": page,
}


def stale():
    """The files that are not what the table says, and what they should be."""
    texts = {path: write() for path, write in FILES.items()}
    return {
        path: text
        for path, text in texts.items()
        if path.read_text(encoding="utf-8") != text
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(", ".join(str(path.relative_to(ROOT)) for path in stale()) or 0)
    for path, text in stale().items():
        path.write_text(text, encoding="utf-8")

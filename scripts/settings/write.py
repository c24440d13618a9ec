"""Writes what follows from the definitions of the settings.

`tests/data/settings.json` is what Rust's and the form's view are compared with,
`docs/settings.md` is for people: it has the panes, groups and order of the form.
"""

import json
import pathlib
import re

from octoprint_temp_eta import settings, values

ROOT = pathlib.Path(__file__).parent.parent.parent
FORM = ROOT / "templates/temp_eta_settings.jinja2"

WORDS = ("label", "help", "hint")

# What the form consists of. The group of the algorithms is their control: its buttons are
# made in the browser.
PARTS = re.compile(
    r"""
      {%\ call\ form\.pane\("(?P<pane>\w+)"
    | {%\ call\ form\.group\(_\('(?P<group>[^']+)'\)
    | {%\ call\ form\.group\(_\(defined\.(?P<chooser>\w+)\.label\)
    | {%\ (?P<end>endcall)
    | <h4>{{\ _\('(?P<heading>[^']+)'\)
    | {{\ (?:form\.)?(?:switch|number|choice|text|secret|color)\("(?P<control>\w+)"
    """,
    re.VERBOSE,
)

INTRODUCTION = """# Settings

<!-- Written by `npm run settings` from octoprint_temp_eta/settings.py and the form. -->

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
    "mqtt": """
The password cannot be read back, neither in the page nor through the API, and is sent
only to the broker it was entered for. After changing the host, port or TLS settings,
enter it again.
""",
}


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


def page(form=None):
    """The documentation's page, with the panes of the form, a template's text."""
    form = form or FORM.read_text(encoding="utf-8")
    labels = {key: definition.label for key, definition in settings.DEFINITIONS.items()}
    text = INTRODUCTION
    before = ("", "")
    for pane, heading, group, key in controls(form):
        title = titles(form)[pane]
        if pane != before[0]:
            text += f"\n## {title}\n" + NOTES.get(pane, "").format(**labels)
        if heading and (pane, heading) != before:
            text += f"\n### {heading}\n"
        if (pane, heading) != before:
            text += TABLE
        # A group that is called like its pane says nothing more.
        text += row(key, group if group != title else "")
        before = (pane, heading)
    return text


def titles(form):
    """The titles of the panes by their ids."""
    panes = re.search(r"{% set panes = {(.*?)} %}", form, re.DOTALL)[1]
    return dict(re.findall(r'"(\w+)": _\(\'([^\']+)\'\)', panes))


def controls(form):
    """Of each control its pane, the heading and the group it is below, and its key."""
    found = []
    pane = heading = group = ""
    for part in PARTS.finditer(form):
        kind, value = part.lastgroup, part[part.lastgroup]
        if kind == "pane":
            pane, heading = value, ""
        elif kind == "heading":
            heading = value
        elif kind == "group":
            group = value
        elif kind == "end":
            group = ""
        else:
            found.append((pane, heading, group, value))
    keys = [key for *_, key in found]
    for key in {**settings.DEFINITIONS, **dict.fromkeys(keys)}:
        if keys.count(key) != 1 or key not in settings.DEFINITIONS:
            raise ValueError(f"{key}: {keys.count(key)} controls in {FORM.name}")
    return found


def row(key, group):
    """The row of a setting."""
    definition = settings.DEFINITIONS[key]
    name = f"{group}: **{definition.label}**" if group else f"**{definition.label}**"
    text = f"{definition.help} {sentence(getattr(definition, 'hint', ''))}".strip()
    left = "<br>".join(filter(None, (name, f"`{key}`", text)))
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
    if isinstance(definition, values.Color):
        return "CSS hex color"
    return "path" if isinstance(definition, values.File) else "text"


def default(definition):
    """The default of a setting in words."""
    value = definition.default
    if isinstance(value, bool):
        return "on" if value else "off"
    if value in (None, ""):
        return "empty"
    if isinstance(definition, values.Number):
        return f"{value:g} {definition.unit}".strip()
    return f"`{value}`"


FILES = {
    ROOT / "tests/data/settings.json": lambda: (
        json.dumps(data(), indent=4, ensure_ascii=False) + "\n"
    ),
    ROOT / "docs/settings.md": page,
}

if __name__ == "__main__":
    for path, write in FILES.items():
        path.write_text(write(), encoding="utf-8")
